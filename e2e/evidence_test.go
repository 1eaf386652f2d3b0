package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
)

// staff adds a person with a role everywhere and returns the address of their invitation.
func (p *programme) staff(mail string, role access.Role) (actor access.Actor, entry string) {
	p.t.Helper()
	ctx := p.t.Context()
	personID, err := p.app.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Łukasz", FamilyName: "Żak", Mail: mail, UnitID: p.unit, Lang: "pl"}, true)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.app.Identity.Grant(ctx, access.System, personID, identity.RoleDraft{Role: role}); err != nil {
		p.t.Fatal(err)
	}
	return access.Actor{PersonID: personID, At: time.Now(), Grants: []access.Grant{{Role: role}}}, p.letterLink(mail, 0)
}

// enter comes in by an invitation.
func (b *browser) enter(entry string) {
	b.t.Helper()
	b.open(entry)
	if b.has(`[name="password"]`) {
		b.fill("password", password)
	}
	b.pressSelector(`document.querySelector("main form button.action")`, "the invitation's button")
}

// sit answers a competence test: the first questions rightly, as many as known says, and the others wrongly.
func (b *browser) sit(t *itembank.Test, known int) {
	b.t.Helper()
	versions := map[string]itembank.Version{}
	for _, f := range t.Forms {
		for _, v := range f.Versions {
			versions[v.ID] = v
		}
	}
	ids := eval[[]string](b, `[...new Set([...document.querySelectorAll('main form [name^="item."]')].map(e => e.name.split(".")[1]))]`)
	if len(ids) != 20 {
		b.t.Fatalf("the form asks %d questions", len(ids))
	}
	for i, versionID := range ids {
		it := versions[versionID].Content
		it.ID = versionID
		if i < known {
			b.answer(&it)
			continue
		}
		for _, o := range it.Options {
			if !o.Best() && it.Type != item.Multiple {
				b.choose(it.FieldName(""), o.ID)
				break
			}
		}
	}
}

