package project_test

import (
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/project"
	"ostoja/internal/testrig"
)

// TestNoFailureIsSilent: a project that cannot be made or found is an error, and none is there twice.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "named", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error {
				projectID, err := project.Named(ctx, tx, "Projekt A", testrig.Start)
				if err == nil && projectID == "" {
					t.Error("no project, and no error")
				}
				return err
			})
		}},
		{Name: "names", Do: func() error { _, err := project.Names(ctx, w.DB, w.GuardCoordinator); return err }},
	})
	if n, err := db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM project`); n != 1 || err != nil {
		t.Errorf("%d projects, %v", n, err)
	}
}
