package agreement

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/firstline"
)

// OwnPart is somebody's part in a round.
type OwnPart struct {
	RoundID string
	Unit    string
	BegunAt time.Time
	SavedAt time.Time
	DoneAt  time.Time // zero while they may change what they said
	Said    []OwnSaid `db:"-"`
}

// OwnSaid is the step that somebody chose in a situation.
type OwnSaid struct {
	RoundID   string
	Situation string // its id
	Step      firstline.Urgency
}

// Mine returns the actor's own parts, the latest first, and nothing of who was the other.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (parts []OwnPart, err error) {
	defer errs.Wrap(&err, "agreement.Mine")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if parts, err = db.All[OwnPart](ctx, tx, `
			SELECT r.id AS round_id, u.name AS unit, r.begun_at, x.saved_at, x.done_at
			FROM agreement_reader x JOIN agreement_round r ON r.id = x.round_id JOIN identity_unit u ON u.id = r.unit_id WHERE x.person_id = ? ORDER BY r.begun_at DESC, r.id`, actor.PersonID); err != nil {
			return err
		}
		said, err := db.All[OwnSaid](ctx, tx, `
			SELECT a.round_id, a.situation, a.step FROM agreement_answer a JOIN agreement_reader x ON x.round_id = a.round_id AND x.place = a.place
			WHERE x.person_id = ? ORDER BY a.round_id, a.situation`, actor.PersonID)
		for i := range parts {
			for _, a := range said {
				if a.RoundID == parts[i].RoundID {
					parts[i].Said = append(parts[i].Said, a)
				}
			}
		}
		return err
	})
	return parts, err
}
