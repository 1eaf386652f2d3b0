package app

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/approval"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
	"ostoja/internal/identity"
	"ostoja/internal/itembank"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
	"ostoja/internal/measurement"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
)

// followed says for each event of the table how the test makes it happen and that what follows does. The cases run in this order
// in one programme, each with a participant of its own.
var followed = []struct {
	event   string
	happens func(w *eventWorld)
}{
	{"published.VersionPublished", (*eventWorld).published},
	{"learning.Enrolled", (*eventWorld).enrolled},
	{"learning.TakenBack", (*eventWorld).takenBack},
	{"learning.Beginning", (*eventWorld).beginning},
	{"learning.PartsDone", (*eventWorld).partsDone},
	{"learning.Left", (*eventWorld).left},
	{"learning.CameBack", (*eventWorld).cameBack},
	{"site.Changed", (*eventWorld).siteChanged},
	{"approval.Asked", (*eventWorld).asked},
	{"approval.Answered", (*eventWorld).answered},
	{"classroom.AnnouncementChanged", (*eventWorld).announced},
	{"classroom.DaysChanged", (*eventWorld).moved},
	{"classroom.SessionsChanged", (*eventWorld).sessionsChanged},
	{"classroom.Rescheduled", (*eventWorld).rescheduled},
	{"seat.Seated", (*eventWorld).seated},
	{"seat.Left", (*eventWorld).seatLeft},
}

func TestWhatFollowsFromWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newEventWorld(t, d)
		for i, f := range followed {
			ok := t.Run(f.event, func(t *testing.T) {
				w.t = t
				w.learner = w.person(fmt.Sprintf("zofia%d", i), access.Learner)
				f.happens(w)
			})
			if !ok && i == 0 {
				t.Fatal("without a course there is nothing to follow")
			}
		}
	})
}

// TestEveryEventStandsInTheTable compares the events that the areas' sources emit with those that the table knows, and these with
// the cases of the test above.
func TestEveryEventStandsInTheTable(t *testing.T) {
	a, err := New(t.Context(), &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}, dbtest.SQLite(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	table := a.events.Types()
	slices.Sort(table)
	if emitted := emittedEvents(t); !slices.Equal(emitted, table) {
		t.Errorf("the areas emit\n%v\nand the table follows\n%v", emitted, table)
	}
	var cases []string
	for _, f := range followed {
		cases = append(cases, f.event)
	}
	slices.Sort(cases)
	if !slices.Equal(cases, table) {
		t.Errorf("tested are\n%v\nand the table follows\n%v", cases, table)
	}
}

// emittedEvents returns the types of the events that the program's sources emit. An event that is not written as a literal where
// it is emitted is an error: nobody could find it.
func emittedEvents(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir("..", func(p string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") || filepath.Base(filepath.Dir(p)) == "event" {
			return err
		}
		source, err := os.ReadFile(p)
		if err != nil || !strings.Contains(string(source), ".Emit(") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), p, source, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || method.Sel.Name != "Emit" || len(call.Args) != 3 {
				return true
			}
			literal, ok := call.Args[2].(*ast.CompositeLit)
			if !ok {
				t.Errorf("%s emits something else than a literal", p)
				return true
			}
			name, ok := literal.Type.(*ast.Ident)
			if !ok {
				t.Errorf("%s emits an event of another package", p)
				return true
			}
			found[file.Name.Name+"."+name.Name] = true
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("no source emits anything: the test looks in the wrong place")
	}
	return slices.Sorted(maps.Keys(found))
}

// eventWorld is the program with a course that has a competence test, a small course that is measured by it, and a participant.
type eventWorld struct {
	*App
	t       *testing.T
	unit    string
	admin   access.Actor
	second  access.Actor
	learner access.Actor
	test    itembank.Test
}

