// Package attendance keeps who was in the room: the marks of the roll, people who came without a seat, the head count, the number of
// signatures on the sheet, notes, the code on the screen, the photographed sheet, and how a session was closed.
//
// The signed sheet of a half-day is the authority, the head count its control, and the code a convenience for rooms where phones are
// allowed. Goals: what somebody wrote down in a hall is history. It is kept as it was written, with the device's time beside the
// server's; it is taken with a flag and never refused, so that nothing is lost that was made without network, on a device whose clock
// is off, or after the session was closed. What is sent twice counts once. What the marks come to is computed from all of them
// ([Reckon]), in whatever order they arrived. Limits: after the closing only a correction with its reason changes what counts; a
// face, a place or a phone proves nothing here and is not asked for; who has a seat is the matter of bookings.
package attendance

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
)

// Service keeps the attendance of all trainings.
type Service struct {
	db    *db.DB
	clock clock.Clock
	zone  *time.Location
}

// New returns a Service, which reads times of day in the zone, and tells keeping how its values are erased.
func New(d *db.DB, c clock.Clock, zone *time.Location, k *keeping.Service) *Service {
	s := &Service{d, c, zone}
	s.keepBy(k)
	return s
}

// Now returns the time by which the service decides.
func (s *Service) Now() time.Time { return s.clock.Now() }

// Session is a half-day or a day of a training, as a hall sees it.
type Session struct {
	ID          string
	TrainingID  string
	Training    string // its title
	Title       string // "" if the day says enough
	Place       string
	Room        string
	StartsAt    time.Time
	EndsAt      time.Time
	HourMinutes int // an hour of the training: 45 or 60 minutes
	UnitPath    string
	Cancelled   bool
	ClosedAt    time.Time // zero while it is open
}

// Span is when a session is held.
func (s Session) Span() Span { return Span{s.StartsAt, s.EndsAt} }

const selectSessions = `
	SELECT s.id, s.training_id, t.title AS training, s.title, s.place, s.room, s.starts_at, s.ends_at, t.hour_minutes, u.path AS unit_path,
		(s.cancelled_at IS NOT NULL OR t.cancelled_at IS NOT NULL) AS cancelled, c.closed_at
	FROM training_session s
	JOIN training t ON t.id = s.training_id
	JOIN identity_unit u ON u.id = t.unit_id
	LEFT JOIN session_closing c ON c.session_id = s.id AND c.reopened_at IS NULL `

// trains holds for the sessions that a person holds. Who only observes marks nobody.
const trains = `EXISTS (SELECT 1 FROM classroom_teaches x WHERE x.session_id = s.id AND x.person_id = ? AND x.part <> 'observer')`

// may returns a session in which the actor may mark: who has the right in the training's unit, and who holds the session. Any other
// is not found.
func (s *Service) may(ctx context.Context, q db.Querier, actor access.Actor, sessionID string) (Session, error) {
	return s.open(ctx, q, actor, sessionID, access.Attendance)
}

func (s *Service) open(ctx context.Context, q db.Querier, actor access.Actor, sessionID string, p access.Permission) (x Session, err error) {
	if !id.Valid(sessionID) {
		return x, errs.NotFound("error.not-found")
	}
	within, args := actor.Within(p, "u.path")
	x, err = db.One[Session](ctx, q, selectSessions+`WHERE s.id = ? AND (`+within+` OR `+trains+`)`, append(append([]any{sessionID}, args...), actor.PersonID)...)
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("error.not-found").Because(err)
	}
	return x, err
}

// locked is may within a transaction that keeps all others away from the session until it ends: what is taken and what is closed at
// the same time come one after the other, on both engines.
func (s *Service) locked(ctx context.Context, tx *db.Tx, actor access.Actor, sessionID string) (Session, error) {
	x, err := s.may(ctx, tx, actor, sessionID)
	if err != nil {
		return x, err
	}
	if err := hold(ctx, tx, sessionID); err != nil {
		return x, err
	}
	return s.may(ctx, tx, actor, sessionID) // somebody may have closed it while we waited
}

func hold(ctx context.Context, tx *db.Tx, sessionID string) error {
	return db.Exec(ctx, tx, `UPDATE training_session SET sequence = sequence WHERE id = ?`, sessionID)
}

// Session returns a session in which the actor may mark; any other is not found.
func (s *Service) Session(ctx context.Context, actor access.Actor, sessionID string) (_ Session, err error) {
	defer errs.Wrap(&err, "attendance.Session")
	return s.may(ctx, s.db, actor, sessionID)
}

// Day is what somebody who holds sessions has before them.
type Day struct {
	Today []Session // held today
	Soon  []Session // until the day after tomorrow: to be opened on a device beforehand
	Close []Session // over and still open
}

const (
	openFor = 90 * 24 * time.Hour // how far back sessions are looked for that nobody closed
	ahead   = 3                   // days
)

// Day returns the sessions that the actor may mark around now, in the order in which they are held.
func (s *Service) Day(ctx context.Context, actor access.Actor) (d Day, err error) {
	defer errs.Wrap(&err, "attendance.Day")
	now := s.clock.Now()
	local := now.In(s.zone)
	tomorrow := time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, s.zone)
	today := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, s.zone)
	within, args := actor.Within(access.Attendance, "u.path")
	list, err := db.All[Session](ctx, s.db, selectSessions+`
		WHERE s.starts_at > ? AND s.starts_at < ? AND s.cancelled_at IS NULL AND t.cancelled_at IS NULL AND (`+within+` OR `+trains+`)
		ORDER BY s.starts_at, s.id`,
		append(append([]any{now.Add(-openFor), tomorrow.AddDate(0, 0, ahead-1)}, args...), actor.PersonID)...)
	for _, x := range list {
		switch {
		case !x.StartsAt.Before(tomorrow):
			d.Soon = append(d.Soon, x)
		case x.EndsAt.After(today) && x.StartsAt.Before(tomorrow):
			d.Today = append(d.Today, x)
		case x.ClosedAt.IsZero():
			d.Close = append(d.Close, x)
		}
	}
	return d, err
}
