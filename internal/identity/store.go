package identity

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

const unitColumns = `u.id, COALESCE(u.parent_id, '') AS parent_id, u.path, u.kind, u.name, u.code, u.region, u.powiat, u.created_at`

func listUnits(ctx context.Context, q db.Querier, condition string, args ...any) ([]Unit, error) {
	return db.All[Unit](ctx, q, `SELECT `+unitColumns+` FROM unit u WHERE `+condition, args...)
}

func getUnit(ctx context.Context, q db.Querier, unitID string) (Unit, error) {
	if !id.Valid(unitID) { // PostgreSQL refuses a text with a zero byte or broken UTF-8 rather than not finding it
		return Unit{}, errs.NotFound("error.not-found")
	}
	return db.One[Unit](ctx, q, `SELECT `+unitColumns+` FROM unit u WHERE u.id = ?`, unitID)
}

type unitCount struct {
	UnitID string
	People int
}

func countPeople(ctx context.Context, q db.Querier) ([]unitCount, error) {
	return db.All[unitCount](ctx, q, `SELECT unit_id, COUNT(*) AS people FROM person GROUP BY unit_id`)
}

func saveUnit(ctx context.Context, tx *db.Tx, u Unit) error {
	return db.Exec(ctx, tx, `INSERT INTO unit (id, parent_id, path, kind, name, code, region, powiat, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		u.ID, null(u.ParentID), u.Path, u.Kind, u.Name, u.Code, u.Region, u.Powiat, u.CreatedAt)
}

func updateUnit(ctx context.Context, tx *db.Tx, u Unit) error {
	return db.Exec(ctx, tx, `UPDATE unit SET kind = ?, name = ?, code = ?, region = ?, powiat = ? WHERE id = ?`, u.Kind, u.Name, u.Code, u.Region, u.Powiat, u.ID)
}

// null keeps "nothing" apart from an empty text where a column refers to another table or must be unique.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

const personColumns = `p.id, p.organisation_id, p.unit_id, u.path AS unit_path, u.name AS unit_name, o.name AS organisation,
	p.given_name, p.family_name, COALESCE(p.mail, '') AS mail, COALESCE(p.service_number, '') AS service_number, p.lang, p.sex,
	p.region, p.state, p.password_hash <> '' AS has_password, p.created_at, p.activated_at, p.mail_refused_at`

const personTables = `person p JOIN unit u ON u.id = p.unit_id JOIN unit o ON o.id = p.organisation_id`

// getPerson returns a person with all roles.
func getPerson(ctx context.Context, q db.Querier, personID string) (Person, error) {
	p, err := db.One[Person](ctx, q, `SELECT `+personColumns+` FROM `+personTables+` WHERE p.id = ?`, personID)
	if err != nil {
		return Person{}, err
	}
	p.Roles, err = listGrants(ctx, q, personID)
	return p, err
}

const grantRows = `SELECT g.id, g.person_id, g.role, COALESCE(g.unit_id, '') AS unit_id, COALESCE(u.path, '') AS unit_path,
	COALESCE(u.name, '') AS unit_name, g.expires_at, g.created_at FROM role_grant g LEFT JOIN unit u ON u.id = g.unit_id`

func listGrants(ctx context.Context, q db.Querier, personID string) ([]RoleGrant, error) {
	return db.All[RoleGrant](ctx, q, grantRows+` WHERE g.person_id = ? ORDER BY g.created_at, g.id`, personID)
}

// grantsOf returns roles as what an actor may do; which of them have ended the actor decides by its time.
func grantsOf(roles []RoleGrant) []access.Grant {
	grants := make([]access.Grant, len(roles))
	for i, g := range roles {
		grants[i] = access.Grant{Role: g.Role, Path: g.UnitPath, Expires: g.ExpiresAt}
	}
	return grants
}

func insertPerson(ctx context.Context, tx *db.Tx, p Person, d Draft) error {
	return db.Exec(ctx, tx, `
		INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, service_number,
			lang, sex, region, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.OrganisationID, p.UnitID, d.GivenName, d.FamilyName, text.SortKey(d.FamilyName, d.GivenName), searchText(d),
		null(d.Mail), null(d.ServiceNumber), d.Lang, d.Sex, d.Region, p.State, p.CreatedAt)
}

