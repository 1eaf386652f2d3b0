package classroomweb

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// training shows a training with its sessions.
func (h *Pages) training(w http.ResponseWriter, r *http.Request) error {
	f, err := h.Frame(r, "sessions")
	if err != nil {
		return err
	}
	v := sessionsView{Frame: f}
	turnout, err := h.turnoutList(r, f)
	if err != nil {
		return err
	}
	if turnout != nil {
		if turnout.Wanted() {
			return turnout.Send(w, r)
		}
		if v.Turnout, err = turnout.Open(r.Context()); err != nil {
			return err
		}
	}
	if f.Allowed[access.TrainingsWrite] {
		if v.Done, v.MayUndo, err = h.Service.Undoable(r.Context(), web.Actor(r.Context()), f.ID); err != nil {
			return err
		}
		if f.CancelledAt.IsZero() {
			f.Main = ui.NavItem{Label: lang.T(r.Context(), "classroom.session.add"), Href: f.Path("session")}
		}
		if v.mayAct() && f.PutOffAt.IsZero() {
			f.More = ui.NavItem{Label: lang.T(r.Context(), "classroom.act.put-off.open"), Href: f.Path("act/put-off")}
		}
		if f.State(f.Now) == classroom.Over {
			f.Main = ui.NavItem{}
		}
	}
	return web.Show(w, r, f.View(nil), f.With(sessionsPart(v)))
}

type sessionsView struct {
	*Frame
	Done    classroom.Done
	MayUndo bool
	Turnout *listweb.Shown // nil: nothing is said of it
}

// waits says whether a session was put off with its training, and gets another day.
func (v sessionsView) waits(s classroom.Session) bool {
	return !v.PutOffAt.IsZero() && s.CancelledAt.Equal(v.PutOffAt)
}

// reason is why a session is not held, where that is not said of the whole training already.
func (v sessionsView) reason(s classroom.Session) string {
	if v.waits(s) || s.CancelReason == v.CancelReason {
		return ""
	}
	return s.CancelReason
}

// whyPutOff is what was said when the training was put off; "" if it was not, or nobody said why.
func (v sessionsView) whyPutOff() string {
	if i := slices.IndexFunc(v.Sessions, v.waits); i >= 0 {
		return v.Sessions[i].CancelReason
	}
	return ""
}

// mayAct says whether anything of the training's days can still be changed.
func (v sessionsView) mayAct() bool {
	return v.Allowed[access.TrainingsWrite] && v.CancelledAt.IsZero() && v.State(v.Now) != classroom.Over
}

type sessionView struct {
	*Frame
	Session *classroom.Session // nil of a new one
	Form    *web.Form
}

func (v sessionView) path() string {
	if v.Session == nil {
		return v.Path("session")
	}
	return v.Path("session/" + v.Session.ID)
}

// severalDays says whether the session ends on another day than it begins.
func (v sessionView) severalDays(p *lang.Printer) bool {
	return v.Session != nil && p.Date(v.Session.StartsAt) != p.Date(v.Session.EndsAt) || v.Form.Get("until-day") != ""
}

// writable returns the frame for who may plan the training, and the session that the address names.
func (h *Pages) writable(r *http.Request) (v sessionView, err error) {
	if v.Frame, err = h.plannable(r); err != nil {
		return v, err
	}
	sessionID := r.PathValue("session")
	if sessionID == "" {
		return v, nil
	}
	i := slices.IndexFunc(v.Sessions, func(s classroom.Session) bool { return s.ID == sessionID })
	if i < 0 {
		return v, errs.NotFound("error.not-found")
	}
	v.Session = &v.Sessions[i]
	return v, nil
}

