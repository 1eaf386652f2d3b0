package ui

import (
	"time"

	"ostoja/internal/lang"
)

// TaskRow is one thing that waits: until when, what, why, and the button that leads to its next step.
type TaskRow struct {
	At    time.Time // until when: a day's beginning, or with Timed the moment; zero: no deadline
	Timed bool
	What  string
	Why   string
	Href  string
	Open  string // the button's word
	About string // what a screen reader hears after it
}

// soonDays is how many days ahead a deadline turns amber.
const soonDays = 7

// Due says until when something is to be done, as its chip does: grey while it is far, amber within a week, solid amber once it is late.
func Due(p *lang.Printer, at time.Time, timed bool, now time.Time) (kind Kind, said string) {
	if at.IsZero() {
		return Plain, p.T("ui.due.none")
	}
	days := daysUntil(at, now, p.Zone())
	late := days < 0 || timed && now.After(at)
	switch {
	case late && days == 0:
		return Late, p.T("ui.due.since", "Hour", p.Clock(at))
	case late:
		return Late, p.N("ui.due.late", -days)
	case days == 0 && timed:
		return Waiting, p.T("ui.due.until-hour", "Hour", p.Clock(at))
	case days == 0:
		return Waiting, p.T("ui.due.today")
	case days == 1 && timed:
		return Waiting, p.T("ui.due.tomorrow-hour", "Hour", p.Clock(at))
	case days == 1:
		return Waiting, p.T("ui.due.tomorrow")
	case days <= soonDays:
		return Waiting, p.T("ui.due.until", "Day", p.Day(at, now))
	}
	return Plain, p.T("ui.due.until", "Day", p.Day(at, now))
}

// daysUntil counts days of the calendar, less than 0 for one that has passed.
func daysUntil(due, now time.Time, zone *time.Location) int {
	a, b := due.In(zone), now.In(zone)
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(day(a).Sub(day(b)) / (24 * time.Hour))
}
