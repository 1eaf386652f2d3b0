package learning_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
	"ostoja/internal/quiz/quiztest"
)

func TestEachStepIsRecordedOnce(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		for range 2 { // pages looked at again, buttons pressed twice
			if _, err := w.Learning.Lesson(ctx, a, e.ID, "one"); err != nil {
				w.T.Fatal(err)
			}
			if _, err := w.Learning.Lesson(ctx, a, e.ID, "two"); err != nil {
				w.T.Fatal(err)
			}
		}
		pass(w, a, e.ID)
		want := []string{
			"registered course/small", "experienced course/small/lesson/one", "initialized course/small", "experienced course/small/lesson/two",
			"answered course/small/item/check-1", "completed course/small/scenario/bus", "attempted course/small/test/final", "passed course/small/test/final",
			"completed course/small",
		}
		got := statements(w, a.PersonID)
		if len(got) != len(want)+1 || !slices.Equal(got[:len(want)], want) || got[len(want)][:19] != "earned certificate/" {
			w.T.Errorf("recorded\n%q\nwant\n%q", got, want)
		}
	})
}

func TestALessonKnowsItsPlace(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, b := w.T.Context(), w.Person(), w.Person()
		e, other := w.Enrol(a), w.Enrol(b)
		first, err := w.Learning.Lesson(ctx, a, e.ID, "one")
		if err != nil || first.Previous != nil || first.Next == nil || first.Next.Key() != "scenario:bus" || first.Lesson.Title != "Pierwsza" || first.Module.ID != "m" || first.Part.Key() != "lesson:one" {
			w.T.Fatalf("%+v, %v", first, err)
		}
		if len(first.Progress.Opened) != 1 || len(first.Progress.Done) != 0 {
			w.T.Errorf("opened: %+v", first.Progress)
		}
		middle, err := w.Learning.Scenario(ctx, a, e.ID, "bus")
		if err != nil || middle.Previous.Key() != "lesson:one" || middle.Next.Key() != "lesson:two" || middle.Begun || middle.Done {
			w.T.Errorf("%+v, %v", middle, err)
		}
		last, err := w.Learning.Lesson(ctx, a, e.ID, "two")
		if err != nil || last.Previous.Key() != "scenario:bus" || last.Next != nil || last.Module.ID != "m" {
			w.T.Errorf("%+v, %v", last, err)
		}
		next, err := w.Learning.FinishLesson(ctx, a, e.ID, "one")
		if err != nil || next == nil || next.Key() != "scenario:bus" {
			w.T.Errorf("after the first comes %v, %v", next, err)
		}
		if next, err = w.Learning.FinishLesson(ctx, a, e.ID, "two"); err != nil || next != nil {
			w.T.Errorf("after the last comes %v, %v", next, err)
		}
		o, err := w.Learning.Overview(ctx, a, e.ID)
		// Both lessons are read, but the first asks a question that has no answer yet: only one of them is done.
		if err != nil || o.PartsDone != 1 || o.LastPart != "lesson:two" || o.Progress.Done["lesson:one"].IsZero() || !o.Progress.Done["scenario:bus"].IsZero() {
			w.T.Errorf("%+v, %v", o.Enrolment, err)
		}
		if o, err := w.Learning.Overview(ctx, b, other.ID); err != nil || o.PartsDone != 0 || o.LastPart != "" || o.State() != learning.Invited || len(o.Progress.Opened) != 0 {
			w.T.Errorf("another's progress: %+v, %v", o, err)
		}
		for what, err := range map[string]error{
			"lesson finished":        func() error { _, err := w.Learning.FinishLesson(ctx, a, e.ID, "none"); return err }(),
			"a scenario as a lesson": func() error { _, err := w.Learning.Lesson(ctx, a, e.ID, "bus"); return err }(),
			"scenario":               func() error { _, err := w.Learning.Scenario(ctx, a, e.ID, "none"); return err }(),
			"scenario begun":         w.Learning.BeginScenario(ctx, a, e.ID, "none"),
			"scenario chosen":        w.Learning.Choose(ctx, a, e.ID, "none", 0, 0),
			"not begun yet":          w.Learning.Choose(ctx, a, e.ID, "bus", 0, 0),
		} {
			if !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestWhenThingsWereDoneTheFirstTimeStays(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		for range 2 {
			w.Clock.Advance(time.Hour)
			if _, err := w.Learning.Lesson(ctx, a, e.ID, "one"); err != nil {
				w.T.Fatal(err)
			}
			if _, err := w.Learning.FinishLesson(ctx, a, e.ID, "one"); err != nil {
				w.T.Fatal(err)
			}
			if _, err := w.Learning.Lesson(ctx, a, e.ID, "two"); err != nil {
				w.T.Fatal(err)
			}
		}
		first, now := learningtest.Start.Add(time.Hour), learningtest.Start.Add(2*time.Hour)
		o, err := w.Learning.Overview(ctx, a, e.ID)
		if err != nil || !o.StartedAt.Equal(first) || !o.ActiveAt.Equal(now) || !o.Progress.Opened["lesson:one"].Equal(first) || !o.Progress.Done["lesson:one"].Equal(first) {
			w.T.Errorf("begun %s, active %s, opened %s, done %s, %v", o.StartedAt, o.ActiveAt, o.Progress.Opened["lesson:one"], o.Progress.Done["lesson:one"], err)
		}
	})
}

