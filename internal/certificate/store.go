package certificate

import (
	"context"
	"errors"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

const columns = `c.id, c.number, c.code, c.person_id, COALESCE(c.enrolment_id, '') AS enrolment_id, COALESCE(c.attempt_id, '') AS attempt_id,
	COALESCE(c.course_id, '') AS course_id, COALESCE(c.version_id, '') AS version_id, c.lang,
	c.holder, c.holder_latin, c.heading, c.title, c.hours, c.objectives, c.fund, c.issuer, c.issued_at, c.valid_until, c.revoked_at, c.revoked_by, c.revoked_reason,
	COALESCE(c.training_id, '') AS training_id, c.hours_of, c.hour_minutes, c.held_from, c.held_until, c.place,
	(SELECT MIN(n.issued_at) FROM certificate n WHERE n.person_id = c.person_id AND (n.course_id = c.course_id OR n.training_id = c.training_id) AND n.revoked_at IS NULL
		AND (n.issued_at > c.issued_at OR (n.issued_at = c.issued_at AND n.id > c.id))) AS superseded_at`

// lockNumbers holds the year's counter until the transaction ends, so that of two issuers one waits: numbers have no gaps,
// and a repeated award finds what the first one made. It returns the last number given.
func lockNumbers(ctx context.Context, tx *db.Tx, year int) (last int, err error) {
	if err := db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, '0') ON CONFLICT (name) DO UPDATE SET value = setting.value`, counter(year)); err != nil {
		return 0, err
	}
	value, err := db.One[string](ctx, tx, `SELECT value FROM setting WHERE name = ?`, counter(year))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(value)
}

func setNumber(ctx context.Context, tx *db.Tx, year, last int) error {
	return db.Exec(ctx, tx, `UPDATE setting SET value = ? WHERE name = ?`, strconv.Itoa(last), counter(year))
}

func counter(year int) string { return "certificate.last-number." + strconv.Itoa(year) }

// issued returns the certificate that was issued for the same pass, or that says the same of the training; found is false if none was.
func (a Award) issued(ctx context.Context, q db.Querier) (c Certificate, found bool, err error) {
	switch {
	case a.TrainingID != "":
		c, err = db.One[Certificate](ctx, q, `SELECT `+columns+` FROM certificate c WHERE c.training_id = ? AND c.person_id = ? AND c.revoked_at IS NULL ORDER BY c.issued_at DESC, c.id DESC LIMIT 1`, a.TrainingID, a.PersonID)
	case a.AttemptID != "":
		c, err = db.One[Certificate](ctx, q, `SELECT `+columns+` FROM certificate c WHERE c.enrolment_id = ? AND c.attempt_id = ?`, a.EnrolmentID, a.AttemptID)
	default:
		c, err = db.One[Certificate](ctx, q, `SELECT `+columns+` FROM certificate c WHERE c.enrolment_id = ? AND c.attempt_id IS NULL`, a.EnrolmentID)
	}
	if errors.Is(err, errs.ErrNotFound) {
		return c, false, nil
	}
	found = err == nil && (a.TrainingID == "" || c.Hours == a.Hours && c.Holder == a.Holder && c.Title == a.Title && c.equal(a.Attended))
	return c, found, err
}

func insert(ctx context.Context, tx *db.Tx, c Certificate) error {
	return db.Exec(ctx, tx, `
		INSERT INTO certificate (id, number, code, person_id, enrolment_id, attempt_id, course_id, version_id, training_id, lang,
			holder, holder_latin, heading, title, hours, hours_of, hour_minutes, held_from, held_until, place, objectives, fund, issuer, issued_at, valid_until)
		VALUES (?, ?, ?, ?, NULLIF(?, ''), NULLIF(?, ''), NULLIF(?, ''), NULLIF(?, ''), NULLIF(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Number, c.Code, c.PersonID, c.EnrolmentID, c.AttemptID, c.CourseID, c.VersionID, c.TrainingID, c.Lang,
		c.Holder, c.HolderLatin, c.Heading, c.Title, c.Hours, c.HoursOf, c.HourMinutes, c.HeldFrom, c.HeldUntil, c.Place, db.JSON(c.Objectives), c.Fund, c.Issuer, c.IssuedAt, c.ValidUntil)
}

func byCode(ctx context.Context, q db.Querier, code string) (Certificate, error) {
	return db.One[Certificate](ctx, q, `SELECT `+columns+` FROM certificate c WHERE c.code = ?`, code)
}

// visible returns a certificate that belongs to the actor or whose holder is within reach of one of the permission.
func visible(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, certificateID string, orOwn bool) (Certificate, error) {
	within, args := actor.Within(p, "u.path")
	args = append([]any{certificateID}, args...)
	if orOwn {
		within, args = "("+within+" OR c.person_id = ?)", append(args, actor.PersonID)
	}
	return db.One[Certificate](ctx, q, `
		SELECT `+columns+` FROM certificate c JOIN person p ON p.id = c.person_id JOIN unit u ON u.id = p.unit_id
		WHERE c.id = ? AND `+within, args...)
}

// ofPerson returns a person's certificates, the newest first.
func ofPerson(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, personID string) ([]Certificate, error) {
	within, args := actor.Within(p, "u.path")
	if personID == actor.PersonID {
		within, args = "TRUE", nil
	}
	return db.All[Certificate](ctx, q, `
		SELECT `+columns+` FROM certificate c JOIN person p ON p.id = c.person_id JOIN unit u ON u.id = p.unit_id
		WHERE c.person_id = ? AND `+within+` ORDER BY c.issued_at DESC, c.id DESC`, append([]any{personID}, args...)...)
}

// spelling returns the Latin letters that a person gave for the same name before; "" if they have not.
func spelling(ctx context.Context, q db.Querier, personID, holder string) (string, error) {
	latin, err := db.One[string](ctx, q, `SELECT holder_latin FROM certificate WHERE person_id = ? AND holder = ? AND holder_latin <> '' ORDER BY issued_at DESC, id DESC LIMIT 1`, personID, holder)
	if errors.Is(err, errs.ErrNotFound) {
		return "", nil
	}
	return latin, err
}

// spell writes the Latin letters once; of two attempts only one changes a row.
func spell(ctx context.Context, tx *db.Tx, certificateID, latin string) (done bool, err error) {
	n, err := db.Changed(ctx, tx, `UPDATE certificate SET holder_latin = ? WHERE id = ? AND holder_latin = ''`, latin, certificateID)
	return n == 1, err
}

// revoke revokes a certificate once; of two attempts only one changes a row.
func revoke(ctx context.Context, tx *db.Tx, certificateID, by, reason string, now time.Time) (done bool, err error) {
	n, err := db.Changed(ctx, tx, `UPDATE certificate SET revoked_at = ?, revoked_by = ?, revoked_reason = ? WHERE id = ? AND revoked_at IS NULL`,
		now, by, reason, certificateID)
	return n == 1, err
}
