package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/guardian/complaint"
	"ostoja/internal/guardian/request"
	"ostoja/internal/identity"
)

const (
	guardians = "/app/guardians"
	applicant = "nadia.jasna@example.org"
	guardNo   = "+48 600 100 200"
)

// guardianOffice is an office that keeps the register, a service that asks, and a court; all its windows are of one Chromium.
type guardianOffice struct {
	*programme
	now                                       *clock.Fake
	office, court                             string // units
	before                                    string // the court in the register
	keeper, first, second, asks, clerk, reads access.Actor
	one, other                                *browser // of the two who mark talks
}

// member adds somebody with a role in their unit.
func (p *programme) member(given, family, mail, unit string, role access.Role) access.Actor {
	p.t.Helper()
	return p.memberOver(given, family, mail, unit, unit, role)
}

// memberOver adds somebody of a unit with a role in another, or with "" everywhere.
func (p *programme) memberOver(given, family, mail, unit, over string, role access.Role) access.Actor {
	p.t.Helper()
	ctx := p.t.Context()
	personID, err := p.app.Identity.Add(ctx, access.System, identity.Draft{GivenName: given, FamilyName: family, Mail: mail, UnitID: unit, Lang: "pl"}, false)
	p.ok(err)
	p.ok(p.app.Identity.Grant(ctx, access.System, personID, identity.RoleDraft{Role: role, UnitID: over}))
	path, err := p.app.Identity.UnitPath(ctx, p.app.DB, unit)
	p.ok(err)
	a := access.Actor{PersonID: personID, Path: path, At: time.Now(), Grants: []access.Grant{{Role: role, Path: path}}}
	if over == "" {
		a.Grants[0].Path = ""
	}
	return a
}

func (p *programme) ok(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// window is one of its own in which somebody has signed in.
func (p *programme) window(who access.Actor) *browser {
	p.t.Helper()
	link, err := p.app.Identity.OneTimeLink(p.t.Context(), access.System, who.PersonID)
	p.ok(err)
	b := p.root.beside(1280)
	b.enter(link)
	return b
}

func openGuardians(t *testing.T) *guardianOffice {
	ctx, now := t.Context(), clock.NewFake(time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)) // a Monday
	p := startAt(t, dbtest.SQLite(t), now)
	o := &guardianOffice{programme: p, now: now}
	for unit, name := range map[*string]string{&o.office: "Biuro kuratorów", &o.court: "Sąd Rejonowy w Brzezinach Leśnych"} {
		unitID, err := p.app.Identity.CreateUnit(ctx, access.System, identity.UnitDraft{Kind: identity.Office, Name: name})
		p.ok(err)
		*unit = unitID
	}
	o.keeper = p.member("Gabriela", "Rejestrowa", "office@example.org", o.office, access.GuardianCoordinator)
	o.first = p.member("Monika", "Oceniająca", "first@example.org", o.office, access.Assessor)
	o.second = p.member("Marek", "Sprawdzający", "second@example.org", o.office, access.Assessor)
	o.asks = p.member("Natalia", "Dyżurna", "asks@example.org", p.unit, access.Requester)
	o.clerk = p.member("Klara", "Sądowa", "court@example.org", o.court, access.CourtClerk)
	o.reads = p.member("Olga", "Rozstrzygająca", "complaints@example.org", o.office, access.ComplaintsOfficer)
	var err error
	o.before, err = p.app.Guardians.AddCourt(ctx, o.keeper, guardian.Court{Name: "Sąd Rejonowy w Brzezinach Leśnych"})
	p.ok(err)
	p.ok(p.app.Requests.PutInstitution(ctx, o.keeper, request.Institution{UnitID: p.unit, Kind: request.Requester, Phone: "22 555 00 00", SignedOn: "2026-01-01", TermsUntil: "2027-06-30"}))
	p.ok(p.app.Requests.PutInstitution(ctx, o.keeper, request.Institution{UnitID: o.court, Kind: request.CourtKind, CourtID: o.before, Phone: "22 555 00 01", SignedOn: "2026-01-01", TermsUntil: "2027-06-30"}))
	p.ok(p.app.Requests.PutOffice(ctx, o.keeper, request.Office{UnitID: o.office, Phone: "22 555 11 22", Hours: "całą dobę", CourtView: true}))
	o.root = openBrowser(t, p.base, 360, false)
	o.one, o.other = o.window(o.first), o.window(o.second) // whoever has never come in is not asked to mark
	return o
}

