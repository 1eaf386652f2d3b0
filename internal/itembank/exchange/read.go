package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itembank/exchange/markup"
	"ostoja/internal/text"
)

// reader collects the questions of a file.
type reader struct {
	losses lossList
	lang   string
	count  int // questions met, those left out among them
	drafts []*draft
	tags   map[string]string
	file   []Part // of the file beside its questions
	from   int    // the line of the first of them

	pick   string // the language that is being read, of a question that is in several
	untold bool   // a text of it is not in that language
}

// draft is a question that was read, and what the file says of its id.
type draft struct {
	question
	lang   string               // in which it is, and to which texts fall back
	also   map[string]*question // in further languages
	number int                  // its place among the file's questions
	given  string               // as its id
	name   string               // as its name
	line   int
	losses [2]int // its losses, from and to
}

// clean takes unusable characters out of a file.
func (r *reader) clean(s string) string {
	for i, ru := range s {
		if usable(ru) {
			continue
		}
		r.losses.begin("", 1+strings.Count(s[:i], "\n"))
		r.losses.add("exchange.loss.characters")
		return strings.Map(func(ru rune) rune {
			if !usable(ru) {
				return -1
			}
			return ru
		}, s)
	}
	return s
}

// begin starts a question.
func (r *reader) begin(name string, line int) *draft {
	r.count++
	r.tags = nil
	r.losses.begin(name, line)
	return &draft{number: r.count, name: name, line: line, losses: [2]int{len(r.losses.list), 0}}
}

// describe takes in the id and tags of a file.
func (r *reader) describe(d *draft, given string, tags []string) {
	if d.given = given; given != "" {
		r.losses.item = given
	}
	r.tags = map[string]string{}
	var foreign []string
	for _, t := range tags {
		key, value, _ := strings.Cut(t, "=")
		value = tagValue(value)
		switch key = strings.TrimSpace(key); key {
		case tagUse:
			if slices.Contains(uses, value) {
				d.use = value
			} else {
				foreign = append(foreign, t)
			}
		case tagObjective:
			d.objective = value
		case tagTopic:
			d.topic = value
		case tagLevel:
			if n, err := strconv.Atoi(value); err == nil && n > 0 && n <= item.MostLevel {
				d.level = n
			} else {
				foreign = append(foreign, t)
			}
		case tagType, tagShuffle, tagParts:
			r.tags[key] = value
		default:
			foreign = append(foreign, t)
		}
	}
	if len(foreign) > 0 {
		r.losses.add("exchange.loss.tags", "Tags", strings.Join(foreign, ", "))
	}
}

// besides notes something of the file that is no question.
func (r *reader) besides(line int, parts ...Part) {
	if len(r.file) == 0 {
		r.from = line
	}
	r.file = append(r.file, parts...)
}

// read reads a question and takes it in, or notes why it is left out. One whose source is in several languages by Moodle's
// filters is read in each; the first in which all is told, that of the file before others, is the one to fall back to.
func (r *reader) read(d *draft, source string, read func(*question) bool) (ok bool) {
	langs := markup.Languages(source, r.lang)
	if len(langs) == 0 {
		d.lang, r.pick = r.lang, ""
		return read(&d.question) && r.end(d)
	}
	if i := slices.Index(langs, r.lang); i > 0 {
		langs = slices.Concat([]string{r.lang}, langs[:i], langs[i+1:])
	}
	empty := d.question
	d.also = map[string]*question{}
	for _, l := range langs {
		q := empty
		r.pick, r.untold = l, false
		switch known := read(&q); {
		case !known && d.lang == "":
			return false
		case !known:
		case d.lang == "" && !r.untold:
			d.lang, d.question = l, q
		default:
			d.also[l] = &q
		}
	}
	if d.lang == "" {
		r.losses.add("exchange.loss.language", "Lang", langs[0])
		return false
	}
	for l, q := range d.also {
		if len(q.options) != len(d.options) || len(q.pairs) != len(d.pairs) || q.kind != d.kind {
			delete(d.also, l)
			r.losses.left(Part{Name: "lang", Value: l})
		}
	}
	for _, name := range markup.Doubled(source, r.lang) {
		r.losses.left(Part{Name: "lang", Value: name})
	}
	return r.end(d)
}

