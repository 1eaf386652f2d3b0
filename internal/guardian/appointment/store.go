package appointment

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
)

const selectAppointments = `
	SELECT a.id, a.guardian_id, g.person_id, u.path AS unit_path, p.given_name || ' ' || p.family_name AS name, a.case_code, a.kind, a.scope,
		COALESCE(a.court_id, '') AS court_id, COALESCE(c.short, '') AS court, a.decided_on, a.started_on, a.ended_on, a.ended, a.contact_on, a.missing_since,
		g.valid_until, g.phone <> '' AS has_phone, a.edition
	FROM guardian_appointment a JOIN guardian g ON g.id = a.guardian_id JOIN identity_person p ON p.id = g.person_id JOIN identity_unit u ON u.id = g.unit_id
		LEFT JOIN guardian_court c ON c.id = a.court_id `

// within returns the appointments of the offices within which the actor has a right, the latest first.
func within(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission) ([]Appointment, error) {
	condition, args := actor.Within(p, "u.path")
	return db.All[Appointment](ctx, q, selectAppointments+`WHERE `+condition+` ORDER BY a.started_on DESC, a.id DESC`, args...)
}

// one returns an appointment of an office within which the actor has a right; any other is not found.
func one(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, appointmentID string) (Appointment, error) {
	if !id.Valid(appointmentID) {
		return Appointment{}, errs.NotFound("error.not-found")
	}
	condition, args := actor.Within(p, "u.path")
	return found(db.One[Appointment](ctx, q, selectAppointments+`WHERE a.id = ? AND `+condition, append([]any{appointmentID}, args...)...))
}

// own returns one of the actor's own appointments; any other is not found.
func own(ctx context.Context, q db.Querier, actor access.Actor, appointmentID string) (Appointment, error) {
	if !id.Valid(appointmentID) {
		return Appointment{}, errs.NotFound("error.not-found")
	}
	return found(db.One[Appointment](ctx, q, selectAppointments+`WHERE a.id = ? AND g.person_id = ?`, appointmentID, actor.PersonID))
}

// found is what was read, in which what is not there is not found in words for people.
func found[T any](v T, err error) (T, error) {
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("error.not-found").Because(err)
	}
	return v, err
}

// lock holds the guardian's row, so that two who enter at once do not both see room for one more child.
func lock(ctx context.Context, tx *db.Tx, guardianID string) error {
	return db.Exec(ctx, tx, `UPDATE guardian SET edition = edition WHERE id = ?`, guardianID)
}

// around reads what the rules for a draft have to know. code is the typed one, as it is kept.
func (s *Service) around(ctx context.Context, tx *db.Tx, g guardian.State, most int, d Draft, code string) (f facts, err error) {
	f = facts{today: s.today(), removed: g == guardian.Removed, most: most}
	type first struct{ At time.Time }
	admitted, err := db.One[first](ctx, tx, `SELECT MIN(at) AS at FROM guardian_event WHERE guardian_id = ? AND kind = 'admitted'`, d.GuardianID)
	if err != nil {
		return f, err
	}
	if !admitted.At.IsZero() {
		f.admittedOn = admitted.At.In(s.Zone).Format(dayForm)
	}
	running, err := db.All[Appointment](ctx, tx, selectAppointments+`WHERE a.guardian_id = ? AND a.ended = ''`, d.GuardianID)
	if err != nil {
		return f, err
	}
	children := map[string]bool{}
	for _, a := range running {
		if a.CaseCode != code {
			children[a.CaseCode] = true
			continue
		}
		f.twice = f.twice || a.Kind == d.Kind && slices.ContainsFunc(d.Scope, func(s string) bool { return slices.Contains(a.Scope, s) })
	}
	f.children = len(children)
	if code != "" {
		if f.known, err = exists(ctx, tx, `SELECT COUNT(*) FROM guardian_appointment WHERE case_code = ?`, code); err != nil {
			return f, err
		}
	}
	if d.CourtID != "" {
		f.court, err = exists(ctx, tx, `SELECT COUNT(*) FROM guardian_court WHERE id = ? AND closed_at IS NULL`, d.CourtID)
	}
	return f, err
}

func exists(ctx context.Context, q db.Querier, count string, args ...any) (bool, error) {
	n, err := db.One[int](ctx, q, count, args...)
	return n > 0, err
}

// unusedCode returns a new case code.
func unusedCode(ctx context.Context, tx *db.Tx) (string, error) {
	for {
		code := newCode()
		used, err := exists(ctx, tx, `SELECT COUNT(*) FROM guardian_appointment WHERE case_code = ?`, code)
		if err != nil || !used {
			return code, err
		}
	}
}

// insert writes a new appointment.
func insert(ctx context.Context, tx *db.Tx, a Appointment) error {
	var court any
	if a.CourtID != "" {
		court = a.CourtID
	}
	return db.Exec(ctx, tx, `
		INSERT INTO guardian_appointment (id, guardian_id, case_code, kind, scope, court_id, decided_on, started_on, edition) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)`,
		a.ID, a.GuardianID, a.CaseCode, a.Kind, db.JSON(a.Scope), court, a.DecidedOn, a.StartedOn)
}

// change brings an appointment into another state, unless somebody was faster.
func change(ctx context.Context, tx *db.Tx, a Appointment, to state) error {
	var missing any
	if !to.MissingSince.IsZero() {
		missing = to.MissingSince
	}
	n, err := db.Changed(ctx, tx, `
		UPDATE guardian_appointment SET ended_on = ?, ended = ?, contact_on = ?, missing_since = ?, edition = edition + 1 WHERE id = ? AND edition = ?`,
		to.EndedOn, string(to.Ended), to.ContactOn, missing, a.ID, a.Edition)
	if err == nil && n == 0 {
		err = errs.Conflict("appointment.changed-meanwhile")
	}
	return err
}

// note writes a line into an appointment's history. edition is that of the row after the act.
func note(ctx context.Context, tx *db.Tx, a Appointment, at time.Time, actorID, kind string, edition int64) error {
	return db.Exec(ctx, tx, `INSERT INTO guardian_appointment_act (id, appointment_id, at, actor_id, kind, before, edition) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id.New(), a.ID, at, actorID, kind, db.JSON(a.state()), edition)
}

// acts returns an appointment's history, the latest first.
func acts(ctx context.Context, q db.Querier, appointmentID string) ([]Act, error) {
	return db.All[Act](ctx, q, `
		SELECT x.id, x.at, x.kind, p.given_name || ' ' || p.family_name AS by, x.actor_id, x.before, x.edition
		FROM guardian_appointment_act x JOIN identity_person p ON p.id = x.actor_id WHERE x.appointment_id = ? ORDER BY x.at DESC, x.edition DESC`, appointmentID)
}
