package laboratory

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// OwnDecision is what somebody decided alone.
type OwnDecision struct {
	CaseID    string
	StepID    string
	Letter    string
	Reason    string
	DecidedAt time.Time
}

// OwnRoom is a case that a group plays on somebody's phone.
type OwnRoom struct {
	CaseID   string
	OpenedAt time.Time
}

// OwnKept is what the laboratory keeps of somebody.
type OwnKept struct {
	Plays     []Play
	Decisions []OwnDecision // in those plays
	Rooms     []OwnRoom
	Since     time.Time // since when they want a case a month, zero if they do not
}

// Kept returns what is kept of the actor. What a group decided belongs to nobody.
func (s *Service) Kept(ctx context.Context, actor access.Actor) (k OwnKept, err error) {
	defer errs.Wrap(&err, "laboratory.Kept")
	if k.Plays, err = s.Mine(ctx, actor); err != nil {
		return k, err
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if k.Decisions, err = db.All[OwnDecision](ctx, tx, `
			SELECT r.case_id, d.step_id, d.letter, d.reason, d.decided_at FROM laboratory_decision d JOIN laboratory_run r ON r.id = d.run_id
			WHERE r.opened_by = ? AND r.alone ORDER BY d.decided_at DESC, d.id`, actor.PersonID); err != nil {
			return err
		}
		if k.Rooms, err = db.All[OwnRoom](ctx, tx, `
			SELECT r.case_id, r.opened_at FROM laboratory_member m JOIN laboratory_group g ON g.id = m.group_id JOIN laboratory_run r ON r.id = g.run_id
			WHERE m.person_id = ? AND NOT r.alone ORDER BY r.opened_at DESC, r.id`, actor.PersonID); err != nil {
			return err
		}
		since, err := db.All[time.Time](ctx, tx, `SELECT since FROM laboratory_refresher WHERE person_id = ?`, actor.PersonID)
		if len(since) > 0 {
			k.Since = since[0]
		}
		return err
	})
	return k, err
}

// ForgetPerson ends a person's letters. What they played ends with its entry ([keeping]).
func ForgetPerson(ctx context.Context, tx *db.Tx, personID string) (err error) {
	defer errs.Wrap(&err, "laboratory.ForgetPerson")
	return stop(ctx, tx, personID)
}
