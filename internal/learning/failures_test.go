package learning_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
	"ostoja/internal/quiz/quiztest"
)

// breakage makes the database refuse one kind of statement. It is written as "read attempt", "insert statement passed" (rows
// of that verb alone), "update enrolment active_at" (where that column is set) or "delete response".
func breakage(w *learningtest.World, what string) (mend func()) {
	w.T.Helper()
	word := append(strings.Fields(what), "")
	op, table, more := word[0], word[1], word[2]
	switch {
	case more == "":
		return dbtest.Break(w.T, w.DB, op, table, "")
	case op == "update":
		return dbtest.Break(w.T, w.DB, op+" of "+more, table, "")
	}
	return dbtest.Break(w.T, w.DB, op, table, "NEW.verb = '"+more+"'")
}

// fails asks that a step fails for each thing that it needs, and that it goes through once nothing is in its way: what it
// needs is what [breakage] understands, or "refuse Enrolled", an event or a letter that is refused.
func fails(w *learningtest.World, name string, step func() error, needs ...string) {
	w.T.Helper()
	for _, what := range needs {
		if event, isEvent := strings.CutPrefix(what, "refuse "); isEvent {
			if w.Refused = event; !errors.Is(step(), learningtest.ErrRefused) {
				w.T.Errorf("%s went through although %s was refused", name, event)
			}
			w.Refused = ""
			continue
		}
		mend := breakage(w, what)
		if err := step(); err == nil {
			w.T.Errorf("%s went through although this failed: %s", name, what)
		}
		mend()
	}
	if err := step(); err != nil {
		w.T.Fatalf("%s: %v", name, err)
	}
}

// only drops what a step returns beside its error.
func only[T any](_ T, err error) error { return err }

// TestNoStepHidesAFailure: whatever the database, a listener or the outbox refuses, the step is undone and says so; afterwards
// the whole way is recorded once, as if nothing had been in its way.
func TestNoStepHidesAFailure(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, service := w.T.Context(), w.Person(), w.Learning
		var e learning.Enrolment
		fails(w, "the catalogue", func() error { return only(service.Offers(ctx, a)) }, "read enrolment", "read course")
		fails(w, "an offer", func() error { return only(service.Offer(ctx, a, "small")) }, "read enrolment", "read course")
		fails(w, "enrolling", func() (err error) { e, err = service.Enrol(ctx, a, "small", "pl"); return err },
			"read enrolment", "read course", "insert enrolment", "insert statement registered", "refuse Enrolled")
		step := []string{"read enrolment", "update enrolment round", "read part_progress", "read check_answer", "read attempt", "update enrolment active_at"}
		with := func(more ...string) []string { return append(more, step...) }

		fails(w, "the first lesson", func() error { return only(service.Lesson(ctx, a, e.ID, "one")) },
			with("insert part_progress", "insert statement experienced", "insert statement initialized", "refuse Beginning")...)
		fails(w, "the same lesson", func() error { return only(service.Lesson(ctx, a, e.ID, "one")) },
			"read enrolment", "read part_progress", "read check_answer", "read attempt")
		fails(w, "the course's page", func() error { return only(service.Overview(ctx, a, e.ID)) },
			"read enrolment", "read part_progress", "read check_answer", "read attempt")
		fails(w, "a lesson read", func() error { return only(service.FinishLesson(ctx, a, e.ID, "one")) }, with("insert part_progress")...)
		fails(w, "the last lesson read", func() error { return only(service.FinishLesson(ctx, a, e.ID, "two")) }, with("insert part_progress")...)
		fails(w, "a question answered", func() error {
			return only(service.AnswerCheck(ctx, a, e.ID, "one", "check-1", learningtest.Answers([]string{"check-1"}, true)))
		}, with("insert check_answer", "insert statement answered")...)
		fails(w, "the language", func() error { return service.SetLanguage(ctx, a, e.ID, "pl") }, "read enrolment", "update enrolment round", "update enrolment lang")

		fails(w, "a story begun", func() error { return service.BeginScenario(ctx, a, e.ID, "bus") },
			with("read scenario_run", "insert scenario_run", "insert part_progress")...)
		fails(w, "a story's page", func() error { return only(service.Scenario(ctx, a, e.ID, "bus")) }, "read enrolment", "read scenario_run", "read part_progress")
		stepOfRun := 0
		choose := func(choice int) func() error {
			return func() error { return service.Choose(ctx, a, e.ID, "bus", stepOfRun, choice) }
		}
		fails(w, "a choice", choose(1), with("read scenario_run", "update scenario_run")...)
		stepOfRun++
		fails(w, "the last choice", choose(0), with("read scenario_run", "update scenario_run", "insert part_progress", "insert statement completed", "refuse PartsDone")...)

		fails(w, "the page before the test", func() error { return only(service.Test(ctx, a, e.ID)) },
			"read enrolment", "read part_progress", "read check_answer", "read attempt")
		var x learning.Attempt
		begin := func() (err error) { x, err = service.BeginTest(ctx, a, e.ID); return err }
		save := func(form map[string][]string, submit bool) func() error {
			return func() error { return only(service.SaveAnswers(ctx, a, e.ID, x.ID, form, submit, true)) }
		}
		fails(w, "a test begun", begin, with("insert attempt", "insert statement attempted")...)
		fails(w, "answers", save(learningtest.Answers(x.Items, true), false), "read attempt", "insert response", "update enrolment active_at")
		fails(w, "an answer taken back", save(quiztest.After(learningtest.Answers(x.Items, true), map[string][]string{"item." + x.Items[0]: {""}}), false), "delete response", "update enrolment active_at")
		fails(w, "the test's page", func() error { return only(service.Attempt(ctx, a, e.ID, x.ID)) }, "read enrolment", "read attempt", "read response")
		closing := []string{"read response", "update attempt submitted_at", "update response share"}
		w.Clock.Advance(time.Hour)
		fails(w, "the sweep", func() error {
			n, err := service.CloseOverdue(ctx)
			if (n == 1) != (err == nil) {
				w.T.Errorf("%d closed, %v", n, err)
			}
			return err
		}, with(append(closing, "insert statement failed")...)...)
		if err := begin(); err != nil {
			w.T.Fatal(err)
		}
		fails(w, "the test handed in", save(learningtest.Answers(x.Items, true), true),
			with(append(closing, "insert response", "insert statement passed", "insert statement completed", "insert statement earned", "insert certificate", "read person")...)...)
		fails(w, "the latest round", func() error { return only(service.Latest(ctx, a.PersonID, "small")) }, "read enrolment")
		fails(w, "again", func() error { return only(service.Again(ctx, a, "small")) },
			"read enrolment", "insert enrolment", "update enrolment latest", "insert statement registered")

		if got := strings.Join(statements(w, a.PersonID), "; "); !strings.HasPrefix(got, "registered course/small; experienced course/small/lesson/one; initialized course/small; "+
			"answered course/small/item/check-1; completed course/small/scenario/bus; attempted course/small/test/final; failed course/small/test/final; "+
			"attempted course/small/test/final; passed course/small/test/final; completed course/small; earned certificate/") || !strings.HasSuffix(got, "; registered course/small") {
			w.T.Errorf("recorded %s", got)
		}
	})
}

