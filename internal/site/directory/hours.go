package directory

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"ostoja/internal/holiday"
)

// Hours says when a service answers, in local wall-clock times. Its text is a subset of OpenStreetMap's opening_hours (see
// docs/public-site.md for what it can say):
//
//	24/7
//	Mo-Fr 08:00-16:00; Sa 09:00-12:00,13:00-15:00; PH off
//	Mo-Su 22:00-06:00; PH as Su; Dec 24-26 off; 2026-12-31 08:00-12:00
//
// As in OpenStreetMap, a rule after a semicolon takes the place of all before it on the days that it names, and one after a comma adds to
// them. Rules that name days of the week hold on public holidays too, until a rule of PH (public holidays in Poland) says otherwise. Two things are ours:
// "PH as Su", and dates as 2026-12-31.
//
// An interval whose end is not after its begin goes on into the next day and belongs to the day on which it begins: the night shift
// before a holiday ends in the morning of the holiday, and the one that would begin on the holiday is off as a whole.
//
// What counts is what the clock on the wall shows: in the night in which the clocks go back, an interval of the hour that comes
// twice is open both times; in the night in which they go forward, one of the hour that is skipped is not open at all.
type Hours struct {
	rules []rule
	text  string // as it was given
	fault error  // of stored hours that cannot be read
}

// Span is an interval in minutes from a day's begin. To may be up to 2880: the next day.
type Span struct{ From, To int }

// String returns the interval as clocks show it: 22:00–06:00.
func (s Span) String() string {
	return fmt.Sprintf("%02d:%02d–%02d:%02d", s.From/60, s.From%60, s.ending()/60, s.To%60)
}

// Times returns intervals as a line of text; "" of none.
func Times(spans []Span) string {
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = s.String()
	}
	return strings.Join(parts, ", ")
}

// ending is the minute of the day at which the interval ends: 24:00 at the end of its own, less on the next.
func (s Span) ending() int {
	if s.To > dayMinutes {
		return s.To - dayMinutes
	}
	return s.To
}

const dayMinutes = 24 * 60

// rule is what holds on the days that its selectors name; without selectors, on all.
type rule struct {
	dates    []dates
	weekdays [7]bool // by time.Weekday
	holidays bool
	always   bool // no day of the week and no holiday is named
	adds     bool // stands after a comma
	closed   bool
	as       int // on holidays: as this weekday; -1 for none
	spans    []Span
}

// dates is a stretch of days, in one year or in each.
type dates struct{ from, to date }

type date struct {
	year  int // 0: each
	month time.Month
	day   int
}

// order numbers dates as they follow each other.
func (d date) order() int { return 10_000*d.year + 100*int(d.month) + d.day }

// covers says whether a day is one of the stretch; one without a year may go over the end of the year (Dec 28-Jan 2).
func (d dates) covers(year int, month time.Month, day int) bool {
	if d.from.year == 0 {
		year = 0
	}
	from, to, this := d.from.order(), d.to.order(), date{year, month, day}.order()
	if from <= to {
		return from <= this && this <= to
	}
	return this >= from || this <= to
}

// names says whether the rule holds on a day.
func (r rule) names(year int, month time.Month, day int, weekday time.Weekday, holiday bool) bool {
	if len(r.dates) > 0 && !slices.ContainsFunc(r.dates, func(d dates) bool { return d.covers(year, month, day) }) {
		return false
	}
	return r.always || r.weekdays[weekday] || r.holidays && holiday
}

// apply returns what a day's intervals become by the rule.
func (r rule) apply(before []Span) []Span {
	switch {
	case r.closed && len(r.spans) == 0:
		return nil
	case r.closed:
		return without(before, r.spans)
	case r.adds:
		return slices.Concat(before, r.spans)
	}
	return r.spans
}

// without cuts the intervals of a pause out of others.
func without(open, pause []Span) (list []Span) {
	list = open
	for _, p := range pause {
		var left []Span
		for _, s := range list {
			if before := (Span{s.From, min(s.To, p.From)}); before.From < before.To {
				left = append(left, before)
			}
			if after := (Span{max(s.From, p.To), s.To}); after.From < after.To {
				left = append(left, after)
			}
		}
		list = left
	}
	return list
}

