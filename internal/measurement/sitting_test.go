package measurement_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/learning"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

const day = 24 * time.Hour

func TestFromTheCourseToTheReport(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		var learners []access.Actor
		for range 6 {
			learners = append(learners, w.Person("Zofia", "Uczestna"))
		}
		w.Enrol(learners...)
		firsts := map[string]int{}
		for _, a := range learners {
			w.Sit(w.Task(a, measurement.Before), 8)
			first, err := db.One[string](w.Ctx, w.DB, `SELECT first_form FROM participant WHERE person_id = ?`, a.PersonID)
			w.No(err)
			firsts[first]++
		}
		if firsts["A"] < 2 || firsts["B"] < 2 || firsts["A"]+firsts["B"] != 6 {
			w.T.Errorf("the halves are %v", firsts)
		}
		for _, a := range learners[:5] {
			w.Finish(a)
			w.Sit(w.Task(a, measurement.After), 12)
		}
		r := w.Report("")
		if g := r.Group.Gain; g.Matched != 5 || g.Lost != 1 || r.Group.Losses["under-way"] != 1 || g.Difference <= 0 {
			w.T.Errorf("%+v", r.Group)
		}
		if r.Small || len(r.Topics) == 0 || r.Group.LaterHidden != true {
			w.T.Errorf("small %v, %d topics, later hidden %v", r.Small, len(r.Topics), r.Group.LaterHidden)
		}
		forms := crossed(w, m.ID)
		for person, f := range forms {
			if len(f) == 2 && f[0] == f[1] {
				w.T.Errorf("%s took the form %s twice", person, f[0])
			}
		}
	})
}

// TestAnchorsAreAskedAndNotCounted: whoever answers all that counts rightly and the anchors wrongly has the full mark; what they
// answered to the anchors is kept, for the comparison of forms.
func TestAnchorsAreAskedAndNotCounted(t *testing.T) {
	each(t, func(w *world) {
		c, _, err := course.Load(os.DirFS(filepath.Join("..", "..", "courses", "border-guard")))
		w.No(err)
		test := c.Competences[0]
		test.Anchors, test.Forms = test.Forms[2].Items[:4], test.Forms[:2]
		w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error { return w.Bank.ImportCourse(w.Ctx, tx, w.Admin.PersonID, c) }))
		tests, err := w.Bank.Tests(w.Ctx)
		w.No(err)
		w.Test = tests[0]
		w.Attach()
		a := w.Person("Zofia", "Uczestna")
		w.Enrol(a)
		sittingID := w.Task(a, measurement.Before)
		w.Sit(sittingID, len(w.Test.Forms[0].Items)-4)
		percent, err := db.One[float64](w.Ctx, w.DB, `SELECT before_percent FROM participant WHERE person_id = ?`, a.PersonID)
		w.No(err)
		topics, err := db.One[string](w.Ctx, w.DB, `SELECT before_topics FROM participant WHERE person_id = ?`, a.PersonID)
		w.No(err)
		if percent != 100 || strings.Count(topics, ":") != strings.Count(topics, ":100") {
			w.T.Errorf("%v %%, by topic %s", percent, topics)
		}
		for _, versionID := range w.Test.Anchors {
			share, err := db.One[float64](w.Ctx, w.DB, `SELECT share FROM sitting_answer WHERE sitting_id = ? AND version_id = ?`, sittingID, versionID)
			if w.No(err); share == 1 {
				w.T.Errorf("the anchor %s is answered rightly", versionID)
			}
		}
	})
}

// crossed returns the forms that each participant of a measurement sat, in order.
func crossed(w *world, measurementID string) map[string][]string {
	type row struct{ PersonID, Name string }
	rows, err := db.All[row](w.Ctx, w.DB, `SELECT p.person_id, f.name FROM sitting s JOIN participant p ON p.id = s.participant_id JOIN test_form f ON f.id = s.form_id
		WHERE p.measurement_id = ? ORDER BY s.due_at, s.started_at`, measurementID)
	w.No(err)
	forms := map[string][]string{}
	for _, r := range rows {
		forms[r.PersonID] = append(forms[r.PersonID], r.Name)
	}
	return forms
}

