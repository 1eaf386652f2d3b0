package app

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/identity/territory"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/project"
	"ostoja/internal/report"
	"ostoja/internal/report/freeze"
	"ostoja/internal/seal"
	"ostoja/internal/signed"
)

// openFreeze wires the packages of reports.
func (a *App) openFreeze(zone *time.Location, catalogue *lang.Catalogue, key seal.Key) {
	a.Freeze = freeze.New(freeze.Deps{
		DB: a.DB, Clock: a.clock, Zone: zone, Projects: a.Projects, Reports: a.Reports, Journal: a.Journal, Actors: a.Identity, Queue: a.Queue, Catalogue: catalogue,
		Key: signed.Key(key.Derive("report freeze")), Region: territory.RegionName,
	})
}

// gains tells reports what the people of a project learned.
type gains struct {
	measurement *measurement.Service
	bank        *itembank.Service
	evidence    *evidence.Service
}

// of returns the gain by test, as the gain report tells it of the project: nothing where it would tell of few people.
func (g gains) of(ctx context.Context, p project.Project) (list []report.Gain, err error) {
	err = g.each(ctx, func(m measurement.Listed) bool { return m.Project == p.Name }, evidence.Query{By: evidence.ByProject, Group: p.Name}, func(r evidence.Report) {
		if x := r.Group.Gain; tellable(r, r.Group) {
			list = append(list, report.Gain{Test: r.Title, People: x.Matched, Before: x.MeanPre, After: x.MeanPost, Difference: x.Difference, Low: x.Low, High: x.High})
		}
	})
	return list, err
}

// each hands over the gain report of each test of some measurements; one that nobody has both results of is left out.
func (g gains) each(ctx context.Context, wanted func(m measurement.Listed) bool, query evidence.Query, fn func(r evidence.Report)) error {
	families, err := g.families(ctx, wanted)
	if err != nil {
		return err
	}
	for _, family := range families {
		query.Family = family
		r, err := g.evidence.Report(ctx, access.System, query)
		if errors.Is(err, errs.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		fn(r)
	}
	return nil
}

// tellable says whether a group's gain may be told to everybody, and has an interval.
func tellable(r evidence.Report, group evidence.Group) bool {
	x := group.Gain
	return !r.Small && !group.Hidden && x.Matched >= disclosure.LeastGroup && !math.IsNaN(x.Low) && !math.IsNaN(x.High)
}

// families are the tests of measurements, each in all its editions.
func (g gains) families(ctx context.Context, wanted func(m measurement.Listed) bool) ([]string, error) {
	measurements, err := g.measurement.Measurements(ctx, access.System)
	if err != nil {
		return nil, err
	}
	families := map[string]bool{}
	for _, m := range measurements {
		if !wanted(m) {
			continue
		}
		test, err := g.bank.Test(ctx, m.TestID)
		if err != nil {
			return nil, err
		}
		families[test.Family] = true
	}
	return slices.Sorted(maps.Keys(families)), nil
}
