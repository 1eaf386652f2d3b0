package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/app/demo"
	"ostoja/internal/clock"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity/credential"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
)

// overprinted lists the words on a page that lie over other words, and those that stand out of the page at its side: the boxes
// of the lines as they are painted, those of one drawing among themselves aside.
const overprinted = `(() => {
	const lines = [];
	const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
	for (let n; (n = walk.nextNode());) {
		const e = n.parentElement;
		if (!n.data.trim() || e.closest(".sr, [hidden], title, desc") || getComputedStyle(e).clipPath !== "none" || !e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})) continue;
		if (e.closest("thead") && getComputedStyle(e.closest("thead")).clipPath !== "none") continue;
		// A title is cut after two lines: what is cut off has a place, but nobody sees it.
		const cut = [];
		for (let a = e; a && a.tagName !== "MAIN"; a = a.parentElement) if (getComputedStyle(a).overflowY === "hidden") cut.push(a.getBoundingClientRect());
		// Tabs are one line that scrolls on a phone: of it, what is in sight counts.
		const strip = (e.closest("nav.tabs") || document.documentElement).getBoundingClientRect();
		const r = document.createRange();
		r.selectNodeContents(n);
		for (const b of r.getClientRects()) if (b.width > 1 && (!e.closest("nav.tabs") || b.left < strip.right && b.right > strip.left) && cut.every(c => b.top + b.height * .2 < c.bottom && b.bottom - b.height * .2 > c.top)) lines.push({n, svg: e.closest("svg"), words: n.data.trim().slice(0, 40), l: e.closest("nav.tabs") ? Math.max(b.left, strip.left) : b.left, r: e.closest("nav.tabs") ? Math.min(b.right, strip.right) : b.right, t: b.top + b.height * .2, b: b.bottom - b.height * .2});
	}
	const found = [], wide = document.documentElement.clientWidth;
	lines.forEach((a, i) => {
		if (a.r > wide + 1 || a.l < -1) found.push(a.words + " | stands out: " + Math.round(a.r) + " of " + wide);
		for (const b of lines.slice(i + 1)) {
			if (a.n === b.n || a.svg && a.svg === b.svg) continue;
			if (Math.min(a.r, b.r) - Math.max(a.l, b.l) > 1 && Math.min(a.b, b.b) - Math.max(a.t, b.t) > 1) found.push(a.words + " | lies over | " + b.words);
		}
	});
	return found.slice(0, 10);
})()`

// broken lists numbers, and cells of a number with its unit, that go on in another line.
const broken = `(() => {
	const found = [];
	const rows = r => new Set([...r.getClientRects()].filter(b => b.width > 1).map(b => Math.round(b.top / 6))).size;
	for (const e of document.querySelectorAll("main td.num, main .stat-value")) {
		const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
		for (let n; (n = walk.nextNode());) {
			if (!n.data.trim() || n.parentElement.closest(".sr")) continue;
			const parts = n.data.trim().length < 16 ? [[n.data.length - n.data.trimStart().length, n.data.trimEnd().length]] : [...n.data.matchAll(/[-−]?\d[\d,.\u00a0\u202f]*([\s\u00a0]?%)?/g)].map(m => [m.index, m.index + m[0].length]);
			for (const [from, to] of parts) {
				const r = document.createRange();
				r.setStart(n, from);
				r.setEnd(n, to);
				if (rows(r) > 1) found.push(r.toString());
			}
		}
	}
	return found.slice(0, 10);
})()`

