// Package audit keeps the append-only record of who did what. It holds identifiers, never names or addresses, and outlives
// the persons it speaks of.
package audit

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Record writes an entry into the transaction of what it tells of, so that neither can be without the other. object is
// "kind:identifier"; detail is kept as JSON.
func Record(ctx context.Context, tx *db.Tx, at time.Time, actorID, action, object string, detail any) (err error) {
	defer errs.Wrap(&err, "audit.Record(%s)", action)
	if detail == nil {
		detail = struct{}{}
	}
	return db.Exec(ctx, tx, `INSERT INTO audit (id, at, actor_id, action, object, detail) VALUES (?, ?, ?, ?, ?, ?)`,
		id.New(), at, actorID, action, object, db.JSON(detail))
}
