package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// profiled starts Chromium with a profile that stays on disk when it is closed. Certificates of test servers count.
func profiled(t *testing.T, base, profile string, noScript bool) (b *browser, closeIt func()) {
	t.Helper()
	axe, err := os.ReadFile(filepath.Join("..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("ignore-certificate-errors", true), chromedp.UserDataDir(profile))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stopTab := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	b = &browser{t: t, ctx: ctx, base: base, axe: string(axe), noScript: noScript}
	b.do(chromedp.EmulateViewport(360, 800))
	if noScript {
		b.scripts(false)
	}
	return b, func() {
		_ = chromedp.Cancel(ctx) // closes the browser in order, so that it writes what it keeps
		stopTab()
		stop()
	}
}

// history returns the addresses behind Back and Forward, and which is shown; nothing while the tab is between two pages.
func (b *browser) history() (addresses []string, current int) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	_ = chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error { // asked again by the caller
		h, err := cdp.Call(ctx, t, page.GetNavigationHistory, cdp.Empty{})
		for _, e := range h.Entries {
			addresses = append(addresses, e.URL)
		}
		current = int(h.CurrentIndex)
		return err
	}))
	return addresses, current
}

// TestLeavingAtOnce leaves from the third page read: the tab is blank within 100 ms although the world never answers, stays so
// when the browser brings it back, and Back knows none of our pages.
func TestLeavingAtOnce(t *testing.T) {
	for name, leave := range map[string]string{
		"button":    `document.getElementById("out").click()`,
		"Esc twice": `for (const i of [1, 2]) dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}))`,
	} {
		t.Run(name, func(t *testing.T) {
			p := openPublic(t, silent(t))
			b, stop := profiled(t, p.base, t.TempDir(), false)
			defer stop()
			b.open("/pl/")
			b.press("Potrzebuję pomocy Ktoś mnie krzywdzi, kontroluje albo nie płaci mi za pracę.")
			b.press("Masz prawa, bez względu na dokumenty")
			b.see("Masz prawa")
			if list, _ := b.history(); len(list) != 2 || !strings.HasSuffix(list[1], "/pl/h54r") {
				t.Errorf("Back knows %v", list)
			}
			// All in one go: while the browser waits for the world, it lets nobody ask the page.
			got := eval[string](b, `(() => { const gone = () => document.documentElement.childNodes.length === 0 && document.title.replace("\u200b", "") === "";
				const t = performance.now(); `+leave+`; const took = gone() ? performance.now() - t : 1e9;
				document.documentElement.append(document.createElement("body")); document.body.append("brought back");
				dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
				return (took < 100 ? "blank in time" : "not blank") + ", " + (gone() ? "stays blank" : "comes back") })()`)
			if got != "blank in time, stays blank" {
				t.Error(got)
			}
		})
	}
}

// TestNothingComesBack leaves by real keys while the world does not answer, goes Back and then Forward: no page of ours is asked for
// again but the blank one.
func TestNothingComesBack(t *testing.T) {
	for name, keys := range map[string][]string{"twice": {kb.Escape, kb.Escape}, "once too often": {kb.Escape, kb.Escape, kb.Escape}} {
		t.Run(name, func(t *testing.T) {
			p := openPublic(t, silent(t))
			b, stop := profiled(t, p.base, t.TempDir(), false)
			defer stop()
			b.open("/pl/h54r")
			b.press("Informacje")
			b.open("/pl/")
			b.press("Gdzie szukać pomocy")
			b.see("Gdzie szukać pomocy")
			before, at := b.history()
			p.seen()
			for _, key := range keys {
				pressing, cancel := context.WithTimeout(b.ctx, time.Second)
				_ = chromedp.Do(pressing, chromedp.KeyEvent(key)) // the last one waits for a page that never comes
				cancel()
			}
			after, now := b.history()
			if now != at || len(after) != len(before) || !strings.HasSuffix(after[now], "/exit") {
				t.Fatalf("the history was %v, and is %v at %d", before, after, now)
			}
			b.goTo(at - 1)
			back, _ := b.history()
			b.goTo(at)
			time.Sleep(time.Second) // for a page that must not come; nothing tells when
			for _, r := range p.seen() {
				if r.URL.Path != "/exit" && r.URL.Path != "/pl/" {
					t.Errorf("%s came back (%v)", r.URL.Path, back)
				}
			}
			if list, current := b.history(); !strings.HasSuffix(list[current], "/exit") {
				t.Errorf("Forward shows %s", list[current])
			}
		})
	}
}

