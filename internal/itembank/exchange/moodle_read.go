package exchange

import (
	"strconv"
	"strings"

	"ostoja/internal/item"
)

// moodle reads a file. An error means that it is no XML, or none of Moodle's.
func (r *reader) moodle(content string) error {
	return walkQuiz(content, func(n *node) {
		if n.attributes["type"] != "category" { // where Moodle keeps the questions is nothing of the questions
			r.moodleQuestion(n)
		}
	})
}

func (r *reader) moodleQuestion(n *node) {
	d := r.begin(strings.TrimSpace(n.child("name").textOf()), n.line)
	var tags []string
	for _, t := range n.child("tags").all("tag") {
		tags = append(tags, strings.TrimSpace(t.textOf()))
	}
	r.describe(d, strings.TrimSpace(n.child("idnumber").content()), tags)
	m := &moodleReader{reader: r, draft: d, node: n}
	read := map[string]func(){
		"multichoice": m.choices, "truefalse": m.trueFalse, "shortanswer": m.shortText, "numerical": m.number, "matching": m.match, "ordering": m.order,
	}[n.attributes["type"]]
	if read == nil {
		r.leave(n.attributes["type"])
		return
	}
	d.text, d.explanation = m.text(n.child("questiontext")), m.text(n.child("generalfeedback"))
	m.comments()
	read()
}

// moodleReader reads one question.
type moodleReader struct {
	*reader
	draft *draft
	node  *node
}

// text reads an element with a text in some format.
func (m *moodleReader) text(n *node) string {
	if n == nil {
		return ""
	}
	if n.child("file") != nil || strings.TrimSpace(n.child("image").content()) != "" {
		m.losses.add("exchange.loss.media")
	}
	s := n.textOf()
	switch n.attributes["format"] {
	case "markdown", "plain_text":
		return m.asIs(s)
	case "html":
		return m.fromHTML(s)
	}
	return m.auto(s)
}

// usual are the words with which Moodle fills the feedback to a whole answer; nobody wrote them for this question.
var usual = map[string]bool{
	"Your answer is correct.": true, "Your answer is partially correct.": true, "Your answer is incorrect.": true,
	"Twoja odpowiedź jest poprawna.": true, "Twoja odpowiedź jest częściowo poprawna.": true, "Twoja odpowiedź jest niepoprawna.": true,
}

// comments notes what Moodle says to a whole answer and by way of a hint, which items here do not.
func (m *moodleReader) comments() {
	for _, name := range []string{"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint"} {
		for _, n := range m.node.all(name) {
			if s := strings.TrimSpace(plainFromHTML(n.textOf())); s != "" && !usual[s] {
				m.losses.add("exchange.loss.feedback")
			}
		}
	}
	if strings.TrimSpace(m.node.child("image").content()) != "" {
		m.losses.add("exchange.loss.media")
	}
}

// fraction returns what an answer is worth in per cent.
func fraction(n *node) float64 {
	x, err := strconv.ParseFloat(strings.TrimSpace(n.attributes["fraction"]), 64)
	if err != nil || !finite(x) {
		return 0
	}
	return x
}

// yes reads a truth value as Moodle writes it.
func yes(s string) bool {
	s = strings.TrimSpace(s)
	return s == "true" || s == "1"
}

func (m *moodleReader) choices() {
	var weights []float64
	for _, a := range m.node.all("answer") {
		m.draft.options = append(m.draft.options, choice{text: m.text(a), feedback: m.text(a.child("feedback"))})
		weights = append(weights, fraction(a))
	}
	if n := m.node.child("shuffleanswers"); n != nil && !yes(n.content()) {
		m.draft.noShuffle = true
	}
	m.weigh(m.draft, weights, yes(m.node.child("single").content()))
	m.end(m.draft)
}

func (m *moodleReader) trueFalse() {
	var isTrue, known bool
	var forRight, forWrong string
	for _, a := range m.node.all("answer") {
		feedback := m.text(a.child("feedback"))
		if fraction(a) < 100-almost {
			forWrong = feedback
			continue
		}
		forRight = feedback
		word := strings.ToLower(strings.TrimSpace(a.textOf()))
		isTrue, known = word == "true", word == "true" || word == "false"
	}
	if !known {
		m.losses.add("exchange.loss.key")
		return
	}
	m.reader.trueFalse(m.draft, isTrue, forRight, forWrong)
}

// answerFeedback notes feedback that an answer has which is no option here.
func (m *moodleReader) answerFeedback(a *node) {
	if strings.TrimSpace(a.child("feedback").textOf()) != "" {
		m.losses.add("exchange.loss.feedback")
	}
}

func (m *moodleReader) shortText() {
	m.draft.kind = item.ShortText
	for _, a := range m.node.all("answer") {
		m.answerFeedback(a)
		m.accepted(m.draft, a.textOf(), fraction(a))
	}
	m.end(m.draft)
}

func (m *moodleReader) number() {
	m.draft.kind = item.Number
	found := false
	for _, a := range m.node.all("answer") {
		m.answerFeedback(a)
		answer, err := item.ParseNumber(a.textOf())
		if err != nil {
			continue // * stands for any other answer; that it is wrong goes without saying
		}
		tolerance := 0.0
		if s := strings.TrimSpace(a.child("tolerance").content()); s != "" {
			if tolerance, err = item.ParseNumber(s); err != nil {
				m.losses.add("exchange.loss.key")
				return
			}
		}
		found = m.numeric(m.draft, answer, tolerance, fraction(a), found)
	}
	if !found {
		m.losses.add("exchange.loss.key")
		return
	}
	m.unit()
	m.end(m.draft)
}

// unit takes in the unit in which the answer is; an item has no other ones.
func (m *moodleReader) unit() {
	for _, u := range m.node.child("units").all("unit") {
		name := m.plain(u.child("unit_name").content())
		factor, err := item.ParseNumber(u.child("multiplier").content())
		switch {
		case m.draft.unit == "" && err == nil && factor == 1:
			m.draft.unit = name
		case name != "":
			m.losses.add("exchange.loss.unit", "Unit", name)
		}
	}
}

func (m *moodleReader) match() {
	m.draft.kind = item.Match
	for _, s := range m.node.all("subquestion") {
		m.pair(m.draft, m.text(s), s.child("answer").textOf())
	}
	m.end(m.draft)
}

// order reads the steps as they stand: Moodle too goes by their places in the file.
func (m *moodleReader) order() {
	m.draft.kind = item.Order
	for _, a := range m.node.all("answer") {
		m.answerFeedback(a)
		m.draft.options = append(m.draft.options, choice{text: m.text(a)})
	}
	m.end(m.draft)
}
