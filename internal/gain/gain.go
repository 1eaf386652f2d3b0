// Package gain computes what a test says of a group: how much more the same people knew afterwards, and what of it was left
// later. It knows plain numbers alone, so that the report and the command that reads a spreadsheet have the same figures;
// docs/evidence.md defines them. Whether a figure may be shown is not decided here, see package disclosure.
package gain

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Missing stands for a score that there is not. Ask with [IsMissing]: it is not equal to itself.
var Missing = math.NaN()

// IsMissing says whether there is no such score or figure.
func IsMissing(x float64) bool { return math.IsNaN(x) }

// Scores are one participant's percent scores, from 0 to 100, on the forms taken before, after and later.
type Scores struct {
	Pre, Post, Later float64
}

// Rounding is what a score, which may have been summed of fractions, can be off by: 27 of 30 marks come out as
// 89.99999999999999.
const Rounding = 1e-9

// Matched says whether the participant counts in the gain: both before and after are finished.
func (s Scores) Matched() bool { return !IsMissing(s.Pre) && !IsMissing(s.Post) }

// Followed says whether the participant counts in what was retained.
func (s Scores) Followed() bool { return s.Matched() && !IsMissing(s.Later) }

// IndividualG returns (post - pre) / (100 - pre), which is [Missing] for a participant who began at 100 or is not matched.
// It is a grade to nobody: measurement error biases it, and it is shown as a footnote only.
func (s Scores) IndividualG() float64 {
	if !s.Matched() || s.Pre >= 100-Rounding {
		return Missing
	}
	return (s.Post - s.Pre) / (100 - s.Pre)
}

// Band is the band of a gain after Hake (1998).
type Band string

// The bands. A gain that cannot be computed has none.
const (
	NoBand     Band = ""
	lowBand    Band = "low"    // below 0.3
	mediumBand Band = "medium" // 0.3 to 0.7
	highBand   Band = "high"   // above 0.7
)

// bandOf returns the band of a gain.
func bandOf(g float64) Band {
	switch {
	case IsMissing(g):
		return NoBand
	case g < 0.3:
		return lowBand
	case g <= 0.7:
		return mediumBand
	}
	return highBand
}

// Limits of the ceiling flag: it is raised when more than this many of a hundred of the matched scored this much before.
const (
	ceilingScore = 90
	ceilingShare = 15
)

// leastGain is the least mean gain, in percentage points, of which a part can be said to be retained.
const leastGain = 1

// Summary is the line of a group in a list: of its [Gain], what counts and sums are enough for.
type Summary struct {
	Matched int // finished both before and after
	Lost    int // everybody else who was counted; of those in a report some may wait for a test that is not due yet

	MeanPre, MeanPost float64 // per cent, of the matched
	G                 float64 // Difference / (100 - MeanPre): the headline
}

// Summarise returns the summary of so many people, of whose matched these are the sums of the scores before and after.
func Summarise(all, matched int, sumPre, sumPost float64) Summary {
	s := Summary{Matched: matched, Lost: all - matched, MeanPre: Ratio(sumPre, float64(matched)), MeanPost: Ratio(sumPost, float64(matched))}
	s.G = hake(s.MeanPre, s.MeanPost-s.MeanPre)
	return s
}

// hake returns the share of what could still be gained that was.
func hake(meanPre, difference float64) float64 { return Ratio(difference, 100-meanPre) }

// Gain is what a test says of a group: how much more the same people knew afterwards. Figures that cannot be computed are
// [Missing]. The definitions are those of docs/evidence.md: R. R. Hake, "Interactive-engagement versus traditional methods",
// American Journal of Physics 66 (1998), for g; the paired t interval and Cohen's dz for the difference.
type Gain struct {
	Summary
	SDPre, SDPost     float64 // with n-1
	PreLow, PreHigh   float64 // 95 % interval of MeanPre
	PostLow, PostHigh float64 // 95 % interval of MeanPost

	Difference float64 // MeanPost - MeanPre, in percentage points
	SD         float64 // of the individual differences, with n-1
	Low, High  float64 // 95 % paired t interval of Difference
	DZ         float64 // Difference / SD
	Band       Band
	MeanG      float64 // mean of the individual g, where defined: a footnote
	Ceiling    bool    // more than 15 % had 90 or more before: the test could not show what they learned
	Later      Retention
}

// Constant says whether all of the matched gained the same: there is no spread then, and an interval of no width, computed of it,
// would claim to know of others what was seen of these alone.
func (g Gain) Constant() bool { return g.Matched > 1 && g.SD < Rounding }

