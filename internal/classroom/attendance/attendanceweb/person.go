package attendanceweb

import (
	"net/http"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// personView is what the roll says of one person, and how it came to that.
type personView struct {
	attendance.Roll
	Row       attendance.Row
	Form      *web.Form
	Now       time.Time
	MayUndo   bool
	Words     string // that were looked for among the people
	Found     []Person
	MayFind   bool
	MayEnter  bool
	PersonURL string // to enter somebody
}

func (h *Pages) person(w http.ResponseWriter, r *http.Request) error {
	return h.showPerson(w, r, nil)
}

// showPerson shows what was typed, or else what counts now.
func (h *Pages) showPerson(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	p := lang.From(ctx)
	roll, err := h.Service.Roll(ctx, actor, r.PathValue("session"))
	if err != nil {
		return err
	}
	row, found := roll.Row(r.PathValue("who"))
	if !found {
		return errs.NotFound("error.not-found")
	}
	if st := row.Standing; f == nil {
		f = web.NewForm("state", string(st.State), "from", clock(p, st.FromAt), "until", clock(p, st.UntilAt), "note", st.Note)
	}
	v := personView{
		Roll: roll, Row: row, Form: f, Now: h.Service.Now(), Words: r.URL.Query().Get("q"),
		MayUndo: roll.Closing == nil && row.Standing.MayUndo(deviceOf(r), h.Service.Now()),
		MayFind: actor.Has(access.PeopleRead), MayEnter: actor.Has(access.PeopleWrite),
	}
	if row.WalkIn && v.Words != "" && v.MayFind {
		if v.Found, err = h.Find(ctx, actor, v.Words); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{With: files, Title: lang.T(ctx, "hall.person.title"), Nav: "trainings", Status: f.Status()}, personPage(v))
}

// mark takes what is said of one person: in an open session as a mark, in a closed one as a correction with its reason.
func (h *Pages) mark(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, sessionID, who := r.Context(), web.Actor(r.Context()), r.PathValue("session"), r.PathValue("who")
	c := attendance.Correction{State: attendance.State(f.Get("state")), From: f.Text("from"), Until: f.Text("until"), Note: f.Text("note"), Reason: f.Text("reason")}
	x, err := h.Service.Session(ctx, actor, sessionID)
	if err != nil {
		return err
	}
	if x.ClosedAt.IsZero() {
		err = h.Service.Detail(ctx, actor, sessionID, deviceOf(r), who, c)
	} else {
		err = h.Service.Correct(ctx, actor, sessionID, who, c)
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showPerson(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "hall.person.said")
	return web.Redirect(w, r, pathOf(x))
}

func (h *Pages) undo(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	ctx, sessionID := r.Context(), r.PathValue("session")
	if err := h.Service.Undo(ctx, web.Actor(ctx), sessionID, deviceOf(r), r.PathValue("who")); err != nil {
		return err
	}
	h.Site.Say(w, "hall.person.said-undone")
	return web.Redirect(w, r, "/app/hall/"+sessionID)
}

// link says who of the people a walk-in is.
func (h *Pages) link(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, sessionID := r.Context(), r.PathValue("session")
	if err := h.Service.Link(ctx, web.Actor(ctx), sessionID, r.PathValue("who"), f.Get("person")); err != nil {
		return err
	}
	h.Site.Say(w, "hall.person.said-linked")
	return web.Redirect(w, r, "/app/hall/"+sessionID)
}
