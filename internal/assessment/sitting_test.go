package assessment_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/assessment"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/learning"
)

const day = 24 * time.Hour

func TestFromTheCourseToTheReport(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		var learners []access.Actor
		for range 6 {
			learners = append(learners, w.person("Zofia", "Uczestna"))
		}
		w.enrol(learners...)
		firsts := map[string]int{}
		for _, a := range learners {
			w.sit(w.task(a, assessment.Before), 8)
			first, err := db.One[string](w.ctx, w.d, `SELECT first_form FROM participant WHERE person_id = ?`, a.PersonID)
			w.no(err)
			firsts[first]++
		}
		if firsts["A"] < 2 || firsts["B"] < 2 || firsts["A"]+firsts["B"] != 6 {
			w.t.Errorf("the halves are %v", firsts)
		}
		for _, a := range learners[:5] {
			w.finish(a)
			w.sit(w.task(a, assessment.After), 12)
		}
		r := w.report("")
		if g := r.Group.Gain; g.Matched != 5 || g.Lost != 1 || r.Group.Losses[assessment.LostUnderWay] != 1 || g.Difference <= 0 {
			w.t.Errorf("%+v", r.Group)
		}
		if r.Small || len(r.Topics) == 0 || r.Group.LaterHidden != true {
			w.t.Errorf("small %v, %d topics, later hidden %v", r.Small, len(r.Topics), r.Group.LaterHidden)
		}
		forms := crossed(w, m.ID)
		for person, f := range forms {
			if len(f) == 2 && f[0] == f[1] {
				w.t.Errorf("%s took the form %s twice", person, f[0])
			}
		}
	})
}

// crossed returns the forms that each participant of a measurement sat, in order.
func crossed(w *world, measurementID string) map[string][]string {
	type row struct{ PersonID, Name string }
	rows, err := db.All[row](w.ctx, w.d, `SELECT p.person_id, f.name FROM sitting s JOIN participant p ON p.id = s.participant_id JOIN test_form f ON f.id = s.form_id
		WHERE p.measurement_id = ? ORDER BY s.due_at, s.started_at`, measurementID)
	w.no(err)
	forms := map[string][]string{}
	for _, r := range rows {
		forms[r.PersonID] = append(forms[r.PersonID], r.Name)
	}
	return forms
}

func TestTheCourseWaitsForTheTestBefore(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a := w.person("Zofia", "Uczestna")
		w.enrol(a)
		e, err := w.a.Learning.Latest(w.ctx, a.PersonID, "border-guard")
		w.no(err)
		if _, err := w.a.Learning.Lesson(w.ctx, a, e.ID, "why-you"); !errors.Is(err, learning.ErrMeasureFirst) {
			w.t.Errorf("the lesson opened: %v", err)
		}
		w.no(w.s.Decline(w.ctx, w.task(a, assessment.Before)))
		if _, err := w.a.Learning.Lesson(w.ctx, a, e.ID, "why-you"); err != nil {
			w.t.Errorf("who declined cannot begin: %v", err)
		}
		w.finish(a)
		if tasks, err := w.s.Tasks(w.ctx, w.d, a.PersonID, "border-guard"); len(tasks) > 0 || err != nil {
			w.t.Errorf("who was not measured before is asked after: %+v, %v", tasks, err)
		}
		if r := w.report(""); r.Group.Gain.Matched != 0 {
			w.t.Errorf("%+v", r.Group.Gain)
		}
	})
}

func TestTheLinkNeedsNoPasswordAndWorksOnce(t *testing.T) {
	each(t, func(w *world) {
		m := w.training()
		a := w.person("Anna", "Pomocna")
		n, err := w.s.AddParticipants(w.ctx, w.admin, m.ID, []string{a.PersonID, a.PersonID})
		if n != 1 || err != nil {
			w.t.Fatalf("%d added, %v", n, err)
		}
		w.measure()
		if len(w.letters) != 1 || strings.Contains(strings.SplitN(w.letters[0], "\n", 3)[1], "Terespol") {
			w.t.Fatalf("letters: %v", w.letters)
		}
		token := w.token()
		if l, err := w.s.Link(w.ctx, token); err != nil || l.Used || l.Wave != assessment.Before {
			w.t.Fatalf("%+v, %v", l, err)
		}
		x, err := w.s.UseLink(w.ctx, token)
		w.no(err)
		if _, err := w.s.UseLink(w.ctx, token); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("the link worked twice: %v", err)
		}
		if err := w.s.Again(w.ctx, token); !errors.Is(err, errs.ErrTooMany) {
			w.t.Errorf("a new link at once: %v", err)
		}
		w.clock.Advance(10 * time.Minute)
		w.no(w.s.Again(w.ctx, token))
		w.measure()
		if l, err := w.s.Link(w.ctx, token); err != nil || !l.Used { // the newest letter may never have arrived
			w.t.Errorf("the old link does not offer another letter: %+v, %v", l.Used, err)
		}
		if _, err := w.s.UseLink(w.ctx, token); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("the old link still works: %v", err)
		}
		again, err := w.s.UseLink(w.ctx, w.token())
		if err != nil || again.ID != x.ID {
			w.t.Errorf("another sitting: %v", err)
		}
		if _, err := w.s.Link(w.ctx, "nonsense"); !errors.Is(err, errs.ErrGone) {
			w.t.Errorf("a link that was never made: %v", err)
		}
		w.sit(x.ID, 9)
		if l, err := w.s.Link(w.ctx, w.token()); err != nil || l.State != assessment.Done {
			w.t.Errorf("the link after handing in: %+v, %v", l.State, err)
		}
	})
}

