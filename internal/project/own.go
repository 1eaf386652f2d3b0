package project

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// OwnRole is what projects keep of somebody beside what they took part in: that they are of its own staff, or which of two accounts counts.
type OwnRole struct {
	ProjectID string
	Name      string // of the project
	At        time.Time
}

// Own returns of which projects the actor is own staff, and when somebody said of their account that it and another are of one person, or of two.
func (s *Service) Own(ctx context.Context, actor access.Actor) (staff []OwnRole, pairs []OwnPair, err error) {
	defer errs.Wrap(&err, "project.Own")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if staff, err = db.All[OwnRole](ctx, tx, `SELECT s.project_id, p.name, s.at FROM project_staff s JOIN project p ON p.id = s.project_id WHERE s.person_id = ? ORDER BY s.at DESC, s.project_id`, actor.PersonID); err != nil {
			return err
		}
		pairs, err = db.All[OwnPair](ctx, tx, `SELECT same, at FROM project_pair WHERE person_id = ? OR other_id = ? ORDER BY at DESC`, actor.PersonID, actor.PersonID)
		return err
	})
	return staff, pairs, err
}

// OwnPair is what somebody said of an account and another, of which nothing is told.
type OwnPair struct {
	Same bool
	At   time.Time
}

// Name returns what a project is called.
func (s *Service) Name(ctx context.Context, q db.Querier, projectID string) (_ string, err error) {
	defer errs.Wrap(&err, "project.Name")
	return db.One[string](ctx, q, `SELECT name FROM project WHERE id = ?`, projectID)
}
