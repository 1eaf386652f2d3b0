package evidence_test

import (
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/testrig/measured"
)

// world is the program with a competence test, with what the tests of this package do in it.
type world struct{ *measured.World }

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	return &world{measured.New(t, d)}
}
