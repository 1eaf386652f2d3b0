// Package rosterweb shows the duty roster of guardians to the office, and to who is on duty the question of the week.
//
// Goals: the matrix of a court's weeks is one form, so that a week is planned in one press and works without a script; behind a letter's link no
// account and no cookie are needed, and looking changes nothing. Limits: the page behind the link names neither person nor court (DOMAIN.md, T14).
package rosterweb

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/roster"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Links cannot be guessed, so that the limit only keeps the database from being flooded.
const (
	burst     = 60
	perSecond = 5
)

// Pages are the pages of the roster.
type Pages struct {
	site    *web.Site
	service *roster.Service
	limit   *web.Limit
}

// New returns the pages.
func New(site *web.Site, s *roster.Service) *Pages {
	return &Pages{site, s, web.NewLimit(perSecond, burst)}
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/guardians/roster", h.plan)
	m.Handle("POST /app/guardians/roster", h.assign)
	m.Handle("GET /guardian/week/{token}", h.link)
	m.Handle("POST /guardian/week/{token}", h.answer)
}

// view is a court's plan with what was refused of the last change.
type view struct {
	roster.Plan
	Write   bool
	Refused []roster.Refusal
	Done    int
	Sent    bool
}

func (h *Pages) plan(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, r.URL.Query().Get("court"), view{})
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, courtID string, v view) (err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	if v.Plan, err = h.service.Plan(ctx, actor, courtID); err != nil {
		return err
	}
	v.Write = actor.Has(access.GuardiansWrite)
	return web.Show(w, r, web.View{Title: lang.T(ctx, "roster.title"), Nav: "guardians", Wide: true}, planPage(v))
}

// name is that of a cell's field, and of the one that says who the page showed there.
func name(l string, w guardian.Week) string { return "duty-" + l + "-" + string(w) }

func was(l string, w guardian.Week) string { return "was-" + l + "-" + string(w) }

// assign saves the whole matrix: what did not change is left alone, and what is refused is told cell by cell.
func (h *Pages) assign(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, courtID := r.Context(), web.Actor(r.Context()), f.Get("court")
	plan, err := h.service.Plan(ctx, actor, courtID)
	if err != nil {
		return err
	}
	var changes []roster.Change
	for _, row := range plan.Rows {
		for _, week := range plan.Weeks {
			if f.Has(name(row.Lang, week)) {
				changes = append(changes, roster.Change{Lang: row.Lang, Week: week, Was: f.Get(was(row.Lang, week)), To: f.Get(name(row.Lang, week))})
			}
		}
	}
	done, refused, err := h.service.Assign(ctx, actor, courtID, changes)
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		return h.show(w, r, courtID, view{Refused: refused, Done: done, Sent: true})
	}
	h.site.SayN(w, "roster.saved", done)
	return web.Redirect(w, r, "/app/guardians/roster?court="+url.QueryEscape(courtID))
}

// choices are who can be chosen for a cell: nobody, who is there now, and all who can.
func choices(p *lang.Printer, c roster.Cell) []ui.Option {
	options := []ui.Option{{Label: p.T("roster.nobody")}}
	if c.GuardianID != "" && !slices.ContainsFunc(c.CanBe, func(a roster.Able) bool { return a.ID == c.GuardianID }) {
		options = append(options, ui.Option{Value: c.GuardianID, Label: c.Name})
	}
	for _, a := range c.CanBe {
		options = append(options, ui.Option{Value: a.ID, Label: a.Name})
	}
	return options
}

// allow says whether one more link may be answered now.
func (h *Pages) allow(w http.ResponseWriter) error {
	web.Secret(w)
	return h.limit.Take(w, h.site.Clock.Now(), "guardian.busy")
}

func (h *Pages) link(w http.ResponseWriter, r *http.Request) error {
	if err := h.allow(w); err != nil {
		return err
	}
	l, err := h.service.Link(r.Context(), r.PathValue("token"))
	if err != nil && !errors.Is(err, errs.ErrNotFound) {
		return err
	}
	if l.Lang != "" && !h.site.Catalogue.Has(r.URL.Query().Get("lang")) {
		r = r.WithContext(lang.With(r.Context(), h.site.Catalogue.Printer(l.Lang)))
	}
	status := http.StatusOK
	switch {
	case err != nil:
		status = http.StatusNotFound
	case l.Over:
		status = http.StatusGone
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "roster.link-title"), Status: status}, linkPage(l, err == nil))
}

func (h *Pages) answer(w http.ResponseWriter, r *http.Request) error {
	if err := h.allow(w); err != nil {
		return err
	}
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	answer := f.Get("answer")
	if answer != "yes" && answer != "no" {
		return errs.Invalid("error.invalid")
	}
	err = h.service.Answer(r.Context(), r.PathValue("token"), answer == "yes")
	if err != nil && !errors.Is(err, errs.ErrGone) && !errors.Is(err, errs.ErrNotFound) {
		return err
	}
	return web.Redirect(w, r, r.URL.Path+"?lang="+lang.From(r.Context()).Tag())
}
