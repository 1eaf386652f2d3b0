package requestweb_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/guardian/request"
	"ostoja/internal/testrig"
)

const requests = "/app/guardians/requests"

// office is a guardians' office with one accredited service and two people who can be asked.
func office(t *testing.T, w *testrig.World) (o *testrig.GuardianOffice, who []access.Actor) {
	t.Helper()
	o = w.GuardianOffice()
	b := w.Browse(o.Coordinator)
	w.Status(b.Post("/app/guardians/institutions/"+w.Guard, url.Values{"kind": {"requester"}, "phone": {"22 555 00 00"}, "signed": {"2026-01-01"}, "until": {day(w, 180)}, "edition": {"0"}}), http.StatusSeeOther)
	w.Status(b.Post("/app/guardians/institutions/"+o.CourtUnit, url.Values{"kind": {"court"}, "court": {o.NearCourt}, "phone": {"22 555 00 01"}, "signed": {"2026-01-01"}, "until": {day(w, 180)}, "edition": {"0"}}), http.StatusSeeOther)
	w.Status(b.Post("/app/guardians/offices/"+w.Office, url.Values{"phone": {"22 555 11 22"}, "court-view": {"1"}, "term-days": {"3"}, "term-moved": {"1"}, "edition": {"0"}}), http.StatusSeeOther)
	for _, family := range []string{"Adamska", "Bielska"} {
		person, entry := o.Guardian("Helena", family)
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
			return db.Exec(t.Context(), tx, `UPDATE guardian SET state = 'listed' WHERE id = ?`, entry)
		}))
		who = append(who, person)
	}
	return o, who
}

func day(w *testrig.World, days int) string {
	return w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly)
}

func form(w *testrig.World, o *testrig.GuardianOffice) url.Values {
	return url.Values{"purpose": {"protection"}, "reference": {"V Nmo 12/26"}, "court": {o.NearCourt}, "lang": {"uk"}, "wishes": {"woman"}, "from": {day(w, 0)}}
}

var linked = regexp.MustCompile(`/guardian-reply/[A-Za-z0-9_-]{43}\?lang=(?:pl|en)`)

// From the unit's question over the guardian's yes by a letter's link to the paper: a phone is on the page once it was asked for with a purpose, and
// the guardian needs no account for the yes.
func TestFromTheQuestionToThePaper(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o, _ := office(t, w)
		unit := w.Browse(o.Requester)
		w.Status(unit.Get(requests), http.StatusOK)
		if p := w.Status(unit.Get(requests+"/new"), http.StatusOK); p.Find(`select[name="lang"] option`).Length() != 3 || p.Find(`input[name="from"]`).AttrOr("value", "") != day(w, 0) {
			t.Error("the form offers other languages, or another day")
		}
		sent := unit.Post(requests+"/new", form(w, o))
		address := w.Status(sent, http.StatusSeeOther).Header.Get("Location")
		p := w.Status(unit.Get(address), http.StatusOK)
		if text := p.Text("main"); !strings.Contains(text, "Helena A.") || !strings.Contains(text, "Helena B.") || strings.Contains(text, "Adamska") || strings.Contains(text, "600 100 200") {
			t.Fatalf("%s", text)
		}
		proposal := p.Find(`input[name="proposal"]`).First().AttrOr("value", "")
		again := unit.Post(address, url.Values{"act": {"reveal"}, "proposal": {proposal}})
		if again.Status != http.StatusUnprocessableEntity || strings.Contains(again.Text("main"), "600 100 200") || again.Find(".error").Length() == 0 {
			t.Errorf("without a purpose: %d %s", again.Status, again.Text("main"))
		}
		w.Status(unit.Post(address, url.Values{"act": {"reveal"}, "proposal": {proposal}, "look": {"motion"}}), http.StatusSeeOther)
		if p := unit.Get(address); p.Find(`a[href="tel:+48600100200"]`).Length() != 1 {
			t.Errorf("%s", p.Text("main"))
		}
		w.Status(unit.Post(address+"/pack", url.Values{}), http.StatusConflict)

		link := linked.FindString(w.LastLetter().Body)
		guardian := w.Browse(access.Actor{})
		for range 2 {
			if p := w.Status(guardian.Get(link), http.StatusOK); p.Find(`button[value="yes"]`).Length() != 1 {
				t.Fatalf("%s", p.Text("main"))
			}
		}
		if p := guardian.Post(link, url.Values{"answer": {"yes"}, "consent": {"1"}}); p.Status != http.StatusUnprocessableEntity || p.Find(`input[name="consent"][checked]`).Length() != 1 {
			t.Errorf("without the statement: %d", p.Status)
		}
		w.Status(guardian.Post(link, url.Values{"answer": {"maybe"}}), http.StatusBadRequest)
		w.Status(guardian.Post(link, url.Values{"answer": {"yes"}, "consent": {"1"}, "conflict": {"1"}}), http.StatusSeeOther)
		if p := guardian.Get(link); p.Find("button").Length() != 0 || !strings.Contains(p.Text("main"), "zgoda jest zapisana") {
			t.Errorf("after the yes: %s", p.Text("main"))
		}
		w.Status(guardian.Get("/guardian-reply/"+strings.Repeat("x", 43)), http.StatusNotFound)
		pdf := w.Status(unit.Post(address+"/pack", url.Values{}), http.StatusOK)
		if pdf.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.Body, "%PDF-") || pdf.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%v", pdf.Header)
		}
		w.Status(unit.Post(address, url.Values{"act": {"motion"}, "motion": {day(w, 0)}}), http.StatusSeeOther)
		court := w.Browse(o.CourtClerk)
		if p := w.Status(court.Get("/app/guardians/court"), http.StatusOK); !strings.Contains(p.Text("main"), "V Nmo 12/26") || strings.Contains(p.Text("main"), "600 100 200") {
			t.Errorf("the court sees %s", p.Text("main"))
		}
		w.Status(court.Post(strings.Replace(address, "requests", "court", 1)+"/pack", url.Values{}), http.StatusOK)
		if p := w.Status(w.Browse(o.Coordinator).Get(strings.Replace(address, "requests", "desk", 1)), http.StatusOK); strings.Contains(p.Text("main"), "600 100 200") {
			t.Error("the office's page of a request shows the phone")
		}
		w.Status(unit.Get(address+"/withdraw"), http.StatusOK)
		w.Status(unit.Post(address+"/withdraw", url.Values{}), http.StatusSeeOther)
	})
}

