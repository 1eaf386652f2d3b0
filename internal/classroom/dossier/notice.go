package dossier

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Notice is a training's privacy notice as a participant reads it.
type Notice struct {
	TrainingID string
	Title      string // of the training
	Text       string
	Version    string
	NotedAt    time.Time // when the reader took note of this version; zero if they have not
}

// NoticeFor returns the notice to somebody who has a seat or hopes for one; to anybody else, and without a notice, it is not found.
func (s *Service) NoticeFor(ctx context.Context, actor access.Actor, trainingID string) (_ Notice, err error) {
	defer errs.Wrap(&err, "dossier.NoticeFor")
	return noticeFor(ctx, s.DB, actor.PersonID, trainingID)
}

func noticeFor(ctx context.Context, q db.Querier, personID, trainingID string) (Notice, error) {
	if !id.Valid(trainingID) {
		return Notice{}, errs.NotFound("error.not-found")
	}
	return db.One[Notice](ctx, q, `
		SELECT t.id AS training_id, t.title, t.notice AS text, t.notice_version AS version, n.noted_at
		FROM training t JOIN booking b ON b.training_id = t.id
		LEFT JOIN training_notice n ON n.training_id = t.id AND n.person_id = b.person_id AND n.version = t.notice_version
		WHERE t.id = ? AND b.person_id = ? AND b.state IN ('applied', 'offered', 'confirmed', 'waiting') AND t.notice <> '' AND t.notice_version <> ''`, trainingID, personID)
}

// TakeNote notes that the actor took note of a version of the notice. If it is another one meanwhile, they are told to read that first.
func (s *Service) TakeNote(ctx context.Context, actor access.Actor, trainingID, version string) (err error) {
	defer errs.Wrap(&err, "dossier.TakeNote")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		n, err := noticeFor(ctx, tx, actor.PersonID, trainingID)
		if err != nil {
			return err
		}
		if n.Version != version {
			return errs.Conflict("dossier.notice-changed")
		}
		return s.note(ctx, tx, actor, trainingID, actor.PersonID, version, "page")
	})
}

func (s *Service) note(ctx context.Context, tx *db.Tx, actor access.Actor, trainingID, personID, version, on string) error {
	now := s.Clock.Now()
	n, err := db.Changed(ctx, tx, `INSERT INTO training_notice (training_id, person_id, version, noted_at, noted_on, entered_by) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (training_id, person_id, version) DO NOTHING`, trainingID, personID, version, now, on, actor.PersonID)
	if err != nil || n == 0 { // once is enough: the first time counts
		return err
	}
	return audit.Record(ctx, tx, now, actor.PersonID, "training.notice", "person:"+personID, map[string]any{"training": trainingID, "on": on})
}

// Signed is somebody with a seat who may have signed the notice on paper.
type Signed struct {
	PersonID string
	Name     string
	NotedAt  time.Time // zero: not yet
}

// Notes returns who of those with a seat took note of the notice's version of today, by name, to who keeps the participants.
func (s *Service) Notes(ctx context.Context, actor access.Actor, trainingID string) (_ []Signed, err error) {
	defer errs.Wrap(&err, "dossier.Notes")
	p, err := s.Trainings.Open(ctx, s.DB, actor, access.TrainingsWrite, trainingID)
	if err != nil {
		return nil, err
	}
	return db.All[Signed](ctx, s.DB, `
		SELECT b.person_id, p.given_name || ' ' || p.family_name AS name, n.noted_at FROM booking b JOIN identity_person p ON p.id = b.person_id
		LEFT JOIN training_notice n ON n.training_id = b.training_id AND n.person_id = b.person_id AND n.version = ?
		WHERE b.training_id = ? AND b.state = 'confirmed' ORDER BY p.sort_key, p.id`, p.NoticeVersion, p.ID)
}

// EnterSigned notes who signed the notice on paper. Nobody is entered who has no seat.
func (s *Service) EnterSigned(ctx context.Context, actor access.Actor, trainingID string, personIDs []string) (entered int, err error) {
	defer errs.Wrap(&err, "dossier.EnterSigned")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		entered = 0
		p, err := s.Trainings.Open(ctx, tx, actor, access.TrainingsWrite, trainingID)
		if err != nil {
			return err
		}
		if p.Notice == "" || p.NoticeVersion == "" {
			return errs.Conflict("dossier.no-notice")
		}
		for _, personID := range personIDs {
			if err := seated(ctx, tx, p, personID); err != nil {
				return err
			}
			if err := s.note(ctx, tx, actor, trainingID, personID, p.NoticeVersion, "paper"); err != nil {
				return err
			}
			entered++
		}
		return nil
	})
	return entered, err
}

// seated refuses who has no seat in the training.
func seated(ctx context.Context, q db.Querier, p classroom.Plan, personID string) error {
	_, err := db.One[string](ctx, q, `SELECT id FROM booking WHERE training_id = ? AND person_id = ? AND state = 'confirmed'`, p.ID, personID)
	if errors.Is(err, errs.ErrNotFound) {
		return errs.NotFound("error.not-found").Because(err)
	}
	return err
}
