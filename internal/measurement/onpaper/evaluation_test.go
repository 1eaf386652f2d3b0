package onpaper_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/testrig/measured"
)

func second[A any](_ A, err error) error { return err }

func (w *world) typeEvaluation(answer int, comment string) survey.Typed {
	w.T.Helper()
	w.No(w.s.TypeEvaluation(w.Ctx, w.Admin, w.m.ID, url.Values{survey.Questions[0]: {fmt.Sprint(answer)}, survey.FieldComment: {comment}}))
	t, err := w.s.TypedEvaluation(w.Ctx, w.Admin, w.m.ID)
	w.No(err)
	return t
}

func (w *world) evaluated() survey.Report {
	w.T.Helper()
	r, err := w.Measurements.Survey(w.Ctx, w.Admin, w.m.ID)
	w.No(err)
	return r
}

// TestATypedEvaluationCanBeTakenBack: for a quarter of an hour, by who typed it, once; what was taken back was never shown and is nowhere,
// whatever else was typed meanwhile; and of what stays the sums are those that they were without it.
func TestATypedEvaluationCanBeTakenBack(t *testing.T) {
	each(t, 0, func(w *world) {
		for i := range 4 {
			w.typeEvaluation(1+i, "")
		}
		wrong := w.typeEvaluation(5, "Zasiana pomyłka")
		if !wrong.Until().Equal(w.Clock.Now().Add(15*time.Minute)) || wrong.Chosen != nil || wrong.Comment != "" {
			w.T.Fatalf("%+v", wrong)
		}
		w.Measure()
		if r := w.evaluated(); r.Shown {
			w.T.Fatalf("shown while it can be taken back: %+v", r)
		}
		if err := w.s.TakeBackEvaluation(w.Ctx, w.Second, w.m.ID, wrong.ID); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("taken back by somebody else: %v", err)
		}
		if other, err := w.s.TypedEvaluation(w.Ctx, w.Second, w.m.ID); err != nil || other.ID != "" {
			w.T.Errorf("somebody else is offered %+v, %v", other, err)
		}
		w.Clock.Advance(14 * time.Minute)
		w.typeEvaluation(3, "Zostaje")
		w.No(w.s.TakeBackEvaluation(w.Ctx, w.Admin, w.m.ID, wrong.ID))
		if err := w.s.TakeBackEvaluation(w.Ctx, w.Admin, w.m.ID, wrong.ID); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("taken back twice: %v", err)
		}
		for table, rows := range w.Dump() {
			for _, row := range rows {
				if strings.Contains(row, "Zasiana pomyłka") {
					w.T.Errorf("%s keeps it: %s", table, row)
				}
			}
		}
		w.Clock.Advance(time.Minute) // four are in the sums, the fifth can be taken back
		w.Measure()
		if r := w.evaluated(); r.Shown {
			w.T.Errorf("four are shown: %+v", r)
		}
		w.Clock.Advance(14 * time.Minute)
		last, err := w.s.TypedEvaluation(w.Ctx, w.Admin, w.m.ID)
		if err != nil || last.ID != "" {
			w.T.Errorf("offered after a quarter of an hour: %+v, %v", last, err)
		}
		w.Measure()
		r := w.evaluated()
		if !r.Shown || r.Responses != 5 || r.Questions[0].Counts != [survey.Most]int{1, 1, 2, 1, 0} || !slices.Equal(r.Comments, []string{"Zostaje"}) {
			w.T.Errorf("%+v", r)
		}
	})
}

// What is too late is refused by the time and not by the job that follows it, and what is shown is the same after a second job.
func TestTooLateIsTooLateBeforeTheJobRuns(t *testing.T) {
	each(t, 0, func(w *world) {
		var last survey.Typed
		for range 5 {
			last = w.typeEvaluation(4, "")
		}
		w.Clock.Advance(survey.UndoFor)
		if err := w.s.TakeBackEvaluation(w.Ctx, w.Admin, w.m.ID, last.ID); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("taken back too late: %v", err)
		}
		if n, err := w.s.GatherEvaluations(w.Ctx); n != 5 || err != nil {
			w.T.Errorf("%d join the sums, %v", n, err)
		}
		if n, err := w.s.GatherEvaluations(w.Ctx); n != 0 || err != nil {
			w.T.Errorf("%d join them again, %v", n, err)
		}
		if r := w.evaluated(); r.Responses != 5 {
			w.T.Errorf("%+v", r)
		}
	})
}

// Two who type and two nodes that gather at once lose none and count none twice.
func TestTypingAndGatheringAtOnceLosesNone(t *testing.T) {
	each(t, 0, func(w *world) {
		var at sync.WaitGroup
		for i := range 4 {
			at.Go(func() {
				for range 5 {
					actor := w.Admin
					if i%2 == 1 {
						actor = w.Second
					}
					if err := w.s.TypeEvaluation(w.Ctx, actor, w.m.ID, url.Values{survey.Questions[0]: {"4"}}); err != nil {
						w.T.Error(err)
					}
				}
			})
		}
		at.Wait()
		w.Clock.Advance(survey.UndoFor)
		for range 4 {
			at.Go(func() {
				if _, err := w.s.GatherEvaluations(w.Ctx); err != nil {
					w.T.Error(err)
				}
			})
		}
		at.Wait()
		if r := w.evaluated(); r.Responses != 20 {
			w.T.Errorf("%+v", r)
		}
	})
}

// That an evaluation was taken back is recorded, and nothing of what stood in it.
func TestTakingBackIsRecordedWithoutContent(t *testing.T) {
	each(t, 0, func(w *world) {
		typed := w.typeEvaluation(2, "Zasiana treść")
		before := w.Dump()
		w.No(w.s.TakeBackEvaluation(w.Ctx, w.Admin, w.m.ID, typed.ID))
		found := measured.Changes(before, w.Dump())
		if len(found) != 2 || len(found["audit"]) != 1 || len(found["survey_result"]) != 1 || !strings.Contains(found["audit"][0], "measurement.evaluation-taken-back") ||
			strings.Contains(found["audit"][0], "Zasiana") || strings.Contains(found["audit"][0], typed.ID) {
			w.T.Errorf("%v", found)
		}
	})
}
