// Package actweb shows what was done to many and undoes it: a notice for the head of an area's pages ([Notices]), and a page of the act that
// says afterwards what could not be taken back.
//
// Goals: the notice says what was done to how many, until when it can be undone, and how many letters wait; what comes too late, twice or
// from somebody else is answered in words. Limits: it knows no area's rows and shows no names.
package actweb

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"ostoja/internal/act"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// Pages are the pages of acts.
type Pages struct {
	Site    *web.Site
	Service *act.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/acts/{act}", h.show)
	m.Handle("POST /app/acts/{act}/undo", h.undo)
	m.Handle("POST /app/acts/{act}/send", h.send)
}

type view struct {
	act.Told
	Now time.Time
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request) error {
	t, err := h.Service.One(r.Context(), web.Actor(r.Context()), r.PathValue("act"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "act.title")}, actPage(view{t, h.Service.Now()}))
}

// undo takes an act back. Where all of it was, the page is shown on which the notice stood; else the act's, which says why.
func (h *Pages) undo(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	actID := r.PathValue("act")
	u, err := h.Service.Undo(r.Context(), web.Actor(r.Context()), actID)
	if err != nil {
		return err
	}
	back := web.LocalPath(f.Get("back"))
	if u.Stays > 0 || back == "" {
		return web.Redirect(w, r, "/app/acts/"+actID)
	}
	if u.Letters > 0 {
		h.Site.SayN(w, "act.said-undone-letters", u.Letters)
	} else {
		h.Site.Say(w, "act.said-undone")
	}
	return web.Redirect(w, r, back)
}

func (h *Pages) send(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	actID := r.PathValue("act")
	n, err := h.Service.Send(r.Context(), web.Actor(r.Context()), actID)
	if err != nil {
		return err
	}
	h.Site.SayN(w, "act.said-sent", n)
	back := web.LocalPath(f.Get("back"))
	if back == "" {
		back = "/app/acts/" + actID
	}
	return web.Redirect(w, r, back)
}

// reasons are why things stay, in a constant order.
func reasons(t act.Told) []string { return slices.Sorted(maps.Keys(t.Stays)) }

// sum is how many stay.
func sum(t act.Told) (n int) {
	for _, x := range t.Stays {
		n += x
	}
	return n
}
