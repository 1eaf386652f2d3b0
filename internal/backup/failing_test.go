package backup_test

import (
	"bytes"
	"testing"

	"ostoja/internal/backup"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// TestNoFailureIsSilent: a backup is whole or an error, and one that could not be restored leaves nothing.
func TestNoFailureIsSilent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		empty := dbtest.SQLite(t)
		fill(t, d)
		whole := content(t, d)
		dbtest.EachFails(t, d, []dbtest.Step{{Name: "write", Do: func() error {
			_, err := backup.Write(t.Context(), d, now, &bytes.Buffer{}, backup.Protection{Key: key})
			return err
		}}})
		dbtest.EachFails(t, empty, []dbtest.Step{{Name: "restore", Do: func() error { _, err := restore(t, empty, whole, trusted); return err }}})
		if !bytes.Equal(whole, content(t, empty)) {
			t.Error("what was restored in the end is not what was kept")
		}
	})
}
