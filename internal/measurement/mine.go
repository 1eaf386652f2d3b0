package measurement

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// OwnPart is what is kept of somebody in a measurement: the state of each test, its result, and whether they use what they learned. What they said in an evaluation is
// not there: it was never kept with them.
type OwnPart struct {
	SubjectKind   string
	SubjectID     string
	JoinedAt      time.Time
	WithdrawnAt   time.Time
	BeforeState   string
	BeforePercent *float64
	AfterState    string
	AfterPercent  *float64
	WeekUse       string
	Months3Use    string
}

// Mine returns the actor's own parts in measurements, the latest first.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (_ []OwnPart, err error) {
	defer errs.Wrap(&err, "measurement.Mine")
	return db.All[OwnPart](ctx, s.db, `
		SELECT m.subject_kind, m.subject_id, p.joined_at, p.withdrawn_at, p.before_state, p.before_percent, p.after_state, p.after_percent, p.week_use, p.months3_use
		FROM participant p JOIN measurement m ON m.id = p.measurement_id WHERE p.person_id = ? ORDER BY p.joined_at DESC, p.id`, actor.PersonID)
}
