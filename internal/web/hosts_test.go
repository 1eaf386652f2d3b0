package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/web"
	"ostoja/internal/web/webtest"
)

// planted adds lines to the access table for the length of a test: no route stands at the content host yet.
func planted(t *testing.T, lines map[string]access.Need) {
	t.Helper()
	for pattern, need := range lines {
		access.Routes[pattern] = need
	}
	t.Cleanup(func() {
		for pattern := range lines {
			delete(access.Routes, pattern)
		}
	})
}

// hosts serves a page of the program, a probe and a package, at https://szkolenia.example.org and https://tresci.example.
func hosts(t *testing.T, content string) http.Handler {
	t.Helper()
	s := webtest.NewSite(t, clock.System{})
	s.ContentURL = content
	s.Front = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/pl/" {
			_, _ = w.Write([]byte("public site"))
			return true
		}
		return false
	}
	planted(t, map[string]access.Need{
		"GET /package/{file}":  access.NeedOf("GET /verify").On(access.ContentHost),
		"POST /package/{file}": access.NeedOf("GET /verify").On(access.ContentHost),
	})
	m := web.NewMux(s)
	say := func(text string) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			s.SetLang(w, "pl") // a cookie, by mistake
			_, err := w.Write([]byte(text + web.SessionToken(r) + r.Header.Get("Authorization")))
			return err
		}
	}
	m.Handle("GET /verify", say("the program "))
	m.Handle("GET /healthz", say("alive "))
	m.Handle("GET /package/{file}", say("a package "))
	m.Handle("POST /package/{file}", func(http.ResponseWriter, *http.Request) error { panic("planted") })
	h, err := m.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(h http.Handler, method, host, path string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(method, path, nil)
	r.Host = host
	r.AddCookie(&http.Cookie{Name: "ostoja_session", Value: "secret-token"})
	r.Header.Set("Authorization", "secret-word")
	h.ServeHTTP(w, r)
	return w
}

// TestARouteIsAnsweredAtItsHostAlone, however that host is spelt.
func TestARouteIsAnsweredAtItsHostAlone(t *testing.T) {
	h := hosts(t, "https://tresci.example")
	for _, c := range []struct {
		host, path string
		status     int
		body       string
	}{
		{"szkolenia.example.org", "/verify", 200, "the program secret-token"},
		{"Szkolenia.Example.org:443", "/verify", 200, "the program"}, {"szkolenia.example.org.", "/verify", 200, "the program"},
		{"szkolenia.example.org", "/pl/", 200, "public site"}, {"szkolenia.example.org", "/healthz", 200, "alive"},
		{"szkolenia.example.org", "/package/a.html", 404, ""},
		{"tresci.example", "/package/a.html", 200, "a package"}, {"TRESCI.example.:8443", "/package/a.html", 200, "a package"},
		{"tresci.example", "/verify", 404, ""}, {"tresci.example", "/pl/", 404, ""}, {"tresci.example", "/healthz", 404, ""}, {"tresci.example", "/", 404, ""},
		{"tresci.example", "/app/sign-in", 404, ""},
		{"192.0.2.1:8080", "/healthz", 200, "alive"}, {"192.0.2.1:8080", "/verify", 421, ""}, {"other.example", "/package/a.html", 421, ""},
		{"tresci.example.evil.example", "/package/a.html", 421, ""}, {"", "/pl/", 421, ""}, {"[2001:db8::1]:8080", "/verify", 421, ""},
	} {
		w := ask(h, http.MethodGet, c.host, c.path)
		if w.Code != c.status || !strings.HasPrefix(w.Body.String(), c.body) {
			t.Errorf("%s at %q: %d %q", c.path, c.host, w.Code, w.Body)
		}
		if w.Code == 404 && strings.Contains(w.Body.String(), "the program") {
			t.Errorf("%s at %q", c.path, c.host)
		}
	}
}

// TestTheContentHostKnowsNobody: no cookie arrives there or comes from there, and its policy is its own, whatever happens.
func TestTheContentHostKnowsNobody(t *testing.T) {
	h := hosts(t, "https://tresci.example")
	for _, c := range []struct {
		method, host, path string
		status             int
	}{
		{"GET", "tresci.example", "/package/a.html", 200}, {"GET", "tresci.example", "/none", 404}, {"POST", "tresci.example", "/package/a.html", 500},
		{"GET", "other.example", "/healthz", 200}, {"GET", "other.example", "/verify", 421},
	} {
		w := ask(h, c.method, c.host, c.path)
		policy := w.Header().Get("Content-Security-Policy")
		if w.Code != c.status || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "'self'") || w.Header().Get("Strict-Transport-Security") == "" {
			t.Errorf("%+v: %d %v", c, w.Code, w.Header())
		}
		if w.Header().Get("Set-Cookie") != "" || strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "<html") {
			t.Errorf("%+v: %v %q", c, w.Header(), w.Body)
		}
	}
	if w := ask(h, http.MethodGet, "szkolenia.example.org", "/verify"); strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") || len(w.Result().Cookies()) == 0 {
		t.Errorf("the program's own host: %v", w.Header())
	}
}

// TestWithoutAContentOriginThereIsOneHost, which answers by whatever name: a proxy need not pass it on.
func TestWithoutAContentOriginThereIsOneHost(t *testing.T) {
	h := hosts(t, "")
	for path, want := range map[string]int{"/verify": 200, "/healthz": 200, "/pl/": 200, "/package/a.html": 404} {
		for _, host := range []string{"szkolenia.example.org", "other.example", ""} {
			if w := ask(h, http.MethodGet, host, path); w.Code != want {
				t.Errorf("%s at %q: %d", path, host, w.Code)
			}
		}
	}
}

func TestWhatCannotStandAtTheContentHost(t *testing.T) {
	s := webtest.NewSite(t, clock.System{})
	for _, url := range []string{"https://szkolenia.example.org:444", "https://%zz"} {
		s.ContentURL = url
		if _, err := web.NewMux(s).Handler(); err == nil {
			t.Errorf("%s is a content origin", url)
		}
	}
	planted(t, map[string]access.Need{"GET /app/mine": access.NeedOf("GET /app/account").On(access.ContentHost)})
	defer func() {
		if recover() == nil {
			t.Error("a route that reads a session stands at the content host")
		}
	}()
	web.NewMux(s).Handle("GET /app/mine", func(http.ResponseWriter, *http.Request) error { return nil })
}
