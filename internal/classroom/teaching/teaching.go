// Package teaching keeps the record by which trainers are trained: which sessions somebody taught, alone, with another or watching, and
// what others saw who watched them, by a rubric.
//
// Goals: a trainer has one place that shows what they have taught and what they were told, and can answer it; an observation speaks of
// one session, names what to keep and what to try next, and rates by what was seen. Limits: it is no appraisal. Levels are never added
// up, compared or listed by person; those read an observation who taught, who watched, and who arranges the training; no export holds it.
package teaching

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/text"
)

// Criterion is one thing that can be seen while somebody teaches.
type Criterion string

// Rubric lists the criteria in the order of the form. Each can be seen in a room; none is about the person. What the levels mean is the
// same for each: 1 not yet, 2 with help, 3 alone, 4 could show others. The texts are ours; that teaching is rated by few described levels and
// what was not seen is left open is common practice of lesson observation.
var Rubric = []Criterion{
	"aim",       // says what people will be able to do, and checks at the end
	"facts",     // right, with their source and day; says what is not known
	"time",      // keeps to the plan, or says what is left out
	"everybody", // all are heard, none is shown up
	"safety",    // respectful words, no real cases, a way out for whom it touches
	"balance",   // shows false alarms beside missed cases; no picture of "a typical victim"
	"questions", // meets doubt and resistance without contempt
	"practice",  // exercises end with feedback that names what was done
}

// HighestLevel is the best that can be seen; the lowest is 1.
const HighestLevel = 4

const mostText = 1000 // characters

// Taught is a session that somebody taught or watched.
type Taught struct {
	SessionID  string
	TrainingID string
	Training   string
	Title      string // of the session
	Place      string
	StartsAt   time.Time
	EndsAt     time.Time
	Part       classroom.Part
}

// Minutes is how long the session was.
func (t Taught) Minutes() int { return int(t.EndsAt.Sub(t.StartsAt) / time.Minute) }

// Observation is what somebody saw who watched another teach.
type Observation struct {
	ID         string
	SessionID  string
	TrainingID string
	Training   string
	StartsAt   time.Time
	ObservedID string
	Observed   string // name
	ObserverID string
	Observer   string            // name
	Levels     map[Criterion]int `db:",json"` // 1 to 4; what was not seen is missing
	Strength   string
	NextStep   string
	WrittenAt  time.Time
	Answer     string
	AnsweredAt time.Time // zero: not answered, and it can still be written anew
	UnitPath   string
}

// Draft is what an observer writes.
type Draft struct {
	Levels   map[Criterion]int
	Strength string
	NextStep string
}

func (d Draft) check() (faults errs.Fields) {
	for c, level := range d.Levels {
		if !slices.Contains(Rubric, c) || level < 1 || level > HighestLevel {
			faults.Add("level-"+string(c), "teaching.level-fault")
		}
	}
	if len(d.Levels) == 0 {
		faults.Add("level-"+string(Rubric[0]), "teaching.nothing-seen")
	}
	for _, f := range []struct{ name, value string }{{"strength", d.Strength}, {"next_step", d.NextStep}} {
		switch n := len([]rune(text.Clean(f.value))); {
		case n == 0:
			faults.Add(f.name, "teaching.missing")
		case n > mostText:
			faults.Add(f.name, "teaching.too-long", "High", mostText)
		}
	}
	return faults
}

// Service keeps the record.
type Service struct {
	db    *db.DB
	clock clock.Clock
}

// New returns a Service.
func New(d *db.DB, c clock.Clock, k *keeping.Service) *Service {
	k.On(Kept, func(ctx context.Context, tx *db.Tx, ref string) error {
		return db.Exec(ctx, tx, `DELETE FROM teaching_observation WHERE id = ?`, ref)
	})
	return &Service{d, c}
}

// Kept is under what [keeping] knows an observation, as the observed trainer's.
const Kept keeping.Kind = "observation"

// keptFor is how long an observation is kept: it is for getting better by, and of how somebody taught years ago nobody learns (decision 0053).
const keptFor = 3 * 365 * 24 * time.Hour

// Record is a trainer's own record.
type Record struct {
	Taught       []Taught      // sessions that have begun and were held, the newest first
	Observations []Observation // of the trainer and by the trainer, the newest first
	Watchable    []Watchable   // whom the trainer could still write an observation of
}

// Watchable is somebody who taught a session in which the trainer took part too.
type Watchable struct {
	SessionID  string
	Training   string
	StartsAt   time.Time
	ObservedID string
	Observed   string // name
}

// Minutes adds up how long the trainer taught in a part.
func (r Record) Minutes(p classroom.Part) (sum int) {
	for _, t := range r.Taught {
		if t.Part == p {
			sum += t.Minutes()
		}
	}
	return sum
}

