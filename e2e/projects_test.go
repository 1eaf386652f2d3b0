package e2e

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/report/freeze"
	"ostoja/internal/testrig/modelled"
)

// reportedProject is the model programme as an office and its fund see it.
type reportedProject struct {
	*programme
	path     string       // of the project's pages
	hands    access.Actor // in
	approves access.Actor
}

const auditor = "audyt@fundusz.example"

func openReported(t *testing.T) *reportedProject {
	ctx, now := t.Context(), clock.NewFake(time.Date(2026, 10, 23, 9, 0, 0, 0, time.UTC))
	p := startAt(t, dbtest.SQLite(t), now)
	o := &reportedProject{programme: p}
	unit := func(name, mail string) string {
		unitID, err := p.app.Identity.CreateUnit(ctx, access.System, identity.UnitDraft{Kind: identity.Office, Name: name})
		p.ok(err)
		p.member("Ola", "Miejscowa", mail, unitID, access.Learner)
		return unitID
	}
	office := unit("Biuro projektów", "biuro@example.org")
	p.member("Ula", "Miejscowa", "guard@example.org", p.unit, access.Learner)
	o.hands = p.memberOver("Celina", "Projektowa", "celina@example.org", office, "", access.Coordinator)
	o.approves = p.memberOver("Zenobia", "Projektowa", "zenobia@example.org", office, "", access.Coordinator)
	o.path = "/app/projects/" + modelled.Plant(t, modelled.Place{
		App: p.app, DB: p.app.DB, Clock: now, Coordinator: o.hands, Office: office, CourseID: "border-guard",
		Units: map[string]string{"terespol": p.unit, "chelm": unit("Komenda w Chełmie", "chelm@example.org"), "office": office},
	})
	o.root = openBrowser(t, p.base, 1280, false)
	return o
}

// TestAReportFromTableToReviewer: who coordinates a project of two funds hands its figures in, somebody else approves them, the report is frozen and its package checked;
// then a reviewer of the fund, by a link and a code, sees the same figures, and no name.
func TestAReportFromTableToReviewer(t *testing.T) {
	t.Parallel()
	o := openReported(t)
	want := modelled.Read(t)
	desk := o.window(o.hands)
	desk.open("/app/projects")
	desk.press("Program wzorcowy")
	desk.open(o.path + "?period=1")
	desk.see(strconv.Itoa(want.AMIF[1].Participants))
	desk.both("project")
	for _, page := range []string{"/people", "/targets", "/parts", "/periods", "/funds", "/staff", "/notices", "/reports", "/check", "/reviewers", "/indicators/" + modelled.Model + "/participants"} {
		desk.open(o.path + page)
		desk.both("project" + page)
	}
	desk.open(o.path + "/periods")
	desk.press("Otwórz okres 1…")
	desk.fill("reason", "sprawozdanie do funduszu")
	desk.press("Otwórz okres 1")
	desk.see("Okres jest otwarty.")
	desk.open(o.path + "?period=1")
	desk.press("Złóż 12 wskaźników")
	desk.see("Złożono 12 wskaźników.")
	desk.open(o.path + "/periods")
	desk.press("Zamknij okres 1")

	second := o.window(o.approves)
	second.open(o.path + "?period=1")
	second.press("Zatwierdź 12 wskaźników")
	second.see("Zatwierdzono 12 wskaźników.")
	second.both("project-approved")

	desk.open(o.path + "/reports")
	fingerprint := o.app.Freeze.Fingerprint()
	desk.press("Zamroź sprawozdanie…")
	desk.both("project-freeze")
	desk.press("Zamroź sprawozdanie")
	packed := o.frozen(desk)
	checked, err := freeze.Verify(packed, fingerprint)
	if err != nil || checked.Document.Funds[0].People.Period != want.AMIF[1].Participants {
		t.Errorf("the package: %v, %+v", err, checked.Document.Funds)
	}
	desk.both("project-report")

	desk.open(o.path + "/reviewers")
	for name, value := range map[string]string{"name": "Aniela Kontrolna", "address": auditor} {
		desk.fill(name, value)
	}
	desk.choose("fund", modelled.AMIF)
	desk.press("Wyślij link")
	desk.see("Link zostanie wysłany.")
	o.reviewed(desk, want, packed)
}

// frozen waits until the report is there, and returns its package.
func (o *reportedProject) frozen(b *browser) []byte {
	o.t.Helper()
	for end := time.Now().Add(2 * time.Minute); !b.has(`a[href$="/file"]`); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(end) {
			o.t.Fatal(b.text())
		}
		b.open(eval[string](b, `location.pathname`))
	}
	return b.file(`a[href$="/file"]`)
}

var codeIn = regexp.MustCompile(`Kod: (\S+)`)

// reviewed opens the reviewer's link, first as somebody to whom it was passed on.
func (o *reportedProject) reviewed(desk *browser, want modelled.Expected, packed []byte) {
	o.t.Helper()
	address := o.letterLink(auditor, 0)
	b := o.root.beside(360)
	b.open(address)
	if strings.Contains(b.text(), "Program wzorcowy") {
		o.t.Error("the project's name is seen before the code")
	}
	b.both("review-door")
	b.fill("address", "kolega@fundusz.example")
	b.press("Wyślij kod")
	b.open(address)
	b.fill("address", auditor)
	b.press("Wyślij kod")
	b.see("Jeśli link jest dla tego adresu")
	b.both("review-code")
	letter := o.mail.Wait(o.t, auditor, 1)
	b.fill("code", codeIn.FindStringSubmatch(letter.Body)[1])
	b.press("Otwórz projekt")
	b.see("Program wzorcowy")
	b.open(address + "?period=1")
	b.see(strconv.Itoa(want.AMIF[1].Participants))
	b.see(fmt.Sprintf("wszystkie dowody ma %d z %d osób", want.AMIF[1].Complete, want.AMIF[1].Participants))
	if text := b.text(); strings.Contains(text, "Osoba e") || strings.Contains(text, "Osoba p") {
		o.t.Error("a name is on the reviewer's page")
	}
	b.both("review")
	b.open(address + "?lang=en")
	b.both("review-en")
	if !bytes.Equal(b.file(`a[href*="/packages/"]`), packed) {
		o.t.Error("the reviewer's package has other bytes")
	}
	desk.open(o.path + "/reviewers")
	eval[bool](desk, `document.querySelector("main details").open = true`)
	desk.see("ktoś wpisał inny adres")
	desk.both("project-reviewers")
	desk.pressSelector(`document.querySelector("button[name=act][value=end]")`, "Wyłącz")
	desk.see("Link jest wyłączony.")
	b.open(address)
	b.see("Ten link został wyłączony")
}
