package evidenceweb

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/measurement"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
)

// figures are what was learned by some people, as lists show it. Where a number is not shown it is in no file either, and the
// rows are not sorted by it (decision 0012).
type figures struct {
	hidden        bool
	matched, lost int
	before, after float64
	gain          float64
}

func figuresOf(s gain.Summary, hidden bool) figures {
	return figures{hidden, s.Matched, s.Lost, s.MeanPre, s.MeanPost, s.G}
}

// figureColumns are the columns of figures: matched, lost, before, after, gain.
func figureColumns[T any](p *lang.Printer, of func(T) figures) []listweb.Column[T] {
	column := func(key, sort string, value func(figures) any, text func(figures) string) listweb.Column[T] {
		return listweb.Column[T]{
			Label: p.T(key), Sort: sort, Numeric: true, Place: listweb.Away,
			Value: func(x T) any {
				if f := of(x); !f.hidden {
					return value(f)
				}
				return nil
			},
			Text: func(x T) string {
				if f := of(x); !f.hidden {
					return text(f)
				}
				return ""
			},
		}
	}
	columns := []listweb.Column[T]{
		column("assessment.report.matched", "matched", func(f figures) any { return f.matched }, func(f figures) string { return p.Int(f.matched) }),
		column("assessment.report.without-pair", "lost", func(f figures) any { return f.lost }, func(f figures) string { return p.Int(f.lost) }),
		column("assessment.wave.before", "before", func(f figures) any { return cell(f.before) }, func(f figures) string { return p.Percent(f.before, 1) }),
		column("assessment.wave.after", "after", func(f figures) any { return cell(f.after) }, func(f figures) string { return p.Percent(f.after, 1) }),
		column("assessment.report.gain", "gain", func(f figures) any { return fraction(f.gain) }, func(f figures) string { return p.Float(f.gain, 2) }),
	}
	for i, place := range map[int]listweb.Place{0: listweb.Meta, 4: listweb.Figure} {
		columns[i].Place, columns[i].Phone = place, columns[i].Label
	}
	return columns
}

// reportList is the list of the reports, one for each family of tests.
func (h *Pages) reportList(r *http.Request, headlines []evidence.Headline) listweb.Of[evidence.Headline] {
	p := printer(r)
	l := listweb.Of[evidence.Headline]{
		Name: "reports", Title: p.T("assessment.evidence.reports-caption"), Path: "/app/evidence", Prefix: "reports.", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: headlines,
		Columns: []listweb.Column[evidence.Headline]{{
			Label: p.T("assessment.competence-test"), Sort: "title", Place: listweb.Head, Value: func(x evidence.Headline) any { return x.Title.In(p.Tag()) },
			Link: func(x evidence.Headline) string { return "/app/evidence/tests/" + x.Family },
			Note: func(x evidence.Headline) string {
				if x.Small {
					return p.T("assessment.report.too-few")
				}
				return ""
			},
		}},
	}
	l.Columns = append(l.Columns, figureColumns(p, func(x evidence.Headline) figures { return figuresOf(x.Summary, x.Small) })...)
	return l
}

// measurementList is the list of the measurements that the reader may read.
func (h *Pages) measurementList(r *http.Request, measurements []measurement.Listed) listweb.Of[measurement.Listed] {
	p := printer(r)
	type row = measurement.Listed
	var projects []string
	for _, m := range measurements {
		if m.Project != "" && !slices.Contains(projects, m.Project) {
			projects = append(projects, m.Project)
		}
	}
	slices.Sort(projects)
	l := listweb.Of[row]{
		Name: "measurements", Title: p.T("assessment.evidence.measurements"), Path: "/app/evidence", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: p.T("assessment.evidence.search"), Rows: measurements,
		Find: func(m row) string { return m.Name.In(p.Tag()) + "\n" + m.Place + "\n" + m.Project },
		Filters: []listweb.Filter[row]{
			{Name: "kind", Label: p.T("assessment.measure.kind"), Match: func(m row, v string) bool { return string(m.Kind) == v }, Options: ui.OptionsOf(p, "assessment.bank.any", "assessment.measure.kind-", []string{string(measurement.OfCourse), string(measurement.OfTraining)})},
			{Name: "project", Label: p.T("assessment.measure.project"), Options: ui.OptionsOf(p, "assessment.bank.any", "", projects), Match: func(m row, v string) bool { return m.Project == v }},
			{Name: "state", Label: p.T("assessment.measure.state"), Match: func(m row, v string) bool { return measurementState(m) == v }, Options: ui.OptionsOf(p, "assessment.bank.any", "assessment.measure.is-", []string{"open", "closed"})},
		},
		Columns: measurementColumns(p),
		Empty:   listweb.Empty{Title: p.T("assessment.evidence.empty"), Text: p.T("assessment.evidence.empty-text"), Found: p.T("assessment.evidence.none")},
	}
	return l
}

