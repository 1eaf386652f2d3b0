// Package appointment keeps the list of appointments: whom a court named for an unaccompanied child, since when and until when.
//
// Goals: the office knows for how many children each guardian acts, which appointments have an open question, and who is to be told within the
// hour when a child is missing; a slip of the pen can be taken back for some minutes. Limits: the child is a random case code that is copied
// to the paper file, and nothing else of the child is here: no name, no birth date (of a child who turned eighteen only the month is kept), no
// word of what was said at a contact. What an appointment means is the court's; kinds, scopes and lists are data (folder guardian) that a
// lawyer has to confirm.
package appointment

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
)

// Deps are what the service needs.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock
	Zone    *time.Location // of the days
	Content *Content
}

// Service keeps appointments.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

func (s *Service) today() string { return s.Clock.Now().In(s.Zone).Format(dayForm) }

// Today is the day of the zone.
func (s *Service) Today() string { return s.today() }

// All returns the appointments of the actor's offices, the latest first.
func (s *Service) All(ctx context.Context, actor access.Actor) (_ []Appointment, err error) {
	defer errs.Wrap(&err, "appointment.All")
	return within(ctx, s.DB, actor, access.GuardiansRead)
}

// Candidate is somebody of the register whom an appointment can be entered for.
type Candidate struct {
	ID           string
	Name         string
	MostChildren int
	Children     int // for whom they act now
}

// Candidates returns whom the actor may enter an appointment for, by name.
func (s *Service) Candidates(ctx context.Context, actor access.Actor) (_ []Candidate, err error) {
	defer errs.Wrap(&err, "appointment.Candidates")
	condition, args := actor.Within(access.GuardiansWrite, "u.path")
	return db.All[Candidate](ctx, s.DB, `
		SELECT g.id, p.given_name || ' ' || p.family_name AS name, g.most_children,
			(SELECT COUNT(DISTINCT a.case_code) FROM guardian_appointment a WHERE a.guardian_id = g.id AND a.ended = '') AS children
		FROM guardian g JOIN identity_person p ON p.id = g.person_id JOIN identity_unit u ON u.id = g.unit_id
		WHERE g.state <> 'removed' AND `+condition+` ORDER BY p.sort_key, g.id`, args...)
}

// Enter writes an appointment that a court has made, and returns it: a child without a code has one now.
func (s *Service) Enter(ctx context.Context, actor access.Actor, d Draft) (a Appointment, err error) {
	defer errs.Wrap(&err, "appointment.Enter")
	if !actor.Has(access.GuardiansWrite) {
		return a, errs.NotFound("error.not-found")
	}
	type entry struct {
		State        guardian.State
		MostChildren int
		UnitPath     string
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		if !id.Valid(d.GuardianID) {
			return fault("guardian", "appointment.fault.choose")
		}
		if err := lock(ctx, tx, d.GuardianID); err != nil {
			return err
		}
		list, err := db.All[entry](ctx, tx, `SELECT g.state, g.most_children, u.path AS unit_path FROM guardian g JOIN identity_unit u ON u.id = g.unit_id WHERE g.id = ?`, d.GuardianID)
		if err != nil {
			return err
		}
		if len(list) == 0 || !actor.May(access.GuardiansWrite, list[0].UnitPath) { // as if there were none
			return fault("guardian", "appointment.fault.choose")
		}
		code := typedCode(d.Code)
		f, err := s.around(ctx, tx, list[0].State, list[0].MostChildren, d, code)
		if err != nil {
			return err
		}
		if err := d.check(s.Content, f).Err(); err != nil {
			return err
		}
		if code == "" {
			if code, err = unusedCode(ctx, tx); err != nil {
				return err
			}
		}
		a = Appointment{ID: id.New(), GuardianID: d.GuardianID, CaseCode: code, Kind: d.Kind, Scope: d.Scope, CourtID: d.CourtID, DecidedOn: d.DecidedOn, StartedOn: d.StartedOn, Edition: 1}
		if err := insert(ctx, tx, a); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, a, actor, "entered", 1); err != nil {
			return err
		}
		return guardian.Note(ctx, tx, guardian.Event{GuardianID: a.GuardianID, At: s.Clock.Now(), ActorID: actor.PersonID, Kind: "appointed"})
	})
	return a, err
}

// fault is one fault of a form.
func fault(name, key string) error {
	var f errs.Fields
	f.Add(name, key)
	return f.Err()
}

