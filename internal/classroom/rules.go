package classroom

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/classroom/wall"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// The most that is written in a field, in characters.
const (
	mostLine = 200
	mostText = 4000
)

// mostPeople is more than any hall holds.
const mostPeople = 5000

// SessionDraft is what is written of a session, as it was typed: a fault is told at its field, and what was typed stays.
type SessionDraft struct {
	Title       string
	Day         string // 2026-11-30
	From        string // 09:00, on the wall
	Until       string
	UntilDay    string // if it ends on another day
	Place       string
	Address     string
	AccessNotes string
	Room        string
	Link        string
	Capacity    string   // "" if nobody knows
	Trainers    []string // who teaches in it; none: who teaches the training
}

// busy is a session that must not be at the same time.
type busy struct {
	session  Session
	trainer  string // whose it is; "" if it is of the same training
	training string // the name of the other training; "" if the actor may not see it
}

// checked is a session as it will be stored.
type checked struct {
	Session
	twice bool // an hour was written that the clocks show twice: the first is meant
}

// check reads a draft. before is the session as it was, nil for a new one; taken are the seats that were promised. Every fault stands
// at its field.
func (d SessionDraft) check(now time.Time, zone *time.Location, before *Session, taken Seats, others []busy) (c checked, faults errs.Fields) {
	if before != nil {
		c.Session = *before
	}
	c.Title, c.Place, c.Address, c.Room, c.Link = text.Clean(d.Title), text.Clean(d.Place), text.Clean(d.Address), text.Clean(d.Room), text.Clean(d.Link)
	c.AccessNotes = text.CleanLines(d.AccessNotes)
	for _, f := range []struct {
		name, value string
		most        int
	}{{"title", c.Title, mostLine}, {"place", c.Place, mostLine}, {"address", c.Address, mostLine}, {"room", c.Room, mostLine}, {"link", c.Link, 500}, {"access", c.AccessNotes, mostText}} {
		if len([]rune(f.value)) > f.most {
			faults.Add(f.name, "classroom.fault.long", "Most", f.most)
		}
	}
	if c.Place == "" && c.Link == "" {
		faults.Add("place", "classroom.fault.place")
	}
	if u, err := url.Parse(c.Link); c.Link != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		faults.Add("link", "classroom.fault.link")
	}
	faults = append(faults, d.checkTimes(now, zone, before, &c)...)
	faults = append(faults, d.checkCapacity(before, taken, &c)...)
	if len(faults) == 0 {
		faults = overlaps(c.Session, others, zone)
	}
	return c, faults
}

func (d SessionDraft) checkTimes(now time.Time, zone *time.Location, before *Session, c *checked) (faults errs.Fields) {
	day, untilDay := strings.TrimSpace(d.Day), strings.TrimSpace(d.UntilDay)
	if untilDay == "" {
		untilDay = day
	}
	if _, ok := wall.Instants(day, "12:00", zone); !ok {
		faults.Add("day", "classroom.fault.day")
		return faults
	}
	if _, ok := wall.Instants(untilDay, "12:00", zone); !ok {
		faults.Add("until-day", "classroom.fault.day")
		return faults
	}
	read := func(field, day, value string) time.Time {
		list, ok := wall.Instants(day, strings.TrimSpace(value), zone)
		switch {
		case !ok:
			faults.Add(field, "classroom.fault.clock")
		case len(list) == 0:
			faults.Add(field, "classroom.fault.gap", "Clock", strings.TrimSpace(value))
		default:
			c.twice = c.twice || len(list) == 2
			return list[0].UTC()
		}
		return time.Time{}
	}
	from, until := read("from", day, d.From), read("until", untilDay, d.Until)
	switch {
	case from.IsZero() || until.IsZero():
		return faults
	case !until.After(from):
		faults.Add("until", "classroom.fault.order")
		return faults
	}
	// What began stays as it was held; only what is new, or moved, must lie ahead.
	if (before == nil || !from.Equal(before.StartsAt)) && from.Before(now) {
		faults.Add("day", "classroom.fault.past")
	} else if (before == nil || !until.Equal(before.EndsAt)) && until.Before(now) {
		faults.Add("until", "classroom.fault.past")
	}
	c.StartsAt, c.EndsAt = from, until
	return faults
}

func (d SessionDraft) checkCapacity(before *Session, taken Seats, c *checked) (faults errs.Fields) {
	value := strings.TrimSpace(d.Capacity)
	if value == "" {
		c.Capacity = nil
		return nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > mostPeople {
		faults.Add("capacity", "classroom.fault.capacity", "Most", mostPeople)
		return faults
	}
	lowered := before == nil || before.Capacity == nil || n < *before.Capacity || !before.Held()
	if lowered && n < taken.Taken {
		faults.Add("capacity", "classroom.fault.capacity-taken", "Confirmed", taken.Confirmed, "Offered", taken.Offered)
		return faults
	}
	c.Capacity = &n
	return nil
}

// overlaps finds the sessions at the same time as one: of its training, or of who teaches in it. Who ends at noon may begin at noon.
func overlaps(s Session, others []busy, zone *time.Location) (faults errs.Fields) {
	for _, o := range others {
		x := o.session
		if x.ID == s.ID || !x.Held() || !x.StartsAt.Before(s.EndsAt) || !s.StartsAt.Before(x.EndsAt) {
			continue
		}
		from, until := x.StartsAt.In(zone), x.EndsAt.In(zone)
		at := from.Format("15:04") + "–" + until.Format("15:04")
		if from.YearDay() != until.YearDay() {
			at = from.Format("02.01. 15:04") + " – " + until.Format("02.01. 15:04")
		}
		switch {
		case o.trainer == "":
			faults.Add("from", "classroom.fault.overlap", "At", at)
		case o.training == "":
			faults.Add("trainers", "classroom.fault.trainer-elsewhere", "Name", o.trainer, "At", at)
		default:
			faults.Add("trainers", "classroom.fault.trainer-busy", "Name", o.trainer, "Training", o.training, "At", at)
		}
	}
	return slices.CompactFunc(faults, func(a, b errs.Field) bool {
		return a.Name == b.Name && a.Key == b.Key && a.Args["Name"] == b.Args["Name"] && a.Args["At"] == b.Args["At"]
	})
}
