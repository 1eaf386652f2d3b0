package course

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/item"
)

func TestDraw(t *testing.T) {
	c, _ := loadAll(t, good(t))
	for i := range 20 {
		it := &item.Item{ID: fmt.Sprintf("more-%d", i), Use: item.UseTest, Objective: "definition"}
		c.items[it.ID] = it
		c.itemIDs = append(c.itemIDs, it.ID)
	}
	test := &Test{ID: "final", Draws: []draw{{"definition", 5, 0}, {"support", 1, 0}}}
	firsts := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Int64().Draw(t, "seed")
		drawn := c.Draw(test, seed)
		if !slices.Equal(drawn, c.Draw(test, seed)) {
			t.Fatal("the same seed draws two forms")
		}
		count := map[string]int{}
		for _, itemID := range drawn {
			it := c.Item(itemID)
			if it.Use != item.UseTest {
				t.Fatalf("%s is drawn, which lessons show", itemID)
			}
			count[it.Objective]++
		}
		if len(slices.Compact(slices.Sorted(slices.Values(drawn)))) != 6 || count["definition"] != 5 || count["support"] != 1 {
			t.Fatalf("drawn: %v", drawn)
		}
		firsts[drawn[0]] = true
	})
	if len(firsts) < 5 {
		t.Errorf("forms begin with %d different items", len(firsts))
	}
	if got := c.Draw(&Test{ID: "x", Draws: []draw{{"support", 99, 0}}}, 1); len(got) != 1 {
		t.Errorf("drawn %v from a pool of one", got)
	}
}

// earlierDraw is how attempts were drawn before a test could ask for applied items.
func earlierDraw(c *Course, t *Test, seed int64) []string {
	r := item.Source(seed, t.ID)
	var drawn []string
	for _, d := range t.Draws {
		pool := item.Shuffle(r, c.pool(d.Objective))
		drawn = append(drawn, pool[:min(d.Count, len(pool))]...)
	}
	return item.Shuffle(r, drawn)
}

func TestAppliedAndTrialItemsAreDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &Course{items: map[string]*item.Item{}}
		applied := 0
		for i := range rapid.IntRange(1, 15).Draw(t, "items") {
			it := &item.Item{ID: fmt.Sprintf("i-%d", i), Use: item.UseTest, Objective: "o", Level: rapid.IntRange(1, 4).Draw(t, "level"), Pilot: rapid.Bool().Draw(t, "pilot")}
			if it.Applied() && !it.Pilot {
				applied++
			}
			c.items[it.ID] = it
			c.itemIDs = append(c.itemIDs, it.ID)
		}
		all := len(c.pool("o"))
		d := draw{Objective: "o", Count: rapid.IntRange(0, all).Draw(t, "count")}
		seed := rapid.Int64().Draw(t, "seed")
		if plain := (&Test{ID: "final", Draws: []draw{d}}); !slices.Equal(c.Draw(plain, seed), earlierDraw(c, plain, seed)) {
			t.Fatal("a test as before draws others than before")
		}
		d.Applied = rapid.IntRange(0, min(d.Count, applied)).Draw(t, "applied")
		pilots := rapid.IntRange(0, len(c.pilots())).Draw(t, "pilots")
		drawn := c.Draw(&Test{ID: "final", Draws: []draw{d}, Pilots: pilots}, seed)
		got, trial := 0, 0
		for _, itemID := range drawn {
			switch it := c.items[itemID]; {
			case it.Pilot:
				trial++
			case it.Applied():
				got++
			}
		}
		sum := 0.0
		for itemID, chance := range c.Chances(&Test{ID: "final", Draws: []draw{d}}) {
			if sum += chance; chance < 0 || chance > 1 || c.items[itemID].Pilot {
				t.Fatalf("%s is drawn with the chance %v", itemID, chance)
			}
		}
		if math.Abs(sum-float64(d.Count)) > 1e-9 {
			t.Fatalf("%v of %d items are expected", sum, d.Count)
		}
		if len(slices.Compact(slices.Sorted(slices.Values(drawn)))) != d.Count+pilots || trial != pilots || got < d.Applied {
			t.Fatalf("%+v and %d on trial draw %v", d, pilots, drawn)
		}
	})
}

func TestTheRightAnswerHasTheFullMark(t *testing.T) {
	c, _, err := Load(shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, itemID := range c.ItemIDs() {
		for _, lang := range c.Languages {
			if share := c.Item(itemID).Score(c.Item(itemID).RightAnswer(lang)); share != 1 {
				t.Errorf("%s in %s: the right answer has %v", itemID, lang, share)
			}
		}
	}
}
