package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"ostoja/internal/job"
)

// periodic is the table of what time alone makes due: the only place where work is repeated. What all nodes share is done once per
// interval by whichever comes first; what a process holds in memory, by each. What happens because of something else is an event
// (see [App.follow]) or a job.
func (a *App) periodic() []job.Periodic {
	return []job.Periodic{
		{Name: "learning.close", Every: time.Minute, Do: a.closeAttempts},
		{Name: "measurement", Every: time.Minute, Do: a.Measure},
		{Name: "trainings.tell", Every: time.Minute, Do: a.tellOfTrainings},
		{Name: "seats", Every: time.Minute, Do: a.seats},
		{Name: "laboratory.refresher", Every: time.Hour, Do: a.Laboratory.SendDue},
		{Name: "desk.reminders", Every: 10 * time.Minute, Do: a.Reminders.SendDue}, // some at a time, in office hours
		{Name: "certificate.ending", Every: 10 * time.Minute, Do: a.Renewal.SendDue},
		{Name: "attendance.early", Every: time.Minute, Do: a.Attendance.RecordEarly},
		{Name: "guardian.remind", Every: time.Hour, Do: a.Guardians.Remind}, // days before an end
		{Name: "guardian.weeks", Every: 10 * time.Minute, Do: a.Duty.AskNextWeek},
		{Name: "guardian.gaps", Every: 10 * time.Minute, Do: a.Duty.TellGaps},
		{Name: "guardian.letters", Every: 10 * time.Minute, Do: a.GuardianWeek.SendLetters},
		{Name: "report.year", Every: time.Hour, Do: a.Year.Tell},             // what may be told of the year, in steps
		{Name: "report.tell", Every: time.Hour, Do: a.Reports.Tell},          // breakdowns follow people in steps
		{Name: "guardian.signals", Every: time.Minute, Do: a.Support.Remind}, // two hours are promised for today
		{Name: "identity.forget", Every: time.Hour, Do: a.Identity.Sweep},
		{Name: "identity.previews.forget", Every: time.Hour, Do: a.Roster.Forget},
		{Name: "keeping", Every: time.Hour, Do: a.keep},
		{Name: "approval.forget", Every: time.Hour, Do: a.Approvals.Forget},
		{Name: "mail.forget", Every: time.Hour, Do: a.forgetMail},
		{Name: "acts.forget", Every: time.Hour, Do: a.Acts.Sweep},
		{Name: "db.log", Every: time.Minute, Do: a.cutLog},
		{Name: "db.rebuild", Every: time.Hour, Do: a.rebuild},
		{Name: "site.visits.forget", Every: time.Minute, Do: a.Visits.SuppressSmall},
		{Name: "site.lapses", Every: time.Minute, Do: a.Alerts.Send},
		{Name: "site.confirmations", Every: time.Hour, Do: a.Confirmation.AskDue}, // what it asks for takes days
		{Name: "guardian.requests", Every: time.Minute, Do: a.Requests.Drive},
		{Name: "card.overdue", Every: time.Hour, Do: a.CardAlerts.Send},    // numbers age by months
		{Name: "course.lapses", Every: time.Hour, Do: a.CourseAlerts.Send}, // as the day changes; what a letter asks for takes days
		{Name: "site.visits", Every: time.Minute, OnEachNode: true, Do: a.countVisits},
		// As with the pages below, what is in memory is renewed should a notice have been lost, and when something lapses.
		{Name: "facts", Every: time.Minute, OnEachNode: true, Sooner: a.Facts.Until, Do: a.Facts.Refresh},
		{Name: "letters.words", Every: time.Minute, OnEachNode: true, Do: a.Words.Refresh},
		// Another node may have published something; a fact lapses and a service opens on time.
		{Name: "site.pages", Every: time.Minute, OnEachNode: true, Sooner: a.Reader.Until, Do: a.Reader.Refresh},
	}
}

// Work runs the jobs and the periodic work until the context ends, and returns when all of it has ended. The last counts of the
// public site's pages are stored then.
func (a *App) Work(ctx context.Context) {
	const workers = 8 // half of them may wait for the mail server, as they do most of the time
	var listening sync.WaitGroup
	listening.Go(func() { a.followSite(ctx) })
	listening.Go(func() { a.Reader.CompressAndIndex(ctx) })
	listening.Go(func() {
		a.DB.Listen(ctx, func(err error) { a.log.Warn("other nodes are not heard for a moment", "error", err) })
	})
	a.Queue.Run(ctx, workers)
	listening.Wait()
	if err := a.countVisits(context.WithoutCancel(ctx)); err != nil {
		a.log.Error("the last counts of the public site", "error", err)
	}
}

// closeAttempts closes tests whose time is over: some hundred at a time, since people wait for the same database.
func (a *App) closeAttempts(ctx context.Context) error {
	_, err := a.Learning.CloseOverdue(ctx)
	return err
}

// tellOfTrainings tells whom they concern of trainings that were moved, put off or cancelled, portion by portion.
func (a *App) tellOfTrainings(ctx context.Context) error {
	_, err := a.Classroom.Tell(ctx)
	return err
}

// Measure sends the letters of the measurements that are due, closes the sittings whose time is over, and lets typed evaluations join the
// sums that cannot be taken back any more, portion by portion.
func (a *App) Measure(ctx context.Context) error {
	for _, portion := range []func(context.Context) (int, error){a.Measurement.SendDue, a.Measurement.CloseOverdue, a.OnPaper.GatherEvaluations} {
		for {
			n, err := portion(ctx)
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}

// seats lapses what was not answered in time, moves the waiting lists up, and writes the letters that are due.
func (a *App) seats(ctx context.Context) error {
	if err := a.Seats.Tick(ctx); err != nil {
		return err
	}
	return a.Seats.SendDue(ctx)
}

// forgetMail forgets who was written to, some time after the letter has left.
func (a *App) forgetMail(ctx context.Context) error {
	const keepMail = 30 * 24 * time.Hour
	now := a.clock.Now()
	return errors.Join(a.Outbox.Sweep(ctx, now.Add(-keepMail)), a.Words.Forget(ctx, now.AddDate(-2, 0, 0)))
}

// cutLog erases from the database's log what was erased from the database. What a reader keeps is cut the next minute.
func (a *App) cutLog(ctx context.Context) error {
	_, err := a.DB.TruncateLog(ctx)
	return err
}

// rebuild writes the database's file anew once a week, in the hour in which fewest wait for it.
func (a *App) rebuild(ctx context.Context) error {
	const quiet = 3
	now := a.clock.Now()
	if now.In(a.Measurement.Zone()).Hour() != quiet {
		return nil
	}
	_, err := a.DB.Rebuild(ctx, now, 7*24*time.Hour)
	return err
}

// countVisits stores how often this process showed the public site's pages since the last time.
func (a *App) countVisits(ctx context.Context) error {
	counts := a.Reader.Counts()
	err := a.Visits.Add(ctx, counts)
	if err != nil {
		a.Reader.Restore(counts)
	}
	return err
}

// keep sets the ends of what funds want anew, erases what is due, and then whom nothing holds any more. What fails in one is tried again, and keeps nothing from the others.
func (a *App) keep(ctx context.Context) error {
	return errors.Join(a.Retain.Follow(ctx), a.Keeping.EraseDue(ctx), a.OwnData.EraseHeld(ctx))
}
