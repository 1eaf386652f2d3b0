package confirmationweb_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/site"
	"ostoja/internal/site/directory"
	"ostoja/internal/testrig"
)

const (
	serviceID = "biuro"
	desk      = "/app/site/services/biuro/confirmation"
)

func world(t *testing.T, w *testrig.World) {
	t.Helper()
	ctx, now := t.Context(), w.Clock.Now()
	testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
	x := &directory.Service{
		ID: serviceID, Name: map[string]string{"pl": "Biuro próbne"}, Summary: map[string]string{"pl": "Porady"}, Languages: []string{"pl", "uk"}, Phones: []directory.Phone{{Number: "+48 22 628 01 20"}},
		Hours: testrig.Must(directory.ParseHours("Mo-Fr 08:00-16:00"))(t), Mail: "biuro@example.org", Source: "test", Checked: now.Format(time.DateOnly), By: "test", ValidUntil: now.AddDate(0, 0, 40).Format(time.DateOnly),
	}
	w.OK(w.Site.ProposeService(ctx, w.GuardEditor, x, true, w.Guard, site.NewBase))
	e := testrig.Must(w.Site.Entry(ctx, w.SecondGuardEditor, site.OfService, x.ID))(t)
	w.OK(w.Site.AcceptProposal(ctx, w.SecondGuardEditor, e.Proposal.ID))
}

var linked = regexp.MustCompile(`/confirm/[A-Za-z0-9_-]{43}\?lang=(?:pl|en)`)

func address(t *testing.T, w *testrig.World) string {
	t.Helper()
	found := linked.FindString(w.LastLetter().Body)
	if found == "" {
		t.Fatal(w.LastLetter().Body)
	}
	return found
}

// An editor asks, a scanner looks, the service answers: looking, by GET or HEAD, uses nothing up, and nobody gets a cookie.
func TestFromTheEditorToTheServiceAndBack(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		world(t, w)
		editor, service := w.Browse(w.GuardEditor), w.Browse(access.Actor{})
		if p := editor.Get("/app/site/services/biuro"); p.Find(`a[href="`+desk+`"]`).Length() != 1 {
			t.Error("the entry's page leads nowhere")
		}
		p := w.Status(editor.Get(desk), http.StatusOK)
		if got := p.Find(`input[name="address"]`).AttrOr("value", ""); got != "biuro@example.org" {
			t.Errorf("the address is %q", got)
		}
		w.Status(editor.Post(desk, url.Values{"act": {"ask"}, "address": {"kto@example.org"}, "lang": {"en"}}), http.StatusSeeOther)
		if to := w.LastLetter().To; to != "kto@example.org" {
			t.Errorf("the letter goes to %s", to)
		}
		if said := editor.Get(desk).Text("main"); !strings.Contains(said, "kto@example.org") || !strings.Contains(said, "czeka na odpowiedź") {
			t.Error(said)
		}
		path := address(t, w)
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
			p := service.Do(httptest.NewRequest(method, path, nil))
			if p.Status != http.StatusOK || p.Header.Get("Set-Cookie") != "" || p.Header.Get("Cache-Control") != "no-store" || p.Header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("%s: %d, %v", method, p.Status, p.Header)
			}
		}
		bare, _, _ := strings.Cut(path, "?")
		p = service.Get(bare)
		if p.Find("html[lang=en]").Length() != 1 || !strings.Contains(p.Text("main"), "+48 22 628 01 20") || !strings.Contains(p.Text("main"), "08:00–16:00") {
			t.Errorf("in the letter's language: %s", p.Text("main"))
		}
		if p.Find("form").Length() != 2 {
			t.Errorf("%d forms", p.Find("form").Length())
		}
		fault := w.Status(service.Post(path, url.Values{"answer": {"changed"}, "else": {"PESEL 44051401359"}, "hours": {"8-15"}}), http.StatusUnprocessableEntity)
		if fault.Find("#f-else[aria-invalid]").Length() != 1 || !strings.Contains(fault.Text("#f-hours"), "8-15") || fault.Find("details[open]").Length() != 1 {
			t.Errorf("what was typed is lost: %s", fault.Text("main"))
		}
		seen := p.Find(`input[name="seen"]`).AttrOr("value", "")
		for range 2 { // pressed twice
			p := service.Post(path, url.Values{"answer": {"right"}, "seen": {seen}})
			if p.Header.Get("Location") != path || p.Header.Get("Set-Cookie") != "" {
				t.Fatalf("%d, %s", p.Status, p.Text("main"))
			}
		}
		if said := w.Status(service.Get(path), http.StatusOK).Text("main"); !strings.Contains(said, "Thank you, the entry is confirmed") {
			t.Error(said)
		}
		if said := editor.Get(desk).Text("main"); !strings.Contains(said, "wszystko się zgadza") || strings.Contains(said, "kto@example.org") {
			t.Error(said)
		}

		w.Status(editor.Post(desk, url.Values{"act": {"ask"}, "address": {"biuro@example.org"}, "lang": {"pl"}}), http.StatusSeeOther)
		path = address(t, w)
		w.Status(service.Post(path, url.Values{"answer": {"changed"}, "hours": {"8–15"}}), http.StatusSeeOther)
		said := editor.Get(desk)
		if !strings.Contains(said.Text("main"), "8–15") || !strings.Contains(said.Text("main"), "Oznacz jako załatwione") {
			t.Error(said.Text("main"))
		}
		w.Status(editor.Post(desk, url.Values{"act": {"handled"}, "request": {said.Find(`input[name="request"]`).AttrOr("value", "")}}), http.StatusSeeOther)
		for _, act := range []string{"automatic", "manual"} {
			w.Status(editor.Post(desk, url.Values{"act": {act}}), http.StatusSeeOther)
		}
	})
}

