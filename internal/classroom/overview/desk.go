package overview

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// The desk looks so far ahead and back, and at so many trainings each way: at what is next and what was last. A region has fewer; for
// the whole country there is the list.
const (
	deskAhead = 60 * 24 * time.Hour
	deskBack  = 60 * 24 * time.Hour
	deskMost  = 20
)

// Desk is what a coordinator has before them: what comes, what is to be closed, who did not come, and people to look at twice.
type Desk struct {
	Upcoming  []Row // under way, or begins within two months; the next twenty
	ToClose   []OpenSession
	NoShows   []NoShow // of the last twenty that are over within two months and closed: somebody who had a seat was never there
	Twins     []Twin
	Elsewhere []Elsewhere
}

// OpenSession is one that is over and lacks something.
type OpenSession struct {
	Session
	Open    bool // nobody closed it
	NoSheet bool // nobody uploaded the sheet
}

// NoShow is a training in which somebody who had a seat was never there.
type NoShow struct {
	ID, Title, Place    string
	HeldFrom, HeldUntil time.Time
	Confirmed, NoShows  int
}

// Twin is a name that two people bear who have a seat in what comes, or ask for one: perhaps they are one.
type Twin struct {
	FirstID, SecondID string
	Name              string
}

// Elsewhere is somebody with a seat in a training, or who asks for one, who was in another of the same programme already.
type Elsewhere struct {
	PersonID   string
	Name       string
	TrainingID string
	Training   string
	OtherID    string
	Other      string
	HeldUntil  time.Time // of the other
	SortKey    string
}

// Desk returns what the actor has before them, of the trainings that they may see.
func (s *Service) Desk(ctx context.Context, actor access.Actor) (d Desk, err error) {
	defer errs.Wrap(&err, "overview.Desk")
	now := s.clock.Now()
	mine, args := seen(actor)
	with := func(more ...any) []any { return append(append([]any{}, more...), args...) }
	err = s.db.View(ctx, func(tx *db.Tx) error {
		upcoming, err := s.upcoming(ctx, tx, actor, deskMost)
		if err != nil {
			return err
		}
		if d.Upcoming, err = s.rows(ctx, tx, upcoming, false); err != nil {
			return err
		}
		if d.ToClose, err = db.All[OpenSession](ctx, tx, `
			SELECT * FROM (`+selectSession+`,
				NOT EXISTS (SELECT 1 FROM session_closing c WHERE c.session_id = s.id AND c.reopened_at IS NULL) AS open,
				NOT EXISTS (SELECT 1 FROM session_sheet x WHERE x.session_id = s.id AND x.withdrawn_at IS NULL) AS no_sheet
			FROM training_session s JOIN training t ON t.id = s.training_id JOIN identity_unit u ON u.id = t.unit_id
			WHERE s.starts_at BETWEEN ? AND ? AND s.ends_at <= ? AND s.cancelled_at IS NULL AND `+mine+`) x WHERE open OR no_sheet ORDER BY starts_at, id LIMIT 50`,
			with(now.Add(-deskBack), now, now)...); err != nil {
			return err
		}
		if d.NoShows, err = noShows(ctx, tx, mine, with(now.Add(-deskBack), now)); err != nil {
			return err
		}
		if d.Twins, err = twins(ctx, tx, upcoming); err != nil {
			return err
		}
		d.Elsewhere, err = elsewhere(ctx, tx, actor, upcoming)
		return err
	})
	return d, err
}

// noShows returns, of the trainings whose lists are closed, those in which somebody who had a seat was never there.
func noShows(ctx context.Context, tx *db.Tx, mine string, args []any) ([]NoShow, error) {
	const seats = `(SELECT COUNT(*) FROM booking b WHERE b.training_id = t.id AND b.state = 'confirmed'`
	all, err := db.All[NoShow](ctx, tx, `
		SELECT t.id, t.title, t.place, t.held_from, t.held_until, `+seats+`) AS confirmed, `+seats+` AND NOT EXISTS (
			SELECT 1 FROM attendance a WHERE a.programme = `+teaches+` AND a.person_id = b.person_id AND a.state = 'present' AND a.training_id = t.id)) AS no_shows
		FROM training t JOIN identity_unit u ON u.id = t.unit_id
		WHERE t.held_from >= ? AND t.held_until <= ? AND t.cancelled_at IS NULL AND t.put_off_at IS NULL AND `+mine+`
			AND EXISTS (SELECT 1 FROM training_session s WHERE s.training_id = t.id AND s.cancelled_at IS NULL)
			AND NOT EXISTS (SELECT 1 FROM training_session s WHERE s.training_id = t.id AND s.cancelled_at IS NULL
				AND NOT EXISTS (SELECT 1 FROM session_closing c WHERE c.session_id = s.id AND c.reopened_at IS NULL))
		ORDER BY t.held_from DESC, t.id LIMIT ?`, append(args, deskMost)...)
	return slices.DeleteFunc(all, func(x NoShow) bool { return x.NoShows == 0 }), err
}

// teaches is what attendance knows a training's programme by.
const teaches = `CASE WHEN t.programme_id <> '' THEN t.programme_id ELSE t.title END`

const wants = `('confirmed', 'offered', 'waiting', 'applied')`

func twins(ctx context.Context, tx *db.Tx, trainingIDs []string) ([]Twin, error) {
	return db.All[Twin](ctx, tx, `
		SELECT x.first_id, x.second_id, f.given_name || ' ' || f.family_name AS name FROM (
			SELECT p.sort_key, MIN(p.id) AS first_id, MAX(p.id) AS second_id FROM booking b JOIN identity_person p ON p.id = b.person_id
			WHERE b.training_id IN (`+db.In(len(trainingIDs))+`) AND b.state IN `+wants+` GROUP BY p.sort_key HAVING MIN(p.id) <> MAX(p.id) ORDER BY p.sort_key LIMIT 50) x
		JOIN identity_person f ON f.id = x.first_id ORDER BY x.sort_key`, db.Args(trainingIDs)...)
}

// elsewhere stops as soon as the page is full, in whatever order: who comes again is looked at one by one. It looks from the few who
// come to what they attended; a training that the actor may not see stays unsaid.
func elsewhere(ctx context.Context, tx *db.Tx, actor access.Actor, trainingIDs []string) ([]Elsewhere, error) {
	condition, args := actor.Within(access.TrainingsRead, "u.path")
	return db.All[Elsewhere](ctx, tx, `
		SELECT x.*, p.given_name || ' ' || p.family_name AS name, p.sort_key FROM (
			SELECT DISTINCT b.person_id, t.id AS training_id, t.title AS training, o.id AS other_id, o.title AS other, o.held_until
			FROM training t JOIN booking b ON b.training_id = t.id AND b.state IN `+wants+`
				JOIN attendance a ON a.person_id = b.person_id AND a.state = 'present' AND a.programme = `+teaches+` AND a.training_id <> t.id
				JOIN training o ON o.id = a.training_id AND o.programme_id = t.programme_id JOIN identity_unit u ON u.id = o.unit_id
			WHERE t.id IN (`+db.In(len(trainingIDs))+`) AND `+condition+` LIMIT 50) x
		JOIN identity_person p ON p.id = x.person_id`,
		append(db.Args(trainingIDs), args...)...)
}
