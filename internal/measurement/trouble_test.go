package measurement_test

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/measurement"
	"ostoja/internal/quiz/quiztest"
	"ostoja/internal/testrig/measured"
)

// With a single connection, a transaction that asks the pool for a second one waits for ever. With sixteen it did so as soon
// as sixteen people saved at once.
func TestNoTransactionWaitsForASecondConnection(t *testing.T) {
	w := newWorld(t, dbtest.OneConnection(t))
	w.Attach()
	a := w.Person("Zofia", "Uczestna")
	w.Enrol(a)
	w.Sit(w.Task(a, measurement.Before), 8)
	w.Finish(a)
	w.Clock.Advance(2 * time.Hour)
	w.Measure()
	x, err := w.Measurements.UseLink(w.Ctx, w.Token())
	w.No(err)
	w.Clock.Advance(10 * time.Minute)
	w.No(w.Measurements.Again(w.Ctx, w.Token()))
	w.Measure()
	w.Sit(x.ID, 12)
	w.No(w.Measurements.AnswerSurvey(w.Ctx, x.ID, map[string][]string{"useful": {"5"}}))
	w.Clock.Advance(8 * day)
	w.Measure()
	w.Report("")
	if _, err := w.Measurements.Measurements(w.Ctx, w.Admin); err != nil {
		t.Error(err)
	}
}

// A link that is used while the sitting begins on another device waits for it, and then begins nothing anew.
func TestALinkUsedWhileTheSittingBegins(t *testing.T) {
	w := newWorld(t, dbtest.Postgres(t))
	w.Approve()
	sittingID, token := w.invited()
	held, release := make(chan struct{}), make(chan struct{})
	var devices sync.WaitGroup
	devices.Go(func() { // as Begin does, but slowly
		if err := w.DB.Update(w.Ctx, func(tx *db.Tx) error {
			err := db.Exec(w.Ctx, tx, `UPDATE sitting SET state = 'declined' WHERE id = ?`, sittingID)
			close(held)
			<-release
			return err
		}); err != nil {
			t.Error(err)
		}
	})
	<-held
	devices.Go(func() {
		if _, err := w.Measurements.UseLink(w.Ctx, token); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("the link of a sitting that was declined meanwhile: %v", err)
		}
	})
	for measured.One[int](w.World, `SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`) == 0 {
		time.Sleep(time.Millisecond) // until the second device waits for the first
	}
	close(release)
	devices.Wait()
	if state := measured.One[string](w.World, `SELECT state FROM sitting WHERE id = ?`, sittingID); state != "declined" {
		t.Errorf("a sitting that was declined is %s", state)
	}
	if n := measured.One[int](w.World, `SELECT SUM(allocated) FROM measurement`); n != 0 {
		t.Errorf("%d places of the random order were used up", n)
	}
}

func TestOneLetterForSeveralWishes(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		_, token := w.invited()
		before := w.sentLinks()
		w.Clock.Advance(10 * time.Minute)
		var clicks sync.WaitGroup
		for range 6 {
			clicks.Go(func() {
				if err := w.Measurements.Again(w.Ctx, token); err != nil && !errors.Is(err, errs.ErrTooMany) {
					w.T.Error(err)
				}
			})
		}
		clicks.Wait()
		w.Measure()
		if n := w.sentLinks() - before; n != 1 {
			w.T.Errorf("%d letters", n)
		}
		// That letter is lost. The first one still leads to a third.
		w.Clock.Advance(time.Hour)
		w.No(w.Measurements.Again(w.Ctx, token))
		w.Measure()
		w.No(measured.Second(w.Measurements.UseLink(w.Ctx, w.Token())))
	})
}

// Who is withdrawn when a follow-up falls due is not asked, and does not count as somebody who was and kept silent.
func TestWhoIsWithdrawnIsNotAsked(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a, sittingID := w.after()
		w.Sit(sittingID, 14)
		w.withdraw(a, true)
		w.Clock.Advance(8 * day)
		w.Measure()
		if use := measured.One[string](w.World, `SELECT week_use FROM participant WHERE person_id = ?`, a.PersonID); use != "" {
			w.T.Errorf("withdrawn, and %s whether the skills are used", use)
		}
		w.withdraw(a, false)
		w.Clock.Advance(day)
		before := w.sentLinks()
		w.Measure()
		if n := w.sentLinks() - before; n != 1 {
			w.T.Errorf("brought back, and %d letters came", n)
		}
		if use := measured.One[string](w.World, `SELECT week_use FROM participant WHERE person_id = ?`, a.PersonID); use != "asked" {
			w.T.Errorf("brought back and %q", use)
		}
	})
}

// Who hands in the test after late, but in time, is asked a week later all the same.
func TestALateTestAfterKeepsTheFollowUp(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a, sittingID := w.after()
		w.Clock.Advance(10 * day)
		w.Measure()
		w.Sit(sittingID, 14)
		w.Clock.Advance(day)
		w.Measure()
		w.Sit(w.Task(a, measurement.Week), 12)
	})
}

