// Package classroom keeps what is held in a room: for now a training's name, place, days and project, and whether the public site
// names it. Seats, invitations and attendance come here later.
//
// It knows nothing of measurements. What must follow when a training moves, or when what the public says of it changes, hangs on its
// events. A training belongs to a unit, and who may measure there may change it.
package classroom

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/event"
	"ostoja/internal/id"
	"ostoja/internal/project"
	"ostoja/internal/text"
)

// Training is held in a room, on given days.
type Training struct {
	ID        string
	Title     string
	Place     string
	HeldFrom  time.Time
	HeldUntil time.Time
	Project   string // its name; "" if none
	UnitID    string
	Announced bool // the coordinator agreed to name it on the public site
}

// Draft is what is written of a training. The unit is that of a new one: it never changes.
type Draft struct {
	Title     string
	Place     string
	HeldFrom  time.Time
	HeldUntil time.Time
	Project   string
	UnitID    string
}

const mostTitle = 200 // characters

func (d Draft) check() (faults errs.Fields) {
	if n := len([]rune(text.Clean(d.Title))); n == 0 || n > mostTitle {
		faults.Add("title", "assessment.measure.title-fault", "High", mostTitle)
	}
	if len([]rune(text.Clean(d.Place))) > mostTitle {
		faults.Add("place", "assessment.measure.title-fault", "High", mostTitle)
	}
	switch {
	case d.HeldFrom.IsZero():
		faults.Add("from", "assessment.measure.date")
	case d.HeldUntil.IsZero():
		faults.Add("until", "assessment.measure.date")
	case !d.HeldUntil.After(d.HeldFrom):
		faults.Add("until", "assessment.measure.order")
	}
	return append(faults, project.Check(d.Project)...)
}

// Service keeps the trainings.
type Service struct {
	db     *db.DB
	clock  clock.Clock
	events *event.Bus
}

// New returns a Service, whose events go to the bus.
func New(d *db.DB, c clock.Clock, events *event.Bus) *Service { return &Service{d, c, events} }

// Maker returns what makes a training, within the transaction that it is given, and returns its id: today's form makes a training
// together with its measurement, or neither.
func (s *Service) Maker(d Draft) func(ctx context.Context, tx *db.Tx, actor access.Actor) (trainingID string, err error) {
	return func(ctx context.Context, tx *db.Tx, actor access.Actor) (string, error) {
		return s.create(ctx, tx, actor, d)
	}
}

func (s *Service) create(ctx context.Context, tx *db.Tx, actor access.Actor, d Draft) (trainingID string, err error) {
	defer errs.Wrap(&err, "classroom.create")
	if err := d.check().Err(); err != nil {
		return "", err
	}
	path, err := db.One[string](ctx, tx, `SELECT path FROM identity_unit WHERE id = ?`, d.UnitID)
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return "", errs.Fields{{Name: "unit", Key: "assessment.measure.no-unit"}}.Err()
	case err != nil:
		return "", err
	case !actor.May(access.TrainingsWrite, path):
		return "", errs.Forbidden("error.forbidden")
	}
	now := s.clock.Now()
	projectID, err := project.Named(ctx, tx, d.Project, now)
	if err != nil {
		return "", err
	}
	trainingID = id.New()
	if err := db.Exec(ctx, tx, `
		INSERT INTO training (id, title, place, held_from, held_until, project_id, unit_id, announced, created_at, created_by)
		VALUES (?, ?, ?, ?, ?, NULLIF(?, ''), ?, FALSE, ?, ?)`,
		trainingID, text.Clean(d.Title), text.Clean(d.Place), d.HeldFrom, d.HeldUntil, projectID, d.UnitID, now, actor.PersonID); err != nil {
		return "", err
	}
	if err := db.Exec(ctx, tx, `INSERT INTO training_session (id, training_id, starts_at, ends_at, place) VALUES (?, ?, ?, ?, ?)`,
		id.New(), trainingID, d.HeldFrom, d.HeldUntil, text.Clean(d.Place)); err != nil {
		return "", err
	}
	err = audit.Record(ctx, tx, now, actor.PersonID, "training.create", "training:"+trainingID, map[string]any{"unit": d.UnitID})
	return trainingID, err
}

