// Package laboratoryweb shows the case laboratory: to a group on its one phone, to who plays alone, to the trainers who lead a room, and
// on paper to groups without network.
//
// Goals: each page works without a script, by a button; with one (web/laboratory.js) a decision that met a lost line is sent again by
// itself, says that it waits, and nothing is kept in the browser's storage; a trainer's screen shows a decision within a second. The two
// figures, false alarms and missed cases, stand side by side on every page and paper that has one of them. Limits: no page says what a
// case turns out to be before its debrief, and none names a person.
package laboratoryweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"golang.org/x/time/rate"

	"ostoja/internal/access"
	"ostoja/internal/indicator"
	"ostoja/internal/laboratory"
	"ostoja/internal/laboratory/casefile"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of the laboratory.
type Pages struct {
	Site       *web.Site
	Service    *laboratory.Service
	Indicators indicator.List

	limit *rate.Limiter // of codes that are tried
}

// New returns the pages.
func New(site *web.Site, service *laboratory.Service, list indicator.List) *Pages {
	const perSecond, burst = 10, 300 // a full hall joins within a minute; who guesses needs years
	return &Pages{site, service, list, rate.NewLimiter(perSecond, burst)}
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/laboratory", h.index)
	m.Handle("GET /app/laboratory/cases/{case}", h.intro)
	m.Handle("POST /app/laboratory/cases/{case}", h.begin)
	m.Handle("GET /app/laboratory/cases/{case}/sheet", h.sheet)
	m.Handle("POST /app/laboratory/refresher", h.refresher)
	m.Handle("GET /app/laboratory/stop/{token}", h.stopForm)
	m.Handle("POST /app/laboratory/stop/{token}", h.stop)
	m.Handle("GET /app/laboratory/join", h.door)
	m.Handle("POST /app/laboratory/join", h.join)
	m.Handle("GET /app/laboratory/groups/{group}", h.table)
	m.Handle("POST /app/laboratory/groups/{group}", h.decide)
	m.Handle("POST /app/laboratory/groups/{group}/on", h.forward)
	m.Handle("GET /app/laboratory/groups/{group}/state", h.tableState)
	m.Handle("GET /app/laboratory/runs", h.runs)
	m.Handle("POST /app/laboratory/runs", h.open)
	m.Handle("GET /app/laboratory/runs/{run}", h.room)
	m.Handle("POST /app/laboratory/runs/{run}", h.move)
	m.Handle("GET /app/laboratory/runs/{run}/state", h.roomState)
	m.Handle("GET /app/laboratory/runs/{run}/paper", h.paper)
	m.Handle("POST /app/laboratory/runs/{run}/paper", h.typeIn)
	m.Handle("GET /app/laboratory/runs/{run}/debrief", h.debrief)
	m.Handle("GET /app/laboratory/runs/{run}/end", h.endForm)
	m.Handle("POST /app/laboratory/runs/{run}/end", h.end)
	m.Handle("GET /app/laboratory/figures", h.figures)
}

// files are those that the pages need beside all others.
var files = []string{"rows.css", "laboratory.css", "laboratory.js"}

const home = "/app/laboratory"

func view(ctx context.Context, key string) web.View {
	return web.View{Title: lang.T(ctx, key), Nav: navOf(ctx), With: files, Wide: true}
}

// navOf is the item of the main menu below which the laboratory stands: trainings for who leads one, courses for who learns.
func navOf(ctx context.Context) string {
	if web.Actor(ctx).Has(access.Laboratory) {
		return "trainings"
	}
	return "courses"
}

// sides are the tabs of the laboratory. Who leads none has one page, and no tabs.
func sides(ctx context.Context, current string) []ui.NavItem {
	p := lang.From(ctx)
	if !web.Actor(ctx).Has(access.Laboratory) {
		return nil
	}
	items := []ui.NavItem{{Label: p.T("laboratory.side.cases"), Href: home}, {Label: p.T("laboratory.side.runs"), Href: home + "/runs"}, {Label: p.T("laboratory.side.figures"), Href: home + "/figures"}}
	for i := range items {
		items[i].Current = items[i].Href == current
	}
	return items
}

func runPath(runID, below string) string {
	if below != "" {
		below = "/" + below
	}
	return home + "/runs/" + runID + below
}

func groupPath(groupID string) string { return home + "/groups/" + groupID }

func casePath(caseID string) string { return home + "/cases/" + caseID }

// state answers who watches: that nothing happened since what was seen, or with the part of the page that is new.
func state(w http.ResponseWriter, r *http.Request, now int, part func() (templ.Component, error)) error {
	if r.URL.Query().Get("seen") == strconv.Itoa(now) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	c, err := part()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return c.Render(r.Context(), w)
}

// paragraphs parts a text of a case at its empty lines.
func paragraphs(text string) []string { return strings.Split(text, "\n\n") }

// roles names whose work a case is about.
func roles(p *lang.Printer, c casefile.Case) string {
	names := make([]string, len(c.Roles))
	for i, r := range c.Roles {
		names[i] = p.T("laboratory.role." + r)
	}
	return strings.Join(names, ", ")
}

// notices are the indicators of a case in words.
func (h *Pages) notices(c casefile.Case, tag string) (list []string) {
	for _, name := range c.Indicators {
		if x, ok := h.Indicators.ByID(name); ok {
			list = append(list, x.Notice.In(tag))
		}
	}
	return list
}

// tag is how a decision's counting is shown; never by colour alone.
func tag(c casefile.Counts) ui.Kind {
	switch c {
	case casefile.Sound:
		return ui.Success
	case casefile.Open:
		return ui.Waiting
	}
	return ui.Danger
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1 // no position, and no group
	}
	return n
}
