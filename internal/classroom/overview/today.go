package overview

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Waiting is what of the trainings waits for somebody: lists that they may close and applications that they may decide on.
type Waiting struct {
	ToClose []Unclosed  // those of the last two months, the oldest first
	Applied []Undecided // of trainings that are not over, the next first
}

// Unclosed is a training with sessions that are over and whose lists nobody closed.
type Unclosed struct {
	ID, Title string
	Session   string // the oldest of them
	EndedAt   time.Time
	Sessions  int
	Unmarked  int // people with a seat whom nobody marked in the oldest of them
}

// Undecided is a training for which people apply.
type Undecided struct {
	ID, Title string
	HeldFrom  time.Time
	Applied   int
	Taken     int
	Places    *int // nil: nobody wrote it down
}

// mostWaiting is how many trainings of either kind are named; the desk of trainings has the rest.
const mostWaiting = 50

// Waiting returns what waits for the actor: lists for those who keep the roll, by their role or by teaching there; applications for those who keep the
// sign-ups of the training's unit.
func (s *Service) Waiting(ctx context.Context, actor access.Actor) (w Waiting, err error) {
	defer errs.Wrap(&err, "overview.Waiting")
	now := s.clock.Now()
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if actor.Has(access.Attendance) {
			within, args := actor.Within(access.Attendance, "u.path")
			args = append([]any{now.Add(-deskBack), now, now}, args...)
			if w.ToClose, err = db.All[Unclosed](ctx, tx, `
				SELECT x.id, x.title, x.session, x.ended_at, x.sessions,
					(SELECT COUNT(*) FROM booking b WHERE b.training_id = x.id AND b.state = 'confirmed'
						AND NOT EXISTS (SELECT 1 FROM attendance a WHERE a.session_id = x.session AND a.person_id = b.person_id)) AS unmarked
				FROM (SELECT t.id, t.title, s.id AS session, s.ends_at AS ended_at, COUNT(*) OVER (PARTITION BY t.id) AS sessions, ROW_NUMBER() OVER (PARTITION BY t.id ORDER BY s.starts_at, s.id) AS n
					FROM training_session s JOIN training t ON t.id = s.training_id JOIN identity_unit u ON u.id = t.unit_id
					WHERE s.starts_at BETWEEN ? AND ? AND s.ends_at <= ? AND s.cancelled_at IS NULL AND t.cancelled_at IS NULL AND t.put_off_at IS NULL
						AND (`+within+` OR t.id IN (SELECT training_id FROM training_trainer WHERE person_id = ? AND part <> 'observer')
							OR t.id IN (SELECT training_id FROM classroom_teaches WHERE person_id = ? AND part <> 'observer'))
						AND NOT EXISTS (SELECT 1 FROM session_closing c WHERE c.session_id = s.id AND c.reopened_at IS NULL)) x
				WHERE x.n = 1 ORDER BY x.ended_at, x.id LIMIT ?`, append(args, actor.PersonID, actor.PersonID, mostWaiting)...); err != nil {
				return err
			}
		}
		within, args := actor.Within(access.SignUps, "u.path")
		w.Applied, err = db.All[Undecided](ctx, tx, `
			SELECT t.id, t.title, t.held_from, COUNT(CASE WHEN b.state = 'applied' THEN 1 END) AS applied, COUNT(CASE WHEN b.state <> 'applied' THEN 1 END) AS taken,
				(SELECT MIN(s.capacity) FROM training_session s WHERE s.training_id = t.id AND s.cancelled_at IS NULL) AS places
			FROM training t JOIN identity_unit u ON u.id = t.unit_id JOIN booking b ON b.training_id = t.id AND b.state IN ('applied', 'confirmed', 'offered')
			WHERE t.held_from > ? AND t.cancelled_at IS NULL AND t.put_off_at IS NULL AND `+within+`
			GROUP BY t.id, t.title, t.held_from HAVING COUNT(CASE WHEN b.state = 'applied' THEN 1 END) > 0 ORDER BY t.held_from, t.id LIMIT ?`,
			append(append([]any{now}, args...), mostWaiting)...)
		return err
	})
	return w, err
}

// GaveUp is how many people gave up a seat in a training.
type GaveUp struct {
	ID, Title string
	People    int
}

// GaveUpSince returns the trainings ahead in which people gave up a seat, or did not take one that they were offered, since a time: of those whose sign-ups the actor keeps.
func (s *Service) GaveUpSince(ctx context.Context, actor access.Actor, since time.Time) (list []GaveUp, err error) {
	defer errs.Wrap(&err, "overview.GaveUpSince")
	within, args := actor.Within(access.SignUps, "u.path")
	return db.All[GaveUp](ctx, s.db, `
		SELECT t.id, t.title, COUNT(*) AS people FROM training t JOIN identity_unit u ON u.id = t.unit_id JOIN booking b ON b.training_id = t.id
		WHERE t.held_from > ? AND t.cancelled_at IS NULL AND t.put_off_at IS NULL AND b.state IN ('cancelled', 'declined') AND b.changed_at >= ? AND `+within+`
		GROUP BY t.id, t.title, t.held_from ORDER BY t.held_from, t.id LIMIT ?`, append(append([]any{s.clock.Now(), since}, args...), mostWaiting)...)
}

// Next returns the first n trainings that are under way or come within two months, of those that the actor may see.
func (s *Service) Next(ctx context.Context, actor access.Actor, n int) (rows []Row, err error) {
	defer errs.Wrap(&err, "overview.Next")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		ids, err := s.upcoming(ctx, tx, actor, n)
		if err != nil {
			return err
		}
		rows, err = s.rows(ctx, tx, ids, false)
		return err
	})
	return rows, err
}

// upcoming returns the ids of those.
func (s *Service) upcoming(ctx context.Context, q db.Querier, actor access.Actor, n int) ([]string, error) {
	now := s.clock.Now()
	mine, args := seen(actor)
	return db.All[string](ctx, q, `SELECT t.id FROM training t JOIN identity_unit u ON u.id = t.unit_id
		WHERE t.held_from BETWEEN ? AND ? AND t.held_until > ? AND t.cancelled_at IS NULL AND t.put_off_at IS NULL AND `+mine+` ORDER BY t.held_from, t.id LIMIT ?`,
		append(append([]any{now.Add(-deskBack), now.Add(deskAhead), now}, args...), n)...)
}
