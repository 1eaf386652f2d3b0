package clock_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/clock"
)

// TestDaysAreOfTheCalendar: across the change of the clock a day is a day, and the two directions agree.
func TestDaysAreOfTheCalendar(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 10, rapid.IntRange(1, 31).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), 30, 0, 0, zone)
		n := rapid.IntRange(-400, 400).Draw(t, "days")
		then := time.Date(now.Year(), now.Month(), now.Day()+n, rapid.IntRange(0, 23).Draw(t, "at"), 30, 0, 0, zone)
		if got := clock.DaysBetween(now.UTC(), then.UTC(), zone); got != n || clock.DaysBetween(then, now, zone) != -n {
			t.Fatalf("%s to %s: %d days, not %d", now, then, got, n)
		}
	})
}
