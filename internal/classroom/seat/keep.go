package seat

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// Outcome is what came of an act upon many.
type Outcome struct {
	Act      string // names it to [Service.Undo]
	Done     int
	Waiting  int // of those done, who is on the waiting list
	Left     int // for whom it could not be
	Overlaps []Overlap
}

// Overlap is another training at the same time in which somebody has a seat.
type Overlap struct {
	PersonID   string
	TrainingID string
	Title      string
}

// overlaps returns who of the persons has a seat elsewhere while the training is held.
func overlaps(ctx context.Context, q db.Querier, trainingID string, personIDs []string) ([]Overlap, error) {
	if len(personIDs) == 0 {
		return nil, nil
	}
	args := append([]any{trainingID, trainingID}, db.Args(personIDs)...)
	return db.All[Overlap](ctx, q, `
		SELECT DISTINCT b.person_id, t.id AS training_id, t.title FROM booking b JOIN training t ON t.id = b.training_id
			JOIN training_session o ON o.training_id = b.training_id AND o.cancelled_at IS NULL
			JOIN training_session s ON s.training_id = ? AND s.cancelled_at IS NULL AND s.starts_at < o.ends_at AND o.starts_at < s.ends_at
		WHERE b.training_id <> ? AND b.state IN ('confirmed', 'offered') AND b.person_id IN (`+db.In(len(personIDs))+`) ORDER BY t.title, b.person_id`, args...)
}

// each does an act to persons, leaving out for whom it cannot be, and, unless it is done anyway, who is elsewhere at that time.
func (h *book) each(ctx context.Context, list []Booking, a Act, anyway bool, reason string) (o Outcome, err error) {
	var ids []string
	for _, b := range list {
		ids = append(ids, b.PersonID)
	}
	if !anyway && (a == Invite || a == Approve || a == Add || a == Give) {
		if o.Overlaps, err = overlaps(ctx, h.tx, h.plan.ID, ids); err != nil {
			return o, err
		}
	}
	for _, b := range list {
		if slices.ContainsFunc(o.Overlaps, func(x Overlap) bool { return x.PersonID == b.PersonID }) {
			continue
		}
		next, err := h.do(ctx, b, a, h.theCase(b), reason)
		switch {
		case errors.Is(err, errs.ErrConflict):
			o.Left++
			continue
		case err != nil:
			return o, err
		case next.Asked() && a == Approve:
			if err := h.ask(ctx, next); err != nil {
				return o, err
			}
		}
		if o.Done++; next.State == Waiting {
			o.Waiting++
		}
	}
	return o, nil
}

// chosen returns the bookings of the persons named.
func (h *book) chosen(personIDs []string) (list []Booking) {
	for _, b := range h.list {
		if slices.Contains(personIDs, b.PersonID) {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, func(a, b Booking) int { return a.QueuedAt.Compare(b.QueuedAt) }) // who came first is seated first
	return list
}

// onList does an act to people who are on a training's list.
func (s *Service) onList(ctx context.Context, actor access.Actor, p access.Permission, trainingID string, personIDs []string, a Act, anyway bool, reason string) (o Outcome, err error) {
	act, err := s.keeper(ctx, actor, p, trainingID, string(a), func(h *book) (int, error) {
		o, err = h.each(ctx, h.chosen(personIDs), a, anyway, reason)
		return o.Done, err
	})
	o.Act = act
	return o, err
}

// begin takes people onto a training's list, of those whom the actor may.
func (s *Service) begin(ctx context.Context, actor access.Actor, p access.Permission, trainingID string, personIDs []string, a Act, anyway bool) (o Outcome, err error) {
	act, err := s.keeper(ctx, actor, p, trainingID, string(a), func(h *book) (int, error) {
		if !h.settled() || h.plan.State(h.now) == classroom.Over {
			return 0, errClosed
		}
		people, err := s.People.PersonsWithin(ctx, h.tx, actor, p, personIDs)
		if err != nil {
			return 0, err
		}
		var list []Booking
		for _, x := range people {
			list = append(list, h.fresh(x))
		}
		o, err = h.each(ctx, list, a, anyway, "")
		return o.Done, err
	})
	o.Act = act
	return o, err
}

// Invite offers seats to people, and puts those on the waiting list for whom there is none. Who has a seat elsewhere at that time is
// invited only anyway.
func (s *Service) Invite(ctx context.Context, actor access.Actor, trainingID string, personIDs []string, anyway bool) (_ Outcome, err error) {
	defer errs.Wrap(&err, "seat.Invite(%d)", len(personIDs))
	return s.begin(ctx, actor, access.SignUps, trainingID, personIDs, Invite, anyway)
}

// Add gives people seats without asking them.
func (s *Service) Add(ctx context.Context, actor access.Actor, trainingID string, personIDs []string, anyway bool) (_ Outcome, err error) {
	defer errs.Wrap(&err, "seat.Add(%d)", len(personIDs))
	return s.begin(ctx, actor, access.Participants, trainingID, personIDs, Add, anyway)
}

// Approve takes applications: a seat if there is one, else the waiting list.
func (s *Service) Approve(ctx context.Context, actor access.Actor, trainingID string, personIDs []string, anyway bool) (_ Outcome, err error) {
	defer errs.Wrap(&err, "seat.Approve(%d)", len(personIDs))
	return s.onList(ctx, actor, access.SignUps, trainingID, personIDs, Approve, anyway, "")
}

// noReason is the fault of who gives none.
func noReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return errs.Fields{{Name: "reason", Key: "seat.fault.reason"}}.Err()
	}
	return nil
}

