package fact

import "time"

// Validity is how far something may be trusted.
type Validity int

// The validities. What is overdue is still shown: an old number helps more than none.
const (
	Valid   Validity = iota
	Overdue          // shown with "not confirmed since"
	Expired          // not shown
)

// Span is how long something may be trusted.
type Span struct {
	Until        string // the last day, 2026-11-23; "" is without end
	GraceDays    int    // days after it, in which it is overdue
	NeverExpires bool   // is overdue from then on, and never gone
}

// lastDay returns the last day in a zone; ok is false where there is no end.
func (s Span) lastDay(zone *time.Location) (until time.Time, ok bool) {
	until, err := time.ParseInLocation(time.DateOnly, s.Until, zone)
	return until, err == nil
}

// At returns the validity at a time, by the days of a zone.
func (s Span) At(now time.Time, zone *time.Location) Validity {
	until, ok := s.lastDay(zone)
	switch {
	case !ok || now.Before(until.AddDate(0, 0, 1)):
		return Valid
	case now.Before(until.AddDate(0, 0, 1+s.GraceDays)) || s.NeverExpires:
		return Overdue
	}
	return Expired
}

// next returns when the validity changes after a time; the zero time if it does not.
func (s Span) next(now time.Time, zone *time.Location) time.Time {
	until, ok := s.lastDay(zone)
	if !ok {
		return time.Time{}
	}
	for _, days := range []int{1, 1 + s.GraceDays} {
		if at := until.AddDate(0, 0, days); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// FirstNext returns the first instant after a time at which the validity of one of them changes; the zero time if none does.
func FirstNext(spans []Span, now time.Time, zone *time.Location) (next time.Time) {
	for _, s := range spans {
		if at := s.next(now, zone); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// Essential says whether a fact is one of those that nothing could stand in for.
func Essential(id string) bool { return id == NationalLine || id == Emergency }

func (f *Fact) span() Span { return Span{f.ValidUntil, f.GraceDays, Essential(f.ID)} }

// Validity returns how far the fact may be trusted at a time, by the days of a zone.
func (f *Fact) Validity(now time.Time, zone *time.Location) Validity { return f.span().At(now, zone) }
