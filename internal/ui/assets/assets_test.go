package assets_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ostoja/internal/ui/assets"
)

// load returns the built assets; a checkout that was never built has none, and then the tests of the built files are left out.
func load(t *testing.T) *assets.Assets {
	t.Helper()
	a, err := assets.Load()
	if err != nil {
		if !strings.Contains(err.Error(), "make build") {
			t.Fatalf("the error does not say what to do: %v", err)
		}
		t.Skip(err)
	}
	return a
}

// TestWeight keeps a lesson within 40 kB, of which the page itself may take what app.css and app.js leave; what single pages need beside is light, too.
func TestWeight(t *testing.T) {
	a := load(t)
	for name, limit := range map[string]int{
		"app.css": 9800, "charts.css": 1200, "app.js": 4000,
		"classroom.css": 1500, "programme.css": 1500, "blanks.css": 1000, "tasks.css": 600, "today.css": 1200, "grid.css": 2500, "grid.js": 3500, "growing.js": 1000, "hall.css": 3500, "hall.js": 12000, "roll.js": 1500, "laboratory.css": 2000, "laboratory.js": 2000, "rows.css": 600, "stock.css": 600, "find.css": 800,
	} {
		if n := a.Size(name); n == 0 || n > limit {
			t.Errorf("%s weighs %d bytes, at most %d are allowed", name, n, limit)
		}
	}
}

func TestServe(t *testing.T) {
	a := load(t)
	for _, encoding := range []string{"", "gzip"} {
		r := httptest.NewRequest(http.MethodGet, a.URL("app.css"), nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		h := w.Result().Header
		if w.Code != http.StatusOK || h.Get("Content-Encoding") != encoding || !strings.HasPrefix(h.Get("Content-Type"), "text/css") || !strings.Contains(h.Get("Cache-Control"), "immutable") {
			t.Errorf("encoding %q: %d %v", encoding, w.Code, h)
		}
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/assets/app-WRONG.css", nil))
	if w.Code != http.StatusNotFound || a.URL("other.css") != "" {
		t.Error("a file that is not there was found")
	}
	_, _ = io.Copy(io.Discard, w.Body)
}

var (
	physical = regexp.MustCompile(`(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right|top|bottom)[\w-]*|left|right|top|bottom|width|height|(?:min|max)-(?:width|height))\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)`)
	foreign  = regexp.MustCompile(`url\(|https?://|@font-face`)
	fourWays = regexp.MustCompile(`(?:margin|padding|inset|border-width|border-radius)\s*:\s*([^\s;]+)\s+([^\s;]+)\s+([^\s;]+)\s+([^\s;]+)\s*;`)
)

// TestStylesMirror keeps the styles free of left and right, so that Arabic is the mirror image of Polish, and free of files
// from elsewhere.
func TestStylesMirror(t *testing.T) {
	files, err := filepath.Glob("../../../web/*.css")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d styles: %v", len(files), err)
	}
	comment := regexp.MustCompile(`(?s)/\*.*?\*/`)
	query := regexp.MustCompile(`\((?:min|max)-width:[^)]*\)`)
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		css := query.ReplaceAllString(comment.ReplaceAllString(string(b), ""), "()")
		for _, found := range physical.FindAllString(css, -1) {
			t.Errorf("%s: %q is not logical", filepath.Base(name), strings.TrimSpace(found))
		}
		for _, m := range fourWays.FindAllStringSubmatch(css, -1) {
			if m[2] != m[4] {
				t.Errorf("%s: %q differs between left and right", filepath.Base(name), m[0])
			}
		}
		if found := foreign.FindString(css); found != "" {
			t.Errorf("%s: %q", filepath.Base(name), found)
		}
	}
}

// vault are the scripts that keep an opened roll on a trainer's device, encrypted, until it is closed (decision 0049); each may use
// what it names and nothing else of the browser's storage.
var vault = map[string]string{"vault.js": "indexedDB", "keeper.js": "getDirectory", "worker.js": "caches", "hall.js": "caches"}

// TestScriptsKeepNothing: nothing is kept in the browser, asked of another host or run from text, but what decision 0049 allows.
func TestScriptsKeepNothing(t *testing.T) {
	files, err := filepath.Glob("../../../web/*.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"localStorage", "sessionStorage", "indexedDB", "caches", "getDirectory", "document.cookie", "innerHTML", "eval(", "http://", "https://"} {
			if strings.Contains(string(b), word) && vault[filepath.Base(name)] != word {
				t.Errorf("%s has %s", filepath.Base(name), word)
			}
		}
	}
}
