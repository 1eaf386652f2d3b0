// Package webtest runs an area's pages behind the real [web.Mux] for tests: with the access table, sessions, headers and
// error pages as in the program.
package webtest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/seal"
	"ostoja/internal/web"
	"ostoja/translations"
)

// Zone is the zone in which the tests' pages show times.
const Zone = "Europe/Warsaw"

// Server serves pages to a test.
type Server struct {
	t        testing.TB
	Site     *web.Site
	Log      *strings.Builder // what the program logged
	handler  http.Handler
	sessions sessions
}

type sessions map[string]web.Session

// Session finds a session by its token, which here is the name given to [Server.SignIn].
func (s sessions) Session(_ context.Context, token string) (web.Session, error) {
	if session, ok := s[token]; ok {
		return session, nil
	}
	return web.Session{}, errs.ErrNotFound
}

// NewSite returns a site for tests, at the clock's time.
func NewSite(t testing.TB, c clock.Clock) *web.Site {
	t.Helper()
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := lang.Load(translations.FS, zone)
	if err != nil {
		t.Fatal(err)
	}
	return &web.Site{
		Catalogue: catalogue, Key: seal.NewKey(), Clock: c, Log: slog.New(slog.DiscardHandler), BaseURL: "https://szkolenia.example.org",
		SignInPage: func(w http.ResponseWriter, _ *http.Request, _ string) error {
			w.WriteHeader(http.StatusUnauthorized)
			return nil
		},
	}
}

// New serves the routes that register adds.
func New(t testing.TB, site *web.Site, register func(m *web.Mux)) *Server {
	t.Helper()
	s := &Server{t: t, Site: site, Log: &strings.Builder{}, sessions: sessions{}}
	site.Sessions = s.sessions
	site.Log = slog.New(slog.NewTextHandler(s.Log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	m := web.NewMux(site)
	register(m)
	handler, err := m.Handler()
	if err != nil {
		t.Fatal(err)
	}
	s.handler = handler
	return s
}

// On serves other routes to the people who are signed in at s.
func On(t testing.TB, s *Server, m *web.Mux) *Server {
	t.Helper()
	handler, err := m.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return &Server{t: t, Site: s.Site, Log: s.Log, handler: handler, sessions: s.sessions}
}

// SignIn lets requests be made in a person's name, in Polish.
func (s *Server) SignIn(name string, actor access.Actor) {
	s.sessions[name] = web.Session{ID: name, Actor: actor, Name: name, Lang: "pl"}
}

// Page is an answer.
type Page struct {
	*goquery.Document
	Status int
	Header http.Header
	Body   string
}

// Text returns the text of what a selector finds, with single spaces.
func (p Page) Text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}

// Get reads a page as somebody ("" is nobody).
func (s *Server) Get(as, path string) Page {
	s.t.Helper()
	return s.Do(as, httptest.NewRequest(http.MethodGet, path, nil))
}

// Post sends a form as somebody.
func (s *Server) Post(as, path string, form url.Values) Page {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.Do(as, r)
}

// Do sends any request as somebody.
func (s *Server) Do(as string, r *http.Request) Page {
	s.t.Helper()
	if as != "" {
		r.AddCookie(&http.Cookie{Name: "ostoja_session", Value: as})
	}
	p := Send(s.t, s.handler, r)
	if p.Status == http.StatusInternalServerError {
		s.t.Errorf("%s failed: %s", r.URL, s.Log)
	}
	return p
}

// Send has a handler answer a request. No page may lack a text or fail.
func Send(t testing.TB, handler http.Handler, r *http.Request) Page {
	t.Helper()
	p := answer(t, handler, r)
	if p.Status == http.StatusInternalServerError {
		t.Errorf("%s failed", r.URL)
	}
	return p
}

// Fails has a handler answer a request that cannot succeed, since a test broke what it needs: the answer must say that the program
// failed, and no more.
func Fails(t testing.TB, handler http.Handler, r *http.Request) Page {
	t.Helper()
	p := answer(t, handler, r)
	if p.Status != http.StatusInternalServerError || p.Text("main") == "" {
		t.Errorf("%s %s: status %d, %q, though it cannot succeed", r.Method, r.URL, p.Status, p.Text("main"))
	}
	return p
}

func answer(t testing.TB, handler http.Handler, r *http.Request) Page {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	p := Page{Status: w.Code, Header: w.Header(), Body: string(body)}
	if p.Document, err = goquery.NewDocumentFromReader(strings.NewReader(p.Body)); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(p.Body, "⟦") && strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
		at := strings.Index(p.Body, "⟦")
		t.Errorf("%s: a text is missing: %s", r.URL.Path, p.Body[at:min(len(p.Body), at+60)])
	}
	return p
}

// Form returns the form that a selector finds, as a browser would send it.
func (p Page) Form(selector string) url.Values {
	form := url.Values{}
	p.Find(selector).Find("input[type!=checkbox][type!=radio], textarea, select, input[checked]").Each(func(_ int, s *goquery.Selection) {
		value := s.AttrOr("value", s.Text())
		if s.Is("select") {
			value = s.Find("option[selected]").AttrOr("value", "")
		}
		if name := s.AttrOr("name", ""); name != "" {
			form.Add(name, value)
		}
	})
	return form
}
