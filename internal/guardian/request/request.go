// Package request answers accredited units that look for a guardian for a child.
//
// Goals: within the hour a unit knows whom it can name, why that person, and that they agree; whoever is named knows who looked at their entry and
// why; an account that asks for everybody in turn comes to an end soon. Limits: a unit says what a child needs of a guardian and nothing about the
// child; it cannot browse, search or take a list away; the court decides whom it appoints, and when (package term counts its days).
package request

import (
	"cmp"
	"slices"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/privacy"
	"ostoja/internal/text"
)

// The clocks of a request. Three are asked in turn, so that the unit has a person or the office's phone within the hour.
const (
	AnswerIn = 20 * time.Minute // until then the person who was asked is waited for
	Named    = 3                // how many people an answer names
)

const (
	mostSeen   = 15                  // people whom an account is shown
	seenWithin = 30 * 24 * time.Hour // in so much time, without the office's word
	promised   = 7 * 24 * time.Hour  // for so long an accepted request takes a place, until its appointment is entered
	keptFor    = 365 * 24 * time.Hour
	mostText   = 80 // characters of a reference
	farthest   = 31 // days ahead from which a guardian may be asked for
)

// State is where a request stands.
type State string

// The states.
const (
	Asking    State = "asking"    // somebody is waited for
	Accepted  State = "accepted"  // a guardian agreed
	AtOffice  State = "office"    // nobody answered: the office's phone is shown
	Withdrawn State = "withdrawn" // the unit takes it back
)

// open says whether an acceptance is still wanted.
func (s State) open() bool { return s == Asking || s == AtOffice }

// Answer is what became of asking one person.
type Answer string

// The answers. Who missed the twenty minutes can still agree while nobody else did.
const (
	Waiting  Answer = ""
	Agreed   Answer = "accepted"
	Declined Answer = "declined"
	Missed   Answer = "missed"
)

// Purposes are what a guardian may be asked for: the procedures of a kurator's mandate (DOMAIN.md section 4).
var Purposes = []string{"protection", "dublin", "welfare", "return", "court"}

// Wishes are what may matter about a guardian. Whoever is asked reads them. Those that the register can answer ([guardian.Answers]) say who of the
// people behind the one on duty comes first.
var Wishes = []string{"woman", "man", "near", "evenings", "small-child", "trafficking"}

// Looks are the purposes of opening a contact.
var Looks = []string{"arrange", "motion", "urgent"}

// Proposal is a person whom an answer names.
type Proposal struct {
	ID         string
	GuardianID string
	Place      int
	Reasons    []string `db:",json"`
	AskedAt    time.Time
	AnsweredAt time.Time
	Answer     Answer
	Given      string
	Family     string
	RevealedAt time.Time // when the unit opened the contact, zero if it did not
	Phone      string    // "" until then
}

// Until is the end of the time in which the person is waited for.
func (p Proposal) Until() time.Time { return p.AskedAt.Add(AnswerIn) }

// Short is the name as it stands before a contact is opened: it tells the unit's people apart and finds nobody elsewhere.
func (p Proposal) Short() string {
	for _, r := range p.Family {
		return p.Given + " " + string(r) + "."
	}
	return p.Given
}

// Step is what a request needs next.
type Step struct {
	Missed int // the place of who did not answer in time, -1 if nobody
	Ask    int // the place of who is asked now, -1 if nobody
	Office bool
}

// next says what a request that is being asked needs at a time. Proposals are in the order of their places.
func next(proposals []Proposal, now time.Time) Step {
	s := Step{-1, -1, false}
	for i, p := range proposals {
		switch {
		case p.AskedAt.IsZero():
			s.Ask = i
			return s
		case p.Answer == Agreed, p.Answer == Waiting && now.Before(p.Until()):
			return s
		case p.Answer == Waiting:
			s.Missed = i
		}
	}
	s.Office = true
	return s
}

// Candidate is somebody in the register whom a court's request could name.
type Candidate struct {
	ID        string
	OnDuty    bool     // answers this week for the court and the language
	Speaks    bool     // the child's language
	Answers   []string `db:"-"` // to what of the wishes of requests, as the office ticked it
	Children  int      // now in their care, or promised
	Most      int
	LastAsked time.Time
}

// answered are those of the wishes to which somebody answers, in the order of the form.
func (c Candidate) answered(wishes []string) (list []string) {
	for _, w := range Wishes {
		if slices.Contains(wishes, w) && slices.Contains(c.Answers, w) {
			list = append(list, w)
		}
	}
	return list
}

