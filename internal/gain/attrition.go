package gain

import "gonum.org/v1/gonum/stat"

// Pair is one person's score before and at a later test.
type Pair struct{ Pre, Post float64 }

// Attrition says what the people who sat the test before and not the one after may do to the difference of those who sat both. People
// who vanish are seldom like those who stay: J. M. Nissen, R. Donatello and B. Van Dusen, "Missing data and bias in physics education
// research", Physical Review Physics Education Research 15, 020106 (2019), found complete cases to overstate gain.
type Attrition struct {
	Matched, Lost           int     // lost are those with a score before alone
	MeanPre, MeanPreMatched float64 // of the lost; of the matched
	MeanPreAll              float64
	// NothingGained is the mean difference of all, were the lost to have gained nothing; Worst and Best were they to score 0 and 100.
	NothingGained, Worst, Best float64
	Slope                      float64 // of the difference on the score before, among the matched
	// Regression is the mean difference of all if the lost had gained as the matched of the same score before did.
	Regression Estimate
}

// AttritionOf computes what the lost, of whom the scores before are given, may do to the difference of the matched.
//
// The regression estimate is that of two-phase sampling (W. G. Cochran, Sampling Techniques, 3rd edition 1977, chapter 12): the score
// before is known of all, the difference of the matched alone. It holds where whether somebody is lost depends on the score before and on
// nothing else that has to do with the gain; where it depends on what is behind the score, it corrects a part alone (docs/evidence.md
// says how much, measured).
func AttritionOf(matched []Pair, lost []float64) Attrition {
	n, m := float64(len(matched)), float64(len(lost))
	a := Attrition{
		Matched: len(matched), Lost: len(lost), MeanPre: Missing, MeanPreMatched: Missing, MeanPreAll: Missing,
		NothingGained: Missing, Worst: Missing, Best: Missing, Slope: Missing, Regression: noEstimate,
	}
	if len(lost) > 0 {
		a.MeanPre = stat.Mean(lost, nil)
	}
	if len(matched) == 0 {
		return a
	}
	pre, difference := make([]float64, len(matched)), make([]float64, len(matched))
	for i, p := range matched {
		pre[i], difference[i] = p.Pre, p.Post-p.Pre
	}
	a.MeanPreMatched = stat.Mean(pre, nil)
	a.MeanPreAll = a.MeanPreMatched
	mean, before := stat.Mean(difference, nil), 0.0
	if len(lost) > 0 {
		a.MeanPreAll, before = (n*a.MeanPreMatched+m*a.MeanPre)/(n+m), a.MeanPre
	}
	a.NothingGained = n * mean / (n + m)
	a.Worst, a.Best = (n*mean-m*before)/(n+m), (n*mean+m*(100-before))/(n+m)
	a.regress(pre, difference, mean)
	return a
}

// regress computes the regression estimate. It needs three people, and scores before that differ.
func (a *Attrition) regress(pre, difference []float64, mean float64) {
	n := float64(len(pre))
	if len(pre) < 3 {
		return
	}
	sxx, sxy, syy := 0.0, 0.0, 0.0
	for i := range pre {
		x, y := pre[i]-a.MeanPreMatched, difference[i]-mean
		sxx, sxy, syy = sxx+x*x, sxy+x*y, syy+y*y
	}
	if sxx < Rounding {
		return
	}
	a.Slope = sxy / sxx
	residual := max(0, syy-sxy*sxy/sxx) / (n - 2)
	off := a.MeanPreAll - a.MeanPreMatched
	// The second term is what the slope explains. Where it explains nothing the estimate of this may fall below zero by chance, and
	// a variance less than that of the matched alone would claim to know more than they tell.
	variance := residual*(1/n+off*off/sxx) + max(0, syy/(n-1)-residual)/(n+float64(a.Lost))
	a.Regression = student(mean+a.Slope*off, variance, n-2)
	if syy < Rounding { // all gained the same
		a.Regression = Estimate{mean, Missing, Missing, Missing}
	}
}

// Lean is which way the loss of people probably moves the difference of the matched.
type Lean string

// The ways. Of an estimate that says the same to within half a percentage point nothing is said.
const (
	LeanNone   Lean = "none"   // nobody is lost
	LeanOpen   Lean = "open"   // it cannot be told
	LeanOver   Lean = "over"   // the matched probably overstate the gain
	LeanUnder  Lean = "under"  // they probably understate it
	LeanLittle Lean = "little" // by score before, the lost are much like the matched
)

// leastLean is the least difference of the two estimates, in percentage points, of which a direction is told.
const leastLean = 0.5

// Lean compares the regression estimate with the difference of the matched.
func (a Attrition) Lean(matched float64) Lean {
	off := a.Regression.Value - matched
	switch {
	case a.Lost == 0:
		return LeanNone
	case IsMissing(off):
		return LeanOpen
	case off < -leastLean:
		return LeanOver
	case off > leastLean:
		return LeanUnder
	}
	return LeanLittle
}

// ForgetImpossible leaves out a regression estimate that no scores of the lost could bring: where these lie far from the scores of the
// matched, a line through the latter leads anywhere.
func (a *Attrition) ForgetImpossible() {
	if v := a.Regression.Value; v < a.Worst-Rounding || v > a.Best+Rounding {
		a.Regression = noEstimate
	}
}

// ForgetLost leaves of an attrition what is told without the scores of the lost.
func (a *Attrition) ForgetLost() {
	a.MeanPre, a.MeanPreAll, a.Worst, a.Best, a.Regression = Missing, Missing, Missing, Missing, noEstimate
}
