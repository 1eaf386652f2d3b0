package attendance

import (
	"context"
	"time"

	"ostoja/internal/blob"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/keeping"
)

// The kinds of what is kept of a hall for a time (decision 0053).
const (
	KeptScan  keeping.Kind = "refused-scan" // who scanned a code that did not count
	KeptNames keeping.Kind = "hall-names"   // typed in a hall: people without a seat, and what notes say
	KeptSheet keeping.Kind = "sheet-photo"
)

// namesFor is how long after a session the names and notes are kept that were typed in its hall: as long as the desk asks who holds it
// to close it and to find walk-ins among the people. Then the signed sheet says who was there.
const namesFor = openFor

// scanFor is how long it is kept whose scan was refused: a month in which the hours of a session are settled. That one was refused, when
// and why stays.
const scanFor = 30 * 24 * time.Hour

// mostSheets are erased at once: each is a photograph.
const mostSheets = 100

func (s *Service) keepBy(k *keeping.Service) {
	k.On(KeptScan, func(ctx context.Context, tx *db.Tx, ref string) error {
		return db.Exec(ctx, tx, `UPDATE refused_scan SET person_id = NULL WHERE id = ?`, ref)
	})
	k.OnAge(KeptNames, eraseNames)
	k.OnAge(KeptSheet, s.eraseSheets)
}

// eraseNames erases the names and notes of halls whose time is over. Rows and marks stay: what the roll counts does not change.
func eraseNames(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error) {
	for _, text := range []string{
		`UPDATE walk_in SET name = '', institution = '' WHERE (name <> '' OR institution <> '') AND session_id IN (SELECT id FROM training_session WHERE ends_at <= ?)`,
		`UPDATE session_entry SET body = '' WHERE body <> '' AND session_id IN (SELECT id FROM training_session WHERE ends_at <= ?)`,
		`UPDATE attendance_mark SET note = '' WHERE note <> '' AND session_id IN (SELECT id FROM training_session WHERE ends_at <= ?)`,
	} {
		changed, err := db.Changed(ctx, tx, text, now.Add(-namesFor))
		if err != nil {
			return n, err
		}
		n += changed
	}
	return n, nil
}

// eraseSheets erases photographs of signed sheets that no fund wants any more. The row with the hash stays, and so does what was counted.
func (s *Service) eraseSheets(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error) {
	list, err := db.All[struct {
		ID, BlobHash  string
		HeldUntil     time.Time
		Funded        bool
		EvidenceUntil time.Time
	}](ctx, tx, `
		SELECT h.id, h.blob_hash, t.held_until, (t.project_id IS NOT NULL) AS funded, t.evidence_until
		FROM session_sheet h JOIN training_session s ON s.id = h.session_id JOIN training t ON t.id = s.training_id
		WHERE h.blob_hash IS NOT NULL AND (t.evidence_until <= ? OR t.evidence_until IS NULL AND t.held_until <= ?) ORDER BY t.held_until, h.id`,
		now, now.Add(-classroom.EvidenceAtLeast))
	if err != nil {
		return 0, err
	}
	for _, h := range list {
		if n == mostSheets {
			break
		}
		if now.Before(classroom.EvidenceUntil(h.HeldUntil, h.EvidenceUntil, h.Funded, s.zone)) {
			continue
		}
		if err := db.Exec(ctx, tx, `UPDATE session_sheet SET blob_hash = NULL, erased_at = ? WHERE id = ?`, now, h.ID); err != nil {
			return n, err
		}
		if err := blob.Drop(ctx, tx, h.BlobHash); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
