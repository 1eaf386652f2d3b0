// Package yearweb shows the office's year in figures: one page a year, with what each figure counts, to print and as files.
package yearweb

import (
	"net/http"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/report/year"
	"ostoja/internal/sheet"
	"ostoja/internal/web"
)

const path = "/app/year"

// Pages are the pages of a year.
type Pages struct {
	Site    *web.Site
	Service *year.Service
}

// Routes registers the page.
func (h *Pages) Routes(m *web.Mux) { m.Handle("GET "+path, h.year) }

type view struct {
	year.Year
	Years   []int
	Figures *listweb.Shown
	Gains   *listweb.Shown
	Public  bool // the reader keeps the public page
}

func (h *Pages) year(w http.ResponseWriter, r *http.Request) error {
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	n, err := strconv.Atoi(r.URL.Query().Get("year"))
	if err != nil {
		n = h.Service.Now()
	}
	v := view{Public: actor.Everywhere(access.SiteWrite)}
	if v.Years, err = h.Service.Years(ctx, actor); err != nil {
		return err
	}
	if v.Year, err = h.Service.Year(ctx, actor, n); err != nil {
		return err
	}
	figures, gains := h.figures(r, p, v.Year), h.gains(r, p, v.Year)
	if figures.Wanted() {
		return figures.Send(w, r)
	}
	if gains.Wanted() {
		return gains.Send(w, r)
	}
	if v.Figures, err = figures.Open(ctx); err != nil {
		return err
	}
	if v.Gains, err = gains.Open(ctx); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: p.T("year.title"), Nav: "projects", Wide: true}, yearPage(v))
}

// figures is the list of a year's figures with their definitions.
func (h *Pages) figures(r *http.Request, p *lang.Printer, y year.Year) *listweb.Of[year.Figure] {
	type row = year.Figure
	return &listweb.Of[row]{
		Name: "year-" + strconv.Itoa(y.Year), Title: p.T("year.of", "Year", strconv.Itoa(y.Year)), Path: path, Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: y.Figures,
		Columns: []listweb.Column[row]{
			{Label: p.T("year.figure"), Place: listweb.Head, Value: func(x row) any { return p.T("year.name-" + string(x.Key)) }},
			{Label: p.T("year.number"), Numeric: true, Place: listweb.Figure, Value: func(x row) any {
				if !x.Known || x.Few {
					return nil
				}
				return x.N
			}, Text: func(x row) string { return words(p, x) }},
			{Label: p.T("year.note"), File: true, Value: func(x row) any { return note(p, x) }},
			{Label: p.T("year.how"), Place: listweb.Meta, Value: func(x row) any { return p.T("year.how-" + string(x.Key)) }},
			{Label: p.T("year.counted-on"), File: true, Value: func(row) any { return sheet.Day(p.StoredDay(y.CountedOn)) }},
		},
	}
}

// words are a figure as the page says it.
func words(p *lang.Printer, x year.Figure) string {
	if x.Known && !x.Few && !x.AtLeast {
		return p.Number(x.N)
	}
	if x.AtLeast {
		return p.T("year.at-least", "N", p.Number(x.N))
	}
	return note(p, x)
}

// note says why there is no number, or not the whole of it.
func note(p *lang.Printer, x year.Figure) string {
	switch {
	case !x.Known:
		return p.T("year.not-known")
	case x.Few:
		return p.T("report.too-few")
	case x.AtLeast:
		return p.T("year.small-days")
	}
	return ""
}

// gains is the list of what was learned, by test and quarter.
func (h *Pages) gains(r *http.Request, p *lang.Printer, y year.Year) *listweb.Of[year.Gain] {
	type row = year.Gain
	return &listweb.Of[row]{
		Name: "gain-" + strconv.Itoa(y.Year), Title: p.T("year.gain"), Path: path, Query: r.URL.Query(), Now: h.Site.Clock.Now(), Prefix: "g.", Rows: y.Gains,
		Columns: []listweb.Column[row]{
			{Label: p.T("year.test"), Place: listweb.Head, Value: func(x row) any { return x.Test.In(p.Tag()) }},
			{Label: p.T("year.quarter"), Place: listweb.Meta, Value: func(x row) any { return x.Quarter }, Text: func(x row) string { return quarter(p, x.Quarter) }},
			{Label: p.T("year.matched"), Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.People }},
			{Label: p.T("year.gain-points"), Numeric: true, Place: listweb.Figure, Value: func(x row) any { return sheet.Decimal{Value: x.Difference, Places: 1} }},
			{Label: p.T("year.interval"), Numeric: true, Place: listweb.Away, Value: func(x row) any { return p.T("year.from-to", "Low", p.Float(x.Low, 1), "High", p.Float(x.High, 1)) }},
		},
		Empty: listweb.Empty{Title: p.T("year.no-gain"), Text: p.T("year.no-gain-text")},
	}
}

// quarter says a quarter that is named 2026-Q3.
func quarter(p *lang.Printer, key string) string {
	n, number, ok := strings.Cut(key, "-Q")
	if !ok {
		return key
	}
	return p.T("year.quarter-name", "Number", number, "Year", n)
}
