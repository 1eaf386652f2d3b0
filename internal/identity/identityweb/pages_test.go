package identityweb_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/identity/credential"
	"ostoja/internal/identity/identityweb"
	"ostoja/internal/identity/people"
	"ostoja/internal/identity/roster"
	"ostoja/internal/job"
	"ostoja/internal/mail"
	"ostoja/internal/web"
	"ostoja/internal/web/webtest"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const goodPassword = "zielony parasol w deszczu"

// world is the pages with their real sessions and cookies, over a small programme.
type world struct {
	t                            *testing.T
	clock                        *clock.Fake
	service                      *identity.Service
	queue                        *job.Queue
	site                         *web.Site
	finder                       *people.Finder
	handler                      http.Handler
	log                          bytes.Buffer
	letters                      []mail.Message
	office, guard, post, another string
	learner, elsewhere           string // persons
}

// Send keeps the letters, which leave at once.
func (w *world) Send(ctx context.Context, tx *db.Tx, m mail.Message) error {
	if m.Token.Kind != "" {
		token, err := w.service.MakeToken(ctx, tx, m.Token.Ref)
		if err != nil {
			return err
		}
		m.Body = strings.ReplaceAll(m.Body, mail.TokenMark, token)
	}
	w.letters = append(w.letters, m)
	return nil
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewFake(start)}
	w.site = webtest.NewSite(t, w.clock)
	w.service = identity.New(identity.Deps{
		DB: d, Clock: w.clock, Key: w.site.Key, Outbox: w, Catalogue: w.site.Catalogue, BaseURL: w.site.BaseURL,
		Hasher: credential.NewHasherWith(64, 1, 1, 2), LinkFloor: time.Microsecond,
	})
	w.site.Log = slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.site.Sessions = identityweb.Sessions(w.service)
	w.queue = job.New(d, w.clock, w.site.Log)
	section := func(r *http.Request, personID string) (templ.Component, web.Handler, error) {
		if r.URL.Query().Get("history.as") == "csv" {
			return nil, func(w http.ResponseWriter, _ *http.Request) error { w.Header().Set("X-File", "history"); return nil }, nil
		}
		return templ.Raw(`<p class="history">` + personID + `</p>`), nil, nil
	}
	none := func(*http.Request, string) (templ.Component, web.Handler, error) { return nil, nil, nil }
	w.finder = people.NewFinder(d, w.clock)
	pages := identityweb.New(identityweb.Deps{Site: w.site, Service: w.service, People: w.finder, Roster: roster.New(d, w.clock, w.site.Catalogue, w.service, w.queue), Audit: audit.NewService(d), Sections: []identityweb.Section{section, none}})
	w.site.SignInPage = pages.SignInPage
	m := web.NewMux(w.site)
	pages.Routes(m)
	handler, err := m.Handler()
	w.no(err)
	w.handler = handler
	return w
}

// people fills the programme.
func (w *world) people() *world {
	w.t.Helper()
	ctx := w.t.Context()
	unit := func(parent string, kind identity.UnitKind, name string) string {
		unitID, err := w.service.CreateUnit(ctx, access.System, identity.UnitDraft{ParentID: parent, Kind: kind, Name: name})
		w.no(err)
		return unitID
	}
	w.office, w.guard = unit("", identity.Office, "Biuro"), unit("", identity.Guard, "Straż Graniczna")
	w.post, w.another = unit(w.guard, identity.Post, "Terespol"), unit(w.guard, identity.Post, "Medyka")
	add := func(name, unitID string, roles ...identity.RoleDraft) string {
		personID, err := w.service.Add(ctx, access.System, identity.Draft{GivenName: "Osoba", FamilyName: name, Mail: strings.ToLower(name) + "@example.org", UnitID: unitID, Lang: "pl"}, true)
		w.no(err)
		for _, r := range roles {
			w.no(w.service.Grant(ctx, access.System, personID, r))
		}
		_, err = w.service.UseLink(ctx, w.token(), goodPassword, identity.Client{})
		w.no(err)
		return personID
	}
	add("Admin", w.office, identity.RoleDraft{Role: access.Administrator})
	add("Coordinator", w.post, identity.RoleDraft{Role: access.Coordinator, UnitID: w.post})
	add("Trainer", w.post, identity.RoleDraft{Role: access.Trainer, UnitID: w.post})
	w.learner, w.elsewhere = add("Learner", w.post), add("Elsewhere", w.another)
	return w
}

