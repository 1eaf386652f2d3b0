package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
)

// A full disk is told from a statement that is wrong, takes no other write with it, and is over when there is space again.
func TestAFullDisk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		insert := func(name string, size int) error {
			return d.Batch(t.Context(), func(tx *db.Tx) error {
				return db.Exec(t.Context(), tx, `INSERT INTO setting (name, value) VALUES (?, ?)`, name, strings.Repeat("x", size))
			})
		}
		if err := insert("before", 1); err != nil || d.Trouble() != nil {
			t.Fatal(err, d.Trouble())
		}
		mend := dbtest.Fill(t, d, "setting")
		var wait sync.WaitGroup
		for i := range 20 { // those that share a commit
			wait.Go(func() {
				if err := insert(fmt.Sprint("large", i), 1<<20); !errors.Is(err, errs.ErrUnavailable) {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		wait.Wait()
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			return db.Exec(t.Context(), tx, `INSERT INTO setting (name, value) VALUES ('alone', ?)`, strings.Repeat("x", 1<<20))
		})
		if !errors.Is(err, errs.ErrUnavailable) || d.Trouble() == nil || !strings.Contains(strings.ToLower(d.Trouble().Error()), "full") && !strings.Contains(d.Trouble().Error(), "No space") {
			t.Errorf("%v; trouble: %v", err, d.Trouble())
		}
		if n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM setting WHERE name <> 'before'`); n != 0 || err != nil {
			t.Errorf("reading: %d rows, %v", n, err)
		}
		mend()
		if err := insert("after", 1<<20); err != nil || d.Trouble() != nil {
			t.Errorf("with space again: %v, %v", err, d.Trouble())
		}
	})
}

func TestWhatIsNoOutage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		for name, err := range map[string]error{
			"a wrong statement": d.Update(t.Context(), func(tx *db.Tx) error { return db.Exec(t.Context(), tx, `INSERT INTO nothing (x) VALUES (1)`) }),
			"a row that is there": d.Update(t.Context(), func(tx *db.Tx) error {
				return db.Exec(t.Context(), tx, `INSERT INTO setting (name, value) VALUES ('a', ''), ('a', '')`)
			}),
			"who went away":   d.Update(gone, func(*db.Tx) error { return nil }),
			"a rule's answer": d.Update(t.Context(), func(*db.Tx) error { return errs.Conflict("x") }),
		} {
			if err == nil || errors.Is(err, errs.ErrUnavailable) || d.Trouble() != nil {
				t.Errorf("%s: %v, trouble %v", name, err, d.Trouble())
			}
		}
	})
}
