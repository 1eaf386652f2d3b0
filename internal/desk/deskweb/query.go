package deskweb

import (
	"net/url"
	"strconv"
	"strings"

	"ostoja/internal/desk"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
)

// stalledChoices are the days without activity that the filter offers.
var stalledChoices = []int{7, 14, 30, 60, 90}

// query is what a page's address keeps of the filters. Sent forms carry it in hidden fields.
type query struct{ url.Values }

// names of the parameters that filter and sort; whatever else an address holds is dropped.
var names = []string{"unit", "only", "region", "figure", "month", "state", "stalled", "due", "ending", "import", "q", "sort", "desc"}

// filter is what a page's address says.
type filter struct {
	desk.Filter
	Sort desk.Sort
}

// parse reads the parameters. What makes no sense is left to the service to refuse.
func parse(given url.Values) (query, filter) {
	q := query{url.Values{}}
	for _, name := range names {
		if v := strings.TrimSpace(given.Get(name)); v != "" {
			q.Set(name, v)
		}
	}
	stalled, _ := strconv.Atoi(q.Get("stalled")) // what is no number filters nothing
	return q, filter{
		Filter: desk.Filter{
			Unit: q.Get("unit"), UnitOnly: q.Get("only") != "", Region: q.Get("region"), Figure: desk.Figure(q.Get("figure")),
			Month: q.Get("month"), State: desk.State(q.Get("state")), Stalled: min(max(0, stalled), 3650), Due: desk.Due(q.Get("due")), Search: q.Get("q"),
		},
		Sort: desk.Sort{By: q.Get("sort"), Desc: q.Get("desc") != ""},
	}
}