func (w *world) no(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// token returns the token of the last letter's link.
func (w *world) token() string {
	w.t.Helper()
	m := regexp.MustCompile(`/app/link/([\w-]+)`).FindStringSubmatch(w.letters[len(w.letters)-1].Body)
	if m == nil {
		w.t.Fatal("no link in the last letter")
	}
	return m[1]
}

// browser keeps cookies.
type browser struct {
	w       *world
	cookies map[string]string
}

func (w *world) browser() *browser { return &browser{w, map[string]string{}} }

type page struct {
	*goquery.Document
	status int
	header http.Header
	body   string
}

func (p page) text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}

func (b *browser) do(r *http.Request) page {
	b.w.t.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	r.Header.Set("Accept-Language", "pl")
	r.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
	rec := httptest.NewRecorder()
	b.w.handler.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if c.Path != "/app/" || !c.HttpOnly || !c.Secure {
			b.w.t.Errorf("a cookie for more than the application: %v", c)
		}
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	body, err := io.ReadAll(rec.Result().Body)
	b.w.no(err)
	p := page{status: rec.Code, header: rec.Header(), body: string(body)}
	p.Document, err = goquery.NewDocumentFromReader(strings.NewReader(p.body))
	b.w.no(err)
	if i := strings.Index(p.body, "⟦"); i >= 0 {
		b.w.t.Errorf("%s: a text is missing: %s", r.URL.Path, p.body[i:min(len(p.body), i+60)])
	}
	seen := map[string]bool{}
	p.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		if elementID, _ := s.Attr("id"); seen[elementID] && p.Find(".errors").Length() == 0 {
			b.w.t.Errorf("%s: the id %s is there twice", r.URL.Path, elementID)
		} else {
			seen[elementID] = true
		}
	})
	if p.status == http.StatusInternalServerError {
		b.w.t.Errorf("%s failed: %s", r.URL.Path, b.w.log.String())
	}
	return p
}

