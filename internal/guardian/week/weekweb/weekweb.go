// Package weekweb shows the office of guardians its week: what waits by deadline, who is away and who covers.
//
// Goals: each row says what to do and leads there in one press; the page works without a script and on a phone. Limits: it shows what its reader may
// open anyway, and nothing of it is a file.
package weekweb

import (
	"net/http"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/week"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

const path = "/app/guardians/week"

// styles are those of rows that wait, which other pages do without.
var styles = []string{"tasks.css"}

// Pages are the pages of the week.
type Pages struct {
	Site    *web.Site
	Service *week.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+path, h.week)
	m.Handle("GET "+path+"/cover", h.coverForm)
	m.Handle("POST "+path+"/cover", h.cover)
	m.Handle("POST "+path+"/cover/{cover}", h.end)
	m.Handle("POST "+path+"/letter", h.letter)
}

// first is how many rows stand open; the others are behind a press.
const first = 7

type view struct {
	Tasks  []week.Task
	Covers []week.Cover
	Late   int
	Letter bool // the reader has the letter of the week
	Write  bool
	Today  string
	Now    time.Time
}

func (v view) open() []week.Task   { return v.Tasks[:min(first, len(v.Tasks))] }
func (v view) folded() []week.Task { return v.Tasks[min(first, len(v.Tasks)):] }

func (h *Pages) week(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := view{Now: h.Site.Clock.Now(), Write: actor.Has(access.GuardiansWrite)}
	v.Today = v.Now.In(lang.From(ctx).Zone()).Format(time.DateOnly)
	if v.Tasks, err = h.Service.Tasks(ctx, actor); err != nil {
		return err
	}
	if v.Covers, err = h.Service.Covers(ctx, actor); err != nil {
		return err
	}
	if v.Letter, err = h.Service.WantsLetter(ctx, actor); err != nil {
		return err
	}
	for _, t := range v.Tasks {
		if t.Late(v.Now, lang.From(ctx).Zone()) {
			v.Late++
		}
	}
	return web.Show(w, r, web.View{With: styles, Title: lang.T(ctx, "guardianweek.title"), Nav: "guardians", Wide: true}, weekPage(v))
}

func (h *Pages) coverForm(w http.ResponseWriter, r *http.Request) error {
	return h.showCover(w, r, web.NewForm("person", web.Actor(r.Context()).PersonID))
}

func (h *Pages) showCover(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	office, err := h.Service.Colleagues(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "guardianweek.cover"), Nav: "guardians", Status: f.Status()}, coverPage(office, f))
}

func (h *Pages) cover(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	alone, err := h.Service.Enter(ctx, web.Actor(ctx), week.CoverDraft{PersonID: f.Get("person"), CoverID: f.Get("cover"), FromDay: f.Text("from"), UntilDay: f.Text("until")})
	if f.Fail(lang.From(ctx), err) {
		return h.showCover(w, r, f)
	}
	if err != nil {
		return err
	}
	said := "guardianweek.said-cover"
	if alone {
		said = "guardianweek.said-alone"
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, path)
}

func (h *Pages) end(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.Service.End(ctx, web.Actor(ctx), r.PathValue("cover")); err != nil {
		return err
	}
	h.Site.Say(w, "guardianweek.said-ended")
	return web.Redirect(w, r, path)
}

func (h *Pages) letter(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	act := f.Get("act")
	if act != "on" && act != "off" {
		return errs.Invalid("error.invalid")
	}
	ctx := r.Context()
	if err := h.Service.SetLetter(ctx, web.Actor(ctx), act == "on"); err != nil {
		return err
	}
	h.Site.Say(w, "guardianweek.said-letter-"+act)
	return web.Redirect(w, r, path)
}

// Row is a task as it stands in a list of what waits.
func Row(p *lang.Printer, t week.Task) ui.TaskRow {
	key := string(t.Kind)
	return ui.TaskRow{At: t.Due, Timed: t.Timed, What: p.T("guardianweek.do."+key, "Name", t.Name), Why: why(p, t), Href: Href(t), Open: p.T("guardianweek.open." + key), About: t.Name}
}

func rows(p *lang.Printer, tasks []week.Task) (list []ui.TaskRow) {
	for _, t := range tasks {
		list = append(list, Row(p, t))
	}
	return list
}

// Href leads to where a task is done.
func Href(t week.Task) string {
	switch t.Kind {
	case week.MissingChild:
		return "/app/guardians/appointments/" + t.ID + "#missing"
	case week.NoContact:
		return "/app/guardians/appointments/" + t.ID
	case week.AtOffice, week.Asking:
		return "/app/guardians/desk/" + t.ID
	case week.NobodyOnDuty:
		return "/app/guardians/roster?court=" + t.ID
	case week.ToPause:
		return "/app/guardians/notices"
	case week.StepDue, week.SecondMarks, week.CopySent, week.CheckEnds:
		return "/app/guardians/candidates/" + t.ID
	case week.HelpWanted:
		return "/app/guardians/support#signals"
	case week.ExpertOld:
		return "/app/guardians/support/experts"
	case week.EntryEnds:
		return "/app/guardians/entries/" + t.ID + "/renew"
	case week.Uncovered, week.CoverEnds:
		return path + "/cover"
	}
	return path
}

// people offers the office; none stands before them, with its value.
func people(office []week.Colleague, more ...ui.Option) (options []ui.Option) {
	for _, c := range office {
		options = append(options, ui.Option{Value: c.ID, Label: c.Name})
	}
	return append(options, more...)
}
