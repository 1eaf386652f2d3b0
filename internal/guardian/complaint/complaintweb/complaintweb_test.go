package complaintweb_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

const (
	public  = "/guardian-complaint"
	desk    = "/app/guardians/complaints"
	notices = "/app/guardians/notices"
	canary  = "Zielonokwiat"
)

// Somebody without an account writes, in a language that the program has not too; no cookie is set, and what was typed is kept.
func TestAnybodyCanComplain(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		o.Guardian("Helena", "Kuratorska")
		b := w.Browse(access.Actor{})
		for tag, said := range map[string]string{"pl": "Nie przeczyta tego osoba, na którą się skarżysz", "en": "will not read it", "uk": "цього не прочитають"} {
			p := w.Status(b.Get(public+"?lang="+tag), http.StatusOK)
			if !strings.Contains(p.Text("main"), said) || p.Find(`main [lang="`+tag+`"] form`).Length() != 1 || p.Header.Get("Set-Cookie") != "" || p.Find(`a[href="tel:112"]`).Length() != 1 {
				t.Errorf("%s: %s", tag, p.Text("main"))
			}
		}
		path := public + "?lang=uk"
		p := w.Status(b.Post(path, url.Values{"text": {" "}, "about": {canary}}), http.StatusUnprocessableEntity)
		if p.Find(`#f-text[aria-invalid]`).Length() != 1 || p.Find(`#f-about[value="`+canary+`"]`).Length() != 1 || !strings.Contains(p.Text("main"), "Напиши, що сталося.") {
			t.Error(p.Text("main"))
		}
		p = w.Status(b.Post(path, url.Values{"text": {canary}, "about": {"Helena"}}), http.StatusSeeOther)
		if p.Header.Get("Set-Cookie") != "" || strings.Contains(p.Header.Get("Location"), canary) {
			t.Errorf("%v", p.Header)
		}
		if p := w.Status(b.Get(p.Header.Get("Location")), http.StatusOK); !strings.Contains(p.Text("main"), "Скаргу надіслано") || p.Find("main form").Length() != 0 {
			t.Error(p.Text("main"))
		}
	})
}

