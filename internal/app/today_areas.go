package app

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course/lapse"
	"ostoja/internal/desk"
	"ostoja/internal/firstline/card"
	"ostoja/internal/project"
	"ostoja/internal/today"
)

// coursesToday are people of courses who have not been there for a while, and courses whose items rest on facts that nobody confirmed.
func (a *App) coursesToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	if actor.Has(access.DeskWrite) {
		stalled, err := a.Desk.Stalled(ctx, actor)
		if err != nil {
			return nil, err
		}
		for _, x := range stalled {
			why := today.Say("today.stalled.why-never", "Course", x.Course.Title)
			if !x.RemindedAt.IsZero() {
				why = today.Say("today.stalled.why", "Course", x.Course.Title, "Day", x.RemindedAt)
			}
			list = append(list, today.Task{
				What: today.Count("today.stalled.do", x.People, "Days", desk.StalledDays), Why: why, Open: today.Say("today.stalled.open"),
				Href: "/app/desk/" + url.PathEscape(x.Course.ID) + "/people?picked=all&stalled=" + strconv.Itoa(desk.StalledDays), Count: x.People,
			})
		}
	}
	if !actor.Has(access.CoursesWrite) {
		return list, nil
	}
	entries, err := a.Courses.List(ctx)
	for _, e := range entries {
		c, err := a.Courses.Version(ctx, e.CurrentVersionID)
		if err != nil {
			return nil, err
		}
		if n := len(lapse.Of(c.Course).Facts); n > 0 {
			list = append(list, today.Task{
				What: today.Count("today.course-facts.do", n), Why: today.Say("today.course-facts.why", "Course", c.Title), Open: today.Say("today.course-facts.open"),
				Href: "/app/authoring/" + url.PathEscape(e.ID), Count: n,
			})
		}
	}
	return list, err
}

// siteToday is what readers of the public site do not see as it was meant, and what they ordered. What waits for a second person is among the approvals.
func (a *App) siteToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	w, err := a.Site.Waiting(ctx, actor)
	for _, x := range []struct {
		kind, href string
		n          int
		since      time.Time
	}{
		{"gone", "/app/site/facts", w.Gone, time.Time{}},
		{"overdue", "/app/site/facts", w.Overdue, time.Time{}}, {"due", "/app/site/facts?due=1", w.Due, time.Time{}}, {"orders", "/app/site/orders", w.Orders, w.OrderedAt},
	} {
		if x.n > 0 {
			list = append(list, today.Task{
				What: today.Count("today."+x.kind+".do", x.n), Why: today.Say("today."+x.kind+".why", "Day", x.since), Open: today.Say("today." + x.kind + ".open"), Href: x.href, Count: x.n,
			})
		}
	}
	return list, err
}

// cardsToday are contact cards that nobody has checked in time.
func (a *App) cardsToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	overdue, err := a.Cards.Overdue(ctx, actor)
	if len(overdue) > 0 {
		first := overdue[0]
		list = append(list, today.Task{
			What: today.Count("today.cards.do", len(overdue)), Why: today.Say("today.cards.why", "Unit", first.Unit, "Day", first.CheckedAt), Open: today.Say("today.cards.open"),
			Href: "/app/contacts/" + first.UnitID, Due: today.On(card.Card{CheckedAt: first.CheckedAt}.Due(), a.Measurement.Zone()), Count: len(overdue),
		})
	}
	return list, err
}

// paperToday are sheets to be read a second time.
func (a *App) paperToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	all, err := a.OnPaper.ToRead(ctx, actor)
	for _, x := range all {
		m, err := a.Measurement.Measurement(ctx, actor, x.MeasurementID)
		if err != nil {
			return nil, err
		}
		list = append(list, today.Task{
			What: today.Count("today.sheets.do", x.Sheets, "Title", m.Name), Why: today.Say("today.sheets.why"), Open: today.Say("today.sheets.open"),
			Href: "/app/evidence/measurements/" + x.MeasurementID + "/paper/" + string(x.Wave) + "/second", Count: x.Sheets,
		})
	}
	return list, err
}

// projectsToday are periods whose figures wait to be handed in or whose report waits to be frozen, and funds whose keeping nobody can reckon yet.
func (a *App) projectsToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	ended := func(kind string, w project.Ended, rest string) {
		key := "today." + kind
		list = append(list, today.Task{
			What: today.Say(key+".do", "Project", w.Project, "Number", w.Number), Why: today.Say(key+".why", "Day", dayIn(w.LastDay, a.Projects.Zone)),
			Open: today.Say(key + ".open"), About: w.Project, Href: "/app/projects/" + w.ProjectID + rest,
		})
	}
	handIn, err := a.Reports.ToHandIn(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, w := range handIn {
		ended("period", w, "?period="+strconv.Itoa(w.Number))
	}
	freeze, err := a.Freeze.ToFreeze(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, w := range freeze {
		ended("freeze", w, "/reports/new?period="+w.PeriodID)
	}
	unknown, err := a.Retain.Unknown(ctx, actor)
	if n := len(unknown); n > 0 {
		list = append(list, today.Task{
			What: today.Count("today.retention.do", n), Why: today.Say("today.retention.why"), Open: today.Say("today.retention.open"), Href: "/app/projects/keeping", Count: n,
		})
	}
	return list, err
}

// publicationsToday are orders of publications that wait for the actor's office or unit.
func (a *App) publicationsToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	all, err := a.Publications.Orders(ctx, actor)
	n := 0
	for _, o := range all {
		if o.Waits(actor) {
			n++
		}
	}
	if n > 0 {
		list = append(list, today.Task{
			What: today.Count("today.copies.do", n), Why: today.Say("today.copies.why"), Open: today.Say("today.copies.open"), Href: "/app/publication-orders", Count: n,
		})
	}
	return list, err
}

// requestsToday are requests about people's own data.
func (a *App) requestsToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	n, due, err := a.OwnData.Waiting(ctx, actor)
	if n > 0 {
		list = append(list, today.Task{
			What: today.Count("today.requests.do", n), Why: today.Say("today.requests.why"), Open: today.Say("today.requests.open"), Href: "/app/data-requests",
			Due: today.On(due, a.Measurement.Zone()), Count: n,
		})
	}
	return list, err
}

// dayIn is the beginning of a stored day; the zero time of what is none.
func dayIn(day string, zone *time.Location) time.Time { return today.Day(day, zone).At }
