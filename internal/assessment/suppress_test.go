package assessment

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func people(n int, followed bool, groups ...string) []Membership {
	list := make([]Membership, n)
	for i := range list {
		list[i] = Membership{Groups: groups, Followed: []bool{followed}}
	}
	return list
}

func join(lists ...[]Membership) (all []Membership) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func TestSuppression(t *testing.T) {
	for _, c := range []struct {
		name   string
		people []Membership
		shown  map[string]bool // of the first dimension
		total  bool
	}{
		{"nobody", nil, nil, false},
		{"four people", people(4, false, "a"), map[string]bool{"a": false}, false},
		{"five people", people(5, false, "a"), map[string]bool{"a": true}, true},
		{"a group of 3 hides the next smallest, else the total gives it away", join(people(3, false, "a"), people(6, false, "b"), people(20, false, "c")),
			map[string]bool{"a": false, "b": false, "c": true}, true},
		{"two groups, one small: neither is shown", join(people(3, false, "a"), people(9, false, "b")), map[string]bool{"a": false, "b": false}, true},
		{"two small ones hide each other", join(people(3, false, "a"), people(4, false, "b"), people(9, false, "c")), map[string]bool{"a": false, "b": false, "c": true}, true},
		{"two small ones that are together too few", join(people(2, false, "a"), people(2, false, "b"), people(9, false, "c"), people(10, false, "d")),
			map[string]bool{"a": false, "b": false, "c": false, "d": true}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Suppress(c.people)
			if s.Total() != c.total {
				t.Errorf("the total is shown: %v", s.Total())
			}
			for g, want := range c.shown {
				if s.Gain(Cell{0, g}) != want {
					t.Errorf("%s is shown: %v", g, !want)
				}
			}
		})
	}
}

func TestSuppressionAcrossDimensions(t *testing.T) {
	// All of region 1 are women; 3 more women are elsewhere. Women less region 1 would be those 3.
	s := Suppress(join(people(10, false, "1", "f"), people(3, false, "2", "f"), people(20, false, "2", "m")))
	if s.Gain(Cell{0, "1"}) && s.Gain(Cell{1, "f"}) {
		t.Error("the difference of women and region 1 is three people")
	}
	if !s.Total() {
		t.Error("the total was hidden for a group's sake")
	}
}

func TestSuppressionOfLaterFigures(t *testing.T) {
	s := Suppress(join(people(10, true, "a"), people(6, false, "a"), people(2, true, "b"), people(8, false, "b"), people(9, true, "c"), people(5, false, "c")))
	if !s.Gain(Cell{0, "b"}) || s.Later(Cell{0, "b"}, 0) {
		t.Error("two later scores are shown, or ten earlier ones are not")
	}
	if s.Later(Cell{0, "a"}, 0) && s.Later(Cell{0, "c"}, 0) {
		t.Error("the later total less the shown groups is two people")
	}
}

// rational solves for membership in a span exactly, by elimination over the rationals: an independent way to the same answer.
type rational struct{ rows [][]*big.Rat }

func (r *rational) reduce(v []*big.Rat) (pivot int) {
	for _, row := range r.rows {
		at := lead(row)
		if v[at].Sign() == 0 {
			continue
		}
		factor := new(big.Rat).Quo(v[at], row[at])
		for i := range v {
			v[i] = new(big.Rat).Sub(v[i], new(big.Rat).Mul(factor, row[i]))
		}
	}
	return lead(v)
}

func lead(v []*big.Rat) int {
	for i, x := range v {
		if x.Sign() != 0 {
			return i
		}
	}
	return -1
}

func (r *rational) add(v []*big.Rat) {
	if r.reduce(v) >= 0 {
		r.rows = append(r.rows, v)
	}
}

// indicator marks the people, one by one, that a total sums.
func indicator(all []Membership, c Cell, layer int) (v []*big.Rat, n int) {
	for _, m := range all {
		in := (c == whole || m.Groups[c.Dimension] == c.Group) && (layer == 0 || m.Followed[layer-1])
		x := new(big.Rat)
		if in {
			x.SetInt64(1)
			n++
		}
		v = append(v, x)
	}
	return v, n
}

