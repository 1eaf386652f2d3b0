package learning

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/record"
)

// LessonVisit is a lesson's page.
type LessonVisit struct {
	Visit
	Lesson   *course.Lesson
	Module   *course.Module
	Progress Progress
	Previous *course.Part // nil at the beginning
	Next     *course.Part // nil at the end
}

// Lesson opens a lesson. The first opening and each change of place are noted, so that another device resumes here; looking
// at the same page again writes nothing.
func (s *Service) Lesson(ctx context.Context, actor access.Actor, enrolmentID, lessonID string) (l LessonVisit, err error) {
	defer errs.Wrap(&err, "learning.Lesson(%s, %q)", enrolmentID, lessonID)
	if l.Visit, err = s.own(ctx, s.db, actor, enrolmentID); err != nil {
		return l, err
	}
	key := course.LessonKey(lessonID)
	if l.Module, l.Previous, l.Next, err = place(l.Course.Course, key); err != nil {
		return l, err
	}
	l.Lesson = l.Course.Lesson(lessonID, l.Lang)
	if l.Lesson == nil {
		return l, errs.NotFound("error.not-found")
	}
	if err := s.mayRead(ctx, l.Enrolment); err != nil {
		return l, err
	}
	if l.LastPart != key {
		err = s.change(ctx, actor, enrolmentID, func(tx *db.Tx, v *Visit, now time.Time) error {
			first, err := openPart(ctx, tx, enrolmentID, key, now)
			if err != nil {
				return err
			}
			if first {
				if err := record.Add(ctx, tx, now, v.PersonID, record.Experienced, "course/"+v.CourseID+"/lesson/"+lessonID, nil); err != nil {
					return err
				}
			}
			return s.settle(ctx, tx, v, now, key)
		})
		if err != nil {
			return l, err
		}
	}
	l.Progress, err = s.progress(ctx, s.db, enrolmentID)
	return l, err
}

// place finds a part's module and neighbours.
func place(c *course.Course, key string) (module *course.Module, previous, next *course.Part, err error) {
	parts := c.Parts()
	for i := range parts {
		if parts[i].Key() != key {
			continue
		}
		if i > 0 {
			previous = &parts[i-1]
		}
		if i+1 < len(parts) {
			next = &parts[i+1]
		}
		return c.ModuleOf(key), previous, next, nil
	}
	return nil, nil, nil, errs.NotFound("error.not-found")
}

// FinishLesson notes that the participant has read a lesson, and returns the part that comes next, nil at the end.
func (s *Service) FinishLesson(ctx context.Context, actor access.Actor, enrolmentID, lessonID string) (next *course.Part, err error) {
	defer errs.Wrap(&err, "learning.FinishLesson(%s, %q)", enrolmentID, lessonID)
	err = s.change(ctx, actor, enrolmentID, func(tx *db.Tx, v *Visit, now time.Time) error {
		key := course.LessonKey(lessonID)
		if _, _, next, err = place(v.Course.Course, key); err != nil {
			return err
		}
		if _, err := donePart(ctx, tx, enrolmentID, key, now); err != nil {
			return err
		}
		last := key
		if next != nil {
			last = "" // the next page notes itself when it opens
		}
		return s.settle(ctx, tx, v, now, last)
	})
	return next, err
}

// AnswerCheck marks an answer to a practice question of a lesson. It may be answered as often as one likes; the latest
// answer is kept.
func (s *Service) AnswerCheck(ctx context.Context, actor access.Actor, enrolmentID, lessonID, itemID string, form map[string][]string) (share float64, err error) {
	defer errs.Wrap(&err, "learning.AnswerCheck(%s, %q)", enrolmentID, itemID)
	err = s.change(ctx, actor, enrolmentID, func(tx *db.Tx, v *Visit, now time.Time) error {
		lesson := v.Course.Lesson(lessonID, v.Lang)
		if lesson == nil || !lesson.HasCheck(itemID) {
			return errs.NotFound("error.not-found")
		}
		it := v.Course.Item(itemID)
		answer, given, err := it.Parse(form)
		if err != nil {
			return errs.Invalid("item.unreadable").Because(err)
		}
		if !given {
			return errs.Invalid("learning.check.empty")
		}
		share = it.Score(answer)
		if err := saveCheckAnswer(ctx, tx, enrolmentID, itemID, answer, share, now); err != nil {
			return err
		}
		if err := record.Add(ctx, tx, now, v.PersonID, record.Answered, "course/"+v.CourseID+"/item/"+itemID, map[string]any{"share": share}); err != nil {
			return err
		}
		return s.settle(ctx, tx, v, now, "")
	})
	return share, err
}
