package course

import "ostoja/internal/item"

// Draw returns the ids of the items of one attempt: for each draw of the test that many of the objective's test items,
// and all of them shuffled.
func (c *Course) Draw(t *Test, seed int64) []string {
	r := item.Source(seed, t.ID)
	var drawn []string
	for _, d := range t.Draws {
		pool := item.Shuffle(r, c.pool(d.Objective))
		drawn = append(drawn, pool[:min(d.Count, len(pool))]...) // Load has seen to it that there are enough
	}
	return item.Shuffle(r, drawn)
}

// pool returns the test items of an objective.
func (c *Course) pool(objective string) []string {
	var ids []string
	for _, itemID := range c.itemIDs {
		if it := c.items[itemID]; it.Use == item.UseTest && it.Objective == objective {
			ids = append(ids, itemID)
		}
	}
	return ids
}