func measurementState(m measurement.Listed) string {
	if m.ClosedAt.IsZero() {
		return "open"
	}
	return "closed"
}

func measurementColumns(p *lang.Printer) []listweb.Column[measurement.Listed] {
	type row = measurement.Listed
	held := func(m row) any {
		if m.HeldFrom.IsZero() {
			return nil
		}
		return sheet.Day(m.HeldFrom.In(p.Zone()))
	}
	columns := []listweb.Column[row]{
		{Label: p.T("assessment.measure.what"), Sort: "name", Place: listweb.Head, Value: func(m row) any { return m.Name.In(p.Tag()) }, Link: func(m row) string { return "/app/evidence/measurements/" + m.ID }},
		{Label: p.T("assessment.measure.kind"), Sort: "kind", Value: func(m row) any { return p.T("assessment.measure.kind-" + string(m.Kind)) }},
		{Label: p.T("assessment.measure.place"), File: true, Value: func(m row) any { return m.Place }},
		{Label: p.T("assessment.measure.from"), File: true, Value: held},
		{Label: p.T("assessment.measure.project"), Sort: "project", Place: listweb.Away, Value: func(m row) any { return m.Project }},
		{
			Label: p.T("assessment.measure.state"), Sort: "state", Place: listweb.Chip, Value: func(m row) any { return p.T("assessment.measure.is-" + measurementState(m)) },
			Kind: func(row) ui.Kind { return ui.Plain },
		},
		{Label: p.T("assessment.measure.participants"), Phone: p.T("assessment.measure.participants"), Sort: "people", Numeric: true, Place: listweb.Figure, Value: func(m row) any { return m.Participants }},
	}
	for _, w := range measurement.Waves {
		columns = append(columns, listweb.Column[row]{
			Label: p.T("assessment.wave." + string(w)), Numeric: true, Place: listweb.Away, Value: func(m row) any { return m.Done[w] },
			File: slices.Contains(measurement.FollowUps, w), // the page has them in one column
		})
	}
	return append(columns, listweb.Column[row]{Label: p.T("assessment.measure.later"), Numeric: true, Place: listweb.Away, Show: func(m row) templ.Component { return laterDone(m) }})
}

// moved leads from the address that the list of measurements had for its files.
func moved(w http.ResponseWriter, r *http.Request) error {
	if what, _, _ := strings.Cut(r.PathValue("file"), "."); what != "measurements" {
		return errs.NotFound("error.not-found")
	}
	return listweb.Moved(func(*http.Request) string { return "/app/evidence" })(w, r)
}