func TestTheCourseWaitsForTheTestBefore(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a := w.Person("Zofia", "Uczestna")
		w.Enrol(a)
		e, err := w.App.Learning.Latest(w.Ctx, a.PersonID, "border-guard")
		w.No(err)
		if _, err := w.App.Learning.Lesson(w.Ctx, a, e.ID, "why-you"); !errors.Is(err, learning.ErrMeasureFirst) {
			w.T.Errorf("the lesson opened: %v", err)
		}
		w.No(w.Measurements.Decline(w.Ctx, w.Task(a, measurement.Before)))
		if _, err := w.App.Learning.Lesson(w.Ctx, a, e.ID, "why-you"); err != nil {
			w.T.Errorf("who declined cannot begin: %v", err)
		}
		w.Finish(a)
		if tasks, err := w.Measurements.Tasks(w.Ctx, w.DB, a.PersonID, "border-guard"); len(tasks) > 0 || err != nil {
			w.T.Errorf("who was not measured before is asked after: %+v, %v", tasks, err)
		}
		if r := w.Report(""); r.Group.Gain.Matched != 0 {
			w.T.Errorf("%+v", r.Group.Gain)
		}
	})
}

func TestTheLinkNeedsNoPasswordAndWorksOnce(t *testing.T) {
	each(t, func(w *world) {
		m := w.Training()
		a := w.Person("Anna", "Pomocna")
		n, err := w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, []string{a.PersonID, a.PersonID})
		if n != 1 || err != nil {
			w.T.Fatalf("%d added, %v", n, err)
		}
		w.Measure()
		if len(w.Letters) != 1 || strings.Contains(strings.SplitN(w.Letters[0], "\n", 3)[1], "Terespol") {
			w.T.Fatalf("letters: %v", w.Letters)
		}
		token := w.Token()
		if l, err := w.Measurements.Link(w.Ctx, token); err != nil || l.Used || l.Wave != measurement.Before {
			w.T.Fatalf("%+v, %v", l, err)
		}
		x, err := w.Measurements.UseLink(w.Ctx, token)
		w.No(err)
		if _, err := w.Measurements.UseLink(w.Ctx, token); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("the link worked twice: %v", err)
		}
		if err := w.Measurements.Again(w.Ctx, token); !errors.Is(err, errs.ErrTooMany) {
			w.T.Errorf("a new link at once: %v", err)
		}
		w.Clock.Advance(10 * time.Minute)
		w.No(w.Measurements.Again(w.Ctx, token))
		w.Measure()
		if l, err := w.Measurements.Link(w.Ctx, token); err != nil || !l.Used { // the newest letter may never have arrived
			w.T.Errorf("the old link does not offer another letter: %+v, %v", l.Used, err)
		}
		if _, err := w.Measurements.UseLink(w.Ctx, token); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("the old link still works: %v", err)
		}
		again, err := w.Measurements.UseLink(w.Ctx, w.Token())
		if err != nil || again.ID != x.ID {
			w.T.Errorf("another sitting: %v", err)
		}
		if _, err := w.Measurements.Link(w.Ctx, "nonsense"); !errors.Is(err, errs.ErrGone) {
			w.T.Errorf("a link that was never made: %v", err)
		}
		w.Sit(x.ID, 9)
		if l, err := w.Measurements.Link(w.Ctx, w.Token()); err != nil || l.State != measurement.Done {
			w.T.Errorf("the link after handing in: %+v, %v", l.State, err)
		}
	})
}

func TestRemindersStopAtThreeLettersAndWhenItIsDone(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a := w.Person("Zofia", "Uczestna")
		w.Enrol(a)
		w.Sit(w.Task(a, measurement.Before), 8)
		w.Finish(a)
		w.Measure()
		count := func() int {
			n := 0
			for _, l := range w.Letters {
				if measured.Links.MatchString(l) {
					n++
				}
			}
			return n
		}
		if count() != 0 {
			w.T.Error("a letter while the person is still in the course")
		}
		for range 40 {
			w.Clock.Advance(day)
			w.Measure()
		}
		if count() != 3 {
			w.T.Errorf("%d letters about the test after", count())
		}
		// Without a result after the course, no follow-up makes sense.
		for range 220 {
			w.Clock.Advance(day)
			w.Measure()
		}
		if count() != 3 {
			w.T.Errorf("%d letters in all", count())
		}
	})
}

