package fundweb

import (
	"net/http"

	"ostoja/internal/lang"
	"ostoja/internal/web"
)

func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	sets, err := h.Service.List(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	l := h.setList(r, sets)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "fund.list"), Nav: menuItem, Wide: true}, listPage(shown, mayWrite(r)))
}
