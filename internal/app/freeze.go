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
	families, err := g.families(ctx, func(m measurement.Listed) bool { return m.Project == p.Name })
	if err != nil {
		return nil, err
	}
	for _, family := range families {
		r, err := g.evidence.Report(ctx, access.System, evidence.Query{Family: family, By: evidence.ByProject, Group: p.Name})
		if errors.Is(err, errs.ErrNotFound) {
			continue // nobody has both results yet
		}
		if err != nil {
			return nil, err
		}
		x := r.Group.Gain
		if r.Small || r.Group.Hidden || x.Matched < disclosure.LeastGroup || math.IsNaN(x.Low) || math.IsNaN(x.High) {
			continue
		}
		list = append(list, report.Gain{Test: r.Title, People: x.Matched, Before: x.MeanPre, After: x.MeanPost, Difference: x.Difference, Low: x.Low, High: x.High})
	}
	return list, nil
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