func newEventWorld(t *testing.T, d *db.DB) *eventWorld {
	t.Helper()
	now := time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)
	a, err := New(t.Context(), &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}, d, Options{Clock: clock.NewFake(now), Purpose: site.Demonstration})
	if err != nil {
		t.Fatal(err)
	}
	w := &eventWorld{App: a, t: t}
	w.unit, err = a.Identity.CreateUnit(t.Context(), access.System, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna (test)"})
	w.no(err)
	w.admin, w.second = w.person("ewa", access.Administrator), w.person("piotr", access.Administrator)
	return w
}

func (w *eventWorld) no(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *eventWorld) person(name string, role access.Role) access.Actor {
	w.t.Helper()
	personID, err := w.Identity.Add(w.t.Context(), access.System, identity.Draft{
		GivenName: name, FamilyName: "Testowa", Mail: name + "@example.org", UnitID: w.unit, Lang: "pl",
	}, false)
	w.no(err)
	return access.Actor{PersonID: personID, At: w.clock.Now(), Grants: []access.Grant{{Role: role}}}
}

// published: the competence test of a course comes into the bank with the course. The small course is measured by it from then on.
func (w *eventWorld) published() {
	files, err := folder.Open(filepath.Join("..", "..", "courses", "border-guard"))
	w.no(err)
	_, _, err = w.Courses.Publish(w.t.Context(), w.admin, files)
	w.no(err)
	tests, err := w.Bank.Tests(w.t.Context())
	w.no(err)
	if len(tests) != 1 {
		w.t.Fatalf("%d competence tests came with the course", len(tests))
	}
	w.test = tests[0]
	_, _, err = w.Courses.Publish(w.t.Context(), w.admin, learningtest.Folder("1"))
	w.no(err)
	w.no(w.Courses.SetCatalogue(w.t.Context(), w.admin, "small", true))
	var ids []string
	for _, f := range w.test.Forms {
		ids = append(ids, f.Items...)
	}
	_, err = w.Bank.Review(w.t.Context(), w.second, ids, itembank.Approved, "") // a second person must approve what is asked
	w.no(err)
	_, err = w.Measurement.Attach(w.t.Context(), w.admin, measurement.Draft{TestID: w.test.ID, Kind: measurement.OfCourse, SubjectID: "small", UnitID: w.unit})
	w.no(err)
}

// tasks returns the waves of the tests that await the participant.
func (w *eventWorld) tasks() (waves []string) {
	w.t.Helper()
	list, err := tasksOf(w.App)(w.t.Context(), w.learner.PersonID, "small")
	w.no(err)
	for _, t := range list {
		waves = append(waves, t.Wave)
	}
	return waves
}

// enrolled: who enrols is asked before the course, by either way of enrolling.
func (w *eventWorld) enrolled() {
	_, err := w.Learning.Enrol(w.t.Context(), w.learner, "small", "pl")
	w.no(err)
	if got := w.tasks(); !slices.Equal(got, []string{"before"}) {
		w.t.Errorf("who enrolled is asked %v", got)
	}
	w.learner = w.person("adam", access.Learner)
	_, err = w.Learning.EnrolMany(w.t.Context(), w.admin, "small", []string{w.learner.PersonID})
	w.no(err)
	if got := w.tasks(); !slices.Equal(got, []string{"before"}) {
		w.t.Errorf("who was enrolled is asked %v", got)
	}
}

