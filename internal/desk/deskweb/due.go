package deskweb

import (
	"net/http"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// duePage asks for the day of those who were chosen.
type duePage struct {
	view
	Form     *web.Form
	Chosen   desk.Selection
	People   int // under way among them
	Selected int // that were ticked, those who are not under way too; 0 with all
}

// due asks for a day, and sets it when the form says so.
func (h *Pages) due(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, p := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	v := duePage{Form: f, Chosen: desk.Selection{Enrolments: f.Values["enrolment"], All: f.Get("all") != ""}}
	v.Query, v.filter = parse(f.Values)
	v.Chosen.Filter = v.Filter
	if v.Course, err = h.Service.Course(ctx, r.PathValue("course")); err != nil {
		return err
	}
	v.Title = v.Course.Title.In(p.Tag())
	list := v.Query.With(v.path("/people"))
	ids, err := h.Service.Chosen(ctx, actor, v.Course.ID, v.Chosen)
	if f.Fail(p, err) {
		h.Site.Say(w, "desk.remind.nobody")
		return web.Redirect(w, r, list)
	}
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		h.Site.Say(w, "desk.due.nobody")
		return web.Redirect(w, r, list)
	}
	if v.People = len(ids); !v.Chosen.All {
		v.Selected = len(v.Chosen.Enrolments)
	}
	if f.Get("act") == "" {
		return h.showDue(w, r, v)
	}
	due, err := h.Service.ReadDue(f.Get("due-day"), f.Get("days"))
	if err == nil && due.IsZero() != (f.Get("act") == "clear") {
		due, err = time.Time{}, nil
		if f.Get("act") != "clear" {
			err = errs.Invalid("desk.due.missing")
		}
	}
	if f.Fail(p, err) {
		return h.showDue(w, r, v)
	}
	if err != nil {
		return err
	}
	n, err := h.Enroller.SetDue(ctx, actor, v.Course.ID, ids, due)
	if err != nil {
		return err
	}
	if due.IsZero() {
		h.Site.SayN(w, "desk.due.cleared", n)
	} else {
		h.Site.SayN(w, "desk.due.said", n)
	}
	return web.Redirect(w, r, list)
}

func (h *Pages) showDue(w http.ResponseWriter, r *http.Request, v duePage) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "desk.due.title"), Nav: "desk", Status: v.Form.Status()}, dueForm(v))
}

// dueChip is the colour of a day: grey beyond seven days, amber within, solid amber past.
func dueChip(x desk.Person, now time.Time, zone *time.Location) ui.Kind {
	switch n := clock.DaysBetween(now, x.DueAt, zone); {
	case x.Overdue(now):
		return ui.Late
	case n <= 7 && remindable(x):
		return ui.Waiting
	}
	return ui.Plain
}

func overdueWord(p *lang.Printer, x desk.Person, now time.Time) any {
	if x.Overdue(now) {
		return p.T("desk.due-late")
	}
	return nil
}

// dueShort says a day in the list: "15 gru", and that it is over.
func dueShort(p *lang.Printer, x desk.Person, now time.Time) string {
	if x.Overdue(now) {
		return p.T("desk.due.late-short", "Day", p.Day(x.DueAt, now))
	}
	return p.Day(x.DueAt, now)
}
