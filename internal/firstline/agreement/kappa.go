package agreement

import (
	"math"

	"ostoja/internal/firstline"
	"ostoja/internal/gain"
)

// steps is how many there are to choose from.
var steps = len(firstline.Urgencies)

// Counts say how often two chose what: Counts[i][j] is how many situations the one put at the i-th urgency and the other at the j-th.
type Counts [][]int

// NewCounts counts pairs of steps; a pair of which one is no step, for it was not said, counts for nothing.
func NewCounts(one, other []firstline.Urgency) Counts {
	c := make(Counts, steps)
	for i := range c {
		c[i] = make([]int, steps)
	}
	for k := range min(len(one), len(other)) {
		i, j := place(one[k]), place(other[k])
		if i >= 0 && j >= 0 {
			c[i][j]++
		}
	}
	return c
}

// Estimate is a figure with the limits of its interval; what cannot be computed is [gain.Missing].
type Estimate struct {
	Value, Low, High float64
}

// Known says whether there is such a figure.
func (e Estimate) Known() bool { return !gain.IsMissing(e.Value) }

// Bounded says whether it has an interval.
func (e Estimate) Bounded() bool { return !gain.IsMissing(e.Low) }

// Agreement says how far two agree.
type Agreement struct {
	N, Same  int      // situations of which both said something; of these, those with the same step
	Kappa    Estimate // Cohen's kappa: what chance alone would give is taken off
	Weighted Estimate // the same, where a neighbouring step is half right
}

// Share is the per cent of the same steps, or missing where there is nothing to compare.
func (a Agreement) Share() float64 {
	if a.N == 0 {
		return gain.Missing
	}
	return 100 * float64(a.Same) / float64(a.N)
}

// Agree computes how far two agree.
func Agree(c Counts) (a Agreement) {
	for i := range c {
		for j, n := range c[i] {
			a.N += n
			if i == j {
				a.Same += n
			}
		}
	}
	a.Kappa = kappa(c, a.N, func(i, j int) float64 {
		if i == j {
			return 1
		}
		return 0
	})
	// Linear weights: the steps are ordered, and nobody has said that two apart is worse than twice one apart, as squares would.
	a.Weighted = kappa(c, a.N, func(i, j int) float64 { return 1 - math.Abs(float64(i-j))/float64(len(c)-1) })
	return a
}

// quantile is that of the normal distribution for an interval of 95 per cent.
const quantile = 1.959963984540054

// kappa is the agreement beyond chance, (po - pe) / (1 - pe), with weights of agreement from 0 to 1 (Cohen, A coefficient of agreement for nominal
// scales, Educational and Psychological Measurement 20, 1960, equation 1; with weights: Cohen, Weighted kappa, Psychological Bulletin 70, 1968). Its
// interval takes the large-sample standard error of Fleiss, Cohen and Everitt (Large sample standard errors of kappa and weighted kappa,
// Psychological Bulletin 72, 1969), rough for as few as 20, and is cut at -1 and 1. Where both used one and the same step, chance alone agrees
// always, and there is no kappa; where the standard error is nought, as for two who agree in everything, there is no interval: it would say
// that twenty situations had made certain of it.
func kappa(c Counts, n int, weight func(i, j int) float64) Estimate {
	none := Estimate{gain.Missing, gain.Missing, gain.Missing}
	rows, columns := margins(c, n)
	if n == 0 || oneStep(c, n) {
		return none
	}
	share := func(i, j int) float64 { return float64(c[i][j]) / float64(n) }
	var observed, chance float64
	rowWeight, columnWeight := make([]float64, len(c)), make([]float64, len(c)) // mean weights of each row and column, over the other's margins
	for i := range c {
		for j := range c {
			w := weight(i, j)
			observed += w * share(i, j)
			chance += w * rows[i] * columns[j]
			rowWeight[i] += w * columns[j]
			columnWeight[j] += w * rows[i]
		}
	}
	e := Estimate{(observed - chance) / (1 - chance), gain.Missing, gain.Missing}
	var sum float64
	for i := range c {
		for j := range c {
			d := weight(i, j)*(1-chance) - (rowWeight[i]+columnWeight[j])*(1-observed)
			sum += share(i, j) * d * d
		}
	}
	rest := observed*chance - 2*chance + observed
	variance := (sum - rest*rest) / (float64(n) * math.Pow(1-chance, 4))
	if variance > gain.Rounding {
		half := quantile * math.Sqrt(variance)
		e.Low, e.High = math.Max(-1, e.Value-half), math.Min(1, e.Value+half)
	}
	return e
}

// margins are the shares of the steps that each of the two used.
func margins(c Counts, n int) (rows, columns []float64) {
	rows, columns = make([]float64, len(c)), make([]float64, len(c))
	for i := range c {
		for j := range c {
			rows[i] += float64(c[i][j]) / float64(max(n, 1))
			columns[j] += float64(c[i][j]) / float64(max(n, 1))
		}
	}
	return rows, columns
}

// oneStep says whether both used one and the same step in everything.
func oneStep(c Counts, n int) bool {
	for i := range c {
		if c[i][i] == n {
			return true
		}
	}
	return false
}
