// Package dbtest gives tests a fresh, migrated database on each engine.
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

// Each runs fn as a subtest on SQLite and on PostgreSQL, each time with an empty database of the newest schema.
//
// OSTOJA_TEST_POSTGRES is the address of a PostgreSQL server on which the tests may make databases; `make test` starts one.
// Without it the PostgreSQL half is skipped, unless OSTOJA_TEST_ALL=1 says that nothing may be.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite returns a fresh SQLite database that is closed when the test ends.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "ostoja.db"), true)
}

// Postgres returns a fresh PostgreSQL database that is dropped when the test ends, or skips the test (see [Each]).
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, PostgresURL(t), false)
}

// PostgresURL returns the address of a fresh, migrated PostgreSQL database, or skips the test (see [Each]).
func PostgresURL(t testing.TB) string {
	t.Helper()
	template, err := postgresTemplate(postgresServer(t))
	if err != nil {
		t.Fatal(err)
	}
	return postgresDatabase(t, template)
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
	return open(t, u.String(), false)
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

// template makes, once per test process, a migrated database that the others are copied from, which is ten times faster
// than migrating each.
var template struct {
	sync.Mutex
	name string
}

func postgresTemplate(server string) (string, error) {
	template.Lock()
	defer template.Unlock()
	if template.name != "" {
		return template.name, nil
	}
	name := "template_" + id.Code(10)
	if err := administer(server, fmt.Sprintf(`CREATE DATABASE "%s"`, name)); err != nil {
		return "", err
	}
	ctx := context.Background()
	d, err := db.Open(ctx, withDatabase(server, name))
	if err != nil {
		return "", err
	}
	defer d.Close() //nolint:errcheck // a test's
	if _, err := d.Migrate(ctx, schema.FS); err != nil {
		return "", err
	}
	template.name = name
	return name, nil
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

func open(t testing.TB, address string, migrate bool) *db.DB {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if migrate {
		if _, err := d.Migrate(ctx, schema.FS); err != nil {
			t.Fatal(err)
		}
	}
	return d
}
