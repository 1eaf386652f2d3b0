package identityweb

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ostoja/internal/identity/roster"
	"ostoja/internal/identity/territory"
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
		Columns: lineColumns(p, preview),
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

// lineColumns are all that will be written of a row, as far as the file has it.
func lineColumns(p *lang.Printer, preview roster.Preview) []listweb.Column[roster.Line] {
	type row = roster.Line
	columns := []listweb.Column[row]{
		{Label: p.T("people.import.row"), Sort: "row", Numeric: true, Place: listweb.Away, Value: func(line row) any { return line.Number }},
		{
			Label: p.T("people.field.family_name"), Sort: "name", Place: listweb.Head, Value: func(line row) any { return line.Entry.FamilyName },
			Note: func(line row) string { return dashIf(line.Entry.FamilyName == "") },
		},
		{Label: p.T("people.field.given_name"), Value: func(line row) any { return line.Entry.GivenName }},
	}
	for _, c := range []struct {
		field string
		value func(row) any
	}{
		{"mail", func(line row) any { return line.Entry.Mail }}, {"service_number", func(line row) any { return line.Entry.ServiceNumber }},
	} {
		if slices.Contains(preview.Fields, c.field) {
			columns = append(columns, listweb.Column[row]{Label: p.T("people.field." + c.field), Value: c.value})
		}
	}
	return append(columns,
		listweb.Column[row]{Label: p.T("people.field.unit"), Sort: "unit", Value: func(line row) any { return line.Unit }, Note: func(line row) string {
			if line.NewUnit && line.State != roster.LineBad {
				return p.T("people.import.new-unit")
			}
			return ""
		}},
		listweb.Column[row]{Label: p.T("people.import.rest"), Value: func(line row) any { return restOf(p, line) }},
		listweb.Column[row]{
			Label: p.T("people.field.state"), Place: listweb.Chip, Value: func(line row) any { return p.T("people.import.lines-" + string(line.State)) },
			Kind: func(line row) ui.Kind { return lineKind(line.State) },
		},
		listweb.Column[row]{Label: p.T("people.import.what"), Value: func(line row) any { return whatFollows(p, line) }},
	)
}

// restOf names what else will be written of a row: nine columns of their own would not fit on a screen.
func restOf(p *lang.Printer, line roster.Line) string {
	said := []string{p.T("language." + line.Entry.Lang)}
	for _, word := range []string{sexName(p, line.Entry.Sex), territory.RegionName(line.Entry.Region, p.Tag())} {
		if word != "" {
			said = append(said, word)
		}
	}
	if until := line.Entry.Until; !until.IsZero() { // kept as the beginning of the next day
		said = append(said, p.T("people.import.rest-until", "Day", p.Date(until.In(p.Zone()).AddDate(0, 0, -1))))
	}
	return strings.Join(said, ", ")
}

func dashIf(missing bool) string {
	if missing {
		return orDash("")
	}
	return ""
}

// whatFollows says what will become of a row, or what is wrong with it.
func whatFollows(p *lang.Printer, line roster.Line) string {
	var said []string
	switch line.State {
	case roster.LineBad:
		said = append(said, faultWords(p, line.Faults))
	case roster.LineChanged:
		said = append(said, p.T("people.import.changes", "Fields", fieldNames(p, line.Changes)))
	default:
		said = append(said, p.T("people.import.line-"+string(line.State)))
	}
	if len(line.Remarks) > 0 && line.State != roster.LineBad {
		said[0] += "."
	}
	for _, key := range line.Remarks {
		said = append(said, p.T(key))
	}
	return strings.Join(said, " ")
}

// faultWords says what is wrong with a row.
func faultWords(p *lang.Printer, faults []roster.Fault) string {
	said := make([]string, len(faults))
	for i, f := range faults {
		if said[i] = p.Args(f.Key, f.Args); f.Column != "" {
			said[i] = f.Column + ": " + said[i]
		}
	}
	return strings.Join(said, " ")
}
