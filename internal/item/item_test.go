package item

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/text"
)

func options(n int, correct ...int) []Option {
	var list []Option
	for i := range n {
		list = append(list, Option{ID: string(rune('a' + i)), Correct: slices.Contains(correct, i)})
	}
	return list
}

// form is a submitted form: field (without the item's prefix), values.
func form(it *Item, fields ...[2]string) map[string][]string {
	m := map[string][]string{}
	for _, f := range fields {
		name := it.FieldName(f[0])
		m[name] = append(m[name], f[1])
	}
	return m
}

func TestScore(t *testing.T) {
	single := &Item{ID: "s", Type: Single, Options: options(3, 1)}
	multiple := &Item{ID: "m", Type: Multiple, Options: options(5, 0, 1)}
	order := &Item{ID: "o", Type: Order, Steps: options(4)}
	match := &Item{ID: "p", Type: Match, Pairs: []Pair{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}}}
	number := &Item{ID: "n", Type: Number, Answer: 1500, Tolerance: 10}
	exact := &Item{ID: "e", Type: Number, Answer: 0.3}
	short := &Item{ID: "t", Type: ShortText, Accept: map[string][]string{"pl": {"La Strada Łódź"}, "en": {"Centre"}}}
	for _, c := range []struct {
		name   string
		it     *Item
		fields [][2]string
		want   float64
	}{
		{"single right", single, [][2]string{{"", "b"}}, 1},
		{"single wrong", single, [][2]string{{"", "a"}}, 0},
		{"single none", single, nil, 0},
		{"multiple right", multiple, [][2]string{{"", "a"}, {"", "b"}}, 1},
		{"multiple half", multiple, [][2]string{{"", "a"}}, 0.5},
		{"multiple right and wrong", multiple, [][2]string{{"", "a"}, {"", "b"}, {"", "c"}}, 0.5},
		{"multiple all", multiple, [][2]string{{"", "a"}, {"", "b"}, {"", "c"}, {"", "d"}, {"", "e"}}, 0},
		{"multiple only wrong", multiple, [][2]string{{"", "c"}}, 0},
		{"order right", order, [][2]string{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}}, 1},
		{"order turned round", order, [][2]string{{"a", "4"}, {"b", "3"}, {"c", "2"}, {"d", "1"}}, 0},
		{"order with the first last", order, [][2]string{{"a", "4"}, {"b", "1"}, {"c", "2"}, {"d", "3"}}, 2.0 / 3},
		{"order all in one place", order, [][2]string{{"a", "1"}, {"b", "1"}, {"c", "1"}, {"d", "1"}}, 0},
		{"order half filled", order, [][2]string{{"a", "1"}, {"b", "2"}}, 1.0 / 3},
		{"match right", match, [][2]string{{"a", "a"}, {"b", "b"}, {"c", "c"}, {"d", "d"}}, 1},
		{"match two", match, [][2]string{{"a", "a"}, {"b", "b"}, {"c", "d"}, {"d", "c"}}, 0.5},
		{"match all the same", match, [][2]string{{"a", "a"}, {"b", "a"}, {"c", "a"}, {"d", "a"}}, 0.25},
		{"number", number, [][2]string{{"", "1500"}}, 1},
		{"number with a space", number, [][2]string{{"", "1\u00a0500"}}, 1},
		{"number with a comma", number, [][2]string{{"", "1509,5"}}, 1},
		{"number at the edge", number, [][2]string{{"", "1510"}}, 1},
		{"number beyond", number, [][2]string{{"", "1511"}}, 0},
		{"number exact", exact, [][2]string{{"", "0.30"}}, 1},
		{"number not exact", exact, [][2]string{{"", "0.31"}}, 0},
		{"text", short, [][2]string{{"", "La Strada Łódź"}}, 1},
		{"text without diacritics", short, [][2]string{{"", " la  strada LODZ "}}, 1},
		{"text of another language", short, [][2]string{{"", "centre"}}, 1},
		{"text wrong", short, [][2]string{{"", "La Strada Lublin"}}, 0},
		{"text empty", short, [][2]string{{"", "  "}}, 0},
	} {
		a, _, err := c.it.Parse(form(c.it, c.fields...))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := c.it.Score(a); got < c.want-1e-9 || got > c.want+1e-9 {
			t.Errorf("%s: %v, want %v (%+v)", c.name, got, c.want, a)
		}
	}
}

// No form gives a step twice; an answer that does is worth no more for it.
func TestARepeatedStepCountsOnce(t *testing.T) {
	order := &Item{ID: "o", Type: Order, Steps: options(3)}
	for want, chosen := range map[float64][]string{0.5: {"a", "b", "a", "b", "a", "b"}, 1: {"a", "b", "c", "a", "b", "c"}} {
		if got := order.Score(Answer{Chosen: chosen}); got != want {
			t.Errorf("%v scores %v, not %v", chosen, got, want)
		}
	}
}

func TestParseAnswerRefuses(t *testing.T) {
	order := &Item{ID: "o", Type: Order, Steps: options(3)}
	match := &Item{ID: "p", Type: Match, Pairs: []Pair{{ID: "a"}, {ID: "b"}, {ID: "c"}}}
	for _, c := range []struct {
		it    *Item
		field [2]string
	}{
		{&Item{ID: "s", Type: Single, Options: options(3, 1)}, [2]string{"", "z"}},
		{order, [2]string{"a", "0"}},
		{order, [2]string{"a", "4"}},
		{order, [2]string{"a", "first"}},
		{match, [2]string{"a", "z"}},
		{&Item{ID: "n", Type: Number}, [2]string{"", "NaN"}},
		{&Item{ID: "n", Type: Number}, [2]string{"", "1e999"}},
		{&Item{ID: "n", Type: Number}, [2]string{"", "three"}},
	} {
		if a, _, err := c.it.Parse(form(c.it, c.field)); !errors.Is(err, errAnswer) {
			t.Errorf("%s %v: %+v, %v", c.it.Type, c.field, a, err)
		}
	}
	two := &Item{ID: "s", Type: Single, Options: options(3, 1)}
	if _, _, err := two.Parse(form(two, [2]string{"", "a"}, [2]string{"", "b"})); err == nil {
		t.Error("two options of a single item are accepted")
	}
	if _, given, err := two.Parse(nil); given || err != nil {
		t.Errorf("nothing sent: given %v, %v", given, err)
	}
}

