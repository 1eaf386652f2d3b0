package siteweb

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/visits"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// moved leads from the address that a list's file had of its own, such as facts.csv, to the list.
func moved(name, path string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if what, _, _ := strings.Cut(r.PathValue("file"), "."); what != name {
			return errs.NotFound("error.not-found")
		}
		return listweb.Moved(func(*http.Request) string { return path })(w, r)
	}
}

// dayValue is a stored day, nil for none.
func dayValue(p *lang.Printer, day string) any {
	t := p.StoredDay(day)
	if t.IsZero() {
		return nil
	}
	return sheet.Day(t)
}

// articleList is the list of all texts, with a column for each language.
func (h *Pages) articleList(r *http.Request, v articlesView) listweb.Of[site.Overview] {
	p, actor := printer(r), web.Actor(r.Context())
	type row = site.Overview
	l := listweb.Of[row]{
		Name: "texts", Title: p.T("site.texts"), Path: "/app/site", Query: r.URL.Query(), Now: h.Service.Now(), Search: p.T("site.search"), Rows: v.List, Find: articleWords,
		Filters: []listweb.Filter[row]{
			{Name: "kind", Label: p.T("site.kind"), Options: options(p, "site.kinds.", "site.any", content.Kinds), Match: func(o row, v string) bool { return string(o.Kind) == v }},
			{Name: "need", Label: p.T("site.need"), Options: options(p, "site.needs.", "site.any", needs), Match: func(o row, v string) bool {
				return slices.ContainsFunc(o.Languages, func(s site.Status) bool { return matches(s, v) })
			}},
		},
		Empty: listweb.Empty{Title: p.T("site.empty"), Text: p.T("site.empty-text")},
		Columns: []listweb.Column[row]{
			{Label: p.T("site.mark"), File: true, Value: func(o row) any { return o.ID }},
			{
				Label: p.T("site.article"), Sort: "title", Place: listweb.Head, Value: func(o row) any { return titleOf(o, p.Tag()) },
				Link: func(o row) string { return "/app/site/articles/" + o.ID },
			},
			{Label: p.T("site.kind"), Sort: "kind", Value: func(o row) any { return p.T("site.kinds." + string(o.Kind)) }},
			{Label: p.T("site.topic"), File: true, Value: func(o row) any { return p.T("site.topics." + o.Topic) }},
			{Label: p.T("site.unit"), Sort: "unit", Place: listweb.Away, Value: func(o row) any { return ownerName(p, o.Owner) }},
		},
	}
	for i, tongue := range v.Languages {
		place := listweb.Away
		if i == 0 {
			place = listweb.Chip
		}
		l.Columns = append(l.Columns, listweb.Column[row]{
			Label: tongue.Name, Place: place, Value: func(o row) any { key, _ := stateKey(o.Languages[i]); return p.T("site.state." + key) },
			Show: func(o row) templ.Component { return textState(o, o.Languages[i], o.MayChange(actor)) },
		})
	}
	return l
}

// articleWords are what the search for texts looks into.
func articleWords(o site.Overview) string {
	words := o.ID
	for _, s := range o.Languages {
		for _, t := range []*content.Text{s.Published, s.Open} {
			if t != nil {
				words += "\n" + t.Title + "\n" + t.Summary + "\n" + t.Body
			}
		}
	}
	return words
}

// languageList is the list of an article's texts.
func (h *Pages) languageList(r *http.Request, v articleView) listweb.Of[site.Status] {
	p := printer(r)
	type row = site.Status
	return listweb.Of[row]{
		Name: v.ID, Title: p.T("site.texts"), Path: "/app/site/articles/" + v.ID, Query: r.URL.Query(), Now: h.Service.Now(), Rows: v.Languages,
		Columns: []listweb.Column[row]{
			{Label: p.T("site.orders.lang"), Sort: "lang", Place: listweb.Head, Value: func(s row) any { return p.LanguageName(s.Lang) }},
			{
				Label: p.T("site.need"), Sort: "state", Place: listweb.Chip, Value: func(s row) any { key, _ := stateKey(s); return p.T("site.state." + key) },
				Kind: func(s row) ui.Kind { _, kind := stateKey(s); return kind },
			},
			{
				Label: p.T("site.changed"), Sort: "changed",
				Value: func(s row) any {
					if t := current(s); t != nil {
						return sheet.Day(t.ChangedAt.In(p.Zone()))
					}
					return nil
				},
				Note: func(s row) string {
					if t := current(s); t != nil {
						return person(p, v.Names, t.AuthorID)
					}
					return ""
				},
			},
			{Label: p.T("site.review-due"), Sort: "due", Place: listweb.Away, Value: func(s row) any {
				if s.Published == nil {
					return nil
				}
				return dayValue(p, s.Published.ReviewDue)
			}},
			{Label: p.T("site.do"), Place: listweb.Figure, Show: func(s row) templ.Component { return textActs(v, s) }},
		},
	}
}

