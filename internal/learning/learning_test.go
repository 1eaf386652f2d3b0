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
)

func TestFromEnrolmentToCertificate(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, a := w.t.Context(), w.person()
		e := w.enrol(a)
		if e.State() != learning.Invited || e.Lang != "pl" || e.Round != 1 {
			w.t.Errorf("enrolled as %+v", e)
		}
		if again := w.enrol(a); again.ID != e.ID {
			w.t.Error("a second click made a second enrolment")
		}
		if _, err := w.learning.BeginTest(ctx, a, e.ID); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("the test began before the lessons were done: %v", err)
		}
		w.finishParts(a, e.ID)
		o, err := w.learning.Overview(ctx, a, e.ID)
		if err != nil || o.State() != learning.Finished || o.PartsDone != 3 {
			w.t.Fatalf("after all parts: %s, %d parts, %v", o.State(), o.PartsDone, err)
		}
		for _, r := range o.Requirements {
			if r.Met() == (r.Kind == learning.NeedTestPass) {
				w.t.Errorf("requirement %+v", r)
			}
		}
		first, err := w.learning.BeginTest(ctx, a, e.ID)
		if err != nil || len(first.Items) != 2 {
			w.t.Fatalf("%+v, %v", first, err)
		}
		if _, err := w.learning.SaveAnswers(ctx, a, e.ID, first.ID, answers(first.Items, false), true); err != nil {
			w.t.Fatal(err)
		}
		second, err := w.learning.BeginTest(ctx, a, e.ID)
		if err != nil || second.Number != 2 || second.ID == first.ID {
			w.t.Fatalf("%+v, %v", second, err)
		}
		w.clock.Advance(time.Minute)
		done, err := w.learning.SaveAnswers(ctx, a, e.ID, second.ID, answers(second.Items, true), true)
		if err != nil || done.Percent == nil || *done.Percent != 100 || !*done.Passed {
			w.t.Fatalf("%+v, %v", done, err)
		}
		o, err = w.learning.Overview(ctx, a, e.ID)
		if err != nil || o.State() != learning.Passed {
			w.t.Fatalf("%s, %v", o.State(), err)
		}
		type cert struct {
			Holder, Title, Issuer, AttemptID string
			Hours                            float64
		}
		c, err := db.One[cert](ctx, w.db, `SELECT holder, title, issuer, attempt_id, hours FROM certificate WHERE person_id = ?`, a.PersonID)
		if err != nil || c != (cert{"Zofia Źródło", "Mały kurs", "Straż Graniczna", second.ID, 1.5}) {
			w.t.Errorf("certificate %+v, %v", c, err)
		}
		if _, err := w.learning.BeginTest(ctx, a, e.ID); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("a passed test began again: %v", err)
		}
		next, err := w.learning.Again(ctx, a, "small")
		if err != nil || next.Round != 2 || next.State() != learning.Invited {
			w.t.Errorf("again: %+v, %v", next, err)
		}
		if twice, err := w.learning.Again(ctx, a, "small"); err == nil && twice.ID != next.ID {
			w.t.Error("a second click made a third round")
		}
	})
}

func TestAttemptIsSubmittedOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, a := w.t.Context(), w.person()
		e := w.enrol(a)
		w.finishParts(a, e.ID)
		var begun [8]learning.Attempt
		var wg sync.WaitGroup
		for i := range begun { // two tabs and an impatient finger
			wg.Go(func() {
				var err error
				if begun[i], err = w.learning.BeginTest(ctx, a, e.ID); err != nil {
					w.t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, b := range begun {
			if b.ID != begun[0].ID {
				w.t.Fatal("parallel clicks made several attempts")
			}
		}
		attempt := begun[0]
		for i := range begun {
			wg.Go(func() {
				if _, err := w.learning.SaveAnswers(ctx, a, e.ID, attempt.ID, answers(attempt.Items, i%2 == 0), true); err != nil {
					w.t.Error(err)
				}
			})
		}
		wg.Wait()
		n, err := db.One[int](ctx, w.db, `SELECT COUNT(*) FROM statement WHERE person_id = ? AND verb IN ('passed', 'failed')`, a.PersonID)
		if err != nil || n != 1 {
			w.t.Errorf("the attempt was marked %d times, %v", n, err)
		}
		before, err := w.learning.Attempt(ctx, a, e.ID, attempt.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.learning.SaveAnswers(ctx, a, e.ID, attempt.ID, answers(attempt.Items, *before.Attempt.Percent < 50), true); err != nil {
			w.t.Fatal(err)
		}
		after, err := w.learning.Attempt(ctx, a, e.ID, attempt.ID)
		if err != nil || *after.Attempt.Percent != *before.Attempt.Percent {
			w.t.Errorf("a late submission changed the result from %v to %v, %v", *before.Attempt.Percent, *after.Attempt.Percent, err)
		}
	})
}

func TestTimeIsUp(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, a := w.t.Context(), w.person()
		e := w.enrol(a)
		w.finishParts(a, e.ID)
		attempt, err := w.learning.BeginTest(ctx, a, e.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.learning.SaveAnswers(ctx, a, e.ID, attempt.ID, answers(attempt.Items, true), false); err != nil {
			w.t.Fatal(err)
		}
		w.clock.Advance(31 * time.Minute)
		if _, err := w.learning.SaveAnswers(ctx, a, e.ID, attempt.ID, answers(attempt.Items, false), true); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("answers after the end: %v", err)
		}
		v, err := w.learning.Attempt(ctx, a, e.ID, attempt.ID)
		if err != nil || !v.Attempt.ClosedLate || *v.Attempt.Percent != 100 {
			w.t.Errorf("what was saved in time does not count: %+v, %v", v.Attempt, err)
		}
	})
}

