package app

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/today"
)

// trainingsToday are lists to close, which are due on the day of the session, and applications, which are due the day before the training.
func (a *App) trainingsToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	zone := a.Measurement.Zone()
	w, err := a.Overview.Waiting(ctx, actor)
	for _, x := range w.ToClose {
		why, href := today.Count("today.roll.why", x.Sessions), "/app/hall/"+x.Session+"/close"
		if x.Unmarked > 0 { // who came is marked first
			href = "/app/hall/" + x.Session
			why = today.Count("today.roll.why-unmarked", x.Unmarked)
		}
		list = append(list, today.Task{
			What: today.Say("today.roll.do", "Title", x.Title), Why: why, Open: today.Say("today.roll.open"), About: x.Title,
			Href: href, Due: today.On(x.EndedAt, zone), Count: x.Sessions,
		})
	}
	for _, x := range w.Applied {
		why := today.Say("today.applied.why-unknown")
		if x.Places != nil {
			why = today.Count("today.applied.why", max(0, *x.Places-x.Taken))
		}
		list = append(list, today.Task{
			What: today.Count("today.applied.do", x.Applied, "Title", x.Title), Why: why, Open: today.Say("today.applied.open"), About: x.Title,
			Href: classroomweb.Path(x.ID, "people"), Due: today.On(x.HeldFrom.In(zone).AddDate(0, 0, -1), zone), Count: x.Applied,
		})
	}
	return list, err
}

// trainingsComing are the next trainings, with their seats.
func (a *App) trainingsComing(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Coming, err error) {
	const most = 4
	rows, err := a.Overview.Next(ctx, actor, most)
	for _, r := range rows {
		list = append(list, today.Coming{
			From: r.HeldFrom, Until: r.HeldUntil, Title: r.Title, Where: r.Place, Who: r.Leads, Href: classroomweb.Path(r.ID, ""), Taken: r.Taken, Places: r.Places, Waiting: r.Waiting,
		})
	}
	return list, err
}
