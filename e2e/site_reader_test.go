package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"ostoja/internal/fact"
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
	t.Parallel()
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
			address := eval[string](b, `location.pathname + location.search`)
			if fits := address == "/"+tag+"/z6"; fits == noScript || noScript && !regexp.MustCompile(`^/`+tag+`/z6-[A-Za-z0-9_-]{64,}$`).MatchString(address) {
				t.Errorf("the result has the address %s", address)
			}
		}
	}
}

// TestASearchThatFailsSaysSo: the page stays, with its list of topics, and the words in it.
func TestASearchThatFailsSaysSo(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	b := openBrowser(t, p.base, 360, false)
	p.mu.Lock()
	p.broken = true
	p.mu.Unlock()
	const said = `document.querySelector("form [role=status] p").checkVisibility()`
	b.open("/uk/z6")
	if eval[bool](b, said) {
		t.Error("it says so before anybody searched")
	}
	b.fill("q", "паспорт")
	b.do(chromedp.Click(`main form button`))
	for end := time.Now().Add(5 * time.Second); !eval[bool](b, said) && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	b.see("Пошук не вдався")
	if got := eval[string](b, `[location.pathname, document.querySelector("[name=q]").value, document.querySelectorAll("main ul.plain li").length > 10].join(" ")`); got != "/uk/z6 паспорт true" {
		t.Errorf("the page is %s", got)
	}
	p.mu.Lock()
	p.broken = false
	p.mu.Unlock()
	b.do(chromedp.Click(`main form button`))
	for end := time.Now().Add(5 * time.Second); !b.has("main [role=status] h2") && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	if eval[bool](b, said) || !b.has("main [role=status] h2") {
		t.Errorf("the next search does not take it back: %s", b.where())
	}
}

// TestTheCopyIsSaved: the link on the page about the site saves the one file of the language, and stays where it was.
func TestTheCopyIsSaved(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	b := openBrowser(t, p.base, 360, false)
	dir := t.TempDir()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{Behavior: "allow", DownloadPath: dir})
		return err
	}))
	b.open("/vi/b8")
	b.do(chromedp.Click(`a[download]`))
	saved := filepath.Join(dir, "info-vi.html")
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if s, err := os.Stat(saved); err == nil && s.Size() > 10_000 {
			break
		}
	}
	if s, err := os.Stat(saved); err != nil || s.Size() < 10_000 {
		t.Errorf("the copy was not saved: %v", err)
	}
	if at := eval[string](b, `location.pathname`); at != "/vi/b8" {
		t.Errorf("the page is %s", at)
	}
	b.open("file://" + saved)
	if got := eval[string](b, `[document.getElementById("out").dataset.to, document.title].join(" ")`); got != "https://exit.example/ Thông tin – Bản sao của trang web này" {
		t.Errorf("the copy has %s", got)
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
	if n := eval[int](b, `document.querySelectorAll("fieldset").length`); n > 8 || n < 5 {
		b.t.Errorf("%d questions", n)
	}
	b.do(chromedp.Click(`button[type=reset]`))
	if n := eval[int](b, shown); n != 0 {
		b.t.Errorf("%d pieces of advice after clearing", n)
	}
}

// TestAFactChangedOnceIsChangedEverywhere: in every language, on every page.
func TestAFactChangedOnceIsChangedEverywhere(t *testing.T) {
	t.Parallel()
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
		if f.ID == fact.NationalLine {
			f.Value = map[string]string{fact.AnyLang: "+48 800 999 888"}
			sitetest.Fact(t, p.app.Site, f)
		}
	}
	if now, left := count(fresh), count(old); now != before || left != 0 || before < 60 {
		t.Errorf("before on %d pages; now on %d, and the old one still on %d", before, now, left)
	}
}
