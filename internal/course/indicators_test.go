package course

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
)

// indicated is the good course with indicators at a lesson, a block in both languages, and an item.
func indicated(t *testing.T) fstest.MapFS {
	t.Helper()
	files := coursetest.Good(t)
	for _, lang := range []string{"pl", "en"} {
		files = coursetest.With(t, files, "modules/law/definition."+lang+".md", "objectives: [definition]\n", "objectives: [definition]\nindicators: [papers-held]\n")
		files = coursetest.With(t, files, "modules/law/definition."+lang+".md", ":::key id=elements\n", ":::key id=elements indicators=\"wages-withheld papers-held\"\n")
	}
	return coursetest.With(t, files, "items/tests.yaml", "  rests_on:", "  indicators: [watched]\n  rests_on:")
}

func TestLessonsBlocksAndItemsNameIndicators(t *testing.T) {
	c, faults := loadAll(t, indicated(t))
	if bad := folder.Blocking(faults); len(bad) > 0 {
		t.Fatal(list(bad))
	}
	at := c.Indicators()
	if got := slices.Sorted(maps.Keys(at)); !slices.Equal(got, []string{"papers-held", "wages-withheld", "watched"}) || len(at["papers-held"]) != 4 || at["watched"][0].File != "items/tests.yaml" {
		t.Errorf("%v: %v", got, at)
	}
	if l := c.Lesson("definition", "pl"); !slices.Equal(l.Indicators, []string{"papers-held"}) {
		t.Errorf("of the lesson: %v", l.Indicators)
	}
	for name, f := range map[string]struct{ file, old, new, want string }{
		"no id":                  {"modules/law/definition.en.md", "wages-withheld", "Wages_withheld", `"Wages_withheld" cannot be an id`},
		"no id in an item":       {"items/tests.yaml", "[watched]", "[Watched]", `"Watched" is not an id`},
		"named twice":            {"items/tests.yaml", "[watched]", "[watched, watched]", `the indicator "watched" is named twice`},
		"another block's":        {"modules/law/definition.en.md", "wages-withheld ", "", "key elements papers-held"},
		"another lesson's":       {"modules/law/definition.en.md", "indicators: [papers-held]", "indicators: [watched]", "names the indicators [papers-held]"},
		"two ids, and no comma":  {"modules/law/definition.en.md", "indicators: [papers-held]", "indicators: papers-held", "list"},
		"not on a missing block": {"modules/law/definition.en.md", ":::key id=elements", ":::kex id=elements", `there is no block "kex"`},
	} {
		_, faults := loadAll(t, coursetest.With(t, indicated(t), f.file, f.old, f.new))
		if got := list(folder.Blocking(faults)); !strings.Contains(got, f.want) {
			t.Errorf("%s: no fault with %q in\n%s", name, f.want, got)
		}
	}
}