func TestALetterThatFailsHoldsUpNoOther(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		w.joined("2026-10-24 09:00", "2026-10-24 16:00", nil, w.Person("Zofia", "Uczestna"), w.Person("Anna", "Druga"))
		w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
			return db.Exec(w.Ctx, tx, `UPDATE sitting SET wave = 'nonsense' WHERE id = (SELECT MIN(id) FROM sitting WHERE wave = 'before')`)
		}))
		if err := w.App.Measure(w.Ctx); err == nil {
			w.T.Error("nothing is said of the letter that failed")
		}
		w.Measure() // which fails no more: that letter is tried again tomorrow
		if w.sentLinks() != 1 {
			w.T.Errorf("%d letters", w.sentLinks())
		}
	})
}

// The test before is of no use once the course is over.
func TestTheTestBeforeClosesWithTheCourse(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a := w.Person("Zofia", "Uczestna")
		w.Enrol(a)
		sitting := w.Task(a, measurement.Before)
		form := w.Answers(sitting, 8)
		w.Finish(a)
		if x, err := w.Measurements.Save(w.Ctx, sitting, form, true, true); !errors.Is(err, errs.ErrConflict) || x.State != measurement.Closed {
			w.T.Errorf("handed in after the course: %s, %v", x.State, err)
		}
		if state := measured.One[string](w.World, `SELECT before_state FROM participant WHERE person_id = ?`, a.PersonID); state != "closed" {
			w.T.Errorf("the participant's test before is %s", state)
		}
		if n := measured.One[int](w.World, `SELECT COUNT(*) FROM sitting`); n != 1 {
			w.T.Errorf("%d sittings of somebody of whom nothing can be said", n)
		}
	})
}

// For a minute the server's clock is a year ahead. What that closed goes on as if nothing had been.
func TestAClockAheadClosesNothingForGood(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a, sittingID := w.after()
		form := w.Answers(sittingID, 13)
		half := maps.Clone(form)
		for _, name := range slices.Sorted(maps.Keys(half))[:5] {
			delete(half, name)
		}
		w.No(measured.Second(w.Measurements.Save(w.Ctx, sittingID, half, false, false)))
		w.Clock.Advance(365 * day)
		w.No(w.App.Measure(w.Ctx))
		if _, err := w.Measurements.Save(w.Ctx, sittingID, form, false, false); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("a year later: %v", err)
		}
		w.Clock.Advance(-365 * day)
		w.No(w.App.Measure(w.Ctx))
		if state := measured.One[string](w.World, `SELECT after_state FROM participant WHERE person_id = ?`, a.PersonID); state != "begun" {
			w.T.Errorf("the participant's test after is %s", state)
		}
		x, err := w.Measurements.Save(w.Ctx, sittingID, quiztest.After(half, form), true, true)
		if err != nil || x.State != measurement.Done {
			w.T.Errorf("the clock is right again: %s, %v", x.State, err)
		}
	})
}

// A field that is there and empty takes its answer back; one that is not there leaves it.
func TestAnAnswerIsTakenBack(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a := w.Person("Zofia", "Uczestna")
		w.Enrol(a)
		sitting := w.Task(a, measurement.Before)
		form := w.Answers(sitting, 16)
		w.No(measured.Second(w.Measurements.Save(w.Ctx, sitting, form, false, false)))
		v, err := w.Measurements.Sitting(w.Ctx, sitting)
		w.No(err)
		emptied := map[string][]string{}
		prefix := v.Items[0].Item.FieldName("")
		for name := range form {
			if name == prefix || len(name) > len(prefix) && name[:len(prefix)+1] == prefix+"." {
				emptied[name] = []string{""}
			}
		}
		w.No(measured.Second(w.Measurements.Save(w.Ctx, sitting, quiztest.After(form, emptied), false, false)))
		if v, err = w.Measurements.Sitting(w.Ctx, sitting); err != nil || len(v.Items) != 16+len(w.Test.Anchors) || len(v.Answers) != len(v.Items)-1 {
			w.T.Errorf("%d of %d answers, %v", len(v.Answers), len(v.Items), err)
		}
		if _, there := v.Answers[v.Items[0].VersionID]; there {
			w.T.Error("the answer that was taken back is still there")
		}
	})
}

// Of two who attach a test to one course at once, one does and the other is told.
func TestACourseIsMeasuredOnce(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		var admins sync.WaitGroup
		var mu sync.Mutex
		made, refused := 0, 0
		for range 4 {
			admins.Go(func() {
				_, err := w.Measurements.Attach(w.Ctx, w.Admin, measurement.Draft{TestID: w.Test.ID, Kind: measurement.OfCourse, SubjectID: "border-guard", UnitID: w.Unit})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					made++
				case errors.Is(err, errs.ErrInvalid):
					refused++
				default:
					w.T.Error(err)
				}
			})
		}
		admins.Wait()
		if made != 1 || refused != 3 {
			w.T.Errorf("%d made, %d refused", made, refused)
		}
		m := measured.One[string](w.World, `SELECT id FROM measurement`)
		w.No(w.Measurements.Close(w.Ctx, w.Admin, m, true))
		w.No(measured.Second(w.Measurements.Attach(w.Ctx, w.Admin, measurement.Draft{TestID: w.Test.ID, Kind: measurement.OfCourse, SubjectID: "border-guard", UnitID: w.Unit})))
		if err := w.Measurements.Close(w.Ctx, w.Admin, m, false); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("opened again beside another: %v", err)
		}
	})
}