// Mine returns the actor's own record.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (r Record, err error) {
	defer errs.Wrap(&err, "teaching.Mine")
	if actor.PersonID == "" {
		return r, errs.NotFound("error.not-found")
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		now := s.clock.Now()
		if r.Taught, err = db.All[Taught](ctx, tx, `
			SELECT x.session_id, x.part, s.training_id, t.title AS training, s.title, s.place, s.starts_at, s.ends_at FROM classroom_teaches x
			JOIN training_session s ON s.id = x.session_id JOIN training t ON t.id = s.training_id
			WHERE x.person_id = ? AND s.starts_at <= ? AND s.cancelled_at IS NULL ORDER BY s.starts_at DESC, s.id DESC`, actor.PersonID, now); err != nil {
			return err
		}
		if r.Observations, err = db.All[Observation](ctx, tx, selectObservations+`WHERE o.observed_id = ? OR o.observer_id = ? ORDER BY s.starts_at DESC, o.id DESC`, actor.PersonID, actor.PersonID); err != nil {
			return err
		}
		r.Watchable, err = db.All[Watchable](ctx, tx, `
			SELECT s.id AS session_id, t.title AS training, s.starts_at, o.person_id AS observed_id, p.given_name || ' ' || p.family_name AS observed
			FROM classroom_teaches x JOIN classroom_teaches o ON o.session_id = x.session_id AND o.person_id <> x.person_id AND o.part <> 'observer'
			JOIN training_session s ON s.id = x.session_id JOIN training t ON t.id = s.training_id JOIN identity_person p ON p.id = o.person_id
			WHERE x.person_id = ? AND s.starts_at <= ? AND s.starts_at > ? AND s.cancelled_at IS NULL
				AND NOT EXISTS (SELECT 1 FROM teaching_observation w WHERE w.session_id = s.id AND w.observed_id = o.person_id AND w.observer_id = x.person_id)
			ORDER BY s.starts_at DESC, p.sort_key, p.id`, actor.PersonID, now, now.Add(-writableFor))
		return err
	})
	return r, err
}

// writableFor is how long after a session an observation is offered: what is written later is remembered, not seen.
const writableFor = 14 * 24 * time.Hour

const selectObservations = `
	SELECT o.id, o.session_id, s.training_id, t.title AS training, s.starts_at, o.observed_id, a.given_name || ' ' || a.family_name AS observed,
		o.observer_id, b.given_name || ' ' || b.family_name AS observer, o.levels, o.strength, o.next_step, o.written_at, o.answer, o.answered_at, u.path AS unit_path
	FROM teaching_observation o JOIN training_session s ON s.id = o.session_id JOIN training t ON t.id = s.training_id JOIN identity_unit u ON u.id = t.unit_id
	JOIN identity_person a ON a.id = o.observed_id JOIN identity_person b ON b.id = o.observer_id `

// Watch returns whom the actor may write an observation of in a session, with what they wrote so far; anybody else is not found.
func (s *Service) Watch(ctx context.Context, actor access.Actor, sessionID, observedID string) (w Watchable, before *Observation, err error) {
	defer errs.Wrap(&err, "teaching.Watch")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if w, err = s.watchable(ctx, tx, actor, sessionID, observedID); err != nil {
			return err
		}
		o, err := db.One[Observation](ctx, tx, selectObservations+`WHERE o.session_id = ? AND o.observed_id = ? AND o.observer_id = ?`, sessionID, observedID, actor.PersonID)
		switch {
		case err == nil:
			before = &o
		case errors.Is(err, errs.ErrNotFound):
			err = nil
		}
		return err
	})
	return w, before, err
}

// watchable finds a session that has begun and was held, in which somebody taught, and the actor took part or arranges it.
func (s *Service) watchable(ctx context.Context, q db.Querier, actor access.Actor, sessionID, observedID string) (w Watchable, err error) {
	if !id.Valid(sessionID) || !id.Valid(observedID) || actor.PersonID == "" || actor.PersonID == observedID {
		return w, errs.NotFound("error.not-found")
	}
	arranges, args := actor.Within(access.TrainingsWrite, "u.path")
	args = append([]any{sessionID, observedID, s.clock.Now(), actor.PersonID}, args...)
	return db.One[Watchable](ctx, q, `
		SELECT s.id AS session_id, t.title AS training, s.starts_at, p.id AS observed_id, p.given_name || ' ' || p.family_name AS observed
		FROM training_session s JOIN training t ON t.id = s.training_id JOIN identity_unit u ON u.id = t.unit_id
		JOIN classroom_teaches o ON o.session_id = s.id JOIN identity_person p ON p.id = o.person_id
		WHERE s.id = ? AND o.person_id = ? AND o.part <> 'observer' AND s.starts_at <= ? AND s.cancelled_at IS NULL
			AND (EXISTS (SELECT 1 FROM classroom_teaches x WHERE x.session_id = s.id AND x.person_id = ?) OR `+arranges+`)`, args...)
}