// figures starts the program with demonstration people and enters as one who may see all figures.
func figures(t *testing.T, width int64) (b *browser, test *itembank.Test) {
	d := dbtest.SQLite(t)
	p := start(t, d)
	hash, err := credential.NewHasher().Hash(t.Context(), demo.Password)
	if err != nil {
		t.Fatal(err)
	}
	filler := &demo.Filler{DB: d, Clock: clock.System{}, Courses: p.app.Courses, Certs: p.app.Certs, Bank: p.app.Bank, Classroom: p.app.Classroom, Measurement: p.app.Measurement, Hash: hash}
	if err := filler.Fill(t.Context(), "border-guard", 200); err != nil {
		t.Fatal(err)
	}
	tests, err := p.app.Bank.Tests(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b = openBrowser(t, p.base, width, false)
	for _, s := range demo.Staff {
		if s.Role == access.Administrator {
			b.open("/app/sign-in")
			b.fill("name", s.Mail)
			b.fill("password", demo.Password)
			b.pressSelector(`document.querySelector("main form button.action")`, "sign in")
		}
	}
	return b, &tests[0]
}

// TestFiguresOnAPhone: on a narrow window no number goes on in another line, and no words lie over others.
func TestFiguresOnAPhone(t *testing.T) {
	b, test := figures(t, 360)
	paths := []string{"/app/evidence", "/app/evidence/tests/" + test.Family, "/app/bank", "/app/bank/tests", "/app/bank/tests/" + test.ID, "/app/bank/tests/" + test.ID + "/analysis", "/app/desk/border-guard"}
	b.open("/app/evidence")
	paths = append(paths, eval[[]string](b, `[...document.querySelectorAll('main a[href^="/app/evidence/measurements/"]')].slice(0, 1).map(a => a.getAttribute("href"))`)...)
	b.open("/app/bank")
	paths = append(paths, eval[[]string](b, `[...document.querySelectorAll('main tbody a[href^="/app/bank/items/"]')].slice(0, 1).map(a => a.getAttribute("href"))`)...)
	for _, path := range paths {
		b.open(path)
		// Of the item analysis, only what should be looked at is unfolded; how much that is depends on the answers.
		if tall := eval[int](b, `document.documentElement.scrollHeight - [...document.querySelectorAll("details.fold[open] > div")].reduce((sum, e) => sum + e.offsetHeight, 0)`); strings.HasSuffix(path, "/analysis") && tall > 4000 {
			t.Errorf("%s: without what is unfolded, the page is %d pixels tall", path, tall)
		}
		eval[bool](b, `[...document.querySelectorAll("main details:not(.list-filters)")].forEach(d => d.open = true) ?? true`)
		if found := eval[[]string](b, broken); len(found) > 0 {
			t.Errorf("%s: broken numbers: %q", path, found)
		}
		if found := eval[[]string](b, overprinted); len(found) > 0 {
			t.Errorf("%s: %q", path, found)
		}
		if found := eval[[]string](b, `[...document.querySelectorAll("main .tag")].filter(e => e.previousSibling && /\S$/.test(e.previousSibling.textContent) || e.nextSibling && /^\S/.test(e.nextSibling.textContent)).map(e => e.parentElement.innerText).slice(0, 5)`); len(found) > 0 {
			t.Errorf("%s: a mark sticks to the words beside it: %q", path, found)
		}
		b.clean(fmt.Sprintf("figures %s at 360", path[5:]))
	}
}

// TestReportOnPaper: on a page of A4 no words lie over others or stand out, the figures have their values, and the paper says
// which follow-up it shows but nothing of printing.
func TestReportOnPaper(t *testing.T) {
	const paper = 718 // pixels between the margins of A4 as Chromium sets them
	b, test := figures(t, paper)
	b.media("print", nil)
	for _, wave := range measurement.FollowUps {
		path := "/app/evidence/tests/" + test.Family + "?later=" + string(wave)
		b.open(path)
		if dir := os.Getenv("OSTOJA_SCREENSHOTS"); dir != "" {
			b.picture(filepath.Join(dir, "paper-"+string(wave)+".png"))
		}
		if found := eval[[]string](b, overprinted); len(found) > 0 {
			t.Errorf("%s: %q", path, found)
		}
		if said := eval[string](b, `[...document.querySelectorAll("main .print-only")].filter(e => e.checkVisibility()).map(e => e.innerText).join(" ")`); said == "" {
			t.Errorf("%s: the paper does not say which follow-up it shows", path)
		}
		if eval[bool](b, `[...document.querySelectorAll("main .no-print, main .tabs, main .exports")].some(e => e.checkVisibility())`) {
			t.Errorf("%s: what is for the screen alone is on the paper", path)
		}
	}
	for _, path := range []string{"/app/bank/tests/" + test.ID, "/app/bank/tests/" + test.ID + "/analysis", "/app/evidence"} {
		b.open(path)
		if found := eval[[]string](b, overprinted); len(found) > 0 {
			t.Errorf("%s: %q", path, found)
		}
	}
}
