package siteweb

import (
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/fact"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
)

// historyView is how a fact was shown, and since when.
type historyView struct {
	Shown   *listweb.Shown // nil of what was never shown
	Changed bool
}

// historyOf reads how a fact was shown. Where a file of it was asked for, that was sent.
func (h *Pages) historyOf(w http.ResponseWriter, r *http.Request, factID string) (v historyView, sent bool, err error) {
	versions, err := h.Facts.History(r.Context(), factID)
	if err != nil || len(versions) == 0 {
		return v, false, err
	}
	l := h.historyList(r, factID, versions)
	if l.Wanted() {
		return v, true, l.Send(w, r)
	}
	v.Changed = len(versions) > 1
	v.Shown, err = l.Open(r.Context())
	return v, false, err
}

// historyList is the list of a fact's versions, the newest first.
func (h *Pages) historyList(r *http.Request, factID string, versions []fact.Version) listweb.Of[fact.Version] {
	p := printer(r)
	type row = fact.Version
	return listweb.Of[row]{
		Name: "history", Title: p.T("site.history.title"), Path: "/app/site/facts/" + factID, Query: r.URL.Query(), Prefix: "history.", Now: h.Service.Now(), Rows: versions,
		Columns: []listweb.Column[row]{
			{Label: p.T("site.history.since"), Place: listweb.Figure, Phone: p.T("site.history.from"), Value: func(x row) any { return p.DateTime(x.Since) }},
			{Label: p.T("site.facts.value"), Place: listweb.Head, Value: func(x row) any { return x.In(p.Tag()) }},
			{
				Label: p.T("site.facts.state"), Place: listweb.Chip,
				Value: func(x row) any { key, _ := versionState(x, versions[0]); return p.T("site.history." + key) },
				Kind:  func(x row) ui.Kind { _, kind := versionState(x, versions[0]); return kind },
			},
			{
				Label: p.T("site.facts.source"), Value: func(x row) any { return x.Source },
				Show: func(x row) templ.Component { return factSource(x.Source, x.URL) },
			},
			{
				Label: p.T("site.facts.checked"), Place: listweb.Away, Value: func(x row) any { return dayValue(p, x.Checked) },
				Note: func(x row) string { return checkedBy(p, x) },
			},
			{Label: p.T("site.facts.by"), File: true, Value: func(x row) any { return x.By }},
			{Label: p.T("site.facts.until"), Place: listweb.Away, Value: func(x row) any { return dayValue(p, x.ValidUntil) }},
		},
	}
}

func versionState(x, newest fact.Version) (string, ui.Kind) {
	switch {
	case x.Gone():
		return "gone", ui.Danger
	case x.Since.Equal(newest.Since):
		return "now", ui.Success
	}
	return "earlier", ui.Plain
}

// checkedBy says who checked a version, and whether somebody had yet to confirm it.
func checkedBy(p *lang.Printer, x fact.Version) string {
	if x.Confirm {
		return x.By + "; " + p.T("site.facts.states.confirm")
	}
	return x.By
}
