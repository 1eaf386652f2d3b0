package learning

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/record"
)

// EnrolMany enrols persons in a course and writes to those with a mail address. Persons who are enrolled already, or whom the
// actor may not enrol, are left out, so that it can be repeated. It returns how many were enrolled now.
func (s *Service) EnrolMany(ctx context.Context, actor access.Actor, courseID string, personIDs []string) (n int, err error) {
	return s.EnrolOn(ctx, actor, courseID, personIDs, time.Time{}, false)
}

// EnrolOn is [Service.EnrolMany] with the day by which they should have passed (zero: none). With again, who passed begins another
// round, as before a certificate ends. Who is under way already stays as they are, the day included.
func (s *Service) EnrolOn(ctx context.Context, actor access.Actor, courseID string, personIDs []string, due time.Time, again bool) (n int, err error) {
	defer errs.Wrap(&err, "learning.EnrolOn(%q, %d)", courseID, len(personIDs))
	if err := checkDue(due, s.clock.Now()); err != nil {
		return 0, err
	}
	current, err := s.courses.Current(ctx, courseID)
	if err != nil {
		return 0, err
	}
	if !current.SelfStudy() {
		return 0, errs.Conflict("learning.in-class")
	}
	d := s.acts.Begin(actor, ActEnrol, ObjectOf(courseID))
	ctx = d.Hold(ctx)
	// In portions, so that an enrolment of thousands does not keep everybody else's writes waiting.
	for portion := range slices.Chunk(personIDs, 200) {
		var things []act.Thing
		err := s.db.Update(ctx, func(tx *db.Tx) error {
			things = nil
			people, err := s.people.ParticipantsWithin(ctx, tx, actor, access.DeskWrite, portion)
			if err != nil {
				return err
			}
			for _, p := range people {
				enrolmentID, err := s.enrolOne(ctx, tx, actor, current, p, terms{due, again})
				if err != nil {
					return err
				}
				if enrolmentID != "" {
					things = append(things, act.Thing{Ref: enrolmentID})
				}
			}
			return s.acts.Note(ctx, tx, d, things)
		})
		if err != nil {
			return n, err
		}
		n += len(things)
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
		_, err = s.enrolOne(ctx, tx, access.System, current, people[0], terms{})
		return err
	})
}

// enrolOne returns the enrolment that it made, "" if the person is in the course already.
func (s *Service) enrolOne(ctx context.Context, tx *db.Tx, actor access.Actor, current *published.Course, p Person, on terms) (enrolmentID string, err error) {
	latest, err := latestEnrolment(ctx, tx, p.ID, current.ID)
	if err != nil && !errors.Is(err, errs.ErrNotFound) {
		return "", err
	}
	if latest.ID != "" && latest.State() != Withdrawn && (!on.again || latest.State() != Passed) {
		return "", nil
	}
	e := s.newEnrolment(current, p.ID, p.Lang, latest.Round+1)
	e.Source, e.EnrolledBy, e.DueAt = "invitation", actor.PersonID, on.due
	made, err := insertEnrolment(ctx, tx, e)
	if err != nil || !made {
		return "", err
	}
	if err := record.Add(ctx, tx, e.CreatedAt, p.ID, record.Registered, "course/"+current.ID, nil); err != nil {
		return "", err
	}
	if err := s.enrolled(ctx, tx, e); err != nil {
		return "", err
	}
	if p.Mail == "" || s.inviter == nil {
		return e.ID, nil
	}
	m, err := s.inviter.Invitation(ctx, tx, p, current.Title, "/app/learn/"+e.ID)
	if err != nil {
		return "", err
	}
	return e.ID, s.outbox.Send(ctx, tx, m)
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
		d := s.acts.Begin(actor, ActWithdraw, ObjectOf(e.CourseID))
		done, err := s.withdraw(ctx, tx, d, e)
		if err != nil || !done {
			return err
		}
		return s.acts.Note(ctx, tx, d, []act.Thing{{Ref: e.ID}})
	})
}

// withdraw takes somebody out at the time of the act, by which its undoing knows what it did; false if they are out already.
func (s *Service) withdraw(ctx context.Context, tx *db.Tx, d *act.Doing, e Enrolment) (bool, error) {
	if e.State() == Passed {
		return false, errs.Conflict("learning.withdraw.passed")
	}
	n, err := db.Changed(ctx, tx, `UPDATE enrolment SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL`, d.At, e.ID)
	if err != nil {
		return false, err
	}
	if err := s.events.Emit(ctx, tx, Left{e.PersonID, e.CourseID}); err != nil {
		return false, err
	}
	return n == 1, record.Add(ctx, tx, d.At, e.PersonID, record.Withdrew, "course/"+e.CourseID, nil)
}

// Restore undoes a withdrawal.
func (s *Service) Restore(ctx context.Context, actor access.Actor, enrolmentID string) (err error) {
	defer errs.Wrap(&err, "learning.Restore(%s)", enrolmentID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		e, err := s.managed(ctx, tx, actor, enrolmentID)
		if err != nil {
			return err
		}
		d := s.acts.Begin(actor, ActRestore, ObjectOf(e.CourseID))
		done, err := s.restore(ctx, tx, e)
		if err != nil || !done {
			return err
		}
		return s.acts.Note(ctx, tx, d, []act.Thing{{Ref: e.ID, Before: act.Was(beforeReturn{e.WithdrawnAt, e.ActiveAt})}})
	})
}

