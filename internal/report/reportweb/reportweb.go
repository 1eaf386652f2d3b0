// Package reportweb shows what a project did: the table that its funds ask for, each indicator with what it rests on, and the people behind it with their proofs.
//
// Goals: the first screen of a project is the fund's table, and it is its own XLSX and CSV; a figure opens to its rows for who may see them. Limits: it says no figure that
// package report does not show; names are on the list of people alone, and no file of it exists.
package reportweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Frame is what all pages of a project share.
type Frame interface {
	// Head is what stands above each page; tab names the page.
	Head(x project.Page, tab string) templ.Component
	// Called is what a fund is called in short, Indicator what one of its indicators is called.
	Called(p *lang.Printer, set fund.Rules) string
	Indicator(p *lang.Printer, i fund.Indicator) string
	// Span says from when until when.
	Span(p *lang.Printer, first, last string) string
}

// Pages are the pages of what was counted.
type Pages struct {
	Site      *web.Site
	Service   *report.Service
	Frame     Frame
	Approvals *approval.Service
	// Titles returns what parts of a project are called, for the list of people.
	Titles func(ctx context.Context, actor access.Actor, projectID string) (map[string]string, error)
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/projects/{project}", h.table)
	m.Handle("POST /app/projects/{project}", h.act)
	m.Handle("GET /app/projects/{project}/indicators/{fund}/{indicator}", h.indicator)
	m.Handle("POST /app/projects/{project}/indicators/{fund}/{indicator}", h.write)
	m.Handle("GET /app/projects/{project}/people", h.people)
}

type tableView struct {
	*Pages
	report.Table
	Lists   []*listweb.Shown
	Drafts  int
	Handed  int
	Changed int
	Over    bool              // the period is over, so that its figures can be handed in
	Freeze  bool              // all is approved by others, so that the reader can make the report
	Asked   *approval.Request // of the second person, for who asked and who may answer
	Form    *web.Form
}

// periodOf is the number of the period that a request asks for, 0 for the one of now.
func periodOf(r *http.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("period")) // what is no number asks for none
	return n
}

func (h *Pages) table(w http.ResponseWriter, r *http.Request) error {
	return h.showTable(w, r, web.NewForm())
}

func (h *Pages) showTable(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, p := r.Context(), lang.From(r.Context())
	t, err := h.Service.Table(ctx, web.Actor(ctx), r.PathValue("project"), periodOf(r))
	if err != nil {
		return err
	}
	if !t.Dated() {
		return web.Redirect(w, r, "/app/projects/new?name="+url.QueryEscape(t.Name))
	}
	// Who asks for no period gets the one whose report is due.
	if due := t.Awaited(t.Today); periodOf(r) == 0 && due != nil && due.Number != t.Period.Number {
		if t, err = h.Service.Table(ctx, web.Actor(ctx), t.ID, due.Number); err != nil {
			return err
		}
	}
	v := tableView{Pages: h, Table: t, Form: f, Over: t.Period.ID != "" && t.Period.LastDay < t.Today}
	if v.Period.ID != "" {
		if v.Asked, err = h.Approvals.Of(ctx, web.Actor(ctx), approval.Figures, v.Period.ID); err != nil {
			return err
		}
	}
	v.Freeze = v.MaySign && v.Over && !v.Period.Open && v.Period.FrozenAt.IsZero() && len(t.Sheets) > 0
	for _, x := range t.Sheets {
		l := h.indicators(r, p, t, x)
		if l.Wanted() {
			return l.Send(w, r)
		}
		shown, err := l.Open(ctx)
		if err != nil {
			return err
		}
		v.Lists = append(v.Lists, shown)
		for _, row := range x.Rows {
			switch row.Figure.State {
			case report.Draft:
				v.Drafts++
			case report.HandedIn:
				v.Handed++
			case report.Approved: // is done
			}
			v.Freeze = v.Freeze && row.Figure.State == report.Approved && row.Figure.ApprovedBy != web.Actor(ctx).PersonID
			if row.Changed() {
				v.Changed++
			}
		}
	}
	return web.Show(w, r, web.View{Title: p.T("project.tab-indicators"), Nav: "projects", Wide: true, Status: f.Status()}, tablePage(v))
}