// Write writes what the actor saw, or writes it anew while it was not answered.
func (s *Service) Write(ctx context.Context, actor access.Actor, sessionID, observedID string, d Draft) (observationID string, err error) {
	defer errs.Wrap(&err, "teaching.Write")
	if err := d.check().Err(); err != nil {
		return "", err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := s.watchable(ctx, tx, actor, sessionID, observedID); err != nil {
			return err
		}
		now, newID := s.clock.Now(), id.New()
		written, err := db.Changed(ctx, tx, `
			INSERT INTO teaching_observation (id, session_id, observed_id, observer_id, levels, strength, next_step, written_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (session_id, observed_id, observer_id) DO UPDATE SET levels = excluded.levels, strength = excluded.strength, next_step = excluded.next_step, written_at = excluded.written_at
			WHERE teaching_observation.answered_at IS NULL`,
			newID, sessionID, observedID, actor.PersonID, db.JSON(d.Levels), text.Clean(d.Strength), text.Clean(d.NextStep), now)
		if err == nil && written == 0 {
			err = errs.Conflict("teaching.answered")
		}
		if err != nil {
			return err
		}
		if observationID, err = db.One[string](ctx, tx, `SELECT id FROM teaching_observation WHERE session_id = ? AND observed_id = ? AND observer_id = ?`, sessionID, observedID, actor.PersonID); err != nil {
			return err
		}
		if err := keeping.Keep(ctx, tx, keeping.Entry{Kind: Kept, Ref: observationID, PersonID: observedID, Since: now, Until: now.Add(keptFor)}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "teaching.observe", "observation:"+observationID, nil)
	})
	return observationID, err
}

// Observation returns an observation to who taught, who watched, and who arranges the training; to anybody else it is not found.
func (s *Service) Observation(ctx context.Context, actor access.Actor, observationID string) (_ Observation, err error) {
	defer errs.Wrap(&err, "teaching.Observation")
	return visible(ctx, s.db, actor, observationID)
}

func visible(ctx context.Context, q db.Querier, actor access.Actor, observationID string) (o Observation, err error) {
	if !id.Valid(observationID) || actor.PersonID == "" {
		return o, errs.NotFound("error.not-found")
	}
	if o, err = db.One[Observation](ctx, q, selectObservations+`WHERE o.id = ?`, observationID); err != nil {
		return o, err
	}
	if actor.PersonID != o.ObservedID && actor.PersonID != o.ObserverID && !actor.May(access.TrainingsWrite, o.UnitPath) {
		return Observation{}, errs.NotFound("error.not-found")
	}
	return o, nil
}

// Answer writes what the one who taught says to it, once: then neither of the two is changed any more.
func (s *Service) Answer(ctx context.Context, actor access.Actor, observationID, answer string) (err error) {
	defer errs.Wrap(&err, "teaching.Answer")
	answer = text.Clean(answer)
	var faults errs.Fields
	switch n := len([]rune(answer)); {
	case n == 0:
		faults.Add("answer", "teaching.missing")
	case n > mostText:
		faults.Add("answer", "teaching.too-long", "High", mostText)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		o, err := visible(ctx, tx, actor, observationID)
		if err != nil {
			return err
		}
		if o.ObservedID != actor.PersonID {
			return errs.Forbidden("error.forbidden")
		}
		now := s.clock.Now()
		done, err := db.Changed(ctx, tx, `UPDATE teaching_observation SET answer = ?, answered_at = ? WHERE id = ? AND answered_at IS NULL`, answer, now, observationID)
		if err == nil && done == 0 {
			err = errs.Conflict("teaching.answered")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "teaching.answer", "observation:"+observationID, nil)
	})
}

// OfTraining returns the observations of a training to who arranges it.
func (s *Service) OfTraining(ctx context.Context, actor access.Actor, trainingID string) (list []Observation, err error) {
	defer errs.Wrap(&err, "teaching.OfTraining")
	if !id.Valid(trainingID) {
		return nil, errs.NotFound("error.not-found")
	}
	within, args := actor.Within(access.TrainingsWrite, "u.path")
	return db.All[Observation](ctx, s.db, selectObservations+`WHERE s.training_id = ? AND `+within+` ORDER BY s.starts_at, o.id`, append([]any{trainingID}, args...)...)
}
