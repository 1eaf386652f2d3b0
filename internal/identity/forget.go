package identity

import (
	"context"

	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Erased is the state of an account of which nothing is known any more: its row stays, since others refer to it.
const Erased State = "erased"

// nameless stands where a list shows a name.
const nameless = "—"

// Forget erases all that is known of a person: names, address, number, sex, region, unit, roles, sessions and links. Nobody can sign in to the account, and it is in no list of people.
func (s *Service) Forget(ctx context.Context, tx *db.Tx, personID string) (err error) {
	defer errs.Wrap(&err, "identity.Forget")
	for _, text := range []string{
		`DELETE FROM role_grant WHERE person_id = ?`, `DELETE FROM session WHERE person_id = ?`, `DELETE FROM access_link WHERE person_id = ?`, `DELETE FROM import_preview WHERE owner_id = ?`, `DELETE FROM import_taken WHERE person_id = ?`,
	} {
		if err := db.Exec(ctx, tx, text, personID); err != nil {
			return err
		}
	}
	if err := db.Exec(ctx, tx, `
		UPDATE person SET given_name = ?, family_name = '', sort_key = '', search_text = '', mail = NULL, service_number = NULL, sex = '', region = '', password_hash = '', mail_refused_at = NULL, here_at = NULL, here_before = NULL,
			activated_at = NULL, unit_id = organisation_id, state = ? WHERE id = ?`, nameless, string(Erased), personID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, s.clock.Now(), "", "person.erase", "person:"+personID, nil)
}