func TestAbandonedAttemptIsClosed(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, a := w.t.Context(), w.person()
		e := w.enrol(a)
		w.finishParts(a, e.ID)
		if _, err := w.learning.BeginTest(ctx, a, e.ID); err != nil {
			w.t.Fatal(err)
		}
		if n, err := w.learning.CloseOverdue(ctx); n != 0 || err != nil {
			w.t.Errorf("%d closed before their time, %v", n, err)
		}
		w.clock.Advance(time.Hour)
		if n, err := w.learning.CloseOverdue(ctx); n != 1 || err != nil {
			w.t.Errorf("%d closed, %v", n, err)
		}
		second, err := w.learning.BeginTest(ctx, a, e.ID)
		if err != nil || second.Number != 2 {
			w.t.Fatalf("%+v, %v", second, err)
		}
		w.clock.Advance(time.Hour)
		v, err := w.learning.Test(ctx, a, e.ID)
		if err != nil || !errors.Is(v.Refusal, errs.ErrConflict) || learning.AttemptsLeft(v.Test, v.Progress) != 0 {
			w.t.Errorf("after two attempts: %v, %v", v.Refusal, err)
		}
	})
}

func TestAnothersCourseIsNotFound(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, a, b := w.t.Context(), w.person(), w.person(access.Coordinator)
		e := w.enrol(a)
		w.finishParts(a, e.ID)
		attempt, err := w.learning.BeginTest(ctx, a, e.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		own := w.enrol(b)
		tries := map[string]error{}
		_, tries["overview"] = w.learning.Overview(ctx, b, e.ID)
		_, tries["lesson"] = w.learning.Lesson(ctx, b, e.ID, "one")
		_, tries["finish"] = w.learning.FinishLesson(ctx, b, e.ID, "one")
		_, tries["check"] = w.learning.AnswerCheck(ctx, b, e.ID, "one", "check-1", answers([]string{"check-1"}, true))
		_, tries["scenario"] = w.learning.Scenario(ctx, b, e.ID, "bus")
		tries["begin"] = w.learning.BeginScenario(ctx, b, e.ID, "bus")
		tries["choose"] = w.learning.Choose(ctx, b, e.ID, "bus", 0, 0)
		_, tries["test"] = w.learning.Test(ctx, b, e.ID)
		_, tries["begin test"] = w.learning.BeginTest(ctx, b, e.ID)
		_, tries["attempt"] = w.learning.Attempt(ctx, b, own.ID, attempt.ID)
		_, tries["answers"] = w.learning.SaveAnswers(ctx, b, own.ID, attempt.ID, answers(attempt.Items, true), true)
		_, tries["nonsense"] = w.learning.Overview(ctx, a, "x")
		_, tries["unknown"] = w.learning.Overview(ctx, a, id.New())
		_, tries["unknown lesson"] = w.learning.Lesson(ctx, a, e.ID, "none")
		for what, err := range tries {
			if !errors.Is(err, errs.ErrNotFound) {
				w.t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestScenarioMovesOncePerPage(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, a := w.t.Context(), w.person()
		e := w.enrol(a)
		if err := w.learning.BeginScenario(ctx, a, e.ID, "bus"); err != nil {
			w.t.Fatal(err)
		}
		for range 3 { // the same page sent three times
			if err := w.learning.Choose(ctx, a, e.ID, "bus", 0, 1); err != nil {
				w.t.Fatal(err)
			}
		}
		v, err := w.learning.Scenario(ctx, a, e.ID, "bus")
		if err != nil || v.Step != 1 || len(v.Run.Path) != 1 || v.Done {
			w.t.Fatalf("%+v, %v", v.Run, err)
		}
		if err := w.learning.Choose(ctx, a, e.ID, "bus", 1, 7); !errors.Is(err, errs.ErrInvalid) {
			w.t.Errorf("a choice that is not there: %v", err)
		}
		if err := w.learning.Choose(ctx, a, e.ID, "bus", 1, 0); err != nil {
			w.t.Fatal(err)
		}
		if v, err = w.learning.Scenario(ctx, a, e.ID, "bus"); err != nil || !v.Done || v.Scenario.Ended(v.Run) != "good" {
			w.t.Errorf("%+v, %v", v, err)
		}
		if err := w.learning.BeginScenario(ctx, a, e.ID, "bus"); err != nil {
			w.t.Fatal(err)
		}
		if v, err = w.learning.Scenario(ctx, a, e.ID, "bus"); err != nil || !v.Done || len(v.Run.Path) != 0 {
			w.t.Errorf("begun again: %+v, %v", v.Run, err)
		}
	})
}

func TestEnrolManyIsRepeatableAndStaysWithinReach(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, coordinator := w.t.Context(), w.person(access.Coordinator)
		var ids []string
		for range 5 {
			ids = append(ids, w.person().PersonID)
		}
		if n, err := w.learning.EnrolMany(ctx, coordinator, "small", ids[:3]); n != 3 || err != nil {
			w.t.Errorf("%d enrolled, %v", n, err)
		}
		if n, err := w.learning.EnrolMany(ctx, coordinator, "small", ids); n != 2 || err != nil || len(w.letters) != 5 {
			w.t.Errorf("%d enrolled, %d letters, %v", n, len(w.letters), err)
		}
		stranger := access.Actor{PersonID: "x", Grants: []access.Grant{{Role: access.Coordinator, Path: "/other/"}}}
		if n, err := w.learning.EnrolMany(ctx, stranger, "small", []string{w.person().PersonID}); n != 0 || err != nil {
			w.t.Errorf("a coordinator of another unit enrolled %d, %v", n, err)
		}
	})
}

