package measurement

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/item"
)

const measurementColumns = `m.id, m.test_id, m.subject_kind, m.subject_id, COALESCE((SELECT n.name FROM project_name n WHERE n.id = m.project_id), '') AS course_project, m.unit_id,
	m.waves, m.survey, m.seed, m.allocated, m.created_at, m.created_by, m.closed_at`

func measurementByID(ctx context.Context, q db.Querier, measurementID string) (Measurement, error) {
	return db.One[Measurement](ctx, q, `SELECT `+measurementColumns+` FROM measurement m WHERE m.id = ?`, measurementID)
}

// measurementOf returns the open measurement of a course.
func measurementOf(ctx context.Context, q db.Querier, courseID string) (Measurement, error) {
	return db.One[Measurement](ctx, q, `SELECT `+measurementColumns+` FROM measurement m WHERE m.subject_kind = 'course' AND m.subject_id = ? AND m.closed_at IS NULL`, courseID)
}

func insertMeasurement(ctx context.Context, tx *db.Tx, m Measurement, projectID string) error {
	return db.Exec(ctx, tx, `
		INSERT INTO measurement (id, test_id, subject_kind, subject_id, project_id, unit_id, waves, survey, seed, created_at, created_by)
		VALUES (?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?)`,
		m.ID, m.TestID, string(m.Kind), m.SubjectID, projectID, m.UnitID, db.JSON(m.Waves), m.Survey, m.Seed, m.CreatedAt, m.CreatedBy)
}

// insertParticipant adds a person to a measurement; made is false if they are in it already.
func insertParticipant(ctx context.Context, tx *db.Tx, participantID, measurementID string, p Subject, now time.Time) (made bool, err error) {
	n, err := db.Changed(ctx, tx, `
		INSERT INTO participant (id, measurement_id, person_id, organisation_id, unit_id, region, sex, lang, joined_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (measurement_id, person_id) DO NOTHING`,
		participantID, measurementID, p.ID, p.OrganisationID, p.UnitID, p.Region, p.Sex, p.Lang, now)
	return n == 1, err
}

const sittingColumns = `s.id, s.participant_id, s.wave, s.state, COALESCE(s.form_id, '') AS form_id, s.seed, s.due_at, s.mail_at, s.letters, s.mailed_at, s.closes_at, s.started_at,
	s.submitted_at, s.skills_used, s.skills_note, COALESCE(s.token_hash, '') AS token_hash, s.token_used_at, COALESCE(s.paper_form_id, '') AS paper_form_id, s.typed_at, p.measurement_id, p.person_id, p.lang, p.first_form, p.survey_state`

const fromSittings = ` FROM sitting s JOIN participant p ON p.id = s.participant_id `

func sittingByID(ctx context.Context, q db.Querier, sittingID string) (Sitting, error) {
	return db.One[Sitting](ctx, q, `SELECT `+sittingColumns+fromSittings+`WHERE s.id = ?`, sittingID)
}

// lockSitting reads a sitting that this transaction will change; on PostgreSQL the update holds the row until the end, so
// that two devices follow each other.
func lockSitting(ctx context.Context, tx *db.Tx, sittingID string) (Sitting, error) {
	if err := db.Exec(ctx, tx, `UPDATE sitting SET letters = letters WHERE id = ?`, sittingID); err != nil {
		return Sitting{}, err
	}
	return sittingByID(ctx, tx, sittingID)
}

// closeSitting ends a sitting that was not handed in. closes_at becomes the time at which it ended if that is sooner, so that
// of a closed sitting it never lies ahead, unless the clock was wrong then (see [Service.CloseOverdue]).
func closeSitting(ctx context.Context, tx *db.Tx, sittingID string, now time.Time) error {
	return db.Exec(ctx, tx, `
		UPDATE sitting SET state = 'closed', mail_at = NULL, closes_at = CASE WHEN closes_at < ? THEN closes_at ELSE ? END WHERE id = ?`, now, now, sittingID)
}

// insertSitting asks a person; made is false if they were asked already.
func insertSitting(ctx context.Context, tx *db.Tx, x Sitting) (made bool, err error) {
	n, err := db.Changed(ctx, tx, `
		INSERT INTO sitting (id, participant_id, wave, state, seed, due_at, mail_at, closes_at) VALUES (?, ?, ?, 'asked', ?, ?, ?, ?)
		ON CONFLICT (participant_id, wave) DO NOTHING`, x.ID, x.ParticipantID, string(x.Wave), x.Seed, x.DueAt, x.MailAt, x.ClosesAt)
	return n == 1, err
}

type answerRow struct {
	VersionID string
	Answer    item.Answer `db:"answer,json"`
}

func answersOf(ctx context.Context, q db.Querier, sittingID string) ([]answerRow, error) {
	return db.All[answerRow](ctx, q, `SELECT version_id, answer FROM sitting_answer WHERE sitting_id = ?`, sittingID)
}

func saveAnswer(ctx context.Context, tx *db.Tx, sittingID, versionID string, a item.Answer, now time.Time) error {
	return db.Exec(ctx, tx, `
		INSERT INTO sitting_answer (sitting_id, version_id, answer, saved_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (sitting_id, version_id) DO UPDATE SET answer = excluded.answer, saved_at = excluded.saved_at`, sittingID, versionID, db.JSON(a), now)
}
