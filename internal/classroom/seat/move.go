package seat

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Target is a training to which somebody can be moved.
type Target struct {
	ID, Title, Place string
	HeldFrom         time.Time
}

// mostTargets is how many trainings are offered to be moved to, the next first.
const mostTargets = 40

// Targets returns the trainings to come to which the actor can move somebody from another: those of the same programme first.
func (s *Service) Targets(ctx context.Context, actor access.Actor, trainingID string) (list []Target, err error) {
	defer errs.Wrap(&err, "seat.Targets")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := s.Trainings.Open(ctx, tx, actor, access.Participants, trainingID); err != nil {
			return err
		}
		all, err := db.All[Target](ctx, tx, `SELECT t.id, t.title, t.place, t.held_from FROM training t JOIN training o ON o.id = ?
			WHERE t.id <> o.id AND t.held_from > ? AND t.cancelled_at IS NULL AND t.put_off_at IS NULL
			ORDER BY CASE WHEN t.programme_id = o.programme_id THEN 0 ELSE 1 END, t.held_from, t.id LIMIT ?`, trainingID, s.Clock.Now(), mostTargets)
		if err != nil {
			return err
		}
		for _, x := range all {
			_, err := s.Trainings.Open(ctx, tx, actor, access.Participants, x.ID)
			switch {
			case err == nil:
				list = append(list, x)
			case !errors.Is(err, errs.ErrNotFound) && !errors.Is(err, errs.ErrForbidden):
				return err
			}
		}
		return nil
	})
	return list, err
}

// errElsewhere takes a move back of which somebody has to decide first.
var errElsewhere = errors.New("seat: somebody is elsewhere at that time")

// Move takes people out of a training and gives them seats in another, all of them or nobody: who is left without a seat in either has lost one by it. They are told both in
// one letter, with the reason. Who has a seat elsewhere at that time is moved only anyway.
func (s *Service) Move(ctx context.Context, actor access.Actor, fromID, toID string, personIDs []string, reason string, anyway bool) (o Outcome, err error) {
	defer errs.Wrap(&err, "seat.Move(%d)", len(personIDs))
	if err := noReason(reason); err != nil {
		return o, err
	}
	if toID == "" || toID == fromID {
		return o, errs.Fields{{Name: "to", Key: "seat.fault.to"}}.Err()
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		from, to, err := s.both(ctx, tx, actor, fromID, toID)
		if err != nil {
			return err
		}
		o, err = from.each(ctx, from.chosen(personIDs), Cancel, false, reason)
		if err != nil {
			return err
		}
		if o.Done < len(personIDs) {
			return errs.Conflict("seat.fault.answered")
		}
		people, err := s.People.PersonsWithin(ctx, tx, actor, access.Participants, personIDs)
		if err != nil {
			return err
		}
		if len(people) < len(personIDs) {
			return errs.Forbidden("error.forbidden")
		}
		var list []Booking
		for _, x := range people {
			list = append(list, to.fresh(x))
		}
		if o, err = to.each(ctx, list, Add, anyway, ""); err != nil {
			return err
		}
		o.Act = from.act
		switch {
		case len(o.Overlaps) > 0:
			o.Done = 0
			return errElsewhere
		case o.Done < len(personIDs):
			return errs.Conflict("seat.fault.move-full")
		}
		if err := errors.Join(from.moveUp(ctx), to.moveUp(ctx)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, from.now, actor.PersonID, "seat.move", "training:"+fromID, map[string]any{"people": o.Done, "to": toID})
	})
	if errors.Is(err, errElsewhere) {
		return o, nil
	}
	return o, err
}

// both holds two trainings in which the actor may change who is there. They are held in one order, so that two moves against each other wait and do not lock.
func (s *Service) both(ctx context.Context, tx *db.Tx, actor access.Actor, fromID, toID string) (from, to *book, err error) {
	books := map[string]*book{}
	ids := []string{fromID, toID}
	slices.Sort(ids)
	for _, trainingID := range ids {
		h, err := s.open(ctx, tx, trainingID)
		if err != nil {
			return nil, nil, err
		}
		if _, err := s.Trainings.Open(ctx, tx, actor, access.Participants, trainingID); err != nil {
			return nil, nil, err
		}
		h.by, h.delay = actor.PersonID, UndoFor
		books[trainingID] = h
	}
	from, to = books[fromID], books[toID]
	to.act = from.act // one act, undone as one
	if !to.settled() || to.plan.State(to.now) == classroom.Over {
		return nil, nil, errClosed
	}
	return from, to, nil
}
