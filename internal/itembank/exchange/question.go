package exchange

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// question is an item in one language, its texts cleaned: what the formats are written from and read into.
type question struct {
	id, use, objective, topic string
	level                     int
	kind                      item.Type
	text, explanation         string
	options                   []choice // of an ordering question: the steps
	pairs                     []pair
	answer, tolerance         float64
	unit                      string
	accept                    []string
	noShuffle                 bool
}

type choice struct {
	id, text, feedback string
	correct            bool
	rating             item.Rating
}

// best says whether the choice is a right answer.
func (c choice) best() bool { return c.correct || c.rating == item.Good }

type pair struct{ id, left, right string }

// idPattern is that of the course format (docs/course-format.md).
var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,59}$`)

const maxParts = 8 // options, steps or pairs

// chosen says whether a question of the type has options of which some are chosen.
func chosen(kind item.Type) bool {
	return kind == item.Single || kind == item.Multiple || kind == item.Step
}

// fault returns what keeps the question from being an item by the rules of the course format; its key is empty if nothing does.
func (q *question) fault() Loss {
	count, low := len(q.options), 3
	switch q.kind {
	case item.Single, item.Step:
		low = 2
	case item.Multiple, item.Order:
	case item.Match:
		count = len(q.pairs)
	case item.Number, item.ShortText:
		count, low = 0, 0
	default:
		return Loss{Key: "exchange.loss.type", Args: errs.Args("Type", string(q.kind))}
	}
	switch {
	case q.hasEmpty():
		return Loss{Key: "exchange.loss.empty"}
	case count < low || count > maxParts:
		return Loss{Key: "exchange.loss.options", Args: errs.Args("Count", count, "Low", low, "High", maxParts)}
	case !q.hasKey():
		return Loss{Key: "exchange.loss.key"}
	case q.equalRights():
		return Loss{Key: "exchange.loss.pairs"}
	}
	return Loss{}
}

// hasEmpty says whether a text is empty that may not be.
func (q *question) hasEmpty() bool {
	empty := q.text == ""
	for _, o := range q.options {
		empty = empty || o.text == ""
	}
	for _, p := range q.pairs {
		empty = empty || p.left == "" || p.right == ""
	}
	return empty
}

// hasKey says whether the right answer is there, and such as the type wants it.
func (q *question) hasKey() bool {
	right := 0
	for _, o := range q.options {
		if o.best() {
			right++
		}
	}
	switch q.kind {
	case item.Single:
		return right == 1
	case item.Multiple, item.Step:
		return right > 0 && right < len(q.options)
	case item.Number:
		return finite(q.answer) && finite(q.tolerance) && q.tolerance >= 0
	case item.ShortText:
		for _, s := range q.accept {
			if text.Answer(s) == "" {
				return false
			}
		}
		return len(q.accept) > 0
	}
	return true
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// equalRights says whether two right-hand sides could not be told apart.
func (q *question) equalRights() bool {
	seen := map[string]bool{}
	for _, p := range q.pairs {
		if seen[p.right] {
			return true
		}
		seen[p.right] = true
	}
	return false
}

// partIDs returns the ids of the options, steps or pairs.
func (q *question) partIDs() []string {
	var list []string
	for _, o := range q.options {
		list = append(list, o.id)
	}
	for _, p := range q.pairs {
		list = append(list, p.id)
	}
	return list
}

// setPartIDs gives the options, steps or pairs their ids; without a list a, b, c …
func (q *question) setPartIDs(list []string) {
	for i := range q.options {
		q.options[i].id = partID(list, i)
	}
	for i := range q.pairs {
		q.pairs[i].id = partID(list, i)
	}
}

func partID(list []string, i int) string {
	if list != nil {
		return list[i]
	}
	return fmt.Sprintf("%c", 'a'+i)
}

// usualIDs says whether the ids of the parts are those that a reader gives.
func (q *question) usualIDs() bool {
	for i, id := range q.partIDs() {
		if id != partID(nil, i) {
			return false
		}
	}
	return true
}

// goodIDs says whether the list can be ids of parts: each by the pattern, none twice.
func goodIDs(list []string) bool {
	seen := map[string]bool{}
	for _, id := range list {
		if !idPattern.MatchString(id) || seen[id] {
			return false
		}
		seen[id] = true
	}
	return true
}

// item returns the course item of a question that was read, in a language and those in also.
func (q *question) item(lang string, also map[string]*question) Item {
	said := func(of func(*question) string) text.Translated {
		t := text.Translated{}
		for l, other := range also {
			if s := of(other); s != "" {
				t[l] = s
			}
		}
		if s := of(q); s != "" {
			t[lang], t[""] = s, s // the first language is the one to fall back to, as with course.Load
		}
		if len(t) == 0 {
			return nil
		}
		return t
	}
	it := Item{Topic: q.topic, Item: item.Item{
		ID: q.id, Use: q.use, Objective: q.objective, Level: q.level, Type: q.kind, Answer: q.answer, Tolerance: q.tolerance, NoShuffle: q.noShuffle,
		Question:    said(func(q *question) string { return q.text }),
		Explanation: said(func(q *question) string { return q.explanation }),
		Unit:        said(func(q *question) string { return q.unit }),
	}}
	for i, o := range q.options {
		option := item.Option{
			ID: o.id, Correct: o.correct, Rating: o.rating,
			Text:     said(func(q *question) string { return q.options[i].text }),
			Feedback: said(func(q *question) string { return q.options[i].feedback }),
		}
		if q.kind == item.Order {
			it.Steps = append(it.Steps, option)
		} else {
			it.Options = append(it.Options, option)
		}
	}
	for i, p := range q.pairs {
		it.Pairs = append(it.Pairs, item.Pair{
			ID:   p.id,
			Left: said(func(q *question) string { return q.pairs[i].left }), Right: said(func(q *question) string { return q.pairs[i].right }),
		})
	}
	if q.kind == item.ShortText {
		it.Accept = map[string][]string{lang: q.accept}
		for l, other := range also {
			it.Accept[l] = other.accept
		}
	}
	return it
}

// lossList collects losses. The same loss of a question is noted once, however many of its texts it befalls.
type lossList struct {
	list []Loss
	item string
	line int
	from int // where the losses of the present question begin
}

// begin starts the losses of another question.
func (l *lossList) begin(item string, line int) {
	l.item, l.line, l.from = item, line, len(l.list)
}

func (l *lossList) add(key string, pairs ...any) { l.note(Loss{Key: key, Args: errs.Args(pairs...)}) }

func (l *lossList) note(loss Loss) {
	for _, other := range l.list[l.from:] {
		if other.Key == loss.Key && reflect.DeepEqual(other.Args, loss.Args) {
			return
		}
	}
	loss.Item, loss.Line = l.item, l.line
	l.list = append(l.list, loss)
}

// left notes parts of the present question that have no place here, as one loss.
func (l *lossList) left(parts ...Part) {
	if len(parts) == 0 {
		return
	}
	for i, other := range l.list[l.from:] {
		if known, ok := other.Args["Parts"].([]Part); ok {
			l.list[l.from+i].Args = errs.Args("Parts", append(known, parts...))
			return
		}
	}
	l.add("exchange.loss.left", "Parts", parts)
}

// oneLine makes a text one line; lost says whether it was more.
func oneLine(s string) (line string, lost bool) {
	if !strings.Contains(s, "\n") {
		return s, false
	}
	parts := strings.Split(s, "\n")
	kept := parts[:0]
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " "), true
}
