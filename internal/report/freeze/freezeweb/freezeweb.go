// Package freezeweb shows the frozen reports of a project, lets a second person freeze one, and hands out packages.
//
// Goals: what is in the way of freezing stands where the button would be; the work has a page of its own that may be left; the fingerprint stands on the page from which it is
// given to a fund. Limits: figures are on the pages of the report itself, which link here by [Path].
package freezeweb

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/project"
	"ostoja/internal/report/freeze"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

const menuItem = "projects"

// base is the pattern of the list's address.
const base = "/app/projects/{project}/reports"

// Pages are the pages of frozen reports.
type Pages struct {
	Site    *web.Site
	Service *freeze.Service
	// Head is what stands above each page of a project, with its sides.
	Head func(p project.Page, tab string) templ.Component
}

// Path returns the page of a project's frozen reports.
func Path(projectID string) string { return project.Path(projectID, "reports") }

func pathOf(f freeze.Frozen) string { return Path(f.ProjectID) + "/" + url.PathEscape(f.ID) }

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+base, h.list)
	m.Handle("GET "+base+"/new", h.ask)
	m.Handle("POST "+base+"/new", h.begin)
	m.Handle("GET "+base+"/{report}", h.one)
	m.Handle("GET "+base+"/{report}/file", h.file)
	m.Handle("GET "+base+"/{report}/iati", h.iati)
}

func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page, err := h.Service.Page(ctx, web.Actor(ctx), r.PathValue("project"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "reportfreeze.title"), Nav: menuItem, Wide: true}, listPage(page, h.Head(page.Project, "reports"), h.Service.Fingerprint()))
}

// askView is the page on which somebody is asked whether to freeze.
type askView struct {
	Project project.Page
	Ready   freeze.Ready
	Form    *web.Form
}

func (h *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	f := web.NewForm("period", r.FormValue("period"))
	v, err := h.askView(r, f)
	if err != nil {
		return err
	}
	// What the office gave last is what it is likely to give again.
	page, err := h.Service.Page(r.Context(), web.Actor(r.Context()), r.PathValue("project"))
	if err != nil {
		return err
	}
	for _, x := range page.Frozen {
		if x.Publisher.Ref != "" {
			f.Set("ref", x.Publisher.Ref)
			f.Set("type", x.Publisher.Type)
			break
		}
	}
	return h.showAsk(w, r, v)
}

func (h *Pages) askView(r *http.Request, f *web.Form) (v askView, err error) {
	page, err := h.Service.Page(r.Context(), web.Actor(r.Context()), r.PathValue("project"))
	if err != nil {
		return v, err
	}
	i := slices.IndexFunc(page.Ready, func(x freeze.Ready) bool { return x.Period.ID == f.Get("period") })
	if i < 0 {
		return v, errs.NotFound("error.not-found")
	}
	return askView{page.Project, page.Ready[i], f}, page.Ready[i].Fault
}

func (h *Pages) showAsk(w http.ResponseWriter, r *http.Request, v askView) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "reportfreeze.freeze-title", "Number", v.Ready.Period.Number), Nav: menuItem, Status: v.Form.Status()}, askPage(v))
}

func (h *Pages) begin(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	projectID := r.PathValue("project")
	frozenID, err := h.Service.Ask(ctx, web.Actor(ctx), projectID, f.Get("period"), freeze.Publisher{Ref: f.Text("ref"), Type: f.Get("type")})
	if f.Fail(lang.From(ctx), err) {
		v, fault := h.askView(r, f)
		if fault != nil {
			return fault
		}
		return h.showAsk(w, r, v)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "reportfreeze.said-asked")
	return web.Redirect(w, r, Path(projectID)+"/"+frozenID)
}

// oneView is a frozen report, or the work on it.
type oneView struct {
	Project     project.Page
	Frozen      freeze.Frozen
	Fingerprint string
}

func (h *Pages) one(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, f, err := h.Service.One(ctx, web.Actor(ctx), r.PathValue("project"), r.PathValue("report"))
	if err != nil {
		return err
	}
	v := web.View{Title: lang.T(ctx, "reportfreeze.report", "Number", f.Number), Nav: menuItem}
	if f.State == freeze.Waiting {
		v.Title, v.Refresh = lang.T(ctx, "reportfreeze.working"), 3
	}
	return web.Show(w, r, v, onePage(oneView{p, f, h.Service.Fingerprint()}))
}

func (h *Pages) file(w http.ResponseWriter, r *http.Request) error {
	f, content, err := h.take(r, "")
	if err != nil {
		return err
	}
	web.Attachment(w, "application/zip", fmt.Sprintf("report-%d.zip", f.Number), content)
	return nil
}

func (h *Pages) iati(w http.ResponseWriter, r *http.Request) error {
	f, content, err := h.take(r, freeze.IATIFile)
	if err != nil {
		return err
	}
	web.Attachment(w, "application/xml; charset=utf-8", fmt.Sprintf("iati-%d.xml", f.Number), content)
	return nil
}

func (h *Pages) take(r *http.Request, name string) (freeze.Frozen, []byte, error) {
	return h.Service.Download(r.Context(), web.Actor(r.Context()), r.PathValue("project"), r.PathValue("report"), name)
}

// faultOf is what is in the way of freezing, as a text; "" if nothing is.
func faultOf(p *lang.Printer, x freeze.Ready) string {
	var f *errs.Error
	if errors.As(x.Fault, &f) {
		return p.Args(f.Key, f.Args)
	}
	return ""
}

func kindOf(s freeze.State) ui.Kind {
	switch s {
	case freeze.Done:
		return ui.Success
	case freeze.Failed:
		return ui.Danger
	}
	return ui.Waiting
}

func orgTypes(p *lang.Printer) (list []ui.Option) {
	for _, code := range freeze.OrgTypes {
		list = append(list, ui.Option{Value: code, Label: p.T("reportfreeze.type-" + code)})
	}
	return list
}
