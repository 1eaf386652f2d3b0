package disclosure

import (
	"maps"
	"slices"
	"strings"
)

// Block chooses, of people whose groups nobody was told of yet, those who can be told of together: all groups of those returned true may be published with the
// number of chosen people in them, and no set of fewer than [LeastGroup] of them can be computed from all these numbers. The others wait for more who are like them.
//
// groups has a row a person and in it one group a dimension. It is for counts that grow: published anew whenever somebody joins, they would tell of each who did
// (decision 0013). Blocks share nobody, so that their published sums are of separate populations, and what is safe in each is safe in all of them together, however
// often somebody looks (decision 0065).
func Block(groups [][]string) (chosen []bool) {
	left := make([]int, len(groups))
	for i := range groups {
		left[i] = i
	}
	chosen = make([]bool, len(groups))
	for left = withoutFew(groups, left); len(left) >= LeastGroup; {
		people := make([]Membership, len(left))
		for i, person := range left {
			people[i] = Membership{Groups: groups[person]}
		}
		shown := Suppress(people)
		wait := whoGivesAway(groups, left, shown)
		if len(wait) == 0 && shown.Total() {
			for _, person := range left {
				chosen[person] = true
			}
		}
		if len(wait) == 0 {
			break
		}
		left = withoutFew(groups, slices.DeleteFunc(left, func(person int) bool { return wait[kind(groups[person])] }))
	}
	return chosen
}

// kind names all groups of somebody: people of one kind are told apart by nothing.
func kind(groups []string) string { return strings.Join(groups, "\x00") }

// whoGivesAway returns the kinds of people who are to wait, so that hidden groups can be shown sooner or later: of those in a hidden group all kinds of few
// people, since it is they whom sums tell of; where there are none, the smallest kind, of equals the first.
func whoGivesAway(groups [][]string, people []int, shown Shown) map[string]bool {
	n := map[string]int{}
	for _, person := range people {
		for d, g := range groups[person] {
			if !shown.Gain(Cell{d, g}) {
				n[kind(groups[person])]++
				break
			}
		}
	}
	wait, least := map[string]bool{}, ""
	for _, k := range slices.Sorted(maps.Keys(n)) {
		if n[k] < LeastGroup {
			wait[k] = true
		}
		if least == "" || n[k] < n[least] {
			least = k
		}
	}
	if len(wait) == 0 && len(n) > 0 {
		wait[least] = true
	}
	return wait
}

// sizes counts the people of each group.
func sizes(groups [][]string, people []int) map[Cell]int {
	n := map[Cell]int{}
	for _, person := range people {
		for d, g := range groups[person] {
			n[Cell{d, g}]++
		}
	}
	return n
}

// withoutFew takes away those in a group of fewer than [LeastGroup], until there is no such group.
func withoutFew(groups [][]string, people []int) []int {
	for {
		n, before := sizes(groups, people), len(people)
		people = slices.DeleteFunc(people, func(person int) bool {
			for d, g := range groups[person] {
				if n[Cell{d, g}] < LeastGroup {
					return true
				}
			}
			return false
		})
		if len(people) == before {
			return people
		}
	}
}