func TestRemindersStopAtThreeLettersAndWhenItIsDone(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a := w.person("Zofia", "Uczestna")
		w.enrol(a)
		w.sit(w.task(a, assessment.Before), 8)
		w.finish(a)
		w.measure()
		count := func() int {
			n := 0
			for _, l := range w.letters {
				if links.MatchString(l) {
					n++
				}
			}
			return n
		}
		if count() != 0 {
			w.t.Error("a letter while the person is still in the course")
		}
		for range 40 {
			w.clock.Advance(day)
			w.measure()
		}
		if count() != 3 {
			w.t.Errorf("%d letters about the test after", count())
		}
		// Without a result after the course, no follow-up makes sense.
		for range 220 {
			w.clock.Advance(day)
			w.measure()
		}
		if count() != 3 {
			w.t.Errorf("%d letters in all", count())
		}
	})
}

func TestAThreeMonthsFollowUp(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a := w.person("Zofia", "Uczestna")
		w.enrol(a)
		w.sit(w.task(a, assessment.Before), 6)
		w.finish(a)
		w.sit(w.task(a, assessment.After), 16)
		for w.clock.Now().Before(time.Date(2027, 1, 23, 7, 59, 0, 0, time.UTC)) {
			w.clock.Advance(12 * time.Hour)
		}
		w.measure() // the weekly one is closed by now; that of three months is due at 09:00 in winter
		x, err := w.s.UseLink(w.ctx, w.token())
		w.no(err)
		if x.Wave != assessment.Months3 {
			w.t.Fatalf("the letter leads to %s", x.Wave)
		}
		form := w.answers(x.ID, 6)
		form[assessment.FieldUsed] = []string{"yes"}
		form[assessment.FieldNote] = []string{"Zadzwonił: 600 700 800"}
		if _, err := w.s.Save(w.ctx, x.ID, form, true, true); !errors.Is(err, errs.ErrInvalid) {
			w.t.Errorf("a phone number was kept: %v", err)
		}
		note, err := db.One[string](w.ctx, w.d, `SELECT skills_note FROM sitting WHERE id = ?`, x.ID)
		if err != nil || note != "" {
			w.t.Errorf("%q, %v", note, err)
		}
		saved, err := db.One[int](w.ctx, w.d, `SELECT COUNT(*) FROM sitting_answer WHERE sitting_id = ?`, x.ID)
		if err != nil || saved != 16 {
			w.t.Errorf("%d answers were kept, %v", saved, err)
		}
		form[assessment.FieldNote] = []string{"Pomogła karta sygnałów."}
		if _, err := w.s.Save(w.ctx, x.ID, form, true, true); err != nil {
			w.t.Fatal(err)
		}
		results, err := w.s.Progress(w.ctx, x)
		w.no(err)
		faded := assessment.Faded(results)
		if len(results) != 3 || len(faded) == 0 {
			w.t.Fatalf("%+v, faded %v", results, faded)
		}
		v, err := w.s.Sitting(w.ctx, x.ID)
		w.no(err)
		if lessons, err := w.s.Refreshers(w.ctx, v, faded[:1]); err != nil || len(lessons) == 0 || !strings.HasPrefix(lessons[0].Path, "/app/learn/") {
			w.t.Errorf("%+v, %v", lessons, err)
		}
		if none := assessment.Faded(results[:2]); none != nil {
			w.t.Errorf("faded before a follow-up: %v", none)
		}
	})
}

