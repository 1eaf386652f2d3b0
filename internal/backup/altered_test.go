package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/backup"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/schema"
)

// entry is a file of a backup.
type entry struct {
	name    string
	content string
}

func unpack(t *testing.T, b []byte) (list []entry) {
	t.Helper()
	unzip, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewReader(unzip)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		if h.Mode != 0o600 || !h.ModTime.Equal(now) {
			t.Errorf("%s: %o, %s", h.Name, h.Mode, h.ModTime) // it holds people: who unpacks it reads it alone
		}
		list = append(list, entry{h.Name, string(content)})
	}
}

func pack(t *testing.T, list []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	archive := tar.NewWriter(zip)
	for _, e := range list {
		if err := archive.WriteHeader(&tar.Header{Name: e.name, Mode: 0o600, Size: int64(len(e.content)), ModTime: now}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(archive, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatABackupHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		list := unpack(t, content(t, d))
		names := []string{"manifest.json"}
		for _, table := range schema.Tables {
			names = append(names, "tables/"+table+".jsonl")
		}
		var m backup.Manifest
		for i, e := range list {
			if e.name != names[i] {
				t.Fatalf("file %d is %s, want %s", i, e.name, names[i])
			}
			if i == 0 {
				if err := json.Unmarshal([]byte(e.content), &m); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if table := schema.Tables[i-1]; strings.Count(e.content, "\n") != m.Rows[table] {
				t.Errorf("%s has %d lines, the manifest says %d", table, strings.Count(e.content, "\n"), m.Rows[table])
			}
		}
		current, newest, err := d.SchemaVersion(t.Context(), schema.FS)
		if err != nil || m.Format != 1 || m.Schema != newest || m.Schema != current || !m.Made.Equal(now) || !slices.Equal(m.Tables, schema.Tables) {
			t.Errorf("%+v, %v", m, err)
		}
	})
}

// What was altered, whether by a hand or by a failing disk, is told of, and leaves nothing behind.
func TestAnAlteredBackupIsRefused(t *testing.T) {
	source := dbtest.SQLite(t)
	fill(t, source)
	whole := unpack(t, content(t, source))
	at := func(list []entry, name string) int {
		i := slices.IndexFunc(list, func(e entry) bool { return e.name == name })
		if i < 0 {
			t.Fatalf("no %s", name)
		}
		return i
	}
	replace := func(name, old, with string) func([]entry) []entry {
		return func(list []entry) []entry {
			i := at(list, name)
			if !strings.Contains(list[i].content, old) {
				t.Fatalf("%s has no %q: %s", name, old, list[i].content)
			}
			list[i].content = strings.Replace(list[i].content, old, with, 1)
			return list
		}
	}
	unit := "tables/unit.jsonl"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, c := range map[string]struct {
			alter func([]entry) []entry
			says  string
		}{
			"another format":            {replace("manifest.json", `"format": 1`, `"format": 2`), "the backup's format is 2"},
			"a table that is none":      {replace("manifest.json", `"unit",`, `"unit; DROP TABLE person",`), "does not know"},
			"a newer schema":            {replace("manifest.json", `"schema": `, `"schema": 9`), "this program knows up to"},
			"a manifest that is none":   {replace("manifest.json", "{", "["), ""},
			"no manifest":               {func(list []entry) []entry { return list[1:] }, "it has no manifest"},
			"nothing":                   {func([]entry) []entry { return nil }, "it has no manifest"},
			"the last table is missing": {func(list []entry) []entry { return list[:len(list)-1] }, "EOF"},
			"two tables in each other's place": {func(list []entry) []entry {
				list[3], list[4] = list[4], list[3]
				return list
			}, "in its place"},
			"a row is missing": {func(list []entry) []entry {
				i := at(list, unit)
				list[i].content, _, _ = strings.Cut(list[i].content, "\n")
				return list
			}, "1 rows were read and 2 written"},
			"a row is there twice": {func(list []entry) []entry { i := at(list, unit); list[i].content += list[i].content; return list }, ""},
			"a column too many":    {replace(unit, `{`, `{"x":1,`), "row 1 has"},
			"another column":       {replace(unit, `"path":`, `"pfad":`), "has no column path"},
			"a line that is cut":   {replace(unit, "}\n", "\n"), ""},
			"a table too many":     {func(list []entry) []entry { return append(list, entry{"tables/x.jsonl", "{}\n"}) }, "goes on after its last table"},
			"bytes that are none":  {replace("tables/blob.jsonl", `"base64":"`, `"base64":"!`), "column content"},
		} {
			b := pack(t, c.alter(slices.Clone(whole)))
			if _, err := restore(t, d, b, trusted); err == nil || !strings.Contains(err.Error(), "no signature") {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := restore(t, d, b, backup.Trust{Unverified: true}); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", name, err)
			}
			if n, err := db.One[int](t.Context(), d, `SELECT (SELECT COUNT(*) FROM unit) + (SELECT COUNT(*) FROM blob) + (SELECT COUNT(*) FROM course)`); n != 0 || err != nil {
				t.Fatalf("%s: %d rows are left, %v", name, n, err)
			}
		}
		// The same untouched is restored: it was the alterations that were refused.
		if _, err := restore(t, d, pack(t, whole), backup.Trust{Unverified: true}); err != nil {
			t.Error(err)
		}
	})
}

// A new installation makes settings at its first start, which those of the backup replace; anything else that a person would
// miss keeps a backup out.
func TestWhatABackupIsRestoredOver(t *testing.T) {
	source := dbtest.SQLite(t)
	fill(t, source)
	whole := content(t, source)
	for table, insert := range map[string]string{
		"unit":   `INSERT INTO unit (id, path, kind, name, created_at) VALUES ('9', '/9/', 'office', 'Biuro', 1)`,
		"course": `INSERT INTO course (id, current_version_id, in_catalogue, created_at) VALUES ('9', 'v', TRUE, 1)`,
	} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			if err := d.Update(t.Context(), func(tx *db.Tx) error { return db.Exec(t.Context(), tx, insert) }); err != nil {
				t.Fatal(err)
			}
			if _, err := restore(t, d, whole, trusted); err == nil || !strings.Contains(err.Error(), "not empty") {
				t.Errorf("over a database with a %s: %v", table, err)
			}
			if n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM `+table); n != 1 || err != nil {
				t.Errorf("%d rows of %s, %v", n, table, err)
			}
		})
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			if err := db.Exec(t.Context(), tx, `INSERT INTO periodic (name, next_at) VALUES ('sweep', 1), ('send', 1)`); err != nil {
				return err
			}
			return db.Exec(t.Context(), tx, `INSERT INTO setting (name, value) VALUES ('a', 'made at the first start'), ('b', 'too')`)
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := restore(t, d, whole, trusted); err != nil {
			t.Fatal(err)
		}
		type setting struct{ Name, Value string }
		list, err := db.All[setting](t.Context(), d, `SELECT name, value FROM setting ORDER BY name`)
		if err != nil || len(list) != 1 || list[0].Name != "a" || list[0].Value != `żółć "\n` {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