// groupList is the list of the groups of the report's breakdown.
func (h *Pages) groupList(r *http.Request, v reportView) listweb.Of[evidence.Group] {
	p := printer(r)
	type row = evidence.Group
	l := listweb.Of[row]{
		Name: "groups", Title: p.T("assessment.report.groups-caption"), Path: v.path(), Prefix: "groups.", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: v.Groups[v.By],
		Columns: []listweb.Column[row]{{
			Label: p.T("assessment.report.by-" + string(v.By)), Sort: "name", Place: listweb.Head, Value: func(g row) any { return v.Names(v.By, g) },
			Link: func(g row) string {
				if g.Hidden {
					return ""
				}
				return v.narrowed(v.By, g)
			},
			Note: func(g row) string {
				if g.Hidden {
					return "(" + p.T("assessment.report.hidden") + ")"
				}
				return ""
			},
		}},
	}
	l.Columns = append(l.Columns, figureColumns(p, func(g row) figures { return figuresOf(g.Gain.Summary, g.Hidden) })...)
	l.Columns = append(l.Columns,
		listweb.Column[row]{
			Label: p.T("assessment.report.difference"), Sort: "difference", Numeric: true, Place: listweb.Away,
			Value: func(g row) any { return unless(g.Hidden, cell(g.Gain.Difference)) },
			Text:  func(g row) string { return wordsUnless(g.Hidden, p.Float(g.Gain.Difference, 1)) },
			Note:  func(g row) string { return wordsUnless(g.Hidden, "("+interval(p, g.Gain.Low, g.Gain.High, 1)+")") },
		},
		listweb.Column[row]{
			Label: p.T("assessment.report.retained"), Sort: "retained", Numeric: true, Place: listweb.Away,
			Value: func(g row) any {
				return unless(g.Hidden || g.LaterHidden || g.RetainedHidden, fraction(g.Gain.Later.Share))
			},
			Text: func(g row) string {
				switch {
				case g.LaterHidden:
					return wordsUnless(g.Hidden, p.T("assessment.report.too-small"))
				case g.RetainedHidden:
					return wordsUnless(g.Hidden, "–")
				}
				return wordsUnless(g.Hidden, retained(p, g.Gain.Later))
			},
			Note: func(g row) string { return wordsUnless(g.Hidden || g.LaterHidden, "(n = "+p.Int(g.Gain.Later.N)+")") },
		})
	return l
}

func unless(hidden bool, value any) any {
	if hidden {
		return nil
	}
	return value
}

func wordsUnless(hidden bool, words string) string {
	if hidden {
		return ""
	}
	return words
}

// analysisLine is an item of a form as the analysis lists it.
type analysisLine struct {
	itembank.Version
	place int // on the form, from 1
	stats evidence.ItemStat
}

// analysisList is the overview of an analysis: an item a line, first those that should be looked at.
func (h *Pages) analysisList(r *http.Request, v analysisView) listweb.Of[analysisLine] {
	p := printer(r)
	type row = analysisLine
	l := listweb.Of[row]{
		Name: "analysis", Title: p.T("assessment.analysis.overview"), Path: "/app/bank/tests/" + v.ID + "/analysis", Query: r.URL.Query(), Now: h.Site.Clock.Now(),
		Columns: []listweb.Column[row]{
			{Label: p.T("assessment.analysis.place"), Sort: "place", File: true, Value: func(x row) any { return x.place }},
			{Label: p.T("assessment.item.question"), Sort: "code", Place: listweb.Head, Value: func(x row) any { return x.Code }, Show: func(x row) templ.Component { return analysedItem(x) }},
			{
				Label: p.T("assessment.analysis.facility"), Sort: "facility", Numeric: true, Place: listweb.Meta, Phone: p.T("assessment.analysis.facility"), Value: func(x row) any { return cell(100 * x.stats.Facility) },
				Text: func(x row) string { return p.Percent(100*x.stats.Facility, 1) },
			},
			{
				Label: p.T("assessment.analysis.discrimination"), Sort: "discrimination", Numeric: true, Place: listweb.Figure, Phone: p.T("assessment.analysis.discrimination"), Value: func(x row) any { return fraction(x.stats.Discrimination) },
				Text: func(x row) string { return p.Float(x.stats.Discrimination, 2) },
			},
			{Label: p.T("assessment.analysis.look"), Place: listweb.Chip, Value: func(x row) any { return strings.Join(flagTitles(p, x), ", ") }, Show: func(x row) templ.Component { return flagTags(x) }},
		},
	}
	for _, i := range v.order() {
		l.Rows = append(l.Rows, row{v.Form.Versions[i], i + 1, v.Items[i]})
	}
	return l
}

func flagTitles(p *lang.Printer, x analysisLine) (titles []string) {
	for _, flag := range x.stats.Flags {
		titles = append(titles, p.T("assessment.flag."+string(flag)+"-title"))
	}
	return titles
}
