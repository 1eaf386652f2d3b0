// Package agreementweb shows the comparison of two people with the kit's table: the rounds, one situation a page, and what came out, on a page that prints
// and as files. Goals: what is chosen is saved with each page, without a script; nothing of the other's choices and none of our steps is on a page
// before both are done. Limits: results name nobody, since the comparison is about the table.
package agreementweb

import (
	"net/http"
	"strconv"

	"ostoja/internal/errs"
	"ostoja/internal/firstline"
	"ostoja/internal/firstline/agreement"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of the comparison.
type Pages struct {
	Site    *web.Site
	Service *agreement.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/agreement", h.desk)
	m.Handle("POST /app/agreement", h.begin)
	m.Handle("GET /app/agreement/{round}", h.round)
	m.Handle("POST /app/agreement/{round}/join", h.join)
	m.Handle("GET /app/agreement/{round}/situations/{number}", h.situation)
	m.Handle("POST /app/agreement/{round}/situations/{number}", h.say)
	m.Handle("POST /app/agreement/{round}/finish", h.finish)
	m.Handle("GET /app/agreement/{round}/result", h.result)
	m.Handle("GET /app/agreement/{round}/result/{file}", h.export)
	m.Handle("GET /app/agreement/{round}/remove", h.confirm)
	m.Handle("POST /app/agreement/{round}/remove", h.remove)
}

const home = "/app/agreement"

func roundPath(id string) string { return home + "/" + id }

func situationPath(id string, number int) string {
	return roundPath(id) + "/situations/" + strconv.Itoa(number)
}

func view(r *http.Request, key string) web.View {
	return web.View{Title: lang.T(r.Context(), key), Nav: "site", With: []string{"rows.css"}}
}

func (h *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	return h.showDesk(w, r, web.NewForm())
}

func (h *Pages) showDesk(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	rounds, units, err := h.Service.Desk(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	v := view(r, "agreement.title")
	v.Status = f.Status()
	return web.Show(w, r, v, deskPage(deskView{rounds, units, len(h.Service.Table().Situations) > 0}, f))
}

// deskView is what the first page shows.
type deskView struct {
	Rounds     []agreement.Round
	Units      []agreement.Unit
	Situations bool // the office's kit has some
}

func (h *Pages) begin(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	roundID, err := h.Service.Begin(r.Context(), web.Actor(r.Context()), f.Get("unit"))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showDesk(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "agreement.begun")
	return web.Redirect(w, r, roundPath(roundID))
}

// roundView is a round as one person sees it.
type roundView struct {
	agreement.Round
	Said    agreement.Said
	Table   *agreement.Table
	Address string // for the second person
}

func (h *Pages) round(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	if v.Complete() {
		return web.Redirect(w, r, roundPath(v.ID)+"/result")
	}
	return h.showRound(w, r, v, web.NewForm())
}

func (h *Pages) read(r *http.Request) (v roundView, err error) {
	v.Table = h.Service.Table()
	v.Round, v.Said, err = h.Service.Round(r.Context(), web.Actor(r.Context()), r.PathValue("round"))
	v.Address = h.Site.BaseURL + roundPath(v.ID)
	return v, err
}

func (h *Pages) showRound(w http.ResponseWriter, r *http.Request, v roundView, f *web.Form) error {
	page := view(r, "agreement.title")
	page.Status = f.Status()
	return web.Show(w, r, page, roundPage(v, f))
}

func (h *Pages) join(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.Join(r.Context(), web.Actor(r.Context()), r.PathValue("round")); err != nil {
		return err
	}
	h.Site.Say(w, "agreement.joined")
	return web.Redirect(w, r, roundPath(r.PathValue("round")))
}

// own reads one's own round and which situation the address names, counted from 1.
func (h *Pages) own(r *http.Request) (v roundView, number int, err error) {
	if v, err = h.read(r); err != nil {
		return v, 0, err
	}
	number, err = strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 || number > len(v.Table.Situations) || v.Mine == 0 {
		return v, 0, errs.NotFound("error.not-found").Because(err)
	}
	return v, number, nil
}

func (h *Pages) situation(w http.ResponseWriter, r *http.Request) error {
	v, number, err := h.own(r)
	if err != nil {
		return err
	}
	if v.Me().Done() {
		return web.Redirect(w, r, roundPath(v.ID))
	}
	return h.showSituation(w, r, v, number, web.NewForm("step", string(v.Said[v.Table.Situations[number-1].ID])))
}

func (h *Pages) showSituation(w http.ResponseWriter, r *http.Request, v roundView, number int, f *web.Form) error {
	page := web.View{Title: lang.T(r.Context(), "agreement.situation", "Number", number, "Of", len(v.Table.Situations)), Nav: "site", Status: f.Status()}
	return web.Show(w, r, page, situationPage(v, number, f))
}

func (h *Pages) say(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, number, err := h.own(r)
	if err != nil {
		return err
	}
	s := v.Table.Situations[number-1]
	err = h.Service.Say(r.Context(), web.Actor(r.Context()), v.ID, s.ID, firstline.Urgency(f.Get("step")))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showSituation(w, r, v, number, f)
	}
	if err != nil {
		return err
	}
	v.Said[s.ID] = firstline.Urgency(f.Get("step"))
	if next := v.Table.Next(v.Said, number); next > 0 {
		return web.Redirect(w, r, situationPath(v.ID, next))
	}
	return web.Redirect(w, r, roundPath(v.ID))
}

func (h *Pages) finish(w http.ResponseWriter, r *http.Request) error {
	f := web.NewForm()
	err := h.Service.Finish(r.Context(), web.Actor(r.Context()), r.PathValue("round"))
	if f.Fail(lang.From(r.Context()), err) {
		v, err := h.read(r)
		if err != nil {
			return err
		}
		return h.showRound(w, r, v, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "agreement.finished")
	return web.Redirect(w, r, roundPath(r.PathValue("round")))
}

func (h *Pages) result(w http.ResponseWriter, r *http.Request) error {
	round, result, err := h.Service.Result(r.Context(), web.Actor(r.Context()), r.PathValue("round"))
	if err != nil {
		return err
	}
	v := view(r, "agreement.result")
	v.Wide = true
	return web.Show(w, r, v, resultPage(roundView{Round: round, Table: h.Service.Table()}, result))
}

func (h *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	if v.Mine == 0 {
		return errs.NotFound("error.not-found")
	}
	return web.Show(w, r, view(r, "agreement.remove"), removePage(v))
}

func (h *Pages) remove(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.Remove(r.Context(), web.Actor(r.Context()), r.PathValue("round")); err != nil {
		return err
	}
	h.Site.Say(w, "agreement.removed")
	return web.Redirect(w, r, home)
}

// state says how a round stands; amber is for what waits on who reads it.
func state(p *lang.Printer, r agreement.Round) (kind ui.Kind, said string) {
	switch {
	case r.Complete():
		return ui.Info, p.T("agreement.state-complete")
	case r.Open():
		kind, said = ui.Plain, p.T("agreement.state-open")
		if r.Mine == 0 {
			kind = ui.Waiting
		}
	default:
		kind, said = ui.Plain, p.T("agreement.state-running")
	}
	if r.Mine > 0 && !r.Me().Done() {
		kind = ui.Waiting
	}
	return kind, said
}

// options are the steps to choose from, in the words of the kit's own headings.
func options(p *lang.Printer, t *agreement.Table) (list []ui.Option) {
	for _, u := range firstline.Urgencies {
		list = append(list, ui.Option{Value: string(u), Label: t.Word(p.Tag(), u), Hint: p.T("agreement.hint-" + string(u))})
	}
	return list
}

func unitOptions(units []agreement.Unit) (list []ui.Option) {
	for _, u := range units {
		list = append(list, ui.Option{Value: u.ID, Label: u.Name})
	}
	return list
}

// column is what the result calls somebody's place in the round.
func column(p *lang.Printer, place int) string {
	if place == 1 {
		return p.T("agreement.first")
	}
	return p.T("agreement.second")
}
