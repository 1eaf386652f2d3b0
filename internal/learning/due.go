package learning

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// terms are what the desk enrols people with. The zero value is an enrolment without a day, of who is not in the course.
type terms struct {
	due   time.Time // the last moment of the day by which the course should be passed; zero: none
	again bool      // also who passed it: they begin another round, as before a certificate ends
}

// dueWithin bounds how far away a day may lie: what is farther was typed wrong.
const dueWithin = 5 * 365 * 24 * time.Hour

// checkDue says what is wrong with a day by which a course should be passed. Today is right, yesterday is not: nobody can meet it any more.
func checkDue(due, now time.Time) error {
	switch {
	case due.IsZero():
		return nil
	case due.Before(now):
		return errs.Invalid("learning.due.past")
	case due.After(now.Add(dueWithin)):
		return errs.Invalid("learning.due.far")
	}
	return nil
}

// Late says whether the day by which the course should be passed is over, and the person is still on their way. It takes nothing away.
func (e Enrolment) Late(now time.Time) bool {
	return !e.DueAt.IsZero() && e.PassedAt.IsZero() && e.WithdrawnAt.IsZero() && now.After(e.DueAt)
}

// SetDue sets the day by which people should have passed, or takes it away where due is zero, for those of the enrolments that the actor
// may manage and that are under way. The others stay as they are. It returns how many were changed.
func (s *Service) SetDue(ctx context.Context, actor access.Actor, courseID string, enrolmentIDs []string, due time.Time) (n int, err error) {
	defer errs.Wrap(&err, "learning.SetDue(%q, %d)", courseID, len(enrolmentIDs))
	if err := checkDue(due, s.clock.Now()); err != nil {
		return 0, err
	}
	// In portions, as with enrolling; whoever was changed stays so if a later portion fails, and the same again does no harm.
	for portion := range slices.Chunk(enrolmentIDs, 200) {
		m := 0
		err := s.db.Update(ctx, func(tx *db.Tx) error {
			m = 0
			people, err := s.reachable(ctx, tx, actor, courseID, portion)
			if err != nil || len(people) == 0 {
				return err
			}
			args := append([]any{due, courseID, due}, db.Args(portion)...)
			if m, err = db.Changed(ctx, tx, `UPDATE enrolment SET due_at = ? WHERE course_id = ? AND passed_at IS NULL AND withdrawn_at IS NULL AND due_at IS DISTINCT FROM ?
				AND id IN (`+db.In(len(portion))+`) AND person_id IN (`+db.In(len(people))+`)`, append(args, people...)...); err != nil || m == 0 {
				return err
			}
			day := ""
			if !due.IsZero() {
				day = due.Format(time.RFC3339)
			}
			return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "enrolment.due", "course:"+courseID, map[string]any{"people": m, "until": day})
		})
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

// reachable returns the people of some enrolments whom the actor may manage.
func (s *Service) reachable(ctx context.Context, tx *db.Tx, actor access.Actor, courseID string, enrolmentIDs []string) (ids []any, err error) {
	all, err := db.All[string](ctx, tx, `SELECT DISTINCT person_id FROM enrolment WHERE course_id = ? AND id IN (`+db.In(len(enrolmentIDs))+`)`, append([]any{courseID}, db.Args(enrolmentIDs)...)...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	people, err := s.people.ParticipantsWithin(ctx, tx, actor, access.DeskWrite, all)
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	return ids, err
}

// Now returns the service's time, by which pages say how far a day is.
func (s *Service) Now() time.Time { return s.clock.Now() }
