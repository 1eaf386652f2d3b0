package journal

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/text"
)

const (
	mostTitle = 300
	mostItems = 200 // of a kind
)

// Degree is how likely something is, or how much it would weigh.
type Degree string

// The degrees.
const (
	Low    Degree = "low"
	Medium Degree = "medium"
	High   Degree = "high"
)

// Degrees lists them, the least first.
var Degrees = []Degree{Low, Medium, High}

// Risk is what may go wrong with a project.
type Risk struct {
	What       string `json:"what"`
	Likelihood Degree `json:"likelihood"`
	Impact     Degree `json:"impact"`
	Measure    string `json:"measure"` // what is done about it
	Watcher    string `json:"watcher"` // the part of who watches it, no name
	Opened     string `json:"opened"`
	Closed     string `json:"closed,omitempty"` // "" while it is open
	Note       string `json:"note,omitempty"`   // why this entry was written
}

// Weight orders risks: 1 to 9.
func (r Risk) Weight() int {
	return (slices.Index(Degrees, r.Likelihood) + 1) * (slices.Index(Degrees, r.Impact) + 1)
}

// Answer is what the fund said to a change.
type Answer string

// The answers.
const (
	Waits    Answer = "waits"
	Approved Answer = "approved"
	Refused  Answer = "refused"
	NoNeed   Answer = "no-need" // the agreement lets the office make it by itself
)

// Answers lists them.
var Answers = []Answer{Waits, Approved, Refused, NoNeed}

// Change is what was changed of a project, or is to be.
type Change struct {
	What   string `json:"what"`
	Why    string `json:"why"`
	Asked  string `json:"asked,omitempty"` // the day on which the fund was asked
	Answer Answer `json:"answer"`
	Day    string `json:"day,omitempty"`   // of the answer
	Annex  int    `json:"annex,omitempty"` // number of the annex to targets, 0: none
	Note   string `json:"note,omitempty"`
}

// Log are the risks and changes of a project.
type Log struct {
	project.Page
	Risks   []Item[Risk]
	Changes []Item[Change]
}

// Log returns the risks and changes of a project, as they are now.
func (s *Service) Log(ctx context.Context, actor access.Actor, projectID string) (l Log, err error) {
	defer errs.Wrap(&err, "journal.Log")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if l.Page, err = s.Projects.In(ctx, tx, actor, projectID); err != nil {
			return err
		}
		l.Risks, l.Changes, err = s.LogIn(ctx, tx, projectID, 0)
		return err
	})
	return l, err
}

// LogIn returns risks and changes within a transaction, as they were after a period or with 0 as they are.
func (s *Service) LogIn(ctx context.Context, q db.Querier, projectID string, period int) (risks []Item[Risk], changes []Item[Change], err error) {
	defer errs.Wrap(&err, "journal.LogIn(%d)", period)
	if risks, err = items[Risk](ctx, q, projectID, ofRisk, period); err != nil {
		return nil, nil, err
	}
	changes, err = items[Change](ctx, q, projectID, ofChange, period)
	return risks, changes, err
}

// WriteRisk notes a risk in an open period, or with an itemID what holds of one now. seen is the entry that the writer saw.
func (s *Service) WriteRisk(ctx context.Context, actor access.Actor, projectID, periodID, itemID, seen string, r Risk) (_ string, err error) {
	defer errs.Wrap(&err, "journal.WriteRisk")
	r.What, r.Measure, r.Watcher, r.Note = text.Clean(r.What), text.CleanLines(r.Measure), text.Clean(r.Watcher), text.CleanLines(r.Note)
	return writeItem(ctx, s, actor, projectID, periodID, ofRisk, itemID, seen, r, func(project.Page) errs.Fields { return s.checkRisk(r, itemID != "") })
}

func (s *Service) checkRisk(r Risk, again bool) (f errs.Fields) {
	words(&f, "what", r.What, mostTitle, true)
	words(&f, "measure", r.Measure, mostWords, true)
	words(&f, "watcher", r.Watcher, mostTitle, true)
	words(&f, "note", r.Note, mostWords, again)
	for name, d := range map[string]Degree{"likelihood": r.Likelihood, "impact": r.Impact} {
		if !slices.Contains(Degrees, d) {
			f.Add(name, "journal.fault.degree")
		}
	}
	s.dayOf(&f, "opened", r.Opened, true)
	s.dayOf(&f, "closed", r.Closed, false)
	if r.Closed != "" && r.Closed < r.Opened {
		f.Add("closed", "journal.fault.before")
	}
	return f
}

// WriteChange notes a change in an open period, or with an itemID what holds of one now.
func (s *Service) WriteChange(ctx context.Context, actor access.Actor, projectID, periodID, itemID, seen string, c Change) (_ string, err error) {
	defer errs.Wrap(&err, "journal.WriteChange")
	c.What, c.Why, c.Note = text.Clean(c.What), text.CleanLines(c.Why), text.CleanLines(c.Note)
	if c.Answer != Approved && c.Answer != Refused {
		c.Day = ""
	}
	return writeItem(ctx, s, actor, projectID, periodID, ofChange, itemID, seen, c, func(p project.Page) errs.Fields { return s.checkChange(c, p, itemID != "") })
}

func (s *Service) checkChange(c Change, p project.Page, again bool) (f errs.Fields) {
	words(&f, "what", c.What, mostTitle, true)
	words(&f, "why", c.Why, mostWords, true)
	words(&f, "note", c.Note, mostWords, again)
	if !slices.Contains(Answers, c.Answer) {
		f.Add("answer", "journal.fault.answer")
	}
	answered := c.Answer == Approved || c.Answer == Refused
	s.dayOf(&f, "asked", c.Asked, answered)
	s.dayOf(&f, "day", c.Day, answered)
	if answered && c.Day != "" && c.Day < c.Asked {
		f.Add("day", "journal.fault.before")
	}
	if c.Annex != 0 && !slices.ContainsFunc(p.Annexes, func(a project.Annex) bool { return a.Number == c.Annex }) {
		f.Add("annex", "journal.fault.annex")
	}
	return f
}

// writeItem adds an entry of a kind, once nothing is wrong with it.
func writeItem[T any](ctx context.Context, s *Service, actor access.Actor, projectID, periodID string, k kind, itemID, seen string, says T, check func(project.Page) errs.Fields) (string, error) {
	return s.write(ctx, actor, projectID, periodID, k, func(tx *db.Tx, w writing) (string, error) {
		list, err := items[T](ctx, tx, projectID, k, 0)
		if err != nil {
			return "", err
		}
		f := check(w.page)
		if itemID == "" && len(list) >= mostItems {
			f.Add("what", "journal.fault.rows", "Most", mostItems)
		}
		if err := f.Err(); err != nil {
			return "", err
		}
		if itemID != "" {
			x, err := find(list, itemID)
			if err != nil {
				return "", err
			}
			if err := checkSeen(x, seen); err != nil {
				return "", err
			}
		}
		return s.add(ctx, tx, actor, w, k, itemID, says, file{})
	})
}
