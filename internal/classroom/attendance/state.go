package attendance

import (
	"slices"
	"strings"
	"time"
)

// State is what a mark says of somebody.
type State string

// The states. A person without a mark has none.
const (
	Present State = "present"
	Absent  State = "absent"
	Undone  State = "undone" // takes back the mark that it names
)

// Origin says how a mark came to be.
type Origin string

// The origins.
const (
	ByRoll       Origin = "roll"
	ByCode       Origin = "code"
	BySheet      Origin = "sheet"
	ByCorrection Origin = "correction"
)

// Flags say what is unusual of something that was taken all the same.
type Flags string

// The words of flags.
const (
	late     = "late"     // it came when the session was closed: kept, and counts for nothing
	badClock = "clock"    // the device's clock is off by more than [ClockOff]
	unbooked = "unbooked" // of somebody without a seat
	outside  = "outside"  // made long before or after the session, or with times beside it
)

// Words returns the flags one by one.
func (f Flags) Words() []string { return strings.Fields(string(f)) }

func (f Flags) has(word string) bool { return slices.Contains(f.Words(), word) }

func (f *Flags) add(word string, is bool) {
	if is && !f.has(word) {
		*f = Flags(strings.TrimSpace(string(*f) + " " + word))
	}
}

// Mark is one mark of the roll.
type Mark struct {
	ID         string
	PersonID   string // "" of a walk-in whom nobody had found
	WalkInID   string
	State      State
	Undoes     string
	FromAt     *time.Time
	UntilAt    *time.Time
	Note       string
	MadeAt     time.Time // by the device's clock
	At         time.Time // the same moment by the server's
	ReceivedAt time.Time
	MadeBy     string
	Device     string
	Origin     Origin
	Flags      Flags
	Reason     string
}

// Span is from when until when something is held, as instants: a clock change within it makes it neither longer nor shorter.
type Span struct{ From, Until time.Time }

// Minutes is how long it is.
func (s Span) Minutes() int { return max(0, int(s.Until.Sub(s.From)/time.Minute)) }

// within returns the part of the span between two times, of which either may be missing.
func (s Span) within(from, until *time.Time) Span {
	if from != nil && from.After(s.From) {
		s.From = *from
	}
	if until != nil && until.Before(s.Until) {
		s.Until = *until
	}
	return s
}

// Standing is what somebody's marks come to.
type Standing struct {
	State   State // "" while there is none
	Minutes int   // present
	FromAt  *time.Time
	UntilAt *time.Time
	Note    string
	MarkID  string // that decides
	At      time.Time
	Device  string
	Origin  Origin
}

// UndoFor is how long a mark can be taken back, on the device that made it. Afterwards it is corrected.
const UndoFor = 15 * time.Minute

// undoes says whether u takes back m.
func (u Mark) undoes(m Mark) bool {
	took := u.MadeAt.Sub(m.MadeAt) // two times of one clock, whatever it says
	return u.State == Undone && u.Undoes == m.ID && u.Device != "" && u.Device == m.Device && took >= 0 && took <= UndoFor
}

// Reckon returns what marks of one person come to. It is a function of the set of marks: neither their order nor that one came twice
// matters. The newest counts, by the server's clock; what was taken back does not, nor what came after the session was closed.
func Reckon(s Span, marks []Mark) (st Standing) {
	counts := func(m Mark) bool {
		return m.State != Undone && !m.Flags.has(late) &&
			!slices.ContainsFunc(marks, func(u Mark) bool { return !u.Flags.has(late) && u.undoes(m) })
	}
	var last *Mark
	for i, m := range marks {
		if counts(m) && (last == nil || m.At.After(last.At) || m.At.Equal(last.At) && m.ID > last.ID) {
			last = &marks[i]
		}
	}
	if last == nil {
		return st
	}
	st = Standing{State: last.State, Note: last.Note, MarkID: last.ID, At: last.At, Device: last.Device, Origin: last.Origin}
	if last.State == Present {
		st.FromAt, st.UntilAt = last.FromAt, last.UntilAt
		st.Minutes = s.within(last.FromAt, last.UntilAt).Minutes()
	}
	return st
}

// TimeOfDay returns the instant at which a clock on the wall shows "10:20" during a session; nil for what is no time of day. In the
// hour that a clock change repeats, and in a session over midnight, it is the instant within the session, if there is one.
func TimeOfDay(s Span, clock string, zone *time.Location) *time.Time {
	t, err := time.Parse("15:04", strings.TrimSpace(clock))
	if err != nil {
		return nil
	}
	var first *time.Time
	for day := s.From.In(zone); ; day = day.AddDate(0, 0, 1) {
		at := time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), 0, 0, zone)
		for _, try := range []time.Time{at.Add(-time.Hour), at, at.Add(time.Hour)} { // where the clock is put back, an hour apart it shows the same
			local := try.In(zone)
			if local.Hour() != t.Hour() || local.Minute() != t.Minute() {
				continue
			}
			try = try.UTC()
			if first == nil {
				first = &try
			}
			if !try.Before(s.From) && !try.After(s.Until) {
				return &try
			}
		}
		if first == nil { // the hour that a clock change leaves out
			at = at.UTC()
			first = &at
		}
		if !day.Before(s.Until.In(zone)) {
			return first
		}
	}
}

// ClockOff is how far a device's clock may be off.
const ClockOff = 2 * time.Minute

// reckoned returns when something was made by the server's clock, from what the device's said then and when it sent it.
func reckoned(madeAt, sentAt, received time.Time) (at time.Time, off bool) {
	if madeAt.IsZero() {
		return received, false
	}
	skew := time.Duration(0)
	if !sentAt.IsZero() {
		skew = received.Sub(sentAt)
	}
	off = skew.Abs() > ClockOff
	if off {
		madeAt = madeAt.Add(skew)
	}
	if madeAt.After(received) { // nobody writes in the future
		return received, off || madeAt.Sub(received) > ClockOff
	}
	return madeAt, off
}

const (
	marksBefore = time.Hour // before a session begins, somebody may be marked without a flag
	marksAfter  = 24 * time.Hour
)

// beside says whether a mark was made long before or after a session, or names times beside it.
func beside(s Span, m Mark) bool {
	off := func(t *time.Time) bool { return t != nil && (t.Before(s.From) || t.After(s.Until)) }
	return m.At.Before(s.From.Add(-marksBefore)) || m.At.After(s.Until.Add(marksAfter)) || off(m.FromAt) || off(m.UntilAt) ||
		m.FromAt != nil && m.UntilAt != nil && !m.UntilAt.After(*m.FromAt)
}

// Counts are the three numbers that must agree when a session is closed.
type Counts struct {
	Present    int  // on the roll
	Heads      *int // counted; nil while nobody did
	Signatures *int // on the sheet; nil while nobody did
}

// Agree says whether sheet and head count are there and agree, with each other and with the roll.
func (c Counts) Agree() bool {
	return c.Heads != nil && c.Signatures != nil && *c.Heads == *c.Signatures && *c.Heads == c.Present
}