// One person reads it; everybody else, coordinators and administrators among them, finds neither the text nor that there is one.
func TestWhoFindsIt(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	who, _ := o.Guardian("Helena", "Kuratorska")
	w.Status(w.Browse(access.Actor{}).Post(public, url.Values{"text": {canary + " pisze"}, "contact": {canary}}), http.StatusSeeOther)
	officer, office := w.Browse(o.Complaints), w.Browse(o.Coordinator)
	p := w.Status(officer.Get(desk), http.StatusOK)
	address := p.Find(`main a[href^="`+desk+`/"]`).AttrOr("href", "")
	if address == "" || strings.Contains(p.Body, canary) || !strings.Contains(p.Text("main"), "1 skarga czeka") {
		t.Fatal(p.Text("main"))
	}
	if p := w.Status(officer.Get(address), http.StatusOK); !strings.Contains(p.Text("main"), canary+" pisze") || strings.Contains(p.Text("title"), canary) {
		t.Error(p.Text("main"))
	}
	all := w.Everybody()
	all["coordinator of guardians"], all["assessor"], all["requester"], all["court"], all["the guardian"] = o.Coordinator, o.First, o.Requester, o.CourtClerk, who
	for name, actor := range all {
		b := w.Browse(actor)
		want, send := http.StatusForbidden, http.StatusForbidden
		if actor.PersonID == "" {
			want, send = http.StatusSeeOther, http.StatusUnauthorized
		}
		for _, path := range []string{desk, address} {
			if p := b.Get(path); p.Status != want || strings.Contains(p.Body, canary) {
				t.Errorf("%s, %s: %d", name, path, p.Status)
			}
		}
		if p := b.Post(address, url.Values{"kind": {"talk"}}); p.Status != send {
			t.Errorf("%s decides: %d", name, p.Status)
		}
		for _, path := range []string{"/app/audit", "/app/account/kept", "/app/guardians/appointments", notices, "/app/"} {
			if p := b.Get(path); strings.Contains(p.Body, canary) {
				t.Errorf("%s reads it at %s", name, path)
			}
		}
	}
	if said := w.Status(office.Get(notices), http.StatusOK).Text("main"); strings.Contains(said, "Kuratorska") {
		t.Error(said)
	}
	fault := w.Status(officer.Post(address, url.Values{"kind": {"pause"}, "name": {"Nikt"}}), http.StatusUnprocessableEntity)
	if fault.Find(`#f-name[value="Nikt"][aria-invalid]`).Length() != 1 || !strings.Contains(fault.Text("main"), canary) {
		t.Error(fault.Text("main"))
	}
	w.Status(officer.Post(address, url.Values{"kind": {"pause"}, "name": {"Helena Kuratorska"}}), http.StatusSeeOther)
	if p := w.Status(officer.Get(address), http.StatusOK); strings.Contains(p.Body, canary) || !strings.Contains(p.Text("main"), "Treść skasowano") || p.Find("main form").Length() != 0 {
		t.Error(p.Text("main"))
	}
	if said := officer.Get(desk).Text("main"); !strings.Contains(said, "Wstrzymanie wpisu") {
		t.Error(said)
	}
	p = w.Status(office.Get(notices), http.StatusOK)
	action := p.Find("main form").AttrOr("action", "")
	if !strings.Contains(p.Text("main"), "Helena Kuratorska") || action == "" || strings.Contains(p.Body, canary) {
		t.Fatal(p.Text("main"))
	}
	w.Status(w.Browse(o.Elsewhere).Post(action, nil), http.StatusNotFound)
	w.Status(office.Post(action, nil), http.StatusSeeOther)
	if p := office.Get(notices); p.Find("main form").Length() != 0 || !strings.Contains(p.Text("main"), "Wstrzymano") {
		t.Error(p.Text("main"))
	}
}

// Whoever sends without end is slowed, and looking is not.
func TestSendingIsSlowed(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(access.Actor{})
	send := func() int { return b.Post(public, url.Values{"text": {"x"}}).Status }
	n := 0
	for send() == http.StatusSeeOther {
		if n++; n > 100 {
			t.Fatal("nobody is slowed")
		}
	}
	if p := b.Post(public, url.Values{"text": {"x"}}); p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" {
		t.Errorf("%d", p.Status)
	}
	w.Status(b.Get(public), http.StatusOK)
	w.Clock.Advance(time.Minute)
	if got := send(); got != http.StatusSeeOther {
		t.Errorf("a minute later: %d", got)
	}
}

// Each failure of the database is told.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	o.Guardian("Helena", "Kuratorska")
	nobody, officer := w.Browse(access.Actor{}), w.Browse(o.Complaints)
	nobody.Fragile(t, []string{public})
	w.OK(func() error { nobody.Post(public, url.Values{"text": {"x"}}); return nil }())
	a := testrig.Must(w.Complaints.All(t.Context(), o.Complaints))(t)[0]
	officer.Fragile(t, []string{desk, desk + "/" + a.ID})
	officer.FragileFault(t, desk+"/"+a.ID, url.Values{})
	officer.FragileForm(t, desk+"/"+a.ID, url.Values{"kind": {"pause"}, "name": {"Helena Kuratorska"}})
	n := testrig.Must(w.Complaints.Notices(t.Context(), o.Coordinator))(t)[0]
	office := w.Browse(o.Coordinator)
	office.Fragile(t, []string{notices})
	office.FragileForm(t, notices+"/"+n.ID, nil)
	r := httptest.NewRequest(http.MethodPost, public, strings.NewReader("a=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w.Status(nobody.Do(r), http.StatusBadRequest)
}
