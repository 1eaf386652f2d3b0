package siteweb

import (
	"net/http"
	"time"

	"ostoja/internal/fact"
	"ostoja/internal/list/listweb"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// callLine is a call in the log.
type callLine struct {
	site.Call
	Title, Caller string
}

// callsView is the log of calls with the form of one more.
type callsView struct {
	Shown  *listweb.Shown
	Form   *web.Form
	Phones []ui.Option // to which the reader may note a call
}

// callsOf reads the log of calls to the given facts; path is of the page on which it stands. Where a file of it was asked for, that was
// sent. f holds what was typed, if it is the form of a call.
func (h *Pages) callsOf(w http.ResponseWriter, r *http.Request, path, factID string, facts []content.Fact, f *web.Form) (v callsView, sent bool, err error) {
	ctx, actor, p := r.Context(), web.Actor(r.Context()), printer(r)
	now := h.Service.Now().In(h.Service.Zone())
	if v.Form = f; f == nil || f.Get("called-on") == "" && f.Error("called-on") == "" {
		v.Form = web.NewForm("called-on", now.Format(time.DateOnly), "called-at", now.Format("15:04"), "fact", factID)
	}
	titles := map[string]string{}
	for _, x := range facts {
		titles[x.ID] = factLabel(p, x)
		if x.Kind == fact.Phone && x.MayChange(actor) {
			v.Phones = append(v.Phones, ui.Option{Value: x.ID, Label: titles[x.ID]})
		}
	}
	calls, err := h.Service.Calls(ctx, actor, factID)
	if err != nil {
		return v, false, err
	}
	var ids []string
	for _, c := range calls {
		ids = append(ids, c.CallerID)
	}
	names, err := h.names(r, ids)
	if err != nil {
		return v, false, err
	}
	lines := make([]callLine, len(calls))
	for i, c := range calls {
		lines[i] = callLine{c, titles[c.FactID], person(p, names, c.CallerID)}
	}
	l := h.callList(r, path, lines)
	if l.Wanted() {
		return v, true, l.Send(w, r)
	}
	v.Shown, err = l.Open(ctx)
	return v, false, err
}

// callList is the list of calls, the newest first.
func (h *Pages) callList(r *http.Request, path string, lines []callLine) listweb.Of[callLine] {
	p, zone := printer(r), h.Service.Zone()
	type row = callLine
	yesNo := func(yes bool) any {
		if yes {
			return p.T("site.yes")
		}
		return p.T("site.no")
	}
	return listweb.Of[row]{
		Name: "calls", Title: p.T("site.calls.title"), Path: path, Query: r.URL.Query(), Prefix: "calls.", Now: h.Service.Now(), Rows: lines,
		Empty: listweb.Empty{Title: p.T("site.calls.none"), Text: p.T("site.calls.none-text")},
		Columns: []listweb.Column[row]{
			{Label: p.T("site.calls.at"), Place: listweb.Figure, Value: func(x row) any { return p.DateTime(x.CalledAt) }},
			{Label: p.T("site.calls.phone"), Place: listweb.Head, Value: func(x row) any { return x.Title }, Link: func(x row) string { return "/app/site/facts/" + x.FactID }},
			{Label: p.T("site.calls.outcome"), Place: listweb.Chip, Value: func(x row) any {
				if x.Answered {
					return p.T("site.calls.answered")
				}
				return p.T("site.calls.unanswered")
			}, Kind: func(x row) ui.Kind {
				if x.Answered {
					return ui.Success
				}
				return ui.Waiting
			}},
			{Label: p.T("site.calls.languages"), Value: func(x row) any { return x.Languages }},
			{Label: p.T("site.calls.at-night"), Place: listweb.Away, Value: func(x row) any { return yesNo(x.AtNight(zone)) }},
			{Label: p.T("site.calls.free-day"), Place: listweb.Away, Value: func(x row) any { return yesNo(x.OnFreeDay(zone)) }},
			{Label: p.T("site.calls.nights"), Place: listweb.Away, Value: func(x row) any {
				if x.Nights == "" {
					return nil
				}
				return p.T("site." + x.Nights)
			}},
			{Label: p.T("site.calls.note"), Value: func(x row) any { return x.Note }},
			{Label: p.T("site.calls.caller"), Place: listweb.Away, Value: func(x row) any { return x.Caller }},
		},
	}
}

func (h *Pages) addCall(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	c := site.Call{FactID: f.Get("fact"), Answered: f.Get("answered") != "", Languages: f.Get("call-languages"), Nights: f.Get("nights"), Note: f.Get("call-note")}
	// What is no day and time stays zero, which the service refuses.
	if at, err := time.ParseInLocation("2006-01-02 15:04", f.Text("called-on")+" "+f.Text("called-at"), h.Service.Zone()); err == nil {
		c.CalledAt = at
	}
	if err := h.Service.AddCall(r.Context(), web.Actor(r.Context()), c); err != nil {
		if f.Fail(printer(r), err) {
			return h.showFacts(w, r, f)
		}
		return err
	}
	h.Site.Say(w, "site.calls.added")
	return web.Redirect(w, r, "/app/site/facts/"+c.FactID)
}
