package disclosure

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// total is a sum over people that may be published: those of a cell who are in a layer.
type total struct {
	cell, layer int
	n           int   // people
	atoms       []int // ascending: the atoms that it sums
	row         int   // in the Gram matrix
}

// system is one kind of figure of a population. The unknowns are the sums over its atoms: people of one kind and in the same
// layers, who are in the same totals. Each shown total is the sum of some of them.
type system struct {
	least  int      // of people whom a total must have to be shown: [LeastGroup] or more
	sizes  []int    // people of each atom
	of     [][]int  // the rows of each atom's totals
	totals []*total // of so many people; the whole first, then large before small
	few    []*total // of fewer
	gram   [][]uint64
}

func newSystem(c *census, layers []uint16, d depth, least int, may func(cell int) bool) *system {
	s := &system{least: least}
	patterns := slices.Clone(layers) // of layers that people are in: a few of all that there could be
	slices.Sort(patterns)
	patterns = slices.DeleteFunc(slices.Compact(patterns), func(p uint16) bool { return p == 0 })
	place := make(map[uint16]int, len(patterns))
	for i, p := range patterns {
		place[p] = i
	}
	count := make([]int, len(c.kinds)*len(patterns))
	for i, kind := range c.kindOf {
		if layers[i] != 0 {
			count[kind*len(patterns)+place[layers[i]]]++
		}
	}
	byCell := make([]*total, len(c.cells)*d.all)
	for key, n := range count {
		if n == 0 {
			continue
		}
		atom, pattern := len(s.sizes), patterns[key%len(patterns)]
		s.sizes = append(s.sizes, n)
		for _, cell := range c.kinds[key/len(patterns)] {
			for layer := range d.all {
				if pattern>>layer&1 == 0 || !may(cell) || layer >= d.groups && cell != 0 { // the whole is the first cell
					continue
				}
				t := byCell[cell*d.all+layer]
				if t == nil {
					t = &total{cell: cell, layer: layer}
					byCell[cell*d.all+layer] = t
				}
				t.n += n
				t.atoms = append(t.atoms, atom)
			}
		}
	}
	for _, t := range byCell {
		switch {
		case t == nil:
		case t.n < least:
			s.few = append(s.few, t)
		default:
			s.totals = append(s.totals, t)
		}
	}
	slices.SortStableFunc(s.totals, func(a, b *total) int {
		return cmp.Or(cmp.Compare(a.layer, b.layer), cmp.Compare(min(a.cell, 1), min(b.cell, 1)), cmp.Compare(b.n, a.n), cmp.Compare(a.cell, b.cell))
	})
	s.multiply()
	return s
}

// multiply makes the Gram matrix: how many atoms two totals share.
func (s *system) multiply() {
	s.of, s.gram = make([][]int, len(s.sizes)), make([][]uint64, len(s.totals))
	for row, t := range s.totals {
		t.row, s.gram[row] = row, make([]uint64, len(s.totals))
		for _, atom := range t.atoms {
			s.of[atom] = append(s.of[atom], row)
		}
	}
	for _, rows := range s.of {
		for i, a := range rows {
			for _, b := range rows[:i+1] { // ascending
				s.gram[a][b]++
			}
		}
	}
	for a := range s.gram {
		for b := range a {
			s.gram[b][a] = s.gram[a][b]
		}
	}
}

// protect returns those of the open totals that may be shown beside the fixed ones, which are safe by themselves.
func (s *system) protect(fixed, open []*total) []*total {
	shown := slices.Concat(fixed, open)
	f := &factors{}
	for len(shown) > len(fixed) {
		s.extend(f, shown)
		marks := s.marks(f, shown)
		sets := s.revealed(marks, shown)
		if len(sets) == 0 {
			return s.restore(shown[len(fixed):], open, marks)
		}
		hide := s.toHide(f, shown, len(fixed), sets)
		if len(hide) == 0 { // would mean that the fixed ones are not safe by themselves; show no more then
			break
		}
		f.keep(slices.Min(hide))
		for i := len(shown) - 1; i >= len(fixed); i-- {
			if slices.Contains(hide, i) {
				shown = slices.Delete(shown, i, i+1)
			}
		}
	}
	return nil
}

// extend factors the Gram matrix of the shown totals as far as it is not yet.
func (s *system) extend(f *factors, shown []*total) {
	row := make([]uint64, len(shown))
	for i := len(f.lower); i < len(shown); i++ {
		for j := range i + 1 {
			row[j] = s.gram[shown[i].row][shown[j].row]
		}
		f.add(row[:i+1])
	}
}

// marks returns a number for each atom, such that a set of atoms is computable from the shown totals if and, but for chance
// of the order of 2^-61, only if its numbers add up to 0: they are what is left of random numbers when the part that lies in
// the totals' space is taken away, and so at right angles to this space and to nothing else.
func (s *system) marks(f *factors, shown []*total) []uint64 {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // directions, not secrets; the same ones every time
	marks := make([]uint64, len(s.sizes))
	for atom := range marks {
		marks[atom] = random.Uint64N(prime)
	}
	sums := make([]uint64, len(shown))
	for i, t := range shown {
		sums[i] = sum(marks, t.atoms)
	}
	x := make([]uint64, len(s.totals))
	for i, c := range f.solve(sums) {
		x[shown[i].row] = c
	}
	for atom, rows := range s.of {
		for _, row := range rows {
			marks[atom] = minus(marks[atom], x[row])
		}
	}
	return marks
}

func sum(marks []uint64, atoms []int) (total uint64) {
	for _, atom := range atoms {
		total = plus(total, marks[atom])
	}
	return total
}

// toHide returns the places of shown totals to hide, so that none of the sets can be computed as it can now: of the totals
// that its computation takes, the last one, which is the smallest.
func (s *system) toHide(f *factors, shown []*total, fixed int, sets [][]int) (hide []int) {
	gone := make([]bool, len(shown))
	place := make([]int, len(s.totals))
	for i, t := range shown {
		place[t.row] = i + 1
	}
	for _, set := range sets {
		b := make([]uint64, len(shown))
		for _, atom := range set {
			for _, row := range s.of[atom] {
				if place[row] > 0 {
					b[place[row]-1]++
				}
			}
		}
		last, broken := -1, false
		for i, c := range f.solve(b) {
			if c != 0 {
				last, broken = i, broken || gone[i]
			}
		}
		if !broken && last >= fixed {
			gone[last] = true
			hide = append(hide, last)
		}
	}
	return hide
}

// restore adds those totals that can be computed from the shown ones: hiding them protects nobody, since it makes nothing
// unknown.
func (s *system) restore(shown, open []*total, marks []uint64) []*total {
	for _, t := range open {
		if !slices.Contains(shown, t) && sum(marks, t.atoms) == 0 {
			shown = append(shown, t)
		}
	}
	return shown
}
