package guardian

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Own returns the actor's own entry; who has none has no such page.
func (s *Service) Own(ctx context.Context, actor access.Actor) (x Page, err error) {
	defer errs.Wrap(&err, "guardian.Own")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		e, err := ownEntry(ctx, tx, actor)
		if err != nil {
			return err
		}
		x, err = s.page(ctx, tx, e)
		return err
	})
	return x, err
}

func ownEntry(ctx context.Context, q db.Querier, actor access.Actor) (Entry, error) {
	if actor.PersonID == "" {
		return Entry{}, errs.NotFound("error.not-found")
	}
	return db.One[Entry](ctx, q, selectEntries+`WHERE g.person_id = ?`, actor.PersonID)
}

func (s *Service) own(ctx context.Context, actor access.Actor, fn func(tx *db.Tx, e Entry) error) error {
	return s.db.Update(ctx, func(tx *db.Tx) error {
		e, err := ownEntry(ctx, tx, actor)
		if err != nil {
			return err
		}
		return fn(tx, e)
	})
}

// SetAvailable is the person's own word whether they can be asked. A pause that the office made stays until the office ends it.
func (s *Service) SetAvailable(ctx context.Context, actor access.Actor, can bool) (err error) {
	defer errs.Wrap(&err, "guardian.SetAvailable")
	return s.own(ctx, actor, func(tx *db.Tx, e Entry) error {
		if !can {
			return s.pause(ctx, tx, e, actor.PersonID, ByPerson)
		}
		x, err := s.page(ctx, tx, e)
		if err != nil {
			return err
		}
		if e.State == Paused && !MayResume(Reason(x.PausedBy)) {
			return errs.Conflict("guardian.paused-by-office")
		}
		return s.enlist(ctx, tx, e, actor.PersonID)
	})
}

// Withdraw takes the actor out of the register: off duty and off the list at once, the contact erased at once; the history stays to its day.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor) (err error) {
	defer errs.Wrap(&err, "guardian.Withdraw")
	return s.own(ctx, actor, func(tx *db.Tx, e Entry) error { return s.remove(ctx, tx, e, actor.PersonID, "withdrawn", ByPerson) })
}

const (
	mostAbsences   = 40
	longestAbsence = 366 // days
)

// CheckAbsence finds what is wrong with days on which somebody cannot be asked, on a day.
func CheckAbsence(from, until, today string) (faults errs.Fields) {
	first, err1 := time.Parse(time.DateOnly, from)
	last, err2 := time.Parse(time.DateOnly, until)
	if err1 != nil {
		faults.Add("from", "guardian.fault.day")
	}
	if err2 != nil {
		faults.Add("until", "guardian.fault.day")
	}
	if len(faults) > 0 {
		return faults
	}
	switch {
	case last.Before(first):
		faults.Add("until", "guardian.fault.order")
	case until < today:
		faults.Add("until", "guardian.fault.past")
	case last.Sub(first) >= longestAbsence*24*time.Hour:
		faults.Add("until", "guardian.fault.long-absence")
	}
	return faults
}

// AddAbsence notes days on which the actor cannot be asked.
func (s *Service) AddAbsence(ctx context.Context, actor access.Actor, from, until string) (err error) {
	defer errs.Wrap(&err, "guardian.AddAbsence")
	return s.own(ctx, actor, func(tx *db.Tx, e Entry) error {
		if e.State == Removed {
			return errs.Conflict("guardian.state-removed")
		}
		if err := CheckAbsence(from, until, s.today()).Err(); err != nil {
			return err
		}
		n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_absence WHERE guardian_id = ? AND until_day >= ?`, e.ID, s.today())
		if err != nil {
			return err
		}
		if n >= mostAbsences {
			return errs.Conflict("guardian.many-absences", "High", mostAbsences)
		}
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_absence (id, guardian_id, from_day, until_day) VALUES (?, ?, ?, ?)`, id.New(), e.ID, from, until); err != nil {
			return err
		}
		return Note(ctx, tx, Event{GuardianID: e.ID, At: s.clock.Now(), ActorID: actor.PersonID, Kind: "absence-added", Detail: map[string]string{"from": from, "until": until}})
	})
}

// RemoveAbsence takes such days back.
func (s *Service) RemoveAbsence(ctx context.Context, actor access.Actor, absenceID string) (err error) {
	defer errs.Wrap(&err, "guardian.RemoveAbsence")
	if !id.Valid(absenceID) {
		return errs.NotFound("error.not-found")
	}
	return s.own(ctx, actor, func(tx *db.Tx, e Entry) error {
		a, err := db.One[Absence](ctx, tx, `DELETE FROM guardian_absence WHERE id = ? AND guardian_id = ? RETURNING id, from_day, until_day`, absenceID, e.ID)
		if err != nil {
			return err
		}
		return Note(ctx, tx, Event{GuardianID: e.ID, At: s.clock.Now(), ActorID: actor.PersonID, Kind: "absence-removed", Detail: map[string]string{"from": a.FromDay, "until": a.UntilDay}})
	})
}

// IsIn says whether the actor has an entry of their own, or had one of which the history is still kept.
func (s *Service) IsIn(ctx context.Context, actor access.Actor) (is bool, err error) {
	defer errs.Wrap(&err, "guardian.IsIn")
	if actor.PersonID == "" {
		return false, nil
	}
	n, err := db.One[int](ctx, s.db, `SELECT COUNT(*) FROM guardian WHERE person_id = ?`, actor.PersonID)
	return n > 0, err
}
