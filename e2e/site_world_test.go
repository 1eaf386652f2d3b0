package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/site/sitetest"
	shipped "ostoja/site"
)

// public is the running public site with the shipped content and what an office adds, with a way out that leads to a server of the
// test's own.
type public struct {
	t     *testing.T
	app   *app.App
	d     *db.DB
	clock *clock.Fake
	base  string
	whole http.Handler // the program without what the test notes around it

	mu       sync.Mutex
	requests []*http.Request // as they came in
	quiet    bool
	plain    bool // take Accept-Encoding away, so that bodies can be found again byte by byte
	broken   bool // answer what is sent with an error
}

// openPublic serves the site; exit is where "leave now" leads.
func openPublic(t *testing.T, exit string) *public {
	t.Helper()
	return openPublicWith(t, exit, "")
}

// openPublicWith is openPublic with an office's own first-line kit; "" is the one that comes with the program.
func openPublicWith(t *testing.T, exit, kit string) *public {
	t.Helper()
	d := dbtest.SQLite(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &public{t: t, d: d, base: "http://" + listener.Addr().String(), clock: clock.NewFake(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))} // Monday, nine in the morning in Warsaw
	settings := &config.Config{BaseURL: p.base, Addr: listener.Addr().String(), Zone: "Europe/Warsaw", Database: "unused", Site: contentWith(t, exit), Kit: kit}
	if p.app, err = app.New(t.Context(), settings, d, app.Options{Clock: p.clock, Purpose: site.Demonstration}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.app.Site.ImportBundle(t.Context(), access.System, true); err != nil {
		t.Fatal(err)
	}
	p.fill()
	handler, err := p.app.Handler()
	if err != nil {
		t.Fatal(err)
	}
	p.whole = handler
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		if !p.quiet {
			p.requests = append(p.requests, r)
		}
		if p.plain {
			r.Header.Del("Accept-Encoding")
		}
		broken := p.broken && r.Method == http.MethodPost
		p.mu.Unlock()
		if broken {
			http.Error(w, "out of order", http.StatusBadGateway)
			return
		}
		handler.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(listener) }() // ends with Close below
	t.Cleanup(func() { _ = server.Close() })
	return p
}

// What an office adds to the shipped content, so that every kind of page is there.
const (
	someNews        = "spotkanie-w-lodzi"
	somePublication = "poradnik"
	someFile        = "Poradnik-1.pdf"
	someRegion      = "14"
	staleArticle    = "call" // its translations are older than the text in Polish
	overdueFact     = "migrant-line"
)

// fill adds news, a publication with a file, a regional service, a stale translation and an overdue fact.
func (p *public) fill() {
	p.t.Helper()
	ctx, author := p.t.Context(), sitetest.Editor("1")
	must := func(err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	for id, kind := range map[string]content.Kind{someNews: content.News, somePublication: content.Publication} {
		must(p.app.Site.CreateArticle(ctx, author, content.Article{ID: id, Kind: kind, Topic: "rights", Day: "2026-11-20"}))
		for _, tag := range []string{"pl", "en"} { // in the other languages the Polish text stands
			sitetest.Publish(p.t, p.app.Site, site.TextDraft{ArticleID: id, Lang: tag, Title: "Spotkanie w Łodzi: " + tag + ", " + string(kind), Tab: "Spotkanie " + string(kind), Summary: "Krótko o tym.", Body: "Zadzwoń: {national-line}.\n"})
		}
	}
	must(p.app.Site.AddFile(ctx, author, content.File{ArticleID: somePublication, Edition: "2, 2026", Lang: "pl", Name: someFile}, append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("treść "), 40_000)...)))
	hours, err := directory.ParseHours("Mo-Fr 09:30-16:00; PH closed")
	must(err)
	sitetest.Service(p.t, p.app.Site, &directory.Service{
		ID: "biuro", Name: map[string]string{"pl": "Biuro próbne"}, Summary: map[string]string{"pl": "Porady prawne"}, Languages: []string{"pl", "uk"}, Phones: []directory.Phone{{Number: "+48 22 000 00 01"}},
		Region: someRegion, Town: "Warszawa", Address: "ul. Próbna 1", Hours: hours, Source: "test", Checked: "2026-11-20", By: "test", ValidUntil: "2027-11-20",
	}, true)
	o, err := p.app.Site.Article(ctx, author, staleArticle)
	must(err)
	pl := o.Texts["pl"]
	sitetest.Publish(p.t, p.app.Site, site.TextDraft{ArticleID: staleArticle, Lang: "pl", Title: pl.Title, Tab: pl.Tab, Summary: pl.Summary, Body: pl.Body + "\nTekst poprawiony.\n", Base: pl.Base()})
	facts, err := p.app.Site.Facts(ctx, author)
	must(err)
	for _, f := range facts {
		if f.ID == overdueFact {
			f.Checked, f.ValidUntil = "2026-08-10", "2026-11-10"
			sitetest.Fact(p.t, p.app.Site, f)
		}
	}
}

