package agreement_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/firstline"
	"ostoja/internal/firstline/agreement"
)

func near(got, want, within float64) bool { return math.Abs(got-want) <= within }

// What other programs and books print for their tables. The first: SAS PROC FREQ's documented printout of simple and weighted (Cicchetti-Allison, that is
// linear) kappa for a 3 by 3 table of 19, with which the tests of statsmodels.stats.inter_rater compare too. The second: Fleiss, Levin and Paik, Statistical
// Methods for Rates and Proportions, 3rd ed., table 18.1, two clinicians and 100 people, whose kappa is worked out in the text.
func TestFiguresOfOthers(t *testing.T) {
	a := agreement.Agree(agreement.Counts{{0, 4, 1}, {0, 8, 0}, {0, 1, 5}})
	for what, x := range map[string]struct{ got, want float64 }{
		"kappa": {a.Kappa.Value, 0.4842}, "low": {a.Kappa.Low, 0.2137}, "high": {a.Kappa.High, 0.7547},
		"weighted": {a.Weighted.Value, 0.4701}, "weighted low": {a.Weighted.Low, 0.1845}, "weighted high": {a.Weighted.High, 0.7558},
	} {
		if !near(x.got, x.want, 0.00005) {
			t.Errorf("SAS: %s is %.5f, want %.4f", what, x.got, x.want)
		}
	}
	if a.N != 19 || a.Same != 13 || !near(a.Share(), 68.42105, 0.00001) {
		t.Errorf("%+v", a)
	}
	if a := agreement.Agree(agreement.Counts{{75, 1, 4}, {5, 4, 1}, {0, 0, 10}}); !near(a.Kappa.Value, 0.68, 0.005) {
		t.Errorf("Fleiss: %+v", a)
	}
}

var step = rapid.SampledFrom(firstline.Urgencies)

// drawn is what two said of the same situations.
func drawn(t *rapid.T) (one, other []firstline.Urgency) {
	n := rapid.IntRange(0, 25).Draw(t, "situations")
	return rapid.SliceOfN(step, n, n).Draw(t, "one"), rapid.SliceOfN(step, n, n).Draw(t, "other")
}

func same(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || near(a, b, 1e-9) }

func sameEstimate(a, b agreement.Estimate) bool {
	return same(a.Value, b.Value) && same(a.Low, b.Low) && same(a.High, b.High)
}

// Whoever is named first, and in whichever order the situations stand, it is the same.
func TestAgreementIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, other := drawn(t)
		x, y := agreement.Agree(agreement.NewCounts(one, other)), agreement.Agree(agreement.NewCounts(other, one))
		if x.N != len(one) || x.N != y.N || x.Same != y.Same || !sameEstimate(x.Kappa, y.Kappa) || !sameEstimate(x.Weighted, y.Weighted) {
			t.Fatalf("%+v and %+v", x, y)
		}
		slices.Reverse(one)
		slices.Reverse(other)
		if z := agreement.Agree(agreement.NewCounts(one, other)); !sameEstimate(x.Kappa, z.Kappa) || !sameEstimate(x.Weighted, z.Weighted) {
			t.Fatalf("%+v and %+v", x, z)
		}
	})
}

// Who agrees in everything with more than one step has 1, without an interval; with one step there is no kappa, and the share is said all the same.
func TestWhoAgreesInEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SliceOfN(step, 1, 25).Draw(t, "said")
		a := agreement.Agree(agreement.NewCounts(said, said))
		several := slices.ContainsFunc(said, func(u firstline.Urgency) bool { return u != said[0] })
		if a.Same != a.N || a.Share() != 100 {
			t.Fatalf("%+v", a)
		}
		for _, e := range []agreement.Estimate{a.Kappa, a.Weighted} {
			if e.Known() != several || several && !near(e.Value, 1, 1e-9) || e.Bounded() {
				t.Fatalf("%v: %+v", said, e)
			}
		}
	})
}

// A kappa is at most 1 and lies in its interval, which lies between -1 and 1; 1 is for those alone who agree in everything.
func TestKappasKeepTheirLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, other := drawn(t)
		a := agreement.Agree(agreement.NewCounts(one, other))
		for _, e := range []agreement.Estimate{a.Kappa, a.Weighted} {
			if !e.Known() {
				if e.Bounded() {
					t.Fatalf("an interval of nothing: %+v", e)
				}
				continue
			}
			if e.Value > 1+1e-9 || e.Value < -1-1e-9 || near(e.Value, 1, 1e-9) != (a.Same == a.N) {
				t.Fatalf("%+v of %v and %v", e, one, other)
			}
			if e.Bounded() && (e.Low > e.Value || e.High < e.Value || e.Low < -1 || e.High > 1) {
				t.Fatalf("%+v", e)
			}
		}
	})
}

// With two steps in use, a neighbour of which is the other, the weights change nothing; where one is two apart, they weigh.
func TestWeightsAreOfTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		two := rapid.SampledFrom([]firstline.Urgency{firstline.Now, firstline.Today})
		n := rapid.IntRange(1, 25).Draw(t, "situations")
		one, other := rapid.SliceOfN(two, n, n).Draw(t, "one"), rapid.SliceOfN(two, n, n).Draw(t, "other")
		if a := agreement.Agree(agreement.NewCounts(one, other)); !same(a.Kappa.Value, a.Weighted.Value) {
			t.Fatalf("%+v", a)
		}
	})
	next := agreement.Agree(agreement.Counts{{4, 2, 0}, {0, 4, 0}, {0, 0, 4}})
	apart := agreement.Agree(agreement.Counts{{4, 0, 2}, {0, 4, 0}, {0, 0, 4}})
	if next.Same != apart.Same || next.Weighted.Value <= apart.Weighted.Value {
		t.Errorf("next to each other %+v, two apart %+v", next, apart)
	}
}

// What one of them did not say counts for nothing.
func TestWhatWasNotSaidDoesNotCount(t *testing.T) {
	c := agreement.NewCounts([]firstline.Urgency{firstline.Now, "", firstline.Today, "soon"}, []firstline.Urgency{firstline.Now, firstline.Now, "", firstline.Now, firstline.Now})
	if a := agreement.Agree(c); a.N != 1 || a.Same != 1 || a.Kappa.Known() {
		t.Errorf("%+v", a)
	}
	if a := agreement.Agree(agreement.NewCounts(nil, nil)); a.N != 0 || !math.IsNaN(a.Share()) || a.Kappa.Known() {
		t.Errorf("%+v", a)
	}
}
