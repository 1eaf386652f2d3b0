package guardian

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Week is a week of duty as ISO 8601 writes it: 2026-W49. It begins on a Monday, at midnight of the installation's zone.
type Week string

var weekForm = regexp.MustCompile(`^\d{4}-W\d{2}$`)

// WeekOf is the week in which a time falls.
func WeekOf(t time.Time, zone *time.Location) Week {
	year, week := t.In(zone).ISOWeek()
	return Week(fmt.Sprintf("%04d-W%02d", year, week))
}

// ParseWeek reads a week; one that no calendar has is none.
func ParseWeek(s string) (Week, bool) {
	if !weekForm.MatchString(s) {
		return "", false
	}
	w := Week(s)
	return w, WeekOf(w.Begins(time.UTC), time.UTC) == w
}

// Begins is the Monday's midnight in a zone.
func (w Week) Begins(zone *time.Location) time.Time {
	if !weekForm.MatchString(string(w)) {
		return time.Time{}
	}
	year, _ := strconv.Atoi(string(w[:4]))
	number, _ := strconv.Atoi(string(w[6:]))
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, zone) // is always in the first week
	monday := fourth.Day() - (int(fourth.Weekday())+6)%7
	return time.Date(year, 1, monday+7*(number-1), 0, 0, 0, 0, zone)
}

// Ends is the next Monday's midnight.
func (w Week) Ends(zone *time.Location) time.Time { return w.Begins(zone).AddDate(0, 0, 7) }

// Add is the week so many weeks later.
func (w Week) Add(n int) Week { return WeekOf(w.Begins(time.UTC).AddDate(0, 0, 7*n), time.UTC) }

// Days are the first and the last day: 2026-11-30, 2026-12-06.
func (w Week) Days() (from, until string) {
	monday := w.Begins(time.UTC)
	return monday.Format(time.DateOnly), monday.AddDate(0, 0, 6).Format(time.DateOnly)
}
