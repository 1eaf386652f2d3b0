package learning

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/quiz"
	"ostoja/internal/record"
)

// TestVisit is the page before a test: what it is, what has been tried, and whether it may begin.
type TestVisit struct {
	Visit
	Test         *course.Test
	Progress     Progress
	Requirements []Requirement
	OpenAttempt  *Attempt // to be gone on with; nil if none
	Refusal      error    // why no attempt may begin; nil if one may
}

// Test returns the page before the test. An attempt whose time is over is closed first.
func (s *Service) Test(ctx context.Context, actor access.Actor, enrolmentID string) (t TestVisit, err error) {
	defer errs.Wrap(&err, "learning.Test(%s)", enrolmentID)
	if t.Visit, err = s.own(ctx, s.db, actor, enrolmentID); err != nil {
		return t, err
	}
	if t.Test = t.Course.Test(); t.Test == nil {
		return t, errs.NotFound("error.not-found")
	}
	if t.Progress, err = s.progress(ctx, s.db, enrolmentID); err != nil {
		return t, err
	}
	now := s.clock.Now()
	if n := len(t.Progress.Attempts); n > 0 {
		if last := t.Progress.Attempts[n-1]; last.SubmittedAt.IsZero() && last.over(now) {
			if err := s.closeOverdue(ctx, last.ID); err != nil {
				return t, err
			}
			return s.Test(ctx, actor, enrolmentID)
		}
	}
	t.Requirements = requirementsOf(t.Course.Course, t.Progress)
	t.OpenAttempt, t.Refusal = checkBegin(t.Test, t.Course.Scores(t.Test), t.Requirements, t.Progress, now)
	return t, nil
}

