package dbtest

import (
	"errors"
	"testing"

	"ostoja/internal/db"
)

// said counts what a test would have said.
type said struct {
	testing.TB
	n int
}

func (s *said) Errorf(string, ...any) { s.n++ }
func (s *said) Helper()               {}

// TestAStepIsWholeOrNothing: what a failure leaves behind is found even where the next try would not stumble over it, unless the step is
// said to be made of parts.
func TestAStepIsWholeOrNothing(t *testing.T) {
	Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		set := func(name, value string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				return db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
			}
		}
		whole := func() error {
			return d.Update(ctx, func(tx *db.Tx) error { return errors.Join(set("a", "1")(tx), set("b", "1")(tx)) })
		}
		half := func() error {
			if err := d.Update(ctx, set("c", "1")); err != nil {
				return err
			}
			return d.Update(ctx, set("d", "1"))
		}
		for _, c := range []struct {
			Step
			found int
		}{{Step{Do: whole}, 0}, {Step{Do: half, Parts: true}, 0}} {
			s := &said{TB: t}
			if tried := c.fails(s, d); tried != 2 || s.n != c.found {
				t.Errorf("%d statements were tried, %d faults found", tried, s.n)
			}
		}
		if err := d.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, `DELETE FROM setting WHERE name IN ('c', 'd')`) }); err != nil {
			t.Fatal(err)
		}
		s := &said{TB: t}
		if (Step{Do: half}).fails(s, d); s.n != 1 {
			t.Errorf("what was half written was found %d times", s.n)
		}
	})
}
