package item

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/text"
)

func both(s string) text.Translated { return text.Translated{"pl": s + " pl", "en": s + " en"} }

// sound returns a sound item of a type.
func sound(t Type) *Item {
	it := &Item{ID: "sound", Level: 2, Type: t, Question: both("?")}
	parts := func(n int) (list []Option) {
		for i := range n {
			list = append(list, Option{ID: fmt.Sprint("o", i), Text: both(fmt.Sprint("text ", i))})
		}
		return list
	}
	switch t {
	case Single:
		it.Options = parts(2)
		it.Options[1].Correct = true
	case Multiple:
		it.Options = parts(3)
		it.Options[0].Correct, it.Options[2].Correct = true, true
	case Step:
		it.Options = parts(3)
		it.Options[0].Rating, it.Options[1].Rating, it.Options[2].Rating = Good, Fair, Poor
	case Order:
		it.Steps = parts(3)
	case Match:
		for i := range 3 {
			it.Pairs = append(it.Pairs, Pair{ID: fmt.Sprint("p", i), Left: both(fmt.Sprint("l", i)), Right: both(fmt.Sprint("r", i))})
		}
	case Number:
		it.Answer = 3
	case ShortText:
		it.Accept = map[string][]string{"pl": {"tak"}, "en": {"yes"}}
	}
	return it
}

var allTypes = []Type{Single, Multiple, Order, Match, Number, ShortText, Step}

func grow(list []Option, n int) []Option {
	for i := len(list); i < n; i++ {
		list = append(list, Option{ID: fmt.Sprint("more", i), Text: both(fmt.Sprint("more ", i)), Rating: Poor})
	}
	return list
}

func growPairs(list []Pair, n int) []Pair {
	for i := len(list); i < n; i++ {
		list = append(list, Pair{ID: fmt.Sprint("more", i), Left: both(fmt.Sprint("l", i)), Right: both(fmt.Sprint("r", i))})
	}
	return list
}

