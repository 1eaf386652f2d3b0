package classroom

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/audit"
	"ostoja/internal/classroom/wall"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// UndoFor is how long an act on days can be undone. Letters leave after that, so that undoing is true.
const UndoFor = act.UndoFor

// mostTrainings is how many trainings one act touches: a series of a year.
const mostTrainings = 200

// Ask is what is to be done to the days of trainings.
type Ask struct {
	Kind Act
	Days int    // by how many days they move, back if negative
	Note string // why: whom it concerns reads it; a cancellation needs one
}

func reasonOf(reason string) (clean string, faults errs.Fields) {
	clean = text.CleanLines(reason)
	switch n := len([]rune(clean)); {
	case n == 0:
		faults.Add("reason", "classroom.fault.reason")
	case n > mostText:
		faults.Add("reason", "classroom.fault.long", "Most", mostText)
	}
	return clean, faults
}

func (a *Ask) check() (faults errs.Fields) {
	reason, faults := reasonOf(a.Note)
	if a.Kind != ActCancelled && reason == "" {
		faults = nil
	}
	a.Note = reason
	const most = 800 // days: farther nobody plans
	if a.Kind == ActMoved && (a.Days == 0 || a.Days < -most || a.Days > most) {
		faults.Add("days", "classroom.fault.days", "Most", most)
	}
	return faults
}

// Do moves, puts off or cancels a training, or every training of its series that is not over. What is over stays as it was held. It is
// done to all of them or to none. Whom it concerns is told once, when it can no longer be undone.
func (s *Service) Do(ctx context.Context, actor access.Actor, trainingID string, series bool, edition int, a Ask) (trainings int, err error) {
	defer errs.Wrap(&err, "classroom.Do")
	if err := a.check().Err(); err != nil {
		return 0, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		plans, err := s.chosen(ctx, tx, actor, trainingID, series, edition)
		if err != nil {
			return err
		}
		before, err := look(ctx, tx, plans...)
		if err != nil {
			return err
		}
		for _, p := range plans {
			if err := s.apply(ctx, tx, p, a); err != nil {
				return err
			}
		}
		if err := s.collisions(ctx, tx, actor, plans, a); err != nil {
			return err
		}
		actID, err := s.note(ctx, tx, actor, a.Kind, a.Note, before)
		if err != nil {
			return err
		}
		for _, p := range plans {
			if err := s.settle(ctx, tx, p); err != nil {
				return err
			}
		}
		trainings = len(plans)
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "training."+string(a.Kind), "training:"+trainingID, map[string]any{"act": actID, "trainings": trainings})
	})
	return trainings, err
}

