package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/item"
	"ostoja/internal/text"
)

// reader collects the questions of a file.
type reader struct {
	losses lossList
	lang   string
	count  int // questions met, those left out among them
	drafts []*draft
	tags   map[string]string
}

// draft is a question that was read, and what the file says of its id.
type draft struct {
	question
	number int    // its place among the file's questions
	given  string // as its id
	name   string // as its name
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
			if n, err := strconv.Atoi(value); err == nil && n > 0 && n <= maxLevel {
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

// end takes in the question, or notes why it is left out.
func (r *reader) end(d *draft) {
	if t := r.tags[tagType]; t != "" && t != string(d.kind) {
		r.losses.add("exchange.loss.tags", "Tags", tagType+"="+t)
	}
	if chosen(d.kind) && r.tags[tagShuffle] == "false" {
		d.noShuffle = true
	}
	if fault := d.fault(); fault.Key != "" {
		r.losses.note(fault)
		return
	}
	d.setPartIDs(nil)
	if t := r.tags[tagParts]; t != "" {
		if ids := strings.Split(t, ","); goodIDs(ids) && len(ids) == len(d.partIDs()) {
			d.setPartIDs(ids)
		} else {
			r.losses.add("exchange.loss.tags", "Tags", tagParts+"="+t)
		}
	}
	d.losses[1] = len(r.losses.list)
	r.drafts = append(r.drafts, d)
}

// leave leaves a question of a type out that is unknown here.
func (r *reader) leave(kind string) { r.losses.add("exchange.loss.type", "Type", kind) }

// asIs returns a text that is Markdown or plain.
func (r *reader) asIs(s string) string {
	s, lost := tidy(s)
	if lost {
		r.losses.add("exchange.loss.characters")
	}
	s, media := withoutMedia(s)
	if media {
		r.losses.add("exchange.loss.media")
	}
	return s
}

// plain returns a text that is no Markdown.
func (r *reader) plain(s string) string {
	s, lost := tidy(s)
	if lost {
		r.losses.add("exchange.loss.characters")
	}
	return s
}

// fromHTML returns an HTML text as Markdown.
func (r *reader) fromHTML(s string) string {
	plugin := strings.Contains(s, pluginFile)
	s, markup, media := fromHTML(s)
	if markup {
		r.losses.add("exchange.loss.markup")
	}
	if media || plugin {
		r.losses.add("exchange.loss.media")
	}
	return r.asIs(s)
}

// auto returns a text in Moodle's own format: plain, but with HTML allowed in it.
func (r *reader) auto(s string) string {
	if !htmlTag.MatchString(s) {
		return r.asIs(s)
	}
	return r.fromHTML(strings.ReplaceAll(s, "\n", "<br>"))
}

const almost = 0.01 // per cent that weights may differ, since Moodle writes five digits

// weigh sets which options are right from what they are worth in per cent.
func (r *reader) weigh(d *draft, weights []float64, single bool) {
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
func (r *reader) accepted(d *draft, s string, weight float64) {
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
		items = append(items, d.item(r.lang))
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
