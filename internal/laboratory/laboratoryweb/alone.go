package laboratoryweb

import (
	"net/http"

	"ostoja/internal/laboratory"
	"ostoja/internal/laboratory/casefile"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// indexView is what somebody can play.
type indexView struct {
	Cases  []casefile.Case
	Plays  map[string]laboratory.Play // the newest of each case
	Wanted bool                       // one case a month by mail
	Next   laboratory.Refresher
}

func (h *Pages) index(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := indexView{Cases: h.Service.Cases(), Plays: map[string]laboratory.Play{}}
	plays, err := h.Service.Mine(ctx, actor)
	if err != nil {
		return err
	}
	for _, x := range plays {
		if _, ok := v.Plays[x.CaseID]; !ok {
			v.Plays[x.CaseID] = x
		}
	}
	if v.Next, v.Wanted, err = h.Service.Refresher(ctx, actor); err != nil {
		return err
	}
	return web.Show(w, r, view(ctx, "laboratory.title"), indexPage(v))
}

func (h *Pages) intro(w http.ResponseWriter, r *http.Request) error {
	c, err := h.Service.Case(r.PathValue("case"))
	if err != nil {
		return err
	}
	return web.Show(w, r, view(r.Context(), "laboratory.case"), introPage(c))
}

func (h *Pages) begin(w http.ResponseWriter, r *http.Request) error {
	groupID, err := h.Service.Begin(r.Context(), web.Actor(r.Context()), r.PathValue("case"))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, groupPath(groupID))
}

func (h *Pages) refresher(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	wanted := f.Get("wanted") == "1"
	if err := h.Service.Want(r.Context(), web.Actor(r.Context()), wanted); err != nil {
		return err
	}
	if wanted {
		h.Site.Say(w, "laboratory.refresher.on-said")
	} else {
		h.Site.Say(w, "laboratory.refresher.off-said")
	}
	return web.Redirect(w, r, home)
}

func (h *Pages) stopForm(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.Stops(r.PathValue("token")); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "laboratory.stop.title")}, stopPage(false))
}

func (h *Pages) stop(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.Stop(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "laboratory.stop.title")}, stopPage(true))
}
