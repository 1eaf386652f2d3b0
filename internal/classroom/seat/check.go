package seat

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Fault is a rule of seats that the data break. It names rows, no people.
type Fault struct {
	Rule     string `json:"rule"`
	Training string `json:"training"`
	Booking  string `json:"booking,omitempty"`
	Is       int    `json:"is,omitempty"`
	Most     int    `json:"most,omitempty"`
}

// The rules.
const (
	RuleOverbooked = "overbooked"      // more seats are taken than there are
	RuleQuota      = "quota-exceeded"  // more of an organisation or a region than there may be
	RulePlaces     = "places-exceeded" // a unit gave out more than its places
	RuleFreeSeat   = "free-seat"       // somebody waits who could have a seat
	RuleOverdue    = "offer-overdue"   // an offer is past its time
	RuleNoOffer    = "offer-without-end"
	RuleNoPlace    = "waiting-unqueued" // somebody waits without a place in the queue
	RuleEvent      = "event-missing"    // the last event of a booking does not say what it is
	RuleOrphan     = "closed-training"  // a seat in a training that was cancelled
)

// overdueAfter is how long an offer, or a training that was cancelled, may wait for the work of each minute, and for what can be undone.
const overdueAfter = 30 * time.Minute

// Faults returns what of the room the taken seats exceed. What has no training's name gets it from the caller.
func (r Room) Faults(list []Booking) (faults []Fault) {
	t := r.Count(list)
	if r.Seats != Unlimited && t.Taken > r.Seats {
		faults = append(faults, Fault{Rule: RuleOverbooked, Is: t.Taken, Most: r.Seats})
	}
	for i, q := range r.Quotas {
		if t.quotas[i] > q.Places {
			faults = append(faults, Fault{Rule: RuleQuota, Is: t.quotas[i], Most: q.Places})
		}
	}
	for _, p := range r.Places {
		if t.given[p.UnitID] > p.Places {
			faults = append(faults, Fault{Rule: RulePlaces, Is: t.given[p.UnitID], Most: p.Places})
		}
	}
	return faults
}

// Check audits the rules of seats on the data as they are, and changes nothing. Each training is read in one state, while others book.
func Check(ctx context.Context, d *db.DB, now time.Time, zone *time.Location) (faults []Fault, trainings int, err error) {
	defer errs.Wrap(&err, "seat.Check")
	ids, err := db.All[string](ctx, d, `SELECT DISTINCT training_id FROM booking ORDER BY training_id`)
	for _, trainingID := range ids {
		failure := d.View(ctx, func(tx *db.Tx) error {
			found, err := checkOne(ctx, tx, trainingID, now, zone)
			for _, f := range found {
				f.Training = trainingID
				faults = append(faults, f)
			}
			return err
		})
		if failure != nil {
			return nil, 0, failure
		}
	}
	return faults, len(ids), err
}

func checkOne(ctx context.Context, tx *db.Tx, trainingID string, now time.Time, zone *time.Location) (faults []Fault, err error) {
	h := &book{tx: tx, now: now}
	if h.plan, err = classroom.PlanOf(ctx, tx, trainingID); err != nil {
		return nil, err
	}
	if h.sessions, err = classroom.SessionsOf(ctx, tx, trainingID); err != nil {
		return nil, err
	}
	if h.room, err = roomOf(ctx, tx, trainingID, h.sessions); err != nil {
		return nil, err
	}
	if h.list, err = bookingsOf(ctx, tx, trainingID); err != nil {
		return nil, err
	}
	h.closes = closes(h.sessions, zone)
	if len(held(h.sessions)) > 0 { // one that was put off has no room, and keeps its people
		faults = h.room.Faults(h.list)
	}
	if h.settled() && !(Case{Now: h.now, Closes: h.closes}).Closed() {
		// As it was a while ago: a unit's places fall free by the hour, and the work of each minute moves the queue up.
		for _, b := range h.room.MovesUp(h.list, h.now.Add(-overdueAfter)) {
			faults = append(faults, Fault{Rule: RuleFreeSeat, Booking: b.ID})
		}
	}
	states, err := lastStates(ctx, tx, trainingID)
	if err != nil {
		return nil, err
	}
	for _, b := range h.list {
		switch {
		case b.State == Offered && b.OfferUntil.IsZero():
			faults = append(faults, Fault{Rule: RuleNoOffer, Booking: b.ID})
		case b.State == Offered && h.now.Sub(b.OfferUntil) > overdueAfter:
			faults = append(faults, Fault{Rule: RuleOverdue, Booking: b.ID})
		case b.State == Waiting && b.QueuedAt.IsZero():
			faults = append(faults, Fault{Rule: RuleNoPlace, Booking: b.ID})
		}
		if !h.plan.CancelledAt.IsZero() && b.State.Open() && h.now.Sub(h.plan.CancelledAt) > overdueAfter {
			faults = append(faults, Fault{Rule: RuleOrphan, Booking: b.ID})
		}
		if states[b.ID] != b.State {
			faults = append(faults, Fault{Rule: RuleEvent, Booking: b.ID})
		}
	}
	return faults, nil
}

// lastStates returns by booking what its last event says.
func lastStates(ctx context.Context, q db.Querier, trainingID string) (map[string]State, error) {
	list, err := db.All[eventRow](ctx, q, `SELECT e.id, e.booking_id, e.state FROM booking_event e JOIN booking b ON b.id = e.booking_id WHERE b.training_id = ?`, trainingID)
	slices.SortFunc(list, func(a, b eventRow) int { return cmp.Compare(a.ID, b.ID) })
	states := make(map[string]State, len(list))
	for _, e := range list {
		states[e.BookingID] = e.State
	}
	return states, err
}