// chosen holds the trainings that an act is about, in the order of their ids, as everybody does who holds several.
func (s *Service) chosen(ctx context.Context, tx *db.Tx, actor access.Actor, trainingID string, series bool, edition int) ([]Plan, error) {
	p, err := s.Open(ctx, tx, actor, access.TrainingsWrite, trainingID)
	if err != nil {
		return nil, err
	}
	if p.Edition != edition {
		return nil, errs.Conflict("classroom.fault.edition")
	}
	ids := []string{p.ID}
	if series && p.SeriesID != "" {
		if ids, err = db.All[string](ctx, tx, `SELECT id FROM training WHERE series_id = ? AND cancelled_at IS NULL AND (held_until > ? OR put_off_at IS NOT NULL) ORDER BY id LIMIT ?`,
			p.SeriesID, s.clock.Now(), mostTrainings); err != nil {
			return nil, err
		}
	}
	var plans []Plan
	for _, x := range ids {
		p, err := s.hold(ctx, tx, actor, x)
		if len(ids) > 1 && (errors.Is(err, errs.ErrNotFound) || errors.Is(err, errs.ErrForbidden)) {
			continue // another unit's training of the series
		}
		if err == nil && p.ID == trainingID && p.Edition != edition {
			err = errs.Conflict("classroom.fault.edition") // while this waited for another
		}
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	if len(plans) == 0 {
		return nil, errs.Conflict("classroom.fault.over")
	}
	return plans, nil
}

// apply does to a training what was asked.
func (s *Service) apply(ctx context.Context, tx *db.Tx, p Plan, a Ask) error {
	sessions, err := SessionsOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	switch {
	case !p.CancelledAt.IsZero():
		return errs.Conflict("classroom.fault.cancelled")
	case p.State(now) == Over:
		return errs.Conflict("classroom.fault.over")
	}
	switch a.Kind {
	case ActMoved:
		return s.move(ctx, tx, p, sessions, a.Days)
	case ActPutOff:
		if err := db.Exec(ctx, tx, `UPDATE training SET put_off_at = ? WHERE id = ?`, now, p.ID); err != nil {
			return err
		}
	case ActCancelled:
		if err := db.Exec(ctx, tx, `UPDATE training SET put_off_at = NULL, cancelled_at = ?, cancel_reason = ? WHERE id = ?`, now, a.Note, p.ID); err != nil {
			return err
		}
	}
	for _, x := range sessions {
		if x.Held() && now.Before(x.StartsAt) {
			if err := cancel(ctx, tx, x.ID, now, a.Note); err != nil {
				return err
			}
		}
	}
	return nil
}

// move gives sessions that are to come other days at the same hours on the wall. Of a training that was put off, those that waited are
// held again.
func (s *Service) move(ctx context.Context, tx *db.Tx, p Plan, sessions []Session, days int) error {
	now, faults := s.clock.Now(), errs.Fields{}
	some := false
	for _, x := range sessions {
		waits := !p.PutOffAt.IsZero() && x.CancelledAt.Equal(p.PutOffAt)
		if !waits && (!x.Held() || !now.Before(x.StartsAt)) {
			continue
		}
		some = true
		from, ok := wall.Moved(x.StartsAt, days, s.zone)
		until, okUntil := wall.Moved(x.EndsAt, days, s.zone)
		if !ok || !okUntil || !until.After(from) {
			faults.Add("days", "classroom.fault.gap", "Clock", x.StartsAt.In(s.zone).Format("15:04"))
			break
		}
		if from.Before(now) {
			faults.Add("days", "classroom.fault.moved-past", "Title", p.Title)
			break
		}
		if err := db.Exec(ctx, tx, `UPDATE training_session SET starts_at = ?, ends_at = ?, sequence = sequence + 1, cancelled_at = NULL, cancel_reason = '' WHERE id = ?`, from, until, x.ID); err != nil {
			return err
		}
	}
	if !some {
		return errs.Conflict("classroom.fault.nothing-to-move")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `UPDATE training SET put_off_at = NULL WHERE id = ?`, p.ID)
}

// collisions finds sessions that stand, after a move, where who teaches them is elsewhere.
func (s *Service) collisions(ctx context.Context, tx *db.Tx, actor access.Actor, plans []Plan, a Ask) error {
	if a.Kind != ActMoved {
		return nil
	}
	for _, p := range plans {
		if err := s.free(ctx, tx, actor, p.ID, "days"); err != nil {
			return err
		}
	}
	return nil
}

// free finds a session of a training at the time of another, of the training or of who teaches in it; the fault is told at a field.
func (s *Service) free(ctx context.Context, tx *db.Tx, actor access.Actor, trainingID, field string) error {
	sessions, err := SessionsOf(ctx, tx, trainingID)
	if err != nil {
		return err
	}
	type teaches struct{ SessionID, PersonID string }
	list, err := db.All[teaches](ctx, tx, `SELECT session_id, person_id FROM classroom_teaches WHERE training_id = ?`, trainingID)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	var faults errs.Fields
	for _, x := range sessions {
		if !x.Held() || !now.Before(x.EndsAt) {
			continue
		}
		var who []string
		for _, t := range list {
			if t.SessionID == x.ID {
				who = append(who, t.PersonID)
			}
		}
		others, err := busyAt(ctx, tx, actor, []string{trainingID}, who, x.StartsAt, x.EndsAt)
		if err != nil {
			return err
		}
		for _, y := range sessions {
			others = append(others, busy{session: y})
		}
		faults = append(faults, overlaps(x, others, s.zone)...)
	}
	for i := range faults {
		faults[i].Name = field
	}
	return faults.Err()
}

// Done is an act that can still be undone.
type Done struct {
	ID        string
	Kind      Act
	At        time.Time
	Trainings int
	Note      string
	Before    string
}

// Until is when it no longer can be undone.
func (d Done) Until() time.Time { return d.At.Add(UndoFor) }

// Undoable returns the last act on a training if it can still be undone.
func (s *Service) Undoable(ctx context.Context, actor access.Actor, trainingID string) (d Done, ok bool, err error) {
	defer errs.Wrap(&err, "classroom.Undoable")
	if _, err := s.Open(ctx, s.db, actor, access.TrainingsWrite, trainingID); err != nil {
		return d, false, err
	}
	list, err := db.All[Done](ctx, s.db, selectActs+`WHERE a.id IN (SELECT act_id FROM training_act_of WHERE training_id = ?) AND a.undone_at IS NULL AND a.told_at IS NULL ORDER BY a.at DESC, a.id DESC LIMIT 1`, trainingID)
	if err != nil || len(list) == 0 || !s.clock.Now().Before(list[0].Until()) {
		return d, false, err
	}
	var shot snapshot
	if err := json.Unmarshal([]byte(list[0].Before), &shot); err != nil {
		return d, false, err
	}
	added := slices.ContainsFunc(shot.Sessions, func(x sessionBefore) bool { return x.TrainingID == "" })
	return list[0], !added, nil
}

const selectActs = `SELECT a.id, a.kind, a.at, a.note, a.before, (SELECT COUNT(*) FROM training_act_of o WHERE o.act_id = a.id) AS trainings FROM training_act a `

// Undo takes back what was done to trainings, in all of them: their sessions stand as before, and nobody is told of it. It is refused
// once letters leave, and if somebody changed one of the sessions since.
func (s *Service) Undo(ctx context.Context, actor access.Actor, trainingID, actID string) (err error) {
	defer errs.Wrap(&err, "classroom.Undo")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		ids, err := db.All[string](ctx, tx, `SELECT training_id FROM training_act_of WHERE act_id = ? ORDER BY training_id`, actID)
		if err != nil {
			return err
		}
		if !slices.Contains(ids, trainingID) {
			return errs.NotFound("error.not-found")
		}
		plans := map[string]Plan{}
		for _, x := range ids {
			if plans[x], err = s.hold(ctx, tx, actor, x); err != nil {
				return err
			}
		}
		now := s.clock.Now()
		d, err := db.One[Done](ctx, tx, selectActs+`WHERE a.id = ?`, actID)
		if err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `UPDATE training_act SET undone_at = ? WHERE id = ? AND undone_at IS NULL AND told_at IS NULL`, now, actID)
		if err == nil && (n == 0 || !now.Before(d.Until())) {
			err = errs.Conflict("classroom.fault.undo-late")
		}
		if err != nil {
			return err
		}
		if err := restore(ctx, tx, d); err != nil {
			return err
		}
		for _, x := range ids {
			if err := s.settle(ctx, tx, plans[x]); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "training.undo", "training:"+trainingID, map[string]any{"act": actID, "kind": string(d.Kind)})
	})
}

