package identityweb

import (
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/identity"
	"ostoja/internal/identity/territory"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/web"
)

// unitList is a list of units. Those of the tree stand below each other, each after the one that it is part of, as long as
// nothing is searched or sorted; else each has the names above it.
func (h *Pages) unitList(r *http.Request, path string, nodes []identity.Node) listweb.Of[identity.Node] {
	p := lang.From(r.Context())
	type row = identity.Node
	l := listweb.Of[row]{
		Name: "organisations", Title: p.T("nav.organisations"), Path: path, Query: r.URL.Query(), Now: h.site.Clock.Now(), Search: p.T("people.unit.search"), Rows: nodes,
		Filters: []listweb.Filter[row]{
			{Name: "type", Label: p.T("people.unit.kind"), Options: kindOptions(p), Match: func(x row, v string) bool { return string(x.Kind) == v }},
			{Name: "region", Label: p.T("people.field.region"), Options: regionOptions(p)[1:], Match: func(x row, v string) bool { return x.Region == v }},
		},
		Empty: listweb.Empty{Title: p.T("people.unit.empty"), Text: p.T("people.unit.empty-text")},
	}
	q := l.Asked()
	flat := q.Narrowed() || q.Sort != ""
	l.Columns = []listweb.Column[row]{
		{
			Label: p.T("people.unit.name"), Sort: "name", Place: listweb.Head, Value: func(x row) any { return x.Full }, By: func(x row) any { return x.Name },
			Show: func(x row) templ.Component { return unitName(x, flat) },
		},
		{Label: p.T("people.unit.kind"), Sort: "kind", Value: func(x row) any { return kindName(p, x.Kind) }},
		{Label: p.T("people.unit.code"), Sort: "code", Place: listweb.Away, Value: func(x row) any { return x.Code }},
		{Label: p.T("people.field.region"), Sort: "region", Place: listweb.Away, Value: func(x row) any { return territory.RegionName(x.Region, p.Tag()) }},
		{
			Label: p.T("people.unit.people"), Sort: "people", Numeric: true, Place: listweb.Figure, Value: func(x row) any { return x.Below },
			Show: func(x row) templ.Component { return unitPeople(x) },
		},
	}
	return l
}

func (h *Pages) organisations(w http.ResponseWriter, r *http.Request) error {
	return h.showOrganisations(w, r, web.NewForm("kind", string(identity.Guard)))
}

func (h *Pages) showOrganisations(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	actor := web.Actor(r.Context())
	tree, err := h.service.Tree(r.Context(), actor)
	if err != nil {
		return err
	}
	l := h.unitList(r, "/app/organisations", tree)
	if l.Wanted() {
		return l.Send(w, r)
	}
	v := unitsView{Create: actor.Everywhere(access.UnitsWrite), Form: f}
	if v.List, err = l.Open(r.Context()); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "nav.organisations"), Nav: "organisations", Wide: true, Status: f.Status()}, unitsPage(v))
}