// TestATestThatRanOutHidesNoFailure: it is closed where its participant comes back to, too.
func TestATestThatRanOutHidesNoFailure(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, service := w.T.Context(), w.Learning
		for name, back := range map[string]func(a access.Actor, e learning.Enrolment, x learning.Attempt) error{
			"the page before the test": func(a access.Actor, e learning.Enrolment, _ learning.Attempt) error {
				return only(service.Test(ctx, a, e.ID))
			},
			"the test's page": func(a access.Actor, e learning.Enrolment, x learning.Attempt) error {
				return only(service.Attempt(ctx, a, e.ID, x.ID))
			},
		} {
			a := w.Person()
			e := w.Enrol(a)
			w.FinishParts(a, e.ID)
			x, err := service.BeginTest(ctx, a, e.ID)
			if err != nil {
				w.T.Fatal(err)
			}
			w.Clock.Advance(time.Hour)
			fails(w, name, func() error { return back(a, e, x) }, "update enrolment round", "update attempt submitted_at", "insert statement failed", "update enrolment active_at")
		}
	})
}

func TestNoStepOfTheDeskHidesAFailure(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, coordinator, a, service := w.T.Context(), w.Person(access.Coordinator), w.Person(), w.Learning
		fails(w, "enrolling", func() error {
			n, err := service.EnrolMany(ctx, coordinator, "small", []string{a.PersonID})
			if (n == 1) != (err == nil) {
				w.T.Errorf("%d enrolled, %v", n, err)
			}
			return err
		}, "read person", "read enrolment", "insert enrolment", "insert statement registered", "refuse Enrolled", "refuse Invitation", "refuse Send")
		e, err := service.Latest(ctx, a.PersonID, "small")
		if err != nil {
			w.T.Fatal(err)
		}
		managed := []string{"read enrolment", "read person", "update enrolment round"}
		fails(w, "a day", func() error {
			return only(service.SetDue(ctx, coordinator, "small", []string{e.ID}, w.Clock.Now().Add(time.Hour)))
		}, "read enrolment", "read person", "update enrolment due_at", "insert audit")
		fails(w, "withdrawing", func() error { return service.Withdraw(ctx, coordinator, e.ID) },
			append(managed, "update enrolment withdrawn_at", "insert statement withdrew", "refuse Left")...)
		fails(w, "restoring", func() error { return service.Restore(ctx, coordinator, e.ID) }, append(managed, "update enrolment withdrawn_at", "refuse CameBack")...)
		fails(w, "who has not begun", func() error { return only(service.Unbegun(ctx, w.DB, "small")) }, "read enrolment")
		fails(w, "a reminder", func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { return only(service.Reminded(ctx, tx, e.ID, w.Clock.Now())) })
		}, "update enrolment reminded_at")
		if _, err := service.Lesson(ctx, a, e.ID, "one"); err != nil {
			w.T.Fatal(err)
		}
		w.Publish(learningtest.Folder("2"))
		fails(w, "a move", func() error {
			n, err := service.Move(ctx, coordinator, "small")
			if (n == 1) != (err == nil) {
				w.T.Errorf("%d moved, %v", n, err)
			}
			return err
		}, append(managed, "update enrolment version_id", "update enrolment active_at", "read part_progress", "read attempt")...)
		fails(w, "telling of it", func() error { return only(service.Overview(ctx, a, e.ID)) }, "update enrolment moved_from")
	})
}
