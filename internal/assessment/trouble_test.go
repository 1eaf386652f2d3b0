package assessment_test

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"ostoja/internal/assessment"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
)

// one reads a single value.
func one[T any](w *world, text string, args ...any) T {
	w.t.Helper()
	v, err := db.One[T](w.ctx, w.d, text, args...)
	w.no(err)
	return v
}

// With a single connection, a transaction that asks the pool for a second one waits for ever. With sixteen it did so as soon
// as sixteen people saved at once.
func TestNoTransactionWaitsForASecondConnection(t *testing.T) {
	w := newWorld(t, dbtest.OneConnection(t))
	w.attach()
	a := w.person("Zofia", "Uczestna")
	w.enrol(a)
	w.sit(w.task(a, assessment.Before), 8)
	w.finish(a)
	w.clock.Advance(2 * time.Hour)
	w.measure()
	x, err := w.s.UseLink(w.ctx, w.token())
	w.no(err)
	w.clock.Advance(10 * time.Minute)
	w.no(w.s.Again(w.ctx, w.token()))
	w.measure()
	w.sit(x.ID, 12)
	w.no(w.s.AnswerSurvey(w.ctx, x.ID, map[string][]string{"useful": {"5"}}))
	w.clock.Advance(8 * day)
	w.measure()
	w.report("")
	if _, err := w.s.Measurements(w.ctx, w.admin); err != nil {
		t.Error(err)
	}
}

// A link that is used while the sitting begins on another device waits for it, and then begins nothing anew.
func TestALinkUsedWhileTheSittingBegins(t *testing.T) {
	w := newWorld(t, dbtest.Postgres(t))
	w.approve()
	sittingID, token := w.invited()
	held, release := make(chan struct{}), make(chan struct{})
	var devices sync.WaitGroup
	devices.Go(func() { // as Begin does, but slowly
		if err := w.d.Update(w.ctx, func(tx *db.Tx) error {
			err := db.Exec(w.ctx, tx, `UPDATE sitting SET state = 'declined' WHERE id = ?`, sittingID)
			close(held)
			<-release
			return err
		}); err != nil {
			t.Error(err)
		}
	})
	<-held
	devices.Go(func() {
		if _, err := w.s.UseLink(w.ctx, token); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("the link of a sitting that was declined meanwhile: %v", err)
		}
	})
	for one[int](w, `SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`) == 0 {
		time.Sleep(time.Millisecond) // until the second device waits for the first
	}
	close(release)
	devices.Wait()
	if state := one[string](w, `SELECT state FROM sitting WHERE id = ?`, sittingID); state != "declined" {
		t.Errorf("a sitting that was declined is %s", state)
	}
	if n := one[int](w, `SELECT SUM(allocated) FROM measurement`); n != 0 {
		t.Errorf("%d places of the random order were used up", n)
	}
}

func TestOneLetterForSeveralWishes(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		_, token := w.invited()
		before := w.sentLinks()
		w.clock.Advance(10 * time.Minute)
		var clicks sync.WaitGroup
		for range 6 {
			clicks.Go(func() {
				if err := w.s.Again(w.ctx, token); err != nil && !errors.Is(err, errs.ErrTooMany) {
					w.t.Error(err)
				}
			})
		}
		clicks.Wait()
		w.measure()
		if n := w.sentLinks() - before; n != 1 {
			w.t.Errorf("%d letters", n)
		}
		// That letter is lost. The first one still leads to a third.
		w.clock.Advance(time.Hour)
		w.no(w.s.Again(w.ctx, token))
		w.measure()
		w.no(second(w.s.UseLink(w.ctx, w.token())))
	})
}

// Who is withdrawn when a follow-up falls due is not asked, and does not count as somebody who was and kept silent.
func TestWhoIsWithdrawnIsNotAsked(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a, sittingID := w.after()
		w.sit(sittingID, 14)
		w.withdraw(a, true)
		w.clock.Advance(8 * day)
		w.measure()
		if use := one[string](w, `SELECT week_use FROM participant WHERE person_id = ?`, a.PersonID); use != "" {
			w.t.Errorf("withdrawn, and %s whether the skills are used", use)
		}
		w.withdraw(a, false)
		w.clock.Advance(day)
		before := w.sentLinks()
		w.measure()
		if n := w.sentLinks() - before; n != 1 {
			w.t.Errorf("brought back, and %d letters came", n)
		}
		if use := one[string](w, `SELECT week_use FROM participant WHERE person_id = ?`, a.PersonID); use != "asked" {
			w.t.Errorf("brought back and %q", use)
		}
	})
}

// Who hands in the test after late, but in time, is asked a week later all the same.
func TestALateTestAfterKeepsTheFollowUp(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a, sittingID := w.after()
		w.clock.Advance(10 * day)
		w.measure()
		w.sit(sittingID, 14)
		w.clock.Advance(day)
		w.measure()
		w.sit(w.task(a, assessment.Week), 12)
	})
}