func TestAThreeMonthsFollowUp(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a := w.Person("Zofia", "Uczestna")
		w.Enrol(a)
		w.Sit(w.Task(a, measurement.Before), 6)
		w.Finish(a)
		w.Sit(w.Task(a, measurement.After), 16)
		for w.Clock.Now().Before(time.Date(2027, 1, 23, 7, 59, 0, 0, time.UTC)) {
			w.Clock.Advance(12 * time.Hour)
		}
		w.Measure() // the weekly one is closed by now; that of three months is due at 09:00 in winter
		x, err := w.Measurements.UseLink(w.Ctx, w.Token())
		w.No(err)
		if x.Wave != measurement.Months3 {
			w.T.Fatalf("the letter leads to %s", x.Wave)
		}
		form := w.Answers(x.ID, 6)
		form[measurement.FieldUsed] = []string{"yes"}
		form[measurement.FieldNote] = []string{"Zadzwonił: 600 700 800"}
		if _, err := w.Measurements.Save(w.Ctx, x.ID, form, true, true); !errors.Is(err, errs.ErrInvalid) {
			w.T.Errorf("a phone number was kept: %v", err)
		}
		note, err := db.One[string](w.Ctx, w.DB, `SELECT skills_note FROM sitting WHERE id = ?`, x.ID)
		if err != nil || note != "" {
			w.T.Errorf("%q, %v", note, err)
		}
		saved, err := db.One[int](w.Ctx, w.DB, `SELECT COUNT(*) FROM sitting_answer WHERE sitting_id = ?`, x.ID)
		if err != nil || saved != 16+len(w.Test.Anchors) {
			w.T.Errorf("%d answers were kept, %v", saved, err)
		}
		form[measurement.FieldNote] = []string{"Pomogła karta sygnałów."}
		if _, err := w.Measurements.Save(w.Ctx, x.ID, form, true, true); err != nil {
			w.T.Fatal(err)
		}
		results, err := w.Measurements.Progress(w.Ctx, x)
		w.No(err)
		faded := measurement.Faded(results)
		if len(results) != 3 || len(faded) == 0 {
			w.T.Fatalf("%+v, faded %v", results, faded)
		}
		v, err := w.Measurements.Sitting(w.Ctx, x.ID)
		w.No(err)
		if lessons, err := w.Measurements.Refreshers(w.Ctx, v, faded[:1]); err != nil || len(lessons) == 0 || !strings.HasPrefix(lessons[0].Path, "/app/learn/") {
			w.T.Errorf("%+v, %v", lessons, err)
		}
		if none := measurement.Faded(results[:2]); none != nil {
			w.T.Errorf("faded before a follow-up: %v", none)
		}
	})
}

func TestSubmittedTwiceFromTwoDevices(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a := w.Person("Zofia", "Uczestna")
		w.Enrol(a)
		sitting := w.Task(a, measurement.Before)
		form := w.Answers(sitting, 16)
		var devices sync.WaitGroup
		for range 8 {
			devices.Go(func() {
				if _, err := w.Measurements.Save(w.Ctx, sitting, form, true, true); err != nil {
					w.T.Error(err)
				}
			})
		}
		devices.Wait()
		worse := w.answers2(sitting)
		if x, err := w.Measurements.Save(w.Ctx, sitting, worse, true, true); !errors.Is(err, errs.ErrConflict) || x.State != measurement.Done {
			w.T.Errorf("other answers handed in again, and nothing is said: %+v, %v", x.State, err)
		}
		type row struct {
			N       int
			Percent float64
		}
		r, err := db.One[row](w.Ctx, w.DB, `SELECT COUNT(*) AS n, MAX(before_percent) AS percent FROM participant WHERE person_id = ?`, a.PersonID)
		if err != nil || r.N != 1 || r.Percent != 100 {
			w.T.Errorf("%+v, %v", r, err)
		}
		allocated, err := db.One[int](w.Ctx, w.DB, `SELECT allocated FROM measurement`)
		if err != nil || allocated != 1 {
			w.T.Errorf("%d places of the random order were used up, %v", allocated, err)
		}
	})
}

