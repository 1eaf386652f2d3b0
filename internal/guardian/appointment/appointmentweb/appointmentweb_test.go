package appointmentweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
	"ostoja/internal/web/webtest"
)

const (
	office = "/app/guardians/appointments"
	own    = "/app/guardian/appointments"
)

func form(w *testrig.World, guardianID string) url.Values {
	today := w.Appointments.Today()
	return url.Values{"guardian": {guardianID}, "code": {""}, "kind": {"kurator"}, "scope": {"protection", "stay"}, "court": {""}, "decided": {today}, "started": {today}}
}

// The office enters an appointment, ends it, takes that back; the guardian notes a contact in one tap.
func TestFromTheOrderToAContact(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		who, guardianID := o.Guardian("Helena", "Kuratorska")
		desk, guardian := w.Browse(o.Coordinator), w.Browse(who)
		if p := w.Status(desk.Get(office), http.StatusOK); p.Find(`main a[href="`+office+`/new"]`).Length() == 0 || !strings.Contains(p.Text("main"), "Nie ma jeszcze powołań") {
			t.Error(p.Text("main"))
		}
		if p := w.Status(guardian.Get(own), http.StatusOK); !strings.Contains(p.Text("main"), "Nie masz teraz powołań") {
			t.Error(p.Text("main"))
		}
		if p := w.Status(desk.Get(office+"/new"), http.StatusOK); !strings.Contains(p.Text("main"), "Helena Kuratorska (dzieci teraz: 0, najwyżej 2)") || !strings.Contains(p.Text("main"), "nie zostało ustalone") {
			t.Error(p.Text("main"))
		}
		bad := form(w, guardianID)
		bad.Set("decided", "2027-01-01")
		bad.Set("code", "ABC")
		p := w.Status(desk.Post(office+"/new", bad), http.StatusUnprocessableEntity)
		if p.Find(`#f-code[value="ABC"][aria-invalid]`).Length() != 1 || p.Find(`#f-decided[value="2027-01-01"][aria-invalid]`).Length() != 1 || p.Find(`input[name=scope][value=stay][checked]`).Length() != 1 {
			t.Errorf("what was typed is lost: %s", p.Text("main"))
		}
		p = w.Status(desk.Post(office+"/new", form(w, guardianID)), http.StatusSeeOther)
		address := p.Header.Get("Location")
		p = w.Status(desk.Get(address), http.StatusOK)
		code := p.Text("h1")
		if len(code) != 11 || !strings.Contains(p.Text("main"), "Przepisz kod "+code) || strings.Contains(p.Text("title"), code) {
			t.Errorf("the code %q: %s", code, p.Text("main"))
		}
		p = w.Status(desk.Get(office), http.StatusOK)
		if said := p.Text("main"); !strings.Contains(said, code) || !strings.Contains(said, "Helena Kuratorska") || !strings.Contains(said, "1 powołanie trwa") || p.Find(`a[href*="as=xlsx"], a[href*="as=csv"]`).Length() != 0 {
			t.Error(said)
		}
		if p := desk.Get(office + "?as=xlsx"); p.Header.Get("Content-Disposition") != "" {
			t.Error("the list can be taken away")
		}
		for query, want := range map[string]bool{"q=" + code: true, "q=helena": true, "q=nobody": false, "state=running": true, "state=missing": false, "state=quiet": false, "state=ended": false} {
			if got := desk.Get(office+"?"+query).Find(`main a[href="`+address+`"]`).Length() > 0; got != want {
				t.Errorf("%s: %v", query, got)
			}
		}
		p = w.Status(guardian.Get(own), http.StatusOK)
		action := p.Find("main form").First().AttrOr("action", "")
		if !strings.Contains(p.Text("main"), code) || action == "" {
			t.Fatal(p.Text("main"))
		}
		for _, form := range []url.Values{{"act": {"on"}, "on": {"2030-01-01"}}, {"act": {"on"}, "on": {"wczoraj"}}} {
			if p := w.Status(guardian.Post(action, form), http.StatusUnprocessableEntity); p.Find(`#f-on[aria-invalid]`).Length() != 1 || p.Find("details[open] #f-on").Length() != 1 {
				t.Error(p.Text("main"))
			}
		}
		w.Status(guardian.Post(action, url.Values{"act": {"today"}}), http.StatusSeeOther)
		if said := guardian.Get(own).Text("main"); !strings.Contains(said, "Ostatni kontakt: 23 października 2026") || !strings.Contains(said, "Cofnij (do 09:10)") || strings.Contains(said, "Kontakt był dzisiaj") {
			t.Error(said)
		}
		w.Status(guardian.Post(action, url.Values{"act": {"undo"}}), http.StatusSeeOther)
		w.Status(guardian.Post(action, url.Values{"act": {"on"}, "on": {"2026-10-23"}}), http.StatusSeeOther)
		w.Status(guardian.Post(action, url.Values{"act": {"x"}}), http.StatusBadRequest)
		if said := desk.Get(address).Text("main"); !strings.Contains(said, "nie, ostatnia data: 23 października 2026") {
			t.Error(said)
		}

		p = w.Status(desk.Get(address+"/end"), http.StatusOK)
		end := url.Values{"edition": {p.Find("input[name=edition]").AttrOr("value", "")}, "reason": {"adult"}, "month": {""}, "on": {""}}
		if p := w.Status(desk.Post(address+"/end", end), http.StatusUnprocessableEntity); p.Find("#f-month[aria-invalid]").Length() != 1 || p.Find("input[name=reason][value=adult][checked]").Length() != 1 {
			t.Error(p.Text("main"))
		}
		end.Set("month", "2026-10")
		w.Status(desk.Post(address+"/end", url.Values{"edition": {"x"}, "reason": {"adult"}, "month": {"2026-10"}}), http.StatusUnprocessableEntity)
		w.Status(desk.Post(address+"/end", end), http.StatusSeeOther)
		if said := desk.Get(address).Text("main"); !strings.Contains(said, "skończyło osiemnaście lat, w miesiącu 10.2026") || strings.Contains(said, "31 października") {
			t.Error(said)
		}
		if said := guardian.Get(own).Text("main"); !strings.Contains(said, "Zakończone") {
			t.Error(said)
		}
		w.Status(desk.Post(address, url.Values{"act": {"undo"}}), http.StatusSeeOther)
		if said := desk.Get(address).Text("main"); !strings.Contains(said, "trwa") {
			t.Error(said)
		}
		w.Status(desk.Post(address, url.Values{"act": {"x"}}), http.StatusBadRequest)
	})
}

