package course_test

import (
	"slices"
	"strings"
	"testing"

	"ostoja/courses"
	"ostoja/internal/course"
)

// guardian is the course for guardians as of the day on which it was written.
func guardian(t *testing.T) *course.Course {
	t.Helper()
	c, _ := shipped(t, courses.Guardian, 30)
	return c
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
			marks := []string{"[["}
			if strings.HasPrefix(at, "lesson:") { // only lessons are here as they are shown
				marks = append(marks, "{")
			}
			whole(t, at, lang, text, marks...)
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
			for name, n := range s.Nodes {
				for _, lang := range c.Languages {
					namesNoVictim(t, p.ID()+", "+name, lang, n.Text[lang])
				}
			}
		}
	}
	if !slices.Equal(stories, []string{"quiet-sunday", "second-phone"}) {
		t.Errorf("stories: %v", stories)
	}
}
