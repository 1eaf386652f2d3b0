package learning_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course/scenario"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
	"ostoja/internal/quiz/quiztest"
)

// twoStories returns the small course with another story, "van", which is told like the first, and a test without an end.
func twoStories(courseID string) fstest.MapFS {
	folder := named(courseID, "1")
	folder["course.yaml"].Data = []byte(strings.Replace(string(folder["course.yaml"].Data), "{lesson: two}", "{lesson: two}, {scenario: van}", 1))
	folder["scenarios/van.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(folder["scenarios/bus.yaml"].Data), "id: bus", "id: van", 1))}
	folder["tests/final.yaml"].Data = []byte(strings.Replace(string(folder["tests/final.yaml"].Data), "minutes: 30\n", "", 1))
	return folder
}

// guard makes the database refuse every change of rows that are another's or of another course than person and course say, or
// of a round that is the latest no more. The attempts are those of which answers may change.
func guard(w *learningtest.World, personID, courseID string) (lift func()) {
	w.T.Helper()
	mine := quoted(w, `SELECT id FROM enrolment WHERE person_id = ? AND course_id = ?`, personID, courseID)
	ofMine := `OLD.enrolment_id NOT IN (` + mine + `)`
	tables := map[string]string{
		"enrolment":     fmt.Sprintf(`OLD.person_id <> '%s' OR OLD.course_id <> '%s' OR NOT OLD.latest`, personID, courseID),
		"part_progress": ofMine, "check_answer": ofMine, "scenario_run": ofMine, "attempt": ofMine,
		"response": `OLD.attempt_id NOT IN (` + quoted(w, `SELECT id FROM attempt WHERE submitted_at IS NULL AND enrolment_id IN (`+mine+`)`) + `)`,
	}
	sqlite := w.DB.Engine() == db.SQLite
	if !sqlite {
		w.Exec(`CREATE OR REPLACE FUNCTION anothers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'anothers row'; END $$`)
	}
	for table, when := range tables {
		for _, op := range []string{"UPDATE", "DELETE"} {
			head := `CREATE TRIGGER guard_` + table + op + ` BEFORE ` + op + ` ON ` + table
			if sqlite {
				w.Exec(head + ` WHEN ` + when + ` BEGIN SELECT RAISE(ABORT, 'anothers row'); END`)
			} else {
				w.Exec(head + ` FOR EACH ROW WHEN (` + when + `) EXECUTE FUNCTION anothers()`)
			}
		}
	}
	return func() {
		for table := range tables {
			for _, op := range []string{"UPDATE", "DELETE"} {
				on := ""
				if !sqlite {
					on = ` ON ` + table
				}
				w.Exec(`DROP TRIGGER guard_` + table + op + on)
			}
		}
	}
}

// quoted returns ids as an SQL list.
func quoted(w *learningtest.World, query string, args ...any) string {
	w.T.Helper()
	ids, err := db.All[string](w.T.Context(), w.DB, query, args...)
	if err != nil {
		w.T.Fatal(err)
	}
	return `'` + strings.Join(ids, `', '`) + `'`
}

// TestAStepTouchesOnlyItsOwn: beside a person's way through a course stand that of somebody else, the same person's in another
// course, and an earlier round, none of which any step may change or even hold.
func TestAStepTouchesOnlyItsOwn(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, b, coordinator, service := w.T.Context(), w.Person(), w.Person(), w.Person(access.Coordinator), w.Learning
		w.Publish(twoStories("other"))
		must := func(err error) {
			w.T.Helper()
			if err != nil {
				w.T.Fatal(err)
			}
		}
		enrol := func(who access.Actor, courseID string) learning.Enrolment {
			e, err := service.Enrol(ctx, who, courseID, "pl")
			must(err)
			return e
		}
		halfway := func(who access.Actor, e learning.Enrolment) { // everything done, a test failed, another begun and answered
			w.FinishParts(who, e.ID)
			if e.CourseID == "other" {
				must(service.BeginScenario(ctx, who, e.ID, "van"))
				must(service.Choose(ctx, who, e.ID, "van", 0, 0))
			}
			for try := range 2 {
				x, err := service.BeginTest(ctx, who, e.ID)
				must(err)
				must(only(service.SaveAnswers(ctx, who, e.ID, x.ID, learningtest.Answers(x.Items, false), try == 0, true)))
			}
		}
		halfway(b, enrol(b, "small"))
		halfway(b, enrol(b, "other"))
		halfway(a, enrol(a, "other"))
		first := enrol(a, "small")
		halfway(a, first)
		must(service.Withdraw(ctx, coordinator, first.ID))
		enrol(a, "small")
		must(service.Withdraw(ctx, coordinator, latest(w, a).ID))

		lift := guard(w, a.PersonID, "small")
		e := enrol(a, "small") // the third round
		lift()
		lift = guard(w, a.PersonID, "small")
		o, err := service.Overview(ctx, a, e.ID)
		if p := o.Progress; err != nil || e.Round != 3 || len(p.Opened)+len(p.Done)+len(p.Checks)+len(p.Attempts) != 0 || o.PartsDone != 0 {
			w.T.Errorf("a new round begins with %+v, %v", o.Progress, err)
		}
		if v, err := service.Scenario(ctx, a, e.ID, "bus"); err != nil || v.Begun || v.Done {
			w.T.Errorf("a new round's story: %+v, %v", v.Run, err)
		}
		must(service.SetLanguage(ctx, a, e.ID, "en"))
		w.FinishParts(a, e.ID)
		must(service.BeginScenario(ctx, a, e.ID, "bus"))
		must(service.Choose(ctx, a, e.ID, "bus", 2, 1)) // the run before had the steps 0 and 1
		must(service.Withdraw(ctx, coordinator, e.ID))
		must(service.Restore(ctx, coordinator, e.ID))
		must(w.DB.Update(ctx, func(tx *db.Tx) error { return only(service.Reminded(ctx, tx, e.ID, w.Clock.Now().Add(-time.Hour))) }))
		x, err := service.BeginTest(ctx, a, e.ID)
		must(err)
		lift()
		lift = guard(w, a.PersonID, "small")
		must(only(service.SaveAnswers(ctx, a, e.ID, x.ID, learningtest.Answers(x.Items, true), false, true)))
		must(only(service.SaveAnswers(ctx, a, e.ID, x.ID, quiztest.After(learningtest.Answers(x.Items, true), map[string][]string{"item." + x.Items[0]: {""}}), false, true)))
		must(only(service.SaveAnswers(ctx, a, e.ID, x.ID, quiztest.After(learningtest.Answers(x.Items[1:], true), learningtest.Answers(x.Items, false)), true, true)))
		lift()
		lift = guard(w, a.PersonID, "small")
		x, err = service.BeginTest(ctx, a, e.ID)
		must(err)
		lift()
		lift = guard(w, a.PersonID, "small")
		w.Clock.Advance(time.Hour)
		must(only(service.Attempt(ctx, a, e.ID, x.ID))) // closes it
		w.Publish(learningtest.Folder("2"))
		if moved, err := moveOne(w, coordinator, e.ID); !moved || err != nil {
			w.T.Errorf("moved: %v, %v", moved, err)
		}
		must(only(service.Overview(ctx, a, e.ID)))
		lift()
		if o, err := service.Overview(ctx, a, e.ID); err != nil || o.Lang != "en" || o.Course.Version != "2" || len(o.Progress.Attempts) != 2 || o.PartsDone != 3 {
			w.T.Errorf("after all steps: %+v, %v", o.Enrolment, err)
		}
	})
}

