// Package siteweb is where editors keep the public site: articles and their review, facts to be confirmed, the directory of
// services, files and orders of publications, and how often pages were opened. The readers' pages are in package reader.
package siteweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/fact"
	"ostoja/internal/lang"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/siteweb/reader"
	"ostoja/internal/site/visits"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Names returns the names of those of the given persons whom the actor may see, by id.
type Names func(ctx context.Context, actor access.Actor, personIDs []string) (map[string]string, error)

// Pages are the editors' pages.
type Pages struct {
	Site    *web.Site
	Service *site.Service
	Visits  *visits.Service
	Facts   *fact.Service // knows how they were shown
	Reader  *reader.Site
	Names   Names

	Approvals *approval.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/site", h.articles)
	m.Handle("GET /app/site/export/{file}", moved("texts", "/app/site"))
	m.Handle("GET /app/site/new", h.newArticle)
	m.Handle("POST /app/site/new", h.createArticle)
	m.Handle("GET /app/site/articles/{article}", h.article)
	m.Handle("POST /app/site/articles/{article}", h.updateArticle)
	m.Handle("GET /app/site/articles/{article}/{lang}", h.editText)
	m.Handle("POST /app/site/articles/{article}/{lang}", h.saveText)
	m.Handle("POST /app/site/articles/{article}/{lang}/withdraw", h.withdraw)
	m.HandleUpload("POST /app/site/articles/{article}/files", content.MaxFileSize+(1<<20), h.addFile)
	m.Handle("POST /app/site/files/{file}/remove", h.removeFile)
	m.Handle("GET /app/site/texts/{text}", h.text)
	m.Handle("GET /app/site/texts/{text}/preview", h.preview)
	m.Handle("POST /app/site/texts/{text}/submit", h.submit)
	m.Handle("POST /app/site/texts/{text}/review", h.review)

	m.Handle("GET /app/site/proposals/{proposal}", h.proposal)
	m.Handle("POST /app/site/proposals/{proposal}", h.decide)

	m.Handle("GET /app/site/facts", h.facts)
	m.Handle("POST /app/site/facts/confirm", h.confirm)
	m.Handle("GET /app/site/facts/export/{file}", moved("facts", "/app/site/facts"))
	m.Handle("GET /app/site/facts/{fact}", h.fact)
	m.Handle("POST /app/site/facts/{fact}", h.saveFact)

	m.Handle("POST /app/site/calls", h.addCall)

	m.Handle("GET /app/site/services", h.services)
	m.Handle("GET /app/site/services/export", h.exportServices)
	m.HandleUpload("POST /app/site/services/import", importLimit, h.importServices)
	m.Handle("GET /app/site/services/{service}", h.service)
	m.Handle("POST /app/site/services/{service}", h.saveService)
	m.Handle("POST /app/site/services/{service}/remove", h.removeService)

	m.Handle("GET /app/site/orders", h.orders)
	m.Handle("POST /app/site/orders", h.addOrder)
	m.Handle("GET /app/site/orders/export/{file}", moved("orders", "/app/site/orders"))
	m.Handle("POST /app/site/orders/{order}", h.settleOrder)
	m.Handle("GET /app/site/visits", h.visits)
	m.Handle("GET "+figuresPath, h.figures)
	m.Handle("POST "+figuresPath, h.changeFigures)
	m.Handle("GET /app/site/visits/export/{file}", moved("visits", "/app/site/visits"))
}

func printer(r *http.Request) *lang.Printer { return lang.From(r.Context()) }

// mayAdd says whether the reader may add something to the site; what they may change is asked of each row ([content.Owner.MayChange]).
func mayAdd(r *http.Request) bool { return web.Actor(r.Context()).Has(access.SiteWrite) }

// unitOptions offers the units for which the reader may add something, and the installation to who keeps the whole site.
func (h *Pages) unitOptions(r *http.Request) (list []ui.Option, err error) {
	actor := web.Actor(r.Context())
	if actor.Everywhere(access.SiteWrite) {
		list = append(list, ui.Option{Label: printer(r).T("site.unit-installation")})
	}
	units, err := h.Service.Units(r.Context(), actor)
	for _, u := range units {
		list = append(list, ui.Option{Value: u.UnitID, Label: u.UnitName})
	}
	return list, err
}

// show shows a page of the area.
func show(w http.ResponseWriter, r *http.Request, title string, f *web.Form, body templ.Component) error {
	return web.Show(w, r, web.View{Title: printer(r).T(title), Nav: "site", Wide: true, Status: f.Status()}, body)
}

// today is the day in the installation's zone.
func (h *Pages) today() string { return h.Service.Now().In(h.Service.Zone()).Format(time.DateOnly) }

// inMonths is the day some months after today.
func (h *Pages) inMonths(n int) string {
	return h.Service.Now().In(h.Service.Zone()).AddDate(0, n, 0).Format(time.DateOnly)
}

func attachment(w http.ResponseWriter, mediaType, name string, data []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) // fails only where the browser has gone
}

// options offers values with the texts of a prefix.
func options[T ~string](p *lang.Printer, prefix, all string, values []T) []ui.Option {
	var list []ui.Option
	if all != "" {
		list = append(list, ui.Option{Label: p.T(all)})
	}
	for _, v := range values {
		list = append(list, ui.Option{Value: string(v), Label: p.T(prefix + string(v))})
	}
	return list
}
