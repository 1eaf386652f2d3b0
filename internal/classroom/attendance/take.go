package attendance

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// Kinds of what a hall sends.
const (
	KindMark   = "mark"
	KindWalkIn = "walk-in"
	KindCount  = "count" // of heads
	KindSheet  = "sheet" // how many signatures are on it
	KindNote   = "note"
)

// Item is one thing that was written down in a hall. Its id comes from where it was written, so that it may be sent again.
type Item struct {
	ID          string    `json:"id"`
	Kind        string    `json:"kind"`
	MadeAt      time.Time `json:"madeAt"`
	Who         string    `json:"who,omitempty"` // of a mark: the person's id, or the walk-in's
	State       State     `json:"state,omitempty"`
	Undoes      string    `json:"undoes,omitempty"`
	From        string    `json:"from,omitempty"` // as the clock on the wall shows it, "10:20"
	Until       string    `json:"until,omitempty"`
	Note        string    `json:"note,omitempty"`
	Name        string    `json:"name,omitempty"` // of a walk-in
	Institution string    `json:"institution,omitempty"`
	Number      int       `json:"number,omitempty"`
}

// Parcel is what a device sends at once.
type Parcel struct {
	Device string    `json:"device"`
	SentAt time.Time `json:"sentAt"` // by the device's clock
	Items  []Item    `json:"items"`
}

// mostItems bounds a parcel: a hall of 250 people marked twice. What waits beyond it comes in the next.
const mostItems = 500

// mostWords bounds names and notes, in characters. What is longer is cut: a hall cannot be asked again.
const mostWords = 500

// Take stores what was written down in a hall and returns the ids that it could make nothing of; the device keeps these and shows
// them. Everything else is stored, once.
func (s *Service) Take(ctx context.Context, actor access.Actor, sessionID string, p Parcel) (strange []string, err error) {
	defer errs.Wrap(&err, "attendance.Take(%d)", len(p.Items))
	if len(p.Items) > mostItems {
		return nil, errs.Invalid("hall.too-many", "Most", mostItems)
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.locked(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		if err := db.Exec(ctx, tx, `UPDATE session_device SET heard_at = ? WHERE id = ? AND session_id = ?`, now, p.Device, x.ID); err != nil {
			return err
		}
		strange, err = s.take(ctx, tx, taking{actor.PersonID, ByRoll, "", now}, x, p)
		return err
	})
	return strange, err
}

// taking says who takes something in, how, and when.
type taking struct {
	by     string
	origin Origin
	reason string
	now    time.Time
}

// take stores items within a transaction that holds the session, and brings up to date what the marks come to.
func (s *Service) take(ctx context.Context, tx *db.Tx, t taking, x Session, p Parcel) (strange []string, err error) {
	marked := false
	for _, item := range p.Items {
		taken, err := s.takeOne(ctx, tx, t, x, p, item)
		switch {
		case err != nil:
			return nil, err
		case !taken:
			strange = append(strange, item.ID)
		case item.Kind == KindMark:
			marked = true
		}
	}
	if marked {
		err = s.settle(ctx, tx, x)
	}
	return strange, err
}

func (s *Service) takeOne(ctx context.Context, tx *db.Tx, t taking, x Session, p Parcel, item Item) (taken bool, err error) {
	if !id.Valid(item.ID) {
		return false, nil
	}
	var flags Flags
	at, off := reckoned(item.MadeAt, p.SentAt, t.now)
	flags.add(late, !x.ClosedAt.IsZero() && t.origin != ByCorrection)
	flags.add(badClock, off)
	if item.MadeAt.IsZero() {
		item.MadeAt = t.now
	}
	switch item.Kind {
	case KindMark:
		m := Mark{
			ID: item.ID, State: item.State, Undoes: item.Undoes, Note: cut(item.Note), MadeAt: item.MadeAt, At: at, ReceivedAt: t.now, MadeBy: t.by, Device: p.Device,
			Origin: t.origin, Flags: flags, Reason: t.reason, FromAt: TimeOfDay(x.Span(), item.From, s.zone), UntilAt: TimeOfDay(x.Span(), item.Until, s.zone),
		}
		return s.takeMark(ctx, tx, x, m, item.Who)
	case KindWalkIn:
		return s.takeWalkIn(ctx, tx, x, item, t)
	case KindCount, KindSheet, KindNote:
		if item.Number < 0 || item.Kind == KindNote && text.CleanLines(item.Note) == "" {
			return false, nil
		}
		return true, db.Exec(ctx, tx, `
			INSERT INTO session_entry (id, session_id, kind, number, body, made_at, at, received_at, made_by, device, flags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO NOTHING`,
			item.ID, x.ID, item.Kind, item.Number, cut(text.CleanLines(item.Note)), item.MadeAt, at, t.now, t.by, p.Device, string(flags))
	}
	return false, nil
}

