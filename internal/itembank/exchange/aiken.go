package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/item"
	"ostoja/internal/text"
)

var (
	aikenOption = regexp.MustCompile(`^([A-Za-z])[.)]([ \t]*)(.*)$`)
	aikenAnswer = regexp.MustCompile(`^(?i:ANSWER):\s*(.*)$`)
	aikenRight  = regexp.MustCompile(`^([A-Za-z])\s*(?:[.)]\s*(.*))?$`)
)

// aiken writes a question; ok is false if it is left out.
func (w *writer) aiken(b *strings.Builder, q *question) (ok bool) {
	keys := 0
	for _, o := range q.options {
		if o.best() {
			keys++
		}
	}
	if q.kind != item.Single && (q.kind != item.Step || keys != 1) {
		w.losses.add("exchange.loss.type", "Type", string(q.kind))
		return false
	}
	text, lost := oneLine(q.text)
	if m := reservedInAiken(text); m != "" {
		w.losses.add("exchange.loss.reserved", "Text", m)
		return false
	}
	b.WriteString(text + "\n")
	answer, feedback := "", false
	for i, o := range q.options {
		letter := string(rune('A' + i))
		option, more := oneLine(o.text)
		lost, feedback = lost || more, feedback || o.feedback != ""
		b.WriteString(letter + ". " + option + "\n")
		if o.best() {
			answer = letter
		}
	}
	b.WriteString("ANSWER: " + answer + "\n\n")
	made := "q" + strconv.Itoa(w.written+1) // the id that a reader gives
	if q.id != made || q.use+q.objective+q.topic != "" || q.level != 0 || q.noShuffle != q.inPlace() || !q.usualIDs() {
		w.losses.add("exchange.loss.metadata")
	}
	if q.kind == item.Step {
		w.losses.add("exchange.loss.ratings")
	}
	if lost {
		w.losses.add("exchange.loss.lines")
	}
	if feedback {
		w.losses.add("exchange.loss.feedback")
	}
	if q.explanation != "" {
		w.losses.add("exchange.loss.explanation")
	}
	return true
}

// reservedInAiken returns the beginning of a line that would be taken for an option or the answer.
func reservedInAiken(line string) string {
	if _, _, is := aikenLetter(line, 0); is {
		return line[:2]
	}
	if aikenAnswer.MatchString(line) {
		return "ANSWER:"
	}
	return ""
}

// aikenLetter reads a line as an option. Moodle wants a capital; a small letter, or one without a space behind it, is one where
// it is the next, for else a text could begin so: S.A., i.e.
func aikenLetter(line string, before int) (letter byte, text string, is bool) {
	m := aikenOption.FindStringSubmatch(line)
	if m == nil {
		return 0, "", false
	}
	letter = strings.ToUpper(m[1])[0]
	usual := m[1][0] == letter && (m[2] != "" || m[3] == "")
	return letter, m[3], usual || int(letter-'A') == before
}

// aikenQuestion is a question that is being read.
type aikenQuestion struct {
	line    int
	text    []string
	letters []byte
	options [][]string // the lines of each
	blank   bool       // the line before was empty
}

// aiken reads a file. Moodle wants the question and each option on one line; lines that go on are taken in as such.
func (r *reader) aiken(content string) {
	var q aikenQuestion
	for i, line := range strings.Split(content, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			q.blank = true
			continue
		}
		if m := aikenAnswer.FindStringSubmatch(line); m != nil {
			r.aikenQuestion(&q, strings.TrimSpace(m[1]), i+1)
			q = aikenQuestion{}
			continue
		}
		q = r.aikenLine(q, line, i+1)
	}
	if q.line > 0 {
		r.aikenQuestion(&q, "", q.line)
	}
}

// aikenLine takes in a line of a question or an option, and returns the question that goes on.
func (r *reader) aikenLine(q aikenQuestion, line string, number int) aikenQuestion {
	letter, text, option := aikenLetter(line, len(q.options))
	if !option && q.blank && len(q.options) > 0 { // the answer is missing, and another question begins
		r.aikenQuestion(&q, "", q.line)
		q = aikenQuestion{}
	}
	if q.line == 0 {
		q.line = number
	}
	switch {
	case option:
		q.letters = append(q.letters, letter)
		q.options = append(q.options, []string{text})
	case len(q.options) > 0:
		last := &q.options[len(q.options)-1]
		*last = append(*last, line)
	case q.blank && len(q.text) > 0:
		q.text = append(q.text, "", line)
	default:
		q.text = append(q.text, line)
	}
	q.blank = false
	return q
}

func (r *reader) aikenQuestion(a *aikenQuestion, answer string, line int) {
	if a.line == 0 {
		a.line = line
	}
	d := r.begin("", a.line)
	defer r.done(d)
	letters, right, words := string(a.letters), -1, ""
	if m := aikenRight.FindStringSubmatch(answer); m != nil {
		right, words = strings.Index(letters, strings.ToUpper(m[1])), m[2]
	}
	if right < 0 || strings.Count(letters, letters[right:right+1]) > 1 {
		r.losses.add("exchange.loss.syntax")
		return
	}
	for i, o := range a.options {
		switch same := text.Answer(strings.Join(o, " ")) == text.Answer(words); {
		case same && i == right:
			words = ""
		case same && words != "":
			r.losses.add("exchange.loss.syntax")
			return
		}
	}
	if words != "" {
		r.losses.left(Part{Name: "ANSWER", Value: words})
	}
	r.read(d, strings.Join(slices.Concat(a.text, slices.Concat(a.options...)), "\n\x1f"), func(q *question) bool {
		q.kind, q.text = item.Single, r.text(strings.Join(a.text, "\n"), "plain")
		for i, o := range a.options {
			q.options = append(q.options, choice{text: r.text(strings.Join(o, "\n"), "plain"), correct: i == right})
		}
		q.noShuffle = q.inPlace() // Aiken does not say whether options may be shuffled
		return true
	})
}
