package paperweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

// Papers that are opened for a court bear its heading and are those that its office uses; the sheet for the child is as it was.
func TestPapersToACourt(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	page := "/app/guardians/courts/" + o.NearCourt
	desk := w.Browse(o.Coordinator)
	w.Status(desk.Get(page), http.StatusOK)
	form := url.Values{"act": {"papers"}, "paper_edition": {"0"}, "heading": {"1\n2\n3\n4\n5\n6\n7"}, "papers": {"motion"}}
	if p := w.Status(desk.Post(page, form), http.StatusUnprocessableEntity); !strings.Contains(p.Text("textarea"), "7") || p.Find(`input[value="motion"][checked]`).Length() != 1 {
		t.Errorf("what was typed is lost: %s", p.Text("main"))
	}
	form.Set("heading", "Sąd Rejonowy w Brzezinach Leśnych\nul. Leśna 1")
	w.Status(desk.Post(page, form), http.StatusSeeOther)
	for base, by := range map[string]access.Actor{office: o.Coordinator, own: o.Requester} {
		b := w.Browse(by)
		list := w.Status(b.Get(base+"?court="+o.NearCourt), http.StatusOK)
		if list.Find(`a[href="`+base+`/motion?court=`+o.NearCourt+`"]`).Length() != 1 || strings.Contains(list.Body, base+"/report") || !strings.Contains(list.Body, base+"/child") {
			t.Errorf("%s", list.Text("main"))
		}
		p := w.Status(b.Get(base+"/motion?court="+o.NearCourt), http.StatusOK)
		if !strings.Contains(p.Text(".paper-to"), "ul. Leśna 1") || strings.Contains(p.Text("article"), "Sąd opiekuńczy") {
			t.Errorf("%s", p.Text("article"))
		}
		if p := w.Status(b.Get(base+"/motion"), http.StatusOK); p.Find(".paper-to").Length() != 0 || !strings.Contains(p.Text("article"), "Sąd opiekuńczy") {
			t.Error("a heading without a court")
		}
		w.Status(b.Get(base+"/report?court="+o.NearCourt), http.StatusNotFound)
		w.Status(b.Get(base+"/motion?court=unknown"), http.StatusNotFound)
	}
}
