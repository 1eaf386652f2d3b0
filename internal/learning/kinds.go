package learning

import (
	"slices"

	"ostoja/internal/course"
	"ostoja/internal/item"
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

// lessonNeeds asks that lessons are read and that their practice items are answered: rightly in the end, where the course asks it.
func lessonNeeds(c *course.Course, parts []course.Part, p Progress) []Requirement {
	var list []Requirement
	if c.Completion.Lessons == course.All {
		list = append(list, partsDone(needLessons, parts, p))
	}
	kind := needChecks
	switch c.Completion.Checks {
	case course.Right:
		kind = needChecksRight
	case course.All:
	default:
		return list
	}
	r := Requirement{Kind: kind}
	for _, part := range parts {
		open := len(OpenChecks(c, part, p))
		r.Of, r.Done = r.Of+len(part.Checks()), r.Done+len(part.Checks())-open
		if open > 0 {
			r.Missing = append(r.Missing, part)
		}
	}
	return append(list, r)
}

// answerCounts says whether an answer to a practice item is enough for the course.
func answerCounts(c *course.Course, share float64) bool {
	return c.Completion.Checks != course.Right || share >= 1
}

// scenarioNeeds asks that each story was led to an end: a good one, where the course asks it. What an end is worth is decided
// when it is reached, by the rule of the version that told the story, so that who did it under an older rule keeps it.
func scenarioNeeds(c *course.Course, parts []course.Part, p Progress) []Requirement {
	switch c.Completion.Scenarios {
	case course.GoodEnd:
		return []Requirement{partsDone(needGoodEnds, parts, p)}
	case course.All:
		return []Requirement{partsDone(needScenarios, parts, p)}
	}
	return nil
}

// endCounts says whether an end is enough for the course.
func endCounts(c *course.Course, end item.Rating) bool {
	return c.Completion.Scenarios != course.GoodEnd || end == item.Good
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

// OpenChecks returns the practice items of a part that the course asks to be answered and that have no answer that counts.
func OpenChecks(c *course.Course, part course.Part, p Progress) []string {
	if c.Completion.Checks != course.All && c.Completion.Checks != course.Right {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(part.Checks()), func(itemID string) bool { return !p.Checks[itemID].DoneAt.IsZero() })
}

// OpenCheck says whether an answer to a practice item does not count yet, so that the item is to be answered again.
func OpenCheck(c *course.Course, a CheckAnswer) bool {
	return c.Completion.Checks == course.Right && a.DoneAt.IsZero()
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
