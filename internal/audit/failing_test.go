package audit_test

import (
	"iter"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// TestNoFailureIsSilent: what cannot be recorded, or read of the record, is an error.
func TestNoFailureIsSilent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), audit.NewService(d)
		now := clock.Cut(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		only := func(_ any, err error) error { return err }
		dbtest.EachFails(t, d, []dbtest.Step{
			{Name: "record", Do: func() error {
				return d.Update(ctx, func(tx *db.Tx) error { return audit.Record(ctx, tx, now, "a", "person.add", "person:a", nil) })
			}},
			{Name: "record an export", Do: func() error {
				return d.Update(ctx, func(tx *db.Tx) error { return audit.RecordExport(ctx, tx, now, "a", "person.export", "", 1, "csv") })
			}},
			{Name: "list", Do: func() error { return only(s.List(ctx, access.System, audit.Filter{})) }},
			{Name: "actions", Do: func() error { return only(s.Actions(ctx, access.System)) }},
			{Name: "export", Do: func() error {
				return s.Export(ctx, access.System, audit.Filter{}, "csv", now, func(portions iter.Seq2[[]audit.Entry, error]) error {
					for _, err := range portions {
						if err != nil {
							return err
						}
					}
					return nil
				})
			}},
		})
		if l, err := s.List(ctx, access.System, audit.Filter{}); err != nil || l.Total != 3 {
			t.Errorf("%d entries, %v", l.Total, err)
		}
	})
}
