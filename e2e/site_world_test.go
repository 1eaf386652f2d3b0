package e2e

import (
	"bufio"
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
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	content "ostoja/site"
)

// public is the running public site with the shipped content, with a way out that leads to a server of the test's own.
type public struct {
	t    *testing.T
	app  *app.App
	d    *db.DB
	base string

	mu       sync.Mutex
	requests []*http.Request // as they came in
	quiet    bool
	plain    bool // take Accept-Encoding away, so that bodies can be found again byte by byte
}

// openPublic serves the site; exit is where "leave now" leads.
func openPublic(t *testing.T, exit string) *public {
	t.Helper()
	d := dbtest.SQLite(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &public{t: t, d: d, base: "http://" + listener.Addr().String()}
	settings := &config.Config{BaseURL: p.base, Addr: listener.Addr().String(), Zone: "Europe/Warsaw", Database: "unused", Site: contentWith(t, exit)}
	if p.app, err = app.New(t.Context(), settings, d, app.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.app.Site.Take(t.Context(), access.System, true); err != nil {
		t.Fatal(err)
	}
	handler, err := p.app.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		if !p.quiet {
			p.requests = append(p.requests, r)
		}
		if p.plain {
			r.Header.Del("Accept-Encoding")
		}
		p.mu.Unlock()
		handler.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(listener) }() // ends with Close below
	t.Cleanup(func() { _ = server.Close() })
	return p
}

// contentWith copies the shipped content with another way out.
func contentWith(t *testing.T, exit string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, content.FS); err != nil {
		t.Fatal(err)
	}
	b, err := fs.ReadFile(content.FS, "site.yaml")
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
			if !known[m[1]] {
				known[m[1]] = true
				queue = append(queue, m[1])
			}
		}
	}
	p.seen()
	return paths
}

// wire returns the bytes of a page's answer with its headers, as a browser without brotli gets them.
func (p *public) wire(path string) (n int, header http.Header) {
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
