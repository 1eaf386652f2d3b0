package course

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
)

func TestAClassroomProgramme(t *testing.T) {
	c, faults := loadAll(t, coursetest.InClass(t))
	if len(faults) > 0 {
		t.Fatalf("faults:\n%s", list(faults))
	}
	if c.SelfStudy() || c.Hours != 2 || len(c.Competences) != 1 || c.FinalTest() != nil {
		t.Errorf("self-study %v, %g hours, %d tests", c.SelfStudy(), c.Hours, len(c.Competences))
	}
	if got := slices.Sorted(maps.Keys(c.Indicators())); !slices.Equal(got, []string{"crowded-accommodation", "documents-held"}) {
		t.Errorf("indicators %v", got)
	}
	for name, want := range map[string]string{
		"guide/opening": "term-note", "guide/work": "Rozdaj karty", "slides": "Dzień dobry", "handouts/card": "<table>", "cases/alarm": "Osiem osób", "answers/alarm": "Nic się nie dzieje",
	} {
		d := c.Document(name, "pl")
		if d == nil || !strings.Contains(d.Parts[0].HTML, want) {
			t.Errorf("%s does not say %q: %+v", name, want, d)
		}
		if other := c.Document(name, "en"); other == nil || len(other.Parts) != len(d.Parts) {
			t.Errorf("%s in English: %+v", name, other)
		}
	}
	if c.Document("guide/pause", "pl") != nil || c.Document("slides", "uk") != nil {
		t.Error("there are texts that nobody wrote")
	}
}