// takenBack: whose enrolment is undone is asked nothing; who declined the test before stays in the course.
func (w *eventWorld) takenBack() {
	var seen []string // acts of other cases and the one before
	open := func() (fresh []string) {
		list, err := w.Acts.Open(w.t.Context(), w.admin, learning.ObjectOf("small"))
		w.no(err)
		for _, x := range list {
			if !slices.Contains(seen, x.ID) {
				fresh = append(fresh, x.ID)
			}
		}
		seen = append(seen, fresh...)
		return fresh
	}
	open()
	undo := func(declines bool) act.Undone {
		_, err := w.Learning.EnrolMany(w.t.Context(), w.admin, "small", []string{w.learner.PersonID})
		w.no(err)
		list := open()
		if len(w.tasks()) != 1 || len(list) != 1 {
			w.t.Fatalf("who was enrolled is asked %v, and %d acts can be undone", w.tasks(), len(list))
		}
		if declines {
			w.decline()
		}
		u, err := w.Acts.Undo(w.t.Context(), w.admin, list[0])
		w.no(err)
		return u
	}
	if u := undo(false); u.Back != 1 || len(w.tasks()) != 0 {
		w.t.Errorf("%+v, and is asked %v", u, w.tasks())
	}
	if u := undo(true); u.Stays != 1 {
		w.t.Errorf("who declined the test: %+v", u)
	}
}

// beginning: nothing of the course opens before the test was declined.
func (w *eventWorld) beginning() {
	e, err := w.Learning.Enrol(w.t.Context(), w.learner, "small", "pl")
	w.no(err)
	for what, open := range map[string]func() error{
		"a lesson":   func() error { _, err := w.Learning.Lesson(w.t.Context(), w.learner, e.ID, "one"); return err },
		"a scenario": func() error { _, err := w.Learning.Scenario(w.t.Context(), w.learner, e.ID, "bus"); return err },
	} {
		if err := open(); !errors.Is(err, learning.ErrMeasureFirst) {
			w.t.Errorf("%s opened before the test: %v", what, err)
		}
	}
	w.decline()
	_, err = w.Learning.Lesson(w.t.Context(), w.learner, e.ID, "one")
	w.no(err)
}

func (w *eventWorld) decline() {
	w.t.Helper()
	list, err := tasksOf(w.App)(w.t.Context(), w.learner.PersonID, "small")
	w.no(err)
	w.no(w.Measurement.Decline(w.t.Context(), list[0].SittingID))
}

// partsDone: who was measured before is asked again after the course's parts.
func (w *eventWorld) partsDone() {
	e, err := w.Learning.Enrol(w.t.Context(), w.learner, "small", "pl")
	w.no(err)
	list, err := tasksOf(w.App)(w.t.Context(), w.learner.PersonID, "small")
	w.no(err)
	w.no(w.Measurement.Begin(w.t.Context(), list[0].SittingID))
	_, err = w.Measurement.Save(w.t.Context(), list[0].SittingID, map[string][]string{}, true, true)
	w.no(err)
	(&learningtest.World{T: w.t, Learning: w.Learning}).FinishParts(w.learner, e.ID)
	if got := w.tasks(); !slices.Equal(got, []string{"after"}) {
		w.t.Errorf("who finished is asked %v", got)
	}
}

// withdrawn says whether the participant gets no more letters.
func (w *eventWorld) withdrawn() bool {
	w.t.Helper()
	n, err := db.One[int](w.t.Context(), w.DB, `SELECT COUNT(*) FROM participant WHERE person_id = ? AND withdrawn_at IS NOT NULL`, w.learner.PersonID)
	w.no(err)
	return n == 1
}

func (w *eventWorld) left() {
	e, err := w.Learning.Enrol(w.t.Context(), w.learner, "small", "pl")
	w.no(err)
	w.no(w.Learning.Withdraw(w.t.Context(), w.admin, e.ID))
	if !w.withdrawn() {
		w.t.Error("who was taken out of the course still gets letters")
	}
}

func (w *eventWorld) cameBack() {
	w.left()
	e, err := w.Learning.Latest(w.t.Context(), w.learner.PersonID, "small")
	w.no(err)
	w.no(w.Learning.Restore(w.t.Context(), w.admin, e.ID))
	if w.withdrawn() {
		w.t.Error("who was brought back gets no letters")
	}
}