// String returns the text form.
func (h Hours) String() string { return h.text }

// MarshalText and UnmarshalText keep hours as their text.
func (h Hours) MarshalText() ([]byte, error) { return []byte(h.text), nil }

// UnmarshalText reads the text form.
func (h *Hours) UnmarshalText(b []byte) (err error) {
	*h, err = ParseHours(string(b))
	return err
}

// UnmarshalJSON reads stored hours. Those that cannot be read, because an earlier or later program wrote them, are never open and say so
// by [Hours.Fault]: one entry must not take the others with it.
func (h *Hours) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	read, err := ParseHours(text)
	if err != nil {
		read = Hours{text: text, fault: err}
	}
	*h = read
	return nil
}

// Fault says why stored hours cannot be read; nil if they can.
func (h Hours) Fault() error { return h.fault }

// Known says whether there are hours at all.
func (h Hours) Known() bool { return h.text != "" }

// Always says whether the service answers day and night, on each day of each year.
func (h Hours) Always() bool {
	if slices.ContainsFunc(h.rules, func(r rule) bool { return len(r.dates) > 0 || r.as >= 0 }) {
		return false
	}
	for d := range time.Saturday + 1 {
		for _, holiday := range []bool{false, true} {
			if !wholeDay(h.ordinary(d, holiday)) {
				return false
			}
		}
	}
	return true
}

func wholeDay(spans []Span) bool {
	return slices.ContainsFunc(spans, func(s Span) bool { return s.From == 0 && s.To >= dayMinutes })
}

// Day returns the intervals of an ordinary day of the week: no holiday, and no date with rules of its own.
func (h Hours) Day(d time.Weekday) []Span { return h.ordinary(d, false) }

func (h Hours) ordinary(d time.Weekday, holiday bool) (spans []Span) {
	for _, r := range h.rules {
		if len(r.dates) == 0 && r.names(0, 0, 0, d, holiday) {
			spans = h.on(r, spans)
		}
	}
	return ordered(spans)
}

// on applies a rule, of which "as Su" asks for the intervals of another day.
func (h Hours) on(r rule, before []Span) []Span {
	if r.as >= 0 {
		return h.ordinary(time.Weekday(r.as), false)
	}
	return r.apply(before)
}

// ordered sorts intervals and joins those that overlap, as a reader would write them down.
func ordered(spans []Span) (list []Span) {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return a.From - b.From })
	for _, s := range spans {
		if n := len(list); n > 0 && s.From <= list[n-1].To {
			list[n-1].To = max(list[n-1].To, s.To)
			continue
		}
		list = append(list, s)
	}
	return list
}

// holidays says what holds on public holidays where a rule names them and it is the same whatever day of the week they fall on;
// ruled is false if none does.
func (h Hours) holidays() (ruled bool, spans []Span) {
	ruled = slices.ContainsFunc(h.rules, func(r rule) bool { return r.holidays && len(r.dates) == 0 })
	spans = h.ordinary(time.Monday, true)
	for d := range time.Saturday + 1 {
		ruled = ruled && slices.Equal(spans, h.ordinary(d, true))
	}
	if !ruled {
		return false, nil
	}
	return true, spans
}

// Dated says whether some rule holds on dates, so that [Hours.Table] says more on one day than on another.
func (h Hours) Dated() bool {
	return slices.ContainsFunc(h.rules, func(r rule) bool { return len(r.dates) > 0 })
}

// Line is a line of the table in which people see hours: a day of the week, the public holidays, or a date.
type Line struct {
	Weekday  time.Weekday
	Holidays bool
	Date     time.Time // its noon; zero on other lines
	Spans    []Span    // none: closed
}

