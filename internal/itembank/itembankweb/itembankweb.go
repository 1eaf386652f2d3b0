// Package itembankweb shows the item bank and the competence tests that are made of it to who writes and reviews them.
//
// Goals: a version that was used never changes, so that editing begins a new one and says so; nobody reviews what they wrote; what a
// foreign format has no place for is named before it is lost. Limits: who sits a test and when is measurementweb's, what came of it
// evidenceweb's; participants never come here.
package itembankweb

import (
	"context"
	"net/http"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/course"
	"ostoja/internal/course/published"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// Names returns the names of those of the given persons whom the actor may see, by id.
type Names func(ctx context.Context, actor access.Actor, personIDs []string) (map[string]string, error)

// Deps are what the pages stand on.
type Deps struct {
	Site    *web.Site
	Service *itembank.Service
	Courses *published.Service
	Names   Names

	Approvals *approval.Service
}

// Pages are the pages of the area.
type Pages struct {
	Deps
	texts *course.Course // renders the texts of items
}

// New returns the pages.
func New(d Deps) *Pages { return &Pages{d, course.NewTexts()} }

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/bank", h.items)
	m.Handle("GET /app/bank/new", h.newItem)
	m.Handle("POST /app/bank/new", h.writeItem)
	m.Handle("GET /app/bank/items/{item}", h.item)
	m.Handle("GET /app/bank/items/{item}/edit", h.editItem)
	m.Handle("POST /app/bank/items/{item}/edit", h.writeItem)
	m.Handle("POST /app/bank/items/{item}/retire", h.retire)
	m.Handle("POST /app/bank/review", h.review)
	m.Handle("GET /app/bank/import", h.importForm)
	m.HandleUpload("POST /app/bank/import", importLimit, h.importItems)
	m.Handle("GET /app/bank/export/{file}", h.exportItems)
	m.Handle("GET /app/bank/tests", h.tests)
	m.Handle("GET /app/bank/tests/new", h.newTest)
	m.Handle("POST /app/bank/tests/new", h.makeTest)
	m.Handle("GET /app/bank/tests/{test}", h.test)
}

func printer(r *http.Request) *lang.Printer { return lang.From(r.Context()) }
