package freeze_test

import (
	"testing"

	"ostoja/internal/db/dbtest"
	"ostoja/internal/report/freeze"
	"ostoja/internal/testrig"
)

// TestNoFailureIsSilent: a statement that fails is an error of what was asked for, and leaves no half of a report.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	p := begin(t, w)
	november(w)
	p.approve(1)
	asked := ""
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "list", Do: func() error { _, err := w.Freeze.Page(ctx, w.Coordinator, p.id); return err }},
		{Name: "ask", Do: func() (err error) {
			asked, err = w.Freeze.Ask(ctx, w.Coordinator, p.id, p.periods[0].ID, publisher)
			return err
		}},
	})
	w.Letters() // does the jobs
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "one", Do: func() error { _, _, err := w.Freeze.One(ctx, w.Coordinator, p.id, asked); return err }},
		{Name: "download", Do: func() error {
			_, _, err := w.Freeze.Download(ctx, w.Coordinator, p.id, asked, freeze.IATIFile)
			return err
		}},
		{Name: "rebuild", Do: func() error { _, err := w.Freeze.Rebuild(ctx, w.Coordinator, p.id, asked); return err }},
	})
	if page, err := w.Freeze.Page(ctx, w.Coordinator, p.id); err != nil || len(page.Frozen) != 1 || page.Frozen[0].Number != 1 {
		t.Errorf("%+v, %v", page.Frozen, err)
	}
}