// factList is the list of facts, in which those who write tick what they have confirmed.
func (h *Pages) factList(r *http.Request, v factsView) listweb.Of[factLine] {
	p := printer(r)
	type row = factLine
	l := listweb.Of[row]{
		Name: "facts", Title: p.T("site.facts.title"), Path: "/app/site/facts", Query: r.URL.Query(), Now: h.Service.Now(), Search: p.T("site.search"), Rows: v.List,
		Filters: []listweb.Filter[row]{
			{Name: "kind", Label: p.T("site.kind"), Options: options(p, "site.facts.kinds.", "site.any", fact.Kinds), Match: func(x row, v string) bool { return string(x.Kind) == v }},
			{Name: "due", Label: p.T("site.facts.state"), Options: []ui.Option{{Value: "1", Label: p.T("site.facts.only-due")}}, Match: func(x row, _ string) bool { return x.Due }},
		},
		Empty: listweb.Empty{Title: p.T("site.facts.none"), Text: p.T("site.facts.none-text")},
		Columns: []listweb.Column[row]{
			{Label: p.T("site.facts.mark"), File: true, Value: func(x row) any { return x.ID }},
			{Label: p.T("site.kind"), File: true, Value: func(x row) any { return p.T("site.facts.kinds." + string(x.Kind)) }},
			{
				Label: p.T("site.facts.label"), Sort: "label", Place: listweb.Head, Value: func(x row) any { return factLabel(p, x.Fact) },
				Link: func(x row) string { return "/app/site/facts/" + x.ID },
			},
			{Label: p.T("site.facts.value"), Value: func(x row) any { return x.In(p.Tag()) }, Show: func(x row) templ.Component { return factValue(x) }},
			{Label: p.T("site.facts.source"), Place: listweb.Away, Value: func(x row) any { return x.Source }, Show: func(x row) templ.Component { return factSource(x.Source, x.URL) }},
			{Label: p.T("site.facts.note"), File: true, Value: func(x row) any { return x.Note }},
			{Label: p.T("site.facts.url"), File: true, Value: func(x row) any { return x.URL }},
			{Label: p.T("site.facts.checked"), Sort: "checked", Place: listweb.Away, Value: func(x row) any { return dayValue(p, x.Checked) }, Note: func(x row) string { return x.By }},
			{Label: p.T("site.facts.by"), File: true, Value: func(x row) any { return x.By }},
			{Label: p.T("site.unit"), Sort: "unit", Place: listweb.Away, Value: func(x row) any { return ownerName(p, x.Owner) }},
			{Label: p.T("site.facts.until"), Sort: "until", Place: listweb.Figure, Value: func(x row) any { return dayValue(p, x.ValidUntil) }},
			{
				Label: p.T("site.facts.state"), Sort: "state", Place: listweb.Chip, Value: func(x row) any { key, _ := factState(x); return p.T("site.facts.states." + key) },
				Kind: func(x row) ui.Kind { _, kind := factState(x); return kind },
			},
		},
	}
	mayChange := func(x row) bool { return x.MayChange(v.Actor) }
	if slices.ContainsFunc(v.List, mayChange) {
		l.Pick = &listweb.Pick[row]{
			Action: "/app/site/facts/confirm", Name: "fact", Main: listweb.Act{Label: p.T("site.facts.confirm"), Kind: ui.Action},
			Value: func(x row) string {
				if !mayChange(x) {
					return ""
				}
				return x.ID
			},
			Label:  func(x row) string { return p.T("site.facts.tick") + ": " + factLabel(p, x.Fact) },
			Fields: ui.Input(ui.Field{Name: "by", Label: p.T("site.facts.by"), Hint: p.T("site.facts.by-hint"), Value: v.By, Error: v.Form.Error("by")}),
		}
	}
	return l
}

