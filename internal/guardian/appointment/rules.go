package appointment

import (
	"slices"
	"strings"
	"time"

	"ostoja/internal/act"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// UndoFor is how long the latest act can be taken back.
const UndoFor = act.UndoFor

// ContactWithin is after how many days without a noted contact the office is told. The number is the programme's own, no rule of law.
const ContactWithin = 30

// startsWithin bounds how far ahead an appointment may start: further ahead it is a slip of the pen.
const startsWithin = 31

const (
	codeBytes   = 5 // 40 bits: no two children get one code by chance
	codeLetters = 9 // with the letter that tells a slip
	dayForm     = time.DateOnly
)

// Reason says why an appointment ended.
type Reason string

// The reasons.
const (
	Replaced Reason = "replaced" // another person was appointed
	Adult    Reason = "adult"    // the child turned eighteen
	Moved    Reason = "moved"    // another court, state or person answers for the child
	Missing  Reason = "missing"  // the court ended it after the child had gone missing
	Mistaken Reason = "mistaken" // it was never there
)

// Reasons lists them in the order of the form.
var Reasons = []Reason{Replaced, Adult, Moved, Missing, Mistaken}

// Appointment is a dated fact: a court named somebody for a child.
type Appointment struct {
	ID           string
	GuardianID   string
	PersonID     string // the guardian's
	UnitPath     string // of the office that keeps the guardian's entry
	Name         string // the guardian's
	CaseCode     string
	Kind         string
	Scope        []string `db:",json"`
	CourtID      string   // "" if not known yet
	Court        string
	DecidedOn    string // days are 2026-11-30
	StartedOn    string
	EndedOn      string // "" while it lasts
	Ended        Reason // "" while it lasts
	ContactOn    string // when the guardian last noted a contact, "" if never
	MissingSince time.Time
	ValidUntil   time.Time // of the guardian's entry
	Phone        bool      `db:"has_phone"` // the guardian's entry has one
	Edition      int64
}

// Running says whether the appointment lasts.
func (a Appointment) Running() bool { return a.Ended == "" }

// IsMissing says whether the child of a running appointment is missing.
func (a Appointment) IsMissing() bool { return a.Running() && !a.MissingSince.IsZero() }

// Code is the case code as people read and write it: in groups.
func (a Appointment) Code() string { return Grouped(a.CaseCode) }

// Grouped returns a case code in groups of three letters.
func Grouped(code string) string {
	var groups []string
	for len(code) > 3 {
		groups, code = append(groups, code[:3]), code[3:]
	}
	return strings.Join(append(groups, code), "-")
}

// newCode returns a case code that means nothing. Its last letter tells a slip of the pen in the paper file.
func newCode() string {
	code := id.Code(codeBytes)
	return code + string(id.Check(code))
}

// typedCode returns the case code that somebody typed, "" if it can be none.
func typedCode(typed string) string {
	code := id.Typed(typed, codeLetters)
	if len(code) != codeLetters || !id.Checked(code) {
		return ""
	}
	return code
}

// LastContact is the day from which days without a contact are counted: of the last one that was noted, or of the beginning.
func (a Appointment) LastContact() string { return max(a.ContactOn, a.StartedOn) }

// Quiet says whether no contact was noted for more than [ContactWithin] days.
func (a Appointment) Quiet(today string) bool {
	return a.Running() && daysBetween(a.LastContact(), today) > ContactWithin
}

// day reads a day; false if it is none.
func day(s string) (time.Time, bool) {
	t, err := time.Parse(dayForm, s)
	return t, err == nil
}

func daysBetween(from, to string) int {
	a, okFrom := day(from)
	b, okTo := day(to)
	if !okFrom || !okTo {
		return 0
	}
	return int(b.Sub(a) / (24 * time.Hour))
}

func daysAfter(d string, n int) string {
	t, _ := day(d)
	return t.AddDate(0, 0, n).Format(dayForm)
}

// LastOfMonth returns the last day of a month; what is given may be the month or a day of it, which is thrown away. false if it is neither.
func LastOfMonth(month string) (string, bool) {
	if t, ok := day(month); ok {
		month = t.Format("2006-01")
	}
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return "", false
	}
	return t.AddDate(0, 1, -1).Format(dayForm), true
}

// Draft is an appointment that the office enters.
type Draft struct {
	GuardianID string
	Code       string // as typed; "" for a child who has none yet
	Kind       string
	Scope      []string
	CourtID    string
	DecidedOn  string
	StartedOn  string
}

// facts are what the rules for a draft have to know beside it.
type facts struct {
	today      string
	admittedOn string // when the guardian was taken into the register, "" if that is not kept any more
	removed    bool   // the guardian is out of the register
	children   int    // for whom the guardian acts now, the one of the draft left out
	most       int
	known      bool // the typed code is that of a child with an appointment
	twice      bool // the guardian has the same appointment already
	court      bool // the court is there and open
}

