// Package backup writes the whole database into one file and reads it back, on either engine. The file is the same for
// both, so that restoring a SQLite installation's backup into PostgreSQL is how an installation moves.
//
// The file is a gzip-compressed tar: manifest.json first, then a file of JSON lines per table, in the order of
// schema.Tables. Bytes are {"base64": "…"}. It is written from one snapshot while the program runs. A signature follows it, and
// the whole may be encrypted with age (decision 0034).
//
// Goals: a file that was made is whole, and one that was cut, joined or altered, by accident or on purpose, is told of before
// anything of it counts; a stolen one tells nothing, where it was encrypted; it can be read with age, tar and a text editor when
// this program is long gone; an older program's file is read by every newer one, if somebody says that nobody vouches for it.
// Limits: an old file that was signed is as good as a new one, so who restores looks at its day; it is always of everything, and it
// is restored into an empty database only: two installations are not merged. Numbers beyond 64 bits there are none.
package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

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

// Protection is what a backup gets against who alters or steals it.
type Protection struct {
	Key ed25519.PrivateKey // signs it
	To  []age.Recipient    // who can read it; everybody, if there are none
}

// WriteFile writes a backup of d into a file. It is written beside the target first, so that the file is there only when it is whole
// and on disk.
func WriteFile(ctx context.Context, d *db.DB, now time.Time, path string, p Protection) (m Manifest, err error) {
	defer errs.Wrap(&err, "backup to %s", path)
	f, err := os.CreateTemp(filepath.Dir(path), ".ostoja-backup-*")
	if err != nil {
		return m, err
	}
	m, err = Write(ctx, d, now, f, p)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return m, errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return m, errors.Join(err, os.Remove(f.Name()))
	}
	return m, syncFolder(path)
}

// syncFolder has the name of a new file written to the disk: until then a file that is whole can be there without its name when the
// power fails (fsync(2)).
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Write writes a backup of d. It needs temporary space for the largest table.
func Write(ctx context.Context, d *db.DB, now time.Time, w io.Writer, p Protection) (m Manifest, err error) {
	defer errs.Wrap(&err, "backup.Write")
	if len(p.To) == 0 {
		return writeSigned(ctx, d, now, w, p.Key)
	}
	sealed, err := age.Encrypt(w, p.To...)
	if err != nil {
		return m, err
	}
	// Signed within the encryption: who may read it can check it with nothing else, and a thief does not learn whose it is.
	m, err = writeSigned(ctx, d, now, sealed, p.Key)
	if err != nil {
		return m, err // not closed: what was written has no end and is refused
	}
	return m, sealed.Close()
}

func writeSigned(ctx context.Context, d *db.DB, now time.Time, w io.Writer, key ed25519.PrivateKey) (m Manifest, err error) {
	sum := sha512.New()
	if m, err = writeArchive(ctx, d, now, io.MultiWriter(w, sum)); err != nil {
		return m, err
	}
	end, err := sign(key, sum.Sum(nil))
	if err != nil {
		return m, err
	}
	_, err = w.Write(end)
	return m, err
}

func writeArchive(ctx context.Context, d *db.DB, now time.Time, w io.Writer) (m Manifest, err error) {
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
