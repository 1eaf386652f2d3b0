package evidenceweb_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig"
)

// TestWhoReadsEvidence: the pages and files open to those who may read evidence, wherever they may; everybody else is refused, and
// who is not signed in is asked to.
func TestWhoReadsEvidence(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		opened := 0
		for name, actor := range w.Everybody() {
			want := http.StatusForbidden
			switch {
			case actor.PersonID == "":
				want = http.StatusSeeOther
			case actor.Has(access.EvidenceRead):
				want = http.StatusOK
				opened++
			}
			b := w.Browse(actor)
			for _, path := range []string{"/app/evidence", "/app/evidence/how"} {
				if p := b.Get(path); p.Status != want {
					t.Errorf("%s: %s gets %d, not %d", path, name, p.Status, want)
				}
			}
			if want == http.StatusOK {
				want = http.StatusNotFound // there is no such test, whoever asks
			}
			if p := b.Get("/app/evidence/tests/none"); p.Status != want {
				t.Errorf("a report: %s gets %d, not %d", name, p.Status, want)
			}
		}
		if opened == 0 {
			t.Error("nobody may read evidence")
		}
	})
}

// TestAReaderOfOneService: a coordinator sees the measurements of their own service in list and file, and another service's
// training neither there nor by its report.
func TestAReaderOfOneService(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		tests := testrig.Must(w.Bank.Tests(t.Context()))(t)
		var items []string
		for _, f := range tests[0].Forms {
			items = append(items, f.Items...)
		}
		if n := testrig.Must(w.Bank.Review(t.Context(), w.SecondAuthor, items, itembank.Approved, ""))(t); n != len(items) {
			t.Fatalf("%d of %d items are approved", n, len(items))
		}
		_, err := w.Measurement.Attach(t.Context(), w.Admin, measurement.Draft{
			TestID: tests[0].ID, Kind: measurement.OfTraining, UnitID: w.Guard, Waves: measurement.FollowUps,
			Make: w.Classroom.Maker(classroom.Draft{
				Title: "Szkolenie w Terespolu", UnitID: w.Guard, HeldFrom: testrig.Start.Add(24 * time.Hour), HeldUntil: testrig.Start.Add(48 * time.Hour),
			}),
		})
		w.OK(err)
		own, foreign := w.Browse(w.GuardCoordinator), w.Browse(w.PoliceCoordinator)
		page := w.Status(own.Get("/app/evidence"), http.StatusOK)
		if !strings.Contains(page.Text("main"), "Szkolenie w Terespolu") || !strings.Contains(page.Text("main"), "za mało osób") {
			t.Errorf("the own service's training, of whom nobody sat the test: %s", page.Text("main"))
		}
		report := "/app/evidence/tests/" + tests[0].Family
		if page.Find(`main a[href="`+report+`"]`).Length() != 1 {
			t.Error("the list does not lead to the report")
		}
		w.Status(own.Get(report), http.StatusOK)
		for file, want := range map[string]int{"report.csv": http.StatusOK, "topics.xlsx": http.StatusOK, "other.csv": http.StatusNotFound, "report.pdf": http.StatusNotFound} {
			if p := own.Get(report + "/export/" + file); p.Status != want {
				t.Errorf("the file %s: %d, not %d", file, p.Status, want)
			}
		}
		page = w.Status(foreign.Get("/app/evidence"), http.StatusOK)
		if strings.Contains(page.Text("main"), "Szkolenie w Terespolu") || page.Find(`main a[href="`+report+`"]`).Length() != 0 {
			t.Error("another service's training is listed")
		}
	})
}
