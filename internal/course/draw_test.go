package course

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/fact"
	"ostoja/internal/item"
)

func TestDraw(t *testing.T) {
	c, _ := loadAll(t, coursetest.Good(t))
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

// earlierDraw is how attempts were drawn before items could lapse.
func earlierDraw(c *Course, t *Test, seed int64) []string {
	r := item.Source(seed, t.ID)
	var drawn []string
	for _, d := range t.Draws {
		pool := item.Shuffle(r, c.pool(d.Objective))
		count := min(d.Count, len(pool))
		var first, rest []string
		for _, itemID := range pool {
			if len(first) < min(d.Applied, count) && c.items[itemID].Applied() {
				first = append(first, itemID)
			} else {
				rest = append(rest, itemID)
			}
		}
		drawn = append(drawn, slices.Concat(first, rest)[:count]...)
	}
	if t.Pilots > 0 {
		pool := item.Shuffle(r, c.pilots())
		drawn = append(drawn, pool[:min(t.Pilots, len(pool))]...)
	}
	return item.Shuffle(r, drawn)
}

// bank draws a course of one to fifteen test items of the objective "o", some on trial.
func bank(t *rapid.T) *Course {
	c := &Course{items: map[string]*item.Item{}, facts: map[string][]string{}}
	for i := range rapid.IntRange(1, 15).Draw(t, "items") {
		it := &item.Item{ID: fmt.Sprintf("i-%d", i), Use: item.UseTest, Objective: "o", Level: rapid.IntRange(1, 4).Draw(t, "level"), Pilot: rapid.Bool().Draw(t, "pilot")}
		c.items[it.ID] = it
		c.itemIDs = append(c.itemIDs, it.ID)
	}
	return c
}

// Whatever lapses, as many items are asked as the test says, one that lapsed only when none else is left, and what counts is what
// neither lapsed nor is on trial.
func TestLapsedItemsAreDrawnLastAndDoNotCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := bank(t)
		c.book = fact.NewBook([]*fact.Fact{{ID: "sound"}, {ID: "gone", ValidUntil: "2020-01-01"}}, nil, time.Now(), time.UTC)
		for _, itemID := range c.itemIDs {
			c.facts[itemOwner(itemID)] = rapid.SampledFrom([][]string{nil, {"sound"}, {"gone"}, {"sound", "gone"}, {"of no pack"}}).Draw(t, "facts")
		}
		test := &Test{ID: "final", Draws: []draw{{"o", rapid.IntRange(1, 20).Draw(t, "count"), rapid.IntRange(0, 5).Draw(t, "applied")}}, Pilots: rapid.IntRange(0, 5).Draw(t, "pilots")}
		drawn := c.Draw(test, rapid.Int64().Draw(t, "seed"))
		lapsed := c.Lapsed(drawn)
		for _, pool := range []struct {
			items []string
			count int
		}{{c.pool("o"), test.Draws[0].Count}, {c.pilots(), test.Pilots}} {
			asked, gone, soundLeft := 0, 0, 0
			for _, itemID := range pool.items {
				rests := slices.ContainsFunc(c.facts[itemOwner(itemID)], func(name string) bool { return name != "sound" })
				switch is := slices.Contains(drawn, itemID); {
				case is && rests != slices.Contains(lapsed, itemID):
					t.Fatalf("%s: lapsed %v, and said to be %v", itemID, rests, !rests)
				case is && rests:
					asked, gone = asked+1, gone+1
				case is:
					asked++
				case !rests:
					soundLeft++
				}
			}
			if asked != min(pool.count, len(pool.items)) || gone > 0 && soundLeft > 0 {
				t.Fatalf("%d of %d asked, %d lapsed, while %d others are left", asked, len(pool.items), gone, soundLeft)
			}
		}
		counts := 0
		for _, q := range c.Paper(drawn, lapsed) {
			if want := q.Item.Pilot || slices.Contains(lapsed, q.Key); q.Unscored != want {
				t.Fatalf("%s: unscored %v", q.Key, q.Unscored)
			} else if !want {
				counts++
			}
		}
		if c.Scores(test) != (counts > 0) {
			t.Fatalf("%d questions count, and Scores says %v", counts, c.Scores(test))
		}
	})
}

func TestAppliedAndTrialItemsAreDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, applied := bank(t), 0
		for _, it := range c.items {
			if it.Applied() && !it.Pilot {
				applied++
			}
		}
		all := len(c.pool("o"))
		d := draw{Objective: "o", Count: rapid.IntRange(0, all).Draw(t, "count")}
		seed := rapid.Int64().Draw(t, "seed")
		d.Applied = rapid.IntRange(0, min(d.Count, applied)).Draw(t, "applied")
		pilots := rapid.IntRange(0, len(c.pilots())).Draw(t, "pilots")
		test := &Test{ID: "final", Draws: []draw{d}, Pilots: pilots}
		drawn := c.Draw(test, seed)
		if !slices.Equal(drawn, earlierDraw(c, test, seed)) {
			t.Fatal("a test as before draws others than before")
		}
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
