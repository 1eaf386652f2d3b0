package gain

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// goldenHalves are the differences of the twelve: the first six began with A, the last six with B.
func goldenHalves() (a, b []float64) {
	for i, s := range golden() {
		if d := s.Post - s.Pre; i < 6 {
			a = append(a, d)
		} else {
			b = append(b, d)
		}
	}
	return a, b
}

func goldenPairs() (pairs []Pair) {
	for _, s := range golden() {
		pairs = append(pairs, Pair{s.Pre, s.Post})
	}
	return pairs
}

func nearEstimate(t *testing.T, what string, e Estimate, value, low, high, freedom float64) {
	t.Helper()
	near(t, what, e.Value, value, 0.005)
	near(t, what+", lower bound", e.Low, low, 0.005)
	near(t, what+", upper bound", e.High, high, 0.005)
	near(t, what+", degrees of freedom", e.DF, freedom, 0.005)
}

func TestGoldenForms(t *testing.T) {
	c, ok := CrossOver(goldenHalves())
	if !ok || c.FirstA != 6 || c.FirstB != 6 {
		t.Fatalf("%+v", c)
	}
	near(t, "of those who began with A", c.DifferenceA, 29.1667, 0.00005)
	near(t, "of those who began with B", c.DifferenceB, 24.1667, 0.00005)
	nearEstimate(t, "form effect", c.FormEffect, 2.50, -1.10, 6.10, 7.91)
	nearEstimate(t, "gain free of it", c.FreeOfForm, 26.67, 23.06, 30.27, 7.91)
	if c.FormEffect.Above() || c.FormEffect.Below() || !c.FreeOfForm.Above() {
		t.Error("what of it leaves zero out")
	}
}

func TestGoldenAttrition(t *testing.T) {
	a := AttritionOf(goldenPairs(), []float64{30, 35, 40, 25})
	near(t, "mean before of the lost", a.MeanPre, 32.50, 0.005)
	near(t, "mean before of all", a.MeanPreAll, 47.50, 0.005)
	near(t, "if they gained nothing", a.NothingGained, 20.00, 0.005)
	near(t, "worst", a.Worst, 11.88, 0.0051) // 11.875
	near(t, "best", a.Best, 36.88, 0.0051)   // 36.875
	near(t, "slope", a.Slope, -0.2222, 0.00005)
	nearEstimate(t, "regression", a.Regression, 27.78, 23.83, 31.73, 10)
	if a.Lost != 4 || a.Matched != 12 || a.Lean(26.67) != LeanUnder {
		t.Errorf("%+v leans %s", a, a.Lean(26.67))
	}
}

func TestGoldenComparison(t *testing.T) {
	var trained, waiting []float64
	for _, p := range goldenPairs() {
		trained = append(trained, p.Post-p.Pre)
	}
	again := []float64{45, 47, 55, 58, 44, 60, 52, 70}
	for i, pre := range []float64{42, 48, 51, 57, 38, 61, 49, 66} {
		waiting = append(waiting, again[i]-pre)
	}
	mean, _, _, _ := spread(waiting)
	near(t, "mean of the waiting", mean, 2.375, 1e-9)
	e, ok := Compare(trained, waiting)
	if !ok {
		t.Fatal("there is no comparison")
	}
	nearEstimate(t, "difference of differences", e, 24.29, 20.29, 28.29, 16.07)
}

func TestGoldenNeeded(t *testing.T) {
	for _, c := range []struct {
		sd, difference float64
		want           int
	}{{5.7735, 5, 13}, {5.7735, 10, 5}, {Missing, 5, 0}, {5, 0, 0}, {0, 5, 0}, {15, 5, 73}} {
		if got := Needed(c.sd, c.difference); got != c.want {
			t.Errorf("to see %v with %v: %d, not %d", c.difference, c.sd, got, c.want)
		}
	}
}

// The example of Newcombe (1998), table II, and shares by hand.
func TestMovedOverACut(t *testing.T) {
	n := newcombe(36, 12, 2, 0)
	near(t, "net", n.Value, 0.2, 1e-9)
	near(t, "lower bound", n.Low, 0.0569, 0.00005)
	near(t, "upper bound", n.High, 0.3404, 0.00005)
	m := MovedOver(60, []Pair{{50, 60}, {59.999999999999, 59}, {60, 100}, {70, 50}, {0, 61}})
	if m.N != 5 || m.Up != 2 || m.Down != 2 || m.Stayed != 1 { // the second is at the cut, but for a rounding error
		t.Errorf("%+v", m)
	}
	w := wilson(15, 148) // Newcombe 1998, Statistics in Medicine 17, 857-872, table I: 0.0624 to 0.1605
	near(t, "Wilson, lower", w.Low, 0.0624, 0.00005)
	near(t, "Wilson, upper", w.High, 0.1605, 0.00005)
	if none := MovedOver(60, nil); !IsMissing(none.Share.Value) || !IsMissing(none.Net.Low) {
		t.Errorf("of nobody: %+v", none)
	}
}

