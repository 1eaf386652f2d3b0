package attendance

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// OpenOn notes that the roll of a session goes onto a device, under a random name that the device gave itself, and returns it. Another
// device may do the same: what they write has ids of its own.
func (s *Service) OpenOn(ctx context.Context, actor access.Actor, sessionID, device string) (r Roll, err error) {
	defer errs.Wrap(&err, "attendance.OpenOn")
	if !id.Valid(device) {
		return r, errs.Invalid("error.invalid")
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.locked(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		if !x.ClosedAt.IsZero() {
			return errs.Conflict("hall.closed-already")
		}
		now := s.clock.Now()
		n, err := db.Changed(ctx, tx, `INSERT INTO session_device (id, session_id, opened_at, opened_by) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`, device, x.ID, now, actor.PersonID)
		if err != nil {
			return err
		}
		if n == 0 { // a name that another session's device has, or the same device once more
			if n, err = db.Changed(ctx, tx, `UPDATE session_device SET erased_at = NULL, heard_at = ? WHERE id = ? AND session_id = ?`, now, device, x.ID); err != nil {
				return err
			}
			if n == 0 {
				return errs.Invalid("error.invalid")
			}
		}
		if err := audit.Record(ctx, tx, now, actor.PersonID, "session.open-on-device", "session:"+x.ID, nil); err != nil {
			return err
		}
		r, err = s.roll(ctx, tx, x)
		return err
	})
	return r, err
}

// Heard returns the roll to a device that asks for it, and notes that it did.
func (s *Service) Heard(ctx context.Context, actor access.Actor, sessionID, device string) (r Roll, err error) {
	defer errs.Wrap(&err, "attendance.Heard")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.may(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE session_device SET heard_at = ? WHERE id = ? AND session_id = ?`, s.clock.Now(), device, x.ID); err != nil {
			return err
		}
		r, err = s.roll(ctx, tx, x)
		return err
	})
	return r, err
}

// Erased notes that a device keeps nothing of a session any more.
func (s *Service) Erased(ctx context.Context, actor access.Actor, sessionID, device string) (err error) {
	defer errs.Wrap(&err, "attendance.Erased")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.may(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		return db.Exec(ctx, tx, `UPDATE session_device SET erased_at = ?, heard_at = ? WHERE id = ? AND session_id = ?`, now, now, device, x.ID)
	})
}
