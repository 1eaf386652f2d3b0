package requestweb

import (
	"net/http"

	"ostoja/internal/guardian/request"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
)

// requestList is the list of requests of a unit or of an office. No file is made of it: taken together, requests say who the guardians are.
func (h *Pages) requestList(r *http.Request, path string, rows []request.Request, empty listweb.Empty) listweb.Of[request.Request] {
	type row = request.Request
	p, now := lang.From(r.Context()), h.now()
	of := func(x row) (ui.Kind, string) { return due(p, x, now) }
	states := []string{string(request.Asking), string(request.AtOffice), string(request.Accepted), string(request.Withdrawn)}
	return listweb.Of[row]{
		Name: "requests", Title: p.T("request.title"), Path: path, Query: r.URL.Query(), Now: now, Rows: rows, Search: p.T("request.search"), Private: true, Empty: empty,
		Filters: []listweb.Filter[row]{{
			Name: "state", Label: p.T("request.state"), Options: ui.OptionsOf(p, "request.all", "request.state-", states), Match: func(x row, v string) bool { return string(x.State) == v },
		}},
		Columns: []listweb.Column[row]{
			{Label: p.T("request.file"), Sort: "file", Place: listweb.Head, Value: func(x row) any { return x.Reference }, Link: func(x row) string { return path + "/" + x.ID }},
			{
				Label: p.T("request.state"), Place: listweb.Chip, Kind: func(x row) ui.Kind { kind, _ := of(x); return kind },
				Value: func(x row) any { _, said := of(x); return said },
			},
			{Label: p.T("request.court"), Sort: "court", Value: func(x row) any { return x.Court }},
			{Label: p.T("request.lang"), Sort: "lang", Value: func(x row) any { return p.LanguageName(x.Lang) }},
			{Label: p.T("request.unit"), Sort: "unit", Place: listweb.Away, Value: func(x row) any { return x.Unit }},
			{Label: p.T("request.asked-by"), Place: listweb.Away, Value: func(x row) any { return x.AskedBy }},
			{Label: p.T("request.at"), Sort: "at", Place: listweb.Figure, Value: func(x row) any { return x.AskedAt.In(p.Zone()) }},
		},
	}
}

// institutionList is the list of institutions with their terms.
func (h *Pages) institutionList(r *http.Request, rows []request.Institution, writes bool) listweb.Of[request.Institution] {
	type row = request.Institution
	p, now := lang.From(r.Context()), h.now()
	of := func(x row) (ui.Kind, string) { return termsDue(p, x, now) }
	link := func(x row) string {
		if !writes {
			return ""
		}
		return institutionsPath + "/" + x.UnitID
	}
	return listweb.Of[row]{
		Name: "institutions", Title: p.T("request.institutions"), Path: institutionsPath, Query: r.URL.Query(), Now: now, Rows: rows, Search: p.T("request.search"),
		Empty: listweb.Empty{Title: p.T("request.institutions-none"), Text: p.T("request.institutions-none-text")},
		Columns: []listweb.Column[row]{
			{Label: p.T("request.unit"), Sort: "unit", Place: listweb.Head, Value: func(x row) any { return x.Unit }, Link: link},
			{
				Label: p.T("request.state"), Place: listweb.Chip, Kind: func(x row) ui.Kind { kind, _ := of(x); return kind },
				Value: func(x row) any { _, said := of(x); return said },
			},
			{Label: p.T("request.kind"), Sort: "kind", Value: func(x row) any { return p.T("request.kind-" + x.Kind) }},
			{Label: p.T("request.call-back"), Place: listweb.Away, Value: func(x row) any { return x.Phone }},
			{Label: p.T("request.until"), Sort: "until", Place: listweb.Figure, Value: func(x row) any { return p.DateOf(x.TermsUntil) }, By: func(x row) any { return x.TermsUntil }},
		},
	}
}
