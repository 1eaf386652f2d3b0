package identityweb

import (
	"errors"
	"net/http"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// unitsView is what the list of organisations shows.
type unitsView struct {
	List   *listweb.Shown
	Create bool
	Form   *web.Form
}

// unitView is what a unit's page shows.
type unitView struct {
	Node     identity.Node
	Children []identity.Node
	Crumbs   []ui.NavItem
	Write    bool
	Form     *web.Form      // of the unit itself
	Below    *web.Form      // of a unit below it
	List     *listweb.Shown // of the children
}

// below begins the names of the fields of a unit below another: that page has both forms.
const below = "below_"

func unitDraft(f *web.Form, prefix string) identity.UnitDraft {
	return identity.UnitDraft{Kind: identity.UnitKind(f.Get(prefix + "kind")), Name: f.Get(prefix + "name"), Code: f.Get(prefix + "code"), Region: f.Get(prefix + "region"), Powiat: f.Get(prefix + "powiat")}
}

// prefixed names the faults of a form whose fields' names begin with a prefix.
func prefixed(err error, prefix string) error {
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	var f errs.Fields
	for _, field := range e.Fields {
		field.Name = prefix + field.Name
		f = append(f, field)
	}
	return f.Err()
}

func (h *Pages) createOrganisation(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	unitID, err := h.service.CreateUnit(r.Context(), web.Actor(r.Context()), unitDraft(f, ""))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showOrganisations(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "people.said.unit-created")
	return web.Redirect(w, r, "/app/organisations/"+unitID)
}

func (h *Pages) unit(w http.ResponseWriter, r *http.Request) error {
	return h.showUnit(w, r, nil, nil)
}

// showUnit shows a unit's page; form and another carry what was typed into its two forms.
func (h *Pages) showUnit(w http.ResponseWriter, r *http.Request, form, another *web.Form) error {
	actor := web.Actor(r.Context())
	node, err := h.service.Unit(r.Context(), actor, r.PathValue("unit"))
	if err != nil {
		return err
	}
	tree, err := h.service.Tree(r.Context(), actor)
	if err != nil {
		return err
	}
	v := unitView{Node: node, Write: actor.May(access.UnitsWrite, node.Path), Form: form, Below: another}
	v.Crumbs = []ui.NavItem{{Label: lang.T(r.Context(), "nav.organisations"), Href: "/app/organisations"}}
	for _, n := range tree {
		switch {
		case n.ParentID == node.ID:
			v.Children = append(v.Children, n)
		case n.ID != node.ID && strings.HasPrefix(node.Path, n.Path):
			v.Crumbs = append(v.Crumbs, ui.NavItem{Label: n.Name, Href: "/app/organisations/" + n.ID})
		}
	}
	status := http.StatusOK
	for _, f := range []*web.Form{form, another} {
		if f != nil && f.Status() != http.StatusOK {
			status = f.Status()
		}
	}
	if v.Form == nil {
		v.Form = web.NewForm("kind", string(node.Kind), "name", node.Name, "code", node.Code, "region", node.Region, "powiat", node.Powiat)
	}
	if v.Below == nil {
		v.Below = web.NewForm(below+"kind", string(identity.Post), below+"region", node.Region)
	}
	l := h.unitList(r, "/app/organisations/"+node.ID, flatten(v.Children))
	l.Empty = listweb.Empty{Title: lang.T(r.Context(), "people.unit.no-units")}
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.List, err = l.Open(r.Context()); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: node.Name, Nav: "organisations", Wide: true, Status: status}, unitPage(v))
}

func (h *Pages) changeUnit(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	err = h.service.ChangeUnit(r.Context(), web.Actor(r.Context()), r.PathValue("unit"), unitDraft(f, ""))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showUnit(w, r, f, nil)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "people.said.saved")
	return web.Redirect(w, r, "/app/organisations/"+r.PathValue("unit"))
}

func (h *Pages) createUnit(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	d := unitDraft(f, below)
	d.ParentID = r.PathValue("unit")
	if _, err = h.service.CreateUnit(r.Context(), web.Actor(r.Context()), d); f.Fail(lang.From(r.Context()), prefixed(err, below)) {
		return h.showUnit(w, r, nil, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "people.said.unit-created")
	return web.Redirect(w, r, "/app/organisations/"+d.ParentID)
}

func (h *Pages) deleteUnit(w http.ResponseWriter, r *http.Request) error {
	err := h.service.DeleteUnit(r.Context(), web.Actor(r.Context()), r.PathValue("unit"))
	if isInput(err) {
		f := web.NewForm()
		f.Fail(lang.From(r.Context()), err)
		node, lost := h.service.Unit(r.Context(), web.Actor(r.Context()), r.PathValue("unit"))
		if lost != nil {
			return lost
		}
		for name, value := range map[string]string{"kind": string(node.Kind), "name": node.Name, "code": node.Code, "region": node.Region, "powiat": node.Powiat} {
			f.Set(name, value)
		}
		return h.showUnit(w, r, f, nil)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "people.said.unit-deleted")
	return web.Redirect(w, r, "/app/organisations")
}
