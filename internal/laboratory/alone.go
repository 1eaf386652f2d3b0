package laboratory

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
)

// kindAlone is under what keeping knows what somebody decided alone. It is their own, seen by nobody else, and goes by itself.
const kindAlone keeping.Kind = "laboratory-alone"

const keepAlone = 90 * 24 * time.Hour

func eraseAlone(ctx context.Context, tx *db.Tx, runID string) error {
	for _, text := range []string{
		`DELETE FROM laboratory_decision WHERE run_id = ?`,
		`DELETE FROM laboratory_member WHERE group_id IN (SELECT id FROM laboratory_group WHERE run_id = ?)`,
		`DELETE FROM laboratory_group WHERE run_id = ?`,
		`DELETE FROM laboratory_run WHERE id = ? AND alone`,
	} {
		if err := db.Exec(ctx, tx, text, runID); err != nil {
			return err
		}
	}
	return nil
}

// Play is a case that somebody plays alone.
type Play struct {
	CaseID   string
	GroupID  string
	OpenedAt time.Time
	EndedAt  time.Time // zero while it is under way
}

// Mine returns what the actor played alone within the last months, the newest first.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (_ []Play, err error) {
	defer errs.Wrap(&err, "laboratory.Mine")
	return db.All[Play](ctx, s.DB, `
		SELECT r.case_id, g.id AS group_id, r.opened_at, r.ended_at FROM laboratory_run r JOIN laboratory_group g ON g.run_id = r.id
		WHERE r.opened_by = ? AND r.alone ORDER BY r.opened_at DESC, r.id DESC`, actor.PersonID)
}

// Begin begins a case alone, or goes on with one that is under way, and returns the group under which it is played.
func (s *Service) Begin(ctx context.Context, actor access.Actor, caseID string) (groupID string, err error) {
	defer errs.Wrap(&err, "laboratory.Begin(%s)", caseID)
	if _, err := s.Case(caseID); err != nil {
		return "", err
	}
	if actor.PersonID == "" {
		return "", errs.NotFound("error.not-found")
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		open, err := db.All[string](ctx, tx, `
			SELECT g.id FROM laboratory_run r JOIN laboratory_group g ON g.run_id = r.id
			WHERE r.opened_by = ? AND r.alone AND r.case_id = ? AND r.ended_at IS NULL ORDER BY r.opened_at DESC`, actor.PersonID, caseID)
		if err != nil {
			return err
		}
		if len(open) > 0 {
			groupID = open[0]
			return nil
		}
		groupID, err = s.beginAlone(ctx, tx, actor, caseID)
		return err
	})
	return groupID, err
}

func (s *Service) beginAlone(ctx context.Context, tx *db.Tx, actor access.Actor, caseID string) (groupID string, err error) {
	now, runID := s.Clock.Now(), id.New()
	unitID, err := one[string](ctx, tx, `SELECT unit_id FROM identity_person WHERE id = ?`, actor.PersonID)
	if err != nil {
		return "", err
	}
	if err := db.Exec(ctx, tx, `INSERT INTO laboratory_run (id, case_id, unit_id, opened_by, opened_at, alone, position, revision) VALUES (?, ?, ?, ?, ?, TRUE, 1, 0)`,
		runID, caseID, unitID, actor.PersonID, now); err != nil {
		return "", err
	}
	if groupID, err = newGroup(ctx, tx, Group{RunID: runID}); err != nil {
		return "", err
	}
	if err := db.Exec(ctx, tx, `INSERT INTO laboratory_member (group_id, person_id) VALUES (?, ?)`, groupID, actor.PersonID); err != nil {
		return "", err
	}
	return groupID, keeping.Keep(ctx, tx, keeping.Entry{Kind: kindAlone, Ref: runID, PersonID: actor.PersonID, Since: now, Until: now.Add(keepAlone)})
}

// Forward leads who plays alone from what followed to the next step, or to the debrief, with which the play ends.
func (s *Service) Forward(ctx context.Context, actor access.Actor, groupID string, from int) (err error) {
	defer errs.Wrap(&err, "laboratory.Forward")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		t, err := s.at(ctx, tx, actor, groupID)
		if err != nil {
			return err
		}
		if phase, _ := Stands(t.Case, from); !t.Alone || phase != Followed {
			return errs.Conflict("laboratory.not-yet")
		}
		if _, err := s.move(ctx, tx, t.Run, from); err != nil {
			return err
		}
		return db.Exec(ctx, tx, `UPDATE laboratory_run SET ended_at = ? WHERE id = ? AND position = ? AND ended_at IS NULL`, s.Clock.Now(), t.ID, last(t.Case))
	})
}
