package certificate_test

import (
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

// Certificates are found by words of the holder's record and by parts of the number, the newest first, of those whom the actor may read.
func TestFind(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		first := w.Pass(w.Learner, testrig.SmallCourse)
		second := w.Pass(w.Learner, testrig.OtherCourse)
		police := w.Pass(w.PoliceLearner, testrig.SmallCourse)
		for _, c := range []struct {
			who   access.Actor
			words string
			most  int
			ids   []string
		}{
			{w.Coordinator, "zrodlo ZOFIA", 5, []string{second.ID, first.ID}},
			{w.Coordinator, "źródło", 1, []string{second.ID}},
			{w.Coordinator, first.Number, 5, []string{first.ID}},
			{w.Coordinator, "ost-2026", 5, []string{police.ID, second.ID, first.ID}},
			{w.Coordinator, "zofia 000002", 5, []string{second.ID}},
			{w.Coordinator, "zofia 000003", 5, nil},
			{w.Coordinator, "%", 5, nil},
			{w.Coordinator, " ", 5, nil},
			{w.Coordinator, first.Code, 5, nil}, // the code is for who holds the paper
			{w.GuardCoordinator, "ost-2026", 5, []string{second.ID, first.ID}},
			{w.PoliceCoordinator, "zrodlo", 5, nil},
			{w.Learner, "zrodlo", 5, nil},
			{w.GuardEditor, "zrodlo", 5, nil},
			{access.Actor{}, "zrodlo", 5, nil},
		} {
			list, err := w.Certs.Find(t.Context(), c.who, c.words, c.most)
			w.OK(err)
			if len(list) != len(c.ids) {
				t.Errorf("%q: %d, want %d", c.words, len(list), len(c.ids))
				continue
			}
			for i, id := range c.ids {
				if list[i].ID != id {
					t.Errorf("%q: %s at %d", c.words, list[i].Number, i)
				}
			}
		}
	})
}