// A missing child stands above the list, and its page says whom to tell, with the numbers of the day.
func TestAMissingChild(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	_, guardianID := o.Guardian("Helena", "Kuratorska")
	desk := w.Browse(o.Coordinator)
	address := w.Status(desk.Post(office+"/new", form(w, guardianID)), http.StatusSeeOther).Header.Get("Location")
	w.Status(desk.Post(address, url.Values{"act": {"missing"}}), http.StatusSeeOther)
	p := w.Status(desk.Get(address), http.StatusOK)
	if p.Find(`#missing a[href="tel:112"]`).Length() != 1 || p.Find(`#missing a[href="tel:116000"]`).Length() != 1 || !strings.Contains(p.Text("#missing"), "Wszystkich z listy zawiadom do 23 października 2026, 10:00") {
		t.Error(p.Text("#missing"))
	}
	if said := desk.Get(office).Text("main"); !strings.Contains(said, "dziecko zaginęło, zgłoszenie") {
		t.Error(said)
	}
	w.Status(desk.Post(address, url.Values{"act": {"done"}, "item": {"missing.police"}}), http.StatusSeeOther)
	if said := desk.Get(address).Text("#missing"); !strings.Contains(said, "Zrobione 23 października 2026, 09:00, Gabriela Rejestrowa") {
		t.Error(said)
	}
	w.Status(desk.Post(address, url.Values{"act": {"not-done"}, "item": {"missing.police"}}), http.StatusSeeOther)
	w.Status(desk.Post(address, url.Values{"act": {"done"}, "item": {"x"}}), http.StatusNotFound)
	w.Status(desk.Post(address, url.Values{"act": {"found"}}), http.StatusSeeOther)
	if p := desk.Get(address); p.Find("#missing").Length() != 0 || !strings.Contains(p.Text("main"), "trwa") {
		t.Error(p.Text("main"))
	}
	w.Status(desk.Post(address, url.Values{"act": {"court"}, "court": {""}}), http.StatusUnprocessableEntity)
	w.Status(desk.Post(address, url.Values{"act": {"court"}, "court": {o.NearCourt}}), http.StatusSeeOther)
	w.Status(desk.Post(address, url.Values{"act": {"undo"}}), http.StatusGone)
}

