package candidacy

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Ground is what a step rests on that other rooms of the program know of.
type Ground string

// The grounds.
const (
	OnCertificate Ground = "certificate" // of the course, and it stands
	OnPass        Ground = "pass"        // of the course, which gave no certificate
	OnAttendance  Ground = "attendance"  // the certificate of a training, and it stands
	OnPresence    Ground = "presence"    // at a training
	OnStory       Ground = "story"       // of the course, ended so that it counts
)

// Grounds lists them in the order of the steps, of each step the stronger first.
var Grounds = []Ground{OnCertificate, OnPass, OnAttendance, OnPresence, OnStory}

// Step is the step that rests on it.
func (g Ground) Step() Step {
	switch g {
	case OnCertificate, OnPass:
		return StepCourse
	case OnAttendance, OnPresence:
		return StepClassDay
	case OnStory:
		return StepScenario
	}
	return ""
}

// Fact is what a room knows of somebody's preparation.
type Fact struct {
	Ground Ground
	At     time.Time
}

// Preparation is what candidacies ask of courses and trainings.
type Preparation interface {
	// Facts returns what is known of a person, in any order; candidacies see to who may know.
	Facts(ctx context.Context, q db.Querier, personID string) ([]Fact, error)
}

// Known is what a step can be confirmed by in one press.
type Known struct {
	Step   Step
	Ground Ground
	On     string // 2026-11-30
}

// Settle chooses, for each step that waits for the office's word, what it can rest on: the strongest ground, and of that the newest day. Nothing that is
// later than today is known yet.
func Settle(facts []Fact, done func(Step) bool, today string, zone *time.Location) (list []Known) {
	for _, g := range Grounds {
		step := g.Step()
		if done(step) || slices.ContainsFunc(list, func(k Known) bool { return k.Step == step }) {
			continue
		}
		k := Known{Step: step, Ground: g}
		for _, f := range facts {
			if on := f.At.In(zone).Format(time.DateOnly); f.Ground == g && !f.At.IsZero() && on <= today {
				k.On = max(k.On, on)
			}
		}
		if k.On != "" {
			list = append(list, k)
		}
	}
	return list
}

// KnownOf returns what a step can be confirmed by; false if nothing is known.
func (v View) KnownOf(step Step) (Known, bool) {
	i := slices.IndexFunc(v.Known, func(k Known) bool { return k.Step == step })
	if i < 0 {
		return Known{}, false
	}
	return v.Known[i], true
}

// confirmable finds by what steps of a candidate can be confirmed. Without an account there is nothing to look for: a name is nobody's proof.
func (s *Service) confirmable(ctx context.Context, q db.Querier, v View) ([]Known, error) {
	if v.PersonID == "" {
		return nil, nil
	}
	facts, err := s.Preparation.Facts(ctx, q, v.PersonID)
	if err != nil {
		return nil, err
	}
	return Settle(facts, func(step Step) bool { return v.StepOf(step).DoneOn != "" }, s.today(), s.Zone), nil
}

// Confirm says of a step that it was done, on the ground and the day that the page showed. What has changed since is refused: somebody answers for what
// they saw. The record of acts says on what the step rests.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, candidateID string, seen Known) (err error) {
	defer errs.Wrap(&err, "candidacy.Confirm")
	return s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		v := View{Candidate: c}
		if v.Steps, err = s.steps(ctx, tx, v); err != nil {
			return err
		}
		if v.Known, err = s.confirmable(ctx, tx, v); err != nil {
			return err
		}
		if !slices.Contains(v.Known, seen) {
			return errs.Conflict("candidacy.known-changed")
		}
		err = db.Exec(ctx, tx, `
			INSERT INTO guardian_candidate_step (candidate_id, step, done_on, done_by) VALUES (?, ?, ?, ?)
			ON CONFLICT (candidate_id, step) DO UPDATE SET done_on = excluded.done_on, done_by = excluded.done_by`, c.ID, string(seen.Step), seen.On, actor.PersonID)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "candidacy.step", "candidate:"+c.ID, map[string]any{"step": seen.Step, "done": true, "rests_on": seen.Ground, "on": seen.On})
	})
}
