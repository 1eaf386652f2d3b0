// Package approvalweb shows people what waits for them as the second person, what they asked of others and what came of it, and lets both
// ask and answer. What it is about is shown and decided on the area's page, which holds the [Panel].
package approvalweb

import (
	"net/http"
	"net/url"

	"ostoja/internal/approval"
	"ostoja/internal/clock"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Path is the address of the two lists.
const Path = "/app/approvals"

// Pages are the pages of the area.
type Pages struct {
	Site    *web.Site
	Service *approval.Service
	Clock   clock.Clock
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+Path, h.lists)
	m.Handle("GET "+Path+"/{approval}", h.request)
	m.Handle("POST "+Path+"/{approval}/words", h.say)
	m.Handle("POST "+Path+"/{approval}/seen", h.see)
}

func (h *Pages) lists(w http.ResponseWriter, r *http.Request) error {
	waiting, asks, err := h.Service.Read(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	mine := h.list(r, "approvals", "", p.T("approval.waiting"), waiting)
	mine.Empty = listweb.Empty{Title: p.T("approval.none"), Text: p.T("approval.none-text")}
	own := h.list(r, "own-approvals", "own-", p.T("approval.own"), asks)
	own.Empty = listweb.Empty{Title: p.T("approval.none-own"), Text: p.T("approval.none-own-text")}
	for _, l := range []listweb.Of[approval.Request]{mine, own} {
		if l.Wanted() {
			return l.Send(w, r)
		}
	}
	shown, err := mine.Open(r.Context())
	if err != nil {
		return err
	}
	shownOwn, err := own.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: p.T("approval.title"), Wide: true}, listsPage(shown, shownOwn, len(waiting), len(asks)))
}

func (h *Pages) list(r *http.Request, name, prefix, title string, rows []approval.Request) listweb.Of[approval.Request] {
	p := lang.From(r.Context())
	type row = approval.Request
	return listweb.Of[row]{
		Name: name, Prefix: prefix, Title: title, Path: Path, Query: r.URL.Query(), Now: h.Clock.Now(), Rows: rows,
		Columns: []listweb.Column[row]{
			{Label: p.T("approval.what"), Sort: "what", Place: listweb.Head, Value: func(x row) any { return approval.Name(p, &x) }, Link: func(x row) string {
				if x.Open() && !x.Own(web.Actor(r.Context())) {
					return x.Path
				}
				return Path + "/" + url.PathEscape(x.ID)
			}},
			{Label: p.T("approval.state"), Place: listweb.Chip, Kind: func(x row) ui.Kind { return stateKind(&x) }, Value: func(x row) any { return p.T("approval.state-" + stateOf(&x)) }},
			{Label: p.T("approval.asker"), Sort: "asker", Value: func(x row) any { return x.Asker }},
			{Label: p.T("approval.note"), Place: listweb.Away, Value: func(x row) any { return x.Note }},
			{Label: p.T("approval.since"), Sort: "since", Value: func(x row) any { return x.AskedAt.In(p.Zone()) }},
		},
	}
}

func stateOf(r *approval.Request) string {
	if r.Open() {
		return "waiting"
	}
	return string(r.Outcome)
}

func stateKind(r *approval.Request) ui.Kind {
	switch r.Outcome {
	case approval.Waiting:
		return ui.Waiting
	case approval.Approved:
		return ui.Success
	case approval.Returned:
		return ui.Danger
	}
	return ui.Plain
}

func (h *Pages) request(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, web.NewForm())
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	x, err := h.Service.Request(r.Context(), web.Actor(r.Context()), r.PathValue("approval"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.From(r.Context()).T("approval.single"), Wide: true, Status: f.Status()}, requestPage(&x, x.Own(web.Actor(r.Context())), f))
}

func (h *Pages) say(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	x, err := h.Service.Say(r.Context(), web.Actor(r.Context()), r.PathValue("approval"), f.Get("words"))
	if err != nil {
		if f.Fail(lang.From(r.Context()), err) {
			return h.show(w, r, f)
		}
		return err
	}
	h.Site.Say(w, "approval.said")
	return web.Redirect(w, r, Path+"/"+x.ID)
}

func (h *Pages) see(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.See(r.Context(), web.Actor(r.Context()), r.PathValue("approval")); err != nil {
		return err
	}
	h.Site.Say(w, "approval.was-seen")
	return web.Redirect(w, r, Path)
}
