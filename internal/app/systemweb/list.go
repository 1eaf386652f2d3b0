package systemweb

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/job"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
)

// jobList is the list of jobs that are stuck.
func (h *Pages) jobList(r *http.Request, jobs []job.Job) listweb.Of[job.Job] {
	p := lang.From(r.Context())
	return listweb.Of[job.Job]{
		Name: "jobs", Title: p.T("system.jobs"), Path: "/app/system", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: jobs,
		Empty: listweb.Empty{Title: p.T("system.no-trouble")},
		Columns: []listweb.Column[job.Job]{
			{Label: p.T("system.kind"), Sort: "kind", Place: listweb.Head, Value: func(x job.Job) any { return string(x.Kind) }},
			{Label: p.T("system.attempts"), Sort: "attempts", Numeric: true, Place: listweb.Away, Value: func(x job.Job) any { return x.Attempts }},
			{Label: p.T("system.next"), Sort: "next", Value: func(x job.Job) any {
				if !x.FailedAt.IsZero() {
					return nil
				}
				return x.RunAt.In(p.Zone())
			}},
			{
				Label: p.T("system.state"), Place: listweb.Chip, Kind: func(job.Job) ui.Kind { return ui.Danger },
				Value: func(x job.Job) any {
					if x.FailedAt.IsZero() {
						return ""
					}
					return p.T("system.given-up")
				},
			},
			{Label: p.T("system.error"), Value: func(x job.Job) any { return x.LastError }, Show: func(x job.Job) templ.Component { return fault(x.LastError) }},
			{Label: p.T("system.retry"), Hidden: true, Place: listweb.Figure, Show: func(x job.Job) templ.Component { return retryForm(x) }},
		},
	}
}

// periodicList is the list of the work that time alone makes due.
func (h *Pages) periodicList(r *http.Request, works []job.Due) listweb.Of[job.Due] {
	p := lang.From(r.Context())
	at := func(t time.Time) any {
		if t.IsZero() {
			return nil
		}
		return t.In(p.Zone())
	}
	return listweb.Of[job.Due]{
		Name: "periodic", Title: p.T("system.periodic.title"), Path: "/app/system", Prefix: "periodic.", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: works,
		Columns: []listweb.Column[job.Due]{
			{Label: p.T("system.periodic.name"), Sort: "name", Place: listweb.Head, Value: func(x job.Due) any { return workName(p, x.Name) }},
			{
				Label: p.T("system.state"), Sort: "state", Place: listweb.Chip, Kind: func(job.Due) ui.Kind { return ui.Danger },
				Value: func(x job.Due) any {
					if x.LastError == "" {
						return ""
					}
					return p.T("system.periodic.failed")
				},
			},
			{Label: p.T("system.periodic.last"), Phone: p.T("system.periodic.last"), Sort: "last", Value: func(x job.Due) any { return at(x.LastAt()) }},
			{Label: p.T("system.periodic.next"), Phone: p.T("system.periodic.next"), Sort: "next", Value: func(x job.Due) any { return at(x.NextAt) }},
			{Label: p.T("system.error"), Value: func(x job.Due) any { return x.LastError }, Show: func(x job.Due) templ.Component { return fault(x.LastError) }},
		},
	}
}

// workName says what a periodic work is for; one without a text stands by its own name.
func workName(p *lang.Printer, name string) string {
	if key := "system.work." + strings.ReplaceAll(name, ".", "-"); p.Has(key) {
		return p.T(key)
	}
	return name
}

// example is a row of the list that the design system's page shows.
type example struct {
	name, unit string
	kind       ui.Kind
	state      string
	score      float64
}

// exampleList is a list with all that a list can have: search, filters, orders, pages, ticking, files. Its people are invented.
func (h *Pages) exampleList(r *http.Request) listweb.Of[example] {
	rows := []example{
		{"Kowalczyk, Joanna", "Placówka w Terespolu", ui.Success, "ukończone", 92.5},
		{"Kochanowska-Wiśniewska, Aleksandra", "Placówka w Hrebennem", ui.Waiting, "czeka na ocenę", 71},
		{"Konieczny, Paweł", "Oddział Nadbużański", ui.Info, "w toku", 0},
	}
	for i := range 9 {
		rows = append(rows, example{"Przykładowa, Osoba " + strconv.Itoa(i+1), "Placówka w Terespolu", ui.Plain, "zaproszone", 0})
	}
	return listweb.Of[example]{
		Name: "example", Title: "Osoby zapisane na kurs", Path: "/app/design", Prefix: "list.", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: "Imię lub nazwisko",
		Rows: rows, Size: 5, Find: func(x example) string { return x.name },
		Filters: []listweb.Filter[example]{{
			Name: "unit", Label: "Jednostka", Match: func(x example, v string) bool { return x.unit == v },
			Options: []ui.Option{{Value: "Placówka w Terespolu", Label: "Placówka w Terespolu"}, {Value: "Placówka w Hrebennem", Label: "Placówka w Hrebennem"}},
		}},
		Columns: []listweb.Column[example]{
			{Label: "Osoba", Sort: "name", Place: listweb.Head, Value: func(x example) any { return x.name }, Link: func(example) string { return "#lists" }},
			{Label: "Jednostka", Sort: "unit", Value: func(x example) any { return x.unit }},
			{Label: "Stan", Place: listweb.Chip, Value: func(x example) any { return x.state }, Kind: func(x example) ui.Kind { return x.kind }},
			{Label: "Wynik", Sort: "score", Numeric: true, Place: listweb.Figure, Value: func(x example) any {
				if x.score == 0 {
					return nil
				}
				return sheet.Decimal{Value: x.score, Places: 1}
			}},
		},
		Pick: &listweb.Pick[example]{
			Action: "#lists", Name: "person", All: "all", Main: listweb.Act{Label: "Przypomnij zaznaczonym", Kind: ui.Action}, More: []listweb.Act{{Label: "Wycofaj…", Kind: ui.Danger}},
			Value: func(x example) string { return x.name }, Label: func(x example) string { return "Zaznacz: " + x.name },
		},
	}
}