// Refuse turns applications down, with a reason that the people are told.
func (s *Service) Refuse(ctx context.Context, actor access.Actor, trainingID string, personIDs []string, reason string) (_ Outcome, err error) {
	defer errs.Wrap(&err, "seat.Refuse(%d)", len(personIDs))
	if err := noReason(reason); err != nil {
		return Outcome{}, err
	}
	return s.onList(ctx, actor, access.SignUps, trainingID, personIDs, Refuse, false, strings.TrimSpace(reason))
}

// TakeOut takes people off a training, with a reason that they are told.
func (s *Service) TakeOut(ctx context.Context, actor access.Actor, trainingID string, personIDs []string, reason string) (_ Outcome, err error) {
	defer errs.Wrap(&err, "seat.TakeOut(%d)", len(personIDs))
	if err := noReason(reason); err != nil {
		return Outcome{}, err
	}
	return s.onList(ctx, actor, access.Participants, trainingID, personIDs, Cancel, false, strings.TrimSpace(reason))
}

// DelegatedOnPaper enters that superiors consented on paper.
func (s *Service) DelegatedOnPaper(ctx context.Context, actor access.Actor, trainingID string, personIDs []string) (o Outcome, err error) {
	defer errs.Wrap(&err, "seat.DelegatedOnPaper(%d)", len(personIDs))
	act, err := s.keeper(ctx, actor, access.SignUps, trainingID, "delegated", func(h *book) (int, error) {
		for _, b := range h.chosen(personIDs) {
			next, err := b.After(Consent, h.theCase(b))
			if errors.Is(err, errs.ErrConflict) {
				o.Left++
				continue
			}
			if err != nil {
				return 0, err
			}
			next.DelegatedOn = "paper"
			if err := h.set(ctx, next, "", false); err != nil {
				return 0, err
			}
			o.Done++
		}
		return o.Done, nil
	})
	o.Act = act
	return o, err
}

// Undo takes an act of the actor back, before its letters leave: everything that it changed becomes what it was. It is refused once
// anything of that has changed again, or another has taken the seat.
func (s *Service) Undo(ctx context.Context, actor access.Actor, trainingID, act string) (n int, err error) {
	defer errs.Wrap(&err, "seat.Undo")
	err = s.change(ctx, actor, trainingID, UndoFor, func(h *book) error {
		if _, err := s.Trainings.Open(ctx, h.tx, actor, access.TrainingsRead, trainingID); err != nil {
			return err
		}
		if n, err = h.undo(ctx, actor, act); err != nil {
			return err
		}
		if n == 0 {
			return errs.NotFound("error.not-found")
		}
		// Who was moved is in another training by the same act.
		others, err := db.All[string](ctx, h.tx, `SELECT DISTINCT b.training_id FROM booking_event e JOIN booking b ON b.id = e.booking_id WHERE e.act = ? AND b.training_id <> ?`, act, trainingID)
		if err != nil {
			return err
		}
		for _, other := range others {
			o, err := s.open(ctx, h.tx, other)
			if err != nil {
				return err
			}
			o.by, o.delay = actor.PersonID, UndoFor
			if _, err := o.undo(ctx, actor, act); err != nil {
				return err
			}
			if err := o.moveUp(ctx); err != nil {
				return err
			}
		}
		return audit.Record(ctx, h.tx, h.now, actor.PersonID, "seat.undo", "training:"+trainingID, map[string]any{"people": n})
	})
	return n, err
}

