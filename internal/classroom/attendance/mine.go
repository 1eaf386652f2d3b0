package attendance

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// OwnMark says whether somebody was at a session, and for how long.
type OwnMark struct {
	Title    string // of the training
	StartsAt time.Time
	State    string // present | absent
	Minutes  int
}

// Mine returns the actor's own marks, the latest first.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (_ []OwnMark, err error) {
	defer errs.Wrap(&err, "attendance.Mine")
	return db.All[OwnMark](ctx, s.db, `
		SELECT t.title, x.starts_at, a.state, a.minutes FROM attendance a JOIN training_session x ON x.id = a.session_id JOIN training t ON t.id = a.training_id
		WHERE a.person_id = ? ORDER BY x.starts_at DESC, a.session_id`, actor.PersonID)
}
