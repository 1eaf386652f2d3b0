package db

import (
	"context"
	"database/sql"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"

	"ostoja/internal/errs"
)

// Step is a migration written in Go, for what SQL cannot say. It runs in one transaction, in its place among the files by its
// number, and must not lean on what later migrations bring. It reads and writes in portions: a table may be large.
type Step struct {
	Version int64
	Up      func(ctx context.Context, tx *Tx) error
}

// StepFS is a file system of migrations that has some written in Go too.
type StepFS interface {
	fs.FS
	Steps() []Step
}

// never is longer than any clock says since 1970 of a file that was rebuilt at all.
const never = 40 * 365 * 24 * time.Hour

// Migrate brings the schema up to the newest migration in fsys and returns the numbers of those it ran. A SQLite file of an
// earlier release is rebuilt once, for what was erased there lay in it still ([DB.Rebuild] says what that takes).
func (db *DB) Migrate(ctx context.Context, fsys fs.FS) (ran []int64, err error) {
	defer errs.Wrap(&err, "db.Migrate")
	p, err := db.provider(fsys)
	if err != nil {
		return nil, err
	}
	err = db.onDisk(ctx, func() error {
		ran, err = sources(p.Up(ctx))
		return err
	})
	if err != nil {
		return ran, err
	}
	_, err = db.Rebuild(ctx, time.Now(), never)
	return ran, err
}

// MigrateTo brings the schema up to a given migration. Restoring a backup of an earlier release begins here.
func (db *DB) MigrateTo(ctx context.Context, fsys fs.FS, version int64) (ran []int64, err error) {
	defer errs.Wrap(&err, "db.MigrateTo(%d)", version)
	p, err := db.provider(fsys)
	if err != nil {
		return nil, err
	}
	return sources(p.UpTo(ctx, version))
}

// SchemaVersion returns the number of the last migration that ran, 0 on an empty database, and the newest that fsys has.
func (db *DB) SchemaVersion(ctx context.Context, fsys fs.FS) (current, newest int64, err error) {
	defer errs.Wrap(&err, "db.SchemaVersion")
	p, err := db.provider(fsys)
	if err != nil {
		return 0, 0, err
	}
	current, newest, err = p.GetVersions(ctx)
	return current, newest, away(err)
}

func (db *DB) provider(fsys fs.FS) (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	if db.engine == Postgres {
		dialect = goose.DialectPostgres
	}
	var steps []*goose.Migration
	if of, ok := fsys.(StepFS); ok {
		for _, step := range of.Steps() {
			steps = append(steps, goose.NewGoMigration(step.Version, &goose.GoFunc{RunTx: func(ctx context.Context, inner *sql.Tx) error {
				return step.Up(ctx, &Tx{db: db, tx: inner})
			}}, nil))
		}
	}
	return goose.NewProvider(dialect, db.write, fsys, goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(steps...))
}

func sources(results []*goose.MigrationResult, err error) ([]int64, error) {
	var ran []int64
	for _, r := range results {
		ran = append(ran, r.Source.Version)
	}
	return ran, err
}
