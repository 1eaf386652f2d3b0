package overview_test

import (
	"iter"
	"testing"
	"time"

	"ostoja/internal/classroom/overview"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/testrig"
)

// A statement that fails is told, never taken for a list without rows.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, actor := t.Context(), w.GuardCoordinator
	planned(t, w, "Szkolenie", "2026-11-30")
	only := func(_ any, err error) error { return err }
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "list", Do: func() error { _, _, err := w.Overview.List(ctx, actor, overview.Filter{}); return err }},
		{Name: "calendar", Do: func() error {
			return only(w.Overview.Calendar(ctx, actor, testrig.Start, testrig.Start.Add(90*24*time.Hour)))
		}},
		{Name: "desk", Do: func() error { return only(w.Overview.Desk(ctx, actor)) }},
		{Name: "gave up", Do: func() error { return only(w.Overview.GaveUpSince(ctx, actor, testrig.Start)) }},
		{Name: "waiting", Do: func() error { return only(w.Overview.Waiting(ctx, actor)) }},
		{Name: "next", Do: func() error { return only(w.Overview.Next(ctx, actor, 4)) }},
		{Name: "file", Do: func() error {
			return w.Overview.Each(ctx, actor, overview.Filter{}, "csv", func(rows iter.Seq2[overview.Row, error]) error {
				for _, err := range rows {
					if err != nil {
						return err
					}
				}
				return nil
			})
		}},
	})
}
