package seat

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/seat/ends"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
)

// open to applications: anybody may, until the end of the day before.
func (h *book) takesApplications() bool {
	return h.plan.SignUp == classroom.Approved && h.plan.State(h.now) == classroom.Planned && !h.theCase(Booking{}).Closed()
}

// Apply asks for a seat. Where the training asks for delegation, the superior's address comes with it. Who has a seat elsewhere at that
// time applies all the same and is told: whether they may come is for who keeps the list.
func (s *Service) Apply(ctx context.Context, actor access.Actor, trainingID, superior string) (list []Overlap, err error) {
	defer errs.Wrap(&err, "seat.Apply")
	err = s.change(ctx, actor, trainingID, 0, func(h *book) error {
		if !h.takesApplications() {
			return errClosed
		}
		people, err := s.People.Persons(ctx, h.tx, []string{actor.PersonID})
		if err != nil || len(people) == 0 {
			return err
		}
		b := h.fresh(people[0])
		if h.plan.Delegation {
			if b.Superior, err = address(superior, people[0].Mail); err != nil {
				return err
			}
		}
		if _, err := h.do(ctx, b, Apply, h.theCase(b), ""); err != nil {
			return err
		}
		list, err = overlaps(ctx, h.tx, trainingID, []string{actor.PersonID})
		return err
	})
	return list, err
}

// own runs fn with the actor's booking in a training; one that there is not is not found.
func (s *Service) own(ctx context.Context, actor access.Actor, trainingID string, fn func(h *book, b Booking) error) error {
	return s.change(ctx, actor, trainingID, 0, func(h *book) error {
		b, ok := h.of(actor.PersonID)
		if !ok {
			return errs.NotFound("error.not-found")
		}
		return fn(h, b)
	})
}

// Accept takes the seat that is offered to the actor; the superior is asked if the training says so.
func (s *Service) Accept(ctx context.Context, actor access.Actor, trainingID, superior string) (err error) {
	defer errs.Wrap(&err, "seat.Accept")
	return s.own(ctx, actor, trainingID, func(h *book, b Booking) error { return h.accept(ctx, b, superior) })
}

func (h *book) accept(ctx context.Context, b Booking, superior string) error {
	c := h.theCase(b)
	if next, err := b.After(Accept, c); err != nil {
		return err
	} else if next.Asked() {
		people, err := h.s.People.Persons(ctx, h.tx, []string{b.PersonID})
		if err != nil || len(people) == 0 {
			return err
		}
		if superior == "" {
			superior = b.Superior
		}
		if b.Superior, err = address(superior, people[0].Mail); err != nil {
			return err
		}
	}
	next, err := h.do(ctx, b, Accept, c, "")
	if err != nil || !next.Asked() {
		return err
	}
	return h.ask(ctx, next)
}

// Decline turns down the seat that is offered to the actor, or leaves the waiting list.
func (s *Service) Decline(ctx context.Context, actor access.Actor, trainingID string) (err error) {
	defer errs.Wrap(&err, "seat.Decline")
	return s.own(ctx, actor, trainingID, func(h *book, b Booking) error {
		_, err := h.do(ctx, b, Decline, h.theCase(b), "")
		return err
	})
}

// Cancel gives the actor's seat back, or withdraws an application, with a reason.
func (s *Service) Cancel(ctx context.Context, actor access.Actor, trainingID, reason string) (err error) {
	defer errs.Wrap(&err, "seat.Cancel")
	if err := noReason(reason); err != nil {
		return err
	}
	return s.own(ctx, actor, trainingID, func(h *book, b Booking) error {
		if h.plan.State(h.now) == classroom.Over {
			return errClosed
		}
		_, err := h.do(ctx, b, Cancel, h.theCase(b), strings.TrimSpace(reason))
		return err
	})
}

