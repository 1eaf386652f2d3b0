package learning

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/record"
)

// EnrolMany enrols persons in a course and writes to those with a mail address. Persons who are enrolled already, or whom the
// actor may not enrol, are left out, so that it can be repeated. It returns how many were enrolled now.
func (s *Service) EnrolMany(ctx context.Context, actor access.Actor, courseID string, personIDs []string) (n int, err error) {
	defer errs.Wrap(&err, "learning.EnrolMany(%q, %d)", courseID, len(personIDs))
	current, err := s.courses.Current(ctx, courseID)
	if err != nil {
		return 0, err
	}
	if !current.SelfStudy() {
		return 0, errs.Conflict("learning.in-class")
	}
	// In portions, so that an enrolment of thousands does not keep everybody else's writes waiting.
	for portion := range slices.Chunk(personIDs, 200) {
		m := 0
		err := s.db.Update(ctx, func(tx *db.Tx) error {
			people, err := s.people.ParticipantsWithin(ctx, tx, actor, access.DeskWrite, portion)
			if err != nil {
				return err
			}
			for _, p := range people {
				made, err := s.enrolOne(ctx, tx, actor, current, p)
				if err != nil {
					return err
				}
				if made {
					m++
				}
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

// EnrolQuietly enrols a person in a course without a letter: whoever has it done writes one of their own. Who is enrolled already, or
// was blocked meanwhile, stays as they are.
func (s *Service) EnrolQuietly(ctx context.Context, courseID, personID string) (err error) {
	defer errs.Wrap(&err, "learning.EnrolQuietly(%q)", courseID)
	current, err := s.courses.Current(ctx, courseID)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		people, err := s.people.ParticipantsWithin(ctx, tx, access.System, access.DeskWrite, []string{personID})
		if err != nil || len(people) == 0 {
			return err
		}
		people[0].Mail = ""
		_, err = s.enrolOne(ctx, tx, access.System, current, people[0])
		return err
	})
}

func (s *Service) enrolOne(ctx context.Context, tx *db.Tx, actor access.Actor, current *published.Course, p Person) (bool, error) {
	latest, err := latestEnrolment(ctx, tx, p.ID, current.ID)
	if err != nil && !errors.Is(err, errs.ErrNotFound) {
		return false, err
	}
	if latest.ID != "" && latest.State() != Withdrawn {
		return false, nil
	}
	e := s.newEnrolment(current, p.ID, p.Lang, latest.Round+1)
	e.Source, e.EnrolledBy = "invitation", actor.PersonID
	made, err := insertEnrolment(ctx, tx, e)
	if err != nil || !made {
		return false, err
	}
	if err := record.Add(ctx, tx, e.CreatedAt, p.ID, record.Registered, "course/"+current.ID, nil); err != nil {
		return false, err
	}
	if err := s.enrolled(ctx, tx, e); err != nil {
		return false, err
	}
	if p.Mail == "" || s.inviter == nil {
		return true, nil
	}
	m, err := s.inviter.Invitation(ctx, tx, p, current.Title, "/app/learn/"+e.ID)
	if err != nil {
		return false, err
	}
	return true, s.outbox.Send(ctx, tx, m)
}

// managed returns an enrolment that the actor may manage.
func (s *Service) managed(ctx context.Context, tx *db.Tx, actor access.Actor, enrolmentID string) (Enrolment, error) {
	if !id.Valid(enrolmentID) {
		return Enrolment{}, errs.NotFound("error.not-found")
	}
	e, err := lockEnrolment(ctx, tx, enrolmentID)
	if err != nil {
		return e, err
	}
	people, err := s.people.ParticipantsWithin(ctx, tx, actor, access.DeskWrite, []string{e.PersonID})
	if err == nil && len(people) == 0 {
		err = errs.NotFound("error.not-found")
	}
	return e, err
}

// Withdraw takes a person out of a course. What they did is kept, and [Service.Restore] undoes it.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, enrolmentID string) (err error) {
	defer errs.Wrap(&err, "learning.Withdraw(%s)", enrolmentID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		e, err := s.managed(ctx, tx, actor, enrolmentID)
		if err != nil {
			return err
		}
		if e.State() == Passed {
			return errs.Conflict("learning.withdraw.passed")
		}
		now := s.clock.Now()
		if err := db.Exec(ctx, tx, `UPDATE enrolment SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL`, now, enrolmentID); err != nil {
			return err
		}
		if err := s.events.Emit(ctx, tx, Left{e.PersonID, e.CourseID}); err != nil {
			return err
		}
		return record.Add(ctx, tx, now, e.PersonID, record.Withdrew, "course/"+e.CourseID, nil)
	})
}

// Restore undoes a withdrawal.
func (s *Service) Restore(ctx context.Context, actor access.Actor, enrolmentID string) (err error) {
	defer errs.Wrap(&err, "learning.Restore(%s)", enrolmentID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		e, err := s.managed(ctx, tx, actor, enrolmentID)
		if err != nil {
			return err
		}
		if err := s.events.Emit(ctx, tx, CameBack{e.PersonID, e.CourseID}); err != nil {
			return err
		}
		return db.Exec(ctx, tx, `UPDATE enrolment SET withdrawn_at = NULL WHERE id = ?`, enrolmentID)
	})
}

