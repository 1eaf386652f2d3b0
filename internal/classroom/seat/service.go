package seat

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/audit"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/calendar"
	"ostoja/internal/classroom/seat/ends"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/event"
	"ostoja/internal/id"
	"ostoja/internal/job"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// Seated happens when somebody has a seat.
type Seated struct{ TrainingID, PersonID string }

// Left happens when somebody no longer has one.
type Left struct{ TrainingID, PersonID string }

// Person is what a booking needs to know of somebody.
type Person struct {
	ID, Name, Mail, Lang, Region, UnitID, UnitPath, OrganisationID string
	Blocked                                                        bool
}

// People knows persons. Answers MUST be read by q, which may be the transaction that books them.
type People interface {
	// Persons returns those of the persons who exist, in the order given.
	Persons(ctx context.Context, q db.Querier, personIDs []string) ([]Person, error)
	// PersonsWithin returns those for whom the actor has the permission and who are not blocked.
	PersonsWithin(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, personIDs []string) ([]Person, error)
}

// Deps are what the service is made of.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	Events    *event.Bus
	Trainings *classroom.Service
	People    People
	Outbox    *mail.Outbox
	Queue     *job.Queue
	Keeping   *keeping.Service
	Catalogue *lang.Catalogue
	BaseURL   string
	Organizer string // the address that invites by calendar
	// Enrol enrols somebody in the course that a training begins with, without a letter of its own.
	Enrol func(ctx context.Context, courseID, personID string) error
	// Dates returns what else stands in the calendar that a person follows, by the rights that they have now, and nobody's name; nil: nothing.
	Dates func(ctx context.Context, personID string, p *lang.Printer) ([]calendar.Event, error)
}

// Service keeps the bookings.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service {
	s := &Service{d}
	ends.Register(d.Keeping)
	d.Queue.Handle(courseJob, s.enrolBefore)
	return s
}

// UndoFor is how long an act of who keeps a list can be undone. Letters leave after that.
const UndoFor = act.UndoFor

// book is a training with its bookings, held by a transaction: see [classroom.Held].
type book struct {
	s        *Service
	tx       *db.Tx
	plan     classroom.Plan
	sessions []classroom.Session
	room     Room
	list     []Booking
	now      time.Time
	closes   time.Time
	shown    map[string]string
	act      string        // names what is done in this transaction
	by       string        // who does it; "" for a letter's link and the program
	delay    time.Duration // until letters of it leave
}

// open holds a training and reads its bookings.
func (s *Service) open(ctx context.Context, tx *db.Tx, trainingID string) (_ *book, err error) {
	if !id.Valid(trainingID) {
		return nil, errs.NotFound("error.not-found")
	}
	if err := classroom.Held(ctx, tx, trainingID); err != nil {
		return nil, err
	}
	h := &book{s: s, tx: tx, now: s.Clock.Now(), act: id.New()}
	if h.plan, err = classroom.PlanOf(ctx, tx, trainingID); err != nil {
		return nil, err
	}
	if h.sessions, err = classroom.SessionsOf(ctx, tx, trainingID); err != nil {
		return nil, err
	}
	if h.room, err = roomOf(ctx, tx, trainingID, h.sessions); err != nil {
		return nil, err
	}
	h.closes, h.shown = closes(h.sessions, s.Zone), shown(h.plan.Title, h.sessions)
	h.list, err = bookingsOf(ctx, tx, trainingID)
	return h, err
}

// change runs fn with a training held, and offers what became free. Letters leave after the delay.
func (s *Service) change(ctx context.Context, actor access.Actor, trainingID string, delay time.Duration, fn func(h *book) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		h, err := s.open(ctx, tx, trainingID)
		if err != nil {
			return err
		}
		h.by, h.delay = actor.PersonID, delay
		if err := fn(h); err != nil {
			return err
		}
		return h.moveUp(ctx)
	})
}

// keeper runs fn for who has a permission in a training, and records what was done.
func (s *Service) keeper(ctx context.Context, actor access.Actor, p access.Permission, trainingID, action string, fn func(h *book) (int, error)) (act string, err error) {
	err = s.change(ctx, actor, trainingID, UndoFor, func(h *book) error {
		if _, err := s.Trainings.Open(ctx, h.tx, actor, p, trainingID); err != nil {
			return err
		}
		act = h.act
		n, err := fn(h)
		if err != nil || n == 0 {
			return err
		}
		return audit.Record(ctx, h.tx, h.now, actor.PersonID, "seat."+action, "training:"+trainingID, map[string]any{"people": n})
	})
	return act, err
}

// settled says that seats of the training move: it is neither cancelled nor put off, and has not begun.
func (h *book) settled() bool {
	state := h.plan.State(h.now)
	return state != classroom.Cancelled && state != classroom.PutOff
}

func (h *book) of(personID string) (Booking, bool) {
	i := slices.IndexFunc(h.list, func(b Booking) bool { return b.PersonID == personID })
	if i < 0 {
		return Booking{}, false
	}
	return h.list[i], true
}

