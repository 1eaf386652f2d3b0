// Package disclosure decides which totals of a population may be published together, so that nobody can compute the figures of
// a few people from them: neither as a group that is too small, nor as a difference of groups that are large enough. It knows
// memberships alone, no scores and no names; what a reader keeps from an earlier day is beyond it (docs/evidence.md, decision
// 12).
package disclosure

import (
	"cmp"
	"maps"
	"slices"
)

// LeastGroup is the least number of people whose figures are shown (docs/evidence.md).
const LeastGroup = 5

// Membership says in which group of each dimension a matched participant is, and at which follow-ups they have a score. All
// memberships of a population have the same number of groups, of follow-ups and of parts.
//
// Somebody who is lost has a score before and no other: of a group, the scores before of its lost are a figure of their own. A part is some
// of everybody, matched or lost, of whom scores before or after are told once more and by themselves, of no group: those who began with a
// form, or whom a follow-up lost.
type Membership struct {
	Groups   []string // one a dimension, in the dimensions' order
	Followed []bool   // one a follow-up, in their order; of nobody who is lost
	Lost     bool
	Parts    []bool // one a part, in their order
}

// Cell is a group: a dimension's place in [Membership] and the group's name in it.
type Cell struct {
	Dimension int
	Group     string
}

// Whole is everybody.
var Whole = Cell{Dimension: -1}

// Shown says whose figures may be published: the totals of which groups.
type Shown struct {
	census          *census
	matched         []bool   // by person
	gain, lost      []bool   // by cell
	later, retained [][]bool // by follow-up and cell
	parts           []bool
}

// Total says whether the figures of before and after of everybody may be shown.
func (s Shown) Total() bool { return s.Gain(Whole) }

// Gain says whether the group's figures of before and after may be shown.
func (s Shown) Gain(c Cell) bool { return s.census.in(s.gain, c) }

// Later says whether the group's scores at a follow-up, by its place in [Membership], may be shown.
func (s Shown) Later(c Cell, followUp int) bool {
	return followUp < len(s.later) && s.census.in(s.later[followUp], c)
}

// TotalLater says whether the scores of everybody at a follow-up may be shown.
func (s Shown) TotalLater(followUp int) bool { return s.Later(Whole, followUp) }

// Retained says whether also the scores before and after may be shown of those in the group whom the follow-up reached, and
// with them what they retained.
func (s Shown) Retained(c Cell, followUp int) bool {
	return followUp < len(s.retained) && s.census.in(s.retained[followUp], c)
}

// Lost says whether the scores before of the group's lost may be shown. Where nobody is lost there are none.
func (s Shown) Lost(c Cell) bool { return s.census.in(s.lost, c) }

// Part says whether the scores of a part of everybody, by its place in [Membership], may be shown. A part of nobody has none.
func (s Shown) Part(part int) bool { return part < len(s.parts) && s.parts[part] }

// Among decides on figures that only some of the matched have: answers to a question, results in a topic. It returns the groups
// whose figures may be shown, all of them groups whose gain is.
func (s Shown) Among(has func(person int) bool) func(Cell) bool {
	layers := make([]uint16, len(s.census.kindOf))
	all := true
	for i, matched := range s.matched {
		if !matched {
			continue
		}
		if has(i) {
			layers[i] = 1
		} else {
			all = false
		}
	}
	shown := s.gain
	if !all {
		shown = s.census.decide(layers, plain, LeastGroup, func(cell int) bool { return s.gain[cell] })[0]
	}
	return func(c Cell) bool { return s.census.in(shown, c) }
}

// Larger decides on figures that need more people than [LeastGroup]. It returns the groups whose figures may be shown: of at least
// so many people, and such that no group of fewer can be computed from them. Sets of fewer that are no group may be.
func (s Shown) Larger(least int) func(Cell) bool {
	layers := make([]uint16, len(s.census.kindOf))
	for i, matched := range s.matched {
		if matched {
			layers[i] = 1
		}
	}
	shown := s.census.decide(layers, plain, least, func(cell int) bool { return s.gain[cell] })[0]
	return func(c Cell) bool { return s.census.in(shown, c) }
}

