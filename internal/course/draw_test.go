package course

import (
	"fmt"
	"os"
	"path/filepath"
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
	test := &Test{ID: "final", Draws: []draw{{"definition", 5}, {"support", 1}}}
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
	if got := c.Draw(&Test{ID: "x", Draws: []draw{{"support", 99}}}, 1); len(got) != 1 {
		t.Errorf("drawn %v from a pool of one", got)
	}
}

func TestTheRightAnswerHasTheFullMark(t *testing.T) {
	c, _, err := Load(os.DirFS(filepath.Join("..", "..", "courses", "border-guard")))
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