// Links that cannot be answered say why, in Polish and in English, and name nothing of the entry.
func TestLinksThatHaveEnded(t *testing.T) {
	w := testrig.New(t)
	world(t, w)
	service := w.Browse(access.Actor{})
	asked := func() string {
		t.Helper()
		w.OK(w.Confirmation.Ask(t.Context(), w.GuardEditor, serviceID, "biuro@example.org", "pl"))
		path, _, _ := strings.Cut(address(t, w), "?")
		return path
	}
	says := func(path string, status int, polish, english string) {
		t.Helper()
		for tag, want := range map[string]string{"pl": polish, "en": english} {
			p := w.Status(service.Get(path+"?lang="+tag), status)
			if said := p.Text("main"); !strings.Contains(said, want) || strings.Contains(said, "Biuro") || p.Find("main form").Length() != 0 {
				t.Errorf("%s: %s", path, said)
			}
		}
	}
	renewed, withdrawn := asked(), asked()
	says(renewed, http.StatusGone, "Ten link zastąpił nowszy", "A newer link")
	w.OK(w.Confirmation.Withdraw(t.Context(), w.GuardEditor, serviceID))
	says(withdrawn, http.StatusGone, "Redakcja wycofała", "have taken this request back")
	expired := asked()
	w.Clock.Advance(31 * 24 * time.Hour)
	says(expired, http.StatusGone, "już nie działa", "works no more")
	says("/confirm/"+strings.Repeat("x", 43), http.StatusNotFound, "Nie znamy tego linku", "We do not know this link")
	w.Status(service.Post(expired+"?lang=pl", url.Values{"answer": {"right"}, "seen": {"1"}}), http.StatusSeeOther)
	for _, form := range []url.Values{{}, {"answer": {"right"}, "seen": {"x"}}} {
		if p := service.Post(expired, form); p.Status < 400 {
			t.Errorf("%v is taken: %d", form, p.Status)
		}
	}
}

// Who asks too fast is told to wait: no flood reaches the database.
func TestAFloodIsSlowed(t *testing.T) {
	w := testrig.New(t)
	service := w.Browse(access.Actor{})
	for range 60 {
		w.Status(service.Get("/confirm/x?lang=en"), http.StatusNotFound)
	}
	if p := service.Get("/confirm/x?lang=en"); p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" {
		t.Errorf("%d", p.Status)
	}
	w.Status(service.Post("/confirm/x", url.Values{"answer": {"right"}}), http.StatusTooManyRequests)
	w.Clock.Advance(time.Second)
	w.Status(service.Get("/confirm/x?lang=en"), http.StatusNotFound)
}

// Editors of other units find nothing, and who may only read can send nothing.
func TestWhoIsRefused(t *testing.T) {
	w := testrig.New(t)
	world(t, w)
	ask := url.Values{"act": {"ask"}, "address": {"biuro@example.org"}, "lang": {"pl"}}
	for _, c := range []struct {
		actor      access.Actor
		read, send int
	}{
		{access.Actor{}, http.StatusSeeOther, http.StatusUnauthorized}, {w.Learner, http.StatusForbidden, http.StatusForbidden}, {w.PoliceEditor, http.StatusNotFound, http.StatusNotFound},
		{w.Reviewer, http.StatusOK, http.StatusForbidden},
	} {
		b := w.Browse(c.actor)
		w.Status(b.Get(desk), c.read)
		w.Status(b.Post(desk, ask), c.send)
	}
	if p := w.Browse(w.Reviewer).Get(desk); p.Find("main form").Length() != 0 {
		t.Error("a reader is offered forms")
	}
	w.Status(w.Browse(w.GuardEditor).Post(desk, url.Values{"act": {"ask"}, "address": {"nowhere"}, "lang": {"xx"}}), http.StatusUnprocessableEntity)
	w.Status(w.Browse(w.GuardEditor).Post(desk, url.Values{"act": {"nothing"}}), http.StatusBadRequest)
}

// Each failure of the database is told.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	world(t, w)
	w.OK(w.Confirmation.Ask(t.Context(), w.GuardEditor, serviceID, "biuro@example.org", "pl"))
	path := address(t, w)
	w.Browse(access.Actor{}).Fragile(t, []string{path})
	editor := w.Browse(w.GuardEditor)
	editor.Fragile(t, []string{desk})
	editor.FragileForm(t, desk, url.Values{"act": {"withdraw"}})
	w.Unreadable("/confirm/", "/app/site/services/{service}/confirmation")
}
