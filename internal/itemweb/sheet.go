package itemweb

import (
	"context"
	"errors"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/lang"
	"ostoja/internal/quiz"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Sheet is the form of an attempt: see [Answers].
type Sheet struct {
	Action    string
	Questions []Question
	Clock     templ.Component // nil without an end
	Sure      bool            // it was handed in with questions open: the person is asked whether that is meant
}

// submitSure is the value of the field submit that hands in an attempt with questions open.
const submitSure = "sure"

// HandIn says whether a form hands an attempt in, and whether it is meant with questions open.
func HandIn(f *web.Form) (submit, sure bool) {
	s := f.Get("submit")
	return s != "", s == submitSure
}

// Unfinished says whether an attempt was not handed in because questions are open.
func Unfinished(o quiz.Outcome) bool { return len(o.Open) > 0 && len(o.Refused()) == 0 }

// open returns the questions that have no answer yet, or only a part of one.
func (s Sheet) open() []Question {
	return slices.DeleteFunc(slices.Clone(s.Questions), func(q Question) bool { return q.Item.Complete(q.Answer) })
}

func (s Sheet) saved(ctx context.Context) string {
	return lang.T(ctx, "item.answered", "Done", len(s.Questions)-len(s.open()), "Of", len(s.Questions))
}

func (s Sheet) live(ctx context.Context) string {
	return lang.T(ctx, "item.answered-now", "Done", "{n}", "Of", len(s.Questions))
}

// After returns the question as it is shown after a form was sent: what could not be read stands in it as it was typed, all else as
// it is kept; and where it was changed elsewhere and here, both stand beside it.
func (q Question) After(ctx context.Context, form *web.Form, o quiz.Outcome) Question {
	field := q.Item.FieldName("")
	if form != nil && slices.Contains(o.Faults, field) {
		q.Form, q.Error = form, form.Error(field)
	}
	for _, n := range o.Newer {
		if n.Field == field && n.Conflict {
			q.Newer = q.newer(lang.From(ctx), n)
		}
	}
	return q
}

// seen is what the form says of the answer with which it is filled.
func (q Question) seen() *ui.Seen {
	if q.shown {
		return nil
	}
	return &ui.Seen{Name: quiz.SeenName(q.Item.FieldName("")), Value: quiz.Seen(q.Item.Fields(q.Answer))}
}

func (q Question) newer(p *lang.Printer, n quiz.Newer) string {
	return Newer(p, q.words(n.Kept), q.words(n.Mine))
}

// Newer says that an answer was changed both here and elsewhere. The two are given in words; "" is none.
func Newer(p *lang.Printer, kept, mine string) string {
	quoted := func(s string) string {
		if s == "" {
			return p.T("item.no-answer")
		}
		return p.T("item.quoted", "Text", s)
	}
	return p.T("item.newer-both", "Kept", quoted(kept), "Mine", quoted(mine))
}

var tag = regexp.MustCompile(`<[^>]*>`) // of markup that the program made

// words says an answer in words.
func (q Question) words(a item.Answer) string {
	said := func(t string) string { return strings.TrimSpace(html.UnescapeString(tag.ReplaceAllString(t, ""))) }
	var list []string
	switch q.Item.Type {
	case item.Single, item.Multiple, item.Step:
		for _, o := range q.Item.Options {
			if slices.Contains(a.Chosen, o.ID) {
				list = append(list, said(q.Texts.Inline(o.Text, q.Lang)))
			}
		}
	case item.Order:
		for _, id := range a.Chosen {
			if i := slices.IndexFunc(q.Item.Steps, func(o item.Option) bool { return o.ID == id }); i >= 0 {
				list = append(list, a.Pairs[id]+". "+said(q.Texts.Inline(q.Item.Steps[i].Text, q.Lang)))
			}
		}
	case item.Match:
		for _, p := range q.Item.Pairs {
			if i := slices.IndexFunc(q.Item.Pairs, func(r item.Pair) bool { return r.ID == a.Pairs[p.ID] }); i >= 0 {
				list = append(list, said(q.Texts.Inline(p.Left, q.Lang))+" → "+q.Item.Pairs[i].Right.In(q.Lang))
			}
		}
	case item.Number:
		if a.Number != nil {
			list = append(list, strconv.FormatFloat(*a.Number, 'f', -1, 64))
		}
	case item.ShortText:
		if a.Text != "" {
			list = append(list, a.Text)
		}
	}
	return strings.Join(list, "; ")
}

// newer is an answer that a page's script puts where the person sees it.
type newer struct {
	Field  string `json:"field"`
	Fields string `json:"fields"` // what stands in the item's fields, as a query
	Text   string `json:"text"`   // of a conflict; "" where the form had not touched the answer
}

// Saved tells a page's script what became of the answers that it sent. err is what the service said; one that is no fault of an
// answer is returned. beside is [Newer] of what stands beside the questions; nil if nothing does.
func Saved(w http.ResponseWriter, r *http.Request, questions []Question, beside func(p *lang.Printer, n quiz.Newer) string, o quiz.Outcome, over bool, err error) error {
	ctx := r.Context()
	key := "item.saved"
	switch {
	case err != nil && !errors.Is(err, errs.ErrInvalid):
		return err
	case len(o.Refused()) > len(o.Faults):
		key = "item.newer-saved"
	case err != nil:
		key = "item.partly-saved"
	}
	list := []newer{}
	for _, n := range o.Newer {
		fields, say := map[string][]string{n.Field: {n.Kept.Text}}, beside
		if n.Number > 0 {
			q := questions[n.Number-1]
			fields, say = q.Item.Fields(n.Kept), q.newer
		}
		out := newer{Field: n.Field, Fields: quiz.Seen(fields)}
		if n.Conflict {
			out.Text = say(lang.From(ctx), n)
		}
		list = append(list, out)
	}
	return web.JSON(w, http.StatusOK, map[string]any{"text": lang.T(ctx, key), "over": over, "newer": list})
}
