package item

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func num(x float64) *float64 { return &x }

func TestEqual(t *testing.T) {
	answers := []Answer{
		{}, {Chosen: []string{"a"}}, {Chosen: []string{"a", "b"}}, {Chosen: []string{"b", "a"}}, {Pairs: map[string]string{"a": "b"}}, {Pairs: map[string]string{"a": "c"}},
		{Number: num(0)}, {Number: num(3)}, {Text: "a"}, {Text: "b"},
		{Chosen: []string{"a"}, Pairs: map[string]string{"a": "1"}}, {Chosen: []string{"a"}, Pairs: map[string]string{"a": "2"}},
	}
	for i, a := range answers {
		for j, b := range answers {
			if a.equal(b) != (i == j) {
				t.Errorf("%+v and %+v: equal %v", a, b, a.equal(b))
			}
		}
	}
	if !(Answer{Number: num(3)}).equal(Answer{Number: num(3)}) || !(Answer{}).equal(Answer{Chosen: []string{}, Pairs: map[string]string{}}) {
		t.Error("the same answer, kept elsewhere, is another one")
	}
}

func TestNamed(t *testing.T) {
	it := &Item{ID: "who"}
	for name, want := range map[string]bool{
		"item.who": true, "item.who.a": true, "item.who-else": false, "item.whom.a": false, "item.wh": false, "who": false, "": false,
	} {
		form := map[string][]string{name: {""}}
		if got := it.Named(form); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
	if it.Named(nil) {
		t.Error("an empty form names an item")
	}
}

// TestParse reads forms of every type; want is the answer, "-" for none, "!" for what is refused.
func TestParse(t *testing.T) {
	for _, c := range []struct {
		kind   Type
		fields [][2]string
		want   string
	}{
		{Single, [][2]string{{"", "o1"}}, "[o1]"},
		{Single, [][2]string{{"", ""}}, "-"},
		{Single, [][2]string{{"", ""}, {"", "o1"}}, "[o1]"},
		{Single, [][2]string{{"", "o0"}, {"", "o1"}}, "!"},
		{Step, [][2]string{{"", "o0"}, {"", "o1"}}, "!"},
		{Step, [][2]string{{"", "o2"}}, "[o2]"},
		{Multiple, [][2]string{{"", "o2"}, {"", "o0"}}, "[o2 o0]"},
		{Multiple, [][2]string{{"", "o2"}, {"", "o2"}}, "!"},
		{Multiple, [][2]string{{"", "o3"}}, "!"},
		{Multiple, nil, "-"},
		{Order, [][2]string{{"o0", "3"}, {"o1", "1"}, {"o2", "2"}}, "[o1 o2 o0] map[o0:3 o1:1 o2:2]"},
		{Order, [][2]string{{"o0", "2"}, {"o1", "2"}}, "[o0 o1] map[o0:2 o1:2]"},
		{Order, [][2]string{{"o0", "3"}}, "[o0] map[o0:3]"},
		{Order, [][2]string{{"o0", "1"}}, "[o0] map[o0:1]"},
		{Order, [][2]string{{"o0", "4"}}, "!"},
		{Order, [][2]string{{"o0", "0"}}, "!"},
		{Order, [][2]string{{"o0", ""}}, "-"},
		{Order, [][2]string{{"o9", "1"}}, "-"},
		{Match, [][2]string{{"p0", "p1"}, {"p1", "p1"}}, "map[p0:p1 p1:p1]"},
		{Match, [][2]string{{"p0", ""}}, "-"},
		{Match, [][2]string{{"p0", "p9"}}, "!"},
		{Number, [][2]string{{"", " 3,5 "}}, "3.5"},
		{Number, [][2]string{{"", "−2"}}, "-2"},
		{Number, [][2]string{{"", " "}}, "-"},
		{Number, [][2]string{{"", "Inf"}}, "!"},
		{Number, [][2]string{{"", "-Inf"}}, "!"},
		{Number, [][2]string{{"", "NaN"}}, "!"},
		{ShortText, [][2]string{{"", " tak "}}, `"tak"`},
		{ShortText, [][2]string{{"", " "}}, "-"},
		{ShortText, [][2]string{{"", strings.Repeat("a", 2000)}}, `"` + strings.Repeat("a", 2000) + `"`},
		{ShortText, [][2]string{{"", strings.Repeat("a", 2001)}}, "!"},
		{Type("essay"), nil, "!"},
	} {
		it := sound(c.kind)
		a, given, err := it.Parse(form(it, c.fields...))
		var got string
		switch {
		case err != nil:
			if !errors.Is(err, errAnswer) || given || !a.equal(Answer{}) {
				t.Errorf("%s %v: refused with %v, but given %v, %+v", c.kind, c.fields, err, given, a)
			}
			got = "!"
		case !given:
			got = "-"
		case a.Number != nil:
			got = fmt.Sprint(*a.Number)
		case a.Text != "":
			got = fmt.Sprintf("%q", a.Text)
		case a.Chosen != nil && a.Pairs != nil:
			got = fmt.Sprint(a.Chosen, a.Pairs)
		case a.Chosen != nil:
			got = fmt.Sprint(a.Chosen)
		default:
			got = fmt.Sprint(a.Pairs)
		}
		if got != c.want {
			t.Errorf("%s %v: %.60s, want %.60s", c.kind, c.fields, got, c.want)
		}
	}
}

func TestRightAnswer(t *testing.T) {
	for kind, want := range map[Type]Answer{
		Single: {Chosen: []string{"o1"}}, Multiple: {Chosen: []string{"o0", "o2"}}, Step: {Chosen: []string{"o0"}},
		Order:  {Chosen: []string{"o0", "o1", "o2"}, Pairs: map[string]string{"o0": "1", "o1": "2", "o2": "3"}},
		Match:  {Pairs: map[string]string{"p0": "p0", "p1": "p1", "p2": "p2"}},
		Number: {Number: num(3)}, ShortText: {Text: "yes"},
	} {
		it := sound(kind)
		if got := it.RightAnswer("en"); !got.equal(want) || it.Score(got) != 1 {
			t.Errorf("%s: %+v scores %v", kind, got, it.Score(got))
		}
	}
	if got := sound(ShortText).RightAnswer("uk"); !got.equal(Answer{}) {
		t.Errorf("in a language that it is not in: %+v", got)
	}
}

// TestPartlyRight marks what a form cannot send too: answers are kept as JSON, and items of other versions have other parts.
func TestPartlyRight(t *testing.T) {
	three := sound(Order)
	four := sound(Order)
	four.Steps = grow(four.Steps, 4)
	for _, c := range []struct {
		what string
		it   *Item
		a    Answer
		want float64
	}{
		{"a good step", sound(Step), Answer{Chosen: []string{"o0"}}, 1},
		{"a fair step", sound(Step), Answer{Chosen: []string{"o1"}}, 0.5},
		{"a poor step", sound(Step), Answer{Chosen: []string{"o2"}}, 0},
		{"two options of a single", sound(Single), Answer{Chosen: []string{"o1", "o0"}}, 0},
		{"an option that is not there", sound(Single), Answer{Chosen: []string{"x"}}, 0},
		{"none of a multiple is right", &Item{Type: Multiple, Options: []Option{{ID: "a"}}}, Answer{Chosen: []string{"a"}}, 0},
		{"more wrong than right", sound(Multiple), Answer{Chosen: []string{"o1"}}, 0},
		{"steps that are not there", three, Answer{Chosen: []string{"x", "o1", "o2"}}, 0.5},
		{"the last step is not there", three, Answer{Chosen: []string{"o0", "o1", "x"}}, 0.5},
		{"steps without places", three, Answer{Chosen: []string{"o0", "o1", "o2"}}, 1},
		{"a step left out between", four, Answer{Chosen: []string{"o0", "o2", "more3"}}, 1.0 / 3},
		{"no steps", &Item{Type: Order}, Answer{Chosen: []string{"a", "b"}}, 0},
		{"one step", &Item{Type: Order, Steps: []Option{{ID: "a"}}}, Answer{Chosen: []string{"a"}}, 0},
		{"no pairs", &Item{Type: Match}, Answer{Pairs: map[string]string{"a": "a"}}, 0},
		{"no number", sound(Number), Answer{Text: "3"}, 0},
		{"below", sound(Number), Answer{Number: num(2.999)}, 0},
		{"above", sound(Number), Answer{Number: num(3.001)}, 0},
		{"rounding", &Item{Type: Number, Answer: 0.3}, Answer{Number: num(0.1 + 0.2)}, 1},
		{"nothing, where nothing would be accepted", &Item{Type: ShortText, Accept: map[string][]string{"pl": {"…", "."}}}, Answer{Text: "."}, 0},
		{"another word", sound(ShortText), Answer{Text: "nie"}, 0},
		{"no type", &Item{Type: "essay"}, Answer{Text: "a"}, 0},
	} {
		if got := c.it.Score(c.a); got < c.want-1e-12 || got > c.want+1e-12 {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
	for _, o := range []Option{{Correct: true}, {Rating: Good}} {
		if !o.Best() {
			t.Errorf("%+v is not the best", o)
		}
	}
	for _, o := range []Option{{}, {Rating: Fair}, {Rating: Poor}} {
		if o.Best() {
			t.Errorf("%+v is the best", o)
		}
	}
}

// TestOrdersStayForEver holds orders that releases before this package gave: attempts store their seed alone, and are shown
// again from it.
func TestOrdersStayForEver(t *testing.T) {
	ids := func(list []Option) (s string) {
		for _, o := range list {
			s += o.ID
		}
		return s
	}
	one := &Item{ID: "check-1", Type: Single, Options: options(5, 0)}
	steps := &Item{ID: "steps", Type: Order, Steps: options(5), Options: options(3)}
	pairs := &Item{ID: "pairs", Type: Match, Pairs: []Pair{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}}, Options: options(5)}
	for _, c := range []struct {
		seed                 int64
		options, steps, pair string
	}{
		{0, "cdeab", "abced", "adcb"},
		{1, "ecbda", "ebcda", "cbad"},
		{-7, "beacd", "cdaeb", "cadb"},
		{1099511627776, "adbce", "aecbd", "cbda"},
		{9223372036854775807, "dacbe", "edcba", "adbc"},
	} {
		var rights string
		for _, p := range pairs.Rights(c.seed) {
			rights += p.ID
		}
		if a, b := ids(one.Shuffled(c.seed).Options), ids(steps.Shuffled(c.seed).Steps); a != c.options || b != c.steps || rights != c.pair {
			t.Errorf("seed %d: %s %s %s", c.seed, a, b, rights)
		}
		if got := ids(pairs.Shuffled(c.seed).Options) + ids(steps.Shuffled(c.seed).Options); got != "abcdeabc" {
			t.Errorf("seed %d shuffles what its type does not: %s", c.seed, got)
		}
		lefts := pairs.Shuffled(c.seed).Pairs
		if !slices.EqualFunc(lefts, pairs.Pairs, func(a, b Pair) bool { return a.ID == b.ID }) {
			t.Errorf("seed %d shuffles the left side", c.seed)
		}
	}
}
