package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"ostoja/internal/firstline/firstlinetest"
)

// The limits of a reader's page, in bytes.
const (
	mostOnWire   = 13_000
	usualOnWire  = 9_000 // for 95 of 100 pages, those of the aid aside: each holds all that may follow from the answers
	mostScript   = 2_000
	mostStyles   = 4_000
	walkedPages  = 40
	smallestBox  = 24 // pixels of a target
	narrowWindow = 320
)

// policies are the content security policies of the pages that search, and of all others.
var policies = map[bool]*regexp.Regexp{
	true:  regexp.MustCompile(`^default-src 'none'; style-src 'sha256-[^' ]{44}'; img-src data:; script-src 'sha256-[^' ]{44}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$`),
	false: regexp.MustCompile(`^default-src 'none'; style-src 'sha256-[^' ]{44}'; img-src data:; script-src 'sha256-[^' ]{44}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$`),
}

// TestReaderPagesAreLight measures every page that there is, in all languages.
func TestReaderPagesAreLight(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	go p.app.Reader.CompressAndIndex(t.Context())
	paths := p.crawl()
	if len(paths) < 100 {
		t.Fatalf("only %d pages", len(paths))
	}
	var sizes []int
	aids := map[string]bool{}
	for _, place := range firstlinetest.Shipped(t).Places {
		aids[place.Code] = true
	}
	for _, path := range paths {
		if strings.Contains(path, "/info-") || strings.Contains(path, "/keep-") {
			continue // the files to pass on or to keep, which are no pages of the site
		}
		n, header := p.wire(path)
		if !aids[filepath.Base(path)] {
			sizes = append(sizes, n)
		}
		if n > mostOnWire {
			t.Errorf("%s: %d bytes", path, n)
		}
		if path == "/exit" {
			if got := header.Get("Content-Security-Policy"); got != "default-src 'none'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'" {
				t.Errorf("%s: policy %s", path, got)
			}
		} else if got := header.Get("Content-Security-Policy"); !policies[strings.HasSuffix(path, "/z6")].MatchString(got) {
			t.Errorf("%s: policy %s", path, got)
		}
		if len(header.Values("Set-Cookie")) > 0 || header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", path, header)
		}
		open := strings.Contains(path, "/news/") || strings.Contains(path, "/publications/")
		if !open && header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be stored: %s", path, header.Get("Cache-Control"))
		}
	}
	slices.Sort(sizes)
	at95 := sizes[len(sizes)*95/100]
	t.Logf("%d pages: median %d, 95 %% below %d, largest %d bytes with headers", len(sizes), sizes[len(sizes)/2], at95, sizes[len(sizes)-1])
	if at95 > usualOnWire {
		t.Errorf("95 of 100 pages have up to %d bytes", at95)
	}
}

// TestReaderWalk walks over 40 pages as a browser does and looks for what should not be there.
func TestReaderWalk(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	paths := slices.DeleteFunc(p.crawl(), func(path string) bool { return path == "/exit" }) // blank, and on its way elsewhere
	b := openBrowser(t, p.base, 360, false)
	b.watchViolations()
	for i := range walkedPages {
		path := paths[i*len(paths)/walkedPages]
		b.open(path)
		if seen := p.seen(); len(seen) != 1 {
			t.Errorf("%s: %d requests on a cold visit", path, len(seen))
		} else if r := seen[0]; r.Header.Get("Cookie") != "" || r.Referer() != "" {
			t.Errorf("%s: the browser sent %v", path, r.Header)
		}
		if kept := eval[string](b, `(async () => JSON.stringify([document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
			(await caches.keys()).length, (await navigator.serviceWorker?.getRegistrations() ?? []).length,
			performance.getEntriesByType("resource").filter(e => !e.name.startsWith("data:")).length]))()`); kept != `["",0,0,0,0,0,0]` {
			t.Errorf("%s keeps or loads something: %s", path, kept)
		}
		if n := eval[int](b, `document.scripts.length`); n != 1 {
			t.Errorf("%s has %d scripts", path, n)
		}
		if found := eval[string](b, `(window.__violations || []).join("\n")`); found != "" {
			t.Errorf("%s: policy violated: %s", path, found)
		}
	}
}

// watchViolations makes each page note what its policy stopped.
func (b *browser) watchViolations() {
	b.t.Helper()
	b.atStart(`window.__violations = []; document.addEventListener("securitypolicyviolation", e => window.__violations.push(e.violatedDirective + " " + e.blockedURI))`)
}

