package learning_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
)

func TestFromEnrolmentToCertificate(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		if e.State() != learning.Invited || e.Lang != "pl" || e.Round != 1 {
			w.T.Errorf("enrolled as %+v", e)
		}
		if again := w.Enrol(a); again.ID != e.ID {
			w.T.Error("a second click made a second enrolment")
		}
		if _, err := w.Learning.BeginTest(ctx, a, e.ID); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("the test began before the lessons were done: %v", err)
		}
		w.FinishParts(a, e.ID)
		o, err := w.Learning.Overview(ctx, a, e.ID)
		if err != nil || o.State() != learning.Finished || o.PartsDone != 3 {
			w.T.Fatalf("after all parts: %s, %d parts, %v", o.State(), o.PartsDone, err)
		}
		for _, r := range o.Requirements {
			if r.Met() == (r.Kind == learning.NeedTestPass) {
				w.T.Errorf("requirement %+v", r)
			}
		}
		first, err := w.Learning.BeginTest(ctx, a, e.ID)
		if err != nil || len(first.Items) != 2 {
			w.T.Fatalf("%+v, %v", first, err)
		}
		if _, err := w.Learning.SaveAnswers(ctx, a, e.ID, first.ID, learningtest.Answers(first.Items, false), true, true); err != nil {
			w.T.Fatal(err)
		}
		second, err := w.Learning.BeginTest(ctx, a, e.ID)
		if err != nil || second.Number != 2 || second.ID == first.ID {
			w.T.Fatalf("%+v, %v", second, err)
		}
		w.Clock.Advance(time.Minute)
		done, err := w.Learning.SaveAnswers(ctx, a, e.ID, second.ID, learningtest.Answers(second.Items, true), true, true)
		if err != nil || done.Percent == nil || *done.Percent != 100 || !*done.Passed {
			w.T.Fatalf("%+v, %v", done, err)
		}
		o, err = w.Learning.Overview(ctx, a, e.ID)
		if err != nil || o.State() != learning.Passed {
			w.T.Fatalf("%s, %v", o.State(), err)
		}
		type cert struct {
			Holder, Title, Issuer, AttemptID string
			Hours                            float64
		}
		c, err := db.One[cert](ctx, w.DB, `SELECT holder, title, issuer, attempt_id, hours FROM certificate WHERE person_id = ?`, a.PersonID)
		if err != nil || c != (cert{"Zofia Źródło", "Mały kurs", "Straż Graniczna", second.ID, 1.5}) {
			w.T.Errorf("certificate %+v, %v", c, err)
		}
		if _, err := w.Learning.BeginTest(ctx, a, e.ID); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("a passed test began again: %v", err)
		}
		next, err := w.Learning.Again(ctx, a, "small")
		if err != nil || next.Round != 2 || next.State() != learning.Invited {
			w.T.Errorf("again: %+v, %v", next, err)
		}
		if twice, err := w.Learning.Again(ctx, a, "small"); err == nil && twice.ID != next.ID {
			w.T.Error("a second click made a third round")
		}
	})
}

