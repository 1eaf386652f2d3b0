// Package classroomweb shows trainings: the fields of the form that makes one, the form that changes it, and on its page whether the
// public site names it. A training has no page of its own yet: what it is stands on its measurement's, so that the addresses here
// name the measurement, and app says which training that is. None does without the right to measure in the training's unit.
package classroomweb

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// TrainingOf returns the id of the training that a measurement measures, for who may change the measurement; any other is not found.
type TrainingOf func(ctx context.Context, actor access.Actor, measurementID string) (trainingID string, err error)

// Pages are the pages of the area.
type Pages struct {
	Site       *web.Site
	Service    *classroom.Service
	TrainingOf TrainingOf
	Tabs       []Tab     // of a training's page, in their order
	Summaries  []Summary // what others say under its title
}

// OwnTabs are those of this package. Others stand before or between them.
var OwnTabs = []Tab{{"sessions", "", access.TrainingsRead}}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/trainings/{training}", h.training)
	m.Handle("GET /app/evidence/measurements/{measurement}/edit", h.form)
	m.Handle("POST /app/evidence/measurements/{measurement}/edit", h.change)
	m.Handle("POST /app/evidence/measurements/{measurement}/announce", h.announce)
}

// Draft reads a training from a form with [Fields], a project and a unit.
func Draft(f *web.Form, zone *time.Location) classroom.Draft {
	return classroom.Draft{
		Title: f.Text("title"), Place: f.Text("place"), Project: f.Text("project"), UnitID: f.Get("unit"),
		HeldFrom: moment(f.Text("from"), f.Text("from-time"), zone), HeldUntil: moment(f.Text("until"), f.Text("until-time"), zone),
	}
}

// moment reads a day and a time of day in a zone; zero if they are none.
func moment(day, clock string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Part is what the page of a training's measurement shows of it to who may change it.
func (h *Pages) Part(ctx context.Context, actor access.Actor, trainingID, path string) (templ.Component, error) {
	t, err := h.Service.Training(ctx, actor, trainingID)
	return announcement(t, path), err
}

func pathOf(r *http.Request) string {
	return "/app/evidence/measurements/" + r.PathValue("measurement")
}

// editView is the form that changes a training.
type editView struct {
	classroom.Training
	Path     string // of its page
	Form     *web.Form
	Projects []string
}

// own returns the training that an address means, if the actor may change it.
func (h *Pages) own(r *http.Request) (t classroom.Training, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	trainingID, err := h.TrainingOf(ctx, actor, r.PathValue("measurement"))
	if err != nil {
		return t, err
	}
	return h.Service.Training(ctx, actor, trainingID)
}

func (h *Pages) form(w http.ResponseWriter, r *http.Request) error {
	t, err := h.own(r)
	if err != nil {
		return err
	}
	zone := lang.From(r.Context()).Zone()
	from, until := t.HeldFrom.In(zone), t.HeldUntil.In(zone)
	return h.show(w, r, t, web.NewForm("title", t.Title, "place", t.Place, "project", t.Project,
		"from", from.Format(time.DateOnly), "from-time", from.Format("15:04"), "until", until.Format(time.DateOnly), "until-time", until.Format("15:04")))
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, t classroom.Training, f *web.Form) error {
	ctx := r.Context()
	projects, err := h.Service.Projects(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.From(ctx).T("assessment.measure.edit-title"), Nav: "evidence", Status: f.Status()}, editPage(editView{t, pathOf(r), f, projects}))
}

func (h *Pages) change(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	t, err := h.own(r)
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	err = h.Service.Change(r.Context(), web.Actor(r.Context()), t.ID, Draft(f, p.Zone()))
	if f.Fail(p, err) {
		return h.show(w, r, t, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "assessment.measure.said-changed")
	return web.Redirect(w, r, pathOf(r))
}

// announce puts a training on the public site, or takes it off.
func (h *Pages) announce(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	t, err := h.own(r)
	if err != nil {
		return err
	}
	on := f.Get("on") != ""
	if err := h.Service.Announce(r.Context(), web.Actor(r.Context()), t.ID, on); err != nil {
		return err
	}
	if on {
		h.Site.Say(w, "assessment.measure.said-announced")
	} else {
		h.Site.Say(w, "assessment.measure.said-unannounced")
	}
	return web.Redirect(w, r, pathOf(r))
}
