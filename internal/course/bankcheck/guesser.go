package bankcheck

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"ostoja/internal/item"
)

// The surface guesser learns on a half of a bank how right choices look, and answers the other half by that: by length, digits,
// absolute and hedging words, place and words of the question, without reading any. Its score above chance, which is the mean of
// one by the number of choices, is what a bank tells to who has seen some of it.
const (
	leastGuessed = 40 // items; with fewer, the score has to be beyond two standard deviations of what chance gives
	mostAbove    = 0.05
	splits       = 40
	rounds       = 200  // of learning
	pace         = 0.5  // of it
	restraint    = 0.01 // what a weight costs: without it a half without any pattern is learned by heart
)

// features says what the guesser sees of a choice.
var features = []string{"length", "longest", "shortest", "digits", "absolute words", "hedges", "first place", "last place", "words of the question"}

// looks returns the features of each choice of a question.
func looks(q question, lang string) [][]float64 {
	mean, high, low := 0.0, 0, math.MaxInt
	for _, c := range q.choices {
		mean += float64(c.long) / float64(len(q.choices))
		high, low = max(high, c.long), min(low, c.long)
	}
	list := make([][]float64, len(q.choices))
	for i, c := range q.choices {
		list[i] = []float64{
			float64(c.long)/max(1, mean) - 1, one(c.long == high), one(c.long == low), one(strings.ContainsFunc(c.plain, unicode.IsDigit)),
			one(count(c.words, absolutes[lang]) > 0), one(count(c.words, hedges[lang]) > 0), one(i == 0), one(i == len(q.choices)-1),
			min(1, byEcho.worth(q, c, lang)/3),
		}
	}
	return list
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// example is a question as the guesser sees it.
type example struct {
	choices [][]float64
	key     int
}

// odds returns how probable each choice is by the weights (a conditional logit).
func (e example) odds(weights []float64) []float64 {
	p, sum := make([]float64, len(e.choices)), 0.0
	for i, x := range e.choices {
		dot := 0.0
		for j, w := range weights {
			dot += w * x[j]
		}
		p[i] = math.Exp(dot)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// learn returns the weights that make the keys of examples most probable.
func learn(list []example) []float64 {
	weights := make([]float64, len(features))
	for range rounds {
		slope := make([]float64, len(weights))
		for _, e := range list {
			p := e.odds(weights)
			for i, x := range e.choices {
				for j := range x {
					slope[j] += (one(i == e.key) - p[i]) * x[j] / float64(len(list))
				}
			}
		}
		for j := range weights {
			weights[j] += pace * (slope[j] - restraint*weights[j])
		}
	}
	return weights
}

// guess returns the mark for the most probable choice: a part of it, where several are.
func (e example) guess(weights []float64) float64 {
	p := e.odds(weights)
	most := slices.Max(p)
	n := 0
	for _, x := range p {
		if x > most-1e-9 {
			n++
		}
	}
	if p[e.key] > most-1e-9 {
		return 1 / float64(n)
	}
	return 0
}

// guessed returns what the guesser scores above chance, from -1 to 1, on halves that it has not seen, and the mean of its weights.
func guessed(list []example) (above float64, weights []float64) {
	weights = make([]float64, len(features))
	r := item.Source(seedOfAll, "guesser")
	n := 0
	for range splits {
		mixed := item.Shuffle(r, list)
		half := len(mixed) / 2
		learned := learn(mixed[:half])
		for j, w := range learned {
			weights[j] += w / splits
		}
		for _, e := range mixed[half:] {
			above += e.guess(learned) - 1/float64(len(e.choices))
			n++
		}
	}
	return above / float64(n), weights
}

// guesser judges what the surface of a bank tells.
func (r *report) guesser(b bank) {
	var list []example
	chance := 0.0
	for _, q := range b.keyed() {
		list = append(list, example{looks(q, b.lang), q.key})
		chance += 1 / float64(len(q.choices))
	}
	if len(list) < leastItems {
		return // there is nothing to learn from
	}
	chance /= float64(len(list))
	above, weights := guessed(list)
	f := statistic{
		Bank: b.name, Lang: b.lang, Name: fmt.Sprintf("guesser by the surface of %d items, above chance of %.0f %%", len(list), 100*chance), Got: fmt.Sprintf("%+.1f points", 100*above),
		Bound: fmt.Sprintf("at most %.0f points", 100*mostAbove), Verdict: holds, Hint: "it goes by " + strongest(weights),
	}
	switch {
	case above <= mostAbove:
	case len(list) < leastGuessed && above < 2*math.Sqrt(chance*(1-chance)/float64(len(list))):
		f.Verdict = tooFew
	default:
		f.Verdict = beyond
	}
	r.add(f)
}

// strongest names the features that weigh most.
func strongest(weights []float64) string {
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(weights[b]), math.Abs(weights[a])) })
	var names []string
	for _, i := range order[:3] {
		names = append(names, fmt.Sprintf("%s (%+.1f)", features[i], weights[i]))
	}
	return strings.Join(names, ", ")
}