// With returns an address at path with these filters, some of them changed; an empty value takes one away.
func (q query) With(path string, pairs ...string) string {
	v := url.Values{}
	for name, values := range q.Values {
		v[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v.Del(pairs[i]); pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// Empty says whether nothing is filtered.
func (q query) Empty() bool {
	for _, name := range names {
		if name != "sort" && name != "desc" && q.Has(name) {
			return false
		}
	}
	return true
}

func (v view) path(rest string) string { return "/app/desk/" + url.PathEscape(v.Course.ID) + rest }

// peopleHref opens the people behind a figure.
func (v view) peopleHref(figure desk.Figure, pairs ...string) string {
	return v.Query.With(v.path("/people"), append([]string{"figure", string(figure), "sort", "", "desc", ""}, pairs...)...)
}

// breakdowns are the tables of a course's page, by the value of the parameter.
var breakdowns = map[string]struct {
	title  string // key
	column string // key
	of     func(desk.Overview) []desk.Line
}{
	"organisations": {"desk.by-organisations", "desk.organisation", func(o desk.Overview) []desk.Line { return o.Organisations }},
	"units":         {"desk.by-units", "desk.unit", func(o desk.Overview) []desk.Line { return o.Units }},
	"regions":       {"desk.by-regions", "desk.region", func(o desk.Overview) []desk.Line { return o.Regions }},
	"months":        {"desk.by-months", "desk.month", func(o desk.Overview) []desk.Line { return o.Months }},
}

// breakdownNames are the breakdowns in order.
var breakdownNames = []string{"organisations", "units", "regions", "months"}

// coursePage is a course with its figures.
type coursePage struct {
	view
	Overview desk.Overview
	Behind   int
	Late     int // are late
	Soon     int // are due within seven days
	By       string
	Lines    []desk.Line // of the breakdown
	List     *listweb.Shown
}

func (p coursePage) lineName(pr *lang.Printer, l desk.Line) string { return lineName(pr, p.By, l) }

func lineName(p *lang.Printer, by string, l desk.Line) string {
	switch {
	case by == "regions":
		return regionName(p, l.Key)
	case by == "months":
		return monthName(p, l.Key)
	case l.Own:
		return p.T("desk.unit-own", "Name", l.Name)
	}
	return l.Name
}

// lineFilter is what a line of the breakdown adds to the filters.
func (p coursePage) lineFilter(l desk.Line) []string {
	switch p.By {
	case "regions":
		return []string{"region", l.Key}
	case "months":
		return []string{"month", l.Key}
	case "units":
		if l.Own {
			return []string{"unit", l.Key, "only", "1"}
		}
	case "organisations":
		if p.Unit != "" { // the chosen unit lies in this organisation and says more
			return nil
		}
	}
	return []string{"unit", l.Key}
}

// lineHref opens the people behind a figure of a line. The months of a filtered figure stay those of that figure.
func (p coursePage) lineHref(figure desk.Figure, l desk.Line) (href string, ok bool) {
	// Two conditions on figures at once have no address: a line of a page that is filtered by a figure opens nothing else.
	if p.Figure != "" && p.Figure != figure || (p.By == "months" && p.Month != "" && p.Month != l.Key) || (p.Month != "" && p.Figure == "" && figure != desk.Invited) {
		return "", false
	}
	return p.peopleHref(figure, p.lineFilter(l)...), true
}

// totalHref opens the people behind a figure of the whole page.
func (p coursePage) totalHref(figure desk.Figure) string {
	if p.Figure != "" && p.Figure != figure || (p.Month != "" && p.Figure == "" && figure != desk.Invited) {
		return ""
	}
	return p.peopleHref(figure)
}

func (p coursePage) bars(pr *lang.Printer) []ui.Bar {
	var bars []ui.Bar
	for _, l := range p.Lines {
		href, _ := p.lineHref(desk.Passed, l)
		bars = append(bars, ui.Bar{Label: p.lineName(pr, l), Value: float64(l.Passed), Text: pr.Int(l.Passed), Href: href})
	}
	return bars
}

// funnel is the way from invitation to pass, each step with its share of the invited.
func (p coursePage) funnel(pr *lang.Printer) []ui.Bar {
	var bars []ui.Bar
	for _, f := range []desk.Figure{desk.Invited, desk.Started, desk.Finished, desk.Passed} {
		n := p.Overview.Totals.Of(f)
		text := pr.Int(n)
		if p.Overview.Totals.Invited > 0 {
			text = pr.T("desk.share", "Count", pr.Int(n), "Share", pr.Percent(100*float64(n)/float64(p.Overview.Totals.Invited), 0))
		}
		bars = append(bars, ui.Bar{Label: pr.T("desk." + string(f)), Value: float64(n), Text: text})
	}
	return bars
}

// peoplePage is the list of a course's people.
type peoplePage struct {
	view
	List *listweb.Shown
}

func regionName(p *lang.Printer, code string) string {
	key := "desk.region-" + code
	if !p.Has(key) {
		return code
	}
	return p.T(key)
}

func monthName(p *lang.Printer, month string) string {
	year, m, _ := strings.Cut(month, "-")
	return p.T("desk.month-"+m) + "\u00a0" + year
}

// options for the filters.

func unitOptions(p *lang.Printer, units []desk.Unit) []ui.Option {
	list := []ui.Option{{Label: p.T("desk.all")}}
	for _, u := range units {
		list = append(list, ui.Option{Value: u.ID, Label: strings.Repeat("\u00a0\u00a0\u00a0", min(u.Depth, 6)) + u.Name})
	}
	return list
}

// regionCodes are the sixteen voivodeships by their codes in the national register.
var regionCodes = []string{"02", "04", "06", "08", "10", "12", "14", "16", "18", "20", "22", "24", "26", "28", "30", "32", desk.NoRegion}

func regionOptions(p *lang.Printer) []ui.Option {
	list := []ui.Option{{Label: p.T("desk.all")}}
	for _, code := range regionCodes {
		list = append(list, ui.Option{Value: code, Label: regionName(p, code)})
	}
	return list
}

func monthOptions(p *lang.Printer, months []string, chosen string) []ui.Option {
	list := []ui.Option{{Label: p.T("desk.any")}}
	known := chosen == ""
	for _, m := range months {
		known = known || m == chosen
		list = append(list, ui.Option{Value: m, Label: monthName(p, m)})
	}
	if !known {
		list = append(list, ui.Option{Value: chosen, Label: chosen})
	}
	return list
}

func figureOptions(p *lang.Printer) []ui.Option {
	list := []ui.Option{{Label: p.T("desk.all")}}
	for _, f := range desk.AllFigures {
		list = append(list, ui.Option{Value: string(f), Label: p.T("desk." + string(f))})
	}
	return list
}

func stateOptions(p *lang.Printer) []ui.Option {
	list := []ui.Option{{Label: p.T("desk.any")}}
	for _, s := range desk.States {
		list = append(list, ui.Option{Value: string(s), Label: p.T("desk.state-" + string(s))})
	}
	return list
}

func stalledOptions(p *lang.Printer) []ui.Option {
	list := []ui.Option{{Label: p.T("desk.any")}}
	for _, days := range stalledChoices {
		list = append(list, ui.Option{Value: strconv.Itoa(days), Label: p.N("desk.stalled-days", days)})
	}
	return list
}

func dueOptions(p *lang.Printer) []ui.Option {
	list := []ui.Option{{Label: p.T("desk.any")}}
	for _, d := range desk.Dues {
		list = append(list, ui.Option{Value: string(d), Label: p.T("desk.due-" + string(d))})
	}
	return list
}

// stateKind colours a state by what it asks of somebody.
func stateKind(s desk.State) ui.Kind {
	switch s {
	case desk.StatePassed:
		return ui.Success
	case desk.StateInProgress:
		return ui.Info
	case desk.StateFinished, desk.StateInvited:
		return ui.Waiting
	}
	return ui.Plain
}

func score(p *lang.Printer, percent *float64) string {
	if percent == nil {
		return ""
	}
	return p.Percent(*percent, 0)
}
