package schema_test

import (
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/schema"
)

// A fact of before migration 34 is what it was; nobody doubts it yet, and nobody has called it.
func TestFactsGetANote(t *testing.T) {
	before(t, 34, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `INSERT INTO site_fact (id, kind, value, label, source, url, checked_on, checked_by, valid_until, grace_days, confirm, position, changed_at)
				VALUES ('line', 'phone', '{"any":"112"}', '{}', 'Policja', '', '2026-10-23', 'Redakcja', '2027-01-23', 30, TRUE, 0, ?)`, time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC))
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(ctx, schema.FS); err != nil {
			t.Fatal(err)
		}
		got, err := db.One[struct{ Source, Note string }](ctx, d, `SELECT source, note FROM site_fact WHERE id = 'line'`)
		if err != nil || got.Source != "Policja" || got.Note != "" {
			t.Errorf("%+v, %v", got, err)
		}
		if n, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM site_call WHERE fact_id = 'line'`); err != nil || n != 0 {
			t.Errorf("%d calls, %v", n, err)
		}
	})
}
