package project

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Ended is a period that is over and of which no report was made yet.
type Ended struct {
	PeriodID, ProjectID string
	Project             string // name
	UnitPath            string
	Number              int
	LastDay             string
}

// monthsBack is how long ago a period may have ended for its report to be one that waits.
const monthsBack = 6

// Ended returns those of the actor's offices that have ended within half a year, the oldest first.
func (s *Service) Ended(ctx context.Context, q db.Querier, actor access.Actor) (_ []Ended, err error) {
	defer errs.Wrap(&err, "project.Ended")
	within, args := actor.Within(access.ProjectsRead, "u.path")
	return db.All[Ended](ctx, q, `
		SELECT x.id AS period_id, x.project_id, p.name AS project, u.path AS unit_path, x.number, x.last_day
		FROM project_period x JOIN project p ON p.id = x.project_id JOIN identity_unit u ON u.id = p.unit_id
		WHERE x.last_day < ? AND x.last_day >= ? AND x.frozen_at IS NULL AND `+within+` ORDER BY x.last_day, x.id LIMIT 50`,
		append([]any{s.Today(), s.Clock.Now().AddDate(0, -monthsBack, 0).In(s.Zone).Format(time.DateOnly)}, args...)...)
}
