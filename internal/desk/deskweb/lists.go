package deskweb

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// asked says in the desk's words what a list was asked for.
func asked(q list.Query) filter {
	v := url.Values{"q": {q.Search}, "sort": {q.Sort}}
	if q.Desc {
		v.Set("desc", "1")
	}
	for name, value := range q.Filters {
		v.Set(name, value)
	}
	_, f := parse(v)
	return f
}

// peopleList is the list of a course's people.
func (h *Pages) peopleList(r *http.Request, v view) listweb.Of[desk.Person] {
	p, actor := lang.From(r.Context()), web.Actor(r.Context())
	type row = desk.Person
	l := listweb.Of[row]{
		Name: "people", Title: p.T("desk.people"), Path: v.path("/people"), Query: r.URL.Query(), Now: h.Service.Now(), Search: p.T("desk.filter-search"), First: "name",
		Filters: []listweb.Filter[row]{
			{Name: "unit", Label: p.T("desk.unit"), Options: unitOptions(p, v.Units)},
			{Name: "only", Label: p.T("desk.unit"), Quiet: true, Chip: func(string) string { return p.T("desk.unit-only") }},
			{Name: "region", Label: p.T("desk.region"), Options: regionOptions(p)},
			{Name: "figure", Label: p.T("desk.filter-figure"), Options: figureOptions(p)},
			{Name: "month", Label: p.T("desk.filter-month"), Hint: p.T("desk.filter-month-hint"), Options: monthOptions(p, v.Months, "")},
			{Name: "state", Label: p.T("desk.filter-state"), Options: stateOptions(p)},
			{Name: "stalled", Label: p.T("desk.filter-stalled"), Options: stalledOptions(p)},
			{Name: "due", Label: p.T("desk.filter-due"), Options: dueOptions(p)},
		},
		Columns: h.peopleColumns(p, v),
		Empty:   listweb.Empty{Title: p.T("desk.nobody-yet"), Text: p.T("desk.nobody-yet-text")},
		Page: func(ctx context.Context, q list.Query) ([]row, int, error) {
			f := asked(q)
			return h.Service.People(ctx, actor, v.Course.ID, f.Filter, f.Sort, desk.Page{Number: q.Page, Size: q.Size})
		},
		Each: func(ctx context.Context, q list.Query, _ sheet.Format, use func(iter.Seq2[row, error]) error) error {
			f := asked(q)
			return h.Service.EachPerson(ctx, actor, v.Course.ID, f.Filter, f.Sort, use)
		},
		Record: func(ctx context.Context, rows int, f sheet.Format) error {
			return h.Service.RecordExport(ctx, actor, v.Course.ID, rows, string(f))
		},
	}
	if v.MayWrite {
		l.Empty.Action = ui.NavItem{Label: p.T("desk.enrol"), Href: v.path("/enrol")}
		l.Pick = &listweb.Pick[row]{
			Action: v.path("/remind"), Name: "enrolment", All: "all", Hidden: append(hidden(v.Query), ui.NavItem{Label: "back", Href: v.Query.With(v.path("/people"))}),
			Main: listweb.Act{Label: p.T("desk.remind.ticked"), Kind: ui.Action},
			More: []listweb.Act{{Label: p.T("desk.plan.see"), Kind: ui.Plain, Action: v.path("/letters"), Name: "act", Value: actRemind}, {Label: p.T("desk.due.ticked"), Kind: ui.Plain, Action: v.path("/due")}, {Label: p.T("reminder.hush"), Kind: ui.Plain, Action: v.path("/hush"), Name: "quiet", Value: "1"}, {Label: p.T("reminder.unhush"), Kind: ui.Plain, Action: v.path("/hush")}},
			Value: func(x row) string {
				if remindable(x) {
					return x.EnrolmentID
				}
				return ""
			},
			Label: func(x row) string { return p.T("desk.choose-person", "Name", x.GivenName+" "+x.FamilyName) },
		}
	}
	return l
}

// hidden are the filters as fields of a form.
func hidden(q query) (fields []ui.NavItem) {
	for _, name := range names {
		if q.Has(name) {
			fields = append(fields, ui.NavItem{Label: name, Href: q.Get(name)})
		}
	}
	return fields
}

