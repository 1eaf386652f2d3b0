package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/web"
	"ostoja/internal/web/webtest"
)

// text is a page's body.
func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p id=body>"+s+"</p>")
		return err
	})
}

func show(w http.ResponseWriter, r *http.Request) error {
	return web.Show(w, r, web.View{Title: "Title", Nav: "courses"}, text("here"))
}

// deaf is a browser's connection on which nothing can be written.
type deaf struct {
	*httptest.ResponseRecorder
	err      error
	statuses int
}

func (d *deaf) Write([]byte) (int, error) { return 0, d.err }
func (d *deaf) WriteHeader(status int)    { d.statuses++; d.ResponseRecorder.WriteHeader(status) }

// TestAnAnswerThatCannotBeSent: a browser that went away is nobody's fault; any other error of sending is told in the log, and cuts
// the connection instead of sending a second answer.
func TestAnAnswerThatCannotBeSent(t *testing.T) {
	broken := func(err error) error { return &net.OpError{Op: "write", Err: err} }
	for name, c := range map[string]struct {
		err  error
		tell bool
	}{
		"closed by the browser": {broken(syscall.EPIPE), false}, "reset": {broken(syscall.ECONNRESET), false}, "cancelled": {fmt.Errorf("write: %w", context.Canceled), false},
		"a disk that is full": {broken(syscall.ENOSPC), true}, "too slow": {context.DeadlineExceeded, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := site(t)
			var said bytes.Buffer
			s.Log = slog.New(slog.NewTextHandler(&said, nil))
			mux := web.NewMux(s)
			mux.Handle("GET /verify", show)
			handler, err := mux.Handler()
			if err != nil {
				t.Fatal(err)
			}
			w := &deaf{ResponseRecorder: httptest.NewRecorder(), err: c.err}
			cut := func() (p any) {
				defer func() { p = recover() }()
				handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/verify?name=planted", nil))
				return nil
			}()
			if told := strings.Contains(said.String(), "broke off") && strings.Contains(said.String(), "GET /verify"); told != c.tell || (said.Len() > 0) != c.tell || strings.Contains(said.String(), "planted") {
				t.Errorf("the log: %s", &said)
			}
			if (cut == http.ErrAbortHandler) != c.tell || (cut != nil) != c.tell || w.statuses != 1 { //nolint:errorlint // by identity, as net/http does
				t.Errorf("cut: %v; %d statuses were sent", cut, w.statuses)
			}
		})
	}
}

// TestHalfAFileIsNotTakenForTheWhole: a browser sees that an answer broke off.
func TestHalfAFileIsNotTakenForTheWhole(t *testing.T) {
	s, _ := site(t)
	mux := web.NewMux(s)
	mux.Handle("GET /verify", func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "text/csv")
		_, err := io.WriteString(w, strings.Repeat("a row\n", 10_000))
		return errors.Join(err, errors.New("the next row cannot be read"))
	})
	handler, err := mux.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	plain := &http.Client{Transport: &http.Transport{DisableCompression: true}} // compressed, nothing would be on its way yet
	r, err := plain.Get(server.URL + "/verify")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); !errors.Is(err, io.ErrUnexpectedEOF) || bytes.Contains(body, []byte("<html")) {
		t.Errorf("read %d bytes, %v", len(body), err)
	}
}

type endedSessions struct{ session web.Session }

func (e endedSessions) Session(context.Context, string) (web.Session, error) {
	return e.session, fmt.Errorf("session: %w", errs.ErrGone)
}

// TestAnEndedSessionIsNobodys: on a page before sign-in, whose session it was is told apart from who is there now.
func TestAnEndedSessionIsNobodys(t *testing.T) {
	s, _ := site(t)
	s.Sessions = endedSessions{web.Session{ID: "session", Name: "Zofia", Lang: "en", Actor: access.Actor{PersonID: "zofia", Grants: []access.Grant{{Role: access.Administrator}}}}}
	kept := ""
	s.SignInPage = func(_ http.ResponseWriter, _ *http.Request, sealed string) error { kept = sealed; return nil }
	mux := web.NewMux(s)
	var at web.Session
	mux.Handle("GET /app/sign-in", func(_ http.ResponseWriter, r *http.Request) error { at = web.CurrentSession(r.Context()); return nil })
	mux.Handle("POST /app/account/password", func(http.ResponseWriter, *http.Request) error { t.Error("it was let in"); return nil })
	handler, err := mux.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ask := func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: "ostoja_session", Value: "token"})
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	ask(httptest.NewRequest(http.MethodGet, "/app/sign-in", nil))
	if at.ID != "" || at.Name != "" || at.Actor.PersonID != "" || at.Actor.Has(access.Learn) || at.EndedFor != "zofia" {
		t.Errorf("before sign-in stands %+v", at)
	}
	post := httptest.NewRequest(http.MethodPost, "/app/account/password", strings.NewReader(url.Values{"old": {"x"}}.Encode()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	ask(post)
	if k, err := s.OpenKept(kept, "zofia"); err != nil || k.Person != "zofia" || k.Values.Get("old") != "x" {
		t.Errorf("kept %+v, %v", k, err)
	}
}

// TestThePublicSideKnowsNobody: outside the application a page has neither menu, account nor message, and takes none away.
func TestThePublicSideKnowsNobody(t *testing.T) {
	s, c := site(t)
	site := webtest.NewSite(t, c)
	server := webtest.New(t, site, func(m *web.Mux) {
		m.Handle("GET /verify", show)
		m.Handle("GET /app/account", show)
	})
	server.SignIn("Zofia", access.Actor{PersonID: "zofia", Grants: []access.Grant{{Role: access.Learner}}, At: s.Clock.Now()})
	said := httptest.NewRecorder()
	site.Say(said, "system.said.retried")
	get := func(path string) webtest.Page {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		for _, c := range said.Result().Cookies() {
			r.AddCookie(c)
		}
		return server.Do("Zofia", r)
	}
	message := site.Catalogue.Printer("pl").T("system.said.retried")
	public := get("/verify")
	if public.Find(`a[href^="/app/"]`).Length() > 0 || strings.Contains(public.Body, "Zofia") || strings.Contains(public.Body, message) || len(public.Header.Values("Set-Cookie")) > 0 {
		t.Errorf("a public page: %v\n%s", public.Header, public.Body)
	}
	inside := get("/app/account")
	if inside.Find(`a[href="/app/courses"]`).Length() == 0 || inside.Find(`a[href="/app/people"]`).Length() > 0 || !strings.Contains(inside.Body, "Zofia") || !strings.Contains(inside.Body, message) {
		t.Errorf("a page of the application:\n%s", inside.Body)
	}
	for name, p := range map[string]webtest.Page{"public": public, "inside": inside} {
		if p.Text("#body") != "here" || p.Find("html").AttrOr("lang", "") != "pl" && name == "inside" {
			t.Errorf("%s: %s", name, p.Body)
		}
	}
}
