package calendar

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	peer "github.com/arran4/golang-ical"
)

var warsaw = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(err)
	}
	return zone
}()

// read is what another program understands of a calendar.
type read struct {
	Method string
	Events []readEvent
}

type readEvent struct {
	UID, Summary, Location, Description, Status, Attendee, Name, Organizer string
	Sequence                                                               int
	Start, End                                                             time.Time
}

// byNode reads calendars with ical.js, which Thunderbird is built on.
func byNode(t *testing.T, files []string) (list []read) {
	t.Helper()
	modules, err := filepath.Abs("../../../node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "ical.js")); err != nil {
		t.Skip("ical.js is not installed (make setup)")
	}
	in, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/read.mjs", modules)
	node.Stdin, node.Stderr = strings.NewReader(string(in)), os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatalf("%v in %.300s", err, out)
	}
	return list
}

// byPeer reads calendars with a library of another author in Go.
func byPeer(t *testing.T, files []string) (list []read) {
	t.Helper()
	for _, file := range files {
		c, err := peer.ParseCalendar(strings.NewReader(file))
		if err != nil {
			t.Fatalf("%v in\n%s", err, file)
		}
		var r read
		for _, p := range c.CalendarProperties {
			if p.IANAToken == "METHOD" {
				r.Method = p.Value
			}
		}
		for _, e := range c.Events() {
			text := func(name peer.ComponentProperty) string {
				if p := e.GetProperty(name); p != nil {
					return peer.FromText(p.Value)
				}
				return ""
			}
			x := readEvent{UID: e.Id(), Summary: text("SUMMARY"), Location: text("LOCATION"), Description: text("DESCRIPTION"), Status: text("STATUS")}
			if err := json.Unmarshal([]byte(text("SEQUENCE")), &x.Sequence); err != nil {
				t.Fatal(err)
			}
			if x.Start, err = e.GetStartAt(); err != nil {
				t.Fatal(err)
			}
			if x.End, err = e.GetEndAt(); err != nil {
				t.Fatal(err)
			}
			if p := e.GetProperty("ATTENDEE"); p != nil {
				x.Attendee = p.Value
				if cn := p.ICalParameters["CN"]; len(cn) == 1 {
					x.Name = cn[0]
				}
			}
			if p := e.GetProperty("ORGANIZER"); p != nil {
				x.Organizer = p.Value
			}
			r.Events = append(r.Events, x)
		}
		list = append(list, r)
	}
	return list
}

var sample = Event{
	UID: "b.s@szkolenia.example.org", Sequence: 3, Summary: `Szkolenie: „Rozpoznanie, wsparcie; etap \ 1”`, Location: "Sala 2, Świetlica, ul. Żwirki i Wigury 1",
	Description: "Wejście od podwórza, podjazd z lewej.\nВинда працює; ăn trưa tại chỗ, " + strings.Repeat("ż", 90), URL: "https://szkolenia.example.org/app/my-trainings",
}

// Two other programs read the right instants on both changes of the clock, all letters of a text, and what is asked of the calendar.
func TestTwoOthersReadWhatIsWritten(t *testing.T) {
	hours := []struct{ start, end, utc string }{
		{"2026-10-24 09:00", "2026-10-24 15:00", "2026-10-24T07:00:00Z"},
		{"2026-10-25 09:00", "2026-10-25 15:00", "2026-10-25T08:00:00Z"}, // the clocks went back at three
		{"2026-10-25 01:30", "2026-10-25 04:00", "2026-10-24T23:30:00Z"}, // and while a session is held: it has three hours and a half
		{"2027-03-27 09:00", "2027-03-27 15:00", "2027-03-27T08:00:00Z"},
		{"2027-03-28 09:00", "2027-03-28 15:00", "2027-03-28T07:00:00Z"},
		{"2027-03-28 01:30", "2027-03-28 04:00", "2027-03-28T00:30:00Z"},
	}
	var files []string
	var events []Event
	organizer, attendee := Party{Name: "Szkolenia", Mail: "szkolenia@example.org"}, Party{Name: "Zofia \"Zosia\" Źródło; Kowalska, dr", Mail: "zofia@example.org"}
	at := time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)
	for i, h := range hours {
		e := sample
		var err error
		if e.Start, err = time.ParseInLocation("2006-01-02 15:04", h.start, warsaw); err != nil {
			t.Fatal(err)
		}
		if e.End, err = time.ParseInLocation("2006-01-02 15:04", h.end, warsaw); err != nil {
			t.Fatal(err)
		}
		if got := e.Start.UTC().Format(time.RFC3339); got != h.utc {
			t.Fatalf("%s is %s", h.start, got)
		}
		e.UID = string(rune('a'+i)) + e.UID
		for _, method := range []string{Request, Cancel} {
			file, err := Message(method, e, organizer, attendee, at)
			if err != nil {
				t.Fatal(err)
			}
			files, events = append(files, file), append(events, e)
		}
	}
	for name, by := range map[string]func(*testing.T, []string) []read{"ical.js": byNode, "golang-ical": byPeer} {
		t.Run(name, func(t *testing.T) {
			for i, r := range by(t, files) {
				method, status := Request, "CONFIRMED"
				if i%2 == 1 {
					method, status = Cancel, "CANCELLED"
				}
				if r.Method != method || len(r.Events) != 1 {
					t.Fatalf("%+v", r)
				}
				got, want := r.Events[0], events[i]
				if !got.Start.Equal(want.Start) || !got.End.Equal(want.End) {
					t.Errorf("from %v to %v, want %v and %v", got.Start, got.End, want.Start, want.End)
				}
				if got.UID != want.UID || got.Sequence != 3 || got.Summary != want.Summary || got.Location != want.Location || got.Description != want.Description || got.Status != status {
					t.Errorf("%+v", got)
				}
				if got.Attendee != "mailto:zofia@example.org" || got.Organizer != "mailto:szkolenia@example.org" || got.Name != "Zofia Zosia Źródło; Kowalska, dr" {
					t.Errorf("%+v", got)
				}
			}
		})
	}
}

