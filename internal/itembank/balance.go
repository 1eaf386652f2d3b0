package itembank

import (
	"cmp"
	"math"
	"slices"

	"ostoja/internal/gain"
	"ostoja/internal/item"
)

// PoolItem is what the forms are balanced by.
type PoolItem struct {
	ID        string
	Objective string
	Level     int
	Type      string
	Facility  float64 // of earlier sittings, 0 to 1; [gain.Missing] if it was never sat
}

// assemble deals items of a pool to parallel forms, the given number of each objective to each form. The method is stated on
// the form's page, so it is kept simple, and the same pool always gives the same forms:
//
//  1. Within each objective the items are sorted by level, facility, type and id.
//  2. They are dealt in a snake: A B C, C B A, and so on; the next objective begins with the next form.
//  3. While exchanging two items of one objective between two forms lowers the imbalance, the exchange that lowers it most
//     is made.
//
// An objective with too few items gives as many to each form as there are for all. It returns the items of each form.
func assemble(pool []PoolItem, forms, each int) [][]PoolItem {
	byObjective := map[string][]PoolItem{}
	var objectives []string
	for _, it := range pool {
		if byObjective[it.Objective] == nil {
			objectives = append(objectives, it.Objective)
		}
		byObjective[it.Objective] = append(byObjective[it.Objective], it)
	}
	slices.Sort(objectives)
	dealt := make([][]PoolItem, forms)
	for first, objective := range objectives {
		items := byObjective[objective]
		slices.SortFunc(items, func(a, b PoolItem) int {
			return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(orHalf(a.Facility), orHalf(b.Facility)), cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
		})
		n := min(each, len(items)/forms)
		for i, it := range spaced(items, n*forms) {
			round, place := i/forms, i%forms
			if round%2 == 1 {
				place = forms - 1 - place
			}
			f := (place + first) % forms
			dealt[f] = append(dealt[f], it)
		}
	}
	exchange(dealt)
	return dealt
}

// spaced picks n of a sorted list at even distances, so that all levels are there, not the lowest alone.
func spaced(list []PoolItem, n int) []PoolItem {
	picked := make([]PoolItem, n)
	for i := range picked {
		picked[i] = list[i*len(list)/n]
	}
	return picked
}

func orHalf(facility float64) float64 {
	if gain.IsMissing(facility) {
		return 0.5
	}
	return facility
}

// exchange improves a deal step by step. Each step lowers the imbalance, so it ends.
func exchange(forms [][]PoolItem) {
	type swap struct{ f, i, g, j int }
	for {
		current := balanceOf(forms).sum()
		best, bestSum := swap{}, current-1e-9
		for f := range forms {
			for g := f + 1; g < len(forms); g++ {
				for i, a := range forms[f] {
					for j, b := range forms[g] {
						if a.Objective != b.Objective {
							continue
						}
						forms[f][i], forms[g][j] = b, a
						if sum := balanceOf(forms).sum(); sum < bestSum {
							best, bestSum = swap{f, i, g, j}, sum
						}
						forms[f][i], forms[g][j] = a, b
					}
				}
			}
		}
		if bestSum >= current-1e-9 {
			return
		}
		forms[best.f][best.i], forms[best.g][best.j] = forms[best.g][best.j], forms[best.f][best.i]
	}
}

// Balance says how far apart the two forms of a test that differ most are, in each respect from 0 (alike) to 1.
type Balance struct {
	Objectives float64 // share of the items that would have to move for equal numbers of each objective
	Level      float64 // difference of the mean levels, of the 3 that it can be
	Types      float64 // share of the items that would have to change their type
	Facility   float64 // difference of the mean facilities of earlier sittings; Missing if no item of some form was sat
}

// Limits of what is said of a balance.
const (
	balancedTo = 0.05
	nearlyTo   = 0.10
)

// worst returns the greatest of the measures.
func (b Balance) worst() float64 {
	return max(b.Objectives, b.Level, b.Types, orNothing(b.Facility))
}

// Verdict says the same in a word: balanced (no measure above 0.05), nearly (0.10), unbalanced.
func (b Balance) Verdict() string {
	switch w := b.worst(); {
	case w <= balancedTo+1e-9:
		return "balanced"
	case w <= nearlyTo+1e-9:
		return "nearly"
	}
	return "unbalanced"
}

func (b Balance) sum() float64 { return b.Objectives + b.Level + b.Types + orNothing(b.Facility) }

func orNothing(x float64) float64 {
	if gain.IsMissing(x) {
		return 0
	}
	return x
}

// balanceOf measures the balance of forms.
func balanceOf(forms [][]PoolItem) Balance {
	b := Balance{Facility: gain.Missing}
	for i := range forms {
		for j := i + 1; j < len(forms); j++ {
			x, y := forms[i], forms[j]
			if len(x) == 0 || len(y) == 0 {
				return Balance{1, 1, 1, gain.Missing}
			}
			b.Objectives = max(b.Objectives, apart(x, y, func(it PoolItem) string { return it.Objective }))
			b.Types = max(b.Types, apart(x, y, func(it PoolItem) string { return it.Type }))
			b.Level = max(b.Level, math.Abs(meanOf(x, func(it PoolItem) float64 { return float64(it.Level) })-meanOf(y, func(it PoolItem) float64 { return float64(it.Level) }))/(item.MostLevel-1))
			facility := math.Abs(meanOf(x, func(it PoolItem) float64 { return it.Facility }) - meanOf(y, func(it PoolItem) float64 { return it.Facility }))
			if !gain.IsMissing(facility) {
				b.Facility = max(orNothing(b.Facility), facility)
			}
		}
	}
	return b
}

// apart returns the share of items that differ in kind between two forms. It counts in whole numbers: a sum of fractions would
// depend on the order in which a map is read, and with it which of two equal exchanges is made.
func apart(x, y []PoolItem, kind func(PoolItem) string) float64 {
	diff := map[string]int{} // of the shares, times both lengths
	for _, it := range x {
		diff[kind(it)] += len(y)
	}
	for _, it := range y {
		diff[kind(it)] -= len(x)
	}
	sum := 0
	for _, d := range diff {
		sum += max(d, -d)
	}
	return float64(sum) / float64(2*len(x)*len(y))
}

// meanOf returns the mean of what is known; Missing if nothing is.
func meanOf(items []PoolItem, of func(PoolItem) float64) float64 {
	sum, n := 0.0, 0
	for _, it := range items {
		if x := of(it); !gain.IsMissing(x) {
			sum, n = sum+x, n+1
		}
	}
	return gain.Ratio(sum, float64(n))
}
