package dbtest_test

import (
	"errors"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// faults counts what a test would have said.
type faults struct {
	testing.TB
	n int
}

func (f *faults) Errorf(string, ...any) { f.n++ }
func (f *faults) Helper()               {}

// TestFailing: each statement fails once; one whose failure nobody is told of is found, and so is a failure that leaves something behind.
func TestFailing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		set := func(name string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				return db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, '1') ON CONFLICT (name) DO UPDATE SET value = '1'`, name)
			}
		}
		both := func(tx *db.Tx) error { return errors.Join(set("a")(tx), set("b")(tx)) }
		read := func() error {
			_, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM setting WHERE name = 'a'`)
			return err
		}
		for name, c := range map[string]struct {
			op    func() error
			tried int
			found int
		}{
			"told":   {func() error { return errors.Join(read(), d.Update(ctx, both), d.Batch(ctx, set("c"))) }, 4, 0},
			"silent": {func() error { _ = read(); return d.Update(ctx, both) }, 3, 1},
			"left behind": {func() error {
				if n, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM setting WHERE name = 'left'`); err != nil || n > 0 {
					return errors.Join(err, errors.New("it is there"))
				}
				return errors.Join(d.Update(ctx, set("left")), d.Update(ctx, set("d")))
			}, 3, 1},
		} {
			f := &faults{TB: t}
			if tried := dbtest.Failing(f, d, c.op); tried != c.tried || f.n != c.found {
				t.Errorf("%s: %d statements were tried, %d faults found", name, tried, f.n)
			}
		}
		if tried := dbtest.Failing(t, d, func() error { _ = read(); return d.Update(ctx, both) }, "SELECT COUNT"); tried != 2 {
			t.Errorf("with one tolerated %d were tried", tried)
		}
		for name, c := range map[string]struct {
			op           func() error
			tried, found int
		}{
			"once, told":   {func() error { return errors.Join(read(), d.Update(ctx, set("e"))) }, 2, 0},
			"once, silent": {func() error { _ = read(); return d.Update(ctx, both) }, 0, 1},
			"once, hastened": {func() error {
				if err := d.Update(ctx, set("f")); err != nil {
					return err
				}
				_, _ = db.One[int](ctx, d, `SELECT COUNT(*) FROM setting WHERE name = 'hastened'`)
				return nil
			}, 1, 0},
			"once, left behind": {func() error { return errors.New("always") }, 0, 1},
		} {
			f := &faults{TB: t}
			if tried := dbtest.FailingOnce(f, d, c.op, "hastened"); tried != c.tried || f.n != c.found {
				t.Errorf("%s: %d statements were tried, %d faults found", name, tried, f.n)
			}
		}
		if err := read(); err != nil {
			t.Errorf("afterwards statements fail: %v", err)
		}
	})
}