func TestPooling(t *testing.T) {
	p := Pool([]Part{{10, 1}, {14, 2}, {Missing, 1}, {9, 0}})
	near(t, "pooled", p.Value, (10+14.0/4)/1.25, 1e-9)
	near(t, "lower bound", p.Low, 10.8-1.96/math.Sqrt(1.25), 0.0001)
	near(t, "Q", p.Q, 0.8*0.8+3.2*3.2/4, 1e-9)
	near(t, "I2", p.I2, (3.2-1)/3.2, 1e-9)
	if p.K != 2 {
		t.Errorf("%d parts", p.K)
	}
	// The 95th percentile of chi squared is 3.841 for one degree of freedom, and 32.671 for 21.
	for _, c := range []struct {
		k    int
		q    float64
		want bool
	}{{2, 3.84, false}, {2, 3.85, true}, {22, 32.6, false}, {22, 32.7, true}, {1, 99, false}, {2, Missing, false}} {
		if got := (Pooled{K: c.k, Q: c.q}).Unlike(); got != c.want {
			t.Errorf("%d trainings with Q %v are unlike: %v", c.k, c.q, got)
		}
	}
	if none := Pool(nil); none.K != 0 || !IsMissing(none.Value) || !IsMissing(none.Q) {
		t.Errorf("of nothing: %+v", none)
	}
	if same := Pool([]Part{{10, 1}, {10, 3}}); same.Q != 0 || same.I2 != 0 || same.Value != 10 {
		t.Errorf("of equals: %+v", same)
	}
}

