package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/evidence"
	"ostoja/internal/firstline"
	"ostoja/internal/measurement"
	"ostoja/internal/publication"
	"ostoja/internal/report/year"
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

// countedSteps are the pages of the first-line kit's next steps whose openings are counted: none where the office counts none.
func (a *App) countedSteps() (codes []string) {
	b := a.Site.Bundle()
	if b.Kit == nil || !b.KitCounts {
		return nil
	}
	for _, p := range b.Kit.Places {
		for _, u := range firstline.Urgencies {
			codes = append(codes, firstline.StepCode(p, u))
		}
	}
	return codes
}

// ofYear returns what was learned by those who began in a year, by test and quarter, as the gain report tells it: nothing where it would tell of few people.
func (g gains) ofYear(ctx context.Context, n int) (list []year.Gain, err error) {
	err = g.each(ctx, func(measurement.Listed) bool { return true }, evidence.Query{}, func(r evidence.Report) {
		for _, group := range r.Groups[evidence.ByPeriod] {
			if x := group.Gain; strings.HasPrefix(group.Key, strconv.Itoa(n)+"-") && tellable(r, group) {
				list = append(list, year.Gain{Test: r.Title, Quarter: group.Key, People: x.Matched, Difference: x.Difference, Low: x.Low, High: x.High})
			}
		}
	})
	return list, err
}
