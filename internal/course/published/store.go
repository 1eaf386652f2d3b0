package published

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/text"
)

const versionColumns = `id, course_id, number, label, digest, archive_hash, published_at, published_by`

func versionByID(ctx context.Context, q db.Querier, versionID string) (Version, error) {
	return db.One[Version](ctx, q, `SELECT `+versionColumns+` FROM course_version WHERE id = ?`, versionID)
}

func versionByDigest(ctx context.Context, q db.Querier, courseID, digest string) (Version, error) {
	return db.One[Version](ctx, q, `SELECT `+versionColumns+` FROM course_version WHERE course_id = ? AND digest = ?`, courseID, digest)
}

// versionByLabel returns the newest version that its author labelled so.
func versionByLabel(ctx context.Context, q db.Querier, courseID, label string) (string, error) {
	return db.One[string](ctx, q, `SELECT id FROM course_version WHERE course_id = ? AND label = ? ORDER BY number DESC LIMIT 1`, courseID, label)
}

func versionsOf(ctx context.Context, q db.Querier, courseID string) ([]Version, error) {
	return db.All[Version](ctx, q, `SELECT `+versionColumns+` FROM course_version WHERE course_id = ? ORDER BY number DESC`, courseID)
}

func entryByID(ctx context.Context, q db.Querier, courseID string) (Entry, error) {
	return db.One[Entry](ctx, q, `SELECT id, current_version_id, in_catalogue, created_at FROM course WHERE id = ?`, courseID)
}

// currentTitle returns the title of the version on which new participants begin.
func currentTitle(ctx context.Context, q db.Querier, courseID string) (text.Translated, error) {
	v, err := db.One[struct {
		Title text.Translated `db:"title,json"`
	}](ctx, q, `SELECT v.title FROM course c JOIN course_version v ON v.id = c.current_version_id WHERE c.id = ?`, courseID)
	return v.Title, err
}

func entries(ctx context.Context, q db.Querier) ([]Entry, error) {
	return db.All[Entry](ctx, q, `SELECT id, current_version_id, in_catalogue, created_at FROM course ORDER BY created_at, id`)
}

// lockCourse makes the course at its first version, and changes nothing at every other. On PostgreSQL the row is locked from here to the
// end of the transaction: of two publications the second sees what the first did, takes another number, and finds the archive that both bring.
// What is held in a classroom alone does not join the catalogue.
func lockCourse(ctx context.Context, tx *db.Tx, courseID, versionID string, catalogue bool, now time.Time) error {
	return db.Exec(ctx, tx, `
		INSERT INTO course (id, current_version_id, in_catalogue, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET in_catalogue = course.in_catalogue`, courseID, versionID, catalogue, now)
}

// pointCourse makes a version the one on which new participants begin.
func pointCourse(ctx context.Context, tx *db.Tx, courseID, versionID string) error {
	return db.Exec(ctx, tx, `UPDATE course SET current_version_id = ? WHERE id = ?`, versionID, courseID)
}

func nextNumber(ctx context.Context, tx *db.Tx, courseID string) (int, error) {
	return db.One[int](ctx, tx, `SELECT COALESCE(MAX(number), 0) + 1 FROM course_version WHERE course_id = ?`, courseID)
}

func insertVersion(ctx context.Context, tx *db.Tx, v Version, title text.Translated) error {
	return db.Exec(ctx, tx, `INSERT INTO course_version (`+versionColumns+`, title) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		v.ID, v.CourseID, v.Number, v.Label, v.Digest, v.ArchiveHash, v.PublishedAt, v.PublishedBy, db.JSON(title))
}

func insertMedium(ctx context.Context, tx *db.Tx, versionID, name, hash string) error {
	return db.Exec(ctx, tx, `INSERT INTO course_medium (version_id, name, hash) VALUES (?, ?, ?)`, versionID, name, hash)
}