// Tell tells whom they concern of the acts that can no longer be undone. A training that somebody has acted upon again meanwhile waits
// for that, so that people get one letter. It returns how many acts it told of.
func (s *Service) Tell(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "classroom.Tell")
	const atOnce = 50
	due, err := db.All[Done](ctx, s.db, selectActs+`WHERE a.told_at IS NULL AND a.undone_at IS NULL AND a.at <= ? ORDER BY a.at, a.id LIMIT ?`, s.clock.Now().Add(-UndoFor), atOnce)
	if err != nil {
		return 0, err
	}
	for _, d := range due {
		// Each in a transaction of its own: one that fails must not hold up the letters of others.
		err = errors.Join(err, s.db.Update(ctx, func(tx *db.Tx) error { return s.tell(ctx, tx, d) }))
	}
	return len(due), err
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, d Done) error {
	told, ids, err := s.together(ctx, tx, d)
	if err != nil || len(told) == 0 {
		return err
	}
	n, err := db.Changed(ctx, tx, `UPDATE training_act SET told_at = ? WHERE id IN (`+db.In(len(told))+`) AND told_at IS NULL AND undone_at IS NULL`, append([]any{s.clock.Now()}, db.Args(told)...)...)
	if err != nil || n < len(told) {
		return err // another node was quicker, or one was undone: the next minute decides again
	}
	acts, err := db.All[Done](ctx, tx, selectActs+`WHERE a.id IN (`+db.In(len(told))+`) ORDER BY a.at, a.id`, db.Args(told)...)
	if err != nil {
		return err
	}
	kind, why, before, seen := ActTeam, "", []Taught(nil), map[string]bool{}
	for _, a := range acts {
		var shot snapshot
		if err := json.Unmarshal([]byte(a.Before), &shot); err != nil {
			return err
		}
		before = append(before, shot.taught(seen)...) // of several acts on a training the first knows what people were told last
		if a.Kind != ActTeam {
			kind, why = a.Kind, a.Note
		}
	}
	return s.events.Emit(ctx, tx, Rescheduled{ids, kind, why, before})
}

// together returns the acts that are told in one letter, with their trainings: those that have trainings in common. It returns none while
// one of them can still be undone, which will tell of all, or this one does, once that is undone.
func (s *Service) together(ctx context.Context, tx *db.Tx, d Done) (told, trainings []string, err error) {
	const of = `SELECT DISTINCT training_id FROM training_act_of WHERE act_id IN `
	if trainings, err = db.All[string](ctx, tx, of+`(?) ORDER BY training_id`, d.ID); err != nil {
		return nil, nil, err
	}
	type act struct {
		ID    string
		Later bool
	}
	for {
		for _, x := range trainings {
			if err := Held(ctx, tx, x); err != nil {
				return nil, nil, err
			}
		}
		others, err := db.All[act](ctx, tx, `
			SELECT DISTINCT b.id, (b.at > ? OR b.at = ? AND b.id > ?) AS later FROM training_act b JOIN training_act_of p ON p.act_id = b.id
			WHERE p.training_id IN (`+db.In(len(trainings))+`) AND b.id <> ? AND b.told_at IS NULL AND b.undone_at IS NULL`, append(append([]any{d.At, d.At, d.ID}, db.Args(trainings)...), d.ID)...)
		if err != nil || slices.ContainsFunc(others, func(x act) bool { return x.Later }) {
			return nil, nil, err
		}
		told = []string{d.ID}
		for _, x := range others {
			told = append(told, x.ID)
		}
		all, err := db.All[string](ctx, tx, of+`(`+db.In(len(told))+`) ORDER BY training_id`, db.Args(told)...)
		if err != nil || len(all) == len(trainings) {
			return told, all, err
		}
		trainings = all // an earlier act had others, too, which may wait for a later one
	}
}
