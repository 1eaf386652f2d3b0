package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/item"
)

// coach is a story of a few places with a counter and a clock of ten minutes.
func coach() *Scenario {
	return &Scenario{
		ID: "coach", Minutes: 10, Late: "too-late", Start: "arrival", Counters: []Counter{{ID: "trust", Start: 1, Show: true}},
		Nodes: map[string]*Node{
			"arrival": {ID: "arrival", Choices: []Choice{
				{Rating: item.Good, Minutes: 4, Change: map[string]int{"trust": 1}, To: "talk"},
				{Rating: item.Poor, To: "lost"},
			}},
			"talk": {ID: "talk", Choices: []Choice{
				{When: condition{{"trust", ">=", 3}}, To: "helped"},
				{Rating: item.Fair, Minutes: 4, Change: map[string]int{"trust": 1}, To: "talk"},
				{To: "lost"},
			}},
			"helped": {ID: "helped", End: item.Good}, "lost": {ID: "lost", End: item.Poor}, "too-late": {ID: "too-late", End: item.Fair},
		},
	}
}

// choose makes one choice after the other.
func choose(t testing.TB, s *Scenario, choices ...int) Run {
	t.Helper()
	r := s.Begin()
	for _, i := range choices {
		next, err := s.Choose(r, i)
		if err != nil {
			t.Fatalf("choice %d in %s: %v", i, r.Node, err)
		}
		r = next
	}
	return r
}

func TestScenarioToAnEnd(t *testing.T) {
	s := coach()
	r := choose(t, s, 0, 1)
	if r.Node != "talk" || r.Counters["trust"] != 3 || r.Minutes != 8 || s.Ended(r) != "" {
		t.Errorf("after talking: %+v", r)
	}
	if got := s.Available(r); !reflect.DeepEqual(got, []int{0, 1, 2}) {
		t.Errorf("choices %v", got)
	}
	if r = choose(t, s, 0, 1, 0); s.Ended(r) != item.Good || len(r.Path) != 3 || s.Choice(r.Path[2]).To != "helped" {
		t.Errorf("at the end: %+v", r)
	}
	if _, err := s.Choose(r, 0); !errors.Is(err, errChoice) {
		t.Errorf("the story goes on after its end: %v", err)
	}
}

func TestScenarioConditions(t *testing.T) {
	s := coach()
	r := choose(t, s, 0)
	if got := s.Available(r); !reflect.DeepEqual(got, []int{1, 2}) {
		t.Errorf("choices %v with trust 2", got)
	}
	for _, i := range []int{0, -1, 3} {
		if next, err := s.Choose(r, i); !errors.Is(err, errChoice) || !reflect.DeepEqual(next, r) {
			t.Errorf("choice %d: %+v, %v", i, next, err)
		}
	}
}

func TestScenarioClock(t *testing.T) {
	s := coach()
	r := choose(t, s, 0, 1, 1) // 12 of 10 minutes
	if r.Node != "too-late" || !r.Late || s.Ended(r) != item.Fair {
		t.Errorf("out of time: %+v", r)
	}
	s.Minutes = 8
	if r := choose(t, s, 0, 1); r.Node != "talk" || r.Late {
		t.Errorf("on the last minute: %+v", r)
	}
	if r := choose(t, s, 0, 1, 1); r.Node != "too-late" || !r.Late { // 12 of 8 minutes, from exactly the last one
		t.Errorf("after the last minute: %+v", r)
	}
	s.Minutes, s.Nodes["talk"].Choices[2].Minutes = 5, 100
	if r := choose(t, s, 0, 2); r.Node != "lost" || r.Late {
		t.Errorf("an end that takes too long is an end: %+v", r)
	}
	// A late node with a story of its own: the clock does not run out a second time.
	s.Late = "arrival"
	if r := choose(t, s, 0, 1, 0); r.Node != "talk" || r.Late {
		t.Errorf("after the late node: %+v", r)
	}
}

