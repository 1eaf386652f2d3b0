package exchange

import (
	"regexp"
	"strconv"
	"strings"

	"ostoja/internal/item"
)

// In a question that is being read, escaped characters are replaced by control characters, which [reader.clean] has taken
// out of the file: so that the signs that are left are those that mean something.
var (
	giftHide = strings.NewReplacer(`\\`, "\x0e", `\:`, "\x01", `\#`, "\x02", `\=`, "\x03", `\{`, "\x04", `\}`, "\x05", `\~`, "\x06", `\n`, "\x07")
	giftShow = strings.NewReplacer("\x0e", `\`, "\x01", ":", "\x02", "#", "\x03", "=", "\x04", "{", "\x05", "}", "\x06", "~", "\x07", "\n")
)

// The tokens of Moodle's comments, in which a closing bracket is escaped.
var (
	giftID  = regexp.MustCompile(`\[id:((?:\\\]|[^\]])+)\]`)
	giftTag = regexp.MustCompile(`\[tag:((?:\\\]|[^\]])+)\]`)
)

var giftWeights = regexp.MustCompile(`^%(-?[0-9]{1,3}(?:\.[0-9]*)?)%`)

// gift reads a file. As in Moodle an empty line ends a question, even one whose brace is open: so that a mistake costs one
// question and not the rest of the file.
func (r *reader) gift(content string) {
	var comments, lines []string
	first := 0
	end := func() {
		if text := strings.TrimSpace(strings.Join(lines, "\n")); text != "" {
			r.giftQuestion(giftHide.Replace(text), strings.Join(comments, "\n"), first)
		}
		comments, lines, first = nil, nil, 0
	}
	for i, line := range strings.Split(content, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			end()
		case strings.HasPrefix(line, "//"):
			comments = append(comments, line)
		case strings.HasPrefix(line, "$CATEGORY:"): // where Moodle keeps the question is nothing of the question
		default:
			if first == 0 {
				first = i + 1
			}
			lines = append(lines, line)
		}
	}
	end()
}

func (r *reader) giftQuestion(text, comments string, line int) {
	name := ""
	if rest, ok := strings.CutPrefix(text, "::"); ok {
		if n, after, ok := strings.Cut(rest, "::"); ok {
			name, text = strings.TrimSpace(giftShow.Replace(n)), strings.TrimSpace(after)
		}
	}
	d := r.begin(name, line)
	r.giftDescribe(d, comments)
	question, rest, opened := strings.Cut(text, "{")
	answers, after, closed := strings.Cut(rest, "}")
	switch {
	case !opened && !strings.Contains(text, "}"):
		r.leave("description")
		return
	case !closed || strings.Contains(question, "}"):
		r.losses.add("exchange.loss.syntax")
		return
	case strings.TrimSpace(after) != "":
		r.leave("missing word")
		return
	}
	answers = strings.TrimSpace(answers)
	general := ""
	if i := strings.LastIndex(answers, "####"); i >= 0 {
		answers, general = strings.TrimSpace(answers[:i]), answers[i+4:]
	}
	g := &giftReader{reader: r, draft: d}
	d.text, g.format = g.formatted(question)
	d.explanation = g.text(general)
	g.answers(answers)
}

func (r *reader) giftDescribe(d *draft, comments string) {
	given := ""
	if m := giftID.FindStringSubmatch(comments); m != nil {
		given = giftToken(m[1])
	}
	var tags []string
	for _, m := range giftTag.FindAllStringSubmatch(comments, -1) {
		tags = append(tags, giftToken(m[1]))
	}
	r.describe(d, given, tags)
}

func giftToken(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), `\]`, "]") }

// giftReader reads one question.
type giftReader struct {
	*reader
	draft  *draft
	format string // of the texts that name none
}

// formatted reads a text that may have the name of its format before it.
func (g *giftReader) formatted(s string) (text, format string) {
	s, format = strings.TrimSpace(s), g.format
	if strings.HasPrefix(s, "[") {
		name, rest, ok := strings.Cut(s[1:], "]")
		switch name {
		case "html", "markdown", "plain", "moodle":
			if ok {
				s, format = rest, name
			}
		}
	}
	s = giftShow.Replace(s)
	switch format {
	case "html":
		return g.fromHTML(s), format
	case "markdown", "plain":
		return g.asIs(s), format
	}
	return g.auto(s), format
}

func (g *giftReader) text(s string) string {
	s, _ = g.formatted(s)
	return s
}

// plainText reads a text that is never Markdown, but may have a format's name before it.
func (g *giftReader) plainText(s string) string {
	s = strings.TrimSpace(s)
	for _, name := range []string{"[html]", "[markdown]", "[plain]", "[moodle]"} {
		if rest, ok := strings.CutPrefix(s, name); ok {
			s = rest
			break
		}
	}
	return giftShow.Replace(s)
}

// answers reads what is between the braces. The order of the questions asked of it is Moodle's.
func (g *giftReader) answers(s string) {
	switch {
	case s == "":
		g.leave("essay")
	case s[0] == '>':
		g.leave("ordering")
	case s[0] == '#':
		g.number(s[1:])
	case strings.Contains(s, "~"):
		g.choices(s)
	case strings.Contains(s, "=") && strings.Contains(s, "->"):
		g.match(s)
	default:
		if answer, feedback, _ := strings.Cut(s, "#"); truth(strings.TrimSpace(answer)) != "" {
			g.trueFalse(truth(strings.TrimSpace(answer)) == "TRUE", feedback)
			return
		}
		g.shortText(s)
	}
}

func truth(s string) string {
	switch s {
	case "T", "TRUE":
		return "TRUE"
	case "F", "FALSE":
		return "FALSE"
	}
	return ""
}

// weight takes the weight off the beginning of an answer.
func weight(s string, without float64) (rest string, percent float64) {
	m := giftWeights.FindStringSubmatch(s)
	if m == nil {
		return s, without
	}
	x, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return s, without
	}
	return s[len(m[0]):], x
}

// split parts the answers at a sign. What is before the first one counts if it is not empty.
func split(s, sign string) []string {
	list := strings.Split(s, sign)
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	if list[0] == "" {
		list = list[1:]
	}
	return list
}

func (g *giftReader) choices(s string) {
	var weights []float64
	for _, a := range split(strings.ReplaceAll(s, "=", "~="), "~") {
		x := 0.0
		if rest, right := strings.CutPrefix(a, "="); right {
			a, x = rest, 100
		} else {
			a, x = weight(a, 0)
		}
		text, feedback, _ := strings.Cut(a, "#")
		g.draft.options = append(g.draft.options, choice{text: g.text(text), feedback: g.text(feedback)})
		weights = append(weights, x)
	}
	g.weigh(g.draft, weights, strings.Contains(s, "="))
	g.end(g.draft)
}

func (g *giftReader) trueFalse(right bool, feedback string) {
	wrong, good, _ := strings.Cut(feedback, "#")
	g.reader.trueFalse(g.draft, right, g.text(good), g.text(wrong))
}

func (g *giftReader) match(s string) {
	g.draft.kind = item.Match
	for _, a := range split(s, "=") {
		left, right, ok := strings.Cut(a, "->")
		if !ok {
			g.losses.add("exchange.loss.syntax")
			return
		}
		g.pair(g.draft, g.text(left), giftShow.Replace(strings.TrimSpace(right)))
	}
	g.end(g.draft)
}

func (g *giftReader) shortText(s string) {
	g.draft.kind = item.ShortText
	for _, a := range split(s, "=") {
		a, x := weight(a, 100)
		text, feedback, _ := strings.Cut(a, "#")
		if g.text(feedback) != "" {
			g.losses.add("exchange.loss.feedback")
		}
		g.accepted(g.draft, g.plainText(text), x)
	}
	g.end(g.draft)
}

func (g *giftReader) number(s string) {
	g.draft.kind = item.Number
	s, wrong, _ := strings.Cut(s, "~")
	lost := strings.Trim(wrong, "# \t\n") != ""
	found := false
	for _, a := range split(s, "=") {
		a, x := weight(a, 100)
		text, feedback, _ := strings.Cut(a, "#")
		lost = lost || strings.TrimSpace(feedback) != ""
		answer, tolerance, ok := interval(g.plainText(text))
		if !ok {
			g.losses.add("exchange.loss.key")
			return
		}
		found = g.numeric(g.draft, answer, tolerance, x, found)
	}
	if lost {
		g.losses.add("exchange.loss.feedback")
	}
	if !found {
		g.losses.add("exchange.loss.key")
		return
	}
	g.end(g.draft)
}

// interval reads answer:tolerance, from..to, or a number alone.
func interval(s string) (answer, tolerance float64, ok bool) {
	if low, high, is := strings.Cut(s, ".."); is {
		from, err := item.ParseNumber(low)
		to, err2 := item.ParseNumber(high)
		middle := from/2 + to/2
		return middle, to - middle, err == nil && err2 == nil
	}
	value, margin, is := strings.Cut(s, ":")
	answer, err := item.ParseNumber(value)
	if is {
		var err2 error
		if tolerance, err2 = item.ParseNumber(margin); err2 != nil {
			return 0, 0, false
		}
	}
	return answer, tolerance, err == nil
}
