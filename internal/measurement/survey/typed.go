package survey

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// UndoFor is how long an evaluation that was typed from paper can be taken back. Until then it is in no sum, so that what is taken back was
// never shown.
const UndoFor = 15 * time.Minute

// Typed is an evaluation that was typed from paper, until it joins the sums: who typed it, never who wrote it.
type Typed struct {
	ID string
	By string
	At time.Time
	// The answers are exported for the row's JSON alone.
	Chosen  map[string]string `json:",omitempty"`
	Comment string            `json:",omitempty"`
}

// Until returns until when it can be taken back.
func (t Typed) Until() time.Time { return t.At.Add(UndoFor) }

// Open says whether it can still be taken back.
func (t Typed) Open(now time.Time) bool { return t.ID != "" && now.Before(t.Until()) }

func recent(ctx context.Context, q db.Querier, measurementID string) ([]Typed, error) {
	type waiting struct {
		Recent []Typed `db:"recent,json"`
	}
	rows, err := db.All[waiting](ctx, q, `SELECT recent FROM survey_result WHERE measurement_id = ?`, measurementID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].Recent, nil
}

func keepRecent(ctx context.Context, tx *db.Tx, measurementID string, list []Typed) error {
	return db.Exec(ctx, tx, `UPDATE survey_result SET recent = ? WHERE measurement_id = ?`, db.JSON(append([]Typed{}, list...)), measurementID)
}

// Type keeps answers that somebody typed from paper, for [Gather] to add to the sums later.
func Type(ctx context.Context, tx *db.Tx, measurementID, by string, now time.Time, a Answers) (err error) {
	defer errs.Wrap(&err, "survey.Type")
	if _, err := hold(ctx, tx, measurementID); err != nil {
		return err
	}
	list, err := recent(ctx, tx, measurementID)
	if err != nil {
		return err
	}
	return keepRecent(ctx, tx, measurementID, append(list, Typed{id.New(), by, now, a.chosen, a.comment}))
}

// Last returns what somebody typed last and can still take back; one without an id if there is nothing. The answers are not in it.
func Last(ctx context.Context, q db.Querier, measurementID, by string, now time.Time) (_ Typed, err error) {
	defer errs.Wrap(&err, "survey.Last")
	list, err := recent(ctx, q, measurementID)
	if err != nil {
		return Typed{}, err
	}
	for _, t := range slices.Backward(list) {
		if t.By == by && t.Open(now) {
			return Typed{ID: t.ID, By: t.By, At: t.At}, nil
		}
	}
	return Typed{}, nil
}

// TakeBack forgets what somebody typed a short while ago.
func TakeBack(ctx context.Context, tx *db.Tx, measurementID, typedID, by string, now time.Time) (err error) {
	defer errs.Wrap(&err, "survey.TakeBack")
	if _, err := hold(ctx, tx, measurementID); err != nil {
		return err
	}
	list, err := recent(ctx, tx, measurementID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(t Typed) bool { return t.ID == typedID && t.By == by && t.Open(now) })
	if at < 0 {
		return errs.Conflict("typed.evaluation.late")
	}
	return keepRecent(ctx, tx, measurementID, slices.Delete(list, at, at+1))
}

// Waiting returns the measurements in which typed evaluations wait to join the sums.
func Waiting(ctx context.Context, q db.Querier) (_ []string, err error) {
	defer errs.Wrap(&err, "survey.Waiting")
	return db.All[string](ctx, q, `SELECT measurement_id FROM survey_result WHERE recent <> '[]' ORDER BY measurement_id`)
}

// Gather adds to the sums what cannot be taken back any more, and returns how many evaluations that were.
func Gather(ctx context.Context, tx *db.Tx, measurementID string, now time.Time) (n int, err error) {
	defer errs.Wrap(&err, "survey.Gather")
	r, err := hold(ctx, tx, measurementID)
	if err != nil {
		return 0, err
	}
	list, err := recent(ctx, tx, measurementID)
	if err != nil {
		return 0, err
	}
	left := slices.DeleteFunc(slices.Clone(list), func(t Typed) bool { return !t.Open(now) })
	if n = len(list) - len(left); n == 0 {
		return 0, nil
	}
	for _, t := range list {
		if !t.Open(now) {
			r.add(Answers{t.Chosen, t.Comment})
		}
	}
	if err := keepRecent(ctx, tx, measurementID, left); err != nil {
		return 0, err
	}
	return n, r.keep(ctx, tx, measurementID)
}
