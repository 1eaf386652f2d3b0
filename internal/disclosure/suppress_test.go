package disclosure

import (
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
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

func TestSuppressionAcrossThreeTotals(t *testing.T) {
	// Region 1 is services A and B and two people of C.
	s := Suppress(join(people(10, false, "A", "1"), people(12, false, "B", "1"), people(2, false, "C", "1"), people(20, false, "C", "2")))
	if s.Gain(Cell{0, "A"}) && s.Gain(Cell{0, "B"}) && s.Gain(Cell{1, "1"}) {
		t.Error("region 1 less services A and B is two people")
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

func TestSuppressionOfThoseWhomTheFollowUpMissed(t *testing.T) {
	// Ten less nine are one: their scores before and after are not shown together, but what the nine had later is.
	s := Suppress(join(people(9, true, "a"), people(1, false, "a"), people(20, true, "b"), people(10, false, "b")))
	a, b := Cell{0, "a"}, Cell{0, "b"}
	if !s.Gain(a) || !s.Later(a, 0) || s.Retained(a, 0) {
		t.Errorf("gain %v, later %v, retained %v; ten less nine are one", s.Gain(a), s.Later(a, 0), s.Retained(a, 0))
	}
	if !s.Gain(b) || !s.Later(b, 0) {
		t.Error("a group is hidden for another one's sake")
	}
	if s.Retained(b, 0) && s.Retained(Whole, 0) {
		t.Error("29 in all less 20 in b are the same nine")
	}
	everybody := Suppress(join(people(9, true, "a"), people(20, true, "b"), people(10, false, "b")))
	if !everybody.Retained(a, 0) || !everybody.Retained(b, 0) {
		t.Error("what nobody can be told from is hidden")
	}
}

// lostOf are people with a score before alone.
func lostOf(n int, groups ...string) []Membership {
	list := people(n, false, groups...)
	for i := range list {
		list[i].Lost = true
	}
	return list
}

func TestSuppressionOfTheLost(t *testing.T) {
	s := Suppress(join(people(9, false, "a"), lostOf(5, "a"), people(20, false, "b"), lostOf(2, "b"), people(20, false, "c"), lostOf(8, "c"), lostOf(7, "d")))
	for g, want := range map[string]bool{"a": true, "b": false, "c": true, "d": false} { // of b two; nobody of d is matched
		if s.Lost(Cell{0, g}) != want {
			t.Errorf("the lost of %s are shown: %v", g, !want)
		}
		if s.Gain(Cell{0, g}) != (g != "d") {
			t.Errorf("%s: a group is hidden for the sake of its lost, or shown without anybody matched", g)
		}
	}
	if !s.Lost(Whole) || !s.Total() || !s.Larger(20)(Whole) || s.Among(func(int) bool { return true })(Cell{0, "d"}) {
		t.Error("of all")
	}
}

func TestSuppressionOfParts(t *testing.T) {
	halves := func(list []Membership, first ...int) []Membership {
		for i := range list {
			list[i].Parts = []bool{slices.Contains(first, i), !slices.Contains(first, i)}
		}
		return list
	}
	if s := Suppress(halves(people(12, false, "a"), 0, 1, 2, 3, 4, 5)); !s.Part(0) || !s.Part(1) || s.Part(2) {
		t.Error("six and six are hidden")
	}
	if s := Suppress(halves(people(12, false, "a"), 0, 1, 2, 3)); s.Part(0) || s.Part(1) || !s.Total() {
		t.Error("four of twelve are shown, or the other eight, or nothing")
	}
	// All of a and two of b began with A: these less a are two.
	if s := Suppress(halves(join(people(8, false, "a"), people(12, false, "b")), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)); s.Part(0) || s.Part(1) || !s.Gain(Cell{0, "a"}) {
		t.Error("ten less eight are two")
	}
}

func TestSuppressionAmongThoseWhoAnswered(t *testing.T) {
	all := join(people(6, true, "a"), people(7, true, "b"), people(9, true, "c"))
	s := Suppress(all)
	shown := s.Among(func(i int) bool { return i == 0 || i > 6 }) // one of a, six of b, all of c
	if shown(Cell{0, "a"}) || shown(Cell{0, "b"}) || !shown(Cell{0, "c"}) || !shown(Whole) {
		t.Errorf("a %v, b %v, c %v, all %v", shown(Cell{0, "a"}), shown(Cell{0, "b"}), shown(Cell{0, "c"}), shown(Whole))
	}
	if none := s.Among(func(int) bool { return false }); none(Whole) || none(Cell{0, "c"}) {
		t.Error("figures of nobody")
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

// drawPopulation draws people of a few kinds in a few dimensions, each kind a few times.
func drawPopulation(rt *rapid.T, most int) (all []Membership, sizes []int, followUps int) {
	dims := rapid.IntRange(1, 4).Draw(rt, "dimensions")
	followUps = rapid.IntRange(0, 3).Draw(rt, "follow-ups")
	for range dims {
		sizes = append(sizes, rapid.IntRange(1, 4).Draw(rt, "groups"))
	}
	parts := rapid.IntRange(0, 3).Draw(rt, "parts")
	for range rapid.IntRange(0, most).Draw(rt, "kinds") {
		m := Membership{Lost: rapid.IntRange(0, 2).Draw(rt, "lost") == 0, Followed: make([]bool, followUps), Parts: rapid.SliceOfN(rapid.Bool(), parts, parts).Draw(rt, "parts")}
		if !m.Lost {
			m.Followed = rapid.SliceOfN(rapid.Bool(), followUps, followUps).Draw(rt, "followed")
		}
		for d := range dims {
			m.Groups = append(m.Groups, fmt.Sprint(rapid.IntRange(1, sizes[d]).Draw(rt, "group")))
		}
		all = append(all, slices.Repeat([]Membership{m}, rapid.SampledFrom([]int{1, 1, 2, 3, 4, 6, 9}).Draw(rt, "n"))...)
	}
	return all, sizes, followUps
}

// TestNoCombinationOfTotalsRevealsAFewPeople draws populations and decides in exact arithmetic, person by person, whether any
// weighted sum of what is published is the sum over any set of fewer than five people, whether a group names them or not.
func TestNoCombinationOfTotalsRevealsAFewPeople(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all, sizes, followUps := drawPopulation(rt, 12)
		s := Suppress(all)
		var cells []Cell
		for d, groups := range sizes {
			for g := 1; g <= groups; g++ {
				cells = append(cells, Cell{d, fmt.Sprint(g)})
			}
		}
		cells = append(cells, Whole)
		everybody := func(m Membership) bool { return !m.Lost } // who is matched
		scores := exact{all: all}                               // before and after
		scores.publish(rt, cells, s.Gain, everybody)
		scores.publish(rt, cells, s.Lost, func(m Membership) bool { return m.Lost })
		for p := range 3 {
			scores.publish(rt, []Cell{Whole}, func(Cell) bool { return s.Part(p) }, func(m Membership) bool { return m.Parts[p] })
		}
		for f := range followUps {
			followed := func(m Membership) bool { return m.Followed[f] }
			scores.publish(rt, cells, func(c Cell) bool { return s.Retained(c, f) }, followed)
			later := exact{all: all}
			later.publish(rt, cells, func(c Cell) bool { return s.Later(c, f) }, followed)
			later.check(rt)
			for _, c := range cells {
				if s.Later(c, f) && !s.Gain(c) || s.Retained(c, f) && !s.Later(c, f) {
					rt.Fatalf("%+v: gain %v, later %v, retained %v", c, s.Gain(c), s.Later(c, f), s.Retained(c, f))
				}
			}
		}
		scores.check(rt)
		answered := func(i int) bool { return i*7%3 > 0 }
		shown := s.Among(answered)
		answers := exact{}
		for i, m := range all {
			if answered(i) && !m.Lost {
				answers.all = append(answers.all, m)
			}
		}
		answers.publish(rt, cells, shown, everybody)
		answers.check(rt)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1))
		other := slices.Clone(all)
		random.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		if again := Suppress(other); !slices.Equal(s.gain, again.gain) || !slices.Equal(s.lost, again.lost) || !slices.Equal(s.parts, again.parts) || !slices.EqualFunc(s.retained, again.retained, slices.Equal) || !slices.EqualFunc(s.later, again.later, slices.Equal) {
			rt.Fatalf("in another order other groups are shown: %+v", all)
		}
	})
}

// exact is what is published of one kind of figure.
type exact struct {
	all  []Membership
	span rational
}

// publish adds the totals of the cells that are shown, over those in a layer.
func (e *exact) publish(rt *rapid.T, cells []Cell, shown func(Cell) bool, in func(Membership) bool) {
	for _, c := range cells {
		if !shown(c) {
			continue
		}
		n := 0
		v := e.indicator(func(m Membership) bool {
			is := (c == Whole || m.Groups[c.Dimension] == c.Group) && in(m)
			if is {
				n++
			}
			return is
		})
		if n < LeastGroup {
			rt.Fatalf("%+v of %d people is shown", c, n)
		}
		e.span.add(v)
	}
}

func (e *exact) indicator(in func(Membership) bool) []*big.Rat {
	v := make([]*big.Rat, len(e.all))
	for i, m := range e.all {
		v[i] = new(big.Rat)
		if in(m) {
			v[i].SetInt64(1)
		}
	}
	return v
}

// check tries every set of one to four people whom no shown total tells apart from others of their kind: a computable set
// has all people of a kind or none.
func (e *exact) check(rt *rapid.T) {
	kinds := map[string][]int{}
	for i, m := range e.all {
		kinds[fmt.Sprint(m)] = append(kinds[fmt.Sprint(m)], i)
	}
	var few [][]int
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		if len(kinds[k]) < LeastGroup {
			few = append(few, kinds[k])
		}
	}
	var try func(from int, set []int)
	try = func(from int, set []int) {
		if len(set) > 0 {
			v := make([]*big.Rat, len(e.all))
			for i := range v {
				v[i] = new(big.Rat)
				if slices.Contains(set, i) {
					v[i].SetInt64(1)
				}
			}
			if e.span.reduce(v) < 0 {
				rt.Fatalf("the sum over %v can be computed from what is shown: %+v", set, e.all)
			}
		}
		for i := from; i < len(few); i++ {
			if len(set)+len(few[i]) < LeastGroup {
				try(i+1, slices.Concat(set, few[i]))
			}
		}
	}
	try(0, nil)
}

