package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/seal"
	"ostoja/internal/web"
	"ostoja/translations"
)

func site(t *testing.T) (*web.Site, *clock.Fake) {
	t.Helper()
	catalogue, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	return &web.Site{Catalogue: catalogue, Key: seal.NewKey(), Clock: c, Log: slog.New(slog.DiscardHandler), BaseURL: "https://example.org"}, c
}

// Whoever signs out on a shared computer leaves no key behind for the next person.
func TestSigningOutTakesTheKeys(t *testing.T) {
	s, _ := site(t)
	s.KeyCookie("ostoja_sitting", "/app/sitting")
	given, taken := httptest.NewRecorder(), httptest.NewRecorder()
	s.SetKey(given, "ostoja_sitting", "sealed")
	s.ClearSession(taken)
	c := given.Result().Cookies()[0]
	if c.Path != "/app/sitting" || !c.HttpOnly || !c.Secure || c.MaxAge != 0 {
		t.Errorf("the key: %+v", c)
	}
	ended := map[string]string{}
	for _, c := range taken.Result().Cookies() {
		if c.MaxAge < 0 {
			ended[c.Name] = c.Path
		}
	}
	if ended["ostoja_sitting"] != "/app/sitting" || len(ended) != 2 {
		t.Errorf("signing out ends %v", ended)
	}
}

func TestLocalPathLeadsNowhereElse(t *testing.T) {
	for path, fine := range map[string]bool{
		"/app/": true, "/app/learn/1?x=2": true, "": false, "/": false, "//evil.example/app/": false, "https://evil.example/app/": false, "/app/\\evil": false,
		"/app/\nSet-Cookie: x": false, "/app/../verify": false, "/pl/": false,
	} {
		if got := web.LocalPath(path); (got == path && got != "") != fine {
			t.Errorf("%q gives %q", path, got)
		}
	}
}

func TestKeptFormsGoBackToTheirPersonForADay(t *testing.T) {
	s, c := site(t)
	k := web.Kept{Path: "/app/learn/1/test/2", Values: url.Values{"item.a": {"b"}}, Person: "zofia", At: c.Now()}
	sealed, err := s.Key.Close("kept", k)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.OpenKept(sealed, "zofia"); err != nil || got.Values.Get("item.a") != "b" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := s.OpenKept(sealed, "anna"); !errors.Is(err, errs.ErrGone) {
		t.Errorf("another person opened it: %v", err)
	}
	if _, err := s.OpenKept(sealed+"A", "zofia"); !errors.Is(err, errs.ErrInvalid) {
		t.Errorf("an altered form was opened: %v", err)
	}
	elsewhere, err := s.Key.Close("kept", web.Kept{Path: "https://evil.example", Person: "zofia", At: c.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.OpenKept(elsewhere, "zofia"); !errors.Is(err, errs.ErrGone) {
		t.Errorf("a form for elsewhere was opened: %v", err)
	}
	c.Advance(25 * time.Hour)
	if _, err := s.OpenKept(sealed, "zofia"); !errors.Is(err, errs.ErrGone) {
		t.Errorf("a form of yesterday was opened: %v", err)
	}
}

func TestARouteOutsideTheTableCannotBeRegistered(t *testing.T) {
	s, _ := site(t)
	defer func() {
		if recover() == nil {
			t.Error("a route that the access table does not know was registered")
		}
	}()
	web.NewMux(s).Handle("GET /app/secret", func(http.ResponseWriter, *http.Request) error { return nil })
}

// TestErrorsBecomePages: the category decides the status, the key the words, and a cause is for the log alone.
func TestErrorsBecomePages(t *testing.T) {
	s, _ := site(t)
	for name, c := range map[string]struct {
		err    error
		status int
		words  string
	}{
		"not found": {errs.NotFound("error.not-found"), 404, "Nie ma takiej strony"}, "conflict": {errs.Conflict("learning.test.too-late"), 409, "Czas testu minął"},
		"gone": {errs.Gone("error.gone"), 410, "już nieaktualne"}, "internal": {errors.New("secret cause"), 500, "po naszej stronie"},
		"away": {fmt.Errorf("%w: secret cause", errs.ErrUnavailable), 503, "chwilowo nie może"}, "away below": {errs.Invalid("error.form").Because(fmt.Errorf("%w", errs.ErrUnavailable)), 503, "chwilowo nie może"},
		"no space for an upload": {&os.PathError{Op: "write", Path: "secret cause", Err: syscall.ENOSPC}, 503, "chwilowo nie może"},
		"cause":                  {errs.Invalid("error.invalid").Because(errors.New("secret cause")), 400, "nie da się odczytać"},
	} {
		mux := web.NewMux(s)
		mux.Handle("GET /verify", func(http.ResponseWriter, *http.Request) error { return c.err })
		handler, err := mux.Handler()
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/verify", nil)
		r.Header.Set("Accept-Language", "pl")
		handler.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.words) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: status %d\n%s", name, w.Code, w.Body)
		}
		if len(w.Result().Cookies()) > 0 {
			t.Errorf("%s: a public page set a cookie", name)
		}
	}
}

