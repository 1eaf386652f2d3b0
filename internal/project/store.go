package project

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

const selectProjects = `
	SELECT p.id, p.name, p.short, p.number, p.document, COALESCE(p.unit_id, '') AS unit_id, COALESCE(u.path, '') AS unit_path, COALESCE(u.name, '') AS unit,
		p.first_day, p.last_day, p.edition
	FROM project p LEFT JOIN identity_unit u ON u.id = p.unit_id `

// visible returns projects in which the actor has a permission. Names without an office are seen by who has it everywhere.
func visible(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, projectID string) ([]Project, error) {
	condition, args := actor.Within(p, "u.path")
	if actor.Everywhere(p) {
		condition += ` OR p.unit_id IS NULL`
	}
	condition = `WHERE (` + condition + `)`
	if projectID != "" {
		condition, args = condition+` AND p.id = ?`, append(args, projectID)
	}
	return db.All[Project](ctx, q, selectProjects+condition+` ORDER BY p.last_day DESC, p.name, p.id`, args...)
}

// one returns a project, to who has a permission in it; to anybody else it is not found.
func one(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, projectID string) (Project, error) {
	if !id.Valid(projectID) {
		return Project{}, errs.NotFound("error.not-found")
	}
	list, err := visible(ctx, q, actor, p, projectID)
	if err != nil {
		return Project{}, err
	}
	if len(list) == 0 {
		return Project{}, errs.NotFound("error.not-found")
	}
	return list[0], nil
}

// fill reads what stands beside a project.
func (p *Page) fill(ctx context.Context, q db.Querier) (err error) {
	if p.Partners, err = db.All[string](ctx, q, `SELECT name FROM project_partner WHERE project_id = ? ORDER BY place`, p.ID); err != nil {
		return err
	}
	if p.Shares, err = db.All[Share](ctx, q, `SELECT fund_id, share FROM project_fund WHERE project_id = ? ORDER BY share DESC, fund_id`, p.ID); err != nil {
		return err
	}
	if p.Annexes, err = db.All[Annex](ctx, q, `SELECT project_id, number, since, note, at, actor_id FROM project_annex WHERE project_id = ? ORDER BY number`, p.ID); err != nil {
		return err
	}
	if p.Targets, err = db.All[Target](ctx, q, `SELECT annex, fund_id, indicator, target, baseline FROM project_target WHERE project_id = ? ORDER BY annex, fund_id, indicator`, p.ID); err != nil {
		return err
	}
	p.Periods, err = db.All[Period](ctx, q, `
		SELECT x.id, x.project_id, x.number, x.first_day, x.last_day, x.open, x.frozen_at,
			COALESCE(a.reason, '') AS reason, a.at AS opened_at, COALESCE(h.given_name || ' ' || h.family_name, '') AS opened_by
		FROM project_period x
			LEFT JOIN project_period_act a ON x.open AND a.id = (SELECT o.id FROM project_period_act o WHERE o.period_id = x.id AND o.act = 'opened' ORDER BY o.at DESC, o.id DESC LIMIT 1)
			LEFT JOIN identity_person h ON h.id = a.actor_id
		WHERE x.project_id = ? ORDER BY x.number`, p.ID)
	return err
}

// write stores a draft as a project's data.
func write(ctx context.Context, tx *db.Tx, projectID string, d Draft) error {
	if err := db.Exec(ctx, tx, `
		UPDATE project SET name = ?, short = ?, number = ?, document = ?, unit_id = ?, first_day = ?, last_day = ?, edition = edition + 1 WHERE id = ?`,
		d.Name, d.Short, d.Number, d.Document, d.UnitID, d.FirstDay, d.LastDay, projectID); err != nil {
		return err
	}
	if err := db.Exec(ctx, tx, `DELETE FROM project_partner WHERE project_id = ?`, projectID); err != nil {
		return err
	}
	for i, name := range d.Partners {
		if err := db.Exec(ctx, tx, `INSERT INTO project_partner (project_id, place, name) VALUES (?, ?, ?)`, projectID, i+1, name); err != nil {
			return err
		}
	}
	return nil
}

func insertPeriod(ctx context.Context, tx *db.Tx, x Period) error {
	return db.Exec(ctx, tx, `INSERT INTO project_period (id, project_id, number, first_day, last_day, open) VALUES (?, ?, ?, ?, ?, FALSE)`,
		x.ID, x.ProjectID, x.Number, x.FirstDay, x.LastDay)
}

func insertAnnex(ctx context.Context, tx *db.Tx, a Annex) error {
	return db.Exec(ctx, tx, `INSERT INTO project_annex (project_id, number, since, note, at, actor_id) VALUES (?, ?, ?, ?, ?, ?)`, a.ProjectID, a.Number, a.Since, a.Note, a.At, a.ActorID)
}
