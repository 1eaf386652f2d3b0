package classroom

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// hold returns a training that the actor may plan, held until the end of the transaction.
func (s *Service) hold(ctx context.Context, tx *db.Tx, actor access.Actor, trainingID string) (Plan, error) {
	if !id.Valid(trainingID) {
		return Plan{}, errs.NotFound("error.not-found")
	}
	if err := Held(ctx, tx, trainingID); err != nil {
		return Plan{}, err
	}
	return s.Open(ctx, tx, actor, access.TrainingsWrite, trainingID)
}

// edit changes a training's plan: it is held, it is still the edition that the actor saw, and afterwards its days follow from its
// sessions. Of two who edit at once, the second is told and loses nothing of what was typed.
func (s *Service) edit(ctx context.Context, actor access.Actor, trainingID string, edition int, action string, fn func(tx *db.Tx, p Plan) error) error {
	return s.db.Update(ctx, func(tx *db.Tx) error {
		p, err := s.hold(ctx, tx, actor, trainingID)
		if err != nil {
			return err
		}
		if p.Edition != edition {
			return errs.Conflict("classroom.fault.edition")
		}
		if err := fn(tx, p); err != nil {
			return err
		}
		if err := s.settle(ctx, tx, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, action, "training:"+p.ID, map[string]any{"edition": p.Edition + 1})
	})
}

// settle has what hangs on a training follow its sessions: its days and place, tests, seats and the public site. A training of which
// no session is held keeps the days that it had.
func (s *Service) settle(ctx context.Context, tx *db.Tx, p Plan) error {
	sessions, err := SessionsOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	from, until, place := span(sessions)
	if from.IsZero() {
		from, until, place = p.HeldFrom, p.HeldUntil, p.Place
	}
	if err := db.Exec(ctx, tx, `UPDATE training SET held_from = ?, held_until = ?, place = ?, edition = edition + 1 WHERE id = ?`, from, until, place, p.ID); err != nil {
		return err
	}
	now, err := PlanOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	if !from.Equal(p.HeldFrom) || !until.Equal(p.HeldUntil) || now.Off() != p.Off() {
		if err := s.events.Emit(ctx, tx, DaysChanged{p.ID}); err != nil {
			return err
		}
	}
	if p.Announced {
		if err := s.events.Emit(ctx, tx, AnnouncementChanged{}); err != nil {
			return err
		}
	}
	return s.events.Emit(ctx, tx, SessionsChanged{p.ID})
}

