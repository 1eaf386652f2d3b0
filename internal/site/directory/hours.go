package directory

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours says when a service answers, in local wall-clock times. Its text is a subset of OpenStreetMap's opening_hours:
//
//	24/7
//	Mo-Fr 08:00-16:00; Sa 09:00-12:00,13:00-15:00; PH closed
//	Mo-Su 22:00-06:00; PH as Su; 2026-12-31 08:00-12:00
//
// Days of the week add up, other than in OpenStreetMap, where the later rule replaces the earlier one. An interval whose end is
// not after its begin goes on into the next day, whatever holds there: the night shift before a holiday ends in the morning of
// the holiday. PH are public holidays in Poland: closed (or off), as another day of the week, or with intervals of their own; without a
// rule they are like other days. A rule of a date stands above all others. Holidays, and a date, have one rule: which of two
// was meant, nobody could tell.
//
// What counts is what the clock on the wall shows: in the night in which the clocks go back, an interval of the hour that comes
// twice is open both times; in the night in which they go forward, one of the hour that is skipped is not open at all.
type Hours struct {
	always bool
	week   [7][]Span // by time.Weekday
	ph     *dayRule
	dates  []dateRule
	text   string // as it was given
}

// Span is an interval in minutes from a day's begin. To may be up to 2880: the next day.
type Span struct{ From, To int }

type dayRule struct {
	as    int // weekday, -1 for intervals of its own
	spans []Span
}

type dateRule struct {
	date  string // 2026-12-31
	spans []Span
}

const dayMinutes = 24 * 60

var weekdays = []string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"}

var (
	timesPattern = regexp.MustCompile(`^([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})$`)
	datePattern  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
)

// ParseHours reads the text form. An empty text is never open.
func ParseHours(text string) (h Hours, err error) {
	text = strings.Join(strings.Fields(text), " ")
	h.text = text
	const longest = 1000
	if len(text) > longest {
		return h, errors.New("opening hours: too long")
	}
	if text == "24/7" {
		h.always = true
		return h, nil
	}
	rules := 0
	for _, rule := range strings.Split(text, ";") {
		if rule = strings.TrimSpace(rule); rule == "" {
			continue
		}
		if err := h.rule(rule); err != nil {
			return Hours{}, err
		}
		rules++
	}
	if rules == 0 && text != "" {
		return Hours{}, fmt.Errorf("opening hours: %q has no rules", text)
	}
	return h, nil
}

func (h *Hours) rule(rule string) error {
	days, what, ok := strings.Cut(rule, " ")
	if !ok {
		return fmt.Errorf("opening hours: %q has no times", rule)
	}
	if days == "PH" {
		if h.ph != nil {
			return errors.New("opening hours: public holidays have two rules")
		}
		if as, ok := strings.CutPrefix(what, "as "); ok {
			i := slices.Index(weekdays, as)
			if i < 0 {
				return fmt.Errorf("opening hours: %q is no day of the week", as)
			}
			h.ph = &dayRule{as: i}
			return nil
		}
		spans, err := parseSpans(what)
		h.ph = &dayRule{as: -1, spans: spans}
		return err
	}
	spans, err := parseSpans(what)
	if err != nil {
		return err
	}
	if datePattern.MatchString(days) {
		if _, err := time.Parse(time.DateOnly, days); err != nil {
			return fmt.Errorf("opening hours: %q is no day", days)
		}
		if slices.ContainsFunc(h.dates, func(r dateRule) bool { return r.date == days }) {
			return fmt.Errorf("opening hours: %s has two rules", days)
		}
		h.dates = append(h.dates, dateRule{days, spans})
		return nil
	}
	for _, part := range strings.Split(days, ",") {
		list, err := parseDays(part)
		if err != nil {
			return err
		}
		for _, d := range list {
			h.week[d] = append(h.week[d], spans...)
		}
	}
	return nil
}

// parseDays reads Mo or Mo-Fr; a range may go over the end of the week.
func parseDays(text string) (list []int, err error) {
	from, to, isRange := strings.Cut(text, "-")
	a, b := slices.Index(weekdays, from), slices.Index(weekdays, to)
	if a < 0 || isRange && b < 0 {
		return nil, fmt.Errorf("opening hours: %q are no days: write Mo, Tu, We, Th, Fr, Sa, Su", text)
	}
	if !isRange {
		return []int{a}, nil
	}
	for d := a; ; d = (d + 1) % 7 {
		list = append(list, d)
		if d == b {
			return list, nil
		}
	}
}

func parseSpans(text string) (list []Span, err error) {
	if text == "closed" || text == "off" { // as OpenStreetMap says it
		return nil, nil
	}
	for _, part := range strings.Split(text, ",") {
		m := timesPattern.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return nil, fmt.Errorf("opening hours: %q are no times: write 08:00-16:00", part)
		}
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1]) // two digits
		}
		from, to := 60*n[0]+n[1], 60*n[2]+n[3]
		if from >= dayMinutes || to > dayMinutes || n[1] > 59 || n[3] > 59 {
			return nil, fmt.Errorf("opening hours: %q is not within a day", part)
		}
		if to <= from {
			to += dayMinutes
		}
		list = append(list, Span{from, to})
	}
	return list, nil
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

// Always says whether the service answers day and night.
func (h Hours) Always() bool { return h.always }

// Known says whether there are hours at all.
func (h Hours) Known() bool { return h.text != "" }

// Day returns the intervals of a day of the week.
func (h Hours) Day(d time.Weekday) []Span { return h.week[d] }

// Holidays says what holds on public holidays: a rule of its own, and if so as which day of the week (-1: intervals).
func (h Hours) Holidays() (ruled bool, as int, spans []Span) {
	if h.ph == nil {
		return false, -1, nil
	}
	return true, h.ph.as, h.ph.spans
}

// spansOf returns the intervals that begin on a day.
func (h Hours) spansOf(year int, month time.Month, d int) []Span {
	date := time.Date(year, month, d, 12, 0, 0, 0, time.UTC) // normalises the day before the first, and so on
	for _, r := range h.dates {
		if r.date == date.Format(time.DateOnly) {
			return r.spans
		}
	}
	if h.ph != nil && isHoliday(date.Year(), date.Month(), date.Day()) {
		if h.ph.as >= 0 {
			return h.week[h.ph.as]
		}
		return h.ph.spans
	}
	return h.week[date.Weekday()]
}

// Open says whether the service answers at an instant, by the clocks of a zone.
func (h Hours) Open(at time.Time, zone *time.Location) bool {
	if h.always {
		return true
	}
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
	if h.always {
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