// check finds what is wrong with a draft.
func (d Draft) check(c *Content, f facts) (faults errs.Fields) {
	switch {
	case f.removed:
		faults.Add("guardian", "appointment.fault.removed")
	case f.children >= f.most:
		faults.Add("guardian", "appointment.fault.limit", "Limit", f.most)
	}
	switch {
	case d.Code != "" && (typedCode(d.Code) == "" || !f.known):
		faults.Add("code", "appointment.fault.code")
	case f.twice:
		faults.Add("code", "appointment.fault.twice")
	}
	kind, ok := c.Kind(d.Kind)
	if !ok {
		faults.Add("kind", "appointment.fault.choose")
	} else if len(d.Scope) == 0 || slices.ContainsFunc(d.Scope, func(s string) bool { return !slices.Contains(kind.Scopes, s) }) {
		faults.Add("scope", "appointment.fault.scope")
	}
	if d.CourtID != "" && !f.court {
		faults.Add("court", "appointment.fault.choose")
	}
	_, decided := day(d.DecidedOn)
	switch {
	case !decided:
		faults.Add("decided", "appointment.fault.day")
	case d.DecidedOn > f.today:
		faults.Add("decided", "appointment.fault.future")
	case d.DecidedOn < f.admittedOn:
		faults.Add("decided", "appointment.fault.before-admission")
	case kind.DecidedBefore != "" && d.DecidedOn >= kind.DecidedBefore:
		faults.Add("decided", "appointment.fault.kind-ended")
	}
	_, started := day(d.StartedOn)
	switch {
	case !started:
		faults.Add("started", "appointment.fault.day")
	case decided && d.StartedOn < d.DecidedOn:
		faults.Add("started", "appointment.fault.before-decision")
	case d.StartedOn > daysAfter(f.today, startsWithin):
		faults.Add("started", "appointment.fault.far")
	}
	return faults
}

// End is how an appointment ends.
type End struct {
	Reason Reason
	On     string // day; of Adult and Mistaken it is not asked
	Month  string // of Adult: the month in which the child turned eighteen
}

// endedOn returns the day of an end, or what is wrong with it.
func endedOn(a Appointment, e End, today string) (on string, faults errs.Fields) {
	switch e.Reason {
	case Mistaken:
		return a.StartedOn, nil // it lasted no day
	case Adult:
		last, ok := LastOfMonth(e.Month)
		thisMonth, _ := LastOfMonth(today)
		switch {
		case !ok:
			faults.Add("month", "appointment.fault.month")
		case last > thisMonth:
			faults.Add("month", "appointment.fault.future")
		case last < a.StartedOn:
			faults.Add("month", "appointment.fault.before-start")
		}
		return last, faults
	case Missing:
		if a.MissingSince.IsZero() {
			faults.Add("reason", "appointment.fault.not-missing")
		}
	case Replaced, Moved:
	default:
		faults.Add("reason", "appointment.fault.choose")
		return "", faults
	}
	_, ok := day(e.On)
	switch {
	case !ok:
		faults.Add("on", "appointment.fault.day")
	case e.On > today:
		faults.Add("on", "appointment.fault.future")
	case e.On < a.StartedOn:
		faults.Add("on", "appointment.fault.before-start")
	}
	return e.On, faults
}

// contact returns the day of the last contact once one on a day was noted: an earlier day than the one that stands there changes nothing.
func contact(a Appointment, on, today string) (string, errs.Fields) {
	var faults errs.Fields
	_, ok := day(on)
	switch {
	case !ok:
		faults.Add("on", "appointment.fault.day")
	case on > today:
		faults.Add("on", "appointment.fault.future")
	case on < a.StartedOn:
		faults.Add("on", "appointment.fault.before-start")
	}
	return max(on, a.ContactOn), faults
}

// Act is a line of an appointment's history.
type Act struct {
	ID      string
	At      time.Time
	Kind    string
	By      string // name
	ActorID string
	Before  state `db:",json"`
	Edition int64
}

// state is what an act may change.
type state struct {
	EndedOn      string    `json:",omitempty"`
	Ended        Reason    `json:",omitempty"`
	ContactOn    string    `json:",omitempty"`
	MissingSince time.Time `json:",omitzero"`
}

func (a Appointment) state() state { return state{a.EndedOn, a.Ended, a.ContactOn, a.MissingSince} }

// undoable says whether an act is the latest of an appointment and recent enough to be taken back.
func (x Act) undoable(a Appointment, now time.Time) bool {
	return x.Edition == a.Edition && now.Before(x.At.Add(UndoFor))
}
