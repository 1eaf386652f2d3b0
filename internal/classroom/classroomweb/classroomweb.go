// Package classroomweb shows trainings: the list, the calendar of months, what is to be done, and a training's page with its tabs, on
// which other packages' pages stand too ([Pages.Frame]). A form keeps what was typed, also when somebody else changed the training
// meanwhile. The fields of a training that is made together with its measurement are here too, and its old addresses, which name the
// measurement.
package classroomweb

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/classroom/overview"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// TrainingOf returns the id of the training that a measurement measures, for who may change the measurement; any other is not found.
type TrainingOf func(ctx context.Context, actor access.Actor, measurementID string) (trainingID string, err error)

// Unit is a unit to choose from, in the order of the tree.
type Unit struct {
	ID    string
	Name  string
	Depth int // 0 for an organisation
}

// Programme is a classroom programme that can be taught, in the reader's language.
type Programme struct {
	ID, Version, Title string
	HourMinutes        int
	Theory, Exercise   float64 // hours
	Objectives         []string
	Materials          []string
	Sessions           []PlannedSession
}

// PlannedSession is a session as a programme plans it.
type PlannedSession struct {
	Day         int // of the training, from 0
	Title       string
	From, Until string // 09:00
}

// Result is a measurement of a training.
type Result struct {
	ID, Title    string
	Participants int
	Closed       bool
}

// Deps are what the pages stand on.
type Deps struct {
	Site       *web.Site
	Service    *classroom.Service
	Overview   *overview.Service
	Attendance *attendance.Service
	TrainingOf TrainingOf
	Units      func(ctx context.Context, actor access.Actor, p access.Permission) ([]Unit, error)
	Courses    func(ctx context.Context, lang string) ([]ui.Option, error) // that can be taken online before a training
	Programmes func(ctx context.Context, lang string) ([]Programme, error)
	Regions    func(lang string) []ui.Option
	Kinds      []string // of institutions: the text people.kind-KIND names each
	Results    func(ctx context.Context, actor access.Actor, trainingID, lang string) ([]Result, error)
	// Certificates returns how many certificates of attendance a training that is over still owes.
	Certificates func(ctx context.Context, actor access.Actor, trainingID string) (int, error)
	Tabs         []Tab     // of a training's page, in their order
	Summaries    []Summary // what others say under its title
}

// Pages are the pages of the area.
type Pages struct{ Deps }

// New returns the pages.
func New(d Deps) *Pages { return &Pages{d} }

// The tabs of this package. Others stand before and between them.
var (
	SessionsTab = Tab{"sessions", "", access.TrainingsRead}
	ResultsTab  = Tab{"results", "results", access.TrainingsRead}
	DataTab     = Tab{"data", "data", access.TrainingsRead}
)

// Styles are those of the pages of trainings, which others do without.
var Styles = []string{"classroom.css"}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/trainings", h.list)
	m.Handle("GET /app/trainings/calendar", h.calendar)
	m.Handle("GET /app/trainings/desk", h.desk)
	m.Handle("GET /app/trainings/new", h.newForm)
	m.Handle("POST /app/trainings/new", h.create)
	m.Handle("GET /app/trainings/{training}", h.training)
	m.Handle("GET /app/trainings/{training}/session", h.sessionForm)
	m.Handle("POST /app/trainings/{training}/session", h.saveSession)
	m.Handle("GET /app/trainings/{training}/session/{session}", h.sessionForm)
	m.Handle("POST /app/trainings/{training}/session/{session}", h.saveSession)
	m.Handle("GET /app/trainings/{training}/session/{session}/cancel", h.cancelForm)
	m.Handle("POST /app/trainings/{training}/session/{session}/cancel", h.cancelSession)
	m.Handle("GET /app/trainings/{training}/act/{kind}", h.actForm)
	m.Handle("POST /app/trainings/{training}/act/{kind}", h.act)
	m.Handle("POST /app/trainings/{training}/undo", h.undo)
	m.Handle("GET /app/trainings/{training}/duplicate", h.duplicateForm)
	m.Handle("POST /app/trainings/{training}/duplicate", h.duplicate)
	m.Handle("GET /app/trainings/{training}/data", h.data)
	m.Handle("GET /app/trainings/{training}/edit/{section}", h.sectionForm)
	m.Handle("POST /app/trainings/{training}/edit/{section}", h.saveSection)
	m.HandleUpload("POST /app/trainings/{training}/emblem", classroom.MostEmblemBytes+web.FormLimit, h.addEmblem)
	m.Handle("GET /app/trainings/{training}/emblem/{position}", h.emblem)
	m.Handle("POST /app/trainings/{training}/emblem/{position}", h.removeEmblem)
	m.Handle("POST /app/trainings/{training}/announce", h.announceTraining)
	m.Handle("GET /app/trainings/{training}/results", h.results)
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
	return web.Show(w, r, web.View{With: Styles, Title: lang.From(ctx).T("assessment.measure.edit-title"), Nav: "evidence", Status: f.Status()}, editPage(editView{t, pathOf(r), f, projects}))
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
