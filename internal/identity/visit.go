package identity

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Visited notes that somebody opened their first page at a time, and returns when they did so last on an earlier day of a zone: what happened
// since is news to them all day, however often they look. It is the zero time for who was never there before.
func (s *Service) Visited(ctx context.Context, personID string, at time.Time, zone *time.Location) (before time.Time, err error) {
	defer errs.Wrap(&err, "identity.Visited")
	type visits struct{ HereAt, HereBefore time.Time }
	day := func(t time.Time) string { return t.In(zone).Format(time.DateOnly) }
	read := func(q db.Querier) (v visits, err error) {
		return db.One[visits](ctx, q, `SELECT here_at, here_before FROM person WHERE id = ?`, personID)
	}
	v, err := read(s.db)
	if err != nil || !v.HereAt.IsZero() && at.Sub(v.HereAt) < seenEvery && day(v.HereAt) == day(at) {
		return v.HereBefore, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if v, err = read(tx); err != nil {
			return err
		}
		if !v.HereAt.IsZero() && day(v.HereAt) != day(at) {
			v.HereBefore = v.HereAt
		}
		return db.Exec(ctx, tx, `UPDATE person SET here_at = ?, here_before = ? WHERE id = ?`, at, v.HereBefore, personID)
	})
	return v.HereBefore, err
}