func (h *Pages) peopleColumns(p *lang.Printer, v view) []listweb.Column[desk.Person] {
	type row = desk.Person
	day := func(of func(row) time.Time) func(row) any {
		return func(x row) any {
			if of(x).IsZero() {
				return nil
			}
			return sheet.Day(of(x).In(p.Zone()))
		}
	}
	file := func(key string, value func(row) any) listweb.Column[row] {
		return listweb.Column[row]{Label: p.T("desk." + key), File: true, Value: value}
	}
	return []listweb.Column[row]{
		{
			Label: p.T("desk.name"), Sort: "name", Place: listweb.Head, Text: func(x row) string { return x.FamilyName + " " + x.GivenName },
			Link: func(x row) string { return "/app/people/" + x.PersonID },
			Note: func(x row) string {
				if x.Round > 1 {
					return "(" + p.T("desk.round-n", "Round", x.Round) + ")"
				}
				return ""
			},
		},
		file("family-name", func(x row) any { return x.FamilyName }),
		file("given-name", func(x row) any { return x.GivenName }),
		file("organisation", func(x row) any { return x.Organisation }),
		{Label: p.T("desk.unit"), Sort: "unit", Value: func(x row) any { return x.Unit }},
		file("region", func(x row) any { return regionName(p, x.Region) }), // "" where none is known
		{
			Label: p.T("desk.state"), Place: listweb.Chip, Value: func(x row) any { return p.T("desk.state-" + string(x.State())) },
			Kind: func(x row) ui.Kind { return stateKind(x.State()) },
		},
		file("round", func(x row) any { return x.Round }),
		{Label: p.T("desk.invited-at"), Sort: "invited", Place: listweb.Away, Numeric: true, Value: day(func(x row) time.Time { return x.InvitedAt })},
		file("started-at", day(func(x row) time.Time { return x.StartedAt })),
		{
			Label: p.T("desk.active-at"), Sort: "active", Place: listweb.Away, Numeric: true, Value: day(func(x row) time.Time { return x.ActiveAt }),
			Text: func(x row) string { return cmp.Or(p.Day(x.ActiveAt, h.Service.Now()), p.T("desk.never")) },
		},
		file("finished-at", day(func(x row) time.Time { return x.FinishedAt })),
		{Label: p.T("desk.passed-at"), Sort: "passed", Place: listweb.Away, Numeric: true, Value: day(func(x row) time.Time { return x.PassedAt })},
		file("withdrawn-at", day(func(x row) time.Time { return x.WithdrawnAt })),
		file("reminded-at", day(func(x row) time.Time { return x.RemindedAt })),
		{
			Label: p.T("desk.due-at"), Sort: "due", Numeric: true, Value: day(func(x row) time.Time { return x.DueAt }),
			Show: func(x row) templ.Component { return dueCell(x, h.Service.Now()) },
		},
		file("overdue", func(x row) any { return overdueWord(p, x, h.Service.Now()) }),
		{Label: p.T("desk.progress"), Sort: "progress", Place: listweb.Figure, Numeric: true, Text: func(x row) string {
			return p.T("desk.progress-text", "Done", p.Int(x.PartsDone), "Of", p.Int(x.Parts))
		}},
		file("progress-percent", func(x row) any { return percent(x.PartsDone, x.Parts) }),
		{Label: p.T("desk.best"), Sort: "score", Place: listweb.Away, Numeric: true, Text: func(x row) string { return score(p, x.Best) }},
		file("best-percent", func(x row) any {
			if x.Best == nil {
				return nil
			}
			return *x.Best
		}),
		file("certificate", func(x row) any { return x.Certificate }),
		{Label: p.T("desk.actions"), Hidden: true, Place: listweb.Away, Show: func(x row) templ.Component { return personAction(v, x, x.GivenName+" "+x.FamilyName) }},
	}
}

// figures are the columns of the desk's figures; href opens the people behind one. A phone shows those who passed alone: of all who
// were invited, if the figures are of the same people, which those of a month are not.
func figures[T any](p *lang.Printer, same bool, of func(T) desk.Figures, href func(T, desk.Figure) string) (columns []listweb.Column[T]) {
	for i, f := range desk.AllFigures {
		c := listweb.Column[T]{Label: p.T("desk." + string(f)), Sort: string(f), Numeric: true, Place: listweb.Away, Value: func(x T) any { return of(x).Of(f) }}
		c.Show = func(x T) templ.Component { return figure(of(x).Of(f), href(x, f)) }
		if i == len(desk.AllFigures)-2 { // who passed
			c.Place = listweb.Figure
			if same {
				c.Show = func(x T) templ.Component { return figureOf(of(x).Of(f), of(x).Invited, href(x, f)) }
			} else {
				c.Phone = c.Label
			}
		}
		columns = append(columns, c)
	}
	return columns
}

