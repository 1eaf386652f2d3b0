package course

import (
	"math/rand/v2"
	"slices"

	"ostoja/internal/fact"
	"ostoja/internal/item"
	"ostoja/internal/quiz"
)

// Draw returns the ids of the items of one attempt: for each draw of the test that many of the objective's test items, those on
// trial, and all of them shuffled. Items whose facts lapsed come in only where too few others are left, and do not count:
// [Course.Lapsed]. While nothing has lapsed it MUST draw for ever what it draws now of a test that says the same: an attempt keeps
// what was drawn, but the proof of what a seed gives does not.
func (c *Course) Draw(t *Test, seed int64) []string {
	r := item.Source(seed, t.ID)
	var drawn []string
	for _, d := range t.Draws {
		drawn = append(drawn, c.drawOf(r, d.Count, d.Applied, c.pool(d.Objective))...)
	}
	if t.Pilots > 0 {
		drawn = append(drawn, c.drawOf(r, t.Pilots, 0, c.pilots())...)
	}
	return item.Shuffle(r, drawn)
}

// drawOf draws of a pool: first as many applied items as are asked for at least, then of all that are left, and last of those whose
// facts lapsed.
func (c *Course) drawOf(r *rand.Rand, count, least int, pool []string) []string {
	pool = item.Shuffle(r, pool)
	count = min(count, len(pool)) // Load has seen to it that there are enough
	var applied, rest, lapsed []string
	for _, itemID := range pool {
		switch {
		case c.lapsed(itemID):
			lapsed = append(lapsed, itemID)
		case len(applied) < min(least, count) && c.items[itemID].Applied():
			applied = append(applied, itemID)
		default:
			rest = append(rest, itemID)
		}
	}
	return slices.Concat(applied, rest, lapsed)[:count]
}

// lapsed says whether an item names a fact that is not shown any more today. What an item scores never depends on a fact, for no answer
// may name one; but its place in the question is empty then.
func (c *Course) lapsed(itemID string) bool {
	return c.book != nil && slices.ContainsFunc(c.ItemFacts(itemID), func(name string) bool {
		_, validity := c.book.Get(name)
		return validity == fact.Expired
	})
}

// ItemFacts returns the names of the facts that an item's texts name.
func (c *Course) ItemFacts(itemID string) []string { return c.facts[itemOwner(itemID)] }

// NamesFacts says whether any of its texts names a fact.
func (c *Course) NamesFacts() bool { return len(c.facts) > 0 }

// Book returns the facts that the course shows; nil if it shows none.
func (c *Course) Book() *fact.Book { return c.book }

// Lapsed returns which of the items rest on a fact that has lapsed today. An attempt that begins asks them unscored to its end, whatever
// lapses or is renewed meanwhile.
func (c *Course) Lapsed(items []string) []string {
	return slices.DeleteFunc(slices.Clone(items), func(itemID string) bool { return !c.lapsed(itemID) })
}

// Scores says whether an attempt that began today would ask anything that counts.
func (c *Course) Scores(t *Test) bool {
	return slices.ContainsFunc(t.Draws, func(d draw) bool { return len(c.Lapsed(c.pool(d.Objective))) < len(c.pool(d.Objective)) })
}

// Paper returns what an attempt asks. Items on trial do not count, nor do those that rested on a lapsed fact when it began.
func (c *Course) Paper(items, lapsed []string) quiz.Paper {
	p := make(quiz.Paper, len(items))
	for i, itemID := range items {
		it := c.Item(itemID)
		p[i] = quiz.Question{Key: itemID, Item: it, Unscored: it != nil && it.Pilot || slices.Contains(lapsed, itemID)}
	}
	return p
}

// Chances returns how probable it is that an attempt draws each item that counts, from above 0 to 1, while no fact has lapsed: experts
// judge a test as it is written, and their mark does not move from day to day.
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