func (b *browser) get(path string) page {
	b.w.t.Helper()
	return b.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) post(path string, pairs ...string) page {
	b.w.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) upload(path string, content []byte, pairs ...string) page {
	b.w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	f, err := m.CreateFormFile("file", "lista.csv")
	b.w.no(err)
	_, err = f.Write(content)
	b.w.no(err)
	for i := 0; i < len(pairs); i += 2 {
		b.w.no(m.WriteField(pairs[i], pairs[i+1]))
	}
	b.w.no(m.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(r)
}

// as returns a browser in which somebody has signed in.
func (w *world) as(name string) *browser {
	w.t.Helper()
	b := w.browser()
	if name == "" {
		return b
	}
	if p := b.post("/app/sign-in", "name", name+"@example.org", "password", goodPassword); p.status != http.StatusSeeOther {
		w.t.Fatalf("%s cannot sign in: %d %s", name, p.status, p.text(".errors"))
	}
	return b
}

func (w *world) at(p page, status int, location string) {
	w.t.Helper()
	if got := p.header.Get("Location"); p.status != status || (location != "" && got != location) {
		w.t.Errorf("%d %s (%s), want %d %s", p.status, got, p.text("h1")+" "+p.text(".errors"), status, location)
	}
}

func TestWhoIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	browsers := map[string]*browser{}
	for _, name := range []string{"", "learner", "trainer", "coordinator", "admin"} {
		browsers[name] = w.as(name)
	}
	person, other, unit, unknown := "/app/people/"+w.learner, "/app/people/"+w.elsewhere, "/app/organisations/"+w.post, "/app/people/"+id.New()
	for _, c := range []struct {
		route  string
		status map[string]int // by name; "" is nobody
	}{
		{"GET /app/sign-in", map[string]int{"": 200, "learner": 303}},
		{"GET /app/account", map[string]int{"": 303, "learner": 200}},
		{"POST /app/account", map[string]int{"": 401}},
		{"POST /app/account/password", map[string]int{"": 401}},
		{"POST /app/account/session/end", map[string]int{"": 401, "learner": 404}},
		{"GET /app/", map[string]int{"": 303, "learner": 303}},
		{"GET /app/people", map[string]int{"": 303, "learner": 403, "trainer": 200, "coordinator": 200}},
		{"GET /app/people?as=csv", map[string]int{"": 303, "learner": 403, "trainer": 200}},
		{"GET /app/people?as=xlsx", map[string]int{"": 303, "learner": 403, "trainer": 200}},
		{"GET /app/people/export.csv", map[string]int{"": 303, "learner": 403, "trainer": 301}},
		{"GET /app/people/export.xlsx", map[string]int{"": 303, "learner": 403, "trainer": 301}},
		{"GET /app/people/new", map[string]int{"": 303, "learner": 403, "trainer": 403, "coordinator": 200}},
		{"POST /app/people/new", map[string]int{"": 401, "learner": 403, "trainer": 403, "coordinator": 422}},
		{"GET /app/people/import", map[string]int{"": 303, "trainer": 403, "coordinator": 200}},
		{"POST /app/people/import", map[string]int{"": 401, "trainer": 403, "coordinator": 400}},
		{"POST /app/people/import/reading", map[string]int{"": 401, "trainer": 403, "coordinator": 410}},
		{"POST /app/people/import/confirm", map[string]int{"": 401, "trainer": 403, "coordinator": 410}},
		{"GET /app/people/import/example.csv", map[string]int{"": 303, "trainer": 403, "coordinator": 200}},
		{"GET /app/people/import/example.xlsx", map[string]int{"": 303, "trainer": 403, "coordinator": 200}},
		{"GET " + person, map[string]int{"": 303, "learner": 403, "trainer": 200, "coordinator": 200}},
		{"GET " + other, map[string]int{"trainer": 404, "coordinator": 404, "admin": 200}},
		{"GET " + unknown, map[string]int{"admin": 404}},
		{"GET /app/people/nonsense", map[string]int{"admin": 404}},
		{"GET " + person + "/edit", map[string]int{"": 303, "trainer": 403, "coordinator": 200}},
		{"GET " + other + "/edit", map[string]int{"coordinator": 404}},
		{"POST " + person + "/edit", map[string]int{"": 401, "trainer": 403, "coordinator": 422}},
		{"POST " + other + "/invite", map[string]int{"": 401, "trainer": 403, "coordinator": 404}},
		{"POST " + other + "/block", map[string]int{"": 401, "trainer": 403, "coordinator": 404}},
		{"POST " + other + "/unblock", map[string]int{"": 401, "trainer": 403, "coordinator": 404}},
		{"POST " + person + "/roles", map[string]int{"": 401, "coordinator": 403, "admin": 422}},
		{"POST " + person + "/roles/take", map[string]int{"": 401, "coordinator": 403, "admin": 404}},
		{"GET /app/organisations", map[string]int{"": 303, "learner": 403, "trainer": 200}},
		{"POST /app/organisations", map[string]int{"": 401, "trainer": 403, "coordinator": 422, "admin": 422}},
		{"GET " + unit, map[string]int{"": 303, "learner": 403, "trainer": 200}},
		{"GET /app/organisations/" + w.another, map[string]int{"trainer": 404, "coordinator": 404}},
		{"POST " + unit, map[string]int{"": 401, "trainer": 403, "coordinator": 422}},
		{"POST " + unit + "/units", map[string]int{"": 401, "trainer": 403, "coordinator": 422}},
		{"POST /app/organisations/" + w.another + "/delete", map[string]int{"": 401, "trainer": 403, "coordinator": 404, "admin": 422}},
		{"GET /app/audit", map[string]int{"": 303, "learner": 403, "coordinator": 403, "admin": 200}},
	} {
		method, path, _ := strings.Cut(c.route, " ")
		for name, status := range c.status {
			var p page
			if method == http.MethodGet {
				p = browsers[name].get(path)
			} else {
				p = browsers[name].post(path)
			}
			if p.status != status {
				t.Errorf("%s as %q: %d, want %d: %s", c.route, name, p.status, status, p.text("h1"))
			}
		}
	}
	for _, name := range []string{"learner", "example.org", "Terespol"} {
		if strings.Contains(w.log.String(), name) {
			t.Errorf("the log speaks of %q", name)
		}
	}
}

func TestSigningInLeadsOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d).people()
		b := w.browser()
		p := b.get("/app/account")
		w.at(p, 303, "/app/sign-in?next=%2Fapp%2Faccount")
		p = b.get(p.header.Get("Location"))
		if next, _ := p.Find("form[action='/app/sign-in'] input[name=next]").Attr("value"); next != "/app/account" || p.text("title") != "Zaloguj się – Ostoja" {
			t.Errorf("the form leads to %q", next)
		}
		p = b.post("/app/sign-in", "name", "learner@example.org", "password", "wrong", "next", "/app/account")
		if name, _ := p.Find("#f-name").Attr("value"); p.status != 422 || name != "learner@example.org" || strings.Contains(p.body, "wrong") || p.Find(".errors li").Length() != 1 {
			t.Errorf("a wrong password: %d, %s", p.status, p.text(".errors"))
		}
		w.at(b.post("/app/sign-in", "name", "learner@example.org", "password", goodPassword, "next", "/app/account"), 303, "/app/account")
		if b.cookies["ostoja_session"] == "" || b.cookies["ostoja_device"] == "" {
			t.Errorf("cookies %v", b.cookies)
		}
		w.at(b.get("/app/"), 303, "/app/courses")
		w.at(w.as("coordinator").get("/app/"), 303, "/app/today")
		out := b.post("/app/sign-out")
		w.at(out, 303, "/app/sign-in")
		if got := out.header.Get("Clear-Site-Data"); got != `"cache"` { // and no more: see the handler
			t.Errorf("signing out clears %q", got)
		}
		w.at(b.get("/app/account"), 303, "")
		for _, evil := range []string{"https://evil.example", "//evil.example", "/app/../..//evil.example", "/\\evil", "javascript:alert(1)"} {
			p := w.browser().post("/app/sign-in", "name", "learner@example.org", "password", goodPassword, "next", evil)
			if to := p.header.Get("Location"); !strings.HasPrefix(to, "/app/") {
				t.Errorf("next=%s leads to %s", evil, to)
			}
		}
	})
}

func TestALinkIsUsedByItsButtonOnly(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	b := w.browser()
	known := b.post("/app/sign-in/link", "link_name", "learner@example.org", "next", "/app/courses")
	unknown := w.browser().post("/app/sign-in/link", "link_name", "nobody@example.org", "next", "/app/courses")
	if known.status != 200 || known.text("main") != unknown.text("main") {
		t.Error("the answer tells who is known")
	}
	path := "/app/link/" + w.token()
	for range 3 {
		if p := w.browser().get(path); p.status != 200 || p.Find("form[method=post] button").Length() < 1 {
			t.Errorf("looking at the link: %d", p.status)
		}
	}
	if p := b.post(path, "password", "short"); p.status != 422 || p.Find("details[open] #f-password").Length() != 1 {
		t.Errorf("a poor password: %d %s", p.status, p.text(".errors"))
	}
	w.at(b.post(path), 303, "/app/courses")
	w.at(b.get("/app/account"), 200, "")
	p := w.browser().post(path)
	if p.status != http.StatusGone || !strings.Contains(p.text("main"), "już nie działa") {
		t.Errorf("used again: %d %s", p.status, p.text("main"))
	}
	if p := w.browser().post("/app/sign-in/link"); p.status != 422 {
		t.Errorf("no name: %d", p.status)
	}
}

// TestAFormSentTooLateIsKept: a session ends while somebody types; what they sent is offered again after signing in.
func TestAFormSentTooLateIsKept(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	b := w.as("coordinator")
	w.clock.Advance(13 * time.Hour)
	p := b.post("/app/people/new", "given_name", "Zofia", "family_name", "Zachowana")
	kept, _ := p.Find("form[action='/app/sign-in'] input[name=kept]").Attr("value")
	if p.status != http.StatusUnauthorized || kept == "" || strings.Contains(p.body, "Zachowana") {
		t.Fatalf("%d, kept %q", p.status, kept)
	}
	wrong := b.post("/app/sign-in", "name", "coordinator@example.org", "password", "wrong", "kept", kept)
	if still, _ := wrong.Find("input[name=kept]").Attr("value"); still != kept {
		t.Error("a wrong password loses what was kept")
	}
	p = b.post("/app/sign-in", "name", "coordinator@example.org", "password", goodPassword, "kept", kept)
	again := p.Find("form[action='/app/people/new']")
	if name, _ := again.Find("input[name=family_name]").Attr("value"); p.status != 200 || name != "Zachowana" {
		t.Errorf("after signing in: %d %s", p.status, p.text("main"))
	}
	// Another person at the same computer is not shown it.
	p = w.browser().post("/app/sign-in", "name", "learner@example.org", "password", goodPassword, "kept", kept)
	if p.status != 303 || strings.Contains(p.body, "Zachowana") {
		t.Errorf("another person: %d", p.status)
	}
	// By a link in another tab: the waiting tab goes on.
	sent := w.browser().post("/app/sign-in/link", "link_name", "coordinator@example.org", "kept", kept)
	if sent.Find("form[action='/app/sign-in'] input[name=kept]").Length() != 1 {
		t.Error("asking for a link loses what was kept")
	}
	if p := b.post("/app/sign-in", "kept", kept); p.status != 200 || p.Find("form[action='/app/people/new']").Length() != 1 {
		t.Errorf("going on: %d", p.status)
	}
}

func TestTheFirstAdministratorSetsUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		link, err := w.service.SetUpLink(t.Context())
		w.no(err)
		path, b := strings.TrimPrefix(link, w.site.BaseURL), w.browser()
		if p := b.get(path); p.status != 200 || p.Find("#f-organisation, #f-given_name, #f-mail, #f-password").Length() != 4 {
			t.Errorf("%d %s", p.status, p.text("main"))
		}
		p := b.post(path, "organisation", "", "kind", "office", "given_name", "Ala", "family_name", "", "mail", "x", "lang", "pl", "password", "short")
		if v, _ := p.Find("#f-given_name").Attr("value"); p.status != 422 || v != "Ala" || p.Find(".errors li").Length() != 4 {
			t.Errorf("%d %q %s", p.status, v, p.text(".errors"))
		}
		w.at(b.post(path, "organisation", "Biuro", "kind", "office", "given_name", "Ala", "family_name", "Pierwsza", "mail", "ala@example.org", "lang", "pl", "password", goodPassword), 303, "/app/organisations")
		if p := b.get("/app/organisations"); !strings.Contains(p.text("table"), "Biuro") {
			t.Error("the organisation is not there")
		}
		w.at(b.get(path), http.StatusGone, "")
	})
}

func TestTheLanguageFollowsThePerson(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	b := w.browser()
	w.at(b.post("/app/language", "lang", "en", "return", "/app/sign-in?next=%2Fapp%2Faccount"), 303, "/app/sign-in?next=%2Fapp%2Faccount")
	if p := b.get("/app/sign-in"); p.text("h1") != "Sign in" {
		t.Errorf("before signing in: %s", p.text("h1"))
	}
	b = w.as("learner")
	w.at(b.post("/app/language", "lang", "en", "return", "https://evil.example"), 303, "/app/")
	delete(b.cookies, "ostoja_lang")
	if p := b.get("/app/account"); p.text("h1") != "My account" || !strings.Contains(p.text("table"), "Firefox, Windows") {
		t.Errorf("the account: %s", p.text("h1"))
	}
	w.at(b.post("/app/language", "lang", "xx"), 400, "")
}

func TestOnesOwnPasswordAndSessions(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	b, other := w.as("learner"), w.as("learner")
	p := b.post("/app/account/password", "old", "wrong", "password", "żółta łódka na stawie")
	if p.status != 422 || p.Find("#f-old-error").Length() != 1 {
		t.Errorf("a wrong old password: %d %s", p.status, p.text(".errors"))
	}
	w.at(b.post("/app/account/password", "old", goodPassword, "password", "żółta łódka na stawie"), 303, "/app/account")
	w.at(other.get("/app/account"), 303, "")
	if p := b.get("/app/account"); p.Find("section[aria-labelledby=account-sessions] tbody tr").Length() != 1 || p.Find("[role=status]").Length() != 1 {
		t.Errorf("sessions: %s", p.text("table"))
	}
	w.at(b.post("/app/account/session/end", "session", "others"), 303, "/app/account")
	w.at(b.post("/app/account", "lang", "en"), 303, "/app/account")
}

func TestPeopleAreAddedFoundAndTakenAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d).people()
		b := w.as("coordinator")
		p := b.post("/app/people/new", "given_name", "Źdźbło", "family_name", "", "mail", "zdzblo@", "unit", w.post, "lang", "pl")
		if v, _ := p.Find("#f-mail").Attr("value"); p.status != 422 || v != "zdzblo@" || p.Find("a[href='#f-mail']").Length() != 1 || p.Find("#f-family_name-error").Length() != 1 {
			t.Errorf("a faulty form: %d %s", p.status, p.text(".errors"))
		}
		p = b.post("/app/people/new", "given_name", "Żaneta", "family_name", "Źdźbło", "mail", "zdzblo@example.org", "unit", w.post, "lang", "pl", "invite", "1")
		if p.status != 303 || w.letters[len(w.letters)-1].To != "zdzblo@example.org" {
			t.Fatalf("adding: %d %s", p.status, p.text(".errors"))
		}
		person := p.header.Get("Location")
		p = b.get(person)
		if p.text("h1") != "Żaneta Źdźbło" || strings.Contains(p.text("title"), "Żaneta") || p.text(".history") != strings.TrimPrefix(person, "/app/people/") || !strings.Contains(p.text("[role=status]"), "w drodze") {
			t.Errorf("the person's page: %s", p.text("main"))
		}
		if p := b.get("/app/people?q=zdzblo"); p.Find("tbody tr").Length() != 1 || !strings.Contains(p.text("tbody"), "Źdźbło Żaneta") {
			t.Errorf("found: %s", p.text("main"))
		}
		if p := b.get("/app/people?q=nikt-taki"); p.Find(".list-none a[href='/app/people']").Length() != 1 {
			t.Error("no empty state")
		}
		if p := b.get("/app/people?unit=" + w.another); strings.Contains(p.body, "Elsewhere") {
			t.Error("another unit's people are shown")
		}
		w.at(b.get("/app/people/export.csv?q=zdzblo"), 301, "/app/people?as=csv&q=zdzblo") // where it was
		csvFile := b.get("/app/people?as=csv&q=zdzblo")
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(csvFile.body, "\ufeff")))
		r.Comma = ';'
		if lines, err := r.ReadAll(); err != nil || len(lines) != 2 || lines[1][0] != "Źdźbło" {
			t.Errorf("exported %v, %v", lines, err)
		}
		if x := b.get("/app/people?as=xlsx"); !strings.HasPrefix(x.body, "PK") || !strings.Contains(x.header.Get("Content-Disposition"), "people-2026-11-23.xlsx") {
			t.Errorf("%v", x.header)
		}
		w.at(b.post(person+"/edit", "given_name", "Żaneta", "family_name", "Nowa", "mail", "zdzblo@example.org", "unit", w.post, "lang", "en"), 303, person)
		w.at(b.post(person+"/block"), 303, person)
		if p := b.get(person); !strings.Contains(p.text("main"), "zablokowane") || p.Find("form[action$='/unblock']").Length() != 1 {
			t.Error("the page of a blocked person")
		}
		w.at(b.post(person+"/unblock"), 303, person)
		w.at(b.post(person+"/invite"), 303, person)
		// Without mail there is a link to hand over, shown once.
		p = b.post("/app/people/new", "given_name", "Bez", "family_name", "Poczty", "service_number", "SG-9", "unit", w.post, "lang", "pl", "invite", "1")
		p = b.post(p.header.Get("Location") + "/invite")
		if link, _ := p.Find("#f-hand").Attr("value"); p.status != 200 || !strings.HasPrefix(link, "https://szkolenia.example.org/app/link/") {
			t.Errorf("to hand over: %d %q", p.status, link)
		}
	})
}

func TestRolesAreGivenOnThePersonsPage(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	b, person := w.as("admin"), "/app/people/"+w.learner
	p := b.post(person+"/roles", "role", "reviewer", "role_unit", w.guard, "expires", "2020-01-01")
	if p.status != 422 || p.Find("#f-expires-error").Length() != 1 {
		t.Errorf("%d %s", p.status, p.text(".errors"))
	}
	w.at(b.post(person+"/roles", "role", "reviewer", "role_unit", w.guard, "expires", "2026-12-31"), 303, person)
	p = b.get(person)
	if !strings.Contains(p.text("section[aria-labelledby=roles] tbody"), "Wgląd i kontrola Straż Graniczna 23 lis 31 gru") {
		t.Errorf("roles: %s", p.text("section[aria-labelledby=roles] tbody"))
	}
	grant, _ := p.Find("tbody tr:nth-child(2) input[name=grant]").Attr("value")
	w.at(b.post(person+"/roles/take", "grant", grant), 303, person)
	if p := b.get("/app/audit?action=role.grant"); !strings.Contains(p.text("tbody"), "nadanie roli") || strings.Contains(p.text("tbody"), "odebranie") {
		t.Errorf("the record: %s", p.text("tbody"))
	}
	if p := b.get("/app/audit?from=rubbish"); p.status != 200 || p.Find("tbody tr").Length() != 0 || !strings.Contains(p.text(".list-chips"), "rubbish") {
		t.Errorf("a rubbish day: %d %s", p.status, p.text(".list"))
	}
}

