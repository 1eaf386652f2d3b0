package app

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/text"
)

// openProjects wires projects, the rules of funds, and their reports.
func (a *App) openProjects(zone *time.Location) {
	rules := rules{a.Funds}
	a.Projects = project.New(project.Deps{DB: a.DB, Clock: a.clock, Zone: zone, Subjects: partsOf{a.Classroom, a.Courses, a.Identity}, Funds: rules})
	a.Reports = report.New(report.Deps{DB: a.DB, Clock: a.clock, Zone: zone, Projects: a.Projects, Rules: rules, Guardians: a.Guardians.Admitted})
}

// partsOf tells projects what can belong to them.
type partsOf struct {
	classroom *classroom.Service
	courses   *published.Service
	identity  *identity.Service
}

// Titles returns what trainings, courses and offices are called.
func (p partsOf) Titles(ctx context.Context, q db.Querier, kind project.Kind, ids []string) (map[string]text.Translated, error) {
	titles := map[string]text.Translated{}
	switch kind {
	case project.Training:
		list, err := p.classroom.Trainings(ctx, q, ids)
		for _, t := range list {
			titles[t.ID] = text.Translated{"": t.Title}
		}
		return titles, err
	case project.Course:
		for _, courseID := range ids {
			title, err := p.courses.TitleIn(ctx, q, courseID)
			if err != nil {
				return nil, err
			}
			titles[courseID] = title
		}
	case project.Guardians:
		names, err := p.identity.UnitNames(ctx, q)
		for _, unitID := range ids {
			titles[unitID] = text.Translated{"": names[unitID]}
		}
		return titles, err
	}
	return titles, nil
}

// Offered returns the trainings that the actor keeps, all courses, and the offices whose register of guardians the actor may read.
func (p partsOf) Offered(ctx context.Context, q db.Querier, actor access.Actor, kind project.Kind) (map[string]text.Translated, error) {
	titles := map[string]text.Translated{}
	switch kind {
	case project.Training:
		list, err := p.classroom.Within(ctx, q, actor, access.TrainingsWrite)
		for _, t := range list {
			titles[t.ID] = text.Translated{"": t.Title}
		}
		return titles, err
	case project.Course:
		list, err := p.courses.List(ctx)
		for _, c := range list {
			if titles[c.ID], err = p.courses.TitleIn(ctx, q, c.ID); err != nil {
				return nil, err
			}
		}
		return titles, err
	}
	return titles, nil
}

// rules are the rule sets of funds, as the office has them.
type rules struct{ funds *fund.Service }

// Of returns a version of a set, the newest for 0, and which is the newest.
func (r rules) Of(ctx context.Context, q db.Querier, fundID string, version int64) (fund.Rules, int64, error) {
	now, err := r.funds.Current(ctx, q, fundID)
	if err != nil || version == 0 || int(version) == now.Version {
		return now.Rules, int64(now.Version), err
	}
	then, err := r.funds.At(ctx, q, fundID, int(version))
	return then.Rules, int64(now.Version), err
}

// Indicators returns the ids of a fund's indicators.
func (r rules) Indicators(ctx context.Context, q db.Querier, fundID string) (ids []string, open bool, err error) {
	set, _, err := r.Of(ctx, q, fundID, 0)
	if errors.Is(err, errs.ErrNotFound) {
		return nil, false, nil
	}
	for _, i := range set.Indicators {
		ids = append(ids, i.ID)
	}
	return ids, set.State == fund.Open, err
}
