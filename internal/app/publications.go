package app

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/publication"
	"ostoja/internal/site/content"
)

// aroundPublications gives publications what they need of trainings and of the public site.
type aroundPublications struct{ app *App }

// Articles returns the publications of the public site; which of them are shown there, readers see anyway.
func (a aroundPublications) Articles(ctx context.Context, q db.Querier) (list []publication.Article, err error) {
	all, err := a.app.Site.Titles(ctx, q, content.Publication)
	for articleID, title := range all {
		list = append(list, publication.Article{ID: articleID, Title: title})
	}
	return list, err
}

// Trainings returns those in which the actor has a permission, the latest first.
func (a aroundPublications) Trainings(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission) (list []publication.Training, err error) {
	all, err := a.app.Classroom.Within(ctx, q, actor, p)
	now := a.app.clock.Now()
	for _, t := range all {
		if !t.NotHeld && !t.HeldFrom.After(now) {
			list = append(list, asTraining(t, a.app.Measurement.Zone()))
		}
	}
	return list, err
}

// Named returns what trainings are called, by id.
func (a aroundPublications) Named(ctx context.Context, q db.Querier, ids []string) (map[string]publication.Training, error) {
	all, err := a.app.Classroom.Trainings(ctx, q, ids)
	named := make(map[string]publication.Training, len(all))
	for _, t := range all {
		named[t.ID] = asTraining(t, a.app.Measurement.Zone())
	}
	return named, err
}

func asTraining(t classroom.Training, zone *time.Location) publication.Training {
	return publication.Training{ID: t.ID, Title: t.Title, Place: t.Place, Day: t.HeldFrom.In(zone).Format(time.DateOnly)}
}