func (h *book) byID(bookingID string) (Booking, bool) {
	i := slices.IndexFunc(h.list, func(b Booking) bool { return b.ID == bookingID })
	if i < 0 {
		return Booking{}, false
	}
	return h.list[i], true
}

// others returns the bookings but one.
func (h *book) others(bookingID string) []Booking {
	return slices.DeleteFunc(slices.Clone(h.list), func(b Booking) bool { return b.ID == bookingID })
}

// theCase is what an act upon a booking depends on.
func (h *book) theCase(b Booking) Case {
	fits := h.room.Fits(h.room.Count(h.others(b.ID)), b, h.now)
	if !b.State.Taken() && !h.first(b) {
		fits = false
	}
	return Case{Now: h.now, Fits: fits && h.settled(), Closes: h.closes, Delegation: h.plan.Delegation}
}

// first says that nobody who waits could have the seat that is given to b. After every act the queue has moved up, so that somebody
// fits only where those who wait do not; it is asked again for who comes back to an earlier place.
func (h *book) first(b Booking) bool {
	t := h.room.Count(h.list)
	return !slices.ContainsFunc(Queue(h.others(b.ID)), func(w Booking) bool { return h.room.Fits(t, w, h.now) })
}

// fresh returns the booking of somebody who has none, or had one.
func (h *book) fresh(p Person) Booking {
	b, ok := h.of(p.ID)
	if !ok {
		b = Booking{ID: id.New(), TrainingID: h.plan.ID, PersonID: p.ID, CreatedAt: h.now, ToldSessions: map[string]string{}}
	}
	if !b.State.Open() {
		b.UnitID, b.Organisation, b.Region = p.UnitID, p.OrganisationID, p.Region
	}
	return b
}

// do applies an act to a booking and stores what comes of it.
func (h *book) do(ctx context.Context, b Booking, a Act, c Case, reason string) (Booking, error) {
	next, err := b.After(a, c)
	if err != nil {
		return b, err
	}
	if a == Cancel || a == Refuse || a == Withhold || a == Decline {
		next.Reason = reason
	}
	return next, h.set(ctx, next, reason, a == Apply || a == Accept || a == Decline)
}

// set stores a booking with its event, and tells who follows. A silent change is one whose own person made it and sees it on the page.
func (h *book) set(ctx context.Context, b Booking, reason string, silent bool) error {
	before, was := h.byID(b.ID)
	old, err := frozen(before)
	if err != nil {
		return err
	}
	b.ChangedAt = h.now
	b = h.letter(b, silent)
	if err := store(ctx, h.tx, b); err != nil {
		return err
	}
	if err := insertEvent(ctx, h.tx, eventRow{ID: id.New(), BookingID: b.ID, At: h.now, ByPerson: h.by, State: b.State, Act: h.act, Before: old}, reason); err != nil {
		return err
	}
	if !was {
		h.list = append(h.list, b)
	} else {
		h.list[slices.IndexFunc(h.list, func(x Booking) bool { return x.ID == b.ID })] = b
	}
	return h.tell(ctx, before.State, b)
}

// tell emits what follows from a change of state.
func (h *book) tell(ctx context.Context, before State, b Booking) error {
	switch {
	case before != Confirmed && b.State == Confirmed:
		if h.plan.CourseID != "" {
			if err := h.s.Queue.Add(ctx, h.tx, courseJob, coursePayload{b.ID}, h.now.Add(h.delay)); err != nil {
				return err
			}
		}
		return h.s.Events.Emit(ctx, h.tx, Seated{b.TrainingID, b.PersonID})
	case before == Confirmed && b.State != Confirmed:
		return h.s.Events.Emit(ctx, h.tx, Left{b.TrainingID, b.PersonID})
	}
	return nil
}

// letter says when the person learns of what a booking has become.
func (h *book) letter(b Booking, silent bool) Booking {
	t := b.topic()
	switch {
	case silent && t != aboutSeat, t == aboutCancelled && h.by == b.PersonID && b.Told != aboutSeat:
		b.Told, b.ToldSessions, b.LetterAt = t, h.shown, time.Time{}
	case b.Told == "" && !b.State.Open(), t == b.Told && (!b.State.Open() || maps.Equal(b.ToldSessions, h.shown)):
		b.LetterAt = time.Time{} // nothing to tell
	default:
		b.LetterAt = h.now.Add(h.delay)
	}
	return b
}

// moveUp offers free seats to those who wait.
func (h *book) moveUp(ctx context.Context) error {
	if c := (Case{Now: h.now, Closes: h.closes}); !h.settled() || c.Closed() {
		return nil
	}
	for _, b := range h.room.MovesUp(h.list, h.now) {
		if _, err := h.do(ctx, b, Promote, Case{Now: h.now, Fits: true, Closes: h.closes}, ""); err != nil {
			return fmt.Errorf("the queue of %s: %w", h.plan.ID, err)
		}
	}
	return nil
}
