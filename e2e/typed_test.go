package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/onpaper"
)

// paperTraining is a training of so many people whose test can be attached.
func (p *programme) paperTraining(actor access.Actor, people int) measurement.Measurement {
	p.t.Helper()
	ctx := p.t.Context()
	must := func(err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	tests, err := p.app.Bank.Tests(ctx)
	must(err)
	for _, f := range tests[0].Forms {
		_, err := p.app.Bank.Review(ctx, actor, f.Items, itembank.Approved, "")
		must(err)
	}
	from := p.app.Measurement.Now().Add(2 * time.Hour)
	m, err := p.app.Measurement.Attach(ctx, actor, measurement.Draft{
		TestID: tests[0].ID, Kind: measurement.OfTraining, UnitID: p.unit, Waves: []measurement.Wave{measurement.Months3}, Survey: true,
		Make: p.app.Classroom.Maker(classroom.Draft{Title: "Szkolenie w Terespolu", Place: "Terespol", HeldFrom: from, HeldUntil: from.Add(6 * time.Hour), UnitID: p.unit}),
	})
	must(err)
	var ids []string
	for i := range people {
		personID, err := p.app.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Anna", FamilyName: fmt.Sprintf("Uczestna-Żółw %c", 'A'+i), UnitID: p.unit, Lang: "pl", ServiceNumber: fmt.Sprintf("SG%d", i)}, false)
		must(err)
		ids = append(ids, personID)
	}
	_, err = p.app.Measurement.AddParticipants(ctx, actor, m.ID, ids)
	must(err)
	return m
}

// keys are those by which a row is typed: each cell its letters, a space after several, and Enter for the next person.
func keys(s onpaper.Sheet, n int) string {
	var b strings.Builder
	for i, q := range s.Questions {
		letters := q.Letters()
		switch {
		case q.Most() == 0:
			b.WriteString("12\t")
		case q.Most() == 1:
			b.WriteString(letters[(n+i)%len(letters)])
		case q.Item.Type == item.Multiple:
			b.WriteString(letters[0] + letters[1+(n+i)%(len(letters)-1)])
			if q.Most() > 2 {
				b.WriteString(" ")
			}
		default:
			b.WriteString(strings.Join(letters[:q.Most()], ""))
		}
	}
	return b.String() + "\r"
}

// TestPaperFormsAreTypedByKeyboard: sheets are prepared and printed, 25 people are typed without a mouse, another who types at the same
// time is not lost, one in ten is read again, a difference is settled, and the results stand in the report.
func TestPaperFormsAreTypedByKeyboard(t *testing.T) {
	c := clock.NewFake(time.Now())
	p := startAt(t, dbtest.SQLite(t), c)
	ctx := t.Context()
	admin, entry := p.staff("koordynacja@example.org", access.Administrator)
	m := p.paperTraining(admin, 25)
	grid := func(reading int) onpaper.Grid {
		t.Helper()
		g, err := p.app.OnPaper.Grid(ctx, admin, m.ID, measurement.Before, reading)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	base := "/app/evidence/measurements/" + m.ID
	b := openBrowser(t, p.base, 1280, false)
	b.enter(entry)
	b.open(base)
	b.press("Testy na papierze")
	b.clean("nothing prepared")
	b.press("Przygotuj arkusze")
	b.see("Przygotowano 28 nowych arkuszy.")
	b.see("Kto ma który kod")
	b.sound("sheets")
	if n, wide, _ := b.print(); n < 2*28 || n > 6*28 || wide < 209 || wide > 211 {
		t.Errorf("28 sheets take %d pages, %.0f mm wide", n, wide)
	}
	if strings.Contains(b.text(), "Uczestna") {
		t.Error("a name stands on the sheets for the hall")
	}
	b.press("Kto ma który kod")
	b.see("Trzymaj tę listę osobno.")
	b.see("Anna")
	b.clean("codes")
	c.Advance(9 * time.Hour)
	b.open(base + "/paper/before/type")
	b.see("Arkusze 0 z 25")
	b.clean("grid")

	typed, begun := 0, time.Now()
	b.do(chromedp.Click(`tr[data-row] .cell input`))
	for n, s := range grid(1).Rows {
		k := keys(s, n)
		if n == 24 {
			k = strings.TrimSuffix(k, "\r") + "\t" // leaves the last row
		}
		typed += len(k)
		b.do(chromedp.KeyEvent(k))
	}
	b.becomes(`document.querySelector("[data-grid-done]").textContent`, "Arkusze 25 z 25")
	t.Logf("25 people: %d keystrokes, %d a person, %.1f s of the browser's own time", typed, typed/25, time.Since(begun).Seconds())
	for i, s := range grid(1).Rows {
		if !s.Whole(s.First) {
			t.Errorf("row %d: %d of %d cells", i+1, s.Filled(s.First), len(s.Questions))
		}
	}
	// A wrong letter is told on leaving the row, Escape brings back what is kept, and nothing is lost.
	first := grid(1).Rows[0]
	cell := fmt.Sprintf(`document.getElementById(%q)`, "f-"+onpaper.CellField(first.ID, 0))
	b.do(chromedp.Click(`tr[data-row] .cell input`), chromedp.KeyEvent("ż\r"))
	b.becomes(`String(`+cell+`.getAttribute("aria-invalid"))`, "true")
	b.see("P1: wpisz literę od a do")
	b.clean("a wrong letter")
	b.do(chromedp.Click(`tr[data-row] .cell input`), chromedp.KeyEvent("a\r"))
	b.becomes(`String(`+cell+`.hasAttribute("aria-invalid"))`, "false")
	// Somebody else types the same cell meanwhile: theirs stays, and both are shown.
	if _, _, err := p.app.OnPaper.Type(ctx, admin, m.ID, measurement.Before, 1, map[string][]string{onpaper.CellField(first.ID, 0): {"b"}, onpaper.RowField(first.ID): {"1=a"}}); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Click(`tr[data-row] .cell input`), chromedp.KeyEvent("c\r"))
	b.becomes(cell+`.value`, "b")
	b.see("ktoś wpisał tu „b” i to zostało; Twoje było „c”")

	b.open(base + "/paper/before/type")
	b.press("Zakończ i wylosuj z 25 arkuszy")
	b.see("Wylosowano 3 arkusze do drugiego odczytu.")
	b.clean("second reading")
	drawn := grid(2).Rows
	b.do(chromedp.Click(`tr[data-row] .cell input`))
	for i, s := range drawn {
		k := retyped(s)
		if i == 0 {
			k = "–" + strings.TrimPrefix(k, k[:1])
		}
		if i == 2 {
			k = strings.TrimSuffix(k, "\r") + "\t"
		}
		b.do(chromedp.KeyEvent(k))
	}
	b.becomes(`document.querySelector("[data-grid-done]").textContent`, "Arkusze 3 z 3")
	b.press("Zapisz")
	b.see("Różnice między odczytami")
	b.see("Drugi odczyt: –.")
	b.clean("differences")
	field := onpaper.CellField(drawn[0].ID, 0)
	b.fill(field, drawn[0].First.Cells[drawn[0].Questions[0].Key])
	b.fill(field+".reason", "Na arkuszu jest wyraźny znak.")
	b.press("Zapisz rozstrzygnięcia")
	b.see("Wpisane 25 z 25, w raporcie 25 z 25.")
	b.clean("done")

	// On a phone one person is a page.
	b.width(360)
	b.open(base + "/paper")
	b.clean("desk on a phone")
	b.open(base + "/paper/before/type")
	b.clean("grid on a phone")
	b.press("Anna Uczestna-Żółw A")
	b.clean("a sheet on a phone")
	b.open(base + "/paper/evaluation/type")
	b.clean("evaluation on a phone")
	b.fill("useful", "5")
	b.press("Zapisz ankietę")
	b.see("Wpisano ankietę o")
	b.see("Cofnij do")
}

// retyped are the keys that say again what was typed.
func retyped(s onpaper.Sheet) string {
	var b strings.Builder
	for _, q := range s.Questions {
		v := s.First.Cells[q.Key]
		b.WriteString(v)
		switch {
		case q.Most() == 0:
			b.WriteString("\t")
		case len(v) < q.Most():
			b.WriteString(" ")
		}
	}
	return b.String() + "\r"
}

// becomes waits for an expression to have a value.
func (b *browser) becomes(expression, want string) {
	b.t.Helper()
	got := ""
	for range 200 {
		if got = eval[string](b, expression); got == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("%s is %q, not %q", expression, got, want)
}

// TestATestOnAPhoneWithoutAnAccount: the screen's code and then the sheet's lead to the test, at 360 px, and to an end.
func TestATestOnAPhoneWithoutAnAccount(t *testing.T) {
	c := clock.NewFake(time.Now())
	p := startAt(t, dbtest.SQLite(t), c)
	ctx := t.Context()
	admin, _ := p.staff("koordynacja@example.org", access.Administrator)
	m := p.paperTraining(admin, 3)
	if _, err := p.app.OnPaper.Prepare(ctx, admin, m.ID, measurement.Before, 0, "pl"); err != nil {
		t.Fatal(err)
	}
	sheets, err := p.app.OnPaper.Print(ctx, admin, m.ID, measurement.Before)
	if err != nil {
		t.Fatal(err)
	}
	c.Advance(2 * time.Hour)
	sessionID, err := db.One[string](ctx, p.app.DB, `SELECT id FROM training_session WHERE training_id = ?`, m.SubjectID)
	if err != nil {
		t.Fatal(err)
	}
	_, code, _, err := p.app.Attendance.Code(ctx, admin, sessionID)
	if err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t, p.base, 360, false)
	b.open("/app/here/" + code)
	b.see("Without an account")
	b.clean("two ways")
	b.fill("row", "1A-01-AAAA")
	b.press("Open the test")
	b.see("There is a slip in this code.")
	b.clean("a slip")
	b.fill("row", strings.ToLower(sheets.Sheets[0].Code))
	b.press("Open the test")
	b.see("Szkolenie w Terespolu")
	b.clean("the test")
	if strings.Contains(b.text(), "Uczestna") {
		t.Error("a name stands on the test")
	}
	b.open("/app/")
	b.see("Sign in")
}
