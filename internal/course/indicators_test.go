package course

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
	"ostoja/internal/indicator"
)

// indicated is the good course with indicators at a lesson, a block in both languages, and an item.
func indicated(t *testing.T) fstest.MapFS {
	t.Helper()
	files := coursetest.Good(t)
	for _, lang := range []string{"pl", "en"} {
		files = coursetest.With(t, files, "modules/law/definition."+lang+".md", "objectives: [definition]\n", "objectives: [definition]\nindicators: [documents-held]\n")
		files = coursetest.With(t, files, "modules/law/definition."+lang+".md", ":::key id=elements\n", ":::key id=elements indicators=\"wages-withheld documents-held\"\n")
	}
	return coursetest.With(t, files, "items/tests.yaml", "  rests_on:", "  indicators: [watched]\n  rests_on:")
}

// Who names an indicator that is not in the list is told where, and which one was meant; without a list nothing is looked for.
func TestIndicatorsThatAreNotInTheList(t *testing.T) {
	known := indicator.List{{ID: "documents-held"}, {ID: "wages-withheld"}, {ID: "watched"}, {ID: "crowded-accommodation"}}
	inLessons, inClass := indicated(t), coursetest.InClass(t)
	for name, f := range map[string]struct {
		files          fstest.MapFS
		file, old, new string
		want           string // "" is no fault
	}{
		"none":              {inLessons, "course.yaml", "id: ", "id: ", ""},
		"none, in class":    {inClass, "course.yaml", "id: ", "id: ", ""},
		"a lesson":          {inLessons, "modules/law/definition.en.md", "indicators: [documents-held]", "indicators: [documents-hold]", `there is no indicator "documents-hold" (did you mean documents-held?)`},
		"a block":           {inLessons, "modules/law/definition.pl.md", `indicators="wages-withheld `, `indicators="night-work `, `there is no indicator "night-work" (known here: documents-held, wages-withheld, watched, crowded-accommodation)`},
		"an item":           {inLessons, "items/tests.yaml", "[watched]", "[wached]", `there is no indicator "wached" (did you mean watched?)`},
		"a programme block": {inClass, "programme.yaml", "indicators: [documents-held]", "indicators: [night-work]", `there is no indicator "night-work"`},
		"a programme case":  {inClass, "programme/cases/alarm.en.md", "[crowded-accommodation]", "[night-work]", `there is no indicator "night-work"`},
	} {
		files := coursetest.With(t, f.files, f.file, f.old, f.new)
		_, unasked := loadAll(t, files)
		_, asked, err := Load(files, Knowing(known))
		if err != nil {
			t.Fatal(err)
		}
		found := slices.DeleteFunc(slices.Clone(asked), func(x folder.Fault) bool { return !strings.Contains(x.Message, "no indicator") })
		if f.want == "" {
			if len(found) > 0 {
				t.Errorf("%s: %s", name, list(found))
			}
			continue
		}
		if strings.Contains(list(unasked), "no indicator") || len(found) != 1 || !strings.Contains(found[0].String(), f.want) || found[0].File != f.file || len(folder.Blocking(found)) != 1 {
			t.Errorf("%s: without a list\n%swith one\n%s", name, list(unasked), list(asked))
			continue
		}
		if lines := strings.Split(string(files[f.file].Data), "\n"); found[0].Line < 1 || !strings.Contains(lines[found[0].Line-1], strings.Split(f.want, `"`)[1]) {
			t.Errorf("%s: %s is not where it says", name, found[0])
		}
	}
	_, faults, err := Load(coursetest.With(t, inLessons, "items/tests.yaml", "[watched]", "[Watched]"), Knowing(known))
	if said := list(faults); err != nil || strings.Contains(said, "no indicator") || !strings.Contains(said, "is not an id") {
		t.Errorf("what cannot be an id: %v\n%s", err, said)
	}
}

func TestLessonsBlocksAndItemsNameIndicators(t *testing.T) {
	c, faults := loadAll(t, indicated(t))
	if bad := folder.Blocking(faults); len(bad) > 0 {
		t.Fatal(list(bad))
	}
	at := c.Indicators()
	if got := slices.Sorted(maps.Keys(at)); !slices.Equal(got, []string{"documents-held", "wages-withheld", "watched"}) || len(at["documents-held"]) != 4 || at["watched"][0].File != "items/tests.yaml" {
		t.Errorf("%v: %v", got, at)
	}
	if l := c.Lesson("definition", "pl"); !slices.Equal(l.Indicators, []string{"documents-held"}) {
		t.Errorf("of the lesson: %v", l.Indicators)
	}
	for name, f := range map[string]struct{ file, old, new, want string }{
		"no id":                  {"modules/law/definition.en.md", "wages-withheld", "Wages_withheld", `"Wages_withheld" cannot be an id`},
		"no id in an item":       {"items/tests.yaml", "[watched]", "[Watched]", `"Watched" is not an id`},
		"named twice":            {"items/tests.yaml", "[watched]", "[watched, watched]", `the indicator "watched" is named twice`},
		"another block's":        {"modules/law/definition.en.md", "wages-withheld ", "", "key elements documents-held"},
		"another lesson's":       {"modules/law/definition.en.md", "indicators: [documents-held]", "indicators: [watched]", "names the indicators [documents-held]"},
		"two ids, and no comma":  {"modules/law/definition.en.md", "indicators: [documents-held]", "indicators: documents-held", "list"},
		"not on a missing block": {"modules/law/definition.en.md", ":::key id=elements", ":::kex id=elements", `there is no block "kex"`},
	} {
		_, faults := loadAll(t, coursetest.With(t, indicated(t), f.file, f.old, f.new))
		if got := list(folder.Blocking(faults)); !strings.Contains(got, f.want) {
			t.Errorf("%s: no fault with %q in\n%s", name, f.want, got)
		}
	}
}
