package directory

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func warsaw(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

var samples = []string{
	"24/7",
	"Mo-Fr 08:00-16:00; PH closed",
	"Mo-Fr 08:00-12:00,13:00-18:00; Sa 09:00-12:00; PH as Su",
	"Mo-Su 22:00-06:00",
	"Fr-Mo 20:00-04:00; Tu,Th 10:00-14:00; PH 10:00-12:00; 2026-12-24 08:00-10:00; 2027-05-03 closed",
	"Su 00:00-24:00; We 01:30-02:45",
	"Mo-Su 02:15-02:45",
	"Sa-Su 01:00-03:30; PH as Sa",
}

func parse(t interface{ Fatal(...any) }, text string) Hours {
	h, err := ParseHours(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestClocksGoBackAndForward(t *testing.T) {
	zone := warsaw(t)
	night := parse(t, "Mo-Su 02:15-02:45")
	for when, want := range map[string]bool{
		"2026-10-25T00:30:00Z": true,  // 02:30 summer time
		"2026-10-25T01:30:00Z": true,  // 02:30 again, winter time
		"2026-10-25T02:30:00Z": false, // 03:30
		"2026-03-29T00:59:00Z": false, // 01:59; then it is 03:00
		"2026-03-29T01:00:00Z": false,
		"2026-03-28T01:30:00Z": true, // the night before
	} {
		at, err := time.Parse(time.RFC3339, when)
		if err != nil {
			t.Fatal(err)
		}
		if got := night.Open(at, zone); got != want {
			t.Errorf("%s: %v", at.In(zone), got)
		}
	}
}

// hours draws opening hours in their text form.
func hours(t *rapid.T) string {
	times := rapid.Custom(func(t *rapid.T) string {
		clock := func(label string) string {
			return fmt.Sprintf("%02d:%02d", rapid.IntRange(0, 23).Draw(t, label), rapid.IntRange(0, 59).Draw(t, label))
		}
		return clock("from") + "-" + clock("to")
	})
	var rules []string
	for range rapid.IntRange(1, 4).Draw(t, "rules") {
		days := rapid.SampledFrom([]string{"Mo", "Tu-Th", "Fr-Mo", "Mo-Su", "Sa,Su", "PH", "2026-10-25", "2026-03-29"}).Draw(t, "days")
		rules = append(rules, days+" "+strings.Join(rapid.SliceOfN(times, 1, 2).Draw(t, "times"), ","))
	}
	if !strings.Contains(strings.Join(rules, "; "), "PH") && rapid.Bool().Draw(t, "as") {
		rules = append(rules, "PH as Su")
	}
	return strings.Join(rules, "; ")
}

// TestNextChange: at the instant that it names the answer changes, and at no minute before.
func TestNextChange(t *testing.T) {
	zone := warsaw(t)
	rapid.Check(t, func(rt *rapid.T) {
		h := parse(rt, hours(rt))
		near := rapid.SampledFrom([]time.Time{
			time.Date(2026, 10, 24, 20, 0, 0, 0, time.UTC), time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC), time.Date(2026, 12, 23, 12, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
		}).Draw(rt, "near")
		at := near.Add(time.Duration(rapid.IntRange(0, 1800).Draw(rt, "minutes")) * time.Minute)
		now := h.Open(at, zone)
		next, ok := h.NextChange(at, zone)
		end := at.Add(72 * time.Hour)
		if ok {
			if !next.After(at) || h.Open(next, zone) == now || h.Open(next.Add(-time.Minute), zone) != now {
				rt.Fatalf("%s after %s: %s is no change", h, at.In(zone), next.In(zone))
			}
			if next.Before(end) {
				end = next
			}
		}
		for m := at.Truncate(time.Minute).Add(time.Minute); m.Before(end); m = m.Add(time.Minute) {
			if h.Open(m, zone) != now {
				rt.Fatalf("%s after %s: it changes at %s, not at %s", h, at.In(zone), m.In(zone), next.In(zone))
			}
		}
	})
}

// What is not read is refused with the reason, and with the place at which the reading stopped.
func TestHoursThatAreNone(t *testing.T) {
	for text, want := range map[string]Reason{
		"Mo 8-16": unreadable, "Mo 08:00": unreadable, "Xx 08:00-16:00": unreadable, "Mo-Xx 08:00-16:00": unreadable, "PH as Xx": unreadable, ";": unreadable, " ; ;": unreadable,
		"Mo 25:00-26:00": noTimes, "Mo 08:60-09:00": noTimes, "Mo 24:00-01:00": noTimes, "Mo 22:00-49:00": noTimes, "Mo 02:00-27:00": noTimes,
		"2026-13-01 08:00-10:00": noDate, "Feb 30 off": noDate, "2026 Feb 29 off": noDate, "Dec 0 off": noDate, "Dec 24,32 off": noDate, "2026 Dec 24-20 off": noDate,
		strings.Repeat("Mo 08:00-09:00;", 200): tooLong,
		"Mo-Fr 09:00+":                         openEnd, "Mo-Fr 09:00-16:00+": openEnd, "Jan-Mar Mo-Fr 09:00-16:00": season, "week 1-10 Mo 08:00-10:00": season, "SH off": season, "2026 Mo 08:00-10:00": season,
		"Mo[1] 10:00-12:00": nthDay, `Mo-Fr 08:00-16:00 || "on call"`: fallback, `Mo-Fr 08:00-16:00 "by appointment"`: comment, "Mo-Fr sunrise-sunset": sun,
		"Dec 24 Mo 08:00-12:00": mixed, "PH Mo off": mixed, "Mo-Fr 08:00-16:00, ": unreadable, "Mo-Fr 08:00-16:00 Sa 08:00-09:00": unreadable,
	} {
		_, err := ParseHours(text)
		var e *HoursError
		if !errors.As(err, &e) || e.Reason != want || e.At == "" {
			t.Errorf("%.40q: %v, want %s", text, err, want)
		}
	}
	if h := parse(t, ""); h.Known() || h.Open(time.Now(), time.UTC) {
		t.Error("no hours are open")
	}
}

func FuzzParseHours(f *testing.F) {
	for _, s := range samples {
		f.Add(s)
	}
	zone := warsaw(f)
	at := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHours(text)
		if err != nil {
			return
		}
		again, err := ParseHours(h.String())
		if err != nil || again.String() != h.String() || again.Open(at, zone) != h.Open(at, zone) {
			t.Errorf("%q does not come back the same: %v", text, err)
		}
	})
}

// The week that a page shows: what holds on ordinary days, on holidays, and on dates.
func TestWeek(t *testing.T) {
	for text, want := range map[string]string{
		"Mo-Su 08:00-20:00; Su off":                       "Mo 480-1200 Tu 480-1200 We 480-1200 Th 480-1200 Fr 480-1200 Sa 480-1200",
		"Mo-Fr 08:00-18:00; We 10:00-14:00; PH,Su off":    "Mo 480-1080 Tu 480-1080 We 600-840 Th 480-1080 Fr 480-1080 PH",
		"Mo 08:00-12:00, Mo 11:00-14:00; PH as Mo":        "Mo 480-840 PH 480-840",
		"Mo-Tu 08:00-16:00; Mo 12:00-13:00 off":           "Mo 480-720 780-960 Tu 480-960",
		"24/7; PH off":                                    "Mo 0-1440 Tu 0-1440 We 0-1440 Th 0-1440 Fr 0-1440 Sa 0-1440 Su 0-1440 PH",
		"Mo 08:00-16:00; PH 10:00-12:00; Dec 24-26 off":   "Mo 480-960 PH 600-720",
		"PH 10:00-12:00, Mo 08:00-16:00":                  "Mo 480-960", // on a holiday that is a Monday both hold
		"Mo–Tu 8:00 – 9:00, 10:00-26:00; Sa: 09:00-12:00": "Mo 480-540 600-1560 Tu 480-540 600-1560 Sa 540-720",
	} {
		h := parse(t, text)
		var got []string
		for _, l := range h.Table(time.Time{}, 0) {
			switch {
			case l.Holidays:
				got = append(got, "PH"+said(l.Spans))
			case len(l.Spans) > 0:
				got = append(got, l.Weekday.String()[:2]+said(l.Spans))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s:\n%s, want\n%s", text, strings.Join(got, " "), want)
		}
	}
	if !parse(t, "Mo-Su 00:00-24:00").Always() || parse(t, "24/7; PH off").Always() || parse(t, "24/7; Dec 24 off").Always() || parse(t, "Mo-Sa 00:00-24:00").Always() {
		t.Error("day and night")
	}
}

func said(spans []Span) (text string) {
	for _, s := range spans {
		text += fmt.Sprintf(" %d-%d", s.From, s.To)
	}
	return text
}

func TestExceptions(t *testing.T) {
	h := parse(t, "Mo-Fr 08:00-16:00; PH off; Dec 24-26 off; Dec 31-Jan 2 10:00-12:00; 2026-12-28 off")
	var got []string
	dates := func(h Hours, from time.Time, days int) []Line {
		return slices.DeleteFunc(h.Table(from, days), func(l Line) bool { return l.Date.IsZero() })
	}
	for _, l := range dates(h, time.Date(2026, 12, 20, 1, 0, 0, 0, warsaw(t)), 30) {
		got = append(got, l.Date.Format("01-02")+said(l.Spans))
	}
	if want := "12-24 12-25 12-26 12-28 12-31 600-720 01-01 600-720 01-02 600-720"; strings.Join(got, " ") != want {
		t.Errorf("%s, want %s", got, want)
	}
	if list := dates(parse(t, "Mo-Fr 08:00-16:00; PH off"), time.Now(), 400); len(list) > 0 || h.Dated() != true {
		t.Errorf("%v", list)
	}
}

// A shift over midnight belongs to the day on which it begins. The peer (see peer_test.go) looks at each day by itself and opens the morning after
// a night that is off.
func TestNightsOffAreOffAsAWhole(t *testing.T) {
	zone := warsaw(t)
	for text, want := range map[string][3]bool{ // 10 November 23:00, 11 November (a holiday) 23:00, 12 November 01:00
		"Mo-Fr 22:00-02:00; PH off": {true, false, false}, "Mo-Fr 22:00-02:00": {true, true, true}, "Mo-Fr 22:00-02:00; We off": {true, false, false},
	} {
		h := parse(t, text)
		for i, at := range []time.Time{time.Date(2026, 11, 10, 23, 0, 0, 0, zone), time.Date(2026, 11, 11, 23, 0, 0, 0, zone), time.Date(2026, 11, 12, 1, 0, 0, 0, zone)} {
			if got := h.Open(at, zone); got != want[i] {
				t.Errorf("%s at %s: %v", text, at, got)
			}
		}
		if !h.Open(time.Date(2026, 11, 11, 1, 0, 0, 0, zone), zone) {
			t.Errorf("%s: the shift of the evening before ends at midnight", text)
		}
	}
}
