package exchange

import (
	"strconv"
	"strings"

	"ostoja/internal/item"
	"ostoja/internal/itembank/exchange/markup"
	"ostoja/internal/itembank/exchange/quizfile"
)

// moodle reads a file. An error means that it is no XML, or none of Moodle's.
func (r *reader) moodle(content string) error {
	return quizfile.Walk(content, func(n *quizfile.Node) {
		switch {
		case n.Name != "question":
			r.besides(n.Line, n.Rest(n.Name)...)
		case n.Attribute("type") == "category":
			r.besides(n.Line, Part{Name: "category", Value: strings.TrimSpace(n.Child("category").Text())})
			n.Child("info").Attribute("format")
			r.besides(n.Line, n.Rest("")...)
		default:
			r.moodleQuestion(n)
		}
	})
}

func (r *reader) moodleQuestion(n *quizfile.Node) {
	d := r.begin(strings.TrimSpace(n.Child("name").Text()), n.Line)
	defer r.done(d)
	var tags []string
	for _, t := range n.Child("tags").All("tag") {
		tags = append(tags, strings.TrimSpace(t.Text()))
	}
	r.describe(d, strings.TrimSpace(n.Child("idnumber").Content()), tags)
	kind := n.Attribute("type")
	m := &moodleReader{reader: r, node: n, format: "html"}
	fill := map[string]func(*question) bool{
		"multichoice": m.choices, "truefalse": m.trueFalse, "shortanswer": m.shortText, "numerical": m.number, "matching": m.match, "ordering": m.order,
	}[kind]
	if fill == nil {
		r.leave(kind)
		return
	}
	if m.read(d, n.Everything(), func(q *question) bool {
		q.text = m.text(n.Child("questiontext"))
		m.format = or(n.Child("questiontext").Attribute("format"), "html")
		q.explanation = m.text(n.Child("generalfeedback"))
		return fill(q)
	}) {
		m.comments()
		m.settings(kind)
		r.losses.left(n.Rest("")...)
	}
}

// moodleReader reads one question.
type moodleReader struct {
	*reader
	node   *quizfile.Node
	format string // of the texts that name none
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// text reads an element with a text in some format.
func (m *moodleReader) text(n *quizfile.Node) string {
	if n == nil {
		return ""
	}
	m.files(n)
	return m.reader.text(n.Text(), or(n.Attribute("format"), m.format))
}

// files notes the files that come with a text.
func (m *moodleReader) files(n *quizfile.Node) {
	for _, name := range []string{"file", "image", "image_base64"} {
		for _, f := range n.All(name) {
			if f.Pass(); strings.TrimSpace(f.Content()) != "" {
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
		for _, n := range m.node.All(name) {
			n.Attribute("format")
			if text, _, _ := markup.FromHTML(n.Text()); !usual[text] {
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
	if s := strings.TrimSpace(n.Child("hidden").Content()); s != "" && s != "0" {
		m.losses.add("exchange.loss.hidden")
	}
	if s := strings.TrimSpace(n.Child("usecase").Content()); s != "" && s != "0" {
		m.losses.add("exchange.loss.case")
	}
	n.Same("defaultgrade", "1")
	n.Same("penalty", "0")
	n.Same("answernumbering", "abc", "none")
	n.Same("showstandardinstruction", "0", "1")
	if n.Same("unitgradingtype", "0") {
		n.Child("unitpenalty").Pass() // of no account then
	}
	n.Same("showunits", "0", "3")
	n.Same("unitsleft", "0")
	switch kind {
	case "truefalse":
		n.Same("penalty", "1") // the only one that Moodle gives
	case "matching":
		n.Same("shuffleanswers", "true", "1")
	case "ordering":
		n.Same("shownumcorrect", "0", "1")
		for name, values := range orderSettings {
			n.Same(name, values...)
		}
		if n.Same("selecttype", "ALL") {
			n.Child("selectcount").Pass() // likewise
		}
	}
}

// orderSettings are how Moodle must ask and mark an ordering question for it to be as here: all steps, one below the other, and
// marked by how many follow each other rightly.
var orderSettings = map[string][]string{
	"layouttype": {"VERTICAL"}, "selecttype": {"ALL"}, "selectcount": {"0"}, "gradingtype": {"RELATIVE_NEXT_EXCLUDE_LAST"}, "showgrading": {"SHOW", "1"}, "numberingstyle": {"none"},
}

// fraction returns what an answer is worth in per cent.
func fraction(n *quizfile.Node) float64 {
	x, err := strconv.ParseFloat(strings.TrimSpace(n.Attribute("fraction")), 64)
	if err != nil || !finite(x) {
		return 0
	}
	return x
}

// yes reads a truth value as Moodle does, which takes another for one that is missing.
func yes(n *quizfile.Node, missing bool) bool {
	if n == nil {
		return missing
	}
	s := strings.TrimSpace(n.Content())
	return s != "" && s != "0" && s != "false"
}

func (m *moodleReader) choices(q *question) bool {
	var weights []float64
	for _, a := range m.node.All("answer") {
		q.options = append(q.options, choice{text: m.text(a), feedback: m.text(a.Child("feedback"))})
		weights = append(weights, fraction(a))
	}
	q.noShuffle = !yes(m.node.Child("shuffleanswers"), false)
	m.weigh(q, weights, yes(m.node.Child("single"), true))
	return true
}

// trueFalse goes by the words, and by their places where they are not Moodle's own: the first is for true.
func (m *moodleReader) trueFalse(q *question) bool {
	var isTrue, known bool
	var forRight, forWrong string
	for i, a := range m.node.All("answer") {
		feedback := m.text(a.Child("feedback"))
		a.Attribute("format")
		word := strings.ToLower(strings.TrimSpace(a.Text()))
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
func (m *moodleReader) answerFeedback(a *quizfile.Node) {
	a.Attribute("format")
	a.Child("feedback").Attribute("format")
	if strings.TrimSpace(a.Child("feedback").Text()) != "" {
		m.losses.add("exchange.loss.feedback")
	}
}

func (m *moodleReader) shortText(q *question) bool {
	q.kind = item.ShortText
	for _, a := range m.node.All("answer") {
		m.answerFeedback(a)
		m.accepted(q, a.Text(), fraction(a))
	}
	return true
}

func (m *moodleReader) number(q *question) bool {
	q.kind = item.Number
	found := false
	for _, a := range m.node.All("answer") {
		m.answerFeedback(a)
		weight, margin, tolerance := fraction(a), strings.TrimSpace(a.Child("tolerance").Content()), 0.0
		answer, err := m.reader.number(m.in(a.Text()))
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
	for _, u := range m.node.Child("units").All("unit") {
		name := m.plain(u.Child("unit_name").Content())
		factor, err := item.ParseNumber(u.Child("multiplier").Content())
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
	for _, s := range m.node.All("subquestion") {
		q.pairs = append(q.pairs, pair{left: m.text(s), right: m.plain(s.Child("answer").Text())})
	}
	return true
}

// order reads the steps as they stand: Moodle too goes by their places in the file.
func (m *moodleReader) order(q *question) bool {
	q.kind = item.Order
	for _, a := range m.node.All("answer") {
		m.answerFeedback(a)
		a.Attribute("fraction")
		q.options = append(q.options, choice{text: m.text(a)})
	}
	return true
}
