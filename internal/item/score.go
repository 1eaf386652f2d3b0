package item

import (
	"math"
	"slices"

	"ostoja/internal/text"
)

// Score returns the share of the full mark, from 0 to 1 (docs/course-format.md, "Items").
func (it *Item) Score(a Answer) float64 {
	switch it.Type {
	case Single, Step:
		if len(a.Chosen) == 1 {
			if o := it.option(a.Chosen[0]); o != nil {
				return o.share()
			}
		}
	case Multiple:
		return it.scoreMultiple(a)
	case Order:
		return it.scoreOrder(a)
	case Match:
		return it.scoreMatch(a)
	case Number:
		// The margin keeps 0.1+0.2 from failing against 0.3.
		if a.Number != nil && math.Abs(*a.Number-it.Answer) <= it.Tolerance+1e-9 {
			return 1
		}
	case ShortText:
		given := text.Answer(a.Text)
		for _, accepted := range it.Accept { // of every language: a person may know the word in another one than the course's
			for _, s := range accepted {
				if given != "" && text.Answer(s) == given {
					return 1
				}
			}
		}
	}
	return 0
}

func (it *Item) scoreMultiple(a Answer) float64 {
	right, wrong, all := 0, 0, 0
	for _, o := range it.Options {
		chosen := slices.Contains(a.Chosen, o.ID)
		switch {
		case o.Correct && chosen:
			right++
		case chosen:
			wrong++
		}
		if o.Correct {
			all++
		}
	}
	if all == 0 {
		return 0
	}
	return max(0, float64(right-wrong)/float64(all))
}

// scoreOrder counts the neighbours that follow each other rightly, each pair once: no form gives a step twice, and an answer that does is
// worth no more for it. Steps that share a place are in no order.
func (it *Item) scoreOrder(a Answer) float64 {
	rank := map[string]int{}
	for i, s := range it.Steps {
		rank[s.ID] = i
	}
	right := map[int]bool{} // by the rank of the first
	for i := 0; i+1 < len(a.Chosen); i++ {
		this, next := a.Chosen[i], a.Chosen[i+1]
		if a.Pairs[this] == a.Pairs[next] && a.Pairs[this] != "" {
			continue
		}
		r, known := rank[this]
		q, alsoKnown := rank[next]
		if known && alsoKnown && q == r+1 {
			right[r] = true
		}
	}
	if len(it.Steps) < 2 {
		return 0
	}
	return float64(len(right)) / float64(len(it.Steps)-1)
}

func (it *Item) scoreMatch(a Answer) float64 {
	right := 0
	for _, p := range it.Pairs {
		if a.Pairs[p.ID] == p.ID {
			right++
		}
	}
	if len(it.Pairs) == 0 {
		return 0
	}
	return float64(right) / float64(len(it.Pairs))
}
