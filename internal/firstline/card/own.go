package card

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Checked is a card that names somebody as who called its numbers last.
type Checked struct {
	Unit      string
	CheckedAt time.Time
}

// CheckedBy returns the cards that name the actor.
func (s *Service) CheckedBy(ctx context.Context, actor access.Actor) (_ []Checked, err error) {
	defer errs.Wrap(&err, "card.CheckedBy")
	return db.All[Checked](ctx, s.db, `
		SELECT u.name AS unit, c.checked_at FROM contact_card c JOIN identity_unit u ON u.id = c.unit_id WHERE c.checked_by = ? ORDER BY c.checked_at DESC, c.unit_id`, actor.PersonID)
}
