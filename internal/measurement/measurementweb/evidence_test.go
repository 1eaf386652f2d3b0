package measurementweb_test

import (
	"net/http"
	"strings"
	"testing"

	"ostoja/internal/measurement"
)

// TestMeasurementsPages: the list filters and exports, a measurement is closed and opened, a training is announced.
func TestMeasurementsPages(t *testing.T) {
	each(t, func(w *world) {
		w.says(w.status(w.Get("coordinator", "/app/evidence"), http.StatusOK), "Dodaj pomiar")
		w.approve()
		m := w.attach(measurement.OfTraining)
		path := "/app/evidence/measurements/" + m
		w.says(w.status(w.Get("coordinator", "/app/evidence?q=terespol"), http.StatusOK), "Szkolenie w Terespolu")
		if p := w.Get("coordinator", "/app/evidence?q=nigdzie"); strings.Contains(p.Text("main"), "Szkolenie w Terespolu") {
			t.Error("the filter keeps what does not match")
		}
		moved := w.status(w.Get("coordinator", "/app/evidence/export/measurements.csv?kind=training&q=terespol"), http.StatusMovedPermanently).Header.Get("Location")
		if moved != "/app/evidence?as=csv&kind=training&q=terespol" {
			t.Errorf("the file's old address leads to %s", moved)
		}
		w.status(w.Get("coordinator", "/app/evidence/export/other.csv"), http.StatusNotFound)
		if p := w.Get("coordinator", "/app/evidence?kind=course"); strings.Contains(p.Text("main"), "Szkolenie w Terespolu") {
			t.Error("a training passes for a course")
		}
		if body := w.status(w.Get("coordinator", moved), http.StatusOK).Body; !strings.Contains(body, "Szkolenie w Terespolu") {
			t.Errorf("%s", body)
		}
		if p := w.Get("elsewhere", "/app/evidence"); strings.Contains(p.Text("main"), "Szkolenie w Terespolu") {
			t.Error("another service's training is listed")
		}
		w.says(w.status(w.Post("coordinator", path+"/participants", map[string][]string{}), http.StatusUnprocessableEntity), "Osoba")
		w.status(w.Post("coordinator", path+"/close", map[string][]string{}), http.StatusSeeOther)
		w.says(w.Get("coordinator", "/app/evidence"), "zakończony")
		w.status(w.Post("coordinator", path+"/close", map[string][]string{"open": {"1"}}), http.StatusSeeOther)
		w.status(w.Post("coordinator", path+"/announce", map[string][]string{"on": {"1"}}), http.StatusSeeOther)
		if list, err := w.a.Classroom.Announced(t.Context(), w.d); err != nil || len(list) != 1 {
			t.Errorf("%d trainings announced, %v", len(list), err)
		}
		w.status(w.Post("coordinator", path+"/announce", map[string][]string{}), http.StatusSeeOther)
		if list, err := w.a.Classroom.Announced(t.Context(), w.d); err != nil || len(list) != 0 {
			t.Errorf("%d trainings announced after all, %v", len(list), err)
		}
		for _, file := range []string{"/evaluation/answers.csv", "/evaluation/comments.csv", "?as=csv"} {
			w.status(w.Get("coordinator", path+file), http.StatusNotFound) // nobody has answered
		}
		bad := map[string][]string{"kind": {"training"}, "title": {"Zostaje"}, "test": {w.test.ID}, "unit": {w.unit.ID}}
		p := w.status(w.Post("coordinator", "/app/evidence/attach", bad), http.StatusUnprocessableEntity)
		if p.Find("input[name=title]").AttrOr("value", "") != "Zostaje" || p.Find(".errors a").Length() == 0 {
			t.Error("a refused form loses what was typed")
		}
	})
}
