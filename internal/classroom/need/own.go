package need

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Own is a need of somebody in a training.
type Own struct {
	Training  string // its title
	Field     Field
	Need      string
	EnteredAt time.Time
}

// All returns what is kept of the actor's needs, in whichever training, the latest first.
func (s *Service) All(ctx context.Context, actor access.Actor) (_ []Own, err error) {
	defer errs.Wrap(&err, "need.All")
	return db.All[Own](ctx, s.db, `
		SELECT t.title AS training, n.field, n.need, n.entered_at FROM training_need n JOIN training t ON t.id = n.training_id
		WHERE n.person_id = ? ORDER BY n.entered_at DESC, n.training_id, n.field`, actor.PersonID)
}