func TestAPanicIsAnErrorPage(t *testing.T) {
	s, _ := site(t)
	mux := web.NewMux(s)
	mux.Handle("GET /verify", func(http.ResponseWriter, *http.Request) error { panic("oh") })
	handler, err := mux.Handler()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/verify", nil))
	if w.Code != http.StatusInternalServerError || w.Header().Get("Content-Security-Policy") == "" || w.Header().Get("Strict-Transport-Security") == "" {
		t.Errorf("status %d, %v", w.Code, w.Header())
	}
}

// TestAPanicInFrontIsAnErrorPage, and neither our log nor that of net/http gets the visitor's address or what the panic says.
func TestAPanicInFrontIsAnErrorPage(t *testing.T) {
	for name, panics := range map[string]func(){"with words": func() { panic("planted-words") }, "of Go": func() { none := []int{}; _ = none[len(none)] }} {
		t.Run(name, func(t *testing.T) {
			s, _ := site(t)
			var ours, theirs bytes.Buffer
			s.Log = slog.New(slog.NewTextHandler(&ours, nil))
			s.Front = func(http.ResponseWriter, *http.Request) bool { panics(); return true }
			handler, err := web.NewMux(s).Handler()
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewUnstartedServer(handler)
			server.Config.ErrorLog = log.New(&theirs, "", 0)
			server.Start()
			defer server.Close()
			r, err := http.Get(server.URL + "/pl/planted-path")
			if err != nil {
				t.Fatal(err)
			}
			_ = r.Body.Close()
			if r.StatusCode != http.StatusInternalServerError || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s %v", r.Status, r.Header)
			}
			if !strings.Contains(ours.String(), "msg=panic") || strings.Contains(ours.String(), "127.0.0.1") || strings.Contains(ours.String(), "planted") || theirs.Len() > 0 {
				t.Errorf("our log: %s\nnet/http's: %s", &ours, &theirs)
			}
		})
	}
}

func TestFormsKeepWhatWasTypedAndSayWhatIsWrong(t *testing.T) {
	s, _ := site(t)
	f := web.NewForm("mail", " a@b ")
	var faults errs.Fields
	faults.Add("mail", "people.fault.mail")
	if !f.Fail(s.Catalogue.Printer("pl"), faults.Err()) || f.Error("mail") == "" || f.Text("mail") != "a@b" || f.Status() != http.StatusUnprocessableEntity {
		t.Errorf("%+v", f)
	}
	if f.Fail(s.Catalogue.Printer("pl"), errors.New("the disk is full")) {
		t.Error("an internal error was shown in a form")
	}
}

// TestATextInSeveralLanguages falls back to the first that is there, has the program's line ends, and nothing of what is empty.
func TestATextInSeveralLanguages(t *testing.T) {
	f := web.NewForm("title.pl", " \r\n", "title.en", " One\r\ntwo ", "title.uk", "Один", "titles.pl", "inne")
	want := map[string]string{"": "One\ntwo", "en": "One\ntwo", "uk": "Один"}
	if got := f.Translated([]string{"pl", "en", "uk"}, "title."); !maps.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := f.Translated([]string{"de"}, "title."); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestNobodyIsNobody(t *testing.T) {
	if a := web.Actor(t.Context()); a.PersonID != "" || a.Has(access.Learn) {
		t.Errorf("without a request the actor is %+v", a)
	}
}
