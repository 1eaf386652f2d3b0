package attendanceweb

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/classroom/attendance"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// closingView is what stands for and against closing a session.
type closingView struct {
	attendance.Roll
	Form      *web.Form
	Now       time.Time
	Obstacles []attendance.Obstacle
	MayReopen bool
}

func (h *Pages) closing(w http.ResponseWriter, r *http.Request) error {
	return h.showClosing(w, r, web.NewForm())
}

func (h *Pages) showClosing(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	roll, err := h.Service.Roll(ctx, actor, r.PathValue("session"))
	if err != nil {
		return err
	}
	number := func(name string, n *int) {
		if _, typed := f.Values[name]; !typed && n != nil {
			f.Set(name, strconv.Itoa(*n))
		}
	}
	number("heads", roll.Counts.Heads)
	number("signatures", roll.Counts.Signatures)
	v := closingView{Roll: roll, Form: f, Now: h.Service.Now(), Obstacles: roll.Obstacles(h.Service.Now()), MayReopen: attendance.MayReopen(actor, roll.Session)}
	return web.Show(w, r, web.View{With: files, Title: lang.T(ctx, "hall.close.title"), Nav: "trainings", Status: f.Status()}, closingPage(v))
}

// close writes down the numbers that were typed and closes the session.
func (h *Pages) close(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, sessionID := r.Context(), web.Actor(r.Context()), r.PathValue("session")
	if err = h.counted(r, f); err == nil {
		err = h.Service.Close(ctx, actor, sessionID, f.Text("reason"))
	}
	if f.Get("json") != "" {
		return closedJSON(w, r, f, err)
	}
	if p := lang.From(ctx); f.Fail(p, err) {
		if errors.Is(err, errs.ErrConflict) { // somebody closed it meanwhile: what was typed can still be a note
			f.Set("note", typed(p, f))
		}
		return h.showClosing(w, r, f)
	}
	if err != nil {
		return err
	}
	roll, err := h.Service.Roll(ctx, actor, sessionID)
	if err != nil {
		return err
	}
	if next := roll.Next(h.Service.Now(), lang.From(ctx).Zone()); next != nil { // the day goes on
		h.Site.Say(w, "hall.close.said-next")
		return web.Redirect(w, r, pathOf(*next))
	}
	h.Site.Say(w, "hall.close.said")
	return web.Redirect(w, r, "/app/hall/"+sessionID+"/close")
}

// typed is what somebody wrote to close a session, in words.
func typed(p *lang.Printer, f *web.Form) string {
	var lines []string
	for _, x := range [][2]string{{"heads", p.T("hall.close.heads") + ": "}, {"signatures", p.T("hall.close.signatures") + ": "}, {"reason", ""}} {
		if s := f.Text(x[0]); s != "" {
			lines = append(lines, x[1]+s)
		}
	}
	return strings.Join(lines, "\n")
}

// counted writes down the numbers of a form; what is empty is not counted.
func (h *Pages) counted(r *http.Request, f *web.Form) error {
	var faults errs.Fields
	read := func(name string) *int {
		s := f.Text(name)
		if s == "" {
			return nil
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			faults.Add(name, "hall.number-fault")
		}
		return &n
	}
	heads, signatures := read("heads"), read("signatures")
	if err := faults.Err(); err != nil {
		return err
	}
	return h.Service.Count(r.Context(), web.Actor(r.Context()), r.PathValue("session"), deviceOf(r), heads, signatures)
}

// count only writes down the numbers: heads are counted in the morning, signatures in the evening.
func (h *Pages) count(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err = h.counted(r, f); f.Fail(lang.From(r.Context()), err) {
		return h.showClosing(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "hall.said-saved")
	return web.Redirect(w, r, "/app/hall/"+r.PathValue("session")+"/close")
}

func (h *Pages) note(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, sessionID := r.Context(), r.PathValue("session")
	if err = h.Service.Write(ctx, web.Actor(ctx), sessionID, deviceOf(r), f.Text("note")); f.Fail(lang.From(ctx), err) {
		return h.showClosing(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "hall.close.said-note")
	return web.Redirect(w, r, "/app/hall/"+sessionID+"/close")
}

func (h *Pages) reopenForm(w http.ResponseWriter, r *http.Request) error {
	return h.showReopen(w, r, web.NewForm())
}

func (h *Pages) showReopen(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	x, err := h.Service.Session(ctx, actor, r.PathValue("session"))
	switch {
	case err != nil:
		return err
	case !attendance.MayReopen(actor, x):
		return errs.Forbidden("error.forbidden")
	case x.ClosedAt.IsZero():
		return errs.Conflict("hall.open-already")
	}
	return web.Show(w, r, web.View{With: files, Title: lang.T(ctx, "hall.reopen.title"), Nav: "trainings", Status: f.Status()}, reopenPage(x, f))
}

func (h *Pages) reopen(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, sessionID := r.Context(), r.PathValue("session")
	if err = h.Service.Reopen(ctx, web.Actor(ctx), sessionID, f.Text("reason")); f.Fail(lang.From(ctx), err) {
		return h.showReopen(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "hall.reopen.said")
	return web.Redirect(w, r, "/app/hall/"+sessionID)
}
