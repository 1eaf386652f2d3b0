package directory

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The model is another way to the same answer, with nothing of the package in it: it takes what a person wrote on the door and
// marks, minute by minute, the labels of a wall calendar ("2026-10-25 02:30") at which somebody answers. An instant is open when
// the label that a clock in Warsaw shows then is marked.
type model map[string]bool

// week is what a person wrote on the door, in words that the parser has never seen.
type week struct {
	days     [7][]shift // Monday first
	holidays *[]shift   // nil: like other days
	like     int        // holidays are like this day, Monday first; -1: they are not
	dates    map[string][]shift
	first    string // the first day of the calendar
	length   int    // days; one more than are asked for, as the week in which the clocks go forward is an hour short
}

// shift is a begin and how many minutes it lasts, at most a day.
type shift struct{ hour, minute, lasts int }

// publicHolidays of the years of the model, copied from calendars.
var publicHolidays = strings.Fields(`
	2025-01-01 2025-01-06 2025-04-20 2025-04-21 2025-05-01 2025-05-03 2025-06-08 2025-06-19 2025-08-15 2025-11-01 2025-11-11 2025-12-24 2025-12-25 2025-12-26
	2026-01-01 2026-01-06 2026-04-05 2026-04-06 2026-05-01 2026-05-03 2026-05-24 2026-06-04 2026-08-15 2026-11-01 2026-11-11 2026-12-24 2026-12-25 2026-12-26
	2027-01-01 2027-01-06 2027-03-28 2027-03-29 2027-05-01 2027-05-03 2027-05-16 2027-05-27 2027-08-15 2027-11-01 2027-11-11 2027-12-24 2027-12-25 2027-12-26`)

func isPublicHoliday(date string) bool {
	for _, h := range publicHolidays {
		if h == date {
			return true
		}
	}
	return false
}

// calendar walks the days and, from each begin, the minutes of the wall calendar.
func (w week) calendar(t interface{ Fatal(...any) }) model {
	first, err := time.Parse(time.DateOnly, w.first)
	if err != nil {
		t.Fatal(err)
	}
	m := model{}
	for i := -1; i < w.length; i++ { // the night before the first day goes on into it
		day := first.Add(time.Duration(i) * 24 * time.Hour) // in UTC all days have 24 hours, as on a calendar
		date := day.Format("2006-01-02")
		shifts := w.days[(int(day.Weekday())+6)%7]
		if isPublicHoliday(date) {
			switch {
			case w.like >= 0:
				shifts = w.days[w.like]
			case w.holidays != nil:
				shifts = *w.holidays
			}
		}
		if own, ok := w.dates[date]; ok {
			shifts = own
		}
		for _, s := range shifts {
			at := day.Add(time.Duration(s.hour)*time.Hour + time.Duration(s.minute)*time.Minute)
			for range s.lasts {
				m[at.Format("2006-01-02 15:04")] = true
				at = at.Add(time.Minute)
			}
		}
	}
	return m
}

// text is how the house writes such a week.
func (w week) text() string {
	names := []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	times := func(list []shift) string {
		if len(list) == 0 {
			return "closed"
		}
		var parts []string
		for _, s := range list {
			from := s.hour*60 + s.minute
			to := (from + s.lasts) % 1440
			parts = append(parts, fmt.Sprintf("%02d:%02d-%02d:%02d", from/60, from%60, to/60, to%60))
		}
		return strings.Join(parts, ",")
	}
	var rules []string
	for i, list := range w.days {
		rules = append(rules, names[i]+" "+times(list))
	}
	switch {
	case w.like >= 0:
		rules = append(rules, "PH as "+names[w.like])
	case w.holidays != nil:
		rules = append(rules, "PH "+times(*w.holidays))
	}
	for date, list := range w.dates {
		rules = append(rules, date+" "+times(list))
	}
	return strings.Join(rules, "; ")
}

// nights in which the clocks change, and days around which holidays stand: the week that begins there is looked at.
var turns = []string{
	"2025-03-27", "2025-10-23", "2026-03-26", "2026-10-22", "2027-03-25", "2027-10-28", // clocks; in 2027 Easter is the same night
	"2025-12-22", "2026-04-02", "2026-05-01", "2026-12-22", "2026-08-13",
}