// end takes in the question, or notes why it is left out.
func (r *reader) end(d *draft) (ok bool) {
	r.mend(d)
	if t := r.tags[tagType]; t != "" && t != string(d.kind) {
		r.losses.add("exchange.loss.tags", "Tags", tagType+"="+t)
	}
	switch {
	case !chosen(d.kind):
	case r.tags[tagShuffle] != "":
		d.noShuffle = r.tags[tagShuffle] == "false"
	}
	if fault := d.fault(); fault.Key != "" {
		r.losses.note(fault)
		return false
	}
	if d.name != d.given && d.name != "" && (d.given != "" || !idPattern.MatchString(d.name)) {
		r.losses.left(Part{Name: "name", Value: d.name})
	}
	d.setPartIDs(nil)
	if t := r.tags[tagParts]; t != "" {
		if ids := strings.Split(t, ","); goodIDs(ids) && len(ids) == len(d.partIDs()) {
			d.setPartIDs(ids)
		} else {
			r.losses.add("exchange.loss.tags", "Tags", tagParts+"="+t)
		}
	}
	r.drafts = append(r.drafts, d)
	return true
}

// done ends the losses of a question.
func (r *reader) done(d *draft) { d.losses[1] = len(r.losses.list) }

// leave leaves a question of a type out that is unknown here.
func (r *reader) leave(kind string) { r.losses.add("exchange.loss.type", "Type", kind) }

// in returns what a text says in the language that is being read; nothing if it says it in others only.
func (r *reader) in(s string) string {
	if r.pick == "" {
		return s
	}
	s, told := markup.In(s, r.pick, r.lang)
	if !told {
		r.untold = true
		return ""
	}
	return s
}

// text returns a text as Markdown that is in a format, by its name in Moodle XML or in GIFT.
func (r *reader) text(s, format string) string {
	switch s = r.in(s); format {
	case "markdown":
		s, lost, media := markup.FromMarkdown(r.clear(s))
		r.lose(lost, media)
		return r.withoutMedia(s)
	case "plain_text", "plain":
		return r.typed(s)
	case "moodle_auto_format", "moodle":
		return r.auto(s)
	case "html":
	default: // as in Moodle
		r.lose([]string{format}, false)
	}
	return r.fromHTML(s)
}

// clear returns a text without characters that no format keeps.
func (r *reader) clear(s string) string {
	s, lost := tidy(s)
	if lost {
		r.losses.add("exchange.loss.characters")
	}
	return s
}

// plain returns a text that is no Markdown.
func (r *reader) plain(s string) string { return r.clear(r.in(s)) }

// typed returns a text as Markdown that shows as it was typed.
func (r *reader) typed(s string) string {
	if strings.Contains(s, pluginFile) {
		r.lose(nil, true)
	}
	return markup.FromPlain(r.clear(s))
}

func (r *reader) withoutMedia(s string) string {
	s, media := withoutMedia(s)
	r.lose(nil, media)
	return s
}

func (r *reader) lose(tags []string, media bool) {
	if len(tags) > 0 {
		r.losses.add("exchange.loss.markup", "Tags", strings.Join(tags, ", "))
	}
	if media {
		r.losses.add("exchange.loss.media")
	}
}

// fromHTML returns an HTML text as Markdown.
func (r *reader) fromHTML(s string) string {
	plugin := strings.Contains(s, pluginFile)
	s, lost, media := markup.FromHTML(s)
	r.lose(lost, media || plugin)
	return r.withoutMedia(r.clear(s))
}

// Moodle takes line ends beside tags out of a text in its own format, and shows all others.
var besideTags = regexp.MustCompile(`\s*\n\s*(<)|(>)\s*\n\s*`)

// auto returns a text in Moodle's own format: plain, but with HTML allowed in it. One in which nothing would be seen then was
// not meant as HTML.
func (r *reader) auto(s string) string {
	if !markup.Tagged(s) {
		return r.typed(s)
	}
	lines := besideTags.ReplaceAllString(strings.TrimSpace(s), "$1$2")
	if text, _, media := markup.FromHTML(lines); strings.TrimSpace(text) == "" && !media {
		return r.typed(s)
	}
	return r.fromHTML(strings.ReplaceAll(lines, "\n", "<br>"))
}

// parted finds a number whose commas stand where English parts thousands.
var parted = regexp.MustCompile(`^[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$`)

