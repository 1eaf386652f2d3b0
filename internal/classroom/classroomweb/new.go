package classroomweb

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// sections are the parts of a training's data, in the order in which a new one is filled in.
var sections = []string{"content", "trainers", "sign-up", "fund"}

type newView struct {
	Form       *web.Form
	Units      []Unit
	Programmes []Programme
}

func (h *Pages) newForm(w http.ResponseWriter, r *http.Request) error {
	return h.showNew(w, r, web.NewForm("from", "09:00", "until", "15:00"))
}

func (h *Pages) showNew(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	p := lang.From(ctx)
	v := newView{Form: f}
	var err error
	if v.Units, err = h.Units(ctx, web.Actor(ctx), access.TrainingsWrite); err != nil {
		return err
	}
	if v.Programmes, err = h.Programmes(ctx, p.Tag()); err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: Styles, Title: p.T("classroom.new.title"), Nav: "trainings", Status: f.Status()}, newPage(v))
}

func (h *Pages) create(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	p := lang.From(ctx)
	programmes, err := h.Programmes(ctx, p.Tag())
	if err != nil {
		return err
	}
	first := sessionDraft(f)
	first.Title = "" // the form's is the training's
	d := classroom.NewDraft{Content: classroom.ContentDraft{Title: f.Text("title"), Audience: f.Get("audience")}, UnitID: f.Get("unit"), Sessions: []classroom.SessionDraft{first}}
	if i := slices.IndexFunc(programmes, func(x Programme) bool { return x.ID == f.Get("programme") }); i >= 0 {
		takeOver(&d, programmes[i])
	}
	trainingID, err := h.Service.Create(ctx, web.Actor(ctx), d)
	if f.Fail(p, err) {
		return h.showNew(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "classroom.said.created")
	return web.Redirect(w, r, Path(trainingID, "edit/"+sections[0])+"?step=2")
}

// takeOver plans a training by a programme: its hours, aims and papers, and its sessions from the day that was written on. Days,
// place and seats are those of the form; the programme knows the hours.
func takeOver(d *classroom.NewDraft, x Programme) {
	c := &d.Content
	c.Title = cmp.Or(c.Title, x.Title)
	c.ProgrammeID, c.ProgrammeVersion, c.HourMinutes = x.ID, x.Version, strconv.Itoa(x.HourMinutes)
	c.Theory, c.Exercise = strconv.FormatFloat(x.Theory, 'f', -1, 64), strconv.FormatFloat(x.Exercise, 'f', -1, 64)
	c.Objectives, c.Materials = strings.Join(x.Objectives, "\n"), strings.Join(x.Materials, "\n")
	first := d.Sessions[0]
	day, err := time.Parse(time.DateOnly, first.Day)
	if err != nil || len(x.Sessions) == 0 {
		return // told at the day
	}
	d.Sessions = nil
	for _, s := range x.Sessions {
		next := first
		next.Day, next.Title, next.From, next.Until, next.UntilDay = day.AddDate(0, 0, s.Day).Format(time.DateOnly), s.Title, s.From, s.Until, ""
		d.Sessions = append(d.Sessions, next)
	}
}

func programmeOptions(p *lang.Printer, list []Programme) []ui.Option {
	options := []ui.Option{{Label: p.T("classroom.field.no-programme")}}
	for _, x := range list {
		options = append(options, ui.Option{Value: x.ID, Label: x.Title + " (" + x.Version + ")"})
	}
	return options
}