// TestCheck changes one thing of a sound item; want lists the faults as part:key.
func TestCheck(t *testing.T) {
	langs := []string{"pl", "en"}
	for _, kind := range allTypes {
		if faults := sound(kind).Check(langs); len(faults) > 0 {
			t.Errorf("%s: a sound item has %v", kind, faults)
		}
	}
	for _, c := range []struct {
		what   string
		kind   Type
		change func(it *Item)
		want   string
	}{
		{"id", Single, func(it *Item) { it.ID = "Big" }, "id:item.fault.code"},
		{"no id", Single, func(it *Item) { it.ID = "" }, "id:item.fault.code"},
		{"level 0", Single, func(it *Item) { it.Level = 0 }, "level:item.fault.level"},
		{"level 1", Single, func(it *Item) { it.Level = 1 }, ""},
		{"level 3", Single, func(it *Item) { it.Level = 3 }, ""},
		{"level 4", Single, func(it *Item) { it.Level = 4 }, ""},
		{"level 5", Single, func(it *Item) { it.Level = 5 }, "level:item.fault.level"},
		{"no question in one language", Number, func(it *Item) { it.Question["en"] = " " }, "question.en:item.fault.empty"},
		{"no question", Number, func(it *Item) { it.Question = nil }, "question.pl:item.fault.empty question.en:item.fault.empty"},
		{"picture in the question", Number, func(it *Item) { it.Question["en"] = "![a](media/a.svg)" }, "question.pl:item.fault.media"},
		{"term in an option", Single, func(it *Item) { it.Options[0].Text["en"] = "[a](term:a)" }, "question.pl:item.fault.media"},
		{"picture in feedback", Single, func(it *Item) { it.Options[0].Feedback = text.Translated{"en": "![a](media/a.svg)"} }, "question.pl:item.fault.media"},
		{"picture in the explanation", Number, func(it *Item) { it.Explanation = text.Translated{"en": "![a](media/a.svg)"} }, "question.pl:item.fault.media"},
		{"picture in a step", Order, func(it *Item) { it.Steps[2].Text["pl"] = "![a](media/a.svg)" }, "question.pl:item.fault.media"},
		{"picture on the left", Match, func(it *Item) { it.Pairs[2].Left["pl"] = "![a](media/a.svg)" }, "question.pl:item.fault.media"},
		{"picture on the right", Match, func(it *Item) { it.Pairs[2].Right["pl"] = "![a](media/a.svg)" }, "question.pl:item.fault.media"},
		{"no type", Type("essay"), func(*Item) {}, "type:item.fault.type"},

		{"one option", Single, func(it *Item) { it.Options = it.Options[1:] }, "options:item.fault.count[2 8]"},
		{"most options", Single, func(it *Item) { it.Options = grow(it.Options, 8) }, ""},
		{"more than the most", Single, func(it *Item) { it.Options = grow(it.Options, 9) }, "options:item.fault.count[2 8]"},
		{"two right of a single", Single, func(it *Item) { it.Options[0].Correct = true }, "options:item.fault.one-right"},
		{"none right of a single", Single, func(it *Item) { it.Options[1].Correct = false }, "options:item.fault.one-right"},
		{"two options of a multiple", Multiple, func(it *Item) { it.Options = it.Options[:2] }, "options:item.fault.count[3 8]"},
		{"none right of a multiple", Multiple, func(it *Item) { it.Options[0].Correct, it.Options[2].Correct = false, false }, "options:item.fault.some-right"},
		{"all right of a multiple", Multiple, func(it *Item) { it.Options[1].Correct = true }, "options:item.fault.some-right"},
		{"one right of a multiple", Multiple, func(it *Item) { it.Options[0].Correct = false }, ""},
		{"two options of a step", Step, func(it *Item) { it.Options = it.Options[:2] }, ""},
		{"all good of a step", Step, func(it *Item) { it.Options[1].Rating, it.Options[2].Rating = Good, Good }, "options:item.fault.some-right"},
		{"none good of a step", Step, func(it *Item) { it.Options[0].Rating = Fair }, "options:item.fault.some-right"},
		{"an option twice", Single, func(it *Item) { it.Options[0].ID = "o1" }, "options:item.fault.code"},
		{"an option without a code", Single, func(it *Item) { it.Options[0].ID = "" }, "options:item.fault.code"},
		{"an option in one language", Single, func(it *Item) { it.Options[0].Text["en"] = " " }, "options:item.fault.part-empty[en]"},

		{"two steps", Order, func(it *Item) { it.Steps = it.Steps[:2] }, "steps:item.fault.count[3 8]"},
		{"most steps", Order, func(it *Item) { it.Steps = grow(it.Steps, 8) }, ""},
		{"nine steps", Order, func(it *Item) { it.Steps = grow(it.Steps, 9) }, "steps:item.fault.count[3 8]"},
		{"two pairs", Match, func(it *Item) { it.Pairs = it.Pairs[:2] }, "pairs:item.fault.count[3 8]"},
		{"most pairs", Match, func(it *Item) { it.Pairs = growPairs(it.Pairs, 8) }, ""},
		{"nine pairs", Match, func(it *Item) { it.Pairs = growPairs(it.Pairs, 9) }, "pairs:item.fault.count[3 8]"},
		{"no left in one language", Match, func(it *Item) { it.Pairs[0].Left["en"] = "" }, "pairs:item.fault.part-empty[en]"},
		{"no right in one language", Match, func(it *Item) { it.Pairs[0].Right["pl"] = " " }, "pairs:item.fault.part-empty[pl]"},
		{"two rights alike", Match, func(it *Item) { it.Pairs[2].Right["en"] = " r0 en " }, "pairs:item.fault.same-right[en]"},
		{"tolerance below 0", Number, func(it *Item) { it.Tolerance = -0.1 }, "tolerance:item.fault.tolerance"},
		{"tolerance", Number, func(it *Item) { it.Tolerance = 0.1 }, ""},
		{"accepted in one language", ShortText, func(it *Item) { it.Accept["en"] = nil }, "accept.en:item.fault.accept"},
	} {
		it := sound(c.kind)
		c.change(it)
		var got []string
		for _, f := range it.Check(langs) {
			s := f.Name + ":" + f.Key
			if len(f.Args) > 0 {
				var args []any
				for _, name := range slices.Backward(slices.Sorted(maps.Keys(f.Args))) { // Low, High
					args = append(args, f.Args[name])
				}
				s += fmt.Sprint(args)
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.what, s, c.want)
		}
	}
}

