package classroomweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig"
)

// A training is changed by who may measure in its unit: each fault stands at its field and nothing is lost, and the page then says
// what was done.
func TestATrainingIsChangedAndAnnounced(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, from := t.Context(), w.Clock.Now().Add(24*time.Hour)
		tests := testrig.Must(w.Bank.Tests(ctx))(t)
		var ids []string
		for _, f := range tests[0].Forms {
			ids = append(ids, f.Items...)
		}
		testrig.Must(w.Bank.Review(ctx, w.SecondAuthor, ids, itembank.Approved, ""))(t)
		m := testrig.Must(w.Measurement.Attach(ctx, w.GuardCoordinator, measurement.Draft{
			TestID: tests[0].ID, Kind: measurement.OfTraining, UnitID: w.Terespol,
			Make: w.Classroom.Maker(classroom.Draft{Title: "Szkolenie w Terespolu", HeldFrom: from, HeldUntil: from.Add(24 * time.Hour), UnitID: w.Terespol}),
		}))(t)
		path := "/app/evidence/measurements/" + m.ID
		for name, a := range map[string]access.Actor{"the police": w.PoliceCoordinator, "a learner": w.Learner} {
			b := w.Browse(a)
			for _, p := range []int{b.Get(path + "/edit").Status, b.Post(path+"/edit", url.Values{}).Status, b.Post(path+"/announce", url.Values{"on": {"1"}}).Status} {
				if p != http.StatusNotFound && p != http.StatusForbidden {
					t.Errorf("%s gets %d", name, p)
				}
			}
		}
		b := w.Browse(w.GuardCoordinator)
		form := url.Values{"title": {"Inne"}, "place": {"Biała"}, "from": {"2026-12-01"}, "from-time": {"9.00"}, "until": {"2026-12-02"}, "until-time": {"15:00"}}
		p := w.Status(b.Post(path+"/edit", form), http.StatusUnprocessableEntity)
		if p.Find("input[name=title]").AttrOr("value", "") != "Inne" || p.Find(".errors a").Length() != 1 {
			t.Errorf("a refused form: %s", p.Text("main"))
		}
		form.Set("from-time", "09:00")
		if p := w.Status(b.Post(path+"/edit", form), http.StatusSeeOther); p.Header.Get("Location") != path {
			t.Errorf("leads to %q", p.Header.Get("Location"))
		}
		if p := w.Status(b.Get(path+"/edit"), http.StatusOK); p.Find("input[name=from-time]").AttrOr("value", "") != "09:00" || p.Find("input[name=place]").AttrOr("value", "") != "Biała" {
			t.Errorf("afterwards: %s", p.Text("main"))
		}
		said := map[string]string{}
		for _, on := range []string{"1", ""} {
			w.Status(b.Post(path+"/announce", url.Values{"on": {on}}), http.StatusSeeOther)
			said[on] = b.Get(path).Text("[role=status]")
			if list, err := w.Classroom.Announced(ctx, w.DB); err != nil || (len(list) == 1) != (on == "1") {
				t.Errorf("%+v, %v", list, err)
			}
		}
		if said["1"] == said[""] || strings.TrimSpace(said["1"]) == "" {
			t.Errorf("said: %q", said)
		}
	})
}
