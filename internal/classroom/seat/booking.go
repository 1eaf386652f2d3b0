// Package seat fills classroom trainings: who is invited, applies, waits, is offered a seat and has one.
//
// Goals: the rules are one machine ([Booking.After]) and one question ([Room.Fits]), both functions of values and a given time; a
// seat is taken while it is offered or confirmed, taken seats never exceed the room, and a free seat and somebody who waits and
// could have it never coexist after any act, also with several programs on one database; whoever is concerned learns once, in one
// letter, and not at all of what was undone before it left. Limits: what a training is and when it is held belongs to classroom,
// who came to attendance; a seat is in all sessions of a training. Why as it is: decision 0048.
package seat

import (
	"time"

	"ostoja/internal/errs"
)

// State is where somebody stands on the way to a seat.
type State string

// The states.
const (
	None      State = ""          // no booking
	Applied   State = "applied"   // asks for a seat; nobody has decided
	Waiting   State = "waiting"   // on the waiting list
	Offered   State = "offered"   // a seat is kept until the person, and the superior where the training asks for it, have answered
	Confirmed State = "confirmed" // has a seat
	Declined  State = "declined"  // did not want it
	Refused   State = "refused"   // by who keeps the list, or by the superior
	Lapsed    State = "lapsed"    // did not answer in time, or waited until the list was closed
	Cancelled State = "cancelled"
)

// States lists the states in the order of lists.
var States = []State{Applied, Offered, Confirmed, Waiting, Declined, Refused, Lapsed, Cancelled}

// Taken says whether a seat is taken in this state.
func (s State) Taken() bool { return s == Offered || s == Confirmed }

// Open says whether the way may still lead to a seat, or has.
func (s State) Open() bool { return s == Applied || s == Waiting || s.Taken() }

// Origin is how a booking began.
type Origin string

// The origins.
const (
	Invited  Origin = "invited"
	ByPerson Origin = "applied"
	Superior Origin = "superior" // one of a unit's places
	Added    Origin = "added"    // by who keeps the list
)

// Booking is somebody's way into a training.
type Booking struct {
	ID           string
	TrainingID   string
	PersonID     string
	State        State
	Origin       Origin
	UnitID       string // the person's; with [Superior] that whose place it is
	Organisation string // id, as it was when the booking was made: whose quota the seat counts in
	Region       string
	QueuedAt     time.Time // the queue's order, then the id
	OfferUntil   time.Time
	AcceptedAt   time.Time
	Superior     string // the address that is asked for delegation
	DelegatedAt  time.Time
	DelegatedOn  string            // link, paper, places
	Reason       string            // of the last refusal or cancellation
	Told         topic             // what the last letter was about
	ToldSessions map[string]string `db:",json"` // what the last letter said of the sessions; see [shown]
	LetterAt     time.Time
	Sequence     int
	CreatedAt    time.Time
	ChangedAt    time.Time
}

// Asked says whether the superior's answer is what an offer waits for.
func (b Booking) Asked() bool { return b.State == Offered && !b.AcceptedAt.IsZero() }

// LastMinute is until when an answer is taken, as people are told it: an offer that ends at midnight ends with the day before, and
// "30 November, 00:00" is read as a day more.
func (b Booking) LastMinute(zone *time.Location) time.Time {
	if t := b.OfferUntil.In(zone); t.Hour() == 0 && t.Minute() == 0 {
		return b.OfferUntil.Add(-time.Minute)
	}
	return b.OfferUntil
}

// Act is what somebody, or time, does to a booking.
type Act string

// The acts.
const (
	Invite   Act = "invite"
	Apply    Act = "apply"
	Approve  Act = "approve"
	Refuse   Act = "refuse"
	Accept   Act = "accept"
	Decline  Act = "decline"
	Consent  Act = "consent"  // of the superior
	Withhold Act = "withhold" // the superior does not consent
	Promote  Act = "promote"  // the queue moves up
	Lapse    Act = "lapse"
	Cancel   Act = "cancel"
	Add      Act = "add"
	Give     Act = "give" // a unit's place, by its superior
)

// How long an answer is waited for. From the waiting list it is two days, for others wait behind; an invitation lasts a week, for
// people are on shifts and leave; so does a superior's answer, which goes through an office. None lasts beyond the day before.
const (
	answerOffer      = 48 * time.Hour
	answerInvitation = 7 * 24 * time.Hour
	answerSuperior   = 7 * 24 * time.Hour
)

// Case is what an act depends on beside the booking itself.
type Case struct {
	Now    time.Time
	Fits   bool      // there is a seat for this person; see [Room.Fits] and [Room.FitsPlace]
	Closes time.Time // the end of the day before the training; zero if it has no date
	// Delegation says that the training asks for the superior's consent.
	Delegation bool
}

// Closed says whether nobody is offered a seat any more.
func (c Case) Closed() bool { return !c.Closes.IsZero() && !c.Now.Before(c.Closes) }

func (c Case) until(answer time.Duration) time.Time {
	until := c.Now.Add(answer)
	if !c.Closes.IsZero() && c.Closes.Before(until) {
		return c.Closes
	}
	return until
}

