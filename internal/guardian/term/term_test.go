package term_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/guardian/term"
	"ostoja/internal/holiday"
)

func day(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Days counted by hand on a calendar of 2026 and 2027.
func TestLastDays(t *testing.T) {
	for motion, want := range map[string]string{
		"2026-11-30": "2026-12-03", // Monday to Thursday
		"2026-12-02": "2026-12-07", // the third day is a Saturday
		"2026-12-03": "2026-12-07", // a Sunday
		"2026-12-21": "2026-12-28", // Christmas Eve, two holidays of which one is a Saturday, a Sunday
		"2026-12-29": "2027-01-04", // New Year on a Friday
		"2027-01-03": "2027-01-07", // Epiphany on a Wednesday
		"2027-03-25": "2027-03-30", // Easter
		"2027-04-30": "2027-05-04", // 3 May
		"2028-02-26": "2028-02-29", // a leap day
	} {
		if got := term.Court.Last(day(t, motion)).Format(time.DateOnly); got != want {
			t.Errorf("a motion of %s: %s, want %s", motion, got, want)
		}
	}
}

// The last day of any motion of thirty years is a working day, at least three days later, the first such day, and never earlier than that of a motion
// the day before.
func TestLastDayOfEachMotion(t *testing.T) {
	first := day(t, "2025-01-01")
	before := time.Time{}
	for i := range 10_957 {
		motion := first.AddDate(0, 0, i)
		last := term.Court.Last(motion)
		if wd := last.Weekday(); wd == time.Saturday || wd == time.Sunday || holiday.Is(last.Date()) {
			t.Fatalf("%s ends on %s", motion, last)
		}
		for d := motion.AddDate(0, 0, 3); d.Before(last); d = d.AddDate(0, 0, 1) {
			if d.Weekday() != time.Saturday && !holiday.IsFree(d) {
				t.Fatalf("%s ends on %s, though %s is a working day", motion, last, d)
			}
		}
		if left := term.Left(last, motion); left < 3 || left > 8 || last.Before(before) {
			t.Fatalf("%s ends on %s, %d days later", motion, last, left)
		}
		before = last
	}
}

// A rule that says a term may end on any day is the plain sum, at whatever hour somebody asks.
func TestRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		motion := time.Date(2026, 1, 1, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 10_000).Draw(t, "day"))
		days := rapid.IntRange(0, 60).Draw(t, "days")
		plain := term.Rule{Days: days, OnSaturday: true, OnHoliday: true}
		if left := term.Left(plain.Last(motion), motion); left != days {
			t.Fatalf("%s: %d days later", motion, left)
		}
		if saturdays := (term.Rule{Days: days, OnSaturday: true}).Last(motion); saturdays.Before(plain.Last(motion)) || saturdays.After(term.Rule{Days: days}.Last(motion)) {
			t.Fatalf("%s: %s with Saturdays", motion, saturdays)
		}
	})
}
