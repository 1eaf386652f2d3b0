package quiz

import (
	"net/url"
	"slices"
	"strings"

	"ostoja/internal/item"
)

// A form is made, and sent an hour later. Meanwhile the same person may have answered in another window, or on another device,
// and what stands in the form is then not what they think last. So a form carries, for each question, what it has seen: the
// answer that it was filled with and, where a script saves while one works, those that it has sent since and does not know to have
// arrived. That is enough to tell who changed what, without a version of the row or a window's name (decision 0032):
//
//   - what the form changes is taken if the answer that is kept is one that it has seen;
//   - what the form did not touch leaves the answer that is kept;
//   - what was changed on both sides is a conflict: the kept answer stays, and the person is shown both.

// SeenName returns the name of the field in which a form says what it has seen of another field, or of an item's fields.
func SeenName(field string) string { return "seen." + field }

// Seen returns what a form says of fields with which it was filled.
func Seen(fields map[string][]string) string { return url.Values(fields).Encode() }

// Change is what a form changes in one answer.
type Change struct {
	Key    string
	Answer item.Answer
	Given  bool // false: an answer that was kept is taken back
}

// Newer is an answer that was changed elsewhere since the form was made.
type Newer struct {
	Key      string
	Field    string      // of its item, in a form
	Number   int         // as it is shown, from 1; 0 beside the questions
	Mine     item.Answer // as the form has it
	Kept     item.Answer // as it stays
	Conflict bool        // the form changes it too
}

// Outcome is what comes of a form.
type Outcome struct {
	Changes []Change
	Newer   []Newer
	Faults  []string // fields that cannot be read
	Open    []string // questions without a whole answer, where handing in asks whether that is meant
}

// Refused returns what of the form was not taken, by field, and why.
func (o Outcome) Refused() []item.Fault {
	var list []item.Fault
	for _, field := range o.Faults {
		list = append(list, item.Fault{Name: field, Key: "item.unreadable"})
	}
	for _, n := range o.Newer {
		switch {
		case n.Conflict && n.Number > 0:
			list = append(list, item.Fault{Name: n.Field, Key: "item.newer", Args: map[string]any{"Number": n.Number}})
		case n.Conflict:
			list = append(list, item.Fault{Name: n.Field, Key: "item.newer-beside"})
		}
	}
	return list
}

// Changed says whether the form wants anything else than what is kept.
func (o Outcome) Changed() bool { return len(o.Changes) > 0 || len(o.Refused()) > 0 }

// Merge reads a form against the answers that are kept. A form may hold only some of the questions: what it does not name stays
// as it was kept, and a field that is there and empty takes its answer back. A field that cannot be read does not lose the other
// answers. A form that does not say what it has seen of a question has seen no answer to it.
func (p Paper) Merge(form map[string][]string, kept map[string]item.Answer) Outcome {
	var o Outcome
	number := 0
	for _, q := range p {
		if q.Item == nil {
			continue
		}
		number++
		if now := kept[q.Key]; !q.Item.Named(form) { // nothing was chosen, or the form is about other questions
			if len(form[SeenName(q.Item.FieldName(""))]) > 0 && merge(q.Item.Same, q.seen(form), item.Answer{}, now) == keep {
				o.Newer = append(o.Newer, Newer{q.Key, q.Item.FieldName(""), number, item.Answer{}, now, false})
			}
			continue
		}
		mine, given, err := q.Item.Parse(form)
		if err != nil {
			o.Faults = append(o.Faults, q.Item.FieldName(""))
			continue
		}
		switch now := kept[q.Key]; merge(q.Item.Same, q.seen(form), mine, now) {
		case take:
			o.Changes = append(o.Changes, Change{q.Key, mine, given})
		case keep:
			o.Newer = append(o.Newer, Newer{q.Key, q.Item.FieldName(""), number, mine, now, false})
		case conflict:
			o.Newer = append(o.Newer, Newer{q.Key, q.Item.FieldName(""), number, mine, now, true})
		case same:
		}
	}
	return o
}

// seen returns the answers that a form has seen; no answer is one without anything in it.
func (q Question) seen(form map[string][]string) []item.Answer {
	var list []item.Answer
	for _, sent := range form[SeenName(q.Item.FieldName(""))] {
		if fields, err := url.ParseQuery(sent); err == nil {
			if a, _, err := q.Item.Parse(fields); err == nil {
				list = append(list, a)
			}
		}
	}
	if len(list) == 0 {
		list = append(list, item.Answer{})
	}
	return list
}

// Text reads a line or text that stands beside the questions, by the same rule, and returns what is to be kept of it. A form without
// the field leaves it. Where it was changed elsewhere, that joins the outcome, as an answer's text.
func (o *Outcome) Text(form map[string][]string, name, kept string) string {
	if _, named := form[name]; !named {
		return kept
	}
	mine := line(url.Values(form).Get(name))
	var seen []string
	for _, sent := range form[SeenName(name)] {
		if fields, err := url.ParseQuery(sent); err == nil {
			seen = append(seen, fields.Get(name))
		}
	}
	if len(seen) == 0 {
		seen = append(seen, "")
	}
	equal := func(a, b string) bool { return line(a) == line(b) }
	switch v := merge(equal, seen, mine, kept); v {
	case take:
		return mine
	case keep, conflict:
		o.Newer = append(o.Newer, Newer{Field: name, Mine: item.Answer{Text: mine}, Kept: item.Answer{Text: kept}, Conflict: v == conflict})
	case same:
	}
	return kept
}

// line is a text as it is kept, without the line ends of a browser and space around it.
func line(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

type verdict int

const (
	same     verdict = iota // nothing to do
	take                    // the form's answer is the later one
	keep                    // the form did not touch it
	conflict                // changed on both sides
)

// merge decides on one answer. The first that was seen is what the form was filled with; further ones were sent from it and may
// have arrived. With such a one on its way even an answer that is again as at first was touched.
func merge[A any](equal func(a, b A) bool, seen []A, mine, kept A) verdict {
	switch {
	case equal(mine, kept):
		return same
	case slices.ContainsFunc(seen, func(s A) bool { return equal(s, kept) }):
		return take
	case len(seen) == 1 && equal(seen[0], mine):
		return keep
	}
	return conflict
}
