package identityweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

// Who keeps accounts sees those of one name side by side, says that they are two people, and takes that back; nobody else opens the page.
func TestAccountsThatMayBeOfOnePerson(t *testing.T) {
	w := testrig.New(t)
	d := testrig.Draft("Zofia", "Zrodlo", w.Medyka)
	d.Mail = "zofia.druga@example.org"
	other := testrig.Must(w.Identity.Add(t.Context(), access.System, d, false))(t)
	b := w.Browse(w.GuardCoordinator)
	if p := b.Get("/app/people"); p.Find(`a[href="/app/people/duplicates"]`).Length() != 1 {
		t.Error("nothing leads to the page")
	}
	p := w.Status(b.Get("/app/people/duplicates"), http.StatusOK)
	text := p.Text("main")
	if p.Find("main table").Length() != 1 || !strings.Contains(text, "zofia.druga@example.org") || !strings.Contains(text, "różni się") || strings.Contains(p.Find("title").Text(), "Zofia") {
		t.Fatalf("%s", text)
	}
	form := url.Values{"person": {other}, "other": {w.Learner.PersonID}, "act": {"two"}}
	w.Status(b.Post("/app/people/duplicates", form), http.StatusSeeOther)
	if p = b.Get("/app/people/duplicates"); !strings.Contains(p.Text("main"), "Kinga Koordynatorka") || p.Find("button[value=reopen]").Length() != 1 || p.Find("button[value=two]").Length() != 0 {
		t.Errorf("%s", p.Text("main"))
	}
	form.Set("act", "reopen")
	w.Status(b.Post("/app/people/duplicates", form), http.StatusSeeOther)
	if p = b.Get("/app/people/duplicates"); p.Find("button[value=two]").Length() != 1 {
		t.Errorf("%s", p.Text("main"))
	}
	b.Fragile(t, []string{"/app/people/duplicates"})
	for who, a := range w.Everybody() {
		want := map[string]int{w.Admin.PersonID: 200, w.Coordinator.PersonID: 200, w.GuardCoordinator.PersonID: 200, w.TerespolCoordinator.PersonID: 200, w.PoliceCoordinator.PersonID: 200}[a.PersonID]
		p := w.Browse(a).Get("/app/people/duplicates")
		switch {
		case want == 0 && p.Status == http.StatusOK:
			t.Errorf("%s opens the page", who)
		case want != 0 && p.Status != want:
			t.Errorf("%s: %d", who, p.Status)
		case want != 0 && a.PersonID == w.PoliceCoordinator.PersonID && p.Find("main table").Length() != 0:
			t.Errorf("%s sees another organisation's accounts", who)
		}
		if want == 0 {
			if p := w.Browse(a).Post("/app/people/duplicates", form); p.Status == http.StatusSeeOther && a.PersonID != "" {
				t.Errorf("%s says something of accounts: %d", who, p.Status)
			}
		}
	}
}