func drawWeek(t *rapid.T) week {
	w := week{like: -1, length: 8, first: rapid.SampledFrom(turns).Draw(t, "first"), dates: map[string][]shift{}}
	one := rapid.Custom(func(t *rapid.T) shift {
		return shift{
			rapid.OneOf(rapid.IntRange(0, 4), rapid.IntRange(0, 23)).Draw(t, "hour"), // clocks change in the small hours
			rapid.SampledFrom([]int{0, 1, 15, 30, 45, 59}).Draw(t, "minute"),
			rapid.OneOf(rapid.IntRange(1, 200), rapid.IntRange(1, 1440)).Draw(t, "lasts"),
		}
	})
	list := rapid.SliceOfN(one, 0, 2)
	for i := range w.days {
		w.days[i] = list.Draw(t, "shifts")
	}
	switch rapid.IntRange(0, 2).Draw(t, "holidays") {
	case 1:
		w.like = rapid.IntRange(0, 6).Draw(t, "like")
	case 2:
		own := list.Draw(t, "own")
		w.holidays = &own
	}
	if rapid.Bool().Draw(t, "date") {
		first, _ := time.Parse(time.DateOnly, w.first)
		w.dates[first.AddDate(0, 0, rapid.IntRange(0, 6).Draw(t, "which")).Format(time.DateOnly)] = list.Draw(t, "on the date")
	}
	return w
}

// TestOpenAgreesWithAWallCalendar draws weeks and asks at every hour of them and at 200 instants more.
func TestOpenAgreesWithAWallCalendar(t *testing.T) {
	zone := warsaw(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWeek(rt)
		calendar, h := w.calendar(rt), parse(rt, w.text())
		begin, _ := time.ParseInLocation(time.DateOnly, w.first, zone)
		ask := func(at time.Time) {
			want := calendar[at.In(zone).Format("2006-01-02 15:04")]
			if got := h.Open(at, zone); got != want {
				rt.Fatalf("%s at %s: %v", w.text(), at.In(zone), got)
			}
		}
		for hour := range 7 * 24 {
			ask(begin.Add(time.Duration(hour) * time.Hour))
		}
		for range 200 {
			ask(begin.Add(time.Duration(rapid.IntRange(0, 6*24*3600).Draw(rt, "second")) * time.Second))
		}
	})
}

// TestOpenAtTenThousandInstants asks the same of a fixed set, every minute of the nights in which the clocks change among them.
func TestOpenAtTenThousandInstants(t *testing.T) {
	zone := warsaw(t)
	night := []shift{{22, 0, 480}}
	office := []shift{{8, 0, 240}, {13, 0, 180}}
	weeks := []week{
		{days: [7][]shift{night, night, night, night, night, night, night}, like: 6},
		{days: [7][]shift{office, office, office, office, office, {{9, 0, 180}}, nil}, holidays: &[]shift{}, like: -1},
		{days: [7][]shift{4: {{20, 30, 690}}, 5: {{1, 30, 45}, {2, 0, 60}}, 6: {{2, 15, 30}, {3, 0, 1}}}, like: -1, holidays: &[]shift{{2, 30, 60}}},
	}
	r := rand.New(rand.NewPCG(1951, 18))
	asked, open := 0, 0
	for _, first := range turns {
		for i, w := range weeks {
			w.first, w.length = first, 8
			calendar, h := w.calendar(t), parse(t, w.text())
			begin, _ := time.ParseInLocation(time.DateOnly, first, zone)
			var instants []time.Time
			for range 80 {
				instants = append(instants, begin.Add(time.Duration(r.Int64N(int64(6*24*time.Hour)))))
			}
			if changed, _ := begin.AddDate(0, 0, 6).ZoneBounds(); changed.After(begin) {
				for m := -240; m < 240; m++ {
					instants = append(instants, changed.Add(time.Duration(m)*time.Minute))
				}
			}
			for _, at := range instants {
				want := calendar[at.In(zone).Format("2006-01-02 15:04")]
				if got := h.Open(at, zone); got != want {
					t.Fatalf("week %d, %s at %s: %v", i, w.text(), at.In(zone), got)
				}
				asked++
				if want {
					open++
				}
			}
		}
	}
	if asked < 10_000 || open < asked/5 || open > asked*4/5 {
		t.Errorf("%d instants, %d of them open: the samples say little", asked, open)
	}
}

// TestTheWholeDayLastsAsLongAsTheDay: the day on which the clocks change has 23 or 25 hours, and a service that is open all day
// is open in all of them.
func TestTheWholeDayLastsAsLongAsTheDay(t *testing.T) {
	zone := warsaw(t)
	h := parse(t, "Su 00:00-24:00")
	for date, hours := range map[string]int{"2026-03-29": 23, "2026-10-25": 25, "2026-11-01": 24} {
		day, _ := time.ParseInLocation(time.DateOnly, date, zone)
		if h.Open(day.Add(-time.Second), zone) || !h.Open(day, zone) {
			t.Errorf("%s does not begin at midnight", date)
		}
		if end, ok := h.NextChange(day, zone); !ok || end.Sub(day) != time.Duration(hours)*time.Hour {
			t.Errorf("%s ends at %s, not after %d hours", date, end, hours)
		}
	}
}