// Of eighty, forty and thirty, the distribution of the other ten could be computed.
func TestLargerFigures(t *testing.T) {
	s := Suppress(join(people(40, false, "a"), people(30, false, "b"), people(10, false, "c")))
	larger := s.Larger(20)
	if !larger(Whole) || !larger(Cell{0, "a"}) || larger(Cell{0, "b"}) || larger(Cell{0, "c"}) {
		t.Errorf("all %v, a %v, b %v, c %v", larger(Whole), larger(Cell{0, "a"}), larger(Cell{0, "b"}), larger(Cell{0, "c"}))
	}
	if s = Suppress(join(people(40, false, "a"), people(30, false, "b"))); !s.Larger(20)(Cell{0, "b"}) {
		t.Error("what tells nobody is hidden")
	}
}

// TestNothingIsHiddenInVain: a hidden group of five or more can not be computed after all, as the total less the others or
// otherwise; and nothing that protects a group costs the whole its figures.
func TestNothingIsHiddenInVain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all, sizes, followUps := drawPopulation(rt, 12)
		s := Suppress(all)
		matched := 0
		for _, m := range all {
			if !m.Lost {
				matched++
			}
		}
		if s.Total() != (matched >= LeastGroup) {
			rt.Fatalf("%d matched, and the total is shown: %v", matched, s.Total())
		}
		for f := range followUps {
			n := 0
			for _, m := range all {
				if m.Followed[f] {
					n++
				}
			}
			if s.TotalLater(f) != (n >= LeastGroup) {
				rt.Fatalf("%d were followed, and their total is shown: %v", n, s.TotalLater(f))
			}
		}
		published := exact{all: all}
		var hidden []Cell
		for d, groups := range sizes {
			for g := 1; g <= groups; g++ {
				c := Cell{d, fmt.Sprint(g)}
				if !s.Gain(c) {
					hidden = append(hidden, c)
				}
				published.publish(rt, []Cell{c}, s.Gain, func(m Membership) bool { return !m.Lost })
			}
		}
		published.publish(rt, []Cell{Whole}, s.Gain, func(m Membership) bool { return !m.Lost })
		for _, c := range hidden {
			in := published.indicator(func(m Membership) bool { return !m.Lost && m.Groups[c.Dimension] == c.Group })
			if lead(in) >= 0 && published.span.reduce(in) < 0 {
				rt.Fatalf("%+v is hidden and can be computed: %+v", c, all)
			}
		}
	})
}

