package laboratory

import (
	"slices"
	"unicode/utf8"

	"ostoja/internal/errs"
	"ostoja/internal/laboratory/casefile"
	"ostoja/internal/privacy"
	"ostoja/internal/text"
)

// Phase is what a room does at a position.
type Phase string

// The phases.
const (
	Gathering  Phase = "gathering"  // groups join
	Deciding   Phase = "deciding"   // they decide in a step
	Followed   Phase = "followed"   // what followed is shown
	Debriefing Phase = "debriefing" // the last
)

// Stands returns what a run does at its position, and in which of the case's steps; in the debriefing there is none.
func Stands(c casefile.Case, position int) (p Phase, step int) {
	switch {
	case position <= 0:
		return Gathering, 0
	case position > 2*len(c.Steps):
		return Debriefing, len(c.Steps)
	case position%2 == 1:
		return Deciding, position / 2
	}
	return Followed, position/2 - 1
}

// decided is the position at which a step is decided.
func decided(step int) int { return 2*step + 1 }

// last is the position of the debriefing.
func last(c casefile.Case) int { return 2*len(c.Steps) + 1 }

// stepOf returns the place of a step in a case; -1 if the case has none of that id.
func stepOf(c casefile.Case, stepID string) int {
	for i, s := range c.Steps {
		if s.ID == stepID {
			return i
		}
	}
	return -1
}

const mostReason = 300 // characters: one sentence, two at most

// Draft is what a group decides. Its ID is made once for each time that the form is shown.
type Draft struct {
	ID     string
	StepID string
	Letter string
	Reason string
}

// judge says what a decision of a group that has not decided in the step counts as, and whether it comes late: after the room had
// moved on, where what followed was seen already. It is taken all the same, for a lost line is nobody's fault, but is in no figure.
func judge(c casefile.Case, r Run, d Draft) (taken casefile.Decision, late bool, err error) {
	step := stepOf(c, d.StepID)
	switch {
	case r.Ended():
		return taken, false, errs.Conflict("laboratory.over")
	case step < 0:
		return taken, false, errs.NotFound("error.not-found")
	case r.Position < decided(step):
		return taken, false, errs.Conflict("laboratory.not-yet")
	}
	var faults errs.Fields
	taken, ok := c.Steps[step].Decision(d.Letter)
	if !ok {
		faults.Add("letter", "laboratory.choose-one")
	}
	if !r.Alone {
		if key := reasonFault(d.Reason); key != "" {
			faults.Add("reason", key, "High", mostReason)
		}
	}
	return taken, r.Position > decided(step), faults.Err()
}

// reasonFault returns why a reason is refused; "" if it is not. A class tells each other what it did at work, and writes down whom it
// remembers: numbers and names are refused before they are stored (art. 5(1)(c) GDPR).
func reasonFault(reason string) string {
	reason = text.Clean(reason)
	switch {
	case reason == "":
		return "laboratory.private.none"
	case utf8.RuneCountInString(reason) > mostReason:
		return "laboratory.private.long"
	case privacy.Find(reason) != privacy.Nothing:
		return "laboratory.private." + string(privacy.Find(reason))
	case privacy.Names(reason):
		return "laboratory.private.name"
	}
	return ""
}

// Tally is what decisions come to: the false alarms and the missed cases, each out of the decisions in which there could have been one.
// That a group left a step undecided is neither: it is counted by itself, out of the steps in which groups were asked.
type Tally struct {
	Alarms, CouldAlarm int
	Missed, CouldMiss  int
	Decisions          int
	Late               int // in none of the above
	None, Asked        int
}

// plus adds two tallies.
func (t Tally) plus(o Tally) Tally {
	return Tally{t.Alarms + o.Alarms, t.CouldAlarm + o.CouldAlarm, t.Missed + o.Missed, t.CouldMiss + o.CouldMiss, t.Decisions + o.Decisions, t.Late + o.Late, t.None + o.None, t.Asked + o.Asked}
}

// Asked says whether a group was there while a step was decided. Who joins later is not asked again what is over.
func Asked(g Group, step int) bool { return g.Since <= decided(step) }

// passed says whether a room at a position has moved on from a step: who has not decided in it left it undecided.
func passed(position, step int) bool { return position > decided(step) }

// Undecided returns the steps that a room at a position has left, in which a group was asked and of which none of its decisions is, and
// how many it was asked in.
func Undecided(c casefile.Case, position int, g Group, list []Decision) (none []int, asked int) {
	for i, s := range c.Steps {
		if !Asked(g, i) || !passed(position, i) {
			continue
		}
		asked++
		if !slices.ContainsFunc(list, func(d Decision) bool { return d.GroupID == g.ID && d.StepID == s.ID }) {
			none = append(none, i)
		}
	}
	return none, asked
}

// Count adds up decisions. Late ones are in neither of the two figures; of steps without a decision it knows nothing.
func Count(list []Decision) (t Tally) {
	for _, d := range list {
		if d.Late {
			t.Late++
			continue
		}
		t.Decisions++
		if d.CouldAlarm {
			t.CouldAlarm++
		}
		if d.CouldMiss {
			t.CouldMiss++
		}
		switch d.Counts {
		case casefile.Alarm:
			t.Alarms++
		case casefile.Missed:
			t.Missed++
		}
	}
	return t
}

// Share is one of a step's decisions, with the groups that took it.
type Share struct {
	casefile.Decision
	Groups []Decision // in the order of the groups' numbers; the late ones are among them
}

// Spread sorts the decisions of a step by letter, each letter there, in the order of the case.
func Spread(s casefile.Step, list []Decision) []Share {
	shares := make([]Share, len(s.Decisions))
	for i, d := range s.Decisions {
		shares[i].Decision = d
		for _, x := range list {
			if x.StepID == s.ID && x.Letter == d.Letter {
				shares[i].Groups = append(shares[i].Groups, x)
			}
		}
	}
	return shares
}
