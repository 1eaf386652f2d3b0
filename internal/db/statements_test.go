package db_test

import (
	"fmt"
	"sync"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// TestStatementsAreKept once each, however many ask at the same time, and no more than there is room for; what is not kept is answered too.
func TestStatementsAreKept(t *testing.T) {
	d := dbtest.SQLite(t) // PostgreSQL's driver keeps its own
	ask := func(n int) error {
		got, err := db.One[int](t.Context(), d, fmt.Sprintf(`SELECT %d`, n))
		if err == nil && got != n {
			err = fmt.Errorf("%d is %d", n, got)
		}
		return err
	}
	before := d.Kept()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for n := range 20 {
				if err := ask(n); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if kept := d.Kept() - before; kept != 20 {
		t.Errorf("of 20 statements %d are kept", kept)
	}
	for n := range db.StatementLimit + 10 {
		if err := ask(n); err != nil {
			t.Fatal(err)
		}
	}
	if kept := d.Kept(); kept < db.StatementLimit || kept > 2*db.StatementLimit-10 {
		t.Errorf("%d statements are kept", kept)
	}
}
