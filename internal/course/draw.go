package course

import (
	"math/rand/v2"
	"slices"

	"ostoja/internal/fact"
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
	pool := item.Shuffle(r, c.unlapsed(c.pool(d.Objective)))
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

// unlapsed leaves out items that rest on a fact which has lapsed today, unless nothing else is left: then fewer are asked, and what is
// asked shows the place of the fact empty. What an item scores never depends on a fact, for no answer may name one.
func (c *Course) unlapsed(pool []string) []string {
	kept := slices.DeleteFunc(slices.Clone(pool), c.lapsed)
	if len(kept) == 0 {
		return pool
	}
	return kept
}

// lapsed says whether an item names a fact that is not shown any more today.
func (c *Course) lapsed(itemID string) bool {
	return c.book != nil && slices.ContainsFunc(c.facts[itemOwner(itemID)], func(id string) bool {
		_, validity := c.book.Get(id)
		return validity == fact.Expired
	})
}

// Chances returns how probable it is that an attempt draws each item that counts, from above 0 to 1.
func (c *Course) Chances(t *Test) map[string]float64 {
	chances := map[string]float64{}
	for _, d := range t.Draws {
		pool, applied := c.pool(d.Objective), 0.0
		for _, itemID := range pool {
			if c.items[itemID].Applied() {
				applied++
			}
		}
		first := min(float64(min(d.Applied, d.Count)), applied) // drawn of the applied ones; the rest of all that are left
		rest := 0.0
		if left := float64(len(pool)) - first; left > 0 {
			rest = min(1, (float64(d.Count)-first)/left)
		}
		for _, itemID := range pool {
			if chances[itemID] = rest; c.items[itemID].Applied() && applied > 0 {
				chances[itemID] = first/applied + (1-first/applied)*rest
			}
		}
	}
	return chances
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
