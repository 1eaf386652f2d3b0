package exchange

import (
	"strconv"
	"strings"

	"ostoja/internal/item"
	"ostoja/internal/itembank/exchange/markup"
)

// moodle reads a file. An error means that it is no XML, or none of Moodle's.
func (r *reader) moodle(content string) error {
	return walkQuiz(content, func(n *node) {
		switch {
		case n.name != "question":
			r.besides(n.line, n.rest(n.name)...)
		case n.attribute("type") == "category":
			r.besides(n.line, Part{"category", strings.TrimSpace(n.child("category").textOf())})
			n.child("info").attribute("format")
			r.besides(n.line, n.rest("")...)
		default:
			r.moodleQuestion(n)
		}
	})
}

func (r *reader) moodleQuestion(n *node) {
	d := r.begin(strings.TrimSpace(n.child("name").textOf()), n.line)
	defer r.done(d)
	var tags []string
	for _, t := range n.child("tags").all("tag") {
		tags = append(tags, strings.TrimSpace(t.textOf()))
	}
	r.describe(d, strings.TrimSpace(n.child("idnumber").content()), tags)
	kind := n.attribute("type")
	m := &moodleReader{reader: r, node: n, format: "html"}
	fill := map[string]func(*question) bool{
		"multichoice": m.choices, "truefalse": m.trueFalse, "shortanswer": m.shortText, "numerical": m.number, "matching": m.match, "ordering": m.order,
	}[kind]
	if fill == nil {
		r.leave(kind)
		return
	}
	if m.read(d, n.everything(), func(q *question) bool {
		q.text = m.text(n.child("questiontext"))
		m.format = or(n.child("questiontext").attribute("format"), "html")
		q.explanation = m.text(n.child("generalfeedback"))
		return fill(q)
	}) {
		m.comments()
		m.settings(kind)
		r.losses.left(n.rest("")...)
	}
}