// Table lists the days of an ordinary week from Monday on, public holidays if hours say something of them, and of so many days from
// one on those for which a rule of a date holds.
func (h Hours) Table(from time.Time, days int) (list []Line) {
	for i := range time.Saturday + 1 {
		d := (i + time.Monday) % 7
		list = append(list, Line{Weekday: d, Spans: h.Day(d)})
	}
	if ruled, spans := h.holidays(); ruled {
		list = append(list, Line{Holidays: true, Spans: spans})
	}
	if !h.Dated() {
		return list
	}
	for i := range days {
		d := time.Date(from.Year(), from.Month(), from.Day()+i, 12, 0, 0, 0, from.Location())
		if slices.ContainsFunc(h.rules, func(r rule) bool {
			return len(r.dates) > 0 && r.names(d.Year(), d.Month(), d.Day(), d.Weekday(), holiday.Is(d.Year(), d.Month(), d.Day()))
		}) {
			list = append(list, Line{Date: d, Spans: ordered(h.spansOf(d.Year(), d.Month(), d.Day()))})
		}
	}
	return list
}

// spansOf returns the intervals that begin on a day.
func (h Hours) spansOf(year int, month time.Month, d int) (spans []Span) {
	at := time.Date(year, month, d, 12, 0, 0, 0, time.UTC) // normalises the day before the first, and so on
	year, month, d = at.Date()
	off := holiday.Is(year, month, d)
	for _, r := range h.rules {
		if r.names(year, month, d, at.Weekday(), off) {
			spans = h.on(r, spans)
		}
	}
	return spans
}

// Open says whether the service answers at an instant, by the clocks of a zone.
func (h Hours) Open(at time.Time, zone *time.Location) bool {
	t := at.In(zone)
	minute := 60*t.Hour() + t.Minute()
	for _, s := range h.spansOf(t.Year(), t.Month(), t.Day()) {
		if minute >= s.From && minute < s.To {
			return true
		}
	}
	for _, s := range h.spansOf(t.Year(), t.Month(), t.Day()-1) {
		if minute+dayMinutes < s.To {
			return true
		}
	}
	return false
}

// NextChange returns the first instant after at where Open changes; false if it does not within 400 days.
func (h Hours) NextChange(at time.Time, zone *time.Location) (time.Time, bool) {
	if h.Always() {
		return time.Time{}, false
	}
	const ahead = 400 // days: a whole year and its holidays
	now, t := h.Open(at, zone), at.In(zone)
	for i := -1; i <= ahead; i++ {
		var candidates []time.Time
		for _, s := range h.spansOf(t.Year(), t.Month(), t.Day()+i) {
			for _, minute := range []int{s.From, s.To} {
				c := time.Date(t.Year(), t.Month(), t.Day()+i, 0, minute, 0, 0, zone)
				candidates = append(candidates, c, c.Add(-time.Hour), c.Add(time.Hour)) // a wall-clock time may come twice
			}
		}
		noon := time.Date(t.Year(), t.Month(), t.Day()+i, 12, 0, 0, 0, zone)
		midnight := time.Date(t.Year(), t.Month(), t.Day()+i, 0, 0, 0, 0, zone)
		changed, _ := noon.ZoneBounds() // the wall clock jumps
		candidates = append(candidates, changed, midnight)
		slices.SortFunc(candidates, time.Time.Compare)
		for _, c := range candidates {
			if c.After(at) && h.Open(c, zone) != now {
				return h.first(at, c, now, zone), true
			}
		}
	}
	return time.Time{}, false
}

// first narrows the change between two instants down to its minute, if another one lies before the candidate.
func (h Hours) first(at, candidate time.Time, now bool, zone *time.Location) time.Time {
	t := at.Truncate(time.Minute).Add(time.Minute)
	if candidate.Sub(t) > 50*time.Hour { // no interval is longer than a day; what is further away was looked at day by day
		t = candidate.Add(-50 * time.Hour).Truncate(time.Minute)
	}
	for ; t.Before(candidate); t = t.Add(time.Minute) {
		if h.Open(t, zone) != now {
			return t
		}
	}
	return candidate
}