func TestAttemptIsSubmittedOnce(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		var begun [8]learning.Attempt
		var wg sync.WaitGroup
		for i := range begun { // two tabs and an impatient finger
			wg.Go(func() {
				var err error
				if begun[i], err = w.Learning.BeginTest(ctx, a, e.ID); err != nil {
					w.T.Error(err)
				}
			})
		}
		wg.Wait()
		for _, b := range begun {
			if b.ID != begun[0].ID {
				w.T.Fatal("parallel clicks made several attempts")
			}
		}
		attempt := begun[0]
		for i := range begun {
			wg.Go(func() {
				if _, err := w.Learning.SaveAnswers(ctx, a, e.ID, attempt.ID, learningtest.Answers(attempt.Items, i%2 == 0), true, true); err != nil {
					w.T.Error(err)
				}
			})
		}
		wg.Wait()
		n, err := db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM statement WHERE person_id = ? AND verb IN ('passed', 'failed')`, a.PersonID)
		if err != nil || n != 1 {
			w.T.Errorf("the attempt was marked %d times, %v", n, err)
		}
		before, err := w.Learning.Attempt(ctx, a, e.ID, attempt.ID)
		if err != nil {
			w.T.Fatal(err)
		}
		if _, err := w.Learning.SaveAnswers(ctx, a, e.ID, attempt.ID, learningtest.Answers(attempt.Items, *before.Attempt.Percent < 50), true, true); err != nil {
			w.T.Fatal(err)
		}
		after, err := w.Learning.Attempt(ctx, a, e.ID, attempt.ID)
		if err != nil || *after.Attempt.Percent != *before.Attempt.Percent {
			w.T.Errorf("a late submission changed the result from %v to %v, %v", *before.Attempt.Percent, *after.Attempt.Percent, err)
		}
	})
}

func TestTimeIsUp(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		attempt, err := w.Learning.BeginTest(ctx, a, e.ID)
		if err != nil {
			w.T.Fatal(err)
		}
		if _, err := w.Learning.SaveAnswers(ctx, a, e.ID, attempt.ID, learningtest.Answers(attempt.Items, true), false, true); err != nil {
			w.T.Fatal(err)
		}
		w.Clock.Advance(31 * time.Minute)
		if _, err := w.Learning.SaveAnswers(ctx, a, e.ID, attempt.ID, learningtest.Answers(attempt.Items, false), true, true); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("answers after the end: %v", err)
		}
		v, err := w.Learning.Attempt(ctx, a, e.ID, attempt.ID)
		if err != nil || !v.Attempt.ClosedLate || *v.Attempt.Percent != 100 {
			w.T.Errorf("what was saved in time does not count: %+v, %v", v.Attempt, err)
		}
	})
}

func TestAbandonedAttemptIsClosed(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		if _, err := w.Learning.BeginTest(ctx, a, e.ID); err != nil {
			w.T.Fatal(err)
		}
		if n, err := w.Learning.CloseOverdue(ctx); n != 0 || err != nil {
			w.T.Errorf("%d closed before their time, %v", n, err)
		}
		w.Clock.Advance(time.Hour)
		if n, err := w.Learning.CloseOverdue(ctx); n != 1 || err != nil {
			w.T.Errorf("%d closed, %v", n, err)
		}
		second, err := w.Learning.BeginTest(ctx, a, e.ID)
		if err != nil || second.Number != 2 {
			w.T.Fatalf("%+v, %v", second, err)
		}
		w.Clock.Advance(time.Hour)
		v, err := w.Learning.Test(ctx, a, e.ID)
		if err != nil || !errors.Is(v.Refusal, errs.ErrConflict) || learning.AttemptsLeft(v.Test, v.Progress) != 0 {
			w.T.Errorf("after two attempts: %v, %v", v.Refusal, err)
		}
	})
}

func TestAnothersCourseIsNotFound(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, b := w.T.Context(), w.Person(), w.Person(access.Coordinator)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		attempt, err := w.Learning.BeginTest(ctx, a, e.ID)
		if err != nil {
			w.T.Fatal(err)
		}
		own := w.Enrol(b)
		tries := map[string]error{}
		_, tries["overview"] = w.Learning.Overview(ctx, b, e.ID)
		_, tries["lesson"] = w.Learning.Lesson(ctx, b, e.ID, "one")
		_, tries["finish"] = w.Learning.FinishLesson(ctx, b, e.ID, "one")
		_, tries["check"] = w.Learning.AnswerCheck(ctx, b, e.ID, "one", "check-1", learningtest.Answers([]string{"check-1"}, true))
		_, tries["scenario"] = w.Learning.Scenario(ctx, b, e.ID, "bus")
		tries["begin"] = w.Learning.BeginScenario(ctx, b, e.ID, "bus")
		tries["choose"] = w.Learning.Choose(ctx, b, e.ID, "bus", 0, 0)
		_, tries["test"] = w.Learning.Test(ctx, b, e.ID)
		_, tries["begin test"] = w.Learning.BeginTest(ctx, b, e.ID)
		_, tries["attempt"] = w.Learning.Attempt(ctx, b, own.ID, attempt.ID)
		_, tries["answers"] = w.Learning.SaveAnswers(ctx, b, own.ID, attempt.ID, learningtest.Answers(attempt.Items, true), true, true)
		_, tries["nonsense"] = w.Learning.Overview(ctx, a, "x")
		_, tries["unknown"] = w.Learning.Overview(ctx, a, id.New())
		_, tries["unknown lesson"] = w.Learning.Lesson(ctx, a, e.ID, "none")
		for what, err := range tries {
			if !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestScenarioMovesOncePerPage(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		if err := w.Learning.BeginScenario(ctx, a, e.ID, "bus"); err != nil {
			w.T.Fatal(err)
		}
		for range 3 { // the same page sent three times
			if err := w.Learning.Choose(ctx, a, e.ID, "bus", 0, 1); err != nil {
				w.T.Fatal(err)
			}
		}
		v, err := w.Learning.Scenario(ctx, a, e.ID, "bus")
		if err != nil || v.Step != 1 || len(v.Run.Path) != 1 || v.Done {
			w.T.Fatalf("%+v, %v", v.Run, err)
		}
		if err := w.Learning.Choose(ctx, a, e.ID, "bus", 1, 7); !errors.Is(err, errs.ErrInvalid) {
			w.T.Errorf("a choice that is not there: %v", err)
		}
		if err := w.Learning.Choose(ctx, a, e.ID, "bus", 1, 0); err != nil {
			w.T.Fatal(err)
		}
		if v, err = w.Learning.Scenario(ctx, a, e.ID, "bus"); err != nil || !v.Done || v.Scenario.Ended(v.Run) != "good" {
			w.T.Errorf("%+v, %v", v, err)
		}
		if err := w.Learning.BeginScenario(ctx, a, e.ID, "bus"); err != nil {
			w.T.Fatal(err)
		}
		if v, err = w.Learning.Scenario(ctx, a, e.ID, "bus"); err != nil || !v.Done || len(v.Run.Path) != 0 {
			w.T.Errorf("begun again: %+v, %v", v.Run, err)
		}
	})
}

func TestEnrolManyIsRepeatableAndStaysWithinReach(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, coordinator := w.T.Context(), w.Person(access.Coordinator)
		var ids []string
		for range 5 {
			ids = append(ids, w.Person().PersonID)
		}
		if n, err := w.Learning.EnrolMany(ctx, coordinator, "small", ids[:3]); n != 3 || err != nil {
			w.T.Errorf("%d enrolled, %v", n, err)
		}
		if n, err := w.Learning.EnrolMany(ctx, coordinator, "small", ids); n != 2 || err != nil || len(w.Letters) != 5 {
			w.T.Errorf("%d enrolled, %d letters, %v", n, len(w.Letters), err)
		}
		stranger := access.Actor{PersonID: "x", Grants: []access.Grant{{Role: access.Coordinator, Path: "/other/"}}}
		if n, err := w.Learning.EnrolMany(ctx, stranger, "small", []string{w.Person().PersonID}); n != 0 || err != nil {
			w.T.Errorf("a coordinator of another unit enrolled %d, %v", n, err)
		}
	})
}

func TestWithdrawAndRestore(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, coordinator := w.T.Context(), w.Person(), w.Person(access.Coordinator)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		if err := w.Learning.Withdraw(ctx, a, e.ID); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a learner withdrew an enrolment: %v", err)
		}
		if err := w.Learning.Withdraw(ctx, coordinator, e.ID); err != nil {
			w.T.Fatal(err)
		}
		if _, err := w.Learning.Overview(ctx, a, e.ID); !errors.Is(err, errs.ErrGone) {
			w.T.Errorf("a withdrawn course is open: %v", err)
		}
		if err := w.Learning.Restore(ctx, coordinator, e.ID); err != nil {
			w.T.Fatal(err)
		}
		if o, err := w.Learning.Overview(ctx, a, e.ID); err != nil || o.State() != learning.Finished {
			w.T.Errorf("restored: %s, %v", o.State(), err)
		}
	})
}

func TestMoveToANewVersionKeepsWhatIsDone(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, coordinator := w.T.Context(), w.Person(), w.Person(access.Coordinator)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		newer := learningtest.Folder("2")
		newer["modules/m/three.pl.md"], newer["modules/m/three.en.md"] = newer["modules/m/two.pl.md"], newer["modules/m/two.en.md"]
		newer["course.yaml"].Data = []byte(strings.ReplaceAll(string(newer["course.yaml"].Data), "{lesson: two}", "{lesson: two}, {lesson: three}"))
		v := w.Publish(newer)
		if v.Number != 2 {
			w.T.Fatalf("published as %+v", v)
		}
		if o, err := w.Learning.Overview(ctx, a, e.ID); err != nil || o.VersionID == v.ID || o.State() != learning.Finished {
			w.T.Fatalf("a new version reached a participant by itself: %v", err)
		}
		if n, err := w.Learning.Move(ctx, coordinator, "small"); n != 1 || err != nil {
			w.T.Fatalf("%d moved, %v", n, err)
		}
		o, err := w.Learning.Overview(ctx, a, e.ID)
		if err != nil || o.VersionID != v.ID || o.State() != learning.InProgress || o.MovedFrom == nil || o.PartsDone != 3 {
			w.T.Errorf("moved to %+v, told of %v, %v", o.Enrolment, o.MovedFrom != nil, err)
		}
		if o, err = w.Learning.Overview(ctx, a, e.ID); err != nil || o.MovedFrom != nil {
			w.T.Errorf("told twice, %v", err)
		}
		if n, err := w.Learning.Move(ctx, coordinator, "small"); n != 0 || err != nil {
			w.T.Errorf("%d moved again, %v", n, err)
		}
	})
}

func TestOffersShowTheCatalogueAndOnesOwn(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, b := w.T.Context(), w.Person(), w.Person()
		w.Enrol(a)
		if err := w.Courses.SetCatalogue(ctx, access.System, "small", false); err != nil {
			w.T.Fatal(err)
		}
		for actor, want := range map[*access.Actor]int{&a: 1, &b: 0} {
			if offers, err := w.Learning.Offers(ctx, *actor); err != nil || len(offers) != want {
				w.T.Errorf("%d offers, want %d, %v", len(offers), want, err)
			}
		}
		if _, err := w.Learning.Enrol(ctx, b, "small", "pl"); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("enrolled in a closed course: %v", err)
		}
	})
}
