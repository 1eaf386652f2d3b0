package publicationweb

import (
	"net/http"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/publication"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// list shows the publications of the reader's offices, and those that can be ordered.
func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	rows, err := h.service.List(ctx, actor)
	if err != nil {
		return err
	}
	type row = publication.Row
	figure := func(of func(row) int) func(row) any {
		return func(x row) any {
			if !x.Mine {
				return nil
			}
			return of(x)
		}
	}
	l := listweb.Of[row]{
		Name: "publications", Title: p.T("publication.title"), Path: home, Query: r.URL.Query(), Now: h.site.Clock.Now(), Search: p.T("publication.search"), Rows: rows,
		Find: func(x row) string {
			return x.Title + "\n" + x.Short + "\n" + x.ISBN + "\n" + x.Publisher + "\n" + x.Unit
		},
		Filters: []listweb.Filter[row]{
			{Name: "lang", Label: p.T("publication.languages"), Options: languageOptions(p, rows), Match: func(x row, v string) bool { return strings.Contains(" "+strings.Join(x.Languages, " ")+" ", " "+v+" ") }},
			{Name: "state", Label: p.T("publication.state"), Options: ui.OptionsOf(p, "publication.any", "publication.is-", []string{"waiting", "out", "orderable"}), Match: func(x row, v string) bool {
				return v == "waiting" && x.Waiting > 0 || v == "out" && x.Mine && x.Stock == 0 || v == "orderable" && x.Orderable
			}},
		},
		Columns: []listweb.Column[row]{
			{Label: p.T("publication.one-title"), Sort: "title", Place: listweb.Head, Value: func(x row) any { return x.Title }, Text: func(x row) string { return x.Name() }, Link: func(x row) string { return publication.Path(x.ID) }},
			{Label: p.T("publication.languages"), Place: listweb.Meta, Value: func(x row) any { return p.LanguageNames(x.Languages) }},
			{Label: p.T("publication.edition"), Place: listweb.Away, Value: func(x row) any { return x.Edition }},
			{Label: p.T("publication.year"), Sort: "year", Numeric: true, Place: listweb.Away, Value: func(x row) any { return yearOf(x.Year) }, Text: func(x row) string { return yearText(x.Year) }},
			{Label: p.T("publication.isbn"), Place: listweb.Away, Value: func(x row) any { return x.ISBN }},
			{Label: p.T("publication.office"), Place: listweb.Away, Value: func(x row) any { return x.Unit }},
			{Label: p.T("publication.printed"), Sort: "printed", Numeric: true, Place: listweb.Away, Value: figure(func(x row) int { return x.Printed })},
			{Label: p.T("publication.given"), Sort: "given", Numeric: true, Place: listweb.Away, Value: figure(func(x row) int { return x.Given })},
			{Label: p.T("publication.in-stock"), Sort: "stock", Numeric: true, Place: listweb.Figure, Phone: p.T("publication.in-stock"), Value: figure(func(x row) int { return x.Stock })},
			{Label: p.T("publication.waiting"), Place: listweb.Chip, Value: func(x row) any { return x.Waiting }, Text: func(x row) string {
				if x.Waiting == 0 {
					return ""
				}
				return p.N("publication.orders-wait", x.Waiting)
			}, Kind: func(row) ui.Kind { return ui.Waiting }},
		},
		Empty: listweb.Empty{Title: p.T("publication.none"), Text: p.T("publication.none-text")},
	}
	if l.Wanted() {
		return l.Send(w, r)
	}
	mayWrite := actor.Has(access.ProjectsWrite)
	if mayWrite {
		l.Empty.Action = ui.NavItem{Label: p.T("publication.new"), Href: home + "/new"}
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	stock, waiting := 0, 0
	for _, x := range rows {
		stock, waiting = stock+x.Stock, waiting+x.Waiting
	}
	out := view(p, "publication.title", nil)
	out.Wide = true
	return web.Show(w, r, out, listPage(shown, mayWrite, len(rows), stock, waiting))
}

func yearOf(year int) any {
	if year == 0 {
		return nil
	}
	return year
}

// languageOptions are the languages that the rows have.
func languageOptions(p *lang.Printer, rows []publication.Row) (options []ui.Option) {
	has := map[string]bool{}
	for _, x := range rows {
		for _, l := range x.Languages {
			has[l] = true
		}
	}
	for _, l := range publication.Languages {
		if has[l] {
			options = append(options, ui.Option{Value: l, Label: p.LanguageName(l)})
		}
	}
	return options
}

// moveList lists the movements of a publication, the latest first.
func (h *Pages) moveList(r *http.Request, x publication.Page) *listweb.Of[publication.Movement] {
	type row = publication.Movement
	p := lang.From(r.Context())
	kinds := make([]string, len(publication.Kinds))
	for i, k := range publication.Kinds {
		kinds[i] = string(k)
	}
	return &listweb.Of[row]{
		Name: "movements", Title: p.T("publication.moves"), Path: publication.Path(x.ID), Query: r.URL.Query(), Now: h.site.Clock.Now(), Prefix: "m.", Search: p.T("publication.move-search"), Rows: x.Moves,
		Find: func(m row) string {
			return m.FromName + "\n" + m.ToName + "\n" + m.Unit + "\n" + m.Training.Title + "\n" + m.Reason
		},
		Filters: []listweb.Filter[row]{
			{Name: "kind", Label: p.T("publication.kind"), Options: ui.OptionsOf(p, "publication.any", "publication.kind-", kinds), Match: func(m row, v string) bool { return string(m.Kind) == v }},
		},
		Columns: []listweb.Column[row]{
			{Label: p.T("publication.day"), Place: listweb.Meta, Value: func(m row) any { return sheet.Day(p.StoredDay(m.Day)) }, Text: func(m row) string { return p.Day(p.StoredDay(m.Day), h.site.Clock.Now()) }},
			{Label: p.T("publication.kind"), Place: listweb.Head, Value: func(m row) any { return p.T("publication.kind-" + string(m.Kind)) }},
			{Label: p.T("publication.copies"), Numeric: true, Place: listweb.Figure, Value: func(m row) any { return m.Copies }},
			{Label: p.T("publication.from"), Place: listweb.Away, Value: func(m row) any { return m.FromName }},
			{Label: p.T("publication.where-to"), Place: listweb.Meta, Value: func(m row) any { return whereTo(p, m) }, Link: func(m row) string {
				if m.Kind == publication.Handed && m.Training.Title != "" {
					return "/app/trainings/" + m.TrainingID
				}
				return ""
			}},
			{Label: p.T("publication.reason"), Place: listweb.Away, Value: func(m row) any { return m.Reason }},
			{Label: p.T("publication.by"), Place: listweb.Away, Value: func(m row) any { return m.By }},
			{Label: p.T("publication.state"), Place: listweb.Chip, Value: func(m row) any {
				if m.UndoneAt.IsZero() {
					return ""
				}
				return p.T("publication.undone")
			}, Kind: func(row) ui.Kind { return ui.Plain }},
		},
		Empty: listweb.Empty{Title: p.T("publication.no-moves"), Text: p.T("publication.no-moves-text")},
	}
}

// whereTo says where copies went: to a place, a unit, a training; of an arrival, from which print run, or from where.
func whereTo(p *lang.Printer, m publication.Movement) string {
	switch m.Kind {
	case publication.Arrival:
		if m.RunDay != "" {
			return m.ToName + ", " + p.T("publication.of-run", "Day", p.DateOf(m.RunDay))
		}
		return m.ToName
	case publication.Moved:
		if m.Unit != "" {
			return m.ToName + ", " + p.T("publication.for-unit", "Unit", m.Unit)
		}
		return m.ToName
	case publication.Sent:
		return m.Unit
	case publication.Handed:
		if m.Training.Title != "" {
			return m.Training.Title + ", " + p.DateOf(m.Training.Day)
		}
		return p.T("publication.a-training")
	case publication.WrittenOff:
		return ""
	}
	return ""
}

// orderList lists orders, those that wait first.
func (h *Pages) orderList(r *http.Request, path, prefix string, list []publication.Order) *listweb.Of[publication.Order] {
	type row = publication.Order
	p, actor := lang.From(r.Context()), web.Actor(r.Context())
	states := make([]string, len(publication.OrderStates))
	for i, s := range publication.OrderStates {
		states[i] = string(s)
	}
	return &listweb.Of[row]{
		Name: "orders", Title: p.T("publication.orders"), Path: path, Query: r.URL.Query(), Now: h.site.Clock.Now(), Prefix: prefix, Search: p.T("publication.order-search"), Rows: list,
		Find: func(o row) string { return o.Title + "\n" + o.Unit + "\n" + o.Purpose },
		Filters: []listweb.Filter[row]{
			{Name: "state", Label: p.T("publication.state"), Options: ui.OptionsOf(p, "publication.any", "publication.order-", states), Match: func(o row, v string) bool { return string(o.State) == v }},
		},
		Columns: []listweb.Column[row]{
			{Label: p.T("publication.order-unit"), Sort: "unit", Place: listweb.Head, Value: func(o row) any { return o.Unit }, Link: func(o row) string { return orders + "/" + o.ID }},
			{Label: p.T("publication.one-title"), Sort: "title", Place: listweb.Meta, Value: func(o row) any { return o.Title }},
			{Label: p.T("publication.asked-copies"), Numeric: true, Place: listweb.Figure, Value: func(o row) any { return o.Copies }, Text: func(o row) string { return copiesText(p, o) }},
			{Label: p.T("publication.agreed"), Numeric: true, File: true, Value: func(o row) any { return o.Agreed }},
			{Label: p.T("publication.asked-at"), Sort: "at", Place: listweb.Away, Value: func(o row) any { return sheet.Day(o.At.In(p.Zone())) }, Text: func(o row) string { return p.Day(o.At, h.site.Clock.Now()) }},
			{Label: p.T("publication.by"), Place: listweb.Away, Value: func(o row) any { return o.By }},
			{Label: p.T("publication.state"), Place: listweb.Chip, Value: func(o row) any { return p.T("publication.order-" + string(o.State)) }, Kind: func(o row) ui.Kind {
				if o.Waits(actor) {
					return ui.Waiting
				}
				return ui.Plain
			}},
		},
		Empty: listweb.Empty{Title: p.T("publication.no-orders"), Text: p.T("publication.no-orders-text")},
	}
}

// copiesText is how many copies were asked for, and how many of them are sent where the office said another number.
func copiesText(p *lang.Printer, o publication.Order) string {
	if o.Agreed > 0 && o.Agreed < o.Copies {
		return p.T("publication.n-of", "N", p.Int(o.Agreed), "Of", p.Int(o.Copies))
	}
	return p.Int(o.Copies)
}
