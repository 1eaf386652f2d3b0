package measurement

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
)

// OnPaper is a sitting as it was written on paper.
type OnPaper struct {
	FormID    string
	Answers   map[string]item.Answer // by version
	Used      string                 // of a follow-up: yes | no | ""
	Note      string                 // of a follow-up: how the skills were used
	WrittenAt time.Time
}

// EnterPaper hands in a sitting that was written on paper, by the same rules as one that was sat online and however it stands: it may have
// closed before somebody came to type it. What was answered online is replaced; whether it may be is the caller's to ask.
func (s *Service) EnterPaper(ctx context.Context, tx *db.Tx, sittingID string, p OnPaper) (err error) {
	defer errs.Wrap(&err, "measurement.EnterPaper")
	x, err := lockSitting(ctx, tx, sittingID)
	if err != nil {
		return err
	}
	if err := takeBack(ctx, tx, x); err != nil {
		return err
	}
	now := s.clock.Now()
	if err := db.Exec(ctx, tx, `DELETE FROM sitting_answer WHERE sitting_id = ?`, x.ID); err != nil {
		return err
	}
	if err := db.Exec(ctx, tx, `UPDATE sitting SET state = 'begun', form_id = ?, started_at = ?, submitted_at = NULL, skills_used = ?, skills_note = ?, typed_at = ? WHERE id = ?`,
		p.FormID, p.WrittenAt, p.Used, p.Note, now, x.ID); err != nil {
		return err
	}
	x.State, x.FormID, x.StartedAt, x.SkillsUsed, x.SkillsNote = Begun, p.FormID, p.WrittenAt, p.Used, p.Note
	v, err := s.tested(ctx, tx, x)
	if err != nil {
		return err
	}
	v.lay()
	for versionID, a := range p.Answers {
		if err := saveAnswer(ctx, tx, x.ID, versionID, a, now); err != nil {
			return err
		}
	}
	v.Answers = p.Answers
	return s.finish(ctx, tx, &v, p.WrittenAt)
}

// takeBack takes a result out of what the reports read, so that another can stand in its place.
func takeBack(ctx context.Context, tx *db.Tx, x Sitting) error {
	if x.State != Done {
		return nil
	}
	r, err := db.One[stored](ctx, tx, `UPDATE participant SET lang = lang WHERE id = ? RETURNING measurement_id, unit_id, before_percent, after_percent`, x.ParticipantID)
	if err != nil {
		return err
	}
	if err := r.count(ctx, tx, x.Wave, -1); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `UPDATE participant SET `+x.Wave.column("percent")+` = NULL, `+x.Wave.column("topics")+` = '' WHERE id = ?`, x.ParticipantID)
}

// TrainingIn returns a training that the actor may change, described; any other measurement is not found.
func (s *Service) TrainingIn(ctx context.Context, q db.Querier, actor access.Actor, measurementID string) (d Described, err error) {
	defer errs.Wrap(&err, "measurement.TrainingIn")
	m, err := s.training(ctx, q, actor, measurementID)
	if err != nil {
		return d, err
	}
	return s.describeOne(ctx, q, m)
}

// SittingFor returns a participant's sitting of a wave, held by the transaction. There is one also for who joined when the test before
// could no longer be sat online: a walk-in may have written it on paper.
func (s *Service) SittingFor(ctx context.Context, tx *db.Tx, d Described, participantID string, w Wave) (x Sitting, err error) {
	defer errs.Wrap(&err, "measurement.SittingFor")
	read := func() (string, error) {
		return db.One[string](ctx, tx, `SELECT id FROM sitting WHERE participant_id = ? AND wave = ?`, participantID, string(w))
	}
	sittingID, err := read()
	if errors.Is(err, errs.ErrNotFound) {
		if err = s.ask(ctx, tx, participantID, w, d.HeldFrom, time.Time{}, d.HeldFrom.Add(time.Hour)); err == nil {
			sittingID, err = read()
		}
	}
	if err != nil {
		return x, err
	}
	return lockSitting(ctx, tx, sittingID)
}

// SittingIn returns a sitting, held by the transaction.
func (s *Service) SittingIn(ctx context.Context, tx *db.Tx, sittingID string) (_ Sitting, err error) {
	defer errs.Wrap(&err, "measurement.SittingIn")
	return lockSitting(ctx, tx, sittingID)
}

// TestIn returns the test of a measurement with its forms.
func (s *Service) TestIn(ctx context.Context, q db.Querier, m Measurement) (*itembank.Test, error) {
	return s.bank.TestIn(ctx, q, m.TestID)
}
