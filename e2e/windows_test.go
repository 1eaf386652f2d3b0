package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
)

// tab opens a second window of the same browser, with its session.
func (b *browser) tab() *browser {
	b.t.Helper()
	ctx, stop := chromedp.NewContext(b.ctx)
	b.t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		b.t.Fatal(err)
	}
	other := &browser{t: b.t, ctx: ctx, base: b.base, axe: b.axe, noScript: b.noScript}
	other.do(chromedp.EmulateViewport(360, 800))
	if b.noScript {
		other.scripts(false)
	}
	return other
}

// until waits until an expression is true.
func (b *browser) until(expression string) {
	b.t.Helper()
	for end := time.Now().Add(20 * time.Second); !eval[bool](b, expression); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("%s never comes\non %s", expression, b.where())
		}
	}
}

// keep answers, each question by its option, and saves it: by the button, or by waiting for the script.
func (b *browser) keep(answers ...[2]string) {
	b.t.Helper()
	eval[bool](b, `(document.querySelector("[data-saved]").textContent = "") === ""`)
	for _, a := range answers {
		b.choose(a[0], a[1])
	}
	if b.noScript {
		b.press("Zapisz")
		return
	}
	b.until(`/zapisane|zmieniono/.test(document.querySelector("[data-saved]").textContent)`)
}

func (b *browser) chosen(name string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector('[name="%s"]:checked')?.value || ""`, name))
}

// look keeps a picture of the page where OSTOJA_PICTURES says.
func (b *browser) look(name string) {
	b.t.Helper()
	if folder := os.Getenv("OSTOJA_PICTURES"); folder != "" {
		for _, width := range []int64{360, 1280} {
			b.width(width)
			b.view(fmt.Sprintf("%s/%s-%d-%v.png", folder, name, width, b.noScript))
		}
		b.width(360)
	}
}

// TestTwoWindowsOfOneTest: a window that was opened before newer answers were saved takes nothing from them. What was changed in
// both is shown in both versions. Handing in with questions open says which, and asks.
func TestTwoWindowsOfOneTest(t *testing.T) {
	for _, noScript := range []bool{true, false} {
		t.Run(map[bool]string{true: "without scripts", false: "with scripts"}[noScript], func(t *testing.T) {
			p := start(t, dbtest.SQLite(t))
			personID, mail := p.officer()
			b := openBrowser(t, p.base, 360, noScript)
			b.enter(p.letterLink(mail, 0))
			enrolment := strings.TrimPrefix(eval[string](b, `location.pathname`), "/app/learn/")
			p.doParts(access.Actor{PersonID: personID, Grants: []access.Grant{{Role: access.Learner}}}, enrolment)
			b.open("/app/learn/" + enrolment + "/test")
			b.press("Rozpocznij test")
			attempt := eval[string](b, `location.pathname`)
			names := eval[[]string](b, `[...new Set([...document.querySelectorAll("main form input[type=radio]")].map(e => e.name))]`)
			if len(names) < 4 {
				t.Fatalf("the test asks %d questions with one answer", len(names))
			}
			options := func(name string) []string {
				return eval[[]string](b, fmt.Sprintf(`[...document.querySelectorAll('[name="%s"]')].map(e => e.value)`, name))
			}
			one, two, three := names[0], names[1], names[2]
			first := options(one)

			stale := b.tab()
			stale.open(attempt)
			b.keep([2]string{one, first[0]}, [2]string{two, options(two)[0]})
			// The first is answered here and there, the third here alone; the second was not touched.
			stale.keep([2]string{one, first[1]}, [2]string{three, options(three)[0]})
			stale.see("Zapisana tam i zaznaczona teraz:")
			stale.see("Wysłana stąd i niezapisana:")
			stale.clean("a conflict")
			stale.look("conflict")
			if got := stale.chosen(one); got != first[0] {
				t.Errorf("the newer answer is not shown: %q", got)
			}
			if got := stale.chosen(two); got != options(two)[0] {
				t.Errorf("the answer given elsewhere is not shown: %q", got)
			}
			b.open(attempt)
			for name, want := range map[string]string{one: first[0], two: options(two)[0], three: options(three)[0]} {
				if got := b.chosen(name); got != want {
					t.Errorf("%s: kept %q, not %q", name, got, want)
				}
			}
			b.see("dpowiedzi: 3 z 24")
			stale.keep([2]string{one, first[1]}) // now that both were seen
			b.open(attempt)
			if got := b.chosen(one); got != first[1] {
				t.Errorf("what was chosen once more is not kept: %q", got)
			}

			b.press("Oddaj test")
			b.see("Test nie jest jeszcze oddany")
			b.see("21 pytań z 24 nie ma pełnej odpowiedzi")
			b.clean("handing in with questions open")
			b.look("open")
			if n := eval[int](b, `[...document.querySelectorAll(".open-questions a")].filter(a => document.getElementById(decodeURIComponent(a.hash.slice(1)))?.matches("fieldset.question")).length`); n != 21 {
				t.Errorf("%d links lead to questions", n)
			}
			b.press("Oddaj test mimo to")
			b.see("Test niezaliczony")
			b.see("Co przeczytać")
			b.see("Kolejne podejście jest możliwe od:")
			b.clean("a failed test that can be taken again")
			b.look("failed")
		})
	}
}
