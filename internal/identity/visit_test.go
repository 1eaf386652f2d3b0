package identity_test

import (
	"testing"
	"time"

	"ostoja/internal/db/dbtest"
	"ostoja/internal/testrig"
)

// A visit is told by the last one of an earlier day in the zone, all day long; nights at UTC's midnight are no new day in Warsaw.
func TestVisits(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		zone := testrig.Must(time.LoadLocation("Europe/Warsaw"))(t)
		at := func(day, hour, minute int) time.Time { return time.Date(2026, 12, day, hour, minute, 0, 0, zone) }
		for _, c := range []struct{ at, before time.Time }{
			{at(1, 8, 0), time.Time{}},
			{at(1, 8, 1), time.Time{}},
			{at(1, 16, 30), time.Time{}},
			{at(3, 0, 10), at(1, 16, 30)},
			{at(3, 0, 50), at(1, 16, 30)},
			{at(3, 23, 58), at(1, 16, 30)},
			{at(4, 0, 1), at(3, 23, 58)}, // minutes later, and a new day
		} {
			if got := testrig.Must(w.Identity.Visited(t.Context(), w.Author.PersonID, c.at, zone))(t); !got.Equal(c.before) {
				t.Errorf("at %v: was here last %v, want %v", c.at, got, c.before)
			}
		}
		if got := testrig.Must(w.Identity.Visited(t.Context(), w.Learner.PersonID, at(4, 9, 0), zone))(t); !got.IsZero() {
			t.Errorf("another's visit: %v", got)
		}
		dbtest.EachFails(t, w.DB, []dbtest.Step{{Name: "visited", Do: func() error {
			_, err := w.Identity.Visited(t.Context(), w.Author.PersonID, at(9, 9, 0), zone)
			return err
		}}})
	})
}
