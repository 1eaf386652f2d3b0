package content

import (
	"slices"
	"time"

	"ostoja/internal/site/directory"
)

// Validity is how far a fact or a service's entry may be trusted.
type Validity int

// The validities. What is overdue is still shown: an old number helps more than none.
const (
	valid   Validity = iota
	Overdue          // shown with "not confirmed since"
	Expired          // not shown; the national line stands in its place
)

// serviceGraceDays is how many days after its last day a service's entry is still shown: as many as most facts.
const serviceGraceDays = 30

// term is how long something may be trusted.
type term struct {
	until        string // the last day, 2026-11-23; "" is without end
	grace        int    // days after it, in which it is overdue
	neverExpires bool   // is overdue from then on, and never gone
}

// at returns the standing at a time, by the days of a zone.
func (t term) at(now time.Time, zone *time.Location) Validity {
	until := day(t.until, zone)
	switch {
	case until.IsZero() || now.Before(until.AddDate(0, 0, 1)):
		return valid
	case now.Before(until.AddDate(0, 0, 1+t.grace)) || t.neverExpires:
		return Overdue
	}
	return Expired
}

// next returns when the standing changes after now; the zero time if it does not.
func (t term) next(now time.Time, zone *time.Location) time.Time {
	until := day(t.until, zone)
	if until.IsZero() {
		return until
	}
	for _, days := range []int{1, 1 + t.grace} {
		if at := until.AddDate(0, 0, days); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// term never lets the national line and the emergency number go: there is nothing that could stand in for them.
func (f *Fact) term() term {
	return term{f.ValidUntil, f.GraceDays, f.essential()}
}

// Validity returns how far the fact may be trusted at a time, by the days of a zone.
func (f *Fact) Validity(now time.Time, zone *time.Location) Validity { return f.term().at(now, zone) }

func serviceTerm(x *directory.Service) term {
	stays := slices.ContainsFunc(x.Phones, func(p directory.Phone) bool { return p.Fact == NationalLine || p.Fact == Emergency })
	return term{x.ValidUntil, serviceGraceDays, stays}
}

// ServiceValidity returns how far a service's entry may be trusted at a time. One that has phones, all of which have vanished, has
// gone itself.
func (s *Snapshot) ServiceValidity(x *directory.Service, now time.Time) Validity {
	gone := func(p directory.Phone) bool {
		f := s.Facts[p.Fact]
		return p.Fact != "" && (f == nil || f.Validity(now, s.Zone) == Expired)
	}
	if len(x.Phones) > 0 && !slices.ContainsFunc(x.Phones, func(p directory.Phone) bool { return !gone(p) }) {
		return Expired
	}
	return serviceTerm(x).at(now, s.Zone)
}

// NextLapse returns the next instant after now at which the standing of a fact or a service changes, the zero time if none does.
func (s *Snapshot) NextLapse(now time.Time) (next time.Time) {
	terms := make([]term, 0, len(s.Facts)+len(s.Services))
	for _, f := range s.Facts {
		terms = append(terms, f.term())
	}
	for _, x := range s.Services {
		terms = append(terms, serviceTerm(x))
	}
	for _, t := range terms {
		if at := t.next(now, s.Zone); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}