// A form with faults comes back with what was typed, and says at which field; nothing is asked.
func TestAFormWithFaults(t *testing.T) {
	w := testrig.New(t)
	o, _ := office(t, w)
	unit := w.Browse(o.Requester)
	f := form(w, o)
	f.Set("reference", "Anna, tel. 600 700 800")
	f.Set("purpose", "")
	p := unit.Post(requests+"/new", f)
	if p.Status != http.StatusUnprocessableEntity || p.Find(`input[name="reference"]`).AttrOr("value", "") != "Anna, tel. 600 700 800" || p.Find(".error").Length() < 2 {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p.Find(`input[name="wishes"][value="woman"][checked]`).Length() != 1 {
		t.Error("what was ticked is lost")
	}
	if list := testrig.Must(w.Requests.Desk(t.Context(), o.Coordinator))(t); len(list) != 0 {
		t.Errorf("%d requests", len(list))
	}
	office := w.Browse(o.Coordinator)
	if p := office.Post("/app/guardians/institutions/"+w.Chelm, url.Values{"kind": {"requester"}, "phone": {"?"}, "signed": {""}, "until": {""}, "edition": {"0"}}); p.Status != http.StatusUnprocessableEntity || p.Find(".error").Length() < 3 {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := office.Post("/app/guardians/offices/"+w.Office, url.Values{"phone": {"?"}, "term-days": {"dużo"}, "edition": {"1"}}); p.Status != http.StatusUnprocessableEntity || p.Find(`input[name="phone"]`).AttrOr("value", "") != "?" ||
		p.Find(`input[name="term-days"][aria-invalid="true"]`).AttrOr("value", "") != "dużo" {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := w.Status(office.Get("/app/guardians/institutions?unit=chełmie"), http.StatusOK); p.Find(`a[href="/app/guardians/institutions/`+w.Chelm+`"]`).Length() != 1 {
		t.Errorf("%s", p.Text("main"))
	}
}

// Who was asked answers on a page of their own too; what they are asked is theirs alone.
func TestAnsweringAfterSigningIn(t *testing.T) {
	w := testrig.New(t)
	o, who := office(t, w)
	unit := w.Browse(o.Requester)
	w.Status(unit.Post(requests+"/new", form(w, o)), http.StatusSeeOther)
	var asked, action string
	for _, a := range who {
		p := w.Status(w.Browse(a).Get("/app/guardian/asked"), http.StatusOK)
		if found := p.Find(`form[action^="/app/guardian/asked/"]`); found.Length() == 1 {
			asked, action = a.PersonID, found.AttrOr("action", "")
		}
	}
	if asked == "" {
		t.Fatal("nobody is asked")
	}
	w.Status(w.Browse(w.Learner).Post(action, url.Values{"answer": {"no"}}), http.StatusNotFound)
	for _, a := range who {
		if a.PersonID != asked {
			continue
		}
		b := w.Browse(a)
		if p := b.Post(action, url.Values{"answer": {"yes"}}); p.Status != http.StatusUnprocessableEntity || p.Find(".error").Length() < 2 {
			t.Errorf("%d %s", p.Status, p.Text("main"))
		}
		w.Status(b.Post(action, url.Values{"answer": {"no"}}), http.StatusSeeOther)
		if p := b.Get("/app/guardian/asked"); p.Find(`form[action^="/app/guardian/asked/"]`).Length() != 0 {
			t.Error("it is asked again")
		}
	}
	w.Clock.Advance(time.Hour)
	w.OK(w.Requests.Drive(t.Context()))
	w.Clock.Advance(time.Hour)
	w.OK(w.Requests.Drive(t.Context()))
	list := testrig.Must(w.Requests.Desk(t.Context(), o.Coordinator))(t)
	if len(list) != 1 || list[0].State != request.AtOffice {
		t.Fatalf("%+v", list)
	}
	if p := unit.Get(requests + "/" + list[0].ID); !strings.Contains(p.Text("main"), "22 555 11 22") {
		t.Errorf("%s", p.Text("main"))
	}
}

// The name and the phone of a guardian stand in no answer to anybody but those who may know: each page of the area is asked for by everybody.
func TestNobodyElseMeetsAGuardian(t *testing.T) {
	w := testrig.New(t)
	o, who := office(t, w)
	unit := w.Browse(o.Requester)
	address := w.Status(unit.Post(requests+"/new", form(w, o)), http.StatusSeeOther).Header.Get("Location")
	everybody := w.Everybody()
	for name, actor := range map[string]access.Actor{"elsewhere": o.Elsewhere, "assessor": o.First, "police": o.PoliceRequester, "court": o.CourtClerk, "complaints": o.Complaints, "guardian": who[0]} {
		everybody[name] = actor
	}
	for name, actor := range everybody {
		b := w.Browse(actor)
		for _, path := range []string{requests, requests + "/new", address, address + "/withdraw", strings.Replace(address, "requests", "desk", 1), "/app/guardians/desk", "/app/guardians/institutions",
			"/app/guardians/institutions/" + w.Guard, "/app/guardians/offices/" + w.Office, "/app/guardians/court", "/app/guardian/asked", "/app/audit", "/app/people"} {
			p := b.Get(path)
			for _, canary := range []string{"600 100 200", "Bielska"} {
				// Who may see persons sees their names, and neither that they are guardians nor the phone of the register.
				if strings.Contains(p.Body, canary) && (canary != "Bielska" || path != "/app/people" && path != "/app/audit") {
					t.Errorf("%s reads %q at %s", name, canary, path)
				}
			}
		}
		for _, post := range []string{address, address + "/pack", strings.Replace(address, "requests", "court", 1) + "/pack", "/app/guardians/desk/release"} {
			if p := b.Post(post, url.Values{"act": {"reveal"}, "look": {"urgent"}}); p.Status < 300 || strings.Contains(p.Body, "600 100 200") {
				t.Errorf("%s posts to %s: %d", name, post, p.Status)
			}
		}
	}
}

// Each failure of the database is told, and none leaves anything out of a page.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	o, _ := office(t, w)
	unit, desk, court := w.Browse(o.Requester), w.Browse(o.Coordinator), w.Browse(o.CourtClerk)
	unit.FragileForm(t, requests+"/new", form(w, o))
	list := testrig.Must(w.Requests.Desk(t.Context(), o.Coordinator))(t)
	if len(list) != 1 {
		t.Fatalf("%d requests", len(list))
	}
	address := requests + "/" + list[0].ID
	unit.Fragile(t, []string{requests, requests + "/new", address, address + "/withdraw"})
	unit.FragileFault(t, requests+"/new", url.Values{})
	proposal := unit.Get(address).Find(`input[name="proposal"]`).First().AttrOr("value", "")
	unit.FragileFault(t, address, url.Values{"act": {"reveal"}, "proposal": {proposal}})
	unit.FragileForm(t, address, url.Values{"act": {"reveal"}, "proposal": {proposal}, "look": {"motion"}})
	link := linked.FindString(w.LastLetter().Body)
	guest := w.Browse(access.Actor{})
	guest.Fragile(t, []string{link})
	guest.FragileForm(t, link, url.Values{"answer": {"yes"}, "consent": {"1"}, "conflict": {"1"}})
	unit.FragileForm(t, address, url.Values{"act": {"motion"}, "motion": {day(w, 0)}})
	desk.Fragile(t, []string{"/app/guardians/desk", "/app/guardians/desk/" + list[0].ID, "/app/guardians/institutions", "/app/guardians/institutions/" + w.Guard, "/app/guardians/offices/" + w.Office})
	desk.FragileForm(t, "/app/guardians/desk/release", url.Values{"person": {o.Requester.PersonID}, "more": {"3"}, "reason": {"Wiele spraw naraz"}})
	court.Fragile(t, []string{"/app/guardians/court"})
	unit.FragileForm(t, address+"/withdraw", url.Values{})
	w.Unreadable(requests, "/app/guardians/desk", "/app/guardians/institutions", "/app/guardians/offices", "/guardian-reply")
}
