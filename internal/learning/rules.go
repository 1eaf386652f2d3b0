package learning

import (
	"slices"
	"time"

	"ostoja/internal/course"
	"ostoja/internal/errs"
)

// Requirement is one line of the answer to "why am I not finished?".
type Requirement struct {
	Kind    RequirementKind
	Done    int
	Of      int
	Missing []course.Part // where something is still to be done, each part once
}

// RequirementKind says what a requirement asks for.
type RequirementKind string

// The kinds of requirements, after the keys of a course's completion rule.
const (
	needLessons     RequirementKind = "lessons"
	needChecks      RequirementKind = "checks"
	needChecksRight RequirementKind = "checks-right"
	needScenarios   RequirementKind = "scenarios"
	needGoodEnds    RequirementKind = "scenarios-good"
	needTestTaken   RequirementKind = "test-taken"
	needTestPass    RequirementKind = "test-pass"
)

// Met says whether the requirement is fulfilled.
func (r Requirement) Met() bool { return r.Done >= r.Of }

// requirementsOf returns what the course's rule asks for and how far it is met, kind by kind. It is the only place where
// completion is decided; what is stored follows it.
func requirementsOf(c *course.Course, p Progress) []Requirement {
	parts := map[course.Kind][]course.Part{}
	for _, part := range c.Parts() {
		parts[part.Kind()] = append(parts[part.Kind()], part)
	}
	if t := c.FinalTest(); t != nil {
		parts[t.Kind()] = append(parts[t.Kind()], t)
	}
	var list []Requirement
	for _, k := range kinds {
		list = append(list, k.needs(c, parts[k.kind], p)...)
	}
	return list
}

// finished says whether everything but the test is done.
func finished(list []Requirement) bool {
	for _, r := range list {
		if r.Kind != needTestPass && r.Kind != needTestTaken && !r.Met() {
			return false
		}
	}
	return true
}

// completed says whether the whole rule is met.
func completed(list []Requirement) bool {
	for _, r := range list {
		if !r.Met() {
			return false
		}
	}
	return true
}

func (p Progress) passed() bool {
	for _, a := range p.Attempts {
		if a.Passed != nil && *a.Passed {
			return true
		}
	}
	return false
}

func (p Progress) handedIn() bool {
	for _, a := range p.Attempts {
		if !a.SubmittedAt.IsZero() {
			return true
		}
	}
	return false
}

// checkBegin says whether another attempt may begin now; err tells why not. With an attempt still open, it is that one
// that goes on. scores is false where nothing that would be asked counts today: such an attempt could only be failed.
func checkBegin(t *course.Test, scores bool, requirements []Requirement, p Progress, now time.Time) (open *Attempt, err error) {
	submitted := 0
	for i, a := range p.Attempts {
		switch {
		case a.Open(now):
			return &p.Attempts[i], nil
		default:
			submitted++
		}
	}
	if p.passed() {
		return nil, errs.Conflict("learning.test.passed-already")
	}
	if !finished(requirements) {
		return nil, errs.Conflict("learning.test.not-yet")
	}
	if t.Attempts > 0 && submitted >= t.Attempts {
		return nil, errs.Conflict("learning.test.no-attempts")
	}
	if now.Before(NextAttempt(t, p)) {
		return nil, errs.Conflict("learning.test.wait")
	}
	if !scores {
		return nil, errs.Conflict("learning.test.nothing-counts")
	}
	return nil, nil
}

// NextAttempt returns from when another attempt may begin, as the course asks; zero before the first, and where it asks nothing.
func NextAttempt(t *course.Test, p Progress) time.Time {
	if t.WaitHours == 0 || len(p.Attempts) == 0 {
		return time.Time{}
	}
	last := p.Attempts[len(p.Attempts)-1].SubmittedAt
	if last.IsZero() {
		return last
	}
	return last.Add(time.Duration(t.WaitHours) * time.Hour)
}

// Repeatable says whether an attempt may still follow, be it one that is open: what was answered is not shown until then, since it
// draws from the same items.
func Repeatable(t *course.Test, p Progress) bool {
	if p.passed() {
		return false
	}
	open := slices.ContainsFunc(p.Attempts, func(a Attempt) bool { return a.SubmittedAt.IsZero() })
	return open || AttemptsLeft(t, p) != 0
}

// AttemptsLeft returns how many more attempts the test allows; -1 is without limit.
func AttemptsLeft(t *course.Test, p Progress) int {
	if t.Attempts == 0 {
		return -1
	}
	return max(0, t.Attempts-len(p.Attempts))
}
