// Package owndataweb shows people what is kept about them, gives it to them as a file, and takes what they ask; and shows an office what it was asked.
package owndataweb

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/keeping/owndata"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of one's own data.
type Pages struct {
	Site    *web.Site
	Service *owndata.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/account/data", h.mine)
	m.Handle("POST /app/account/data", h.ask)
	m.Handle("GET /app/account/data.json", h.file)
	m.Handle("GET /app/account/data.txt", h.readable)
	m.Handle("GET /app/data-requests", h.requests)
	m.Handle("POST /app/data-requests", h.answer)
	m.Handle("GET /app/data-requests/{request}/erase", h.askErase)
	m.Handle("POST /app/data-requests/{request}/erase", h.erase)
}

type mineView struct {
	owndata.Shown
	Asked  []owndata.Request
	Form   *web.Form
	Office bool // reads what people of their units ask
}

func (h *Pages) mine(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, web.NewForm())
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := mineView{Form: f, Office: actor.Has(access.PeopleWrite)}
	d, err := h.Service.Mine(ctx, actor)
	if err != nil {
		return err
	}
	v.Shown = d.Show(lang.From(ctx))
	if v.Asked, err = h.Service.Own(ctx, actor); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "owndata.title"), Nav: "account", Status: f.Status()}, minePage(v))
}

// file is what is kept, for a machine to read. It is stored nowhere on the way.
func (h *Pages) file(w http.ResponseWriter, r *http.Request) error {
	d, err := h.Service.Mine(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	return send(w, "application/json", owndata.Format+".json", content)
}

// readable is the same in the words of the page.
func (h *Pages) readable(w http.ResponseWriter, r *http.Request) error {
	d, err := h.Service.Mine(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	return send(w, "text/plain; charset=utf-8", owndata.Format+".txt", []byte(d.Show(p).Text(p)))
}

func send(w http.ResponseWriter, media, name string, content []byte) error {
	head := w.Header()
	head.Set("Content-Type", media)
	head.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	head.Set("Cache-Control", "no-store")
	_, err := w.Write(content)
	return err
}

func (h *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err = h.Service.Ask(r.Context(), web.Actor(r.Context()), owndata.Kind(f.Get("kind")), f.Text("words")); f.Fail(lang.From(r.Context()), err) {
		return h.show(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "owndata.said-asked")
	return web.Redirect(w, r, "/app/account/data")
}

// officeView is what people of somebody's units asked.
type officeView struct {
	List []owndata.Request
	Form *web.Form
	Now  time.Time
}

func (v officeView) waiting() (n int) {
	for _, r := range v.List {
		if r.AnsweredAt.IsZero() {
			n++
		}
	}
	return n
}

func (v officeView) late() (n int) {
	for _, r := range v.List {
		if r.Overdue(v.Now) {
			n++
		}
	}
	return n
}

func (h *Pages) requests(w http.ResponseWriter, r *http.Request) error {
	return h.showRequests(w, r, web.NewForm())
}

func (h *Pages) showRequests(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	list, err := h.Service.Requests(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "owndata.office-title"), Nav: "people", Status: f.Status()}, requestsPage(officeView{list, f, h.Service.Clock.Now()}))
}

func (h *Pages) answer(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err = h.Service.Answer(r.Context(), web.Actor(r.Context()), f.Get("request"), f.Text("answer"), f.Get("act") == "refuse"); f.Fail(lang.From(r.Context()), err) {
		return h.showRequests(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "owndata.said-answered")
	return web.Redirect(w, r, "/app/data-requests")
}

func (h *Pages) askErase(w http.ResponseWriter, r *http.Request) error {
	x, err := h.Service.Request(r.Context(), web.Actor(r.Context()), r.PathValue("request"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "owndata.erase-title"), Nav: "people"}, erasePage(x))
}

// erase has somebody's data erased, at once or when nothing holds it any more.
func (h *Pages) erase(w http.ResponseWriter, r *http.Request) error {
	held, err := h.Service.Erase(r.Context(), web.Actor(r.Context()), r.PathValue("request"))
	if err != nil {
		return err
	}
	h.Site.Say(w, "owndata.said-"+map[bool]string{true: "held", false: "erased"}[held])
	return web.Redirect(w, r, "/app/data-requests")
}

// pairs are the lines of a record as a summary has them.
func pairs(record []owndata.Line) (list []ui.Pair) {
	for _, l := range record {
		list = append(list, ui.Pair{Term: l.Term, Text: l.Text})
	}
	return list
}

// empty names the areas that keep nothing; what holds data, ends, and was asked are no areas.
func empty(sections []owndata.ShownSection) string {
	var names []string
	for _, x := range sections {
		if len(x.Records) == 0 && !slices.Contains([]string{"held", "kept", "requests"}, x.Name) {
			names = append(names, x.Title)
		}
	}
	return strings.Join(names, ", ")
}

func kindOptions(p *lang.Printer) (options []ui.Option) {
	for _, k := range owndata.Kinds {
		options = append(options, ui.Option{Value: string(k), Label: p.T("owndata.kind-" + string(k)), Hint: p.T("owndata.kind-hint-" + string(k))})
	}
	return options
}
