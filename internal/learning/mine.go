package learning

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// OwnAttempt is a try at a course's test.
type OwnAttempt struct {
	CourseID    string
	Number      int
	StartedAt   time.Time
	SubmittedAt time.Time
	Percent     float64
	Passed      bool
}

// Mine returns the actor's rounds of courses and their tries at tests, the latest first.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (rounds []Enrolment, attempts []OwnAttempt, err error) {
	defer errs.Wrap(&err, "learning.Mine")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if rounds, err = enrolmentsOf(ctx, tx, actor.PersonID); err != nil {
			return err
		}
		attempts, err = db.All[OwnAttempt](ctx, tx, `
			SELECT e.course_id, a.number, a.started_at, a.submitted_at, COALESCE(a.percent, 0.0) AS percent, COALESCE(a.passed, FALSE) AS passed
			FROM attempt a JOIN enrolment e ON e.id = a.enrolment_id WHERE e.person_id = ? ORDER BY a.started_at DESC, a.id`, actor.PersonID)
		return err
	})
	return rounds, attempts, err
}