// TestNoCombinationOfTotalsRevealsASmallGroup draws populations and computes, person by person and in exact arithmetic,
// whether any weighted sum of the published totals is the total of a hidden group of fewer than five; and whether
// one published total exceeds another, which it contains, by fewer than five people.
func TestNoCombinationOfTotalsRevealsASmallGroup(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dims, followUps := rapid.IntRange(1, 3).Draw(rt, "dimensions"), rapid.IntRange(0, 3).Draw(rt, "follow-ups")
		sizes := make([]int, dims)
		for d := range sizes {
			sizes[d] = rapid.IntRange(1, 4).Draw(rt, "groups")
		}
		var all []Membership
		for range rapid.IntRange(0, 7).Draw(rt, "kinds") {
			m := Membership{Followed: rapid.SliceOfN(rapid.Bool(), followUps, followUps).Draw(rt, "followed")}
			for d := range dims {
				m.Groups = append(m.Groups, fmt.Sprint(rapid.IntRange(1, sizes[d]).Draw(rt, "group")))
			}
			all = append(all, slices.Repeat([]Membership{m}, rapid.IntRange(1, 9).Draw(rt, "n"))...)
		}
		checkSafe(rt, all, sizes, followUps)
	})
}

func checkSafe(rt *rapid.T, all []Membership, sizes []int, followUps int) {
	s := Suppress(all)
	published := &rational{}
	type shown struct {
		v     []*big.Rat
		layer int
	}
	var vectors []shown
	var hidden [][]*big.Rat
	note := func(c Cell, layer int, is bool) {
		v, n := indicator(all, c, layer)
		switch {
		case is && n < LeastGroup:
			rt.Fatalf("%+v in layer %d of %d people is shown", c, layer, n)
		case is:
			vectors = append(vectors, shown{v, layer})
			copied, _ := indicator(all, c, layer)
			published.add(copied)
		case n > 0 && n < LeastGroup:
			hidden = append(hidden, v)
		}
	}
	note(whole, 0, s.Total())
	for f := range followUps {
		note(whole, f+1, s.TotalLater(f))
	}
	for d, groups := range sizes {
		for g := 1; g <= groups; g++ {
			c := Cell{d, fmt.Sprint(g)}
			note(c, 0, s.Gain(c))
			for f := range followUps {
				note(c, f+1, s.Later(c, f))
				if s.Later(c, f) && !s.Gain(c) {
					rt.Fatalf("%+v shows later figures and no gain", c)
				}
			}
		}
	}
	for _, h := range hidden {
		if published.reduce(h) < 0 {
			rt.Fatalf("a hidden group is a combination of what is shown: %+v", all)
		}
	}
	for i, a := range vectors {
		for j, b := range vectors {
			if i != j && a.layer == b.layer && fewOver(a.v, b.v) {
				rt.Fatalf("two shown totals differ by a few people: %+v", all)
			}
		}
	}
}

// fewOver says whether a contains b and 1 to 4 people more.
func fewOver(a, b []*big.Rat) bool {
	more := 0
	for i := range a {
		switch a[i].Cmp(b[i]) {
		case -1:
			return false
		case 1:
			more++
		}
	}
	return more > 0 && more < LeastGroup
}

// TestSuppressionKeepsTheTotal: what protects a group does not cost the whole its figures.
func TestSuppressionKeepsTheTotal(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var all []Membership
		for range rapid.IntRange(1, 8).Draw(rt, "kinds") {
			all = append(all, people(rapid.IntRange(1, 9).Draw(rt, "n"), false, fmt.Sprint(rapid.IntRange(1, 4).Draw(rt, "a")), fmt.Sprint(rapid.IntRange(1, 3).Draw(rt, "b")))...)
		}
		if s := Suppress(all); s.Total() != (len(all) >= LeastGroup) {
			rt.Fatalf("%d people, and the total is shown: %v", len(all), s.Total())
		}
	})
}

// TestProjectionAgrees: what lies in the span of what does not change when the vectors are projected.
func TestProjectionAgrees(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var all []Membership
		for range rapid.IntRange(30, 120).Draw(rt, "kinds") {
			all = append(all, people(rapid.IntRange(1, 3).Draw(rt, "n"), rapid.Bool().Draw(rt, "followed"),
				fmt.Sprint(rapid.IntRange(1, 6).Draw(rt, "a")), fmt.Sprint(rapid.IntRange(1, 5).Draw(rt, "b")), fmt.Sprint(rapid.IntRange(1, 4).Draw(rt, "c")))...)
		}
		exact, projected := newPopulation(all), newPopulation(all)
		exact.draw(len(exact.sizes))
		projected.draw(min(len(exact.sizes), len(exact.totals)) - 1 + 12)
		for i := range exact.totals {
			hide := rapid.IntRange(0, 2).Draw(rt, "hide") == 0
			exact.totals[i].hidden, projected.totals[i].hidden = hide, hide
		}
		a, b := exact.span(nil), projected.span(nil)
		for i := range exact.totals {
			if a.holds(exact.totals[i].vector) != b.holds(projected.totals[i].vector) {
				rt.Fatalf("%+v: exactly %v", exact.totals[i].cell, a.holds(exact.totals[i].vector))
			}
		}
	})
}
