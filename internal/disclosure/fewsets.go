package disclosure

import (
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// mostSets is how many sets are dealt with at once; the rest follows in the next round.
const mostSets = 256

// revealed returns sets of atoms, of fewer than [LeastGroup] people together, that the shown totals give away. If it returns
// none, there is none. It tells them by their marks, see [system.marks]: first groups, single atoms and pairs, and where
// none of these is given away threes and fours. Where more people than [LeastGroup] are needed it looks for groups alone.
func (s *system) revealed(marks []uint64, shown []*total) (sets [][]int) {
	for _, t := range s.few {
		if sum(marks, t.atoms) == 0 {
			sets = append(sets, t.atoms)
		}
	}
	if s.least > LeastGroup {
		return sets
	}
	byMark := map[uint64][]int{} // atoms by what would make their mark 0
	for atom, n := range s.sizes {
		if n >= LeastGroup {
			continue
		}
		if marks[atom] == 0 {
			sets = append(sets, []int{atom})
			continue
		}
		for _, other := range byMark[marks[atom]] {
			if s.sizes[other]+n < LeastGroup {
				sets = append(sets, []int{other, atom})
			}
		}
		if len(sets) >= mostSets {
			return sets
		}
		against := prime - marks[atom]
		byMark[against] = append(byMark[against], atom)
	}
	if len(sets) > 0 {
		return sets
	}
	return s.threesAndFours(marks, shown)
}

// threesAndFours looks for sets of three and four atoms. It compares sums of pairs, of which there are a great many, by a
// table of bits first.
func (s *system) threesAndFours(marks []uint64, shown []*total) [][]int {
	ones, twos := s.candidates(shown)
	if len(ones) < 2 {
		return nil
	}
	seen := newBitTable(len(ones) * len(ones) / 2)
	eachPair(ones, marks, func(_, _ int, sum uint64) { seen.set(sum) })
	thirds := map[uint64][]int{} // atoms whose mark some pair may take to 0, by the sum of such a pair
	for _, atom := range slices.Concat(ones, twos) {
		if against := prime - marks[atom]; seen.has(against) {
			thirds[against] = append(thirds[against], atom)
		}
	}
	// Pairs that some other pair may take to 0. Each has its opposite here too, unless the table errs.
	pairs := map[uint64][][2]int{}
	var sets [][]int
	eachPair(ones, marks, func(a, b int, sum uint64) {
		for _, c := range thirds[sum] {
			if c > b || s.sizes[c] == 2 { // a set of ones is met three times
				sets = append(sets, []int{a, b, c})
			}
		}
		if against := prime - sum; seen.has(against) {
			for _, other := range pairs[against] {
				if other[0] != a && other[0] != b && other[1] != a && other[1] != b {
					sets = append(sets, []int{other[0], other[1], a, b})
				}
			}
			pairs[sum] = append(pairs[sum], [2]int{a, b})
		}
	})
	return sets[:min(len(sets), mostSets)]
}

func eachPair(atoms []int, marks []uint64, fn func(a, b int, sum uint64)) {
	for i, a := range atoms {
		for _, b := range atoms[i+1:] {
			fn(a, b, plus(marks[a], marks[b]))
		}
	}
}

// bitTable remembers numbers below the prime; it may think that it met one that it did not.
type bitTable struct {
	bits  []uint64
	shift int
}

func newBitTable(n int) bitTable {
	size := max(10, bits.Len(uint(n))+5) // one bit in 32 is set at most
	return bitTable{make([]uint64, 1<<(size-6)), 61 - size}
}

func (t bitTable) set(x uint64) { t.bits[x>>t.shift>>6] |= 1 << (x >> t.shift & 63) }

func (t bitTable) has(x uint64) bool { return t.bits[x>>t.shift>>6]>>(x>>t.shift&63)&1 == 1 }

// fewCandidates is how many atoms are compared without looking for those that can be left out.
const fewCandidates = 500

// candidates returns the atoms of one and of two people that a computable set of three or four atoms may have.
//
// Let P project on the shown totals' space. If it holds the indicator v of a set S of k atoms, then Pv = v, so that each a in
// S has the sum over S of P[a,b] equal to 1. With P[a,b]² ≤ P[a,a]·P[b,b] and P[b,b] ≤ 1 follows P[a,a] ≥ 1/k². The P[a,a],
// leverages in the language of regression, add up to the number of totals: in a large population few atoms have so much.
func (s *system) candidates(shown []*total) (ones, twos []int) {
	small := 0
	for _, n := range s.sizes {
		if n <= 2 {
			small++
		}
	}
	leverage := func(int) float64 { return 1 }
	if small > fewCandidates {
		leverage = s.leverages(shown)
	}
	for atom, n := range s.sizes {
		if n > 2 || leverage(atom) < 1.0/16-1e-3 {
			continue
		}
		if n == 1 {
			ones = append(ones, atom)
		} else {
			twos = append(twos, atom)
		}
	}
	return ones, twos
}

// leverages returns a function that computes P[a,a] = m·G⁻¹·m for an atom whose column in the totals is m. A little is added
// to the diagonal of G, so that it has an inverse though some totals depend on others.
func (s *system) leverages(shown []*total) func(atom int) float64 {
	n := len(shown)
	place := make([]int, len(s.totals))
	g := mat.NewSymDense(n, nil)
	for i, t := range shown {
		place[t.row] = i + 1
		for j := range i + 1 {
			g.SetSym(i, j, float64(s.gram[t.row][shown[j].row]))
		}
		g.SetSym(i, i, g.At(i, i)+1e-6)
	}
	var c mat.Cholesky
	inverted := mat.NewSymDense(n, nil)
	if !c.Factorize(g) || c.InverseTo(inverted) != nil {
		return func(int) float64 { return 1 }
	}
	return func(atom int) float64 {
		sum := 0.0
		for _, a := range s.of[atom] {
			for _, b := range s.of[atom] {
				if place[a] > 0 && place[b] > 0 {
					sum += inverted.At(place[a]-1, place[b]-1)
				}
			}
		}
		return sum
	}
}