func TestPracticeMayBeRepeated(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		before := map[string][]string{}
		answer := func(lesson, itemID, value string) (float64, error) {
			c, err := w.Learning.AnswerCheck(ctx, a, e.ID, lesson, itemID, quiztest.After(before, map[string][]string{"item." + itemID: {value}}))
			if err == nil {
				before = learningtest.Answers([]string{itemID}, value == "a")
			}
			return c.Share, err
		}
		if share, err := answer("one", "check-1", "b"); share != 0 || err != nil {
			w.T.Errorf("a wrong answer: %v, %v", share, err)
		}
		if share, err := answer("one", "check-1", "a"); share != 1 || err != nil {
			w.T.Errorf("a right answer: %v, %v", share, err)
		}
		l, err := w.Learning.Lesson(ctx, a, e.ID, "one")
		if c := l.Progress.Checks["check-1"]; err != nil || c.Tries != 2 || c.Share != 1 || !slices.Equal(c.Answer.Chosen, []string{"a"}) {
			w.T.Errorf("kept %+v, %v", l.Progress.Checks, err)
		}
		for what, c := range map[string]struct {
			lesson, item, value string
			want                error
		}{
			"of another lesson": {"two", "check-1", "a", errs.ErrNotFound}, "of the test": {"one", "t-1", "a", errs.ErrNotFound}, "no lesson": {"none", "check-1", "a", errs.ErrNotFound},
			"no answer": {"one", "check-1", "", errs.ErrInvalid}, "no option": {"one", "check-1", "z", errs.ErrInvalid},
		} {
			if _, err := answer(c.lesson, c.item, c.value); !errors.Is(err, c.want) {
				w.T.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestScenariosGoOnAndAgain(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, b := w.T.Context(), w.Person(), w.Person()
		e, other := w.Enrol(a), w.Enrol(b)
		for _, enrolmentID := range []string{e.ID, other.ID} {
			who := map[string]access.Actor{e.ID: a, other.ID: b}[enrolmentID]
			if err := w.Learning.BeginScenario(ctx, who, enrolmentID, "bus"); err != nil {
				w.T.Fatal(err)
			}
		}
		if err := w.Learning.Choose(ctx, a, e.ID, "bus", 0, 1); err != nil {
			w.T.Fatal(err)
		}
		if err := w.Learning.BeginScenario(ctx, a, e.ID, "bus"); err != nil { // under way: it goes on
			w.T.Fatal(err)
		}
		v, err := w.Learning.Scenario(ctx, a, e.ID, "bus")
		if err != nil || v.Step != 1 || !v.Begun || v.Done {
			w.T.Errorf("step %d, %v", v.Step, err)
		}
		if v, err := w.Learning.Scenario(ctx, b, other.ID, "bus"); err != nil || v.Step != 0 || !v.Begun {
			w.T.Errorf("another's run: step %d, %v", v.Step, err)
		}
		if err := w.Learning.Choose(ctx, a, e.ID, "bus", 1, 0); err != nil {
			w.T.Fatal(err)
		}
		o, err := w.Learning.Overview(ctx, a, e.ID)
		if err != nil || o.LastPart != "scenario:bus" || o.Progress.Done["scenario:bus"].IsZero() || o.PartsDone != 1 {
			w.T.Errorf("%+v, %v", o.Enrolment, err)
		}
		type run struct {
			Step    int
			EndedAt time.Time
		}
		runs, err := db.All[run](ctx, w.DB, `SELECT step, ended_at FROM scenario_run WHERE enrolment_id = ?`, e.ID)
		if err != nil || len(runs) != 1 || runs[0].Step != 2 || !runs[0].EndedAt.Equal(learningtest.Start) {
			w.T.Errorf("runs %+v, %v", runs, err)
		}
		w.Clock.Advance(time.Minute)
		if err := w.Learning.BeginScenario(ctx, a, e.ID, "bus"); err != nil {
			w.T.Fatal(err)
		}
		if v, err := w.Learning.Scenario(ctx, a, e.ID, "bus"); err != nil || v.Step != 3 || !v.Done {
			w.T.Errorf("again: step %d, done %v, %v", v.Step, v.Done, err)
		}
	})
}

// TestAFormSavesWhatItNames: the rest stays, what is emptied is taken back, and one that cannot be read does not lose the others.
func TestAFormSavesWhatItNames(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		attempt, err := w.Learning.BeginTest(ctx, a, e.ID)
		if err != nil {
			w.T.Fatal(err)
		}
		one, two := attempt.Items[0], attempt.Items[1]
		save := func(form map[string][]string) error {
			_, err := w.Learning.SaveAnswers(ctx, a, e.ID, attempt.ID, form, false, true)
			return err
		}
		kept := func() (list []string) {
			v, err := w.Learning.Attempt(ctx, a, e.ID, attempt.ID)
			if err != nil {
				w.T.Fatal(err)
			}
			for _, itemID := range attempt.Items {
				list = append(list, append(v.Answers[itemID].Chosen, "-")[0])
			}
			return list
		}
		// shown are the answers with which the page is filled.
		shown := func() map[string][]string {
			form := map[string][]string{}
			for i, option := range kept() {
				form["item."+attempt.Items[i]] = []string{strings.Trim(option, "-")}
			}
			return form
		}
		w.Clock.Advance(time.Minute)
		for _, c := range []struct {
			what    string
			form    map[string][]string
			invalid bool
			want    []string
		}{
			{"one", map[string][]string{"item." + one: {"a"}}, false, []string{"a", "-"}},
			{"the other", map[string][]string{"item." + two: {"b"}}, false, []string{"a", "b"}},
			{"one changed, one unreadable", map[string][]string{"item." + one: {"b"}, "item." + two: {"z"}}, true, []string{"b", "b"}},
			{"one taken back", map[string][]string{"item." + two: {""}}, false, []string{"b", "-"}},
			{"nothing of it", map[string][]string{"item.check-1": {"a"}}, false, []string{"b", "-"}},
		} {
			if err := save(quiztest.After(shown(), c.form)); errors.Is(err, errs.ErrInvalid) != c.invalid || err != nil && !c.invalid {
				w.T.Errorf("%s: %v", c.what, err)
			}
			if got := kept(); !slices.Equal(got, c.want) {
				w.T.Errorf("%s: kept %v, want %v", c.what, got, c.want)
			}
		}
		if latest, err := w.Learning.Latest(ctx, a.PersonID, "small"); err != nil || !latest.ActiveAt.Equal(learningtest.Start.Add(time.Minute)) {
			w.T.Errorf("active at %s, %v", latest.ActiveAt, err)
		}
		// What cannot be read keeps the attempt open.
		if x, err := w.Learning.SaveAnswers(ctx, a, e.ID, attempt.ID, map[string][]string{"item." + one: {"z"}}, true, true); !errors.Is(err, errs.ErrInvalid) || !x.SubmittedAt.IsZero() {
			w.T.Errorf("submitted with a fault: %+v, %v", x, err)
		}
		x, err := w.Learning.SaveAnswers(ctx, a, e.ID, attempt.ID, quiztest.After(shown(), map[string][]string{"item." + one: {"a"}}), true, true)
		if err != nil || *x.Percent != 50 || *x.Passed || x.ClosedLate {
			w.T.Errorf("one of two right: %+v, %v", x, err)
		}
		v, err := w.Learning.Attempt(ctx, a, e.ID, attempt.ID)
		if share, marked := v.Shares[one]; err != nil || share != 1 || !marked || len(v.Shares) != 1 || v.Test.ID != "final" || len(v.Items) != 2 {
			w.T.Errorf("shares %v, %v", v.Shares, err)
		}
	})
}

