package certificateweb

import (
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/certificate"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
)

// list is a list of certificates, on a page that may have others.
func (h *Pages) list(r *http.Request, path, prefix string, certificates []certificate.Certificate, mayRevoke bool) listweb.Of[row] {
	p := lang.From(r.Context())
	return listweb.Of[row]{
		Name: "certificates", Title: p.T("certificate.title"), Path: path, Prefix: prefix, Query: r.URL.Query(), Now: h.service.Now(), Rows: h.rows(certificates, mayRevoke),
		Columns: []listweb.Column[row]{
			{Label: p.T("certificate.course"), Sort: "course", Place: listweb.Head, Value: func(x row) any { return x.Title }, Show: func(x row) templ.Component { return courseName(x) }},
			{
				Label: p.T("certificate.number"), Sort: "number", Value: func(x row) any { return x.Number },
				Show: func(x row) templ.Component { return verifyLink(x) },
			},
			{Label: p.T("certificate.issued"), Sort: "issued", Place: listweb.Away, Value: func(x row) any { return sheet.Day(x.IssuedAt.In(p.Zone())) }},
			{
				Label: p.T("certificate.valid-until"), Sort: "until", Place: listweb.Away, Text: func(x row) string { return until(p, x.Certificate) },
				Value: func(x row) any {
					if x.ValidUntil.IsZero() {
						return nil
					}
					return sheet.Day(x.ValidUntil.In(p.Zone()))
				},
			},
			{
				Label: p.T("certificate.status"), Sort: "status", Place: listweb.Chip, Value: func(x row) any { return p.T("certificate.status-" + string(x.Status)) },
				Kind: func(x row) ui.Kind { return statusKind(x.Status) },
			},
			{Label: p.T("certificate.actions"), Hidden: true, Place: listweb.Figure, Show: func(x row) templ.Component { return actions(x) }},
		},
	}
}
