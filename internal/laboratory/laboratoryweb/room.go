package laboratoryweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/laboratory"
	"ostoja/internal/laboratory/casefile"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// runsView is what a trainer can open and has opened.
type runsView struct {
	Cases    []casefile.Case
	Sessions []laboratory.Session
	Runs     []laboratory.Run
	Form     *web.Form
}

func (h *Pages) runs(w http.ResponseWriter, r *http.Request) error {
	return h.showRuns(w, r, web.NewForm("case", r.URL.Query().Get("case"), "session", r.URL.Query().Get("session")))
}

func (h *Pages) showRuns(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := runsView{Cases: h.Service.Cases(), Form: f}
	if v.Sessions, err = h.Service.Sessions(ctx, actor); err != nil {
		return err
	}
	if v.Runs, err = h.Service.Runs(ctx, actor); err != nil {
		return err
	}
	shown := view(ctx, "laboratory.runs.title")
	shown.Status = f.Status()
	return web.Show(w, r, shown, runsPage(v, h.Site.Clock.Now()))
}

func (v runsView) title(p *lang.Printer, caseID string) string {
	i := slices.IndexFunc(v.Cases, func(c casefile.Case) bool { return c.ID == caseID })
	if i < 0 {
		return caseID
	}
	return v.Cases[i].Title.In(p.Tag())
}

func (v runsView) caseOptions(p *lang.Printer) []ui.Option {
	options := []ui.Option{{Label: p.T("laboratory.runs.choose")}}
	for _, c := range v.Cases {
		options = append(options, ui.Option{Value: c.ID, Label: c.Title.In(p.Tag()) + ", " + roles(p, c)})
	}
	return options
}

func (v runsView) sessionOptions(p *lang.Printer) []ui.Option {
	options := []ui.Option{{Label: p.T("laboratory.runs.no-session")}}
	for _, s := range v.Sessions {
		options = append(options, ui.Option{Value: s.ID, Label: s.Title + ", " + p.Clock(s.StartsAt)})
	}
	return options
}