// Retention is what was left later, of those who have all three scores.
type Retention struct {
	N                            int
	MeanPre, MeanPost, MeanLater float64
	LaterLow, LaterHigh          float64 // 95 % interval of MeanLater
	// Share is (MeanLater - MeanPre) / (MeanPost - MeanPre). Nothing can be retained where nothing was gained, and next to
	// nothing makes any share: it is Missing unless these people's mean gain is at least a percentage point and the lower
	// bound of its 95 % interval above zero.
	Share float64
}

// Compute returns the gain of a group of participants.
func Compute(all []Scores) Gain {
	var pre, post, difference, individual []float64
	var latePre, latePost, later []float64
	high := 0
	for _, s := range all {
		if !s.Matched() {
			continue
		}
		pre, post, difference = append(pre, s.Pre), append(post, s.Post), append(difference, s.Post-s.Pre)
		if g := s.IndividualG(); !IsMissing(g) {
			individual = append(individual, g)
		}
		if s.Pre >= ceilingScore-Rounding {
			high++
		}
		if s.Followed() {
			latePre, latePost, later = append(latePre, s.Pre), append(latePost, s.Post), append(later, s.Later)
		}
	}
	g := Gain{Summary: Summary{Matched: len(pre), Lost: len(all) - len(pre)}}
	g.MeanPre, g.SDPre, g.PreLow, g.PreHigh = spread(pre)
	g.MeanPost, g.SDPost, g.PostLow, g.PostHigh = spread(post)
	g.Difference, g.SD, g.Low, g.High = spread(difference)
	g.DZ = Ratio(g.Difference, g.SD)
	g.G = hake(g.MeanPre, g.Difference)
	g.Band = bandOf(g.G)
	g.MeanG, _, _, _ = spread(individual)
	g.Ceiling = 100*high > ceilingShare*g.Matched
	g.Later = retention(latePre, latePost, later)
	return g
}

func retention(pre, post, later []float64) Retention {
	r := Retention{N: len(later), Share: Missing}
	r.MeanPre, _, _, _ = spread(pre)
	r.MeanPost, _, _, _ = spread(post)
	r.MeanLater, _, r.LaterLow, r.LaterHigh = spread(later)
	gained := make([]float64, len(pre))
	for i := range pre {
		gained[i] = post[i] - pre[i]
	}
	if mean, _, low, _ := spread(gained); low > 0 && mean >= leastGain-Rounding { // false if there is no interval
		r.Share = Ratio(r.MeanLater-r.MeanPre, mean)
	}
	return r
}

// ForgetEarlier leaves of a retention what those whom the follow-up reached had then.
func (r *Retention) ForgetEarlier() { r.MeanPre, r.MeanPost, r.Share = Missing, Missing, Missing }

// spread returns mean, standard deviation (n-1) and 95 % t interval of the mean; missing where there are too few values.
func spread(x []float64) (mean, sd, low, high float64) {
	if len(x) == 0 {
		return Missing, Missing, Missing, Missing
	}
	if len(x) == 1 {
		return x[0], Missing, Missing, Missing
	}
	mean, sd = stat.MeanStdDev(x, nil)
	n := float64(len(x))
	half := quantile(n-1) * sd / math.Sqrt(n)
	return mean, sd, mean - half, mean + half
}

// quantile returns the 97.5 % quantile of Student's t. Welch's degrees of freedom are no whole number.
func quantile(freedom float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}.Quantile(0.975)
}

// Ratio returns a / b, and [Missing] where b is nothing.
func Ratio(a, b float64) float64 {
	if IsMissing(a) || IsMissing(b) || math.Abs(b) < 1e-9 {
		return Missing
	}
	return a / b
}

// Use says how many of those asked use the skills at work, with bounds for those who were silent.
type Use struct {
	Asked, Answered, Yes int
}

// Add counts one answer: yes, no, asked for silence, or "" for who was not asked.
func (u *Use) Add(answer string) {
	switch answer {
	case "":
		return
	case "yes":
		u.Yes++
		u.Answered++
	case "no":
		u.Answered++
	}
	u.Asked++
}

// Share returns yes / answers in per cent; Missing without answers.
func (u Use) Share() float64 { return 100 * Ratio(float64(u.Yes), float64(u.Answered)) }

// Bounds returns what the share would be, in per cent, were all the silent to say no, and were all to say yes.
func (u Use) Bounds() (low, high float64) {
	asked := float64(u.Asked)
	return 100 * Ratio(float64(u.Yes), asked), 100 * Ratio(float64(u.Yes+u.Asked-u.Answered), asked)
}
