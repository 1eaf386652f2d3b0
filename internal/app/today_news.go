package app

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/desk"
	"ostoja/internal/lang"
	"ostoja/internal/today"
)

// visited notes that somebody is here, and returns when they were last, on an earlier day.
func (a *App) visited(ctx context.Context, personID string, at time.Time) (time.Time, error) {
	return a.Identity.Visited(ctx, personID, at, a.Measurement.Zone())
}

// passedSince tells of each course how many people passed it.
func (a *App) passedSince(ctx context.Context, actor access.Actor, since time.Time) (list []today.News, err error) {
	all, err := a.Desk.PassedSince(ctx, actor, since)
	for _, c := range all {
		list = append(list, today.News{
			Said: today.Count("today.news.passed", c.People, "Course", c.Title), Href: "/app/desk/" + url.PathEscape(c.ID) + "/people?figure=passed&sort=passed&desc=1",
		})
	}
	return list, err
}

// gaveUpSince tells of trainings ahead how many people gave up a seat.
func (a *App) gaveUpSince(ctx context.Context, actor access.Actor, since time.Time) (list []today.News, err error) {
	all, err := a.Overview.GaveUpSince(ctx, actor, since)
	for _, t := range all {
		list = append(list, today.News{Said: today.Count("today.news.gave-up", t.People, "Title", t.Title), Href: classroomweb.Path(t.ID, "people")})
	}
	return list, err
}

// addedSince tells how many people were added.
func (a *App) addedSince(ctx context.Context, actor access.Actor, since time.Time) (list []today.News, err error) {
	n, err := a.People.AddedSince(ctx, actor, since)
	if n > 0 {
		list = append(list, today.News{Said: today.Count("today.news.added", n), Href: "/app/people?sort=added&desc=1"})
	}
	return list, err
}

// publishedSince tells how many texts of the public site others published.
func (a *App) publishedSince(ctx context.Context, actor access.Actor, since time.Time) (list []today.News, err error) {
	n, err := a.Site.PublishedSince(ctx, actor, since)
	if n > 0 {
		list = append(list, today.News{Said: today.Count("today.news.published", n), Href: "/app/site"})
	}
	return list, err
}

// courseFigures are the actor's largest courses: how many of their people passed.
func (a *App) courseFigures(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Figure, err error) {
	const most = 3
	courses, err := a.Desk.Home(ctx, actor)
	courses = slices.DeleteFunc(courses, func(c desk.CourseFigures) bool { return c.Invited == 0 })
	slices.SortStableFunc(courses, func(a, b desk.CourseFigures) int { return cmp.Compare(b.Invited, a.Invited) })
	for _, c := range courses[:min(most, len(courses))] {
		title := today.Words(func(p *lang.Printer) string { return c.Title.In(p.Tag()) })
		list = append(list, today.Figure{
			Said: today.Count("today.figure.passed", c.Invited, "Done", c.Passed, "Course", title), Done: c.Passed, Of: c.Invited, Href: "/app/desk/" + url.PathEscape(c.ID),
		})
	}
	return list, err
}
