package attendance

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Group is how many people of one kind of institution and one powiat have a seat in a training, and were in it.
type Group struct {
	Kind      string // of the unit that they came from; "" if nobody said it
	Powiat    string // "" if nobody said it
	Confirmed int
	Attended  int // in at least one session that was held, with a seat or without
}

// Turnout returns the people of a training by kind of institution and powiat, each in one group, to who sees the trainings of its unit.
func (s *Service) Turnout(ctx context.Context, actor access.Actor, trainingID string) (list []Group, err error) {
	defer errs.Wrap(&err, "attendance.Turnout")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		p, err := classroom.PlanOf(ctx, tx, trainingID)
		if err == nil && !actor.May(access.TrainingsRead, p.UnitPath) {
			err = errs.NotFound("error.not-found")
		}
		if err != nil {
			return err
		}
		const came = `SELECT a.person_id FROM attendance a JOIN training_session s ON s.id = a.session_id WHERE s.training_id = ? AND s.cancelled_at IS NULL AND a.state = 'present'`
		list, err = db.All[Group](ctx, tx, `
			SELECT i.kind, i.powiat, CAST(SUM(x.confirmed) AS BIGINT) AS confirmed, CAST(SUM(x.attended) AS BIGINT) AS attended FROM (
				SELECT COALESCE(b.unit_id, p.unit_id) AS unit_id, CASE WHEN b.id IS NULL THEN 0 ELSE 1 END AS confirmed, CASE WHEN p.id IN (`+came+`) THEN 1 ELSE 0 END AS attended
				FROM identity_person p LEFT JOIN booking b ON b.person_id = p.id AND b.training_id = ? AND b.state = 'confirmed'
				WHERE b.id IS NOT NULL OR p.id IN (`+came+`)) x
			JOIN identity_institution i ON i.unit_id = x.unit_id GROUP BY i.kind, i.powiat ORDER BY i.kind, i.powiat`, trainingID, trainingID, trainingID)
		return err
	})
	return list, err
}