func (h *Pages) courseList(r *http.Request, courses []desk.CourseFigures) listweb.Of[desk.CourseFigures] {
	p := lang.From(r.Context())
	type row = desk.CourseFigures
	return listweb.Of[row]{
		Name: "courses", Title: p.T("desk.courses"), Path: "/app/desk", Query: r.URL.Query(), Now: h.Service.Now(), Rows: courses, Search: p.T("desk.course"),
		Empty: listweb.Empty{Title: p.T("desk.empty"), Text: p.T("desk.empty-text")},
		Columns: append([]listweb.Column[row]{{
			Label: p.T("desk.course"), Sort: "course", Place: listweb.Head, Value: func(x row) any { return x.Title.In(p.Tag()) },
			Link: func(x row) string { return view{Course: x.Course}.path("") },
		}}, figures(p, true, func(x row) desk.Figures { return x.Figures }, func(x row, f desk.Figure) string { return view{Course: x.Course}.peopleHref(f) })...),
	}
}

// breakdownLine is a line of a breakdown with its name; the sums have no line.
type breakdownLine struct {
	desk.Line
	name string
	sum  bool
}

func (h *Pages) breakdownList(r *http.Request, c coursePage) listweb.Of[breakdownLine] {
	p, b := lang.From(r.Context()), breakdowns[c.By]
	type row = breakdownLine
	q := r.URL.Query()
	q.Set("by", c.By)
	l := listweb.Of[row]{
		Name: c.By, Title: p.T(b.title), Path: c.path(""), Query: q, Now: h.Service.Now(),
		Foot: &row{name: p.T("desk.total"), sum: true, Line: desk.Line{Figures: c.Overview.Totals}},
		Columns: append([]listweb.Column[row]{{
			Label: p.T(b.column), Sort: "name", Place: listweb.Head, Value: func(x row) any { return x.name },
			Link: func(x row) string {
				if x.sum {
					return ""
				}
				return c.deeper(x.Line)
			},
		}}, figures(p, c.By != "months", func(x row) desk.Figures { return x.Figures }, func(x row, f desk.Figure) string {
			if x.sum {
				return ""
			}
			href, _ := c.lineHref(f, x.Line)
			return href
		})...),
	}
	if c.By == "months" { // "September 2026" sorts by its date
		l.Columns[0].By = func(x row) any { return x.Key }
	}
	for _, line := range b.of(c.Overview) {
		l.Rows = append(l.Rows, row{Line: line, name: lineName(p, c.By, line)})
	}
	return l
}

// enrolList is the list of the people who could be enrolled. It has no file: people leave the program by lists that record it.
func (h *Pages) enrolList(r *http.Request, v enrolPage) listweb.Of[desk.Candidate] {
	p, actor := lang.From(r.Context()), web.Actor(r.Context())
	type row = desk.Candidate
	read := func(ctx context.Context, q list.Query) ([]row, int, error) {
		f := desk.CandidateFilter{Unit: q.Filters["unit"], Region: q.Filters["region"], Search: q.Search, Ending: q.Filters["ending"] != "", Import: q.Filters["import"], IDs: v.chosen}
		return h.Service.Candidates(ctx, actor, v.Course.ID, f, desk.Page{Number: q.Page, Size: q.Size})
	}
	return listweb.Of[row]{
		Name: "candidates", Title: p.T("desk.enrolling.people"), Path: v.path("/enrol"), Query: v.Query.Values, Now: h.Service.Now(), Search: p.T("desk.filter-search"), Page: read,
		Filters: []listweb.Filter[row]{
			{Name: "unit", Label: p.T("desk.unit"), Options: unitOptions(p, v.Units)}, {Name: "region", Label: p.T("desk.region"), Options: regionOptions(p)},
			{Name: "ending", Label: p.T("desk.enrolling.ending"), Quiet: true, Chip: func(string) string { return p.T("desk.enrolling.ending") }},
			{Name: "import", Label: p.T("desk.enrolling.import"), Quiet: true, Chip: func(string) string { return p.T("desk.enrolling.import") }},
		},
		Empty: listweb.Empty{Title: p.T("desk.enrolling.empty"), Text: p.T("desk.enrolling.empty-text")},
		Columns: []listweb.Column[row]{
			{Label: p.T("desk.name"), Place: listweb.Head, Value: func(x row) any { return x.FamilyName + " " + x.GivenName }},
			{Label: p.T("desk.unit"), Value: func(x row) any { return x.Unit }},
			{Label: p.T("desk.organisation"), Place: listweb.Away, Value: func(x row) any { return x.Organisation }},
			{Label: p.T("desk.enrolling.notes"), Place: listweb.Chip, Value: func(x row) any { return strings.Join(notes(p, x), ", ") }, Show: func(x row) templ.Component { return noteTags(x) }},
		},
		Pick: &listweb.Pick[row]{
			Action: v.path("/enrol"), Name: "person", All: "all", Hidden: hidden(v.Query), Main: listweb.Act{Label: p.T("desk.enrolling.ticked"), Kind: ui.Action},
			Fields: dueFields(v.Form), More: []listweb.Act{{Label: p.T("desk.plan.see"), Kind: ui.Plain, Action: v.path("/letters"), Name: "act", Value: actEnrol}},
			Value: func(x row) string { return x.ID }, Ticked: func(x row) bool { return ticked(v.Form, x.ID) },
			Label: func(x row) string { return p.T("desk.choose-person", "Name", x.GivenName+" "+x.FamilyName) },
		},
	}
}