// both looks at the page on a phone and on a wide screen.
func (b *browser) both(name string) {
	b.t.Helper()
	for _, width := range []int64{360, 1280} {
		b.width(width)
		b.sound(fmt.Sprintf("%s at %d", name, width))
		b.pictured(name, width)
	}
}

// pictured keeps a picture of the page for who asks for it.
func (b *browser) pictured(name string, width int64) {
	b.t.Helper()
	if folder := os.Getenv("OSTOJA_PICTURES"); folder != "" {
		b.picture(fmt.Sprintf("%s/%s-%d.png", folder, strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(name), width))
	}
}

// each looks at pages in both languages of the program: on a phone in one, on a wide screen in the other, and at both widths for what runs over.
func (o *guardianOffice) each(b *browser, who access.Actor, paths ...string) {
	o.t.Helper()
	for tag, width := range map[string]int64{"en": 360, "pl": 1280} {
		if who.PersonID != "" {
			o.ok(o.app.Identity.SetLang(o.t.Context(), who, tag))
		}
		for _, path := range paths {
			b.open(path + map[bool]string{true: "?lang=" + tag}[who.PersonID == ""])
			if got := eval[string](b, `document.documentElement.lang`); got != tag {
				o.t.Errorf("%s is in %q, not %s", path, got, tag)
			}
			b.width(1640 - width)
			b.reflows(tag + path)
			b.width(width)
			b.sound(fmt.Sprintf("%s%s at %d", tag, path, width))
			b.pictured(tag+path, width)
		}
	}
	if who.PersonID != "" {
		o.ok(o.app.Identity.SetLang(o.t.Context(), who, "pl"))
	}
}

// sent presses the button of a form that answers with a file, and returns what pdftotext reads in it, squeezed.
func (b *browser) sent(form string) string {
	b.t.Helper()
	pdf := b.fetched(fmt.Sprintf(`(() => { const f = document.querySelector(%q); return fetch(f.action, {method: "POST", body: new URLSearchParams(new FormData(f))}) })()`, form))
	file := filepath.Join(b.t.TempDir(), "sent.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		b.t.Fatal(err)
	}
	out, err := exec.CommandContext(b.t.Context(), "pdftotext", "-layout", file, "-").Output()
	if err != nil {
		b.t.Fatal(err)
	}
	return squeezed(string(out))
}

// applies goes from the public form to an application that was sent, by the letter's link.
func (o *guardianOffice) applies(b *browser) {
	b.open("/app/apply/guardian")
	b.press("Polski")
	b.both("apply")
	b.press("Wyślij mi link")
	b.see("Wpisz adres e-mail, na przykład")
	b.both("apply-fault")
	b.fill("address", applicant)
	b.press("Wyślij mi link")
	b.both("apply-asked")
	b.open(o.written("/app/apply/guardian/link/", 0))
	b.both("apply-link")
	b.press("Otwórz zgłoszenie")
	b.press("Wyślij zgłoszenie")
	b.see("Wypełnij to pole.")
	b.both("apply-form-faults")
	for name, value := range map[string]string{
		"given_name": "Nadia", "family_name": "Jasna", "phone": guardNo, "motivation": "Chcę być po stronie dziecka.", "background": "Praca w świetlicy.", "conflicts": "Nie ma.", "availability": "Popołudnia.",
	} {
		b.fill(name, value)
	}
	for name, value := range map[string]string{"langs": "uk", "courts": o.before, "abroad": "yes"} {
		b.choose(name, value)
	}
	b.do(chromedp.Click(`[name=agreed]`))
	b.press("Wyślij zgłoszenie")
	b.see("w toku")
	b.both("apply-sent")
	o.each(b, access.Actor{}, "/app/apply/guardian", "/app/apply/guardian/mine", "/app/apply/guardian/document", "/app/apply/guardian/withdraw")
	o.sendsCopies(b)
}

// sendsCopies sends a file that is far too large, of which the page says so, and then one that is taken.
func (o *guardianOffice) sendsCopies(b *browser) {
	large := filepath.Join(o.t.TempDir(), "skan.pdf")
	o.ok(os.WriteFile(large, []byte("%PDF-1.7"), 0o600))
	o.ok(os.Truncate(large, 200<<20)) // takes no space
	small := filepath.Join(o.t.TempDir(), "zaswiadczenie.pdf")
	o.ok(os.WriteFile(small, []byte("%PDF-1.7 zaświadczenie"), 0o600))
	b.open("/app/apply/guardian/document?lang=pl")
	b.do(chromedp.SetUploadFiles(`input[type=file]`, []string{large}))
	b.press("Prześlij kopię")
	b.see("Plik jest za duży. Najwyżej 10 MB.")
	b.both("apply-document-fault")
	b.do(chromedp.SetUploadFiles(`input[type=file]`, []string{small}))
	b.press("Prześlij kopię")
	b.see("Kopia przesłana.")
	b.both("apply-with-copy")
}

