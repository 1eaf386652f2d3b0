// Package clock gives the time, so that tests and the demonstration can give another.
//
// Goals: whatever is decided by time can be tested at its boundary, without waiting; a time that was kept is equal to the one
// that was given, on both engines. Limits: it measures no durations (those are the runtime's monotonic clock's), and rules
// take a time as a value instead of a clock: one request has one time.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time. It MUST be safe for use by several goroutines.
type Clock interface {
	// Now MUST return the present in UTC, cut to microseconds (see [Cut]), which is what the database keeps: a comparison in
	// Go and the same in SQL would differ otherwise. It MAY stand still, and after a correction of the machine's clock it MAY
	// go back; callers MUST NOT take two equal or falling times for a fault.
	Now() time.Time
}

// System is the machine's clock.
type System struct{}

// Now returns the machine's time.
func (System) Now() time.Time { return Cut(time.Now()) }

// Cut brings a time into the form that the database keeps: UTC and whole microseconds. It cuts and does not round, so that
// the last moment of a day stays in it.
func Cut(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Fake is a clock that stands still until it is moved. It is safe for use by several goroutines.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake returns a clock that stands at t.
func NewFake(t time.Time) *Fake { return &Fake{now: Cut(t)} }

// Now returns the time at which the clock stands.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock by d, which may be negative.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}
