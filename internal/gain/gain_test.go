package gain

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// golden are the twelve learners of docs/evidence.md.
func golden() []Scores {
	pre := []float64{40, 45, 50, 55, 35, 60, 50, 65, 45, 55, 50, 80}
	post := []float64{70, 80, 75, 85, 60, 90, 85, 90, 65, 80, 75, 95}
	later := []float64{65, 70, Missing, 75, 50, 85, Missing, 85, 60, Missing, 70, 90}
	list := make([]Scores, len(pre))
	for i := range pre {
		list[i] = Scores{pre[i], post[i], later[i]}
	}
	return list
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}

func TestGoldenGain(t *testing.T) {
	g := Compute(golden())
	near(t, "mean pre", g.MeanPre, 52.50, 0.005)
	near(t, "mean post", g.MeanPost, 79.17, 0.005)
	near(t, "difference", g.Difference, 26.67, 0.005)
	near(t, "sd of differences", g.SD, 5.774, 0.0005)
	near(t, "lower bound", g.Low, 23.00, 0.005)
	// docs/evidence.md gives 30.34, the sum of the rounded 26.67 and 3.67; unrounded it is 26.6667 + 3.6683 = 30.3350.
	near(t, "upper bound", g.High, 30.34, 0.0051)
	near(t, "dz", g.DZ, 4.62, 0.005)
	near(t, "g", g.G, 0.5614, 0.00005)
	near(t, "mean of individual g", g.MeanG, 0.5851, 0.00005)
	near(t, "later pre", g.Later.MeanPre, 52.78, 0.005)
	near(t, "later post", g.Later.MeanPost, 78.89, 0.005)
	near(t, "later", g.Later.MeanLater, 72.22, 0.005)
	near(t, "retained", g.Later.Share, 0.7447, 0.00005)
	if g.Matched != 12 || g.Lost != 0 || g.Band != mediumBand || g.Ceiling || g.Later.N != 9 {
		t.Errorf("%+v", g)
	}
}

func TestGoldenThirteenthAndFourteenth(t *testing.T) {
	perfect := Scores{100, 100, Missing}
	if !IsMissing(perfect.IndividualG()) {
		t.Error("whoever began at 100 has an individual g")
	}
	g := Compute(append(golden(), perfect, Scores{50, Missing, Missing}))
	if g.Matched != 13 || g.Lost != 1 || g.Ceiling {
		t.Errorf("%+v", g)
	}
	near(t, "mean pre with the thirteenth", g.MeanPre, (52.5*12+100)/13, 1e-9)
	near(t, "mean of individual g", g.MeanG, 0.5851, 0.00005)
	if g := Compute(append(golden(), perfect, perfect, perfect)); !g.Ceiling { // 3 of 15 are more than 15 %
		t.Error("three of fifteen at the ceiling raise no flag")
	}
	if g := Compute(append(golden(), perfect, perfect)); g.Ceiling { // 2 of 14 are 14.3 %
		t.Error("two of fourteen at the ceiling raise the flag")
	}
}

func TestGoldenUseOfSkills(t *testing.T) {
	u := Use{Asked: 12, Answered: 9, Yes: 7}
	low, high := u.Bounds()
	near(t, "use", u.Share(), 77.8, 0.05)
	near(t, "lower bound", low, 58.3, 0.05)
	near(t, "upper bound", high, 83.3, 0.05)
	if none := (Use{}); !IsMissing(none.Share()) {
		t.Error("nobody asked and a share")
	}
}

func TestBands(t *testing.T) {
	for g, want := range map[float64]Band{-0.2: lowBand, 0.299: lowBand, 0.3: mediumBand, 0.7: mediumBand, 0.701: highBand} {
		if bandOf(g) != want {
			t.Errorf("%v is %s", g, bandOf(g))
		}
	}
	if bandOf(Missing) != NoBand {
		t.Error("a missing gain has a band")
	}
}

func TestGainOfFewAndNone(t *testing.T) {
	none := Compute(nil)
	for _, x := range []float64{none.MeanPre, none.Difference, none.G, none.DZ, none.MeanG, none.Later.Share} {
		if !IsMissing(x) {
			t.Errorf("a figure of nobody: %v", x)
		}
	}
	one := Compute([]Scores{{50, 75, Missing}})
	if one.G != 0.5 || !IsMissing(one.Low) || !IsMissing(one.DZ) {
		t.Errorf("%+v", one)
	}
	if !IsMissing(Ratio(Missing, 2)) || !IsMissing(Ratio(2, Missing)) || !IsMissing(Ratio(2, 1e-10)) || Ratio(2, -4) != -0.5 {
		t.Error("a ratio of what is missing, or by nothing")
	}
	all := Compute([]Scores{{100, 100, 100}, {100, 100, 100}})
	if !IsMissing(all.G) || !IsMissing(all.DZ) || !IsMissing(all.Later.Share) || !all.Ceiling {
		t.Errorf("%+v", all)
	}
}

