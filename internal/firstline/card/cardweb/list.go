package cardweb

import (
	"net/http"

	"ostoja/internal/firstline/card"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
)

// keptList is the list of the units whose card the reader keeps: which has none, and how old each is. No number stands in it. The
// card that nobody has checked for longest stands first, and last are the units without one: an office of a voivodeship keeps dozens, most of
// which nobody began.
func (h *Pages) keptList(r *http.Request, kept []card.Keepable) listweb.Of[card.Keepable] {
	p, now := lang.From(r.Context()), h.Site.Clock.Now()
	type row = card.Keepable
	return listweb.Of[row]{
		Name: "contact-cards", Title: p.T("card.kept"), Path: "/app/contacts", Query: r.URL.Query(), Now: now, Search: p.T("card.search"), First: "checked", Rows: kept,
		Find: func(x row) string { return x.Unit },
		Filters: []listweb.Filter[row]{
			{Name: "state", Label: p.T("card.state"), Options: stateOptions(p), Match: func(x row, v string) bool { return string(x.State(now)) == v }},
		},
		Columns: []listweb.Column[row]{
			{Label: p.T("card.unit"), Sort: "unit", Place: listweb.Head, Value: func(x row) any { return x.Unit }, Link: cardLink},
			{
				Label: p.T("card.state"), Place: listweb.Chip, Value: func(x row) any { return stateName(p, x.State(now)) },
				Kind: func(x row) ui.Kind { return stateKind(x.State(now)) },
			},
			{Label: p.T("card.checked-day"), Sort: "checked", Place: listweb.Figure, Value: func(x row) any {
				if !x.HasCard() {
					return nil
				}
				return sheet.Day(x.CheckedAt.In(p.Zone()))
			}},
		},
	}
}

// cardLink leads to a unit's card, or where it has none to the form of a new one.
func cardLink(x card.Keepable) string {
	if x.HasCard() {
		return "/app/contacts/" + x.UnitID
	}
	return "/app/contacts/" + x.UnitID + "/edit"
}

func stateName(p *lang.Printer, s card.State) string {
	if s == card.Missing {
		return p.T("card.missing-card")
	}
	return p.T("card.state-" + string(s))
}

func stateOptions(p *lang.Printer) (options []ui.Option) {
	for _, s := range card.States {
		options = append(options, ui.Option{Value: string(s), Label: stateName(p, s)})
	}
	return options
}
