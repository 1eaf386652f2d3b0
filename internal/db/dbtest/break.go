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

// Fill makes the disk of a database full, for new rows of the tables at least, until mend is called. On SQLite it is the limit of the file's
// pages, so that rows which still fit into one are written; on PostgreSQL triggers say what the server says (53100).
func Fill(t testing.TB, d *db.DB, tables ...string) (mend func()) {
	t.Helper()
	run := func(statements ...string) {
		t.Helper()
		for _, s := range statements {
			if err := d.Administer(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	if d.Engine() == db.SQLite {
		run(`VACUUM`)                    // else there are free pages
		run(`PRAGMA max_page_count = 1`) // it sets the number that there are
		return func() { run(`PRAGMA max_page_count = 1073741823`) }
	}
	run(`CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN RAISE EXCEPTION 'could not extend file "base/1/1": No space left on device' USING ERRCODE = '53100'; END $$`)
	for _, table := range tables {
		run(`CREATE TRIGGER full_disk BEFORE INSERT ON ` + table + ` FOR EACH ROW EXECUTE FUNCTION full_disk()`)
	}
	return func() {
		for _, table := range tables {
			run(`DROP TRIGGER full_disk ON ` + table)
		}
	}
}
