package onpaper

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/measurement"
)

// ToRead are sheets of a training's wave that were drawn to be read a second time and were not.
type ToRead struct {
	MeasurementID string
	Wave          measurement.Wave
	Sheets        int
}

// ToRead returns what is to be read a second time of the trainings whose measurements the actor may change. Who read a sheet first is not asked for it
// again: two people see more than one.
func (s *Service) ToRead(ctx context.Context, actor access.Actor) (_ []ToRead, err error) {
	defer errs.Wrap(&err, "onpaper.ToRead")
	within, args := actor.Within(access.Measure, "u.path")
	return db.All[ToRead](ctx, s.db, `
		SELECT h.measurement_id, h.wave, COUNT(*) AS sheets
		FROM paper_batch b JOIN paper_sheet h ON h.batch_id = b.id JOIN measurement m ON m.id = h.measurement_id JOIN unit u ON u.id = m.unit_id
			JOIN paper_reading f ON f.sheet_id = h.id AND f.reading = 1
		WHERE b.done_at IS NULL AND h.drawn AND h.void_at IS NULL AND f.typed_by <> ? AND `+within+`
			AND NOT EXISTS (SELECT 1 FROM paper_reading r WHERE r.sheet_id = h.id AND r.reading = 2)
		GROUP BY h.measurement_id, h.wave ORDER BY h.measurement_id, h.wave LIMIT 50`, append([]any{actor.PersonID}, args...)...)
}
