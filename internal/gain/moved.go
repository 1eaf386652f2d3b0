package gain

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// DefaultCut is the score, in per cent, from which an objective counts as reached, where nobody says another.
const DefaultCut = 60

// Proportion is a share from 0 to 1, or a difference of two, with its 95 % interval.
type Proportion struct{ Value, Low, High float64 }

// Moved counts, of the same people before and after, who was at or above a cut.
type Moved struct {
	N        int
	Up, Down int // moved from below to at or above; from at or above to below
	Stayed   int // at or above both times
	// Share is the share who moved up, of all, with Wilson's interval (Journal of the American Statistical Association 22, 1927).
	Share Proportion
	// Net is how much larger the share at or above is after than before, by method 10 of R. G. Newcombe, "Improved confidence intervals
	// for the difference between binomial proportions based on paired data", Statistics in Medicine 17 (1998), 2635-2650.
	Net Proportion
}

// MovedOver counts who moved over a cut in per cent.
func MovedOver(cut float64, pairs []Pair) Moved {
	m := Moved{N: len(pairs)}
	for _, p := range pairs {
		before, after := p.Pre >= cut-Rounding, p.Post >= cut-Rounding
		switch {
		case before && after:
			m.Stayed++
		case after:
			m.Up++
		case before:
			m.Down++
		}
	}
	m.Share = wilson(m.Up, m.N)
	m.Net = newcombe(m.Stayed, m.Up, m.Down, m.N-m.Stayed-m.Up-m.Down)
	return m
}

const normal = 1.959963984540054 // 97.5 % quantile

// wilson is the score interval of a share.
func wilson(k, of int) Proportion {
	if of == 0 {
		return Proportion{Missing, Missing, Missing}
	}
	n, p := float64(of), float64(k)/float64(of)
	const z = normal
	mid, half := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	// Rounding must not put a bound that is 0 or 1, or the share itself, on the wrong side.
	return Proportion{p, min(p, max(0, (mid-half)/(1+z*z/n))), max(p, min(1, (mid+half)/(1+z*z/n)))}
}

// newcombe is the difference of the share after and that before: both are so many who stayed, with who moved up, and with who moved down.
func newcombe(stayed, up, down, never int) Proportion {
	n := stayed + up + down + never
	if n == 0 {
		return Proportion{Missing, Missing, Missing}
	}
	after, before := wilson(stayed+up, n), wilson(stayed+down, n)
	a, b, c, d := float64(stayed), float64(up), float64(down), float64(never)
	phi := 0.0
	if product := (a + b) * (c + d) * (a + c) * (b + d); product > 0 {
		cross := a*d - b*c
		if cross > 0 {
			cross = max(0, cross-float64(n)/2)
		}
		phi = cross / math.Sqrt(product)
	}
	off := func(x, y float64) float64 { return math.Sqrt(max(0, x*x-2*phi*x*y+y*y)) }
	net := after.Value - before.Value
	return Proportion{net, max(-1, net-off(after.Value-after.Low, before.High-before.Value)), min(1, net+off(after.High-after.Value, before.Value-before.Low))}
}

// Part is one training's estimate and its standard error.
type Part struct{ Value, SE float64 }

// Pooled is the estimate of several trainings together.
type Pooled struct {
	K int // trainings
	Proportion
	// Q is Cochran's: how much the trainings differ, against K-1 if they differ by chance alone. I2 is the share of it, from 0 to 1, that is
	// more than chance: J. P. T. Higgins and S. G. Thompson, Statistics in Medicine 21 (2002), 1539-1558.
	Q, I2 float64
}

// Unlike says whether the trainings differ by more than chance at the 5 % level (Cochran's Q against the chi-squared distribution with K-1
// degrees of freedom). I2 alone does not: of two trainings it is half of nothing as often as not.
func (p Pooled) Unlike() bool {
	return p.K > 1 && !IsMissing(p.Q) && distuv.ChiSquared{K: float64(p.K - 1)}.Survival(p.Q) < 0.05
}

// Pool weighs estimates by the inverse of their variance (L. V. Hedges and I. Olkin, Statistical Methods for Meta-Analysis, 1985): never a
// mean of means, in which a training of five counts as one of fifty. Parts without a standard error are left out. Where they are [Pooled.Unlike]
// the trainings did not do the same, and the pooled figure is an average of different things.
func Pool(parts []Part) Pooled {
	p := Pooled{Proportion: Proportion{Missing, Missing, Missing}, Q: Missing, I2: Missing}
	weights, sum := 0.0, 0.0
	for _, x := range parts {
		if !x.known() {
			continue
		}
		w := 1 / (x.SE * x.SE)
		p.K, weights, sum = p.K+1, weights+w, sum+w*x.Value
	}
	if p.K == 0 {
		return p
	}
	p.Value = sum / weights
	half := normal / math.Sqrt(weights)
	p.Low, p.High, p.Q, p.I2 = p.Value-half, p.Value+half, 0, 0
	for _, x := range parts {
		if x.known() {
			p.Q += (x.Value - p.Value) * (x.Value - p.Value) / (x.SE * x.SE)
		}
	}
	if p.K > 1 && p.Q > float64(p.K-1) {
		p.I2 = (p.Q - float64(p.K-1)) / p.Q
	}
	return p
}

func (x Part) known() bool { return !IsMissing(x.Value) && !IsMissing(x.SE) && x.SE > Rounding }
