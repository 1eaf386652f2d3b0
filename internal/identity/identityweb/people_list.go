package identityweb

import (
	"context"
	"iter"
	"net/http"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
	"ostoja/internal/identity/territory"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// filterOf says in the area's words what the list of people was asked for.
func filterOf(q list.Query) people.Filter {
	return people.Filter{Text: q.Search, UnitID: q.Filters["unit"], Role: access.Role(q.Filters["role"]), State: identity.State(q.Filters["state"]), Window: q.Window}
}

// peopleList is the list of the people whom the reader may see.
func (h *Pages) peopleList(r *http.Request, tree []identity.Node) listweb.Of[people.Row] {
	p, actor := lang.From(r.Context()), web.Actor(r.Context())
	l := listweb.Of[people.Row]{
		Name: "people", Title: p.T("people.title"), Path: "/app/people", Query: r.URL.Query(), Now: h.site.Clock.Now(), Search: p.T("people.search"), First: "name",
		Filters: []listweb.Filter[people.Row]{
			{Name: "unit", Label: p.T("people.field.unit"), Options: unitOptions(tree, p.T("people.all"))},
			{Name: "role", Label: p.T("people.roles.role"), Options: roleFilter(p)},
			{Name: "state", Label: p.T("people.field.state"), Options: stateFilter(p)},
		},
		Columns: peopleColumns(p),
		Empty:   listweb.Empty{Title: p.T("people.empty"), Text: p.T("people.empty-text")},
		Page: func(ctx context.Context, q list.Query) ([]people.Row, int, error) {
			found, err := h.finder.Search(ctx, actor, filterOf(q))
			return found.Rows, found.Total, err
		},
		Each: func(ctx context.Context, q list.Query, f sheet.Format, use func(iter.Seq2[people.Row, error]) error) error {
			return h.finder.Export(ctx, actor, filterOf(q), string(f), use)
		},
	}
	if actor.Has(access.PeopleWrite) {
		l.Empty.Action = ui.NavItem{Label: p.T("people.import.title"), Href: "/app/people/import"}
	}
	return l
}

func peopleColumns(p *lang.Printer) []listweb.Column[people.Row] {
	type row = people.Row
	return []listweb.Column[row]{
		{Label: p.T("people.field.family_name"), File: true, Value: func(x row) any { return x.FamilyName }},
		{Label: p.T("people.field.given_name"), File: true, Value: func(x row) any { return x.GivenName }},
		{
			Label: p.T("people.field.name"), Sort: "name", Place: listweb.Head, Text: row.Name,
			Link: func(x row) string { return "/app/people/" + x.ID },
		},
		{Label: p.T("people.sign-in.name"), Place: listweb.Away, Text: signInOf},
		{Label: p.T("people.field.mail"), File: true, Value: func(x row) any { return x.Mail }},
		{Label: p.T("people.field.service_number"), File: true, Value: func(x row) any { return x.ServiceNumber }},
		{Label: p.T("people.field.organisation"), File: true, Value: func(x row) any { return x.Organisation }},
		{Label: p.T("people.field.unit"), Sort: "unit", Value: func(x row) any { return x.UnitName }, Note: func(x row) string {
			if x.Organisation == x.UnitName {
				return ""
			}
			return x.Organisation
		}},
		{Label: p.T("people.field.lang"), File: true, Value: func(x row) any { return x.Lang }},
		{Label: p.T("people.field.sex"), File: true, Value: func(x row) any { return sexName(p, x.Sex) }},
		{Label: p.T("people.field.region"), File: true, Value: func(x row) any { return territory.RegionName(x.Region, p.Tag()) }},
		{Label: p.T("people.roles.title"), Place: listweb.Away, Value: func(x row) any { return shortRoles(p, x.Roles) }},
		{
			Label: p.T("people.field.state"), Sort: "state", Place: listweb.Chip, Value: func(x row) any { return stateName(p, x.State) },
			Kind: func(x row) ui.Kind { return stateKind(x.State) }, Note: func(x row) string {
				if x.MailRefusedAt.IsZero() {
					return ""
				}
				return p.T("people.mail-refused.short")
			},
		},
		{Label: p.T("people.field.added"), Sort: "added", Place: listweb.Figure, Value: func(x row) any { return dayIn(x.CreatedAt, p.Zone()) }},
		{Label: p.T("people.field.activated"), File: true, Value: func(x row) any { return dayIn(x.ActivatedAt, p.Zone()) }},
	}
}

// dayIn keeps "never" apart from a day.
func dayIn(t time.Time, zone *time.Location) any {
	if t.IsZero() {
		return nil
	}
	return sheet.Day(t.In(zone))
}
