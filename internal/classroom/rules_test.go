package classroom

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
)

func warsaw(t interface{ Fatal(...any) }) *time.Location {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

var (
	ruleNow  = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)
	goodSess = SessionDraft{Day: "2026-11-30", From: "09:00", Until: "15:00", Place: "Terespol"}
)

func session(id, from, until string) Session {
	at := func(s string) time.Time { x, _ := time.Parse(time.RFC3339, s); return x }
	return Session{ID: id, StartsAt: at(from), EndsAt: at(until)}
}

// Each fault of a session stands at its field.
func TestASessionIsChecked(t *testing.T) {
	zone, twenty := warsaw(t), 20
	began := session("s", "2026-10-23T06:00:00Z", "2026-10-23T12:00:00Z")
	began.Capacity = &twenty
	over := session("s", "2026-10-20T06:00:00Z", "2026-10-20T12:00:00Z")
	same := []busy{{session: session("x", "2026-11-30T08:00:00Z", "2026-11-30T09:00:00Z")}}
	off := session("x", "2026-11-30T08:00:00Z", "2026-11-30T09:00:00Z")
	off.CancelledAt = ruleNow
	for _, c := range []struct {
		name   string
		change func(*SessionDraft)
		before *Session
		taken  int
		others []busy
		want   string // field key
	}{
		{"good", func(*SessionDraft) {}, nil, 0, nil, ""},
		{"no day", func(d *SessionDraft) { d.Day = "" }, nil, 0, nil, "day classroom.fault.day"},
		{"no clock", func(d *SessionDraft) { d.From = "9.00" }, nil, 0, nil, "from classroom.fault.clock"},
		{"no end", func(d *SessionDraft) { d.Until = "" }, nil, 0, nil, "until classroom.fault.clock"},
		{"end before start", func(d *SessionDraft) { d.Until = "08:59" }, nil, 0, nil, "until classroom.fault.order"},
		{"end at start", func(d *SessionDraft) { d.Until = "09:00" }, nil, 0, nil, "until classroom.fault.order"},
		{"a bad last day", func(d *SessionDraft) { d.UntilDay = "jutro" }, nil, 0, nil, "until-day classroom.fault.day"},
		{"until another day", func(d *SessionDraft) { d.UntilDay, d.Until = "2026-12-01", "08:00" }, nil, 0, nil, ""},
		{"in the hour that is left out", func(d *SessionDraft) { d.Day, d.From = "2027-03-28", "02:30" }, nil, 0, nil, "from classroom.fault.gap"},
		{"ends in it", func(d *SessionDraft) { d.Day, d.From, d.Until = "2027-03-28", "01:00", "02:00" }, nil, 0, nil, "until classroom.fault.gap"},
		{"in the past", func(d *SessionDraft) { d.Day = "2026-10-22" }, nil, 0, nil, "day classroom.fault.past"},
		{"a minute ago", func(d *SessionDraft) { d.Day, d.From = "2026-10-23", "08:59" }, nil, 0, nil, "day classroom.fault.past"},
		{"now", func(d *SessionDraft) { d.Day, d.From = "2026-10-23", "09:00" }, nil, 0, nil, ""},
		{"moved to the past", func(d *SessionDraft) { d.Day = "2026-10-22" }, &began, 0, nil, "day classroom.fault.past"},
		{"began, ends later", func(d *SessionDraft) { d.Day, d.From, d.Until = "2026-10-23", "08:00", "16:00" }, &began, 0, nil, ""},
		{"began, ended by now", func(d *SessionDraft) { d.Day, d.From, d.Until = "2026-10-23", "08:00", "08:30" }, &began, 0, nil, "until classroom.fault.past"},
		{"over, its place corrected", func(d *SessionDraft) { d.Day, d.From, d.Until = "2026-10-20", "08:00", "14:00" }, &over, 0, nil, ""},
		{"neither place nor link", func(d *SessionDraft) { d.Place = " " }, nil, 0, nil, "place classroom.fault.place"},
		{"a link alone", func(d *SessionDraft) { d.Place, d.Link = "", "https://spotkanie.example.org/a" }, nil, 0, nil, ""},
		{"no link", func(d *SessionDraft) { d.Link = "javascript:alert(1)" }, nil, 0, nil, "link classroom.fault.link"},
		{"a long place", func(d *SessionDraft) { d.Place = strings.Repeat("ż", 201) }, nil, 0, nil, "place classroom.fault.long"},
		{"a room for none", func(d *SessionDraft) { d.Capacity = "0" }, nil, 0, nil, "capacity classroom.fault.capacity"},
		{"words for a number", func(d *SessionDraft) { d.Capacity = "dużo" }, nil, 0, nil, "capacity classroom.fault.capacity"},
		{"a room for one", func(d *SessionDraft) { d.Capacity = " 1 " }, nil, 1, nil, ""},
		{"lowered under the seats", func(d *SessionDraft) { d.Day, d.From, d.Until, d.Capacity = "2026-10-23", "08:00", "14:00", "11" }, &began, 12, nil, "capacity classroom.fault.capacity-taken"},
		{"lowered to the seats", func(d *SessionDraft) { d.Day, d.From, d.Until, d.Capacity = "2026-10-23", "08:00", "14:00", "12" }, &began, 12, nil, ""},
		{"too small already, and no smaller", func(d *SessionDraft) { d.Day, d.From, d.Until, d.Capacity = "2026-10-23", "08:00", "14:00", "20" }, &began, 25, nil, ""},
		{"a new one too small", func(d *SessionDraft) { d.Capacity = "11" }, nil, 12, nil, "capacity classroom.fault.capacity-taken"},
		{"at the time of another", func(*SessionDraft) {}, nil, 0, same, "from classroom.fault.overlap"},
		{"at the time of a cancelled one", func(*SessionDraft) {}, nil, 0, []busy{{session: off}}, ""},
		{"after another", func(d *SessionDraft) { d.From = "10:00" }, nil, 0, same, ""},
		{"who teaches is elsewhere", func(*SessionDraft) {}, nil, 0, []busy{{same[0].session, "Ewa Drugorzędna", "Inne"}}, "trainers classroom.fault.trainer-busy"},
		{"where nobody may know", func(*SessionDraft) {}, nil, 0, []busy{{same[0].session, "Ewa Drugorzędna", ""}}, "trainers classroom.fault.trainer-elsewhere"},
	} {
		d := goodSess
		c.change(&d)
		_, faults := d.check(ruleNow, zone, c.before, Seats{Taken: c.taken, Confirmed: c.taken}, c.others)
		got := ""
		for i, f := range faults {
			if i > 0 {
				got += ", "
			}
			got += f.Name + " " + f.Key
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A session over a change of the clocks is as long as it lasts, not as the wall says; of an hour that is there twice the first is meant,
// and it is said.
func TestASessionOverAChangeOfTheClocks(t *testing.T) {
	for _, c := range []struct {
		day, from, until string
		hours            float64
		twice            bool
	}{
		{"2026-10-25", "00:00", "08:00", 9, false},
		{"2027-03-28", "00:00", "08:00", 7, false},
		{"2026-10-25", "02:30", "03:30", 2, true},
		{"2026-10-25", "01:30", "02:30", 1, true},
	} {
		d := goodSess
		d.Day, d.From, d.Until = c.day, c.from, c.until
		s, faults := d.check(ruleNow, warsaw(t), nil, Seats{}, nil)
		if len(faults) > 0 || s.EndsAt.Sub(s.StartsAt).Hours() != c.hours || s.twice != c.twice {
			t.Errorf("%+v: %v, %t, %v", c, s.EndsAt.Sub(s.StartsAt), s.twice, faults)
		}
	}
}

// Sessions overlap as intervals without their ends do, whichever is looked at first, and never with what is not held.
func TestOverlapsAreThoseOfIntervals(t *testing.T) {
	zone := warsaw(t)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Session {
			from := rapid.IntRange(0, 40).Draw(t, name+" from")
			s := Session{ID: name, StartsAt: ruleNow.Add(time.Duration(from) * time.Hour), EndsAt: ruleNow.Add(time.Duration(from+rapid.IntRange(1, 9).Draw(t, name+" hours")) * time.Hour)}
			if rapid.Bool().Draw(t, name+" off") {
				s.CancelledAt = ruleNow
			}
			return s
		}
		a, b := draw("a"), draw("b")
		common := false
		for x := a.StartsAt; x.Before(a.EndsAt); x = x.Add(time.Hour) {
			common = common || !x.Before(b.StartsAt) && x.Before(b.EndsAt)
		}
		if got := len(overlaps(a, []busy{{session: b}}, zone)) == 1; got != (common && b.Held()) {
			t.Fatalf("%v and %v: %t", a, b, got)
		}
		if len(overlaps(a, []busy{{session: a}}, zone)) != 0 {
			t.Fatal("a session overlaps itself")
		}
	})
}

func TestAContentIsChecked(t *testing.T) {
	for want, change := range map[string]func(*ContentDraft){
		"title assessment.measure.title-fault": func(d *ContentDraft) { d.Title = " " },
		"audience classroom.fault.long":        func(d *ContentDraft) { d.Audience = strings.Repeat("a", 4001) },
		"theory classroom.fault.hours":         func(d *ContentDraft) { d.Theory = "dużo" },
		"exercise classroom.fault.hours":       func(d *ContentDraft) { d.Exercise = "-2" },
		"hour classroom.fault.hour":            func(d *ContentDraft) { d.HourMinutes = "50" },
	} {
		d := ContentDraft{Title: "Szkolenie"}
		change(&d)
		if _, faults := d.check(); len(faults) != 1 || faults[0].Name+" "+faults[0].Key != want {
			t.Errorf("%s: %v", want, faults)
		}
	}
	if c, faults := (ContentDraft{Title: "Szkolenie", Theory: "4", HourMinutes: "60"}).check(); len(faults) > 0 || c.theory != 240 || c.hour != 60 || fmt.Sprint(c.Langs) != "[pl]" {
		t.Errorf("%+v, %v", c, faults)
	}
}

func TestNumbersAreChecked(t *testing.T) {
	for want, drafts := range map[string][]NumberDraft{
		"wanted-00 classroom.fault.number-name":  {{OfPowiat, "", "3"}},
		"wanted-01 classroom.fault.capacity":     {{}, {OfPowiat, "bialski", "kilka"}},
		"wanted-01 classroom.fault.number-twice": {{OfPowiat, "bialski", "2"}, {OfPowiat, " bialski ", "3"}},
	} {
		var faults errs.Fields
		numbers(&faults, "wanted", drafts, OfInstitution, OfPowiat)
		if len(faults) != 1 || faults[0].Name+" "+faults[0].Key != want {
			t.Errorf("%s: %v", want, faults)
		}
	}
}