// indicators is the table of one fund, as a list.
func (h *Pages) indicators(r *http.Request, p *lang.Printer, t report.Table, x report.Sheet) listweb.Of[report.Row] {
	type row = report.Row
	path := project.Path(t.ID)
	query := r.URL.Query()
	query.Set("period", strconv.Itoa(t.Period.Number))
	figure := func(of func(row) report.Value) (value func(row) any, text func(row) string) {
		return func(x row) any { return cell(of(x)) }, func(x row) string { return words(p, x.Indicator, of(x)) }
	}
	periodValue, periodText := figure(func(x row) report.Value { return x.Period })
	allValue, allText := figure(func(x row) report.Value { return x.Cumulative })
	return listweb.Of[row]{
		Name: "indicators-" + x.Rules.ID, Title: p.T("report.table-of", "Fund", h.Frame.Called(p, x.Rules), "Number", t.Period.Number), Path: path, Query: query, Now: h.Site.Clock.Now(), Prefix: x.Rules.ID + ".",
		Rows: x.Rows,
		Columns: []listweb.Column[row]{
			{Label: p.T("report.indicator"), Place: listweb.Head, Value: func(x row) any { return h.Frame.Indicator(p, x.Indicator) }, Link: func(y row) string { return indicatorPath(t.ID, x.Rules.ID, y.Indicator.ID, t.Period.Number) }},
			{Label: p.T("project.target"), Numeric: true, Place: listweb.Meta, Phone: p.T("project.target"), Value: func(x row) any {
				if x.Target == nil {
					return nil
				}
				return x.Target.Target
			}, Text: func(x row) string {
				if x.Target == nil {
					return ""
				}
				return p.Number(x.Target.Target)
			}},
			{Label: p.T("report.in-period"), Numeric: true, Place: listweb.Away, Value: periodValue, Text: periodText},
			{Label: p.T("report.since-beginning"), Numeric: true, Place: listweb.Figure, Value: allValue, Text: allText},
			{Label: p.T("report.of-target"), Numeric: true, Place: listweb.Away, Value: func(x row) any {
				if d, ok := x.Deviation(); ok {
					return sheet.Decimal{Value: d, Places: 1}
				}
				return nil
			}, Text: func(x row) string {
				if d, ok := x.Deviation(); ok {
					return p.Percent(d, 0)
				}
				return ""
			}},
			{Label: p.T("project.state"), Place: listweb.Chip, Value: func(x row) any { return stateWords(p, x) }, Kind: func(x row) ui.Kind {
				if x.Changed() || x.Figure.State == report.HandedIn {
					return ui.Waiting
				}
				return ui.Plain
			}},
		},
		Empty: listweb.Empty{Title: p.T("report.no-indicators"), Text: p.T("report.no-indicators-text")},
	}
}

func indicatorPath(projectID, fundID, indicator string, period int) string {
	return project.Path(projectID, "indicators", fundID, indicator) + "?period=" + strconv.Itoa(period)
}

// cell is a figure in a file: nothing where there is none, or where it is of too few people.
func cell(v report.Value) any {
	if !v.Known || v.Few {
		return nil
	}
	return v.N
}

// words are a figure as a page says it: a part with its whole, and bounds where some were silent.
func words(p *lang.Printer, i fund.Indicator, v report.Value) string {
	switch {
	case !v.Known:
		return p.T("report.none")
	case v.Few && i.Measure == fund.Downloads:
		return p.T("report.too-few-downloads")
	case v.Few:
		return p.T("report.too-few")
	}
	n := p.Number(v.N)
	if i.Unit == fund.Percent {
		n = p.Percent(v.N, 1)
	}
	if v.Of > 0 && i.Unit != fund.Percent {
		n = p.T("report.part", "N", n, "Of", p.Int(v.Of))
	}
	return n
}

