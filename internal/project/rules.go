package project

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Limits of what is written about a project, in characters or entries.
const (
	mostShort    = 24
	mostNumber   = 60
	mostPartners = 30
	mostReason   = 500
	mostPeriods  = 60
	mostYears    = 15 // of a project
)

// Whole is a whole in hundredths of a percent, the unit of a fund's share.
const Whole = 10_000

// Project is what an office promised to funds, for a time. Days are 2026-11-30, both ends belong to it.
type Project struct {
	ID       string
	Name     string
	Short    string
	Number   string // of the agreement, as the fund writes it
	Document string // number in the office's accounts
	UnitID   string // of the office, "" while the project is a name alone
	UnitPath string
	Unit     string // its name
	FirstDay string
	LastDay  string
	Edition  int64
}

// Dated says whether an office has taken the project over, so that it has a time and can be reported on.
func (p Project) Dated() bool { return p.UnitID != "" }

// Title is the short name, where there is one.
func (p Project) Title() string {
	if p.Short != "" {
		return p.Short
	}
	return p.Name
}

// Draft is what an office writes about a project.
type Draft struct {
	Name     string
	Short    string
	Number   string
	Document string
	UnitID   string
	FirstDay string
	LastDay  string
	Partners []string // in their order
	Edition  int64    // that the writer saw; 0 of a new project
}

func (d Draft) cleaned() Draft {
	d.Name, d.Short, d.Number, d.Document = text.Clean(d.Name), text.Clean(d.Short), text.Clean(d.Number), text.Clean(d.Document)
	var partners []string
	for _, p := range d.Partners {
		if p = text.Clean(p); p != "" {
			partners = append(partners, p)
		}
	}
	d.Partners = partners
	return d
}

// check finds what is wrong with a draft, by field. periods are those that the project has.
func (d Draft) check(periods []Period) (f errs.Fields) {
	if d.Name == "" {
		f.Add("name", "project.fault.name")
	}
	for field, x := range map[string]struct {
		value string
		most  int
	}{"name": {d.Name, mostName}, "short": {d.Short, mostShort}, "number": {d.Number, mostNumber}, "document": {d.Document, mostNumber}} {
		if len([]rune(x.value)) > x.most {
			f.Add(field, "project.fault.long", "Most", x.most)
		}
	}
	if len(d.Partners) > mostPartners {
		f.Add("partners", "project.fault.partners", "Most", mostPartners)
	}
	for _, p := range d.Partners {
		if len([]rune(p)) > mostName {
			f.Add("partners", "project.fault.long", "Most", mostName)
			break
		}
	}
	first, okFirst := day(d.FirstDay)
	last, okLast := day(d.LastDay)
	switch {
	case !okFirst:
		f.Add("first", "project.fault.day")
	case !okLast:
		f.Add("last", "project.fault.day")
	case last.Before(first):
		f.Add("last", "project.fault.last-before-first")
	case first.AddDate(mostYears, 0, 0).Before(last):
		f.Add("last", "project.fault.years", "Most", mostYears)
	case len(periods) > 0 && periods[0].FirstDay != d.FirstDay:
		f.Add("first", "project.fault.first-period", "Day", periods[0].FirstDay)
	case len(periods) > 0 && periods[len(periods)-1].LastDay > d.LastDay:
		f.Add("last", "project.fault.last-period", "Day", periods[len(periods)-1].LastDay)
	}
	return f
}

// day reads a stored day; false if it is none.
func day(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil
}

