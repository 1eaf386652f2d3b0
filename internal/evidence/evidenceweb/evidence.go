package evidenceweb

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/measurement"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// homeView is the list of reports and measurements.
type homeView struct {
	Reports      *listweb.Shown // nil if no test is in use
	Measurements *listweb.Shown
	MayMeasure   bool
}

func (h *Pages) home(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	list, tallies, err := h.Measurements.Overview(ctx, actor)
	if err != nil {
		return err
	}
	measurements := h.measurementList(r, list)
	if measurements.Wanted() {
		return measurements.Send(w, r)
	}
	v := homeView{MayMeasure: actor.Has(access.Measure)}
	if v.Measurements, err = measurements.Open(ctx); err != nil {
		return err
	}
	tests := make([]string, len(list))
	for i, m := range list {
		tests[i] = m.TestID
	}
	headlines, err := h.Service.Headlines(ctx, tests, tallies)
	if err != nil {
		return err
	}
	reports := h.reportList(r, headlines)
	if reports.Wanted() {
		return reports.Send(w, r)
	}
	if len(headlines) > 0 {
		if v.Reports, err = reports.Open(ctx); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.evidence.title"), Nav: "evidence", Wide: true}, homePage(v))
}

func (h *Pages) how(w http.ResponseWriter, r *http.Request) error {
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.how.title"), Nav: "evidence"}, howPage())
}

// reportView is a report with what its address says.
type reportView struct {
	evidence.Report
	By       evidence.Dimension // of the breakdown shown
	Names    nameOf
	TestID   string // newest edition, for the item analysis; "" if the reader may not see items
	Titles   map[string]string
	Narrowed evidence.Dimension // "" if all are shown

	Breakdown *listweb.Shown // nil if there is none
	Kit       KitOpened      // empty where nothing is counted, or the reader may not see it
}

// nameOf names a group of a dimension.
type nameOf func(d evidence.Dimension, g evidence.Group) string

func reportQuery(r *http.Request) evidence.Query {
	q := r.URL.Query()
	return evidence.Query{
		Family: r.PathValue("family"), Wave: measurement.Wave(q.Get("later")), By: evidence.Dimension(q.Get("only")), Group: q.Get("group"),
	}
}

func (h *Pages) readReport(r *http.Request) (v reportView, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	q := reportQuery(r)
	if v.Report, err = h.Service.Report(ctx, actor, q); err != nil {
		return v, err
	}
	v.Narrowed, v.By = q.By, evidence.Dimension(r.URL.Query().Get("by"))
	if !slices.Contains(evidence.Dimensions, v.By) {
		v.By = evidence.ByMeasurement
	}
	if v.Titles, err = h.titles(r); err != nil {
		return v, err
	}
	p := printer(r)
	v.Names = func(d evidence.Dimension, g evidence.Group) string { return groupName(p, d, g, v.Titles) }
	if actor.Everywhere(access.ItemsRead) {
		editions, err := h.Bank.Editions(ctx, q.Family)
		if err != nil {
			return v, err
		}
		v.TestID = editions[0].ID
	}
	if h.KitUse != nil && v.Narrowed == "" { // of all, never beside a group of people
		if v.Kit, err = h.KitUse(ctx, actor, p.Tag()); err != nil {
			return v, err
		}
	}
	return v, nil
}

// titles returns what measurements are called, by id.
func (h *Pages) titles(r *http.Request) (map[string]string, error) {
	list, err := h.Measurements.Measurements(r.Context(), web.Actor(r.Context()))
	titles := make(map[string]string, len(list))
	for _, m := range list {
		titles[m.ID] = inLang(r, m.Name)
	}
	return titles, err
}

func (h *Pages) report(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readReport(r)
	if err != nil {
		return err
	}
	l := h.groupList(r, v)
	switch {
	case l.Wanted() && v.Groups == nil:
		return errs.NotFound("error.not-found")
	case l.Wanted():
		return l.Send(w, r)
	case v.Groups != nil:
		if v.Breakdown, err = l.Open(r.Context()); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.report.title"), Nav: "evidence", Wide: true, Charts: true}, reportPage(v))
}

// groupName names a group of a dimension in the page's language.
func groupName(p *lang.Printer, d evidence.Dimension, g evidence.Group, titles map[string]string) string {
	named := func(key, fallback string) string {
		if p.Has(key) {
			return p.T(key)
		}
		return fallback
	}
	switch d {
	case evidence.ByMeasurement:
		if t := titles[g.Key]; t != "" {
			return t
		}
		return g.Name
	case evidence.ByProject:
		if g.Key == "" {
			return p.T("assessment.report.no-project")
		}
		return g.Key
	case evidence.ByRegion:
		if g.Key == "" {
			return p.T("desk.region-none")
		}
		return named("desk.region-"+g.Key, g.Key)
	case evidence.BySex:
		if g.Key == "" {
			return p.T("assessment.report.sex-none")
		}
		return named("assessment.report.sex-"+g.Key, g.Key)
	case evidence.ByLanguage:
		return named("language."+g.Key, g.Key)
	case evidence.ByPeriod:
		return quarterName(p, g.Key)
	}
	return g.Name
}

// quarterName names a quarter such as 2026-Q4.
func quarterName(p *lang.Printer, key string) string {
	if len(key) != len("2026-Q4") {
		return key
	}
	return p.T("assessment.report.quarter-"+key[6:], "Year", key[:4])
}

func (v reportView) path() string { return "/app/evidence/tests/" + v.Family }

// with returns the report's address with these parameters; empty ones are left out.
func (v reportView) with(pairs ...string) string {
	q := url.Values{}
	if v.Wave != "" && len(v.Waves) > 1 {
		q.Set("later", string(v.Wave))
	}
	if v.Narrowed != "" {
		q.Set("only", string(v.Narrowed))
		q.Set("group", v.Group.Key)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if q.Del(pairs[i]); pairs[i+1] != "" || pairs[i] == "group" && pairs[i-1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return v.path()
	}
	return v.path() + "?" + q.Encode()
}

// file returns the address of the report as a file: of the same follow-up, narrowed as the page is.
func (v reportView) file(name string) string {
	_, query, _ := strings.Cut(v.with(), "?")
	return v.path() + "/export/" + name + "?" + query
}

// interval writes a 95 % interval.
func interval(p *lang.Printer, low, high float64, decimals int) string {
	if gain.IsMissing(low) || gain.IsMissing(high) {
		return "–"
	}
	if high-low < gain.Rounding {
		return p.T("assessment.report.no-spread")
	}
	return p.T("assessment.report.interval", "Low", p.Float(low, decimals), "High", p.Float(high, decimals))
}

// slope is the picture of before, after and later.
// slope returns the means before, after and later. If not all of the matched have a later result, those who do are others: their
// own means, of which those before and after may have to stay out.
func slope(p *lang.Printer, r evidence.Report) (points, others []ui.SlopePoint) {
	g := r.Group.Gain
	none := gain.Missing
	points = []ui.SlopePoint{
		{Label: p.T("assessment.wave.before"), Value: g.MeanPre, Low: g.PreLow, High: g.PreHigh, Text: p.Percent(g.MeanPre, 1)},
		{Label: p.T("assessment.wave.after"), Value: g.MeanPost, Low: g.PostLow, High: g.PostHigh, Text: p.Percent(g.MeanPost, 1)},
	}
	l := g.Later
	if r.Group.LaterHidden || l.N == 0 {
		return points, nil
	}
	later := ui.SlopePoint{Label: p.T("assessment.wave." + string(r.Wave)), Value: l.MeanLater, Low: l.LaterLow, High: l.LaterHigh, Text: p.Percent(l.MeanLater, 1)}
	if l.N == g.Matched {
		return append(points, later), nil
	}
	others = []ui.SlopePoint{{Value: l.MeanPre, Low: none, High: none}, {Value: l.MeanPost, Low: none, High: none}, later}
	return append(points, ui.SlopePoint{Label: later.Label, Value: none}), others
}

// slopeLegend says which line is of how many; nil if there is one.
func slopeLegend(p *lang.Printer, r evidence.Report, others []ui.SlopePoint) []ui.Series {
	if others == nil {
		return nil
	}
	return []ui.Series{
		{Label: p.T("assessment.report.line-all", "N", p.Int(r.Group.Gain.Matched)), Class: "after"},
		{Label: p.T("assessment.report.line-later", "N", p.Int(r.Group.Gain.Later.N)), Class: "later"},
	}
}

func series(p *lang.Printer, r evidence.Report, later bool) []ui.Series {
	list := []ui.Series{{Label: p.T("assessment.wave.before"), Class: "before"}, {Label: p.T("assessment.wave.after"), Class: "after"}}
	if later && !r.Group.LaterHidden {
		list = append(list, ui.Series{Label: p.T("assessment.wave." + string(r.Wave)), Class: "later"})
	}
	return list
}

func topicRows(p *lang.Printer, r evidence.Report) []ui.DotRow {
	var rows []ui.DotRow
	for _, t := range r.Topics {
		row := ui.DotRow{Label: topicName(p, t), Values: []float64{t.MeanPre, t.MeanPost}, Texts: []string{p.Percent(t.MeanPre, 1), p.Percent(t.MeanPost, 1)}}
		if !r.Group.LaterHidden {
			row.Values, row.Texts = append(row.Values, t.MeanLater), append(row.Texts, p.Percent(t.MeanLater, 1))
		}
		rows = append(rows, row)
	}
	return rows
}

// topicName names a topic with how many people its means are of.
func topicName(p *lang.Printer, t evidence.TopicGain) string {
	name := p.T("assessment.topic." + t.Topic)
	if t.NLater == 0 || t.NLater == t.N {
		return p.T("assessment.report.topic-n", "Topic", name, "N", p.Int(t.N))
	}
	return p.T("assessment.report.topic-n-later", "Topic", name, "N", p.Int(t.N), "Later", p.Int(t.NLater))
}

// binName names a bin of the distribution.
func binName(i int) string {
	const width = 100 / evidence.Bins
	if i == evidence.Bins-1 {
		return strconv.Itoa(width*i) + "–100"
	}
	return strconv.Itoa(width*i) + "–" + strconv.Itoa(width*(i+1)-1)
}

// headline says in a sentence what was found: on this test, of these people, between these days.
func headline(p *lang.Printer, r evidence.Report) string {
	g := r.Group.Gain
	key := "assessment.report.headline"
	switch {
	case gain.IsMissing(g.G):
		key = "assessment.report.headline-no-gain"
	case g.Low <= 0 && g.High >= 0:
		key = "assessment.report.headline-unclear"
	case g.Difference < 0:
		key = "assessment.report.headline-loss"
	}
	return p.T(key, "Matched", p.Int(g.Matched), "All", p.Int(g.Matched+g.Lost), "Before", p.Percent(g.MeanPre, 1), "After", p.Percent(g.MeanPost, 1),
		"Difference", p.Float(math.Abs(g.Difference), 1), "Interval", interval(p, g.Low, g.High, 1), "G", p.Float(g.G, 2), "From", p.Date(r.From), "To", p.Date(r.To))
}

// dimensionTabs are the ways to break the report down.
func dimensionTabs(p *lang.Printer, v reportView) []ui.NavItem {
	var tabs []ui.NavItem
	for _, d := range evidence.Dimensions {
		tabs = append(tabs, ui.NavItem{Label: p.T("assessment.report.by-" + string(d)), Href: v.with("by", string(d)) + "#groups", Current: d == v.By})
	}
	return tabs
}

func waveTabs(p *lang.Printer, v reportView) []ui.NavItem {
	var tabs []ui.NavItem
	for _, w := range v.Waves {
		tabs = append(tabs, ui.NavItem{Label: p.T("assessment.wave." + string(w)), Href: v.with("later", string(w)), Current: w == v.Wave})
	}
	return tabs
}

// narrowed leads to the report of one group.
func (v reportView) narrowed(d evidence.Dimension, g evidence.Group) string {
	return v.with("only", string(d), "group", g.Key)
}

func use(p *lang.Printer, u gain.Use) string {
	low, high := u.Bounds()
	return p.T("assessment.report.use-text", "Share", p.Percent(u.Share(), 1), "Yes", p.Int(u.Yes), "Answered", p.Int(u.Answered), "Asked", p.Int(u.Asked), "Low", p.Percent(low, 1), "High", p.Percent(high, 1))
}

// howParts are the parts of "How we count", in order.
var howParts = []string{"design", "matched", "lost", "difference", "gain", "band", "individual", "effect", "retained", "use", "ceiling", "topics", "missing", "forms", "needed", "cut", "pooled", "small", "limits", "sources"}

func retained(p *lang.Printer, l gain.Retention) string {
	if gain.IsMissing(l.Share) {
		return "–"
	}
	return p.Percent(100*l.Share, 0)
}

// retainedOf says what those whom the follow-up reached had before and after.
func retainedOf(p *lang.Printer, g evidence.Group) string {
	if g.RetainedHidden {
		return p.T("assessment.report.hidden")
	}
	return p.T("assessment.report.retained-of", "Before", p.Percent(g.Gain.Later.MeanPre, 1), "After", p.Percent(g.Gain.Later.MeanPost, 1))
}

func band(p *lang.Printer, b gain.Band) string {
	if b == gain.NoBand {
		return ""
	}
	return p.T("assessment.band." + string(b))
}
