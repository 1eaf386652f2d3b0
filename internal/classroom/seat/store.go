package seat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/db"
)

const columns = `b.id, b.training_id, b.person_id, b.state, b.origin, b.unit_id, b.organisation, b.region, b.queued_at, b.offer_until, b.accepted_at, b.superior,
	b.delegated_at, b.delegated_on, b.reason, b.told, b.told_sessions, b.letter_at, b.sequence, b.created_at, b.changed_at`

func bookingsOf(ctx context.Context, q db.Querier, trainingID string) ([]Booking, error) {
	return db.All[Booking](ctx, q, `SELECT `+columns+` FROM booking b WHERE b.training_id = ? ORDER BY b.id`, trainingID)
}

func bookingOf(ctx context.Context, q db.Querier, bookingID string) (Booking, error) {
	return db.One[Booking](ctx, q, `SELECT `+columns+` FROM booking b WHERE b.id = ?`, bookingID)
}

// null is a time as the database keeps it.
func null(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// store writes a booking, which is new if nobody made it before.
func store(ctx context.Context, tx *db.Tx, b Booking) error {
	return db.Exec(ctx, tx, `
		INSERT INTO booking (id, training_id, person_id, state, origin, unit_id, organisation, region, queued_at, offer_until, accepted_at, superior,
			delegated_at, delegated_on, reason, told, told_sessions, letter_at, sequence, created_at, changed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, origin = excluded.origin, unit_id = excluded.unit_id, organisation = excluded.organisation,
			region = excluded.region, queued_at = excluded.queued_at, offer_until = excluded.offer_until, accepted_at = excluded.accepted_at,
			superior = excluded.superior, delegated_at = excluded.delegated_at, delegated_on = excluded.delegated_on, reason = excluded.reason,
			told = excluded.told, told_sessions = excluded.told_sessions, letter_at = excluded.letter_at, sequence = excluded.sequence, changed_at = excluded.changed_at`,
		b.ID, b.TrainingID, b.PersonID, string(b.State), string(b.Origin), b.UnitID, b.Organisation, b.Region, null(b.QueuedAt), null(b.OfferUntil), null(b.AcceptedAt), b.Superior,
		null(b.DelegatedAt), b.DelegatedOn, b.Reason, string(b.Told), db.JSON(b.ToldSessions), null(b.LetterAt), b.Sequence, b.CreatedAt, b.ChangedAt)
}

type eventRow struct {
	ID        string
	BookingID string
	State     State
	Act       string
	Before    string
	ByPerson  string
	At        time.Time
}

func insertEvent(ctx context.Context, tx *db.Tx, e eventRow, reason string) error {
	return db.Exec(ctx, tx, `INSERT INTO booking_event (id, booking_id, at, by_person, state, reason, act, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.BookingID, e.At, e.ByPerson, string(e.State), reason, e.Act, e.Before)
}

// frozen is a booking as an event keeps it, for undoing what came after.
func frozen(b Booking) (string, error) {
	if b.State == None {
		return "", nil
	}
	text, err := json.Marshal(b)
	return string(text), err
}

func thawed(text string) (b Booking, err error) {
	err = json.Unmarshal([]byte(text), &b)
	return b, err
}

func roomOf(ctx context.Context, q db.Querier, trainingID string, sessions []classroom.Session) (r Room, err error) {
	if r.Seats = Unlimited; len(sessions) > 0 {
		if places, limited := classroom.Places(sessions); limited {
			r.Seats = places
		}
	}
	if r.Quotas, err = db.All[Quota](ctx, q, `SELECT kind, name, places FROM training_quota WHERE training_id = ? ORDER BY kind, name`, trainingID); err != nil {
		return r, err
	}
	r.Places, err = db.All[Places](ctx, q, `SELECT unit_id, places, until FROM booking_places WHERE training_id = ? ORDER BY unit_id`, trainingID)
	return r, err
}

// held returns the sessions that take place.
func held(sessions []classroom.Session) (list []classroom.Session) {
	for _, s := range sessions {
		if s.Held() {
			list = append(list, s)
		}
	}
	return list
}

// closes returns the end of the day before the first session that is held: midnight on the wall, which is not always 24 hours before
// the next. Zero if there is none.
func closes(sessions []classroom.Session, zone *time.Location) time.Time {
	list := held(sessions)
	if len(list) == 0 {
		return time.Time{}
	}
	y, m, d := list[0].StartsAt.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone).UTC()
}

// shown returns what a letter and a calendar say of the sessions that are held, each as a digest, so that what changes back is no change.
func shown(title string, sessions []classroom.Session) map[string]string {
	out := map[string]string{}
	for _, s := range held(sessions) {
		sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %d %q %q %q %q %q %q", title, s.StartsAt.Unix(), s.EndsAt.Unix(), s.Title, s.Place, s.Address, s.AccessNotes, s.Room, s.Link))
		out[s.ID] = hex.EncodeToString(sum[:8])
	}
	return out
}