// TestReaderPagesAreAccessible runs axe over each kind of page, in both directions of writing, and over one page of each kind of markup
// in the other languages and in every other mode in which pages are read.
func TestReaderPagesAreAccessible(t *testing.T) {
	t.Parallel()
	p := openPublic(t, "https://exit.example/")
	b := openBrowser(t, p.base, 360, false)
	some := func(tag string) (list []string) {
		for _, page := range []string{"", "d37f", "q39z", "t5-" + someRegion, "w3", "z6", "d37f-a6"} {
			list = append(list, "/"+tag+"/"+page)
		}
		return list
	}
	for _, mode := range []struct {
		name  string
		media []*emulation.MediaFeature
		print string
		paths []string
	}{
		{"light", nil, "", slices.Concat(kinds("pl"), kinds("ar"), some("en"), some("uk"), some("ru"), some("vi"), []string{"/nope"})},
		{"dark", []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}, "", some("uk")},
		{"forced colours", []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}, "", some("pl")},
		{"print", nil, "print", some("ar")},
	} {
		b.media(mode.print, mode.media)
		for _, path := range mode.paths {
			b.open(path)
			b.allRules(mode.name + " " + path)
		}
	}
}

// TestReaderPagesReflow looks at all Polish pages and each kind of page of the other languages (with OSTOJA_SOAK, as `make soak` has it, at every page that there is) at 320 pixels, which is also what a window of 1,280 shows at 400 %. Nothing
// needs scrolling sideways, also with the text spacing of WCAG 1.4.12 and with the widest font at hand, and targets are large enough to hit.
func TestReaderPagesReflow(t *testing.T) {
	t.Parallel()
	p := openPublic(t, "https://exit.example/")
	b := openBrowser(t, p.base, narrowWindow, false)
	all, some := p.crawl(), []string{}
	for _, tag := range []string{"en", "uk", "ru", "ar", "vi"} {
		some = append(some, kinds(tag)...)
	}
	for _, path := range append(all, "/pl/nothing", "/ar/nothing", "/nope") {
		seen := os.Getenv("OSTOJA_SOAK") != "" || strings.HasPrefix(path, "/pl/") || slices.Contains(some, path) || path == "/nope"
		if seen && path != "/exit" { // blank, and on its way elsewhere
			b.open(path)
			b.fits(path)
		}
	}
}

// fits fails the test unless the page fits into the window: as it is, with WCAG's text spacing, and with that in the widest font at hand, all
// that opens being open; and unless its targets are large enough to hit. The policy stops styles in the document, not those of the browser's user.
func (b *browser) fits(step string) {
	b.t.Helper()
	if found := eval[string](b, fmt.Sprintf(`(() => {
		const found = [], root = document.documentElement, styles = new CSSStyleSheet();
		const measure = (how) => { const over = root.scrollWidth - root.clientWidth; if (over > 0) found.push(how + over + " pixels wider than the window: " +
			([...document.querySelectorAll("body *")].filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.right > innerWidth + 1 || r.left < -1) }).pop()?.outerHTML.slice(0, 200) ?? "?")) };
		measure("");
		const head = document.querySelector(".head .bar"); // of the application
		if (head && innerWidth >= 1280 && head.offsetHeight > 70) found.push("the head takes " + head.offsetHeight + " pixels, more than a line");
		for (const e of document.querySelectorAll("a, button, input:not([type=radio]):not(.k [type=checkbox]), summary, fieldset label, .k input + label")) {
			const r = e.getBoundingClientRect(), inText = e.tagName === "A" && getComputedStyle(e).display === "inline"; // WCAG 2.5.8 leaves links within sentences out
			if (r.width && !inText && !e.classList.contains("skip") && (r.height < %[1]d || r.width < %[1]d)) found.push("too small to hit: " + e.outerHTML);
		}
		for (const e of document.querySelectorAll("details")) e.open = true;
		document.adoptedStyleSheets = [styles];
		for (const font of ["inherit", '"DejaVu Sans"']) {
			styles.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important } html { font-family: " + font + " !important }");
			measure("with text spacing, font " + font + ": ");
		}
		return found.join("\n") })()`, smallestBox)); found != "" {
		b.t.Errorf("%s: %s", step, found)
	}
}

// TestArabicMirrorsPolish: what stands at the line's end in one stands at its end in the other, and phone numbers keep their order.
func TestArabicMirrorsPolish(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	b := openBrowser(t, p.base, 360, false)
	b.open("/pl/")
	end := eval[float64](b, `innerWidth - document.getElementById("out").getBoundingClientRect().right`)
	block := eval[float64](b, `document.querySelector(".b").getBoundingClientRect().left`)
	b.open("/ar/")
	if got := eval[float64](b, `document.getElementById("out").getBoundingClientRect().left`); got != end {
		t.Errorf("the way out stands %g pixels from the end, in Polish %g", got, end)
	}
	if got := eval[float64](b, `innerWidth - document.querySelector(".b").getBoundingClientRect().right`); got != block {
		t.Errorf("blocks begin at %g, in Polish at %g", got, block)
	}
	if !eval[bool](b, `getComputedStyle(document.querySelector(".b")).borderRightWidth === "4px" && getComputedStyle(document.querySelector(".b")).borderLeftWidth === "0px"`) {
		t.Error("the block's line does not stand where lines begin")
	}
	for _, path := range []string{"/ar/", "/ar/d37f", "/ar/b8"} {
		b.open(path)
		if n := eval[int](b, `document.querySelectorAll("a[href^='tel:'] > bdi[dir=ltr]").length`); n == 0 || n != eval[int](b, `document.querySelectorAll("a[href^='tel:']").length`) {
			t.Errorf("%s: phone numbers that Arabic could turn round", path)
		}
	}
}

