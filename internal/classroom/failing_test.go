package classroom_test

import (
	"strings"
	"testing"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/testrig"
)

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told, and nothing of what was done stays. The public site follows
// a training that is announced, the measurement one that is moved.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, actor := t.Context(), w.GuardCoordinator
	only := func(_ any, err error) error { return err }
	d := classroom.Draft{Title: "Szkolenie", HeldFrom: testrig.Start.Add(time.Hour), HeldUntil: testrig.Start.Add(5 * time.Hour), Project: "Projekt A", UnitID: w.Guard}
	trainingID := ""
	// The site is read anew after the commit, and each minute anyway.
	reread := []string{"'site.revision'", "'site.opened'", "FROM site_", "FROM report_year_figure", "WHERE t.announced", "o.fact_id = v.fact_id)"}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "make", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) (err error) { trainingID, err = w.Classroom.Maker(d)(ctx, tx, actor); return err })
		}},
		{Name: "announce", Silent: reread, Do: func() error { return w.Classroom.Announce(ctx, actor, trainingID, true) }},
		{Name: "change", Silent: reread, Do: func() error {
			changed := d
			changed.HeldUntil, changed.Project = d.HeldUntil.Add(time.Hour), "Projekt B"
			return w.Classroom.Change(ctx, actor, trainingID, changed)
		}},
		{Name: "training", Do: func() error { return only(w.Classroom.Training(ctx, actor, trainingID)) }},
		{Name: "projects", Do: func() error { return only(w.Classroom.Projects(ctx, actor)) }},
		{Name: "announced", Do: func() error { return only(w.Classroom.Announced(ctx, w.DB)) }},
		{Name: "trainings", Do: func() error { return only(w.Classroom.Trainings(ctx, w.DB, []string{trainingID})) }},
	})
}

// TestNoFailureOfAPlanIsSilent: the same of planning a training by itself, and of all that is done to its days.
func TestNoFailureOfAPlanIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, actor, c := t.Context(), w.GuardCoordinator, w.Classroom
	trainingID, actID := planned(t, w, "Szkolenie", "2026-11-30"), ""
	led(t, w, trainingID)
	only := func(_ any, err error) error { return err }
	e := func() int { return edition(t, w, trainingID) }
	// The edition is read before the step begins, by a program of its own: the statements that fail are those of the step alone.
	step := func(name string, fn func(edition int) error) dbtest.Step {
		return dbtest.Step{Name: name, Do: func() error {
			now, err := c.Plan(ctx, w.Coordinator, trainingID)
			if err != nil {
				return err
			}
			return fn(now.Edition)
		}}
	}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		step("content", func(e int) error {
			return c.SaveContent(ctx, actor, trainingID, e, classroom.ContentDraft{Title: "Inne"})
		}),
		step("fund", func(e int) error {
			return c.SaveFund(ctx, actor, trainingID, e, classroom.FundDraft{Project: "Projekt A"})
		}),
		step("sign-up", func(e int) error {
			return c.SaveSignUp(ctx, actor, trainingID, e, classroom.SignUpDraft{SignUp: classroom.Closed, Wanted: []classroom.NumberDraft{{Kind: classroom.OfPowiat, Name: "bialski", Number: "1"}}, Quotas: []classroom.NumberDraft{{Kind: classroom.OfRegion, Name: "06", Number: "1"}}})
		}),
		step("emblem", func(e int) error { return c.AddEmblem(ctx, actor, trainingID, e, onePixel, "Godło") }),
		step("read emblem", func(int) error { _, _, err := c.Emblem(ctx, actor, trainingID, 1); return err }),
		step("no emblem", func(e int) error { return c.RemoveEmblem(ctx, actor, trainingID, e, 1) }),
		step("session", func(e int) error {
			return only(c.SaveSession(ctx, actor, trainingID, "", e, classroom.SessionDraft{Day: "2026-12-01", From: "09:00", Until: "12:00", Place: "Terespol"}))
		}),
		step("move", func(e int) error {
			return only(c.Do(ctx, actor, trainingID, false, e, classroom.Ask{Kind: classroom.ActMoved, Days: 1}))
		}),
		step("undoable", func(int) error {
			d, _, err := c.Undoable(ctx, actor, trainingID)
			actID = d.ID
			return err
		}),
		step("undo", func(int) error { return c.Undo(ctx, actor, trainingID, actID) }),
		step("about", func(int) error { return only(c.About(ctx, actor, trainingID)) }),
		step("details", func(int) error { return only(c.Details(ctx, actor, trainingID)) }),
		step("teachers", func(int) error { return only(c.Teachers(ctx, actor)) }),
		step("duplicate", func(int) error {
			return only(c.Duplicate(ctx, actor, trainingID, false, true, []classroom.Copy{{Day: "2026-12-14"}}))
		}),
		step("put off", func(e int) error {
			return only(c.Do(ctx, actor, trainingID, false, e, classroom.Ask{Kind: classroom.ActPutOff}))
		}),
		{Name: "tell", Parts: true, Do: func() error { // each act is a transaction
			w.Until(testrig.Start.Add(classroom.UndoFor)) // what was done before is no longer undone
			return only(c.Tell(ctx))
		}},
		step("title", func(int) error { _, _, err := c.Title(ctx, actor, trainingID); return err }),
		step("sessions", func(int) error { return only(c.Sessions(ctx, actor, trainingID)) }),
	})
	if got := e(); got == 0 {
		t.Error("nothing was done")
	}
	if l := w.LastLetter(); !strings.Contains(l.Body, "Inne") {
		t.Errorf("who teaches is told %s", l.Body)
	}
	create := func() (err error) {
		trainingID, err = c.Create(ctx, actor, classroom.NewDraft{Content: classroom.ContentDraft{Title: "Drugie", Theory: "4"}, UnitID: w.Guard, Sessions: []classroom.SessionDraft{{Day: "2026-12-10", From: "09:00", Until: "13:00", Place: "Medyka"}}})
		return err
	}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "create", Do: create},
		step("trainers", func(e int) error {
			return c.SaveTrainers(ctx, actor, trainingID, e, []classroom.TrainerDraft{{PersonID: w.GuardTrainer.PersonID, Part: classroom.Lead}})
		}),
		step("second session", func(e int) error {
			return only(c.SaveSession(ctx, actor, trainingID, "", e, classroom.SessionDraft{Day: "2026-12-11", From: "09:00", Until: "12:00", Place: "Medyka"}))
		}),
		step("cancel a session", func(e int) error {
			list, err := c.Sessions(ctx, actor, trainingID)
			if err != nil {
				return err
			}
			return c.CancelSession(ctx, actor, trainingID, list[1].ID, e, "brak sali")
		}),
		step("trainers again", func(e int) error { return c.SaveTrainers(ctx, actor, trainingID, e, nil) }),
		step("undoable trainers", func(int) error {
			d, _, err := c.Undoable(ctx, actor, trainingID)
			actID = d.ID
			return err
		}),
		step("undo trainers", func(int) error { return c.Undo(ctx, actor, trainingID, actID) }),
		{Name: "tell", Parts: true, Do: func() error {
			w.Until(testrig.Start.Add(2*classroom.UndoFor + time.Minute))
			return only(c.Tell(ctx))
		}},
	})
	if l := w.LastLetter(); !strings.Contains(l.Body, "Drugie") || len(l.Calendar) != 1 {
		t.Errorf("who is named is told %s, with %d entries", l.Body, len(l.Calendar))
	}
}