// takeMark stores a mark of somebody who is known here. A mark whose id another has is another mark, unless it says the same: two
// people never count as one.
func (s *Service) takeMark(ctx context.Context, tx *db.Tx, x Session, m Mark, who string) (taken bool, err error) {
	switch m.State {
	case Present, Absent, Undone:
	default:
		return false, nil
	}
	booked, err := s.whoIs(ctx, tx, x, &m, who)
	if errors.Is(err, errs.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	m.Flags.add(unbooked, !booked)
	m.Flags.add(outside, beside(x.Span(), m))
	for range 2 {
		n, err := db.Changed(ctx, tx, `
			INSERT INTO attendance_mark (id, session_id, person_id, walk_in_id, state, undoes, from_at, until_at, note, made_at, at, received_at, made_by, device, origin, flags, reason)
			VALUES (?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			m.ID, x.ID, m.PersonID, m.WalkInID, string(m.State), m.Undoes, m.FromAt, m.UntilAt, m.Note, m.MadeAt, m.At, m.ReceivedAt, m.MadeBy, m.Device, string(m.Origin), string(m.Flags), m.Reason)
		if err != nil || n == 1 {
			return true, err
		}
		same, err := db.One[int](ctx, tx, `
			SELECT COUNT(*) FROM attendance_mark WHERE id = ? AND session_id = ? AND COALESCE(person_id, '') = ? AND walk_in_id = ? AND state = ? AND device = ?`,
			m.ID, x.ID, m.PersonID, m.WalkInID, string(m.State), m.Device)
		if err != nil || same == 1 {
			return true, err
		}
		m.ID = uuid.NewSHA1(uuid.MustParse(m.ID), []byte(x.ID+m.PersonID+m.WalkInID+string(m.State)+m.Device)).String() // RFC 9562, section 5.5: the same each time
	}
	return true, nil
}

// whoIs finds of whom a mark is, among the people and the session's walk-ins, and says whether they have a seat.
func (s *Service) whoIs(ctx context.Context, q db.Querier, x Session, m *Mark, who string) (booked bool, err error) {
	if !id.Valid(who) {
		return false, errs.NotFound("error.not-found")
	}
	guest, err := db.One[walkIn](ctx, q, `SELECT id, name, institution, COALESCE(person_id, '') AS person_id FROM walk_in WHERE id = ? AND session_id = ?`, who, x.ID)
	switch {
	case err == nil: // of somebody who was found since it is a mark all the same
		m.WalkInID = guest.ID
		if guest.PersonID == "" {
			return false, nil
		}
		return isBooked(ctx, q, x.TrainingID, guest.PersonID)
	case !errors.Is(err, errs.ErrNotFound):
		return false, err
	}
	if _, err := db.One[string](ctx, q, `SELECT id FROM identity_person WHERE id = ?`, who); err != nil {
		return false, err
	}
	m.PersonID = who
	return isBooked(ctx, q, x.TrainingID, who)
}

func isBooked(ctx context.Context, q db.Querier, trainingID, personID string) (bool, error) {
	n, err := db.One[int](ctx, q, `SELECT COUNT(*) FROM booking WHERE training_id = ? AND person_id = ? AND state = 'confirmed'`, trainingID, personID)
	return n > 0, err
}

// takeWalkIn stores somebody who came without a seat. Two of the same name are two.
func (s *Service) takeWalkIn(ctx context.Context, tx *db.Tx, x Session, item Item, t taking) (taken bool, err error) {
	name := cut(text.Clean(item.Name))
	if name == "" {
		return false, nil
	}
	n, err := db.Changed(ctx, tx, `
		INSERT INTO walk_in (id, session_id, name, institution, made_at, received_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		item.ID, x.ID, name, cut(text.Clean(item.Institution)), item.MadeAt, t.now, t.by)
	if err != nil || n == 1 {
		return true, err
	}
	same, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM walk_in WHERE id = ? AND session_id = ? AND name IN (?, '')`, item.ID, x.ID, name) // or its name was erased since
	return same == 1, err
}

func cut(s string) string {
	if r := []rune(s); len(r) > mostWords {
		return string(r[:mostWords])
	}
	return s
}

// settle writes anew what the marks of a session come to, for everybody who is known by name: only the rows that change.
func (s *Service) settle(ctx context.Context, tx *db.Tx, x Session) error {
	r, err := s.roll(ctx, tx, x)
	if err != nil {
		return err
	}
	type kept struct {
		PersonID, MarkID string
		Minutes          int
	}
	list, err := db.All[kept](ctx, tx, `SELECT person_id, mark_id, minutes FROM attendance WHERE session_id = ?`, x.ID)
	if err != nil {
		return err
	}
	before := make(map[string]kept, len(list))
	for _, k := range list {
		before[k.PersonID] = k
	}
	changed := false
	for _, row := range r.Rows {
		st := row.Standing
		k, there := before[row.Who]
		if row.WalkIn || st.State == "" {
			continue
		}
		delete(before, row.Who)
		if there && k.MarkID == st.MarkID && k.Minutes == st.Minutes {
			continue
		}
		changed = true
		if err := db.Exec(ctx, tx, `
			INSERT INTO attendance (session_id, person_id, state, minutes, mark_id, training_id, programme)
			VALUES (?, ?, ?, ?, ?, ?, (SELECT CASE WHEN programme_id <> '' THEN programme_id ELSE title END FROM training WHERE id = ?))
			ON CONFLICT (session_id, person_id) DO UPDATE SET state = excluded.state, minutes = excluded.minutes, mark_id = excluded.mark_id`,
			x.ID, row.Who, string(st.State), st.Minutes, st.MarkID, x.TrainingID, x.TrainingID); err != nil {
			return err
		}
	}
	for personID := range before { // their marks were taken back, or were those of a walk-in who is somebody else
		changed = true
		if err := db.Exec(ctx, tx, `DELETE FROM attendance WHERE session_id = ? AND person_id = ?`, x.ID, personID); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	return db.Exec(ctx, tx, `UPDATE training_session SET attended = ? WHERE id = ?`, id.New(), x.ID) // who keeps what they read of it sees that it is old
}