// SetInterest notes that the actor wants to be trained when there is a date, in a programme or ("") in any, or no longer does.
func (s *Service) SetInterest(ctx context.Context, actor access.Actor, programmeID string, on bool) (err error) {
	defer errs.Wrap(&err, "seat.SetInterest")
	if len(programmeID) > 100 {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		now, ref := s.Clock.Now(), actor.PersonID+"/"+programmeID
		if !on {
			if err := ends.EraseInterest(ctx, tx, ref); err != nil {
				return err
			}
			return keeping.Erased(ctx, tx, ends.Interest, ref, now)
		}
		if err := db.Exec(ctx, tx, `INSERT INTO training_interest (person_id, programme_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, actor.PersonID, programmeID, now); err != nil {
			return err
		}
		return keeping.Keep(ctx, tx, keeping.Entry{Kind: ends.Interest, Ref: ref, PersonID: actor.PersonID, Since: now, Until: now.Add(ends.InterestFor)})
	})
}

// Interested returns the programmes that the actor waits for a date of.
func (s *Service) Interested(ctx context.Context, actor access.Actor) (_ []string, err error) {
	defer errs.Wrap(&err, "seat.Interested")
	return db.All[string](ctx, s.DB, `SELECT programme_id FROM training_interest WHERE person_id = ? ORDER BY programme_id`, actor.PersonID)
}

// Interest is somebody who waits for a date.
type Interest struct {
	PersonID    string
	Name        string
	Unit        string
	ProgrammeID string
	Since       time.Time
}

// Interests returns who waits for a date, the longest first, of those whose sign-ups the actor keeps.
func (s *Service) Interests(ctx context.Context, actor access.Actor) (_ []Interest, err error) {
	defer errs.Wrap(&err, "seat.Interests")
	within, args := actor.Within(access.SignUps, "u.path")
	return db.All[Interest](ctx, s.DB, `SELECT i.person_id, p.given_name || ' ' || p.family_name AS name, u.name AS unit, i.programme_id, i.created_at AS since
		FROM training_interest i JOIN identity_person p ON p.id = i.person_id JOIN identity_unit u ON u.id = p.unit_id
		WHERE p.state <> 'blocked' AND `+within+` ORDER BY i.created_at, i.person_id LIMIT 500`, args...)
}

// Mine is a booking as its person sees it.
type Mine struct {
	Booking
	Plan     classroom.Plan
	Sessions []classroom.Session // those that are held
	Place    int                 // in the queue, from 1; 0 if they do not wait
}

// Mine returns the actor's bookings, the next training first.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (list []Mine, err error) {
	defer errs.Wrap(&err, "seat.Mine")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list = nil
		bookings, err := db.All[Booking](ctx, tx, `SELECT `+columns+` FROM booking b JOIN training t ON t.id = b.training_id WHERE b.person_id = ? ORDER BY t.held_from DESC, b.id`, actor.PersonID)
		if err != nil {
			return err
		}
		for _, b := range bookings {
			m, err := s.mine(ctx, tx, b)
			if err != nil {
				return err
			}
			list = append(list, m)
		}
		return nil
	})
	return list, err
}

func (s *Service) mine(ctx context.Context, q db.Querier, b Booking) (m Mine, err error) {
	m.Booking = b
	if m.Plan, err = classroom.PlanOf(ctx, q, b.TrainingID); err != nil {
		return m, err
	}
	sessions, err := classroom.SessionsOf(ctx, q, b.TrainingID)
	if err != nil {
		return m, err
	}
	m.Sessions = held(sessions)
	if b.State == Waiting {
		m.Place, err = db.One[int](ctx, q, `SELECT COUNT(*) + 1 FROM booking WHERE training_id = ? AND state = 'waiting' AND (queued_at < ? OR queued_at = ? AND id < ?)`,
			b.TrainingID, b.QueuedAt, b.QueuedAt, b.ID)
	}
	return m, err
}

// Own returns the actor's view of a training: their booking, if they have one, and what they could apply for; any other training is
// not found.
func (s *Service) Own(ctx context.Context, actor access.Actor, trainingID string) (m Mine, applies bool, err error) {
	defer errs.Wrap(&err, "seat.Own")
	if !id.Valid(trainingID) {
		return m, false, errs.NotFound("error.not-found")
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err := db.All[Booking](ctx, tx, `SELECT `+columns+` FROM booking b WHERE b.training_id = ? AND b.person_id = ?`, trainingID, actor.PersonID)
		if err != nil {
			return err
		}
		b := Booking{TrainingID: trainingID}
		if len(list) > 0 {
			b = list[0]
		}
		if m, err = s.mine(ctx, tx, b); err != nil {
			return err
		}
		applies = s.takes(m) && !b.State.Open() && b.State != Refused
		if b.State == None && !applies {
			return errs.NotFound("error.not-found")
		}
		return nil
	})
	return m, applies, err
}

// takes says whether a training takes applications now.
func (s *Service) takes(m Mine) bool {
	h := book{s: s, plan: m.Plan, room: Room{Seats: Unlimited}, now: s.Clock.Now(), closes: closes(m.Sessions, s.Zone)}
	return h.takesApplications()
}

// Offer is a training that people can apply for.
type Offer struct {
	Mine
	Free      int // seats; [Unlimited] if nobody wrote down how many there are
	WaitingNo int // how many wait
}

// Offers returns the trainings that take applications, the next first.
func (s *Service) Offers(ctx context.Context, actor access.Actor) (list []Offer, err error) {
	defer errs.Wrap(&err, "seat.Offers")
	const most = 100
	now := s.Clock.Now()
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list = nil
		ids, err := db.All[string](ctx, tx, `SELECT id FROM training WHERE sign_up = 'approved' AND cancelled_at IS NULL AND put_off_at IS NULL AND held_from > ? ORDER BY held_from, id LIMIT ?`, now, most)
		if err != nil {
			return err
		}
		for _, trainingID := range ids {
			bookings, err := bookingsOf(ctx, tx, trainingID)
			if err != nil {
				return err
			}
			b := Booking{TrainingID: trainingID}
			if i := slices.IndexFunc(bookings, func(b Booking) bool { return b.PersonID == actor.PersonID }); i >= 0 {
				b = bookings[i]
			}
			m, err := s.mine(ctx, tx, b)
			if err != nil {
				return err
			}
			if !s.takes(m) {
				continue
			}
			room, err := roomOf(ctx, tx, trainingID, m.Sessions)
			if err != nil {
				return err
			}
			o := Offer{Mine: m, Free: Unlimited, WaitingNo: len(Queue(bookings))}
			if room.Seats != Unlimited {
				o.Free = room.Free(room.Count(bookings), now)
			}
			list = append(list, o)
		}
		return nil
	})
	return list, err
}
