package learning_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/clock"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/learning"
	"ostoja/internal/mail"
)

// start is the clock of EVIDENCE.md: 09:00 in Warsaw, two days before the clocks go back.
var start = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)

// world is a programme with one course and a few people.
type world struct {
	t        *testing.T
	db       *db.DB
	clock    *clock.Fake
	courses  *course.Service
	certs    *certificate.Service
	learning *learning.Service
	letters  []mail.Message
}

// eachWorld runs fn in a fresh world on each engine.
func eachWorld(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{t: t, db: d, clock: clock.NewFake(start)}
		w.courses = course.NewService(d, w.clock)
		w.certs = certificate.New(d, w.clock, time.UTC)
		w.learning = learning.New(learning.Deps{DB: d, Clock: w.clock, Courses: w.courses, People: w, Certs: w.certs, Outbox: w, Inviter: w})
		w.exec(`INSERT INTO unit (id, path, kind, name, created_at) VALUES ('u', '/u/', 'service', 'Straż Graniczna', ?)`, start)
		w.publish(folder("1"))
		fn(w)
	})
}

func (w *world) exec(text string, args ...any) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), func(tx *db.Tx) error { return db.Exec(w.t.Context(), tx, text, args...) }); err != nil {
		w.t.Fatal(err)
	}
}

// person adds a person and returns them as an actor.
func (w *world) person(roles ...access.Role) access.Actor {
	w.t.Helper()
	personID := id.New()
	w.exec(`INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, state, created_at)
		VALUES (?, 'u', 'u', 'Zofia', 'Źródło', '', '', ?, 'pl', 'active', ?)`, personID, personID+"@example.org", start)
	a := access.Actor{PersonID: personID, Path: "/u/", At: start, Grants: []access.Grant{{Role: access.Learner, Path: "/u/"}}}
	for _, r := range roles {
		a.Grants = append(a.Grants, access.Grant{Role: r, Path: "/u/"})
	}
	return a
}

func (w *world) publish(files fstest.MapFS) course.Version {
	w.t.Helper()
	v, _, err := w.courses.Publish(w.t.Context(), access.System, files)
	if err != nil {
		w.t.Fatalf("%v %+v", err, err)
	}
	return v
}

// Participant and the next two make the world the learning service's surroundings.
func (w *world) Participant(ctx context.Context, q db.Querier, personID string) (learning.Person, error) {
	type row struct{ GivenName, FamilyName, Mail string }
	r, err := db.One[row](ctx, q, `SELECT given_name, family_name, mail FROM person WHERE id = ?`, personID)
	return learning.Person{ID: personID, Name: r.GivenName + " " + r.FamilyName, Mail: r.Mail, Lang: "pl", UnitPath: "/u/", Organisation: "Straż Graniczna"}, err
}

func (w *world) ParticipantsWithin(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, personIDs []string) (list []learning.Person, err error) {
	for _, personID := range personIDs {
		one, err := w.Participant(ctx, q, personID)
		if err != nil {
			return nil, err
		}
		if actor.May(p, one.UnitPath) {
			list = append(list, one)
		}
	}
	return list, nil
}

func (w *world) Invitation(_ context.Context, _ *db.Tx, p learning.Person, title course.Text, path string) (mail.Message, error) {
	return mail.Message{To: p.Mail, Subject: "s", Body: title.In(p.Lang) + " " + path, Lang: p.Lang}, nil
}

func (w *world) Send(_ context.Context, _ *db.Tx, m mail.Message) error {
	w.letters = append(w.letters, m)
	return nil
}

