// Package evidenceweb shows what was learned: the gain report with its files, how it is counted, and the analysis of items.
//
// Goals: each figure stands with its number of people and its interval, and with how it was computed; a page, its file and every order
// of its lists show the same and no more, so that what is suppressed (decision 12) cannot be had another way. Limits: figures are
// computed in evidence and gain; nothing here is of a single person, whoever asks.
package evidenceweb

import (
	"net/http"

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
