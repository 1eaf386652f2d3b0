package identityweb

import (
	"net/http"
	"net/url"
	"strings"

	"ostoja/internal/identity/roster"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
)

// lineList is the list of a file's rows, with what will become of each; those with faults come first.
func (h *Pages) lineList(r *http.Request, preview roster.Preview) listweb.Of[roster.Line] {
	p, q := lang.From(r.Context()), r.URL.Query()
	if q.Get("preview") == "" { // the answer to the file itself
		q = url.Values{"preview": {preview.ID}}
	}
	type row = roster.Line
	l := listweb.Of[row]{
		Name: "import", Title: p.T("people.import.preview"), Path: "/app/people/import", Query: q, Now: h.site.Clock.Now(), Search: p.T("people.search"),
		Columns: []listweb.Column[row]{
			{Label: p.T("people.import.row"), Sort: "row", Numeric: true, Place: listweb.Away, Value: func(line row) any { return line.Number }},
			{Label: p.T("people.field.name"), Sort: "name", Place: listweb.Head, Value: func(line row) any { return line.Name }, Note: func(line row) string { return dashIf(line.Name == "") }},
			{Label: p.T("people.sign-in.name"), Value: func(line row) any { return line.SignIn }},
			{Label: p.T("people.field.unit"), Sort: "unit", Place: listweb.Away, Value: func(line row) any { return line.Unit }, Note: func(line row) string {
				if line.NewUnit && line.State != roster.LineBad {
					return p.T("people.import.new-unit")
				}
				return ""
			}},
			{
				Label: p.T("people.field.state"), Place: listweb.Chip, Value: func(line row) any { return p.T("people.import.lines-" + string(line.State)) },
				Kind: func(line row) ui.Kind { return lineKind(line.State) },
			},
			{Label: p.T("people.import.what"), Value: func(line row) any { return whatFollows(p, line) }},
		},
		Filters: []listweb.Filter[row]{{Name: "state", Label: p.T("people.field.state"), Match: func(line row, v string) bool { return string(line.State) == v }}},
	}
	for _, s := range roster.LineStates {
		l.Filters[0].Options = append(l.Filters[0].Options, ui.Option{Value: string(s), Label: p.T("people.import.lines-" + string(s))})
		for _, line := range preview.Lines {
			if line.State == s {
				l.Rows = append(l.Rows, line)
			}
		}
	}
	return l
}

func dashIf(missing bool) string {
	if missing {
		return orDash("")
	}
	return ""
}

// whatFollows says what will become of a row, or what is wrong with it.
func whatFollows(p *lang.Printer, line roster.Line) string {
	switch line.State {
	case roster.LineBad:
		var faults []string
		for _, f := range line.Faults {
			text := p.Args(f.Key, f.Args)
			if f.Column != "" {
				text = f.Column + ": " + text
			}
			faults = append(faults, text)
		}
		return strings.Join(faults, " ")
	case roster.LineChanged:
		return p.T("people.import.changes", "Fields", fieldNames(p, line.Changes))
	}
	return p.T("people.import.line-" + string(line.State))
}
