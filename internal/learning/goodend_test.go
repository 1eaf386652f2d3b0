package learning_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
	"ostoja/internal/quiz/quiztest"
)

const (
	oldRule = "{lessons: all, scenarios: all, checks: all, test: pass}"
	newRule = "{lessons: all, scenarios: good, checks: right, test: pass}"
)

// losable is the small course under a rule, with a story that can end badly: choice 0 is good, 1 waits, 2 loses somebody.
func losable(label, rule string) fstest.MapFS {
	f := learningtest.Folder(label)
	f["course.yaml"].Data = []byte(strings.Replace(string(f["course.yaml"].Data), oldRule, rule, 1))
	story := string(f["scenarios/bus.yaml"].Data)
	story = strings.Replace(story, "\n  good: {end", "\n      - {text: {pl: \"Odejść\", en: \"Leave\"}, rating: poor, consequence: {pl: \"Cisza.\", en: \"Silence.\"}, why: {pl: \"Nikt nie zapytał.\", en: \"Nobody asked.\"}, to: lost}\n"+
		"  lost: {end: poor, text: {pl: \"Odjechała.\", en: \"Gone.\"}}\n  good: {end", 1)
	f["scenarios/bus.yaml"].Data = []byte(story)
	return f
}

// story is a participant in the middle of one.
type story struct {
	*learningtest.World
	who         access.Actor
	enrolmentID string
}

func (s story) begin() {
	s.T.Helper()
	s.no(s.Learning.BeginScenario(s.T.Context(), s.who, s.enrolmentID, "bus"))
}

func (s story) choose(choice int) {
	s.T.Helper()
	s.no(s.Learning.Choose(s.T.Context(), s.who, s.enrolmentID, "bus", s.page().Step, choice))
}

func (s story) page() learning.ScenarioVisit {
	s.T.Helper()
	v, err := s.Learning.Scenario(s.T.Context(), s.who, s.enrolmentID, "bus")
	s.no(err)
	return v
}

func (s story) no(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// answer answers the practice item on the page that shows the answer before.
func (s story) answer(before, option string) {
	s.T.Helper()
	form := quiztest.After(map[string][]string{"item.check-1": {before}}, map[string][]string{"item.check-1": {option}})
	_, err := s.Learning.AnswerCheck(s.T.Context(), s.who, s.enrolmentID, "one", "check-1", form)
	s.no(err)
}

// told returns what is missing, and how many parts are done.
func (s story) told() (string, int) {
	s.T.Helper()
	o, err := s.Learning.Overview(s.T.Context(), s.who, s.enrolmentID)
	s.no(err)
	return told(o.Requirements), o.PartsDone
}

func TestALostStoryIsNotDone(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		w.Publish(losable("2", newRule))
		s := story{w, w.Person(), ""}
		s.enrolmentID = w.Enrol(s.who).ID
		s.begin()
		s.choose(1)
		s.choose(2)
		v := s.page()
		if v.Done || !v.NeedGood || v.Scenario.Ended(v.Run) != item.Poor || fmt.Sprint(v.Reached) != "[{lost 1}]" {
			w.T.Errorf("after a bad end: done %v, reached %v", v.Done, v.Reached)
		}
		if missing, parts := s.told(); parts != 0 || !strings.Contains(missing, "scenarios-good 0/1 [scenario:bus]") {
			w.T.Errorf("after a bad end: %d parts, %s", parts, missing)
		}
		w.Clock.Advance(time.Minute)
		s.begin()
		if v := s.page(); v.Done || len(v.Run.Path) != 0 {
			w.T.Errorf("begun again: %+v", v.Run)
		}
		s.choose(0)
		if v := s.page(); !v.Done || fmt.Sprint(v.Reached) != "[{lost 1} {good 1}]" {
			w.T.Errorf("after a good end: done %v, reached %v", v.Done, v.Reached)
		}
		w.Clock.Advance(time.Minute)
		s.begin()
		s.choose(2)
		if v := s.page(); !v.Done || fmt.Sprint(v.Reached) != "[{lost 2} {good 1}]" {
			w.T.Errorf("a bad end took the good one back: done %v, reached %v", v.Done, v.Reached)
		}
		verbs, err := db.All[string](w.T.Context(), w.DB, `SELECT verb FROM statement WHERE person_id = ? AND object = 'course/small/scenario/bus' ORDER BY id`, s.who.PersonID)
		if err != nil || strings.Join(verbs, " ") != "attempted completed attempted" {
			w.T.Errorf("statements %v, %v", verbs, err)
		}
		if n, err := db.One[int](w.T.Context(), w.DB, `SELECT COUNT(*) FROM scenario_run WHERE ended_at IS NOT NULL`); n != 3 || err != nil {
			w.T.Errorf("%d runs are kept, %v", n, err)
		}
	})
}

