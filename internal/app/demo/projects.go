package demo

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/project"
)

// The demonstration's project is the one that its trainings name in their own data; the e-learning course belongs to it as well.
const projectName = "Szkolenia stacjonarne 2026"

// FillProjects makes a project that two funds pay for, in halves of a year, with targets and one annex. The trainings come before it.
func (f *Filler) FillProjects(ctx context.Context, s *project.Service) (err error) {
	defer errs.Wrap(&err, "demo.FillProjects")
	year := f.Clock.Now().In(s.Zone).Year()
	day := func(year int, month time.Month, d int) string {
		return time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	projectID, err := s.Create(ctx, access.System, project.Draft{
		Name: projectName, Short: "Szkolenia 2026", Number: "DEMO/1/2026 (wymyślony)", UnitID: f.units[0].id, FirstDay: day(year-1, time.July, 1), LastDay: day(year+1, time.June, 30),
		Partners: []string{"Organizacja partnerska (demonstracja)"}, Document: "FK/2026/17",
	})
	if err != nil {
		return err
	}
	if err := s.SplitPeriods(ctx, access.System, projectID, 6); err != nil {
		return err
	}
	if err := s.SetShares(ctx, access.System, projectID, []project.Share{{FundID: "isf-2021", Share: 7500}, {FundID: "national-plan", Share: 2500}}); err != nil {
		return err
	}
	if err := s.AddPart(ctx, access.System, projectID, project.Part{Kind: project.Course, SubjectID: f.course.ID, Share: 100}); err != nil {
		return err
	}
	ids, _, err := s.Funds.Indicators(ctx, s.DB, "isf-2021")
	if err != nil || len(ids) == 0 {
		return err
	}
	target := func(n float64) []project.Target {
		return []project.Target{{FundID: "isf-2021", Indicator: ids[0], Target: n}}
	}
	if err := s.SetTargets(ctx, access.System, projectID, project.Annex{}, target(400)); err != nil {
		return err
	}
	return s.SetTargets(ctx, access.System, projectID, project.Annex{Number: 1, Since: day(year, time.July, 1), Note: "więcej osób niż planowano (demonstracja)"}, target(900))
}