// prepares leads the candidate through account, steps and checks to a talk that two mark, and returns the page of the candidate.
func (o *guardianOffice) prepares(desk *browser) (page string) {
	desk.open(guardians + "/candidates")
	desk.press("Nadia Jasna")
	page = eval[string](desk, `location.pathname`)
	desk.press("Załóż konto i wyślij zaproszenie")
	desk.see("Konto jest założone.")
	for _, step := range []string{"course", "class-day", "scenario"} {
		desk.open(page + "/step/" + step)
		desk.fill("done", "2026-11-30")
		desk.press("Zapisz")
	}
	desk.open(guardians + "/week")
	desk.see("Sprawdź przesłaną kopię: Nadia Jasna")
	for _, kind := range []string{"sexual-offenders", "criminal-record", "foreign-certificate"} {
		desk.open(page + "/check?kind=" + kind)
		desk.choose("clear", "yes")
		desk.press("Zapisz")
	}
	desk.open(page + "/talk")
	desk.fill("first", o.first.PersonID)
	desk.fill("second", o.second.PersonID)
	desk.press("Wyznacz")
	for who, b := range map[*access.Actor]*browser{&o.first: o.one, &o.second: o.other} {
		b.open(guardians + "/talks")
		b.press("Nadia Jasna")
		talk := eval[string](b, `location.pathname`)
		b.press("Oddaj oceny")
		b.both("talk-faults")
		for _, c := range o.app.Candidacy.Rubric.Criteria {
			b.choose("mark-"+c.ID, "3")
		}
		b.press("Oddaj oceny")
		o.each(b, *who, guardians+"/talks", talk)
	}
	desk.open(page)
	desk.see("Nic nie stoi na przeszkodzie przyjęciu.")
	o.each(desk, o.keeper, guardians+"/candidates", page, page+"/step/course", page+"/step/talk", page+"/check", page+"/document", page+"/talk", page+"/decision", guardians+"/rules", guardians+"/rules/criminal-record")
	desk.open(page + "/decision")
	desk.choose("decision", "admit")
	desk.fill("reasons", "Dobra rozmowa, wszystko sprawdzone.")
	desk.press("Zapisz decyzję")
	desk.see("w rejestrze")
	return page
}

// lists puts the person on the list and on duty this week, and returns the page of the entry.
func (o *guardianOffice) lists(desk *browser) (entry string) {
	desk.open(guardians)
	desk.press("Jasna Nadia")
	entry = eval[string](desk, `location.pathname`)
	desk.press("Wpisz na listę")
	desk.see("Wpis jest na liście.")
	desk.open(guardians + "/roster")
	desk.both("roster-empty")
	desk.fill("duty-uk-2026-W49", entry[strings.LastIndex(entry, "/")+1:])
	desk.press("Zapisz dyżury")
	return entry
}

// asksFor describes what a child needs, opens the contact with a purpose, and hears the yes by a letter's link; it returns the page of the request.
func (o *guardianOffice) asksFor(unit *browser) (page string) {
	unit.open(guardians + "/requests")
	unit.press("Złóż wniosek")
	unit.press("Wyślij wniosek")
	unit.both("request-faults")
	unit.choose("purpose", "protection")
	unit.fill("reference", "V Nmo 12/26")
	unit.fill("court", o.before)
	unit.fill("lang", "uk")
	unit.press("Wyślij wniosek")
	unit.see("Nadia J.")
	unit.see("ma w tym tygodniu dyżur")
	page = eval[string](unit, `location.pathname`)
	if strings.Contains(unit.text(), "600 100 200") {
		o.t.Error("the phone is shown unasked")
	}
	unit.both("request-asking")
	unit.pressSelector(`document.querySelector("main ol summary")`, "the fold")
	unit.pressSelector(`document.querySelector("main ol form button")`, "reveal without a purpose")
	unit.see("przeczyta go osoba, której dane otwierasz")
	unit.both("request-reveal-fault")
	unit.choose("look", "arrange")
	unit.pressSelector(`document.querySelector("main ol form button")`, "reveal")
	unit.see("600 100 200")
	guest := o.root.beside(360)
	guest.open(o.written("/guardian-reply/", 0))
	guest.both("reply")
	guest.press("Zgadzam się")
	guest.both("reply-faults")
	for _, name := range []string{"consent", "conflict"} {
		guest.do(chromedp.Click("[name=" + name + "]"))
	}
	guest.press("Zgadzam się")
	guest.see("Twoja zgoda jest zapisana.")
	guest.both("reply-done")
	unit.open(page)
	unit.see("Nadia J. zgadza się")
	return page
}

