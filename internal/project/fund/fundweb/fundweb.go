// Package fundweb shows what funds ask of projects, and lets the office keep it: the list, a set with all its rules, the form of each rule, its versions, and files.
//
// Goals: whose words a line is can be seen at the line (the fund's with its source, ours, the office's), an empty row says from where to copy it, and who confirmed what and when
// stands beside it. Limits: faults of an imported file are in English, like those of courses.
package fundweb

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"ostoja/internal/access"
	"ostoja/internal/course/folder"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/project/fund"
	"ostoja/internal/web"
)

const (
	base     = "/app/funds"
	newPage  = base + "/new"
	menuItem = "funds"
)

// mostFile bounds an imported set.
const mostFile = 1 << 20

// Pages are the pages of rule sets.
type Pages struct {
	Site    *web.Site
	Service *fund.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+base, h.list)
	m.Handle("GET "+newPage, h.fresh)
	m.Handle("POST "+newPage, h.create)
	m.HandleUpload("POST "+base+"/import", mostFile+web.FormLimit, h.upload)
	m.Handle("GET "+base+"/{fund}", h.one)
	m.Handle("GET "+base+"/{fund}/file", h.file)
	m.Handle("GET "+base+"/{fund}/history", h.history)
	m.Handle("GET "+base+"/{fund}/history/{version}", h.version)
	m.Handle("POST "+base+"/{fund}/confirm", h.confirm)
	m.Handle("POST "+base+"/{fund}/unconfirm", h.unconfirm)
	m.Handle("POST "+base+"/{fund}/shipped", h.takeShipped)
	m.Handle("GET "+base+"/{fund}/edit/{rule}", h.edit)
	m.Handle("POST "+base+"/{fund}/edit/{rule}", h.save)
	m.Handle("GET "+base+"/{fund}/drop/{indicator}", h.askDrop)
	m.Handle("POST "+base+"/{fund}/drop/{indicator}", h.drop)
	m.HandleUpload("POST "+base+"/{fund}/emblem", fund.MostEmblemBytes+web.FormLimit, h.addEmblem)
	m.Handle("GET "+base+"/{fund}/emblem/{lang}", h.emblem)
	m.Handle("POST "+base+"/{fund}/emblem/{lang}", h.removeEmblem)
}

func pathOf(fundID string) string { return base + "/" + url.PathEscape(fundID) }

// edition is that of the set which the form was made of.
func edition(f *web.Form) int {
	n, err := strconv.Atoi(f.Get("edition"))
	if err != nil {
		return 0
	}
	return n
}

// mayWrite says whether the actor keeps rule sets: they belong to no unit.
func mayWrite(r *http.Request) bool {
	return web.Actor(r.Context()).Everywhere(access.ProjectsWrite)
}

func (h *Pages) get(r *http.Request) (fund.Set, error) {
	return h.Service.Get(r.Context(), web.Actor(r.Context()), r.PathValue("fund"))
}

func (h *Pages) one(w http.ResponseWriter, r *http.Request) error {
	set, err := h.get(r)
	if err != nil {
		return err
	}
	return h.showOne(w, r, set, web.NewForm())
}

// oneView is a set with what the reader may do.
type oneView struct {
	Set   fund.Set
	Form  *web.Form
	Write bool
	Old   bool // a version of the past: nothing can be done with it
}

func (h *Pages) showOne(w http.ResponseWriter, r *http.Request, set fund.Set, f *web.Form) error {
	p := lang.From(r.Context())
	return web.Show(w, r, web.View{Title: set.Rules.Title.In(p.Tag()), Nav: menuItem, Status: f.Status()}, onePage(oneView{Set: set, Form: f, Write: mayWrite(r)}))
}

func (h *Pages) file(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	content, err := h.Service.Export(ctx, web.Actor(ctx), r.PathValue("fund"))
	if err != nil {
		return err
	}
	web.Attachment(w, "application/yaml; charset=utf-8", r.PathValue("fund")+".yaml", content) // an id that there is has letters, digits and hyphens
	return nil
}

// step is a version with what it changed.
type step struct {
	fund.Version
	Changed []fund.Rule // nil of the first
}