// What a refused act is answered with.
var (
	errClosed   = errs.Conflict("seat.fault.closed")
	errFull     = errs.Conflict("seat.fault.full")
	errAlready  = errs.Conflict("seat.fault.already")
	errRefused  = errs.Conflict("seat.fault.refused")
	errNoOffer  = errs.Conflict("seat.fault.no-offer")
	errAnswered = errs.Conflict("seat.fault.answered")
)

// After returns the booking after an act, or why it cannot be.
func (b Booking) After(a Act, c Case) (Booking, error) {
	switch a {
	case Invite, Apply, Add, Give:
		return b.begun(a, c)
	case Approve:
		if b.State != Applied {
			return b, errAnswered
		}
		return b.seated(c)
	case Accept, Decline:
		return b.answered(a, c)
	case Consent, Withhold:
		return b.delegated(a, c)
	case Promote:
		if b.State != Waiting || !c.Fits || c.Closed() {
			return b, errFull
		}
		return b.offered(c, answerOffer), nil
	case Refuse:
		if b.State != Applied && b.State != Waiting {
			return b, errAnswered
		}
		b.State = Refused
	case Lapse:
		overdue := b.State == Offered && !c.Now.Before(b.OfferUntil)
		if !overdue && (b.State != Waiting || !c.Closed()) {
			return b, errAnswered
		}
		b.State = Lapsed
	case Cancel:
		if !b.State.Open() {
			return b, errAnswered
		}
		b.State = Cancelled
	}
	return b, nil
}

// begun returns the booking of who comes to the list anew, or is taken up on it.
func (b Booking) begun(a Act, c Case) (Booking, error) {
	switch {
	case b.State == Confirmed, a == Apply && b.State.Open(), a == Invite && (b.State == Waiting || b.State == Offered):
		return b, errAlready
	case a == Apply && b.State == Refused:
		return b, errRefused
	case a == Invite && b.State == Applied:
		return b.After(Approve, c)
	}
	if !b.State.Open() {
		b.QueuedAt, b.AcceptedAt, b.DelegatedAt, b.DelegatedOn, b.Reason = c.Now, time.Time{}, time.Time{}, "", ""
	}
	switch a {
	case Apply:
		if c.Closed() {
			return b, errClosed
		}
		b.State, b.Origin, b.AcceptedAt = Applied, ByPerson, c.Now
	case Invite:
		switch b.Origin = Invited; {
		case c.Closed():
			return b, errClosed
		case c.Fits:
			return b.offered(c, answerInvitation), nil
		default:
			b.State = Waiting
		}
	default: // Add, Give
		if !c.Fits && (a != Add || b.State != Offered) { // who has an offer holds a seat
			return b, errFull
		}
		if b.Origin = Added; a == Give {
			b.Origin, b.DelegatedAt, b.DelegatedOn = Superior, c.Now, "places"
		}
		b.State, b.AcceptedAt, b.OfferUntil = Confirmed, c.Now, time.Time{}
	}
	return b, nil
}

// seated gives a seat to who wants one: at once, after the superior's consent, or when one is free.
func (b Booking) seated(c Case) (Booking, error) {
	switch {
	case !c.Fits && c.Closed():
		return b, errFull
	case !c.Fits:
		b.State = Waiting
	case !c.Delegation || !b.DelegatedAt.IsZero():
		b.State, b.OfferUntil = Confirmed, time.Time{}
	case c.Closed():
		return b, errClosed
	default:
		accepted := b.AcceptedAt
		b = b.offered(c, answerSuperior)
		b.AcceptedAt = accepted
	}
	return b, nil
}

func (b Booking) offered(c Case, answer time.Duration) Booking {
	b.State, b.OfferUntil, b.AcceptedAt = Offered, c.until(answer), time.Time{}
	return b
}

// answered returns the booking after the person's own answer to an offer.
func (b Booking) answered(a Act, c Case) (Booking, error) {
	switch {
	case a == Decline && (b.State == Offered || b.State == Waiting):
		b.State = Declined
		return b, nil
	case b.State != Offered:
		return b, errNoOffer
	case !c.Now.Before(b.OfferUntil):
		return b, errNoOffer
	case !b.AcceptedAt.IsZero():
		return b, errAnswered
	}
	b.AcceptedAt = c.Now
	if c.Delegation && b.DelegatedAt.IsZero() {
		b.OfferUntil = c.until(answerSuperior)
		return b, nil
	}
	b.State, b.OfferUntil = Confirmed, time.Time{}
	return b, nil
}

// delegated returns the booking after the superior's answer.
func (b Booking) delegated(a Act, c Case) (Booking, error) {
	switch {
	case !b.State.Open(), !b.DelegatedAt.IsZero():
		return b, errAnswered
	case b.State == Offered && !c.Now.Before(b.OfferUntil):
		return b, errNoOffer
	case a == Withhold && b.State == Confirmed: // a seat that was given is taken back by who keeps the list
		return b, errAnswered
	case a == Withhold:
		b.State = Refused
		return b, nil
	}
	b.DelegatedAt = c.Now
	if b.Asked() {
		b.State, b.OfferUntil = Confirmed, time.Time{}
	}
	return b, nil
}
