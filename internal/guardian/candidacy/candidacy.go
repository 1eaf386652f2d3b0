// Package candidacy leads somebody from interest in being a guardian to a decision: application, course, class day, scenario, talk, checks.
//
// Goals: the office decides upon what was seen and by whom, and until when it holds; a talk is marked by two people who do not see each other's
// marks until both are in; whoever applied reads what is kept about them and who looked at it, and can withdraw at once. Limits: nobody but the
// office that leads a candidate sees that there is one, there is no export, and an answer before sign-in tells nothing of whose addresses are
// known; the program decides nothing, it refuses an admission for which something is missing.
package candidacy

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/privacy"
	"ostoja/internal/text"
)

// State is where a candidacy stands.
type State string

// The states.
const (
	Draft     State = "draft"     // being written
	Applied   State = "applied"   // sent, and on the path
	Admitted  State = "admitted"  // in the register
	Declined  State = "declined"  // by the office
	Withdrawn State = "withdrawn" // by the candidate
)

// States lists them in the order of a path.
var States = []State{Draft, Applied, Admitted, Declined, Withdrawn}

var next = map[State][]State{Draft: {Applied, Withdrawn}, Applied: {Admitted, Declined, Withdrawn}}

// CanBecome says whether a candidacy may go from one state to another. What was decided is not decided again: who comes back applies anew.
func (s State) CanBecome(to State) bool { return slices.Contains(next[s], to) }

// Open says whether the candidacy goes on.
func (s State) Open() bool { return len(next[s]) > 0 }

// How long what somebody wrote is kept. The periods are ours, for an office's data protection officer to confirm (docs/operate/kept.md).
const (
	draftFor     = 30 * 24 * time.Hour      // since it was saved last
	appliedFor   = 2 * 365 * 24 * time.Hour // since it was sent: the consent that the form asks for ends then
	declinedFor  = 180 * 24 * time.Hour     // since the decision, for questions about it
	withdrawnFor = 30 * 24 * time.Hour      // since then: name and address alone, everything else goes at once
)

// ConsentUntil is when the consent ends that somebody gives at a time.
func ConsentUntil(now time.Time) time.Time { return now.Add(appliedFor) }

// Abroad says whether somebody has lived in another country as an adult.
type Abroad string

// The answers.
const (
	AbroadYes Abroad = "yes"
	AbroadNo  Abroad = "no"
)

// Langs are the languages that a form offers: those of unaccompanied children who come, and of those who write about them.
var Langs = []string{"pl", "uk", "en", "ru", "be", "ar", "fa", "ps", "ku", "so", "am", "ti", "fr", "vi", "tr", "ka", "hy", "bn", "hi", "ne", "uz", "tg"}

// FormLangs are the languages of the form and of letters before there is an account.
var FormLangs = []string{"pl", "en", "uk"}

// Application is what somebody writes.
type Application struct {
	Phone        string   `json:",omitempty"`
	Motivation   string   `json:",omitempty"`
	Background   string   `json:",omitempty"`
	Conflicts    string   `json:",omitempty"` // of interest
	Availability string   `json:",omitempty"`
	Abroad       Abroad   `json:",omitempty"`
	Langs        []string `json:",omitempty"`
	Courts       []string `json:",omitempty"` // ids
}

// Form is what the application's form holds.
type Form struct {
	GivenName, FamilyName string
	Application
	Agreed  bool // to processing
	Edition int64
}

const (
	mostName  = 100
	mostText  = 2000
	leastSaid = 10 // characters of a reason
)

// texts are the free texts of an application by the names of their fields.
func (a *Application) texts() map[string]*string {
	return map[string]*string{"motivation": &a.Motivation, "background": &a.Background, "conflicts": &a.Conflicts, "availability": &a.Availability}
}