// Change changes a training's name, place, days and project.
func (s *Service) Change(ctx context.Context, actor access.Actor, trainingID string, d Draft) (err error) {
	defer errs.Wrap(&err, "classroom.Change")
	if err := d.check().Err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		before, err := writable(ctx, tx, actor, trainingID)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		projectID, err := project.Named(ctx, tx, d.Project, now)
		if err != nil {
			return err
		}
		if err := follow(ctx, tx, trainingID, d); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE training SET title = ?, place = ?, project_id = NULLIF(?, ''), held_from = ?, held_until = ?, revision = revision + 1, edition = edition + 1 WHERE id = ?`,
			text.Clean(d.Title), text.Clean(d.Place), projectID, d.HeldFrom, d.HeldUntil, trainingID); err != nil {
			return err
		}
		moved := !before.HeldFrom.Equal(d.HeldFrom) || !before.HeldUntil.Equal(d.HeldUntil)
		if moved {
			if err := s.events.Emit(ctx, tx, DaysChanged{trainingID}); err != nil {
				return err
			}
		}
		if before.Announced {
			if err := s.events.Emit(ctx, tx, AnnouncementChanged{}); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "training.change", "training:"+trainingID, map[string]any{"moved": moved})
	})
}

// follow gives the one session of a training the days that were written of the training. Where there are several, their days are
// changed one by one.
func follow(ctx context.Context, tx *db.Tx, trainingID string, d Draft) error {
	sessions, err := SessionsOf(ctx, tx, trainingID)
	if err != nil {
		return err
	}
	held := slices.DeleteFunc(sessions, func(s Session) bool { return !s.Held() })
	if len(held) != 1 {
		from, until, place := span(held)
		if !from.Equal(d.HeldFrom) || !until.Equal(d.HeldUntil) || place != text.Clean(d.Place) {
			return errs.Fields{{Name: "from", Key: "classroom.fault.many-sessions"}}.Err()
		}
		return nil
	}
	return db.Exec(ctx, tx, `UPDATE training_session SET starts_at = ?, ends_at = ?, place = ?, sequence = sequence + 1 WHERE id = ? AND (starts_at <> ? OR ends_at <> ? OR place <> ?)`,
		d.HeldFrom, d.HeldUntil, text.Clean(d.Place), held[0].ID, d.HeldFrom, d.HeldUntil, text.Clean(d.Place))
}

// Announce says whether a training stands on the public site, with its title, place and days. Nobody's training is named
// there unless somebody who may change it agreed.
func (s *Service) Announce(ctx context.Context, actor access.Actor, trainingID string, announced bool) (err error) {
	defer errs.Wrap(&err, "classroom.Announce")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := writable(ctx, tx, actor, trainingID); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE training SET announced = ? WHERE id = ?`, announced, trainingID); err != nil {
			return err
		}
		if err := s.events.Emit(ctx, tx, AnnouncementChanged{}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "training.announce", "training:"+trainingID, map[string]any{"announced": announced})
	})
}

// Training returns a training that the actor may change; any other is not found.
func (s *Service) Training(ctx context.Context, actor access.Actor, trainingID string) (_ Training, err error) {
	defer errs.Wrap(&err, "classroom.Training")
	return writable(ctx, s.db, actor, trainingID)
}

// Projects returns the names of the projects that are offered to the actor.
func (s *Service) Projects(ctx context.Context, actor access.Actor) ([]string, error) {
	return project.Names(ctx, s.db, actor)
}

// Announced returns the trainings that stand on the public site, the newest first.
func (s *Service) Announced(ctx context.Context, q db.Querier) (_ []Training, err error) {
	defer errs.Wrap(&err, "classroom.Announced")
	const most = 50
	return db.All[Training](ctx, q, selectTrainings+`WHERE t.announced ORDER BY t.held_from DESC LIMIT ?`, most)
}

// Trainings returns those of the trainings that there are, whoever asks: what it is called and when it is held is said wherever a
// training is named.
func (s *Service) Trainings(ctx context.Context, q db.Querier, trainingIDs []string) (_ []Training, err error) {
	defer errs.Wrap(&err, "classroom.Trainings(%d)", len(trainingIDs))
	if len(trainingIDs) == 0 {
		return nil, nil
	}
	args := make([]any, len(trainingIDs))
	for i, trainingID := range trainingIDs {
		args[i] = trainingID
	}
	return db.All[Training](ctx, q, selectTrainings+`WHERE t.id IN (`+db.In(len(args))+`)`, args...)
}

const selectTrainings = `SELECT t.id, t.title, t.place, t.held_from, t.held_until, COALESCE(p.name, '') AS project, t.unit_id, t.announced
	FROM training t LEFT JOIN project_name p ON p.id = t.project_id `

func writable(ctx context.Context, q db.Querier, actor access.Actor, trainingID string) (t Training, err error) {
	if !id.Valid(trainingID) {
		return t, errs.NotFound("error.not-found")
	}
	if t, err = db.One[Training](ctx, q, selectTrainings+`WHERE t.id = ?`, trainingID); err != nil {
		return t, err
	}
	path, err := db.One[string](ctx, q, `SELECT path FROM identity_unit WHERE id = ?`, t.UnitID)
	if err == nil && !actor.May(access.TrainingsWrite, path) {
		err = errs.NotFound("error.not-found")
	}
	if err != nil {
		return Training{}, err
	}
	return t, nil
}
