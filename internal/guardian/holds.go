package guardian

import (
	"context"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Holds says whether somebody is in the register, has a history that is kept, or wants to be in it.
func (s *Service) Holds(ctx context.Context, q db.Querier, personID string) (_ bool, err error) {
	defer errs.Wrap(&err, "guardian.Holds")
	n, err := db.One[int](ctx, q, `SELECT (SELECT COUNT(*) FROM guardian WHERE person_id = ?) + (SELECT COUNT(*) FROM guardian_candidate WHERE person_id = ?)`, personID, personID)
	return n > 0, err
}
