// Package learningtest makes a small programme for tests: one course, a few people, on either engine.
package learningtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/clock"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/event"
	"ostoja/internal/id"
	"ostoja/internal/learning"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// Start is the clock of docs/evidence.md: 09:00 in Warsaw, two days before the clocks go back.
var Start = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)

// World is a programme with one course and a few people.
type World struct {
	T           *testing.T
	DB          *db.DB
	Clock       *clock.Fake
	Courses     *published.Service
	Certs       *certificate.Service
	Learning    *learning.Service
	Letters     []mail.Message // that were sent
	Told        []any          // events, in order, also of transactions that failed
	mu          sync.Mutex     // holds Told while several act at once
	Refused     string         // the event, or "Invitation" or "Send", that is answered with [ErrRefused]; "" if none
	RefusedWith error          // instead of it
}

// ErrRefused is what the world answers where [World.Refused] says so.
var ErrRefused = errors.New("learningtest: refused")

// Each runs fn in a fresh World on each engine.
func Each(t *testing.T, fn func(w *World)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &World{T: t, DB: d, Clock: clock.NewFake(Start)}
		w.Courses = published.New(d, w.Clock, nil)
		w.Certs = certificate.New(d, w.Clock, time.UTC)
		w.Learning = learning.New(learning.Deps{DB: d, Clock: w.Clock, Courses: w.Courses, People: w, Certs: w.Certs, Outbox: w, Inviter: w, Events: w.events()})
		w.Exec(`INSERT INTO unit (id, path, kind, name, created_at) VALUES ('u', '/u/', 'service', 'Straż Graniczna', ?)`, Start)
		w.Publish(Folder("1"))
		fn(w)
	})
}

// events tells the world of all that learning has to tell.
func (w *World) events() *event.Bus {
	b := event.New()
	listen[learning.Enrolled](w, b)
	listen[learning.Beginning](w, b)
	listen[learning.PartsDone](w, b)
	listen[learning.TakenBack](w, b)
	listen[learning.Left](w, b)
	listen[learning.CameBack](w, b)
	return b
}

func listen[E any](w *World, b *event.Bus) {
	event.On(b, func(_ context.Context, _ *db.Tx, e E) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.Told = append(w.Told, e)
		return w.answer(reflect.TypeFor[E]().Name())
	})
}

func (w *World) answer(what string) error {
	if what == w.Refused {
		return cmp.Or(w.RefusedWith, ErrRefused)
	}
	return nil
}

// Exec runs a statement.
func (w *World) Exec(text string, args ...any) {
	w.T.Helper()
	if err := w.DB.Update(w.T.Context(), func(tx *db.Tx) error { return db.Exec(w.T.Context(), tx, text, args...) }); err != nil {
		w.T.Fatal(err)
	}
}

// Person adds a person and returns them as an actor.
func (w *World) Person(roles ...access.Role) access.Actor {
	w.T.Helper()
	personID := id.New()
	w.Exec(`INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, state, created_at)
		VALUES (?, 'u', 'u', 'Zofia', 'Źródło', '', '', ?, 'pl', 'active', ?)`, personID, personID+"@example.org", Start)
	a := access.Actor{PersonID: personID, Path: "/u/", At: Start, Grants: []access.Grant{{Role: access.Learner, Path: "/u/"}}}
	for _, r := range roles {
		a.Grants = append(a.Grants, access.Grant{Role: r, Path: "/u/"})
	}
	return a
}

// Publish publishes a folder.
func (w *World) Publish(files fstest.MapFS) published.Version {
	w.T.Helper()
	v, _, err := w.Courses.Publish(w.T.Context(), access.System, files)
	if err != nil {
		w.T.Fatalf("%v %+v", err, err)
	}
	return v
}

// Participant makes the world the people that learning knows.
func (w *World) Participant(ctx context.Context, q db.Querier, personID string) (learning.Person, error) {
	type row struct{ GivenName, FamilyName, Mail string }
	r, err := db.One[row](ctx, q, `SELECT given_name, family_name, mail FROM person WHERE id = ?`, personID)
	return learning.Person{ID: personID, Name: r.GivenName + " " + r.FamilyName, Mail: r.Mail, Lang: "pl", UnitPath: "/u/", Organisation: "Straż Graniczna"}, err
}

// ParticipantsWithin returns those whom the actor may enrol.
func (w *World) ParticipantsWithin(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, personIDs []string) (list []learning.Person, err error) {
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

// Invitation writes a letter.
func (w *World) Invitation(_ context.Context, _ *db.Tx, p learning.Person, title text.Translated, path string) (mail.Message, error) {
	return mail.Message{To: p.Mail, Subject: "s", Body: title.In(p.Lang) + " " + path, Lang: p.Lang}, w.answer("Invitation")
}

// Send keeps a letter.
func (w *World) Send(_ context.Context, _ *db.Tx, m mail.Message) error {
	w.Letters = append(w.Letters, m)
	return w.answer("Send")
}

// Enrol enrols the actor in the world's course.
func (w *World) Enrol(a access.Actor) learning.Enrolment {
	w.T.Helper()
	e, err := w.Learning.Enrol(w.T.Context(), a, "small", "pl")
	if err != nil {
		w.T.Fatal(err)
	}
	return e
}

// FinishParts does everything in the course but the test.
func (w *World) FinishParts(a access.Actor, enrolmentID string) {
	w.T.Helper()
	ctx := w.T.Context()
	for _, lesson := range []string{"one", "two"} {
		if _, err := w.Learning.Lesson(ctx, a, enrolmentID, lesson); err != nil {
			w.T.Fatal(err)
		}
		if _, err := w.Learning.FinishLesson(ctx, a, enrolmentID, lesson); err != nil {
			w.T.Fatal(err)
		}
	}
	if _, err := w.Learning.AnswerCheck(ctx, a, enrolmentID, "one", "check-1", map[string][]string{"item.check-1": {"a"}}); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Learning.BeginScenario(ctx, a, enrolmentID, "bus"); err != nil {
		w.T.Fatal(err)
	}
	story, err := w.Learning.Scenario(ctx, a, enrolmentID, "bus")
	if err != nil {
		w.T.Fatal(err)
	}
	if err := w.Learning.Choose(ctx, a, enrolmentID, "bus", story.Step, 0); err != nil {
		w.T.Fatal(err)
	}
}

// Answers returns a form that answers all items of an attempt: rightly, or all wrongly.
func Answers(items []string, right bool) map[string][]string {
	form := map[string][]string{}
	for _, itemID := range items {
		form["item."+itemID] = []string{map[bool]string{true: "a", false: "b"}[right]}
	}
	return form
}

func file(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "\t", "  "))}
}

// Folder is a small course of two lessons, a check, a scenario, and a test of 2 out of 3 items; label makes versions differ.
func Folder(label string) fstest.MapFS {
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
		return file("---\ntitle: " + title + "\nminutes: 30\nobjectives: [know]\n---\n\nTekst.\n" + more)
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