// others puts five colleagues through the course and its tests, so that there is a group to report on.
func (p *programme) others(coordinator access.Actor, test *itembank.Test) {
	p.t.Helper()
	ctx := p.t.Context()
	for i := range 5 {
		personID, err := p.app.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Anna", FamilyName: fmt.Sprintf("Koleżanka %c", 'A'+i), UnitID: p.unit, ServiceNumber: fmt.Sprintf("SG%d", i), Lang: "pl"}, false)
		if err != nil {
			p.t.Fatal(err)
		}
		if _, err := p.app.Learning.EnrolMany(ctx, coordinator, "border-guard", []string{personID}); err != nil {
			p.t.Fatal(err)
		}
		participantID, err := db.One[string](ctx, p.app.DB, `SELECT id FROM participant WHERE person_id = ?`, personID)
		if err != nil {
			p.t.Fatal(err)
		}
		err = p.app.DB.Update(ctx, func(tx *db.Tx) error {
			for w, percent := range map[measurement.Wave]float64{measurement.Before: 40 + float64(i), measurement.After: 78 - float64(i), measurement.Months3: 70} {
				f := measurement.Filled{ParticipantID: participantID, Wave: w, State: measurement.Done, Use: "yes", FormID: test.Forms[0].ID, At: time.Now(), Percent: percent, Topics: "identify=50 law=60"}
				if err := p.app.Measurement.FillSitting(ctx, tx, f); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

// TestEvidenceOfLearning goes from the second person's review of the items to the coordinator's report: test before, course,
// test after, the link three months later, and what came of it.
func TestEvidenceOfLearning(t *testing.T) {
	t.Parallel()
	evidence(t, dbtest.SQLite(t), false)
}

func TestEvidenceOfLearningWithoutScripts(t *testing.T) {
	t.Parallel()
	evidence(t, dbtest.SQLite(t), true)
}

func evidence(t *testing.T, d *db.DB, noScript bool) {
	c := clock.NewFake(time.Now())
	p := startAt(t, d, c)
	ctx := t.Context()
	coordinator, entry := p.staff("koordynacja@example.org", access.Administrator)
	desk := openBrowser(t, p.base, 1280, noScript)
	desk.enter(entry)
	desk.open("/app/bank/tests")
	desk.press("Test kompetencji: rozpoznawanie i ochrona")
	desk.see("Czeka na zatwierdzenie: 52")
	desk.clean("test before review")
	desk.press("Zatwierdź wszystkie (52)")
	desk.see("Zatwierdzono 52 pytania.")
	desk.open("/app/evidence")
	desk.clean("no evidence yet")
	desk.press("Dodaj pomiar")
	desk.fill("project", "Projekt próbny")
	desk.clean("attach")
	desk.press("Dołącz test")
	desk.see("Dołączono test.")
	desk.clean("measurement")
	tests, err := p.app.Bank.Tests(ctx)
	if err != nil {
		t.Fatal(err)
	}
	test := &tests[0]
	p.others(coordinator, test)

	_, mail := p.officer()
	b := openBrowser(t, p.base, 360, noScript)
	b.enter(p.letterLink(mail, 0))
	b.see("Zanim zaczniesz: krótki test")
	b.clean("course page, test before")
	courses, err := p.app.Courses.Current(ctx, "border-guard")
	if err != nil {
		t.Fatal(err)
	}
	b.open(eval[string](b, `location.pathname`) + "/lesson/why-you") // not before the test
	b.see("Zanim zaczniesz: krótki test")
	b.press("Rozpocznij test")
	b.see("Test przed szkoleniem")
	b.clean("test before")
	b.sit(test, 5)
	b.press("Oddaj test")
	if b.has(`[value="sure"]`) {
		b.clean("unanswered")
		b.press("Oddaj test mimo to")
	}
	b.see("Test oddany. Można zaczynać szkolenie.")
	b.clean("test before handed in")
	b.press("Przejdź do kursów")
	b.pressSelector(`document.querySelector("main .card a.button.action")`, "begin the course")
	b.pressSelector(`document.querySelector("main a.button.action")`, "first lesson")
	for _, part := range courses.Parts() {
		if part.Kind() == course.KindLesson {
			b.lesson(courses, part.ID(), 100)
		} else {
			b.scenario(courses, part.ID(), 100)
		}
	}
	b.see("Na koniec: drugi test")
	b.clean("course page, test after")
	b.press("Rozpocznij test")
	b.sit(test, 20)
	b.press("Oddaj test")
	b.see("Twoje wyniki")
	b.clean("test after handed in")
	b.press("Oceń szkolenie")
	b.clean("evaluation")
	b.choose("useful", "5")
	b.fill("comment", "Proszę dzwonić: 600 700 800")
	b.press("Wyślij anonimowo")
	b.see("Wygląda to na numer telefonu")
	b.clean("evaluation refused")
	b.fill("comment", "Więcej ćwiczeń.")
	b.press("Wyślij anonimowo")
	b.see("Dziękujemy za ocenę")

	// Three months later, in another browser, from the letter alone.
	letters := p.lettersTo(mail)
	c.Advance(93 * 24 * time.Hour)
	if err := p.app.Measure(ctx); err != nil {
		t.Fatal(err)
	}
	later := openBrowser(t, p.base, 360, noScript)
	followUp := p.letterLink(mail, letters)
	later.open(followUp)
	later.see("Co zostało po szkoleniu")
	later.clean("follow-up link")
	later.press("Rozpocznij")
	later.clean("follow-up")
	later.sit(test, 8)
	later.choose("skills-used", "yes")
	later.fill("skills-note", "Pomogła karta sygnałów.")
	later.press("Oddaj test")
	if later.has(`[value="sure"]`) {
		later.press("Oddaj test mimo to")
	}
	later.see("Co warto odświeżyć")
	later.clean("follow-up handed in")
	later.open(followUp)
	later.see("Ten test jest już oddany")

	if noScript {
		return
	}
	desk.open("/app/sign-in?next=/app/evidence")
	desk.fill("name", "koordynacja@example.org")
	desk.fill("password", password)
	desk.pressSelector(`document.querySelector("main form button.action")`, "sign in")
	desk.press("Test kompetencji: rozpoznawanie i ochrona")
	desk.see("W tym teście te same osoby (6 z 6)")
	desk.showsGain(p.app.DB)
	if strings.Contains(desk.text(), "Pomogła karta sygnałów.") || desk.has(`main [id=use] ~ details`) {
		t.Error("the note of one person is shown")
	}
	for _, width := range []int64{1280, 360} {
		desk.width(width)
		desk.clean(fmt.Sprintf("report at %d", width))
	}
	if file := desk.file(`a[href*="report.csv"]`); len(file) < 200 {
		t.Errorf("the file has %d bytes: %s", len(file), file)
	}
	desk.press("Jak liczymy")
	desk.clean("how we count")
	desk.open("/app/bank/tests/" + test.ID + "/analysis")
	desk.clean("item analysis")
}

// showsGain compares the report with the means that the database computes of the same people.
func (b *browser) showsGain(d *db.DB) {
	b.t.Helper()
	type means struct{ Pre, Post, Later float64 }
	m, err := db.One[means](b.t.Context(), d, `SELECT AVG(before_percent) AS pre, AVG(after_percent) AS post, AVG(months3_percent) AS later FROM participant`)
	if err != nil {
		b.t.Fatal(err)
	}
	text := b.text()
	for name, figure := range map[string]string{
		"mean before":   fmt.Sprintf("średnio %.1f", m.Pre),
		"mean after":    fmt.Sprintf("i %.1f", m.Post),
		"difference":    fmt.Sprintf("o %.1f pkt", m.Post-m.Pre),
		"gain":          fmt.Sprintf("%.2f", (m.Post-m.Pre)/(100-m.Pre)),
		"mean later":    fmt.Sprintf("%.1f", m.Later),
		"retained gain": fmt.Sprintf("%.0f", 100*(m.Later-m.Pre)/(m.Post-m.Pre)),
	} {
		if figure = strings.ReplaceAll(figure, ".", ","); !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), figure) {
			b.t.Errorf("the report does not show the %s, %q", name, figure)
		}
	}
}

// lettersTo counts the letters that somebody has got.
func (p *programme) lettersTo(mail string) int {
	n := 0
	for _, l := range p.mail.Letters() {
		if l.To == mail {
			n++
		}
	}
	return n
}
