package report

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/text"
)

// Gain is what the same people knew before and after, in percent of a test.
type Gain struct {
	Test       text.Translated `json:"test"`
	People     int             `json:"people"`
	Before     float64         `json:"mean_before"`
	After      float64         `json:"mean_after"`
	Difference float64         `json:"difference"`
	Low        float64         `json:"low"` // 95 % interval of the difference
	High       float64         `json:"high"`
}

// Gains are a project's gains by test, in an order that the same data always has, and when they were told.
type Gains struct {
	List []Gain `db:"gains,json"`
	At   time.Time
}

// tellGain stores what the people of a project learned by now.
func (s *Service) tellGain(ctx context.Context, projectID string) (err error) {
	defer errs.Wrap(&err, "report.tellGain(%q)", projectID)
	var p project.Project
	if err := s.DB.View(ctx, func(tx *db.Tx) error {
		page, err := s.Projects.In(ctx, tx, access.System, projectID)
		p = page.Project
		return err
	}); err != nil {
		return err
	}
	list, err := s.Gain(ctx, p)
	if err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `INSERT INTO report_gain (project_id, gains, at) VALUES (?, ?, ?) ON CONFLICT (project_id) DO UPDATE SET gains = excluded.gains, at = excluded.at`,
			projectID, db.JSON(list), s.Clock.Now())
	})
}

// gains returns what was stored last; before that, nothing.
func gains(ctx context.Context, q db.Querier, projectID string) (g Gains, err error) {
	list, err := db.All[Gains](ctx, q, `SELECT gains, at FROM report_gain WHERE project_id = ?`, projectID)
	if len(list) == 1 {
		g = list[0]
	}
	return g, err
}
