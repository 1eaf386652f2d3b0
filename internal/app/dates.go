package app

import (
	"context"
	"net/url"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/calendar"
	"ostoja/internal/classroom/letters"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/expiry"
	"ostoja/internal/lang"
)

// datesOf returns what somebody coordinates, for the calendar that they follow: trainings of their units, days by which people should have
// passed and certificates that end, the last two with numbers and no name. Rights are those of the moment: who lost a role has none of it.
func (a *App) datesOf(baseURL string, zone *time.Location) func(ctx context.Context, personID string, p *lang.Printer) ([]calendar.Event, error) {
	domain := letters.Domain(baseURL)
	return func(ctx context.Context, personID string, p *lang.Printer) (events []calendar.Event, err error) {
		var actor access.Actor
		err = a.DB.View(ctx, func(tx *db.Tx) error {
			actor, err = a.Identity.ActorOf(ctx, tx, personID)
			return err
		})
		if err != nil || !actor.Has(access.DeskWrite) {
			return nil, err
		}
		const most = 200 // trainings of two months
		trainings, err := a.Overview.Next(ctx, actor, most)
		if err != nil {
			return nil, err
		}
		for _, t := range trainings {
			events = append(events, calendar.Event{UID: "training." + t.ID + "@" + domain, Start: t.HeldFrom, End: t.HeldUntil, Summary: t.Title, Location: t.Place, URL: baseURL + "/app/trainings/" + t.ID})
		}
		days, err := a.Desk.DueDays(ctx, actor)
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			events = append(events, calendar.Event{
				UID: "due." + d.CourseID + "." + d.DueAt.Format("20060102") + "@" + domain, AllDay: true, Start: d.DueAt.In(zone), Summary: p.N("dates.due", d.People, "Course", d.Title.In(p.Tag())),
				URL: baseURL + "/app/desk/" + url.PathEscape(d.CourseID) + "/people?due=set&sort=due",
			})
		}
		ending, err := a.Renewal.Ends(ctx, actor, expiry.Notices[0])
		if err != nil {
			return nil, err
		}
		for i := 0; i < len(ending); { // one entry a day
			day, certificates := ending[i].ValidUntil.In(zone), 0
			for ; i < len(ending) && clock.DaysBetween(day, ending[i].ValidUntil, zone) == 0; i++ {
				certificates += ending[i].Certificates
			}
			events = append(events, calendar.Event{
				UID: "ending." + day.Format("20060102") + "@" + domain, AllDay: true, Start: day, Summary: p.N("dates.ending", certificates), URL: baseURL + "/app/certificates/ending",
			})
		}
		return events, nil
	}
}
