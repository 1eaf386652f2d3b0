// Package e2e walks through the running program as its users do, in a real browser, with mail read from a real SMTP server.
package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser is a tab of a Chromium with a profile of its own.
type browser struct {
	t    *testing.T
	ctx  context.Context
	base string
	axe  string
	// noScript walks without JavaScript.
	noScript bool
}

// openBrowser starts Chromium with a window of the given width; it ends with the test.
func openBrowser(t *testing.T, base string, width int64, noScript bool) *browser {
	t.Helper()
	axe, err := os.ReadFile(filepath.Join("..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal("axe-core is not installed (make setup): ", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("no-sandbox", true), // tests run as root in containers
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	// The first run starts the browser, which lives as long as the context of that run.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, ctx: ctx, base: base, axe: string(axe), noScript: noScript}
	b.do(chromedp.EmulateViewport(width, 800))
	if noScript {
		b.scripts(false)
	}
	return b
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%v\non %s", err, b.where())
	}
}

func (b *browser) scripts(on bool) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// open goes to a path, or to an address as it stands in a letter.
func (b *browser) open(address string) {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.base + address
	}
	b.do(chromedp.Navigate(address))
}

func (b *browser) where() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	location, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx, chromedp.Text("body"))
	return location + "\n" + text
}

// eval returns the value of an expression in the page, also where the page's own scripts are off.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	if b.noScript {
		b.scripts(true)
		defer b.scripts(false)
	}
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v\non %s", expression, err, b.where())
	}
	return v
}

// text returns what the page says; one that has only begun to come has no body yet.
func (b *browser) text() string { return eval[string](b, `document.body?.innerText ?? ""`) }

// see fails the test unless the page says something.
func (b *browser) see(words string) {
	b.t.Helper()
	if text := b.text(); !strings.Contains(strings.Join(strings.Fields(text), " "), words) {
		b.t.Fatalf("%q is not on the page:\n%s", words, b.where())
	}
}

// has says whether the page has an element.
func (b *browser) has(selector string) bool {
	return eval[bool](b, fmt.Sprintf(`document.querySelector(%q) !== null`, selector))
}

// fill types into a field as a person does.
func (b *browser) fill(name, value string) {
	b.t.Helper()
	b.do(chromedp.SetValue(fmt.Sprintf(`[name="%s"]`, name), value))
}

// choose selects a radio button or checks a box by its name and value.
func (b *browser) choose(name, value string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(()=>{const e=document.querySelector('[name="%s"][value="%s"]'); e.checked=true; e.dispatchEvent(new Event("change",{bubbles:true})); return e.checked})()`, name, value))
}

// press clicks the first button or link whose words are these and waits for the page that follows.
func (b *browser) press(words string) {
	b.t.Helper()
	b.pressSelector(fmt.Sprintf(`[...document.querySelectorAll('button, a, summary, input[type=submit]')].find(e => e.innerText.trim().replace(/\s+/g," ") === %q && e.getClientRects().length > 0)`, words), words)
}

func (b *browser) pressSelector(expression, words string) {
	b.t.Helper()
	mark := fmt.Sprintf("go-%d", time.Now().UnixNano())
	if !eval[bool](b, fmt.Sprintf(`(()=>{const e=%s; if(!e) return false; e.setAttribute("data-press",%q); e.scrollIntoView({block:"center"}); document.documentElement.setAttribute("data-old","1"); return true})()`, expression, mark)) {
		b.t.Fatalf("nothing to press says %q on %s", words, b.where())
	}
	b.do(chromedp.Click(fmt.Sprintf(`[data-press=%q]`, mark)))
	b.settle()
}

// settle waits until the page that a press led to is there. A press that stays on the page (a summary) ends it at once.
func (b *browser) settle() {
	b.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
		if b.noScript {
			b.scripts(true)
		}
		state, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState + (document.documentElement.hasAttribute("data-old") ? " old" : "")`))
		if b.noScript {
			b.scripts(false)
		}
		cancel()
		if err == nil && state == "complete" {
			return
		}
	}
	// The page is the same: what was pressed does not lead elsewhere.
}

type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	} `json:"nodes"`
}

// clean is [browser.sound], and takes a picture for who asks for it.
func (b *browser) clean(step string) {
	b.t.Helper()
	b.sound(step)
	if dir := os.Getenv("OSTOJA_SCREENSHOTS"); dir != "" {
		b.picture(filepath.Join(dir, strings.NewReplacer(" ", "-", "/", "-").Replace(b.t.Name()+"-"+step)+".png"))
	}
}

// sound fails the test if axe finds anything wrong with the page, or if the page is wider than the window.
func (b *browser) sound(step string) {
	b.t.Helper()
	if b.noScript {
		b.scripts(true)
		defer b.scripts(false)
	}
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	if there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`typeof axe === "object"`)); err != nil || !there { // one load of a page needs it once
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](b.axe+"; true")); err != nil {
			b.t.Fatal(step, ": ", err)
		}
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(step, ": ", err)
	}
	var violations []violation
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range violations {
		b.t.Errorf("%s: axe %s: %s", step, v.ID, v.Help)
		for _, n := range v.Nodes {
			b.t.Logf("   %s\n   %s", n.HTML, n.FailureSummary)
		}
	}
	b.reflows(step)
}

// reflows fails the test if the page is wider than the window (WCAG 1.4.10).
func (b *browser) reflows(step string) {
	b.t.Helper()
	if over := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		b.t.Errorf("%s: the page is %d pixels wider than the window", step, over)
	}
}

// picture writes a screenshot of the whole page.
func (b *browser) picture(path string) {
	b.t.Helper()
	b.shoot(path, chromedp.FullScreenshot(100))
}

// view writes a screenshot of what the window shows.
func (b *browser) view(path string) {
	b.t.Helper()
	b.shoot(path, chromedp.CaptureScreenshot())
}

func (b *browser) shoot(path string, how chromedp.Action[[]byte]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, how)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// width changes the window's width.
func (b *browser) width(pixels int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(pixels, 800))
}
