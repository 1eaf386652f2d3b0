package backup_test

import (
	"bytes"
	"crypto/ed25519"
	"path/filepath"
	"testing"
	"time"

	"ostoja/internal/backup"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/schema"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func fill(t *testing.T, d *db.DB) {
	t.Helper()
	ctx := t.Context()
	err := d.Update(ctx, func(tx *db.Tx) error {
		for _, s := range []struct {
			text string
			args []any
		}{
			{`INSERT INTO setting (name, value) VALUES ('a', 'żółć "\n')`, nil},
			{`INSERT INTO periodic (name, next_at, last_error) VALUES ('sweep', 5, 'why')`, nil},
			{`INSERT INTO blob (hash, media_type, size, content, created_at) VALUES ('h', 'x/y', 3, ?, ?)`, []any{[]byte{0, 255, 10}, now}},
			{`INSERT INTO unit (id, parent_id, path, kind, name, created_at) VALUES ('1', NULL, '/1/', 'office', 'Biuro', ?)`, []any{now}},
			{`INSERT INTO unit (id, parent_id, path, kind, name, created_at) VALUES ('2', '1', '/1/2/', 'post', 'Placówka', ?)`, []any{now}},
			{`INSERT INTO course (id, current_version_id, in_catalogue, created_at) VALUES ('c', 'v', TRUE, ?)`, []any{now}},
		} {
			if err := db.Exec(ctx, tx, s.text, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, d *db.DB) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := backup.Write(t.Context(), d, now, &b, backup.Protection{Key: key}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// key signs the backups of these tests; restore trusts it alone.
var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

var trusted = backup.Trust{Signers: []ed25519.PublicKey{key.Public().(ed25519.PublicKey)}}

func restore(t *testing.T, d *db.DB, b []byte, trust backup.Trust) (backup.Manifest, error) {
	t.Helper()
	whole, err := backup.Open(bytes.NewReader(b), int64(len(b)), trust)
	if err != nil {
		return backup.Manifest{}, err
	}
	return whole.Restore(t.Context(), d)
}

func TestBackupMovesBetweenEngines(t *testing.T) {
	for _, from := range []func(testing.TB) *db.DB{dbtest.SQLite, dbtest.Postgres} {
		for _, to := range []func(testing.TB) *db.DB{dbtest.SQLite, dbtest.Postgres} {
			a, b := from(t), to(t)
			fill(t, a)
			first := content(t, a)
			m, err := restore(t, b, first, trusted)
			if err != nil {
				t.Fatalf("%s to %s: %v", a.Engine(), b.Engine(), err)
			}
			if m.Rows["unit"] != 2 || m.Rows["blob"] != 1 {
				t.Errorf("manifest %+v", m)
			}
			if second := content(t, b); !bytes.Equal(first, second) {
				t.Errorf("%s to %s: the copy's backup differs from the original's", a.Engine(), b.Engine())
			}
			if _, err := restore(t, b, first, trusted); err == nil {
				t.Error("a backup was restored over a database in use")
			}
		}
	}
}

func TestBrokenBackupLeavesTheDatabaseEmpty(t *testing.T) {
	full := dbtest.SQLite(t)
	fill(t, full)
	whole := content(t, full)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, broken := range [][]byte{nil, []byte("PK"), whole[:len(whole)/2], whole[:len(whole)-4]} {
			if _, err := restore(t, d, broken, trusted); err == nil {
				t.Errorf("a backup cut to %d of %d bytes was restored", len(broken), len(whole))
			}
			if n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM unit`); n != 0 || err != nil {
				t.Errorf("%d units are left, %v", n, err)
			}
		}
	})
}

func TestBackupOfAnOldSchemaIsRefused(t *testing.T) {
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.MigrateTo(t.Context(), schema.FS, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Write(t.Context(), d, now, &bytes.Buffer{}, backup.Protection{Key: key}); err == nil {
		t.Error("a backup of a half-migrated database was made")
	}
}
