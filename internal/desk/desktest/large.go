package desktest

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/schema"
)

// SixtyThousand returns a database with 60,000 people, in whose first course nearly everybody is.
func SixtyThousand(b *testing.B) *db.DB {
	b.Helper()
	path := cmp.Or(os.Getenv("OSTOJA_BENCH_DB"), filepath.Join(b.TempDir(), "ostoja.db"))
	_, err := os.Stat(path)
	d, openErr := db.Open(context.Background(), path)
	if openErr != nil {
		b.Fatal(openErr)
	}
	b.Cleanup(func() { _ = d.Close() }) // a benchmark's
	if _, err := d.Migrate(context.Background(), schema.FS); err != nil {
		b.Fatal(err)
	}
	if err == nil {
		return d // kept from an earlier run
	}
	o := Large
	o.People = 60000
	Fill(b, d, o)
	// As long as they are in life, and in no order of the rows; of the first course few are left.
	err = d.Update(context.Background(), func(tx *db.Tx) error {
		for _, text := range []string{
			`UPDATE person SET sort_key = hex(sort_key) || hex(sort_key) || hex(sort_key), password_hash = hex(id)`,
			`UPDATE enrolment SET withdrawn_at = NULL WHERE course_id = 'course-1' AND substr(person_id, 33) > '00ff'`,
		} {
			if err := exec(tx, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return d
}
