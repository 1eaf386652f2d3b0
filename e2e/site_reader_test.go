package e2e

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/backup"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/schema"
	"ostoja/internal/site"
	"ostoja/internal/site/sitetest"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestThreeDoors walks through each door to help, in three languages and two directions, with scripts and without.
func TestThreeDoors(t *testing.T) {
	p := openPublic(t, silent(t))
	for _, noScript := range []bool{false, true} {
		b := openBrowser(t, p.base, 360, noScript)
		for _, tag := range []string{"pl", "uk", "ar"} {
			words := p.app.Site.Bundle().Catalogue.Printer(tag)
			say := func(key string) string { return words.T(key) }
			b.open("/" + tag + "/")
			if dir := eval[string](b, `document.documentElement.dir`); dir != words.Dir() {
				t.Errorf("%s is written %s", tag, dir)
			}
			b.follow("door.help.title", say)
			b.seeLink("tel:112")
			b.followHref("/h54r")
			b.seeLink("tel:+48")
			b.open("/" + tag + "/")
			b.follow("door.worry.title", say)
			b.followHref("/p23t")
			b.open("/" + tag + "/")
			b.follow("door.plan.title", say)
			b.followHref("/w3")
			b.answerCheck()
			b.open("/" + tag + "/z6")
			b.fill("q", map[string]string{"pl": "szefem", "uk": "паспорта", "ar": "جواز"}[tag])
			b.do(chromedp.Click(`main form button`))
			for end := time.Now().Add(5 * time.Second); !b.has("main [role=status] h2") && time.Now().Before(end); {
				time.Sleep(20 * time.Millisecond) // with scripts the results come into the page
			}
			if n := eval[int](b, `document.querySelectorAll("main [role=status] ~ ul a b").length`); n == 0 {
				t.Errorf("%s: nothing found: %s", tag, b.where())
			}
			if address := eval[string](b, `location.href`); strings.Contains(address, "?") || !strings.HasSuffix(address, "/z6") {
				t.Errorf("the words stand in the address %s", address)
			}
		}
	}
}

func (b *browser) follow(key string, say func(string) string) {
	b.t.Helper()
	b.pressSelector(fmt.Sprintf(`[...document.querySelectorAll("main a")].find(e => e.innerText.includes(%q))`, say(key)), say(key))
}

func (b *browser) followHref(end string) {
	b.t.Helper()
	b.pressSelector(fmt.Sprintf(`document.querySelector("main a[href$='%s']")`, end), end)
	if at := eval[string](b, `location.pathname`); !strings.HasSuffix(at, end) {
		b.t.Fatalf("at %s, not %s", at, end)
	}
}

func (b *browser) seeLink(begin string) {
	b.t.Helper()
	if !b.has(fmt.Sprintf(`main a[href^=%q]`, begin)) {
		b.t.Errorf("no %s on %s", begin, b.where())
	}
}

// answerCheck answers the check of a job offer: each answer brings its advice, and nothing is sent.
func (b *browser) answerCheck() {
	b.t.Helper()
	shown := `[...document.querySelectorAll(".advice")].filter(e => e.checkVisibility()).length`
	if n := eval[int](b, shown); n != 0 {
		b.t.Errorf("%d pieces of advice before any answer", n)
	}
	for i, answer := range []string{"y", "n", "u"} {
		b.do(chromedp.Click(fmt.Sprintf(`label[for=q%d%s]`, i+1, answer)))
		if n := eval[int](b, shown); n != i+1 {
			b.t.Errorf("after %d answers %d pieces of advice", i+1, n)
		}
	}
	if n := eval[int](b, `document.querySelectorAll("fieldset").length`); n > site.MostQuestions || n < 5 {
		b.t.Errorf("%d questions", n)
	}
	b.do(chromedp.Click(`button[type=reset]`))
	if n := eval[int](b, shown); n != 0 {
		b.t.Errorf("%d pieces of advice after clearing", n)
	}
}