func stateWords(p *lang.Printer, x report.Row) string {
	if x.Changed() {
		return p.T("report.changed-since")
	}
	return p.T("report.state-" + string(x.Figure.State))
}

// act hands in, approves or gives back the figures of a period.
func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, projectID, periodID := r.Context(), web.Actor(r.Context()), r.PathValue("project"), f.Get("period")
	act := map[string]func(context.Context, access.Actor, string, string) (int, error){"hand-in": h.Service.HandIn, "approve": h.Service.Approve, "give-back": h.Service.GiveBack}[f.Get("act")]
	if f.Get("act") == "open-hand-in" {
		act = func(ctx context.Context, actor access.Actor, projectID, periodID string) (int, error) {
			return h.Service.OpenAndHandIn(ctx, actor, projectID, periodID, f.Text("reason"))
		}
		f.Set("act", "hand-in") // and is told the same
	}
	if act == nil {
		return errs.Invalid("error.invalid")
	}
	n, err := act(ctx, actor, projectID, periodID)
	if f.Fail(lang.From(ctx), err) {
		return h.showTable(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.SayN(w, "report.said-"+f.Get("act"), n)
	return web.Redirect(w, r, project.Path(projectID)+"?period="+strconv.Itoa(periodOf(r)))
}

type indicatorView struct {
	*Pages
	report.Table
	Sheet report.Sheet
	Row   report.Row
	Form  *web.Form
}

// find returns a row of the table of a period.
func (h *Pages) find(r *http.Request) (v indicatorView, err error) {
	ctx := r.Context()
	v.Pages = h
	if v.Table, err = h.Service.Table(ctx, web.Actor(ctx), r.PathValue("project"), periodOf(r)); err != nil {
		return v, err
	}
	for _, x := range v.Sheets {
		if x.Rules.ID != r.PathValue("fund") {
			continue
		}
		for _, row := range x.Rows {
			if row.Indicator.ID == r.PathValue("indicator") {
				v.Sheet, v.Row = x, row
				return v, nil
			}
		}
	}
	return v, errs.NotFound("error.not-found")
}

func (h *Pages) indicator(w http.ResponseWriter, r *http.Request) error {
	v, err := h.find(r)
	if err != nil {
		return err
	}
	v.Form = web.NewForm("narrative", v.Row.Figure.Narrative, "value", typed(v.Row.Figure.Value), "cumulative", typed(v.Row.Figure.Cumulative), "edition", strconv.FormatInt(v.Row.Figure.Edition, 10))
	return h.showIndicator(w, r, v)
}

func typed(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

func (h *Pages) showIndicator(w http.ResponseWriter, r *http.Request, v indicatorView) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "report.indicator"), Nav: "projects", Wide: true, Charts: true, Status: v.Form.Status()}, indicatorPage(v))
}

// write keeps what was written of an indicator.
func (h *Pages) write(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, err := h.find(r)
	if err != nil {
		return err
	}
	e := report.Entry{FundID: v.Sheet.Rules.ID, Indicator: v.Row.Indicator.ID, Narrative: f.Get("narrative")}
	e.Edition, _ = strconv.ParseInt(f.Get("edition"), 10, 64) // none is of a figure that nobody wrote
	var faults errs.Fields
	for name, into := range map[string]**float64{"value": &e.Value, "cumulative": &e.Cumulative} {
		if f.Text(name) == "" {
			continue
		}
		x, ok := project.ReadNumber(f.Text(name))
		if !ok {
			faults.Add(name, "project.fault.number")
		}
		*into = &x
	}
	if err = faults.Err(); err == nil {
		err = h.Service.Write(ctx, web.Actor(ctx), v.ID, v.Period.ID, e)
	}
	if v.Form = f; f.Fail(lang.From(ctx), err) {
		return h.showIndicator(w, r, v)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "report.said-written")
	return web.Redirect(w, r, project.Path(v.ID)+"?period="+strconv.Itoa(v.Period.Number))
}

