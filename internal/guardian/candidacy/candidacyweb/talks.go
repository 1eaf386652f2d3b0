package candidacyweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

func (h *Pages) talkForm(w http.ResponseWriter, r *http.Request) error {
	return h.office(w, r, web.NewForm(), func(v candidacy.View, f *web.Form) templ.Component {
		f.Set("held", h.Site.Clock.Now().In(lang.From(r.Context()).Zone()).Format(time.DateOnly))
		if v.Talk != nil {
			f.Set("held", v.Talk.HeldOn)
			for i, name := range []string{"first", "second"} {
				if i < len(v.Talk.Sheets) {
					f.Set(name, v.Talk.Sheets[i].AssessorID)
				}
			}
		}
		return talkFormPage(v, f)
	})
}

func (h *Pages) assign(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "candidacy.said-talk", func(ctx context.Context, actor access.Actor, candidateID string, f *web.Form) error {
		return h.Service.Assign(ctx, actor, candidateID, f.Get("held"), [2]string{f.Get("first"), f.Get("second")})
	}, talkFormPage)
}

func (h *Pages) talks(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rows, err := h.Service.Talks(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "candidacy.talks"), Nav: "guardian-talks"}, talksPage(rows))
}

func (h *Pages) talk(w http.ResponseWriter, r *http.Request) error {
	return h.showTalk(w, r, nil)
}

// showTalk shows a talk to one of its assessors: the form until both have handed in, then both sheets.
func (h *Pages) showTalk(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	t, err := h.Service.Talk(ctx, web.Actor(ctx), r.PathValue("talk"))
	if err != nil {
		return err
	}
	switch {
	case f != nil: // as it was typed
	case t.Both(): // the joint marks are nobody's own
		f = web.NewForm()
	default:
		f = web.NewForm("note", t.Own.Note)
		for id, m := range t.Own.Marks {
			f.Set("mark-"+id, strconv.Itoa(m))
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "candidacy.talk"), Nav: nav, Status: f.Status()}, talkPage(t, h.Service.Rubric, f))
}

func (h *Pages) mark(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	marks := candidacy.Marks{}
	for _, c := range h.Service.Rubric.Criteria {
		marks[c.ID], _ = strconv.Atoi(f.Get("mark-" + c.ID)) // what is no number is refused at its field
	}
	ctx := r.Context()
	err = h.Service.Mark(ctx, web.Actor(ctx), r.PathValue("talk"), marks, f.Get("note"))
	return h.marked(w, r, f, err, "candidacy.said-marked")
}

func (h *Pages) agree(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	said := map[string]candidacy.Joint{}
	for _, c := range h.Service.Rubric.Criteria {
		mark, _ := strconv.Atoi(f.Get("mark-" + c.ID))
		said[c.ID] = candidacy.Joint{Mark: mark, Word: f.Get("word-" + c.ID)}
	}
	ctx := r.Context()
	err = h.Service.Agree(ctx, web.Actor(ctx), r.PathValue("talk"), said)
	return h.marked(w, r, f, err, "candidacy.said-agreed")
}

func (h *Pages) marked(w http.ResponseWriter, r *http.Request, f *web.Form, err error, said string) error {
	if f.Fail(lang.From(r.Context()), err) {
		return h.showTalk(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, talksPath+"/"+r.PathValue("talk"))
}

// levels are the marks of a criterion, each with what it means.
func levels(p *lang.Printer, c candidacy.Criterion) (options []ui.Option) {
	for i, l := range c.Levels {
		options = append(options, ui.Option{Value: strconv.Itoa(i + 1), Label: strconv.Itoa(i + 1), Hint: l.In(p.Tag())})
	}
	return options
}

// markOf is how a mark is shown; a dash of none.
func markOf(s candidacy.Sheet, id string) string {
	if m := s.Marks[id]; m > 0 {
		return strconv.Itoa(m)
	}
	return "–"
}
