package deskweb

import (
	"slices"
	"time"

	"ostoja/internal/desk"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// remindable says whether a reminder could be meant for the person; whether it is due is decided when it is asked for.
func remindable(x desk.Person) bool {
	return x.WithdrawnAt.IsZero() && x.RoundPassed.IsZero()
}

// clear is where the filters' "clear" leads, "" if there is nothing to clear.
func clear(v view, rest string) string {
	if v.Query.Empty() {
		return ""
	}
	return v.path(rest)
}

func breakdownTabs(p *lang.Printer, c coursePage) []ui.NavItem {
	var tabs []ui.NavItem
	for _, name := range breakdownNames {
		tabs = append(tabs, ui.NavItem{Label: p.T(breakdowns[name].title), Href: c.Query.With(c.path(""), "by", name) + "#breakdown", Current: name == c.By})
	}
	return tabs
}

// deeper leads to the breakdown of what is below a line's unit, "" where nothing can be.
func (p coursePage) deeper(l desk.Line) string {
	if l.Own || (p.By != "organisations" && p.By != "units") || l.Key == p.Unit {
		return ""
	}
	return p.Query.With(p.path(""), "unit", l.Key, "only", "", "by", "units") + "#breakdown"
}

func ticked(f *web.Form, personID string) bool {
	return f != nil && slices.Contains(f.Values["person"], personID)
}

func roundSummary(p *lang.Printer, r desk.Round) []ui.Pair {
	pairs := []ui.Pair{
		{Term: p.T("desk.invited-at"), Text: p.Date(r.CreatedAt)},
		{Term: p.T("desk.history.source"), Text: p.T("desk.history.source-" + r.Source)},
		{Term: p.T("desk.history.version"), Text: p.Int(r.Version)},
	}
	for _, x := range []struct {
		key string
		at  time.Time
	}{
		{"desk.started-at", r.StartedAt}, {"desk.active-at", r.ActiveAt}, {"desk.finished-at", r.FinishedAt}, {"desk.passed-at", r.PassedAt},
		{"desk.withdrawn-at", r.WithdrawnAt}, {"desk.reminded-at", r.RemindedAt}, {"desk.due-at", r.DueAt},
	} {
		if !x.at.IsZero() {
			pairs = append(pairs, ui.Pair{Term: p.T(x.key), Text: p.Date(x.at)})
		}
	}
	return pairs
}

func attemptResult(p *lang.Printer, a desk.Attempt) (ui.Kind, string) {
	switch {
	case a.Passed == nil:
		return ui.Waiting, p.T("desk.history.open")
	case *a.Passed:
		return ui.Success, p.T("desk.history.passed")
	}
	return ui.Plain, p.T("desk.history.failed")
}

// views are the sides of a course on the desk.
func views(p *lang.Printer, v view, current string) []ui.NavItem {
	tabs := []ui.NavItem{
		{Label: p.T("desk.overview"), Href: v.Query.With(v.path(""), "stalled", "", "due", "", "q", "", "sort", "", "desc", ""), Current: current == "overview"},
		{Label: p.T("desk.people"), Href: v.Query.With(v.path("/people")), Current: current == "people"},
		{Label: p.T("desk.stories.title"), Href: v.path("/stories"), Current: current == "stories"},
	}
	if v.MayWrite {
		tabs = append(tabs, ui.NavItem{Label: p.T("reminder.title"), Href: v.path("/reminders")})
	}
	return tabs
}
