package guardian

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

const mostCourtName = 200

func courtsIn(ctx context.Context, q db.Querier) ([]Court, error) {
	return db.All[Court](ctx, q, `SELECT id, name, short, region, closed_at, edition FROM guardian_court ORDER BY sort_key, id`)
}

// Court returns a court to who keeps a register.
func (s *Service) Court(ctx context.Context, actor access.Actor, courtID string) (c Court, err error) {
	defer errs.Wrap(&err, "guardian.Court")
	if !actor.Has(access.GuardiansRead) || !id.Valid(courtID) {
		return c, errs.NotFound("error.not-found")
	}
	return db.One[Court](ctx, s.db, `SELECT id, name, short, region, closed_at, edition FROM guardian_court WHERE id = ?`, courtID)
}

// cleaned cuts space, and takes the name where no short one was given.
func (c Court) cleaned() Court {
	c.Name, c.Short = text.Clean(c.Name), text.Clean(c.Short)
	if c.Short == "" {
		c.Short = c.Name
	}
	return c
}

// check finds what is wrong with a cleaned court.
func (c Court) check() (faults errs.Fields) {
	if c.Name == "" {
		faults.Add("name", "guardian.fault.missing")
	}
	for field, value := range map[string]string{"name": c.Name, "short": c.Short} {
		if len([]rune(value)) > mostCourtName {
			faults.Add(field, "guardian.fault.long", "High", mostCourtName)
		}
	}
	return faults
}

// RenameCourt writes a court anew, as the actor saw it in c's edition.
func (s *Service) RenameCourt(ctx context.Context, actor access.Actor, c Court) (err error) {
	defer errs.Wrap(&err, "guardian.RenameCourt")
	c = c.cleaned()
	return s.changeCourt(ctx, actor, c.ID, "guardian.court.rename", func(tx *db.Tx) error {
		if err := c.check().Err(); err != nil {
			return err
		}
		if err := s.apart(ctx, tx, actor, c); err != nil {
			return err
		}
		return db.Change(ctx, tx, errMeanwhile, `UPDATE guardian_court SET name = ?, short = ?, region = ?, sort_key = ?, edition = edition + 1 WHERE id = ? AND edition = ?`,
			c.Name, c.Short, c.Region, text.SortKey(c.Name), c.ID, c.Edition)
	})
}

// CloseCourt says that nobody is proposed for a court from now on, or again that people are.
func (s *Service) CloseCourt(ctx context.Context, actor access.Actor, courtID string, edition int64, closed bool) (err error) {
	defer errs.Wrap(&err, "guardian.CloseCourt")
	action, at := "guardian.court.open", any(nil)
	if closed {
		action, at = "guardian.court.close", s.clock.Now()
	}
	return s.changeCourt(ctx, actor, courtID, action, func(tx *db.Tx) error {
		return db.Change(ctx, tx, errMeanwhile, `UPDATE guardian_court SET closed_at = ?, edition = edition + 1 WHERE id = ? AND edition = ?`, at, courtID, edition)
	})
}

func (s *Service) changeCourt(ctx context.Context, actor access.Actor, courtID, action string, fn func(tx *db.Tx) error) error {
	if !actor.Has(access.GuardiansWrite) || !id.Valid(courtID) {
		return errs.NotFound("error.not-found")
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := db.One[string](ctx, tx, `SELECT id FROM guardian_court WHERE id = ?`, courtID); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, action, "court:"+courtID, nil)
	})
}
