package quiz_test

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/item"
	"ostoja/internal/quiz"
)

var begun = time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC) // half an hour before the clocks go back

func TestDeadline(t *testing.T) {
	if d := quiz.Deadline(begun, 0); !d.IsZero() {
		t.Errorf("an attempt without a limit closes at %s", d)
	}
	d := quiz.Deadline(begun, 45)
	if want := begun.Add(45 * time.Minute); !d.Equal(want) {
		t.Errorf("closes at %s, want %s", d, want)
	}
	for _, c := range []struct {
		after time.Duration
		over  bool
	}{
		{-time.Hour, false}, {0, false}, {quiz.Grace, false}, {quiz.Grace + 1, true}, {time.Hour, true},
	} {
		if got := quiz.Over(d, d.Add(c.after)); got != c.over {
			t.Errorf("%s after the deadline: over %v", c.after, got)
		}
	}
	if quiz.Over(time.Time{}, begun.AddDate(10, 0, 0)) {
		t.Error("an attempt without a limit is over")
	}
}

// single is an item of which b is right.
func single(itemID string) *item.Item {
	return &item.Item{ID: itemID, Type: item.Single, Options: []item.Option{{ID: "a"}, {ID: "b", Correct: true}, {ID: "c"}}}
}

// number is an item that is answered by 3.
func number(itemID string) *item.Item { return &item.Item{ID: itemID, Type: item.Number, Answer: 3} }

func chose(optionID string) item.Answer { return item.Answer{Chosen: []string{optionID}} }

// seen is a form that was filled with answers to items.
func seen(form map[string][]string, kept map[string]string) map[string][]string {
	out := maps.Clone(form)
	if out == nil {
		out = map[string][]string{}
	}
	for itemID, v := range kept {
		field := "item." + itemID
		out[quiz.SeenName(field)] = []string{quiz.Seen(map[string][]string{field: {v}})}
	}
	return out
}

func TestRead(t *testing.T) {
	paper := quiz.Paper{{Key: "k1", Item: single("one")}, {Key: "k2", Item: single("two")}, {Key: "k3", Item: number("three")}, {Key: "k4", Item: nil}, {Key: "k5", Item: single("five")}}
	form := map[string][]string{"item.one": {"b"}, "item.two": {""}, "item.three": {"drei"}, "item.other": {"a"}}
	o := paper.Merge(seen(form, map[string]string{"two": "a"}), map[string]item.Answer{"k2": chose("a")})
	changes, faults := o.Changes, o.Faults
	if len(changes) != 2 || !slices.Equal(faults, []string{"item.three"}) {
		t.Fatalf("%+v, %v", changes, faults)
	}
	if c := changes[0]; c.Key != "k1" || !c.Given || !reflect.DeepEqual(c.Answer, chose("b")) {
		t.Errorf("an answer: %+v", c)
	}
	if c := changes[1]; c.Key != "k2" || c.Given {
		t.Errorf("an answer that is taken back: %+v", c)
	}
	if o := paper.Merge(nil, nil); o.Changed() || o.Newer != nil {
		t.Errorf("an empty form says %+v", o)
	}
}

func TestDiffers(t *testing.T) {
	paper := quiz.Paper{{Key: "k1", Item: single("one")}, {Key: "k2", Item: number("two")}}
	kept := map[string]item.Answer{"k1": chose("b")}
	for what, c := range map[string]struct {
		form map[string][]string
		want bool
	}{
		"nothing":               {nil, false},
		"the same":              {map[string][]string{"item.one": {"b"}}, false},
		"another":               {map[string][]string{"item.one": {"c"}}, true},
		"taken back":            {map[string][]string{"item.one": {""}}, true},
		"one more":              {map[string][]string{"item.one": {"b"}, "item.two": {"3"}}, true},
		"left out, as before":   {map[string][]string{"item.two": {""}}, false},
		"what cannot be read":   {map[string][]string{"item.two": {"x"}}, true},
		"of another paper":      {map[string][]string{"item.three": {"x"}}, false},
		"an answer of its type": {map[string][]string{"item.one": {"z"}}, true},
	} {
		if got := paper.Merge(seen(c.form, map[string]string{"one": "b"}), kept).Changed(); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}

func TestScore(t *testing.T) {
	paper := quiz.Paper{{Key: "k1", Item: single("one")}, {Key: "k2", Item: single("two")}, {Key: "k3", Item: number("three")}, {Key: "k4", Item: nil}}
	x := 3.0
	percent, shares := paper.Score(map[string]item.Answer{"k1": chose("b"), "k2": chose("a"), "k3": {Number: &x}, "k4": chose("b"), "else": chose("b")})
	if percent != 50 || !maps.Equal(shares, map[string]float64{"k1": 1, "k2": 0, "k3": 1}) {
		t.Errorf("%v %% of %v", percent, shares)
	}
	if percent, shares := paper.Score(nil); percent != 0 || len(shares) != 0 {
		t.Errorf("nothing answered: %v %% of %v", percent, shares)
	}
	trial := slices.Clone(paper[:2])
	trial[1].Unscored = true
	if percent, shares := trial.Score(map[string]item.Answer{"k1": chose("b"), "k2": chose("b")}); percent != 100 || shares["k2"] != 1 {
		t.Errorf("one that counts and one that does not: %v %% of %v", percent, shares)
	}
	if percent, _ := trial.Score(map[string]item.Answer{"k2": chose("b")}); percent != 0 || !trial.Shuffled(1)[1].Unscored {
		t.Errorf("what does not count counts: %v %%", percent)
	}
	if percent, _ := (quiz.Paper{}).Score(nil); percent != 0 {
		t.Errorf("nothing asked: %v %%", percent)
	}
}

func TestPassed(t *testing.T) {
	for _, c := range []struct {
		percent, pass float64
		want          bool
	}{
		{80, 80, true}, {79.99999999, 80, true}, {79.9999, 80, false}, {80.1, 80, true}, {0, 0, true}, {100, 100, true}, {99.9999, 100, false},
		{quiz.Percent(2, 3), 66.67, false}, {quiz.Percent(2, 3), 66.66, true},
	} {
		if got := quiz.Passed(c.percent, c.pass); got != c.want {
			t.Errorf("%v of %v: passed %v", c.percent, c.pass, got)
		}
	}
}

// fraction draws marks as items give them: some halves, thirds … eighths of each of n questions. It returns their sum as
// floats add it up, and as it is.
func fraction(t *rapid.T, n int) (float64, *big.Rat) {
	sum, exact := 0.0, new(big.Rat)
	for i := range n {
		of := rapid.IntRange(1, item.MostParts).Draw(t, fmt.Sprint("of", i))
		right := rapid.IntRange(0, of).Draw(t, fmt.Sprint("right", i))
		sum += float64(right) / float64(of)
		exact.Add(exact, big.NewRat(int64(right), int64(of)))
	}
	return sum, exact
}

// TestNoPassIsLostToRounding compares with marks that are added up without any rounding.
func TestNoPassIsLostToRounding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "questions")
		sum, exact := fraction(t, n)
		percent := quiz.Percent(sum, n)
		exact.Mul(exact, big.NewRat(100, int64(n)))
		if known, _ := exact.Float64(); math.Abs(percent-known) > 1e-9 {
			t.Fatalf("%v %% are %v", percent, known)
		}
		pass := big.NewRat(rapid.Int64Range(1, 10_000).Draw(t, "pass"), 100)
		if rapid.Bool().Draw(t, "just") { // the pass mark is what was reached, to two decimals
			floor := new(big.Int).Quo(new(big.Int).Mul(exact.Num(), big.NewInt(100)), exact.Denom())
			pass = new(big.Rat).SetFrac(floor, big.NewInt(100))
		}
		mark, _ := pass.Float64()
		if got, want := quiz.Passed(percent, mark), exact.Cmp(pass) >= 0; got != want {
			t.Fatalf("%s %% of %s: passed %v", exact, pass, got)
		}
	})
}

