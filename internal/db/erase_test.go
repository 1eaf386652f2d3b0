package db_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"ostoja/internal/db"
	"ostoja/internal/schema"
)

// lies says whether a text stands in a file of the database, or in the log beside it.
func lies(t *testing.T, file, text string) bool {
	t.Helper()
	for _, name := range []string{file, file + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}

func openFile(t *testing.T, file string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(t.Context(), schema.FS); err != nil {
		t.Fatal(err)
	}
	return d
}

// secrets are rows of every length that the pages of a database hold otherwise: in a cell, over several pages, many in one page.
func secrets(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		for i := range 300 {
			value := fmt.Sprintf("secret-%d-", i) + strings.Repeat("x", i*i/9)
			if err := put(t.Context(), tx, fmt.Sprintf("name-%d", i), value); err != nil {
				return err
			}
		}
		return put(t.Context(), tx, "control", "this one stays")
	})
	if err != nil {
		t.Fatal(err)
	}
}

func erase(t *testing.T, d *db.DB) {
	t.Helper()
	for _, text := range []string{
		`UPDATE setting SET value = '' WHERE name < 'name-2' AND name <> 'control'`, `DELETE FROM setting WHERE name <> 'control' AND value <> ''`,
	} {
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return db.Exec(t.Context(), tx, text) }); err != nil {
			t.Fatal(err)
		}
	}
}

// left counts the secrets that lie in a file.
func left(t *testing.T, file string) (n int) {
	t.Helper()
	for i := range 300 {
		if lies(t, file, fmt.Sprintf("secret-%d-", i)) {
			n++
		}
	}
	return n
}

func TestWhatIsErasedLiesInNoFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ostoja.db")
	d := openFile(t, file)
	defer d.Close()
	secrets(t, d)
	if n := left(t, file); n != 300 {
		t.Fatalf("the test sees %d of what is there", n)
	}
	erase(t, d)
	if done, err := d.TruncateLog(t.Context()); !done || err != nil {
		t.Fatal(done, err)
	}
	if log, err := os.Stat(file + "-wal"); err != nil || log.Size() != 0 {
		t.Errorf("the log: %v, %v", log, err)
	}
	if n := left(t, file); n > 3 { // copies that the tree's balancing left
		t.Errorf("%d of what was erased lie there", n)
	}
	now := time.Now()
	if done, err := d.Rebuild(t.Context(), now, 7*24*time.Hour); done || err != nil {
		t.Error("a new file was rebuilt:", done, err)
	}
	if done, err := d.Rebuild(t.Context(), now.Add(8*24*time.Hour), 7*24*time.Hour); !done || err != nil {
		t.Error(done, err)
	}
	if n := left(t, file); n != 0 {
		t.Errorf("%d of what was erased lie in the rebuilt file", n)
	}
	if !lies(t, file, "this one stays") {
		t.Error("what was kept is gone")
	}
}

// A file larger than the memory that a connection may use is rebuilt too: with the copy in memory the program panicked, at its first start
// after an upgrade.
func TestAFileLargerThanMemoryIsRebuilt(t *testing.T) {
	ctx := sqlite3.WithMaxMemory(t.Context(), 24<<20)
	folder := t.TempDir()
	d, err := db.Open(ctx, filepath.Join(folder, "ostoja.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx, schema.FS); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		if err := d.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, ?)`, fmt.Sprint("large-", i), strings.Repeat("x", 1<<20))
		}); err != nil {
			t.Fatal(err)
		}
	}
	if done, err := d.Rebuild(ctx, time.Now().Add(30*24*time.Hour), time.Hour); !done || err != nil {
		t.Fatal(done, err)
	}
	if n, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM setting WHERE LENGTH(value) = 1048576`); n != 40 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	if list, err := os.ReadDir(folder); err != nil || len(list) > 3 { // the file, its log, its index
		t.Errorf("%v, %v", list, err)
	}
}

// A reader of an older state, such as a backup, keeps the log; nobody waits for it long, and the next time cuts it.
func TestAReaderKeepsTheLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ostoja.db")
	d := openFile(t, file)
	defer d.Close()
	err := d.View(t.Context(), func(tx *db.Tx) error {
		if _, err := db.One[int](t.Context(), tx, `SELECT COUNT(*) FROM setting`); err != nil {
			return err
		}
		secrets(t, d)
		done, err := d.TruncateLog(t.Context())
		if done {
			t.Error("the log was cut under a reader")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if done, err := d.TruncateLog(t.Context()); !done || err != nil {
		t.Error(done, err)
	}
}

// A file of a release that did not overwrite what it erased is rebuilt when it is brought up to date.
func TestAnOlderFileIsRebuilt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ostoja.db")
	d := openFile(t, file)
	ctx := context.WithoutCancel(t.Context())
	for _, older := range []string{`PRAGMA secure_delete = 0`, `PRAGMA user_version = 0`} {
		if err := d.Administer(ctx, older); err != nil {
			t.Fatal(err)
		}
	}
	secrets(t, d)
	erase(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if !lies(t, file, "secret-") {
		t.Fatal("an older file would be clean")
	}
	d = openFile(t, file)
	defer d.Close()
	if lies(t, file, "secret-") || !lies(t, file, "this one stays") {
		t.Error("what was erased earlier lies there still, or what was kept is gone")
	}
}
