package course

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/item"
)

// TestAnchors: four items or more that no form has for itself.
func TestAnchors(t *testing.T) {
	var items strings.Builder
	for i := range 4 {
		fmt.Fprintf(&items, "- {id: anchor-%d, use: competence, objective: support, level: 1, type: number, question: {pl: a, en: b}, answer: %d, explanation: {pl: a, en: b}}\n", i, i)
	}
	base := coursetest.With(t, coursetest.Good(t), "items/anchors.yaml", "", items.String())
	for _, c := range []struct{ anchors, want string }{
		{"[anchor-0, anchor-1, anchor-2, anchor-3]", ""},
		{"[anchor-0, anchor-1, anchor-2]", "forms/knowing.yaml:5: there are 3 anchors"},
		{"[anchor-0, anchor-1, anchor-2, know-a1]", `forms/knowing.yaml:5: the item "know-a1" is in the form A already`},
		{"[anchor-0, anchor-1, anchor-2, def-1]", `forms/knowing.yaml:5: the item "def-1" is for use in a test`},
		{"[anchor-0, anchor-1, anchor-2, anchor-2]", `forms/knowing.yaml:5: the item "anchor-2" is in the form of anchors already`},
	} {
		course, faults := loadAll(t, coursetest.With(t, base, "forms/knowing.yaml", "minutes: 10", "minutes: 10\nanchors: "+c.anchors))
		got := list(faults)
		if c.want == "" && (got != "" || len(course.Competences[0].Anchors) != 4) || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.anchors, got, c.want)
		}
	}
}

func TestTheShippedCourseHasNoWarnings(t *testing.T) {
	if _, faults := loadAll(t, shipped()); len(faults) > 0 {
		t.Error(list(faults))
	}
}

// TestParallelFormsMatchTheSame: the matching items of all forms of the shipped test ask the same things.
func TestParallelFormsMatchTheSame(t *testing.T) {
	c, _ := loadAll(t, shipped())
	first := map[string]string{} // objective -> right-hand sides
	for _, f := range c.Competences[0].Forms {
		for _, itemID := range f.Items {
			it := c.Item(itemID)
			if it.Type != item.Match {
				continue
			}
			var rights []string
			for _, p := range it.Pairs {
				rights = append(rights, p.Right["pl"]+" / "+p.Right["en"])
			}
			slices.Sort(rights)
			asked := strings.Join(rights, ", ")
			if first[it.Objective] == "" {
				first[it.Objective] = asked
			}
			if asked != first[it.Objective] {
				t.Errorf("%s asks %s, the first form %s", itemID, asked, first[it.Objective])
			}
		}
	}
}
