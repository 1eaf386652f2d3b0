package course

import (
	"math/rand/v2"
	"slices"

	"ostoja/internal/item"
)

// Draw returns the ids of the items of one attempt: for each draw of the test that many of the objective's test items, those on
// trial, and all of them shuffled. It MUST draw for ever what it draws now of a test that says the same: an attempt keeps what was
// drawn, but the proof of what a seed gives does not.
func (c *Course) Draw(t *Test, seed int64) []string {
	r := item.Source(seed, t.ID)
	var drawn []string
	for _, d := range t.Draws {
		drawn = append(drawn, c.drawOf(r, d)...)
	}
	if t.Pilots > 0 {
		pool := item.Shuffle(r, c.pilots())
		drawn = append(drawn, pool[:min(t.Pilots, len(pool))]...)
	}
	return item.Shuffle(r, drawn)
}

// drawOf draws of one objective: first as many applied items as are asked for at least, then of all that are left.
func (c *Course) drawOf(r *rand.Rand, d draw) []string {
	pool := item.Shuffle(r, c.pool(d.Objective))
	count := min(d.Count, len(pool)) // Load has seen to it that there are enough
	var first, rest []string
	for _, itemID := range pool {
		if len(first) < min(d.Applied, count) && c.items[itemID].Applied() {
			first = append(first, itemID)
		} else {
			rest = append(rest, itemID)
		}
	}
	return slices.Concat(first, rest)[:count]
}

// pool returns the test items of an objective that count.
func (c *Course) pool(objective string) []string {
	return c.testItems(func(it *item.Item) bool { return it.Objective == objective && !it.Pilot })
}

// pilots returns the test items that are on trial.
func (c *Course) pilots() []string {
	return c.testItems(func(it *item.Item) bool { return it.Pilot })
}

func (c *Course) testItems(belongs func(it *item.Item) bool) []string {
	var ids []string
	for _, itemID := range c.itemIDs {
		if it := c.items[itemID]; it.Use == item.UseTest && belongs(it) {
			ids = append(ids, itemID)
		}
	}
	return ids
}
