package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/schema"
)

type setting struct {
	Name  string
	Value string
}

func put(ctx context.Context, tx *db.Tx, name, value string) error {
	return db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, ?)`, name, value)
}

func count(t *testing.T, d *db.DB) int {
	t.Helper()
	n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM setting`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUpdateCommitsOrLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Update(ctx, func(tx *db.Tx) error { return put(ctx, tx, "kept", "1") }); err != nil {
			t.Fatal(err)
		}
		failure := errors.New("no")
		err := d.Update(ctx, func(tx *db.Tx) error {
			if err := put(ctx, tx, "lost", "1"); err != nil {
				return err
			}
			return failure
		})
		if !errors.Is(err, failure) {
			t.Errorf("Update returned %v", err)
		}
		got, err := db.One[setting](ctx, d, `SELECT name, value FROM setting`)
		if err != nil || got != (setting{"kept", "1"}) || count(t, d) != 1 {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestBatchFailsAloneAndSucceedsTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		const callers = 200
		results := make([]error, callers)
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				results[i] = d.Batch(ctx, func(tx *db.Tx) error {
					if err := put(ctx, tx, fmt.Sprint(i), "x"); err != nil {
						return err
					}
					switch i % 10 {
					case 3:
						return errs.Invalid("error.invalid")
					case 7:
						panic("seven")
					case 9:
						return put(ctx, tx, fmt.Sprint(i), "again")
					}
					return nil
				})
			})
		}
		wg.Wait()
		for i, err := range results {
			if fails := i%10 == 3 || i%10 == 7 || i%10 == 9; fails != (err != nil) {
				t.Errorf("caller %d: %v", i, err)
			}
			if i%10 == 9 && !db.IsUnique(err) {
				t.Errorf("caller %d: IsUnique is false for %v", i, err)
			}
		}
		if n := count(t, d); n != callers*7/10 {
			t.Errorf("%d rows are there, want %d", n, callers*7/10)
		}
	})
}

func TestBatchOutlivesACallerWhoLeaves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		gone, leave := context.WithCancel(t.Context())
		leave()
		if err := d.Batch(gone, func(tx *db.Tx) error { return put(gone, tx, "gone", "") }); err == nil {
			t.Error("a cancelled call was carried out")
		}
		// One caller leaves in the middle of its own statement; its neighbours must not be rolled back with it.
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				err := d.Batch(ctx, func(tx *db.Tx) error {
					if i%2 == 0 && d.Engine() == db.SQLite {
						cancel()
					}
					return put(ctx, tx, fmt.Sprint(i), "")
				})
				if err != nil {
					t.Errorf("caller %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n != 20 {
			t.Errorf("%d rows are there, want 20", n)
		}
	})
}

func TestOneSaysNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if _, err := db.One[string](t.Context(), d, `SELECT value FROM setting WHERE name = ?`, "none"); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}

func TestReadsCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := db.Exec(ctx, d, `DELETE FROM setting`); err == nil {
			t.Error("a write outside a transaction was carried out")
		}
		if err := d.View(ctx, func(tx *db.Tx) error { return put(ctx, tx, "a", "b") }); err == nil {
			t.Error("a write in View was carried out")
		}
	})
}

