package app

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/guardian/week/weekweb"
	"ostoja/internal/lang"
	"ostoja/internal/today"
	"ostoja/internal/ui"
)

// today is the table of all places from which the first page of the staff is made: the only one where an area gets a place there. How is said in
// package today. Of one deadline, tasks stand in this order.
func (a *App) today() today.Parts {
	return today.Parts{
		Tasks: []today.Source{
			{Name: "guardians", For: []access.Permission{access.GuardiansRead}, Read: a.guardiansToday},
			{Name: "trainings", For: []access.Permission{access.Attendance, access.SignUps}, Read: a.trainingsToday},
			{Name: "approvals", For: approving, Read: a.approvalsToday},
			{Name: "requests", For: []access.Permission{access.PeopleWrite}, Read: a.requestsToday},
			{Name: "paper", For: []access.Permission{access.Measure}, Read: a.paperToday},
			{Name: "site", For: []access.Permission{access.SiteWrite}, Read: a.siteToday},
			{Name: "cards", For: []access.Permission{access.SiteWrite}, Read: a.cardsToday},
			{Name: "projects", For: []access.Permission{access.ProjectsWrite, access.ProjectsSign}, Read: a.projectsToday},
			{Name: "publications", For: []access.Permission{access.ProjectsRead}, Read: a.publicationsToday},
			{Name: "courses", For: []access.Permission{access.DeskWrite, access.CoursesWrite}, Read: a.coursesToday},
			{Name: "desk", For: []access.Permission{access.DeskWrite}, Read: a.deskToday},
			{Name: "system", For: []access.Permission{access.SystemRead}, Read: a.systemToday},
		},
		News: []today.Part[today.News]{
			{Name: "desk", For: []access.Permission{access.DeskWrite}, Read: a.passedSince},
			{Name: "trainings", For: []access.Permission{access.SignUps}, Read: a.gaveUpSince},
			{Name: "people", For: []access.Permission{access.PeopleWrite}, Read: a.addedSince},
			{Name: "site", For: []access.Permission{access.SiteWrite}, Read: a.publishedSince},
		},
		Figures: []today.Part[today.Figure]{{Name: "desk", For: []access.Permission{access.DeskWrite}, Read: a.courseFigures}},
		Coming: []today.Part[today.Coming]{
			{Name: "trainings", For: []access.Permission{access.TrainingsRead}, Read: a.trainingsComing},
		},
		SetUp: []today.Part[today.Step]{{Name: "setup", For: []access.Permission{access.SystemOperate}, Read: a.setUpSteps}},
	}
}

// guardiansToday are the rows of the week of an office of guardians.
func (a *App) guardiansToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	all, err := a.GuardianWeek.Tasks(ctx, actor)
	for _, t := range all {
		due := today.On(t.Due, a.GuardianWeek.Zone)
		if t.Timed {
			due = today.By(t.Due)
		}
		said := func(of func(ui.TaskRow) string) today.Said {
			return today.Words(func(p *lang.Printer) string { return of(weekweb.Row(p, t)) })
		}
		list = append(list, today.Task{
			What: said(func(r ui.TaskRow) string { return r.What }), Why: said(func(r ui.TaskRow) string { return r.Why }), Open: said(func(r ui.TaskRow) string { return r.Open }),
			About: t.Name, Href: weekweb.Href(t), Due: due,
		})
	}
	return list, err
}

// systemToday is what the machine cannot help itself with.
func (a *App) systemToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	_, failed, err := a.Queue.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	letters, err := a.Outbox.ToSendAgain(ctx, actor)
	if letters > 0 {
		list = append(list, today.Task{
			What: today.Count("today.letters.do", letters), Why: today.Say("today.letters.why"), Open: today.Say("today.letters.open"), Href: "/app/letters?fate=again", Count: letters,
		})
	}
	if failed -= letters; failed > 0 { // a letter's job is told of as a letter
		list = append(list, today.Task{
			What: today.Count("today.jobs.do", failed), Why: today.Say("today.jobs.why"), Open: today.Say("today.jobs.open"), Href: "/app/system", Count: failed,
		})
	}
	return list, err
}
