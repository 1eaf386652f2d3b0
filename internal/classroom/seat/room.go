package seat

import (
	"cmp"
	"slices"
	"time"
)

// Unlimited is how many seats there are where no session of a training says how many its room has.
const Unlimited = -1

// Room is how many may come to a training, and who.
type Room struct {
	Seats  int // the smallest of the sessions that are held, or [Unlimited]
	Quotas []Quota
	Places []Places
}

// Quota is the most seats that people of an organisation or a region may have.
type Quota struct {
	Kind   string // organisation | region
	Name   string
	Places int
}

func (q Quota) counts(b Booking) bool {
	return q.Kind == "organisation" && q.Name == b.Organisation || q.Kind == "region" && q.Name == b.Region
}

// Places are seats that a unit's superior may give out until a time; then what is left is for all.
type Places struct {
	UnitID string
	Places int
	Until  time.Time
}

// Tally is what of a room is taken.
type Tally struct {
	Taken  int
	quotas []int          // as in Room.Quotas
	given  map[string]int // by unit, of its places
}

// Count returns what the bookings take of the room.
func (r Room) Count(list []Booking) Tally {
	t := Tally{quotas: make([]int, len(r.Quotas)), given: map[string]int{}}
	for _, b := range list {
		if b.State.Taken() {
			t.add(r, b)
		}
	}
	return t
}

func (t *Tally) add(r Room, b Booking) {
	t.Taken++
	for i, q := range r.Quotas {
		if q.counts(b) {
			t.quotas[i]++
		}
	}
	if b.Origin == Superior {
		t.given[b.UnitID]++
	}
}

// Reserved returns how many seats units may still give out.
func (r Room) Reserved(t Tally, now time.Time) (n int) {
	for _, p := range r.Places {
		if now.Before(p.Until) {
			n += max(0, p.Places-t.given[p.UnitID])
		}
	}
	return n
}

// Free returns how many seats are for all; with [Unlimited] it says nothing.
func (r Room) Free(t Tally, now time.Time) int { return max(0, r.Seats-t.Taken-r.Reserved(t, now)) }

// Fits says whether there is a seat for somebody, among those that are for all.
func (r Room) Fits(t Tally, b Booking, now time.Time) bool {
	return r.within(t, b) && (r.Seats == Unlimited || r.Free(t, now) > 0)
}

// FitsPlace says whether a unit has a place left for somebody.
func (r Room) FitsPlace(t Tally, b Booking, unitID string, now time.Time) bool {
	left := slices.ContainsFunc(r.Places, func(p Places) bool {
		return p.UnitID == unitID && now.Before(p.Until) && t.given[unitID] < p.Places
	})
	return left && r.within(t, b) && (r.Seats == Unlimited || t.Taken < r.Seats)
}

// within says whether the quotas let somebody have a seat.
func (r Room) within(t Tally, b Booking) bool {
	for i, q := range r.Quotas {
		if q.counts(b) && t.quotas[i] >= q.Places {
			return false
		}
	}
	return true
}

// Queue returns who waits, in order.
func Queue(list []Booking) (queue []Booking) {
	for _, b := range list {
		if b.State == Waiting {
			queue = append(queue, b)
		}
	}
	slices.SortFunc(queue, func(a, b Booking) int {
		return cmp.Or(a.QueuedAt.Compare(b.QueuedAt), cmp.Compare(a.ID, b.ID))
	})
	return queue
}

// MovesUp returns who of those waiting can have a seat now, in order. Whoever stands before them and cannot, for a quota is full,
// keeps the place in the queue.
func (r Room) MovesUp(list []Booking, now time.Time) (up []Booking) {
	t := r.Count(list)
	for _, b := range Queue(list) {
		if r.Fits(t, b, now) {
			t.add(r, b)
			up = append(up, b)
		}
	}
	return up
}