// page returns the public site's page at an address, "" if there is none.
func (w *eventWorld) page(path string) string {
	rec := httptest.NewRecorder()
	if !w.Reader.Serve(rec, httptest.NewRequest(http.MethodGet, path, nil)) {
		return ""
	}
	return rec.Body.String()
}

// training attaches the test to a training of tomorrow.
func (w *eventWorld) training() measurement.Measurement {
	made := w.Classroom.Maker(classroom.Draft{Title: "Szkolenie w Terespolu", UnitID: w.unit, HeldFrom: w.clock.Now().Add(24 * time.Hour), HeldUntil: w.clock.Now().Add(48 * time.Hour)})
	m, err := w.Measurement.Attach(w.t.Context(), w.admin, measurement.Draft{TestID: w.test.ID, Kind: measurement.OfTraining, UnitID: w.unit, Make: made})
	w.no(err)
	return m
}

// moved: sittings that nobody has begun fall due by the training's new days.
func (w *eventWorld) moved() {
	m := w.training()
	n, err := w.Measurement.AddParticipants(w.t.Context(), w.admin, m.ID, []string{w.learner.PersonID})
	if err != nil || n != 1 {
		w.t.Fatalf("%d joined, %v", n, err)
	}
	end := w.clock.Now().Add(20 * 24 * time.Hour)
	w.no(w.Classroom.Change(w.t.Context(), w.admin, m.SubjectID, classroom.Draft{Title: "Szkolenie w Terespolu", HeldFrom: end.Add(-24 * time.Hour), HeldUntil: end}))
	due, err := db.One[time.Time](w.t.Context(), w.DB, `SELECT s.due_at FROM sitting s JOIN participant p ON p.id = s.participant_id WHERE p.measurement_id = ? AND s.wave = 'after'`, m.ID)
	if err != nil || !due.Equal(end) {
		w.t.Errorf("the test after falls due at %v and not at %v, %v", due, end, err)
	}
}

// sessionsChanged: there may be more sessions than one.
func (w *eventWorld) sessionsChanged() {
	m := w.training()
	w.save(m.SubjectID, "")
	sessions, err := w.Classroom.Sessions(w.t.Context(), w.admin, m.SubjectID)
	if err != nil || len(sessions) != 2 {
		w.t.Errorf("%d sessions, %v", len(sessions), err)
	}
}

// save writes a session of a training in a month's time, and returns the plan.
func (w *eventWorld) save(trainingID, sessionID string) classroom.Plan {
	plan, err := w.Classroom.Plan(w.t.Context(), w.admin, trainingID)
	w.no(err)
	day := w.clock.Now().Add(30 * 24 * time.Hour).Format(time.DateOnly)
	_, err = w.Classroom.SaveSession(w.t.Context(), w.admin, trainingID, sessionID, plan.Edition, classroom.SessionDraft{Day: day, From: "09:00", Until: "15:00", Place: "Terespol", Capacity: "12"})
	w.no(err)
	plan, err = w.Classroom.Plan(w.t.Context(), w.admin, trainingID)
	w.no(err)
	return plan
}

