package onpaper

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/measurement"
)

// FieldRow is the name of the field in which somebody without an account types the code of their sheet.
const FieldRow = "row"

// Tries counts codes that are tried, so that nobody finds one by trying.
type Tries interface {
	// Count counts a try of something from a network, or refuses it with errs.ErrTooMany and does not count. right MUST be called where the try
	// was right: it takes the count back.
	Count(ctx context.Context, tx *db.Tx, of, network string) (right func() error, err error)
}

// OnPhone returns the sitting of the sheet that has a code, among those of a training, for who holds the sheet and is in the room until a
// time (decision 0052). Nothing is told of a sheet but to who knows its code whole; of one that was typed in, whose test is handed in or
// closed, is told that.
func (s *Service) OnPhone(ctx context.Context, trainingID, typed, network string, until time.Time) (sittingID string, err error) {
	defer errs.Wrap(&err, "onpaper.OnPhone")
	code := id.Typed(typed, mostCode)
	if len(code) <= byChance+1 || !id.Checked(code) {
		return "", errs.Fields{{Name: FieldRow, Key: "typed.phone.slip"}}.Err()
	}
	list, err := s.tests.OfTraining(ctx, trainingID)
	if err != nil {
		return "", err
	}
	var refusal error
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		refusal = nil
		right, err := s.tries.Count(ctx, tx, "sheet "+trainingID+" "+code[:len(code)-byChance-1], network)
		if err != nil {
			return err
		}
		h, err := sheetOf(ctx, tx, list, code)
		if err != nil {
			return err
		}
		if h.ID == "" { // the try stays counted
			refusal = errs.Fields{{Name: FieldRow, Key: "typed.phone.unknown"}}.Err()
			return nil
		}
		if err := right(); err != nil {
			return err
		}
		sittingID = h.SittingID
		refusal, err = s.onPhone(ctx, tx, h, until)
		return err
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return "", err
	}
	return sittingID, nil
}

// coded is a sheet as its code finds it.
type coded struct {
	ID, Code, SittingID string
	VoidAt              time.Time
	Typed               bool // something of it was typed in
}

// sheetOf returns the sheet with a code among those of some measurements; one with no id if there is none.
func sheetOf(ctx context.Context, tx *db.Tx, list []measurement.Measurement, code string) (coded, error) {
	for _, m := range list {
		sheets, err := db.All[coded](ctx, tx, `SELECT h.id, h.code, COALESCE(h.sitting_id, '') AS sitting_id, h.void_at,
			h.batch_id IS NOT NULL OR EXISTS (SELECT 1 FROM paper_reading r WHERE r.sheet_id = h.id AND r.cells <> '{}') AS typed
			FROM paper_sheet h WHERE h.measurement_id = ?`, m.ID)
		if err != nil {
			return coded{}, err
		}
		if i := slices.IndexFunc(sheets, func(h coded) bool { return id.Typed(h.Code, mostCode) == code }); i >= 0 {
			return sheets[i], nil
		}
	}
	return coded{}, nil
}

// onPhone says why a sheet's test is not sat on a phone; nil if it can be. Whatever comes second is told, here and where sheets are typed.
func (s *Service) onPhone(ctx context.Context, tx *db.Tx, h coded, until time.Time) (refusal, err error) {
	refuse := func(key string) error { return errs.Fields{{Name: FieldRow, Key: key}}.Err() }
	switch {
	case !h.VoidAt.IsZero():
		return refuse("typed.phone.void"), nil
	case h.SittingID == "":
		return refuse("typed.phone.nobody"), nil
	case h.Typed:
		return refuse("typed.phone.typed"), nil
	}
	x, err := s.tests.SittingIn(ctx, tx, h.SittingID)
	switch {
	case err != nil:
		return nil, err
	case x.State == measurement.Done:
		return refuse("typed.phone.done"), nil
	case !x.Open(s.clock.Now()):
		return refuse("typed.phone.closed"), nil
	case x.DueAt.After(until):
		return refuse("typed.phone.early"), nil
	}
	return nil, nil
}
