package e2e

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/course/published"
	"ostoja/internal/course/scenario"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/identity/roster"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/mail/mailtest"
	"ostoja/internal/measurement"
	"ostoja/internal/site"
)

// programme is the running program with a real mail server and the shipped course.
type programme struct {
	t    *testing.T
	app  *app.App
	base string
	mail *mailtest.Server
	unit string
	root *browser // of which all windows are
}

func start(t *testing.T, d *db.DB) *programme {
	t.Helper()
	return startAt(t, d, nil)
}

// startAt is start with a clock of the test's own; nil is the machine's.
func startAt(t *testing.T, d *db.DB, c clock.Clock) *programme {
	t.Helper()
	options := app.Options{Clock: c, Purpose: site.Demonstration}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &programme{t: t, base: "http://" + listener.Addr().String(), mail: mailtest.Start(t)}
	settings := &config.Config{BaseURL: p.base, Addr: listener.Addr().String(), SMTP: p.mail.URL(), MailFrom: "Ostoja <ostoja@example.org>", Zone: "Europe/Warsaw", Database: "unused", GuardKey: filepath.Join(t.TempDir(), "guardians.key")}
	ctx, stop := context.WithCancel(context.Background())
	if p.app, err = app.New(ctx, settings, d, options); err != nil {
		t.Fatal(err)
	}
	handler, err := p.app.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Close below
	worked := make(chan struct{})
	go func() { p.app.Work(ctx); close(worked) }()
	t.Cleanup(func() {
		_ = server.Close()
		stop()
		<-worked
	})
	files, err := folder.Open(filepath.Join("..", "courses", "border-guard"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.app.Courses.Publish(ctx, access.System, files); err != nil {
		t.Fatal(err)
	}
	if p.unit, err = p.app.Identity.CreateUnit(ctx, access.System, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna (test)"}); err != nil {
		t.Fatal(err)
	}
	return p
}

var link = regexp.MustCompile(`https?://\S+`)

// letterLink returns the address in the n-th letter to somebody.
func (p *programme) letterLink(to string, n int) string {
	p.t.Helper()
	l := p.mail.Wait(p.t, to, n)
	found := link.FindString(l.Body)
	if found == "" {
		p.t.Fatalf("the letter has no link:\n%s", l.Body)
	}
	return found
}

// officer adds a Border Guard officer, invited to the course by a coordinator's act, and returns the address.
func (p *programme) officer() (personID, mail string) {
	p.t.Helper()
	return p.officerIn("pl")
}

// officerIn adds one who reads in a language.
func (p *programme) officerIn(lang string) (personID, mail string) {
	p.t.Helper()
	ctx := p.t.Context()
	mail = "zofia.slusarczyk@example.org"
	personID, err := p.app.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Zofia", FamilyName: "Ślusarczyk", Mail: mail, UnitID: p.unit, Lang: lang}, false)
	if err != nil {
		p.t.Fatal(err)
	}
	if n, err := p.app.Learning.EnrolMany(ctx, access.System, "border-guard", []string{personID}); n != 1 || err != nil {
		p.t.Fatalf("%d enrolled, %v", n, err)
	}
	return personID, mail
}

const password = "cztery konie na wzgórzu"

// journey goes from the invitation in the mail to the verified certificate.
func journey(t *testing.T, d *db.DB, noScript bool) {
	p := start(t, d)
	_, mail := p.officer()
	b := openBrowser(t, p.base, 360, noScript)

	b.open(p.letterLink(mail, 0))
	b.clean("invitation")
	if b.has(`[name="password"]`) {
		b.fill("password", password)
	}
	b.pressSelector(`document.querySelector("main form button.action")`, "the invitation's button")
	b.clean("course page")
	b.see("Spis treści")

	c, err := p.app.Courses.Current(t.Context(), "border-guard")
	if err != nil {
		t.Fatal(err)
	}
	b.pressSelector(`document.querySelector("main a.button.action")`, "begin")
	for i, part := range c.Parts() {
		if part.Kind() == course.KindLesson {
			b.lesson(c, part.ID(), i)
		} else {
			b.scenario(c, part.ID(), i)
		}
	}
	b.see("Zapisano. To była ostatnia część.")
	b.clean("course page, all parts done")
	b.press("Test końcowy")
	b.clean("before the test")
	b.press("Rozpocznij test")
	b.clean("test")
	b.answerAll(c)
	b.press("Oddaj test")
	b.see("Test zaliczony")
	b.clean("result")

	b.press("Zobacz zaświadczenie")
	b.clean("certificates")
	pdf := string(b.file(`a[href$="/pdf"]`))
	if !strings.HasPrefix(pdf, "%PDF-") || len(pdf) < 5000 {
		t.Errorf("the certificate is not a PDF: %.20q, %d bytes", pdf, len(pdf))
	}
	certs, err := db.All[string](t.Context(), d, `SELECT code FROM certificate`)
	if err != nil || len(certs) != 1 {
		t.Fatalf("%d certificates, %v", len(certs), err)
	}
	b.open("/verify/" + certs[0])
	b.see("Zofia Ślusarczyk")
	b.clean("verification")
	if cookies := eval[string](b, `document.cookie`); cookies != "" {
		t.Errorf("the public page has cookies: %s", cookies)
	}
	b.open("/verify/AAAAAAAAAAAAAAAA")
	b.clean("unknown certificate")
}

// lesson answers what the lesson asks, and goes on.
func (b *browser) lesson(c *published.Course, lessonID string, n int) {
	b.t.Helper()
	l := c.Lesson(lessonID, "pl")
	b.see(l.Title)
	b.reflows(lessonID)
	if n < 3 {
		b.clean(fmt.Sprintf("lesson %d", n+1))
	}
	for _, s := range l.Segments {
		for _, itemID := range s.Check {
			b.answer(c.Item(itemID))
			b.pressSelector(fmt.Sprintf(`document.querySelector('#item-%s button[class~="plain"]:not([data-move])')`, itemID), "check")
			b.see("Dobrze")
			if n < 2 {
				b.clean(fmt.Sprintf("lesson %d answered", n+1))
			}
		}
	}
	b.pressSelector(`document.querySelector(".sticky-end form button")`, "go on")
}

// answer fills in the right answer of an item.
func (b *browser) answer(it *item.Item) {
	b.t.Helper()
	a := it.RightAnswer("pl")
	switch it.Type {
	case item.Single, item.Multiple, item.Step:
		for _, option := range a.Chosen {
			b.choose(it.FieldName(""), option)
		}
	case item.Order:
		for i, step := range a.Chosen {
			b.fill(it.FieldName(step), fmt.Sprint(i+1))
		}
	case item.Match:
		for left, right := range a.Pairs {
			b.fill(it.FieldName(left), right)
		}
	case item.Number:
		b.fill(it.FieldName(""), strings.ReplaceAll(fmt.Sprint(*a.Number), ".", ","))
	case item.ShortText:
		b.fill(it.FieldName(""), a.Text)
	}
}

// answerAll answers every question on the page rightly.
func (b *browser) answerAll(c *published.Course) {
	b.t.Helper()
	ids := strings.Split(eval[string](b, `[...new Set([...document.querySelectorAll('[name^="item."]')].map(e => e.name.split(".")[1]))].join(" ")`), " ")
	if len(ids) != c.Test().Count() {
		b.t.Fatalf("the test asks %d questions, not %d", len(ids), c.Test().Count())
	}
	for _, itemID := range ids {
		b.answer(c.Item(itemID))
	}
}

// scenario leads a story to a good end; the first ones badly before, as people do.
func (b *browser) scenario(c *published.Course, scenarioID string, n int) {
	b.t.Helper()
	s := c.Scenarios[scenarioID]
	b.clean("scenario " + scenarioID)
	b.press("Rozpocznij scenariusz")
	if n < 10 {
		b.lead(s, item.Poor, "Wybieram")
		b.see("Ten scenariusz nie jest jeszcze zaliczony")
		b.clean("scenario lost " + scenarioID)
		b.press("Spróbuj inaczej")
	}
	b.clean("scenario choice " + scenarioID)
	b.lead(s, item.Good, "Wybieram")
	b.see("Omówienie")
	b.see("Scenariusz jest zaliczony.")
	b.clean("scenario end " + scenarioID)
	b.press("Dalej")
}

// lead makes the choices of a shortest way to an end.
func (b *browser) lead(s *scenario.Scenario, end item.Rating, button string) {
	b.t.Helper()
	way, ok := s.Way(end)
	if !ok {
		b.t.Fatalf("%s has no %s end", s.ID, end)
	}
	for _, choice := range way {
		b.choose("choice", fmt.Sprint(choice))
		b.press(button)
	}
}

// fetched returns the bytes of an answer that an expression of the page promises, with the browser's own session.
func (b *browser) fetched(answer string) []byte {
	b.t.Helper()
	content, err := base64.StdEncoding.DecodeString(eval[string](b, answer+`.then(r => r.blob())
		.then(f => new Promise(done => { const r = new FileReader(); r.onload = () => done(r.result.split(",")[1] ?? ""); r.readAsDataURL(f) }))`))
	if err != nil {
		b.t.Fatal(err)
	}
	return content
}

// file returns what a link leads to.
func (b *browser) file(selector string) []byte {
	b.t.Helper()
	return b.fetched(fmt.Sprintf(`fetch(document.querySelector(%q).href)`, selector))
}

func TestJourneyOnAPhone(t *testing.T) {
	t.Parallel()
	journey(t, dbtest.SQLite(t), false)
}

func TestJourneyOnAPhoneWithoutScripts(t *testing.T) {
	t.Parallel()
	journey(t, dbtest.SQLite(t), true)
}

// TestJourneyOnPostgres has one connection, so that it also shows that no transaction waits for a second one.
func TestJourneyOnPostgres(t *testing.T) { journey(t, dbtest.OneConnection(t), false) }

// training lets an administrator approve the course's competence test and attach it to a training of one person.
func (p *programme) training(adminID, personID string) (measurementID string) {
	p.t.Helper()
	ctx, admin := p.t.Context(), access.Actor{PersonID: adminID, At: time.Now(), Grants: []access.Grant{{Role: access.Administrator}}}
	no := func(err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	tests, err := p.app.Bank.Tests(ctx)
	no(err)
	for _, f := range tests[0].Forms {
		_, err := p.app.Bank.Review(ctx, admin, f.Items, itembank.Approved, "")
		no(err)
	}
	from := time.Now().Add(48 * time.Hour)
	made := p.app.Classroom.Maker(classroom.Draft{Title: "Szkolenie w Terespolu", Place: "Terespol", UnitID: p.unit, HeldFrom: from, HeldUntil: from.Add(7 * time.Hour)})
	m, err := p.app.Measurement.Attach(ctx, admin, measurement.Draft{
		TestID: tests[0].ID, Kind: measurement.OfTraining, UnitID: p.unit, Waves: measurement.FollowUps, Survey: true, Make: made,
	})
	no(err)
	_, err = p.app.Measurement.AddParticipants(ctx, admin, m.ID, []string{personID})
	no(err)
	return m.ID
}

// TestStaffPages opens the pages of the staff, wide and narrow, in both languages.
func TestStaffPages(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	p := start(t, d)
	ctx := t.Context()
	p.officer()
	adminID, err := p.app.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Ewa", FamilyName: "Wójcik", Mail: "ewa@example.org", UnitID: p.unit, Lang: "pl"}, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.app.Identity.Grant(ctx, access.System, adminID, identity.RoleDraft{Role: access.Administrator}); err != nil {
		t.Fatal(err)
	}
	entry := p.letterLink("ewa@example.org", 0)
	b := openBrowser(t, p.base, 1280, false)
	b.open(entry)
	if b.has(`[name="password"]`) {
		b.fill("password", password)
	}
	b.pressSelector(`document.querySelector("main form button.action")`, "the invitation's button")
	list, err := db.All[string](ctx, d, `SELECT id FROM person ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	pages := []string{
		"/app/today", "/app/courses", "/app/courses/border-guard", "/app/certificates", "/app/desk", "/app/desk/border-guard", "/app/desk/border-guard/people",
		"/app/desk/border-guard/enrol", "/app/people", "/app/people/new", "/app/people/import", "/app/people/" + list[0], "/app/people/" + list[0] + "/edit",
		"/app/evidence", "/app/evidence/how", "/app/bank", "/app/bank/tests", "/app/bank/new?type=step", "/app/bank/new?type=match", "/app/bank/import", "/app/bank/tests/new",
		"/app/organisations", "/app/organisations/" + p.unit, "/app/authoring", "/app/authoring/border-guard", "/app/system", "/app/audit", "/app/account", "/app/design",
		"/app/funds", "/app/funds/new", "/app/funds/amif-2021", "/app/funds/amif-2021/history", "/app/funds/amif-2021/history/1", "/app/funds/amif-2021/drop/useful", "/app/funds/amif-2021/edit/emblem",
		"/app/funds/amif-2021/edit/name", "/app/funds/amif-2021/edit/ages", "/app/funds/amif-2021/edit/retention", "/app/funds/amif-2021/edit/indicator:useful", "/app/funds/amif-2021/edit/new-source",
	}
	preview, err := p.app.Roster.Preview(ctx, access.Actor{PersonID: adminID, Grants: access.System.Grants}, []byte("Imie i nazwisko;E-mail\nH\xe9l\xe8ne Nowak;a@example.org\nNowak Ewa;b@example.org\n"), roster.Options{UnitID: p.unit, Lang: "pl"})
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, "/app/people/import?preview="+preview.ID)
	training := "/app/evidence/measurements/" + p.training(adminID, list[0])
	pages = append(pages, "/app/evidence/attach", training, training+"/edit", training+"/people", training+"/participants")
	for _, language := range []string{"pl", "en"} {
		if language == "en" {
			b.open("/app/account")
			b.pressSelector(`document.querySelector('footer button[value="en"]')`, "English")
		}
		for _, path := range pages {
			b.open(path)
			if strings.Contains(b.text(), "⟦") {
				t.Errorf("%s in %s: a text is missing", path, language)
			}
			if got := eval[string](b, `document.documentElement.lang`); got != language {
				t.Errorf("%s is in %s, not in %s", path, got, language)
			}
			b.clean(language + path)
		}
	}
	b.width(360)
	for _, path := range pages {
		b.open(path)
		b.clean("360" + path)
	}
}

// TestSignIn tries the ways in, and those that are refused.
func TestSignIn(t *testing.T) {
	d := dbtest.SQLite(t)
	p := start(t, d)
	_, mail := p.officer()
	b := openBrowser(t, p.base, 360, false)
	b.open("/app/courses")
	b.clean("sign in")
	b.fill("name", mail)
	b.fill("password", "nie to hasło")
	b.pressSelector(`document.querySelector("main form button.action")`, "sign in")
	b.clean("sign in refused")
	if !b.has("[role=alert]") {
		t.Error("a wrong password is not reported")
	}
	if got := eval[string](b, `document.querySelector('[name="name"]').value`); got != mail {
		t.Errorf("the name that was typed is lost: %q", got)
	}
	invitation, err := url.Parse(p.letterLink(mail, 0))
	if err != nil {
		t.Fatal(err)
	}
	b.open(invitation.String())
	b.open(invitation.String()) // opening it, as mail scanners do, must not use it up
	if b.has(`[name="password"]`) {
		b.fill("password", password)
	}
	b.pressSelector(`document.querySelector("main form button.action")`, "the invitation's button")
	b.see("Spis treści")
	b.open(invitation.String())
	b.clean("used link")
	if dir := os.Getenv("OSTOJA_SCREENSHOTS"); dir != "" {
		b.picture(filepath.Join(dir, "used-link.png"))
	}
}
