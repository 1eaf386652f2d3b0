package learning

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/course/scenario"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/record"
)

// ScenarioVisit is a scenario's page.
type ScenarioVisit struct {
	partVisit
	Scenario *scenario.Scenario
	Run      scenario.Run
	Begun    bool         // a run is there; false shows the introduction
	Step     int          // of the story, counted through all its runs; sent back with a choice
	Done     bool         // an end that counts was reached once
	NeedGood bool         // a good end alone counts
	Reached  []EndReached // of all runs so far, in the order in which each was first reached
}

// EndReached is an end to which the participant's choices have led.
type EndReached struct {
	Node  string
	Times int
}

// Scenario returns a scenario's page as the participant left it.
func (s *Service) Scenario(ctx context.Context, actor access.Actor, enrolmentID, scenarioID string) (v ScenarioVisit, err error) {
	defer errs.Wrap(&err, "learning.Scenario(%s, %q)", enrolmentID, scenarioID)
	key := course.ScenarioKey(scenarioID)
	if v.partVisit, err = s.part(ctx, actor, enrolmentID, key); err != nil {
		return v, err
	}
	v.Scenario, v.NeedGood = v.Course.Scenarios[scenarioID], v.Course.Completion.Scenarios == course.GoodEnd
	runs, err := runsOf(ctx, s.db, enrolmentID, scenarioID)
	if err != nil {
		return v, err
	}
	for i, run := range slices.Backward(runs) {
		same, err := s.sameStory(ctx, s.db, run, &v.Visit)
		if err != nil {
			return v, err
		}
		if i == 0 {
			v.Run, v.Step, v.Begun = run.State, run.Step, same
		}
		if same && v.Scenario.Ended(run.State) != "" {
			v.reach(run.State.Node)
		}
	}
	parts, err := partRows(ctx, s.db, enrolmentID)
	for _, p := range parts {
		if p.Part == key && !p.DoneAt.IsZero() {
			v.Done = true
		}
	}
	return v, err
}

// reach counts an end.
func (v *ScenarioVisit) reach(node string) {
	i := slices.IndexFunc(v.Reached, func(r EndReached) bool { return r.Node == node })
	if i < 0 {
		v.Reached = append(v.Reached, EndReached{Node: node})
		i = len(v.Reached) - 1
	}
	v.Reached[i].Times++
}

// sameStory says whether a run is one through the story that the participant's version tells. Who was moved to a version that tells
// it otherwise begins again: places and choices are not those of before.
func (s *Service) sameStory(ctx context.Context, q db.Querier, run runRow, v *Visit) (bool, error) {
	if run.VersionID == v.VersionID {
		return true, nil
	}
	earlier, err := s.courses.VersionIn(ctx, q, run.VersionID)
	if err != nil {
		return false, err
	}
	return reflect.DeepEqual(earlier.Scenarios[run.ScenarioID], v.Course.Scenarios[run.ScenarioID]), nil
}

// BeginScenario begins a scenario, or begins it again after an end. A run that is under way goes on.
func (s *Service) BeginScenario(ctx context.Context, actor access.Actor, enrolmentID, scenarioID string) (err error) {
	defer errs.Wrap(&err, "learning.BeginScenario(%s, %q)", enrolmentID, scenarioID)
	return s.change(ctx, actor, enrolmentID, func(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error {
		part, sc, err := scenarioOf(v, scenarioID)
		if err != nil {
			return err
		}
		run, err := latestRun(ctx, tx, enrolmentID, scenarioID)
		if err != nil && !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		if run.ID != "" && sc.Ended(run.State) == "" {
			if same, err := s.sameStory(ctx, tx, run, v); same || err != nil {
				return err
			}
		}
		if _, err := openPart(ctx, tx, enrolmentID, part.Key(), now); err != nil {
			return err
		}
		step := 0
		if run.ID != "" {
			step = run.Step + 1
		}
		if err := insertRun(ctx, tx, v.Enrolment, scenarioID, sc.Begin(), step, now); err != nil {
			return err
		}
		return s.recordStep(ctx, tx, v, now, part.Key())
	})
}

func scenarioOf(v *Visit, scenarioID string) (course.Part, *scenario.Scenario, error) {
	part, sc := v.Course.Part(course.ScenarioKey(scenarioID)), v.Course.Scenarios[scenarioID]
	if part == nil || sc == nil {
		return nil, nil, errs.NotFound("error.not-found")
	}
	return part, sc, nil
}

// Choose makes a choice. step is that of the page on which it was made: a choice from a page that the Back button brought, or from
// another window, does not move the story on, and is refused, so that the page says so and shows where the story stands. The same
// choice sent twice is no fault.
func (s *Service) Choose(ctx context.Context, actor access.Actor, enrolmentID, scenarioID string, step, choice int) (err error) {
	defer errs.Wrap(&err, "learning.Choose(%s, %q)", enrolmentID, scenarioID)
	return s.change(ctx, actor, enrolmentID, func(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error {
		part, sc, err := scenarioOf(v, scenarioID)
		if err != nil {
			return err
		}
		run, err := latestRun(ctx, tx, enrolmentID, scenarioID)
		if err != nil {
			return err
		}
		same, err := s.sameStory(ctx, tx, run, v)
		if err != nil {
			return err
		}
		if !same {
			return errs.Conflict("learning.scenario.moved")
		}
		if run.Step != step {
			if i := step - (run.Step - len(run.State.Path)); i >= 0 && i < len(run.State.Path) && run.State.Path[i].Choice == choice {
				return nil
			}
			return errs.Conflict("learning.scenario.moved")
		}
		next, err := sc.Choose(run.State, choice)
		if err != nil {
			return errs.Invalid("learning.scenario.no-such-choice").Because(err)
		}
		end := sc.Ended(next)
		ended := time.Time{}
		if end != "" {
			ended = now
		}
		if _, err := stepRun(ctx, tx, run.ID, step, next, ended); err != nil {
			return err
		}
		if end == "" {
			return s.recordStep(ctx, tx, v, now, part.Key())
		}
		verb := record.Attempted
		if endCounts(v.Course.Course, end) {
			verb = record.Completed
			if _, err := donePart(ctx, tx, enrolmentID, part.Key(), now); err != nil {
				return err
			}
		}
		result := map[string]any{"end": end, "steps": len(next.Path)}
		if err := record.Add(ctx, tx, now, v.PersonID, verb, v.object(course.KindScenario, scenarioID), result); err != nil {
			return err
		}
		return s.recordStep(ctx, tx, v, now, part.Key())
	})
}