// number reads a number. Commas before three figures part thousands in English, and elsewhere where they cannot be a decimal
// comma; how such a number was read is told, since who wrote it may have meant the other.
func (r *reader) number(s string) (float64, error) {
	read := s
	s = strings.TrimSpace(s)
	if !parted.MatchString(s) {
		return item.ParseNumber(read)
	}
	if r.lang == "en" || strings.Count(s, ",") > 1 || strings.Contains(s, ".") {
		read = strings.ReplaceAll(s, ",", "")
	}
	x, err := item.ParseNumber(read)
	if err == nil {
		r.losses.add("exchange.loss.number", "Text", s, "Number", strconv.FormatFloat(x, 'f', -1, 64))
	}
	return x, err
}

const almost = 0.01 // per cent that weights may differ, since Moodle writes five digits

// weigh sets which options are right from what they are worth in per cent.
func (r *reader) weigh(d *question, weights []float64, single bool) {
	switch {
	case !single:
		d.kind = item.Multiple
	case r.tags[tagType] == string(item.Step):
		d.kind = item.Step
	default:
		d.kind = item.Single
	}
	for i, x := range weights {
		switch d.kind {
		case item.Step:
			d.options[i].rating = rating(x)
		case item.Single:
			d.options[i].correct = x > 100-almost
		default:
			d.options[i].correct = x > almost
		}
	}
	if !d.hasKey() {
		return // it will be left out
	}
	for i, x := range d.fractions() {
		if x-weights[i] > almost || weights[i]-x > almost {
			r.losses.add("exchange.loss.weights")
		}
	}
}

func rating(weight float64) item.Rating {
	switch {
	case weight > 100-almost:
		return item.Good
	case weight > almost:
		return item.Fair
	}
	return item.Poor
}

// accepted takes in an accepted answer and what it is worth in per cent.
func (r *reader) accepted(d *question, s string, weight float64) {
	s = r.plain(s)
	switch {
	case weight < 100-almost:
		if weight > almost {
			r.losses.add("exchange.loss.weights")
		}
	case wild(s):
		r.losses.add("exchange.loss.wildcard", "Text", s)
	case text.Answer(unstarred.Replace(s)) != "":
		d.accept = append(d.accept, unstarred.Replace(s))
	}
}

// finish gives the questions their ids and returns them with the losses.
func (r *reader) finish() ([]Item, []Loss) {
	ids := &names{used: map[string]bool{}, next: map[string]int{}}
	for _, d := range r.drafts { // ids that can stay go before those that have to be made
		if idPattern.MatchString(d.given) && !ids.used[d.given] {
			d.id = d.given
			ids.used[d.id] = true
		}
	}
	for _, d := range r.drafts {
		if d.id == "" && d.given == "" && idPattern.MatchString(d.name) {
			d.id = ids.free(d.name)
		}
	}
	var items []Item
	var losses []Loss
	if len(r.file) > 0 {
		losses = append(losses, Loss{Line: r.from, Key: "exchange.loss.left", Args: errs.Args("Parts", r.file)})
	}
	from := 0
	for _, d := range r.drafts {
		losses = append(losses, r.losses.list[from:d.losses[0]]...)
		if d.id == "" {
			d.id = ids.free(madeID(d.given, d.number))
		}
		if d.given != "" && d.given != d.id {
			losses = append(losses, Loss{Item: d.id, Line: d.line, Key: "exchange.loss.identifier", Args: map[string]any{"Name": d.given}})
		}
		for _, l := range r.losses.list[d.losses[0]:d.losses[1]] {
			l.Item = d.id
			losses = append(losses, l)
		}
		from = d.losses[1]
		items = append(items, d.item(d.lang, d.also))
	}
	return items, append(losses, r.losses.list[from:]...)
}

// names keeps ids apart.
type names struct {
	used map[string]bool
	next map[string]int
}

// free returns the id, with a number after it if it is taken.
func (n *names) free(id string) string {
	base := id
	for n.used[id] {
		n.next[base] = max(n.next[base], 1) + 1
		suffix := "-" + strconv.Itoa(n.next[base])
		id = strings.TrimRight(base[:min(len(base), 60-len(suffix))], "-") + suffix
	}
	n.used[id] = true
	return id
}

var notInID = regexp.MustCompile(`[^a-z0-9]+`)

// madeID makes an id out of one that is none by the course's rules; out of nothing, one that tells the place in the file.
func madeID(given string, number int) string {
	s := strings.Trim(notInID.ReplaceAllString(text.Answer(given), "-"), "-")
	if s == "" {
		return "q" + strconv.Itoa(number)
	}
	if s[0] < 'a' {
		s = "q" + s
	}
	return strings.TrimRight(s[:min(len(s), 60)], "-")
}