func latest(w *learningtest.World, a access.Actor) learning.Enrolment {
	w.T.Helper()
	e, err := w.Learning.Latest(w.T.Context(), a.PersonID, "small")
	if err != nil {
		w.T.Fatal(err)
	}
	return e
}

func moveOne(w *learningtest.World, actor access.Actor, enrolmentID string) (moved bool, err error) {
	w.T.Helper()
	current, err := w.Courses.Current(w.T.Context(), "small")
	if err != nil {
		w.T.Fatal(err)
	}
	err = w.DB.Update(w.T.Context(), func(tx *db.Tx) (err error) {
		was, err := learning.MoveOne(w.Learning, w.T.Context(), tx, actor, enrolmentID, current)
		moved = was != ""
		return err
	})
	return moved, err
}

// TestWhoChangedSinceTheListWasRead is not moved: between the list and a person's turn they may have passed or left, and
// another desk may have moved them.
func TestWhoChangedSinceTheListWasRead(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		coordinator := w.Person(access.Coordinator)
		first := map[string]string{}
		for _, who := range []string{"moved already", "passed", "withdrawn"} {
			first[who] = w.Enrol(w.Person()).ID
		}
		v := w.Publish(learningtest.Folder("2"))
		w.Exec(`UPDATE enrolment SET version_id = ?, started_at = ? WHERE id = ?`, v.ID, w.Clock.Now(), first["moved already"])
		w.Exec(`UPDATE enrolment SET passed_at = ? WHERE id = ?`, w.Clock.Now(), first["passed"])
		w.Exec(`UPDATE enrolment SET withdrawn_at = ? WHERE id = ?`, w.Clock.Now(), first["withdrawn"])
		for who, enrolmentID := range first {
			if moved, err := moveOne(w, coordinator, enrolmentID); moved || err != nil {
				w.T.Errorf("%s: moved %v, %v", who, moved, err)
			}
		}
		if told, err := db.One[string](w.T.Context(), w.DB, `SELECT moved_from FROM enrolment WHERE id = ?`, first["moved already"]); err != nil || told != "" {
			w.T.Errorf("told of a move from %q, %v", told, err)
		}
	})
}

