package exchange

import (
	"regexp"
	"strconv"
	"strings"

	"ostoja/internal/item"
)

var (
	aikenOption = regexp.MustCompile(`^([A-Z])[.)](?:[ \t]+(.*))?$`)
	aikenAnswer = regexp.MustCompile(`^(?i:ANSWER):\s*(.*)$`)
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
	if q.id != made || q.use+q.objective+q.topic != "" || q.level != 0 || q.noShuffle || !q.usualIDs() {
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
	switch {
	case aikenOption.MatchString(line):
		return line[:2]
	case aikenAnswer.MatchString(line):
		return "ANSWER:"
	}
	return ""
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
	m := aikenOption.FindStringSubmatch(line)
	if m == nil && q.blank && len(q.options) > 0 { // the answer is missing, and another question begins
		r.aikenQuestion(&q, "", q.line)
		q = aikenQuestion{}
	}
	if q.line == 0 {
		q.line = number
	}
	switch {
	case m != nil:
		q.letters = append(q.letters, m[1]...)
		q.options = append(q.options, []string{m[2]})
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
	q := r.begin("", a.line)
	answer = strings.ToUpper(strings.TrimRight(answer, ".) \t"))
	letters := string(a.letters)
	right := strings.Index(letters, answer)
	if len(answer) != 1 || right < 0 || strings.Count(letters, answer) > 1 {
		r.losses.add("exchange.loss.syntax")
		return
	}
	q.kind, q.text = item.Single, r.asIs(strings.Join(a.text, "\n"))
	for i, o := range a.options {
		q.options = append(q.options, choice{text: r.asIs(strings.Join(o, "\n")), correct: i == right})
	}
	r.end(q)
}
