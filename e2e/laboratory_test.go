package e2e

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
)

// beside opens a window of its own in the same Chromium, with its own cookies: another phone.
func (b *browser) beside(width int64) *browser {
	b.t.Helper()
	ctx, stop := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	b.t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		b.t.Fatal(err)
	}
	other := &browser{t: b.t, ctx: ctx, base: b.base, axe: b.axe}
	other.do(chromedp.EmulateViewport(width, 800))
	return other
}

// labPicture keeps a picture at both widths for who asks for it.
func (b *browser) labPicture(name string) {
	if folder := os.Getenv("OSTOJA_PICTURES"); folder != "" {
		for _, width := range []int64{1280, 360} {
			b.width(width)
			b.picture(fmt.Sprintf("%s/lab-%s-%d.png", folder, name, width))
		}
	}
}

// decides chooses a decision and writes a reason, and sends them without waiting for what follows.
func (b *browser) decides(letter, reason string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(() => { document.getElementById("letter-%s").checked = true; document.querySelector("[name=reason]").value = %q; document.querySelector("[data-lab-form] button").click(); return true })()`, letter, reason))
}

// squeezed is a text without spaces: on paper, lines break where they may.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }

// printed prints the page and returns its text as pdftotext reads it, squeezed. Each of the parts must be there, and no menu, crumb or button.
func (b *browser) printed(parts ...string) string {
	b.t.Helper()
	words := squeezed(b.words())
	for _, part := range parts {
		if !strings.Contains(words, squeezed(part)) {
			b.t.Errorf("%q is not printed: %s", part, words)
		}
	}
	for _, part := range []string{"Przejdź do treści", "Zakończ laboratorium", "Wszystko się zgadza", "Zadzwoń pod każdy numer", "Usuń", "wolne oprogramowanie"} {
		if strings.Contains(words, squeezed(part)) {
			b.t.Errorf("%q is printed", part)
		}
	}
	return words
}

const phones = 11 // of ten groups: the last is a second phone of the first

// TestALaboratoryOfTwelveBrowsers plays a case: a trainer on a wide screen and ten groups on eleven phones. Two phones of one group decide
// at once, one phone is without network in the middle of a step, one writes a name into its reason, and the trainer closes the page and
// opens it again. What each decided is there once, and false alarms and missed cases stand side by side in the debrief.
func TestALaboratoryOfTwelveBrowsers(t *testing.T) {
	d := dbtest.SQLite(t)
	p := start(t, d)
	_, entry := p.staff("trenerka@example.org", access.Trainer)
	trainer := openBrowser(t, p.base, 1280, false)
	trainer.enter(entry)
	trainer.open("/app/laboratory/runs")
	trainer.clean("the runs")
	trainer.do(chromedp.SetValue(`[name=case]`, "packing-hall"))
	trainer.press("Otwórz laboratorium")
	trainer.see("Zacznij krok 1")
	trainer.clean("the room gathers")
	trainer.labPicture("gathering")
	trainer.width(1280)
	room := eval[string](trainer, `location.pathname`)
	code := eval[string](trainer, `document.querySelector(".lab-code").innerText`)

	var groups [phones]*browser
	for i := range groups {
		personID, err := p.app.Identity.Add(t.Context(), access.System, identity.Draft{GivenName: "Osoba", FamilyName: "Grupowa" + string(rune('a'+i)), Mail: fmt.Sprintf("g%d@example.org", i), UnitID: p.unit, Lang: "pl"}, false)
		if err != nil {
			t.Fatal(err)
		}
		link, err := p.app.Identity.OneTimeLink(t.Context(), access.System, personID)
		if err != nil {
			t.Fatal(err)
		}
		b := trainer.beside(360)
		groups[i] = b
		b.open(link)
		b.pressSelector(`document.querySelector("main form button.action")`, "the link's button")
		b.open("/app/laboratory/join?code=" + strings.ToLower(code))
		if i == 0 {
			b.clean("the door")
			b.labPicture("door")
			b.width(360)
		}
		if i == phones-1 {
			b.pressSelector(`document.querySelector("main summary")`, "a second phone")
			b.press("Grupa 1")
			b.see("Grupa 1")
		} else {
			b.press("Otwórz nową grupę")
			b.see("Grupa " + strconv.Itoa(i+1))
		}
	}
	trainer.waitFor("10 grup") // without a touch
	trainer.press("Zacznij krok 1")
	for _, b := range groups {
		b.waitFor("Co robicie?")
	}
	groups[0].clean("a step")
	groups[0].labPicture("step")
	groups[0].width(360)

	groups[3].network(false)
	groups[3].decides("b", "Każdy powinien mieć swój dokument.")
	groups[3].waitFor("Decyzja czeka w telefonie")
	groups[3].clean("a lost line")
	groups[3].labPicture("offline")
	groups[3].width(360)
	groups[4].decides("a", "Bo Anna Kowalska tak powiedziała.")
	groups[4].waitFor("Wygląda to na imię lub nazwisko")
	groups[4].clean("a name")
	groups[4].decides("a", "Dokumenty są ważne.")
	groups[4].waitFor("Decyzja zapisana")
	groups[0].decides("b", "Najpierw rozmowa.")
	groups[phones-1].decides("c", "Trzeba działać od razu.") // the same group, at once
	for i, b := range groups[:phones-1] {
		if i != 0 && i != 3 && i != 4 {
			b.decides([]string{"a", "b", "c"}[i%3], "Tak uważa nasza grupa.")
		}
	}
	trainer.waitFor("Decyzje: 9 z 10")
	trainer.see("Bez decyzji są jeszcze grupy: 4")
	trainer.clean("the spread")
	trainer.labPicture("spread")
	trainer.width(1280)
	trainer.open("about:blank") // the tab is closed
	trainer.open(room)
	trainer.see("Decyzje: 9 z 10")
	groups[3].network(true)
	groups[3].waitFor("Decyzja zapisana")
	trainer.waitFor("Decyzje: 10 z 10")
	first, second := groups[0], groups[phones-1]
	first.waitFor("Decyzja zapisana")
	second.waitFor("Decyzja zapisana")
	chosen := `document.querySelector(".consequence b").innerText`
	if a, b := eval[string](first, chosen), eval[string](second, chosen); a != b {
		t.Errorf("the two phones of one group show %s and %s", a, b)
	}
	if !strings.Contains(first.text()+second.text(), "Inny telefon tej grupy był szybszy") {
		t.Error("the slower phone is not told")
	}
	trainer.press("Pokaż, co nastąpiło")
	groups[5].waitFor("Co z tego wynikło")
	groups[5].clean("what followed")
	groups[5].labPicture("followed")
	groups[5].width(360)
	trainer.clean("what followed, in the room")
	trainer.labPicture("room-followed")
	trainer.width(1280)
	for _, step := range []string{"Przejdź do kroku 2", "Pokaż, co nastąpiło", "Przejdź do kroku 3", "Pokaż, co nastąpiło", "Przejdź do kroku 4", "Pokaż, co nastąpiło", "Przejdź do omówienia"} {
		trainer.press(step)
	}
	groups[6].waitFor("Tu obawy były uzasadnione.")
	groups[6].clean("a group's debrief")
	groups[6].labPicture("group-debrief")
	trainer.open(room + "/debrief")
	trainer.see("Fałszywe alarmy – nie było takiej decyzji")
	trainer.see("z 10 decyzji, w których można było coś przeoczyć")
	trainer.see("Każdy powinien mieć swój dokument.")
	trainer.clean("the debrief")
	trainer.labPicture("debrief")
	trainer.width(1280)
	trainer.printed("Hala pakowania", "Fałszywe alarmy", "Przeoczenia", "Bez decyzji, gdy sala poszła dalej: 30 z 40.", "Każdy powinien mieć swój dokument.", "nie liczy się", "ILO")
	trainer.open("/app/laboratory/cases/packing-hall/sheet")
	trainer.clean("the sheet")
	trainer.labPicture("sheet")
	sheet := trainer.printed("Hala pakowania", "Grupa", "W każdym kroku zakreślcie jedną literę", "4. Telefon")
	c, err := p.app.Laboratory.Case("packing-hall")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Steps {
		for _, d := range s.Decisions {
			if !strings.Contains(sheet, squeezed(d.Text["pl"])) || strings.Contains(sheet, squeezed(d.Follows["pl"])) || strings.Contains(sheet, squeezed(d.Why["pl"])) {
				t.Errorf("the sheet, %s %s: what is decided is missing, or what followed is on it", s.ID, d.Letter)
			}
		}
	}
	trainer.open(room + "/paper")
	trainer.clean("typing from paper")
	trainer.open(room + "/end")
	trainer.clean("the end")
	trainer.pressSelector(`document.querySelector("form.confirm button")`, "the end")
	if strings.Contains(trainer.text(), "Każdy powinien mieć swój dokument.") {
		t.Error("a reason outlived the run")
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if strings.Contains(eval[string](groups[7], `document.body?.innerText || ""`), "To laboratorium już się skończyło.") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("a phone does not say that it is over: %s", groups[7].where())
		}
	}
	trainer.open("/app/laboratory/figures")
	trainer.see("Hala pakowania")
	trainer.clean("the figures")
	trainer.labPicture("figures")
}
