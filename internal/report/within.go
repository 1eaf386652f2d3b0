package report

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
)

// TableIn is [Service.Table] within a transaction.
func (s *Service) TableIn(ctx context.Context, q db.Querier, actor access.Actor, projectID string, period int) (t Table, err error) {
	defer errs.Wrap(&err, "report.TableIn(%d)", period)
	return s.table(ctx, q, actor, projectID, period)
}

// FiguresIn returns what is stored of each indicator that a project's funds ask for in a period; of what nobody wrote or handed in, a draft.
func (s *Service) FiguresIn(ctx context.Context, q db.Querier, p project.Page, periodID string) (list []Figure, err error) {
	defer errs.Wrap(&err, "report.FiguresIn")
	stored, err := figures(ctx, q, periodID)
	if err != nil {
		return nil, err
	}
	for _, share := range p.Shares {
		set, _, err := s.Rules.Of(ctx, q, share.FundID, 0)
		if err != nil {
			return nil, err
		}
		for _, i := range set.Indicators {
			f, there := stored[[2]string{share.FundID, i.ID}]
			if !there {
				f = Figure{PeriodID: periodID, FundID: share.FundID, Indicator: i.ID, State: Draft}
			}
			list = append(list, f)
		}
	}
	return list, nil
}
