package disclosure

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// kinds makes people who are alike: so many of each list of groups.
func kinds(of ...any) (groups [][]string) {
	for i := 0; i < len(of); i += 2 {
		for range of[i].(int) {
			groups = append(groups, of[i+1].([]string))
		}
	}
	return groups
}

func TestWhoCanBeToldOfTogether(t *testing.T) {
	for name, c := range map[string]struct {
		groups [][]string
		want   int
	}{
		"nobody":                        {nil, 0},
		"four":                          {kinds(4, []string{"f"}), 0},
		"five":                          {kinds(5, []string{"f"}), 5},
		"the few wait, the many do not": {kinds(3, []string{"f"}, 9, []string{"m"}), 9},
		"three of a service wait, and then the women of it are too few elsewhere": {kinds(3, []string{"f", "A"}, 4, []string{"f", "B"}, 9, []string{"m", "B"}), 9},
		"all women less region 1 would be three":                                  {kinds(10, []string{"1", "f"}, 3, []string{"2", "f"}, 20, []string{"2", "m"}), 30},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			for _, chosen := range Block(c.groups) {
				if chosen {
					n++
				}
			}
			if n != c.want {
				t.Errorf("%d are chosen, want %d", n, c.want)
			}
		})
	}
}

// TestNoFewCanBeComputedFromBlocks: people come in portions, each is looked at, and what was published by then (the numbers of each group of all blocks together,
// after each portion) computes no group of one to four people of a kind, nor any one to four people at all; by elimination over the rationals.
func TestNoFewCanBeComputedFromBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dims := rapid.IntRange(1, 3).Draw(t, "dimensions")
		draw := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []string {
			var g []string
			for d := range dims {
				g = append(g, rapid.SampledFrom([]string{"a", "b", "c"}[:2+d%2]).Draw(t, "group"))
			}
			return g
		}), 0, 14)
		var all [][]string // in the order of their coming
		var block []int    // of each, -1 while they wait
		published := &rational{}
		for b := range rapid.IntRange(1, 3).Draw(t, "portions") {
			for _, g := range draw.Draw(t, "people") {
				all, block = append(all, g), append(block, -1)
			}
			var waiting []int
			var groups [][]string
			for i := range all {
				if block[i] < 0 {
					waiting, groups = append(waiting, i), append(groups, all[i])
				}
			}
			for i, chosen := range Block(groups) {
				if chosen {
					block[waiting[i]] = b
				}
			}
			// Vectors have a place for each who may come yet: 3 portions of 14.
			cells := map[Cell][]*big.Rat{Whole: zeros(42)}
			for i, g := range all {
				if block[i] < 0 {
					continue
				}
				cells[Whole][i].SetInt64(1)
				for d := range g {
					c := Cell{d, g[d]}
					if cells[c] == nil {
						cells[c] = zeros(42)
					}
					cells[c][i].SetInt64(1)
				}
			}
			for _, v := range cells {
				published.add(v)
			}
		}
		told := func(people ...int) bool {
			v := zeros(42)
			for _, i := range people {
				v[i].SetInt64(1)
			}
			return published.reduce(v) < 0
		}
		for i := range all {
			for j := i; j < len(all); j++ {
				for k := j; k < len(all); k++ {
					set := []int{i}
					if j > i {
						set = append(set, j)
					}
					if k > j && j > i {
						set = append(set, k)
					}
					if told(set...) {
						t.Fatalf("%v of %v can be computed; blocks %v", set, all, block)
					}
				}
			}
		}
	})
}

func zeros(n int) []*big.Rat {
	v := make([]*big.Rat, n)
	for i := range v {
		v[i] = new(big.Rat)
	}
	return v
}
