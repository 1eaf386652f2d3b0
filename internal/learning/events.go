package learning

import (
	"context"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Enrolled happens when a person enrols in a course for the first time.
type Enrolled struct{ PersonID, CourseID string }

// Beginning happens each time a person who has opened nothing of a course is about to. A handler may refuse with an error, such as
// [ErrMeasureFirst].
type Beginning struct{ PersonID, CourseID string }

// PartsDone happens when a person has gone through everything of a course but its test; once more if the course changes and
// they do so again.
type PartsDone struct{ PersonID, CourseID string }

// TakenBack happens when a first enrolment is undone, before the enrolment goes. A handler removes what [Enrolled] made it do, or refuses with
// [ErrFollowed], and then MUST have changed nothing.
type TakenBack struct{ PersonID, CourseID string }

// Left happens when a person is taken out of a course.
type Left struct{ PersonID, CourseID string }

// CameBack happens when that is undone.
type CameBack struct{ PersonID, CourseID string }

// ErrMeasureFirst says that a course has a test to be sat, or declined, before it begins.
var ErrMeasureFirst = errs.Conflict("learning.measure.first")

// enrolled tells of a first enrolment: another round of a course is no news to whom the first one made known.
func (s *Service) enrolled(ctx context.Context, tx *db.Tx, e Enrolment) error {
	if e.Round > 1 {
		return nil
	}
	return s.events.Emit(ctx, tx, Enrolled{e.PersonID, e.CourseID})
}

// mayBegin asks whether a person may open the first thing of a course; who has begun goes on.
func (s *Service) mayBegin(ctx context.Context, tx *db.Tx, e Enrolment) error {
	if !e.StartedAt.IsZero() {
		return nil
	}
	return s.events.Emit(ctx, tx, Beginning{e.PersonID, e.CourseID})
}

// mayRead is [Service.mayBegin] for a page that is read outside a transaction.
func (s *Service) mayRead(ctx context.Context, e Enrolment) error {
	if !e.StartedAt.IsZero() {
		return nil
	}
	return s.db.View(ctx, func(tx *db.Tx) error { return s.mayBegin(ctx, tx, e) })
}
