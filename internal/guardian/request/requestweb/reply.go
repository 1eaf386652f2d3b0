package requestweb

import (
	"errors"
	"net/http"

	"ostoja/internal/errs"
	"ostoja/internal/guardian/request"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// allow says whether one more link may be answered now.
func (h *Pages) allow(w http.ResponseWriter) error {
	web.Secret(w)
	return h.limit.Take(w, h.now(), "request.busy")
}

func (h *Pages) link(w http.ResponseWriter, r *http.Request) error {
	if err := h.allow(w); err != nil {
		return err
	}
	return h.showLink(w, r, web.NewForm())
}

func (h *Pages) showLink(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	q, err := h.service.ByLink(ctx, r.PathValue("token"))
	v := web.View{Title: lang.T(ctx, "request.asked-one"), Status: f.Status()}
	switch {
	case errors.Is(err, errs.ErrNotFound):
		v.Status = http.StatusNotFound
		return web.Show(w, r, v, overPage("request.unknown"))
	case err != nil:
		return err
	case !q.Open():
		if q.Answer == request.Waiting || q.Answer == request.Missed {
			v.Status = http.StatusGone
		}
		return web.Show(w, r, v, overPage(endOf(q)))
	}
	return web.Show(w, r, v, linkPage(q, f, r.URL.RequestURI()))
}

// endOf names what became of a question that cannot be answered any more.
func endOf(q request.Question) string {
	switch {
	case q.Answer == request.Agreed && q.State != request.Withdrawn:
		return "request.end-agreed"
	case q.Answer == request.Declined:
		return "request.end-declined"
	case q.State == request.Withdrawn:
		return "request.end-withdrawn"
	}
	return "request.end-another"
}

// reply reads an answer.
func reply(f *web.Form) (r request.Reply, err error) {
	switch f.Get("answer") {
	case "yes":
		return request.Reply{Agree: true, Consent: f.Get("consent") != "", NoConflict: f.Get("conflict") != ""}, nil
	case "no":
		return request.Reply{}, nil
	}
	return r, errs.Invalid("error.invalid")
}

func (h *Pages) answerLink(w http.ResponseWriter, r *http.Request) error {
	if err := h.allow(w); err != nil {
		return err
	}
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	said, err := reply(f)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = h.service.AnswerByLink(ctx, r.PathValue("token"), said)
	if f.Fail(lang.From(ctx), err) {
		return h.showLink(w, r, f)
	}
	if err != nil && !errors.Is(err, errs.ErrConflict) && !errors.Is(err, errs.ErrNotFound) {
		return err
	}
	return web.Redirect(w, r, r.URL.Path+"?lang="+lang.From(ctx).Tag()) // it says what became of the question
}

func (h *Pages) asked(w http.ResponseWriter, r *http.Request) error {
	return h.showAsked(w, r, web.NewForm())
}

func (h *Pages) showAsked(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	list, err := h.service.Questions(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "request.asked"), Nav: nav, Status: f.Status()}, askedPage(list, f))
}

func (h *Pages) answerHere(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	said, err := reply(f)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f.Set("proposal", r.PathValue("proposal"))
	err = h.service.AnswerHere(ctx, web.Actor(ctx), r.PathValue("proposal"), said)
	if f.Fail(lang.From(ctx), err) {
		return h.showAsked(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "request.answered")
	return web.Redirect(w, r, askedPath)
}
