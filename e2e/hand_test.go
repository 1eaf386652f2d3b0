package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"ostoja/internal/app/demo"
)

// effort is what a job costs the person who does it.
type effort struct {
	Clicks  int     `json:"clicks"`
	Keys    int     `json:"keys"`
	Pages   int     `json:"pages"`
	Seconds float64 `json:"seconds"` // of the test's own wall time: it says how long the program is waited for, not how long a person thinks
}

// hand works in a window as a person does, and counts it. It presses nothing that is not visible and on top, types a letter at a time, goes to the next field by Tab and sends a
// form by Enter where the browser lets people do so. What it waits for costs it nothing but time.
type hand struct {
	*browser
	effort
	begun time.Time
}

// clicksOfAFile are those of the browser's own window for choosing a file: the button, the file, "Open".
const clicksOfAFile = 3

// sit signs somebody of the demonstration in, which is not counted, and begins to count on the first page that they see.
func (p *programme) sit(t *testing.T, root *browser, mail string) *hand {
	t.Helper()
	b := root.beside(1280)
	b.t = t
	b.open("/app/sign-in")
	b.fill("name", mail)
	b.fill("password", demo.Password)
	b.pressSelector(`document.querySelector("main form button.action")`, "sign in")
	return &hand{browser: b, begun: time.Now()}
}

// visible is a function of the page: the elements that somebody can press or type into.
const visible = `const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: false}) && e.getClientRects().length > 0;
	const words = e => (e.getAttribute("aria-label") ?? e.innerText ?? e.value ?? "").trim().replace(/\s+/g, " ");`

// click presses the first thing that says exactly these words: a link, a button, a fold, a label. within, if not "", is a selector of what it stands in.
func (h *hand) click(words string) { h.t.Helper(); h.clickIn("body", words) }

func (h *hand) clickIn(within, words string) {
	h.t.Helper()
	h.point(fmt.Sprintf(`[...document.querySelectorAll(%q)].flatMap(x => [...x.querySelectorAll("a, button, summary, label, input[type=submit]")]).find(e => seen(e) && (words(e) === %q || (e.innerText ?? "").trim().replace(/\s+/g, " ") === %q))`, within, words, words), words)
}

// clickRow presses the thing that says these words in the row, or the item of a list, that holds a text.
func (h *hand) clickRow(holds, words string) {
	h.t.Helper()
	h.point(fmt.Sprintf(`[...document.querySelectorAll("tr, li")].filter(e => seen(e) && e.innerText.includes(%q)).flatMap(x => [...x.querySelectorAll("a, button, summary, label")]).find(e => seen(e) && (words(e).startsWith(%q) || (e.innerText ?? "").trim().startsWith(%q)))`, holds, words, words), holds+": "+words)
}

// tick presses the check box of the row that holds a text.
func (h *hand) tick(holds string) {
	h.t.Helper()
	h.point(fmt.Sprintf(`[...document.querySelectorAll("tr, li")].filter(e => e.innerText.includes(%q)).flatMap(x => [...x.querySelectorAll("input[type=checkbox]")]).find(e => e.checkVisibility())`, holds), "check box of "+holds)
}

// clickOn presses what a selector finds first.
func (h *hand) clickOn(selector string) {
	h.t.Helper()
	h.point(fmt.Sprintf(`[...document.querySelectorAll(%q)].find(e => seen(e))`, selector), selector)
}

// into presses a field, so that it has the focus.
func (h *hand) into(name string) { h.t.Helper(); h.clickOn(fmt.Sprintf(`main [name="%s"]`, name)) }

// point presses what an expression finds with the mouse: it is scrolled to, and must be on top at its middle.
func (h *hand) point(expression, what string) {
	h.t.Helper()
	type spot struct {
		X, Y  float64
		Fault string
	}
	script := fmt.Sprintf(`(() => { %s const e = %s; if (!e) return {Fault: "nothing like it is on the page"};
		e.scrollIntoView({block: "center", behavior: "instant"}); const r = e.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2, top = document.elementFromPoint(x, y);
		if (!top || !(e.contains(top) || top.contains(e) || top.closest("label")?.control === e || e.control === top)) return {Fault: "something lies over it: " + top?.outerHTML.slice(0, 200)};
		document.documentElement.setAttribute("data-old", "1"); return {X: x, Y: y, Fault: ""} })()`, visible, expression)
	at := eval[spot](h.browser, script)
	if at.Fault != "" {
		h.t.Fatalf("%s: %s\non %s", what, at.Fault, h.where())
	}
	h.Clicks++
	h.do(chromedp.MouseClickXY(at.X, at.Y))
	h.arrive()
}

