package onpaper

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/item"
	"ostoja/internal/text"
)

func drawItem(t *rapid.T) *item.Item {
	it := &item.Item{ID: "it", Type: rapid.SampledFrom([]item.Type{item.Single, item.Multiple, item.Order, item.Match, item.Number, item.ShortText, item.Step}).Draw(t, "type")}
	for i := range rapid.IntRange(2, 8).Draw(t, "parts") {
		o := item.Option{ID: "part-" + Letter(i), Text: text.Translated{"pl": Letter(i)}, Correct: i == 0}
		switch it.Type {
		case item.Order:
			it.Steps = append(it.Steps, o)
		case item.Match:
			it.Pairs = append(it.Pairs, item.Pair{ID: o.ID})
		case item.Number, item.ShortText:
		default:
			it.Options = append(it.Options, o)
		}
	}
	return it
}

// written returns what a person writes on the sheet to say an answer, and the answer.
func written(t *rapid.T, q Question) (string, item.Answer) {
	parts := q.Letters()
	var a item.Answer
	switch q.Item.Type {
	case item.Single, item.Step:
		i := rapid.IntRange(0, len(parts)-1).Draw(t, "choice")
		a.Chosen = []string{q.Item.Options[i].ID}
		return parts[i], a
	case item.Multiple:
		some := rapid.Permutation(parts).Draw(t, "choices")[:rapid.IntRange(1, len(parts)).Draw(t, "how many")]
		for _, l := range some {
			a.Chosen = append(a.Chosen, q.Item.Options[strings.Index(letters, l)].ID)
		}
		return strings.Join(some, rapid.SampledFrom([]string{"", " ", ", "}).Draw(t, "between")), a
	case item.Order:
		some := rapid.Permutation(parts).Draw(t, "order")[:rapid.IntRange(1, len(parts)).Draw(t, "how many")]
		a.Pairs = map[string]string{}
		for place, l := range some {
			stepID := q.Item.Steps[strings.Index(letters, l)].ID
			a.Chosen = append(a.Chosen, stepID)
			a.Pairs[stepID] = Letter(place)
		}
		for stepID, l := range a.Pairs { // places are numbers
			a.Pairs[stepID] = string('1' + l[0] - 'a')
		}
		return strings.Join(some, ""), a
	case item.Match:
		a.Pairs = map[string]string{}
		var b strings.Builder
		for _, p := range q.Item.Pairs {
			l := rapid.SampledFrom(append(parts, "-")).Draw(t, "side")
			b.WriteString(l)
			if l != "-" {
				a.Pairs[p.ID] = q.Rights[strings.Index(letters, l)].ID
			}
		}
		return b.String(), a
	case item.Number:
		x := float64(rapid.IntRange(-1000, 100000).Draw(t, "quarters")) / 4
		a.Number = &x
		return strings.ReplaceAll(strings.TrimSuffix(strings.TrimRight(text4(x), "0"), "."), ".", rapid.SampledFrom([]string{".", ","}).Draw(t, "point")), a
	}
	a.Text = rapid.StringMatching(`[a-zążść]{1,12}( [a-z]{1,8})?`).Draw(t, "words")
	return a.Text, a
}

func text4(x float64) string {
	whole := int(x * 100)
	sign := ""
	if whole < 0 {
		sign, whole = "-", -whole
	}
	return sign + itoa(whole/100) + "." + itoa(whole%100/10) + itoa(whole%10)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// TestACellSaysWhatTheSameTicksSayOnline: whatever somebody writes, typed from the sheet, is the answer that the same choice is on the
// screen; typed again from what was kept it is the same.
func TestACellSaysWhatTheSameTicksSayOnline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := drawItem(t)
		seed := rapid.Int64().Draw(t, "seed")
		q := Question{Key: "k", Item: it.Shuffled(seed)}
		if it.Type == item.Match {
			q.Rights = it.Rights(seed)
		}
		typed, want := written(t, q)
		if rapid.Bool().Draw(t, "capitals") {
			typed = strings.ToUpper(typed)
			want.Text = strings.ToUpper(want.Text)
		}
		cell, err := q.Read(typed)
		if err != nil {
			t.Fatalf("%q: %v", typed, err)
		}
		a, given := q.Answer(cell)
		if empty := len(want.Pairs) == 0 && it.Type == item.Match; empty {
			if given || cell != Blank {
				t.Fatalf("nothing written is %q, %+v", cell, a)
			}
			return
		}
		if !given || !q.Item.Same(a, want) {
			t.Fatalf("%q is %q, %+v instead of %+v", typed, cell, a, want)
		}
		if again, err := q.Read(cell); err != nil || again != cell {
			t.Fatalf("%q is kept as %q and read from there as %q: %v", typed, cell, again, err)
		}
	})
}

