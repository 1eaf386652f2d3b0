package exchange

import (
	"regexp"
	"slices"
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
		category, is := strings.CutPrefix(line, "$CATEGORY:")
		switch {
		case line == "":
			end()
		case strings.HasPrefix(line, "//"):
			comments = append(comments, line)
		case is:
			r.besides(i+1, Part{Name: "category", Value: strings.TrimSpace(category)})
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
	defer r.done(d)
	r.giftDescribe(d, comments)
	asked, rest, opened := strings.Cut(text, "{")
	answers, after, closed := strings.Cut(rest, "}")
	switch {
	case !opened && !strings.Contains(text, "}"):
		r.leave("description")
		return
	case !closed || strings.Contains(asked, "}") || strings.ContainsAny(after, "{}"):
		r.losses.add("exchange.loss.syntax")
		return
	case strings.TrimSpace(after) != "": // as in Moodle: the answer belongs into a gap of the text
		asked += gap(asked) + after
	}
	answers = strings.TrimSpace(answers)
	general := ""
	if i := strings.LastIndex(answers, "####"); i >= 0 {
		answers, general = strings.TrimSpace(answers[:i]), answers[i+4:]
	}
	r.read(d, giftShow.Replace(text), func(q *question) bool {
		g := &giftReader{reader: r, draft: q, format: "moodle"}
		q.text, g.format = g.formatted(asked)
		q.explanation = g.text(general)
		return g.answers(answers)
	})
}

// gap is the line on which an answer goes, in the notation of the text.
func gap(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "[markdown]") {
		return strings.Repeat("\x0e_", 5)
	}
	return "_____"
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
	draft  *question
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
	return g.reader.text(giftShow.Replace(s), format), format
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

// answers reads what is between the braces; ok is false if nothing of the question can be kept. The order of the questions asked
// of it is Moodle's.
func (g *giftReader) answers(s string) (ok bool) {
	switch {
	case s == "":
		g.leave("essay")
		return false
	case s[0] == '>':
		return g.order(s)
	case s[0] == '#':
		return g.number(s[1:])
	case strings.Contains(s, "~"):
		g.choices(s)
	case strings.Contains(s, "=") && strings.Contains(s, "->"):
		return g.match(s)
	default:
		answer, feedback, _ := strings.Cut(s, "#")
		isTrue, is := truth(strings.TrimSpace(answer))
		if !is {
			g.shortText(s)
			break
		}
		wrong, good, _ := strings.Cut(feedback, "#")
		g.trueFalse(g.draft, isTrue, g.text(good), g.text(wrong))
	}
	return true
}

// truth reads a word for true or false, also one of another language: as an accepted answer it would make no question.
func truth(s string) (isTrue, is bool) {
	switch strings.ToUpper(s) {
	case "TRUE":
		return true, true
	case "FALSE":
		return false, true
	}
	if s == "T" || s == "F" {
		return s == "T", true
	}
	for _, words := range truths {
		for i, w := range words {
			if strings.EqualFold(s, w) {
				return i == 0, true
			}
		}
	}
	return false, false
}

// giftOrder is how the question type ordering of Moodle writes itself in GIFT: its settings, then a step on each line.
var giftOrder = regexp.MustCompile(`(?s)^>\s*(\d+)\s*(ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?\s*(HORIZONTAL|HORI|H|1|VERTICAL|VERT|V|0)?\s*` +
	`(ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE_NEXT_EXCLUDE_LAST|RELATIVE_NEXT_INCLUDE_LAST|RELATIVE_ONE_PREVIOUS_AND_NEXT|` +
	`RELATIVE_ALL_PREVIOUS_AND_NEXT|RELATIVE_TO_CORRECT|RELATIVE|REL|LONGEST_ORDERED_SUBSET|LONGEST_CONTIGUOUS_SUBSET)?\s*` +
	`(SHOW|TRUE|YES|1|HIDE|FALSE|NO|0)?\s*(none|123|abc|ABCD|iii|IIII)?\s*(.*)$`)

func (g *giftReader) order(s string) bool {
	m := giftOrder.FindStringSubmatch(s)
	if m == nil {
		g.losses.add("exchange.loss.syntax")
		return false
	}
	g.draft.kind = item.Order
	for i, name := range []string{"selecttype", "layouttype", "gradingtype", "showgrading", "numberingstyle"} {
		if value := m[i+2]; value != "" && !slices.Contains(orderSettings[name], value) {
			g.losses.left(Part{Name: name, Value: value})
		}
	}
	if m[2] != "" && m[2] != "ALL" {
		g.losses.left(Part{Name: "selectcount", Value: m[1]})
	}
	for _, line := range strings.Split(m[7], "\n") {
		if line = strings.TrimSpace(line); line != "" {
			g.draft.options = append(g.draft.options, choice{text: g.reader.text(giftShow.Replace(line), "moodle")})
		}
	}
	return true
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
	g.draft.noShuffle = g.draft.inPlace() // GIFT does not say whether options may be shuffled
	g.weigh(g.draft, weights, strings.Contains(s, "="))
}

func (g *giftReader) match(s string) bool {
	g.draft.kind = item.Match
	for _, a := range split(s, "=") {
		left, right, ok := strings.Cut(a, "->")
		if !ok {
			g.losses.add("exchange.loss.syntax")
			return false
		}
		g.draft.pairs = append(g.draft.pairs, pair{left: g.text(left), right: g.plain(giftShow.Replace(strings.TrimSpace(right)))})
	}
	return true
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
}

func (g *giftReader) number(s string) bool {
	g.draft.kind = item.Number
	s, wrong, _ := strings.Cut(s, "~")
	lost := strings.Trim(wrong, "# \t\n") != ""
	found := false
	for _, a := range split(s, "=") {
		a, x := weight(a, 100)
		text, feedback, _ := strings.Cut(a, "#")
		lost = lost || strings.TrimSpace(feedback) != ""
		answer, tolerance, ok := g.interval(g.in(g.plainText(text)))
		if !ok {
			g.losses.add("exchange.loss.key")
			return false
		}
		found = g.numeric(g.draft, answer, tolerance, x, found)
	}
	if lost {
		g.losses.add("exchange.loss.feedback")
	}
	if !found {
		g.losses.add("exchange.loss.key")
	}
	return found
}

// interval reads answer:tolerance, from..to, or a number alone.
func (r *reader) interval(s string) (answer, tolerance float64, ok bool) {
	if low, high, is := strings.Cut(s, ".."); is {
		from, err := r.number(low)
		to, err2 := r.number(high)
		middle := from/2 + to/2
		return middle, to - middle, err == nil && err2 == nil
	}
	value, margin, is := strings.Cut(s, ":")
	answer, err := r.number(value)
	if is {
		var err2 error
		if tolerance, err2 = r.number(margin); err2 != nil {
			return 0, 0, false
		}
	}
	return answer, tolerance, err == nil
}
