package dbtest

import (
	"strings"
	"testing"

	"ostoja/internal/db"
)

// Break makes a database refuse one kind of statement on a table until mend is called, so that a test can see what becomes of a
// failure: "read" (the table is not there), or "insert", "delete", "update", "update of COLUMN", where when is an SQL condition on
// the row, or "" for all rows.
func Break(t testing.TB, d *db.DB, op, table, when string) (mend func()) {
	t.Helper()
	run := func(statement string) {
		t.Helper()
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return db.Exec(t.Context(), tx, statement) }); err != nil {
			t.Fatal(err)
		}
	}
	if op == "read" {
		if d.Engine() == db.SQLite { // else it looks into views and finds the table missing there
			run(`PRAGMA legacy_alter_table = ON`)
		}
		run(`ALTER TABLE ` + table + ` RENAME TO away`)
		return func() { run(`ALTER TABLE away RENAME TO ` + table) }
	}
	on := strings.ToUpper(op) + ` ON ` + table
	if when != "" {
		when = `WHEN (` + when + `)`
	}
	if d.Engine() == db.SQLite {
		run(`CREATE TRIGGER broken BEFORE ` + on + ` ` + when + ` BEGIN SELECT RAISE(ABORT, 'broken'); END`)
		return func() { run(`DROP TRIGGER broken`) }
	}
	run(`CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$`)
	run(`CREATE TRIGGER broken BEFORE ` + on + ` FOR EACH ROW ` + when + ` EXECUTE FUNCTION broken()`)
	return func() { run(`DROP TRIGGER broken ON ` + table) }
}
