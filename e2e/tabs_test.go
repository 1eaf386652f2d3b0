package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"ostoja/internal/access"
)

// namesNobody fails the test if a name stands anywhere in the page, shown or hidden, or in a field.
func (h *hallDay) namesNobody(b *browser, when string) {
	h.t.Helper()
	page := eval[string](b, `document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map(e => e.value).join(" ")`)
	for _, name := range h.names {
		if strings.Contains(page, name) {
			h.t.Errorf("%s: %s stands in the page of another tab", when, name)
		}
	}
}

// TestTheRollInTwoTabs opens one roll in two tabs of one browser. Signing out elsewhere, going to another page, and closing lock or
// blank the tab that others left open; what waits in it arrives, once.
func TestTheRollInTwoTabs(t *testing.T) {
	h := openHall(t)
	one, stop := profiled(t, h.base, t.TempDir(), false)
	defer stop()
	one.enter(h.entry)
	one.open("/app/hall/device?open=" + h.morning)
	one.waitFor("Zegar chodzi dobrze")
	one.fill("one", hallPassphrase)
	one.fill("two", hallPassphrase)
	one.tap(`[data-part=open] button.action`)
	one.waitFor("0 z 4 jest 0 nie ma 4 bez znaku")
	two := one.tab()
	two.open("/app/hall/device")
	two.waitFor("Lista jest zamknięta hasłem")
	two.unlock(hallPassphrase)
	two.waitFor("0 z 4 jest 0 nie ma 4 bez znaku")

	one.network(false)
	two.network(false)
	one.mark(h.names[0], "present")
	one.waitFor("1 zmiana w telefonie")
	two.mark(h.names[1], "absent")
	two.waitFor("2 zmiany w telefonie")
	if !eval[bool](two, `(() => { const b = [...document.querySelectorAll(".roll-row button")].find(x => x.textContent.includes("`+h.names[2]+`")); b.click(); return document.querySelector("#d-person").open })()`) {
		t.Fatal("the dialog is not open")
	}

	three := one.tab()
	three.open("/app/hall")
	eval[bool](three, `(document.querySelector("form[action='/app/sign-out'] button").click(), true)`) // on a phone it stands in the menu
	for _, b := range []*browser{one, two} {
		b.waitFor("Lista jest zamknięta hasłem")
		b.waitFor("2 zmiany w telefonie")
		h.namesNobody(b, "signed out")
	}
	if n := h.marks(); n != 0 {
		t.Fatalf("%d marks arrived without network", n)
	}
	two.clean("locked by signing out")
	entry, err := h.app.Identity.OneTimeLink(t.Context(), access.System, h.trainer.PersonID)
	if err != nil {
		t.Fatal(err)
	}
	three.enter(entry)
	one.network(true)
	two.network(true)
	one.unlock(hallPassphrase)
	two.unlock(hallPassphrase)
	for _, b := range []*browser{one, two} {
		b.waitFor("1 z 4 jest 1 nie ma 2 bez znaku")
		b.waitFor("Zapisane o")
	}
	if n := h.marks(); n != 2 {
		t.Errorf("%d marks of two arrived", n)
	}

	two.open("/app/hall")
	two.do(chromedp.NavigateBack())
	two.waitFor("Lista jest zamknięta hasłem")
	h.namesNobody(two, "left and come back")
	two.unlock(hallPassphrase)
	two.waitFor("1 z 4 jest 1 nie ma 2 bez znaku")

	h.closeOnDevice(one)
	two.waitFor("Na tym urządzeniu nic już nie ma")
	h.namesNobody(two, "closed in the other tab")
	two.clean("closed in the other tab")
	if n := h.marks(); n != 2 {
		t.Errorf("%d marks of two after closing", n)
	}
	two.open("/app/hall/device")
	two.waitFor("Na tym urządzeniu nic nie ma")
	two.keepsNothing("closed in the other tab")
}
