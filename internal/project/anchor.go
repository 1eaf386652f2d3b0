package project

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// AnchorDay is the day from which a fund's years of keeping are counted in a project, as somebody entered it.
type AnchorDay struct {
	ProjectID string
	FundID    string
	Day       string
	At        time.Time
	By        string // name
}

// Anchors returns the days that were entered, of all projects.
func (s *Service) Anchors(ctx context.Context, q db.Querier) (_ []AnchorDay, err error) {
	defer errs.Wrap(&err, "project.Anchors")
	return db.All[AnchorDay](ctx, q, `
		SELECT a.project_id, a.fund_id, a.day, a.at, COALESCE(h.given_name || ' ' || h.family_name, '') AS by
		FROM project_anchor a LEFT JOIN identity_person h ON h.id = a.actor_id ORDER BY a.project_id, a.fund_id`)
}

// SetAnchor enters the day of the last payment or of the last report's approval, or with "" takes it back. It cannot lie before the project, nor in the future: what is expected is not
// known.
func (s *Service) SetAnchor(ctx context.Context, actor access.Actor, projectID, fundID, entered string) (err error) {
	defer errs.Wrap(&err, "project.SetAnchor")
	return s.change(ctx, actor, projectID, "anchor", map[string]any{"fund": fundID, "day": entered}, func(tx *db.Tx, p Page) error {
		there := false
		for _, x := range p.Shares {
			there = there || x.FundID == fundID
		}
		if !there {
			return errs.NotFound("error.not-found")
		}
		if err := checkAnchor(p.Project, entered, s.Today()).Err(); err != nil {
			return err
		}
		if entered == "" {
			return db.Exec(ctx, tx, `DELETE FROM project_anchor WHERE project_id = ? AND fund_id = ?`, projectID, fundID)
		}
		return db.Exec(ctx, tx, `
			INSERT INTO project_anchor (project_id, fund_id, day, at, actor_id) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (project_id, fund_id) DO UPDATE SET day = excluded.day, at = excluded.at, actor_id = excluded.actor_id`, projectID, fundID, entered, s.Clock.Now(), actor.PersonID)
	})
}

func checkAnchor(p Project, entered, today string) (f errs.Fields) {
	_, ok := day(entered)
	switch {
	case entered == "":
	case !ok:
		f.Add("day", "project.fault.day")
	case entered < p.FirstDay:
		f.Add("day", "project.fault.anchor-before", "Day", p.FirstDay)
	case entered > today:
		f.Add("day", "project.fault.anchor-future")
	}
	return f
}

// AccountsOf returns all accounts of the person of an account, as a human joined them, and as whom they count.
func (s *Service) AccountsOf(ctx context.Context, q db.Querier, personID string) (countsAs string, accounts []string, err error) {
	defer errs.Wrap(&err, "project.AccountsOf")
	countsAs = personID
	as, err := db.All[string](ctx, q, `SELECT counts_as FROM project_same WHERE person_id = ?`, personID)
	if err != nil {
		return "", nil, err
	}
	if len(as) > 0 {
		countsAs = as[0]
	}
	others, err := db.All[string](ctx, q, `SELECT person_id FROM project_same WHERE counts_as = ? ORDER BY person_id`, countsAs)
	return countsAs, append([]string{countsAs}, others...), err
}

// Leave takes accounts out of a project's own staff.
func (s *Service) Leave(ctx context.Context, tx *db.Tx, projectID string, accounts []string) (err error) {
	defer errs.Wrap(&err, "project.Leave")
	return db.Exec(ctx, tx, `DELETE FROM project_staff WHERE project_id = ? AND person_id IN (`+db.In(len(accounts))+`)`, append([]any{projectID}, db.Args(accounts)...)...)
}

// Separate forgets that accounts are of one person, or of two.
func (s *Service) Separate(ctx context.Context, tx *db.Tx, personID string) (err error) {
	defer errs.Wrap(&err, "project.Separate")
	if err := db.Exec(ctx, tx, `DELETE FROM project_pair WHERE person_id = ? OR other_id = ?`, personID, personID); err != nil {
		return err
	}
	if err := db.Exec(ctx, tx, `DELETE FROM project_staff WHERE person_id = ?`, personID); err != nil {
		return err
	}
	return countAnew(ctx, tx)
}