// TestEachStoryHasItsOwnRuns, of which the latest is shown, also of two begun in the same instant.
func TestEachStoryHasItsOwnRuns(t *testing.T) {
	for _, pause := range []time.Duration{0, time.Minute} {
		learningtest.Each(t, func(w *learningtest.World) {
			ctx, a, service := w.T.Context(), w.Person(), w.Learning
			w.Publish(twoStories("other"))
			e, err := service.Enrol(ctx, a, "other", "pl")
			if err != nil {
				w.T.Fatal(err)
			}
			step := func(err error) {
				w.T.Helper()
				if err != nil {
					w.T.Fatal(err)
				}
				w.Clock.Advance(pause)
			}
			wantRun := func(scenarioID string, begun, done bool, at, stepped int) {
				w.T.Helper()
				v, err := service.Scenario(ctx, a, e.ID, scenarioID)
				if err != nil || v.Begun != begun || v.Done != done || v.Step != at || len(v.Run.Path) != stepped {
					w.T.Errorf("%s: begun %v, done %v, step %d, path %v, %v", scenarioID, v.Begun, v.Done, v.Step, v.Run.Path, err)
				}
			}
			step(service.BeginScenario(ctx, a, e.ID, "bus"))
			wantRun("van", false, false, 0, 0)
			step(service.Choose(ctx, a, e.ID, "bus", 0, 1))
			step(service.BeginScenario(ctx, a, e.ID, "van"))
			wantRun("bus", true, false, 1, 1)
			wantRun("van", true, false, 0, 0)
			step(service.Choose(ctx, a, e.ID, "van", 0, 0))
			wantRun("bus", true, false, 1, 1)
			wantRun("van", true, true, 1, 1)
			step(service.Choose(ctx, a, e.ID, "bus", 1, 0))
			step(service.BeginScenario(ctx, a, e.ID, "bus"))
			wantRun("bus", true, true, 3, 0)
			wantRun("van", true, true, 1, 1)
			if err := service.Choose(ctx, a, e.ID, "bus", 0, 1); !errors.Is(err, errs.ErrConflict) {
				w.T.Errorf("a page of the run before: %v", err)
			}
			wantRun("bus", true, true, 3, 0)
			step(service.Choose(ctx, a, e.ID, "bus", 3, 1))
			wantRun("bus", true, true, 4, 1)
			step(service.Choose(ctx, a, e.ID, "bus", 3, 1)) // the same click twice
			if err := service.Choose(ctx, a, e.ID, "bus", 3, 0); !errors.Is(err, errs.ErrConflict) {
				w.T.Errorf("another choice, from a page that was gone on from: %v", err)
			}
			wantRun("bus", true, true, 4, 1)
		})
	}
}