// TestNoCellIsMoreThanItsSheet: what is not printed there is refused, and nothing that is refused or read makes a page fall over.
func TestNoCellIsMoreThanItsSheet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := drawItem(t)
		q := Question{Key: "k", Item: it}
		if it.Type == item.Match {
			q.Rights = it.Pairs
		}
		cell, err := q.Read(rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-i1-9–, -]{0,10}`)).Draw(t, "typed"))
		if err != nil {
			return
		}
		if a, given := q.Answer(cell); given && len(it.Fields(a)) == 0 {
			t.Fatalf("%q is an answer with nothing in it", cell)
		} else if !given && cell != "" && cell != Blank {
			t.Fatalf("%q is kept and is no answer", cell)
		}
	})
}

func TestCells(t *testing.T) {
	options := []item.Option{{ID: "x"}, {ID: "y"}, {ID: "z"}}
	single, multiple := Question{Item: &item.Item{ID: "i", Type: item.Single, Options: options}}, Question{Item: &item.Item{ID: "i", Type: item.Multiple, Options: options}}
	order, use := Question{Item: &item.Item{ID: "i", Type: item.Order, Steps: options}}, Question{Key: KeyUse}
	for _, c := range []struct {
		q           Question
		typed, want string
		fault       string
	}{
		{single, "B", "b", ""}, {single, "2", "b", ""}, {single, " ", "", ""}, {single, "-", Blank, ""}, {single, "—", Blank, ""},
		{single, "d", "", "typed.fault.letter"}, {single, "ab", "", "typed.fault.most"}, {single, "4", "", "typed.fault.letter"},
		{multiple, "ca", "ac", ""}, {multiple, "c, a", "ac", ""}, {multiple, "31", "ac", ""}, {multiple, "aa", "", "typed.fault.twice"},
		{order, "cab", "cab", ""}, {order, "ca", "ca", ""}, {order, "cabc", "", "typed.fault.twice"},
		{use, "a", "a", ""}, {use, "c", "", "typed.fault.letter"},
		{Question{Item: &item.Item{ID: "i", Type: item.Number}}, "1 234,50", "1234.5", ""},
		{Question{Item: &item.Item{ID: "i", Type: item.Number}}, "sto", "", "typed.fault.number"},
	} {
		cell, err := c.q.Read(c.typed)
		if cell != c.want || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%q is %q, %v", c.typed, cell, err)
		}
	}
}

// TestTheDrawIsOneInTenAndNobodysChoice: of any number of sheets a tenth is drawn, rounded up; the same seed draws the same; and over many
// seeds every sheet comes up about as often as any other.
func TestTheDrawIsOneInTenAndNobodysChoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, seed := rapid.IntRange(1, 300).Draw(t, "sheets"), rapid.Int64().Draw(t, "seed")
		chosen := draw(seed, n)
		if len(chosen) != (n+9)/10 || !slices.Equal(chosen, draw(seed, n)) || len(slices.Compact(slices.Clone(chosen))) != len(chosen) || chosen[0] < 0 || chosen[len(chosen)-1] >= n {
			t.Fatalf("of %d: %v", n, chosen)
		}
	})
	const sheets, times = 25, 6000
	var counts [sheets]int
	for seed := range int64(times) {
		for _, i := range draw(seed, sheets) {
			counts[i]++
		}
	}
	for i, n := range counts { // 3 of 25 are drawn: 720 times each, give or take 25
		if n < 600 || n > 840 {
			t.Errorf("sheet %d was drawn %d times of %d", i, n, times)
		}
	}
}
