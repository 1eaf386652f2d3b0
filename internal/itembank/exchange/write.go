package exchange

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"ostoja/internal/item"
	"ostoja/internal/itembank/exchange/markup"
	"ostoja/internal/text"
)

// writer turns items into questions and notes what is lost on the way.
type writer struct {
	losses  lossList
	lang    string
	format  Format
	ids     map[string]bool // of the questions so far
	written int

	untold, altered bool // of the present item: a text is not there in the language; one had unusable characters
	media, reduced  bool
}

// flatten takes one language of an item. ok is false if the item is left out.
func (w *writer) flatten(it Item) (*question, bool) {
	w.losses.begin(it.ID, 0)
	w.untold, w.altered, w.media, w.reduced = false, false, false, false
	q := &question{
		id: it.ID, use: it.Use, objective: it.Objective, topic: it.Topic, level: it.Level, kind: it.Type,
		text: w.markdown(it.Question), explanation: w.markdown(it.Explanation), noShuffle: it.NoShuffle && chosen(it.Type),
	}
	w.parts(q, it.Item)
	if fault := q.fault(); w.untold {
		w.losses.add("exchange.loss.language", "Lang", w.lang)
		return nil, false
	} else if fault.Key != "" {
		w.losses.note(fault)
		return nil, false
	}
	if q.filtered(w.format) {
		w.losses.add("exchange.loss.reserved", "Text", "{mlang")
		return nil, false
	}
	if w.altered {
		w.losses.add("exchange.loss.characters")
	}
	if w.media {
		w.losses.add("exchange.loss.media")
	}
	switch {
	case w.reduced && w.format == Aiken:
		w.losses.add("exchange.loss.plain")
	case w.reduced:
		w.losses.add("exchange.loss.return")
	}
	return q, true
}

// filtered says whether a text that is no HTML would be taken for one in several languages.
func (q *question) filtered(f Format) bool {
	plain := slices.Concat(q.accept, []string{q.unit})
	for _, p := range q.pairs {
		plain = append(plain, p.right)
	}
	if f == Aiken {
		plain = append(plain, q.text)
		for _, o := range q.options {
			plain = append(plain, o.text)
		}
	}
	return slices.ContainsFunc(plain, func(s string) bool { return len(markup.Languages(s, "")) > 0 })
}

// parts takes what of the item depends on its type.
func (w *writer) parts(q *question, it item.Item) {
	switch it.Type {
	case item.Single, item.Multiple, item.Step:
		for _, o := range it.Options {
			c := choice{id: o.ID, text: w.markdown(o.Text), feedback: w.markdown(o.Feedback)}
			if it.Type == item.Step {
				c.rating = o.Rating
			} else {
				c.correct = o.Correct
			}
			q.options = append(q.options, c)
		}
	case item.Order:
		for _, s := range it.Steps {
			q.options = append(q.options, choice{id: s.ID, text: w.markdown(s.Text)})
		}
	case item.Match:
		for _, p := range it.Pairs {
			q.pairs = append(q.pairs, pair{id: p.ID, left: w.markdown(p.Left), right: w.plain(p.Right)})
		}
	case item.Number:
		q.answer, q.tolerance, q.unit = it.Answer, it.Tolerance, w.plain(it.Unit)
	case item.ShortText:
		for _, s := range it.Accept[w.lang] {
			q.accept = append(q.accept, w.tidy(s))
		}
		w.untold = w.untold || len(q.accept) == 0 && len(it.Accept) > 0
	}
}

// plain returns a text in the writer's language, tidied.
func (w *writer) plain(t text.Translated) string {
	s := w.tidy(t[w.lang])
	if s == "" {
		w.untold = w.untold || slices.ContainsFunc(slices.Collect(maps.Values(t)), func(other string) bool { return strings.TrimSpace(other) != "" })
	}
	return s
}

func (w *writer) tidy(s string) string {
	s, lost := tidy(s)
	w.altered = w.altered || lost
	return s
}

