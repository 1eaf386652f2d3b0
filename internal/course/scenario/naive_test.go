package scenario

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"ostoja/internal/item"
	"ostoja/internal/text"
)

func say(s string) text.Translated { return text.Translated{"en": s} }

func TestWhoKnowsNothing(t *testing.T) {
	s := coach()
	n := s.Nodes["arrival"]
	n.Choices[0].Text, n.Choices[1].Text = say("ask"), say("wave them on, since the documents are valid")
	if end := s.Lead(PickFirst); end != item.Good {
		t.Errorf("the first choice each time leads to %q", end)
	}
	if end := s.Lead(PickLongest("en")); end != item.Poor {
		t.Errorf("the longest choice each time leads to %q", end)
	}
	n.Choices[0].Text = n.Choices[1].Text // the first of two that are equally long
	if end := s.Lead(PickLongest("en")); end == item.Poor {
		t.Errorf("of two equally long choices the second was taken")
	}
	ends := map[item.Rating]int{}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		ends[s.Lead(PickAny(random))]++
	}
	if ends[item.Good] == 0 || ends[item.Poor] < ends[item.Good] {
		t.Errorf("at random: %v", ends)
	}
	circle := &Scenario{Start: "a", Nodes: map[string]*Node{"a": {Choices: []Choice{{To: "a"}}}}}
	if end := circle.Lead(PickFirst); end != "" {
		t.Errorf("a circle ends %q", end)
	}
}

func TestAShortestWay(t *testing.T) {
	s := coach()
	for end, want := range map[item.Rating][]int{item.Good: {0, 1, 0}, item.Poor: {1}} {
		way, ok := s.Way(end)
		if !ok || !reflect.DeepEqual(way, want) || s.Ended(choose(t, s, way...)) != end {
			t.Errorf("to a %s end: %v, %v", end, way, ok)
		}
	}
	s.Nodes["helped"].End = item.Fair
	if way, ok := s.Way(item.Good); ok {
		t.Errorf("to a good end that there is not: %v", way)
	}
	if n := s.Ends(); n != 3 {
		t.Errorf("%d ends", n)
	}
}

func TestWhatEarlierChoicesClosed(t *testing.T) {
	s := coach()
	path := choose(t, s, 0, 2).Path // trust is 2 where 3 would open the good end
	if got := s.Closed(path, 0); len(got) != 0 {
		t.Errorf("closed at the beginning: %v", got)
	}
	if got := s.Closed(path, 1); !reflect.DeepEqual(got, []int{0}) {
		t.Errorf("closed where the talk was: %v", got)
	}
	if got := s.Closed(choose(t, s, 0, 1, 0).Path, 2); len(got) != 0 {
		t.Errorf("closed although it was open: %v", got)
	}
	if got := s.Closed([]Decision{{"elsewhere", 0}, {"talk", 0}}, 1); got != nil {
		t.Errorf("a path of another story closes %v", got)
	}
}
