package firstline

import (
	"slices"
	"strings"
)

// Answers are what somebody has answered so far. What was noticed is not among them: a tick leads to words, never to a step.
type Answers struct {
	Questions map[string]Answer // by id
	Age       string            // of [Kit.Ages]
	Beside    string            // of [Kit.Beside]
}

// Atom is a condition: what one answer must be ("danger=yes"), or "always".
type Atom string

// Always holds whatever was answered.
const Always Atom = "always"

// The subjects of atoms beside the ids of questions.
const (
	subjectPlace  = "place"
	subjectAge    = "age"
	subjectBeside = "beside"
)

// Is makes an atom.
func Is(subject, value string) Atom { return Atom(subject + "=" + value) }

// Result is what follows from the answers.
type Result struct {
	Actions map[Urgency][]string // ids in the order in which they are done
	Calls   []string             // ids of facts
	Carry   []string
	Open    []string // subjects that are not answered, in the order in which they are asked
}

// Given makes answers of the atoms that hold because of them.
func Given(atoms ...Atom) Answers {
	a := Answers{Questions: map[string]Answer{}}
	for _, x := range atoms {
		switch subject, value, _ := strings.Cut(string(x), "="); subject {
		case subjectAge:
			a.Age = value
		case subjectBeside:
			a.Beside = value
		default:
			a.Questions[subject] = Answer(value)
		}
	}
	return a
}

// Urgency is the most pressing heading under which there is something to do.
func (r Result) Urgency() Urgency {
	for _, u := range Urgencies {
		if len(r.Actions[u]) > 0 {
			return u
		}
	}
	return ""
}

// Next says what to do now at a place, given the answers.
func (k *Kit) Next(place string, a Answers) Result {
	holds := k.holds(place, a)
	r := Result{Actions: map[Urgency][]string{}}
	for _, x := range k.Actions {
		if holds(x.When) {
			r.Actions[x.Urgency] = append(r.Actions[x.Urgency], x.ID)
		}
	}
	for _, c := range k.Calls {
		if holds(c.When) {
			r.Calls = append(r.Calls, c.Fact)
		}
	}
	for _, c := range k.Carry {
		if holds(c.When) {
			r.Carry = append(r.Carry, c.ID)
		}
	}
	for _, s := range k.Subjects() {
		if !slices.ContainsFunc(s.Atoms(), func(x Atom) bool { return holds([]Atom{x}) }) {
			r.Open = append(r.Open, s.ID)
		}
	}
	return r
}

// holds returns a function that says whether one of some atoms holds.
func (k *Kit) holds(place string, a Answers) func(when []Atom) bool {
	known := map[Atom]bool{Always: true, Is(subjectPlace, place): true, Is(subjectAge, a.Age): true, Is(subjectBeside, a.Beside): true}
	for id, answer := range a.Questions {
		known[Is(id, string(answer))] = true
	}
	return func(when []Atom) bool { return slices.ContainsFunc(when, func(x Atom) bool { return known[x] }) }
}

// Subject is something that is answered by choosing one of some values.
type Subject struct {
	ID     string
	Values []string
}

// Atoms are the conditions that its answers make true.
func (s Subject) Atoms() []Atom {
	list := make([]Atom, len(s.Values))
	for i, v := range s.Values {
		list[i] = Is(s.ID, v)
	}
	return list
}

// Subjects returns what is answered on the page of a place, in the order in which it is asked.
func (k *Kit) Subjects() (list []Subject) {
	for _, q := range k.Questions {
		values := make([]string, len(AnswersOf))
		for i, a := range AnswersOf {
			values[i] = string(a)
		}
		list = append(list, Subject{q.ID, values})
	}
	return append(list, Subject{subjectAge, k.Ages}, Subject{subjectBeside, k.Beside})
}

// At splits a condition at a place: whether it holds there whatever is answered, else which of its atoms can still make it hold.
func At(place string, when []Atom) (always bool, rest []Atom) {
	for _, x := range when {
		switch {
		case x == Always, x == Is(subjectPlace, place):
			return true, nil
		case !isPlace(x):
			rest = append(rest, x)
		}
	}
	return false, rest
}