// TestTheNewestRoundIsOffered, also of two in the same instant, and of the right course.
func TestTheNewestRoundIsOffered(t *testing.T) {
	for _, pause := range []time.Duration{0, time.Hour} {
		learningtest.Each(t, func(w *learningtest.World) {
			ctx, a, b := w.T.Context(), w.Person(), w.Person()
			w.Enrol(b)
			e := w.Enrol(a)
			pass(w, a, e.ID)
			w.Clock.Advance(pause)
			second, err := w.Learning.Again(ctx, a, "small")
			if err != nil {
				w.T.Fatal(err)
			}
			o, err := w.Learning.Offer(ctx, a, "small")
			if err != nil || o.Enrolment.ID != second.ID || o.Enrolment.Round != 2 || o.Enrolment.State() != learning.Invited {
				w.T.Errorf("offered: %+v, %v", o.Enrolment, err)
			}
			if again, err := w.Learning.Enrol(ctx, a, "small", "pl"); err != nil || again.ID != second.ID {
				w.T.Errorf("enrolled into round %d, %v", again.Round, err)
			}
			if e := latest(w, a); e.ID != second.ID {
				w.T.Errorf("the latest is round %d", e.Round)
			}
			if e := latest(w, b); e.Round != 1 || e.PersonID != b.PersonID {
				w.T.Errorf("another's latest: %+v", e)
			}
		})
	}
}

// TestEachAnswerHasItsShare: of two attempts that ask the same, and of two answers in one, each keeps what it was worth.
func TestEachAnswerHasItsShare(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		folder := learningtest.Folder("2") // asks all there is, twice
		folder["tests/final.yaml"].Data = []byte(strings.Replace(string(folder["tests/final.yaml"].Data), "count: 2", "count: 3", 1))
		w.Publish(folder)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		answers := []map[string]string{{"t-1": "a", "t-2": "b", "t-3": "b"}, {"t-1": "b", "t-2": "a", "t-3": "b"}}
		var attempts []learning.Attempt
		for _, chosen := range answers {
			x, err := w.Learning.BeginTest(ctx, a, e.ID)
			if err != nil {
				w.T.Fatal(err)
			}
			form := map[string][]string{}
			for itemID, option := range chosen {
				form["item."+itemID] = []string{option}
			}
			saved, err := w.Learning.SaveAnswers(ctx, a, e.ID, x.ID, form, true, true)
			if err != nil || *saved.Passed {
				w.T.Fatal(err)
			}
			attempts = append(attempts, saved.Attempt)
		}
		for i, x := range attempts {
			v, err := w.Learning.Attempt(ctx, a, e.ID, x.ID)
			if err != nil {
				w.T.Fatal(err)
			}
			for itemID, option := range answers[i] {
				want := map[string]float64{"a": 1, "b": 0}[option]
				if share, marked := v.Shares[itemID]; !marked || share != want || !slices.Equal(v.Answers[itemID].Chosen, []string{option}) {
					w.T.Errorf("attempt %d, %s: %v (%v), answer %v", i+1, itemID, share, marked, v.Answers[itemID])
				}
			}
		}
	})
}

