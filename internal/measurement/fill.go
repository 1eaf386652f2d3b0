package measurement

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/measurement/topic"
)

// Filled is a sitting as the demonstration and benchmarks write it: as if it had been sat, without the time that it takes.
type Filled struct {
	ParticipantID string
	Wave          Wave
	State         State
	Use           string // of a follow-up: asked | yes | no
	FormID        string // of a sitting that is done
	At            time.Time
	Percent       float64
	Topics        topic.Percents
	Versions      []string // of single answers; nil keeps none
	Answers       []item.Answer
	Shares        []float64
}

// FillSitting writes a sitting and its result.
func (s *Service) FillSitting(ctx context.Context, tx *db.Tx, f Filled) error {
	x := Sitting{ID: id.New(), ParticipantID: f.ParticipantID, Wave: f.Wave, Seed: s.seed(), DueAt: f.At}
	if f.State != Done && f.Wave != Before {
		x.ClosesAt = f.At.Add(openFor(f.Wave))
	}
	if _, err := insertSitting(ctx, tx, x); err != nil {
		return err
	}
	if f.State != Done {
		if err := db.Exec(ctx, tx, `UPDATE sitting SET state = ? WHERE id = ?`, string(f.State), x.ID); err != nil {
			return err
		}
		return setState(ctx, tx, f.ParticipantID, f.Wave, f.State)
	}
	used := f.Use
	if used == string(Asked) {
		used = ""
	}
	if err := db.Exec(ctx, tx, `UPDATE sitting SET state = 'done', form_id = ?, started_at = ?, submitted_at = ?, skills_used = ? WHERE id = ?`,
		f.FormID, f.At, f.At.Add(14*time.Minute), used, x.ID); err != nil {
		return err
	}
	for i, versionID := range f.Versions {
		if err := db.Exec(ctx, tx, `INSERT INTO sitting_answer (sitting_id, version_id, answer, share, saved_at) VALUES (?, ?, ?, ?, ?)`,
			x.ID, versionID, db.JSON(f.Answers[i]), f.Shares[i], f.At); err != nil {
			return err
		}
	}
	return storeResult(ctx, tx, f.ParticipantID, f.Wave, f.Percent, f.Topics, f.Use, f.At)
}
