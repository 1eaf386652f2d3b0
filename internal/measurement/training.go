package measurement

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// training returns a training that the actor may change.
func (s *Service) training(ctx context.Context, q db.Querier, actor access.Actor, measurementID string) (Measurement, error) {
	m, err := s.writable(ctx, q, actor, measurementID)
	if err == nil && m.Kind != OfTraining {
		err = errs.NotFound("error.not-found")
	}
	return m, err
}

// OfTraining returns the measurements of a training, whoever asks, the oldest first.
func (s *Service) OfTraining(ctx context.Context, trainingID string) (_ []Measurement, err error) {
	defer errs.Wrap(&err, "measurement.OfTraining")
	return db.All[Measurement](ctx, s.db, `SELECT `+measurementColumns+` FROM measurement m WHERE m.subject_kind = 'training' AND m.subject_id = ? ORDER BY m.created_at, m.id`, trainingID)
}

// Rescheduled moves the calendars of a training's measurements to its new days: sittings fall due, letters go out and forms close by
// them, as far as nobody has begun. What was begun keeps its answers.
func (s *Service) Rescheduled(ctx context.Context, tx *db.Tx, trainingID string) (err error) {
	defer errs.Wrap(&err, "measurement.Rescheduled")
	list, err := db.All[Measurement](ctx, tx, `SELECT `+measurementColumns+` FROM measurement m WHERE m.subject_kind = 'training' AND m.subject_id = ?`, trainingID)
	if err != nil {
		return err
	}
	described, err := s.describe(ctx, tx, list)
	if err != nil {
		return err
	}
	for _, m := range described {
		if err := s.reschedule(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// Seated makes a person who has a seat in a training a participant of its measurements, or brings them back.
func (s *Service) Seated(ctx context.Context, tx *db.Tx, trainingID, personID string) (err error) {
	defer errs.Wrap(&err, "measurement.Seated")
	list, err := s.openOf(ctx, tx, trainingID)
	if err != nil || len(list) == 0 {
		return err
	}
	subjects, err := s.people.Subjects(ctx, tx, []string{personID})
	if err != nil || len(subjects) == 0 {
		return err
	}
	for _, m := range list {
		made, err := s.join(ctx, tx, m, subjects[0])
		if err != nil {
			return err
		}
		if !made {
			if err := db.Exec(ctx, tx, `UPDATE participant SET withdrawn_at = NULL WHERE measurement_id = ? AND person_id = ?`, m.ID, personID); err != nil {
				return err
			}
		}
	}
	return nil
}

// SeatLeft takes a person who no longer has a seat out of a training's measurements, as [Service.TakeOut] does.
func (s *Service) SeatLeft(ctx context.Context, tx *db.Tx, trainingID, personID string) (err error) {
	defer errs.Wrap(&err, "measurement.SeatLeft")
	list, err := s.openOf(ctx, tx, trainingID)
	for _, m := range list {
		ids, err := db.All[string](ctx, tx, `SELECT id FROM participant WHERE measurement_id = ? AND person_id = ?`, m.ID, personID)
		if err != nil {
			return err
		}
		for _, participantID := range ids {
			if _, err := s.takeOut(ctx, tx, participantID, true); err != nil {
				return err
			}
		}
	}
	return err
}

// openOf returns the measurements of a training that are not closed.
func (s *Service) openOf(ctx context.Context, q db.Querier, trainingID string) ([]Described, error) {
	list, err := db.All[Measurement](ctx, q, `SELECT `+measurementColumns+` FROM measurement m WHERE m.subject_kind = 'training' AND m.subject_id = ? AND m.closed_at IS NULL`, trainingID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return s.describe(ctx, q, list)
}

// reschedule moves what nobody has begun, or what closed unbegun, to a training's new days; and asks what the old days left out.
func (s *Service) reschedule(ctx context.Context, tx *db.Tx, m Described) error {
	now := s.clock.Now()
	if m.NotHeld { // what nobody has begun is closed; new days ask it again
		return db.Exec(ctx, tx, `UPDATE sitting SET state = 'closed', mail_at = NULL WHERE state = 'asked' AND form_id IS NULL AND participant_id IN (SELECT id FROM participant WHERE measurement_id = ?)`, m.ID)
	}
	for _, a := range s.asks(m, now) {
		// A reminder that is on its way stays so; a first letter goes out when the sitting falls due.
		if err := db.Exec(ctx, tx, `
			UPDATE sitting SET due_at = ?, closes_at = ?, mail_at = CASE WHEN letters = 0 THEN ? ELSE mail_at END, state = CASE WHEN state = 'closed' THEN 'asked' ELSE state END
			WHERE wave = ? AND (state IN ('asked', 'begun') OR state = 'closed' AND form_id IS NULL) AND participant_id IN (SELECT id FROM participant WHERE measurement_id = ?)`,
			a.due, a.closes, a.due, string(a.wave), m.ID); err != nil {
			return err
		}
		state := Asked
		if a.due.After(now) {
			state = NotAsked
		}
		if err := db.Exec(ctx, tx, `
			UPDATE participant SET `+a.wave.column("state")+` = ? WHERE measurement_id = ? AND id IN (SELECT participant_id FROM sitting WHERE wave = ? AND state = 'asked')`,
			string(state), m.ID, string(a.wave)); err != nil {
			return err
		}
	}
	ids, err := db.All[string](ctx, tx, `SELECT id FROM participant WHERE measurement_id = ?`, m.ID)
	if err != nil {
		return err
	}
	for _, participantID := range ids {
		if err := s.schedule(ctx, tx, participantID, s.asks(m, now)); err != nil {
			return err
		}
	}
	return nil
}

// asked is when a wave is asked, by letter, and until when it can be answered.
type asked struct {
	wave        Wave
	due, closes time.Time
}

// asks returns the calendar of a training for who takes part in it now.
func (s *Service) asks(m Described, now time.Time) []asked {
	return append([]asked{
		{Before, later(now, m.HeldFrom.Add(-openBefore)), m.HeldFrom.Add(time.Hour)}, // who comes to the hall may still sit it there
		{After, later(now, m.HeldUntil), m.HeldUntil.Add(openAfter)},
	}, s.followUps(m.Measurement, m.HeldUntil)...)
}

// followUps returns the calendar of the follow-ups of a course or training that ended at a time.
func (s *Service) followUps(m Measurement, end time.Time) (list []asked) {
	for _, w := range m.Waves {
		due := FollowUpAt(w, end, s.zone)
		list = append(list, asked{w, due, due.Add(openFor(w))})
	}
	return list
}

// schedule puts sittings on a participant's calendar, but not a test before that can no longer be answered.
func (s *Service) schedule(ctx context.Context, tx *db.Tx, participantID string, calendar []asked) error {
	for _, a := range calendar {
		if a.wave == Before && !s.clock.Now().Before(a.closes) {
			continue
		}
		if err := s.ask(ctx, tx, participantID, a.wave, a.due, a.due, a.closes); err != nil {
			return err
		}
	}
	return nil
}

// Participant is somebody in a training: how far they are, not what they know.
type Participant struct {
	ID       string // of the participation
	PersonID string
	Before   State     `db:"before_state"`
	After    State     `db:"after_state"`
	Week     State     `db:"week_state"`
	Months3  State     `db:"months3_state"`
	Months6  State     `db:"months6_state"`
	OutAt    time.Time `db:"withdrawn_at"` // taken out of the training; zero if not

	Name    string `db:"-"`
	HasMail bool   `db:"-"`
	Blocked bool   `db:"-"` // may not sign in any more; what they wrote on paper counts as what they had answered online would
}

// State returns where the participant's sitting of a wave stands.
func (p Participant) State(w Wave) State {
	return map[Wave]State{Before: p.Before, After: p.After, Week: p.Week, Months3: p.Months3, Months6: p.Months6}[w]
}

// Participants returns who is in a training, by name, of those whom the actor may measure.
func (s *Service) Participants(ctx context.Context, actor access.Actor, measurementID string) (list []Participant, err error) {
	defer errs.Wrap(&err, "measurement.Participants")
	if _, err := s.training(ctx, s.db, actor, measurementID); err != nil {
		return nil, err
	}
	all, err := db.All[Participant](ctx, s.db, `
		SELECT id, person_id, before_state, after_state, week_state, months3_state, months6_state, withdrawn_at FROM participant WHERE measurement_id = ?`, measurementID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, p := range all {
		ids[i] = p.PersonID
	}
	subjects, err := s.people.Subjects(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]Subject, len(subjects))
	for _, x := range subjects {
		byID[x.ID] = x
	}
	for _, p := range all {
		if x, known := byID[p.PersonID]; known && actor.May(access.Measure, x.UnitPath) {
			p.Name, p.HasMail, p.Blocked = x.Name, x.Mail != "", x.Blocked
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Participant) int {
		return cmp.Or(cmp.Compare(text.SortKey(a.Name), text.SortKey(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// RecordExport notes that the list of who is in a training was taken away as a file.
func (s *Service) RecordExport(ctx context.Context, actor access.Actor, measurementID string, rows int, format string) (err error) {
	defer errs.Wrap(&err, "measurement.RecordExport")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		return audit.RecordExport(ctx, tx, s.clock.Now(), actor.PersonID, "person.export", "measurement:"+measurementID, rows, format)
	})
}

// TakeOut takes a participant out of a training, or brings them back. Who was put there by mistake, has begun nothing and has no sheet
// leaves no trace in the figures, and gone is true; anybody else stays among those who were lost, with the reason.
func (s *Service) TakeOut(ctx context.Context, actor access.Actor, measurementID, participantID string, out bool) (gone bool, err error) {
	defer errs.Wrap(&err, "measurement.TakeOut")
	list, err := s.Participants(ctx, actor, measurementID)
	if err != nil {
		return false, err
	}
	if !slices.ContainsFunc(list, func(p Participant) bool { return p.ID == participantID }) {
		return false, errs.NotFound("error.not-found")
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if gone, err = s.takeOut(ctx, tx, participantID, out); err != nil {
			return err
		}
		detail := map[string]any{"participant": participantID, "out": out}
		if gone {
			detail = map[string]any{"participant": participantID, "begun": false}
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "measurement.leave", "measurement:"+measurementID, detail)
	})
	return gone, err
}

// takeOut takes a participant out, or brings them back; gone says that nothing of them is left, since they had begun nothing.
func (s *Service) takeOut(ctx context.Context, tx *db.Tx, participantID string, out bool) (gone bool, err error) {
	if err := db.Exec(ctx, tx, `UPDATE sitting SET letters = letters WHERE participant_id = ?`, participantID); err != nil { // held: nobody begins one meanwhile
		return false, err
	}
	begun, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM sitting WHERE participant_id = ? AND (form_id IS NOT NULL OR state = 'declined'
		OR EXISTS (SELECT 1 FROM paper_sheet h WHERE h.sitting_id = sitting.id))`, participantID)
	if err != nil {
		return false, err
	}
	var at any
	switch gone = out && begun == 0; {
	case gone:
		for _, text := range []string{`DELETE FROM sitting WHERE participant_id = ? AND form_id IS NULL`, `DELETE FROM participant WHERE id = ?`} {
			if err := db.Exec(ctx, tx, text, participantID); err != nil {
				return false, err
			}
		}
		return true, nil
	case out:
		at = s.clock.Now()
	}
	return false, db.Exec(ctx, tx, `UPDATE participant SET withdrawn_at = ? WHERE id = ?`, at, participantID)
}
