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

// turns returns when the validity changes, in order; none where there is no end.
func (s Span) turns(zone *time.Location) []time.Time {
	until, ok := s.lastDay(zone)
	if !ok {
		return nil
	}
	return []time.Time{until.AddDate(0, 0, 1), until.AddDate(0, 0, 1+s.GraceDays)}
}

// FirstNext returns the first instant after a time at which the validity of one of them changes; the zero time if none does.
func FirstNext(spans []Span, now time.Time, zone *time.Location) (next time.Time) {
	for _, s := range spans {
		for _, at := range s.turns(zone) {
			if at.After(now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	return next
}

// Essential says whether a fact is one of those that nothing could stand in for.
func Essential(id string) bool { return id == NationalLine || id == Emergency }

func (f *Fact) span() Span { return Span{f.ValidUntil, f.GraceDays, Essential(f.ID)} }

// validity returns how far the fact may be trusted at a time, by the days of a zone.
func (f *Fact) validity(now time.Time, zone *time.Location) Validity { return f.span().At(now, zone) }