// rescheduled: who teaches learns of it, once it can no longer be undone.
func (w *eventWorld) rescheduled() {
	m := w.training()
	trainer := w.person("trener", access.Trainer)
	w.no(w.Identity.Grant(w.t.Context(), access.System, trainer.PersonID, identity.RoleDraft{Role: access.Trainer, UnitID: w.unit}))
	plan := w.save(m.SubjectID, "")
	w.no(w.Classroom.SaveTrainers(w.t.Context(), w.admin, m.SubjectID, plan.Edition, []classroom.TrainerDraft{{PersonID: trainer.PersonID, Part: classroom.Lead}}))
	w.clock.(*clock.Fake).Advance(classroom.UndoFor)
	if _, err := w.Classroom.Tell(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if n, err := db.One[int](w.t.Context(), w.DB, `SELECT COUNT(*) FROM mail WHERE recipient LIKE 'trener%'`); err != nil || n != 1 {
		w.t.Errorf("%d letters, %v", n, err)
	}
}

// announced: a training stands on the public site as soon as it is announced, and no longer once it is not.
func (w *eventWorld) announced() {
	m := w.training()
	for _, announced := range []bool{true, false} {
		w.no(w.Classroom.Announce(w.t.Context(), w.admin, m.SubjectID, announced))
		if stands := strings.Contains(w.page("/pl/news/"), "Szkolenie w Terespolu"); stands != announced {
			w.t.Errorf("announced %v, on the public site %v", announced, stands)
		}
	}
}

// seated: who has a seat takes part in what measures the training.
func (w *eventWorld) seated() {
	m := w.training()
	w.seat(m, w.learner)
	if n := w.participants(m); n != 1 {
		w.t.Errorf("%d participants with one seat taken", n)
	}
}

// seatLeft: who gives the seat back before anything was sat leaves no trace there.
func (w *eventWorld) seatLeft() {
	m := w.training()
	w.seat(m, w.learner)
	w.no(w.Seats.Cancel(w.t.Context(), w.learner, m.SubjectID, "choroba"))
	if n := w.participants(m); n != 0 {
		w.t.Errorf("%d participants after the seat was given back", n)
	}
}

func (w *eventWorld) seat(m measurement.Measurement, a access.Actor) {
	w.t.Helper()
	o, err := w.Seats.Add(w.t.Context(), w.admin, m.SubjectID, []string{a.PersonID}, false)
	w.no(err)
	if o.Done != 1 {
		w.t.Fatalf("no seat: %+v", o)
	}
}

func (w *eventWorld) participants(m measurement.Measurement) int {
	w.t.Helper()
	list, err := w.Measurement.Participants(w.t.Context(), w.admin, m.ID)
	w.no(err)
	return len(list)
}

// asked: what is proposed for the site waits for the second person, and not for its author.
func (w *eventWorld) asked() {
	f := content.Fact{ID: "proposed", Kind: fact.Phone, Value: map[string]string{"any": "+48 600 100 200"}, Label: map[string]string{"pl": "Telefon biura"}, Source: "Umowa", Checked: "2026-10-23", By: "Redakcja", ValidUntil: "2027-01-23", GraceDays: 30}
	w.no(w.Site.ProposeFact(w.t.Context(), w.admin, f, site.NewBase))
	for _, c := range []struct {
		who  access.Actor
		want int
	}{{w.admin, 0}, {w.second, 1}} {
		waiting, _, err := w.Approvals.Read(w.t.Context(), c.who)
		w.no(err)
		if len(waiting) != c.want {
			w.t.Errorf("%d things wait, want %d", len(waiting), c.want)
		}
	}
}

// answered: once it was accepted nothing waits, and its author is told.
func (w *eventWorld) answered() {
	entry, err := w.Site.Entry(w.t.Context(), w.second, site.OfFact, "proposed")
	w.no(err)
	w.no(w.Site.AcceptProposal(w.t.Context(), w.second, entry.Proposal.ID))
	waiting, _, err := w.Approvals.Read(w.t.Context(), w.second)
	w.no(err)
	_, asks, err := w.Approvals.Read(w.t.Context(), w.admin)
	w.no(err)
	if len(waiting) != 0 || len(asks) != 1 || asks[0].Outcome != approval.Approved {
		w.t.Errorf("waiting %+v, outcomes %+v", waiting, asks)
	}
}

// siteChanged: a change of the site's texts is on its pages at once.
func (w *eventWorld) siteChanged() {
	if w.page("/pl/") != "" {
		w.t.Fatal("there is a page of nothing")
	}
	_, err := w.Site.ImportBundle(w.t.Context(), w.admin, true)
	w.no(err)
	if !strings.Contains(w.page("/pl/"), "<html") {
		w.t.Error("what was published is not on the site")
	}
}
