package content

import (
	"slices"
	"time"

	"ostoja/internal/fact"
	"ostoja/internal/site/directory"
)

// serviceGraceDays is how many days after its last day a service's entry is still shown: as many as most facts.
const serviceGraceDays = 30

// span never lets the national line and the emergency number go: there is nothing that could stand in for them.
func (f *Fact) span() fact.Span {
	return fact.Span{Until: f.ValidUntil, GraceDays: f.GraceDays, NeverExpires: fact.Essential(f.ID)}
}

// Validity returns how far the fact may be trusted at a time, by the days of a zone. In the place of one that has expired stands the
// national line.
func (f *Fact) Validity(now time.Time, zone *time.Location) fact.Validity {
	return f.span().At(now, zone)
}

func serviceSpan(x *directory.Service) fact.Span {
	stays := slices.ContainsFunc(x.Phones, func(p directory.Phone) bool { return fact.Essential(p.Fact) })
	return fact.Span{Until: x.ValidUntil, GraceDays: serviceGraceDays, NeverExpires: stays}
}

// ServiceValidity returns how far a service's entry may be trusted at a time. One that has phones, all of which have vanished, has
// gone itself.
func (s *Snapshot) ServiceValidity(x *directory.Service, now time.Time) fact.Validity {
	gone := func(p directory.Phone) bool {
		f := s.Facts[p.Fact]
		return p.Fact != "" && (f == nil || f.Validity(now, s.Zone) == fact.Expired)
	}
	if len(x.Phones) > 0 && !slices.ContainsFunc(x.Phones, func(p directory.Phone) bool { return !gone(p) }) {
		return fact.Expired
	}
	return serviceSpan(x).At(now, s.Zone)
}

// NextLapse returns the next instant after now at which the validity of a fact or a service changes, the zero time if none does.
func (s *Snapshot) NextLapse(now time.Time) time.Time {
	spans := make([]fact.Span, 0, len(s.Facts)+len(s.Services))
	for _, f := range s.Facts {
		spans = append(spans, f.span())
	}
	for _, x := range s.Services {
		spans = append(spans, serviceSpan(x))
	}
	return fact.FirstNext(spans, now, s.Zone)
}
