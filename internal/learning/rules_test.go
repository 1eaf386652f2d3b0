package learning_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/errs"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
)

// folderOf returns the small course with another completion rule.
func folderOf(rule string) fstest.MapFS {
	folder := learningtest.Folder("1")
	folder["course.yaml"].Data = []byte(strings.Replace(string(folder["course.yaml"].Data), "{lessons: all, scenarios: all, checks: all, test: pass}", rule, 1))
	return folder
}

func courseOf(t testing.TB, rule string) *course.Course {
	t.Helper()
	c, faults, err := course.Load(folderOf(rule))
	if err != nil || len(folder.Blocking(faults)) > 0 {
		t.Fatal(faults, err)
	}
	return c
}

var at = learningtest.Start

func attempt(submitted time.Time, passed bool) learning.Attempt {
	a := learning.Attempt{StartedAt: at, SubmittedAt: submitted}
	if !submitted.IsZero() {
		a.Passed = &passed
	}
	return a
}

// told writes requirements as kind done/of [missing].
func told(list []learning.Requirement) string {
	var out []string
	for _, r := range list {
		var missing []string
		for _, part := range r.Missing {
			missing = append(missing, part.Key())
		}
		out = append(out, fmt.Sprintf("%s %d/%d %v", r.Kind, r.Done, r.Of, missing))
	}
	return strings.Join(out, "; ")
}

func TestRequirements(t *testing.T) {
	done := func(keys ...string) map[string]time.Time {
		m := map[string]time.Time{}
		for _, k := range keys {
			m[k] = at
		}
		return m
	}
	check := map[string]learning.CheckAnswer{"check-1": {Share: 0, DoneAt: at}}
	wrong := map[string]learning.CheckAnswer{"check-1": {Share: 0}}
	const strict = "{lessons: none, scenarios: good, checks: right, test: none}"
	const all = "{lessons: all, scenarios: all, checks: all, test: pass}"
	for _, c := range []struct {
		rule                string
		p                   learning.Progress
		want                string
		finished, completed bool
	}{
		{all, learning.Progress{}, "lessons 0/2 [lesson:one lesson:two]; checks 0/1 [lesson:one]; scenarios 0/1 [scenario:bus]; test-pass 0/1 [test:final]", false, false},
		{
			all, learning.Progress{Done: done("lesson:two", "scenario:one", "lesson:bus")},
			"lessons 1/2 [lesson:one]; checks 0/1 [lesson:one]; scenarios 0/1 [scenario:bus]; test-pass 0/1 [test:final]", false, false,
		},
		{
			all, learning.Progress{Done: done("lesson:one", "lesson:two", "scenario:bus"), Checks: map[string]learning.CheckAnswer{"other": {}}},
			"lessons 2/2 []; checks 0/1 [lesson:one]; scenarios 1/1 []; test-pass 0/1 [test:final]", false, false,
		},
		{
			all, learning.Progress{Done: done("lesson:one", "lesson:two", "scenario:bus"), Checks: check, Attempts: []learning.Attempt{attempt(at, false), attempt(time.Time{}, false)}},
			"lessons 2/2 []; checks 1/1 []; scenarios 1/1 []; test-pass 0/1 [test:final]", true, false,
		},
		{
			all, learning.Progress{Done: done("lesson:one", "lesson:two", "scenario:bus"), Checks: check, Attempts: []learning.Attempt{attempt(at, true), attempt(at, false)}},
			"lessons 2/2 []; checks 1/1 []; scenarios 1/1 []; test-pass 1/1 []", true, true,
		},
		{strict, learning.Progress{Checks: wrong}, "checks-right 0/1 [lesson:one]; scenarios-good 0/1 [scenario:bus]", false, false},
		{strict, learning.Progress{Done: done("scenario:bus"), Checks: check}, "checks-right 1/1 []; scenarios-good 1/1 []", true, true},
		{"{lessons: none, scenarios: none, checks: none, test: taken}", learning.Progress{Attempts: []learning.Attempt{attempt(time.Time{}, false)}}, "test-taken 0/1 [test:final]", true, false},
		{"{lessons: none, scenarios: none, checks: none, test: taken}", learning.Progress{Attempts: []learning.Attempt{attempt(at, false)}}, "test-taken 1/1 []", true, true},
		{"{lessons: none, scenarios: none, checks: all, test: none}", learning.Progress{}, "checks 0/1 [lesson:one]", false, false},
		{"{lessons: all, scenarios: none, checks: none, test: none}", learning.Progress{Done: done("lesson:one", "lesson:two")}, "lessons 2/2 []", true, true},
		{"{lessons: none, scenarios: all, checks: none, test: none}", learning.Progress{Done: done("lesson:one", "lesson:two")}, "scenarios 0/1 [scenario:bus]", false, false},
	} {
		list := learning.Requirements(courseOf(t, c.rule), c.p)
		if got := told(list); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.rule, got, c.want)
		}
		if f, d := learning.FinishedBy(list), learning.CompletedBy(list); f != c.finished || d != c.completed {
			t.Errorf("%s: finished %v, completed %v", told(list), f, d)
		}
	}
}

