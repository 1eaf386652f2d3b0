package learning_test

import (
	"errors"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
)

func TestWhoIsLate(t *testing.T) {
	due := time.Date(2026, 12, 15, 22, 59, 59, 999999000, time.UTC)
	for name, c := range map[string]struct {
		e    learning.Enrolment
		now  time.Time
		want bool
	}{
		"no day":        {learning.Enrolment{}, due.AddDate(9, 0, 0), false},
		"the last hour": {learning.Enrolment{DueAt: due}, due, false},
		"the next day":  {learning.Enrolment{DueAt: due}, due.Add(time.Microsecond), true},
		"passed late":   {learning.Enrolment{DueAt: due, PassedAt: due.AddDate(0, 0, 2)}, due.AddDate(0, 0, 3), false},
		"withdrawn":     {learning.Enrolment{DueAt: due, WithdrawnAt: due}, due.AddDate(0, 0, 3), false},
	} {
		if got := c.e.Late(c.now); got != c.want {
			t.Errorf("%s: late is %v", name, got)
		}
	}
}

func TestDueDays(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, coordinator := w.T.Context(), w.Person(access.Coordinator)
		under, passed, left, out := w.Person(), w.Person(), w.Person(), w.Person()
		due := w.Clock.Now().AddDate(0, 0, 30)
		enrolled := map[string]string{}
		if n, err := w.Learning.EnrolOn(ctx, coordinator, "small", []string{under.PersonID, passed.PersonID, left.PersonID}, due, false); n != 3 || err != nil {
			w.T.Fatal(n, err)
		}
		for _, a := range []access.Actor{under, passed, left} {
			e, err := w.Learning.Latest(ctx, a.PersonID, "small")
			if err != nil || !e.DueAt.Equal(due) {
				w.T.Fatalf("%+v, %v", e, err)
			}
			enrolled[a.PersonID] = e.ID
		}
		w.Exec(`UPDATE enrolment SET passed_at = ? WHERE person_id = ?`, w.Clock.Now(), passed.PersonID)
		if err := w.Learning.Withdraw(ctx, coordinator, enrolled[left.PersonID]); err != nil {
			w.T.Fatal(err)
		}
		all := []string{enrolled[under.PersonID], enrolled[passed.PersonID], enrolled[left.PersonID], "none"}
		later := due.AddDate(0, 1, 0)
		for _, c := range []struct {
			name string
			by   access.Actor
			due  time.Time
			want int
			err  error
		}{
			{"a learner sets it", out, later, 0, nil},
			{"yesterday", coordinator, w.Clock.Now().Add(-time.Hour), 0, errs.ErrInvalid},
			{"in a hundred years", coordinator, w.Clock.Now().AddDate(100, 0, 0), 0, errs.ErrInvalid},
			{"later", coordinator, later, 1, nil},
			{"the same again", coordinator, later, 0, nil},
		} {
			if n, err := w.Learning.SetDue(ctx, c.by, "small", all, c.due); n != c.want || !errors.Is(err, c.err) {
				w.T.Errorf("%s: %d changed, %v", c.name, n, err)
			}
		}
		for a, want := range map[string]time.Time{under.PersonID: later, passed.PersonID: due, left.PersonID: due} {
			if e, err := w.Learning.Latest(ctx, a, "small"); err != nil || !e.DueAt.Equal(want) {
				w.T.Errorf("the day is %s, want %s (%v)", e.DueAt, want, err)
			}
		}
		// It closes nothing: after the day the course goes on.
		w.Clock.Advance(100 * 24 * time.Hour)
		if _, err := w.Learning.Lesson(ctx, under, enrolled[under.PersonID], "one"); err != nil {
			w.T.Errorf("after the day: %v", err)
		}
		if n, err := w.Learning.SetDue(ctx, coordinator, "small", all, time.Time{}); n != 1 || err != nil {
			w.T.Errorf("taken away of %d, %v", n, err)
		}
		if n, err := db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM audit WHERE action = 'enrolment.due'`); n != 2 || err != nil {
			w.T.Errorf("recorded %d times, %v", n, err)
		}
	})
}

// TestAgainBeginsAnotherRound of who passed, and of nobody who is under way.
func TestAgainBeginsAnotherRound(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, coordinator, under, passed := w.T.Context(), w.Person(access.Coordinator), w.Person(), w.Person()
		w.Enrol(under)
		w.Enrol(passed)
		w.Exec(`UPDATE enrolment SET passed_at = ? WHERE person_id = ?`, w.Clock.Now(), passed.PersonID)
		ids := []string{under.PersonID, passed.PersonID}
		if n, err := w.Learning.EnrolOn(ctx, coordinator, "small", ids, time.Time{}, false); n != 0 || err != nil {
			w.T.Errorf("not again: %d, %v", n, err)
		}
		for want := range 2 {
			if n, err := w.Learning.EnrolOn(ctx, coordinator, "small", ids, time.Time{}, true); n != 1-want || err != nil {
				w.T.Errorf("again: %d, %v", n, err)
			}
		}
		if e, err := w.Learning.Latest(ctx, passed.PersonID, "small"); err != nil || e.Round != 2 || e.State() != learning.Invited {
			w.T.Errorf("%+v, %v", e, err)
		}
	})
}