// kinds are the paths of all distinct kinds of pages in a language.
func kinds(tag string) (list []string) {
	for _, page := range []string{
		"", "k4", "m7", "r2", "t5", "t5-" + someRegion, "w3", "z6", "b8", "d37f", "c92k", "h54r", "q39z", "news/", "news/" + someNews, "publications/", "publications/" + somePublication,
		"d37f-a4", "d37f-a6", "d37f-a3", "c92k-a6", "info-" + tag + ".html", "nothing",
	} {
		list = append(list, "/"+tag+"/"+page)
	}
	return list
}

// contentWith copies the shipped content with another way out.
func contentWith(t *testing.T, exit string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, shipped.FS); err != nil {
		t.Fatal(err)
	}
	b, err := fs.ReadFile(shipped.FS, "site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := regexp.MustCompile(`(?m)^exit: \S+`).ReplaceAllString(string(b), "exit: "+exit)
	if err := os.WriteFile(filepath.Join(dir, "site.yaml"), []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// seen returns the requests since the last call.
func (p *public) seen() []*http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.requests
	p.requests = nil
	return list
}

var hrefs = regexp.MustCompile(`href="(/[^"#]*)"`)

// crawl returns all pages that links lead to from the home pages, in the order found. Every link must lead somewhere.
func (p *public) crawl() (paths []string) {
	p.t.Helper()
	queue, known := []string{}, map[string]bool{}
	for _, l := range p.app.Site.Languages() {
		queue = append(queue, "/"+l.Tag+"/")
		known["/"+l.Tag+"/"] = true
	}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		r, err := http.Get(p.base + path)
		if err != nil {
			p.t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil || r.StatusCode != http.StatusOK {
			p.t.Fatalf("%s: %s %v", path, r.Status, err)
		}
		if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			paths = append(paths, path)
		}
		for _, m := range hrefs.FindAllStringSubmatch(string(body), -1) {
			if !known[m[1]] && !strings.HasPrefix(m[1], "/app/") { // where people of the programme sign in is no page of the site
				known[m[1]] = true
				queue = append(queue, m[1])
			}
		}
	}
	p.seen()
	return paths
}

// wire returns the bytes of a page's answer with its headers, as a browser without brotli gets them once the page is compressed.
func (p *public) wire(path string) (n int, header http.Header) {
	p.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if n, header = p.answer(path); header.Get("Content-Encoding") == "gzip" || time.Now().After(end) {
			return n, header
		}
	}
}

func (p *public) answer(path string) (n int, header http.Header) {
	p.t.Helper()
	address, err := url.Parse(p.base)
	if err != nil {
		p.t.Fatal(err)
	}
	c, err := net.Dial("tcp", address.Host)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: gzip, deflate\r\nConnection: close\r\n\r\n", path, address.Host); err != nil {
		p.t.Fatal(err)
	}
	counted := &counter{Reader: c}
	r, err := http.ReadResponse(bufio.NewReader(counted), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		p.t.Fatal(err)
	}
	_ = r.Body.Close()
	_, _ = io.Copy(io.Discard, counted)
	return counted.n, r.Header
}

type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}

// elsewhere is a site of the world to which "leave now" leads. It notes what it is told of where the reader came from.
func elsewhere(t *testing.T) (address string, referrers func() []string) {
	t.Helper()
	var mu sync.Mutex
	var list []string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		list = append(list, r.Referer())
		mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!DOCTYPE html><title>Pogoda</title><link rel="icon" href="data:,"><p>Jutro będzie słonecznie.</p>`))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/", func() []string {
		mu.Lock()
		defer mu.Unlock()
		return list
	}
}

// silent is a site of the world that never answers.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
		}
	}()
	return "https://" + l.Addr().String() + "/"
}