// SaveSession adds a session to a training, or changes one; sessionID is "" for a new one. twice says that an hour was written which
// the clocks show twice that night, and that the first is meant. A session that was cancelled, or put off, is held again.
func (s *Service) SaveSession(ctx context.Context, actor access.Actor, trainingID, sessionID string, edition int, d SessionDraft) (twice bool, err error) {
	defer errs.Wrap(&err, "classroom.SaveSession")
	err = s.edit(ctx, actor, trainingID, edition, "training.session", func(tx *db.Tx, p Plan) error {
		stood, err := look(ctx, tx, p)
		if err != nil {
			return err
		}
		var sessions []Session
		for _, x := range stood.Sessions {
			sessions = append(sessions, x.Session)
		}
		var before *Session
		if i := slices.IndexFunc(sessions, func(x Session) bool { return x.ID == sessionID }); i >= 0 {
			before = &sessions[i]
		} else if sessionID != "" {
			return errs.NotFound("error.not-found")
		}
		if !p.CancelledAt.IsZero() {
			return errs.Conflict("classroom.fault.cancelled")
		}
		c, err := s.checkSession(ctx, tx, actor, p, sessions, before, d)
		if err != nil {
			return err
		}
		twice = c.twice
		if before == nil {
			c.ID, c.TrainingID = id.New(), trainingID
		}
		c.CancelledAt, c.CancelReason = time.Time{}, ""
		if err := s.storeSession(ctx, tx, c.Session, before, d.Trainers); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE training SET put_off_at = NULL WHERE id = ?`, trainingID); err != nil {
			return err
		}
		kind := ActMoved
		if before != nil && !before.Differs(c.Session) {
			kind = ActTeam
		}
		_, err = s.note(ctx, tx, actor, kind, "", stood)
		return err
	})
	return twice, err
}

// Differs says whether calendars, and who comes, are concerned when a session becomes another.
func (s Session) Differs(b Session) bool {
	return !s.StartsAt.Equal(b.StartsAt) || !s.EndsAt.Equal(b.EndsAt) || s.Held() != b.Held() || s.Title != b.Title ||
		s.Place != b.Place || s.Address != b.Address || s.Room != b.Room || s.Link != b.Link || s.AccessNotes != b.AccessNotes
}

func (s *Service) checkSession(ctx context.Context, tx *db.Tx, actor access.Actor, p Plan, sessions []Session, before *Session, d SessionDraft) (checked, error) {
	taken, err := SeatsOf(ctx, tx, p.ID)
	if err != nil {
		return checked{}, err
	}
	others := make([]busy, len(sessions))
	for i, x := range sessions {
		others[i] = busy{session: x}
	}
	c, faults := d.check(s.clock.Now(), s.zone, before, taken, others)
	if err := faults.Err(); err != nil {
		return c, err
	}
	who, known := d.Trainers, true
	list, err := TrainersOf(ctx, tx, p.ID)
	if err != nil {
		return c, err
	}
	for _, personID := range d.Trainers {
		known = known && slices.ContainsFunc(list, func(t Trainer) bool { return t.PersonID == personID })
	}
	if !known {
		return c, errs.Fields{{Name: "trainers", Key: "classroom.fault.trainer"}}.Err()
	}
	if len(who) == 0 {
		for _, t := range list {
			who = append(who, t.PersonID)
		}
	}
	elsewhere, err := busyAt(ctx, tx, actor, []string{p.ID}, who, c.StartsAt, c.EndsAt)
	if err != nil {
		return c, err
	}
	return c, overlaps(c.Session, elsewhere, s.zone).Err()
}

// busyAt returns the sessions of other trainings between two times in which some people teach. The name of a training that the actor
// may not see stays unsaid.
func busyAt(ctx context.Context, q db.Querier, actor access.Actor, except, personIDs []string, from, until time.Time) ([]busy, error) {
	if len(personIDs) == 0 {
		return nil, nil
	}
	type row struct {
		Session
		Trainer  string
		Training string
		Path     string
	}
	rows, err := db.All[row](ctx, q, `
		SELECT `+sessionColumns+`, p.given_name || ' ' || p.family_name AS trainer, t.title AS training, u.path
		FROM training_session s JOIN classroom_teaches w ON w.session_id = s.id JOIN identity_person p ON p.id = w.person_id
			JOIN training t ON t.id = s.training_id JOIN identity_unit u ON u.id = t.unit_id
		WHERE s.cancelled_at IS NULL AND s.starts_at < ? AND s.ends_at > ? AND w.person_id IN (`+db.In(len(personIDs))+`) AND s.training_id NOT IN (`+db.In(len(except))+`)
		ORDER BY s.starts_at, s.id, w.person_id`, append(append([]any{until, from}, db.Args(personIDs)...), db.Args(except)...)...)
	list := make([]busy, len(rows))
	for i, r := range rows {
		list[i] = busy{r.Session, r.Trainer, r.Training}
		if !actor.May(access.TrainingsRead, r.Path) {
			list[i].training = ""
		}
	}
	return list, err
}

func (s *Service) storeSession(ctx context.Context, tx *db.Tx, c Session, before *Session, trainers []string) error {
	if before != nil && before.Differs(c) {
		c.Sequence++
	}
	if err := db.Exec(ctx, tx, `
		INSERT INTO training_session (id, training_id, title, starts_at, ends_at, place, address, access_notes, room, link, capacity, sequence, cancelled_at, cancel_reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, starts_at = excluded.starts_at, ends_at = excluded.ends_at, place = excluded.place, address = excluded.address,
			access_notes = excluded.access_notes, room = excluded.room, link = excluded.link, capacity = excluded.capacity, sequence = excluded.sequence,
			cancelled_at = excluded.cancelled_at, cancel_reason = excluded.cancel_reason`,
		c.ID, c.TrainingID, c.Title, c.StartsAt, c.EndsAt, c.Place, c.Address, c.AccessNotes, c.Room, c.Link, c.Capacity, c.Sequence, orNull(c.CancelledAt), c.CancelReason); err != nil {
		return err
	}
	return storeOwn(ctx, tx, c.ID, trainers)
}

// orNull stores the zero time as no time.
func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// CancelSession cancels a session of a training, with the reason that whom it concerns is told. What was written of who came to it stays.
func (s *Service) CancelSession(ctx context.Context, actor access.Actor, trainingID, sessionID string, edition int, reason string) (err error) {
	defer errs.Wrap(&err, "classroom.CancelSession")
	reason, faults := reasonOf(reason)
	if err := faults.Err(); err != nil {
		return err
	}
	return s.edit(ctx, actor, trainingID, edition, "training.session-cancel", func(tx *db.Tx, p Plan) error {
		stood, err := look(ctx, tx, p)
		if err != nil {
			return err
		}
		sessions := stood.Sessions
		i := slices.IndexFunc(sessions, func(x sessionBefore) bool { return x.ID == sessionID })
		if i < 0 {
			return errs.NotFound("error.not-found")
		}
		now := s.clock.Now()
		switch {
		case !sessions[i].Held():
			return errs.Conflict("classroom.fault.session-cancelled")
		case !now.Before(sessions[i].EndsAt):
			return errs.Conflict("classroom.fault.session-over")
		}
		if err := cancel(ctx, tx, sessions[i].ID, now, reason); err != nil {
			return err
		}
		_, err = s.note(ctx, tx, actor, ActMoved, reason, stood)
		return err
	})
}

func cancel(ctx context.Context, tx *db.Tx, sessionID string, now time.Time, reason string) error {
	return db.Exec(ctx, tx, `UPDATE training_session SET cancelled_at = ?, cancel_reason = ?, sequence = sequence + 1 WHERE id = ?`, now, reason, sessionID)
}
