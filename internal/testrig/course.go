package testrig

import (
	"fmt"
	"strings"
	"testing/fstest"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/learning"
)

// CourseFolder describes a small course: two lessons, a question in the first, a scenario, and a test of 2 out of 3 items.
// The right answer of every item is "a".
type CourseFolder struct {
	ID    string
	Label string   // makes versions differ; "1" if empty
	Langs []string // of pl, en, uk
	Forms bool     // with a competence test in the forms A, B and C, of five items each
}

// text returns what is written in each of the course's languages: the Polish text, with the language before it in the others.
func (f CourseFolder) text(polish string) string {
	var parts []string
	for _, tag := range f.Langs {
		s := polish
		if tag != "pl" {
			s = strings.ToUpper(tag) + " " + polish
		}
		parts = append(parts, fmt.Sprintf("%s: %q", tag, s))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (f CourseFolder) item(itemID, use string) string {
	return fmt.Sprintf(`
- id: %[1]s
	use: %[2]s
	objective: know
	level: 1
	type: single
	question: %[3]s
	options:
		- {id: a, text: %[4]s, correct: true, feedback: %[5]s}
		- {id: b, text: %[6]s, feedback: %[7]s}
	explanation: %[8]s
`, itemID, use, f.text("Pytanie "+itemID+"?"), f.text("tak"), f.text("Dobrze."), f.text("nie"), f.text("Źle."), f.text("Bo tak."))
}

func yaml(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "\t", "  "))}
}

// Files returns the folder.
func (f CourseFolder) Files() fstest.MapFS {
	if f.Label == "" {
		f.Label = "1"
	}
	files := fstest.MapFS{}
	items := f.item("check-1", "check") + f.item("t-1", "test") + f.item("t-2", "test") + f.item("t-3", "test")
	if f.Forms {
		forms := ""
		for _, name := range []string{"a", "b", "c"} {
			var ids []string
			for i := range 5 {
				ids = append(ids, fmt.Sprintf("know-%s%d", name, i+1))
				items += f.item(ids[i], "competence")
			}
			forms += fmt.Sprintf("\t- {name: %s, items: [%s]}\n", strings.ToUpper(name), strings.Join(ids, ", "))
		}
		files["forms/knowing.yaml"] = yaml("id: knowing\ntitle: " + f.text("Test wiedzy") + "\nminutes: 10\nforms:\n" + forms)
	}
	files["items/all.yaml"] = yaml(items)
	for _, tag := range f.Langs {
		for name, check := range map[string]string{"one": "\n:::check items=\"check-1\"\n:::\n", "two": ""} {
			files["modules/m/"+name+"."+tag+".md"] = yaml("---\ntitle: Lekcja " + name + " " + tag + "\nminutes: 30\nobjectives: [know]\n---\n\nTekst.\n" + check)
		}
	}
	files["course.yaml"] = yaml(fmt.Sprintf(`
format: 1
id: %s
version: %q
languages: [%s]
title: %s
summary: %s
audience: %s
objectives:
	- {id: know, topic: law, text: %s}
modules:
	- id: m
		title: %s
		parts: [{lesson: one}, {scenario: bus}, {lesson: two}]
test: final
completion: {lessons: all, scenarios: good, checks: right, test: pass}
certificate: {title: %s, valid_months: 36}
`, f.ID, f.Label, strings.Join(f.Langs, ", "), f.text("Kurs "+f.ID), f.text("Krótki."), f.text("Wszyscy"), f.text("Wie."), f.text("Moduł"), f.text("Zaświadczenie")))
	files["tests/final.yaml"] = yaml("id: final\ntitle: " + f.text("Test") + "\npass: 75\nattempts: 2\nminutes: 30\ndraw: [{objective: know, count: 2}]\n")
	files["scenarios/bus.yaml"] = yaml(fmt.Sprintf(`
id: bus
title: %s
intro: %s
objectives: [know]
start: one
nodes:
	one:
		text: %s
		choices:
			- {text: %s, rating: good, consequence: %s, to: good}
			- {text: %s, rating: poor, consequence: %s, to: one}
	good: {end: good, text: %s}
debrief: %s
`, f.text("Autokar"), f.text("Przypadek fikcyjny."), f.text("Noc."), f.text("Zapytać"), f.text("Dobrze."), f.text("Czekać"), f.text("Źle."), f.text("Koniec."), f.text("Omówienie.")))
	return files
}

// Enrol enrols somebody in a course, in Polish.
func (w *World) Enrol(a access.Actor, courseID string) learning.Enrolment {
	w.T.Helper()
	return Must(w.Learning.Enrol(w.T.Context(), a, courseID, "pl"))(w.T)
}

// FinishParts does everything in a course but the test.
func (w *World) FinishParts(a access.Actor, enrolmentID string) {
	w.T.Helper()
	ctx := w.T.Context()
	for _, lesson := range []string{"one", "two"} {
		Must(w.Learning.Lesson(ctx, a, enrolmentID, lesson))(w.T)
		Must(w.Learning.FinishLesson(ctx, a, enrolmentID, lesson))(w.T)
	}
	Must(w.Learning.AnswerCheck(ctx, a, enrolmentID, "one", "check-1", answers([]string{"check-1"}, true)))(w.T)
	w.OK(w.Learning.BeginScenario(ctx, a, enrolmentID, "bus"))
	w.OK(w.Learning.Choose(ctx, a, enrolmentID, "bus", 0, 0))
}

// answers returns a form that answers items: all rightly, or all wrongly.
func answers(items []string, right bool) map[string][]string {
	form := map[string][]string{}
	for _, itemID := range items {
		form["item."+itemID] = []string{map[bool]string{true: "a", false: "b"}[right]}
	}
	return form
}

// PassTest answers everything in the test rightly.
func (w *World) PassTest(a access.Actor, enrolmentID string) {
	w.T.Helper()
	attempt := Must(w.Learning.BeginTest(w.T.Context(), a, enrolmentID))(w.T)
	Must(w.Learning.SaveAnswers(w.T.Context(), a, enrolmentID, attempt.ID, answers(attempt.Items, true), true, true))(w.T)
}

// Pass leads somebody through a course once more and returns the certificate.
func (w *World) Pass(a access.Actor, courseID string) certificate.Certificate {
	w.T.Helper()
	ctx := w.T.Context()
	e, err := w.Learning.Again(ctx, a, courseID)
	if err != nil { // the first time
		e = w.Enrol(a, courseID)
	}
	w.FinishParts(a, e.ID)
	w.PassTest(a, e.ID)
	for _, c := range Must(w.Certs.Mine(ctx, a))(w.T) {
		if c.EnrolmentID == e.ID {
			return c
		}
	}
	w.T.Fatalf("%s was passed without a certificate", courseID)
	return certificate.Certificate{}
}
