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
	Nameless bool // nobody knows any more who it was
}

func (g groupsOf) list() []string { return []string{g.Sex, g.Age, g.Service, g.Region} }

// Tell brings the breakdowns of all projects up to what is counted now, as far as they can be told of without telling of a few people, and their gains. It is the periodic work.
func (s *Service) Tell(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "report.Tell")
	projects, err := s.Projects.Dated(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, projectID := range projects { // one that fails holds up no other
		failed = append(failed, s.TellOf(ctx, projectID), s.tellGain(ctx, projectID))
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
		r, err := s.load(ctx, tx, p)
		if err != nil {
			return err
		}
		for _, share := range p.Shares {
			set, _, err := s.Rules.Of(ctx, tx, share.FundID, 0)
			if err != nil {
				return err
			}
			if err := s.tell(ctx, tx, p, r, set); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell brings whom a project counts for a fund up to date, and lets those join the told ones who can.
func (s *Service) tell(ctx context.Context, tx *db.Tx, p project.Page, r *record, set fund.Rules) error {
	told, err := s.follow(ctx, tx, p, r, set)
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
	return sum(ctx, tx, p.ID, set.ID)
}

// sum stores the sums of a project's blocks, which breakdowns show.
func sum(ctx context.Context, tx *db.Tx, projectID, fundID string) error {
	if err := db.Exec(ctx, tx, `DELETE FROM report_told WHERE project_id = ? AND fund_id = ?`, projectID, fundID); err != nil {
		return err
	}
	for split, key := range map[string]string{"sex": "sex", "age": "age", "service": "service", "region": "region", "": "''", "gone": "''"} {
		where, group := ` WHERE project_id = ? AND fund_id = ? AND block IS NOT NULL`, ""
		switch split {
		case "gone":
			where += ` AND gone`
		case "":
		default:
			group = ", " + key
		}
		if err := db.Exec(ctx, tx, `INSERT INTO report_told (project_id, fund_id, period, split, key, n)
			SELECT project_id, fund_id, period, '`+split+`', `+key+`, COUNT(*) FROM report_counted`+where+` GROUP BY project_id, fund_id, period`+group, projectID, fundID); err != nil {
			return err
		}
	}
	return nil
}

// follow stores who is counted now and was not before, with their groups of today, and notes who is not counted any more. Who was told of stays in their block and their
// period, since to take them out of it would tell of them alone.
func (s *Service) follow(ctx context.Context, tx *db.Tx, p project.Page, r *record, set fund.Rules) ([]groupsOf, error) {
	const stored = `SELECT person_id, period, sex, age, service, region, COALESCE(block, 0) AS block, gone, nameless FROM report_counted WHERE project_id = ? AND fund_id = ? ORDER BY person_id`
	before, err := db.All[groupsOf](ctx, tx, stored, p.ID, set.ID)
	if err != nil {
		return nil, err
	}
	told, err := r.told(ctx, tx, p.ID, set)
	if err != nil {
		return nil, err
	}
	first := make(map[string]taken, r.people)
	for _, f := range r.firsts(r.chosen(set, told)) {
		first[f.Person] = f
	}
	var now []groupsOf
	if err := db.Each(ctx, tx, func(g groupsOf) {
		if f, ok := first[g.PersonID]; ok {
			g.Period = r.period(f.At)
			now = append(now, g)
		}
	}, `SELECT g.id AS person_id, 0 AS period, g.sex, COALESCE(a.band, '') AS age, g.organisation_id AS service, g.region, 0 AS block, FALSE AS gone, FALSE AS nameless
		FROM identity_group g LEFT JOIN report_age a ON a.person_id = g.id ORDER BY g.id`); err != nil {
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
		if counted[g.PersonID] || g.Gone || g.Nameless {
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
	type told struct {
		Split, Key, Name string
		N                int
	}
	rows, err := db.All[told](ctx, q, `
		SELECT t.split, t.key, CASE WHEN t.split = 'service' THEN COALESCE((SELECT u.name FROM identity_unit u WHERE u.id = t.key), '') ELSE '' END AS name, t.n
		FROM (SELECT split, key, SUM(n) AS n FROM report_told WHERE project_id = ? AND fund_id = ? AND (period = ? OR ? = 0) GROUP BY split, key) t ORDER BY t.n DESC, t.key`,
		projectID, fundID, period, period)
	if err != nil {
		return nil, err
	}
	for _, by := range fund.Breakdowns {
		x := Split{By: by, All: all}
		for _, r := range rows {
			switch r.Split {
			case "":
				x.Told = r.N
			case "gone":
				x.Gone = r.N
			case string(by):
				x.Groups = append(x.Groups, GroupCount{r.Key, r.Name, r.N})
			}
		}
		list = append(list, x)
	}
	return list, nil
}