// serviceList is the directory as its editors see it.
func (h *Pages) serviceList(r *http.Request, all []site.DirectoryEntry) listweb.Of[site.DirectoryEntry] {
	p := printer(r)
	type row = site.DirectoryEntry
	return listweb.Of[row]{
		Name: "services", Title: p.T("site.services.title"), Path: "/app/site/services", Query: r.URL.Query(), Now: h.Service.Now(), Search: p.T("site.search"), Rows: all, Find: serviceWords,
		Filters: []listweb.Filter[row]{{Name: "region", Label: p.T("site.services.region"), Options: regionOptions(p, "site.any"), Match: func(x row, v string) bool { return x.Region == v }}},
		Empty:   listweb.Empty{Title: p.T("site.services.none"), Text: p.T("site.services.none-text")},
		Columns: []listweb.Column[row]{
			{Label: p.T("site.mark"), File: true, Value: func(x row) any { return x.ID }},
			{
				Label: p.T("site.services.name"), Sort: "name", Place: listweb.Head, Value: func(x row) any { return serviceName(p, x.Service) },
				Link: func(x row) string { return "/app/site/services/" + x.ID },
			},
			{Label: p.T("site.services.region"), Sort: "region", Value: func(x row) any { return regionName(p, x.Region) }},
			{Label: p.T("site.unit"), Sort: "unit", Place: listweb.Away, Value: func(x row) any { return ownerName(p, x.Owner) }},
			{Label: p.T("site.services.hours"), Place: listweb.Away, Value: func(x row) any { return x.Hours.String() }},
			{Label: p.T("site.facts.checked"), Sort: "checked", Place: listweb.Away, Value: func(x row) any { return dayValue(p, x.Checked) }, Note: func(x row) string { return x.By }},
			{Label: p.T("site.facts.until"), Sort: "until", Place: listweb.Figure, Value: func(x row) any { return dayValue(p, x.ValidUntil) }},
			{
				Label: p.T("site.need"), Sort: "state", Place: listweb.Chip, Value: func(x row) any { key, _ := serviceState(x); return p.T("site.services.state." + key) },
				Kind: func(x row) ui.Kind { _, kind := serviceState(x); return kind },
			},
		},
	}
}

// serviceWords are what the search for services looks into.
func serviceWords(s site.DirectoryEntry) string {
	words := s.ID + "\n" + s.Operator + "\n" + s.Town
	for _, t := range []map[string]string{s.Name, s.Summary} {
		for _, x := range t {
			words += "\n" + x
		}
	}
	return words
}

// waitingList lists the proposals that stand above what they are about, at path.
func (h *Pages) waitingList(r *http.Request, path string, proposals []proposalLine) listweb.Of[proposalLine] {
	p := printer(r)
	type row = proposalLine
	return listweb.Of[row]{
		Name: "proposals", Title: p.T("site.proposals.title"), Path: path, Query: r.URL.Query(), Prefix: "proposals.", Now: h.Service.Now(), Rows: proposals,
		Columns: []listweb.Column[row]{
			{Label: p.T("site.proposals.single"), Sort: "title", Place: listweb.Head, Value: func(x row) any { return x.Title }, Link: func(x row) string { return "/app/site/proposals/" + x.ID }},
			{Label: p.T("site.proposals.what"), Sort: "what", Place: listweb.Away, Value: func(x row) any {
				if x.Before == nil {
					return p.T("site.proposals.new")
				}
				return p.T("site.proposals.change")
			}},
			{Label: p.T("site.unit"), Sort: "unit", Place: listweb.Away, Value: func(x row) any { return ownerName(p, x.Owner) }},
			{Label: p.T("site.proposals.by"), Sort: "by", Value: func(x row) any { return x.Author }},
			{Label: p.T("site.orders.at"), Sort: "at", Place: listweb.Figure, Value: func(x row) any { return sheet.Day(x.ProposedAt.In(p.Zone())) }},
			{
				Label: p.T("site.need"), Sort: "state", Place: listweb.Chip, Value: func(x row) any { text, _ := proposalState(p, x.Proposal); return text },
				Kind: func(x row) ui.Kind { _, kind := proposalState(p, x.Proposal); return kind },
			},
		},
	}
}

