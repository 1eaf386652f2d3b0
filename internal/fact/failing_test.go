package fact_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
)

// No failure of the database is taken for an answer, nor one of who keeps the facts.
func TestNoFailureIsSilent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := &world{now: clock.NewFake(begins()), pack: &fact.Pack{Facts: []*fact.Fact{{ID: "a", Kind: fact.Name, Value: map[string]string{"pl": "x"}}}}}
		var refusal error
		s := fact.New(d, w.now, time.UTC, w.pack, func(context.Context, db.Querier) ([]*fact.Fact, error) { return w.kept, refusal })
		record := func() error { return d.Update(ctx, func(tx *db.Tx) error { return s.Record(ctx, tx) }) }
		dbtest.EachFails(t, d, []dbtest.Step{
			{Name: "start", Parts: true, Do: func() error { return s.Start(ctx) }},
			{Name: "record", Do: func() error {
				w.now.Advance(time.Hour)
				w.kept = []*fact.Fact{{ID: "b", Kind: fact.Name, Value: map[string]string{"pl": w.now.Now().String()}}}
				return record()
			}},
			{Name: "gone", Parts: true, Do: func() error {
				w.now.Advance(time.Hour)
				w.kept = nil
				return s.Start(ctx)
			}},
			{Name: "refresh", Do: func() error { return s.Refresh(ctx) }},
			{Name: "history", Do: func() error { _, err := s.History(ctx, "a"); return err }},
			{Name: "at", Do: func() error { _, err := s.At(ctx, begins().Add(30*time.Minute)); return err }},
		})
		refusal = errors.New("away")
		if err := s.Start(ctx); !errors.Is(err, refusal) {
			t.Errorf("start: %v", err)
		}
		if err := record(); !errors.Is(err, refusal) {
			t.Errorf("record: %v", err)
		}
		refusal = nil
		if err := d.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE setting SET value = 'x' WHERE name = 'facts.begun'`)
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Start(ctx); err == nil {
			t.Error("a beginning that is no time")
		}
	})
}
