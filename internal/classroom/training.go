// Package classroom keeps what is held in a room: a training's plan, its sessions and who teaches them. It moves, puts off, cancels and
// copies trainings, one or a series.
//
// Goals: who plans is told each fault at its field before anything is stored, and who is concerned is told once, in one letter, when it can
// no longer be undone (decision 0047). A training's days follow from its sessions and nothing else says them. Limits: seats, attendance
// and papers are packages below it, which know it; it knows none of them, nor measurements. What must follow when a training moves, or
// when what the public says of it changes, hangs on its events. A training belongs to a unit, and rights follow it; who teaches in one
// sees it and keeps its roll from wherever they are.
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
	NotHeld   bool // it is cancelled, or waits for new days
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
	zone   *time.Location
	events *event.Bus
}

// Deps are what the service stands on.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Zone   *time.Location // of the clocks on the walls
	Events *event.Bus
}

// New returns a Service.
func New(d Deps) *Service {
	return &Service{d.DB, d.Clock, d.Zone, d.Events}
}

// Maker returns what makes a training, within the transaction that it is given, and returns its id: today's form makes a training
// together with its measurement, or neither.
func (s *Service) Maker(d Draft) func(ctx context.Context, tx *db.Tx, actor access.Actor) (trainingID string, err error) {
	return func(ctx context.Context, tx *db.Tx, actor access.Actor) (string, error) {
		return s.create(ctx, tx, actor, d)
	}
}

// Planned returns the id of a training that is there, in the place of [Service.Maker]: a test is attached to it.
func (s *Service) Planned(trainingID string) func(ctx context.Context, tx *db.Tx, actor access.Actor) (string, error) {
	return func(ctx context.Context, tx *db.Tx, actor access.Actor) (string, error) {
		_, err := writable(ctx, tx, actor, trainingID)
		return trainingID, err
	}
}

// Title returns the name of a training that the actor may change, and the unit that it belongs to.
func (s *Service) Title(ctx context.Context, actor access.Actor, trainingID string) (title, unitID string, err error) {
	defer errs.Wrap(&err, "classroom.Title")
	t, err := writable(ctx, s.db, actor, trainingID)
	return t.Title, t.UnitID, err
}

func (s *Service) create(ctx context.Context, tx *db.Tx, actor access.Actor, d Draft) (trainingID string, err error) {
	defer errs.Wrap(&err, "classroom.create")
	if err := d.check().Err(); err != nil {
		return "", err
	}
	r := row{Title: text.Clean(d.Title), Place: text.Clean(d.Place), From: d.HeldFrom, Until: d.HeldUntil, Project: d.Project, UnitID: d.UnitID}
	if trainingID, err = s.insert(ctx, tx, actor, r); err != nil {
		return "", err
	}
	first := Session{ID: id.New(), TrainingID: trainingID, StartsAt: r.From, EndsAt: r.Until, Place: r.Place}
	if err := s.storeSession(ctx, tx, first, nil, nil); err != nil {
		return "", err
	}
	err = audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "training.create", "training:"+trainingID, map[string]any{"unit": d.UnitID})
	return trainingID, err
}

// row is what a new training must say.
type row struct {
	Title, Place string
	From, Until  time.Time
	Project      string
	UnitID       string
}

// insert stores a new training in a unit where the actor may plan.
func (s *Service) insert(ctx context.Context, tx *db.Tx, actor access.Actor, r row) (trainingID string, err error) {
	path, err := db.One[string](ctx, tx, `SELECT path FROM identity_unit WHERE id = ?`, r.UnitID)
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return "", errs.Fields{{Name: "unit", Key: "assessment.measure.no-unit"}}.Err()
	case err != nil:
		return "", err
	case !actor.May(access.TrainingsWrite, path):
		return "", errs.Forbidden("error.forbidden")
	}
	now := s.clock.Now()
	projectID, err := project.Named(ctx, tx, r.Project, now)
	if err != nil {
		return "", err
	}
	trainingID = id.New()
	err = db.Exec(ctx, tx, `
		INSERT INTO training (id, title, place, held_from, held_until, project_id, unit_id, announced, created_at, created_by)
		VALUES (?, ?, ?, ?, ?, NULLIF(?, ''), ?, FALSE, ?, ?)`, trainingID, r.Title, r.Place, r.From, r.Until, projectID, r.UnitID, now, actor.PersonID)
	return trainingID, err
}

// Change changes a training's name, place, days and project, as the form beside a measurement writes them.
func (s *Service) Change(ctx context.Context, actor access.Actor, trainingID string, d Draft) (err error) {
	defer errs.Wrap(&err, "classroom.Change")
	if err := d.check().Err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := writable(ctx, tx, actor, trainingID); err != nil {
			return err
		}
		p, err := s.hold(ctx, tx, actor, trainingID)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		projectID, err := project.Named(ctx, tx, d.Project, now)
		if err != nil {
			return err
		}
		moved, err := s.follow(ctx, tx, actor, p, d)
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE training SET title = ?, project_id = NULLIF(?, '') WHERE id = ?`, text.Clean(d.Title), projectID, trainingID); err != nil {
			return err
		}
		if err := retitle(ctx, tx, trainingID); err != nil {
			return err
		}
		if err := s.settle(ctx, tx, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "training.change", "training:"+trainingID, map[string]any{"moved": moved})
	})
}

// follow gives the one session of a training the days and the place that were written of the training. Where there are several, or it
// is off, they are changed one by one.
func (s *Service) follow(ctx context.Context, tx *db.Tx, actor access.Actor, p Plan, d Draft) (moved bool, err error) {
	stood, err := look(ctx, tx, p)
	if err != nil {
		return false, err
	}
	held := slices.DeleteFunc(slices.Clone(stood.Sessions), func(x sessionBefore) bool { return !x.Held() })
	place := text.Clean(d.Place)
	moved = !p.HeldFrom.Equal(d.HeldFrom) || !p.HeldUntil.Equal(d.HeldUntil)
	if !moved && p.Place == place {
		return false, nil
	}
	if len(held) != 1 || p.Off() {
		return false, errs.Fields{{Name: "from", Key: "classroom.fault.many-sessions"}}.Err()
	}
	if err := db.Exec(ctx, tx, `UPDATE training_session SET starts_at = ?, ends_at = ?, place = ?, sequence = sequence + 1 WHERE id = ?`, d.HeldFrom, d.HeldUntil, place, held[0].ID); err != nil {
		return false, err
	}
	_, err = s.note(ctx, tx, actor, ActMoved, "", stood)
	return moved, err
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
	return db.All[Training](ctx, q, selectTrainings+`WHERE t.id IN (`+db.In(len(trainingIDs))+`)`, db.Args(trainingIDs)...)
}

// Within returns the trainings in which the actor has a permission, the newest first.
func (s *Service) Within(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission) (_ []Training, err error) {
	defer errs.Wrap(&err, "classroom.Within(%q)", p)
	condition, args := actor.Within(p, "u.path")
	return db.All[Training](ctx, q, selectTrainings+`JOIN identity_unit u ON u.id = t.unit_id WHERE `+condition+` ORDER BY t.held_from DESC, t.id`, args...)
}

const selectTrainings = `SELECT t.id, t.title, t.place, t.held_from, t.held_until, COALESCE(p.name, '') AS project, t.unit_id, t.announced,
	(t.put_off_at IS NOT NULL OR t.cancelled_at IS NOT NULL) AS not_held
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
