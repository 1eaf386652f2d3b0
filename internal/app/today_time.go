package app

import (
	"context"
	"net/url"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/today"
)

// deskToday are people past their due date by course, certificates that end within thirty days, and rules that stopped because letters came back.
func (a *App) deskToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	rules, err := a.Reminders.Stopped(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, r := range rules {
		title, err := a.Courses.TitleIn(ctx, a.DB, r.CourseID)
		if err != nil {
			return nil, err
		}
		list = append(list, today.Task{
			What: today.Say("today.rule.do", "Course", title), Why: today.Say("today.rule.why"), Open: today.Say("today.rule.open"), Href: "/app/desk/" + url.PathEscape(r.CourseID) + "/reminders/" + r.ID, Count: 1,
		})
	}
	late, err := a.Desk.LateByCourse(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, c := range late {
		list = append(list, today.Task{
			What: today.Count("today.behind.do", c.People, "Course", c.Title), Why: today.Say("today.behind.why"), Open: today.Say("today.behind.open"), Href: "/app/desk/" + url.PathEscape(c.ID) + "/people?due=late&sort=due", Count: c.People,
		})
	}
	const soon = 30
	ends, err := a.Renewal.Ends(ctx, actor, soon)
	ending := 0
	for _, e := range ends {
		ending += e.Certificates
	}
	if ending > 0 {
		list = append(list, today.Task{
			What: today.Count("today.ending.do", ending), Why: today.Say("today.ending.why"), Open: today.Say("today.ending.open"), Href: "/app/certificates/ending?days=30",
			Due: today.On(ends[0].ValidUntil, a.Measurement.Zone()), Count: ending,
		})
	}
	return list, err
}
