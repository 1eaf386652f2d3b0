package classroom_test

import (
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
	reread := []string{"'site.revision'", "'site.opened'", "FROM site_", "WHERE t.announced", "o.fact_id = v.fact_id)"}
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
