package retain

import (
	"time"

	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/text"
)

// Missing says what nobody has written down yet, so that the end is not known.
type Missing string

// What may be missing.
const (
	Nothing Missing = ""
	Rule    Missing = "rule" // the fund's: for how long, counted from what
	Day     Missing = "day"  // from which the years are counted
)

// Term is until when a fund wants the evidence of a project kept.
type Term struct {
	ProjectID string
	Project   string // name
	FundID    string
	Fund      text.Translated
	Rule      fund.Retention
	From      string // day from which the years are counted, "" if not known
	Until     string // the first day on which nothing has to be kept any more, "" if not known
	Missing   Missing
	Entered   project.AnchorDay
}

// Known says whether the end is known.
func (t Term) Known() bool { return t.Missing == Nothing }

// Ends is when the term is over, in a zone.
func (t Term) Ends(zone *time.Location) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, t.Until, zone)
	if err != nil {
		return time.Time{}
	}
	return at
}

// Of reckons a term from a fund's rule and the days of a project. The end of the project is its own; the other days are entered once they have come.
func Of(p project.Project, set fund.Rules, entered project.AnchorDay) Term {
	t := Term{ProjectID: p.ID, Project: p.Name, FundID: set.ID, Fund: set.Title, Rule: set.Retention, From: entered.Day, Entered: entered}
	if t.Rule.Anchor == fund.ProjectEnd {
		t.From = p.LastDay
	}
	ok := false
	switch t.Until, ok = t.Rule.Until(t.From); {
	case ok:
	case !t.Rule.Known():
		t.Missing = Rule
	default:
		t.Missing = Day
	}
	return t
}

// Last returns the term that ends last: of one whose end is not known nobody can say that another ends after it. False if there is none.
func Last(list []Term) (last Term, ok bool) {
	for i, t := range list {
		switch {
		case i == 0, last.Known() && !t.Known(), last.Known() && t.Until > last.Until:
			last, ok = t, true
		}
	}
	return last, ok
}
