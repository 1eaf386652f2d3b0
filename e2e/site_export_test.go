package e2e

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/firstline/firstlinetest"
	"ostoja/internal/site/siteweb/reader"
)

// mostSingle is the size of the one file of a language that messengers carry, in bytes.
const mostSingle = 100_000

// mostKept is the size of a file of the first-line kit that somebody keeps, in bytes.
const mostKept = 150_000

// exportKey signs the exports, as the installation's own does.
var exportKey = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

// export writes the site as files and returns the folder.
func (p *public) export() string {
	p.t.Helper()
	dir := filepath.Join(p.t.TempDir(), "mirror")
	list, err := reader.Files(p.t.Context(), p.app.Site, p.base, exportKey)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := reader.WriteFiles(dir, list); err != nil {
		p.t.Fatal(err)
	}
	return dir
}

// TestExportIsTheSameWheneverItIsMade: hours later, when services have closed and it is another day.
func TestExportIsTheSameWheneverItIsMade(t *testing.T) {
	t.Parallel()
	p := openPublic(t, "https://exit.example/")
	first, err := reader.Files(t.Context(), p.app.Site, p.base, exportKey)
	if err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(17*time.Hour + 17*time.Minute + 17*time.Second)
	second, err := reader.Files(t.Context(), p.app.Site, p.base, exportKey)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(first, second, func(a, b reader.File) bool { return a.Name == b.Name && bytes.Equal(a.Content, b.Content) }) {
		t.Error("two exports of the same content differ")
	}
	singles, kept := 0, 0
	for _, f := range first {
		if strings.Contains(f.Name, "/keep-") && strings.HasSuffix(f.Name, ".html") {
			if kept++; len(f.Content) > mostKept || bytes.Contains(f.Content, []byte(`href="../`)) {
				t.Errorf("%s has %d bytes, or leads to files that are not beside it", f.Name, len(f.Content))
			}
		}
		if strings.Contains(f.Name, "/info-") && strings.HasSuffix(f.Name, ".html") {
			if singles++; len(f.Content) > mostSingle {
				t.Errorf("%s has %d bytes", f.Name, len(f.Content))
			}
			if n := bytes.Count(f.Content, []byte("<article")); n < 6 {
				t.Errorf("%s holds %d articles", f.Name, n)
			}
		}
	}
	if places := len(firstlinetest.Shipped(t).Places); singles != len(p.app.Site.Languages()) || kept != places*singles {
		t.Errorf("%d single files, %d of the first-line kit", singles, kept)
	}
}

// TestExportServedByAnotherServer: nginx serves the files, and the pages pass the readers' tests; a stick's pages open from disk.
func TestExportServedByAnotherServer(t *testing.T) {
	world, referrers := elsewhere(t)
	p := openPublic(t, world)
	dir := p.export()
	address, careless, faults := nginx(t, dir)
	m := &public{t: t, app: p.app, base: "http://" + address}
	m.linksResolve(dir)
	m.servesAsWeDo(careless, faults)
	b, stop := profiled(t, m.base, t.TempDir(), false)
	defer stop()
	b.watchViolations()
	for _, path := range []string{"/index.html", "/pl/index.html", "/uk/d37f.html", "/ar/h54r.html", "/vi/w3.html", "/en/z6.html", "/ru/b8.html", "/pl/d37f-a6.html", "/pl/news/index.html", "/pl/info-pl.html", "/pl/", "/pl/d37f", "/ar/d37f-a3"} {
		n, header := m.wire(path)
		if n > mostOnWire && !strings.Contains(path, "info-") {
			t.Errorf("%s: %d bytes", path, n)
		}
		if header.Get("Cache-Control") != "no-store" || header.Get("Referrer-Policy") != "no-referrer" || header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Content-Security-Policy") != "frame-ancestors 'none'" {
			t.Errorf("%s: %v", path, header)
		}
		b.open(path)
		b.allRules("mirror " + path)
		b.fits(path)
		if found := eval[string](b, `window.__violations.join("\n")`); found != "" {
			t.Errorf("%s: policy violated: %s", path, found)
		}
		if n := eval[int](b, `performance.getEntriesByType("resource").filter(e => !e.name.startsWith("data:")).length`); n != 0 {
			t.Errorf("%s loads %d things", path, n)
		}
	}
	b.byKeyboard("/pl/d37f")
	b.open("/pl/w3.html")
	b.answerCheck()
	b.open("/pl/d37f.html")
	b.pressSelector(`document.getElementById("out")`, "way out")
	b.see("Jutro będzie słonecznie")
	if list := referrers(); len(list) == 0 || list[0] != "" {
		t.Errorf("the world is told %q", list)
	}

	b.open("file://" + filepath.ToSlash(dir) + "/index.html")
	b.pressSelector(`document.querySelector("a[lang=pl]")`, "Polski")
	b.pressSelector(`document.querySelector(".doors a")`, "the first door")
	b.followHref("h54r.html")
	b.see("Masz prawa")
}

