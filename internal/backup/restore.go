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
	"slices"
	"strings"

	"filippo.io/age"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/schema"
)

// Trust says whose backups are restored, and who asks.
type Trust struct {
	Signers    []ed25519.PublicKey // by whom it may be signed
	Unverified bool                // or by anybody, or not at all, as backups were before decision 0034
	Identities []age.Identity      // private keys, for one that is encrypted
}

// File is a backup that was found whole and, unless nobody asked, signed by somebody who is trusted.
type File struct {
	Signer  ed25519.PublicKey // who signed it; nil if nobody did
	archive *io.SectionReader
	sum     []byte // SHA-512 of archive
}

// Open reads a whole backup and checks it, before anything of it is used: a file of age hands out what it has before it notices
// that the end is missing.
func Open(f io.ReaderAt, size int64, t Trust) (_ *File, err error) {
	defer errs.Wrap(&err, "backup.Open")
	f, size, err = decrypted(f, size, t.Identities)
	if err != nil {
		return nil, err
	}
	end := make([]byte, min(size, endingSize))
	if n, err := f.ReadAt(end, size-int64(len(end))); n < len(end) {
		return nil, err
	}
	key, signature := parseEnding(end)
	if key != nil {
		size -= endingSize
	}
	b := &File{Signer: key, archive: io.NewSectionReader(f, 0, size)}
	sum := sha512.New()
	if _, err := io.Copy(sum, b.archive); err != nil {
		return nil, err
	}
	b.sum = sum.Sum(nil)
	if key == nil {
		if !t.Unverified {
			return nil, errors.New("it has no signature at its end: it was cut, joined or altered, or is of a version that did not sign yet, which only --unverified restores")
		}
		return b, b.checkSum()
	}
	if err := ed25519.VerifyWithOptions(key, b.sum, signature, signing); err != nil {
		return nil, fmt.Errorf("it was altered after it was signed: %w", err)
	}
	if !t.Unverified && !slices.ContainsFunc(t.Signers, func(s ed25519.PublicKey) bool { return s.Equal(key) }) {
		return nil, fmt.Errorf("it is signed, but by none of the %d keys that are trusted here: say by which with --signed-by", len(t.Signers))
	}
	return b, nil
}

// decrypted returns the content of a file of age, and any other as it is.
func decrypted(f io.ReaderAt, size int64, who []age.Identity) (io.ReaderAt, int64, error) {
	const intro = "age-encryption.org/"
	start := make([]byte, len(intro))
	if n, err := f.ReadAt(start, 0); n < len(start) || string(start) != intro {
		if n < len(start) && !errors.Is(err, io.EOF) {
			return nil, 0, err
		}
		return f, size, nil
	}
	if len(who) == 0 {
		return nil, 0, errors.New("it is encrypted: name the file of a private key with --identity")
	}
	return age.DecryptReaderAt(f, size, who...)
}

// checkSum reads all of a backup that nobody signed, so that gzip checks its sum.
func (b *File) checkSum() error {
	unzip, in, err := b.unzip(io.Discard)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, unzip); err != nil {
		return err
	}
	return atEnd(in)
}

// unzip begins to unpack the archive; what is read of it goes to sum too.
func (b *File) unzip(sum io.Writer) (*gzip.Reader, *bufio.Reader, error) {
	if _, err := b.archive.Seek(0, io.SeekStart); err != nil {
		return nil, nil, err
	}
	in := bufio.NewReaderSize(io.TeeReader(b.archive, sum), 1<<16)
	unzip, err := gzip.NewReader(in)
	if err != nil {
		return nil, nil, fmt.Errorf("this is not a backup: %w", err)
	}
	unzip.Multistream(false) // else two files, one after the other, were one
	return unzip, in, nil
}

func atEnd(in *bufio.Reader) error {
	if _, err := in.Peek(1); !errors.Is(err, io.EOF) {
		return errors.Join(err, errors.New("there is more behind its end: are these two files?"))
	}
	return nil
}

// Restore writes a backup into an empty database: it brings the schema to the backup's, writes all rows in one transaction, and
// migrates on to the newest. A backup whose rows are not what its manifest says leaves the database without any.
func (b *File) Restore(ctx context.Context, d *db.DB) (m Manifest, err error) {
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
	sum := sha512.New()
	unzip, in, err := b.unzip(sum)
	if err != nil {
		return m, err
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
		if _, err := archive.Next(); !errors.Is(err, io.EOF) {
			return errors.Join(err, errors.New("it goes on after its last table"))
		}
		if err := zeros(unzip); err != nil {
			return err
		}
		if err := atEnd(in); err != nil {
			return err
		}
		if !bytes.Equal(sum.Sum(nil), b.sum) {
			return errors.New("the file was changed while it was read")
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	_, err = d.Migrate(ctx, schema.FS)
	return m, err
}

// zeros reads to the end, which lets gzip check its sum; tar fills its last blocks with zeros.
func zeros(r io.Reader) error {
	b := make([]byte, 1<<10)
	for {
		n, err := r.Read(b)
		if slices.ContainsFunc(b[:n], func(c byte) bool { return c != 0 }) {
			return errors.New("it goes on after its end")
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
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
var madeByStart = []string{"setting", "periodic", "fund"}

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
