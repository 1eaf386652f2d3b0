package attendance

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/hour"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Presence is how long somebody was at a training.
type Presence struct {
	PersonID   string
	FamilyName string
	GivenName  string
	Unit       string
	SortKey    string
	Booked     bool
	Minutes    int
	Sessions   int // in which they were present
}

// Hours is who was at a training and for how long. Sessions that were cancelled do not count.
type Hours struct {
	TrainingID  string
	Training    string
	HourMinutes int // an hour has 45 or 60
	Lasted      int // minutes by the clock, of all sessions
	Taught      int // minutes of theory and exercise, without breaks
	Sessions    int
	Open        int // sessions that nobody has closed yet: what is said of them may change
	People      []Presence
}

// Of returns for how many of the training's hours somebody was there who was present for some minutes by the clock.
func (h Hours) Of(minutes int) float64 {
	return hour.Attended(minutes, h.Lasted, h.Taught, h.HourMinutes)
}

// All returns how many hours the training has.
func (h Hours) All() float64 { return h.Of(h.Lasted) }

// Hours returns the hours of a training to who may mark in one of its sessions, or see trainings in its unit.
func (s *Service) Hours(ctx context.Context, actor access.Actor, trainingID string) (h Hours, err error) {
	defer errs.Wrap(&err, "attendance.Hours")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if err := s.maySee(ctx, tx, actor, trainingID); err != nil {
			return err
		}
		h, err = s.HoursOf(ctx, tx, trainingID)
		return err
	})
	return h, err
}

func (s *Service) maySee(ctx context.Context, q db.Querier, actor access.Actor, trainingID string) error {
	if !id.Valid(trainingID) {
		return errs.NotFound("error.not-found")
	}
	reads, args := actor.Within(access.TrainingsRead, "u.path")
	marks, more := actor.Within(access.Attendance, "u.path")
	args = append(append([]any{trainingID}, args...), more...)
	_, err := db.One[string](ctx, q, `
		SELECT t.id FROM training t JOIN identity_unit u ON u.id = t.unit_id
		WHERE t.id = ? AND (`+reads+` OR `+marks+` OR EXISTS (SELECT 1 FROM training_session s WHERE s.training_id = t.id AND `+trains+`))`,
		append(args, actor.PersonID)...)
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("error.not-found").Because(err)
	}
	return err
}

// HoursOf returns the hours of a training, whoever asks: for certificates, papers and desks, which ask who may see them.
func (s *Service) HoursOf(ctx context.Context, q db.Querier, trainingID string) (h Hours, err error) {
	defer errs.Wrap(&err, "attendance.HoursOf")
	x, err := db.All[Session](ctx, q, selectSessions+`WHERE s.training_id = ? ORDER BY s.starts_at, s.id`, trainingID)
	if err != nil {
		return h, err
	}
	h.TrainingID = trainingID
	for _, session := range x {
		h.Training, h.HourMinutes = session.Training, session.HourMinutes
		if session.Cancelled {
			continue
		}
		h.Sessions++
		h.Lasted += session.Span().Minutes()
		if session.ClosedAt.IsZero() {
			h.Open++
		}
	}
	plan, err := classroom.PlanOf(ctx, q, trainingID)
	if err != nil {
		return h, err
	}
	h.Taught = plan.Taught(h.Lasted)
	h.People, err = db.All[Presence](ctx, q, `
		SELECT p.id AS person_id, p.family_name, p.given_name, p.sort_key, u.name AS unit,
			EXISTS (SELECT 1 FROM booking b WHERE b.person_id = p.id AND b.training_id = ? AND b.state = 'confirmed') AS booked,
			CAST(COALESCE(SUM(CASE WHEN a.state = 'present' THEN a.minutes ELSE 0 END), 0) AS BIGINT) AS minutes,
			CAST(COALESCE(SUM(CASE WHEN a.state = 'present' THEN 1 ELSE 0 END), 0) AS BIGINT) AS sessions
		FROM identity_person p
		JOIN identity_unit u ON u.id = p.unit_id
		LEFT JOIN (SELECT a.person_id, a.state, a.minutes FROM attendance a JOIN training_session s ON s.id = a.session_id
			WHERE s.training_id = ? AND s.cancelled_at IS NULL) a ON a.person_id = p.id
		WHERE p.id IN (SELECT person_id FROM booking WHERE training_id = ? AND state = 'confirmed'
			UNION SELECT a.person_id FROM attendance a JOIN training_session s ON s.id = a.session_id WHERE s.training_id = ?)
		GROUP BY p.id, p.family_name, p.given_name, p.sort_key, u.name
		ORDER BY p.sort_key, p.id`, trainingID, trainingID, trainingID, trainingID)
	return h, err
}

// Attended is a training at which somebody was.
type Attended struct {
	TrainingID string
	LastAt     time.Time // the end of the last session in which they were present
}

// Attended returns the trainings of a course at which a person was, the newest first: those that teach its programme, and those for which it is
// taken beforehand. Only sessions that somebody closed count, since what is said of others may change. Whoever asks sees to who may know.
func (s *Service) Attended(ctx context.Context, q db.Querier, personID, courseID string) (_ []Attended, err error) {
	defer errs.Wrap(&err, "attendance.Attended")
	return db.All[Attended](ctx, q, `
		SELECT a.training_id, MAX(s.ends_at) AS last_at FROM attendance a
		JOIN training_session s ON s.id = a.session_id JOIN training t ON t.id = a.training_id
		JOIN session_closing c ON c.session_id = s.id AND c.reopened_at IS NULL
		WHERE a.person_id = ? AND a.state = 'present' AND s.cancelled_at IS NULL AND t.cancelled_at IS NULL AND (t.course_id = ? OR t.programme_id = ?)
		GROUP BY a.training_id ORDER BY last_at DESC, a.training_id`, personID, courseID, courseID)
}

// RecordExport notes that the hours of a training were taken away as a file.
func (s *Service) RecordExport(ctx context.Context, actor access.Actor, trainingID string, rows int, format string) error {
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := s.maySee(ctx, tx, actor, trainingID); err != nil {
			return err
		}
		return audit.RecordExport(ctx, tx, s.clock.Now(), actor.PersonID, "attendance.export", "training:"+trainingID, rows, format)
	})
}