// goTo goes to an entry of the history as Back and Forward do.
func (b *browser) goTo(entry int) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	_ = chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error { // where it led is looked at
		h, err := cdp.Call(ctx, t, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: h.Entries[entry].ID})
		return err
	}))
	time.Sleep(500 * time.Millisecond)
}

// TestOneEscDoesNotLeave: a single key pressed by mistake does nothing.
func TestOneEscDoesNotLeave(t *testing.T) {
	p := openPublic(t, silent(t))
	b, stop := profiled(t, p.base, t.TempDir(), false)
	defer stop()
	b.open("/pl/")
	if !eval[bool](b, `dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true})) && document.body.innerText.length > 100`) {
		t.Error("one Esc leaves")
	}
}

// TestWhereLeavingLeads: with scripts and without, the world is told nothing of where the reader came from, and Back shows
// none of our pages' words.
func TestWhereLeavingLeads(t *testing.T) {
	for name, noScript := range map[string]bool{"with scripts": false, "without": true} {
		t.Run(name, func(t *testing.T) {
			world, referrers := elsewhere(t)
			p := openPublic(t, world)
			b, stop := profiled(t, p.base, t.TempDir(), noScript)
			defer stop()
			b.open("/uk/d37f")
			if said := strings.Contains(b.text(), "«Назад» знову покаже цю сторінку"); said != noScript {
				t.Errorf("that Back shows the page again is said: %v", said)
			}
			b.pressSelector(`document.getElementById("out")`, "way out")
			for end := time.Now().Add(10 * time.Second); len(referrers()) == 0 && time.Now().Before(end); {
				time.Sleep(50 * time.Millisecond)
			}
			b.see("Jutro będzie słonecznie")
			for _, r := range referrers() {
				if r != "" {
					t.Errorf("the world is told %q", r)
				}
			}
			list, current := b.history()
			if len(list) < 2 || list[0] != "about:blank" || !strings.HasPrefix(list[current], world) {
				t.Fatalf("the history is %v at %d: the search is blind", list, current)
			}
			for i, address := range list[:current] {
				if ours := strings.HasPrefix(address, p.base); ours && !noScript {
					t.Errorf("Back knows our page %d: %s", i, address)
				} else if ours && strings.HasSuffix(address, "/exit") {
					t.Error("the blank page in between stands in Back")
				}
			}
		})
	}
}

// TestBlankWithoutScriptsToo: the link leads to a page of our own that is blank and goes on by itself.
func TestBlankWithoutScriptsToo(t *testing.T) {
	t.Parallel()
	p := openPublic(t, silent(t))
	b, stop := profiled(t, p.base, t.TempDir(), true)
	defer stop()
	b.open("/pl/d37f")
	clicking, cancel := context.WithTimeout(b.ctx, 2*time.Second)
	_ = chromedp.Do(clicking, chromedp.Click("#out")) // it waits for a page that never comes
	cancel()
	// While the browser waits for the world, it lets nobody ask the page; its history tells which one it shows.
	shown := ""
	for end := time.Now().Add(10 * time.Second); !strings.HasSuffix(shown, "/exit") && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if list, current := b.history(); len(list) > current {
			shown = list[current]
		}
	}
	r, err := http.Get(shown)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if body := text(t, r.Body); !strings.HasSuffix(shown, "/exit") || !strings.Contains(body, "<body></body>") || between(body, "<title>", "</title>") != "&#8203;" || r.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%s shows %s", shown, body)
	}
}

