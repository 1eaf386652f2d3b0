package identityweb

import (
	"context"
	"iter"
	"net/http"
	"strings"

	"ostoja/internal/audit"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// recordLine is an entry with the names of the persons that it speaks of.
type recordLine struct {
	audit.Entry
	names map[string]string
}

// recordFilter says in the record's words what the list was asked for. A day that is none limits nothing.
func recordFilter(p *lang.Printer, q list.Query) audit.Filter {
	f := audit.Filter{Action: q.Filters["action"], Oldest: !q.Desc, Page: q.Page, Size: q.Size}
	if day, ok := text.Day(q.Filters["from"], p.Zone()); ok && q.Filters["from"] != "" {
		f.From = day.UTC()
	}
	if day, ok := text.Day(q.Filters["to"], p.Zone()); ok && q.Filters["to"] != "" {
		f.To = day.AddDate(0, 0, 1).UTC()
	}
	return f
}

// recordList is the list of what was done, the newest first.
func (h *Pages) recordList(r *http.Request, actions []string) listweb.Of[recordLine] {
	p, actor := lang.From(r.Context()), web.Actor(r.Context())
	day := func(v string) string {
		if d, ok := text.Day(v, p.Zone()); ok {
			return p.Date(d)
		}
		return v
	}
	l := listweb.Of[recordLine]{
		Name: "audit", Title: p.T("audit.title"), Path: "/app/audit", Query: r.URL.Query(), Now: h.site.Clock.Now(), First: "-at",
		Filters: []listweb.Filter[recordLine]{
			{Name: "action", Label: p.T("audit.action")},
			{Name: "from", Type: "date", Label: p.T("audit.from"), Chip: func(v string) string { return p.T("audit.from-chip", "Day", day(v)) }},
			{Name: "to", Type: "date", Label: p.T("audit.to"), Chip: func(v string) string { return p.T("audit.to-chip", "Day", day(v)) }},
		},
		Columns: recordColumns(p), Empty: listweb.Empty{Title: p.T("audit.empty"), Text: p.T("audit.empty-text")},
		Page: func(ctx context.Context, q list.Query) ([]recordLine, int, error) {
			found, err := h.audit.List(ctx, actor, recordFilter(p, q))
			if err != nil {
				return nil, 0, err
			}
			lines, err := h.recordLines(ctx, found.Entries)
			return lines, found.Total, err
		},
		Each: func(ctx context.Context, q list.Query, format sheet.Format, use func(iter.Seq2[recordLine, error]) error) error {
			return h.audit.Export(ctx, actor, recordFilter(p, q), string(format), h.site.Clock.Now(), func(portions iter.Seq2[[]audit.Entry, error]) error {
				return use(func(yield func(recordLine, error) bool) {
					for entries, err := range portions {
						var lines []recordLine
						if err == nil {
							lines, err = h.recordLines(ctx, entries)
						}
						if err != nil {
							yield(recordLine{}, err)
							return
						}
						for _, line := range lines {
							if !yield(line, nil) {
								return
							}
						}
					}
				})
			})
		},
	}
	for _, a := range actions {
		l.Filters[0].Options = append(l.Filters[0].Options, ui.Option{Value: a, Label: actionName(p, a)})
	}
	return l
}

// recordLines adds the names that the reader may see.
func (h *Pages) recordLines(ctx context.Context, entries []audit.Entry) ([]recordLine, error) {
	var people []string
	for _, e := range entries {
		people = append(people, e.ActorID)
		if kind, id, ok := strings.Cut(e.Object, ":"); ok && kind == "person" {
			people = append(people, id)
		}
	}
	names, err := h.service.Names(ctx, web.Actor(ctx), people)
	if err != nil {
		return nil, err
	}
	lines := make([]recordLine, len(entries))
	for i, e := range entries {
		lines[i] = recordLine{e, names}
	}
	return lines, nil
}

func recordColumns(p *lang.Printer) []listweb.Column[recordLine] {
	return []listweb.Column[recordLine]{
		{Label: p.T("audit.at"), Sort: "at", Place: listweb.Head, Value: func(line recordLine) any { return line.At.In(p.Zone()) }},
		{Label: p.T("audit.who"), Value: func(line recordLine) any { return line.who(p) }},
		{Label: p.T("audit.action"), Value: func(line recordLine) any { return actionName(p, line.Action) }},
		{
			Label: p.T("audit.object"), Place: listweb.Away,
			Value: func(line recordLine) any { label, _ := line.what(); return label },
			Link:  func(line recordLine) string { _, href := line.what(); return href },
		},
		{Label: p.T("audit.detail"), Place: listweb.Away, Value: func(line recordLine) any {
			if line.Detail == "{}" {
				return ""
			}
			return line.Detail
		}},
	}
}

func (h *Pages) record(w http.ResponseWriter, r *http.Request) error {
	actions, err := h.audit.Actions(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	l := h.recordList(r, actions)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: l.Title, Nav: "system", Wide: true}, recordPage(shown))
}