func TestSubmittedTwiceFromTwoDevices(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a := w.person("Zofia", "Uczestna")
		w.enrol(a)
		sitting := w.task(a, assessment.Before)
		form := w.answers(sitting, 16)
		var devices sync.WaitGroup
		for range 8 {
			devices.Go(func() {
				if _, err := w.s.Save(w.ctx, sitting, form, true, true); err != nil {
					w.t.Error(err)
				}
			})
		}
		devices.Wait()
		worse := w.answers2(sitting)
		if x, err := w.s.Save(w.ctx, sitting, worse, true, true); !errors.Is(err, errs.ErrConflict) || x.State != assessment.Done {
			w.t.Errorf("other answers handed in again, and nothing is said: %+v, %v", x.State, err)
		}
		type row struct {
			N       int
			Percent float64
		}
		r, err := db.One[row](w.ctx, w.d, `SELECT COUNT(*) AS n, MAX(before_percent) AS percent FROM participant WHERE person_id = ?`, a.PersonID)
		if err != nil || r.N != 1 || r.Percent != 100 {
			w.t.Errorf("%+v, %v", r, err)
		}
		allocated, err := db.One[int](w.ctx, w.d, `SELECT allocated FROM measurement`)
		if err != nil || allocated != 1 {
			w.t.Errorf("%d places of the random order were used up, %v", allocated, err)
		}
	})
}

// answers2 returns wrong answers to a sitting that is done.
func (w *world) answers2(sittingID string) map[string][]string {
	v, err := w.s.Sitting(w.ctx, sittingID)
	w.no(err)
	form := map[string][]string{}
	for _, version := range v.Form.Versions {
		it := version.Content
		it.ID = version.ID
		fill(form, &it, false)
	}
	return form
}

func TestALostLineKeepsWhatWasSaved(t *testing.T) {
	each(t, func(w *world) {
		m := w.training()
		a := w.person("Anna", "Pomocna")
		_, err := w.s.AddParticipants(w.ctx, w.admin, m.ID, []string{a.PersonID})
		w.no(err)
		w.measure()
		x, err := w.s.UseLink(w.ctx, w.token())
		w.no(err)
		form := w.answers(x.ID, 16)
		v, err := w.s.Sitting(w.ctx, x.ID)
		w.no(err)
		half := map[string][]string{}
		for _, asked := range v.Items[:8] {
			for name, value := range form {
				if strings.HasPrefix(name, asked.Item.FieldName("")) {
					half[name] = value
				}
			}
		}
		_, err = w.s.Save(w.ctx, x.ID, half, false, false)
		w.no(err)
		// Handing in with questions open asks once.
		if _, err := w.s.Save(w.ctx, x.ID, nil, true, false); !errors.Is(err, errs.ErrInvalid) {
			w.t.Errorf("handed in with eight questions open: %v", err)
		}
		v, err = w.s.Sitting(w.ctx, x.ID)
		if err != nil || len(v.Answers) != 8 {
			w.t.Errorf("%d answers are left, %v", len(v.Answers), err)
		}
		// The time is over: the answers stay, they do not count, and the reason is told.
		w.clock.Advance(2 * day)
		if _, err := w.s.Save(w.ctx, x.ID, form, true, true); !errors.Is(err, errs.ErrConflict) || !strings.Contains(err.Error(), "closed") {
			w.t.Errorf("handed in too late: %v", err)
		}
		w.measure()
		v, err = w.s.Sitting(w.ctx, x.ID)
		if err != nil || v.State != assessment.Closed || len(v.Answers) != 8 {
			w.t.Errorf("%s with %d answers, %v", v.State, len(v.Answers), err)
		}
		r := w.report("")
		if r.Group.Gain.Matched != 0 || !r.Small {
			w.t.Errorf("%+v", r.Group)
		}
	})
}

func TestTheClockJumps(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a := w.person("Zofia", "Uczestna")
		w.enrol(a)
		sitting := w.task(a, assessment.Before)
		form := w.answers(sitting, 12)
		w.clock.Advance(-3 * time.Hour)
		x, err := w.s.Save(w.ctx, sitting, form, true, true)
		if err != nil || x.State != assessment.Done {
			w.t.Fatalf("%s, %v", x.State, err)
		}
		v, err := w.s.Sitting(w.ctx, sitting)
		if err != nil || v.SubmittedAt.Before(v.StartedAt) {
			w.t.Errorf("handed in %v before it began %v", v.SubmittedAt, v.StartedAt)
		}
		w.finish(a)
		w.clock.Advance(29 * day)
		w.sit(w.task(a, assessment.After), 14)
		w.clock.Advance(-40 * day)
		w.measure() // nothing falls due twice
		w.clock.Advance(40 * day)
		w.measure()
		n, err := db.One[int](w.ctx, w.d, `SELECT COUNT(*) FROM sitting`)
		if err != nil || n != 5 {
			w.t.Errorf("%d sittings, %v", n, err)
		}
	})
}
