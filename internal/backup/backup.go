// Package backup writes the whole database into one file and reads it back, on either engine. The file is the same for
// both, so that restoring a SQLite installation's backup into PostgreSQL is how an installation moves.
//
// The file is a gzip-compressed tar: manifest.json first, then a file of JSON lines per table, in the order of
// schema.Tables. Bytes are {"base64": "…"}. It is written from one snapshot while the program runs.
//
// Goals: a file that was made is whole, and one that was cut or altered is told of before anything of it counts; it can be
// read with tar and a text editor when this program is long gone; an older program's file is read by every newer one. Limits:
// it is not encrypted (it goes through a pipe to who does that), it is always of everything, and it is restored into an empty
// database only: two installations are not merged. Numbers beyond 64 bits there are none.
package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/schema"
)

// Manifest says what a backup holds.
type Manifest struct {
	Format int            `json:"format"` // of this file, 1
	Schema int64          `json:"schema"` // number of the last migration
	Made   time.Time      `json:"made"`
	Rows   map[string]int `json:"rows"`   // per table
	Tables []string       `json:"tables"` // in the order in which they were written
}

const format = 1

// Write writes a backup of d. It needs temporary space for the largest table.
func Write(ctx context.Context, d *db.DB, now time.Time, w io.Writer) (m Manifest, err error) {
	defer errs.Wrap(&err, "backup.Write")
	current, newest, err := d.SchemaVersion(ctx, schema.FS)
	if err != nil {
		return m, err
	}
	if current != newest {
		return m, fmt.Errorf("the database is at schema %d and this program at %d: run ostoja migrate first", current, newest)
	}
	m = Manifest{Format: format, Schema: current, Made: now, Rows: map[string]int{}, Tables: schema.Tables}
	zip := gzip.NewWriter(w)
	archive := tar.NewWriter(zip)
	err = d.View(ctx, func(tx *db.Tx) error {
		for _, table := range schema.Tables {
			n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM `+table)
			if err != nil {
				return err
			}
			m.Rows[table] = n
		}
		manifest, err := json.MarshalIndent(m, "", "  ")
		if err != nil {
			return err
		}
		if err := addFile(archive, "manifest.json", now, int64(len(manifest)), bytes.NewReader(manifest)); err != nil {
			return err
		}
		for _, table := range schema.Tables {
			if err := writeTable(ctx, tx, archive, table, now); err != nil {
				return err
			}
		}
		return nil
	})
	return m, errors.Join(err, archive.Close(), zip.Close())
}

// writeTable goes through a temporary file, since tar wants the size before the content.
func writeTable(ctx context.Context, tx *db.Tx, archive *tar.Writer, table string, now time.Time) (err error) {
	defer errs.Wrap(&err, "table %s", table)
	temp, err := os.CreateTemp("", "ostoja-backup-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, temp.Close(), os.Remove(temp.Name())) }()
	out := bufio.NewWriterSize(temp, 1<<16)
	lines := json.NewEncoder(out)
	// Rows in order of their key: a parent's identifier was made before its children's.
	err = db.Rows(ctx, tx, func(columns []string, values []any) error {
		row := make(map[string]any, len(columns))
		for i, c := range columns {
			row[c] = values[i]
			if b, ok := values[i].([]byte); ok {
				row[c] = map[string]string{"base64": base64.StdEncoding.EncodeToString(b)}
			}
		}
		return lines.Encode(row)
	}, `SELECT * FROM `+table+` ORDER BY 1`)
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	size, err := temp.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := temp.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return addFile(archive, "tables/"+table+".jsonl", now, size, temp)
}

func addFile(archive *tar.Writer, name string, at time.Time, size int64, content io.Reader) error {
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: at}); err != nil {
		return err
	}
	_, err := io.Copy(archive, content)
	return err
}

// Restore reads a backup into an empty database: it brings the schema to the backup's, writes all rows in one transaction,
// and migrates on to the newest. A backup that is cut short or altered leaves the database empty.
func Restore(ctx context.Context, d *db.DB, r io.Reader) (m Manifest, err error) {
	defer errs.Wrap(&err, "backup.Restore")
	current, newest, err := d.SchemaVersion(ctx, schema.FS)
	if err != nil {
		return m, err
	}
	if current != 0 {
		if n, err := countRows(ctx, d); err != nil || n > 0 {
			return m, errors.Join(err, fmt.Errorf("the database is not empty: a backup is restored into a new one only"))
		}
	}
	unzip, err := gzip.NewReader(r)
	if err != nil {
		return m, fmt.Errorf("this is not a backup: %w", err)
	}
	archive := tar.NewReader(unzip)
	if m, err = readManifest(archive); err != nil {
		return m, err
	}
	if m.Schema > newest || (current != 0 && current != m.Schema) {
		return m, fmt.Errorf("the backup is of schema %d, the database at %d, and this program knows up to %d", m.Schema, current, newest)
	}
	if _, err := d.MigrateTo(ctx, schema.FS, m.Schema); err != nil {
		return m, err
	}
	err = d.Update(ctx, func(tx *db.Tx) error {
		for _, table := range m.Tables {
			if err := readTable(ctx, tx, archive, table, m.Rows[table]); err != nil {
				return err
			}
		}
		// Reading to the end lets gzip check its sum over everything.
		_, err := io.Copy(io.Discard, unzip) //nolint:gosec // nothing of it is kept
		return err
	})
	if err != nil {
		return m, err
	}
	_, err = d.Migrate(ctx, schema.FS)
	return m, err
}

// countRows counts what a person would miss; the settings, and the content that comes with the program, are made at the first
// start.
func countRows(ctx context.Context, d *db.DB) (int, error) {
	return db.One[int](ctx, d, `SELECT (SELECT COUNT(*) FROM unit) + (SELECT COUNT(*) FROM person) + (SELECT COUNT(*) FROM course)`)
}

func readManifest(archive *tar.Reader) (m Manifest, err error) {
	header, err := archive.Next()
	if err != nil || header.Name != "manifest.json" {
		return m, errors.Join(err, fmt.Errorf("this is not a backup: it has no manifest"))
	}
	if err := json.NewDecoder(io.LimitReader(archive, 1<<20)).Decode(&m); err != nil { // a manifest has some kilobytes
		return m, err
	}
	if m.Format != format {
		return m, fmt.Errorf("the backup's format is %d, this program reads %d", m.Format, format)
	}
	for _, table := range m.Tables { // the names become SQL, and a file comes from anywhere (OWASP ASVS 5.3.4)
		if !slices.Contains(schema.Tables, table) {
			return m, fmt.Errorf("the backup has a table %q, which this program does not know", table)
		}
	}
	return m, nil
}

// madeByStart lists the tables in which the first start of the new, empty database may have written rows already.
var madeByStart = []string{"setting", "periodic"}

func readTable(ctx context.Context, tx *db.Tx, archive *tar.Reader, table string, want int) (err error) {
	defer errs.Wrap(&err, "table %s", table)
	header, err := archive.Next()
	if err != nil {
		return err
	}
	if header.Name != "tables/"+table+".jsonl" {
		return fmt.Errorf("found %q in its place", header.Name)
	}
	if slices.Contains(madeByStart, table) {
		if err := db.Exec(ctx, tx, `DELETE FROM `+table); err != nil {
			return err
		}
	}
	columns, err := db.Columns(ctx, tx, table)
	if err != nil {
		return err
	}
	insert := fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, table, strings.Join(columns, ", "), db.In(len(columns)))
	lines := json.NewDecoder(archive)
	lines.UseNumber() // a float64 would round times in microseconds and large counts
	n := 0
	for ; ; n++ {
		var row map[string]any
		if err := lines.Decode(&row); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		if len(row) != len(columns) {
			return fmt.Errorf("row %d has %d columns, the table %d", n+1, len(row), len(columns))
		}
		values := make([]any, len(columns))
		for i, c := range columns {
			v, there := row[c]
			if !there {
				return fmt.Errorf("row %d has no column %s", n+1, c)
			}
			if values[i], err = value(v); err != nil {
				return fmt.Errorf("row %d, column %s: %w", n+1, c, err)
			}
		}
		if err := db.Exec(ctx, tx, insert, values...); err != nil {
			return err
		}
	}
	if n != want {
		return fmt.Errorf("%d rows were read and %d written", n, want)
	}
	return nil
}

func value(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		return v.Float64()
	case map[string]any:
		text, _ := v["base64"].(string)
		return base64.StdEncoding.DecodeString(text)
	}
	return v, nil
}
