package assessment_test

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/assessment"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
)

// world is the whole program with the shipped course, a fake clock and a mailbox.
type world struct {
	t       testing.TB
	ctx     context.Context
	d       *db.DB
	clock   *clock.Fake
	a       *app.App
	s       *assessment.Service
	unit    string
	admin   access.Actor // wrote the items
	second  access.Actor // reviews them
	letters []string
	test    assessment.Test // of the Border Guard course
}

// start is 09:00 in Warsaw on the day of docs/evidence.md, two days before the clocks go back.
var start = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), d: d, clock: clock.NewFake(start)}
	c := &config.Config{BaseURL: "https://szkolenia.example.org", Addr: "localhost:0", Zone: "Europe/Warsaw"}
	var err error
	w.a, err = app.New(w.ctx, c, d, app.Options{Clock: w.clock, Mail: func(text string) { w.letters = append(w.letters, text) }})
	w.no(err)
	w.s = w.a.Evidence
	w.unit, err = w.a.Identity.CreateUnit(w.ctx, access.System, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna (test)"})
	w.no(err)
	w.admin, w.second = w.staff("Ewa", "Autorska"), w.staff("Piotr", "Drugi")
	folder, err := course.Open(filepath.Join("..", "..", "courses", "border-guard"))
	w.no(err)
	_, _, err = w.a.Courses.Publish(w.ctx, w.admin, folder)
	w.no(err)
	tests, err := w.s.Tests(w.ctx)
	w.no(err)
	if len(tests) != 1 {
		t.Fatalf("%d competence tests came with the course", len(tests))
	}
	w.test = tests[0]
	return w
}

func (w *world) no(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

var people int

// person adds a person and returns them as an actor with roles everywhere.
func (w *world) person(given, family string, roles ...access.Role) access.Actor {
	w.t.Helper()
	people++
	personID, err := w.a.Identity.Add(w.ctx, access.System, identity.Draft{
		GivenName: given, FamilyName: family, Mail: fmt.Sprintf("osoba%d@example.org", people), UnitID: w.unit, Lang: "pl", Sex: []identity.Sex{"f", "m"}[people%2], Region: "06",
	}, false)
	w.no(err)
	a := access.Actor{PersonID: personID, At: start}
	for _, r := range append(roles, access.Learner) {
		a.Grants = append(a.Grants, access.Grant{Role: r})
	}
	return a
}

func (w *world) staff(given, family string) access.Actor {
	return w.person(given, family, access.Administrator)
}

// approve lets the second person approve all items of the course's test.
func (w *world) approve() {
	w.t.Helper()
	var ids []string
	for _, f := range w.test.Forms {
		ids = append(ids, f.Items...)
	}
	n, err := w.s.Review(w.ctx, w.second, ids, assessment.Approved, "")
	w.no(err)
	if n != len(ids) {
		w.t.Fatalf("%d of %d items were approved", n, len(ids))
	}
}

// attach attaches the course's test to the course, with all follow-ups.
func (w *world) attach() assessment.Measurement {
	w.t.Helper()
	w.approve()
	m, err := w.s.Attach(w.ctx, w.admin, assessment.MeasurementDraft{
		TestID: w.test.ID, Kind: assessment.OfCourse, CourseID: "border-guard", UnitID: w.unit, Waves: assessment.FollowUps, Survey: true, Project: "Projekt A",
	})
	w.no(err)
	return m
}

// training attaches the course's test to a training of two days that begins tomorrow.
func (w *world) training() assessment.Measurement {
	w.t.Helper()
	w.approve()
	m, err := w.s.Attach(w.ctx, w.admin, assessment.MeasurementDraft{
		TestID: w.test.ID, Kind: assessment.OfTraining, Title: "Szkolenie w Terespolu", UnitID: w.unit, Waves: []assessment.Wave{assessment.Months3}, Survey: true,
		HeldFrom: start.Add(24 * time.Hour), HeldUntil: start.Add(55 * time.Hour),
	})
	w.no(err)
	return m
}

// measure sends what is due and closes what is over, as the program does each minute, and delivers the mail.
func (w *world) measure() {
	w.t.Helper()
	w.no(w.a.Measure(w.ctx))
	for {
		worked, err := w.a.Queue.RunOne(w.ctx)
		w.no(err)
		if !worked {
			return
		}
	}
}

var links = regexp.MustCompile(`/app/s/([^?\s]+)`)

// token returns that of the newest letter with a link.
func (w *world) token() string {
	w.t.Helper()
	for i := len(w.letters) - 1; i >= 0; i-- {
		if found := links.FindStringSubmatch(w.letters[i]); found != nil {
			return found[1]
		}
	}
	w.t.Fatalf("no letter has a link:\n%s", strings.Join(w.letters, "\n"))
	return ""
}

// task returns the sitting of a wave that awaits a person in the course.
func (w *world) task(a access.Actor, wave assessment.Wave) string {
	w.t.Helper()
	tasks, err := w.s.Tasks(w.ctx, w.d, a.PersonID, "border-guard")
	w.no(err)
	for _, t := range tasks {
		if t.Wave == wave {
			return t.SittingID
		}
	}
	w.t.Fatalf("no sitting of the wave %s awaits: %+v", wave, tasks)
	return ""
}

// answers returns a form in which the first items, as many as known says, are answered rightly, and the others wrongly.
func (w *world) answers(sittingID string, known int) map[string][]string {
	w.t.Helper()
	w.no(w.s.Begin(w.ctx, sittingID))
	v, err := w.s.Sitting(w.ctx, sittingID)
	w.no(err)
	form := map[string][]string{}
	for i, version := range v.Form.Versions { // not shuffled as on the page: the key of an ordering item is its order
		it := version.Content
		it.ID = version.ID
		fill(form, &it, i < known)
	}
	return form
}

// fill answers an item.
func fill(form map[string][]string, it *course.Item, right bool) {
	a := it.RightAnswer("pl")
	switch it.Type {
	case course.Order:
		for i, o := range it.Steps {
			form[it.FieldName(o.ID)] = []string{fmt.Sprint(1 + i%2)}
		}
		if right {
			for i, id := range a.Chosen {
				form[it.FieldName(id)] = []string{fmt.Sprint(i + 1)}
			}
		}
	case course.Match:
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
			if !o.Best() && o.Rating != course.Fair {
				form[it.FieldName("")] = []string{o.ID}
			}
		}
	}
}

// sit hands in a sitting with so many right answers.
func (w *world) sit(sittingID string, known int) {
	w.t.Helper()
	x, err := w.s.Save(w.ctx, sittingID, w.answers(sittingID, known), true, true)
	w.no(err)
	if x.State != assessment.Done {
		w.t.Fatalf("the sitting is %s", x.State)
	}
}

// enrol enrols persons in the course.
func (w *world) enrol(list ...access.Actor) {
	w.t.Helper()
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = a.PersonID
	}
	_, err := w.a.Learning.EnrolMany(w.ctx, w.admin, "border-guard", ids)
	w.no(err)
}

// finish notes that a person has gone through all of the course.
func (w *world) finish(a access.Actor) {
	w.t.Helper()
	w.no(w.d.Update(w.ctx, func(tx *db.Tx) error { return w.s.Finished(w.ctx, tx, a.PersonID, "border-guard") }))
}

// report returns the gain of the course's test.
func (w *world) report(wave assessment.Wave) assessment.Report {
	w.t.Helper()
	r, err := w.s.Report(w.ctx, w.admin, assessment.Query{Family: w.test.Family, Wave: wave})
	w.no(err)
	return r
}