// markdown returns a text without pictures in the notation of the file: HTML, since what Moodle takes for Markdown is another
// (no backslash before most signs, none for a line end), or plain text.
func (w *writer) markdown(t text.Translated) string {
	s, lost := withoutMedia(w.plain(t))
	w.media = w.media || lost
	if s == "" {
		return ""
	}
	out, back := "", ""
	if w.format == Aiken {
		out = markup.ToPlain(s)
		back = markup.FromPlain(out)
	} else {
		out = markup.ToHTML(s)
		back, _, _ = markup.FromHTML(out)
		out = mlang.ReplaceAllString(out, "&#123;$1")
	}
	w.reduced = w.reduced || !markup.Same(back, s)
	return out
}

var mlang = regexp.MustCompile(`(?i)\{(mlang)`)

// identify returns the id under which the question is written, and notes if a reader would give it another.
func (w *writer) identify(q *question) string {
	if idPattern.MatchString(q.id) && !w.ids[q.id] {
		w.ids[q.id] = true
		return q.id
	}
	w.losses.add("exchange.loss.identifier", "Name", q.id)
	return ""
}

// The keys of tags in which a file keeps what its format has no place for.
const (
	tagUse       = "use"
	tagObjective = "objective"
	tagTopic     = "topic"
	tagLevel     = "level"
	tagType      = "type"
	tagShuffle   = "shuffle"
	tagParts     = "ids"
)

var uses = []string{item.UseCheck, item.UseTest, item.UseCompetence}

// tags returns the question's tags, as key=value.
func (w *writer) tags(q *question) []string {
	var list []string
	add := func(key, value string) {
		kept := tagValue(value)
		if kept != value {
			w.losses.add("exchange.loss.metadata")
		}
		if kept != "" {
			list = append(list, key+"="+kept)
		}
	}
	if q.use == "" || slices.Contains(uses, q.use) {
		add(tagUse, q.use)
	} else {
		w.losses.add("exchange.loss.metadata")
	}
	add(tagObjective, q.objective)
	add(tagTopic, q.topic)
	if q.level > 0 && q.level <= item.MostLevel {
		add(tagLevel, strconv.Itoa(q.level))
	} else if q.level != 0 {
		w.losses.add("exchange.loss.metadata")
	}
	if q.kind == item.Step {
		add(tagType, string(item.Step))
	}
	if !q.usualIDs() {
		if ids := q.partIDs(); goodIDs(ids) {
			add(tagParts, strings.Join(ids, ","))
		} else {
			w.losses.add("exchange.loss.metadata")
		}
	}
	return list
}

// tagValue takes out of a value what Moodle allows in no tag, and what would end one.
func tagValue(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !usable(r) || strings.ContainsRune("<>`\\", r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

// fractions returns what each choice is worth, in per cent. The wrong choices of a multiple question take away as much as a
// right one gives, which is how [item.Item.Score] counts.
func (q *question) fractions() []float64 {
	right := 0
	for _, o := range q.options {
		if o.best() {
			right++
		}
	}
	list := make([]float64, len(q.options))
	for i, o := range q.options {
		switch {
		case q.kind == item.Multiple && o.best():
			list[i] = 100 / float64(right)
		case q.kind == item.Multiple:
			list[i] = -100 / float64(right)
		case o.best():
			list[i] = 100
		case o.rating == item.Fair:
			list[i] = 50
		}
	}
	return list
}

// percent writes a share with as many digits as Moodle knows it by: it takes 33.33333 for a third, and refuses 33.333333.
func percent(x float64) string {
	s := fmt.Sprintf("%.5f", x)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// starred and unstarred write and read an accepted answer in which a star is a star: in Moodle one alone stands for any text.
var starred, unstarred = strings.NewReplacer("*", `\*`), strings.NewReplacer(`\*`, "*")

// wild says whether an accepted answer has a star that stands for any text.
func wild(s string) bool { return strings.Contains(strings.ReplaceAll(s, `\*`, ""), "*") }
