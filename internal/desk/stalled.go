package desk

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// StalledDays is after how many days without a visit somebody who is enrolled counts as stalled.
const StalledDays = 14

// Stalled is how many people of a course have not been there for [StalledDays] days.
type Stalled struct {
	Course     Course
	People     int
	RemindedAt time.Time // the latest of their reminders
}

// Stalled returns the courses with stalled people whom the actor may remind. They are counted in one statement, of the index of rounds.
func (s *Service) Stalled(ctx context.Context, actor access.Actor) (list []Stalled, err error) {
	defer errs.Wrap(&err, "desk.Stalled")
	type counted struct {
		CourseID string
		N        int
		Reminded time.Time
	}
	var counts []counted
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		var w where
		if err := w.within(t, actor, access.DeskWrite, "", false); err != nil {
			return err
		}
		w.and(`l.withdrawn_at IS NULL AND l.passed_at IS NULL AND COALESCE(l.active_at, l.created_at) < ?`, s.clock.Now().AddDate(0, 0, -StalledDays))
		counts, err = db.All[counted](ctx, tx, `SELECT l.course_id, COUNT(*) AS n, MAX(l.reminded_at) AS reminded`+fromRounds(w)+w.String()+` GROUP BY l.course_id ORDER BY l.course_id`, w.args...)
		return err
	})
	for _, c := range counts {
		course, err := s.courses.One(ctx, c.CourseID)
		if err != nil {
			return nil, err
		}
		list = append(list, Stalled{course, c.N, c.Reminded})
	}
	return list, err
}