func updatePerson(ctx context.Context, tx *db.Tx, personID, organisationID string, d Draft) error {
	return db.Exec(ctx, tx, `
		UPDATE person SET organisation_id = ?, unit_id = ?, given_name = ?, family_name = ?, sort_key = ?, search_text = ?, mail = ?,
			service_number = ?, lang = ?, sex = ?, region = ? WHERE id = ?`,
		organisationID, d.UnitID, d.GivenName, d.FamilyName, text.SortKey(d.FamilyName, d.GivenName), searchText(d), null(d.Mail),
		null(d.ServiceNumber), d.Lang, d.Sex, d.Region, personID)
}

// NoteMail notes that a mail server took a letter to an address, or refused the address for good.
func (s *Service) NoteMail(ctx context.Context, tx *db.Tx, address string, refused bool) (err error) {
	defer errs.Wrap(&err, "identity.NoteMail")
	if refused {
		return db.Exec(ctx, tx, `UPDATE person SET mail_refused_at = ? WHERE mail = ?`, s.clock.Now(), address)
	}
	return db.Exec(ctx, tx, `UPDATE person SET mail_refused_at = NULL WHERE mail = ? AND mail_refused_at IS NOT NULL`, address)
}

func setState(ctx context.Context, tx *db.Tx, personID string, state State) error {
	return db.Exec(ctx, tx, `UPDATE person SET state = ? WHERE id = ?`, state, personID)
}

// inUse says of which fields of the draft another person has the value already.
func inUse(ctx context.Context, q db.Querier, personID, organisationID string, d Draft) (mail, number bool, err error) {
	if d.Mail != "" {
		n, err := db.One[int](ctx, q, `SELECT COUNT(*) FROM person WHERE mail = ? AND id <> ?`, d.Mail, personID)
		if err != nil {
			return false, false, err
		}
		mail = n > 0
	}
	if d.ServiceNumber != "" {
		n, err := db.One[int](ctx, q, `SELECT COUNT(*) FROM person WHERE organisation_id = ? AND service_number = ? AND id <> ?`, organisationID, d.ServiceNumber, personID)
		if err != nil {
			return false, false, err
		}
		number = n > 0
	}
	return mail, number, nil
}

func insertGrant(ctx context.Context, tx *db.Tx, g RoleGrant, by string) (added bool, err error) {
	n, err := db.Changed(ctx, tx, `
		INSERT INTO role_grant (id, person_id, role, unit_id, expires_at, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, g.ID, g.PersonID, g.Role, null(g.UnitID), g.ExpiresAt, g.CreatedAt, null(by))
	return n == 1, err
}

// permanentAdministrators counts those who can always let the others in again: active, for the whole installation, without end.
func permanentAdministrators(ctx context.Context, q db.Querier) (int, error) {
	return db.One[int](ctx, q, `SELECT COUNT(DISTINCT p.id) FROM role_grant g JOIN person p ON p.id = g.person_id
		WHERE g.role = ? AND g.unit_id IS NULL AND g.expires_at IS NULL AND p.state = ?`, access.Administrator, Active)
}

// lockAdministrators makes changes to who administrates wait for each other, so that the last two cannot remove one another
// in the same moment.
func lockAdministrators(ctx context.Context, tx *db.Tx) error {
	return db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('identity.administrators', '') ON CONFLICT (name) DO UPDATE SET value = ''`)
}

func anybody(ctx context.Context, q db.Querier) (bool, error) {
	n, err := db.One[int](ctx, q, `SELECT COUNT(*) FROM (SELECT id FROM person LIMIT 1) p`)
	return n > 0, err
}

func endSessions(ctx context.Context, tx *db.Tx, personID, exceptID string) error {
	return db.Exec(ctx, tx, `DELETE FROM session WHERE person_id = ? AND id <> ?`, personID, exceptID)
}