// servesAsWeDo looks at what only a server decides: addresses of leaflets, headers of files, and what is written down.
func (p *public) servesAsWeDo(careless string, faults func() string) {
	p.t.Helper()
	get := func(address string) *http.Response {
		p.t.Helper()
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		r, err := client.Get(address)
		if err != nil {
			p.t.Fatal(err)
		}
		_ = r.Body.Close()
		return r
	}
	for path, want := range map[string]int{"/": 200, "/pl/": 200, "/pl/d37f": 200, "/pl/d37f-a4": 200, "/exit": 200, "/pl": 301, "/pl/nothing": 404} {
		r := get(p.base + path)
		if r.StatusCode != want || r.Header.Get("Cache-Control") != "no-store" || want == 301 && r.Header.Get("Location") != "/pl/" {
			p.t.Errorf("%s: %s %v", path, r.Status, r.Header)
		}
	}
	o, err := p.app.Site.Article(p.t.Context(), access.System, somePublication)
	if err != nil {
		p.t.Fatal(err)
	}
	f := get(p.base + "/files/" + o.Files[0].Hash + "/" + url.PathEscape(someFile))
	if f.StatusCode != 200 || f.Header.Get("Content-Disposition") != "attachment" || !strings.Contains(f.Header.Get("Content-Security-Policy"), "sandbox") || f.Header.Get("Content-Type") != "application/pdf" {
		p.t.Errorf("a file: %s %v", f.Status, f.Header)
	}
	long := "/" + strings.Repeat("a", 300) // a name that no file can have is a fault to nginx, and so written down
	get("http://" + careless + long)
	if !strings.Contains(faults(), "client: 127.0.0.1") {
		p.t.Fatal("the control is not in nginx's log: the search is blind")
	}
	before := faults()
	get(p.base + long)
	if after := faults(); after != before {
		p.t.Errorf("nginx writes down %s", after[len(before):])
	}
}

// linksResolve follows each link of each page to a file.
func (p *public) linksResolve(dir string) {
	p.t.Helper()
	pages := 0
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".html") {
			return err
		}
		pages++
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, part := range strings.Split(string(content), `href="`)[1:] {
			to, _, _ := strings.Cut(part, `"`)
			to, _, _ = strings.Cut(to, "#")
			if to == "" || strings.Contains(to, ":") {
				continue
			}
			if to, err = url.PathUnescape(html.UnescapeString(to)); err != nil {
				return err
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), filepath.FromSlash(to))); err != nil {
				p.t.Errorf("%s leads nowhere: %s", strings.TrimPrefix(name, dir), to)
			}
		}
		return nil
	})
	if err != nil || pages < 100 {
		p.t.Fatalf("%d pages: %v", pages, err)
	}
}

// nginx serves a folder as docs/operate/mirror.nginx.conf says, and returns its address, that of a server which writes its faults
// down, and what was written.
func nginx(t *testing.T, dir string) (address, careless string, log func() string) {
	t.Helper()
	binary, err := exec.LookPath("nginx")
	if err != nil {
		if binary, err = filepath.Abs(filepath.Join("..", ".cache", "nginx", "usr", "sbin", "nginx")); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(binary); err != nil {
			t.Fatal("nginx is not there (make setup): ", err)
		}
	}
	for _, to := range []*string{&address, &careless} {
		l := listen(t)
		*to = l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	site, err := os.ReadFile(filepath.Join("..", "docs", "operate", "mirror.nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	text := fmt.Sprintf("daemon off; user root; pid %[1]s/pid; error_log %[1]s/error.log;\nevents {}\nhttp {\nclient_body_temp_path %[1]s/1; proxy_temp_path %[1]s/2; fastcgi_temp_path %[1]s/3; uwsgi_temp_path %[1]s/4; scgi_temp_path %[1]s/5;\n%[2]s\nserver { listen %[3]s; root %[1]s; access_log off; }\n}\n",
		work, strings.NewReplacer("LISTEN;", address+";", "ROOT;", dir+";").Replace(string(site)), careless)
	if os.Getuid() != 0 {
		text = strings.Replace(text, "user root; ", "", 1)
	}
	config := filepath.Join(work, "nginx.conf")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), binary, "-c", config, "-p", work, "-e", filepath.Join(work, "error.log"))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // ended by the signal
	})
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			return address, careless, func() string {
				b, err := os.ReadFile(filepath.Join(work, "error.log"))
				if err != nil {
					t.Fatal(err)
				}
				return string(b)
			}
		}
	}
	t.Fatal("nginx does not start")
	return "", "", nil
}
