package evidence

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/gain"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement/results"
)

// planted returns sittings of people of different ability at ten single-choice items of which the key of one is wrong.
// TestWhatDoesNotCountIsHeldAgainstWhatDoes: an anchor has its figures and changes none of the form's.
func TestWhatDoesNotCountIsHeldAgainstWhatDoes(t *testing.T) {
	sat := []results.Responses{{Shares: []float64{1, 1, 0}}, {Shares: []float64{1, 0, 1}}, {Shares: []float64{0, 0, 1}}, {Shares: []float64{0, 0, 0}}}
	var scored []results.Responses
	for _, s := range sat {
		scored = append(scored, results.Responses{Shares: s.Shares[:2]})
	}
	with, plain := analyse(sat, make([][]option, 3), 2), analyse(scored, make([][]option, 2))
	if with.Mean != plain.Mean || with.SD != plain.SD || with.Alpha != plain.Alpha || with.Items[0].Discrimination != plain.Items[0].Discrimination {
		t.Errorf("%+v\n%+v", with, plain)
	}
	if a := with.Items[2]; a.Facility != 0.5 || math.Abs(a.Discrimination+0.3015) > 1e-4 {
		t.Errorf("%+v", a)
	}
}

func planted(n, wrongKey int) ([]results.Responses, [][]option) {
	r := rand.New(rand.NewPCG(7, 7))
	options := make([][]option, 10)
	for j := range options {
		options[j] = []option{{"a", true}, {"b", false}, {"c", false}, {"d", false}}
		if j == wrongKey { // "a" is right and "b" was keyed
			options[j] = []option{{"a", false}, {"b", true}, {"c", false}, {"d", false}}
		}
	}
	sat := make([]results.Responses, n)
	for i := range sat {
		ability := r.NormFloat64()
		for j := range options {
			choice := []string{"b", "c", "d"}[r.IntN(3)]
			if r.Float64() < 1/(1+math.Exp(-(1.6*ability+0.4))) {
				choice = "a"
			}
			share := 0.0
			if best := options[j][slices.IndexFunc(options[j], func(o option) bool { return o.Best })]; best.ID == choice {
				share = 1
			}
			sat[i].Shares, sat[i].Choices = append(sat[i].Shares, share), append(sat[i].Choices, []string{choice})
		}
	}
	return sat, options
}

func TestAWrongKeyRaisesTheFlag(t *testing.T) {
	const wrong = 4
	sat, options := planted(60, wrong)
	f := analyse(sat, options)
	for j, it := range f.Items {
		if flagged := slices.Contains(it.Flags, FlagNegative); flagged != (j == wrong) {
			t.Errorf("item %d: discrimination %.2f, flags %v", j, it.Discrimination, it.Flags)
		}
	}
	if !slices.Contains(f.Items[wrong].Flags, FlagPreferred) {
		t.Errorf("the right option, keyed as wrong, is chosen most, and nothing is said: %+v", f.Items[wrong])
	}
	if f.Alpha < 0.5 || f.Alpha > 1 {
		t.Errorf("alpha is %v", f.Alpha)
	}
	if few := analyse(sat[:itembank.LeastSittings-1], options); len(few.Items[wrong].Flags) > 0 {
		t.Error("flags of too few sittings")
	}
}

// TestAlphaOfAKnownMatrix checks against a small example worked out by hand: three people, two items.
func TestAlphaOfAKnownMatrix(t *testing.T) {
	sat := []results.Responses{{Shares: []float64{1, 1}}, {Shares: []float64{0, 0}}, {Shares: []float64{1, 0}}}
	f := analyse(sat, make([][]option, 2))
	// variances 1/3 and 1/3, of the totals 2, 0, 1: 1. alpha = 2 * (1 - 2/3) = 2/3.
	near(t, "alpha", f.Alpha, 2.0/3, 1e-12)
	near(t, "facility", f.Items[0].Facility, 2.0/3, 1e-12)
	// item 1 (1 0 1) with the rest (1 0 0): r = 0.5.
	near(t, "discrimination", f.Items[0].Discrimination, 0.5, 1e-12)
	near(t, "mean", f.Mean, 50, 1e-12)
}

func TestFlagsOfEasyHardAndUnchosen(t *testing.T) {
	var sat []results.Responses
	for i := range 40 {
		s := results.Responses{Shares: []float64{1, 0, float64(i % 2)}, Choices: [][]string{{"a"}, {"b"}, {[]string{"b", "a"}[i%2]}}}
		sat = append(sat, s)
	}
	o := []option{{"a", true}, {"b", false}, {"c", false}}
	f := analyse(sat, [][]option{o, o, o})
	if !slices.Contains(f.Items[0].Flags, flagEasy) || !slices.Contains(f.Items[1].Flags, flagHard) || !slices.Contains(f.Items[2].Flags, flagDistractor) {
		t.Errorf("%v %v %v", f.Items[0].Flags, f.Items[1].Flags, f.Items[2].Flags)
	}
	if !gain.IsMissing(f.Items[0].Discrimination) {
		t.Error("an item that everybody knows discriminates")
	}
}

func TestAnalysisProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.IntRange(0, 6).Draw(rt, "items")
		var sat []results.Responses
		for range rapid.IntRange(0, 50).Draw(rt, "sittings") {
			sat = append(sat, results.Responses{Shares: rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.5, 1}), k, k).Draw(rt, "shares")})
		}
		f := analyse(sat, make([][]option, k))
		for _, it := range f.Items {
			if !gain.IsMissing(it.Discrimination) && math.Abs(it.Discrimination) > 1+1e-9 || !gain.IsMissing(it.Facility) && (it.Facility < 0 || it.Facility > 1) {
				rt.Fatalf("%+v", it)
			}
		}
		if !gain.IsMissing(f.Alpha) && f.Alpha > 1+1e-9 {
			rt.Fatalf("alpha %v", f.Alpha)
		}
	})
}

func near(t testing.TB, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}

// A wrong option counts as preferred only if more people chose it than the best one, and as idle only if nobody did.
func TestAWrongOptionIsPreferred(t *testing.T) {
	for _, c := range []struct {
		best, wrong     int
		preferred, idle bool
	}{{5, 4, false, false}, {5, 5, false, false}, {5, 6, true, false}, {5, 0, false, true}} {
		s := ItemStat{Facility: 0.5, Discrimination: 0.5, Choices: []ChoiceStat{{N: c.wrong}, {N: c.best, Best: true}}}
		list := flags(s)
		if slices.Contains(list, FlagPreferred) != c.preferred || slices.Contains(list, flagDistractor) != c.idle {
			t.Errorf("%d chose the best and %d the wrong one: %v", c.best, c.wrong, list)
		}
	}
}