// undo takes an act back in one training, and returns how many bookings it had changed.
func (h *book) undo(ctx context.Context, actor access.Actor, act string) (n int, err error) {
	tooLate := errs.Conflict("seat.fault.undo")
	list, err := db.All[eventRow](ctx, h.tx, `SELECT e.id, e.booking_id, e.state, e.act, e.before, e.by_person, e.at FROM booking_event e JOIN booking b ON b.id = e.booking_id
		WHERE e.act = ? AND b.training_id = ? ORDER BY e.id DESC`, act, h.plan.ID)
	if err != nil {
		return 0, err
	}
	for _, e := range list {
		if e.ByPerson != actor.PersonID || h.now.Sub(e.At) >= UndoFor {
			return 0, tooLate
		}
		last, err := db.One[string](ctx, h.tx, `SELECT COALESCE(MAX(id), '') FROM booking_event WHERE booking_id = ? AND act <> ?`, e.BookingID, act)
		if err != nil {
			return 0, err
		}
		if last > e.ID {
			return 0, tooLate
		}
		if err := h.restore(ctx, e); err != nil {
			return 0, err
		}
	}
	if len(h.room.Faults(h.list)) > 0 {
		return 0, tooLate
	}
	return len(list), nil
}

// restore makes a booking what it was before an event. What letters have said meanwhile stays said.
func (h *book) restore(ctx context.Context, e eventRow) error {
	now, _ := h.byID(e.BookingID)
	if e.Before == "" {
		for _, text := range []string{`DELETE FROM booking_link WHERE booking_id = ?`, `DELETE FROM booking_event WHERE booking_id = ?`, `DELETE FROM booking WHERE id = ?`} {
			if err := db.Exec(ctx, h.tx, text, e.BookingID); err != nil {
				return err
			}
		}
		h.list = h.others(e.BookingID)
		now.State, e.State = None, now.State
		return h.tell(ctx, e.State, now)
	}
	before, err := thawed(e.Before)
	if err != nil {
		return err
	}
	before.Told, before.ToldSessions, before.Sequence = now.Told, now.ToldSessions, now.Sequence
	return h.set(ctx, before, "", false)
}

// SetPlaces lets a unit's superior give out seats until a time; none takes them back.
func (s *Service) SetPlaces(ctx context.Context, actor access.Actor, trainingID string, p Places) (err error) {
	defer errs.Wrap(&err, "seat.SetPlaces")
	_, err = s.keeper(ctx, actor, access.SignUps, trainingID, "places", func(h *book) (int, error) {
		var faults errs.Fields
		n, err := db.One[int](ctx, h.tx, `SELECT COUNT(*) FROM identity_unit WHERE id = ?`, p.UnitID)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			faults.Add("unit", "seat.fault.unit")
		}
		if p.Places < 0 {
			faults.Add("places", "seat.fault.places")
		}
		if !h.closes.IsZero() && p.Until.After(h.closes) {
			p.Until = h.closes
		}
		if p.Places > 0 && !p.Until.After(h.now) {
			faults.Add("until", "seat.fault.until")
		}
		others := slices.DeleteFunc(slices.Clone(h.room.Places), func(x Places) bool { return x.UnitID == p.UnitID })
		h.room.Places = append(others, p)
		if t := h.room.Count(h.list); h.room.Seats != Unlimited && t.Taken+h.room.Reserved(t, h.now) > h.room.Seats {
			faults.Add("places", "seat.fault.places-free", "Count", max(0, h.room.Seats-t.Taken-Room{Places: others}.Reserved(t, h.now)))
		}
		if err := faults.Err(); err != nil {
			return 0, err
		}
		err = db.Exec(ctx, h.tx, `INSERT INTO booking_places (training_id, unit_id, places, until) VALUES (?, ?, ?, ?)
			ON CONFLICT (training_id, unit_id) DO UPDATE SET places = excluded.places, until = excluded.until`, trainingID, p.UnitID, p.Places, p.Until)
		return p.Places, err
	})
	return err
}