// answers2 returns wrong answers to a sitting that is done.
func (w *world) answers2(sittingID string) map[string][]string {
	v, err := w.Measurements.Sitting(w.Ctx, sittingID)
	w.No(err)
	form := map[string][]string{}
	for _, version := range v.Form.Versions {
		it := version.Content
		it.ID = version.ID
		measured.Fill(form, &it, false)
	}
	return form
}

func TestALostLineKeepsWhatWasSaved(t *testing.T) {
	each(t, func(w *world) {
		m := w.Training()
		a := w.Person("Anna", "Pomocna")
		_, err := w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, []string{a.PersonID})
		w.No(err)
		w.Measure()
		x, err := w.Measurements.UseLink(w.Ctx, w.Token())
		w.No(err)
		form := w.Answers(x.ID, 16)
		v, err := w.Measurements.Sitting(w.Ctx, x.ID)
		w.No(err)
		half := map[string][]string{}
		for _, asked := range v.Items[:8] {
			for name, value := range form {
				if strings.HasPrefix(name, asked.Item.FieldName("")) {
					half[name] = value
				}
			}
		}
		_, err = w.Measurements.Save(w.Ctx, x.ID, half, false, false)
		w.No(err)
		// Handing in with questions open asks once.
		if _, err := w.Measurements.Save(w.Ctx, x.ID, nil, true, false); !errors.Is(err, errs.ErrInvalid) {
			w.T.Errorf("handed in with eight questions open: %v", err)
		}
		v, err = w.Measurements.Sitting(w.Ctx, x.ID)
		if err != nil || len(v.Answers) != 8 {
			w.T.Errorf("%d answers are left, %v", len(v.Answers), err)
		}
		// The time is over: the answers stay, they do not count, and the reason is told.
		w.Clock.Advance(2 * day)
		if _, err := w.Measurements.Save(w.Ctx, x.ID, form, true, true); !errors.Is(err, errs.ErrConflict) || !strings.Contains(err.Error(), "closed") {
			w.T.Errorf("handed in too late: %v", err)
		}
		w.Measure()
		v, err = w.Measurements.Sitting(w.Ctx, x.ID)
		if err != nil || v.State != measurement.Closed || len(v.Answers) != 8 {
			w.T.Errorf("%s with %d answers, %v", v.State, len(v.Answers), err)
		}
		r := w.Report("")
		if r.Group.Gain.Matched != 0 || !r.Small {
			w.T.Errorf("%+v", r.Group)
		}
	})
}

func TestTheClockJumps(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a := w.Person("Zofia", "Uczestna")
		w.Enrol(a)
		sitting := w.Task(a, measurement.Before)
		form := w.Answers(sitting, 12)
		w.Clock.Advance(-3 * time.Hour)
		x, err := w.Measurements.Save(w.Ctx, sitting, form, true, true)
		if err != nil || x.State != measurement.Done {
			w.T.Fatalf("%s, %v", x.State, err)
		}
		v, err := w.Measurements.Sitting(w.Ctx, sitting)
		if err != nil || v.SubmittedAt.Before(v.StartedAt) {
			w.T.Errorf("handed in %v before it began %v", v.SubmittedAt, v.StartedAt)
		}
		w.Finish(a)
		w.Clock.Advance(29 * day)
		w.Sit(w.Task(a, measurement.After), 14)
		w.Clock.Advance(-40 * day)
		w.Measure() // nothing falls due twice
		w.Clock.Advance(40 * day)
		w.Measure()
		n, err := db.One[int](w.Ctx, w.DB, `SELECT COUNT(*) FROM sitting`)
		if err != nil || n != 5 {
			w.T.Errorf("%d sittings, %v", n, err)
		}
	})
}