// A calendar that is followed holds each session once and names nobody; before the first it is an empty one, which both read.
func TestFollowedCalendars(t *testing.T) {
	start := time.Date(2026, 10, 25, 8, 0, 0, 0, time.UTC)
	one, other := sample, sample
	one.Start, one.End, other.Start, other.End, other.UID = start, start.Add(time.Hour), start.Add(24*time.Hour), start.Add(25*time.Hour), "c@example.org"
	var files []string
	for _, events := range [][]Event{{one, other}, nil} {
		file, err := Feed("Szkolenia, moje", events, start)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(file, "ATTENDEE") || strings.Contains(file, "METHOD") {
			t.Errorf("%s", file)
		}
		files = append(files, file)
	}
	for name, by := range map[string]func(*testing.T, []string) []read{"ical.js": byNode, "golang-ical": byPeer} {
		t.Run(name, func(t *testing.T) {
			got := by(t, files)
			if len(got[0].Events) != 2 || !got[0].Events[1].Start.Equal(other.Start) || len(got[1].Events) != 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

// Lines are what mail and calendars take: no name's letter is broken, and the lines put together again are the text.
func FuzzFold(f *testing.F) {
	f.Add("SUMMARY:" + strings.Repeat("ż", 100))
	f.Add("X:" + strings.Repeat("a", 72) + "ệ" + strings.Repeat("丁", 40) + "\r\nY:z")
	f.Add("\xff" + strings.Repeat("\x80", 200))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(strings.ReplaceAll(text, "\r\n", ""), "\r\n") {
			t.Skip("no calendar's line")
		}
		text = strings.TrimSuffix(text, "\r\n")
		folded := fold(text + "\r\n")
		for line := range strings.SplitSeq(strings.TrimSuffix(folded, "\r\n"), "\r\n") {
			if len(line) > most || utf8.ValidString(text) && !utf8.ValidString(line) {
				t.Errorf("a line of %d octets: %q", len(line), line)
			}
		}
		if !strings.Contains(text, "\r\n ") {
			if back := strings.TrimSuffix(strings.ReplaceAll(folded, "\r\n ", ""), "\r\n"); back != text {
				t.Errorf("%q became %q", text, back)
			}
		}
	})
}

// No sign that somebody writes keeps an entry from being written, or breaks its lines.
func FuzzMessage(f *testing.F) {
	f.Add("a\r\nBEGIN:VEVENT", `"; CN=x`, "x\x00y")
	f.Add("\u2028\u0085", "\"\"", "\xff\xfe")
	f.Fuzz(func(t *testing.T, summary, name, note string) {
		at := time.Date(2026, 10, 25, 8, 0, 0, 0, time.UTC)
		file, err := Message(Request, Event{UID: "u@x", Start: at, End: at.Add(time.Hour), Summary: summary, Description: note}, Party{name, "o@x"}, Party{name, "a@x"}, at)
		if err != nil {
			t.Fatal(err)
		}
		c, err := peer.ParseCalendar(strings.NewReader(file))
		if err != nil || len(c.Events()) != 1 {
			t.Fatalf("%v in %q", err, file)
		}
	})
}

// A file that somebody puts into their calendar themself asks for nothing and names nobody.
func TestAFileNamesNobody(t *testing.T) {
	e := sample
	e.Start, e.End = time.Date(2026, 10, 30, 16, 0, 0, 0, time.UTC), time.Date(2026, 10, 30, 18, 0, 0, 0, time.UTC)
	file, err := File(e, e.Start)
	if err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string]func(*testing.T, []string) []read{"ical.js": byNode, "golang-ical": byPeer} {
		r := by(t, []string{file})[0]
		if r.Method != "" || len(r.Events) != 1 || r.Events[0].Attendee != "" || r.Events[0].Organizer != "" || !r.Events[0].Start.Equal(e.Start) || r.Events[0].Sequence != e.Sequence {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