// TestWhoDoesMoreIsNotFurtherAway: doing any part, answering and passing never undo a requirement, and done and missing agree.
func TestWhoDoesMoreIsNotFurtherAway(t *testing.T) {
	courses := []*course.Course{courseOf(t, "{lessons: all, scenarios: all, checks: all, test: pass}"), courseOf(t, "{lessons: all, scenarios: good, checks: right, test: pass}")}
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(courses).Draw(t, "rule")
		p := learning.Progress{Done: map[string]time.Time{}, Checks: map[string]learning.CheckAnswer{}}
		steps := rapid.SliceOf(rapid.IntRange(0, 5)).Draw(t, "steps")
		before := learning.Requirements(c, p)
		for _, step := range steps {
			switch {
			case step < 3:
				p.Done[c.Parts()[step].Key()] = at
			case step == 3:
				p.Checks["check-1"] = learning.CheckAnswer{DoneAt: at}
			default:
				p.Attempts = append(p.Attempts, attempt(at, step == 5))
			}
			after := learning.Requirements(c, p)
			for i, r := range after {
				if r.Done < before[i].Done || r.Of != before[i].Of || r.Met() != (len(r.Missing) == 0) {
					t.Fatalf("from %s to %s", told(before), told(after))
				}
			}
			before = after
		}
	})
}

func TestWhetherATestMayBegin(t *testing.T) {
	met := []learning.Requirement{{Kind: learning.NeedLessons, Done: 1, Of: 1}, {Kind: learning.NeedTestPass, Of: 1}}
	unmet := []learning.Requirement{{Kind: learning.NeedLessons, Of: 1}, {Kind: learning.NeedTestPass, Of: 1}}
	open := learning.Attempt{ID: "open", StartedAt: at, ClosesAt: at.Add(time.Hour)}
	endless := learning.Attempt{ID: "endless", StartedAt: at}
	failed, passed := attempt(at, false), attempt(at, true)
	for _, c := range []struct {
		what         string
		most         int
		requirements []learning.Requirement
		attempts     []learning.Attempt
		now          time.Time
		open, key    string
	}{
		{"first", 1, met, nil, at, "", ""},
		{"parts are missing", 1, unmet, nil, at, "", "learning.test.not-yet"},
		{"one is open", 1, unmet, []learning.Attempt{open}, at, "open", ""},
		{"one is open, at the end of the grace", 1, met, []learning.Attempt{open}, open.ClosesAt.Add(30 * time.Second), "open", ""},
		{"one is over, and it was the last", 1, met, []learning.Attempt{open}, open.ClosesAt.Add(30*time.Second + 1), "", "learning.test.no-attempts"},
		{"one without a limit", 1, met, []learning.Attempt{failed, endless}, at.AddDate(1, 0, 0), "endless", ""},
		{"one of two failed", 2, met, []learning.Attempt{failed}, at, "", ""},
		{"two of two failed", 2, met, []learning.Attempt{failed, failed}, at, "", "learning.test.no-attempts"},
		{"three of many failed", 0, met, []learning.Attempt{failed, failed, failed}, at, "", ""},
		{"passed", 0, met, []learning.Attempt{failed, passed}, at, "", "learning.test.passed-already"},
		{"passed, with new parts", 0, unmet, []learning.Attempt{passed}, at, "", "learning.test.passed-already"},
	} {
		a, err := learning.CheckBegin(&course.Test{Attempts: c.most}, true, c.requirements, learning.Progress{Attempts: c.attempts}, c.now)
		var e *errs.Error
		key := ""
		if errors.As(err, &e) {
			key = e.Key
		}
		id := ""
		if a != nil {
			id = a.ID
		}
		if id != c.open || key != c.key {
			t.Errorf("%s: open %q, refused %q", c.what, id, key)
		}
	}
	// With nothing that counts an attempt could only be failed; one that is open goes on, since what it counts was decided when it began.
	var e *errs.Error
	if _, err := learning.CheckBegin(&course.Test{}, false, met, learning.Progress{}, at); !errors.As(err, &e) || e.Key != "learning.test.nothing-counts" {
		t.Errorf("an attempt of which nothing counts: %v", err)
	}
	if a, err := learning.CheckBegin(&course.Test{}, false, met, learning.Progress{Attempts: []learning.Attempt{open}}, at); err != nil || a == nil {
		t.Errorf("an open attempt: %v", err)
	}
	for _, c := range []struct{ most, had, want int }{{0, 5, -1}, {2, 0, 2}, {2, 1, 1}, {2, 2, 0}, {2, 3, 0}} {
		if got := learning.AttemptsLeft(&course.Test{Attempts: c.most}, learning.Progress{Attempts: make([]learning.Attempt, c.had)}); got != c.want {
			t.Errorf("%d of %d: %d left", c.had, c.most, got)
		}
	}
}

func TestState(t *testing.T) {
	e := learning.Enrolment{}
	for _, c := range []struct {
		set  func()
		want learning.State
	}{
		{func() {}, learning.Invited}, {func() { e.StartedAt = at }, learning.InProgress}, {func() { e.FinishedAt = at }, learning.Finished},
		{func() { e.PassedAt = at }, learning.Passed}, {func() { e.WithdrawnAt = at }, learning.Withdrawn},
	} {
		if c.set(); e.State() != c.want {
			t.Errorf("%+v: %s, want %s", e, e.State(), c.want)
		}
	}
	a := attempt(at, true)
	if a.Open(at) {
		t.Error("a submitted attempt takes answers")
	}
}