// TestAFactChangedOnceIsChangedEverywhere: in every language, on every page.
func TestAFactChangedOnceIsChangedEverywhere(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	const old, fresh = "tel:+48226280120", "tel:+48800999888"
	paths := p.crawl()
	count := func(what string) (n int) {
		for _, path := range paths {
			r, err := http.Get(p.base + path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(text(t, r.Body), what) {
				n++
			}
			_ = r.Body.Close()
		}
		return n
	}
	before := count(old)
	facts, err := p.app.Site.Facts(t.Context(), sitetest.Editor("1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range facts {
		if f.ID == site.NationalLine {
			f.Value = map[string]string{site.AnyLang: "+48 800 999 888"}
			sitetest.Fact(t, p.app.Site, f)
		}
	}
	if now, left := count(fresh), count(old); now != before || left != 0 || before < 60 {
		t.Errorf("before on %d pages; now on %d, and the old one still on %d", before, now, left)
	}
}

// TestTheServerKeepsNothingOfReaders makes 10,000 visits with planted addresses, agents and words, and looks for them wherever
// the server could have put them.
func TestTheServerKeepsNothingOfReaders(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(t.Context(), filepath.Join(dir, "ostoja.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(t.Context(), schema.FS); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	var patterns []string
	settings := &config.Config{BaseURL: "http://localhost", Addr: "localhost:0", Zone: "Europe/Warsaw", Database: "unused"}
	a, err := app.New(t.Context(), settings, d, app.Options{
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), Observe: func(pattern string, _ int, _ time.Duration) { patterns = append(patterns, pattern) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Site.Take(t.Context(), access.System, true); err != nil {
		t.Fatal(err)
	}
	handler, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	planted := []string{"203.0.113.77", "PlantedAgent", "planted-referrer.example", "plantedquery", "planted-cookie", "planted-path"}
	paths := []string{"/", "/pl/", "/uk/d37f", "/ar/w3", "/pl/z6", "/pl/planted-path", "/nope/planted-path", "/exit", "/vi/info-vi.html", "/pl/d37f?q=plantedquery"}
	const visits = 10_000
	for i := range visits {
		method, body := http.MethodGet, io.Reader(nil)
		path := paths[i%len(paths)]
		if path == "/pl/z6" && i%20 < 10 {
			method, body = http.MethodPost, strings.NewReader(url.Values{"q": {"plantedquery"}}.Encode())
		}
		r := httptest.NewRequestWithContext(t.Context(), method, path, body)
		r.RemoteAddr = "203.0.113.77:4711"
		r.Header.Set("User-Agent", "PlantedAgent/1.0")
		r.Header.Set("Referer", "https://planted-referrer.example/plantedquery")
		r.Header.Set("X-Forwarded-For", "203.0.113.77")
		r.Header.Set("Cookie", "ostoja=planted-cookie")
		if body != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%s: %d", path, w.Code)
		}
	}
	if err := a.CountVisits(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := db.All[int64](t.Context(), d, `SELECT n FROM site_visit ORDER BY n DESC`) // the application tells only of days that are over
	if err != nil || len(list) < 4 || list[0] < int64(visits/len(paths)) {
		t.Fatalf("the visits were not counted: %v %v", list, err)
	}
	var whole bytes.Buffer
	if _, err := backup.Write(t.Context(), d, a.Site.Now(), &whole); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	places := map[string][]byte{"log": log.Bytes(), "patterns": []byte(strings.Join(patterns, "\n")), "backup": unpacked(t, whole.Bytes())}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if places[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Contains(places["ostoja.db"], []byte("site_visit")) || !bytes.Contains(places["backup"], []byte(`"d37f"`)) || len(places["log"]) == 0 {
		t.Fatal("the control was not found: the search is blind")
	}
	for place, content := range places {
		for _, p := range planted {
			if bytes.Contains(content, []byte(p)) {
				t.Errorf("%q stands in the %s", p, place)
			}
		}
	}
}

func unpacked(t *testing.T, zipped []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
