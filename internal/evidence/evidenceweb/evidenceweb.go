// Package evidenceweb shows what was learned: the gain report with its files, how it is counted, and the analysis of items.
//
// Goals: each figure stands with its number of people and its interval, and with how it was computed; a page, its file and every order
// of its lists show the same and no more, so that what is suppressed (decision 12) cannot be had another way. Limits: figures are
// computed in evidence and gain; nothing here is of a single person, whoever asks.
package evidenceweb

import (
	"context"
	"net/http"

	"ostoja/internal/access"
	"ostoja/internal/evidence"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/text"
	"ostoja/internal/web"
)

// Pages are the pages of the area.
type Pages struct {
	Site         *web.Site
	Service      *evidence.Service
	Bank         *itembank.Service
	Measurements *measurement.Service
	// KitUse, if set, tells authors what of the first-line kit was opened lately.
	KitUse KitUse
}

// KitUse returns by place, with names in a language, how often the pages with a next step were opened in the last [KitDays] days; of small numbers it
// tells only that there were some. It is empty where nothing is counted, and for whoever may not see counts of the whole site.
type KitUse func(ctx context.Context, actor access.Actor, tag string) (KitOpened, error)

// KitDays is for how many days the kit's use is shown beside results.
const KitDays = 90

// KitOpened is a table: a column for each step, a row for each place.
type KitOpened struct {
	Steps  []string
	Places []KitPlace
}

// KitPlace is where somebody met a person, with how often each step was opened there, in the order of the steps.
type KitPlace struct {
	Name   string
	Opened []KitCount
}

// KitCount is a number of openings.
type KitCount struct {
	N       int64
	AtLeast bool // there were days with fewer than are shown
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/evidence", h.home)
	m.Handle("GET /app/evidence/how", h.how)
	m.Handle("GET /app/evidence/export/{file}", moved)
	m.Handle("GET /app/evidence/tests/{family}", h.report)
	m.Handle("GET /app/evidence/tests/{family}/export/{file}", h.export)
	m.Handle("GET /app/bank/tests/{test}/analysis", h.analysis)
}

func printer(r *http.Request) *lang.Printer { return lang.From(r.Context()) }

// inLang returns a text in the page's language.
func inLang(r *http.Request, t text.Translated) string { return t.In(printer(r).Tag()) }