// NextDay is the day after a stored day.
func NextDay(d string) string {
	t, _ := day(d)
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// Period is a part of a project's time for which a report is handed in.
type Period struct {
	ID        string
	ProjectID string
	Number    int // from 1
	FirstDay  string
	LastDay   string
	Open      bool      // what belongs to it can be changed
	FrozenAt  time.Time // when its report was made last, zero if it was not
	// Of an open period: who opened it, when and why.
	OpenedBy, Reason string
	OpenedAt         time.Time
}

// Holds says whether a day belongs to the period.
func (p Period) Holds(d string) bool { return p.FirstDay <= d && d <= p.LastDay }

// Split returns the last days of periods of so many months each that follow upon each other from a first to a last day. The last may be shorter.
func Split(first, last string, months int) (ends []string) {
	from, okFrom := day(first)
	until, okUntil := day(last)
	if !okFrom || !okUntil || months < 1 {
		return nil
	}
	for i := 1; len(ends) < mostPeriods; i++ {
		// Counted from the month's first day, since 31 January and one month would be 3 March.
		begin := time.Date(from.Year(), from.Month()+time.Month(i*months), 1, 0, 0, 0, 0, time.UTC)
		end := begin.AddDate(0, 0, min(from.Day(), daysOf(begin))-2)
		if !end.Before(until) {
			return append(ends, last)
		}
		ends = append(ends, end.Format(time.DateOnly))
	}
	return ends
}

// daysOf is how many days the month of a day has.
func daysOf(t time.Time) int { return time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day() }

// checkNext finds what is wrong with the last day of a period that follows upon those there are.
func checkNext(p Project, periods []Period, last string) (first string, f errs.Fields) {
	first = p.FirstDay
	if n := len(periods); n > 0 {
		first = NextDay(periods[n-1].LastDay)
	}
	_, ok := day(last)
	switch {
	case len(periods) >= mostPeriods:
		f.Add("last", "project.fault.periods", "Most", mostPeriods)
	case first > p.LastDay:
		f.Add("last", "project.fault.periods-full")
	case !ok:
		f.Add("last", "project.fault.day")
	case last < first:
		f.Add("last", "project.fault.period-before", "Day", first)
	case last > p.LastDay:
		f.Add("last", "project.fault.period-after", "Day", p.LastDay)
	}
	return first, f
}

// Share is which part of the cost a fund pays.
type Share struct {
	FundID string
	Share  int // hundredths of a percent
}

// checkShares finds what is wrong with the shares of a project's funds. The rest is the office's own.
func checkShares(shares []Share) (f errs.Fields) {
	sum, seen := 0, map[string]bool{}
	for _, s := range shares {
		switch {
		case seen[s.FundID]:
			f.Add("share-"+s.FundID, "project.fault.fund-twice")
		case s.Share <= 0 || s.Share > Whole:
			f.Add("share-"+s.FundID, "project.fault.share")
		}
		seen[s.FundID] = true
		sum += s.Share
	}
	if len(f) == 0 && sum > Whole {
		f.Add("share-"+shares[len(shares)-1].FundID, "project.fault.shares", "Sum", Percent(sum))
	}
	return f
}

// Percent writes hundredths of a percent as a number of percent: 8_550 is "85.5".
func Percent(hundredths int) string {
	return strconv.FormatFloat(float64(hundredths)/100, 'f', -1, 64)
}

// ReadPercent reads a number of percent with at most two places, with a comma or a full stop, as hundredths; false if it is none.
func ReadPercent(s string) (hundredths int, ok bool) {
	x, ok := ReadNumber(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	rounded := math.Round(x * 100)
	if !ok || x < 0 || x > 1000 || math.Abs(x*100-rounded) > 1e-6 {
		return 0, false
	}
	return int(rounded), true
}

// ReadNumber reads a number as people write it, with a comma or a full stop and with spaces between thousands; false if it is none.
func ReadNumber(s string) (x float64, ok bool) {
	s = strings.ReplaceAll(strings.Join(strings.FieldsFunc(s, unicode.IsSpace), ""), ",", ".")
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// Annex is a version of a project's targets: the agreement has the number 0, each further one is an annex.
type Annex struct {
	ProjectID string
	Number    int
	Since     string // day from which its targets hold
	Note      string
	At        time.Time
	ActorID   string
}

// Target is what a project promised of an indicator.
type Target struct {
	Annex     int
	FundID    string
	Indicator string
	Target    float64
	Baseline  *float64 // what there was before, nil if nobody said
}

// InForce returns the number of the annex whose targets hold on a day; false before the first.
func InForce(annexes []Annex, d string) (number int, ok bool) {
	for _, a := range annexes {
		if a.Since <= d && (!ok || a.Number > number) {
			number, ok = a.Number, true
		}
	}
	return number, ok
}

// checkAnnex finds what is wrong with a new version of targets: it holds from a day of the project, not before the version before it, and changes
// nothing that a report was already made of.
func checkAnnex(p Project, annexes []Annex, periods []Period, a Annex) (f errs.Fields) {
	_, ok := day(a.Since)
	switch {
	case !ok:
		f.Add("since", "project.fault.day")
	case a.Since < p.FirstDay || a.Since > p.LastDay:
		f.Add("since", "project.fault.outside", "First", p.FirstDay, "Last", p.LastDay)
	case len(annexes) > 0 && a.Since < annexes[len(annexes)-1].Since:
		f.Add("since", "project.fault.annex-before", "Day", annexes[len(annexes)-1].Since)
	default:
		for _, x := range periods {
			if !x.FrozenAt.IsZero() && a.Since <= x.LastDay {
				f.Add("since", "project.fault.annex-frozen", "Number", x.Number, "Day", x.LastDay)
				break
			}
		}
	}
	if a.Note == "" && len(annexes) > 0 {
		f.Add("note", "project.fault.annex-note")
	}
	if len([]rune(a.Note)) > mostReason {
		f.Add("note", "project.fault.long", "Most", mostReason)
	}
	return f
}

// Kind is what sort of thing belongs to a project.
type Kind string

// The kinds.
const (
	Training    Kind = "training"
	Course      Kind = "course"
	Guardians   Kind = "guardians" // the programme of an office, whose unit is the subject
	Publication Kind = "publication"
)

// Kinds lists them.
var Kinds = []Kind{Training, Course, Guardians, Publication}

// Part is something that belongs to a project.
type Part struct {
	ProjectID string
	Kind      Kind
	SubjectID string
	Share     int    // percent of its cost
	Document  string // number in the accounts
	Own       bool   // a training that names the project in its own data: it is changed there
	Title     text.Translated
	Elsewhere []Elsewhere
}

// Elsewhere is a further project to which a part belongs.
type Elsewhere struct {
	ProjectID string
	Name      string
	Share     int
	SameFund  bool // one fund pays for both projects: a share must not be claimed twice
}

// Over says by how many percent the shares of all projects exceed the whole, 0 if they do not.
func (p Part) Over() int {
	sum := p.Share
	for _, e := range p.Elsewhere {
		sum += e.Share
	}
	return max(0, sum-100)
}

// Shared says whether another project pays as well.
func (p Part) Shared() bool { return len(p.Elsewhere) > 0 }
