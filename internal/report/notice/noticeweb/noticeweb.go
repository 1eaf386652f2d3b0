// Package noticeweb shows those who take part in a project what its funds want them to be told, and an office who was told.
package noticeweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/lang"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report/notice"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of notices.
type Pages struct {
	Site    *web.Site
	Service *notice.Service
	// Head is what stands above each page of a project; tab names the page.
	Head func(x project.Page, tab string) templ.Component
	// Titles returns what parts of a project are called, by id.
	Titles func(ctx context.Context, actor access.Actor, projectID string) (map[string]string, error)
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/notices/{project}", h.read)
	m.Handle("POST /app/notices/{project}", h.say)
	m.Handle("GET /app/projects/{project}/notices", h.desk)
	m.Handle("POST /app/projects/{project}/notices", h.act)
}

// Tasks returns what leads somebody to the notices that they have not read, for the pages on which they begin.
func (h *Pages) Tasks(ctx context.Context, personID string) (templ.Component, error) {
	list, err := h.Service.Tasks(ctx, personID)
	return tasks(list), err
}

func (h *Pages) read(w http.ResponseWriter, r *http.Request) error {
	p, err := h.page(r)
	if err != nil {
		return err
	}
	return h.show(w, r, p, web.NewForm("band", p.Band))
}

// page is what the reader is told, in the language that they chose here, else in that of the program.
func (h *Pages) page(r *http.Request) (notice.Page, error) {
	tag := r.URL.Query().Get("text")
	if tag == "" {
		tag = lang.From(r.Context()).Tag()
	}
	return h.Service.Of(r.Context(), web.Actor(r.Context()), r.PathValue("project"), tag)
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, p notice.Page, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "notice.title"), Nav: "my-trainings", Status: f.Status()}, readPage(p, f))
}

func (h *Pages) say(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	p, err := h.page(r)
	if err != nil {
		return err
	}
	a := notice.Answer{Confirmed: map[string]notice.Confirmed{}, Band: f.Get("band"), Sex: f.Get("sex")}
	for _, n := range p.Notices {
		if f.Get("fund-"+n.FundID) == "" {
			continue
		}
		version, _ := strconv.ParseInt(f.Get("version-"+n.FundID), 10, 64) // what is no number is no version
		a.Confirmed[n.FundID] = notice.Confirmed{Version: version, Lang: f.Get("lang-" + n.FundID)}
	}
	if err = h.Service.Say(ctx, web.Actor(ctx), p.ProjectID, a); f.Fail(lang.From(ctx), err) {
		return h.show(w, r, p, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "notice.said")
	return web.Redirect(w, r, notice.Path(p.ProjectID))
}

type deskView struct {
	notice.Desk
	Head   templ.Component
	Titles map[string]string
	Form   *web.Form
}

func (h *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	return h.showDesk(w, r, web.NewForm())
}

func (h *Pages) showDesk(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor, projectID := r.Context(), web.Actor(r.Context()), r.PathValue("project")
	d, err := h.Service.Desk(ctx, actor, projectID)
	if err != nil {
		return err
	}
	titles, err := h.Titles(ctx, actor, projectID)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "notice.desk-title"), Nav: "projects", Wide: true, Status: f.Status()}, deskPage(deskView{d, h.Head(d.Page, "people"), titles, f}))
}

// act notes a hand-out, or takes one back.
func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, projectID := r.Context(), web.Actor(r.Context()), r.PathValue("project")
	n := 0
	if handoutID := f.Get("undo"); handoutID != "" {
		err = h.Service.Undo(ctx, actor, projectID, handoutID)
	} else {
		fundID, tag, _ := strings.Cut(f.Get("text"), ":")
		training, day, _ := strings.Cut(f.Get("day"), ":")
		n, err = h.Service.HandOut(ctx, actor, projectID, fundID, tag, notice.Day{TrainingID: training, Day: day})
	}
	switch {
	case f.Fail(lang.From(ctx), err):
		return h.showDesk(w, r, f)
	case err != nil:
		return err
	case f.Get("undo") != "":
		h.Site.Say(w, "notice.said-undone")
	default:
		h.Site.SayN(w, "notice.said-handed", n)
	}
	return web.Redirect(w, r, project.Path(projectID, "notices"))
}

// bandOptions are the ages to choose from, and to leave out.
func bandOptions(p *lang.Printer, bands []fund.Band) []ui.Option {
	options := []ui.Option{{Label: p.T("notice.not-given")}}
	for _, b := range bands {
		label := p.T("notice.band", "From", b.From, "Until", b.Until)
		if b.Until == 0 {
			label = p.T("notice.band-open", "From", b.From)
		}
		options = append(options, ui.Option{Value: notice.BandKey(b), Label: label})
	}
	return options
}

func sexOptions(p *lang.Printer) []ui.Option {
	options := []ui.Option{{Label: p.T("notice.not-given")}}
	for _, s := range notice.Sexes {
		options = append(options, ui.Option{Value: s, Label: p.T("people.sex-" + s)})
	}
	return options
}

// textOptions are the texts that can have been handed out: of each fund, in each of its languages.
func textOptions(p *lang.Printer, sets []fund.Rules) (options []ui.Option) {
	for _, set := range sets {
		for _, tag := range fund.Languages {
			if set.Notice.Text[tag] != "" {
				options = append(options, ui.Option{Value: set.ID + ":" + tag, Label: p.T("notice.text-of", "Fund", set.Title.In(p.Tag()), "Language", p.LanguageName(tag))})
			}
		}
	}
	return options
}

func dayOptions(p *lang.Printer, v deskView) (options []ui.Option) {
	for _, d := range v.Days {
		options = append(options, ui.Option{Value: d.TrainingID + ":" + d.Day, Label: p.T("notice.day-of", "Day", p.DateOf(d.Day), "Training", v.Titles[d.TrainingID])})
	}
	return options
}

// fundTitle is what a fund is called.
func fundTitle(p *lang.Printer, sets []fund.Rules, fundID string) string {
	for _, set := range sets {
		if set.ID == fundID {
			return set.Title.In(p.Tag())
		}
	}
	return fundID
}

// path is the page's address in another language of the text.
func path(projectID, tag string) string { return notice.Path(projectID) + "?text=" + tag }

// lines are the paragraphs of a text.
func lines(text string) (list []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