// TestMoreIsNeverWorse: an answer more, or a better one, does not lower the percent, and it stays from 0 to 100.
func TestMoreIsNeverWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var paper quiz.Paper
		answers := map[string]item.Answer{}
		for i := range rapid.IntRange(1, 30).Draw(t, "questions") {
			paper = append(paper, quiz.Question{Key: fmt.Sprint("k", i), Item: single(fmt.Sprint("q", i))})
			if a := rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "answer"); a != "" {
				answers[paper[i].Key] = chose(a)
			}
		}
		before, shares := paper.Score(answers)
		if len(shares) != len(answers) {
			t.Fatalf("%d shares of %d answers", len(shares), len(answers))
		}
		q := rapid.SampledFrom(paper).Draw(t, "better")
		answers[q.Key] = chose("b")
		after, _ := paper.Score(answers)
		if before < 0 || after > 100 || after < before || after == before && shares[q.Key] != 1 {
			t.Fatalf("from %v %% to %v %%", before, after)
		}
	})
}

// TestOneForm: what a form says is kept, read again it says nothing new, and its order does not matter.
func TestOneForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		paper, form := quiz.Paper{}, map[string][]string{}
		for i := range rapid.IntRange(1, 10).Draw(t, "questions") {
			q := quiz.Question{Key: fmt.Sprint("k", i), Item: single(fmt.Sprint("q", i))}
			paper = append(paper, q)
			if rapid.Bool().Draw(t, "named") {
				form[q.Item.FieldName("")] = []string{rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "value")}
			}
		}
		seed := rapid.Int64().Draw(t, "seed")
		kept := map[string]item.Answer{}
		o := paper.Shuffled(seed).Merge(form, kept)
		given := slices.DeleteFunc(slices.Collect(maps.Values(form)), func(v []string) bool { return v[0] == "" })
		if len(o.Refused()) > 0 || len(o.Newer) > 0 || len(o.Changes) != len(given) {
			t.Fatalf("%+v of %v", o, form)
		}
		for _, c := range o.Changes {
			if c.Given {
				kept[c.Key] = c.Answer
			}
		}
		if paper.Merge(form, kept).Changed() {
			t.Fatalf("%v differs from what was kept of it, %v", form, kept)
		}
		a, _ := paper.Score(kept)
		if b, _ := paper.Shuffled(seed).Score(kept); a != b {
			t.Fatalf("shuffled it scores %v and not %v", b, a)
		}
	})
}

func TestShuffledLeavesOutWhatIsGone(t *testing.T) {
	paper := quiz.Paper{{Key: "k1", Item: single("one")}, {Key: "k2", Item: nil}, {Key: "k3", Item: single("three")}}
	for seed := range int64(20) {
		out := paper.Shuffled(seed)
		if len(out) != 2 || out[0].Key != "k1" || out[1].Key != "k3" || out[1].Item.ID != "three" {
			t.Fatalf("%+v", out)
		}
		if want := paper[0].Item.Shuffled(seed); !slices.EqualFunc(out[0].Item.Options, want.Options, func(a, b item.Option) bool { return a.ID == b.ID }) {
			t.Fatalf("seed %d: %v", seed, out[0].Item.Options)
		}
	}
}
