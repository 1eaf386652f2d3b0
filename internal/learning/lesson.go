package learning

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/quiz"
	"ostoja/internal/record"
)

// partVisit is the page of a part: where it stands in the course.
type partVisit struct {
	Visit
	Part     course.Part
	Module   *course.Module
	Previous course.Part // nil at the beginning
	Next     course.Part // nil at the end
}

// part opens the page of a part that the actor's course has.
func (s *Service) part(ctx context.Context, actor access.Actor, enrolmentID, key string) (v partVisit, err error) {
	if v.Visit, err = s.own(ctx, s.db, actor, enrolmentID); err != nil {
		return v, err
	}
	if v.Part = v.Course.Part(key); v.Part == nil {
		return v, errs.NotFound("error.not-found")
	}
	v.Module = v.Course.ModuleOf(key)
	v.Previous, v.Next = neighbours(v.Course.Course, key)
	return v, s.mayRead(ctx, v.Enrolment)
}

// neighbours returns the parts before and after one, nil at either end.
func neighbours(c *course.Course, key string) (previous, next course.Part) {
	parts, i := c.Parts(), c.Position(key)-1
	if i > 0 {
		previous = parts[i-1]
	}
	if i+1 < len(parts) {
		next = parts[i+1]
	}
	return previous, next
}

// object names a part in statements of what was learned.
func (v Visit) object(kind course.Kind, partID string) string {
	return "course/" + v.CourseID + "/" + string(kind) + "/" + partID
}

// LessonVisit is a lesson's page.
type LessonVisit struct {
	partVisit
	Lesson   *course.Lesson
	Progress Progress
}

// Lesson opens a lesson. The first opening and each change of place are noted, so that another device resumes here; looking
// at the same page again writes nothing.
func (s *Service) Lesson(ctx context.Context, actor access.Actor, enrolmentID, lessonID string) (l LessonVisit, err error) {
	defer errs.Wrap(&err, "learning.Lesson(%s, %q)", enrolmentID, lessonID)
	key := course.LessonKey(lessonID)
	if l.partVisit, err = s.part(ctx, actor, enrolmentID, key); err != nil {
		return l, err
	}
	if l.Lesson = l.Course.Lesson(lessonID, l.Lang); l.Lesson == nil {
		return l, errs.NotFound("error.not-found")
	}
	if l.LastPart != key {
		err = s.change(ctx, actor, enrolmentID, func(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error {
			first, err := openPart(ctx, tx, enrolmentID, key, now)
			if err != nil {
				return err
			}
			if first {
				if err := record.Add(ctx, tx, now, v.PersonID, record.Experienced, v.object(course.KindLesson, lessonID), nil); err != nil {
					return err
				}
			}
			return s.recordStep(ctx, tx, v, now, key)
		})
		if err != nil {
			return l, err
		}
	}
	l.Progress, err = s.progress(ctx, s.db, enrolmentID)
	return l, err
}

// FinishLesson notes that the participant has read a lesson, and returns the part that comes next, nil at the end.
func (s *Service) FinishLesson(ctx context.Context, actor access.Actor, enrolmentID, lessonID string) (next course.Part, err error) {
	defer errs.Wrap(&err, "learning.FinishLesson(%s, %q)", enrolmentID, lessonID)
	err = s.change(ctx, actor, enrolmentID, func(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error {
		key := course.LessonKey(lessonID)
		if v.Course.Part(key) == nil {
			return errs.NotFound("error.not-found")
		}
		_, next = neighbours(v.Course.Course, key)
		if _, err := donePart(ctx, tx, enrolmentID, key, now); err != nil {
			return err
		}
		last := key
		if next != nil {
			last = "" // the next page notes itself when it opens
		}
		return s.recordStep(ctx, tx, v, now, last)
	})
	return next, err
}

// Checked is what became of an answer to a practice question.
type Checked struct {
	Share float64
	quiz.Outcome
}

// AnswerCheck marks an answer to a practice question of a lesson. It may be answered as often as one likes; what counted once
// counts for good, and the latest answer is kept, unless the form was made before it: then it stays, and the outcome holds both.
func (s *Service) AnswerCheck(ctx context.Context, actor access.Actor, enrolmentID, lessonID, itemID string, form map[string][]string) (c Checked, err error) {
	defer errs.Wrap(&err, "learning.AnswerCheck(%s, %q)", enrolmentID, itemID)
	err = s.change(ctx, actor, enrolmentID, func(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error {
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
		kept, err := checkAnswers(ctx, tx, enrolmentID)
		if err != nil {
			return err
		}
		answers := map[string]item.Answer{}
		for _, k := range kept {
			answers[k.ItemID] = k.Answer
		}
		c = Checked{it.Score(answer), quiz.Paper{{Key: itemID, Item: it}}.Merge(form, answers)}
		if len(c.Newer) > 0 {
			return errs.Conflict("item.newer-here")
		}
		done := time.Time{}
		if answerCounts(v.Course.Course, c.Share) {
			done = now
		}
		if err := saveCheckAnswer(ctx, tx, enrolmentID, itemID, answer, c.Share, now, done); err != nil {
			return err
		}
		if err := record.Add(ctx, tx, now, v.PersonID, record.Answered, "course/"+v.CourseID+"/item/"+itemID, map[string]any{"share": c.Share}); err != nil {
			return err
		}
		return s.recordStep(ctx, tx, v, now, "")
	})
	return c, err
}
