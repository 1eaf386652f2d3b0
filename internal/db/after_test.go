package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// ways are the two ways to write.
var ways = map[string]func(d *db.DB, ctx context.Context, fn func(*db.Tx) error) error{"Update": (*db.DB).Update, "Batch": (*db.DB).Batch}

func insertSetting(ctx context.Context, tx *db.Tx, name string) error {
	return db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, '')`, name)
}

func TestAfterCommitSeesWhatWasCommitted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, write := range ways {
			var order []string
			err := write(d, t.Context(), func(tx *db.Tx) error {
				for _, n := range []string{"first", "second"} {
					tx.AfterCommit(func() {
						rows, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM setting WHERE name = ?`, name)
						if err != nil || rows != 1 {
							t.Errorf("%s: after the commit there are %d rows, %v", name, rows, err)
						}
						order = append(order, n)
					})
				}
				return insertSetting(t.Context(), tx, name)
			})
			if err != nil || !slices.Equal(order, []string{"first", "second"}) {
				t.Errorf("%s: called %v, %v", name, order, err)
			}
		}
	})
}

func TestNothingComesAfterWhatWasUndone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		undone := errors.New("undone")
		for name, write := range ways {
			err := write(d, t.Context(), func(tx *db.Tx) error {
				tx.AfterCommit(func() { t.Errorf("%s: called after it was undone", name) })
				return undone
			})
			if !errors.Is(err, undone) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestEachCallerOfABatchHasItsOwnAfterCommit: who shares a commit with others neither loses what it asked for nor does theirs.
func TestEachCallerOfABatchHasItsOwnAfterCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var callers sync.WaitGroup
		for i := range 100 {
			callers.Go(func() {
				mine := 0 // written by this goroutine alone: the race detector sees a call from another
				err := d.Batch(t.Context(), func(tx *db.Tx) error {
					tx.AfterCommit(func() { mine++ })
					if err := insertSetting(t.Context(), tx, fmt.Sprint(i)); err != nil || i%3 > 0 {
						return err
					}
					return errors.New("undone")
				})
				if want := min(1, i%3); mine != want || (err == nil) != (want == 1) {
					t.Errorf("caller %d: called %d times, want %d; %v", i, mine, want, err)
				}
			})
		}
		callers.Wait()
	})
}