// TestTheLastMoment: answers come in until the end of the grace, and no later.
func TestTheLastMoment(t *testing.T) {
	for late, want := range map[time.Duration]float64{0: 100, 30 * time.Second: 100, 30*time.Second + time.Microsecond: 0} {
		learningtest.Each(t, func(w *learningtest.World) {
			ctx, a := w.T.Context(), w.Person()
			e := w.Enrol(a)
			w.FinishParts(a, e.ID)
			attempt, err := w.Learning.BeginTest(ctx, a, e.ID)
			if err != nil || !attempt.ClosesAt.Equal(learningtest.Start.Add(30*time.Minute)) {
				w.T.Fatalf("closes at %s, %v", attempt.ClosesAt, err)
			}
			w.Clock.Advance(30*time.Minute + late)
			if again, err := w.Learning.BeginTest(ctx, a, e.ID); want == 100 && (err != nil || again.ID != attempt.ID) {
				w.T.Errorf("%s late: the open attempt is %s, %v", late, again.ID, err)
			}
			if n, err := w.Learning.CloseOverdue(ctx); err != nil || (n == 1) != (want == 0) {
				w.T.Errorf("%s late: %d closed, %v", late, n, err)
			}
			x, err := w.Learning.SaveAnswers(ctx, a, e.ID, attempt.ID, learningtest.Answers(attempt.Items, true), true, true)
			if err != nil || x.Percent == nil || *x.Percent != want || x.ClosedLate != (want == 0) {
				w.T.Errorf("%s late: %+v, %v", late, x, err)
			}
		})
	}
}

