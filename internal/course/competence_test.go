package course

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/course/folder"
	"ostoja/internal/item"
)

// longKeys returns the faults of a course with a form A of single items, in as many of which the key is the longest choice as longest says, and a form B in
// which it is in none.
func longKeys(t *testing.T, items, longest int) []folder.Fault {
	t.Helper()
	var file, a, b strings.Builder
	for i := range 2 * items {
		key := "rzecz"
		if i < longest {
			key = "rzecz bardzo dobrze opisana"
		}
		fmt.Fprintf(&file, "- {id: long-%d, use: competence, objective: support, level: 1, type: single, question: {pl: a, en: b}, explanation: {pl: a, en: b}, options: [{id: a, correct: true, text: {pl: %q, en: x}}, {id: b, text: {pl: coś zupełnie innego, en: a thing}}]}\n", i, key)
		list := &a
		if i >= items {
			list = &b
		}
		fmt.Fprintf(list, "long-%d, ", i)
	}
	fsys := with(t, good(t), "items/long.yaml", "", file.String())
	fsys = with(t, fsys, "forms/long.yaml", "", "id: long\ntitle: {pl: a, en: b}\nforms:\n  - {name: A, items: ["+a.String()+"]}\n  - {name: B, items: ["+b.String()+"]}\n")
	_, faults := loadAll(t, fsys)
	if blocking := folder.Blocking(faults); len(blocking) > 0 {
		t.Fatal(list(blocking))
	}
	return faults
}

func TestKeysThatLengthTellsAreWarnedOf(t *testing.T) {
	for _, c := range []struct {
		items, longest int
		want           string
	}{
		{10, 4, ""}, {10, 5, "forms/long.yaml:4: warning: in form A the right answer is the longest choice in 5 of 10 items (pl)"}, {7, 7, ""}, {8, 4, "4 of 8"},
	} {
		got := list(longKeys(t, c.items, c.longest))
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%d of %d: %q, want %q", c.longest, c.items, got, c.want)
		}
	}
}

func TestTheShippedCourseHasNoWarnings(t *testing.T) {
	if _, faults := loadAll(t, os.DirFS("../../courses/border-guard")); len(faults) > 0 {
		t.Error(list(faults))
	}
}

// TestParallelFormsMatchTheSame: the matching items of all forms of the shipped test ask the same things.
func TestParallelFormsMatchTheSame(t *testing.T) {
	c, _ := loadAll(t, os.DirFS("../../courses/border-guard"))
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
