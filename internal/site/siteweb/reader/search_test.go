package reader_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/db/dbtest"
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
	for i := range 3 {
		if w, _ := k.get(to); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<h2>12 wyników</h2>") || strings.Contains(w.Body.String(), `value="paszport"`) {
			t.Errorf("reading %d: %d", i+1, w.Code)
		}
	}
	for _, gone := range []string{to, "/ar/z6-" + strings.Repeat("a", 26)} { // read often enough; or held by another node
		w, ok := k.get(gone)
		if !ok || w.Code != http.StatusGone || !strings.Contains(w.Body.String(), `id="q"`) || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v, %d", gone, ok, w.Code)
		}
	}
	first := k.ask("pl", "praca", "").Header().Get("Location")
	for range 100 {
		k.ask("pl", "praca", "")
	}
	if w, _ := k.get(first); w.Code != http.StatusGone {
		t.Error("more answers wait than there is room for")
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
