package assessment

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
)

// LeastGroup is the least number of people whose figures are shown (docs/evidence.md).
const LeastGroup = 5

// Membership says in which group of each dimension a matched participant is, and at which follow-ups they have a score. All
// memberships of a population have the same number of groups and of follow-ups.
type Membership struct {
	Groups   []string // one a dimension, in the dimensions' order
	Followed []bool   // one a follow-up, in their order
}

// Cell is a group: a dimension's place in [Membership] and the group's name in it.
type Cell struct {
	Dimension int
	Group     string
}

// Shown says whose figures may be published: the totals of which groups.
type Shown struct {
	cells map[layered]bool
}

// layered is a cell in a layer: 0 is the gain, n the n-th follow-up.
type layered struct {
	cell  Cell
	layer int
}

// Total says whether the figures of before and after of everybody may be shown.
func (s Shown) Total() bool { return s.Gain(whole) }

// Gain says whether the group's figures of before and after may be shown.
func (s Shown) Gain(c Cell) bool { return s.cells[layered{c, 0}] }

// Later says whether the group's figures of a follow-up, by its place in [Membership], may be shown.
func (s Shown) Later(c Cell, followUp int) bool { return s.cells[layered{c, followUp + 1}] }

// TotalLater says whether the figures of a follow-up of everybody may be shown.
func (s Shown) TotalLater(followUp int) bool { return s.Later(whole, followUp) }

// Suppress decides which totals of a population may be published together, so that nobody can compute the figures of a
// group below [LeastGroup]:
//
//  1. A group of fewer is not shown.
//  2. In a dimension in which groups are hidden, the hidden ones together are no fewer, since the total less the shown ones
//     gives their sum: while they are fewer, the smallest shown group is hidden too.
//  3. No shown group is another one less a few: of such two the smaller is hidden.
//  4. No hidden small group is a sum and difference of shown totals, across all dimensions and all times, however many of
//     them: the indicator vector of its people does not lie in the space that the shown totals' vectors span. Where it does,
//     the smallest shown group that contributes is hidden, and the test is made again.
//
// The figures of each follow-up are totals of their own, over the people who have a score there, with their means before and
// after; all follow-ups are judged together, since reports of several can be read side by side. What a person who holds the
// same report of an earlier day learns from the difference of the two is beyond this; "How we count" says so.
func Suppress(people []Membership) Shown {
	p := newPopulation(people)
	p.hideSmall()
	for changed := true; changed; {
		changed = p.hideUnions() || p.hideDifferences() || p.hideComputable()
	}
	s := Shown{cells: map[layered]bool{}}
	for _, t := range p.totals {
		if !t.hidden {
			s.cells[layered{t.cell, t.layer}] = true
		}
	}
	return s
}

var whole = Cell{Dimension: -1}

// total is a published or hidden total: of a group, or of everybody, over all matched or those with a score at a follow-up.
type total struct {
	cell   Cell
	layer  int // see layered
	n      int
	atoms  []int // ascending: the kinds of people that it sums
	hidden bool
	vector []float64 // indicator of its people, see draw
}

// population is the people by kind: those who are in the same groups throughout cannot be told apart, and are one atom.
type population struct {
	sizes  []int // people of each atom
	totals []*total
}

func newPopulation(people []Membership) *population {
	p := &population{}
	atomOf, byCell := map[string]int{}, map[layered]*total{}
	for _, m := range people {
		key := atomKey(m)
		atom, known := atomOf[key]
		if !known {
			atom = len(p.sizes)
			atomOf[key] = atom
			p.sizes = append(p.sizes, 0)
			p.join(byCell, m, atom)
		}
		p.sizes[atom]++
	}
	for _, t := range p.totals {
		for _, atom := range t.atoms {
			t.n += p.sizes[atom]
		}
	}
	// A fixed order makes the same population give the same answer, whoever comes first.
	slices.SortFunc(p.totals, func(a, b *total) int {
		return cmp.Or(cmp.Compare(a.cell.Dimension, b.cell.Dimension), cmp.Compare(a.n, b.n), cmp.Compare(a.cell.Group, b.cell.Group), cmp.Compare(a.layer, b.layer))
	})
	p.draw(len(p.totals) + 32)
	return p
}

func atomKey(m Membership) string {
	key := make([]byte, 0, 64)
	for _, g := range m.Groups {
		key = append(append(key, g...), 0)
	}
	for _, f := range m.Followed {
		if f {
			key = append(key, 1)
		} else {
			key = append(key, 2)
		}
	}
	return string(key)
}

