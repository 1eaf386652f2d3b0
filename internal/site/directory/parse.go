package directory

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reason says why a text is not read as opening hours; each has a text of the interface.
type Reason string

// The reasons. The first ones are parts of OpenStreetMap's opening_hours that say less than whether somebody answers now, or that
// Poland's institutions do not need.
const (
	comment    Reason = "comment"    // "by appointment"
	fallback   Reason = "fallback"   // a || b
	openEnd    Reason = "open-end"   // 09:00+
	season     Reason = "season"     // Jan-Mar, week 1-10, SH
	nthDay     Reason = "nth-day"    // Mo[1]
	sun        Reason = "sun"        // sunrise-sunset
	mixed      Reason = "mixed"      // Dec 24 Mo, PH Mo
	tooLong    Reason = "too-long"   // the text
	noTimes    Reason = "no-times"   // a time that there is not
	noDate     Reason = "no-date"    // Feb 30
	unreadable Reason = "unreadable" // else
)

// HoursError says where a text stops being opening hours, and why.
type HoursError struct {
	Reason Reason
	At     string // what stands there
}

func (e *HoursError) Error() string {
	return "opening hours: " + string(e.Reason) + " at " + strconv.Quote(e.At)
}

// longest is how many bytes the text of opening hours has at most.
const longest = 1000

// ParseHours reads the text form; an error is a [HoursError]. An empty text is never open.
func ParseHours(text string) (Hours, error) {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > longest {
		return Hours{}, &HoursError{tooLong, strings.ToValidUTF8(text[:20], "")}
	}
	h := Hours{text: text}
	for group := range strings.SplitSeq(usual(text), ";") {
		s := scanner{rest: strings.TrimSpace(group)}
		for adds := false; s.rest != ""; adds = true {
			r, err := s.rule()
			if err != nil {
				return Hours{}, err
			}
			r.adds = adds
			h.rules = append(h.rules, r)
		}
	}
	if len(h.rules) == 0 && text != "" {
		return Hours{}, &HoursError{unreadable, text}
	}
	return h, nil
}

var (
	dashes     = strings.NewReplacer("–", "-", "—", "-", "−", "-", "‐", "-", "‑", "-", "\u00ad", "")
	aroundSign = regexp.MustCompile(` *([-,;]) *`)
	colon      = regexp.MustCompile(`([A-Za-z]):( |$)`) // "Mo-Fr: 08:00", a colon for readability
)

// usual brings a text to one spelling: hyphens for dashes, no spaces beside signs, small letters.
func usual(text string) string {
	text = aroundSign.ReplaceAllString(dashes.Replace(text), "$1")
	return strings.ToLower(colon.ReplaceAllString(text, "$1$2"))
}

// scanner reads a rule from the left.
type scanner struct{ rest string }

// What stands at the begin of a text. What ends in a letter or digit must not go on with one.
var (
	allDays    = regexp.MustCompile(`^24/7\b`)
	holidays   = regexp.MustCompile(`^ph\b`)
	asDay      = regexp.MustCompile(`^as (mo|tu|we|th|fr|sa|su)\b`)
	weekday    = regexp.MustCompile(`^(mo|tu|we|th|fr|sa|su)(?:-(mo|tu|we|th|fr|sa|su))?\b`)
	isoDate    = regexp.MustCompile(`^([0-9]{4})-([0-9]{2})-([0-9]{2})\b`)
	dayOfMonth = regexp.MustCompile(`^(?:([0-9]{4}) )?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) ([0-9]{1,2})\b`)
	toDay      = regexp.MustCompile(`^-([0-9]{1,2})\b`)
	nextDay    = regexp.MustCompile(`^,([0-9]{1,2})(?:[^0-9:]|$)`)
	times      = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})\b`)
	state      = regexp.MustCompile(`^(off|closed|open)\b`)
)

// refused tells what of OpenStreetMap's language is not read, by what stands where the reading stops.
var refused = []struct {
	at     *regexp.Regexp
	reason Reason
}{
	{regexp.MustCompile(`^"`), comment},
	{regexp.MustCompile(`^\|\|`), fallback},
	{regexp.MustCompile(`^([0-9]{1,2}:[0-9]{2})?\+|^[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2}\+`), openEnd},
	{regexp.MustCompile(`^\[`), nthDay},
	{regexp.MustCompile(`^(\(?sunrise|\(?sunset|\(?dawn|\(?dusk)`), sun},
	{regexp.MustCompile(`^(sh\b|easter|week\b|[0-9]{4}\b|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`), season},
}

func (s *scanner) fail() error {
	for _, r := range refused {
		if r.at.MatchString(s.rest) {
			return &HoursError{r.reason, s.rest}
		}
	}
	return &HoursError{unreadable, s.rest}
}

// next takes what the pattern finds at the begin and the space after it; nil if it finds nothing.
func (s *scanner) next(pattern *regexp.Regexp) []string {
	m := pattern.FindStringSubmatch(s.rest)
	if m != nil {
		s.rest = strings.TrimPrefix(s.rest[len(m[0]):], " ")
	}
	return m
}

// comma takes a comma if the pattern finds something after it.
func (s *scanner) comma(patterns ...*regexp.Regexp) bool {
	after, ok := strings.CutPrefix(s.rest, ",")
	if !ok || !slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(after) }) {
		return false
	}
	s.rest = after
	return true
}

