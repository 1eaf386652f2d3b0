package app

import (
	"context"
	"errors"

	"ostoja/internal/classroom"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/event"
	"ostoja/internal/learning"
	"ostoja/internal/site"
)

// follow is the table of what follows from what: the only place where one area's events reach another. Each line runs within the
// transaction of the event, and fails it by an error. A new event gets its line here and its case in TestWhatFollowsFromWhat.
func (a *App) follow() {
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e published.VersionPublished) error {
		return a.Bank.ImportCourse(ctx, tx, e.PersonID, e.Course)
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e learning.Enrolled) error {
		return a.Measurement.Enrolled(ctx, tx, e.PersonID, e.CourseID)
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e learning.TakenBack) error {
		followed, err := a.Measurement.TakenBack(ctx, tx, e.PersonID, e.CourseID)
		if err == nil && followed {
			err = learning.ErrFollowed
		}
		return err
	})
	event.On(a.events, a.testFirst)
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e learning.PartsDone) error {
		return a.Measurement.Finished(ctx, tx, e.PersonID, e.CourseID)
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e learning.Left) error {
		return a.Measurement.Withdrawn(ctx, tx, e.PersonID, e.CourseID, true)
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e learning.CameBack) error {
		return a.Measurement.Withdrawn(ctx, tx, e.PersonID, e.CourseID, false)
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, _ classroom.AnnouncementChanged) error {
		return a.Site.Touch(ctx, tx)
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e classroom.DaysChanged) error {
		return errors.Join(a.Measurement.Rescheduled(ctx, tx, e.TrainingID), a.Needs.Moved(ctx, tx, e.TrainingID))
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e classroom.SessionsChanged) error {
		return a.Seats.SessionsChanged(ctx, tx, e.TrainingID)
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e classroom.Rescheduled) error {
		return errors.Join(a.Trainers.Rescheduled(ctx, tx, e), a.Seats.Rescheduled(ctx, tx, e))
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e seat.Seated) error {
		return a.Measurement.Seated(ctx, tx, e.TrainingID, e.PersonID)
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, e seat.Left) error {
		return errors.Join(a.Measurement.SeatLeft(ctx, tx, e.TrainingID, e.PersonID), a.Needs.Forget(ctx, tx, e.TrainingID, e.PersonID))
	})
	event.On(a.events, func(ctx context.Context, tx *db.Tx, _ site.Changed) error {
		return a.Facts.Record(ctx, tx)
	})
	event.On(a.events, a.refreshSite)
	event.On(a.events, a.Approvals.Asked)
	event.On(a.events, a.Approvals.Answered)
}

// testFirst refuses to begin a course before the test that measures what is known beforehand was sat or declined.
func (a *App) testFirst(ctx context.Context, tx *db.Tx, e learning.Beginning) error {
	due, err := a.Measurement.BeforeDue(ctx, tx, e.PersonID, e.CourseID)
	if err == nil && due {
		err = learning.ErrMeasureFirst
	}
	return err
}

// refreshSite makes the public site's pages anew once the change is stored. Should it fail, the change is kept and the next
// minute tries again.
func (a *App) refreshSite(ctx context.Context, tx *db.Tx, _ site.Changed) error {
	tx.AfterCommit(func() {
		err := errors.Join(a.DB.Notify(context.WithoutCancel(ctx), siteTopic, ""), a.Facts.Refresh(ctx), a.Reader.Refresh(ctx)) // others need not wait for us
		if err != nil {
			a.log.Error("the public site's pages", "error", err)
		}
	})
	return nil
}

// siteTopic is the topic of notices that what readers see of the public site changed.
const siteTopic = "site"

// siteChanged has the public site's pages made anew after another node's change, beside the notices: an ended session must not wait
// for some hundred pages.
func (a *App) siteChanged(string) {
	select {
	case a.siteOld <- struct{}{}:
	default: // somebody is about to look
	}
}

// followSite makes the public site's pages anew whenever they may be old, until the context ends.
func (a *App) followSite(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.siteOld:
			if err := errors.Join(a.Facts.Refresh(ctx), a.Reader.Refresh(ctx)); err != nil {
				a.log.Debug("the public site's pages", "error", err) // twice a second while the database is away; each minute's try tells
			}
		}
	}
}
