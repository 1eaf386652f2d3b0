// Package calendar writes the entries that letters bring to people's calendars, and the calendars that they follow (iCalendar,
// RFC 5545; what an entry asks of a calendar is iTIP, RFC 5546).
//
// Goals: Outlook, Google and Thunderbird take them, and show the right hour across both changes of the clock. Hence all times are in
// UTC: a zone's own name would need its definition beside it, and a program that lacks it shows the hour of its own zone. Each
// session is an event of its own, for a series by rule loses its last meeting where zones are read otherwise. Limits: nobody's
// reply is read, so that none is asked for; no names of others are written; alarms are the reader's own matter.
package calendar

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	ical "github.com/emersion/go-ical"
)

// Event is one session as its calendar shows it.
type Event struct {
	UID         string // the same for as long as somebody has the seat, and afterwards
	Sequence    int    // higher than in every message before with this UID (RFC 5546, section 2.1.4)
	Start, End  time.Time
	Summary     string
	Location    string
	Description string
	URL         string // "" if none
	AllDay      bool   // it is of the day on which Start falls in its own zone, and takes nobody's time
}

// Party is who invites, or is invited.
type Party struct {
	Name string
	Mail string
}

// The methods.
const (
	Request = "REQUEST"
	Cancel  = "CANCEL"
)

// Message returns an event's entry as a letter brings it: with the method [Request] it is put into the calendar or changed there, with
// [Cancel] it is taken out.
func Message(method string, e Event, organizer, attendee Party, at time.Time) (string, error) {
	v := event(e, at)
	v.Props.Set(address(ical.PropOrganizer, organizer))
	a := address(ical.PropAttendee, attendee)
	a.Params.Set("ROLE", "REQ-PARTICIPANT")
	a.Params.Set("PARTSTAT", "NEEDS-ACTION")
	a.Params.Set("RSVP", "FALSE") // nobody reads replies: a seat is given back by the letter's link
	v.Props.Add(a)
	v.Props.SetText(ical.PropStatus, "CONFIRMED")
	if method == Cancel {
		v.Props.SetText(ical.PropStatus, "CANCELLED")
	}
	c := calendar()
	c.Props.SetText(ical.PropMethod, method)
	c.Children = append(c.Children, v.Component)
	return encode(c)
}

// File returns a single event as a file that somebody puts into their calendar themself: nobody invites and nobody is named.
func File(e Event, at time.Time) (string, error) {
	c := calendar()
	c.Children = append(c.Children, event(e, at).Component)
	return encode(c)
}

// Feed returns a calendar that somebody follows.
func Feed(name string, events []Event, at time.Time) (string, error) {
	c := calendar()
	c.Props.SetText("X-WR-CALNAME", plain(name))
	c.Props.SetText("NAME", plain(name))                            // RFC 7986, section 5.1
	c.Props.Set(&ical.Prop{Name: "REFRESH-INTERVAL", Value: "PT1H", // RFC 7986, section 5.7
		Params: ical.Params{"VALUE": {"DURATION"}}})
	if len(events) == 0 { // a calendar needs an event by the standard, and people follow theirs before the first
		return fold(fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:%s\r\nX-WR-CALNAME:%s\r\nEND:VCALENDAR\r\n", product, escaped.Replace(plain(name)))), nil
	}
	for _, e := range events {
		v := event(e, at)
		c.Children = append(c.Children, v.Component)
	}
	return encode(c)
}

const product = "-//Ostoja//Ostoja//PL"

// escaped writes a text as RFC 5545, section 3.3.11, has it.
var escaped = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

func calendar() *ical.Calendar {
	c := ical.NewCalendar()
	c.Props.SetText(ical.PropVersion, "2.0")
	c.Props.SetText(ical.PropProductID, product)
	return c
}

func event(e Event, at time.Time) *ical.Event {
	v := ical.NewEvent()
	v.Props.SetText(ical.PropUID, e.UID)
	v.Props.SetDateTime(ical.PropDateTimeStamp, at.UTC())
	if e.AllDay { // without an end it lasts a day (RFC 5545, section 3.6.1)
		v.Props.SetDate(ical.PropDateTimeStart, e.Start)
		v.Props.SetText(ical.PropTransparency, "TRANSPARENT")
	} else {
		v.Props.SetDateTime(ical.PropDateTimeStart, e.Start.UTC())
		v.Props.SetDateTime(ical.PropDateTimeEnd, e.End.UTC())
	}
	v.Props.Set(&ical.Prop{Name: ical.PropSequence, Value: fmt.Sprint(e.Sequence), Params: ical.Params{}})
	v.Props.SetText(ical.PropSummary, plain(e.Summary))
	for name, text := range map[string]string{ical.PropLocation: e.Location, ical.PropDescription: e.Description} {
		if text = plain(text); text != "" {
			v.Props.SetText(name, text)
		}
	}
	if e.URL != "" {
		v.Props.Set(&ical.Prop{Name: ical.PropURL, Value: e.URL, Params: ical.Params{}})
	}
	return v
}

// address writes a mail address: by its value, since a VALUE=URI beside it is an error to libical.
func address(prop string, p Party) *ical.Prop {
	a := &ical.Prop{Name: prop, Value: "mailto:" + p.Mail, Params: ical.Params{}}
	if name := strings.Join(strings.Fields(strings.ReplaceAll(plain(p.Name), `"`, "")), " "); name != "" { // no sign stands for a quote in a parameter
		a.Params.Set("CN", name)
	}
	return a
}

// plain returns a text without what no calendar holds: control characters but the end of a line (RFC 5545, section 3.3.11).
func plain(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text))
}

func encode(c *ical.Calendar) (string, error) {
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(c); err != nil {
		return "", fmt.Errorf("calendar: %w", err)
	}
	return fold(b.String()), nil
}

// most is how many octets a line has, without its end (RFC 5545, section 3.1).
const most = 75

// fold breaks long lines, never within a letter: what reads octets puts them together again, what shows the file as it stands should too.
func fold(text string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		room := most
		for len(line) > room {
			cut := room
			for cut > 0 && !utf8.RuneStart(line[cut]) {
				cut--
			}
			if cut == 0 { // no letter begins here: it is no UTF-8, and any place is as good
				cut = room
			}
			out.WriteString(line[:cut] + "\r\n ")
			line, room = line[cut:], most-1 // the space counts
		}
		out.WriteString(line + "\r\n")
	}
	return out.String()
}