// Move takes everybody within the actor's reach who is under way on an earlier version of a course to the current one.
// Parts that are still there stay done, new ones are to do; an attempt that is open is left to end on its version, and so is
// whoever has one. Participants are told on their course's page. It returns how many were moved.
func (s *Service) Move(ctx context.Context, actor access.Actor, courseID string) (n int, err error) {
	defer errs.Wrap(&err, "learning.Move(%q)", courseID)
	current, err := s.courses.Current(ctx, courseID)
	if err != nil {
		return 0, err
	}
	type candidate struct{ ID, PersonID string }
	list, err := db.All[candidate](ctx, s.db, `
		SELECT e.id, e.person_id FROM enrolment e
		WHERE e.course_id = ? AND e.version_id <> ? AND e.passed_at IS NULL AND e.withdrawn_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.enrolment_id = e.id AND a.submitted_at IS NULL)`, courseID, current.VersionID)
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		moved := false
		err := s.db.Batch(ctx, func(tx *db.Tx) (err error) {
			moved, err = s.moveOne(ctx, tx, actor, c.ID, current)
			return err
		})
		if err != nil && !errors.Is(err, errs.ErrNotFound) {
			return n, err
		}
		if moved {
			n++
		}
	}
	return n, nil
}

func (s *Service) moveOne(ctx context.Context, tx *db.Tx, actor access.Actor, enrolmentID string, current *published.Course) (bool, error) {
	e, err := s.managed(ctx, tx, actor, enrolmentID)
	if err != nil {
		return false, err
	}
	if e.VersionID == current.VersionID || !e.PassedAt.IsZero() || !e.WithdrawnAt.IsZero() {
		return false, nil // since the list was read
	}
	from := e.MovedFrom // who was moved twice without looking is told of the first version they knew
	if from == "" {
		from = e.VersionID
	}
	if e.StartedAt.IsZero() {
		from = "" // nothing was seen, so there is nothing to tell
	}
	lang := e.Lang
	if !current.HasLanguage(lang) {
		lang = current.Languages[0]
	}
	err = db.Exec(ctx, tx, `UPDATE enrolment SET version_id = ?, moved_from = ?, lang = ?, finished_at = NULL WHERE id = ?`, current.VersionID, from, lang, enrolmentID)
	if err != nil || e.StartedAt.IsZero() {
		return true, err
	}
	e.VersionID, e.Lang, e.FinishedAt = current.VersionID, lang, time.Time{}
	return true, s.recordStep(ctx, tx, &Visit{Enrolment: e, Course: current}, s.clock.Now(), "")
}

// Reminded notes in tx that a person is reminded of a round now; false, and nothing changed, where the round is over or the
// person was reminded of any round after the given time. Whoever writes the letter does so in the same transaction.
func (s *Service) Reminded(ctx context.Context, tx *db.Tx, enrolmentID string, after time.Time) (noted bool, err error) {
	defer errs.Wrap(&err, "learning.Reminded(%s)", enrolmentID)
	// The row's own time is asked for once more: on PostgreSQL the second of two updates sees this row anew, the others not.
	n, err := db.Changed(ctx, tx, `
		UPDATE enrolment SET reminded_at = ? WHERE id = ? AND passed_at IS NULL AND withdrawn_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM enrolment o WHERE o.person_id = enrolment.person_id AND o.reminded_at > ?)
		AND (reminded_at IS NULL OR reminded_at <= ?)`, s.clock.Now(), enrolmentID, after, after)
	return n == 1, err
}