func (h *Pages) open(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	runID, err := h.Service.Open(r.Context(), web.Actor(r.Context()), laboratory.Opening{CaseID: f.Get("case"), SessionID: f.Get("session")})
	if f.Fail(lang.From(r.Context()), err) {
		return h.showRuns(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, runPath(runID, ""))
}

// roomView is what the trainers of a room see.
type roomView struct {
	laboratory.Room
	Phase   laboratory.Phase
	Step    int
	Address string // of the page on which the code is typed
	QR      string
	Size    int
	Notices []string
}

func (v roomView) now() casefile.Step { return v.Case.Steps[v.Step] }

func (v roomView) spread() []laboratory.Share { return laboratory.Spread(v.now(), v.Decisions) }

// decided returns how many groups have decided in a step, out of how many that were there, and the numbers of those that have not.
func (v roomView) decided(step int) (n, of int, open []string) {
	for _, g := range v.Groups {
		switch {
		case slices.ContainsFunc(v.Decisions, func(d laboratory.Decision) bool { return d.GroupID == g.ID && d.StepID == v.Case.Steps[step].ID }):
			n++
		case laboratory.Asked(g, step):
			open = append(open, strconv.Itoa(g.Number))
		}
	}
	return n, n + len(open), open
}

// numbers lists the groups of a share; a late one says so.
func numbers(p *lang.Printer, list []laboratory.Decision) string {
	names := make([]string, len(list))
	for i, d := range list {
		names[i] = strconv.Itoa(d.Number)
		if d.Late {
			names[i] += " " + p.T("laboratory.room.late")
		}
	}
	return strings.Join(names, ", ")
}

func (h *Pages) roomView(r *http.Request) (v roomView, err error) {
	ctx := r.Context()
	if v.Room, err = h.Service.Room(ctx, web.Actor(ctx), r.PathValue("run")); err != nil {
		return v, err
	}
	v.Phase, v.Step = v.Stands()
	v.Notices = h.notices(v.Case, lang.From(ctx).Tag())
	if v.Code != nil {
		address := h.Site.BaseURL + home + "/join"
		v.Address = strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
		v.QR, v.Size, err = ui.QR(address + "?code=" + *v.Code)
	}
	return v, err
}

func (h *Pages) room(w http.ResponseWriter, r *http.Request) error {
	v, err := h.roomView(r)
	if err != nil {
		return err
	}
	shown := view(r.Context(), "laboratory.room.title")
	if !v.Ended() {
		shown.Refresh = 5
	}
	return web.Show(w, r, shown, roomPage(v))
}

func (h *Pages) roomState(w http.ResponseWriter, r *http.Request) error {
	now, err := h.Service.Revision(r.Context(), web.Actor(r.Context()), r.PathValue("run"))
	if err != nil {
		return err
	}
	return state(w, r, now, func() (templ.Component, error) {
		v, err := h.roomView(r)
		return roomPart(v), err
	})
}

func (h *Pages) move(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	moved, err := h.Service.Move(r.Context(), web.Actor(r.Context()), r.PathValue("run"), number(f.Get("from")))
	if err != nil {
		return err
	}
	if !moved {
		h.Site.Say(w, "laboratory.room.moved-already")
	}
	return web.Redirect(w, r, runPath(r.PathValue("run"), ""))
}

func (h *Pages) paper(w http.ResponseWriter, r *http.Request) error {
	v, err := h.roomView(r)
	if err != nil {
		return err
	}
	f := web.NewForm()
	if n := number(r.URL.Query().Get("group")); n > 0 {
		f = web.NewForm(append(v.typed(n), "group", strconv.Itoa(n))...)
	}
	return h.showPaper(w, r, v, f)
}

// typed is what stands of a group on paper, for typing it in again.
func (v roomView) typed(number int) (pairs []string) {
	for _, d := range v.Decisions {
		if d.Number == number {
			pairs = append(pairs, d.StepID, d.Letter)
		}
	}
	return pairs
}

func (v roomView) letters(s casefile.Step, p *lang.Printer) []ui.Option {
	options := []ui.Option{{Label: p.T("laboratory.paper.nothing")}}
	for _, d := range s.Decisions {
		options = append(options, ui.Option{Value: d.Letter, Label: d.Letter})
	}
	return options
}

func (h *Pages) showPaper(w http.ResponseWriter, r *http.Request, v roomView, f *web.Form) error {
	shown := view(r.Context(), "laboratory.paper.title")
	shown.Status = f.Status()
	return web.Show(w, r, shown, paperPage(v, f))
}

func (h *Pages) typeIn(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.roomView(r)
	if err != nil {
		return err
	}
	letters := map[string]string{}
	for _, s := range v.Case.Steps {
		letters[s.ID] = f.Get(s.ID)
	}
	group, err := h.Service.Paper(r.Context(), web.Actor(r.Context()), v.ID, max(0, number(f.Get("group"))), letters)
	if f.Fail(lang.From(r.Context()), err) {
		return h.showPaper(w, r, v, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "laboratory.paper.said", "Number", group)
	return web.Redirect(w, r, runPath(v.ID, "paper"))
}

func (h *Pages) debrief(w http.ResponseWriter, r *http.Request) error {
	v, err := h.roomView(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, view(r.Context(), "laboratory.debrief.title"), debriefPage(v))
}

func (h *Pages) endForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.roomView(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, view(r.Context(), "laboratory.end.title"), endPage(v))
}

func (h *Pages) end(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.End(r.Context(), web.Actor(r.Context()), r.PathValue("run")); err != nil {
		return err
	}
	h.Site.Say(w, "laboratory.end.said")
	return web.Redirect(w, r, runPath(r.PathValue("run"), "debrief"))
}

func (h *Pages) sheet(w http.ResponseWriter, r *http.Request) error {
	c, err := h.Service.Case(r.PathValue("case"))
	if err != nil {
		return err
	}
	return web.Show(w, r, view(r.Context(), "laboratory.sheet.title"), sheetPage(c))
}

func (h *Pages) figures(w http.ResponseWriter, r *http.Request) error {
	f, err := h.Service.Figures(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	return web.Show(w, r, view(r.Context(), "laboratory.figures.title"), figuresPage(f, runsView{Cases: h.Service.Cases()}))
}
