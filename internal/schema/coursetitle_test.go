package schema_test

import (
	"archive/zip"
	"bytes"
	"context"
	"maps"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/schema"
	"ostoja/internal/text"
)

// folder is a stored course folder.
func folder(t *testing.T, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTitlesOfPublishedVersionsAreTakenOver: each version has its own folder's title, and one whose folder cannot be read keeps
// nobody from upgrading.
func TestTitlesOfPublishedVersionsAreTakenOver(t *testing.T) {
	versions := map[string]struct {
		archive []byte
		title   text.Translated
	}{
		"v1":    {folder(t, "course.yaml", "languages: [pl, en]\ntitle: {pl: Pierwszy, en: \"First: one\"}\n"), text.Translated{"": "Pierwszy", "pl": "Pierwszy", "en": "First: one"}},
		"v2":    {folder(t, "course.yaml", "title: {pl: Drugi, en: Second}\nlanguages: [en, pl]\nmodules: []\n"), text.Translated{"": "Second", "pl": "Drugi", "en": "Second"}},
		"older": {folder(t, "course.yaml", "title: {pl: Bez języków}\n"), text.Translated{"pl": "Bez języków"}},
		"lacks": {folder(t, "README.md", "no course"), text.Translated{}},
		"words": {folder(t, "course.yaml", "title: [a, list]\n"), text.Translated{}},
		"noise": {[]byte("this is no archive"), text.Translated{}},
	}
	before(t, 21, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Update(ctx, func(tx *db.Tx) error {
			if err := db.Exec(ctx, tx, `INSERT INTO course (id, current_version_id, in_catalogue, created_at) VALUES ('c', 'v2', TRUE, 1)`); err != nil {
				return err
			}
			number := 0
			for versionID, v := range versions {
				number++
				if err := insertVersion(ctx, tx, versionID, number, v.archive); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ran, err := d.Migrate(ctx, schema.FS)
		if err != nil || len(ran) == 0 || ran[0] != 21 {
			t.Fatalf("ran %v, %v", ran, err)
		}
		rows, err := db.All[struct {
			ID    string
			Title text.Translated `db:"title,json"`
		}](ctx, d, `SELECT id, title FROM course_version`)
		if err != nil || len(rows) != len(versions) {
			t.Fatalf("%d versions, %v", len(rows), err)
		}
		for _, r := range rows {
			if !maps.Equal(r.Title, versions[r.ID].title) {
				t.Errorf("%s has the title %v, not %v", r.ID, r.Title, versions[r.ID].title)
			}
		}
	})
}

func insertVersion(ctx context.Context, tx *db.Tx, versionID string, number int, archive []byte) error {
	if err := db.Exec(ctx, tx, `INSERT INTO blob (hash, media_type, size, content, created_at) VALUES (?, 'application/zip', ?, ?, 1)`, "hash-"+versionID, len(archive), archive); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `INSERT INTO course_version (id, course_id, number, label, digest, archive_hash, published_at) VALUES (?, 'c', ?, '1', ?, ?, 1)`,
		versionID, number, "digest-"+versionID, "hash-"+versionID)
}