func TestOrganisations(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	b := w.as("admin")
	p := b.post("/app/organisations", "name", "straż graniczna", "kind", "service")
	if p.status != 422 || p.Find("details[open] #f-name-error").Length() != 1 {
		t.Errorf("the same name: %d %s", p.status, p.text(".errors"))
	}
	p = b.post("/app/organisations", "name", "Ośrodek", "kind", "welfare-centre", "region", "06")
	ops := p.header.Get("Location")
	w.at(b.post(ops+"/units", "below_name", "Filia", "below_kind", "other"), 303, ops)
	w.at(b.post(ops, "name", "Ośrodek Pomocy", "kind", "welfare-centre", "code", "OPS"), 303, ops)
	if p := b.get(ops); p.text("h1") != "Ośrodek Pomocy" || !strings.Contains(p.text("table"), "Filia") || p.Find("form[action$='/delete']").Length() != 0 {
		t.Errorf("%s", p.text("main"))
	}
	if p := b.post(ops + "/delete"); p.status != 422 {
		t.Errorf("deleting what is not empty: %d", p.status)
	}
	if p := b.get("/app/organisations?q=filia"); p.Find("tbody tr").Length() != 1 || !strings.Contains(p.text("tbody"), "Ośrodek Pomocy › Filia") {
		t.Errorf("found %s", p.text("tbody"))
	}
	filia, _ := b.get(ops).Find("tbody a").First().Attr("href")
	w.at(b.post(filia+"/delete"), 303, "/app/organisations")
}

func TestAListIsImported(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	b := w.as("coordinator")
	p := b.upload("/app/people/import", []byte("nic;tu\n"), "unit", w.post, "lang", "pl")
	if p.status != 422 || p.Find("#f-file-error").Length() != 1 || p.Find("#f-unit option[selected]").Length() != 1 {
		t.Errorf("a file without a header: %d %s", p.status, p.text(".errors"))
	}
	list := "Imię i nazwisko;E-mail;Jednostka\nAnna Nowa;nowa@example.org;\nJan <b>Zły</b>;zły;\nOsoba Learner;learner@example.org;Terespol\n"
	p = b.upload("/app/people/import", []byte(list), "unit", w.post, "lang", "pl", "invite", "1")
	if p.status != 200 || !strings.Contains(p.text("main"), "Podaj adres e-mail w postaci") || p.Find("b").Length() != 0 {
		t.Fatalf("the preview: %d %s", p.status, p.text("main"))
	}
	preview, _ := p.Find("input[name=preview]").Attr("value")
	w.at(b.post("/app/people/import/confirm", "preview", preview), 303, "")
	if said := b.get("/app/people").text("[role=status]"); said != "Dodano: 1. Zmieniono: 0. Bez zmian: 1. Pominięto błędnych wierszy: 1. Wysłano zaproszeń: 1." {
		t.Errorf("said %q", said)
	}
	w.at(b.post("/app/people/import/confirm", "preview", preview), 303, "")
	if said := b.get("/app/people").text("[role=status]"); !strings.HasPrefix(said, "Dodano: 0.") {
		t.Errorf("the second time %q", said)
	}
	w.at(b.post("/app/people/import/confirm", "preview", "made up"), http.StatusGone, "")
	// The example can be imported itself.
	example := b.get("/app/people/import/example.csv")
	p = b.upload("/app/people/import", []byte(example.body), "unit", w.post, "lang", "pl")
	if p.status != 200 || !strings.Contains(p.text(".stats"), "2 Nowe osoby") {
		t.Errorf("the example: %d %s %s", p.status, p.text(".errors"), p.text(".stats"))
	}
	if large := b.upload("/app/people/import", make([]byte, 11<<20), "unit", w.post); large.status != http.StatusRequestEntityTooLarge && large.status != 422 {
		t.Errorf("a large file: %d", large.status)
	}
}

