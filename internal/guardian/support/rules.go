package support

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"ostoja/internal/act"
	"ostoja/internal/errs"
	"ostoja/internal/holiday"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// UndoFor is how long a call for help that the office marked as done can be opened again.
const UndoFor = act.UndoFor

// Soon is how soon somebody needs help.
type Soon string

// The answers.
const (
	Today    Soon = "today"
	ThisWeek Soon = "week"
	Possible Soon = "possible" // when the office can
)

// Soons lists them in the order of the page.
var Soons = []Soon{Today, ThisWeek, Possible}

// Due is the moment by which somebody of the office is to take a call for help that was made at a time: two hours, two working days, seven days.
// Working days are those from Monday to Friday that are no public holiday.
func (s Soon) Due(at time.Time, zone *time.Location) time.Time {
	switch s {
	case Today:
		return at.Add(2 * time.Hour)
	case ThisWeek:
		t := at.In(zone)
		for left := 2; left > 0; {
			if t = t.AddDate(0, 0, 1); holiday.IsWorkday(t) {
				left--
			}
		}
		return t.UTC()
	}
	return at.In(zone).AddDate(0, 0, 7).UTC()
}

// Reach is how somebody who needs help wants to be reached.
type Reach string

// The ways.
const (
	ByPhone Reach = "phone" // the number in the register
	ByMail  Reach = "mail"
)

// Reaches lists them in the order of the page.
var Reaches = []Reach{ByPhone, ByMail}

// checkedFor is how many months an expert's entry holds once it was checked.
const checkedFor = 6

// Unchecked says whether an entry that was last checked on a day is to be checked again: from six months after it on.
func Unchecked(checkedOn, today string) bool { return CheckBy(checkedOn) <= today }

// CheckBy is the day from which on an entry that was last checked on a day is to be checked again.
func CheckBy(checkedOn string) string { return after(checkedOn, checkedFor) }

// refreshedFor is how many months a topic counts as refreshed.
const refreshedFor = 24

// Faded says whether a topic that was last refreshed on a day, "" if never, is one to come back to. Who was admitted within that time has just taken
// the course.
func Faded(refreshedOn, admittedOn, today string) bool {
	return refreshBy(refreshedOn, admittedOn) <= today
}

// refreshBy is the day from which on a topic is one to come back to.
func refreshBy(refreshedOn, admittedOn string) string {
	return after(max(refreshedOn, admittedOn), refreshedFor)
}

// after is the day so many months after a day; "" is before all days.
func after(day string, months int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, months, 0).Format(time.DateOnly)
}

// Bounds of what the office writes.
const (
	mostPlace  = 200
	mostName   = 120
	mostHours  = 200
	mostSeats  = 200
	farthest   = 2 // years, of a meeting
	mostTopics = 20
)

// MeetingDraft is what the office writes about a meeting.
type MeetingDraft struct {
	UnitID   string // of a new one
	Topic    string
	Day      string // 2026-11-30
	From, To string // 17:00
	Place    string
	Seats    int
	Leader   string
	Edition  int64 // of the meeting that the office saw
}

func (d MeetingDraft) cleaned() MeetingDraft {
	d.Place, d.Leader = text.Clean(d.Place), text.Clean(d.Leader)
	return d
}

// times reads when a meeting is; false if it is at no time.
func (d MeetingDraft) times(zone *time.Location) (start, end time.Time, ok bool) {
	const form = time.DateOnly + " 15:04"
	start, err1 := time.ParseInLocation(form, d.Day+" "+d.From, zone)
	end, err2 := time.ParseInLocation(form, d.Day+" "+d.To, zone)
	return start.UTC(), end.UTC(), err1 == nil && err2 == nil
}

// check finds what is wrong with a cleaned draft at a time; coming is how many have said that they come.
func (d MeetingDraft) check(topics Topics, coming int, now time.Time, zone *time.Location) (faults errs.Fields) {
	if !topics.Has(d.Topic) {
		faults.Add("topic", "support.fault.choose")
	}
	_, err := time.Parse(time.DateOnly, d.Day)
	switch start, end, ok := d.times(zone); {
	case err != nil:
		faults.Add("day", "support.fault.day")
	case !ok:
		faults.Add("from", "support.fault.hours")
	case !start.After(now):
		faults.Add("day", "support.fault.past")
	case start.After(now.AddDate(farthest, 0, 0)):
		faults.Add("day", "support.fault.far")
	case !end.After(start):
		faults.Add("to", "support.fault.order")
	}
	switch n := len([]rune(d.Place)); {
	case n == 0:
		faults.Add("place", "support.fault.missing")
	case n > mostPlace:
		faults.Add("place", "support.fault.long", "High", mostPlace)
	case strings.Contains(d.Place, "://") && Link(d.Place) == "":
		faults.Add("place", "support.fault.link")
	}
	switch {
	case d.Seats < 1 || d.Seats > mostSeats:
		faults.Add("seats", "support.fault.seats", "High", mostSeats)
	case d.Seats < coming:
		faults.Add("seats", "support.fault.taken", "Low", coming)
	}
	named(&faults, "leader", d.Leader)
	return faults
}

func named(faults *errs.Fields, field, value string) {
	switch n := len([]rune(value)); {
	case n == 0:
		faults.Add(field, "support.fault.missing")
	case n > mostName:
		faults.Add(field, "support.fault.long", "High", mostName)
	}
}

// Link is the address of a meeting's room on the web, "" if its place is a place.
func Link(place string) string {
	u, err := url.Parse(place)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// ExpertDraft is what the office writes about an expert.
type ExpertDraft struct {
	UnitID    string // of a new one
	Name      string
	Topics    []string
	Phone     string
	Mail      string
	Hours     text.Translated
	CheckedOn string
	Edition   int64
}

func (d ExpertDraft) cleaned() ExpertDraft {
	d.Name, d.Phone, d.Mail = text.Clean(d.Name), text.Clean(d.Phone), text.Clean(d.Mail)
	hours := text.Translated{}
	for lang, said := range d.Hours {
		if said = text.Clean(said); said != "" {
			hours[lang] = said
		}
	}
	d.Hours = hours
	return d
}

var phoneForm = regexp.MustCompile(`^\+?[0-9][0-9 ()-]{2,20}$`)

// check finds what is wrong with a cleaned draft on a day.
func (d ExpertDraft) check(topics Topics, today string) (faults errs.Fields) {
	named(&faults, "name", d.Name)
	if len(d.Topics) == 0 || len(d.Topics) > mostTopics || slices.ContainsFunc(d.Topics, func(t string) bool { return !topics.Has(t) }) {
		faults.Add("topics", "support.fault.topics")
	}
	if d.Phone != "" && !phoneForm.MatchString(d.Phone) {
		faults.Add("phone", "support.fault.phone")
	}
	if d.Mail != "" {
		if _, err := mail.Address(d.Mail); err != nil {
			faults.Add("mail", "support.fault.mail")
		}
	}
	if d.Phone == "" && d.Mail == "" {
		faults.Add("phone", "support.fault.contact")
	}
	for _, lang := range []string{"pl", "en"} {
		switch n := len([]rune(d.Hours[lang])); {
		case n == 0:
			faults.Add("hours-"+lang, "support.fault.missing")
		case n > mostHours:
			faults.Add("hours-"+lang, "support.fault.long", "High", mostHours)
		}
	}
	if _, err := time.Parse(time.DateOnly, d.CheckedOn); err != nil || d.CheckedOn > today {
		faults.Add("checked", "support.fault.checked")
	}
	return faults
}