// tell writes an act into the appointment's history and the record of acts.
func (s *Service) tell(ctx context.Context, tx *db.Tx, a Appointment, actor access.Actor, kind string, edition int64) error {
	now := s.Clock.Now()
	if err := note(ctx, tx, a, now, actor.PersonID, kind, edition); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, actor.PersonID, "guardian.appointment."+kind, "appointment:"+a.ID, nil)
}

// Tick is what of a list was done, and when.
type Tick struct {
	List string
	Item string
	At   time.Time
	By   string // name
}

// Page is an appointment with all that stands beside it.
type Page struct {
	Appointment
	Acts     []Act
	Ticks    []Tick
	MayWrite bool
	Undo     bool // the latest act can be taken back
	UndoTill time.Time
	Others   []Appointment // of the same child
}

// Done returns when an item of a list was ticked; false if it was not.
func (p Page) Done(list, item string) (Tick, bool) {
	i := slices.IndexFunc(p.Ticks, func(t Tick) bool { return t.List == list && t.Item == item })
	if i < 0 {
		return Tick{}, false
	}
	return p.Ticks[i], true
}

// Page returns an appointment to the office that keeps the guardian's entry; to anybody else it is not found.
func (s *Service) Page(ctx context.Context, actor access.Actor, appointmentID string) (p Page, err error) {
	defer errs.Wrap(&err, "appointment.Page")
	err = s.DB.View(ctx, func(tx *db.Tx) (err error) {
		if p.Appointment, err = one(ctx, tx, actor, access.GuardiansRead, appointmentID); err != nil {
			return err
		}
		p.MayWrite = actor.May(access.GuardiansWrite, p.UnitPath)
		if p.Acts, err = acts(ctx, tx, appointmentID); err != nil {
			return err
		}
		if len(p.Acts) > 0 {
			p.Undo, p.UndoTill = p.MayWrite && p.Acts[0].undoable(p.Appointment, s.Clock.Now()), p.Acts[0].At.Add(UndoFor)
		}
		if p.Ticks, err = db.All[Tick](ctx, tx, `
			SELECT t.list, t.item, t.at, p.given_name || ' ' || p.family_name AS by FROM guardian_tick t JOIN identity_person p ON p.id = t.actor_id
			WHERE t.appointment_id = ? ORDER BY t.at, t.item`, appointmentID); err != nil {
			return err
		}
		condition, args := actor.Within(access.GuardiansRead, "u.path")
		p.Others, err = db.All[Appointment](ctx, tx, selectAppointments+`WHERE a.case_code = ? AND a.id <> ? AND `+condition+` ORDER BY a.started_on, a.id`,
			append([]any{p.CaseCode, appointmentID}, args...)...)
		return err
	})
	return p, err
}

// act changes an appointment of the actor's office within one transaction, and says so in its history.
func (s *Service) act(ctx context.Context, actor access.Actor, appointmentID, kind string, to func(tx *db.Tx, a Appointment) (state, error)) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := one(ctx, tx, actor, access.GuardiansWrite, appointmentID)
		if err != nil {
			return err
		}
		after, err := to(tx, a)
		if err != nil {
			return err
		}
		if err := change(ctx, tx, a, after); err != nil {
			return err
		}
		return s.tell(ctx, tx, a, actor, kind, a.Edition+1)
	})
}

// End ends an appointment. edition is of the one that the actor saw.
func (s *Service) End(ctx context.Context, actor access.Actor, appointmentID string, e End, edition int64) (err error) {
	defer errs.Wrap(&err, "appointment.End")
	return s.act(ctx, actor, appointmentID, "ended", func(tx *db.Tx, a Appointment) (state, error) {
		if a.Edition != edition || !a.Running() {
			return state{}, errs.Conflict("appointment.changed-meanwhile")
		}
		on, faults := endedOn(a, e, s.today())
		if err := faults.Err(); err != nil {
			return state{}, err
		}
		to := a.state()
		to.EndedOn, to.Ended = on, e.Reason
		return to, guardian.Note(ctx, tx, guardian.Event{GuardianID: a.GuardianID, At: s.Clock.Now(), ActorID: actor.PersonID, Kind: "appointment-ended"})
	})
}

