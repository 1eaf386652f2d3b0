package identityweb

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
)

// roleList is the list of a person's roles, beside the other lists of their page.
func (h *Pages) roleList(r *http.Request, v personView) listweb.Of[identity.RoleGrant] {
	p, path := lang.From(r.Context()), "/app/people/"+v.Person.ID
	type row = identity.RoleGrant
	return listweb.Of[row]{
		Name: "roles", Title: p.T("people.roles.title"), Path: path, Query: r.URL.Query(), Prefix: "roles.", Now: h.site.Clock.Now(), Rows: v.Person.Roles,
		Empty: listweb.Empty{Title: p.T("people.roles.none")},
		Columns: []listweb.Column[row]{
			{Label: p.T("people.roles.role"), Sort: "role", Place: listweb.Head, Value: func(x row) any { return roleName(p, x.Role) }},
			{
				Label: p.T("people.field.state"), Place: listweb.Chip, Kind: func(row) ui.Kind { return ui.Plain },
				Value: func(x row) any {
					if v.Ended[x.ID] {
						return p.T("people.roles.ended")
					}
					return ""
				},
			},
			{Label: p.T("people.roles.where"), Sort: "where", Value: func(x row) any { return scope(p, x) }},
			{Label: p.T("people.roles.since"), Sort: "since", Place: listweb.Away, Value: func(x row) any { return dayIn(x.CreatedAt, p.Zone()) }},
			{
				Label: p.T("people.roles.until"), Sort: "until", Value: func(x row) any { return lastDayIn(x.ExpiresAt, p.Zone()) },
				Note: func(x row) string {
					if x.ExpiresAt.IsZero() {
						return p.T("people.roles.no-end")
					}
					return ""
				},
			},
			{Label: p.T("people.roles.action"), Hidden: true, Place: listweb.Figure, Show: func(x row) templ.Component { return takeRole(path, x, v.Takeable[x.ID]) }},
		},
	}
}

// lastDayIn is the last day of a time's end, which is kept as the beginning of the next day.
func lastDayIn(end time.Time, zone *time.Location) any {
	if end.IsZero() {
		return nil
	}
	return dayIn(end.Add(-time.Minute), zone)
}