// moodleReader reads one question.
type moodleReader struct {
	*reader
	node   *node
	format string // of the texts that name none
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// text reads an element with a text in some format.
func (m *moodleReader) text(n *node) string {
	if n == nil {
		return ""
	}
	m.files(n)
	return m.reader.text(n.textOf(), or(n.attribute("format"), m.format))
}

// files notes the files that come with a text.
func (m *moodleReader) files(n *node) {
	for _, name := range []string{"file", "image", "image_base64"} {
		for _, f := range n.all(name) {
			if f.pass(); strings.TrimSpace(f.content()) != "" {
				m.losses.add("exchange.loss.media")
			}
		}
	}
}

// usual are the words with which Moodle fills the feedback to a whole answer; nobody wrote them for this question.
var usual = map[string]bool{
	"": true, "Your answer is correct.": true, "Your answer is partially correct.": true, "Your answer is incorrect.": true,
	"Twoja odpowiedź jest poprawna.": true, "Twoja odpowiedź jest częściowo poprawna.": true, "Twoja odpowiedź jest niepoprawna.": true,
}

// comments notes what Moodle says to a whole answer and by way of a hint, which items here do not.
func (m *moodleReader) comments() {
	for _, name := range []string{"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint"} {
		for _, n := range m.node.all(name) {
			n.attribute("format")
			if text, _, _ := markup.FromHTML(n.textOf()); !usual[text] {
				m.losses.add("exchange.loss.feedback")
			}
		}
	}
	m.files(m.node)
}

// settings passes over what the program does as the file asks; what is set otherwise stays to be named. Three of them change what
// the question is, so they are told in words.
func (m *moodleReader) settings(kind string) {
	n := m.node
	if s := strings.TrimSpace(n.child("hidden").content()); s != "" && s != "0" {
		m.losses.add("exchange.loss.hidden")
	}
	if s := strings.TrimSpace(n.child("usecase").content()); s != "" && s != "0" {
		m.losses.add("exchange.loss.case")
	}
	n.same("defaultgrade", "1")
	n.same("penalty", "0")
	n.same("answernumbering", "abc", "none")
	n.same("showstandardinstruction", "0", "1")
	if n.same("unitgradingtype", "0") {
		n.child("unitpenalty").pass() // of no account then
	}
	n.same("showunits", "0", "3")
	n.same("unitsleft", "0")
	switch kind {
	case "truefalse":
		n.same("penalty", "1") // the only one that Moodle gives
	case "matching":
		n.same("shuffleanswers", "true", "1")
	case "ordering":
		n.same("shownumcorrect", "0", "1")
		for name, values := range orderSettings {
			n.same(name, values...)
		}
		if n.same("selecttype", "ALL") {
			n.child("selectcount").pass() // likewise
		}
	}
}

// orderSettings are how Moodle must ask and mark an ordering question for it to be as here: all steps, one below the other, and
// marked by how many follow each other rightly.
var orderSettings = map[string][]string{
	"layouttype": {"VERTICAL"}, "selecttype": {"ALL"}, "selectcount": {"0"}, "gradingtype": {"RELATIVE_NEXT_EXCLUDE_LAST"}, "showgrading": {"SHOW", "1"}, "numberingstyle": {"none"},
}

// fraction returns what an answer is worth in per cent.
func fraction(n *node) float64 {
	x, err := strconv.ParseFloat(strings.TrimSpace(n.attribute("fraction")), 64)
	if err != nil || !finite(x) {
		return 0
	}
	return x
}

// yes reads a truth value as Moodle does, which takes another for one that is missing.
func yes(n *node, missing bool) bool {
	if n == nil {
		return missing
	}
	s := strings.TrimSpace(n.content())
	return s != "" && s != "0" && s != "false"
}

func (m *moodleReader) choices(q *question) bool {
	var weights []float64
	for _, a := range m.node.all("answer") {
		q.options = append(q.options, choice{text: m.text(a), feedback: m.text(a.child("feedback"))})
		weights = append(weights, fraction(a))
	}
	q.noShuffle = !yes(m.node.child("shuffleanswers"), false)
	m.weigh(q, weights, yes(m.node.child("single"), true))
	return true
}

// trueFalse goes by the words, and by their places where they are not Moodle's own: the first is for true.
func (m *moodleReader) trueFalse(q *question) bool {
	var isTrue, known bool
	var forRight, forWrong string
	for i, a := range m.node.all("answer") {
		feedback := m.text(a.child("feedback"))
		a.attribute("format")
		word := strings.ToLower(strings.TrimSpace(a.textOf()))
		if fraction(a) < 100-almost {
			forWrong = feedback
			continue
		}
		forRight, known = feedback, true
		isTrue = word == "true" || word != "false" && i == 0
	}
	if !known {
		m.losses.add("exchange.loss.key")
		return false
	}
	m.reader.trueFalse(q, isTrue, forRight, forWrong)
	return true
}

// answerFeedback notes feedback that an answer has which is no option here.
func (m *moodleReader) answerFeedback(a *node) {
	a.attribute("format")
	a.child("feedback").attribute("format")
	if strings.TrimSpace(a.child("feedback").textOf()) != "" {
		m.losses.add("exchange.loss.feedback")
	}
}

func (m *moodleReader) shortText(q *question) bool {
	q.kind = item.ShortText
	for _, a := range m.node.all("answer") {
		m.answerFeedback(a)
		m.accepted(q, a.textOf(), fraction(a))
	}
	return true
}

func (m *moodleReader) number(q *question) bool {
	q.kind = item.Number
	found := false
	for _, a := range m.node.all("answer") {
		m.answerFeedback(a)
		weight, margin, tolerance := fraction(a), strings.TrimSpace(a.child("tolerance").content()), 0.0
		answer, err := m.reader.number(m.in(a.textOf()))
		if err != nil {
			continue // * stands for any other answer; that it is wrong goes without saying
		}
		if margin != "" {
			if tolerance, err = m.reader.number(margin); err != nil {
				m.losses.add("exchange.loss.key")
				return false
			}
		}
		found = m.numeric(q, answer, tolerance, weight, found)
	}
	if !found {
		m.losses.add("exchange.loss.key")
		return false
	}
	m.unit(q)
	return true
}

// unit takes in the unit in which the answer is; an item has no other ones.
func (m *moodleReader) unit(q *question) {
	for _, u := range m.node.child("units").all("unit") {
		name := m.plain(u.child("unit_name").content())
		factor, err := item.ParseNumber(u.child("multiplier").content())
		switch {
		case q.unit == "" && err == nil && factor == 1:
			q.unit = name
		case name != "":
			m.losses.add("exchange.loss.unit", "Unit", name)
		}
	}
}

func (m *moodleReader) match(q *question) bool {
	q.kind = item.Match
	for _, s := range m.node.all("subquestion") {
		q.pairs = append(q.pairs, pair{left: m.text(s), right: m.plain(s.child("answer").textOf())})
	}
	return true
}

// order reads the steps as they stand: Moodle too goes by their places in the file.
func (m *moodleReader) order(q *question) bool {
	q.kind = item.Order
	for _, a := range m.node.all("answer") {
		m.answerFeedback(a)
		a.attribute("fraction")
		q.options = append(q.options, choice{text: m.text(a)})
	}
	return true
}
