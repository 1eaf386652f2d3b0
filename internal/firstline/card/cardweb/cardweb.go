// Package cardweb shows the contact cards of units: one's own on a page that can be printed, those that others share, and to who keeps one the
// form. Goals: the numbers stand first and can be pressed on a phone; how old they are stands beside them. Limits: who keeps
// cards can search, sort and take away a list of which units have one and when it was checked, and no numbers: a list of on-call phones of a
// whole country is what nobody should be able to take away.
package cardweb

import (
	"net/http"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/firstline/card"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of the cards.
type Pages struct {
	Site    *web.Site
	Service *card.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/contacts", h.desk)
	m.Handle("GET /app/contacts/{unit}", h.card)
	m.Handle("GET /app/contacts/{unit}/edit", h.edit)
	m.Handle("POST /app/contacts/{unit}/edit", h.write)
	m.Handle("POST /app/contacts/{unit}/checked", h.check)
	m.Handle("GET /app/contacts/{unit}/remove", h.confirm)
	m.Handle("POST /app/contacts/{unit}/remove", h.remove)
}

func (h *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := h.Service.Desk(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	var shown *listweb.Shown
	if len(d.Kept) > 0 {
		l := h.keptList(r, d.Kept)
		if l.Wanted() {
			return l.Send(w, r)
		}
		if shown, err = l.Open(ctx); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "card.title"), Nav: "contacts", Wide: shown != nil, With: []string{"rows.css"}}, deskPage(d, shown, h.Site.Clock.Now()))
}

func (h *Pages) card(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := h.Service.Card(ctx, web.Actor(ctx), r.PathValue("unit"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "card.title"), Nav: "contacts"}, cardPage(c, web.Actor(ctx).May(access.SiteWrite, c.UnitPath), h.Site.Clock.Now()))
}

func (h *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	c, err := h.Service.Edited(r.Context(), web.Actor(r.Context()), r.PathValue("unit"))
	if err != nil {
		return err
	}
	return h.show(w, r, c, formOf(c))
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, c card.Card, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "card.edit"), Nav: "contacts", Status: f.Status()}, formPage(c, f))
}

// formOf fills the form from a card.
func formOf(c card.Card) *web.Form {
	pairs := []string{"note", c.Note, "edition", strconv.FormatInt(c.Edition, 10)}
	if c.Shared {
		pairs = append(pairs, "shared", "1")
	}
	for i, l := range c.Lines {
		pairs = append(pairs, card.LineField("who", i), l.Who, card.LineField("phone", i), l.Phone, card.LineField("when", i), string(l.When), card.LineField("note", i), l.Note)
		if l.Inside {
			pairs = append(pairs, card.LineField("inside", i), "1")
		}
	}
	return web.NewForm(pairs...)
}

// draft reads the form. Lines in which nothing stands are left out, so that the fields of the next ones move up, as the faults name them.
func draft(f *web.Form) card.Draft {
	d := card.Draft{Note: f.Get("note"), Shared: f.Get("shared") != "", Edition: -1}
	if edition, err := strconv.ParseInt(f.Get("edition"), 10, 64); err == nil {
		d.Edition = edition
	}
	for i := range card.MostLines {
		d.Lines = append(d.Lines, card.Line{Who: f.Get(card.LineField("who", i)), Phone: f.Get(card.LineField("phone", i)), When: card.When(f.Get(card.LineField("when", i))),
			Note: f.Get(card.LineField("note", i)), Inside: f.Get(card.LineField("inside", i)) != ""})
	}
	return d.Cleaned()
}

func (h *Pages) write(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, unitID := r.Context(), web.Actor(r.Context()), r.PathValue("unit")
	c, err := h.Service.Edited(ctx, actor, unitID)
	if err != nil {
		return err
	}
	d := draft(f)
	err = h.Service.Write(ctx, actor, unitID, d)
	typed := formOf(card.Card{Lines: d.Lines, Note: d.Note, Shared: d.Shared, Edition: d.Edition})
	if typed.Fail(lang.From(ctx), err) {
		return h.show(w, r, c, typed)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "card.written")
	return web.Redirect(w, r, "/app/contacts/"+unitID)
}

func (h *Pages) check(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, unitID := r.Context(), r.PathValue("unit")
	edition, err := strconv.ParseInt(f.Get("edition"), 10, 64)
	if err != nil {
		edition = -1 // told as a card that has changed
	}
	if err := h.Service.Check(ctx, web.Actor(ctx), unitID, edition); err != nil {
		return err
	}
	h.Site.Say(w, "card.checked")
	return web.Redirect(w, r, "/app/contacts/"+unitID)
}

func (h *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	c, err := h.Service.Edited(r.Context(), web.Actor(r.Context()), r.PathValue("unit"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "card.remove"), Nav: "contacts"}, removePage(c))
}

func (h *Pages) remove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.Service.Remove(ctx, web.Actor(ctx), r.PathValue("unit")); err != nil {
		return err
	}
	h.Site.Say(w, "card.removed")
	return web.Redirect(w, r, "/app/contacts")
}

// due says how a card stands: nothing while it can be relied on.
func due(p *lang.Printer, s card.State, end time.Time) string {
	switch s {
	case card.Overdue:
		return p.T("card.overdue", "Day", p.Date(end))
	case card.Soon:
		return p.T("card.soon", "Day", p.Date(end))
	}
	return ""
}

func stateKind(s card.State) ui.Kind {
	switch s {
	case card.Overdue:
		return ui.Waiting
	case card.Soon:
		return ui.Info
	}
	return ui.Plain
}

func whens(p *lang.Printer) []ui.Option {
	options := []ui.Option{}
	for _, x := range card.Whens {
		options = append(options, ui.Option{Value: string(x), Label: p.T("card.when-" + string(x))})
	}
	return options
}

// shownLines is how many lines the form has open: those that are filled and two more.
func shownLines(f *web.Form) int {
	n := 0
	for i := range card.MostLines {
		if f.Get(card.LineField("who", i))+f.Get(card.LineField("phone", i)) != "" {
			n = i + 1
		}
	}
	return min(card.MostLines, max(3, n+2))
}
