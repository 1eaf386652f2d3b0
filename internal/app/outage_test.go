package app_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity/credential"
	"ostoja/internal/schema"
	"ostoja/internal/site"
)

// running is the program with what it wrote into its log.
type running struct {
	t       *testing.T
	handler http.Handler
	mu      sync.Mutex
	log     bytes.Buffer
}

func (r *running) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(b)
}

// said returns what was logged since the last call.
func (r *running) said() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.log.Reset()
	return r.log.String()
}

func runOn(t *testing.T, d *db.DB) *running {
	t.Helper()
	r := &running{t: t}
	a, err := app.New(t.Context(), &config.Config{BaseURL: "http://localhost:8080", Zone: "Europe/Warsaw"}, d, app.Options{
		Log: slog.New(slog.NewTextHandler(r, nil)), Hasher: credential.NewHasherWith(64, 1, 1, 4), LinkFloor: time.Microsecond, Purpose: site.Demonstration,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Site.ImportBundle(t.Context(), access.System, true); err != nil {
		t.Fatal(err)
	}
	if err := a.Reader.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r.handler, err = a.Handler(); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *running) send(method, path, language string, form url.Values) *httptest.ResponseRecorder {
	q := httptest.NewRequest(method, "http://localhost:8080"+path, strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept-Language", language)
	q.AddCookie(&http.Cookie{Name: "ostoja_session", Value: "x"})
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, q)
	return w
}

// sorry checks that an answer says in words, and to programs, that the program cannot answer now.
func (r *running) sorry(w *httptest.ResponseRecorder, words string) {
	r.t.Helper()
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), words) || strings.Contains(w.Body.String(), "SQL") {
		r.t.Errorf("%d, Retry-After %q: %s", w.Code, w.Header().Get("Retry-After"), w.Body)
	}
}

func (r *running) is(path string, status int) {
	r.t.Helper()
	if w := r.send(http.MethodGet, path, "pl", nil); w.Code != status {
		r.t.Errorf("%s: %d, want %d: %s %s", path, w.Code, status, w.Body, r.said())
	}
}

const (
	sorryPL = "Program chwilowo nie może odpowiedzieć"
	sorryEN = "The program cannot answer just now"
)

// TestADiskThatIsFull: who writes is told to come again, who reads reads on, an operator sees why, and it is over with the cause.
func TestADiskThatIsFull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := runOn(t, d)
		n := 0
		signIn := func(language string) *httptest.ResponseRecorder { // a try is counted, in a row of its own
			n++
			return r.send(http.MethodPost, "/app/sign-in", language, url.Values{"name": {fmt.Sprintf("%d@example.org", n)}, "password": {"wrong"}})
		}
		untilRefused := func(language string) (w *httptest.ResponseRecorder) {
			for range 500 { // on SQLite some rows still fit into the last page
				if w = signIn(language); w.Code != http.StatusUnprocessableEntity {
					return w
				}
			}
			return w
		}
		if w := signIn("pl"); w.Code != http.StatusUnprocessableEntity {
			t.Fatalf("before: %d %s", w.Code, w.Body)
		}
		r.is("/readyz", http.StatusOK)
		mend := dbtest.Fill(t, d, "sign_in_throttle", "setting")
		r.sorry(untilRefused("pl"), sorryPL)
		if said := r.said(); !strings.Contains(said, "request failed") || !strings.Contains(said, "full") && !strings.Contains(said, "No space left") {
			t.Errorf("the log does not name the cause: %s", said)
		}
		r.sorry(untilRefused("en"), sorryEN)
		r.is("/readyz", http.StatusServiceUnavailable)
		if said := r.said(); !strings.Contains(said, "not ready") || !strings.Contains(said, "full") && !strings.Contains(said, "No space left") {
			t.Errorf("the log does not name the cause: %s", said)
		}
		r.is("/healthz", http.StatusOK)
		r.is("/pl/", http.StatusOK)
		r.is("/app/sign-in", http.StatusOK)
		mend()
		r.is("/readyz", http.StatusOK)
		if w := signIn("pl"); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("with space again: %d %s", w.Code, w.Body)
		}
		if left, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM setting WHERE name = 'probe'`); left != 0 || err != nil {
			t.Error(left, err)
		}
	})
}

// TestPostgreSQLAway stops a server while the program runs, and starts it again.
func TestPostgreSQLAway(t *testing.T) {
	if os.Getenv("OSTOJA_TEST_POSTGRES") == "" {
		t.Skip("make test installs a PostgreSQL")
	}
	dir, err := os.MkdirTemp("", "ostoja-away-") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	server := func(verb string) string {
		t.Helper()
		out, err := exec.Command(filepath.Join("..", "..", "scripts", "postgres"), verb, dir).Output()
		if err != nil {
			t.Fatalf("%s: %v %s", verb, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if err := os.Chmod(dir, 0o755); err != nil { // the server runs as another user
		t.Fatal(err)
	}
	address := server("start")
	up := true
	t.Cleanup(func() {
		if up {
			server("stop")
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context(), schema.FS); err != nil {
		t.Fatal(err)
	}
	r := runOn(t, d)
	const signedIn, public = "/app/courses", "/verify/ABCD-EFGH-JKLM-NPQR"
	r.is("/readyz", http.StatusOK)
	r.is(public, http.StatusNotFound)
	server("stop")
	up = false
	for range 3 {
		r.is("/readyz", http.StatusServiceUnavailable)
		r.sorry(r.send(http.MethodGet, signedIn, "pl", nil), sorryPL) // not "signed out"
		r.sorry(r.send(http.MethodGet, signedIn, "en", nil), sorryEN)
		r.sorry(r.send(http.MethodGet, public, "pl", nil), sorryPL)
		r.sorry(r.send(http.MethodPost, "/app/sign-in", "en", url.Values{"name": {"a@example.org"}, "password": {"wrong"}}), sorryEN)
		r.is("/healthz", http.StatusOK)
		r.is("/pl/", http.StatusOK)
	}
	if said := r.said(); !strings.Contains(said, "not ready") || !strings.Contains(said, "request failed") || !strings.Contains(said, "connect") {
		t.Errorf("the log does not name the cause: %s", said)
	}
	server("start")
	up = true
	r.is("/readyz", http.StatusOK)
	r.is(public, http.StatusNotFound)
	r.is(signedIn, http.StatusSeeOther)
}