// TestLeveragesMissNoSet: an atom that is in a computable set of three or four is among the candidates for one.
func TestLeveragesMissNoSet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all, _, _ := drawPopulation(rt, 40)
		if len(all) == 0 {
			return
		}
		c := newCensus(all)
		s := newSystem(c, slices.Repeat([]uint16{1}, len(all)), plain, LeastGroup, func(int) bool { return true })
		shown := slices.DeleteFunc(slices.Clone(s.totals), func(*total) bool { return rapid.IntRange(0, 3).Draw(rt, "hide") == 0 })
		if len(shown) == 0 {
			return
		}
		f := &factors{}
		s.extend(f, shown)
		marks := s.marks(f, shown)
		leverage := s.leverages(shown)
		for _, set := range s.threesAndFours(marks, shown) {
			for _, atom := range set {
				if leverage(atom) < 1.0/16-1e-3 {
					rt.Fatalf("the leverage of %d in %v is %v", atom, set, leverage(atom))
				}
			}
		}
	})
}

// TestMarksAgreeWithExactArithmetic: a set's marks add up to 0 if and only if it is computable.
func TestMarksAgreeWithExactArithmetic(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all, _, _ := drawPopulation(rt, 14)
		if len(all) == 0 {
			return
		}
		c := newCensus(all)
		s := newSystem(c, slices.Repeat([]uint16{1}, len(all)), plain, LeastGroup, func(int) bool { return true })
		f, span := &factors{}, rational{}
		vector := func(atoms []int) []*big.Rat {
			v := make([]*big.Rat, len(s.sizes))
			for i := range v {
				v[i] = new(big.Rat)
				if slices.Contains(atoms, i) {
					v[i].SetInt64(1)
				}
			}
			return v
		}
		shown := slices.DeleteFunc(slices.Clone(s.totals), func(*total) bool { return rapid.Bool().Draw(rt, "hide") })
		for _, t := range shown {
			span.add(vector(t.atoms))
		}
		s.extend(f, shown)
		marks := s.marks(f, shown)
		for range 30 {
			set := rapid.SliceOfNDistinct(rapid.IntRange(0, len(s.sizes)-1), 1, -1, rapid.ID[int]).Draw(rt, "set")
			if computable := span.reduce(vector(set)) < 0; computable != (sum(marks, set) == 0) {
				rt.Fatalf("%v is computable: %v", set, computable)
			}
		}
		for _, t := range s.totals {
			if computable := span.reduce(vector(t.atoms)) < 0; computable != (sum(marks, t.atoms) == 0) {
				rt.Fatalf("%+v is computable: %v", *t, computable)
			}
		}
	})
}

// TestTheWholeIsShownFromFiveOn: whoever they are, and whatever must be hidden of them, the total depends on their number alone.
func TestTheWholeIsShownFromFiveOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		group := rapid.SampledFrom([]string{"a", "b", "c"})
		var list []Membership
		for range rapid.IntRange(0, 6).Draw(t, "kinds") {
			m := people(rapid.IntRange(1, 4).Draw(t, "people"), rapid.Bool().Draw(t, "followed"), group.Draw(t, "first"), group.Draw(t, "second"))
			list = append(list, m...)
		}
		if got := Suppress(list).Total(); got != TotalOf(len(list)) {
			t.Fatalf("of %d people the total is shown: %v", len(list), got)
		}
	})
}
