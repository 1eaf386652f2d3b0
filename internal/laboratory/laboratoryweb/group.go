package laboratoryweb

import (
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/laboratory"
	"ostoja/internal/laboratory/casefile"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// door asks for the code of a room, or with one in the address, which group the phone is.
func (h *Pages) door(w http.ResponseWriter, r *http.Request) error {
	return h.showDoor(w, r, web.NewForm("code", r.URL.Query().Get("code")))
}

func (h *Pages) showDoor(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	ctx := r.Context()
	var d laboratory.Door
	if f.Text("code") != "" && f.Error("code") == "" {
		if !h.limit.Allow() {
			return errs.New(errs.ErrTooMany, "hall.here.too-many")
		}
		d, err = h.Service.Door(ctx, web.Actor(ctx), f.Text("code"))
		if err != nil && !f.Fail(lang.From(ctx), err) {
			return err
		}
		if d.Mine != "" {
			return web.Redirect(w, r, groupPath(d.Mine))
		}
	}
	v := view(ctx, "laboratory.join.title")
	v.Status = f.Status()
	return web.Show(w, r, v, doorPage(d, f))
}

func (h *Pages) join(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if !h.limit.Allow() {
		return errs.New(errs.ErrTooMany, "hall.here.too-many")
	}
	groupID, err := h.Service.Join(r.Context(), web.Actor(r.Context()), f.Text("code"), number(f.Get("group")))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showDoor(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, groupPath(groupID))
}

// tableView is what a group's phone shows.
type tableView struct {
	laboratory.Table
	Phase   laboratory.Phase
	Step    int
	State   int
	Once    string // names the decision that is about to be made, so that it counts once however often it is sent
	Form    *web.Form
	Notices []string
}

// now is the step that the group stands at.
func (v tableView) now() casefile.Step { return v.Case.Steps[v.Step] }

// taken is the group's decision in the step, if it made one.
func (v tableView) taken(s casefile.Step) (laboratory.Decision, casefile.Decision, bool) {
	d, ok := v.Decisions[s.ID]
	if !ok {
		return d, casefile.Decision{}, false
	}
	x, ok := s.Decision(d.Letter)
	return d, x, ok
}

func (h *Pages) tableView(r *http.Request, f *web.Form) (v tableView, err error) {
	ctx := r.Context()
	v.Form = f
	if v.Table, err = h.Service.Table(ctx, web.Actor(ctx), r.PathValue("group")); err != nil {
		return v, err
	}
	v.Phase, v.Step = v.Stands()
	v.State = v.Position + len(v.Decisions)
	v.Notices = h.notices(v.Case, lang.From(ctx).Tag())
	if v.Once = f.Get("once"); v.Once == "" {
		v.Once = id.New()
	}
	return v, nil
}

func (h *Pages) table(w http.ResponseWriter, r *http.Request) error {
	return h.showTable(w, r, web.NewForm())
}

func (h *Pages) showTable(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	v, err := h.tableView(r, f)
	if err != nil {
		return err
	}
	shown := view(r.Context(), "laboratory.title")
	shown.Wide, shown.Status = false, f.Status()
	if waits := !v.Alone && v.Phase != laboratory.Debriefing; waits {
		if _, decided := v.Decisions[stepID(v)]; decided || v.Phase != laboratory.Deciding {
			shown.Refresh = 10 // without a script; never while somebody writes
		}
	}
	return web.Show(w, r, shown, tablePage(v))
}

func stepID(v tableView) string {
	if v.Step < len(v.Case.Steps) {
		return v.now().ID
	}
	return ""
}

func (h *Pages) tableState(w http.ResponseWriter, r *http.Request) error {
	now, err := h.Service.State(r.Context(), web.Actor(r.Context()), r.PathValue("group"))
	if err != nil {
		return err
	}
	return state(w, r, now, func() (templ.Component, error) {
		v, err := h.tableView(r, web.NewForm())
		return tablePart(v), err
	})
}

func (h *Pages) decide(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, groupID := r.Context(), r.PathValue("group")
	o, err := h.Service.Decide(ctx, web.Actor(ctx), groupID, laboratory.Draft{ID: f.Get("once"), StepID: f.Get("step"), Letter: f.Get("letter"), Reason: f.Get("reason")})
	if f.Fail(lang.From(ctx), err) {
		return h.showTable(w, r, f)
	}
	if err != nil {
		return err
	}
	switch {
	case o.Other:
		h.Site.Say(w, "laboratory.other-decided", "Letter", o.Letter)
	case o.Late:
		h.Site.Say(w, "laboratory.late-said")
	}
	return web.Redirect(w, r, groupPath(groupID))
}

func (h *Pages) forward(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.Service.Forward(r.Context(), web.Actor(r.Context()), r.PathValue("group"), number(f.Get("from"))); err != nil {
		return err
	}
	return web.Redirect(w, r, groupPath(r.PathValue("group")))
}
