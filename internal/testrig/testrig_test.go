package testrig_test

import (
	"net/http"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

// TestTheWorldIsTheProgram: the people come in by the front door, and see the pages that their role opens.
func TestTheWorldIsTheProgram(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		for name, a := range w.Everybody() {
			b := w.Browse(a)
			for path, permission := range map[string]access.Permission{"/app/people": access.PeopleRead, "/app/site": access.SiteRead, "/app/bank": access.ItemsRead} {
				want := http.StatusForbidden
				switch {
				case a.PersonID == "":
					want = http.StatusSeeOther
				case a.Has(permission):
					want = http.StatusOK
				}
				if p := b.Get(path); p.Status != want {
					t.Errorf("%s asks for %s: %d, want %d", name, path, p.Status, want)
				}
			}
		}
		c := w.Pass(w.Learner, testrig.SmallCourse)
		again := w.Pass(w.Learner, testrig.SmallCourse)
		other := w.Pass(w.PoliceLearner, testrig.OtherCourse)
		if c.ID == again.ID || other.PersonID != w.PoliceLearner.PersonID || c.Title != "Kurs small" && c.Title != "Zaświadczenie" {
			t.Errorf("certificates %+v, %+v, %+v", c, again, other)
		}
		tests := testrig.Must(w.Bank.Tests(t.Context()))(t)
		if len(tests) != 1 || len(tests[0].Forms) != 3 {
			t.Errorf("competence tests: %+v", tests)
		}
	})
}

// TestWorldsAreApart: what one test does, no other sees.
func TestWorldsAreApart(t *testing.T) {
	first, second := testrig.New(t), testrig.New(t)
	first.Pass(first.Learner, testrig.SmallCourse)
	if list := testrig.Must(second.Certs.Mine(t.Context(), second.Learner))(t); len(list) != 0 {
		t.Errorf("%d certificates of another world", len(list))
	}
}