// notes are what to know of a person before enrolling them.
func notes(p *lang.Printer, x desk.Candidate) (notes []string) {
	if x.Withdrawn {
		notes = append(notes, p.T("desk.enrolling.was-withdrawn"))
	}
	if !x.HasMail {
		notes = append(notes, p.T("desk.enrolling.no-mail"))
	}
	return notes
}

// attemptList is the list of a person's attempts at a course's test; i tells the lists of the page apart.
func (h *Pages) attemptList(r *http.Request, path string, i int, round desk.Round) listweb.Of[desk.Attempt] {
	p := lang.From(r.Context())
	type row = desk.Attempt
	at := func(t time.Time) any {
		if t.IsZero() {
			return nil
		}
		return t.In(p.Zone())
	}
	return listweb.Of[row]{
		Name: "attempts", Title: p.T("desk.history.attempts", "Course", round.Title.In(p.Tag())), Path: path, Prefix: "attempts" + strconv.Itoa(i) + ".",
		Query: r.URL.Query(), Now: h.Service.Now(), Rows: round.Attempts,
		Columns: []listweb.Column[row]{
			{Label: p.T("desk.history.attempt"), Sort: "number", Numeric: true, Place: listweb.Head, Value: func(x row) any { return x.Number }},
			{Label: p.T("desk.history.begun"), Sort: "begun", Place: listweb.Away, Value: func(x row) any { return at(x.StartedAt) }},
			{Label: p.T("desk.history.submitted"), Sort: "submitted", Value: func(x row) any { return at(x.SubmittedAt) }, Note: func(x row) string {
				if x.ClosedLate {
					return p.T("desk.history.late")
				}
				return ""
			}},
			{Label: p.T("desk.best"), Sort: "score", Numeric: true, Place: listweb.Figure, Text: func(x row) string { return score(p, x.Percent) }, By: func(x row) any { return scoreOf(x) }, Value: func(x row) any { return scoreOf(x) }},
			{
				Label: p.T("desk.history.result"), Place: listweb.Chip, Value: func(x row) any { _, text := attemptResult(p, x); return text },
				Kind: func(x row) ui.Kind { kind, _ := attemptResult(p, x); return kind },
			},
		},
	}
}

func scoreOf(x desk.Attempt) any {
	if x.Percent == nil {
		return nil
	}
	return *x.Percent
}

func percent(done, of int) int {
	if of == 0 {
		return 0
	}
	return 100 * done / of
}

// moved leads from the addresses that files of a course had of their own, people.xlsx or months.csv, to the list's page.
func (h *Pages) moved(w http.ResponseWriter, r *http.Request) error {
	what, ending, _ := strings.Cut(r.PathValue("file"), ".")
	if _, known := breakdowns[what]; !known && what != "people" {
		return errs.NotFound("error.not-found")
	}
	if _, ok := sheet.Parse(ending); !ok {
		return errs.NotFound("error.not-found")
	}
	v := view{Course: desk.Course{ID: r.PathValue("course")}}
	return listweb.Moved(func(*http.Request) string {
		if what == "people" {
			return v.path("/people")
		}
		return v.path("") + "?by=" + what
	})(w, r)
}