// BeginTest begins an attempt, or returns the one that is open: two clicks or two tabs make one attempt.
func (s *Service) BeginTest(ctx context.Context, actor access.Actor, enrolmentID string) (a Attempt, err error) {
	defer errs.Wrap(&err, "learning.BeginTest(%s)", enrolmentID)
	err = s.change(ctx, actor, enrolmentID, func(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error {
		test := v.Course.Test()
		if test == nil {
			return errs.NotFound("error.not-found")
		}
		p, err := s.progress(ctx, tx, enrolmentID)
		if err != nil {
			return err
		}
		open, err := checkBegin(test, v.Course.Scores(test), requirementsOf(v.Course.Course, p), p, now)
		if err != nil {
			return err
		}
		if err := s.mayBegin(ctx, tx, v.Enrolment); err != nil {
			return err
		}
		if open != nil {
			a = *open
			return nil
		}
		a = Attempt{
			ID: id.New(), EnrolmentID: enrolmentID, VersionID: v.VersionID, TestID: test.ID, Number: len(p.Attempts) + 1, Seed: s.seed(), StartedAt: now,
			ClosesAt: quiz.Deadline(now, test.Minutes),
		}
		a.Items = v.Course.Draw(test, a.Seed)
		a.Lapsed = v.Course.Lapsed(a.Items)
		if _, err := insertAttempt(ctx, tx, a); err != nil {
			return err
		}
		if err := record.Add(ctx, tx, now, v.PersonID, record.Attempted, v.object(course.KindTest, test.ID), map[string]any{"number": a.Number}); err != nil {
			return err
		}
		return s.recordStep(ctx, tx, v, now, "test")
	})
	return a, err
}

// AttemptVisit is an attempt's page: the questions in their order, and what has been answered.
type AttemptVisit struct {
	Visit
	Test    *course.Test
	Asked   *published.Course // the version whose items were asked, with the facts of then; the enrolment may have been moved since
	Attempt Attempt
	Items   []*item.Item // shuffled for this attempt
	Answers map[string]item.Answer
	Shares  map[string]float64 // after submission
	Now     time.Time
}

// Attempt returns an attempt of the actor. One whose time is over is closed first.
func (s *Service) Attempt(ctx context.Context, actor access.Actor, enrolmentID, attemptID string) (v AttemptVisit, err error) {
	defer errs.Wrap(&err, "learning.Attempt(%s)", attemptID)
	if !id.Valid(attemptID) {
		return v, errs.NotFound("error.not-found")
	}
	if v.Visit, err = s.own(ctx, s.db, actor, enrolmentID); err != nil {
		return v, err
	}
	if v.Attempt, err = attemptByID(ctx, s.db, attemptID); err != nil {
		return v, err
	}
	if v.Attempt.EnrolmentID != enrolmentID {
		return v, errs.NotFound("error.not-found")
	}
	v.Now = s.clock.Now()
	if v.Attempt.SubmittedAt.IsZero() && v.Attempt.over(v.Now) {
		if err := s.closeOverdue(ctx, attemptID); err != nil {
			return v, err
		}
		if v.Attempt, err = attemptByID(ctx, s.db, attemptID); err != nil {
			return v, err
		}
	}
	err = s.fillAttempt(ctx, &v)
	return v, err
}

func (s *Service) fillAttempt(ctx context.Context, v *AttemptVisit) error {
	asked, err := s.courses.VersionAt(ctx, v.Attempt.VersionID, v.Attempt.StartedAt) // what was asked, whatever came later
	if err != nil {
		return err
	}
	v.Asked, v.Test = asked, asked.Tests[v.Attempt.TestID]
	for _, q := range asked.Paper(v.Attempt.Items, v.Attempt.Lapsed).Shuffled(v.Attempt.Seed) {
		v.Items = append(v.Items, q.Item)
	}
	list, err := responses(ctx, s.db, v.Attempt.ID)
	if err != nil {
		return err
	}
	v.Answers, v.Shares = map[string]item.Answer{}, map[string]float64{}
	for _, r := range list {
		v.Answers[r.ItemID] = r.Answer
		if r.Share != nil {
			v.Shares[r.ItemID] = *r.Share
		}
	}
	return nil
}

// Saved is what became of a form of answers.
type Saved struct {
	Attempt
	quiz.Outcome
}

// SaveAnswers keeps the answers of a form, and with submit closes the attempt and marks it. Answers that come after the
// end are refused and those saved before it count; a second submission changes nothing. The returned attempt tells which.
// A form may hold only some of the items, and may have been made before newer answers were saved: see [quiz.Paper.Merge]. Nothing
// is handed in while an answer was changed both here and elsewhere, nor with questions left open, unless sure says that it is meant.
func (s *Service) SaveAnswers(ctx context.Context, actor access.Actor, enrolmentID, attemptID string, form map[string][]string, submit, sure bool) (a Saved, err error) {
	defer errs.Wrap(&err, "learning.SaveAnswers(%s)", attemptID)
	if !id.Valid(attemptID) {
		return a, errs.NotFound("error.not-found")
	}
	var refusal error
	err = s.change(ctx, actor, enrolmentID, func(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error {
		refusal, a = nil, Saved{} // of a transaction that was given up
		if a.Attempt, err = attemptByID(ctx, tx, attemptID); err != nil {
			return err
		}
		if a.EnrolmentID != enrolmentID {
			return errs.NotFound("error.not-found")
		}
		switch {
		case !a.SubmittedAt.IsZero():
			return nil
		case a.over(now):
			refusal = errs.Conflict("learning.test.too-late")
			return s.close(ctx, tx, v, &a.Attempt, now, true)
		}
		if a.Outcome, err = s.merge(ctx, tx, a.Attempt, form, now, submit && !sure); err != nil {
			return err
		}
		if refusal = refusalOf(a.Outcome); refusal != nil || !submit {
			return db.Exec(ctx, tx, `UPDATE enrolment SET active_at = ? WHERE id = ?`, now, enrolmentID)
		}
		return s.close(ctx, tx, v, &a.Attempt, now, false)
	})
	if err != nil { // what the attempt would have become was given up
		return Saved{}, err
	}
	return a, refusal
}

// refusalOf says what of a form was not taken; nil if all was. Faults of single answers do not lose the others.
func refusalOf(o quiz.Outcome) error {
	var faults errs.Fields
	for _, f := range o.Refused() {
		faults = append(faults, errs.Field(f))
	}
	if len(faults) == 0 && len(o.Open) > 0 {
		return errs.Invalid("item.open-title")
	}
	return faults.Err()
}

// merge keeps what a form changes, and says which questions are open then, if that is asked.
func (s *Service) merge(ctx context.Context, tx *db.Tx, a Attempt, form map[string][]string, now time.Time, open bool) (o quiz.Outcome, err error) {
	asked, err := s.courses.VersionIn(ctx, tx, a.VersionID)
	if err != nil {
		return o, err
	}
	answers, err := answersOf(ctx, tx, a.ID)
	if err != nil {
		return o, err
	}
	p := asked.Paper(a.Items, a.Lapsed)
	o = p.Merge(form, answers)
	for _, c := range o.Changes {
		if c.Given {
			answers[c.Key], err = c.Answer, saveResponse(ctx, tx, a.ID, c.Key, c.Answer, now)
		} else {
			delete(answers, c.Key)
			err = dropResponse(ctx, tx, a.ID, c.Key)
		}
		if err != nil {
			return o, err
		}
	}
	if open {
		o.Open = p.Open(answers)
	}
	return o, nil
}

// close marks an attempt and records the step.
func (s *Service) close(ctx context.Context, tx *db.Tx, v *Visit, a *Attempt, now time.Time, late bool) error {
	asked, err := s.courses.VersionIn(ctx, tx, a.VersionID)
	if err != nil {
		return err
	}
	answers, err := answersOf(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	percent, shares := asked.Paper(a.Items, a.Lapsed).Score(answers)
	passed := quiz.Passed(percent, asked.Tests[a.TestID].Pass)
	closed, err := closeAttempt(ctx, tx, a.ID, now, late, percent, passed)
	if err != nil || !closed {
		return err
	}
	for itemID := range answers {
		if err := shareResponse(ctx, tx, a.ID, itemID, shares[itemID]); err != nil {
			return err
		}
	}
	a.SubmittedAt, a.ClosedLate, a.Percent, a.Passed = now, late, &percent, &passed
	verb := record.Failed
	if passed {
		verb = record.Passed
	}
	if err := record.Add(ctx, tx, now, v.PersonID, verb, v.object(course.KindTest, a.TestID), map[string]any{"percent": percent, "number": a.Number}); err != nil {
		return err
	}
	return s.recordStep(ctx, tx, v, now, "test")
}

// closeOverdue submits an attempt whose time is over with the answers that were saved in time.
func (s *Service) closeOverdue(ctx context.Context, attemptID string) (err error) {
	defer errs.Wrap(&err, "learning.closeOverdue(%s)", attemptID)
	return s.courses.LoadFirst(ctx, func(ctx context.Context) error {
		return s.db.Update(ctx, func(tx *db.Tx) error {
			a, err := attemptByID(ctx, tx, attemptID)
			if err != nil {
				return err
			}
			v := &Visit{}
			if v.Enrolment, err = lockEnrolment(ctx, tx, a.EnrolmentID); err != nil {
				return err
			}
			if v.Course, err = s.courses.VersionIn(ctx, tx, v.VersionID); err != nil {
				return err
			}
			now := s.clock.Now()
			if !a.SubmittedAt.IsZero() || !a.over(now) {
				return nil
			}
			return s.close(ctx, tx, v, &a, now, true)
		})
	})
}

// CloseOverdue closes all attempts whose time is over, also of participants who never came back, and returns how many.
func (s *Service) CloseOverdue(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "learning.CloseOverdue")
	const atOnce = 200
	list, err := overdueAttempts(ctx, s.db, s.clock.Now().Add(-quiz.Grace), atOnce)
	for _, a := range list {
		if err := s.closeOverdue(ctx, a.ID); err != nil {
			return n, err
		}
		n++
	}
	return n, err
}