// ReportMissing notes that the child is missing, from which the list of whom to tell begins. It ends nothing.
func (s *Service) ReportMissing(ctx context.Context, actor access.Actor, appointmentID string) (err error) {
	defer errs.Wrap(&err, "appointment.ReportMissing")
	return s.act(ctx, actor, appointmentID, "missing", func(_ *db.Tx, a Appointment) (state, error) {
		if !a.Running() || a.IsMissing() {
			return state{}, errs.Conflict("appointment.changed-meanwhile")
		}
		to := a.state()
		to.MissingSince = s.Clock.Now()
		return to, nil
	})
}

// Found notes that the child was found: the list of whom to tell begins anew should it happen again.
func (s *Service) Found(ctx context.Context, actor access.Actor, appointmentID string) (err error) {
	defer errs.Wrap(&err, "appointment.Found")
	return s.act(ctx, actor, appointmentID, "found", func(tx *db.Tx, a Appointment) (state, error) {
		if !a.IsMissing() {
			return state{}, errs.Conflict("appointment.changed-meanwhile")
		}
		to := a.state()
		to.MissingSince = time.Time{}
		return to, db.Exec(ctx, tx, `DELETE FROM guardian_tick WHERE appointment_id = ? AND list = ?`, a.ID, MissingList)
	})
}

// Tick says that an item of a list was done now, or that it was not.
func (s *Service) Tick(ctx context.Context, actor access.Actor, appointmentID, list, item string, done bool) (err error) {
	defer errs.Wrap(&err, "appointment.Tick")
	l, ok := s.Content.list(list)
	if !ok || !slices.ContainsFunc(l.Items, func(i Item) bool { return i.ID == item }) {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := one(ctx, tx, actor, access.GuardiansWrite, appointmentID)
		if err != nil {
			return err
		}
		if list == MissingList && !a.IsMissing() {
			return errs.Conflict("appointment.changed-meanwhile")
		}
		if !done {
			return db.Exec(ctx, tx, `DELETE FROM guardian_tick WHERE appointment_id = ? AND list = ? AND item = ?`, a.ID, list, item)
		}
		return db.Exec(ctx, tx, `INSERT INTO guardian_tick (appointment_id, list, item, at, actor_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			a.ID, list, item, s.Clock.Now(), actor.PersonID)
	})
}

// Undo takes back the latest act of an appointment, while that is possible: what was entered is gone as if it had never been, what else was done
// is as it was before.
func (s *Service) Undo(ctx context.Context, actor access.Actor, appointmentID string) (gone bool, err error) {
	defer errs.Wrap(&err, "appointment.Undo")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := one(ctx, tx, actor, access.GuardiansWrite, appointmentID)
		if err != nil {
			return err
		}
		list, err := acts(ctx, tx, appointmentID)
		if err != nil {
			return err
		}
		if len(list) == 0 || !list[0].undoable(a, s.Clock.Now()) {
			return errs.Gone("appointment.undo-over")
		}
		last := list[0]
		if last.Kind == "entered" {
			gone = true
			if err := db.Exec(ctx, tx, `DELETE FROM guardian_appointment WHERE id = ? AND edition = ?`, a.ID, a.Edition); err != nil {
				return err
			}
		} else {
			if err := s.room(ctx, tx, a, last.Before); err != nil {
				return err
			}
			if err := change(ctx, tx, a, last.Before); err != nil {
				return err
			}
			if err := db.Exec(ctx, tx, `DELETE FROM guardian_appointment_act WHERE id = ?`, last.ID); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "guardian.appointment.undo", "appointment:"+a.ID, map[string]any{"act": last.Kind})
	})
	return gone, err
}

// room refuses to take an end back when the guardian has meanwhile as many children as they may.
func (s *Service) room(ctx context.Context, tx *db.Tx, a Appointment, before state) error {
	if a.Running() || before.Ended != "" {
		return nil
	}
	if err := lock(ctx, tx, a.GuardianID); err != nil {
		return err
	}
	type load struct{ Children, MostChildren int }
	now, err := db.One[load](ctx, tx, `
		SELECT (SELECT COUNT(DISTINCT a.case_code) FROM guardian_appointment a WHERE a.guardian_id = g.id AND a.ended = '' AND a.case_code <> ?) AS children, g.most_children
		FROM guardian g WHERE g.id = ?`, a.CaseCode, a.GuardianID)
	if err != nil {
		return err
	}
	if now.Children >= now.MostChildren {
		return errs.Conflict("appointment.fault.limit", "Limit", now.MostChildren)
	}
	return nil
}