// orderList is the list of orders of printed copies.
func (h *Pages) orderList(r *http.Request, v ordersView) listweb.Of[site.Order] {
	p := printer(r)
	type row = site.Order
	return listweb.Of[row]{
		Name: "orders", Title: p.T("site.orders.title"), Path: "/app/site/orders", Query: r.URL.Query(), Now: h.Service.Now(), Search: p.T("site.search"), Rows: v.List,
		Filters: []listweb.Filter[row]{{
			Name: "state", Label: p.T("site.orders.state"), Match: func(x row, v string) bool { return string(x.State) == v },
			Options: options(p, "site.orders.states.", "site.any", []site.OrderState{site.OrderNew, site.OrderSent, site.OrderCancelled}),
		}},
		Empty: listweb.Empty{Title: p.T("site.orders.none"), Text: p.T("site.orders.none-text")},
		Columns: []listweb.Column[row]{
			{Label: p.T("site.orders.institution"), Sort: "institution", Place: listweb.Head, Value: func(x row) any { return x.Institution }},
			{Label: p.T("site.orders.address"), Place: listweb.Away, Value: func(x row) any { return x.Address }},
			{Label: p.T("site.orders.publication"), Sort: "publication", Value: func(x row) any { return v.publicationTitle(p, x.ArticleID) }},
			{Label: p.T("site.orders.lang"), Sort: "lang", Place: listweb.Away, Value: func(x row) any { return p.LanguageName(x.Lang) }},
			{Label: p.T("site.orders.copies"), Sort: "copies", Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.Copies }},
			{Label: p.T("site.unit"), Sort: "unit", Place: listweb.Away, Value: func(x row) any { return ownerName(p, x.Owner) }},
			{Label: p.T("site.orders.at"), Sort: "at", Value: func(x row) any { return sheet.Day(x.OrderedAt.In(p.Zone())) }},
			{
				Label: p.T("site.orders.state"), Sort: "state", Place: listweb.Chip, Value: func(x row) any { return p.T("site.orders.states." + string(x.State)) },
				Kind: func(x row) ui.Kind { return orderKind(x.State) },
			},
			{Label: p.T("site.do"), Hidden: true, Place: listweb.Figure, Show: func(x row) templ.Component { return orderActs(x, x.MayChange(v.Actor)) }},
		},
	}
}

// visitList is the list of how often pages were opened, day by day.
func (h *Pages) visitList(r *http.Request, v visitsView) listweb.Of[visitLine] {
	p := printer(r)
	type row = visitLine
	q := url.Values{}
	for name, values := range r.URL.Query() {
		q[name] = values
	}
	for name, values := range v.Query { // the period that is shown, also where none was asked for
		q[name] = values
	}
	from := func(key string) func(string) string {
		return func(day string) string { return p.T(key) + " " + p.DateOf(day) }
	}
	return listweb.Of[row]{
		Name: "visits", Title: p.T("site.visits.days"), Path: "/app/site/visits", Query: q, Now: h.Service.Now(), Rows: v.Lines,
		Filters: []listweb.Filter[row]{
			{Name: "from", Type: "date", Label: p.T("site.visits.from"), Chip: from("site.visits.from")}, {Name: "to", Type: "date", Label: p.T("site.visits.to"), Chip: from("site.visits.to")},
			{Name: "lang", Label: p.T("site.orders.lang"), Options: languageChoices(p, v.Languages)},
		},
		Columns: []listweb.Column[row]{
			{Label: p.T("site.visits.day"), Sort: "day", Value: func(x row) any { return dayValue(p, x.Day) }},
			{Label: p.T("site.visits.page"), Sort: "page", Place: listweb.Head, Value: func(x row) any { return x.Title }},
			{Label: p.T("site.orders.lang"), Sort: "lang", Place: listweb.Away, Value: func(x row) any { return p.LanguageName(x.Lang) }},
			{
				Label: p.T("site.visits.n"), Sort: "n", Numeric: true, Place: listweb.Figure,
				Value: func(x row) any {
					if x.Few() { // the number itself is for nobody
						return p.T("site.visits.below", "N", visits.Least)
					}
					return x.N
				},
				By: func(x row) any {
					if x.Few() {
						return nil
					}
					return x.N
				},
			},
		},
	}
}

// doorList is what came through each door.
func (h *Pages) doorList(r *http.Request, v visitsView) listweb.Of[doorLine] {
	p := printer(r)
	return listweb.Of[doorLine]{
		Name: "doors", Title: p.T("site.visits.doors"), Path: "/app/site/visits", Query: r.URL.Query(), Prefix: "doors.", Now: h.Service.Now(), Rows: v.Doors,
		Columns: []listweb.Column[doorLine]{
			{Label: p.T("site.visits.door"), Sort: "door", Place: listweb.Head, Value: func(x doorLine) any { return x.Title }},
			{Label: p.T("site.visits.n"), Numeric: true, Place: listweb.Figure, Value: func(x doorLine) any { return total(p, x.Total) }},
		},
	}
}

// differenceList is what a proposal would change.
func (h *Pages) differenceList(r *http.Request, v proposalView) listweb.Of[difference] {
	p := printer(r)
	return listweb.Of[difference]{
		Name: "differences", Title: p.T("site.proposals.differences"), Path: "/app/site/proposals/" + v.ID, Query: r.URL.Query(), Now: h.Service.Now(), Rows: v.Lines, Size: 200,
		Columns: []listweb.Column[difference]{
			{Label: p.T("site.proposals.field"), Place: listweb.Head, Value: func(x difference) any { return x.Label }},
			{Label: p.T("site.proposals.before"), Value: func(x difference) any { return x.Before }},
			{Label: p.T("site.proposals.after"), Value: func(x difference) any { return x.After }},
		},
	}
}