// TestReaderStyles: small, and written for both directions.
func TestReaderStyles(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	physical := regexp.MustCompile(`(?i)(^|[\s;{-])(left|right)\s*:|(margin|padding|border)-(left|right)|text-align:\s*(left|right)|float:\s*(left|right)`)
	for _, name := range []string{"reader.css", "sheet.css"} {
		source, err := os.ReadFile(filepath.Join("..", "web", name))
		if err != nil {
			t.Fatal(err)
		}
		if found := physical.FindString(string(source)); found != "" {
			t.Errorf("%s: %q knows a direction", name, found)
		}
	}
	r, err := http.Get(p.base + "/pl/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body := text(t, r.Body)
	style, script := between(body, "<style>", "</style>"), between(body, "<script>", "</script>")
	if n := gzipped(t, style); n > mostStyles || n < 500 {
		t.Errorf("styles: %d bytes", n)
	}
	if n := gzipped(t, script); n > mostScript || n < 200 {
		t.Errorf("script: %d bytes", n)
	}
}

// TestReaderByKeyboard walks every kind of page with the Tab key.
func TestReaderByKeyboard(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	b := openBrowser(t, p.base, 360, false)
	for _, path := range append(kinds("pl"), "/ar/d37f", "/ar/t5-"+someRegion, "/uk/w3", "/en/z6", "/nope") {
		b.byKeyboard(path)
	}
}

// byKeyboard walks a page with the Tab key: the way out comes among the first, each stop can be seen, none is lost.
func (b *browser) byKeyboard(path string) {
	b.t.Helper()
	b.open(path)
	// What has the focus is noted when it comes, so that the keys can follow each other without a question in between.
	want := eval[int](b, `(() => { window.__stops = []; addEventListener("focusin", (f) => { const e = f.target, r = e.getBoundingClientRect(), s = getComputedStyle(e.type === "radio" || e.matches(".k [type=checkbox]") ? e.nextElementSibling : e);
			window.__stops.push([e.id || e.tagName, s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 && r.bottom > 0 && r.top < innerHeight ? "seen" : "not seen"].join(" ")) });
		const names = new Set(); return [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")].filter(e => {
		if (e.type === "radio") { if (names.has(e.name)) return false; names.add(e.name) }
		return e.checkVisibility() }).length })()`)
	const most = 60 // stops: beyond, the lists go on alike
	want = min(want, most)
	for range want {
		b.do(chromedp.KeyEvent("\t"))
	}
	stops := strings.Split(eval[string](b, `window.__stops.join("\n")`), "\n")
	if i := slices.Index(stops, "out seen"); i < 0 || i > 1 {
		b.t.Errorf("%s: the way out is stop %d of %v", path, i+1, stops)
	}
	if len(stops) != want {
		b.t.Errorf("%s: %d stops, %d are wanted: %v", path, len(stops), want, stops)
	}
	for _, s := range stops {
		if strings.HasSuffix(s, "not seen") {
			b.t.Errorf("%s: a stop that cannot be seen: %s", path, s)
		}
	}
}

// media sets how the page is shown.
func (b *browser) media(kind string, features []*emulation.MediaFeature) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: features})
		return err
	}))
}

// atStart runs a script in each document before its own.
func (b *browser) atStart(script string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// allRules fails the test for anything that axe finds, best practices and experimental rules included.
func (b *browser) allRules(step string) {
	b.t.Helper()
	eval[bool](b, b.axe+"; true")
	found := eval[string](b, `axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag", values: axe.getRules().flatMap(r => r.tags).filter((v, i, a) => a.indexOf(v) === i)}}).then(r => JSON.stringify(r.violations))`)
	var violations []violation
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range violations {
		b.t.Errorf("%s: axe %s: %s\n%s", step, v.ID, v.Help, v.Nodes[0].HTML)
	}
	if dir := os.Getenv("OSTOJA_SCREENSHOTS"); dir != "" {
		b.picture(filepath.Join(dir, strings.NewReplacer(" ", "-", "/", "-").Replace(step)+".png"))
	}
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func gzipped(t *testing.T, s string) int {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
