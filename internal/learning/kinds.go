package learning

import (
	"slices"

	"ostoja/internal/course"
)

// kinds says what it takes to have done the parts of each kind, in the order in which a participant is told. A new kind of
// part is one entry here; [requirementsOf] is all that asks.
var kinds = []struct {
	kind  course.Kind
	needs func(c *course.Course, parts []course.Part, p Progress) []Requirement
}{
	{course.KindLesson, lessonNeeds},
	{course.KindScenario, scenarioNeeds},
	{course.KindTest, testNeeds},
}

// lessonNeeds asks that lessons are read and that their practice items are answered, rightly or not: practice is for learning.
func lessonNeeds(c *course.Course, parts []course.Part, p Progress) []Requirement {
	var list []Requirement
	if c.Completion.Lessons == course.All {
		list = append(list, partsDone(needLessons, parts, p))
	}
	if c.Completion.Checks == course.All {
		r := Requirement{Kind: needChecks}
		for _, part := range parts {
			r.Of += len(part.Checks())
			for _, itemID := range part.Checks() {
				if _, answered := p.Checks[itemID]; answered {
					r.Done++
				} else if !slices.Contains(r.Missing, part) {
					r.Missing = append(r.Missing, part)
				}
			}
		}
		list = append(list, r)
	}
	return list
}

// scenarioNeeds asks that each story was led to one of its ends.
func scenarioNeeds(c *course.Course, parts []course.Part, p Progress) []Requirement {
	if c.Completion.Scenarios != course.All {
		return nil
	}
	return []Requirement{partsDone(needScenarios, parts, p)}
}

// testNeeds asks that the final test was passed, or only handed in. A rule that asks for a test which the course does not
// have is never met; the loader refuses such a course.
func testNeeds(c *course.Course, parts []course.Part, p Progress) []Requirement {
	r := Requirement{Of: 1, Missing: parts}
	done := false
	switch c.Completion.Test {
	case course.TestPass:
		r.Kind, done = needTestPass, p.passed()
	case course.TestTaken:
		r.Kind, done = needTestTaken, p.handedIn()
	default:
		return nil
	}
	if done {
		r.Done, r.Missing = 1, nil
	}
	return []Requirement{r}
}

// OpenChecks returns the practice items of a part that the course asks to be answered and that have no answer.
func OpenChecks(c *course.Course, part course.Part, p Progress) []string {
	if c.Completion.Checks != course.All {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(part.Checks()), func(itemID string) bool {
		_, answered := p.Checks[itemID]
		return answered
	})
}

// PartDone says whether nothing of a part is left: it was gone through, and what the course asks in it is answered. It is what a
// participant and who leads them see counted.
func PartDone(c *course.Course, part course.Part, p Progress) bool {
	return !p.Done[part.Key()].IsZero() && len(OpenChecks(c, part, p)) == 0
}

// countDone counts the parts of which nothing is left.
func countDone(c *course.Course, p Progress) int {
	n := 0
	for _, part := range c.Parts() {
		if PartDone(c, part, p) {
			n++
		}
	}
	return n
}

// partsDone asks that all parts are done.
func partsDone(kind RequirementKind, parts []course.Part, p Progress) Requirement {
	r := Requirement{Kind: kind, Of: len(parts)}
	for _, part := range parts {
		if p.Done[part.Key()].IsZero() {
			r.Missing = append(r.Missing, part)
		} else {
			r.Done++
		}
	}
	return r
}
