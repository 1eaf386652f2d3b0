package reminder

import (
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/holiday"
)

// Day is a day of the calendar, counted from 1 January 1970; 0 is none.
type Day int

// DayOf returns the day on which t falls in a zone.
func DayOf(t time.Time, zone *time.Location) Day {
	if t.IsZero() {
		return 0
	}
	y, m, d := t.In(zone).Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// In returns the day's noon in a zone, by which pages write it; the zero time for none.
func (d Day) In(zone *time.Location) time.Time {
	if d == 0 {
		return time.Time{}
	}
	t := time.Unix(int64(d)*24*60*60, 0).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, zone)
}

// Kind says from what a rule counts.
type Kind string

// The kinds.
const (
	Before Kind = "before" // days before the day by which somebody should have passed
	After  Kind = "after"  // days after it
	Idle   Kind = "idle"   // days since the last step, or since enrolling where there was none
)

// Kinds lists the kinds in order.
var Kinds = []Kind{Before, After, Idle}

// Plan is what a rule says.
type Plan struct {
	Kind  Kind
	Days  int
	Every int // days between two letters; 0: one letter
	Most  int // letters to one person in one round
	Until Day `db:"until_day"` // the last day on which it writes; 0: no last
	Since Day `db:"since_day"` // what was due before it is not sent
}

// The bounds of a plan. A letter a week is the limit of all reminders together, so that a rule may not ask for more.
const (
	mostDays    = 365
	leastEvery  = 7
	mostEvery   = 90
	mostLetters = 10
)

// check says what is wrong with a plan.
func (p Plan) check(today Day) error {
	var faults errs.Fields
	switch p.Kind {
	case Before, After, Idle:
	default:
		faults.Add("kind", "reminder.fault.kind")
	}
	if p.Days < 1 || p.Days > mostDays {
		faults.Add("days", "reminder.fault.days", "Most", mostDays)
	}
	if p.Every != 0 && (p.Every < leastEvery || p.Every > mostEvery) {
		faults.Add("every", "reminder.fault.every", "Least", leastEvery, "Most", mostEvery)
	}
	if p.Most < 1 || p.Most > mostLetters {
		faults.Add("most", "reminder.fault.most", "Most", mostLetters)
	}
	if p.Until != 0 && p.Until < today {
		faults.Add("until", "reminder.fault.until")
	}
	return faults.Err()
}

// Round is where somebody stands in a course.
type Round struct {
	Due    Day // by which they should have passed; 0: none
	Active Day // of the last step, or of enrolling
}

// holds is for how many days a letter is held back by the week's limit, a Sunday or an outage before it is not sent any more: what
// would come later than that says nothing that is still so.
const holds = 14

// Owes returns the day for which a rule owes a letter today, given the days for which it sent some. ok is false if it owes none. Of
// several missed letters the latest is owed, and no two at once; none that was due before the rule was switched on or after its last day;
// none before the due day once that day is over.
func (p Plan) Owes(r Round, sent []Day, today Day) (day Day, ok bool) {
	if p.Until != 0 && today > p.Until || len(sent) >= p.Most {
		return 0, false
	}
	var first Day
	switch {
	case p.Kind == Idle:
		first = r.Active + Day(p.Days)
	case r.Due == 0:
		return 0, false
	case p.Kind == Before && today <= r.Due:
		first = r.Due - Day(p.Days)
	case p.Kind == After && today > r.Due:
		first = r.Due + Day(p.Days)
	default:
		return 0, false
	}
	if today < first {
		return 0, false
	}
	day = first
	if p.Every > 0 {
		day += (today - first) / Day(p.Every) * Day(p.Every)
	}
	if day < p.Since || today-day >= holds {
		return 0, false
	}
	for _, s := range sent {
		if day <= s { // it was sent, or the day it counts from moved back
			return 0, false
		}
	}
	return day, true
}

// week is the least number of days between two reminders to one person, by whatever rule or hand; see desk.Remind.
const week = 7

// Standing is somebody to whom a rule may write.
type Standing struct {
	Round
	Sent []Day // by this rule
	Last Day   // of the latest reminder of any course
}

// Forecast says on which of the coming days a rule would write to somebody who takes no step, from today on; n is how many days are
// looked at. Other rules and reminders by hand can only make it fewer.
func (p Plan) Forecast(s Standing, from Day, n int) (days []Day) {
	sent, last := append([]Day(nil), s.Sent...), s.Last
	for d := from; d < from+Day(n); d++ {
		if !holiday.IsWorkday(d.In(time.UTC)) || last != 0 && d-last < week {
			continue
		}
		if day, ok := p.Owes(s.Round, sent, d); ok {
			sent, last, days = append(sent, day), d, append(days, d)
		}
	}
	return days
}

// The share of refused letters at which a rule stops: with fewer the addresses are single mistakes, with more the mail server refuses us,
// or the list of people is not what it was; to go on would make it worse.
const (
	leastRefused = 5
	refusedOf    = 5 // one of five
)

// tooManyRefused says whether a rule stops by itself.
func tooManyRefused(sent, refused int) bool {
	return refused >= leastRefused && refused*refusedOf >= sent
}

// AskTwice is from how many letters in thirty days on a rule is asked for a second time, with the number typed. The largest organisation
// that this program was made for trains some hundreds a quarter: more than this at once is a slip of the unit or of the days more often
// than meant, and a day's work of whoever answers the replies.
const AskTwice = 500
