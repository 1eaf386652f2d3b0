package report

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
)

// ToHandIn returns the periods that are over and of which nobody has handed in a figure, of the projects that the actor keeps.
func (s *Service) ToHandIn(ctx context.Context, actor access.Actor) (list []project.Ended, err error) {
	defer errs.Wrap(&err, "report.ToHandIn")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		ended, err := s.Projects.Ended(ctx, tx, actor)
		if err != nil || len(ended) == 0 {
			return err
		}
		ids := make([]string, len(ended))
		for i, e := range ended {
			ids[i] = e.PeriodID
		}
		handed, err := db.All[string](ctx, tx, `SELECT DISTINCT period_id FROM report_figure WHERE state <> 'draft' AND period_id IN (`+db.In(len(ids))+`)`, db.Args(ids)...)
		for _, e := range ended {
			if !slices.Contains(handed, e.PeriodID) && actor.May(access.ProjectsWrite, e.UnitPath) {
				list = append(list, e)
			}
		}
		return err
	})
	return list, err
}
