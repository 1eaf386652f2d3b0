package e2e

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/backup"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/fact/facttest"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	shipped "ostoja/site"
)

// readerFrom is the address of the test's readers: all of 127/8 is this machine, and no other line has cause to name this one.
const readerFrom = "127.203.113.77"

// program is the real binary, serving.
type program struct {
	addr, metrics string
	cmd           *exec.Cmd
	mu            sync.Mutex
	said          bytes.Buffer // what it wrote to both its streams
}

// Write collects what the program says.
func (p *program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *program) words() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// serveProgram builds the program, takes the shipped content and serves it from a folder.
func serveProgram(t *testing.T, dir string) *program {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "ostoja")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../cmd/ostoja").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), binary, "site", "import", "--publish", "--data", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	confirmNumbers(t, dir)
	p := &program{}
	for _, to := range []*string{&p.addr, &p.metrics} {
		l := listen(t)
		*to = l.Addr().String()
		_ = l.Close()
	}
	p.cmd = exec.CommandContext(t.Context(), binary, "serve", "--data", dir, "--addr", p.addr, "--metrics-addr", p.metrics, "--base-url", "http://"+p.addr, "--log-level", "debug")
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // ended long before, unless the test failed
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if r, err := http.Get("http://" + p.addr + "/readyz"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return p
			}
		}
	}
	t.Fatalf("the program is not ready: %s", p.words())
	return nil
}

// stored opens the site that a folder holds, without its program.
func stored(t *testing.T, dir string) (*db.DB, *site.Service) {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(dir, "ostoja.db"))
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := content.ReadBundle(shipped.FS, facttest.Poland(t), zone)
	if err != nil {
		t.Fatal(err)
	}
	return d, site.New(d, clock.System{}, zone, bundle, nil, nil, site.Production)
}

// confirmNumbers confirms the numbers for which a new site waits.
func confirmNumbers(t *testing.T, dir string) {
	t.Helper()
	d, s := stored(t, dir)
	defer func() { _ = d.Close() }()
	o, err := s.Opening(t.Context(), access.System)
	if err != nil || o.Open || len(o.Unconfirmed) == 0 {
		t.Fatalf("a new site waits for nothing: %+v, %v", o, err)
	}
	var ids []string
	for _, f := range o.Unconfirmed {
		ids = append(ids, f.ID)
	}
	if _, err := s.Confirm(t.Context(), access.System, ids, "test"); err != nil {
		t.Fatal(err)
	}
	if o, err = s.Opening(t.Context(), access.System); err != nil || !o.Open {
		t.Fatalf("the site is not open: %+v, %v", o, err)
	}
}

func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, p.words())
	}
}

// fromReader dials from the readers' address.
func fromReader(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(readerFrom)}}
	return d.DialContext(ctx, network, address)
}

// malformed sends what is no request, and returns how it is answered.
func (p *program) malformed(t *testing.T, text string) string {
	t.Helper()
	c, err := fromReader(t.Context(), "tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// TestTheServerKeepsNothingOfReaders makes 10,000 visits to the real program with planted addresses, agents and words, and looks for
// them wherever it could have put them: both its streams, its metrics, its data and a backup. Ended, it has kept the counts.
func TestTheServerKeepsNothingOfReaders(t *testing.T) {
	dir := t.TempDir()
	p := serveProgram(t, dir)
	planted := []string{readerFrom, "203.0.113.77", "PlantedAgent", "planted-referrer.example", "plantedquery", "planted-cookie", "planted-path"}
	paths := []string{"/", "/pl/", "/uk/d37f", "/ar/w3", "/pl/z6", "/pl/planted-path", "/nope/planted-path", "/exit", "/vi/info-vi.html", "/pl/d37f?q=plantedquery"}
	const visits, readers = 10_000, 8
	var group sync.WaitGroup
	for n := range readers {
		group.Go(func() {
			client := &http.Client{Transport: &http.Transport{DialContext: fromReader, DisableCompression: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			for i := n; i < visits; i += readers {
				if err := visit(t.Context(), client, "http://"+p.addr, paths[i/readers%len(paths)], i/readers%20 < 10); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	for _, bad := range []string{"GET /pl/planted-path HTTP/9.9\r\nHost: x\r\n\r\n", "planted-path\r\n\r\n", "GET /pl/ HTTP/1.1\r\nHost: x\r\nplanted-cookie planted\r\n\r\n"} {
		if line := p.malformed(t, bad); !strings.Contains(line, " 400 ") && !strings.Contains(line, " 505 ") {
			t.Errorf("%q is answered %q", bad, line)
		}
	}
	r, err := http.Get("http://" + p.metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	metrics := text(t, r.Body)
	_ = r.Body.Close()
	p.stop(t)

	places := map[string][]byte{"streams": []byte(p.words()), "metrics": []byte(metrics)}
	maps.Copy(places, kept(t, dir))
	for place, control := range map[string]string{"streams": "route=\"GET /{lang}/{page...}\"", "metrics": "ostoja_requests_total", "ostoja.db": "site_visit", "backup": `"d37f"`} {
		if !bytes.Contains(places[place], []byte(control)) {
			t.Fatalf("the control is not in the %s: the search is blind", place)
		}
	}
	for place, content := range places {
		for _, word := range planted {
			if i := bytes.Index(content, []byte(word)); i >= 0 {
				t.Errorf("%q stands in the %s: …%q…", word, place, content[max(0, i-80):min(len(content), i+80)])
			}
		}
	}
}

// visit opens a page with all that a browser tells.
func visit(ctx context.Context, client *http.Client, base, path string, search bool) error {
	method, body := http.MethodGet, io.Reader(nil)
	if path == "/pl/z6" && search {
		method, body = http.MethodPost, strings.NewReader(url.Values{"q": {"plantedquery"}}.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, base+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", "PlantedAgent/1.0")
	r.Header.Set("Referer", "https://planted-referrer.example/plantedquery")
	r.Header.Set("X-Forwarded-For", "203.0.113.77")
	r.Header.Set("Cookie", "ostoja=planted-cookie")
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode >= 500 {
		return fmt.Errorf("%s: %s", path, answer.Status)
	}
	return err
}

// kept returns what the program kept: each file of its folder, and a backup. Visits must have been counted.
func kept(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	places := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if places[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	d, s := stored(t, dir)
	defer func() { _ = d.Close() }()
	counts, err := db.All[int64](t.Context(), d, `SELECT n FROM site_visit ORDER BY n DESC`) // the application tells only of days that are over
	if err != nil || len(counts) < 4 || counts[0] < 1000 {
		t.Fatalf("the visits were not counted, or lost at the end: %+v %v", counts, err)
	}
	var whole bytes.Buffer
	if _, err := backup.Write(t.Context(), d, s.Now(), &whole, backup.Protection{Key: make(ed25519.PrivateKey, ed25519.PrivateKeySize)}); err != nil {
		t.Fatal(err)
	}
	places["backup"] = unpacked(t, whole.Bytes())
	return places
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
