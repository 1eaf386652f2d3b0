package freeze

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/report"
)

// ToFreeze returns the periods that are over, whose figures are all approved, and whose report the actor could freeze now.
func (s *Service) ToFreeze(ctx context.Context, actor access.Actor) (list []project.Ended, err error) {
	defer errs.Wrap(&err, "freeze.ToFreeze")
	if !actor.Has(access.ProjectsSign) {
		return nil, nil
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		ended, err := s.Projects.Ended(ctx, tx, actor)
		if err != nil || len(ended) == 0 {
			return err
		}
		ids := make([]string, len(ended))
		for i, e := range ended {
			ids[i] = e.PeriodID
		}
		// Few of the periods come so far: only they are read whole.
		approved, err := db.All[string](ctx, tx, `SELECT DISTINCT f.period_id FROM report_figure f WHERE f.state = ? AND f.period_id IN (`+db.In(len(ids))+`)
			AND NOT EXISTS (SELECT 1 FROM report_figure o WHERE o.period_id = f.period_id AND o.state <> f.state)
			AND NOT EXISTS (SELECT 1 FROM report_frozen z WHERE z.period_id = f.period_id AND z.state <> ?)`, append(append([]any{string(report.Approved)}, db.Args(ids)...), string(Failed))...)
		if err != nil {
			return err
		}
		for _, e := range ended {
			if !slices.Contains(approved, e.PeriodID) {
				continue
			}
			ready, err := s.ready(ctx, tx, actor, e)
			if err != nil {
				return err
			}
			if ready {
				list = append(list, e)
			}
		}
		return nil
	})
	return list, err
}

// ready says whether the actor could freeze the report of a period now.
func (s *Service) ready(ctx context.Context, tx *db.Tx, actor access.Actor, e project.Ended) (bool, error) {
	p, err := s.Projects.In(ctx, tx, actor, e.ProjectID)
	if err != nil {
		return false, err
	}
	figures, err := s.Reports.FiguresIn(ctx, tx, p, e.PeriodID)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(p.Periods, func(x project.Period) bool { return x.ID == e.PeriodID })
	return i >= 0 && conditions(p, p.Periods[i], figures, actor.PersonID) == nil, nil
}
