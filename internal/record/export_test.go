package record

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Statement is one thing that one person did.
type Statement struct {
	ID       string
	At       time.Time
	PersonID string
	Verb     Verb
	Object   string         // course/ID, course/ID/lesson/ID, …
	Result   map[string]any `db:"result,json"`
}

// Of returns a person's statements, the newest first.
func Of(ctx context.Context, q db.Querier, personID string, limit int) (_ []Statement, err error) {
	defer errs.Wrap(&err, "record.Of")
	return db.All[Statement](ctx, q, `
		SELECT id, at, person_id, verb, object, result FROM statement WHERE person_id = ? ORDER BY at DESC, id DESC LIMIT ?`, personID, limit)
}