// TestNothingStaysOnDisk reads twenty pages, leaves, closes the browser and looks through all that its profile holds. A page
// that may be stored is the control: it must be found, or the search would find nothing ever.
func TestNothingStaysOnDisk(t *testing.T) {
	t.Parallel()
	world, _ := elsewhere(t)
	p := openPublic(t, world)
	p.plain = true // stored bodies would be compressed otherwise, and not be found
	const control = "Kontrola: tę stronę wolno zapisać na dysku"
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "max-age=3600")
		_, _ = fmt.Fprintf(w, `<!DOCTYPE html><title>%s</title><link rel="icon" href="data:,"><p>%s</p><form method="post" autocomplete="off"><input name="q"><button>Szukaj</button></form>`, control, control)
	})
	mux.HandleFunc("POST /", func(w http.ResponseWriter, _ *http.Request) { // as a search would be without its detour
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte(`<!DOCTYPE html><title>Wynik</title><link rel="icon" href="data:,"><p role="status">Wynik</p>`))
	})
	stored := http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	listener := listen(t)
	go func() { _ = stored.Serve(listener) }()
	t.Cleanup(func() { _ = stored.Close() })

	profile := t.TempDir()
	b, stop := profiled(t, p.base, profile, false)
	b.open("http://" + listener.Addr().String() + "/")
	secrets := map[string]bool{}
	for _, path := range []string{
		"/pl/", "/pl/k4", "/pl/m7", "/pl/d37f", "/pl/c92k", "/pl/h54r", "/pl/n68s", "/pl/p23t", "/pl/v75w", "/pl/j48x", "/pl/g86b", "/pl/t5", "/pl/w3", "/pl/z6", "/pl/b8",
		"/uk/d37f", "/uk/h54r", "/ar/d37f", "/vi/d37f", "/pl/d37f-a6",
	} {
		b.open(path)
		secrets[eval[string](b, `(h1 => h1 === document.title ? "–" : h1)(document.querySelector("h1").innerText)`)] = true // titles that are neutral may be known
		secrets[eval[string](b, `[...document.querySelectorAll("main p, main li")].map(e => e.innerText).filter(s => s.length > 30 && !/[<&"]/.test(s)).sort((a, b) => b.length - a.length)[0]?.slice(0, 40) ?? "–"`)] = true
	}
	// Words that stand nowhere but in a search: sent as other sites do, and as ours does, with scripts and without.
	const sentControl, withScript, without = "kontrolneslowo", "tajneslowojeden", "tajneslowodwa"
	b.searchFor("http://"+listener.Addr().String()+"/", sentControl, true)
	b.searchFor("/pl/z6", withScript, false)
	b.searchFor("/pl/z6", without, true)
	if at := eval[string](b, `location.pathname`); !strings.HasPrefix(at, "/pl/z6-") {
		t.Errorf("a search without scripts ends at %s", at)
	}
	secrets[withScript], secrets[without] = true, true
	time.Sleep(3 * time.Second) // the browser writes its journal of pages with a delay; nothing tells when
	b.pressSelector(`document.getElementById("out")`, "way out")
	time.Sleep(2 * time.Second) // the browser writes its journal of pages with a delay; nothing tells when
	stop()

	if hits := search(t, profile, control); len(hits) < 2 {
		t.Fatalf("the control was found only in %v: the search is blind", hits)
	}
	if hits := search(t, profile, sentControl); len(hits) == 0 {
		t.Fatal("what another site's search sent was not found: the search is blind")
	}
	for secret := range secrets {
		if secret == "–" {
			continue
		}
		if hits := search(t, profile, secret); len(hits) > 0 {
			t.Errorf("%q stands in %v", secret, hits)
		}
	}
	if len(secrets) < 25 {
		t.Errorf("only %d texts were looked for", len(secrets))
	}
}

// searchFor types words into a page's search and sends them.
func (b *browser) searchFor(address, words string, noScript bool) {
	b.t.Helper()
	b.scripts(!noScript)
	b.open(address)
	b.do(chromedp.SendKeys(`[name=q]`, words))
	b.do(chromedp.Click(`form button`))
	b.scripts(true)
	for end := time.Now().Add(5 * time.Second); !eval[bool](b, `document.querySelector("[role=status] h2, p[role=status]") !== null`) && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	if !eval[bool](b, `document.querySelector("[role=status] h2, p[role=status]") !== null`) {
		b.t.Errorf("the search is not answered: %s", b.where())
	}
}

// search returns the files below dir that hold a text in UTF-8 or UTF-16.
func search(t *testing.T, dir, text string) (hits []string) {
	t.Helper()
	wide := &bytes.Buffer{}
	for _, u := range utf16.Encode([]rune(text)) {
		_ = binary.Write(wide, binary.LittleEndian, u)
	}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() {
			return nil // what goes away while we look holds nothing
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return nil
		}
		if bytes.Contains(content, []byte(text)) || bytes.Contains(content, wide.Bytes()) {
			hits = append(hits, strings.TrimPrefix(name, dir))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hits
}
