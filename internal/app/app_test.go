package app_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

func newApp(t testing.TB, d *db.DB) *app.App {
	t.Helper()
	c := &config.Config{BaseURL: "http://localhost:8080", Addr: "localhost:8080", Zone: "Europe/Warsaw"}
	a, err := app.New(t.Context(), c, d, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTheAccessTableAndTheRoutesAreTheSame(t *testing.T) {
	a := newApp(t, dbtest.SQLite(t))
	registered := slices.Sorted(slices.Values(a.Mux.Patterns()))
	table := slices.Sorted(maps.Keys(access.Routes))
	for _, pattern := range table {
		if !slices.Contains(registered, pattern) {
			t.Errorf("%s is in the table and no page answers it", pattern)
		}
	}
	if len(registered) != len(table) { // the Mux refuses a route that the table does not know
		t.Errorf("%d routes, %d lines in the table", len(registered), len(table))
	}
}

// TestNobodyGetsInUnsigned calls every route without a session.
func TestNobodyGetsInUnsigned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		handler, err := newApp(t, d).Handler()
		if err != nil {
			t.Fatal(err)
		}
		names := regexp.MustCompile(`\{[a-z]+(\.\.\.)?\}`)
		for pattern, need := range access.Routes {
			method, path, _ := strings.Cut(pattern, " ")
			path = names.ReplaceAllString(strings.ReplaceAll(path, "{$}", ""), "019a0000-0000-7000-8000-000000000000")
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			switch {
			case need.Open() && (w.Code == http.StatusForbidden || w.Code >= 500):
				t.Errorf("%s: status %d", pattern, w.Code)
			case !need.Open() && method == http.MethodGet && !strings.HasPrefix(w.Header().Get("Location"), "/app/sign-in"):
				t.Errorf("%s: status %d without a session", pattern, w.Code)
			case !need.Open() && method == http.MethodPost && !strings.Contains(w.Body.String(), `action="/app/sign-in"`):
				t.Errorf("%s: status %d without a session", pattern, w.Code)
			case need.Public() && len(w.Result().Cookies()) > 0:
				t.Errorf("%s sets a cookie outside the application", pattern)
			}
			if w.Header().Get("Content-Security-Policy") == "" {
				t.Errorf("%s has no content security policy", pattern)
			}
			for _, c := range w.Result().Cookies() {
				if confined := strings.HasPrefix(c.Path, "/app/") || c.Path == "/review/"; !confined || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
					t.Errorf("%s sets the cookie %+v", pattern, c)
				}
			}
		}
	})
}

// TestNothingOfTheProgramStandsAtTheContentHost calls every route there, with a session's cookie.
func TestNothingOfTheProgramStandsAtTheContentHost(t *testing.T) {
	c := &config.Config{BaseURL: "http://localhost:8080", ContentURL: "http://127.0.0.1:8080", Addr: "localhost:8080", Zone: "Europe/Warsaw"}
	a, err := app.New(t.Context(), c, dbtest.SQLite(t), app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	for pattern := range access.Routes {
		method, path, _ := strings.Cut(pattern, " ")
		path = regexp.MustCompile(`\{[a-z]+(\.\.\.)?\}`).ReplaceAllString(strings.ReplaceAll(path, "{$}", ""), "pl")
		r, w := httptest.NewRequest(method, path, nil), httptest.NewRecorder()
		r.Host = "127.0.0.1:8080"
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusNotFound || w.Header().Get("Set-Cookie") != "" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %d %v", pattern, w.Code, w.Header())
		}
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	handler, err := newApp(t, dbtest.SQLite(t)).Handler()
	if err != nil {
		t.Fatal(err)
	}
	for pattern := range access.Routes {
		method, path, _ := strings.Cut(pattern, " ")
		if method != http.MethodPost || strings.Contains(path, "{") {
			continue
		}
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: status %d from another site", pattern, w.Code)
		}
	}
}

func TestHealth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		handler, err := newApp(t, d).Handler()
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 404, "/app/none": 404} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			if w.Code != want {
				t.Errorf("%s: status %d, want %d", path, w.Code, want)
			}
		}
	})
}