func TestChooseLeavesTheRunAlone(t *testing.T) {
	s := coach()
	r := s.Begin()
	one, _ := s.Choose(r, 0)
	if r.Counters["trust"] != 1 || len(r.Path) != 0 {
		t.Errorf("the run before changed: %+v", r)
	}
	two, _ := s.Choose(one, 1)
	three, _ := s.Choose(one, 2)
	if two.Path[1].Choice != 1 || three.Path[1].Choice != 2 {
		t.Error("two runs share a path")
	}
}

// TestEveryWalkGoesOn walks at random through made-up scenarios that the checks find good: a walk ends, or there is a choice.
func TestEveryWalkGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "nodes")
		name := func(i int) string { return fmt.Sprintf("n%d", i) }
		any := rapid.IntRange(0, n)
		s := &Scenario{Start: name(0), Nodes: map[string]*Node{name(n): {ID: name(n), End: item.Good}}, Counters: []Counter{{ID: "k", Start: 1}}}
		for i := range n {
			node := &Node{ID: name(i), Choices: []Choice{{To: name(i + 1), Minutes: rapid.IntRange(0, 9).Draw(t, "minutes")}}}
			for range rapid.IntRange(0, 3).Draw(t, "choices") {
				when, err := parseCondition(rapid.SampledFrom([]string{"", "k >= 2", "k < 0 and k != -3", "k == 1"}).Draw(t, "when"))
				if err != nil {
					t.Fatal(err)
				}
				node.Choices = append(node.Choices, Choice{To: name(any.Draw(t, "to")), When: when, Change: map[string]int{"k": rapid.IntRange(-2, 2).Draw(t, "k")}})
			}
			s.Nodes[node.ID] = node
		}
		if rapid.Bool().Draw(t, "clock") {
			s.Minutes, s.Late = rapid.IntRange(1, 20).Draw(t, "clock minutes"), name(any.Draw(t, "late"))
		}
		r := s.Begin()
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			if s.Ended(r) != "" {
				return
			}
			open := s.Available(r)
			if len(open) == 0 {
				t.Fatalf("stuck at %+v", r)
			}
			next, err := s.Choose(r, rapid.SampledFrom(open).Draw(t, "choice"))
			if err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(next)
			if err != nil {
				t.Fatal(err)
			}
			var back Run
			if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, next) {
				t.Fatalf("%s became %+v (%v)", b, back, err)
			}
			r = back
		}
	})
}

func TestParseCondition(t *testing.T) {
	counters := map[string]int{"trust": 2, "noise-level": -1}
	for text, want := range map[string]bool{
		"": true, "trust >= 2": true, "trust>2": false, "trust == 2 and noise-level < 0": true, "trust != 2": false, "noise-level <= -1": true,
		"trust < 3  and  trust > 1": true, "other == 0": true,
	} {
		c, err := parseCondition(text)
		if err != nil || c.holds(counters) != want {
			t.Errorf("%q: %v, %v", text, c.holds(counters), err)
		}
	}
	for _, text := range []string{"trust", "trust =", "trust => 2", "2 <= trust", "trust >= 2 or trust < 1", "trust >= two", "and", "trust >= 2 and"} {
		if c, err := parseCondition(text); err == nil {
			t.Errorf("%q is read as %+v", text, c)
		}
	}
}

func TestStatesGiveUpOnLargeStories(t *testing.T) {
	s := &Scenario{Start: "a", Nodes: map[string]*Node{"a": {ID: "a"}, "z": {ID: "z", End: item.Good}}}
	for i := range 10 {
		id := fmt.Sprintf("k%d", i)
		s.Counters = append(s.Counters, Counter{ID: id})
		s.Nodes["a"].Choices = append(s.Nodes["a"].Choices, Choice{To: "a", Change: map[string]int{id: 1}})
	}
	if _, ok := explore(s); ok {
		t.Error("a story of endlessly many states was walked through")
	}
	s = &Scenario{Start: "a", Nodes: map[string]*Node{"a": {ID: "a", Choices: []Choice{{To: "z"}}}, "z": {ID: "z", End: item.Good}}}
	reach, ok := explore(s)
	if !ok || !reach.choices[Decision{"a", 0}] || !reach.nodes["z"] {
		t.Errorf("%v %v", reach, ok)
	}
	if !strings.HasPrefix(stateKey(s, s.Begin()), "a ") {
		t.Error("the state's key does not name the node")
	}
}
