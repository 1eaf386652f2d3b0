package schema_test

import (
	"context"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/fact"
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

// The history of facts begins with what editors keep, as of their last change of it.
func TestTheHistoryBeginsWithWhatIsKept(t *testing.T) {
	before(t, 39, func(t *testing.T, d *db.DB) {
		ctx, changed := t.Context(), time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)
		if err := d.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `INSERT INTO site_fact (id, kind, value, label, source, note, url, checked_on, checked_by, valid_until, grace_days, confirm, position, changed_at)
				VALUES ('line', 'phone', '{"any":"112"}', '{"pl":"Numer"}', 'Policja', 'dopytać', 'https://example.org/', '2026-10-23', 'Redakcja', '2027-01-23', 30, TRUE, 0, ?)`, changed)
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(ctx, schema.FS); err != nil {
			t.Fatal(err)
		}
		pack := &fact.Pack{Facts: []*fact.Fact{{ID: "line", Kind: fact.Phone, Value: map[string]string{"any": "112"}, Forms: map[string]map[string]string{"gen": {"pl": "112"}}}}}
		now := clock.NewFake(changed.AddDate(0, 1, 0))
		s := fact.New(d, now, time.UTC, pack, func(ctx context.Context, q db.Querier) ([]*fact.Fact, error) {
			return []*fact.Fact{{ID: "line", Kind: fact.Phone, Value: map[string]string{"any": "112"}, Label: map[string]string{"pl": "Numer"}, Source: "Policja", URL: "https://example.org/",
				Checked: "2026-10-23", By: "Redakcja", ValidUntil: "2027-01-23", GraceDays: 30, Confirm: true}}, nil
		})
		if err := s.Start(ctx); err != nil {
			t.Fatal(err)
		}
		list, err := s.History(ctx, "line")
		if err != nil || len(list) != 1 || !list[0].Since.Equal(changed) || list[0].Note != "" || list[0].Source != "Policja" || list[0].Label["pl"] != "Numer" || !list[0].Confirm {
			t.Errorf("%+v, %v", list, err)
		}
		b, err := s.At(ctx, changed.AddDate(-1, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		if f, _ := b.Get("line"); f == nil || f.As("gen", "pl") != "112" {
			t.Errorf("before what is known: %+v", f)
		}
	})
}
