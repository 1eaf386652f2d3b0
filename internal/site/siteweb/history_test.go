package siteweb_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// An editor reads of a fact what was shown, since when, from where and by whom it was checked, the newest first. What is only proposed was
// not shown, and what an editor doubts never is.
func TestHowAFactHasChanged(t *testing.T) {
	each(t, func(w *world) {
		const path = "/app/site/facts/emergency"
		if p := w.status(w.Get("reviewer", path), http.StatusOK); p.Find("h2:contains('Jak zmieniała się')").Length() == 0 || !strings.Contains(p.Text("main"), "nic się nie zmieniło") {
			w.t.Errorf("with one version: %s", p.Text("main"))
		}
		w.clock.Advance(26*time.Hour + 30*time.Minute)
		form := w.form(w.Get("first", path), `form[action="`+path+`"]`)
		form.Set("value-any", "116 123")
		form.Set("source", "Nowa ustawa")
		form.Set("by", "Zespół linii")
		form.Set("note", "Czy w nocy też?")
		w.status(w.Post("first", path, form), http.StatusSeeOther)
		if p := w.Get("reviewer", path); strings.Contains(p.Text("table"), "116 123") {
			w.t.Error("what is only proposed counts as shown")
		}
		w.accept()
		p := w.status(w.Get("reviewer", path), http.StatusOK)
		var rows []string
		for _, cells := range p.Find("table:has(caption:contains('Jak zmieniała się')) tbody tr").EachIter() {
			rows = append(rows, strings.Join(strings.Fields(cells.Text()), " "))
		}
		if len(rows) != 2 || strings.Contains(p.Text("main"), "nic się nie zmieniło") {
			w.t.Fatalf("%d versions: %q", len(rows), rows)
		}
		for _, want := range []string{"24 listopada 2026, 11:30", "116 123", "obecna", "Nowa ustawa", "Zespół linii"} {
			if !strings.Contains(rows[0], want) {
				w.t.Errorf("no %q in %s", want, rows[0])
			}
		}
		for _, want := range []string{"23 listopada 2026, 09:00", "112", "wcześniejsza"} {
			if !strings.Contains(rows[1], want) {
				w.t.Errorf("no %q in %s", want, rows[1])
			}
		}
		file := w.status(w.Get("reviewer", path+"?history.as=csv"), http.StatusOK)
		if !strings.Contains(file.Body, "116 123") || !strings.Contains(file.Body, "Zespół linii") || strings.Contains(file.Body+strings.Join(rows, ""), "Czy w nocy") {
			w.t.Errorf("the file: %s", file.Body)
		}
		if p := w.Get("learner", path); p.Status != http.StatusForbidden || strings.Contains(p.Body, "116 123") {
			w.t.Errorf("a learner: %d", p.Status)
		}
	})
}