func TestALetterThatFailsHoldsUpNoOther(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		w.joined("2026-10-24 09:00", "2026-10-24 16:00", nil, w.person("Zofia", "Uczestna"), w.person("Anna", "Druga"))
		w.no(w.d.Update(w.ctx, func(tx *db.Tx) error {
			return db.Exec(w.ctx, tx, `UPDATE sitting SET wave = 'nonsense' WHERE id = (SELECT MIN(id) FROM sitting WHERE wave = 'before')`)
		}))
		if err := w.a.Measure(w.ctx); err == nil {
			w.t.Error("nothing is said of the letter that failed")
		}
		w.measure() // which fails no more: that letter is tried again tomorrow
		if w.sentLinks() != 1 {
			w.t.Errorf("%d letters", w.sentLinks())
		}
	})
}

// The test before is of no use once the course is over.
func TestTheTestBeforeClosesWithTheCourse(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a := w.person("Zofia", "Uczestna")
		w.enrol(a)
		sitting := w.task(a, assessment.Before)
		form := w.answers(sitting, 8)
		w.finish(a)
		if x, err := w.s.Save(w.ctx, sitting, form, true, true); !errors.Is(err, errs.ErrConflict) || x.State != assessment.Closed {
			w.t.Errorf("handed in after the course: %s, %v", x.State, err)
		}
		if state := one[string](w, `SELECT before_state FROM participant WHERE person_id = ?`, a.PersonID); state != "closed" {
			w.t.Errorf("the participant's test before is %s", state)
		}
		if n := one[int](w, `SELECT COUNT(*) FROM sitting`); n != 1 {
			w.t.Errorf("%d sittings of somebody of whom nothing can be said", n)
		}
	})
}

// For a minute the server's clock is a year ahead. What that closed goes on as if nothing had been.
func TestAClockAheadClosesNothingForGood(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a, sittingID := w.after()
		form := w.answers(sittingID, 13)
		half := maps.Clone(form)
		for _, name := range slices.Sorted(maps.Keys(half))[:5] {
			delete(half, name)
		}
		w.no(second(w.s.Save(w.ctx, sittingID, half, false, false)))
		w.clock.Advance(365 * day)
		w.no(w.a.Measure(w.ctx))
		if _, err := w.s.Save(w.ctx, sittingID, form, false, false); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("a year later: %v", err)
		}
		w.clock.Advance(-365 * day)
		w.no(w.a.Measure(w.ctx))
		if state := one[string](w, `SELECT after_state FROM participant WHERE person_id = ?`, a.PersonID); state != "begun" {
			w.t.Errorf("the participant's test after is %s", state)
		}
		x, err := w.s.Save(w.ctx, sittingID, form, true, true)
		if err != nil || x.State != assessment.Done {
			w.t.Errorf("the clock is right again: %s, %v", x.State, err)
		}
	})
}

// A field that is there and empty takes its answer back; one that is not there leaves it.
func TestAnAnswerIsTakenBack(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a := w.person("Zofia", "Uczestna")
		w.enrol(a)
		sitting := w.task(a, assessment.Before)
		form := w.answers(sitting, 16)
		w.no(second(w.s.Save(w.ctx, sitting, form, false, false)))
		v, err := w.s.Sitting(w.ctx, sitting)
		w.no(err)
		emptied := map[string][]string{}
		prefix := v.Items[0].Item.FieldName("")
		for name := range form {
			if name == prefix || len(name) > len(prefix) && name[:len(prefix)+1] == prefix+"." {
				emptied[name] = []string{""}
			}
		}
		w.no(second(w.s.Save(w.ctx, sitting, emptied, false, false)))
		if v, err = w.s.Sitting(w.ctx, sitting); err != nil || len(v.Answers) != 15 {
			w.t.Errorf("%d of 16 answers, %v", len(v.Answers), err)
		}
		if _, there := v.Answers[v.Items[0].VersionID]; there {
			w.t.Error("the answer that was taken back is still there")
		}
	})
}

// Of two who attach a test to one course at once, one does and the other is told.
func TestACourseIsMeasuredOnce(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		var admins sync.WaitGroup
		var mu sync.Mutex
		made, refused := 0, 0
		for range 4 {
			admins.Go(func() {
				_, err := w.s.Attach(w.ctx, w.admin, assessment.MeasurementDraft{TestID: w.test.ID, Kind: assessment.OfCourse, CourseID: "border-guard", UnitID: w.unit})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					made++
				case errors.Is(err, errs.ErrInvalid):
					refused++
				default:
					w.t.Error(err)
				}
			})
		}
		admins.Wait()
		if made != 1 || refused != 3 {
			w.t.Errorf("%d made, %d refused", made, refused)
		}
		m := one[string](w, `SELECT id FROM measurement`)
		w.no(w.s.Close(w.ctx, w.admin, m, true))
		w.no(second(w.s.Attach(w.ctx, w.admin, assessment.MeasurementDraft{TestID: w.test.ID, Kind: assessment.OfCourse, CourseID: "border-guard", UnitID: w.unit})))
		if err := w.s.Close(w.ctx, w.admin, m, false); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("opened again beside another: %v", err)
		}
	})
}