func (s *Service) restore(ctx context.Context, tx *db.Tx, e Enrolment) (bool, error) {
	if err := s.events.Emit(ctx, tx, CameBack{e.PersonID, e.CourseID}); err != nil {
		return false, err
	}
	return !e.WithdrawnAt.IsZero(), db.Exec(ctx, tx, `UPDATE enrolment SET withdrawn_at = NULL WHERE id = ?`, e.ID)
}

// WithdrawMany takes people out of a course, as [Service.Withdraw] does one. Who has passed, is out already or is beyond the actor's reach is
// left out. It returns how many it took out.
func (s *Service) WithdrawMany(ctx context.Context, actor access.Actor, courseID string, enrolmentIDs []string) (n int, err error) {
	defer errs.Wrap(&err, "learning.WithdrawMany(%q, %d)", courseID, len(enrolmentIDs))
	d := s.acts.Begin(actor, ActWithdraw, ObjectOf(courseID))
	return s.toMany(ctx, actor, d, courseID, enrolmentIDs, func(tx *db.Tx, e Enrolment) (bool, error) {
		if e.State() == Passed || e.State() == Withdrawn {
			return false, nil
		}
		return s.withdraw(ctx, tx, d, e)
	})
}

// RestoreMany brings people back to a course who were taken out, and returns how many.
func (s *Service) RestoreMany(ctx context.Context, actor access.Actor, courseID string, enrolmentIDs []string) (n int, err error) {
	defer errs.Wrap(&err, "learning.RestoreMany(%q, %d)", courseID, len(enrolmentIDs))
	d := s.acts.Begin(actor, ActRestore, ObjectOf(courseID))
	return s.toMany(ctx, actor, d, courseID, enrolmentIDs, func(tx *db.Tx, e Enrolment) (bool, error) {
		if e.State() != Withdrawn {
			return false, nil
		}
		return s.restore(ctx, tx, e)
	})
}

// toMany does an act to enrolments of a course, portion by portion.
func (s *Service) toMany(ctx context.Context, actor access.Actor, d *act.Doing, courseID string, ids []string, one func(tx *db.Tx, e Enrolment) (bool, error)) (n int, err error) {
	ids = slices.Clone(ids)
	slices.Sort(ids) // as everybody does who holds several
	for portion := range slices.Chunk(slices.Compact(ids), 200) {
		var things []act.Thing
		err := s.db.Update(ctx, func(tx *db.Tx) error {
			things = nil
			for _, enrolmentID := range portion {
				e, err := s.managed(ctx, tx, actor, enrolmentID)
				if errors.Is(err, errs.ErrNotFound) || err == nil && e.CourseID != courseID {
					continue
				}
				if err != nil {
					return err
				}
				done, err := one(tx, e)
				if err != nil {
					return err
				}
				if done {
					things = append(things, act.Thing{Ref: e.ID, Before: act.Was(beforeReturn{e.WithdrawnAt, e.ActiveAt})})
				}
			}
			return s.acts.Note(ctx, tx, d, things)
		})
		if err != nil {
			return n, err
		}
		n += len(things)
	}
	return n, nil
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
	d := s.acts.Begin(actor, ActMove, ObjectOf(courseID))
	for portion := range slices.Chunk(list, 100) {
		var things []act.Thing
		err := s.db.Update(ctx, func(tx *db.Tx) error {
			things = nil
			for _, c := range portion {
				was, err := s.moveOne(ctx, tx, actor, c.ID, current)
				if errors.Is(err, errs.ErrNotFound) {
					continue
				}
				if err != nil {
					return err
				}
				if was != "" {
					things = append(things, act.Thing{Ref: c.ID, Before: was})
				}
			}
			return s.acts.Note(ctx, tx, d, things)
		})
		if err != nil {
			return n, err
		}
		n += len(things)
	}
	return n, nil
}

// moveOne moves an enrolment and returns how it was, "" if there was nothing to move.
func (s *Service) moveOne(ctx context.Context, tx *db.Tx, actor access.Actor, enrolmentID string, current *published.Course) (was string, err error) {
	e, err := s.managed(ctx, tx, actor, enrolmentID)
	if err != nil {
		return "", err
	}
	if e.VersionID == current.VersionID || !e.PassedAt.IsZero() || !e.WithdrawnAt.IsZero() {
		return "", nil // since the list was read
	}
	now := s.clock.Now()
	was = act.Was(beforeMove{
		VersionID: e.VersionID, MovedFrom: e.MovedFrom, Lang: e.Lang, FinishedAt: e.FinishedAt, ActiveAt: e.ActiveAt, Moved: now,
		PartsDone: e.PartsDone, LastPart: e.LastPart, To: current.VersionID,
	})
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
		return was, err
	}
	e.VersionID, e.Lang, e.FinishedAt = current.VersionID, lang, time.Time{}
	return was, s.recordStep(ctx, tx, &Visit{Enrolment: e, Course: current}, now, "")
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