// TestGainProperties holds whatever the scores are.
func TestGainProperties(t *testing.T) {
	score := rapid.Float64Range(0, 100)
	rapid.Check(t, func(rt *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Scores {
			s := Scores{score.Draw(rt, "pre"), score.Draw(rt, "post"), score.Draw(rt, "later")}
			switch rapid.IntRange(0, 5).Draw(rt, "kind") {
			case 0:
				s.Post = Missing
			case 1:
				s.Later = Missing
			}
			return s
		}), 0, 40).Draw(rt, "scores")
		g := Compute(list)
		if g.Matched+g.Lost != len(list) || g.Later.N > g.Matched {
			rt.Fatalf("%+v of %d", g, len(list))
		}
		if g.Matched > 1 && (g.Low > g.Difference || g.High < g.Difference) {
			rt.Fatalf("the difference lies outside its interval: %+v", g)
		}
		// The order of people does not matter, nor does anybody who is lost.
		reversed := make([]Scores, 0, len(list)+1)
		for i := len(list) - 1; i >= 0; i-- {
			reversed = append(reversed, list[i])
		}
		h := Compute(append(reversed, Scores{99, Missing, 99}))
		if g.Matched > 0 && math.Abs(g.Difference-h.Difference) > 1e-9 {
			rt.Fatalf("%v and %v", g.Difference, h.Difference)
		}
	})
}

// A share of what was gained is given only where something was.
func TestTheRetainedShareNeedsAGain(t *testing.T) {
	loss, none, tiny, unsure, clear := make([]Scores, 5), make([]Scores, 5), make([]Scores, 5), make([]Scores, 5), make([]Scores, 5)
	for i := range 5 {
		loss[i] = Scores{50, 40, 30}
		none[i] = Scores{50, 50, 60}
		tiny[i] = Scores{50, 50.05, 60}
		unsure[i] = Scores{50, []float64{100, 40, 45, 50, 55}[i], 60}
		clear[i] = Scores{50, 70 + float64(i), 60}
	}
	for name, list := range map[string][]Scores{"a loss": loss, "no gain": none, "a gain of 0.05": tiny, "a gain within chance": unsure, "one person": clear[:1]} {
		if g := Compute(list); !IsMissing(g.Later.Share) || g.Later.N != len(list) || g.Later.MeanLater != list[0].Later {
			t.Errorf("%s: %+v", name, g.Later)
		}
	}
	near(t, "of a clear gain", Compute(clear).Later.Share, 10.0/22, 1e-9)
}

// Marks are summed of fractions: 27 of 30 is not quite 90 per cent then, and still reaches the ceiling.
func TestScoresSummedOfFractions(t *testing.T) {
	ninety := 89.99999999999999
	if g := Compute([]Scores{{ninety, ninety, Missing}, {ninety, 100, Missing}}); !g.Ceiling {
		t.Error("27 of 30 is below the ceiling")
	}
	if hundred := math.Nextafter(100, 0); !IsMissing(Scores{hundred, 100, Missing}.IndividualG()) {
		t.Error("whoever began at 100 but for a rounding error has an individual g")
	}
	for n := 20; n <= 3000; n += 20 { // 15 % exactly raises no flag, one more does
		list := make([]Scores, n)
		for i := range list {
			list[i] = Scores{50, 60, Missing}
			if i < n*15/100 {
				list[i].Pre = 90
			}
		}
		if Compute(list).Ceiling {
			t.Fatalf("%d of %d are more than 15 %%", n*15/100, n)
		}
		if list[n-1].Pre = 90; !Compute(list).Ceiling {
			t.Fatalf("%d of %d are not more than 15 %%", n*15/100+1, n)
		}
	}
}

// TestASummaryIsTheGains: what is computed from counts and sums is what is computed from everybody's scores.
func TestASummaryIsTheGains(t *testing.T) {
	score := rapid.OneOf(rapid.Just(Missing), rapid.Just(100.0), rapid.Float64Range(0, 100))
	rapid.Check(t, func(t *rapid.T) {
		var list []Scores
		matched, pre, post := 0, 0.0, 0.0
		for range rapid.IntRange(0, 12).Draw(t, "people") {
			s := Scores{score.Draw(t, "before"), score.Draw(t, "after"), Missing}
			if list = append(list, s); s.Matched() {
				matched, pre, post = matched+1, pre+s.Pre, post+s.Post
			}
		}
		got, want := Summarise(len(list), matched, pre, post), Compute(list).Summary
		if got.Matched != want.Matched || got.Lost != want.Lost {
			t.Fatalf("%+v, not %+v", got, want)
		}
		for _, x := range [][2]float64{{got.MeanPre, want.MeanPre}, {got.MeanPost, want.MeanPost}, {got.G, want.G}} {
			if IsMissing(x[0]) != IsMissing(x[1]) || math.Abs(x[0]-x[1]) > 1e-6 {
				t.Fatalf("%+v, not %+v", got, want)
			}
		}
	})
}
