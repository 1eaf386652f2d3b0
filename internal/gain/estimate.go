package gain

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// Estimate is a figure with its 95 % interval by Student's t. Bounds and freedom are [Missing] where there is no spread to tell them by.
type Estimate struct {
	Value, Low, High float64
	DF               float64 // degrees of freedom
}

// noEstimate stands for one that cannot be computed.
var noEstimate = Estimate{Missing, Missing, Missing, Missing}

// Bounded says whether the estimate has an interval.
func (e Estimate) Bounded() bool { return !IsMissing(e.Low) && !IsMissing(e.High) }

// Above says whether the whole interval lies above zero. It is the one thing by which an effect may be claimed.
func (e Estimate) Above() bool { return e.Bounded() && e.Low > Rounding }

// Below says whether the whole interval lies below zero.
func (e Estimate) Below() bool { return e.Bounded() && e.High < -Rounding }

// Apart says whether two intervals have nothing in common.
func (e Estimate) Apart(other Estimate) bool {
	return e.Bounded() && other.Bounded() && (e.Low > other.High || other.Low > e.High)
}

// student makes an estimate of a value, its variance and the degrees of freedom of this.
func student(value, variance, freedom float64) Estimate {
	e := Estimate{value, Missing, Missing, Missing}
	if IsMissing(variance) || variance < Rounding*Rounding || IsMissing(freedom) || freedom <= 0 {
		return e
	}
	half := quantile(freedom) * math.Sqrt(variance)
	e.Low, e.High, e.DF = value-half, value+half, freedom
	return e
}

// MeanOf is the mean of a sample with its interval.
func MeanOf(x []float64) Estimate {
	mean, sd, _, _ := spread(x)
	return ofMean(mean, sd, len(x))
}

// ofMean is the estimate of the mean of n people from their standard deviation.
func ofMean(mean, sd float64, n int) Estimate {
	if n < 2 {
		return Estimate{mean, Missing, Missing, Missing}
	}
	return student(mean, sd*sd/float64(n), float64(n-1))
}

// OfDifference is the paired difference as an estimate.
func (g Gain) OfDifference() Estimate { return ofMean(g.Difference, g.SD, g.Matched) }

// twoMeans are the means of two independent samples, with the variances of these means and Welch's degrees of freedom (B. L. Welch,
// Biometrika 34, 1947): nothing is assumed of how alike the two spread. It is not there for fewer than two people on either side.
type twoMeans struct {
	a, b     float64
	variance float64 // of a ± b
	freedom  float64
}

func welch(x, y []float64) (m twoMeans, ok bool) {
	if len(x) < 2 || len(y) < 2 {
		return m, false
	}
	var sx, sy float64
	m.a, sx = stat.MeanVariance(x, nil)
	m.b, sy = stat.MeanVariance(y, nil)
	vx, vy := sx/float64(len(x)), sy/float64(len(y))
	m.variance = vx + vy
	m.freedom = Ratio(1, (vx/m.variance)*(vx/m.variance)/float64(len(x)-1)+(vy/m.variance)*(vy/m.variance)/float64(len(y)-1))
	return m, true
}

// Crossed is what the crossing over of two forms tells: the difference of those who began with A and ended with B holds the gain and
// how much easier B is, that of the others the gain less this.
type Crossed struct {
	FirstA, FirstB         int     // people of each half
	DifferenceA            float64 // mean difference of those who began with A
	DifferenceB            float64
	FormEffect, FreeOfForm Estimate // how much easier B is, in percentage points; the gain free of it
}

// CrossOver estimates the effect of the form and the gain free of it from the individual differences of two crossed-over halves, after
// M. Hills and P. Armitage, "The two-period cross-over clinical trial", British Journal of Clinical Pharmacology 8 (1979), 7-20. It
// assumes that people were split by chance, and that a form is as much easier before as after. ok is false where a half has fewer than two.
func CrossOver(firstA, firstB []float64) (c Crossed, ok bool) {
	m, ok := welch(firstA, firstB)
	if !ok {
		return c, false
	}
	return Crossed{
		FirstA: len(firstA), FirstB: len(firstB), DifferenceA: m.a, DifferenceB: m.b,
		FormEffect: student((m.a-m.b)/2, m.variance/4, m.freedom), FreeOfForm: student((m.a+m.b)/2, m.variance/4, m.freedom),
	}, true
}

// Compare returns how much more the trained gained than people of a comparison, of both of whom the individual differences are given:
// the difference of the two mean differences with Welch's interval. ok is false where a side has fewer than two people.
//
// Nothing here makes a comparison fair: who waits may differ from who is trained, and people who wait for something they were promised
// may learn less meanwhile than they would have (J. A. Cunningham, K. Kypri, J. McCambridge, BMC Medical Research Methodology 13:150, 2013).
func Compare(trained, waiting []float64) (e Estimate, ok bool) {
	m, ok := welch(trained, waiting)
	if !ok {
		return noEstimate, false
	}
	return student(m.a-m.b, m.variance, m.freedom), true
}

// Needed returns how many matched people are needed to see a difference, in percentage points, with a power of 80 % at the two-sided 5 %
// level, if individual differences have this standard deviation: the normal approximation for a paired t test with the correction of
// half the squared quantile for small samples (W. C. Guenther, The American Statistician 35, 1981). 0 if that cannot be said.
func Needed(sd, difference float64) int {
	const level, power = 1.96, 0.8416
	if IsMissing(sd) || IsMissing(difference) || sd < Rounding || difference < Rounding {
		return 0
	}
	x := (level + power) * sd / difference
	return int(math.Ceil(x*x + level*level/2 - Rounding))
}
