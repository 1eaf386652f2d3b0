// Package spotweb shows on-the-spot checks of a project: what was drawn and how, who was drawn as numbers with their proofs, and the papers as a ZIP.
//
// Goals: on the day of a check one press draws and one press takes the papers to the table; whatever tells who somebody is asks for a reason. Limits: no name is in an address or a
// title, and only who asked for it sees one.
package spotweb

import (
	"context"
	"net/http"
	"strconv"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report/reportweb"
	"ostoja/internal/report/spot"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of checks.
type Pages struct {
	Site    *web.Site
	Service *spot.Service
	Frame   reportweb.Frame
	// Funds returns the rule sets that there are.
	Funds func(ctx context.Context, actor access.Actor) ([]fund.Rules, error)
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/projects/{project}/check", h.list)
	m.Handle("POST /app/projects/{project}/check", h.draw)
	m.Handle("GET /app/projects/{project}/check/{check}", h.check)
	m.Handle("POST /app/projects/{project}/check/{check}", h.reveal)
	m.Handle("POST /app/projects/{project}/check/{check}/papers", h.papers)
}

type listView struct {
	*Pages
	project.Page
	Checks []spot.Check
	Sets   []fund.Rules // of the project's funds
	Form   *web.Form
}

// called is what a fund is called in short.
func (v listView) called(p *lang.Printer, fundID string) string {
	for _, set := range v.Sets {
		if set.ID == fundID {
			return v.Frame.Called(p, set)
		}
	}
	return fundID
}

func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	return h.showList(w, r, web.NewForm("people", strconv.Itoa(spot.Usual), "period", "0"))
}

func (h *Pages) showList(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := listView{Pages: h, Form: f}
	if v.Page, v.Checks, err = h.Service.List(ctx, actor, r.PathValue("project")); err != nil {
		return err
	}
	if !v.Dated() {
		return errs.NotFound("error.not-found")
	}
	all, err := h.Funds(ctx, actor)
	if err != nil {
		return err
	}
	for _, share := range v.Shares {
		for _, set := range all {
			if set.ID == share.FundID {
				v.Sets = append(v.Sets, set)
			}
		}
	}
	if f.Get("fund") == "" && len(v.Sets) > 0 {
		f.Set("fund", v.Sets[0].ID)
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "reportspot.title"), Nav: "projects", Wide: true, Status: f.Status()}, listPage(v))
}

// whole reads a number that was typed; -1 is none, which no limit lets pass.
func whole(f *web.Form, name string) int {
	n, err := strconv.Atoi(f.Text(name))
	if err != nil {
		return -1
	}
	return n
}

func (h *Pages) draw(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	projectID := r.PathValue("project")
	checkID, err := h.Service.Draw(r.Context(), web.Actor(r.Context()), projectID, spot.Draft{FundID: f.Get("fund"), Period: whole(f, "period"), People: whole(f, "people"), Reason: f.Text("reason")})
	if f.Fail(lang.From(r.Context()), err) {
		return h.showList(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "reportspot.said-drawn")
	return web.Redirect(w, r, spot.Path(projectID, checkID))
}

type checkView struct {
	*Pages
	spot.Page
	Form *web.Form
}

func (h *Pages) check(w http.ResponseWriter, r *http.Request) error {
	return h.showCheck(w, r, web.NewForm())
}

func (h *Pages) showCheck(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	v := checkView{Pages: h, Form: f}
	if v.Page, err = h.Service.Open(r.Context(), web.Actor(r.Context()), r.PathValue("project"), r.PathValue("check")); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "reportspot.title"), Nav: "projects", Wide: true, Status: f.Status()}, checkPage(v))
}

func (h *Pages) reveal(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	projectID, checkID := r.PathValue("project"), r.PathValue("check")
	err = h.Service.Reveal(r.Context(), web.Actor(r.Context()), projectID, checkID, whole(f, "place"), f.Text("reason"))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showCheck(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, spot.Path(projectID, checkID)+"#person-"+f.Get("place"))
}

func (h *Pages) papers(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	pack, err := h.Service.Take(r.Context(), web.Actor(r.Context()), p, r.PathValue("project"), r.PathValue("check"), f.Text("reason"))
	if f.Fail(p, err) {
		f.Set("place", "papers")
		return h.showCheck(w, r, f)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+p.T("reportspot.file-pack")+"-"+strconv.Itoa(pack.Check.Draw)+`.zip"`)
	return pack.Write(w, p)
}

func funds(p *lang.Printer, v listView) (options []ui.Option) {
	for _, set := range v.Sets {
		options = append(options, ui.Option{Value: set.ID, Label: v.Frame.Called(p, set)})
	}
	return options
}

func periods(p *lang.Printer, x project.Page) []ui.Option {
	options := []ui.Option{{Value: "0", Label: p.T("report.whole-project")}}
	for _, period := range x.Periods {
		options = append(options, ui.Option{Value: strconv.Itoa(period.Number), Label: p.T("project.period", "Number", period.Number)})
	}
	return options
}

func periodName(p *lang.Printer, number int) string {
	if number == 0 {
		return p.T("report.whole-project")
	}
	return p.T("project.period", "Number", number)
}

// facts are how it was drawn.
func facts(p *lang.Printer, v checkView) []ui.Pair {
	c := v.Check
	list := []ui.Pair{
		{Term: p.T("reportspot.fund"), Text: v.Frame.Called(p, v.Rules)}, {Term: p.T("reportspot.period"), Text: periodName(p, c.Period)},
		{Term: p.T("reportspot.drawn"), Text: p.T("reportspot.how-many", "N", len(v.Members), "Of", c.Counted, "Moment", p.DateTime(c.At))}, {Term: p.T("reportspot.by"), Text: c.By},
		{Term: p.T("reportspot.draw"), Text: p.Int(c.Draw)},
	}
	if c.Reason != "" {
		list = append(list, ui.Pair{Term: p.T("reportspot.reason"), Text: c.Reason})
	}
	return append(list, ui.Pair{Term: p.T("reportspot.seed"), Text: c.Seed}, ui.Pair{Term: p.T("reportspot.digest"), Text: c.Digest})
}
