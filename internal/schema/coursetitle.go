package schema

import (
	"archive/zip"
	"bytes"
	"context"
	"io/fs"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/db"
	"ostoja/internal/text"
)

// courseTitles is migration 21: the title of a published version stands in its row, so that who only names a course need not read
// and parse its folder, least of all within a transaction for which others wait.
func courseTitles(ctx context.Context, tx *db.Tx) error {
	if err := db.Exec(ctx, tx, `ALTER TABLE course_version ADD COLUMN title TEXT NOT NULL DEFAULT '{}'`); err != nil {
		return err
	}
	// One by one: an archive with films may be large.
	ids, err := db.All[string](ctx, tx, `SELECT id FROM course_version ORDER BY id`)
	if err != nil {
		return err
	}
	for _, versionID := range ids {
		archives, err := db.All[[]byte](ctx, tx, `SELECT b.content FROM course_version v JOIN blob b ON b.hash = v.archive_hash WHERE v.id = ?`, versionID)
		if err != nil {
			return err
		}
		for _, archive := range archives {
			title, err := titleIn(archive)
			if err != nil {
				// A version that cannot be read cannot be shown either; that must not keep an installation from being upgraded.
				continue
			}
			if err := db.Exec(ctx, tx, `UPDATE course_version SET title = ? WHERE id = ?`, db.JSON(title), versionID); err != nil {
				return err
			}
		}
	}
	return nil
}

// titleIn reads the title in course.yaml of a stored folder, as package course does.
func titleIn(archive []byte) (text.Translated, error) {
	folder, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	file, err := fs.ReadFile(folder, "course.yaml")
	if err != nil {
		return nil, err
	}
	var c struct {
		Languages []string
		Title     text.Translated
	}
	if err := yaml.Unmarshal(file, &c); err != nil {
		return nil, err
	}
	if len(c.Languages) > 0 && c.Title[c.Languages[0]] != "" {
		c.Title[""] = c.Title[c.Languages[0]] // what the text falls back to
	}
	return c.Title, nil
}