// choose puts the candidates in the order in which they are asked, with the reasons that the unit reads: who is on duty, then who speaks the
// language, then who answers to more of the wishes, then who was asked the longest ago, then who has the fewest children. Nobody whose limit is reached
// is among them. Duty stands before wishes, so that whoever keeps the week free for it is asked; language, since a child who is understood is helped first.
func choose(candidates []Candidate, wishes []string, named int) (list []Proposal) {
	known := slices.ContainsFunc(wishes, func(w string) bool { return slices.Contains(guardian.Answers, w) })
	free := slices.DeleteFunc(slices.Clone(candidates), func(c Candidate) bool { return c.Children >= c.Most })
	slices.SortStableFunc(free, func(a, b Candidate) int {
		return cmp.Or(before(a.OnDuty, b.OnDuty), before(a.Speaks, b.Speaks), cmp.Compare(len(b.answered(wishes)), len(a.answered(wishes))),
			a.LastAsked.Compare(b.LastAsked), cmp.Compare(a.Children, b.Children), cmp.Compare(a.ID, b.ID))
	})
	for i, c := range free[:min(named, len(free))] {
		p := Proposal{GuardianID: c.ID, Place: i, Reasons: []string{"court"}}
		add := func(name string, holds bool) {
			if holds {
				p.Reasons = append(p.Reasons, name)
			}
		}
		add("duty", c.OnDuty)
		add("language", c.Speaks)
		add("interpreter", !c.Speaks)
		answered := c.answered(wishes)
		for _, w := range answered {
			add("wish-"+w, true)
		}
		add("wish-unknown", known && len(answered) == 0)
		add("new", c.LastAsked.IsZero())
		add("turn", !c.OnDuty && !c.LastAsked.IsZero())
		add("free", c.Children == 0)
		list = append(list, p)
	}
	return list
}

// before orders what holds before what does not.
func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// Draft is what a unit asks.
type Draft struct {
	Purpose   string
	Reference string
	CourtID   string
	Lang      string
	Wishes    []string
	FromDay   string // 2026-11-30
	MotionOn  string // "" if the motion is not yet filed
}

func (d Draft) cleaned() Draft {
	d.Reference = text.Clean(d.Reference)
	d.FromDay, d.MotionOn = text.Clean(d.FromDay), text.Clean(d.MotionOn)
	return d
}

// check finds what is wrong with a cleaned draft on a day.
func (d Draft) check(today time.Time) (faults errs.Fields) {
	if !slices.Contains(Purposes, d.Purpose) {
		faults.Add("purpose", "request.fault.choose")
	}
	switch found := privacy.Find(d.Reference); {
	case d.Reference == "":
		faults.Add("reference", "request.fault.reference")
	case len([]rune(d.Reference)) > mostText:
		faults.Add("reference", "request.fault.long", "High", mostText)
	case found != privacy.Nothing:
		faults.Add("reference", "assessment.private."+string(found))
	}
	if d.CourtID == "" {
		faults.Add("court", "request.fault.choose")
	}
	if d.Lang == "" {
		faults.Add("lang", "request.fault.choose")
	}
	for _, w := range d.Wishes {
		if !slices.Contains(Wishes, w) {
			faults.Add("wishes", "request.fault.choose")
		}
	}
	from, ok := day(d.FromDay)
	switch left := from.Sub(today); {
	case !ok:
		faults.Add("from", "request.fault.day")
	case left < 0:
		faults.Add("from", "request.fault.past")
	case left > farthest*24*time.Hour:
		faults.Add("from", "request.fault.far", "High", farthest)
	}
	faults = append(faults, checkMotion(d.MotionOn, today)...)
	return faults
}

// checkMotion finds what is wrong with the day of a motion, "" if it was not yet filed.
func checkMotion(motion string, today time.Time) (faults errs.Fields) {
	if motion == "" {
		return nil
	}
	on, ok := day(motion)
	switch {
	case !ok:
		faults.Add("motion", "request.fault.day")
	case on.After(today):
		faults.Add("motion", "request.fault.future")
	case today.Sub(on) > farthest*24*time.Hour:
		faults.Add("motion", "request.fault.old", "High", farthest)
	}
	return faults
}

func day(s string) (time.Time, bool) {
	d, err := time.Parse(time.DateOnly, s)
	return d, err == nil
}

// dayOf returns the day of a time in a zone, at midnight UTC, as days are compared here.
func dayOf(t time.Time, zone *time.Location) time.Time {
	year, month, d := t.In(zone).Date()
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}