type peopleView struct {
	*Pages
	project.Page
	FundID    string
	Period    int
	Coverages []report.Coverage
	Shown     *listweb.Shown
	Others    int
	MayRead   bool
}

// people shows how complete the proofs are, and to who may see people, whom.
func (h *Pages) people(w http.ResponseWriter, r *http.Request) error {
	ctx, p, actor, query := r.Context(), lang.From(r.Context()), web.Actor(r.Context()), r.URL.Query()
	v := peopleView{Pages: h, Period: periodOf(r), FundID: query.Get("fund"), MayRead: actor.Has(access.PeopleRead)}
	var err error
	if v.Page, v.Coverages, err = h.Service.Coverages(ctx, actor, r.PathValue("project"), v.Period); err != nil {
		return err
	}
	if v.FundID == "" && len(v.Shares) > 0 {
		v.FundID = v.Shares[0].FundID
	}
	if v.MayRead && v.FundID != "" {
		if v.Shown, v.Others, err = h.peopleList(r, p, v); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: p.T("project.tab-people"), Nav: "projects", Wide: true, Charts: true}, peoplePage(v))
}

// peopleList is the list of people. It has a page and nothing that hands out all rows, so that there is no file of it.
func (h *Pages) peopleList(r *http.Request, p *lang.Printer, v peopleView) (*listweb.Shown, int, error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	titles, err := h.Titles(ctx, actor, v.ID)
	if err != nil {
		return nil, 0, err
	}
	var set fund.Rules
	for _, c := range v.Coverages {
		if c.Rules.ID == v.FundID {
			set = c.Rules
		}
	}
	proofs := make([]string, len(set.Evidence.Required))
	for i, proof := range set.Evidence.Required {
		proofs[i] = string(proof)
	}
	others := 0
	type row = report.Person
	l := listweb.Of[row]{
		Name: "people", Title: p.T("report.people"), Path: project.Path(v.ID, "people"), Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: p.T("report.find-person"),
		Filters: []listweb.Filter[row]{{Name: "hole", Label: p.T("report.hole"), Options: ui.OptionsOf(p, "project.any", "report.without-", proofs)}},
		Columns: []listweb.Column[row]{
			{Label: p.T("report.person"), Place: listweb.Head, Text: func(x row) string { return x.Name }, Link: func(x row) string { return "/app/people/" + x.PersonID }},
			{Label: p.T("report.unit"), Place: listweb.Meta, Text: func(x row) string { return x.Unit }},
			{Label: p.T("report.counted-by"), Place: listweb.Away, Text: func(x row) string { return titles[x.SubjectID] }},
			{Label: p.T("report.counted-on"), Place: listweb.Figure, Value: func(x row) any { return sheet.Day(x.At.In(p.Zone())) }},
			{Label: p.T("report.missing"), Place: listweb.Chip, Text: func(x row) string { return holes(p, x.Holes(set)) }, Kind: func(x row) ui.Kind {
				if len(x.Holes(set)) > 0 {
					return ui.Waiting
				}
				return ui.Plain
			}},
		},
		Empty: listweb.Empty{Title: p.T("report.nobody"), Text: p.T("report.nobody-text")},
		Page: func(ctx context.Context, q list.Query) ([]row, int, error) {
			people, n, more, err := h.Service.People(ctx, actor, v.ID, report.Filter{FundID: v.FundID, Period: v.Period, Text: q.Search, Hole: fund.Proof(q.Filters["hole"]), Window: q.Window})
			others = more
			return people, n, err
		},
	}
	shown, err := l.Open(ctx)
	return shown, others, err
}

func holes(p *lang.Printer, list []fund.Proof) string {
	if len(list) == 0 {
		return p.T("report.complete")
	}
	text := ""
	for i, proof := range list {
		if i > 0 {
			text += ", "
		}
		text += p.T("report.proof-" + string(proof))
	}
	return text
}