// cleaned cuts space, and drops what is not offered.
func (f Form) cleaned(courts []string) Form {
	f.GivenName, f.FamilyName, f.Phone = text.Clean(f.GivenName), text.Clean(f.FamilyName), text.Clean(f.Phone)
	for _, s := range f.texts() {
		*s = text.CleanLines(*s)
	}
	f.Langs, f.Courts = among(f.Langs, Langs), among(f.Courts, courts)
	if f.Abroad != AbroadYes && f.Abroad != AbroadNo {
		f.Abroad = ""
	}
	return f
}

// among returns those of the values that are offered, each once, in the order of the offer.
func among(values, offered []string) (list []string) {
	for _, o := range offered {
		if slices.Contains(values, o) {
			list = append(list, o)
		}
	}
	return list
}

// check finds what is wrong with a cleaned form. A draft may lack anything, what is sent may not, but for courts where the office has
// entered none.
func (f Form) check(sent, anyCourts bool) (faults errs.Fields) {
	for name, value := range map[string]string{"given_name": f.GivenName, "family_name": f.FamilyName} {
		switch {
		case value == "" && sent:
			faults.Add(name, "apply.fault.missing")
		case utf8.RuneCountInString(value) > mostName || strings.ContainsAny(value, "<>@"):
			faults.Add(name, "apply.fault.name")
		}
	}
	for name, value := range f.texts() {
		switch found := privacy.Find(*value); {
		case *value == "" && sent:
			faults.Add(name, "apply.fault.missing")
		case utf8.RuneCountInString(*value) > mostText:
			faults.Add(name, "apply.fault.long", "High", mostText)
		case found != privacy.Nothing:
			faults.Add(name, "apply.fault.number")
		}
	}
	if f.Phone != "" && !text.IsPhone(f.Phone, guardian.PhoneDigits) {
		faults.Add("phone", "apply.fault.phone")
	}
	if sent {
		for name, lacks := range map[string]bool{"langs": len(f.Langs) == 0, "courts": anyCourts && len(f.Courts) == 0, "abroad": f.Abroad == ""} {
			if lacks {
				faults.Add(name, "apply.fault.choose")
			}
		}
		if f.Phone == "" {
			faults.Add("phone", "apply.fault.missing")
		}
		if !f.Agreed {
			faults.Add("agreed", "apply.fault.agree")
		}
	}
	order := []string{"given_name", "family_name", "phone", "motivation", "background", "conflicts", "availability", "langs", "courts", "abroad", "agreed"}
	slices.SortStableFunc(faults, func(a, b errs.Field) int { return slices.Index(order, a.Name) - slices.Index(order, b.Name) })
	return faults
}

// checkReason finds what is wrong with a free text of the office.
func checkReason(name, said string, least int, faults *errs.Fields) {
	switch n := utf8.RuneCountInString(said); {
	case n < least:
		faults.Add(name, "candidacy.fault.reason", "Low", least)
	case n > mostText:
		faults.Add(name, "candidacy.fault.long", "High", mostText)
	case privacy.Find(said) != privacy.Nothing:
		faults.Add(name, "candidacy.fault.number")
	}
}

// Step is one of the path.
type Step string

// The steps, in order.
const (
	StepApplication Step = "application"
	StepCourse      Step = "course"
	StepClassDay    Step = "class-day"
	StepScenario    Step = "scenario"
	StepTalk        Step = "talk"
	StepChecks      Step = "checks"
	StepDecision    Step = "decision"
)

// Steps lists them in the order in which they are usually taken; none waits for another.
var Steps = []Step{StepApplication, StepCourse, StepClassDay, StepScenario, StepTalk, StepChecks, StepDecision}

// Ticked says whether the office says by hand that a step was done. The others follow from what else is known.
func (s Step) Ticked() bool { return s == StepCourse || s == StepClassDay || s == StepScenario }

// StepOf is a step of somebody's path.
type StepOf struct {
	Step    Step
	OwnerID string
	Owner   string // name
	DueOn   string // 2026-11-30, "" if none was given
	DoneOn  string // "" until it is done
	DoneBy  string // name, "" where the program knows it from elsewhere
}

// Late says whether the day by which a step should be done has passed.
func (s StepOf) Late(today string) bool { return s.DoneOn == "" && s.DueOn != "" && s.DueOn < today }