// TestAGuardianFromApplicationToTheCourt goes from a form before sign-in over steps, checks, a talk that two mark, decision, list and duty to a unit's
// request, the contact that it opens with a purpose, the yes by a letter's link and the paper for the court. The guardian then reads who looked. Every
// page of the area stands on a phone and a wide screen, in both languages.
func TestAGuardianFromApplicationToTheCourt(t *testing.T) {
	o := openGuardians(t)
	ctx, candidate := t.Context(), o.root
	desk := o.window(o.keeper)
	o.applies(candidate)
	o.prepares(desk)
	candidate.open(o.written("/app/apply/guardian/link/", 1))
	candidate.press("Otwórz zgłoszenie")
	candidate.see("Dobra rozmowa, wszystko sprawdzone.")
	candidate.both("apply-decided")
	entry := o.lists(desk)
	unit := o.window(o.asks)
	page := o.asksFor(unit)
	paper := unit.sent(`form[action$="/pack"]`)
	for _, part := range []string{"Nadia Jasna", guardNo, "V Nmo 12/26", "Sąd Rejonowy w Brzezinach Leśnych", "zgadza się na wskazanie sądowi", "ukraiński"} {
		if !strings.Contains(paper, squeezed(part)) {
			t.Errorf("the paper does not say %q: %s", part, paper)
		}
	}
	unit.press("Termin sądu")
	unit.fill("motion", "2026-11-30")
	unit.pressSelector(`document.querySelector("input[name=motion]").form.querySelector("button")`, "the motion")
	unit.see("Sąd powinien orzec do 3 grudnia 2026")
	o.each(unit, o.asks, guardians+"/requests", guardians+"/requests/new", page, page+"/withdraw")

	id := entry[strings.LastIndex(entry, "/")+1:]
	made, err := o.app.Appointments.Enter(ctx, o.keeper, appointment.Draft{GuardianID: id, Kind: "kurator", Scope: []string{"protection"}, DecidedOn: "2026-11-30", StartedOn: "2026-11-30"})
	o.ok(err)
	o.ok(o.app.Complaints.File(ctx, complaint.Draft{Statement: complaint.Statement{Text: "Nikt do mnie nie przychodzi."}, Lang: "pl"}))
	o.each(desk, o.keeper, guardians, entry, entry+"/edit", entry+"/renew", entry+"/remove", entry+"/statement", guardians+"/courts", guardians+"/courts/"+o.before, guardians+"/figures", guardians+"/roster",
		guardians+"/desk", strings.Replace(page, "requests", "desk", 1), guardians+"/institutions", guardians+"/institutions/"+o.unit, guardians+"/offices/"+o.office,
		guardians+"/appointments", guardians+"/appointments/new", guardians+"/appointments/"+made.ID, guardians+"/appointments/"+made.ID+"/end", guardians+"/appointments/missing-data",
		guardians+"/papers", guardians+"/papers/motion", guardians+"/papers/child", guardians+"/notices")
	o.each(o.window(o.clerk), o.clerk, guardians+"/court")
	reader := o.window(o.reads)
	all, err := o.app.Complaints.All(ctx, o.reads)
	o.ok(err)
	o.each(reader, o.reads, guardians+"/complaints", guardians+"/complaints/"+all[0].ID)
	o.each(o.root.beside(360), access.Actor{}, "/guardian-complaint", "/verify/guardian")

	own := o.root.beside(360)
	own.enter(o.written("/app/link/", 0))
	own.open("/app/guardian")
	own.see("Natalia Dyżurna")
	own.see("Cel: ustalenie pierwszego spotkania")
	own.see("Jednostka pobrała dokument dla sądu.")
	e, err := o.app.Guardians.Entry(ctx, o.keeper, id)
	o.ok(err)
	o.each(own, access.Actor{PersonID: e.PersonID}, "/app/guardian", "/app/guardian/withdraw", "/app/guardian/asked", "/app/guardian/appointments", "/app/guardian/papers")
}

// written is the address of a kind in the letters to who applied, the n-th of that kind.
func (o *guardianOffice) written(kind string, n int) string {
	o.t.Helper()
	for i := 0; ; i++ {
		if found := o.letterLink(applicant, i); strings.Contains(found, kind) {
			if n == 0 {
				return found
			}
			n--
		}
	}
}
