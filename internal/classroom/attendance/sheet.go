package attendance

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/blob"
	"ostoja/internal/classroom/photo"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Sheet is a photographed attendance sheet, as it is kept.
type Sheet struct {
	ID              string
	SHA256          string `db:"sha256"` // of the file that is kept
	MediaType       string
	UploadedAt      time.Time
	UploadedBy      string
	WithdrawnAt     time.Time
	WithdrawnBy     string
	WithdrawnReason string
	ErasedAt        time.Time // zero while the file is kept
}

const selectSheets = `SELECT id, sha256, media_type, uploaded_at, uploaded_by, withdrawn_at, withdrawn_by, withdrawn_reason, erased_at FROM session_sheet `

// SheetCode is what is printed on a session's attendance sheet, so that a photograph of another day's is told from it.
func SheetCode(sessionID string) string {
	sum := sha256.Sum256([]byte("sheet " + sessionID))
	return id.Letters(sum[:], codeLength)
}

// SheetDraft is a photographed sheet as somebody hands it in.
type SheetDraft struct {
	Content    []byte
	Day        time.Time // that stands on it, in the installation's zone; zero if it was not typed
	Code       string    // printed on it, "" if it has none
	Signatures *int      // on it; nil if nobody counted them
}

// check says in words why a sheet cannot be this session's.
func (s *Service) check(ctx context.Context, q db.Querier, x Session, d SheetDraft) error {
	var faults errs.Fields
	day := x.StartsAt.In(s.zone)
	if len(d.Content) == 0 {
		faults.Add("file", "hall.sheet.no-file")
	}
	switch y, m, dd := d.Day.Date(); {
	case d.Day.IsZero():
		faults.Add("day", "hall.sheet.no-day")
	case y != day.Year() || m != day.Month() || dd != day.Day():
		faults.Add("day", "hall.sheet.wrong-day", "Day", d.Day.Format("02.01.2006"), "Session", day.Format("02.01.2006"))
	}
	code := id.Typed(d.Code, codeLength)
	if strings.TrimSpace(d.Code) != "" && code != SheetCode(x.ID) {
		others, err := db.All[Session](ctx, q, selectSessions+`WHERE s.training_id = ?`, x.TrainingID)
		if err != nil {
			return err
		}
		key, pairs := "hall.sheet.wrong-code", []any{"Code", strings.TrimSpace(d.Code)}
		for _, o := range others {
			if code == SheetCode(o.ID) {
				key, pairs = "hall.sheet.other-session", []any{"Other", o.StartsAt.In(s.zone).Format("02.01.2006, 15:04"), "Session", day.Format("02.01.2006, 15:04")}
			}
		}
		faults.Add("code", key, pairs...)
	}
	if d.Signatures != nil && *d.Signatures < 0 {
		faults.Add("signatures", "hall.number-fault")
	}
	return faults.Err()
}

// AddSheet keeps a photographed sheet as evidence, and the number of signatures on it if that was given. It is taken of a closed
// session too: paper comes when it comes.
func (s *Service) AddSheet(ctx context.Context, actor access.Actor, sessionID string, d SheetDraft) (err error) {
	defer errs.Wrap(&err, "attendance.AddSheet(%d bytes)", len(d.Content))
	x, err := s.may(ctx, s.db, actor, sessionID)
	if err != nil {
		return err
	}
	if err := s.check(ctx, s.db, x, d); err != nil {
		return err
	}
	kept, err := photo.Take(ctx, d.Content) // takes seconds: no transaction waits for it
	if err != nil {
		var e *errs.Error
		if errors.As(err, &e) && errors.Is(err, errs.ErrInvalid) && len(e.Fields) == 0 {
			return errs.Fields{{Name: "file", Key: e.Key, Args: e.Args}}.Err()
		}
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.locked(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		hash, err := blob.Put(ctx, tx, photo.MediaType, kept.JPEG, now)
		if err != nil {
			return err
		}
		twice, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM session_sheet WHERE session_id = ? AND blob_hash = ? AND withdrawn_at IS NULL`, x.ID, hash)
		if err != nil {
			return err
		}
		if twice == 0 {
			if err := db.Exec(ctx, tx, `INSERT INTO session_sheet (id, session_id, blob_hash, sha256, media_type, uploaded_at, uploaded_by) VALUES (?, ?, ?, ?, ?, ?, ?)`,
				id.New(), x.ID, hash, kept.SHA256, photo.MediaType, now, actor.PersonID); err != nil {
				return err
			}
		}
		if d.Signatures != nil {
			if _, err := s.take(ctx, tx, taking{actor.PersonID, BySheet, "", now}, x, Parcel{Items: []Item{{ID: id.New(), Kind: KindSheet, Number: *d.Signatures}}}); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "sheet.add", "session:"+x.ID, map[string]any{"sha256": hash})
	})
}

// Sheets returns the photographed sheets of a session in which the actor may mark, those that were withdrawn too.
func (s *Service) Sheets(ctx context.Context, actor access.Actor, sessionID string) (_ []Sheet, err error) {
	defer errs.Wrap(&err, "attendance.Sheets")
	if _, err := s.may(ctx, s.db, actor, sessionID); err != nil {
		return nil, err
	}
	return db.All[Sheet](ctx, s.db, selectSheets+`WHERE session_id = ? ORDER BY uploaded_at, id`, sessionID)
}

// SheetFile returns a photographed sheet of a session in which the actor may mark. Who looks is recorded: names and signatures stand on it.
func (s *Service) SheetFile(ctx context.Context, actor access.Actor, sessionID, sheetID string) (b blob.Blob, err error) {
	defer errs.Wrap(&err, "attendance.SheetFile")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := s.may(ctx, tx, actor, sessionID); err != nil {
			return err
		}
		hash, err := db.One[string](ctx, tx, `SELECT blob_hash FROM session_sheet WHERE id = ? AND session_id = ? AND blob_hash IS NOT NULL`, sheetID, sessionID)
		if errors.Is(err, errs.ErrNotFound) {
			return errs.NotFound("error.not-found").Because(err)
		}
		if err != nil {
			return err
		}
		if b, err = blob.Get(ctx, tx, hash); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "sheet.open", "session:"+sessionID, nil)
	})
	return b, err
}

// WithdrawSheet says with a reason that a photographed sheet is no evidence. It stays, with the reason.
func (s *Service) WithdrawSheet(ctx context.Context, actor access.Actor, sessionID, sheetID, reason string) (err error) {
	defer errs.Wrap(&err, "attendance.WithdrawSheet")
	if reason, err = checkReason(reason); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.locked(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE session_sheet SET withdrawn_at = ?, withdrawn_by = ?, withdrawn_reason = ? WHERE id = ? AND session_id = ? AND withdrawn_at IS NULL`,
			now, actor.PersonID, reason, sheetID, x.ID)
		if err == nil && n == 0 {
			err = errs.NotFound("error.not-found")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "sheet.withdraw", "session:"+x.ID, nil)
	})
}
