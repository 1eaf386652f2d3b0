package identityweb

import (
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// sessionList is the list of where a person is signed in.
func (h *Pages) sessionList(r *http.Request, sessions []identity.OwnSession) listweb.Of[identity.OwnSession] {
	p, current := lang.From(r.Context()), web.CurrentSession(r.Context()).ID
	type row = identity.OwnSession
	return listweb.Of[row]{
		Name: "sessions", Title: p.T("people.sessions.title"), Path: "/app/account", Query: r.URL.Query(), Now: h.site.Clock.Now(), Rows: sessions,
		Columns: []listweb.Column[row]{
			{Label: p.T("people.sessions.device"), Sort: "device", Place: listweb.Head, Value: func(x row) any { return deviceName(p, x.Device) }},
			{
				Label: p.T("people.field.state"), Place: listweb.Chip, Kind: func(row) ui.Kind { return ui.Success },
				Value: func(x row) any {
					if x.ID == current {
						return p.T("people.sessions.this")
					}
					return ""
				},
			},
			{Label: p.T("people.sessions.since"), Sort: "since", Place: listweb.Away, Value: func(x row) any { return x.CreatedAt.In(p.Zone()) }},
			{Label: p.T("people.sessions.seen"), Sort: "seen", Value: func(x row) any { return x.SeenAt.In(p.Zone()) }},
			{Label: p.T("people.sessions.action"), Hidden: true, Place: listweb.Figure, Show: func(x row) templ.Component { return endSession(x.ID) }},
		},
	}
}
