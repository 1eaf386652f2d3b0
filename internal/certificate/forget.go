package certificate

import (
	"context"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// ForgetPerson takes a person's name off their certificates. That one with its number was issued, when and for what, stays: who shows the paper can still be checked.
func ForgetPerson(ctx context.Context, tx *db.Tx, personID string) (err error) {
	defer errs.Wrap(&err, "certificate.ForgetPerson")
	return db.Exec(ctx, tx, `UPDATE certificate SET holder = '—', holder_latin = '' WHERE person_id = ?`, personID)
}