// rule reads one rule and the comma after it.
func (s *scanner) rule() (r rule, err error) {
	r.as = -1
	start := s.rest
	if s.next(allDays) != nil {
		r.always, r.spans = true, []Span{{0, dayMinutes}}
	} else if err = s.selectors(&r); err == nil {
		err = s.times(&r)
	}
	if err != nil {
		return r, err
	}
	if err := s.state(&r, start); err != nil {
		return r, err
	}
	if s.rest != "" {
		after, ok := strings.CutPrefix(s.rest, ",")
		if !ok || after == "" {
			return r, s.fail()
		}
		s.rest = after
	}
	return r, nil
}

func (s *scanner) selectors(r *rule) error {
	if err := s.dates(r); err != nil {
		return err
	}
	named := false
	for again := true; again; again = s.comma(weekday, holidays) {
		m := s.next(weekday)
		switch {
		case m != nil:
			setDays(&r.weekdays, m[1], m[2])
		case s.next(holidays) != nil:
			r.holidays = true
		default:
			r.always = true
			return nil
		}
		named = true
	}
	if named && (len(r.dates) > 0 || weekday.MatchString(s.rest) || holidays.MatchString(s.rest)) {
		return &HoursError{mixed, s.rest}
	}
	return nil
}

var weekdays = []string{"su", "mo", "tu", "we", "th", "fr", "sa"}

// setDays marks a day of the week, or a range, which may go over the end of the week.
func setDays(week *[7]bool, from, to string) {
	if to == "" {
		to = from
	}
	for d, last := slices.Index(weekdays, from), slices.Index(weekdays, to); ; d = (d + 1) % 7 {
		week[d] = true
		if d == last {
			return
		}
	}
}

func (s *scanner) dates(r *rule) error {
	for again := true; again; again = s.comma(isoDate, dayOfMonth) {
		at := s.rest
		var d dates
		if m := s.next(isoDate); m != nil {
			d.from = date{number(m[1]), time.Month(number(m[2])), number(m[3])}
			d.to = d.from
		} else if m := s.next(dayOfMonth); m != nil {
			d = s.stretch(m)
		} else {
			return nil
		}
		if !d.from.exists() || !d.to.exists() || d.from.year != 0 && d.to.order() < d.from.order() {
			return &HoursError{noDate, at}
		}
		r.dates = append(r.dates, d)
		for { // Dec 24,26
			m := nextDay.FindStringSubmatch(s.rest)
			if m == nil {
				break
			}
			s.rest = strings.TrimPrefix(s.rest[1+len(m[1]):], " ")
			one := date{d.from.year, d.from.month, number(m[1])}
			if !one.exists() {
				return &HoursError{noDate, at}
			}
			r.dates = append(r.dates, dates{one, one})
		}
	}
	return nil
}

// stretch reads the end of a stretch whose begin was found: none, a day of the same month, or another date.
func (s *scanner) stretch(m []string) dates {
	d := dates{from: date{number(m[1]), monthOf(m[2]), number(m[3])}}
	d.to = d.from
	if m := s.next(toDay); m != nil {
		d.to.day = number(m[1])
	} else if after, ok := strings.CutPrefix(s.rest, "-"); ok {
		end := scanner{after}
		if m := end.next(dayOfMonth); m != nil {
			s.rest = end.rest
			d.to = date{number(m[1]), monthOf(m[2]), number(m[3])}
			if d.to.year == 0 {
				d.to.year = d.from.year
			}
		}
	}
	return d
}

func monthOf(name string) time.Month {
	return time.Month(slices.Index([]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}, name) + 1)
}

// exists says whether the calendar has the day; without a year, in some year.
func (d date) exists() bool {
	year := d.year
	if year == 0 {
		year = 2024 // a leap year
	}
	t := time.Date(year, d.month, d.day, 0, 0, 0, 0, time.UTC)
	return t.Year() == year && t.Month() == d.month && t.Day() == d.day
}

// number reads digits that a pattern found; none are 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits) // at most four digits
	return n
}

func (s *scanner) times(r *rule) error {
	if !times.MatchString(s.rest) {
		return nil
	}
	for again := true; again; again = s.comma(times) {
		at := s.rest
		m := s.next(times)
		from, to := 60*number(m[1])+number(m[2]), 60*number(m[3])+number(m[4])
		// An end after 24:00 is one of the next day (22:00-26:00).
		if from >= dayMinutes || to > 2*dayMinutes || to > from+dayMinutes || number(m[2]) > 59 || number(m[4]) > 59 {
			return &HoursError{noTimes, at}
		}
		if to <= from {
			to += dayMinutes
		}
		r.spans = append(r.spans, Span{from, to})
		if strings.HasPrefix(s.rest, "+") {
			return &HoursError{openEnd, at}
		}
	}
	return nil
}

// state reads whether the rule opens or closes. A rule that names neither times nor a state is open all day, if it names days at all.
func (s *scanner) state(r *rule, start string) error {
	m := s.next(state)
	switch {
	case m != nil && m[1] != "open":
		if r.closed = true; len(r.spans) == 1 && r.spans[0] == (Span{0, dayMinutes}) {
			r.spans = nil
		}
		return nil
	case m == nil && r.holidays && r.weekdays == [7]bool{}:
		if as := s.next(asDay); as != nil {
			r.as = slices.Index(weekdays, as[1])
			return nil
		}
	}
	if len(r.spans) > 0 {
		return nil
	}
	if s.rest == start { // nothing was read
		return s.fail()
	}
	if s.rest != "" && s.rest[0] != ',' {
		return s.fail()
	}
	r.spans = []Span{{0, dayMinutes}}
	return nil
}
