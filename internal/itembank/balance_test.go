package itembank

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/gain"
)

func drawPool(rt *rapid.T) []PoolItem {
	var pool []PoolItem
	for o := range rapid.IntRange(1, 4).Draw(rt, "objectives") {
		for i := range rapid.IntRange(2, 9).Draw(rt, "items") {
			facility := gain.Missing
			if rapid.Bool().Draw(rt, "sat") {
				facility = rapid.Float64Range(0, 1).Draw(rt, "facility")
			}
			pool = append(pool, PoolItem{fmt.Sprintf("%d-%d", o, i), fmt.Sprint(o), rapid.IntRange(1, 3).Draw(rt, "level"), rapid.SampledFrom([]string{"single", "step", "order"}).Draw(rt, "type"), facility})
		}
	}
	return pool
}

// TestFormsAreParallel: each form has the same number of items of each objective, no item stands twice, the order of the
// pool does not matter, and exchanging has not made worse what was dealt.
func TestFormsAreParallel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pool, forms, each := drawPool(rt), rapid.IntRange(2, 3).Draw(rt, "forms"), rapid.IntRange(1, 3).Draw(rt, "each")
		dealt := assemble(slices.Clone(pool), forms, each)
		seen, counts := map[string]bool{}, make([]map[string]int, forms)
		for f, items := range dealt {
			counts[f] = map[string]int{}
			for _, it := range items {
				if seen[it.ID] {
					rt.Fatalf("%s is there twice", it.ID)
				}
				seen[it.ID] = true
				counts[f][it.Objective]++
			}
			if !reflect.DeepEqual(counts[f], counts[0]) {
				rt.Fatalf("form %d has %v, form 0 %v", f, counts[f], counts[0])
			}
		}
		if b := balanceOf(dealt); len(dealt[0]) > 0 && (b.Objectives > 1e-9 || b.worst() > 1) {
			rt.Fatalf("%+v", b)
		}
		reversed := slices.Clone(pool)
		slices.Reverse(reversed)
		again := assemble(reversed, forms, each)
		for f := range dealt {
			if !slices.EqualFunc(dealt[f], again[f], func(a, b PoolItem) bool { return a.ID == b.ID }) {
				rt.Fatal("the order of the pool matters")
			}
		}
	})
}

// TestTheSameItemsGiveTheSameForms, however often they are dealt: in this pool several exchanges are equally good.
func TestTheSameItemsGiveTheSameForms(t *testing.T) {
	types := []string{"single", "match", "order", "match", "multiple", "order", "single", "step", "step", "single", "step", "order", "multiple", "single", "match", "multiple", "match"}
	levels := []int{1, 3, 3, 1, 1, 3, 1, 1, 1, 2, 3, 3, 2, 2, 2, 2, 3}
	var pool []PoolItem
	for i := range types {
		pool = append(pool, PoolItem{fmt.Sprintf("i%02d", i), "o", levels[i], types[i], gain.Missing})
	}
	first := assemble(slices.Clone(pool), 3, 5)
	for range 50 {
		for f, items := range assemble(slices.Clone(pool), 3, 5) {
			if !slices.EqualFunc(first[f], items, func(a, b PoolItem) bool { return a.ID == b.ID }) {
				t.Fatal("dealt otherwise")
			}
		}
	}
}

func TestBalanceIsMeasured(t *testing.T) {
	easy := []PoolItem{{"1", "o", 1, "single", 0.9}, {"2", "o", 1, "single", 0.8}}
	hard := []PoolItem{{"3", "o", 4, "single", 0.3}, {"4", "o", 4, "order", 0.2}}
	b := balanceOf([][]PoolItem{easy, hard})
	near(t, "level", b.Level, 1, 1e-9)
	near(t, "types", b.Types, 0.5, 1e-9)
	near(t, "facility", b.Facility, 0.6, 1e-9)
	if b.Objectives != 0 || b.Verdict() != "unbalanced" {
		t.Errorf("%+v", b)
	}
	mixed := assemble(append(slices.Clone(easy), hard...), 2, 2)
	if b := balanceOf(mixed); b.Verdict() == "unbalanced" && b.Level > 0.05 {
		t.Errorf("what can be balanced is not: %+v of %+v", b, mixed)
	}
	if b := balanceOf([][]PoolItem{easy, {}}); b.worst() != 1 {
		t.Errorf("an empty form: %+v", b)
	}
}

func near(t testing.TB, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}