// Suppress decides which totals of a population may be published together, so that nobody can compute the figures of any set
// of fewer than [LeastGroup] people, named by a group or not:
//
//  1. A group of fewer is not shown.
//  2. No set of fewer is a sum and difference of shown totals, of whatever dimensions and times, with whatever weights: the
//     indicator vector of its people does not lie in the space that the shown totals' vectors span. Where it does, the
//     smallest shown group that contributes is hidden, and the test is made again.
//
// Each kind of figure is a population of its own, since no sum leads from one to another: the scores before and after, of all
// matched and, at every follow-up, of those whom it reached (ten matched less nine followed are one person), of the lost and of the parts
// of everybody; the scores at each follow-up; the answers to each question (see [Shown.Among]). A group's gain is not hidden for the sake of what is
// shown of a follow-up.
//
// What a person who holds the same report of an earlier day learns from the difference of the two is beyond this; "How we
// count" says so.
func Suppress(people []Membership) Shown {
	s := Shown{census: newCensus(people), matched: make([]bool, len(people))}
	followUps, parts := 0, 0
	if len(people) > 0 {
		followUps, parts = len(people[0].Followed), len(people[0].Parts)
	}
	lost := 1 + followUps // the layer of the lost; those of the parts follow
	layers := make([]uint16, len(people))
	for i, m := range people {
		layers[i], s.matched[i] = 1, !m.Lost
		if m.Lost {
			layers[i] = 1 << lost
		}
		for f, followed := range m.Followed {
			if followed {
				layers[i] |= 2 << f
			}
		}
		for p, is := range m.Parts {
			if is {
				layers[i] |= 2 << (lost + p)
			}
		}
	}
	shown := s.census.decide(layers, depth{all: 1 + lost + parts, groups: 1 + lost}, LeastGroup, func(int) bool { return true })
	s.gain, s.retained, s.lost, s.later = shown[0], shown[1:lost], shown[lost], make([][]bool, followUps)
	for _, part := range shown[lost+1:] {
		s.parts = append(s.parts, part[0])
	}
	for f := range followUps {
		s.later[f] = make([]bool, len(s.gain))
		later := s.Among(func(i int) bool { return people[i].Followed[f] })
		for i, c := range s.census.cells {
			s.later[f][i] = later(c)
			s.retained[f][i] = s.retained[f][i] && s.later[f][i]
		}
	}
	return s
}

// TotalOf says whether the figures of before and after of a whole population of so many may be shown: what [Shown.Total] says of
// it, whoever they are. The whole is the largest total. It would be hidden only if a set of fewer than [LeastGroup] people could be
// computed from the whole alone, and that set is the whole.
func TotalOf(people int) bool { return people >= LeastGroup }

// census is a population by kind: those who are in the same groups throughout cannot be told apart.
type census struct {
	cells  []Cell // the whole first, then by dimension and name
	index  map[Cell]int
	kinds  [][]int // the cells of each kind, in an order that does not depend on the people's
	kindOf []int   // of each person
}

func newCensus(people []Membership) *census {
	c := &census{index: map[Cell]int{Whole: 0}, kindOf: make([]int, len(people))}
	sample := map[string]int{} // a person of each kind
	keys := make([]string, len(people))
	var key []byte
	for i, m := range people {
		key = key[:0]
		for _, g := range m.Groups {
			key = append(append(key, g...), 0)
		}
		first, known := sample[string(key)]
		if known {
			keys[i] = keys[first]
			continue
		}
		keys[i] = string(key)
		sample[keys[i]] = i
		for d, g := range m.Groups {
			c.index[Cell{d, g}] = 0
		}
	}
	c.cells = slices.SortedFunc(maps.Keys(c.index), func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Group, b.Group))
	})
	for i, cell := range c.cells {
		c.index[cell] = i
	}
	place := make(map[string]int, len(sample))
	for _, k := range slices.Sorted(maps.Keys(sample)) {
		place[k] = len(c.kinds)
		cells := []int{0}
		for d, g := range people[sample[k]].Groups {
			cells = append(cells, c.index[Cell{d, g}])
		}
		c.kinds = append(c.kinds, cells)
	}
	for i, k := range keys {
		c.kindOf[i] = place[k]
	}
	return c
}

// in says whether a cell is among those shown.
func (c *census) in(shown []bool, cell Cell) bool {
	i, there := c.index[cell]
	return there && shown[i]
}

// depth is how many layers there are, and of how many of them, the first, groups have totals; of the others everybody alone has one.
type depth struct{ all, groups int }

// plain is one layer.
var plain = depth{1, 1}

// decide returns, by layer and cell, which totals of at least so many people may be shown. The bits of layers say in which
// layers each person is. Only the totals of cells that may are thought of.
func (c *census) decide(layers []uint16, d depth, least int, may func(cell int) bool) [][]bool {
	s := newSystem(c, layers, d, least, may)
	var first, others []*total
	for _, t := range s.totals {
		if t.layer == 0 {
			first = append(first, t)
		} else {
			others = append(others, t)
		}
	}
	safe := s.protect(nil, first)
	// Without its gain a group shows nothing of a follow-up, nor of its lost.
	gain := map[int]bool{}
	for _, t := range safe {
		gain[t.cell] = true
	}
	others = slices.DeleteFunc(others, func(t *total) bool { return !gain[t.cell] })
	shown := make([][]bool, d.all)
	for layer := range shown {
		shown[layer] = make([]bool, len(c.cells))
	}
	for _, t := range append(safe, s.protect(safe, others)...) {
		shown[t.layer][t.cell] = true
	}
	return shown
}
