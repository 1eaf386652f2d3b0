package report

import (
	"context"
	"errors"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
)

// groupsOf are the groups of somebody, as they are told of, in the order of [fund.Breakdowns].
type groupsOf struct {
	PersonID string
	Period   int
	Sex      string
	Age      string
	Service  string
	Region   string
	Block    int // 0 while they wait
	Gone     bool
}

func (g groupsOf) list() []string { return []string{g.Sex, g.Age, g.Service, g.Region} }

// Tell brings the breakdowns of all projects up to what is counted now, as far as they can be told of without telling of a few people. It is the periodic work.
func (s *Service) Tell(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "report.Tell")
	projects, err := s.Projects.Dated(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, projectID := range projects { // one that fails holds up no other
		failed = append(failed, s.TellOf(ctx, projectID))
	}
	return errors.Join(failed...)
}

// TellOf does it for one project.
func (s *Service) TellOf(ctx context.Context, projectID string) (err error) {
	defer errs.Wrap(&err, "report.TellOf(%q)", projectID)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := s.Projects.In(ctx, tx, access.System, projectID)
		if err != nil {
			return err
		}
		for _, share := range p.Shares {
			set, _, err := s.Rules.Of(ctx, tx, share.FundID, 0)
			if err != nil {
				return err
			}
			if err := s.tell(ctx, tx, p, set); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell brings whom a project counts for a fund up to date, and lets those join the told ones who can.
func (s *Service) tell(ctx context.Context, tx *db.Tx, p project.Page, set fund.Rules) error {
	told, err := s.follow(ctx, tx, p, set)
	if err != nil {
		return err
	}
	last := 0
	for _, g := range told {
		last = max(last, g.Block)
	}
	for period := range len(p.Periods) + 1 {
		var waiting []groupsOf
		for _, g := range told {
			if g.Period == period && g.Block == 0 {
				waiting = append(waiting, g)
			}
		}
		groups := make([][]string, len(waiting))
		for i, g := range waiting {
			groups[i] = g.list()
		}
		chosen := disclosure.Block(groups)
		if !slices.Contains(chosen, true) {
			continue
		}
		last++
		if err := db.Exec(ctx, tx, `INSERT INTO report_block (project_id, fund_id, number, period, at) VALUES (?, ?, ?, ?, ?)`, p.ID, set.ID, last, period, s.Clock.Now()); err != nil {
			return err
		}
		for i, g := range waiting {
			if !chosen[i] {
				continue
			}
			if err := db.Exec(ctx, tx, `UPDATE report_counted SET block = ? WHERE project_id = ? AND fund_id = ? AND person_id = ?`, last, p.ID, set.ID, g.PersonID); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow stores who is counted now and was not before, with their groups of today, and notes who is not counted any more. Who was told of stays in their block and their
// period, since to take them out of it would tell of them alone.
func (s *Service) follow(ctx context.Context, tx *db.Tx, p project.Page, set fund.Rules) ([]groupsOf, error) {
	const stored = `SELECT person_id, period, sex, age, service, region, COALESCE(block, 0) AS block, gone FROM report_counted WHERE project_id = ? AND fund_id = ? ORDER BY person_id`
	before, err := db.All[groupsOf](ctx, tx, stored, p.ID, set.ID)
	if err != nil {
		return nil, err
	}
	x := s.span(p)
	parts, args := x.parts(p.ID, set)
	period, ends := x.period("f.at")
	now, err := db.All[groupsOf](ctx, tx, `
		SELECT f.person_id, `+period+` AS period, g.sex, COALESCE(a.band, '') AS age, g.organisation_id AS service, g.region, 0 AS block, FALSE AS gone
		FROM (SELECT person_id, MIN(at) AS at FROM (`+parts+`) t GROUP BY person_id) f JOIN identity_group g ON g.id = f.person_id LEFT JOIN report_age a ON a.person_id = f.person_id
		ORDER BY f.person_id`, join(ends, args)...)
	if err != nil {
		return nil, err
	}
	known, counted := make(map[string]groupsOf, len(before)), make(map[string]bool, len(now))
	for _, g := range before {
		known[g.PersonID] = g
	}
	for _, g := range now {
		counted[g.PersonID] = true
		old, there := known[g.PersonID]
		switch {
		case there && old.Block > 0 && old.Gone:
			err = db.Exec(ctx, tx, `UPDATE report_counted SET gone = FALSE WHERE project_id = ? AND fund_id = ? AND person_id = ?`, p.ID, set.ID, g.PersonID)
		case there && (old.Block > 0 || old == g):
			continue
		default: // new, or still waiting and of other groups than before
			err = db.Exec(ctx, tx, `
				INSERT INTO report_counted (project_id, fund_id, person_id, period, service, region, sex, age) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (project_id, fund_id, person_id) DO UPDATE SET period = excluded.period, service = excluded.service, region = excluded.region, sex = excluded.sex, age = excluded.age`,
				p.ID, set.ID, g.PersonID, g.Period, g.Service, g.Region, g.Sex, g.Age)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, g := range before {
		if counted[g.PersonID] || g.Gone {
			continue
		}
		change := `DELETE FROM report_counted WHERE project_id = ? AND fund_id = ? AND person_id = ?`
		if g.Block > 0 {
			change = `UPDATE report_counted SET gone = TRUE WHERE project_id = ? AND fund_id = ? AND person_id = ?`
		}
		if err := db.Exec(ctx, tx, change, p.ID, set.ID, g.PersonID); err != nil {
			return nil, err
		}
	}
	return db.All[groupsOf](ctx, tx, stored, p.ID, set.ID)
}

// Split is a breakdown of the people of a period, or of the whole. Its groups add up to Told.
type Split struct {
	By     fund.Breakdown
	Groups []GroupCount // of the largest first
	Told   int          // people whose groups are told
	All    int          // people who are counted
	Gone   int          // of those told, who are not counted any more
}

// Waiting is how many people's groups are not told yet, since they would be told of alone.
func (s Split) Waiting() int { return s.All - (s.Told - s.Gone) }

// GroupCount is a group of a breakdown.
type GroupCount struct {
	Key  string // sex, band, organisation id, voivodeship; "" if not known
	Name string // of an organisation
	N    int
}

// splits returns the breakdowns of a fund's people: of a period, or with 0 of all.
func (s *Service) splits(ctx context.Context, q db.Querier, projectID, fundID string, period, all int) (list []Split, err error) {
	where, args := ` FROM report_counted r WHERE r.project_id = ? AND r.fund_id = ? AND r.block IS NOT NULL`, []any{projectID, fundID}
	if period > 0 {
		where, args = where+` AND r.period = ?`, append(args, period)
	}
	type count struct{ Told, Gone int }
	n, err := db.One[count](ctx, q, `SELECT COUNT(*) AS told, COALESCE(SUM(CASE WHEN r.gone THEN 1 ELSE 0 END), 0) AS gone`+where, args...)
	if err != nil {
		return nil, err
	}
	for by, column := range map[fund.Breakdown]string{fund.BySex: "sex", fund.ByAge: "age", fund.ByService: "service", fund.ByRegion: "region"} {
		x := Split{By: by, Told: n.Told, Gone: n.Gone, All: all}
		name := `''`
		if by == fund.ByService {
			name = `COALESCE((SELECT u.name FROM identity_unit u WHERE u.id = c.key), '')`
		}
		if x.Groups, err = db.All[GroupCount](ctx, q, `SELECT c.key, `+name+` AS name, c.n FROM (SELECT r.`+column+` AS key, COUNT(*) AS n`+where+` GROUP BY r.`+column+`) c ORDER BY c.n DESC, c.key`, args...); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b Split) int { return slices.Index(fund.Breakdowns, a.By) - slices.Index(fund.Breakdowns, b.By) })
	return list, nil
}