func TestAWrongAnswerIsGivenAgain(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		w.Publish(losable("2", newRule))
		s := story{w, w.Person(), ""}
		s.enrolmentID = w.Enrol(s.who).ID
		s.answer("", "b")
		_, err := w.Learning.FinishLesson(w.T.Context(), s.who, s.enrolmentID, "one")
		s.no(err)
		if missing, parts := s.told(); parts != 0 || !strings.Contains(missing, "checks-right 0/1 [lesson:one]") {
			w.T.Errorf("answered wrongly: %d parts, %s", parts, missing)
		}
		s.answer("b", "a")
		s.answer("a", "b") // trying what else there is takes nothing back
		if missing, parts := s.told(); parts != 1 || !strings.Contains(missing, "checks-right 1/1 []") {
			w.T.Errorf("answered rightly: %d parts, %s", parts, missing)
		}
	})
}

// TestWhoDidItUnderTheOldRuleKeepsIt: new rules bind new versions, and what was done under them.
func TestWhoDidItUnderTheOldRuleKeepsIt(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		w.Publish(losable("2", oldRule))
		done, open := story{w, w.Person(), ""}, story{w, w.Person(), ""}
		done.enrolmentID, open.enrolmentID = w.Enrol(done.who).ID, w.Enrol(open.who).ID
		done.answer("", "b")
		done.begin()
		done.choose(2)
		open.begin()
		open.choose(1)
		if v := done.page(); !v.Done || v.NeedGood {
			w.T.Errorf("under the old rule any end is enough: %+v", v)
		}
		w.Publish(losable("3", newRule))
		if n, err := w.Learning.Move(w.T.Context(), w.Person(access.Coordinator), "small"); n != 2 || err != nil {
			w.T.Fatalf("%d moved, %v", n, err)
		}
		if missing, _ := done.told(); !strings.Contains(missing, "checks-right 1/1 []; scenarios-good 1/1 []") {
			w.T.Errorf("moved: %s", missing)
		}
		// The story is the same, so whoever was in it goes on; it is the new rule that counts now.
		open.choose(2)
		if v := open.page(); v.Done || !v.NeedGood || fmt.Sprint(v.Reached) != "[{lost 1}]" {
			w.T.Errorf("moved within a story: %+v", v)
		}
	})
}

// TestAStoryThatIsToldOtherwiseBeginsAgain: places and choices of a run mean nothing in another version's story.
func TestAStoryThatIsToldOtherwiseBeginsAgain(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		w.Publish(losable("2", newRule))
		s := story{w, w.Person(), ""}
		s.enrolmentID = w.Enrol(s.who).ID
		s.begin()
		s.choose(1)
		before := s.page()
		f := losable("3", newRule)
		f["scenarios/bus.yaml"].Data = []byte(strings.NewReplacer("start: one", "start: first", "\n  one:", "\n  first:", "to: one}", "to: first}").Replace(string(f["scenarios/bus.yaml"].Data)))
		w.Publish(f)
		if n, err := w.Learning.Move(w.T.Context(), w.Person(access.Coordinator), "small"); n != 1 || err != nil {
			w.T.Fatalf("%d moved, %v", n, err)
		}
		if v := s.page(); v.Begun || v.Done || len(v.Reached) != 0 {
			w.T.Errorf("the run of the earlier story goes on: %+v", v.Run)
		}
		if err := w.Learning.Choose(w.T.Context(), s.who, s.enrolmentID, "bus", before.Step, 0); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("a choice from its page: %v", err)
		}
		w.Clock.Advance(time.Minute)
		s.begin()
		if v := s.page(); !v.Begun || v.Run.Node != "first" || v.Step <= before.Step {
			w.T.Errorf("begun again: %+v, step %d after %d", v.Run, v.Step, before.Step)
		}
		s.choose(0)
		if v := s.page(); !v.Done {
			w.T.Error("the good end of the new story counts")
		}
	})
}
