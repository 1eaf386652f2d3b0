package guardianweb

import (
	"context"
	"net/http"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	courts, err := h.service.Courts(ctx)
	if err != nil {
		return err
	}
	l := h.register(r, courts)
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	parts, err := h.parts(ctx, "", func(b Beside) Part { return b.List })
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "guardian.title"), Nav: "guardians", Wide: true}, listPage(shown, parts))
}

// register is the office's list. It has a page and nothing that hands out all rows, so that there is no file of it.
func (h *Pages) register(r *http.Request, courts []guardian.Court) *listweb.Of[guardian.Row] {
	p, actor := lang.From(r.Context()), web.Actor(r.Context())
	type row = guardian.Row
	of := func(list []string, prefix string) []ui.Option { return ui.OptionsOf(p, "guardian.all", prefix, list) }
	states, validities := []string{}, []string{}
	for _, s := range guardian.States {
		states = append(states, string(s))
	}
	for _, v := range guardian.Validities {
		validities = append(validities, string(v))
	}
	courtFilter := []ui.Option{{Label: p.T("guardian.all")}}
	for _, c := range courts {
		courtFilter = append(courtFilter, ui.Option{Value: c.ID, Label: c.Short})
	}
	stateFilter := of(states, "guardian.state.")
	stateFilter[0].Label = p.T("guardian.in-register")
	l := &listweb.Of[row]{
		Name: "guardians", Title: p.T("guardian.title"), Path: "/app/guardians", Query: r.URL.Query(), Now: h.site.Clock.Now(), Search: p.T("guardian.search"), First: "name",
		Filters: []listweb.Filter[row]{
			{Name: "state", Label: p.T("guardian.field.state"), Options: stateFilter},
			{Name: "court", Label: p.T("guardian.field.court"), Options: courtFilter},
			{Name: "lang", Label: p.T("guardian.field.lang"), Options: append([]ui.Option{{Label: p.T("guardian.all")}}, languageOptions(p, nil)...)},
			{Name: "validity", Label: p.T("guardian.field.validity"), Options: of(validities, "guardian.validity.")},
		},
		Columns: []listweb.Column[row]{
			{
				Label: p.T("guardian.field.name"), Sort: "name", Place: listweb.Head, Text: func(x row) string { return x.Name },
				Link: func(x row) string { return "/app/guardians/entries/" + x.ID },
			},
			{Label: p.T("guardian.field.courts"), Value: func(x row) any { return strings.Join(x.Courts, ", ") }},
			{Label: p.T("guardian.field.langs"), Place: listweb.Away, Value: func(x row) any { return p.LanguageNames(x.Langs) }},
			{
				Label: p.T("guardian.field.state"), Sort: "state", Place: listweb.Chip, Value: func(x row) any { return p.T("guardian.state." + string(x.State)) },
				Kind: func(x row) ui.Kind { return kindOf(x.State) },
			},
			{Label: p.T("guardian.field.children"), Place: listweb.Figure, Numeric: true, Value: func(x row) any { return p.T("guardian.of", "N", p.Int(x.Children), "Of", p.Int(x.MostChildren)) }},
			{
				Label: p.T("guardian.field.until"), Sort: "until", Value: func(x row) any { return sheet.Day(x.ValidUntil.Add(-1).In(p.Zone())) },
				Text: func(x row) string { return p.Day(x.ValidUntil.Add(-1), h.site.Clock.Now()) },
			},
		},
		Empty: listweb.Empty{Title: p.T("guardian.empty"), Text: p.T("guardian.empty-text")},
		Page: func(ctx context.Context, q list.Query) ([]row, int, error) {
			return h.service.List(ctx, actor, guardian.Filter{
				Text: q.Search, State: guardian.State(q.Filters["state"]), CourtID: q.Filters["court"], Lang: q.Filters["lang"], Validity: guardian.Validity(q.Filters["validity"]), Window: q.Window,
			})
		},
	}
	if actor.Has(access.GuardiansWrite) {
		l.Pick = &listweb.Pick[row]{
			Action: "/app/guardians/many", Name: "entry",
			Value: func(x row) string { return x.ID },
			Label: func(x row) string { return p.T("guardian.choose", "Name", x.Name) },
			Main:  listweb.Act{Label: p.T("guardian.renew-many"), Kind: ui.Action, Name: "act", Value: "renew"},
			More:  []listweb.Act{{Label: p.T("guardian.pause-many"), Name: "act", Value: "pause"}},
		}
	}
	return l
}

// many is what is done to several entries: first it is asked with which reason, then each is done by itself.
type many struct {
	Act      string
	IDs      []string
	Form     *web.Form
	Outcomes []guardian.Outcome
}

func (h *Pages) many(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	v := many{Act: f.Get("act"), IDs: f.Values["entry"], Form: f}
	if v.Act != "pause" && v.Act != "renew" || len(v.IDs) == 0 {
		return errs.Invalid("guardian.fault.none-ticked")
	}
	view := web.View{Title: p.T("guardian." + v.Act + "-many"), Nav: "guardians"}
	if f.Get("sure") == "" {
		return web.Show(w, r, view, manyPage(v))
	}
	reason := guardian.Reason(f.Get("reason"))
	if v.Act == "pause" {
		v.Outcomes, err = h.service.PauseMany(ctx, actor, v.IDs, reason)
	} else {
		v.Outcomes, err = h.service.RenewMany(ctx, actor, v.IDs, lastDay(f.Text("until"), p.Zone()), reason)
	}
	if f.Fail(p, err) {
		view.Status = f.Status()
		return web.Show(w, r, view, manyPage(v))
	}
	if err != nil {
		return err
	}
	return web.Show(w, r, view, donePage(v))
}