func TestTheSweepClosesOnlyWhatIsOver(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx := w.T.Context()
		begin := func() (access.Actor, string, learning.Attempt) {
			a := w.Person()
			e := w.Enrol(a)
			w.FinishParts(a, e.ID)
			x, err := w.Learning.BeginTest(ctx, a, e.ID)
			if err != nil {
				w.T.Fatal(err)
			}
			return a, e.ID, x
		}
		early, earlyID, first := begin()
		done, doneID, second := begin()
		if _, err := w.Learning.SaveAnswers(ctx, done, doneID, second.ID, learningtest.Answers(second.Items, true), true, true); err != nil {
			w.T.Fatal(err)
		}
		w.Clock.Advance(20 * time.Minute)
		_, _, third := begin()
		w.Clock.Advance(20 * time.Minute)
		if n, err := w.Learning.CloseOverdue(ctx); n != 1 || err != nil {
			w.T.Errorf("%d closed, %v", n, err)
		}
		v, err := w.Learning.Attempt(ctx, early, earlyID, first.ID)
		if err != nil || !v.Attempt.ClosedLate || *v.Attempt.Percent != 0 || *v.Attempt.Passed {
			w.T.Errorf("%+v, %v", v.Attempt, err)
		}
		if n, err := db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM attempt WHERE submitted_at IS NULL AND id = ?`, third.ID); err != nil || n != 1 {
			w.T.Errorf("one that is not over was closed, %v", err)
		}
		if v, err := w.Learning.Attempt(ctx, done, doneID, second.ID); err != nil || v.Attempt.ClosedLate || *v.Attempt.Percent != 100 {
			w.T.Errorf("one that was handed in: %+v, %v", v.Attempt, err)
		}
	})
}

// TestAnAttemptKeepsItsVersion, whatever is published while it lasts.
func TestAnAttemptKeepsItsVersion(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		attempt, err := w.Learning.BeginTest(ctx, a, e.ID)
		if err != nil {
			w.T.Fatal(err)
		}
		turned := learningtest.Folder("2") // now b is right
		text := string(turned["items/all.yaml"].Data)
		turned["items/all.yaml"].Data = []byte(swap(text))
		v := w.Publish(turned)
		w.Exec(`UPDATE enrolment SET version_id = ? WHERE id = ?`, v.ID, e.ID) // as a release would that moves everybody
		x, err := w.Learning.SaveAnswers(ctx, a, e.ID, attempt.ID, learningtest.Answers(attempt.Items, true), true, true)
		if err != nil || *x.Percent != 100 {
			w.T.Errorf("marked by another version: %+v, %v", x, err)
		}
		shown, err := w.Learning.Attempt(ctx, a, e.ID, attempt.ID)
		if err != nil || shown.Asked.Version != "1" || shown.Course.Version != "2" {
			w.T.Errorf("shown by the version %s, %v", shown.Asked.Version, err)
		}
	})
}

// swap makes the wrong option of each item the right one.
func swap(items string) string {
	const right, plain = `correct: true, `, `feedback: {pl: "Nie.`
	out := ""
	for _, line := range strings.Split(items, "\n") {
		switch {
		case strings.Contains(line, right):
			line = strings.Replace(line, right, "", 1)
		case strings.Contains(line, plain):
			line = strings.Replace(line, plain, right+plain, 1)
		}
		out += line + "\n"
	}
	return out
}

func TestEnrollingOneself(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, coordinator := w.T.Context(), w.Person(), w.Person(access.Coordinator)
		other := w.Publish(named("other", "1"))
		if _, err := w.Learning.Enrol(ctx, a, "none", "pl"); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a course that there is not: %v", err)
		}
		if _, err := w.Learning.Again(ctx, a, "small"); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("again without a first time: %v", err)
		}
		e, err := w.Learning.Enrol(ctx, a, "other", "uk") // a language that it is not given in
		if err != nil || e.Lang != "pl" || e.CourseID != "other" || e.VersionID != other.ID || e.Source != "self" {
			w.T.Errorf("%+v, %v", e, err)
		}
		offers, err := w.Learning.Offers(ctx, a)
		if err != nil || len(offers) != 2 || offers[0].Course.ID != "other" || offers[0].Enrolment == nil || offers[1].Course.ID != "small" || offers[1].Enrolment != nil || !offers[1].Open {
			w.T.Errorf("one's own come first: %+v, %v", offers, err)
		}
		if _, err := w.Learning.Again(ctx, a, "other"); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("again before the end: %v", err)
		}
		newer := w.Publish(named("other", "2"))
		if o, err := w.Learning.Offer(ctx, a, "other"); err != nil || o.Course.VersionID != other.ID {
			w.T.Errorf("who is under way is shown the version %s, %v", o.Course.VersionID, err)
		}
		if err := w.Learning.Withdraw(ctx, coordinator, e.ID); err != nil {
			w.T.Fatal(err)
		}
		if o, err := w.Learning.Offer(ctx, a, "other"); err != nil || o.Course.VersionID != newer.ID {
			w.T.Errorf("who left is shown the version %s, %v", o.Course.VersionID, err)
		}
		if err := w.Courses.SetCatalogue(ctx, access.System, "other", false); err != nil {
			w.T.Fatal(err)
		}
		if _, err := w.Learning.Enrol(ctx, a, "other", "pl"); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("who left came back to a course by invitation: %v", err)
		}
		if err := w.Courses.SetCatalogue(ctx, access.System, "other", true); err != nil {
			w.T.Fatal(err)
		}
		if back, err := w.Learning.Enrol(ctx, a, "other", "en"); err != nil || back.Round != 2 || back.Lang != "en" || back.VersionID != newer.ID {
			w.T.Errorf("%+v, %v", back, err)
		}
	})
}

