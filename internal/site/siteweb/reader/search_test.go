package reader_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/seal"
	"ostoja/internal/site/siteweb/reader"
)

// ask sends a search as a form does, or, with at, as the script does.
func (k *desk) ask(tag, words, at string) *httptest.ResponseRecorder {
	k.Helper()
	form := url.Values{"q": {words}}
	if at != "" {
		form.Set("at", at)
	}
	r := httptest.NewRequestWithContext(k.Context(), http.MethodPost, "/"+tag+"/z6", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	if !k.reader.Serve(w, r) {
		k.Fatal("a search is not answered")
	}
	return w
}

// search asks and fetches what was found.
func (k *desk) search(tag, words, at string) *httptest.ResponseRecorder {
	k.Helper()
	w := k.ask(tag, words, at)
	if to := w.Header().Get("Location"); at == "" {
		if w, _ = k.get(to); w.Code != http.StatusOK {
			k.Fatalf("%s: %d", to, w.Code)
		}
	}
	return w
}

// TestASearchIsAnsweredElsewhere: what a browser keeps of a search is an address that says nothing and soon leads nowhere.
func TestASearchIsAnsweredElsewhere(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	w := k.ask("pl", "paszport", "")
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/pl/z6-") || strings.Contains(to, "paszport") || len(to) < 30 || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	if again := k.ask("pl", "paszport", "").Header().Get("Location"); again == to {
		t.Error("two searches have one address")
	}
	for _, words := range []string{"", "qzxqzx", "praca", strings.Repeat("praca ", 30)} {
		if other := k.ask("pl", words, "").Header().Get("Location"); len(other) != len(to) {
			t.Errorf("the length of an address tells of %q: %s", words, other)
		}
	}
	for i := range 3 {
		if w, _ := k.get(to); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<h2>16 wyników</h2>") || strings.Contains(w.Body.String(), `value="paszport"`) {
			t.Errorf("reading %d: %d", i+1, w.Code)
		}
	}
	gone := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			w, ok := k.get(path)
			if !ok || w.Code != http.StatusGone || !strings.Contains(w.Body.String(), `id="q"`) || w.Header().Get("Cache-Control") != "no-store" || strings.Contains(w.Body.String(), "<h2>12 wyników") {
				t.Errorf("%s: %v, %d", path, ok, w.Code)
			}
		}
	}
	altered := []byte(to)
	altered[40] ^= 1
	gone("/ar/z6-"+strings.Repeat("a", 26), "/pl/z6-", string(altered), to[:len(to)-3])
	k.clock.Advance(61 * time.Second)
	gone(to)
}

// TestAnyNodeShowsWhatOneFound: nothing of a search waits on a server, and nothing of what was asked is in its address, not even sealed.
func TestAnyNodeShowsWhatOneFound(t *testing.T) {
	d := dbtest.SQLite(t)
	k := newDesk(t, d)
	other := reader.New(k.service, "https://pomoc.example.org", k.key, slog.New(slog.DiscardHandler))
	foreign := reader.New(k.service, "https://pomoc.example.org", seal.NewKey(), slog.New(slog.DiscardHandler))
	for _, s := range []*reader.Site{other, foreign} {
		mustDo(t, s.Refresh(t.Context()))
	}
	see := func(s *reader.Site, path string) (int, string) {
		w := httptest.NewRecorder()
		s.Serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	for _, words := range []string{"paszport", "policja", "schronisko Warszawa", "qzxqzx", ""} {
		to := k.ask("pl", words, "").Header().Get("Location")
		_, here := see(k.reader, to)
		if code, there := see(other, to); code != http.StatusOK || there != here {
			t.Errorf("%q: %d on the other node", words, code)
		}
		if code, _ := see(foreign, to); code != http.StatusGone {
			t.Errorf("%q: %d with another key", words, code)
		}
		if byScript := k.ask("pl", words, "once").Body.String(); byScript != here {
			t.Errorf("%q: the script is answered otherwise", words)
		}
		var sealed []byte
		mustDo(t, k.key.Open("search result", strings.TrimPrefix(to, "/pl/z6-"), &sealed))
		if words != "" && strings.Contains(string(sealed), words) {
			t.Errorf("%q is in the address, if sealed", words)
		}
	}
	to := k.ask("pl", "paszport", "").Header().Get("Location")
	mustDo(t, k.service.Withdraw(t.Context(), access.System, "housing-documents", "pl"))
	k.refresh()
	if code, page := see(k.reader, to); code != http.StatusOK || strings.Contains(strings.SplitN(page, "<h2>Wszystkie", 2)[0], "q39z") {
		t.Errorf("%d: what was withdrawn is still found", code)
	}
}

// TestEveryAnswerHasTheSameHead: a search's result, a page that there is not and one made in advance.
func TestEveryAnswerHasTheSameHead(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	made, _ := k.get("/pl/z6")
	missing := httptest.NewRecorder()
	if err := k.reader.Missing(missing, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/nope", nil)); err != nil {
		t.Fatal(err)
	}
	gone, _ := k.get("/pl/z6-x")
	for name, w := range map[string]*httptest.ResponseRecorder{"in advance": made, "searched": k.search("pl", "praca", ""), "by script": k.search("pl", "praca", "once"), "missing": missing, "gone": gone} {
		for _, h := range []string{"X-Content-Type-Options", "Strict-Transport-Security", "Vary", "Cache-Control", "Referrer-Policy", "Content-Security-Policy"} {
			if got := w.Header().Get(h); got != made.Header().Get(h) && (name != "missing" || h != "Content-Security-Policy") || got == "" {
				t.Errorf("%s: %s is %q", name, h, got)
			}
		}
		if !strings.Contains(w.Body.String(), `id="out"`) {
			t.Errorf("%s has no way out", name)
		}
	}
	if missing.Code != http.StatusNotFound || !strings.Contains(missing.Body.String(), "Nie ma takiej strony") {
		t.Errorf("%d %s", missing.Code, missing.Body)
	}
	w := httptest.NewRecorder()
	if err := k.reader.Missing(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/pl", nil)); err != nil || w.Header().Get("Location") != "/pl/" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("/pl leads to %v %v", w.Header(), err)
	}
}

// TestNothingFoundNamesWhomToCall: who types what no text has may be the one who needs help most.
func TestNothingFoundNamesWhomToCall(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	for _, tag := range []string{"pl", "en", "uk", "ru", "ar", "vi"} {
		body := k.search(tag, "qzxqzx", "once").Body.String()
		_, after, found := strings.Cut(body, `role="status"`)
		if before, _, _ := strings.Cut(after, `<ul class="plain">`); !found || !strings.Contains(before, "tel:112") || !strings.Contains(before, "tel:+48226280120") {
			t.Errorf("%s: beside the answer stands %q", tag, before)
		}
		if body := k.search(tag, "112", "once").Body.String(); !strings.Contains(body, `/d37f"`) {
			t.Errorf("%s: the emergency number leads to no help", tag)
		}
	}
	if body := k.search("pl", "", "once").Body.String(); strings.Contains(strings.SplitN(body, `<h2>Wszystkie`, 2)[0], `class="b danger"`) {
		t.Error("an empty form is answered by an alarm")
	}
}