func TestWithdrawAndRestore(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, a, coordinator := w.t.Context(), w.person(), w.person(access.Coordinator)
		e := w.enrol(a)
		w.finishParts(a, e.ID)
		if err := w.learning.Withdraw(ctx, a, e.ID); !errors.Is(err, errs.ErrNotFound) {
			w.t.Errorf("a learner withdrew an enrolment: %v", err)
		}
		if err := w.learning.Withdraw(ctx, coordinator, e.ID); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.learning.Overview(ctx, a, e.ID); !errors.Is(err, errs.ErrGone) {
			w.t.Errorf("a withdrawn course is open: %v", err)
		}
		if err := w.learning.Restore(ctx, coordinator, e.ID); err != nil {
			w.t.Fatal(err)
		}
		if o, err := w.learning.Overview(ctx, a, e.ID); err != nil || o.State() != learning.Finished {
			w.t.Errorf("restored: %s, %v", o.State(), err)
		}
	})
}

func TestMoveToANewVersionKeepsWhatIsDone(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, a, coordinator := w.t.Context(), w.person(), w.person(access.Coordinator)
		e := w.enrol(a)
		w.finishParts(a, e.ID)
		newer := folder("2")
		newer["modules/m/three.pl.md"], newer["modules/m/three.en.md"] = newer["modules/m/two.pl.md"], newer["modules/m/two.en.md"]
		newer["course.yaml"].Data = []byte(strings.ReplaceAll(string(newer["course.yaml"].Data), "{lesson: two}", "{lesson: two}, {lesson: three}"))
		v := w.publish(newer)
		if v.Number != 2 {
			w.t.Fatalf("published as %+v", v)
		}
		if o, err := w.learning.Overview(ctx, a, e.ID); err != nil || o.VersionID == v.ID || o.State() != learning.Finished {
			w.t.Fatalf("a new version reached a participant by itself: %v", err)
		}
		if n, err := w.learning.Move(ctx, coordinator, "small"); n != 1 || err != nil {
			w.t.Fatalf("%d moved, %v", n, err)
		}
		o, err := w.learning.Overview(ctx, a, e.ID)
		if err != nil || o.VersionID != v.ID || o.State() != learning.InProgress || o.MovedFrom == nil || o.PartsDone != 3 {
			w.t.Errorf("moved to %+v, told of %v, %v", o.Enrolment, o.MovedFrom != nil, err)
		}
		if o, err = w.learning.Overview(ctx, a, e.ID); err != nil || o.MovedFrom != nil {
			w.t.Errorf("told twice, %v", err)
		}
		if n, err := w.learning.Move(ctx, coordinator, "small"); n != 0 || err != nil {
			w.t.Errorf("%d moved again, %v", n, err)
		}
	})
}

func TestOffersShowTheCatalogueAndOnesOwn(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, a, b := w.t.Context(), w.person(), w.person()
		w.enrol(a)
		if err := w.courses.SetCatalogue(ctx, access.System, "small", false); err != nil {
			w.t.Fatal(err)
		}
		for actor, want := range map[*access.Actor]int{&a: 1, &b: 0} {
			if offers, err := w.learning.Offers(ctx, *actor); err != nil || len(offers) != want {
				w.t.Errorf("%d offers, want %d, %v", len(offers), want, err)
			}
		}
		if _, err := w.learning.Enrol(ctx, b, "small", "pl"); !errors.Is(err, errs.ErrNotFound) {
			w.t.Errorf("enrolled in a closed course: %v", err)
		}
	})
}