func TestTheLanguageOfACourse(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, b := w.T.Context(), w.Person(), w.Person()
		e, other := w.Enrol(a), w.Enrol(b)
		if err := w.Learning.SetLanguage(ctx, a, e.ID, "uk"); !errors.Is(err, errs.ErrInvalid) {
			w.T.Errorf("a language that it is not given in: %v", err)
		}
		if err := w.Learning.SetLanguage(ctx, a, e.ID, "en"); err != nil {
			w.T.Fatal(err)
		}
		if l, err := w.Learning.Lesson(ctx, a, e.ID, "one"); err != nil || l.Lesson.Title != "First" {
			w.T.Errorf("%v, %v", l.Lesson, err)
		}
		if l, err := w.Learning.Lesson(ctx, b, other.ID, "one"); err != nil || l.Lesson.Title != "Pierwsza" {
			w.T.Errorf("another's language changed: %v, %v", l.Lesson, err)
		}
		if err := w.Learning.SetLanguage(ctx, b, e.ID, "pl"); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("another changed it: %v", err)
		}
	})
}

// TestACourseWithoutTestOrCertificate ends when its parts are done.
func TestACourseWithoutTestOrCertificate(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		folder := named("short", "1")
		yaml := string(folder["course.yaml"].Data)
		yaml = strings.Replace(yaml, "\ntest: final\n", "\n", 1)
		yaml = strings.Replace(yaml, "test: pass}", "test: none}", 1)
		yaml = strings.Replace(yaml, "certificate: {title: {pl: \"Zaświadczenie\", en: \"Certificate\"}, valid_months: 36}\n", "", 1)
		folder["course.yaml"].Data = []byte(yaml)
		delete(folder, "tests/final.yaml")
		w.Publish(folder)
		e, err := w.Learning.Enrol(ctx, a, "short", "pl")
		if err != nil {
			w.T.Fatal(err)
		}
		w.FinishParts(a, e.ID)
		o, err := w.Learning.Overview(ctx, a, e.ID)
		if err != nil || o.State() != learning.Passed || o.FinishedAt.IsZero() || o.Course.FinalTest() != course.Part(nil) {
			w.T.Errorf("%s, %v", o.State(), err)
		}
		if n, err := db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM certificate`); err != nil || n != 0 {
			w.T.Errorf("%d certificates, %v", n, err)
		}
		for what, err := range map[string]error{
			"test":    func() error { _, err := w.Learning.Test(ctx, a, e.ID); return err }(),
			"begun":   func() error { _, err := w.Learning.BeginTest(ctx, a, e.ID); return err }(),
			"attempt": func() error { _, err := w.Learning.Attempt(ctx, a, e.ID, id.New()); return err }(),
			"id":      func() error { _, err := w.Learning.Attempt(ctx, a, e.ID, "x"); return err }(),
			"answers": func() error { _, err := w.Learning.SaveAnswers(ctx, a, e.ID, "x", nil, true, true); return err }(),
		} {
			if !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s: %v", what, err)
			}
		}
	})
}
