package learning

import (
	"context"
	"errors"
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
	Begun    bool // a run is there; false shows the introduction
	Step     int  // of the story, counted through all its runs; sent back with a choice
	Done     bool // an end was reached once
}

// Scenario returns a scenario's page as the participant left it.
func (s *Service) Scenario(ctx context.Context, actor access.Actor, enrolmentID, scenarioID string) (v ScenarioVisit, err error) {
	defer errs.Wrap(&err, "learning.Scenario(%s, %q)", enrolmentID, scenarioID)
	key := course.ScenarioKey(scenarioID)
	if v.partVisit, err = s.part(ctx, actor, enrolmentID, key); err != nil {
		return v, err
	}
	v.Scenario = v.Course.Scenarios[scenarioID]
	run, err := latestRun(ctx, s.db, enrolmentID, scenarioID)
	switch {
	case err == nil:
		v.Run, v.Step, v.Begun = run.State, run.Step, true
	case !errors.Is(err, errs.ErrNotFound):
		return v, err
	}
	parts, err := partRows(ctx, s.db, enrolmentID)
	for _, p := range parts {
		if p.Part == key && !p.DoneAt.IsZero() {
			v.Done = true
		}
	}
	return v, err
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
		if err == nil && sc.Ended(run.State) == "" {
			return nil
		}
		if err != nil && !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		if _, err := openPart(ctx, tx, enrolmentID, part.Key(), now); err != nil {
			return err
		}
		step := 0
		if run.ID != "" {
			step = run.Step + 1
		}
		if err := insertRun(ctx, tx, enrolmentID, scenarioID, sc.Begin(), step, now); err != nil {
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
		if _, err := donePart(ctx, tx, enrolmentID, part.Key(), now); err != nil {
			return err
		}
		result := map[string]any{"end": end, "steps": len(next.Path)}
		if err := record.Add(ctx, tx, now, v.PersonID, record.Completed, v.object(course.KindScenario, scenarioID), result); err != nil {
			return err
		}
		return s.recordStep(ctx, tx, v, now, part.Key())
	})
}