// enrol enrols the actor in the world's course.
func (w *world) enrol(a access.Actor) learning.Enrolment {
	w.t.Helper()
	e, err := w.learning.Enrol(w.t.Context(), a, "small", "pl")
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// finishParts does everything in the course but the test.
func (w *world) finishParts(a access.Actor, enrolmentID string) {
	w.t.Helper()
	ctx := w.t.Context()
	for _, lesson := range []string{"one", "two"} {
		if _, err := w.learning.Lesson(ctx, a, enrolmentID, lesson); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.learning.FinishLesson(ctx, a, enrolmentID, lesson); err != nil {
			w.t.Fatal(err)
		}
	}
	if _, err := w.learning.AnswerCheck(ctx, a, enrolmentID, "one", "check-1", map[string][]string{"item.check-1": {"a"}}); err != nil {
		w.t.Fatal(err)
	}
	if err := w.learning.BeginScenario(ctx, a, enrolmentID, "bus"); err != nil {
		w.t.Fatal(err)
	}
	if err := w.learning.Choose(ctx, a, enrolmentID, "bus", 0, 0); err != nil {
		w.t.Fatal(err)
	}
}

// answers returns a form that answers all items of an attempt: rightly, or all wrongly.
func answers(items []string, right bool) map[string][]string {
	form := map[string][]string{}
	for _, itemID := range items {
		form["item."+itemID] = []string{map[bool]string{true: "a", false: "b"}[right]}
	}
	return form
}

func category(t *testing.T, err, want error, what string) {
	t.Helper()
	if e, ok := err.(*errs.Error); want == nil && ok && e == nil {
		return
	}
	if (want == nil) != (err == nil) || (want != nil && !strings.Contains(fmt.Sprint(err), want.Error())) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func file(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "\t", "  "))}
}

// folder is a small course of two lessons, a check, a scenario, and a test of 2 out of 3 items; label makes versions differ.
func folder(label string) fstest.MapFS {
	item := func(itemID, use string) string {
		return fmt.Sprintf(`
- id: %s
	use: %s
	objective: know
	level: 1
	type: single
	question: {pl: "Pytanie?", en: "Question?"}
	options:
		- {id: a, text: {pl: "tak", en: "yes"}, correct: true, feedback: {pl: "Tak.", en: "Yes."}}
		- {id: b, text: {pl: "nie", en: "no"}, feedback: {pl: "Nie.", en: "No."}}
	explanation: {pl: "Bo tak.", en: "Because."}
`, itemID, use)
	}
	lesson := func(title, more string) *fstest.MapFile {
		return file("---\ntitle: " + title + "\nminutes: 5\nobjectives: [know]\n---\n\nTekst.\n" + more)
	}
	check := "\n:::check items=\"check-1\"\n:::\n"
	return fstest.MapFS{
		"course.yaml": file(`
format: 1
id: small
version: "` + label + `"
languages: [pl, en]
title: {pl: "Mały kurs", en: "A small course"}
summary: {pl: "Krótki.", en: "Short."}
audience: {pl: "Wszyscy", en: "Everybody"}
hours: 1.5
objectives:
	- {id: know, topic: law, text: {pl: "Wie.", en: "Knows."}}
modules:
	- id: m
		title: {pl: "Moduł", en: "Module"}
		parts: [{lesson: one}, {scenario: bus}, {lesson: two}]
test: final
completion: {lessons: all, scenarios: all, checks: all, test: pass}
certificate: {title: {pl: "Zaświadczenie", en: "Certificate"}, valid_months: 36}
`),
		"items/all.yaml":      file(item("check-1", "check") + item("t-1", "test") + item("t-2", "test") + item("t-3", "test")),
		"modules/m/one.pl.md": lesson("Pierwsza", check), "modules/m/one.en.md": lesson("First", check),
		"modules/m/two.pl.md": lesson("Druga", ""), "modules/m/two.en.md": lesson("Second", ""),
		"tests/final.yaml": file(`
id: final
title: {pl: "Test", en: "Test"}
pass: 75
attempts: 2
minutes: 30
draw: [{objective: know, count: 2}]
`),
		"scenarios/bus.yaml": file(`
id: bus
title: {pl: "Autokar", en: "Coach"}
intro: {pl: "Przypadek fikcyjny.", en: "A fictional case."}
objectives: [know]
start: one
nodes:
	one:
		text: {pl: "Noc.", en: "Night."}
		choices:
			- {text: {pl: "Zapytać", en: "Ask"}, rating: good, consequence: {pl: "Dobrze.", en: "Good."}, to: good}
			- {text: {pl: "Czekać", en: "Wait"}, rating: poor, consequence: {pl: "Źle.", en: "Bad."}, to: one}
	good: {end: good, text: {pl: "Koniec.", en: "The end."}}
debrief: {pl: "Omówienie.", en: "Debrief."}
`),
	}
}