// anyItem draws an item of any type.
func anyItem(t *rapid.T) *Item {
	n := rapid.IntRange(3, 8).Draw(t, "n")
	it := &Item{
		ID: rapid.StringMatching(`[a-z][a-z0-9-]{0,10}`).Draw(t, "id"), Options: options(n), Steps: options(n),
		Type:   rapid.SampledFrom([]Type{Single, Multiple, Order, Match, Number, ShortText}).Draw(t, "type"),
		Answer: rapid.Float64Range(-1e6, 1e6).Draw(t, "answer"), Tolerance: rapid.Float64Range(0, 10).Draw(t, "tolerance"),
		Accept: map[string][]string{"pl": rapid.SliceOfN(rapid.String(), 1, 3).Draw(t, "accept")},
	}
	it.Options[0].Correct = true
	for i := range n - 1 {
		it.Options[i].Correct = it.Options[i].Correct || (it.Type == Multiple && rapid.Bool().Draw(t, "correct"))
	}
	for i := range n {
		it.Pairs = append(it.Pairs, Pair{ID: "p" + strconv.Itoa(i)})
	}
	return it
}

// TestScoreStaysWithinBounds answers anything to anything, also what no form would send.
func TestScoreStaysWithinBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := anyItem(t)
		word := rapid.SampledFrom([]string{"a", "b", "c", "d", "p0", "p1", "p2", "1", "2", "3", "9", "", "x"})
		x := rapid.Float64().Draw(t, "x")
		a := Answer{
			Chosen: rapid.SliceOf(word).Draw(t, "chosen"), Pairs: rapid.MapOf(word, word).Draw(t, "pairs"),
			Number: &x, Text: rapid.String().Draw(t, "text"),
		}
		if s := it.Score(a); !(s >= 0 && s <= 1) {
			t.Fatalf("%s scores %v for %+v", it.Type, s, a)
		}
	})
}

// TestRightAnswerScoresOne fills a form in rightly, and keeps the answer as JSON on the way.
func TestRightAnswerScoresOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := anyItem(t)
		if it.Type == ShortText && text.Answer(it.Accept["pl"][0]) == "" {
			t.Skip("the loader refuses accepted answers without letters")
		}
		var fields [][2]string
		switch it.Type {
		case Single, Multiple:
			for _, o := range it.Options {
				if o.Correct {
					fields = append(fields, [2]string{"", o.ID})
				}
			}
		case Order:
			for i, s := range it.Steps {
				fields = append(fields, [2]string{s.ID, strconv.Itoa(i + 1)})
			}
		case Match:
			for _, p := range it.Pairs {
				fields = append(fields, [2]string{p.ID, p.ID})
			}
		case Number:
			fields = append(fields, [2]string{"", strconv.FormatFloat(it.Answer, 'f', -1, 64)})
		case ShortText:
			fields = append(fields, [2]string{"", it.Accept["pl"][0]})
		}
		a, given, err := it.Parse(form(it, fields...))
		if err != nil || !given {
			t.Fatalf("%s: given %v, %v", it.Type, given, err)
		}
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back Answer
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if s := it.Score(back); s != 1 {
			t.Fatalf("%s: the right answer scores %v: %s", it.Type, s, b)
		}
	})
}

func TestShuffle(t *testing.T) {
	ids := func(it *Item) string { return fmt.Sprint(optionIDs(it.Options), optionIDs(it.Steps)) }
	rapid.Check(t, func(t *rapid.T) {
		it := anyItem(t)
		seed := rapid.Int64().Draw(t, "seed")
		before := ids(it)
		one, two := it.Shuffled(seed), it.Shuffled(seed)
		if ids(one) != ids(two) || !reflect.DeepEqual(it.Rights(seed), it.Rights(seed)) {
			t.Fatal("the same seed gives two orders")
		}
		if ids(it) != before {
			t.Fatal("shuffling changes the item")
		}
		for _, pair := range [][2][]Option{{it.Options, one.Options}, {it.Steps, one.Steps}} {
			a, b := optionIDs(pair[0]), optionIDs(pair[1])
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Fatalf("%v became %v", a, b)
			}
		}
		if it.NoShuffle = true; it.Type == Single && ids(it.Shuffled(seed)) != before {
			t.Fatal("a fixed item is shuffled")
		}
	})
}

func optionIDs(list []Option) []string {
	var ids []string
	for _, o := range list {
		ids = append(ids, o.ID)
	}
	return ids
}

// TestShuffleDiffers keeps a seed from putting all items of an attempt in the same order.
func TestShuffleDiffers(t *testing.T) {
	seen := map[string]bool{}
	for i := range 50 {
		it := &Item{ID: fmt.Sprintf("item-%d", i), Type: Single, Options: options(4, 0)}
		seen[fmt.Sprint(optionIDs(it.Shuffled(7).Options))] = true
	}
	if len(seen) < 10 {
		t.Errorf("50 items come in %d orders of 24", len(seen))
	}
}
