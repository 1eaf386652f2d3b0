package appointment

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Mine returns the actor's own appointments, running ones first; who was never in the register finds nothing.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (mine []Own, err error) {
	defer errs.Wrap(&err, "appointment.Mine")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		in, err := exists(ctx, tx, `SELECT COUNT(*) FROM guardian WHERE person_id = ?`, actor.PersonID)
		if err != nil {
			return err
		}
		if !in {
			return errs.NotFound("error.not-found")
		}
		list, err := db.All[Appointment](ctx, tx, selectAppointments+`
			WHERE g.person_id = ? AND a.ended <> ? ORDER BY CASE WHEN a.ended = '' THEN 0 ELSE 1 END, a.started_on DESC, a.id`, actor.PersonID, string(Mistaken))
		if err != nil {
			return err
		}
		for _, a := range list {
			history, err := acts(ctx, tx, a.ID)
			if err != nil {
				return err
			}
			o := Own{Appointment: a}
			if s.mayTakeBack(a, history, actor) {
				o.Undo, o.UndoTill = true, history[0].At.Add(UndoFor)
			}
			mine = append(mine, o)
		}
		return nil
	})
	return mine, err
}

// mayTakeBack says whether the latest act is a contact that the actor noted, recent enough to be taken back.
func (s *Service) mayTakeBack(a Appointment, history []Act, actor access.Actor) bool {
	return len(history) > 0 && history[0].Kind == "contact" && history[0].ActorID == actor.PersonID && history[0].undoable(a, s.Clock.Now())
}

// Contact notes that a contact took place on a day: the day and nothing else. It is the guardian's own to note.
func (s *Service) Contact(ctx context.Context, actor access.Actor, appointmentID, on string) (err error) {
	defer errs.Wrap(&err, "appointment.Contact")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := own(ctx, tx, actor, appointmentID)
		if err != nil {
			return err
		}
		if !a.Running() {
			return errs.Conflict("appointment.changed-meanwhile")
		}
		last, faults := contact(a, on, s.today())
		if err := faults.Err(); err != nil {
			return err
		}
		if last == a.ContactOn { // said already: nothing changes, and no history grows
			return nil
		}
		to := a.state()
		to.ContactOn = last
		if err := change(ctx, tx, a, to); err != nil {
			return err
		}
		return note(ctx, tx, a, s.Clock.Now(), actor.PersonID, "contact", a.Edition+1)
	})
}

// TakeBack takes back the contact that the guardian noted last, while that is possible.
func (s *Service) TakeBack(ctx context.Context, actor access.Actor, appointmentID string) (err error) {
	defer errs.Wrap(&err, "appointment.TakeBack")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := own(ctx, tx, actor, appointmentID)
		if err != nil {
			return err
		}
		list, err := acts(ctx, tx, appointmentID)
		if err != nil {
			return err
		}
		if !s.mayTakeBack(a, list, actor) {
			return errs.Gone("appointment.undo-over")
		}
		if err := change(ctx, tx, a, list[0].Before); err != nil {
			return err
		}
		return db.Exec(ctx, tx, `DELETE FROM guardian_appointment_act WHERE id = ?`, list[0].ID)
	})
}

// Gap is what is missing about an appointment or a guardian.
type Gap string

// The gaps.
const (
	NoContact Gap = "contact" // none noted for more than [ContactWithin] days
	Lapsed    Gap = "lapsed"  // the guardian's training and checks hold no longer
	NoCourt   Gap = "court"   // of the appointment
	NoPhone   Gap = "phone"   // of the guardian
)

// Gaps lists them in the order of the report.
var Gaps = []Gap{NoContact, Lapsed, NoCourt, NoPhone}

// Gaps returns what is missing about a running appointment; nothing is asked of one that has ended.
func (s *Service) Gaps(a Appointment) (gaps []Gap) {
	if !a.Running() {
		return nil
	}
	for _, g := range []struct {
		gap  Gap
		here bool
	}{{NoContact, a.Quiet(s.today())}, {Lapsed, !s.Clock.Now().Before(a.ValidUntil)}, {NoCourt, a.CourtID == ""}, {NoPhone, !a.Phone}} {
		if g.here {
			gaps = append(gaps, g.gap)
		}
	}
	return gaps
}

// NameCourt names the court of an appointment that was entered without one.
func (s *Service) NameCourt(ctx context.Context, actor access.Actor, appointmentID, courtID string) (err error) {
	defer errs.Wrap(&err, "appointment.NameCourt")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := one(ctx, tx, actor, access.GuardiansWrite, appointmentID)
		if err != nil {
			return err
		}
		there, err := exists(ctx, tx, `SELECT COUNT(*) FROM guardian_court WHERE id = ? AND closed_at IS NULL`, courtID)
		if err != nil {
			return err
		}
		if !there {
			return fault("court", "appointment.fault.choose")
		}
		n, err := db.Changed(ctx, tx, `UPDATE guardian_appointment SET court_id = ?, edition = edition + 1 WHERE id = ? AND court_id IS NULL AND edition = ?`, courtID, a.ID, a.Edition)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict("appointment.changed-meanwhile")
		}
		return s.tell(ctx, tx, a, actor, "court", 0) // no edition: a court that was named is not taken back
	})
}

// Own is an appointment as the guardian sees it.
type Own struct {
	Appointment
	Undo     bool // the contact that was noted last can be taken back
	UndoTill time.Time
}
