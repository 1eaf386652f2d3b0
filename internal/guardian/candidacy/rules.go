package candidacy

import (
	_ "embed"
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/errs"
)

// CheckKind is what the office sees to before it lets somebody be alone with a child.
type CheckKind string

// The kinds.
const (
	SexualOffenders    CheckKind = "sexual-offenders"
	CriminalRecord     CheckKind = "criminal-record"
	ForeignCertificate CheckKind = "foreign-certificate"
)

// CheckKinds lists them.
var CheckKinds = []CheckKind{SexualOffenders, CriminalRecord, ForeignCertificate}

// Needed says of whom a check is asked.
type Needed string

// Of whom.
const (
	Always     Needed = "always"
	IfAbroad   Needed = "abroad"
	NeverAsked Needed = "never"
)

// NeededOf lists them.
var NeededOf = []Needed{Always, IfAbroad, NeverAsked}

const mostDays = 3660

// Rule is what holds for a kind of check. It is nobody's word until a named person has confirmed it.
type Rule struct {
	Kind        CheckKind `yaml:"kind"`
	Needed      Needed    `yaml:"needed"`
	ValidDays   int       `yaml:"valid_days"`
	CopyDays    int       `yaml:"copy_days"` // how long a copy is kept; 0: none is
	ConfirmedBy string    `yaml:"-"`         // name
	ConfirmedAt time.Time `yaml:"-"`
	Edition     int64     `yaml:"-"` // 0: as it comes with the program
}

// Confirmed says whether somebody answers for the rule.
func (r Rule) Confirmed() bool { return !r.ConfirmedAt.IsZero() }

// Copied says whether a copy is kept.
func (r Rule) Copied() bool { return r.CopyDays > 0 }

// Asks says whether the check is asked of a candidate.
func (r Rule) Asks(a Abroad) bool { return r.Needed == Always || r.Needed == IfAbroad && a != AbroadNo }

func (r Rule) check() (faults errs.Fields) {
	if !slices.Contains(NeededOf, r.Needed) {
		faults.Add("needed", "candidacy.fault.choose")
	}
	if r.ValidDays < 1 || r.ValidDays > mostDays {
		faults.Add("valid_days", "candidacy.fault.days", "Low", 1, "High", mostDays)
	}
	if r.CopyDays < 0 || r.CopyDays > mostDays {
		faults.Add("copy_days", "candidacy.fault.days", "Low", 0, "High", mostDays)
	}
	return faults
}

//go:embed checks.yaml
var shippedRules []byte

// ShippedRules are the rules that come with the program.
func ShippedRules() ([]Rule, error) { return readRules(shippedRules) }

func readRules(file []byte) (list []Rule, err error) {
	defer errs.Wrap(&err, "candidacy: rules of checks")
	var f struct {
		Format int    `yaml:"format"`
		Rules  []Rule `yaml:"rules"`
	}
	if err := yaml.Unmarshal(file, &f); err != nil {
		return nil, err
	}
	if f.Format != 1 || len(f.Rules) != len(CheckKinds) {
		return nil, fmt.Errorf("format %d with %d rules", f.Format, len(f.Rules))
	}
	for i, k := range CheckKinds {
		if f.Rules[i].Kind != k {
			return nil, fmt.Errorf("rule %d is of %q, not %q", i+1, f.Rules[i].Kind, k)
		}
		if err := f.Rules[i].check().Err(); err != nil {
			return nil, err
		}
	}
	return f.Rules, nil
}

// Check is that somebody saw a paper, or a register's answer.
type Check struct {
	ID         string
	Kind       CheckKind
	Clear      bool   // nothing stands in the way
	SeenOn     string // 2026-11-30
	SeenBy     string // name
	ValidUntil string // inclusive
	NotedAt    time.Time
}

// Holds says whether the check can be relied on that day.
func (c Check) Holds(today string) bool {
	return c.ID != "" && c.Clear && c.SeenOn <= today && today <= c.ValidUntil
}

// Facts are what a decision rests on.
type Facts struct {
	Application Application
	Account     bool                // there is an account
	Done        map[Step]string     // days of the ticked steps
	Rules       []Rule              // of all kinds
	Checks      map[CheckKind]Check // the newest of each kind
	Talk        *Talk               // nil: none
	Rubric      *Rubric
	Undecided   bool // somebody else may be the same person, and nobody has decided
}

// Missing says what stands in the way of an admission that day, as keys of texts: candidacy.lacks-KEY. None: the office may decide either way.
func Missing(f Facts, today string) (list []string) {
	if !f.Account {
		list = append(list, "account")
	}
	if f.Undecided {
		list = append(list, "same")
	}
	for _, s := range Steps {
		if s.Ticked() && f.Done[s] == "" {
			list = append(list, string(s))
		}
	}
	switch {
	case f.Talk == nil || !f.Talk.Both():
		list = append(list, "talk")
	case !f.Talk.Settled(f.Rubric):
		list = append(list, "joint")
	case len(f.Talk.Missed(f.Rubric)) > 0:
		list = append(list, "must")
	}
	for _, r := range f.Rules {
		c := f.Checks[r.Kind]
		switch {
		case c.ID != "" && !c.Clear: // whoever it is asked of: what was seen was seen
			list = append(list, "entry-"+string(r.Kind))
		case !r.Asks(f.Application.Abroad):
		case c.ID == "":
			list = append(list, "check-"+string(r.Kind))
		case !c.Holds(today):
			list = append(list, "expired-"+string(r.Kind))
		}
	}
	return list
}

// ValidUntil is the last day for which an admission can be given: the day on which the first of the checks that are asked for ends.
func ValidUntil(f Facts) (last string) {
	for _, r := range f.Rules {
		if c := f.Checks[r.Kind]; r.Asks(f.Application.Abroad) && c.ID != "" && (last == "" || c.ValidUntil < last) {
			last = c.ValidUntil
		}
	}
	return last
}