// TestWhatIsWrittenOnce stays as it was written first, whoever comes second: a page reads what it changes, but on PostgreSQL
// another may write in between.
func TestWhatIsWrittenOnce(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a := w.T.Context(), w.Person()
		e := w.Enrol(a)
		twice := func(what string, write func(tx *db.Tx, nth int) (bool, error)) {
			w.T.Helper()
			for nth := range 2 {
				var written bool
				err := w.DB.Update(ctx, func(tx *db.Tx) (err error) { written, err = write(tx, nth); return err })
				if err != nil || written != (nth == 0) {
					w.T.Errorf("%s, time %d: %v, %v", what, nth+1, written, err)
				}
			}
		}
		second := e
		second.Round = 2
		twice("a round", func(tx *db.Tx, _ int) (bool, error) {
			second.ID = id.New()
			return learning.InsertEnrolment(ctx, tx, second)
		})
		if got := rounds(w, a.PersonID); !slices.Equal(got, []int{1, -2}) {
			w.T.Errorf("rounds %v", got)
		}
		x := learning.Attempt{EnrolmentID: e.ID, VersionID: e.VersionID, TestID: "final", Number: 1, Items: []string{"t-1"}, StartedAt: at}
		var first string
		twice("an attempt", func(tx *db.Tx, nth int) (bool, error) {
			if x.ID = id.New(); nth == 0 {
				first = x.ID
			}
			return learning.InsertAttempt(ctx, tx, x)
		})
		twice("its end", func(tx *db.Tx, nth int) (bool, error) {
			return learning.CloseAttempt(ctx, tx, first, at, false, float64(nth), false)
		})
		if percent, err := db.One[float64](ctx, w.DB, `SELECT percent FROM attempt WHERE id = ?`, first); err != nil || percent != 0 {
			w.T.Errorf("%v %%, %v", percent, err)
		}
		if err := w.Learning.BeginScenario(ctx, a, e.ID, "bus"); err != nil {
			w.T.Fatal(err)
		}
		run, err := db.One[string](ctx, w.DB, `SELECT id FROM scenario_run`)
		if err != nil {
			w.T.Fatal(err)
		}
		twice("a choice", func(tx *db.Tx, _ int) (bool, error) {
			return learning.StepRun(ctx, tx, run, 0, scenario.Run{Node: "one"}, time.Time{})
		})
	})
}

// TestWhatTheSweepReads: what has an end, is past it and was not handed in; what ended first comes first.
func TestWhatTheSweepReads(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx := w.T.Context()
		name := map[string]string{}
		for i, c := range []struct {
			what             string
			closes, handedIn time.Time
		}{
			{"second", at.Add(-time.Minute), time.Time{}}, {"first", at.Add(-time.Hour), time.Time{}}, {"now", at, time.Time{}}, {"later", at.Add(time.Minute), time.Time{}},
			{"handed in", at.Add(-time.Hour), at.Add(-2 * time.Hour)}, {"without an end", time.Time{}, time.Time{}},
		} {
			e := w.Enrol(w.Person())
			x := learning.Attempt{ID: id.New(), EnrolmentID: e.ID, VersionID: e.VersionID, TestID: "final", Number: i + 1, StartedAt: at.Add(-3 * time.Hour), ClosesAt: c.closes}
			if err := w.DB.Update(ctx, func(tx *db.Tx) error { return only(learning.InsertAttempt(ctx, tx, x)) }); err != nil {
				w.T.Fatal(err)
			}
			w.Exec(`UPDATE attempt SET submitted_at = ? WHERE id = ?`, c.handedIn, x.ID)
			name[x.ID] = c.what
		}
		for limit, want := range map[int][]string{1: {"first"}, 9: {"first", "second"}} {
			list, err := learning.OverdueAttempts(ctx, w.DB, at, limit)
			var got []string
			for _, x := range list {
				got = append(got, name[x.ID])
			}
			if err != nil || !slices.Equal(got, want) {
				w.T.Errorf("%v, want %v, %v", got, want, err)
			}
		}
	})
}
