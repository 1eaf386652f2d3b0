package onpaper

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/measurement/survey"
)

// evaluated refuses who may not type the evaluations of a training, and those of one that has none.
func (s *Service) evaluated(ctx context.Context, q db.Querier, actor access.Actor, measurementID string) error {
	d, err := s.tests.TrainingIn(ctx, q, actor, measurementID)
	if err == nil && !d.Survey {
		err = errs.NotFound("error.not-found")
	}
	return err
}

// TypeEvaluation keeps an evaluation that came on paper, which tells nobody who wrote it. It joins the sums of all after [survey.UndoFor].
func (s *Service) TypeEvaluation(ctx context.Context, actor access.Actor, measurementID string, form map[string][]string) (err error) {
	defer errs.Wrap(&err, "onpaper.TypeEvaluation")
	answers, err := survey.Read(form)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := s.evaluated(ctx, tx, actor, measurementID); err != nil {
			return err
		}
		return survey.Type(ctx, tx, measurementID, actor.PersonID, s.clock.Now(), answers)
	})
}

// TypedEvaluation returns the evaluation that the actor typed last and can still take back, without its answers; one without an id if
// there is none.
func (s *Service) TypedEvaluation(ctx context.Context, actor access.Actor, measurementID string) (t survey.Typed, err error) {
	defer errs.Wrap(&err, "onpaper.TypedEvaluation")
	if err := s.evaluated(ctx, s.db, actor, measurementID); err != nil {
		return t, err
	}
	return survey.Last(ctx, s.db, measurementID, actor.PersonID, s.clock.Now())
}

// TakeBackEvaluation takes an evaluation back that the actor typed a short while ago. That it was done is recorded, and nothing of what
// stood in it.
func (s *Service) TakeBackEvaluation(ctx context.Context, actor access.Actor, measurementID, typedID string) (err error) {
	defer errs.Wrap(&err, "onpaper.TakeBackEvaluation")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := s.evaluated(ctx, tx, actor, measurementID); err != nil {
			return err
		}
		now := s.clock.Now()
		if err := survey.TakeBack(ctx, tx, measurementID, typedID, actor.PersonID, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "measurement.evaluation-taken-back", "measurement:"+measurementID, map[string]any{})
	})
}

// GatherEvaluations adds typed evaluations that cannot be taken back any more to the sums of all, and returns how many they were.
func (s *Service) GatherEvaluations(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "onpaper.GatherEvaluations")
	list, err := survey.Waiting(ctx, s.db)
	if err != nil {
		return 0, err
	}
	for _, measurementID := range list {
		gathered := 0
		if err := s.db.Update(ctx, func(tx *db.Tx) (err error) {
			gathered, err = survey.Gather(ctx, tx, measurementID, s.clock.Now())
			return err
		}); err != nil {
			return n, err
		}
		n += gathered
	}
	return n, nil
}
