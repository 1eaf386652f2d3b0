package classroom

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Session is a half-day or a day in a room. Its times are instants in UTC; the hours on the wall are those of the installation's zone.
type Session struct {
	ID           string
	TrainingID   string
	Title        string // "" if the day says enough
	StartsAt     time.Time
	EndsAt       time.Time
	Place        string // the house, as people know it
	Address      string
	AccessNotes  string // steps, lift, loop, parking, entrance
	Room         string
	Link         string    // of a session that is held online
	Capacity     *int      // people there is room for; nil: nobody wrote it down
	Sequence     int       // rises with each change that calendars show (RFC 5546 section 2.1.4)
	CancelledAt  time.Time // zero while it is held
	CancelReason string
}

// Held says whether the session takes place, or took place.
func (s Session) Held() bool { return s.CancelledAt.IsZero() }

const sessionColumns = `s.id, s.training_id, s.title, s.starts_at, s.ends_at, s.place, s.address, s.access_notes, s.room, s.link, s.capacity, s.sequence, s.cancelled_at, s.cancel_reason`

// SessionsOf returns the sessions of a training, the cancelled ones too, by time. It asks nobody for a permission: the caller has.
func SessionsOf(ctx context.Context, q db.Querier, trainingID string) (_ []Session, err error) {
	defer errs.Wrap(&err, "classroom.SessionsOf")
	return db.All[Session](ctx, q, `SELECT `+sessionColumns+` FROM training_session s WHERE s.training_id = ? ORDER BY s.starts_at, s.id`, trainingID)
}

// SessionOf returns a session; like [SessionsOf] for whoever has the permission.
func SessionOf(ctx context.Context, q db.Querier, sessionID string) (_ Session, err error) {
	defer errs.Wrap(&err, "classroom.SessionOf")
	return db.One[Session](ctx, q, `SELECT `+sessionColumns+` FROM training_session s WHERE s.id = ?`, sessionID)
}

// Places returns how many seats a training has: a seat is in all sessions that are held, so that there are as many as the smallest
// room has. limited is false if none of them says how many there is room for. Without a session that is held there is no seat.
func Places(sessions []Session) (places int, limited bool) {
	held := false
	for _, s := range sessions {
		if !s.Held() {
			continue
		}
		held = true
		if s.Capacity != nil && (!limited || *s.Capacity < places) {
			places, limited = *s.Capacity, true
		}
	}
	if !held {
		return 0, true
	}
	return places, limited
}

// span returns the days and the place of a training, which follow from its sessions that are held: from the first's beginning to the
// end of the one that ends last, in the first's place. Zero times if none is held.
func span(sessions []Session) (from, until time.Time, place string) {
	for _, s := range sessions {
		if !s.Held() {
			continue
		}
		if from.IsZero() || s.StartsAt.Before(from) {
			from, place = s.StartsAt, s.Place
		}
		if s.EndsAt.After(until) {
			until = s.EndsAt
		}
	}
	return from, until, place
}