func (h *Pages) history(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	set, err := h.get(r)
	if err != nil {
		return err
	}
	versions, err := h.Service.History(ctx, web.Actor(ctx), set.ID)
	if err != nil {
		return err
	}
	steps := make([]step, len(versions))
	for i, v := range versions {
		steps[i].Version = v
		if i+1 < len(versions) {
			steps[i].Changed = fund.Edited(v.Rules, versions[i+1].Rules)
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "fund.history"), Nav: menuItem}, historyPage(set, steps))
}

func (h *Pages) version(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	set, err := h.get(r)
	if err != nil {
		return err
	}
	versions, err := h.Service.History(ctx, web.Actor(ctx), set.ID)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.PathValue("version"))
	at := slices.IndexFunc(versions, func(v fund.Version) bool { return v.Version == number })
	if err != nil || at < 0 {
		return errs.NotFound("error.not-found")
	}
	v := versions[at]
	old := fund.Set{ID: set.ID, Edition: v.Version, Rules: v.Rules, Changed: fund.Stamp{By: v.By, At: v.At}, Own: set.Own}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "fund.version", "Version", v.Version), Nav: menuItem}, onePage(oneView{Set: old, Form: web.NewForm(), Old: true}))
}

// chosen are the rules that were ticked.
func chosen(f *web.Form) (rules []fund.Rule) {
	for _, rule := range f.Values["rule"] {
		rules = append(rules, fund.Rule(rule))
	}
	return rules
}

// act does something with a set that is shown on its page, and shows the page again with the fault if there is one.
func (h *Pages) act(w http.ResponseWriter, r *http.Request, do func(f *web.Form, set fund.Set) (said string, err error)) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	set, err := h.get(r)
	if err != nil {
		return err
	}
	said, err := do(f, set)
	if f.Fail(lang.From(r.Context()), err) {
		if errors.Is(err, errs.ErrConflict) {
			f.Del("rule") // what was ticked may no longer say what it said
		}
		return h.showOne(w, r, set, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, pathOf(set.ID))
}

func (h *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, func(f *web.Form, set fund.Set) (string, error) {
		return "fund.said-confirmed", h.Service.Confirm(r.Context(), web.Actor(r.Context()), set.ID, edition(f), chosen(f))
	})
}

func (h *Pages) unconfirm(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, func(f *web.Form, set fund.Set) (string, error) {
		return "fund.said-unconfirmed", h.Service.Unconfirm(r.Context(), web.Actor(r.Context()), set.ID, edition(f), fund.Rule(f.Get("rule")))
	})
}

func (h *Pages) takeShipped(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, func(f *web.Form, set fund.Set) (string, error) {
		return "fund.said-compared", h.Service.TakeShipped(r.Context(), web.Actor(r.Context()), set.ID, edition(f), chosen(f))
	})
}

// newView is the page on which a set is made.
type newView struct {
	Form   *web.Form
	From   []fund.Set
	Faults []folder.Fault // of an imported file
}

func (h *Pages) fresh(w http.ResponseWriter, r *http.Request) error {
	return h.showNew(w, r, web.NewForm(), nil)
}

func (h *Pages) showNew(w http.ResponseWriter, r *http.Request, f *web.Form, faults []folder.Fault) error {
	ctx := r.Context()
	if !mayWrite(r) {
		return errs.Forbidden("error.forbidden")
	}
	list, err := h.Service.List(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "fund.new"), Nav: menuItem, Status: f.Status()}, newSetPage(newView{f, list, faults}))
}

func (h *Pages) create(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = h.Service.Create(ctx, web.Actor(ctx), fund.Draft{ID: f.Text("id"), Title: f.Translated(fund.Languages, "title-"), From: f.Get("from")})
	if f.Fail(lang.From(ctx), err) {
		return h.showNew(w, r, f, nil)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "fund.said-made")
	return web.Redirect(w, r, pathOf(f.Text("id")))
}

func (h *Pages) upload(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	content, _, err := web.File(r, "file")
	if err != nil {
		return err
	}
	ctx := r.Context()
	fundID, faults, err := h.Service.Import(ctx, web.Actor(ctx), content)
	if f.Fail(lang.From(ctx), err) {
		return h.showNew(w, r, f, faults)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "fund.said-made")
	return web.Redirect(w, r, pathOf(fundID))
}