func TestTimesAndNullsComeBackAsTheyWent(t *testing.T) {
	type row struct {
		ID          string
		CreatedAt   time.Time
		LockedUntil *time.Time
		FailedAt    time.Time
		Payload     map[string]int `db:"payload,json"`
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, n := t.Context(), 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			at := time.UnixMicro(rapid.Int64Range(-4e15, 4e15).Draw(rt, "at")).UTC()
			var lock *time.Time
			if rapid.Bool().Draw(rt, "locked") {
				lock = &at
			}
			name := fmt.Sprint("j", n)
			err := d.Update(ctx, func(tx *db.Tx) error {
				return db.Exec(ctx, tx, `INSERT INTO job (id, kind, payload, run_at, locked_until, created_at, failed_at) VALUES (?, 'k?', ?, ?, ?, ?, ?)`,
					name, db.JSON(map[string]int{"a": n}), at, lock, at, time.Time{})
			})
			if err != nil {
				rt.Fatal(err)
			}
			got, err := db.One[row](ctx, d, `SELECT id, created_at, locked_until, failed_at, payload FROM job WHERE id = ? AND kind = 'k?'`, name)
			if err != nil {
				rt.Fatal(err)
			}
			if !got.CreatedAt.Equal(at) || !got.FailedAt.IsZero() || (got.LockedUntil == nil) != (lock == nil) || got.Payload["a"] != n {
				rt.Fatalf("got %+v, want time %v", got, at)
			}
		})
	})
}

func TestMigrationsGoDownAndUpAgainAndTablesAreListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		current, newest, err := d.SchemaVersion(ctx, schema.FS)
		if err != nil || current != newest || newest == 0 {
			t.Fatalf("schema %d of %d, %v", current, newest, err)
		}
		if ran, err := d.Migrate(ctx, schema.FS); err != nil || len(ran) != 0 {
			t.Errorf("a second migration ran %v, %v", ran, err)
		}
		for _, table := range schema.Tables {
			if _, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM `+table); err != nil {
				t.Error(err)
			}
		}
		query := `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'`
		if d.Engine() == db.Postgres {
			query = `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'goose_%'`
		}
		if n, err := db.One[int](ctx, d, query); err != nil || n != len(schema.Tables) {
			t.Errorf("the database has %d tables, schema.Tables lists %d (%v)", n, len(schema.Tables), err)
		}
	})
}

func TestWritesSurviveReopening(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "a b?c.db") // a path that a careless URL would cut
	for i := range 3 {
		d, err := db.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(ctx, schema.FS); err != nil {
			t.Fatal(err)
		}
		if n := count(t, d); n != i {
			t.Errorf("%d rows after opening for the %d. time", n, i+1)
		}
		if err := d.Batch(ctx, func(tx *db.Tx) error { return put(ctx, tx, fmt.Sprint(i), "") }); err != nil {
			t.Fatal(err)
		}
		mode, err := db.One[string](ctx, d, `PRAGMA journal_mode`)
		if err != nil || mode != "wal" {
			t.Errorf("journal mode %q, %v", mode, err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLikeMakesWildcardsLiteral(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for _, text := range []string{"100%", `a\b`, "a_b"} {
			n, err := db.One[int](ctx, d, `SELECT CASE WHEN CAST(? AS TEXT) LIKE ? ESCAPE '\' AND NOT 'axxb1000' LIKE ? ESCAPE '\' THEN 1 ELSE 0 END`, "x"+text+"y", db.Like(text), db.Like(text))
			if err != nil || n != 1 {
				t.Errorf("%q: %d, %v", text, n, err)
			}
		}
	})
}

func TestTextsThatAreNone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Update(ctx, func(tx *db.Tx) error { return put(ctx, tx, "a\x00b", "żó\xff") }); err != nil {
			t.Fatal(err)
		}
		got, err := db.One[setting](ctx, d, `SELECT name, value FROM setting WHERE name = ?`, "a\x00b")
		if err != nil || got != (setting{"ab", "żó\uFFFD"}) {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

func TestTheNumberOfConnectionsIsRead(t *testing.T) {
	server := dbtest.PostgresURL(t)
	for value, fine := range map[string]bool{"1": true, "40": true, "0": false, "-3": false, "many": false, "": false} {
		d, err := db.Open(t.Context(), server+"&pool_max_conns="+value)
		if fine != (err == nil) {
			t.Errorf("%q connections: %v", value, err)
		}
		if err != nil {
			continue
		}
		if err := d.Ping(t.Context()); err != nil {
			t.Errorf("%q connections: %v", value, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}
