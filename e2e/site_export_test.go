package e2e

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ostoja/internal/site/siteweb/reader"
)

// mostSingle is the size of the one file of a language that messengers carry, in bytes.
const mostSingle = 100_000

// export writes the site as files twice, an hour apart, and returns the folder.
func (p *public) export() string {
	p.t.Helper()
	dir := filepath.Join(p.t.TempDir(), "mirror")
	list, err := reader.Files(p.t.Context(), p.app.Site, p.base, p.app.SiteKey())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := reader.WriteFiles(dir, list); err != nil {
		p.t.Fatal(err)
	}
	return dir
}

func TestExportIsTheSameWheneverItIsMade(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	first, err := reader.Files(t.Context(), p.app.Site, p.base, p.app.SiteKey())
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // whoever writes a time into a file writes its second
	second, err := reader.Files(t.Context(), p.app.Site, p.base, p.app.SiteKey())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(first, second, func(a, b reader.File) bool { return a.Name == b.Name && bytes.Equal(a.Content, b.Content) }) {
		t.Error("two exports of the same content differ")
	}
	singles := 0
	for _, f := range first {
		if strings.Contains(f.Name, "/info-") && strings.HasSuffix(f.Name, ".html") {
			if singles++; len(f.Content) > mostSingle {
				t.Errorf("%s has %d bytes", f.Name, len(f.Content))
			}
			if n := bytes.Count(f.Content, []byte("<article")); n < 6 {
				t.Errorf("%s holds %d articles", f.Name, n)
			}
		}
	}
	if singles != len(p.app.Site.Languages()) {
		t.Errorf("%d single files", singles)
	}
}

func TestExportIsSigned(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	dir := p.export()
	key := reader.PublicKey(p.app.SiteKey())
	if err := reader.Verify(dir, key); err != nil {
		t.Fatal(err)
	}
	if err := reader.Verify(dir, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="); err == nil || !strings.Contains(err.Error(), "signature") {
		t.Errorf("another key will do: %v", err)
	}
	page := filepath.Join(dir, "pl", "d37f.html")
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil func() error
		want  string
	}{
		"a changed page": {func() error {
			return os.WriteFile(page, bytes.Replace(content, []byte("112"), []byte("113"), 1), 0o600)
		}, "pl/d37f.html was changed"},
		"a missing page":  {func() error { return os.Remove(page) }, "pl/d37f.html is missing"},
		"a page too many": {func() error { return os.WriteFile(filepath.Join(dir, "pl", "x.html"), nil, 0o600) }, "x.html is not in the list"},
	} {
		if err := c.spoil(); err != nil {
			t.Fatal(err)
		}
		if err := reader.Verify(dir, key); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.WriteFile(page, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "pl", "x.html"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "mine.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := reader.WriteFiles(other, nil); err == nil {
		t.Error("an export writes into a folder with somebody's files")
	}
}

// TestExportServedByAnotherServer: nginx serves the files, and the pages pass the readers' tests; a stick's pages open from disk.
func TestExportServedByAnotherServer(t *testing.T) {
	world, referrers := elsewhere(t)
	p := openPublic(t, world)
	dir := p.export()
	m := &public{t: t, app: p.app, base: "http://" + nginx(t, dir)}
	m.linksResolve(dir)
	b, stop := profiled(t, m.base, t.TempDir(), false)
	defer stop()
	b.watchViolations()
	for _, path := range []string{"/index.html", "/pl/index.html", "/uk/d37f.html", "/ar/h54r.html", "/vi/w3.html", "/en/z6.html", "/ru/b8.html", "/pl/d37f-a6.html", "/pl/news/index.html", "/pl/info-pl.html"} {
		n, header := m.wire(path)
		if n > mostOnWire && !strings.Contains(path, "info-") {
			t.Errorf("%s: %d bytes", path, n)
		}
		if header.Get("Cache-Control") != "no-store" || header.Get("Referrer-Policy") != "no-referrer" {
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

// nginx serves a folder as docs/operate/mirror.nginx.conf says and returns its address.
func nginx(t *testing.T, dir string) string {
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
	l := listen(t)
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	site, err := os.ReadFile(filepath.Join("..", "docs", "operate", "mirror.nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	text := fmt.Sprintf("daemon off; user root; pid %[1]s/pid; error_log %[1]s/error.log;\nevents {}\nhttp {\nclient_body_temp_path %[1]s/1; proxy_temp_path %[1]s/2; fastcgi_temp_path %[1]s/3; uwsgi_temp_path %[1]s/4; scgi_temp_path %[1]s/5;\n%[2]s\n}\n",
		work, strings.NewReplacer("LISTEN;", address+";", "ROOT;", dir+";").Replace(string(site)))
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
			return address
		}
	}
	t.Fatal("nginx does not start")
	return ""
}