// take counts the click on a link to a file, which the browser keeps or shows in its own way, and returns where it leads.
func (h *hand) take(selector string) (href string) {
	h.t.Helper()
	href = eval[string](h.browser, fmt.Sprintf(`(() => { %s return [...document.querySelectorAll(%q)].find(seen)?.href ?? "" })()`, visible, selector))
	if href == "" {
		h.t.Fatalf("%s is not on %s", selector, h.where())
	}
	h.Clicks++
	h.Pages++
	return href
}

// arrive waits for the page that something led to, if it led to one.
func (h *hand) arrive() {
	h.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(h.ctx, 5*time.Second)
		state, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState + (document.documentElement.hasAttribute("data-old") ? " old" : "")`))
		cancel()
		if err == nil && state == "complete" {
			h.Pages++
			return
		}
		if err == nil && state == "complete old" && time.Since(end.Add(-15*time.Second)) > 400*time.Millisecond { // it stays on its page
			return
		}
	}
}

// keys types into what has the focus; "\t" goes on, "\r" sends.
func (h *hand) keys(text string) {
	h.t.Helper()
	focused := func() bool { return eval[bool](h.browser, `document.activeElement !== document.body`) }
	for end := time.Now().Add(2 * time.Second); text != "/" && !focused() && time.Now().Before(end); time.Sleep(50 * time.Millisecond) { // a page's script gives it
	}
	if text != "/" && !focused() {
		h.t.Fatalf("nothing has the focus for %q on %s", text, h.where())
	}
	h.Keys += utf8.RuneCountInString(text)
	eval[bool](h.browser, `document.documentElement.setAttribute("data-old", "1") === undefined`)
	if text == "/" { // as one event with its letter, which a page can take for itself; KeyEvent types the letter whatever the page does
		h.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			for _, key := range []input.DispatchKeyEventParams{
				{Type: input.DispatchKeyEventTypeKeyDown, Key: "/", Code: "Slash", Text: "/", WindowsVirtualKeyCode: 191}, {Type: input.DispatchKeyEventTypeKeyUp, Key: "/", Code: "Slash", WindowsVirtualKeyCode: 191},
			} {
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key); err != nil {
					return err
				}
			}
			return nil
		}))
	} else {
		h.do(chromedp.KeyEvent(text))
	}
	if strings.HasSuffix(text, "\r") {
		h.arrive()
	}
}

// pick opens a list of choices and takes the one with these words. The browser draws the open list itself, so the choice is made in its stead.
func (h *hand) pick(name, words string) {
	h.t.Helper()
	before := h.Clicks
	if !eval[bool](h.browser, fmt.Sprintf(`(() => { %[3]s const e = [...document.querySelectorAll('main select[name="%[1]s"]')].find(seen); const all = e ? [...e.options] : [], o = all.find(o => o.text.trim() === %[2]q) ?? all.find(o => o.text.includes(%[2]q)); if (!o) return false;
		e.scrollIntoView({block: "center", behavior: "instant"}); e.focus(); e.value = o.value; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return true })()`, name, words, visible)) {
		h.t.Fatalf("no choice of %s says %q on %s", name, words, h.where())
	}
	h.Clicks = before + 2
}

// file chooses a file.
func (h *hand) file(name, path string) {
	h.t.Helper()
	h.do(chromedp.SetUploadFiles(fmt.Sprintf(`main input[type=file][name="%s"]`, name), []string{path}))
	h.Clicks += clicksOfAFile
}

// done is what it cost.
func (h *hand) done() effort {
	h.Seconds = float64(time.Since(h.begun).Milliseconds()/100) / 10
	return h.effort
}

func (e *effort) add(o effort) {
	e.Clicks, e.Keys, e.Pages, e.Seconds = e.Clicks+o.Clicks, e.Keys+o.Keys, e.Pages+o.Pages, e.Seconds+o.Seconds
}