// join adds a new atom to the totals that it belongs to.
func (p *population) join(byCell map[layered]*total, m Membership, atom int) {
	cells := []Cell{whole}
	for d, g := range m.Groups {
		cells = append(cells, Cell{d, g})
	}
	layers := []int{0}
	for i, followed := range m.Followed {
		if followed {
			layers = append(layers, i+1)
		}
	}
	for _, c := range cells {
		for _, layer := range layers {
			t := byCell[layered{c, layer}]
			if t == nil {
				t = &total{cell: c, layer: layer}
				byCell[layered{c, layer}] = t
				p.totals = append(p.totals, t)
			}
			t.atoms = append(t.atoms, atom)
		}
	}
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (p *population) hideSmall() {
	for _, t := range p.totals {
		if !t.hidden && t.n < LeastGroup {
			p.hide(t)
		}
	}
}

// hide hides a total. Without its gain a group shows no later figures either, and without the whole there is nothing to show.
func (p *population) hide(t *total) {
	t.hidden = true
	for _, o := range p.totals {
		if !o.hidden && (o.cell == t.cell && t.layer == 0 || t.cell == whole && (o.layer == t.layer || t.layer == 0)) {
			p.hide(o)
		}
	}
}

// hideUnions hides more groups of a dimension while those hidden in it are together too few.
func (p *population) hideUnions() (changed bool) {
	type table struct {
		dimension, layer int
	}
	hidden, smallest := map[table]int{}, map[table]*total{}
	for _, t := range p.totals { // ordered by size within a dimension
		at := table{t.cell.Dimension, t.layer}
		switch {
		case t.cell == whole:
		case t.hidden:
			hidden[at] += t.n
		case smallest[at] == nil:
			smallest[at] = t
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(hidden), func(a, b table) int {
		return cmp.Or(cmp.Compare(a.layer, b.layer), cmp.Compare(a.dimension, b.dimension))
	}) {
		if n := hidden[at]; n > 0 && n < LeastGroup && smallest[at] != nil {
			p.hide(smallest[at])
			changed = true
		}
	}
	return changed
}

// hideDifferences hides a group which another one contains and exceeds by a few people only. The whole is not hidden for a
// group's sake.
func (p *population) hideDifferences() (changed bool) {
	for _, small := range p.totals {
		for _, large := range p.totals {
			if small.hidden || large.hidden || small == large || small.layer != large.layer || small.cell == whole || small.n > large.n {
				continue
			}
			if d := large.n - small.n; d > 0 && d < LeastGroup && contains(large.atoms, small.atoms) {
				p.hide(small)
				changed = true
			}
		}
	}
	return changed
}

// contains says whether all of b, ascending, is in a, ascending.
func contains(a, b []int) bool {
	i := 0
	for _, x := range b {
		for i < len(a) && a[i] < x {
			i++
		}
		if i == len(a) || a[i] != x {
			return false
		}
	}
	return true
}

// hideComputable hides a shown group by whose help a hidden small one can be computed.
func (p *population) hideComputable() bool {
	var small []*total
	for _, t := range p.totals {
		if t.hidden && t.n > 0 && t.n < LeastGroup {
			small = append(small, t)
		}
	}
	if len(small) == 0 {
		return false
	}
	basis := p.span(nil)
	for _, t := range small {
		if !basis.holds(t.vector) {
			continue
		}
		for _, candidate := range p.bySize(t) {
			if !p.span(candidate).holds(t.vector) {
				p.hide(candidate)
				return true
			}
		}
		// No single group breaks every way of computing it: take the smallest away and look again.
		if rest := p.bySize(t); len(rest) > 0 {
			p.hide(rest[0])
			return true
		}
		p.hide(p.total())
		return true
	}
	return false
}

// bySize returns the shown groups that may be hidden for the sake of t: those of its own dimension first, small before large.
func (p *population) bySize(t *total) []*total {
	var list []*total
	for _, o := range p.totals {
		if !o.hidden && o.cell != whole {
			list = append(list, o)
		}
	}
	other := func(o *total) bool { return o.cell.Dimension != t.cell.Dimension }
	slices.SortStableFunc(list, func(a, b *total) int { return cmp.Or(boolOrder(other(a), other(b)), cmp.Compare(a.n, b.n)) })
	return list
}

func (p *population) total() *total {
	for _, t := range p.totals {
		if t.cell == whole && t.layer == 0 {
			return t
		}
	}
	return nil
}

// draw gives every total its vector: an entry for each atom. Where there are far more atoms than totals, the vectors are
// projected on fewer random directions, which is many times quicker and errs to the safe side alone: a vector that lies in
// the space of others still does after any projection, and one that does not would have to be projected into it by chance.
func (p *population) draw(directions int) {
	if len(p.sizes) <= directions {
		for _, t := range p.totals {
			t.vector = make([]float64, len(p.sizes))
			for _, atom := range t.atoms {
				t.vector[atom] = 1
			}
		}
		return
	}
	signs := make([][]float64, len(p.sizes))
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // directions, not secrets; the same ones every time
	for atom := range signs {
		signs[atom] = make([]float64, directions)
		for i := range signs[atom] {
			signs[atom][i] = float64(int(random.Uint64()&1)*2 - 1)
		}
	}
	for _, t := range p.totals {
		t.vector = make([]float64, directions)
		for _, atom := range t.atoms {
			for i, s := range signs[atom] {
				t.vector[i] += s
			}
		}
	}
}

// length is the Euclidean length of a vector.
func length(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum)
}

// space is an orthonormal basis of what can be computed.
type space [][]float64

// span returns the space of the shown totals, one left out.
func (p *population) span(without *total) space {
	var s space
	for _, t := range p.totals {
		if t.hidden || t == without {
			continue
		}
		v := slices.Clone(t.vector)
		if left := s.reduce(v); left > tolerance*length(t.vector) {
			for i := range v {
				v[i] /= left
			}
			s = append(s, v)
		}
	}
	return s
}

// tolerance is what of a vector's length may be left by rounding alone: of hundreds of totals the twice repeated projection
// leaves about 1e-13.
const tolerance = 1e-9

// holds says whether v lies in the space.
func (s space) holds(v []float64) bool {
	return s.reduce(slices.Clone(v)) <= tolerance*length(v)
}

// reduce takes from v what lies in the space and returns the length of the rest. It projects twice, for exactness.
func (s space) reduce(v []float64) float64 {
	for range 2 {
		for _, b := range s {
			dot := 0.0
			for i, x := range b {
				dot += x * v[i]
			}
			if dot == 0 {
				continue
			}
			for i, x := range b {
				v[i] -= dot * x
			}
		}
	}
	return length(v)
}