// TestCheckAsksForTheGivenLanguagesAlone: what is not given in a language is no fault there.
func TestCheckAsksForTheGivenLanguagesAlone(t *testing.T) {
	for _, kind := range allTypes {
		if faults := sound(kind).Check([]string{"en"}); len(faults) > 0 {
			t.Errorf("%s in English: %v", kind, faults)
		}
		if faults := sound(kind).Check([]string{"en", "uk"}); len(faults) == 0 {
			t.Errorf("%s in Ukrainian has no faults", kind)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, kind := range allTypes {
		it := sound(kind)
		said := fmt.Sprintf("%+v", it.Canonical())
		again := sound(kind)
		again.Question[""], again.Question["uk"] = again.Question["pl"], " "
		again.Question["en"] = " " + again.Question["en"] + "\r\n"
		again.Explanation = text.Translated{"pl": ""}
		for i := range again.Options {
			again.Options[i].Text[""], again.Options[i].Feedback = "x", text.Translated{}
		}
		for i := range again.Steps {
			again.Steps[i].Text["pl"] += " "
		}
		for i := range again.Pairs {
			again.Pairs[i].Left["pl"] += " "
			again.Pairs[i].Right["uk"] = ""
		}
		if again.Pairs == nil {
			again.Pairs = []Pair{}
		}
		if again.Accept == nil {
			again.Accept = map[string][]string{}
		}
		c := again.Canonical()
		if got := fmt.Sprintf("%+v", c); got != said {
			t.Errorf("%s: the same item is\n%s\nand\n%s", kind, said, got)
		}
		if len(c.Pairs) == 0 && c.Pairs != nil || len(c.Accept) == 0 && c.Accept != nil {
			t.Errorf("%s: what is empty is not nil: %#v %#v", kind, c.Pairs, c.Accept)
		}
		if len(c.Pairs) != len(it.Pairs) || len(c.Accept) != len(it.Accept) {
			t.Errorf("%s: %d pairs and %d accepted became %d and %d", kind, len(it.Pairs), len(it.Accept), len(c.Pairs), len(c.Accept))
		}
		if len(again.Pairs) > 0 && !strings.HasSuffix(again.Pairs[0].Left["pl"], " ") {
			t.Error("the item itself was changed")
		}
		if it.Question["en"] = "other"; fmt.Sprintf("%+v", it.Canonical()) == said {
			t.Errorf("%s: another question says the same", kind)
		}
	}
}

func TestKeys(t *testing.T) {
	for kind, want := range map[Type]int{Single: 1, Step: 1, Multiple: 0, Order: 0, Match: 0, Number: 0, ShortText: 0} {
		if got := sound(kind).Keys(); got != want {
			t.Errorf("%s: %d keys, want %d", kind, got, want)
		}
	}
	if it := sound(Step); true {
		if it.Options[1].Rating = Good; it.Keys() != 2 {
			t.Errorf("a step with two good choices has %d keys", it.Keys())
		}
	}
}

func TestValidID(t *testing.T) {
	for s, want := range map[string]bool{
		"a": true, "a-1": true, "a1": true, strings.Repeat("a", 60): true, strings.Repeat("a", 61): false,
		"": false, "1a": false, "-a": false, "A": false, "a_b": false, "a b": false, "ą": false, "a\n": false,
	} {
		if got := ValidID(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