// The report says how many of how many, and leads to each.
func TestWhatIsMissing(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	_, guardianID := o.Guardian("Helena", "Kuratorska")
	desk := w.Browse(o.Coordinator)
	address := w.Status(desk.Post(office+"/new", form(w, guardianID)), http.StatusSeeOther).Header.Get("Location")
	w.Clock.Advance(31 * 24 * time.Hour)
	desk = w.Browse(o.Coordinator)
	if said := desk.Get(office).Text("main"); !strings.Contains(said, "Czegoś brakuje w 1 powołaniu.") || !strings.Contains(said, "tak, ostatnia data: 23 października 2026") {
		t.Error(said)
	}
	p := w.Status(desk.Get(office+"/missing-data"), http.StatusOK)
	if p.Find(`main a[href="`+address+`"]`).Length() != 2 || strings.Count(p.Text("main"), "1 z 1") != 2 || strings.Count(p.Text("main"), "0 z 1") != 2 {
		t.Error(p.Text("main"))
	}
}

// Whoever is not the office finds no page of it, and no address tells whether there is an appointment.
func TestWhoFindsThePages(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	who, guardianID := o.Guardian("Helena", "Kuratorska")
	address := w.Status(w.Browse(o.Coordinator).Post(office+"/new", form(w, guardianID)), http.StatusSeeOther).Header.Get("Location")
	all := w.Everybody()
	all["assessor"], all["requester"], all["court"], all["complaints"], all["the guardian"] = o.First, o.Requester, o.CourtClerk, o.Complaints, who
	for name, actor := range all {
		b := w.Browse(actor)
		want, send := http.StatusForbidden, http.StatusForbidden
		if actor.PersonID == "" {
			want, send = http.StatusSeeOther, http.StatusUnauthorized
		}
		for _, path := range []string{office, office + "/new", office + "/missing-data", address, address + "/end"} {
			if p := b.Get(path); p.Status != want || strings.Contains(p.Body, "Kuratorska") && name != "the guardian" {
				t.Errorf("%s, %s: %d", name, path, p.Status)
			}
		}
		for _, path := range []string{office + "/new", address, address + "/end"} {
			if p := b.Post(path, url.Values{"act": {"missing"}}); p.Status != send {
				t.Errorf("%s sends %s: %d", name, path, p.Status)
			}
		}
	}
	elsewhere := w.Browse(o.Elsewhere)
	for _, p := range []webtest.Page{
		elsewhere.Get(address), elsewhere.Get(address + "/end"), elsewhere.Post(address, url.Values{"act": {"missing"}}), elsewhere.Post(address+"/end", url.Values{"reason": {"mistaken"}, "edition": {"1"}}),
		w.Browse(w.Learner).Get(own), w.Browse(o.Coordinator).Get(own), w.Browse(w.Learner).Post(own+"/"+address[len(office)+1:], url.Values{"act": {"today"}}),
	} {
		w.Status(p, http.StatusNotFound)
	}
	if said := elsewhere.Get(office).Body; strings.Contains(said, "Kuratorska") || strings.Contains(elsewhere.Get(office+"/new").Body, "Kuratorska") {
		t.Error("another office sees the person")
	}
	if p := w.Browse(access.Actor{}).Get(own); p.Status != http.StatusSeeOther {
		t.Errorf("nobody: %d", p.Status)
	}
}

// Each failure of the database is told, and no page leaves out what it did not give.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	who, guardianID := o.Guardian("Helena", "Kuratorska")
	desk, guardian := w.Browse(o.Coordinator), w.Browse(who)
	desk.FragileForm(t, office+"/new", form(w, guardianID))
	a := testrig.Must(w.Appointments.All(t.Context(), o.Coordinator))(t)[0]
	address := office + "/" + a.ID
	desk.Fragile(t, []string{office, office + "/new", office + "/missing-data", address, address + "/end"})
	desk.FragileFault(t, office+"/new", url.Values{})
	desk.FragileFault(t, address+"/end", url.Values{"edition": {"1"}})
	desk.FragileForm(t, address, url.Values{"act": {"missing"}})
	desk.FragileForm(t, address+"/end", url.Values{"edition": {"2"}, "reason": {"mistaken"}})
	desk.FragileForm(t, address, url.Values{"act": {"undo"}})
	guardian.Fragile(t, []string{own})
	guardian.FragileForm(t, own+"/"+a.ID, url.Values{"act": {"today"}})
	guardian.FragileFault(t, own+"/"+a.ID, url.Values{"act": {"on"}})
	w.Unreadable(office, own)
}
