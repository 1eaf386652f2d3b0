// Package itemweb shows items of courses and competence tests: to be answered, or marked, with what was right and why; and it is the
// form in which they are written. It keeps nothing and knows no area: an item comes as a value, and a form becomes one.
package itemweb

import (
	"cmp"
	"context"
	"html"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/item"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Texts renders the texts of items; a course does.
type Texts interface {
	HTML(t text.Translated, lang string) string
	Inline(t text.Translated, lang string) string
}

// Question is an item as it stands in a form.
type Question struct {
	Item   *item.Item // as shuffled for the person
	Texts  Texts
	Lang   string
	Seed   int64 // of the shuffle
	Number int   // 0 shows none
	Answer item.Answer
	Form   *web.Form // what was sent, where it could not be taken
	Error  string
	Newer  string // what was answered elsewhere meanwhile, beside what was sent from here
	Lapsed bool   // it does not count, since a fact that it rests on had lapsed
	shown  bool   // it is marked: what was right, and why
	again  bool   // it is marked and to be answered again: only what was answered is judged, and nothing is given away
	share  float64
	order  []item.Option // the steps in their right order, where they are shown
}

// value returns what stands in a field of the item: what was just sent, or what was saved.
func (q Question) value(suffix string) string {
	name := q.Item.FieldName(suffix)
	if q.Form != nil {
		return q.Form.Get(name)
	}
	return url.Values(q.Item.Fields(q.Answer)).Get(name)
}

func (q Question) chosen(optionID string) bool {
	if q.Form != nil {
		return slices.Contains(q.Form.Values[q.Item.FieldName("")], optionID)
	}
	return slices.Contains(q.Answer.Chosen, optionID)
}

func itemKey(t item.Type) string { return "item." + string(t) }

func rightAnswer(ctx context.Context, q Question) string {
	if q.Item.Type == item.Number {
		return strings.TrimSpace(lang.From(ctx).Number(q.Item.Answer) + " " + q.Item.Unit.In(q.Lang))
	}
	if list := q.Item.Accept[q.Lang]; len(list) > 0 {
		return list[0]
	}
	return ""
}

// Marked returns the question with its answer judged. Unshuffled is the item as it was written.
func (q Question) Marked(share float64, unshuffled *item.Item) Question {
	q.shown, q.share, q.order = true, share, unshuffled.Steps
	return q
}

// Tried returns the question with its answer judged and the right one not told, since it is to be answered again.
func (q Question) Tried(share float64, unshuffled *item.Item) Question {
	q = q.Marked(share, unshuffled)
	q.again = true
	return q
}

// mark returns right or wrong for a part of a judged answer, and nothing before.
func (q Question) mark(right bool) ui.Verdict {
	switch {
	case !q.shown:
		return ui.Unanswered
	case right:
		return ui.Right
	}
	return ui.Wrong
}

// frame is the question as the design system shows it.
func (q Question) frame(ctx context.Context) ui.Question {
	f := ui.Question{
		Name: q.Item.FieldName(""), Number: q.Number, HTML: q.Texts.HTML(q.Item.Question, q.Lang), Hint: lang.T(ctx, itemKey(q.Item.Type)), Lang: q.Lang, Error: q.Error, Newer: q.Newer, Seen: q.seen(),
	}
	if !q.shown {
		if q.Lapsed { // said beforehand, unlike of an item on trial: the place of the fact is empty, and nobody should worry about it
			f.Hint = lang.T(ctx, "item.lapsed") + " " + f.Hint
		}
		return f
	}
	f.Locked = true
	switch {
	case q.share >= 1:
		f.Mark = ui.Right
	case q.share > 0:
		f.Mark = ui.Partly
	default:
		f.Mark = ui.Wrong
	}
	if q.again {
		return f
	}
	f.Feedback = q.Texts.HTML(q.Item.Explanation, q.Lang)
	switch {
	case q.Lapsed:
		f.Feedback = "<p>" + html.EscapeString(lang.T(ctx, "item.lapsed")) + "</p>" + f.Feedback
	case q.Item.Pilot:
		f.Feedback = "<p>" + html.EscapeString(lang.T(ctx, "item.pilot")) + "</p>" + f.Feedback
	}
	if right := rightAnswer(ctx, q); right != "" && f.Mark != ui.Right {
		f.Feedback = "<p><strong>" + html.EscapeString(lang.T(ctx, "item.right-answer")+": "+right) + "</strong></p>" + f.Feedback
	}
	return f
}

func (q Question) choices() []ui.Choice {
	list := make([]ui.Choice, len(q.Item.Options))
	for i, o := range q.Item.Options {
		list[i] = ui.Choice{Value: o.ID, HTML: q.Texts.Inline(o.Text, q.Lang), Chosen: q.chosen(o.ID)}
		if q.shown && (list[i].Chosen || o.Best() && !q.again) {
			list[i].Mark = q.mark(o.Best())
			if o.Feedback != nil {
				list[i].Feedback = q.Texts.HTML(o.Feedback, q.Lang)
			}
		}
	}
	return list
}

// steps returns the steps of an ordering item: shuffled until a place was given, and in the right order once marked.
func (q Question) steps() []ui.Step {
	options := q.Item.Steps
	if q.shown && !q.again {
		options = q.order
	}
	list := make([]ui.Step, len(options))
	for i, o := range options {
		place, err := strconv.Atoi(q.value(o.ID))
		if err != nil {
			place = 0
		}
		list[i] = ui.Step{Value: o.ID, HTML: q.Texts.Inline(o.Text, q.Lang), Place: place}
		right := 1 + slices.IndexFunc(q.order, func(s item.Option) bool { return s.ID == o.ID })
		list[i].Mark = q.mark(place == right)
		if q.shown && !q.again {
			list[i].Right = strconv.Itoa(right)
		}
	}
	if !q.shown || q.again {
		slices.SortStableFunc(list, func(a, b ui.Step) int { return cmp.Compare(last(a.Place), last(b.Place)) })
	}
	return list
}

// last puts a step without a place behind all others.
func last(place int) int {
	if place == 0 {
		return math.MaxInt
	}
	return place
}

func (q Question) pairs() []ui.Match {
	list := make([]ui.Match, len(q.Item.Pairs))
	for i, p := range q.Item.Pairs {
		list[i] = ui.Match{Value: p.ID, HTML: q.Texts.Inline(p.Left, q.Lang), Chosen: q.value(p.ID), Mark: q.mark(q.value(p.ID) == p.ID)}
		if q.shown && !q.again {
			list[i].Right = p.Right.In(q.Lang)
		}
	}
	return list
}

func (q Question) rights() []ui.Option {
	var list []ui.Option
	for _, p := range q.Item.Rights(q.Seed) {
		list = append(list, ui.Option{Value: p.ID, Label: p.Right.In(q.Lang)})
	}
	return list
}
