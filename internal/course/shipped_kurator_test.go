package course_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/courses"
	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/fact"
	"ostoja/packs"
)

// guardian loads the shipped course for guardians with the pack of Poland, and its facts as of the day on which it was written.
func guardian(t *testing.T) *course.Course {
	t.Helper()
	pack, err := packs.Open("pl")
	if err != nil {
		t.Fatal(err)
	}
	c, faults, err := course.Load(folder.WithPack(courses.Guardian, pack))
	if err != nil || len(folder.Blocking(faults)) > 0 {
		t.Fatal(faults, err)
	}
	facts, err := fact.ReadPack(pack)
	if err != nil {
		t.Fatal(err)
	}
	return c.Showing(fact.NewBook(facts.Facts, facts.Slots, time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC), time.UTC))
}

// Every text is there in both languages, each in its own, with its facts in place.
func TestEveryTextOfTheGuardianCourseIsWhole(t *testing.T) {
	c := guardian(t)
	for _, lang := range c.Languages {
		texts := shownTexts(c, lang)
		if len(texts) < len(c.Parts()) {
			t.Errorf("%d texts in %q", len(texts), lang)
		}
		for at, text := range texts {
			for _, not := range []string{"fact-gone", "\x02", "\x03", ":::", "TODO", "{", "[["} {
				if strings.Contains(text, not) && (strings.HasPrefix(at, "lesson:") || not != "{") { // only lessons are here as they are shown
					t.Errorf("%s in %q says %q", at, lang, not)
				}
			}
			if english := strings.Contains(text, " the ") && strings.Contains(text, " and "); english != (lang == "en") && len(text) > 1500 {
				t.Errorf("%s in %q is in another language", at, lang)
			}
		}
	}
}

// What nobody found a source for is not taught: how long and for how many children the Union's rules are carried out in Poland, and the
// temporary guardian as if the law on it still held.
func TestTheGuardianCourseTeachesNoLawWithoutASource(t *testing.T) {
	c := guardian(t)
	for _, lang := range c.Languages {
		for at, text := range shownTexts(c, lang) {
			for _, not := range []string{"15 dni", "piętnastu dni", "15 working", "fifteen working", "30 dzieci", "30 children", "art. 25 ustawy", "art. 25 of the act"} {
				if strings.Contains(strings.ToLower(text), not) {
					t.Errorf("%s in %q says %q", at, lang, not)
				}
			}
		}
	}
}

// The two stories ask for opposite things: one is a false alarm, and in neither anybody is called a victim.
func TestTheStoriesOfTheGuardianCourseCallNobodyAVictim(t *testing.T) {
	c := guardian(t)
	var stories []string
	for _, p := range c.Parts() {
		if s := c.Scenarios[p.ID()]; s != nil {
			stories = append(stories, p.ID())
			for lang, word := range map[string]string{"pl": "ofiar", "en": "victim"} {
				for name, n := range s.Nodes {
					if strings.Contains(strings.ToLower(n.Text[lang]), word) {
						t.Errorf("%s, %s says %q in %q", p.ID(), name, word, lang)
					}
				}
			}
		}
	}
	if !slices.Equal(stories, []string{"quiet-sunday", "second-phone"}) {
		t.Errorf("stories: %v", stories)
	}
}
