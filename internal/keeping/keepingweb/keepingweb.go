// Package keepingweb shows each person what is kept about them, why and until when, and what was erased.
package keepingweb

import (
	"net/http"
	"slices"

	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of keeping.
type Pages struct{ Service *keeping.Service }

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) { m.Handle("GET /app/account/kept", h.mine) }

func (h *Pages) mine(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Service.Mine(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	var v view
	_, v.ByAge = h.Service.Kinds()
	for _, e := range list {
		if e.ErasedAt.IsZero() {
			v.Kept = append(v.Kept, e)
		} else {
			v.Erased = append(v.Erased, e)
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "keeping.title"), Nav: "account"}, minePage(v))
}

// view is what the page shows.
type view struct {
	Kept, Erased []keeping.Entry
	ByAge        []keeping.Kind
}

func keptPairs(p *lang.Printer, list []keeping.Entry) (pairs []ui.Pair) {
	for _, e := range list {
		pairs = append(pairs, ui.Pair{Term: p.T("keeping.what-" + string(e.Kind)), Text: p.T("keeping.why-"+string(e.Kind)) + " " + p.T("keeping.until", "Moment", p.DateTime(e.Until))})
	}
	return pairs
}

func erasedPairs(p *lang.Printer, list []keeping.Entry) (pairs []ui.Pair) {
	for _, e := range list {
		pairs = append(pairs, ui.Pair{Term: p.T("keeping.what-" + string(e.Kind)), Text: p.T("keeping.erased-at", "Moment", p.DateTime(e.ErasedAt))})
	}
	return pairs
}

// standing names what is kept of everybody, as long as the rules of its area say: texts alone.
var standing = []string{"account", "learning", "certificate", "letters", "sessions", "record"}

func standingPairs(p *lang.Printer, byAge []keeping.Kind) (pairs []ui.Pair) {
	names := slices.Clone(standing)
	for _, k := range byAge {
		names = append(names, string(k))
	}
	for _, name := range names {
		pairs = append(pairs, ui.Pair{Term: p.T("keeping.standing-" + name), Text: p.T("keeping.standing-why-" + name)})
	}
	return pairs
}
