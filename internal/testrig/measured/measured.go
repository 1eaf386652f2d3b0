// Package measured is the world of the tests of learning and its evidence: the whole program with the shipped course for border
// guards, whose competence test is attached and sat.
package measured

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/evidence"
	"ostoja/internal/identity"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
)

// World is the whole program with the shipped course, a fake clock and a mailbox.
type World struct {
	T            testing.TB
	Ctx          context.Context
	DB           *db.DB
	Clock        *clock.Fake
	App          *app.App
	Bank         *itembank.Service
	Measurements *measurement.Service
	Evidence     *evidence.Service
	Unit         string
	Admin        access.Actor // wrote the items
	Second       access.Actor // reviews them
	Letters      []string
	Test         itembank.Test // of the Border Guard course
}

// Start is 09:00 in Warsaw on the day of docs/evidence.md, two days before the clocks go back.
var Start = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)

// New returns a world in an empty database.
func New(t testing.TB, d *db.DB) *World {
	t.Helper()
	w := &World{T: t, Ctx: t.Context(), DB: d, Clock: clock.NewFake(Start)}
	c := &config.Config{BaseURL: "https://szkolenia.example.org", Addr: "localhost:0", Zone: "Europe/Warsaw"}
	var err error
	w.App, err = app.New(w.Ctx, c, d, app.Options{Clock: w.Clock, Mail: func(text string) { w.Letters = append(w.Letters, text) }})
	w.No(err)
	w.Bank, w.Measurements, w.Evidence = w.App.Bank, w.App.Measurement, w.App.Evidence
	w.Unit, err = w.App.Identity.CreateUnit(w.Ctx, access.System, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna (test)"})
	w.No(err)
	w.Admin, w.Second = w.Staff("Ewa", "Autorska"), w.Staff("Piotr", "Drugi")
	root := "."
	for _, err := os.Stat("go.mod"); err != nil; _, err = os.Stat(filepath.Join(root, "go.mod")) { // a test runs in its package's folder
		root = filepath.Join(root, "..")
	}
	files, err := folder.Open(filepath.Join(root, "courses", "border-guard"))
	w.No(err)
	_, _, err = w.App.Courses.Publish(w.Ctx, w.Admin, files)
	w.No(err)
	tests, err := w.Bank.Tests(w.Ctx)
	w.No(err)
	if len(tests) != 1 {
		t.Fatalf("%d competence tests came with the course", len(tests))
	}
	w.Test = tests[0]
	return w
}

// No fails the test on an error.
func (w *World) No(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

var people int

// Person adds a person and returns them as an actor with roles everywhere.
func (w *World) Person(given, family string, roles ...access.Role) access.Actor {
	w.T.Helper()
	people++
	personID, err := w.App.Identity.Add(w.Ctx, access.System, identity.Draft{
		GivenName: given, FamilyName: family, Mail: fmt.Sprintf("osoba%d@example.org", people), UnitID: w.Unit, Lang: "pl", Sex: []identity.Sex{"f", "m"}[people%2], Region: "06",
	}, false)
	w.No(err)
	a := access.Actor{PersonID: personID, At: Start}
	for _, r := range append(roles, access.Learner) {
		a.Grants = append(a.Grants, access.Grant{Role: r})
	}
	return a
}

// Staff adds an administrator.
func (w *World) Staff(given, family string) access.Actor {
	return w.Person(given, family, access.Administrator)
}

// Approve lets the second person approve all items of the course's test.
func (w *World) Approve() {
	w.T.Helper()
	var ids []string
	for _, f := range w.Test.Forms {
		ids = append(ids, f.Items...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids) // an anchor stands on every form
	n, err := w.Bank.Review(w.Ctx, w.Second, ids, itembank.Approved, "")
	w.No(err)
	if n != len(ids) {
		w.T.Fatalf("%d of %d items were approved", n, len(ids))
	}
}

// Attach attaches the course's test to the course, with all follow-ups.
func (w *World) Attach() measurement.Measurement {
	w.T.Helper()
	w.Approve()
	m, err := w.Measurements.Attach(w.Ctx, w.Admin, measurement.Draft{
		TestID: w.Test.ID, Kind: measurement.OfCourse, SubjectID: "border-guard", UnitID: w.Unit, Waves: measurement.FollowUps, Survey: true, Project: "Projekt A",
	})
	w.No(err)
	return m
}

// AttachTraining makes a training of the measurement's unit together with the measurement, as the form does.
func (w *World) AttachTraining(actor access.Actor, t classroom.Draft, d measurement.Draft) (measurement.Measurement, error) {
	t.UnitID, d.Kind = d.UnitID, measurement.OfTraining
	d.Make = w.App.Classroom.Maker(t)
	return w.Measurements.Attach(w.Ctx, actor, d)
}

// Training attaches the course's test to a training of two days that begins tomorrow.
func (w *World) Training() measurement.Measurement {
	w.T.Helper()
	w.Approve()
	m, err := w.AttachTraining(w.Admin,
		classroom.Draft{Title: "Szkolenie w Terespolu", HeldFrom: Start.Add(24 * time.Hour), HeldUntil: Start.Add(55 * time.Hour)},
		measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit, Waves: []measurement.Wave{measurement.Months3}, Survey: true})
	w.No(err)
	return m
}

// Measure sends what is due and closes what is over, as the program does each minute, and delivers the mail.
func (w *World) Measure() {
	w.T.Helper()
	w.No(w.App.Measure(w.Ctx))
	for {
		worked, err := w.App.Queue.RunOne(w.Ctx)
		w.No(err)
		if !worked {
			return
		}
	}
}

// Links finds the links to sittings in letters, with their token.
var Links = regexp.MustCompile(`/app/s/([^?\s]+)`)

// Token returns that of the newest letter with a link.
func (w *World) Token() string {
	w.T.Helper()
	for i := len(w.Letters) - 1; i >= 0; i-- {
		if found := Links.FindStringSubmatch(w.Letters[i]); found != nil {
			return found[1]
		}
	}
	w.T.Fatalf("no letter has a link:\n%s", strings.Join(w.Letters, "\n"))
	return ""
}

// Task returns the sitting of a wave that awaits a person in the course.
func (w *World) Task(a access.Actor, wave measurement.Wave) string {
	w.T.Helper()
	tasks, err := w.Measurements.Tasks(w.Ctx, w.DB, a.PersonID, "border-guard")
	w.No(err)
	for _, t := range tasks {
		if t.Wave == wave {
			return t.SittingID
		}
	}
	w.T.Fatalf("no sitting of the wave %s awaits: %+v", wave, tasks)
	return ""
}

// Answers returns a form in which the first items that count, as many as known says, are answered rightly, and the others wrongly.
func (w *World) Answers(sittingID string, known int) map[string][]string {
	w.T.Helper()
	w.No(w.Measurements.Begin(w.Ctx, sittingID))
	v, err := w.Measurements.Sitting(w.Ctx, sittingID)
	w.No(err)
	form := map[string][]string{}
	for _, version := range v.Form.Versions { // not shuffled as on the page: the key of an ordering item is its order
		it := version.Content
		it.ID = version.ID
		Fill(form, &it, known > 0 && v.Test.Scored(version))
		if v.Test.Scored(version) {
			known--
		}
	}
	return form
}

// Fill answers an item.
func Fill(form map[string][]string, it *item.Item, right bool) {
	a := it.RightAnswer("pl")
	switch it.Type {
	case item.Order:
		for i, o := range it.Steps {
			form[it.FieldName(o.ID)] = []string{fmt.Sprint(1 + i%2)}
		}
		if right {
			for i, id := range a.Chosen {
				form[it.FieldName(id)] = []string{fmt.Sprint(i + 1)}
			}
		}
	case item.Match:
		for i, p := range it.Pairs {
			form[it.FieldName(p.ID)] = []string{it.Pairs[(i+1)%len(it.Pairs)].ID}
			if right {
				form[it.FieldName(p.ID)] = []string{p.ID}
			}
		}
	default:
		if right {
			form[it.FieldName("")] = a.Chosen
			return
		}
		for _, o := range it.Options {
			if !o.Best() && o.Rating != item.Fair {
				form[it.FieldName("")] = []string{o.ID}
			}
		}
	}
}

// Sit hands in a sitting with so many right answers.
func (w *World) Sit(sittingID string, known int) {
	w.T.Helper()
	x, err := w.Measurements.Save(w.Ctx, sittingID, w.Answers(sittingID, known), true, true)
	w.No(err)
	if x.State != measurement.Done {
		w.T.Fatalf("the sitting is %s", x.State)
	}
}

// Enrol enrols persons in the course.
func (w *World) Enrol(list ...access.Actor) {
	w.T.Helper()
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = a.PersonID
	}
	_, err := w.App.Learning.EnrolMany(w.Ctx, w.Admin, "border-guard", ids)
	w.No(err)
}

// Finish notes that a person has gone through all of the course.
func (w *World) Finish(a access.Actor) {
	w.T.Helper()
	w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error { return w.Measurements.Finished(w.Ctx, tx, a.PersonID, "border-guard") }))
}

// Report returns the gain of the course's test.
func (w *World) Report(wave measurement.Wave) evidence.Report {
	w.T.Helper()
	r, err := w.Evidence.Report(w.Ctx, w.Admin, evidence.Query{Family: w.Test.Family, Wave: wave})
	w.No(err)
	return r
}
