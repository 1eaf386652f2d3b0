// Package teachingweb shows trainers what they have taught and what was seen while they did, and lets those write it who were there.
package teachingweb

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/classroom"
	"ostoja/internal/classroom/teaching"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of the record of teaching.
type Pages struct {
	Site    *web.Site
	Service *teaching.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/teaching", h.mine)
	m.Handle("GET /app/teaching/sessions/{session}/{person}", h.form)
	m.Handle("POST /app/teaching/sessions/{session}/{person}", h.write)
	m.Handle("GET /app/teaching/observations/{observation}", h.observation)
	m.Handle("POST /app/teaching/observations/{observation}", h.answer)
}

func (h *Pages) mine(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	record, err := h.Service.Mine(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	l := h.taught(r, record.Taught)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "teaching.title"), Nav: "trainings", Wide: true}, minePage(record, web.Actor(ctx).PersonID, shown))
}

// taught lists the sessions: one's own, so that taking the file away is nobody's business.
func (h *Pages) taught(r *http.Request, rows []teaching.Taught) listweb.Of[teaching.Taught] {
	p := lang.From(r.Context())
	return listweb.Of[teaching.Taught]{
		Name: "teaching", Title: p.T("teaching.taught"), Path: "/app/teaching", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: rows, First: "-day",
		Columns: []listweb.Column[teaching.Taught]{
			{Label: p.T("teaching.training"), Sort: "training", Place: listweb.Head, Value: func(x teaching.Taught) any { return x.Training }, Show: func(x teaching.Taught) templ.Component { return trainingLink(x) }},
			{Label: p.T("teaching.day"), Sort: "day", Place: listweb.Meta, Value: func(x teaching.Taught) any { return sheet.Day(x.StartsAt.In(p.Zone())) }},
			{Label: p.T("teaching.place"), Sort: "place", Place: listweb.Away, Value: func(x teaching.Taught) any { return x.Place }},
			{Label: p.T("teaching.part"), Sort: "part", Place: listweb.Chip, Value: func(x teaching.Taught) any { return p.T("teaching.part-" + string(x.Part)) }},
			{Label: p.T("teaching.minutes"), Sort: "minutes", Place: listweb.Figure, Phone: p.T("teaching.minutes"), Value: func(x teaching.Taught) any { return x.Minutes() }},
		},
		Empty: listweb.Empty{Title: p.T("teaching.none"), Text: p.T("teaching.none-text")},
	}
}

// levelField is the name of a criterion's field.
func levelField(c teaching.Criterion) string { return "level-" + string(c) }

func draft(f *web.Form) teaching.Draft {
	d := teaching.Draft{Levels: map[teaching.Criterion]int{}, Strength: f.Get("strength"), NextStep: f.Get("next_step")}
	for _, c := range teaching.Rubric {
		if typed := f.Get(levelField(c)); typed != "" {
			level, err := strconv.Atoi(typed)
			if err != nil {
				level = -1 // told as a fault
			}
			d.Levels[c] = level
		}
	}
	return d
}

func (h *Pages) form(w http.ResponseWriter, r *http.Request) error {
	watched, before, err := h.Service.Watch(r.Context(), web.Actor(r.Context()), r.PathValue("session"), r.PathValue("person"))
	if err != nil {
		return err
	}
	var pairs []string
	if before != nil {
		for c, level := range before.Levels {
			pairs = append(pairs, levelField(c), strconv.Itoa(level))
		}
		pairs = append(pairs, "strength", before.Strength, "next_step", before.NextStep)
	}
	return h.showForm(w, r, watched, web.NewForm(pairs...))
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, watched teaching.Watchable, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "teaching.observe"), Nav: "trainings", Status: f.Status()}, formPage(watched, f))
}

func (h *Pages) write(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, sessionID, personID := r.Context(), web.Actor(r.Context()), r.PathValue("session"), r.PathValue("person")
	watched, _, err := h.Service.Watch(ctx, actor, sessionID, personID)
	if err != nil {
		return err
	}
	observationID, err := h.Service.Write(ctx, actor, sessionID, personID, draft(f))
	if f.Fail(lang.From(ctx), err) {
		return h.showForm(w, r, watched, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "teaching.written")
	return web.Redirect(w, r, "/app/teaching/observations/"+observationID)
}

func (h *Pages) observation(w http.ResponseWriter, r *http.Request) error {
	o, err := h.Service.Observation(r.Context(), web.Actor(r.Context()), r.PathValue("observation"))
	if err != nil {
		return err
	}
	return h.showObservation(w, r, o, web.NewForm())
}

func (h *Pages) showObservation(w http.ResponseWriter, r *http.Request, o teaching.Observation, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "teaching.observation"), Nav: "trainings", Status: f.Status()}, observationPage(o, web.Actor(r.Context()).PersonID, f))
}

func (h *Pages) answer(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, observationID := r.Context(), web.Actor(r.Context()), r.PathValue("observation")
	o, err := h.Service.Observation(ctx, actor, observationID)
	if err != nil {
		return err
	}
	err = h.Service.Answer(ctx, actor, observationID, f.Get("answer"))
	if f.Fail(lang.From(ctx), err) {
		return h.showObservation(w, r, o, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "teaching.said")
	return web.Redirect(w, r, r.URL.Path)
}

// levels offers what can be seen of a criterion.
func levels(p *lang.Printer) []ui.Option {
	options := []ui.Option{{Value: "", Label: p.T("teaching.level-unseen")}}
	for level := 1; level <= teaching.HighestLevel; level++ {
		options = append(options, ui.Option{Value: strconv.Itoa(level), Label: p.T("teaching.level-" + strconv.Itoa(level))})
	}
	return options
}

// seen are the criteria of an observation that were seen, with their levels in words.
func seen(p *lang.Printer, o teaching.Observation) (pairs []ui.Pair) {
	for _, c := range teaching.Rubric {
		if level := o.Levels[c]; level > 0 {
			pairs = append(pairs, ui.Pair{Term: p.T("teaching.criterion-" + string(c)), Text: p.T("teaching.level-" + strconv.Itoa(level))})
		}
	}
	return pairs
}

// sums says how many hours of sixty minutes somebody taught in each part.
func sums(p *lang.Printer, r teaching.Record) string {
	var said []string
	for _, part := range []classroom.Part{classroom.Lead, classroom.Co, classroom.Observer} {
		if minutes := r.Minutes(part); minutes > 0 {
			said = append(said, p.T("teaching.sum-"+string(part), "Hours", p.Number(float64(minutes)/60)))
		}
	}
	return strings.Join(said, " · ")
}
