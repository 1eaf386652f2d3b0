package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Verdict is what marking made of an answer.
type Verdict string

// The verdicts.
const (
	Unanswered Verdict = ""
	Right      Verdict = "right"
	Partly     Verdict = "partly"
	Wrong      Verdict = "wrong"
)

// marked says whether the answer has been judged.
func (m Verdict) marked() bool { return m == Right || m == Partly || m == Wrong }

// Question is one question of a test or a practice, as it is shown. HTML must come from the course package, which lets no
// foreign markup through.
type Question struct {
	Name     string // the field's name; steps and pairs add "." and their id
	Number   int    // 0 shows none
	HTML     string // the question
	Hint     string // how to answer, such as "choose all that apply"
	Lang     string // of the question, if not the page's
	Mark     Verdict
	Error    string // a fault of the form, not of the answer
	Seen     *Seen  // nil where nothing is kept of the answer
	Newer    string // what was answered elsewhere meanwhile, beside what was sent from here; "" if nothing was
	Feedback string // HTML; shown once the answer is marked
	Locked   bool   // answers are shown and cannot be changed
}

// Seen is what a form says of an answer that it was filled with: see package quiz.
type Seen struct{ Name, Value string }

// Choice is an option of a [Question].
type Choice struct {
	Value    string
	HTML     string
	Chosen   bool
	Mark     Verdict // Right or Wrong once marked
	Feedback string  // HTML
}

// Step is a line to be put in order. Place is the person's choice from 1, 0 if none yet.
type Step struct {
	Value string // its id
	HTML  string
	Place int
	Mark  Verdict
	Right string // the right place, shown once marked
}

// Match is the left side of a pair to be found.
type Match struct {
	Value  string // its id
	HTML   string
	Chosen string // value of the right side
	Mark   Verdict
	Right  string // the right text, shown once marked
}

func (q Question) id() string { return FieldID(q.Name) }

// QuestionID returns the id of a question's group, to link to it.
func QuestionID(name string) string { return FieldID(name) + "-group" }

func (q Question) part(value string) string { return q.Name + "." + value }

// describedBy names what else belongs to the question.
func (q Question) describedBy() string {
	ids := Field{Name: q.Name, Hint: q.Hint, Error: q.Error}.describedBy()
	if q.Newer != "" {
		ids = strings.TrimSpace(ids + " " + q.id() + "-newer")
	}
	return ids
}

func places(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = strconv.Itoa(i + 1)
	}
	return list
}

// choiceNote ties an option to what is said about it after marking.
func (q Question) choiceNote(c Choice, i int) templ.Attributes {
	if c.Feedback == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": questionChoiceID(q, i) + "-note"}
}
