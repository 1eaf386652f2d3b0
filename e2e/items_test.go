package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// TestRowsOfAnItemGrow: who writes into the last answer has another below it, without a click and without sending the form; the button
// shows one too; eight are the most; what is kept is what was written.
func TestRowsOfAnItemGrow(t *testing.T) {
	d := dbtest.SQLite(t)
	p := start(t, d)
	_, entry := p.staff("autorka@example.org", access.Author)
	b := openBrowser(t, p.base, 1280, false)
	b.enter(entry)
	rows := func() int { return eval[int](b, `document.querySelectorAll("fieldset[data-rows] .field-row").length`) }
	typed := func(name, text string) {
		b.do(chromedp.SendKeys(`[name="`+name+`"]`, text))
	}
	b.open("/app/bank/new")
	if rows() != 2 {
		t.Fatalf("%d rows", rows())
	}
	typed("question.pl", "Kto oddaje dokumenty?")
	typed("question.en", "Who gives back the documents?")
	for i, n := range []int{2, 3, 4} {
		typed([]string{"options.0.pl", "options.1.pl", "options.2.pl"}[i], "odpowiedź")
		typed([]string{"options.0.en", "options.1.en", "options.2.en"}[i], "an answer "+[]string{"one", "two", "three"}[i])
		if rows() != n {
			t.Errorf("after answer %d there are %d rows, not %d", i+1, rows(), n)
		}
	}
	if got := eval[string](b, `document.querySelector('label[for="f-options.3.pl"]').textContent.trim() + document.querySelector('[name="options.3.pl"]').value`); got != "4. (Polski)" {
		t.Errorf("the new row says %q", got)
	}
	b.clean("grown")
	for range 4 {
		b.tap("button[name=rows]")
	}
	if rows() != 8 || b.has("button[name=rows]") || eval[string](b, `document.activeElement.name`) != "options.7.pl" {
		t.Errorf("%d rows, the focus is on %s", rows(), eval[string](b, `document.activeElement.name`))
	}
	b.clean("eight")
	if right := eval[string](b, `(() => { const s = document.querySelector('[name="options.1.mark"]'); s.value = "right"; s.dispatchEvent(new Event("change", {bubbles: true}));
		return [...document.querySelectorAll("[data-one] select")].filter(s => s.value === "right").map(s => s.name).join() })()`); right != "options.1.mark" {
		t.Errorf("right are %s: one marked takes the mark from the other", right)
	}
	b.do(chromedp.SetValue(`[name="options.1.pl"]`, "inna"), chromedp.SetValue(`[name="options.2.pl"]`, "trzecia"))
	eval[bool](b, `(() => { const s = document.querySelector('[name=objective]'); s.value = [...s.options].find(o => o.value).value; return true })()`)
	b.tap(`main form button.action`)
	b.waitFor("Zapisano wersję 1")
	if n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM bank_version WHERE content LIKE '%Kto oddaje dokumenty%' AND content LIKE '%trzecia%'`); err != nil || n != 1 {
		t.Errorf("%d kept, %v", n, err)
	}
}
