// Package dbtest gives tests a database of their own on each engine.
//
// A test's database is a copy of a [Template]: of the empty schema, or of whatever a package needs again and again (see
// testrig). Copying a file or a PostgreSQL template takes a few milliseconds where the migrations take a hundred, and no test
// can see what another did. A template lives as long as the test's process; on PostgreSQL it stays behind in the server,
// which `make test` throws away.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/id"
	"ostoja/internal/schema"
)

// Template is a migrated database from which tests begin, and what its maker knows of it (the ids of the rows in it, for
// instance). It is made once in a process and engine, when the first test asks for it.
type Template[T any] struct {
	fill     func(ctx context.Context, d *db.DB) (T, error)
	sqlite   once[[]byte, T] // the file's content
	postgres once[string, T] // the database's name
}

// once is a template of one engine.
type once[C, T any] struct {
	sync.Once
	content C
	known   T
	err     error
}

// NewTemplate returns a template of the newest schema into which fill writes.
func NewTemplate[T any](fill func(ctx context.Context, d *db.DB) (T, error)) *Template[T] {
	return &Template[T]{fill: fill}
}

// Each runs fn as a subtest on SQLite and on PostgreSQL, each time with a fresh copy of the template.
func (m *Template[T]) Each(t *testing.T, fn func(t *testing.T, d *db.DB, known T)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		d, known := m.SQLite(t)
		fn(t, d, known)
	})
	t.Run("postgres", func(t *testing.T) {
		d, known := m.onPostgres(t)
		fn(t, d, known)
	})
}

// SQLite returns a copy in a SQLite file, which is closed when the test ends.
func (m *Template[T]) SQLite(t testing.TB) (d *db.DB, known T) {
	t.Helper()
	m.sqlite.Do(func() { m.sqlite.content, m.sqlite.known, m.sqlite.err = m.sqliteFile() })
	if m.sqlite.err != nil {
		t.Fatal(m.sqlite.err)
	}
	file := filepath.Join(t.TempDir(), "ostoja.db")
	if err := os.WriteFile(file, m.sqlite.content, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, file), m.sqlite.known
}

// Postgres returns a copy on the PostgreSQL server, which is dropped when the test ends, or skips the test (see [Each]).
func (m *Template[T]) onPostgres(t testing.TB) (d *db.DB, known T) {
	t.Helper()
	address, known := m.postgresURL(t)
	return open(t, address), known
}

func (m *Template[T]) postgresURL(t testing.TB) (address string, known T) {
	t.Helper()
	server := postgresServer(t)
	m.postgres.Do(func() { m.postgres.content, m.postgres.known, m.postgres.err = m.postgresTemplate(server) })
	if m.postgres.err != nil {
		t.Fatal(m.postgres.err)
	}
	return postgresDatabase(t, m.postgres.content), m.postgres.known
}

// sqliteFile makes the template and returns its file, which is whole once its last connection has closed.
func (m *Template[T]) sqliteFile() (content []byte, known T, err error) {
	dir, err := os.MkdirTemp("", "ostoja-template-")
	if err != nil {
		return nil, known, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a test's
	file := filepath.Join(dir, "ostoja.db")
	if known, err = m.make(file); err != nil {
		return nil, known, err
	}
	content, err = os.ReadFile(file)
	return content, known, err
}

func (m *Template[T]) postgresTemplate(server string) (name string, known T, err error) {
	name = "template_" + id.Code(10)
	if err := administer(server, fmt.Sprintf(`CREATE DATABASE "%s"`, name)); err != nil {
		return "", known, err
	}
	known, err = m.make(withDatabase(server, name))
	return name, known, err
}

// make migrates and fills the database at address, and closes it: neither engine copies one that is in use.
func (m *Template[T]) make(address string) (known T, err error) {
	ctx := context.Background() // what it makes outlives the test that asked first
	d, err := db.Open(ctx, address)
	if err != nil {
		return known, err
	}
	if _, err = d.Migrate(ctx, schema.FS); err == nil && m.fill != nil {
		known, err = m.fill(ctx, d)
	}
	if closed := d.Close(); err == nil {
		err = closed
	}
	return known, err
}

// empty is the newest schema without a row of ours.
var empty = NewTemplate[struct{}](nil)

// Each runs fn as a subtest on SQLite and on PostgreSQL, each time with an empty database of the newest schema.
//
// OSTOJA_TEST_POSTGRES is the address of a PostgreSQL server on which the tests may make databases; `make test` starts one.
// Without it the PostgreSQL half is skipped, unless OSTOJA_TEST_ALL=1 says that nothing may be.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	empty.Each(t, func(t *testing.T, d *db.DB, _ struct{}) { fn(t, d) })
}

// SQLite returns a fresh SQLite database that is closed when the test ends.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	d, _ := empty.SQLite(t)
	return d
}

// Postgres returns a fresh PostgreSQL database that is dropped when the test ends, or skips the test (see [Each]).
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	d, _ := empty.onPostgres(t)
	return d
}

// PostgresURL returns the address of a fresh, migrated PostgreSQL database, or skips the test (see [Each]).
func PostgresURL(t testing.TB) string {
	t.Helper()
	address, _ := empty.postgresURL(t)
	return address
}

// OneConnection returns a fresh PostgreSQL database to which all of the program has a single connection, or skips the test (see
// [Each]). There a transaction that reads past itself waits for ever, which with more connections it does only under load.
func OneConnection(t testing.TB) *db.DB {
	t.Helper()
	u, err := url.Parse(PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("pool_max_conns", "1")
	u.RawQuery = q.Encode()
	return open(t, u.String())
}

// EmptyPostgresURL returns the address of a fresh PostgreSQL database without a schema, or skips the test (see [Each]).
func EmptyPostgresURL(t testing.TB) string {
	t.Helper()
	return postgresDatabase(t, "template0")
}

func postgresServer(t testing.TB) string {
	t.Helper()
	server := os.Getenv("OSTOJA_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("OSTOJA_TEST_ALL") == "1" {
			t.Fatal("OSTOJA_TEST_POSTGRES is not set, and OSTOJA_TEST_ALL=1 forbids to skip")
		}
		t.Skip("OSTOJA_TEST_POSTGRES is not set; `make test` sets it")
	}
	return server
}

func postgresDatabase(t testing.TB, template string) string {
	t.Helper()
	server := postgresServer(t)
	name := "test_" + id.Code(10)
	if err := administer(server, fmt.Sprintf(`CREATE DATABASE "%s" TEMPLATE "%s"`, name, template)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := administer(server, fmt.Sprintf(`DROP DATABASE "%s" WITH (FORCE)`, name)); err != nil {
			t.Error(err)
		}
	})
	return withDatabase(server, name)
}

func administer(server, statement string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, server)
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // a test's
	return d.Administer(ctx, statement)
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err)
	}
	u.Path = "/" + name
	return u.String()
}

func open(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}
