// Package retainweb shows until when the evidence of projects is kept, by which fund and why, and takes the days from which that is counted.
//
// Goals: an office sees first what nobody can reckon yet, with what has to be entered; a day that is entered says at once until when things are kept. Limits: for how long is the fund's rule, on
// its own page.
package retainweb

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/lang"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report/retain"
	"ostoja/internal/web"
)

// Pages are the pages of keeping evidence.
type Pages struct {
	Site     *web.Site
	Service  *retain.Service
	Projects *project.Service
	// Head is what stands above each page of a project, with its sides.
	Head func(p project.Page, tab string) templ.Component
}

// Path returns the page of a project.
func Path(projectID string) string { return project.Path(projectID, "keeping") }

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/projects/keeping", h.unknown)
	m.Handle("GET /app/projects/{project}/keeping", h.project)
	m.Handle("POST /app/projects/{project}/keeping", h.enter)
}

func (h *Pages) unknown(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Service.Unknown(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "retain.work"), Nav: "projects"}, unknownPage(list))
}

func (h *Pages) project(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, web.NewForm())
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	x, err := h.Service.Project(r.Context(), web.Actor(r.Context()), r.PathValue("project"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "retain.title"), Nav: "projects", Status: f.Status(), Wide: true}, projectPage(x, f, h.Head(x.Page, "periods")))
}

func (h *Pages) enter(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, projectID := r.Context(), r.PathValue("project")
	if err = h.Projects.SetAnchor(ctx, web.Actor(ctx), projectID, f.Get("fund"), f.Get("day")); f.Fail(lang.From(ctx), err) {
		return h.show(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "retain.said")
	return web.Redirect(w, r, Path(projectID))
}

// Because says why a fund wants evidence kept.
func Because(p *lang.Printer, t retain.Term) string {
	if t.Missing == retain.Rule {
		return p.T("retain.because-unknown")
	}
	return p.N("fund.keep", t.Rule.Years, "Anchor", p.T("fund.anchor-"+string(t.Rule.Anchor)))
}

// Until says until when, as the last day on which things are there.
func Until(p *lang.Printer, t retain.Term) string {
	if !t.Known() {
		return p.T("retain.until-" + string(t.Missing))
	}
	last := p.StoredDay(t.Until)
	if last.IsZero() {
		return t.Until
	}
	return p.T("retain.until", "Day", p.DateOf(last.AddDate(0, 0, -1).Format(time.DateOnly)))
}

// enters says whether the day of a term is entered by hand.
func enters(t retain.Term) bool {
	return t.Rule.Known() && t.Rule.Anchor != fund.ProjectEnd
}