func TestEstimatesOfFewAndOfEquals(t *testing.T) {
	if _, ok := CrossOver([]float64{1}, []float64{1, 2}); ok {
		t.Error("a half of one")
	}
	if _, ok := Compare([]float64{1, 2}, nil); ok {
		t.Error("a comparison with nobody")
	}
	if c, ok := CrossOver([]float64{5, 5}, []float64{3, 3}); !ok || c.FormEffect.Value != 1 || c.FormEffect.Bounded() || c.FormEffect.Above() || !IsMissing(c.FormEffect.DF) {
		t.Errorf("without spread: %+v", c)
	}
	for name, a := range map[string]Attrition{
		"two":           AttritionOf([]Pair{{40, 50}, {50, 70}}, []float64{30}),
		"equals before": AttritionOf([]Pair{{40, 50}, {40, 70}, {40, 60}}, []float64{30}),
	} {
		if !IsMissing(a.Regression.Value) || a.Lean(10) != LeanOpen || IsMissing(a.Worst) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	far := AttritionOf([]Pair{{50, 60}, {50, 60}, {51, 71}, {52, 82}, {52, 82}}, []float64{10, 10, 10, 10, 10})
	if v := far.Regression.Value; v >= far.Worst {
		t.Fatalf("the example is within its bounds: %+v", far)
	}
	if far.ForgetImpossible(); !IsMissing(far.Regression.Value) || far.Lean(20) != LeanOpen || IsMissing(far.Worst) {
		t.Errorf("what no scores could bring is told: %+v", far)
	}
	possible := AttritionOf([]Pair{{40, 50}, {50, 65}, {60, 70}}, []float64{45})
	if before := possible.Regression; IsMissing(before.Value) {
		t.Fatal("there is no estimate")
	} else if possible.ForgetImpossible(); possible.Regression != before {
		t.Errorf("a possible estimate is left out: %+v", possible)
	}
	if a := AttritionOf([]Pair{{40, 50}, {50, 60}, {60, 70}}, []float64{30}); a.Regression.Value != 10 || a.Regression.Bounded() {
		t.Errorf("all gained ten: %+v", a)
	}
	if a := AttritionOf(nil, []float64{30}); a.Lost != 1 || a.MeanPre != 30 || !IsMissing(a.Worst) || !IsMissing(a.NothingGained) {
		t.Errorf("nobody is matched: %+v", a)
	}
	if a := AttritionOf(goldenPairs(), nil); a.Lean(0) != LeanNone || !IsMissing(a.MeanPre) || math.Abs(a.Best-a.Worst) > 1e-9 {
		t.Errorf("nobody is lost: %+v", a)
	}
	one, two, open := Estimate{1, 0, 2, 3}, Estimate{4, 2.5, 5, 3}, Estimate{9, Missing, Missing, Missing}
	if !one.Apart(two) || !two.Apart(one) || one.Apart(one) || one.Apart(open) || one.Above() || !two.Above() || !(Estimate{-4, -5, -3, 1}).Below() {
		t.Error("which intervals are apart")
	}
}

// TestEstimateProperties holds whatever the scores are.
func TestEstimateProperties(t *testing.T) {
	score := rapid.Float64Range(0, 100)
	pairs := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Pair { return Pair{score.Draw(rt, "pre"), score.Draw(rt, "post")} }), 1, 30)
	rapid.Check(t, func(rt *rapid.T) {
		matched, lost := pairs.Draw(rt, "matched"), rapid.SliceOfN(score, 0, 15).Draw(rt, "lost")
		var scores []Scores
		var d []float64
		for _, p := range matched {
			scores, d = append(scores, Scores{p.Pre, p.Post, Missing}), append(d, p.Post-p.Pre)
		}
		g, a := Compute(scores), AttritionOf(matched, lost)
		if a.Worst > a.NothingGained+1e-9 || a.NothingGained > a.Best+1e-9 {
			rt.Fatalf("the lost who gained nothing lie outside the bounds: %+v", a)
		}
		if len(lost) == 0 && math.Abs(a.NothingGained-g.Difference) > 1e-9 {
			rt.Fatalf("nobody is lost: %v and %v", a.NothingGained, g.Difference)
		}
		// Whom nobody lost, and who lost people of the same mean, is told the same; the interval is never narrower than chance.
		if same := AttritionOf(matched, []float64{g.MeanPre}); !IsMissing(same.Regression.Value) && math.Abs(same.Regression.Value-g.Difference) > 1e-6 {
			rt.Fatalf("the lost were like the matched: %v and %v", same.Regression.Value, g.Difference)
		}
		if r := a.Regression; r.Bounded() && (r.Low > r.Value || r.High < r.Value) {
			rt.Fatalf("outside its interval: %+v", r)
		}
		// Exchanging the forms turns the effect round and leaves the gain.
		k := rapid.IntRange(0, len(d)).Draw(rt, "half")
		c, ok := CrossOver(d[:k], d[k:])
		r, also := CrossOver(d[k:], d[:k])
		if ok != also || ok && (math.Abs(c.FormEffect.Value+r.FormEffect.Value) > 1e-9 || math.Abs(c.FreeOfForm.Value-r.FreeOfForm.Value) > 1e-9) {
			rt.Fatalf("%+v and %+v", c, r)
		}
		// A form that is easier by so much, and a training that gives so much more, come out as that.
		easier := rapid.Float64Range(-20, 20).Draw(rt, "easier")
		if ok {
			e, _ := CrossOver(add(d[:k], easier), add(d[k:], -easier))
			if math.Abs(e.FormEffect.Value-c.FormEffect.Value-easier) > 1e-9 || math.Abs(e.FreeOfForm.Value-c.FreeOfForm.Value) > 1e-9 {
				rt.Fatalf("easier by %v: %+v and %+v", easier, c, e)
			}
			plain, _ := Compare(d[:k], d[k:])
			more, _ := Compare(add(d[:k], easier), d[k:])
			if math.Abs(more.Value-plain.Value-easier) > 1e-9 || plain.Bounded() && (plain.DF < float64(min(k, len(d)-k)-1)-1e-6 || plain.DF > float64(len(d)-2)+1e-6) {
				rt.Fatalf("%+v and %+v", plain, more)
			}
		}
		cut := score.Draw(rt, "cut")
		m := MovedOver(cut, matched)
		if m.Up+m.Down+m.Stayed > m.N || m.Net.Low > m.Net.Value || m.Net.High < m.Net.Value || m.Share.Low > m.Share.Value || m.Share.High < m.Share.Value || m.Share.Low < 0 || m.Share.High > 1 {
			rt.Fatalf("%+v", m)
		}
	})
}

func add(x []float64, by float64) []float64 {
	list := make([]float64, len(x))
	for i := range x {
		list[i] = x[i] + by
	}
	return list
}

// TestPoolingProperties: the pooled figure lies among its parts, does not depend on their order, and is no less sure than the surest.
func TestPoolingProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		parts := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Part {
			return Part{rapid.Float64Range(-50, 50).Draw(rt, "value"), rapid.Float64Range(0.1, 20).Draw(rt, "error")}
		}), 1, 12).Draw(rt, "parts")
		p := Pool(parts)
		least, most, surest := math.Inf(1), math.Inf(-1), math.Inf(1)
		var turned []Part
		for _, x := range parts {
			least, most, surest = min(least, x.Value), max(most, x.Value), min(surest, x.SE)
			turned = append([]Part{x}, turned...)
		}
		if p.K != len(parts) || p.Value < least-1e-9 || p.Value > most+1e-9 || p.High-p.Value > normal*surest+1e-9 || p.I2 < 0 || p.I2 >= 1 || p.Q < 0 {
			rt.Fatalf("%+v of %v", p, parts)
		}
		if q := Pool(turned); math.Abs(q.Value-p.Value) > 1e-9 || math.Abs(q.Q-p.Q) > 1e-6 {
			rt.Fatalf("%+v and %+v", p, q)
		}
	})
}