// ostoja runs the command line and returns what it printed.
func ostoja(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := app.Command(func(string) string { return "" }, &out)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func TestCommandLine(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "all.ostoja")
	for _, step := range []struct {
		want string
		args []string
	}{
		{"ostoja development", []string{"version"}},
		{"0 faults", []string{"course", "check", "courses/border-guard"}},
		{"0 faults", []string{"course", "check", "courses/guardian"}},
		{"0 faults", []string{"course", "check", "courses/social-welfare"}},
		{"0 faults", []string{"course", "check", "courses/temporary-guardian"}},
		{"the schema is at version", []string{"migrate", "--data", dir}},
		{"admin@demo.example", []string{"demo", "--learners", "40", "--data", dir}},
		{"nothing changed since version 1", []string{"course", "import", "courses/border-guard", "--data", dir}},
		{"nothing changed since version 1", []string{"course", "import", "courses/guardian", "--data", dir}},
		{"7 trainings, 0 violations", []string{"check", "--data", dir}}, // those with bookings
		{"/app/link/", []string{"user", "link", "admin@demo.example", "--data", dir}},
		{"107 people, 41 enrolments, 16 certificates", []string{"backup", file, "--data", dir}},
		{"restored: 107 people", []string{"restore", file, "--data", filepath.Join(dir, "copy"), "--backup-key", filepath.Join(dir, "backup.key")}},
		{"border-guard.zip", []string{"course", "export", "border-guard", filepath.Join(dir, "border-guard.zip"), "--data", dir}},
		{"0 faults", []string{"course", "check", filepath.Join(dir, "border-guard.zip")}},
		{"files; public key", []string{"site", "export", filepath.Join(dir, "site"), "--data", dir}},
		{"WHO signed was not checked", []string{"site", "verify", filepath.Join(dir, "site")}},
		{"the site is not open to readers yet", []string{"site", "import", "--data", filepath.Join(dir, "new")}},
		{"- a place of help", []string{"site", "import", "--data", filepath.Join(dir, "new")}},
		{"confirmation of 112 (the fact emergency, /app/site/facts/emergency)", []string{"site", "import", "--publish", "--data", filepath.Join(dir, "published")}},
	} {
		out, err := ostoja(t, step.args...)
		if err != nil || !strings.Contains(out, step.want) {
			t.Fatalf("ostoja %s: %v\n%s\nwant %q", strings.Join(step.args, " "), err, out, step.want)
		}
	}
	d, err := db.Open(t.Context(), filepath.Join(dir, "ostoja.db"))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM person WHERE sex = ''`); err != nil || n == 0 || n > 20 {
		t.Errorf("%d of 107 invented people did not say their sex, %v", n, err) // a few do not, as anywhere
	}
	for query, want := range map[string]int{ // the demonstration's trainings show each state, and something to do for each role
		`SELECT COUNT(*) FROM training`: 9, `SELECT COUNT(*) FROM training WHERE cancelled_at IS NOT NULL`: 1, `SELECT COUNT(*) FROM training WHERE put_off_at IS NOT NULL`: 1,
		`SELECT COUNT(*) FROM booking b JOIN person p ON p.id = b.person_id WHERE p.mail = 'uczestniczka@demo.example' AND b.state = 'offered'`: 1,
		`SELECT COUNT(*) FROM booking WHERE state = 'waiting'`: 4, `SELECT COUNT(*) FROM booking WHERE state = 'offered' AND accepted_at IS NOT NULL`: 2,
		`SELECT COUNT(*) FROM training_session s WHERE s.ends_at < (SELECT MAX(created_at) FROM person) AND NOT EXISTS (SELECT 1 FROM session_closing c WHERE c.session_id = s.id)`: 1,
		`SELECT COUNT(*) FROM paper_sheet`: 25, `SELECT COUNT(*) FROM paper_reading WHERE reading = 1`: 19, `SELECT COUNT(*) FROM paper_sheet WHERE drawn`: 2,
		`SELECT COUNT(*) FROM mail WHERE sent_at IS NULL`: 0, // nobody is told today of what happened weeks ago
	} {
		if n, err := db.One[int](t.Context(), d, query); err != nil || n != want {
			t.Errorf("%s: %d, want %d (%v)", query, n, want, err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{ // what the demonstration invents is on the site, and says so
		"news/index.html": "Przykład: dyżur w bibliotece", "publications/przyklad-poradnik.html": "przyklad.pdf", "publications/index.html": "Biuro (przykład)", "t5-10.html": "To miejsce jest wymyślone",
	} {
		page, err := os.ReadFile(filepath.Join(dir, "site", "pl", filepath.FromSlash(name)))
		if err != nil || !strings.Contains(string(page), want) {
			t.Errorf("%s: no %q (%v)", name, want, err)
		}
	}
	for _, args := range [][]string{
		{"restore", file, "--data", dir}, {"course", "check", "docs"}, {"course", "export", "none", "x.zip", "--data", dir}, {"user", "link", "nobody@example.org", "--data", dir},
		{"site", "export", filepath.Join(dir, "closed"), "--data", filepath.Join(dir, "new")},
		{"user", "role", "admin@demo.example", "king", "--data", dir}, {"serve", "--addr", "8080", "--data", dir},
		{"gain", "--json", "--individual", "internal/evidence/scorefile/testdata/golden.csv"},
	} {
		if out, err := ostoja(t, args...); err == nil {
			t.Errorf("ostoja %s succeeded:\n%s", strings.Join(args, " "), out)
		}
	}
}

func TestEveryCommandTeaches(t *testing.T) {
	for _, args := range [][]string{{}, {"serve"}, {"demo"}, {"course"}, {"course", "check"}, {"course", "import"}, {"course", "export"}, {"migrate"}, {"backup"}, {"restore"}, {"user"}, {"user", "link"}, {"user", "invite"}, {"user", "role"}} {
		out, err := ostoja(t, append(args, "--help")...)
		if err != nil || len(out) < 300 {
			t.Errorf("ostoja %s --help: %v, %d characters", strings.Join(args, " "), err, len(out))
		}
	}
}
