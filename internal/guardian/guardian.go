// Package guardian keeps the register of people whom a court can appoint today as guardians of unaccompanied children.
//
// Goals: a unit that files a motion gets within the hour a name, a consent and a paper that the court can rely on; who stands in the register was
// trained and checked, and until when; each look at a contact is known to the person it belongs to, with its reason. Limits: there is no list
// of guardians for anybody but the office that keeps them, no public one, and no export (DOMAIN.md, adversary T11); a child is a random case code
// and nothing else; whom a court appoints is the court's. Rooms of their own: candidacy = the way from interest to a decision, roster = duty by
// court and week, request = questions of accredited units and their clocks, appointment = dated appointments and their ends.
package guardian

import (
	"slices"
	"time"
)

// State is where an entry of the register stands.
type State string

// The states.
const (
	Verified State = "verified" // admitted; the person has not yet said from when they can be asked
	Listed   State = "listed"   // can be proposed
	Paused   State = "paused"   // not proposed for a time, by the person's or the office's word
	Removed  State = "removed"  // out of the register; kept until its end, then erased
)

// States lists them in the order of their lives.
var States = []State{Verified, Listed, Paused, Removed}

// next are the changes of state that there are.
var next = map[State][]State{
	Verified: {Listed, Removed},
	Listed:   {Paused, Removed},
	Paused:   {Listed, Removed},
}

// CanBecome says whether an entry may go from one state to another. Nobody comes back from [Removed]: who returns is a candidate again.
func (s State) CanBecome(to State) bool { return slices.Contains(next[s], to) }

// Entry is a person in the register.
type Entry struct {
	ID           string
	PersonID     string
	UnitID       string // the office that keeps it
	UnitPath     string
	Name         string // given name and family name
	State        State
	StateSince   time.Time
	ValidUntil   time.Time // exclusive
	Phone        string
	MostChildren int
	Strengths    string
	Edition      int64
}

// Valid says whether training and checks hold at a time.
func (e Entry) Valid(now time.Time) bool { return now.Before(e.ValidUntil) }

// Proposable says whether the register lets the person be proposed at a time with so many children in their care. Duty, absence, language and court
// are asked beside it.
func (e Entry) Proposable(now time.Time, children int) bool {
	return e.State == Listed && e.Valid(now) && children < e.MostChildren
}

// Court is one before which motions are filed.
type Court struct {
	ID       string
	Name     string
	Short    string
	Region   string // voivodeship code, "" if none
	ClosedAt time.Time
	Edition  int64
	Distinct bool `db:"-"` // who writes it says that courts with names like this one are others
}