// Each fault is named with its file and what is wrong, and stands in the way of publishing.
func TestFaultsOfAClassroomProgramme(t *testing.T) {
	for name, f := range map[string]struct{ file, old, replacement, in, says string }{
		"a guide is longer":     {"programme/guide/work.pl.md", "45 min", "40 min", "programme/guide/work.pl.md", `the steps take 40 minutes and the block "work" takes 45`},
		"no step":               {"programme/guide/work.pl.md", "45 min: Praca", "Praca", "programme/guide/work.pl.md:1", "here should be a step"},
		"a guide is missing":    {"programme.yaml", "id: work,", "id: other,", "programme/guide/other.en.md", `the text is missing in "en"`},
		"nothing uses a file":   {"programme/guide/pause.pl.md", "", "## 10 min: Kawa\n", "programme/guide/pause.pl.md", "nothing in the course uses this file"},
		"steps differ":          {"programme/guide/opening.en.md", "15 min: Welcome\n\nSay whom [[werbunek|recruitment]] is about.\n\n## 30", "25 min: Welcome\n\nSay whom [[werbunek|recruitment]] is about.\n\n## 20", "programme/guide/opening.en.md:1", "from part number 1 on it differs"},
		"blocks differ":         {"programme/guide/opening.en.md", ":::key\nListen.\n:::", "Listen.", "programme/guide/opening.en.md", "it differs"},
		"slide of no block":     {"programme/slides.pl.md", "## work", "## wrok", "programme/slides.pl.md:5", `there is no block "wrok"`},
		"slide without a block": {"programme/slides.pl.md", "## work: ", "## ", "programme/slides.pl.md:5", "here should be a slide"},
		"slides out of order":   {"programme/slides.pl.md", "## opening: Witamy", "## test: Witamy", "programme/slides.pl.md:5", "stands behind one of"},
		"a wall of words":       {"programme/slides.pl.md", "Dzień dobry.", strings.Repeat("słowo ", 71), "programme/slides.pl.md:1", "the slide has 71 words"},
		"a slide more":          {"programme/slides.en.md", "- in pairs\n", "- in pairs\n\n## work: More\n", "programme/slides.en.md", "it differs"},
		"a case too few":        {"programme.yaml", "least: 1,", "least: 3,", "programme.yaml", "3 cases are declared, and the blocks name 1"},
		"no false alarm":        {"programme/cases/alarm.pl.md", "false_alarm: true\n", "", "programme/cases/alarm.en.md", "it differs"},
		"false alarms too few":  {"programme.yaml", "false_alarms: 1", "false_alarms: 2", "programme.yaml", "2 false alarms are declared, and the blocks name 1"},
		"no head":               {"programme/handouts/card.pl.md", "---\ntitle: Karta\n---\n", "", "programme/handouts/card.pl.md:1", "the text has no head"},
		"an empty handout":      {"programme/handouts/card.pl.md", "| Kto | Telefon |\n|---|---|\n| | |\n", "", "programme/handouts/card.pl.md", "the text is empty"},
		"an answer is missing":  {"programme.yaml", "cases: [alarm]", "cases: [alarm, second]", "programme/answers/second.pl.md", "the text is missing"},
		"no such objective":     {"programme.yaml", "objectives: [support]", "objectives: [suport]", "programme.yaml", `names the objective "suport"`},
		"not taught":            {"programme.yaml", "objectives: [support]", "objectives: [definition]", "programme.yaml", `no block teaches the objective "support"`},
		"not measured":          {"items/competence.yaml", "id: help-b1\n  use: competence\n  objective: support", "id: help-b1\n  use: competence\n  objective: definition", "forms/knowing.yaml", "has 2 items in form A and 1 in form B"},
		"law in a guide":        {"programme/guide/work.pl.md", "Rozdaj karty.", "Czekaj trzy miesiące.", "programme/guide/work.pl.md:3", "trzy miesiące"},
		"phone in a case":       {"programme/cases/alarm.pl.md", "Osiem osób", "Zadzwoń pod 22 628 01 20. Osiem osób", "programme/cases/alarm.pl.md", "22 628 01 20"},
		"raw HTML":              {"programme/slides.pl.md", "Dzień dobry.", "<b>Dzień dobry.</b>", "programme/slides.pl.md", "raw HTML"},
		"a check":               {"programme/guide/work.pl.md", "Rozdaj karty.", ":::check items=\"x\"\n:::", "programme/guide/work.pl.md", "there is no item"},
		"modules alone":         {"course.yaml", "objectives:\n", "completion: {lessons: all, scenarios: none, checks: none, test: none}\nobjectives:\n", "course.yaml", "is for what people do alone"},
		"hours of both":         {"course.yaml", "objectives:\n", "hours: 2\nobjectives:\n", "course.yaml", "is for what people do alone"},
		"no modules, no class":  {"programme.yaml", "minutes_per_hour: 45\n", "", "programme.yaml", `"minutes_per_hour" is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := loadAll(t, coursetest.With(t, coursetest.InClass(t), f.file, f.old, f.replacement))
			for _, fault := range folder.Blocking(faults) {
				if strings.HasPrefix(fault.String(), f.in) && strings.Contains(fault.Message, f.says) {
					return
				}
			}
			t.Errorf("no fault in %s says %q:\n%s", f.in, f.says, list(faults))
		})
	}
}

func TestAProgrammeNeedsATestAndACourseNeedsModules(t *testing.T) {
	m := coursetest.InClass(t)
	delete(m, "forms/knowing.yaml")
	if _, faults := loadAll(t, m); !strings.Contains(list(faults), "no competence test measures") {
		t.Errorf("without forms:\n%s", list(faults))
	}
	m = coursetest.InClass(t)
	delete(m, "programme.yaml")
	if _, faults := loadAll(t, m); !strings.Contains(list(faults), `"modules" is missing`) {
		t.Errorf("without a programme and modules:\n%s", list(faults))
	}
}

// A course that people take alone may be held in a classroom too; it keeps its lessons and its hours.
func TestACourseWithLessonsAndAProgramme(t *testing.T) {
	m := coursetest.Good(t)
	for name, f := range coursetest.InClass(t) {
		if strings.HasPrefix(name, "programme") {
			m[name] = f
		}
	}
	c, faults := loadAll(t, m)
	if len(faults) > 0 || !c.SelfStudy() || c.Programme == nil || c.Hours != 1.5 {
		t.Errorf("self-study %v, %g hours, faults:\n%s", c.SelfStudy(), c.Hours, list(faults))
	}
}

// FuzzProgramme puts any text in the place of any file of a programme: loading must not panic, and what has no fault can be printed.
func FuzzProgramme(f *testing.F) {
	base := coursetest.InClass(f)
	var files []string
	for _, name := range slices.Sorted(maps.Keys(base)) {
		if strings.HasPrefix(name, "programme") {
			files = append(files, name)
			f.Add(len(files)-1, base[name].Data)
		}
	}
	f.Add(0, []byte("format: 1\ndays: [{sessions: [{id: a, from: \"24:00\", until: \"9:99\", blocks: [{id: a, start: \"9:00\", minutes: 99999999999}]}]}]\n"))
	f.Add(1, []byte("## 999 min: x\n## 0 min: y\n```\n## 5 min: code\n"))
	f.Fuzz(func(t *testing.T, which int, text []byte) {
		changed := maps.Clone(base)
		changed[files[uint(which)%uint(len(files))]] = &fstest.MapFile{Data: text}
		c, faults, err := Load(fs.FS(changed))
		if err != nil {
			t.Fatal(err)
		}
		if len(folder.Blocking(faults)) > 0 {
			return
		}
		for _, b := range c.Programme.Blocks() {
			if d := c.Document("guide/"+b.ID, "pl"); b.Guided() && d.Minutes() != b.Minutes {
				t.Errorf("the guide of %s takes %d minutes of %d", b.ID, d.Minutes(), b.Minutes)
			}
		}
	})
}
