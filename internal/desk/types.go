// Package desk is the coordinator's desk: the figures of each course, the people behind every figure, and the letters that
// bring back those who stalled.
//
// Its questions run across areas and have to be answered quickly for tens of thousands of people, so that it asks them in SQL
// of its own. It reads no table of another area but the views that their owners define (identity_person, learning_latest …),
// and has no table but for the rules of package reminder: enrolling, withdrawing, days and noting that somebody was reminded are learning's. What a figure counts is
// said once ([AllFigures]), and the list behind a figure is chosen by the same condition, so that they cannot disagree. It
// keeps nothing: a figure of a day that has passed cannot be asked for.
package desk

import (
	"time"

	"ostoja/internal/text"
)

// Figure names one of the desk's figures. Each counts people, not enrolments: whoever repeats a course counts once.
//
// Invited, Started, Finished and Passed are cumulative: once in any round, a person stays counted, whatever follows.
// inProgress and withdrawn are states of today, judged by the person's latest round.
type Figure string

// The figures, in the order in which they are shown.
const (
	Invited    Figure = "invited"     // has been invited or has enrolled, in any round
	Started    Figure = "started"     // has opened a page of the course, in any round
	inProgress Figure = "in-progress" // has begun the latest round and neither passed nor been withdrawn from it
	Finished   Figure = "finished"    // has done all parts, the test aside, in any round
	Passed     Figure = "passed"      // has met the course's rule, in any round
	withdrawn  Figure = "withdrawn"   // has been withdrawn from the latest round
)

// AllFigures lists the figures in order.
var AllFigures = []Figure{Invited, Started, inProgress, Finished, Passed, withdrawn}

// Figures are the values of all figures for a set of people.
type Figures struct {
	Invited, Started, InProgress, Finished, Passed, Withdrawn int
}

// Of returns the value of a figure.
func (f Figures) Of(figure Figure) int { return *f.field(figure) }

func (f *Figures) field(figure Figure) *int {
	switch figure {
	case Invited:
		return &f.Invited
	case Started:
		return &f.Started
	case inProgress:
		return &f.InProgress
	case Finished:
		return &f.Finished
	case Passed:
		return &f.Passed
	}
	return &f.Withdrawn
}

func (f *Figures) add(g Figures) {
	for _, figure := range AllFigures {
		*f.field(figure) += g.Of(figure)
	}
}

// State is where a person's latest round stands.
type State string

// The states, each excluding the others.
const (
	StateInvited    State = "invited"
	StateInProgress State = "in-progress"
	StateFinished   State = "finished" // all parts done, the test not passed
	StatePassed     State = "passed"
	StateWithdrawn  State = "withdrawn"
)

// States lists the states in order.
var States = []State{StateInvited, StateInProgress, StateFinished, StatePassed, StateWithdrawn}

// NoRegion is the region filter's value for people of whom none is known.
const NoRegion = "none"

// Filter chooses people of a course. Its zero value chooses all.
type Filter struct {
	Unit     string // with everything below it
	UnitOnly bool   // without what is below it
	Region   string // of the person, or of their unit where the person has none
	Figure   Figure // those whom the figure counts
	Month    string // 2026-11: in which the figure came true; without a figure, the month of invitation
	State    State
	Stalled  int    // days without a step, of those who have neither passed nor been withdrawn; 0: no matter
	Due      Due    // by the day by which they should have passed; "": no matter
	Search   string // in name, mail and service number
}

// Line is one line of a breakdown.
type Line struct {
	Key  string // unit, region or month
	Name string // of the unit; "" for regions and months, which pages name
	Own  bool   // counts only people directly in the unit, not below it
	Figures
}

// Overview is a course's figures and their breakdowns, of which each sums up to the totals.
type Overview struct {
	Totals        Figures
	Organisations []Line
	Units         []Line // directly below the chosen unit, or below each organisation
	Regions       []Line
	Months        []Line // each figure in the month in which it came true for the person
}

// Course is a course as the desk shows it.
type Course struct {
	ID      string
	Title   text.Translated
	Current string // version on which new participants begin
	Number  int    // of that version
}

// Version is one version of a course.
type Version struct {
	Number int
	Parts  int // lessons and scenarios
}

// CourseFigures is a course with its figures.
type CourseFigures struct {
	Course
	Figures
}

// Person is a participant's line in the list of a course.
type Person struct {
	EnrolmentID  string
	PersonID     string
	GivenName    string
	FamilyName   string
	UnitID       string
	Region       string // the person's own or their unit's
	PersonState  string // invited | active | blocked
	HasMail      bool
	Round        int
	VersionID    string
	InvitedAt    time.Time // to the first round
	StartedAt    time.Time // the latest round, as all below
	ActiveAt     time.Time
	FinishedAt   time.Time
	RoundPassed  time.Time
	WithdrawnAt  time.Time
	RemindedAt   time.Time
	DueAt        time.Time // the last moment of the day by which it should be passed; zero: none
	PassedAt     time.Time // the first time, in any round
	PartsDone    int
	Best         *float64 // per cent, in any round; nil without an attempt
	Certificate  string   // number of the newest that was not revoked
	Unit         string   `db:"-"`
	Organisation string   `db:"-"`
	Parts        int      `db:"-"` // of the version
}

// State says where the person's latest round stands.
func (p Person) State() State {
	return state(p.WithdrawnAt, p.RoundPassed, p.FinishedAt, p.StartedAt)
}

func state(withdrawn, passed, finished, started time.Time) State {
	switch {
	case !withdrawn.IsZero():
		return StateWithdrawn
	case !passed.IsZero():
		return StatePassed
	case !finished.IsZero():
		return StateFinished
	case !started.IsZero():
		return StateInProgress
	}
	return StateInvited
}

// Sort says how a list of people is sorted.
type Sort struct {
	By   string // one of sorts; "" is by name
	Desc bool
}

// sorts are the columns by which people can be sorted.
var sorts = []string{"name", "unit", "invited", "active", "progress", "passed", "score", "due"}

// Page says which part of a list is wanted.
type Page struct {
	Number int // from 1
	Size   int // 0: everything
}

// Unit is a unit as filters offer it.
type Unit struct {
	ID     string
	Path   string
	Name   string
	Region string // its own or that of the nearest unit above
	Depth  int    // 0 for an organisation
}
