package directory

import (
	"fmt"
	"math/rand/v2"
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

func TestHolidays(t *testing.T) {
	published := map[int]string{ // as calendars have them; movable: Easter Sunday and Monday, Pentecost, Corpus Christi
		2024: "01-01 01-06 03-31 04-01 05-01 05-03 05-19 05-30 08-15 11-01 11-11 12-25 12-26",
		2025: "01-01 01-06 04-20 04-21 05-01 05-03 06-08 06-19 08-15 11-01 11-11 12-24 12-25 12-26",
		2026: "01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26",
		2027: "01-01 01-06 03-28 03-29 05-01 05-03 05-16 05-27 08-15 11-01 11-11 12-24 12-25 12-26",
		2028: "01-01 01-06 04-16 04-17 05-01 05-03 06-04 06-15 08-15 11-01 11-11 12-24 12-25 12-26",
		2029: "01-01 01-06 04-01 04-02 05-01 05-03 05-20 05-31 08-15 11-01 11-11 12-24 12-25 12-26",
		2030: "01-01 01-06 04-21 04-22 05-01 05-03 06-09 06-20 08-15 11-01 11-11 12-24 12-25 12-26",
	}
	for year, want := range published {
		var got []string
		for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if isHoliday(d.Year(), d.Month(), d.Day()) {
				got = append(got, d.Format("01-02"))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d: %v", year, got)
		}
	}
	if isHoliday(2010, time.January, 6) || isHoliday(2024, time.December, 24) {
		t.Error("days that were working days then")
	}
}

// naive is another way to the same answer: it writes down for each local minute of a week, and for each day, whether it is open.
func naive(text string, at time.Time, zone *time.Location) bool {
	if text == "24/7" {
		return true
	}
	local := at.In(zone)
	for back := range 2 { // begun today, or yesterday
		day := time.Date(local.Year(), local.Month(), local.Day()-back, 12, 0, 0, 0, time.UTC)
		minute := local.Hour()*60 + local.Minute() + back*1440
		for _, times := range naiveTimes(text, day) {
			var a, b, c, d int
			if _, err := fmt.Sscanf(times, "%d:%d-%d:%d", &a, &b, &c, &d); err != nil {
				panic(err)
			}
			open := make([]bool, 2881)
			for m := a*60 + b; ; m++ {
				if m%1440 == (c*60+d)%1440 && m > a*60+b {
					break
				}
				open[m] = true
			}
			if open[minute] {
				return true
			}
		}
	}
	return false
}

func naiveTimes(text string, day time.Time) (times []string) {
	names := []string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"}
	ofWeekday := func(name string) (list []string) {
		for _, rule := range strings.Split(text, "; ") {
			days, what, _ := strings.Cut(rule, " ")
			if days == "PH" || days[0] == '2' || what == "closed" {
				continue
			}
			for _, d := range strings.Split(days, ",") {
				from, to, isRange := strings.Cut(d, "-")
				in := d == name
				if isRange {
					for i, inside := 0, false; i < 14; i++ {
						n := names[i%7]
						if n == from {
							inside = true
						}
						in = in || inside && n == name
						if inside && n == to {
							break
						}
					}
				}
				if in {
					list = append(list, strings.Split(what, ",")...)
				}
			}
		}
		return list
	}
	for _, rule := range strings.Split(text, "; ") { // a date stands above all
		if days, what, _ := strings.Cut(rule, " "); days == day.Format(time.DateOnly) {
			if what == "closed" {
				return nil
			}
			return strings.Split(what, ",")
		}
	}
	for _, rule := range strings.Split(text, "; ") {
		days, what, _ := strings.Cut(rule, " ")
		if days != "PH" || !isHoliday(day.Year(), day.Month(), day.Day()) {
			continue
		}
		if as, ok := strings.CutPrefix(what, "as "); ok {
			return ofWeekday(as)
		}
		if what == "closed" {
			return nil
		}
		return strings.Split(what, ",")
	}
	return ofWeekday(names[day.Weekday()])
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

// TestOpenNow asks 10,000 instants, a third of them in the nights in which the clocks change.
func TestOpenNow(t *testing.T) {
	zone := warsaw(t)
	var changes []time.Time
	for year := 2025; year < 2031; year++ {
		for _, month := range []time.Month{time.July, time.December} {
			start, _ := time.Date(year, month, 15, 12, 0, 0, 0, zone).ZoneBounds()
			changes = append(changes, start)
		}
	}
	r := rand.New(rand.NewPCG(4, 10))
	open := 0
	for i := range 10_000 {
		at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(6 * 365 * 24 * time.Hour))))
		if i%3 == 0 {
			at = changes[r.IntN(len(changes))].Add(time.Duration(r.Int64N(int64(48*time.Hour))) - 24*time.Hour)
		}
		text := samples[i%len(samples)]
		h := parse(t, text)
		want := naive(text, at, zone)
		if got := h.Open(at, zone); got != want {
			t.Fatalf("%s at %s: %v", text, at.In(zone), got)
		}
		if want {
			open++
		}
	}
	if open < 2000 || open > 8000 {
		t.Errorf("%d of 10,000 are open: the samples say little", open)
	}
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
		if (days[0] == '2' || days == "PH") && strings.Contains(strings.Join(rules, "; "), days) {
			continue // such a day has one rule
		}
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

func TestHoursThatAreNone(t *testing.T) {
	for _, text := range []string{"Mo", "Mo 8-16", "Mo 08:00", "Xx 08:00-16:00", "Mo-Xx 08:00-16:00", "Mo 25:00-26:00", "Mo 08:60-09:00", "PH as Xx", "2026-13-01 08:00-10:00", ";", " ; ;",
		"PH 10:00-12:00; PH 14:00-15:00", "PH closed; PH as Su", "2026-12-24 08:00-09:00; 2026-12-24 closed", "24/7; PH closed", "Mo 24:00-01:00", "Mo 08:00-24:01", strings.Repeat("Mo 08:00-09:00;", 200)} {
		if _, err := ParseHours(text); err == nil {
			t.Errorf("%.40q is taken", text)
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

// TestOffIsClosed: OpenStreetMap writes "off" where we write "closed".
func TestOffIsClosed(t *testing.T) {
	h, err := ParseHours("Mo-Fr 08:00-16:00; PH off")
	if err != nil {
		t.Fatal(err)
	}
	if ruled, as, spans := h.Holidays(); !ruled || as >= 0 || len(spans) > 0 || h.String() != "Mo-Fr 08:00-16:00; PH off" {
		t.Errorf("%v %d %v %s", ruled, as, spans, h)
	}
}
