// Package roster says who answers for guardians in a week: by court and language, a week at a time.
//
// Goals: a unit that asks at night finds somebody who can; who is on duty is asked each week and answers in two presses; a court and week without
// anybody is told to the office before it begins. Limits: duty is of one person for a court, a language and a week; who is proposed besides is the
// requests' to choose.
package roster

import (
	"slices"
	"time"

	"ostoja/internal/guardian"
)

// Able is somebody of the register as the roster knows them.
type Able struct {
	guardian.Entry
	Children int
	Langs    []string           `db:"-"`
	Courts   []string           `db:"-"` // ids
	Absences []guardian.Absence `db:"-"`
}

// Why says why somebody cannot be on duty; "" if they can.
type Why string

// The reasons, in the order in which they are asked.
const (
	Can       Why = ""
	NotListed Why = "not-listed"
	Over      Why = "over"   // not valid for the whole of what is left of the week
	Absent    Why = "absent" // on a day that is left of the week
	Full      Why = "full"   // at the limit of children
	NotCourt  Why = "not-court"
	NotLang   Why = "not-lang"
)

// Whyever says whether somebody can be on duty in a week at all, seen from a time.
func (a Able) Whyever(week guardian.Week, now time.Time, zone *time.Location) Why {
	from, until := week.Days()
	from = max(from, now.In(zone).Format(time.DateOnly))
	away := func(x guardian.Absence) bool { return x.FromDay <= until && x.UntilDay >= from }
	switch {
	case a.State != guardian.Listed:
		return NotListed
	case a.ValidUntil.Before(week.Ends(zone)) || !a.Valid(now):
		return Over
	case slices.ContainsFunc(a.Absences, away):
		return Absent
	case a.Children >= a.MostChildren:
		return Full
	}
	return Can
}

// Why says whether somebody can be on duty for a court and a language in a week, seen from a time.
func (a Able) Why(courtID, lang string, week guardian.Week, now time.Time, zone *time.Location) Why {
	switch {
	case !slices.Contains(a.Courts, courtID):
		return NotCourt
	case !slices.Contains(a.Langs, lang):
		return NotLang
	}
	return a.Whyever(week, now, zone)
}

// askDay is when those on duty next week are asked: from Thursday morning, so that a no leaves a working day to find somebody else.
const (
	askDay  = time.Thursday
	askHour = 8
)

// Asks says whether the letters about next week are due at a time.
func Asks(now time.Time, zone *time.Location) bool {
	t := now.In(zone)
	day := func(d time.Weekday) int { return (int(d) + 6) % 7 } // from Monday
	return day(t.Weekday()) > day(askDay) || t.Weekday() == askDay && t.Hour() >= askHour
}