// plannable returns the frame of a training for who may plan it.
func (h *Pages) plannable(r *http.Request) (*Frame, error) {
	f, err := h.Frame(r, "")
	if err == nil && !f.Allowed[access.TrainingsWrite] {
		err = errs.Forbidden("error.forbidden")
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (h *Pages) sessionForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.writable(r)
	if err != nil {
		return err
	}
	zone := lang.From(r.Context()).Zone()
	f := web.NewForm("edition", strconv.Itoa(v.Edition), "from", "09:00", "until", "15:00")
	from := classroom.Session{}
	if v.Session != nil {
		from = *v.Session
		f.Values["trainers"] = v.Own[v.Session.ID]
	} else if n := len(v.Sessions); n > 0 { // the next day, in the same house
		from = v.Sessions[n-1]
		from.Title, from.StartsAt, from.EndsAt = "", from.StartsAt.In(zone).AddDate(0, 0, 1), from.EndsAt.In(zone).AddDate(0, 0, 1)
	}
	if !from.StartsAt.IsZero() {
		start, end := from.StartsAt.In(zone), from.EndsAt.In(zone)
		f.Set("day", start.Format(time.DateOnly))
		f.Set("from", start.Format("15:04"))
		f.Set("until", end.Format("15:04"))
		if last := end.Format(time.DateOnly); last != f.Get("day") {
			f.Set("until-day", last)
		}
		for name, value := range map[string]string{"title": from.Title, "place": from.Place, "address": from.Address, "access": from.AccessNotes, "room": from.Room, "link": from.Link} {
			f.Set(name, value)
		}
		if from.Capacity != nil {
			f.Set("capacity", strconv.Itoa(*from.Capacity))
		}
	}
	v.Form = f
	return h.showSession(w, r, v)
}

func (h *Pages) showSession(w http.ResponseWriter, r *http.Request, v sessionView) error {
	return web.Show(w, r, v.View(v.Form), sessionPage(v))
}

// sessionDraft reads the fields of a session.
func sessionDraft(f *web.Form) classroom.SessionDraft {
	return classroom.SessionDraft{
		Title: f.Text("title"), Day: f.Text("day"), From: f.Text("from"), Until: f.Text("until"), UntilDay: f.Text("until-day"), Place: f.Text("place"), Address: f.Text("address"),
		AccessNotes: f.Get("access"), Room: f.Text("room"), Link: f.Text("link"), Capacity: f.Text("capacity"), Trainers: slices.Clone(f.Values["trainers"]),
	}
}

// edition is which edition of the training the form was made from.
func edition(f *web.Form) int {
	n, err := strconv.Atoi(f.Get("edition"))
	if err != nil {
		return -1 // none: the form is shown again with the present one
	}
	return n
}

func (h *Pages) saveSession(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.writable(r)
	if err != nil {
		return err
	}
	v.Form = f
	twice, err := h.Service.SaveSession(r.Context(), web.Actor(r.Context()), v.ID, r.PathValue("session"), edition(f), sessionDraft(f))
	if f.Fail(lang.From(r.Context()), err) {
		f.Set("edition", strconv.Itoa(v.Edition)) // who sends it again has been told
		return h.showSession(w, r, v)
	}
	if err != nil {
		return err
	}
	if twice {
		h.Site.Say(w, "classroom.said.session-twice")
	} else {
		h.Site.Say(w, "classroom.said.session")
	}
	return web.Redirect(w, r, v.Path(""))
}

func (h *Pages) cancelForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.writable(r)
	if err != nil {
		return err
	}
	v.Form = web.NewForm("edition", strconv.Itoa(v.Edition))
	return web.Show(w, r, v.View(nil), cancelPage(v))
}

func (h *Pages) cancelSession(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.writable(r)
	if err != nil {
		return err
	}
	v.Form = f
	err = h.Service.CancelSession(r.Context(), web.Actor(r.Context()), v.ID, v.Session.ID, edition(f), f.Get("reason"))
	if f.Fail(lang.From(r.Context()), err) {
		f.Set("edition", strconv.Itoa(v.Edition))
		return web.Show(w, r, v.View(f), cancelPage(v))
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "classroom.said.session-cancelled")
	return web.Redirect(w, r, v.Path(""))
}