// TestHowAListIsReadCanBeChanged: what was guessed stands on the page and is changed there, what is not sure is asked, and the progress of a
// long list is shown to who confirmed it.
func TestHowAListIsReadCanBeChanged(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	b := w.as("coordinator")
	p := b.upload("/app/people/import", []byte("Nazwisko;Imie;E-mail\nH\xe9l\xe8ne;Jan;a@example.org\n"), "unit", w.post, "lang", "pl")
	if p.Find("details[open] input[name=encoding]").Length() < 2 || p.Find("form[action$=confirm]").Length() != 0 {
		t.Fatalf("an encoding that is not sure: %s", p.text("main"))
	}
	preview, _ := p.Find("input[name=preview]").Attr("value")
	w.at(b.post("/app/people/import/reading", "preview", preview, "encoding", "windows-1252"), 303, "/app/people/import?preview="+preview)
	p = b.get("/app/people/import?preview=" + preview)
	if row := p.text("tbody tr"); !strings.Contains(row, "Hélène") || !strings.Contains(row, "Polski") || p.Find("form[action$=confirm]").Length() != 1 {
		t.Errorf("chosen: %s", row)
	}
	w.at(b.post("/app/people/import/reading", "preview", preview, "encoding", "windows-1252", "order", "exchanged"), 303, "")
	if p = b.get("/app/people/import?preview=" + preview); p.Find("input[name=order][value=exchanged][checked]").Length() != 1 {
		t.Error("the choice is not shown")
	}
	var long strings.Builder
	long.WriteString("Imię;Nazwisko;E-mail\n")
	for i := range 300 {
		fmt.Fprintf(&long, "A;B%d;x%d@example.org\n", i, i)
	}
	p = b.upload("/app/people/import", []byte(long.String()), "unit", w.post, "lang", "pl")
	preview, _ = p.Find("input[name=preview]").Attr("value")
	w.at(b.post("/app/people/import/confirm", "preview", preview), 303, "/app/people/import?preview="+preview)
	if p = b.get("/app/people/import?preview=" + preview); p.Find("progress[max='300']").Length() != 1 {
		t.Errorf("no progress: %s", p.text("main"))
	}
	if p = b.get("/app/people/import"); p.Find("main a[href='/app/people/import?preview="+preview+"']").Length() != 1 {
		t.Error("what is under way is not named")
	}
	for worked := true; worked; {
		var err error
		if worked, err = w.queue.RunOne(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if p = b.get("/app/people/import?preview=" + preview); !strings.Contains(p.text(".stats"), "300 Bez zmian") {
		t.Errorf("afterwards: %s", p.text("main"))
	}
}

func TestManyTriesSayWhatToDo(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).people()
	b := w.browser()
	for range 8 {
		b.post("/app/sign-in", "name", "learner@example.org", "password", "guess")
	}
	p := b.post("/app/sign-in", "name", "learner@example.org", "password", goodPassword)
	if p.status != 422 || !strings.Contains(p.text(".errors"), "poproś o odnośnik") {
		t.Errorf("%d %s", p.status, p.text(".errors"))
	}
	if _, err := w.site.OpenKept("x", "y"); err == nil || !strings.Contains(err.Error(), errs.ErrInvalid.Error()) {
		t.Error(err)
	}
}

// TestRubbishIsNoInternalError: PostgreSQL refuses zero bytes and broken UTF-8 in any text. do reports what fails.
func TestRubbishIsNoInternalError(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d).people()
		b := w.as("admin")
		const rubbish = "a\x00\xff\u202e"
		q := url.QueryEscape(rubbish)
		for _, path := range []string{
			"/app/people?q=" + q + "&page=-1", "/app/people?unit=" + q, "/app/people?role=" + q, "/app/people?state=" + q + "&sort=" + q, "/app/people/" + q,
			"/app/organisations?q=" + q + "&type=" + q + "&page=99999999999", "/app/organisations/" + q, "/app/audit?action=" + q, "/app/people/export.csv?unit=" + q,
			"/app/link/" + q, "/app/set-up/" + q, "/app/sign-in?next=" + q,
		} {
			b.get(path)
		}
		person := "/app/people/" + w.learner
		fields := []string{
			"name", rubbish + "@x.pl", "link_name", rubbish + "@x.pl", "password", rubbish, "old", rubbish, "next", "/app/\xff", "kept", rubbish, "lang", rubbish, "return", rubbish, "session", rubbish,
			"given_name", rubbish, "family_name", rubbish, "mail", rubbish + "@example.org", "service_number", rubbish, "unit", rubbish, "sex", rubbish, "region", rubbish,
			"preview", rubbish, "role", "reviewer", "role_unit", rubbish, "grant", rubbish, "kind", "post", "code", rubbish, "below_name", rubbish, "below_kind", "post", "below_code", rubbish,
		}
		for _, path := range []string{
			"/app/account", "/app/account/password", "/app/account/session/end", "/app/people/new", "/app/people/import/confirm", person + "/edit", person + "/roles", person + "/roles/take",
			"/app/organisations", "/app/organisations/" + w.post, "/app/organisations/" + w.post + "/units", "/app/organisations/" + q + "/delete", "/app/language", "/app/sign-in", "/app/sign-in/link", "/app/link/" + q, "/app/set-up/" + q,
		} {
			b.post(path, fields...)
		}
		// A person who exists, asked for with a broken path to go on to.
		if p := w.browser().post("/app/sign-in/link", "link_name", "learner@example.org", "next", "/app/\xff"); p.status != 200 {
			t.Errorf("a broken path: %d", p.status)
		}
		b.upload("/app/people/import", []byte("Imię;Nazwisko;E-mail;Jednostka\nA\x00;B\xff;a@example.org;"+rubbish+"\n"), "unit", w.post, "lang", "pl", "units", "create")
	})
}