// GivePlaces gives a unit's places to people of it. Who may: whoever keeps sign-ups or people in that unit, since a unit's superior is,
// in the program, who answers for its people.
func (s *Service) GivePlaces(ctx context.Context, actor access.Actor, trainingID, unitID string, personIDs []string, anyway bool) (o Outcome, err error) {
	defer errs.Wrap(&err, "seat.GivePlaces(%d)", len(personIDs))
	err = s.change(ctx, actor, trainingID, UndoFor, func(h *book) error {
		path, err := superiorOf(ctx, h.tx, actor, unitID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(h.room.Places, func(p Places) bool { return p.UnitID == unitID }) || !h.settled() {
			return errs.NotFound("error.not-found")
		}
		people, err := s.People.Persons(ctx, h.tx, personIDs)
		if err != nil {
			return err
		}
		if o.Overlaps, err = h.elsewhere(ctx, personIDs, anyway); err != nil {
			return err
		}
		for _, p := range people {
			b := h.fresh(p)
			c := h.theCase(b)
			c.Fits = h.room.FitsPlace(h.room.Count(h.others(b.ID)), b, unitID, h.now)
			next, refused := b.After(Give, c)
			if refused != nil || !strings.HasPrefix(p.UnitPath, path) || p.Blocked || slices.ContainsFunc(o.Overlaps, func(x Overlap) bool { return x.PersonID == p.ID }) {
				o.Left++
				continue
			}
			next.UnitID = unitID
			if err := h.set(ctx, next, "", false); err != nil {
				return err
			}
			o.Done++
		}
		o.Act = h.act
		return audit.Record(ctx, h.tx, h.now, actor.PersonID, "seat.give", "training:"+trainingID, map[string]any{"people": o.Done})
	})
	return o, err
}

func (h *book) elsewhere(ctx context.Context, personIDs []string, anyway bool) ([]Overlap, error) {
	if anyway {
		return nil, nil
	}
	return overlaps(ctx, h.tx, h.plan.ID, personIDs)
}

// superiorOf returns the path of a unit whose people the actor answers for; any other is not found.
func superiorOf(ctx context.Context, q db.Querier, actor access.Actor, unitID string) (string, error) {
	if !id.Valid(unitID) {
		return "", errs.NotFound("error.not-found")
	}
	path, err := db.One[string](ctx, q, `SELECT path FROM identity_unit WHERE id = ?`, unitID)
	if err == nil && !actor.May(access.SignUps, path) && !actor.May(access.PeopleWrite, path) {
		err = errs.NotFound("error.not-found")
	}
	return path, err
}

// address reads a superior's address; "" and a fault if it is none, or the person's own.
func address(text, own string) (string, error) {
	a, err := mail.Address(text)
	switch {
	case err != nil:
		return "", errs.Fields{{Name: "superior", Key: "seat.fault.superior"}}.Err()
	case a == own:
		return "", errs.Fields{{Name: "superior", Key: "seat.fault.superior-own"}}.Err()
	}
	return a, nil
}

// Tick lapses what is over and moves queues up where a unit's places fell free: as time goes on, and a training at a time, so that
// nobody waits long.
func (s *Service) Tick(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "seat.Tick")
	now := s.Clock.Now()
	const most = 200
	// Of the waiting, the first session tells: a queue is closed on the day before. Two days are looked at, whatever the zone.
	ids, err := db.All[string](ctx, s.DB, `
		SELECT training_id FROM booking WHERE state = 'offered' AND offer_until <= ?
		UNION SELECT b.training_id FROM booking b JOIN training_session t ON t.training_id = b.training_id AND t.cancelled_at IS NULL WHERE b.state = 'waiting' AND t.starts_at <= ?
		UNION SELECT p.training_id FROM booking_places p JOIN booking b ON b.training_id = p.training_id AND b.state = 'waiting' WHERE p.until <= ?
		LIMIT ?`, now, now.Add(24*time.Hour), now, most)
	for _, trainingID := range ids {
		if failure := s.change(ctx, access.Actor{}, trainingID, 0, func(h *book) error { return h.lapse(ctx) }); failure != nil {
			err = errors.Join(err, failure)
		}
	}
	return err
}

func (h *book) lapse(ctx context.Context) error {
	c := Case{Now: h.now, Closes: h.closes}
	for _, b := range slices.Clone(h.list) {
		if _, err := h.do(ctx, b, Lapse, c, ""); err != nil && !errors.Is(err, errs.ErrConflict) {
			return err
		}
	}
	return nil
}
