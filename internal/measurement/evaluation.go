package measurement

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/measurement/survey"
)

// AnswerSurvey adds what a participant answered to the sums of all. Who answered is noted, so that nobody answers twice; what they
// answered is stored nowhere by itself.
func (s *Service) AnswerSurvey(ctx context.Context, sittingID string, form map[string][]string) (err error) {
	defer errs.Wrap(&err, "measurement.AnswerSurvey")
	answers, err := survey.Read(form)
	if err != nil {
		return err
	}
	// Not [Service.change]: one transaction of its own is easier to see through than one shared with strangers' steps.
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := lockSitting(ctx, tx, sittingID)
		if err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `UPDATE participant SET survey_state = 'answered' WHERE id = ? AND survey_state = 'asked'`, x.ParticipantID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict("assessment.survey.done-already")
		}
		return survey.Add(ctx, tx, x.MeasurementID, answers)
	})
}

// Survey returns the evaluation of a measurement, for who may read evidence there.
func (s *Service) Survey(ctx context.Context, actor access.Actor, measurementID string) (r survey.Report, err error) {
	defer errs.Wrap(&err, "measurement.Survey")
	if _, err := s.reach(ctx, s.db, actor, access.EvidenceRead, measurementID); err != nil {
		return r, err
	}
	asked, err := db.One[int](ctx, s.db, `SELECT COUNT(*) FROM participant WHERE measurement_id = ? AND survey_state <> ''`, measurementID)
	if err != nil {
		return r, err
	}
	return survey.ReportOf(ctx, s.db, measurementID, asked)
}
