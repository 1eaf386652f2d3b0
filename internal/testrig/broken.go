package testrig

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
)

// Fragile asks for pages again and again, each time with another of their statements failing: each failure must be told as one of the
// program's, and none may leave out of a page what the database did not give. tolerated is as in [dbtest.Failing].
func (b *Browser) Fragile(t *testing.T, paths []string, tolerated ...string) {
	t.Helper()
	for _, path := range paths {
		ask := func() error { return b.try(http.StatusOK, httptest.NewRequest(http.MethodGet, path, nil)) }
		if err := ask(); err != nil { // also fills what is cached, as the session
			t.Error(err)
		} else if dbtest.Failing(t, b.w.DB, ask, tolerated...) == 0 {
			t.Errorf("%s asks nothing of the database", path)
		}
	}
}

// FragileForm is [Browser.Fragile] for a form, which must be taken once nothing fails: whoever sent it is led on, and never before. What
// may fail without a word is what follows the commit, by after: see [dbtest.FailingOnce].
func (b *Browser) FragileForm(t *testing.T, path string, form url.Values, after ...string) {
	t.Helper()
	b.fragile(t, path, func() *http.Request { return formRequest(path, form) }, after)
}

// FragileUpload is [Browser.FragileForm] for a form with a file in a field.
func (b *Browser) FragileUpload(t *testing.T, path string, form url.Values, field, name, content string, after ...string) {
	t.Helper()
	b.fragile(t, path, func() *http.Request { return b.uploadRequest(path, form, field, name, content) }, after)
}

// FragileFault is [Browser.Fragile] for a form with a fault: the page on which it is shown again misses nothing either.
func (b *Browser) FragileFault(t *testing.T, path string, form url.Values, tolerated ...string) {
	t.Helper()
	ask := func() error { return b.try(http.StatusUnprocessableEntity, formRequest(path, form)) }
	if err := ask(); err != nil {
		t.Error(err)
	} else if dbtest.Failing(t, b.w.DB, ask, tolerated...) == 0 {
		t.Errorf("%s asks nothing of the database", path)
	}
}

func (b *Browser) fragile(t *testing.T, path string, request func() *http.Request, after []string) {
	t.Helper()
	b.Get("/app/account") // fills what is cached, as the session
	if dbtest.FailingOnce(t, b.w.DB, func() error { return b.try(http.StatusSeeOther, request()) }, after...) == 0 {
		t.Errorf("%s asks nothing of the database", path)
	}
}

// Files takes away what the addresses offer as files: each must come as one, with a row below its header.
func (b *Browser) Files(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		p := b.Get(path)
		if kind := p.Header.Get("Content-Disposition"); p.Status != http.StatusOK || !strings.HasPrefix(kind, "attachment") || strings.Count(strings.TrimSpace(p.Body), "\n") == 0 {
			t.Errorf("%s: %d, %q, %.200s", path, p.Status, kind, p.Body)
		}
	}
}

// try sends a request, whose answer must have a status.
func (b *Browser) try(status int, r *http.Request) (err error) {
	to := httptest.NewRecorder()
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	defer func() {
		if p := recover(); p == http.ErrAbortHandler { //nolint:errorlint // a panic's value; a file that was begun is cut off
			err = http.ErrAbortHandler
		} else if p != nil {
			panic(p)
		}
	}()
	b.w.handler.ServeHTTP(to, r)
	if to.Code == http.StatusOK && to.Body.Len() == 0 {
		b.w.T.Errorf("%s %s: nothing is shown", r.Method, r.URL.Path) // a failure that nobody was told of
	}
	if to.Code != status {
		return fmt.Errorf("%s %s: status %d", r.Method, r.URL.Path, to.Code)
	}
	b.keep(to.Header())
	return nil
}

var wildcard = regexp.MustCompile(`\{[^}]*\}`)

// Unreadable sends to every address below the paths that takes a form one that nobody can read, as an administrator: an
// answer of 200 would say that it was taken. Who reads no form there, or looks for something first that is not there, may say so.
func (w *World) Unreadable(paths ...string) {
	w.T.Helper()
	sent := 0
	for _, pattern := range slices.Sorted(maps.Keys(access.Routes)) {
		path, form := strings.CutPrefix(pattern, "POST ")
		if !form || !slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(path, p) }) {
			continue
		}
		sent++
		r := httptest.NewRequest(http.MethodPost, wildcard.ReplaceAllString(path, "x"), strings.NewReader("a=%zz"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if p := w.Browse(w.Admin).Do(r); p.Status == http.StatusOK {
			w.T.Errorf("%s takes what is no form", pattern)
		}
	}
	if sent == 0 {
		w.T.Errorf("no form is sent below %v", paths)
	}
}
