package clock_test

import (
	"sync"
	"testing"
	"time"

	"ostoja/internal/clock"
)

// What is kept must be equal to what was given: the database knows microseconds and no zones.
func TestTimesAreAsTheDatabaseKeepsThem(t *testing.T) {
	t.Parallel()
	warsaw := time.FixedZone("CET", 3600)
	for given, want := range map[time.Time]time.Time{
		time.Date(2026, 11, 29, 1, 2, 3, 4_567_891, warsaw):      time.Date(2026, 11, 29, 0, 2, 3, 4_567_000, time.UTC),
		time.Date(2026, 11, 29, 1, 2, 3, 999_999_999, time.UTC):  time.Date(2026, 11, 29, 1, 2, 3, 999_999_000, time.UTC), // cut, not rounded into the next day
		time.Date(2026, 11, 29, 23, 59, 59, 999_999_999, warsaw): time.Date(2026, 11, 29, 22, 59, 59, 999_999_000, time.UTC),
	} {
		if got := clock.Cut(given); got != want {
			t.Errorf("Cut(%s) = %s, want %s", given, got, want)
		}
	}
	before := time.Now().Add(-time.Microsecond)
	now := clock.System{}.Now()
	if now.Before(before) || now.After(time.Now()) || now != clock.Cut(now) {
		t.Errorf("the machine's clock says %s", now)
	}
}

func TestAFakeClockStandsUntilItIsMoved(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 29, 1, 2, 3, 4_567_891, time.FixedZone("CET", 3600))
	c := clock.NewFake(start)
	if first := c.Now(); first != clock.Cut(start) || c.Now() != first {
		t.Errorf("it stands at %s", c.Now())
	}
	c.Advance(-time.Hour)
	if c.Now() != clock.Cut(start).Add(-time.Hour) {
		t.Errorf("moved back to %s", c.Now())
	}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { c.Advance(time.Minute) })
	}
	wg.Wait()
	if c.Now() != clock.Cut(start).Add(-10*time.Minute) {
		t.Errorf("of 50 moves at once some were lost: %s", c.Now())
	}
}
