// Package term counts the days that a court has to appoint a guardian.
//
// Goals: the unit, the office and the guardian see the same last day. Limits: how the days are counted is a [Rule] that nobody has confirmed yet;
// it is shown as unconfirmed beside each day that follows from it, until a named person of the office confirms it. It says when a decision is to be
// expected, and nothing of what follows should none have come.
package term

import (
	"time"

	"ostoja/internal/holiday"
)

// Rule says how a term in days is counted.
type Rule struct {
	Days       int  // whole days after the day of the motion
	OnSaturday bool // whether a term may end on a Saturday
	OnHoliday  bool // whether it may end on a Sunday or a public holiday
}

// Court is the rule for motions to appoint a kurator for a child alone: three days after the motion (DOMAIN.md section 4, art. 61 of the act on
// protection, Dz.U. 2026 poz. 862), moved to the next working day where the last is a Saturday, a Sunday or a public holiday. That it is moved is
// how terms before courts are usually counted and was not confirmed for this one.
var Court = Rule{Days: 3}

// Last returns the last day of a term that began by what happened on a day. Days are those of the calendar: times of the day and zones are cut off
// by whoever asks.
func (r Rule) Last(day time.Time) time.Time {
	year, month, d := day.Date()
	last := time.Date(year, month, d+r.Days, 0, 0, 0, 0, time.UTC)
	for r.off(last) {
		last = last.AddDate(0, 0, 1)
	}
	return last
}

// off says whether a term cannot end on a day.
func (r Rule) off(day time.Time) bool {
	switch day.Weekday() {
	case time.Saturday:
		return !r.OnSaturday
	case time.Sunday:
		return !r.OnHoliday
	}
	return !r.OnHoliday && holiday.Is(day.Date())
}

// Left returns how many days of the calendar remain of a term that ends on the last day, 0 on it, less than 0 when it has passed.
func Left(last, today time.Time) int {
	a := time.Date(last.Year(), last.Month(), last.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	return int(a.Sub(b) / (24 * time.Hour))
}
