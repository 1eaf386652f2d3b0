package measurement

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Enrolled makes a person who enrols in a course a participant of its measurement, if it has one.
func (s *Service) Enrolled(ctx context.Context, tx *db.Tx, personID, courseID string) (err error) {
	defer errs.Wrap(&err, "measurement.Enrolled")
	m, err := measurementOf(ctx, tx, courseID)
	if errors.Is(err, errs.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	subjects, err := s.people.Subjects(ctx, tx, []string{personID})
	if err != nil || len(subjects) == 0 {
		return err
	}
	of, err := s.describeOne(ctx, tx, m)
	if err != nil {
		return err
	}
	_, err = s.join(ctx, tx, of, subjects[0])
	return err
}

// TakenBack removes what [Service.Enrolled] made, if the person has begun and declined nothing of it, and nobody printed a sheet for it; else
// it says that something followed, and changes nothing.
func (s *Service) TakenBack(ctx context.Context, tx *db.Tx, personID, courseID string) (followed bool, err error) {
	defer errs.Wrap(&err, "measurement.TakenBack")
	list, err := s.participations(ctx, tx, personID, courseID)
	if err != nil {
		return false, err
	}
	for _, p := range list {
		n, err := db.One[int](ctx, tx, `
			SELECT (SELECT COUNT(*) FROM sitting s WHERE s.participant_id = p.id AND (s.state <> 'asked' OR EXISTS (SELECT 1 FROM paper_sheet x WHERE x.sitting_id = s.id)))
			FROM participant p WHERE p.id = ?`, p.ID)
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	for _, p := range list {
		for _, text := range []string{`DELETE FROM sitting WHERE participant_id = ?`, `DELETE FROM participant WHERE id = ?`} {
			if err := db.Exec(ctx, tx, text, p.ID); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

// Finished asks a participant who has gone through all of a course what they know now, and later. Who was not measured
// before is not asked, and that test is closed now: nothing could be said of what they learned.
func (s *Service) Finished(ctx context.Context, tx *db.Tx, personID, courseID string) (err error) {
	defer errs.Wrap(&err, "measurement.Finished")
	now := s.clock.Now()
	list, err := s.participations(ctx, tx, personID, courseID)
	for _, p := range list {
		done := p.BeforeState == Done
		if p.BeforeState == Asked || p.BeforeState == Begun {
			if done, err = s.closeBefore(ctx, tx, p.ID, now); err != nil {
				return err
			}
		}
		if !done {
			continue
		}
		m, err := measurementByID(ctx, tx, p.MeasurementID)
		if err != nil {
			return err
		}
		if err := s.ask(ctx, tx, p.ID, After, now, now.Add(inCourse), now.Add(openAfter)); err != nil {
			return err
		}
		if err := s.schedule(ctx, tx, p.ID, s.followUps(m, now)); err != nil {
			return err
		}
	}
	return err
}

// closeBefore ends the sitting before of a participant, unless another device has just handed it in: then it is done.
func (s *Service) closeBefore(ctx context.Context, tx *db.Tx, participantID string, now time.Time) (done bool, err error) {
	sittingID, err := db.One[string](ctx, tx, `SELECT id FROM sitting WHERE participant_id = ? AND wave = 'before'`, participantID)
	if err != nil {
		return false, err
	}
	x, err := lockSitting(ctx, tx, sittingID)
	if err != nil || x.State == Done {
		return err == nil, err
	}
	if err := closeSitting(ctx, tx, x.ID, now); err != nil {
		return false, err
	}
	return false, setState(ctx, tx, participantID, Before, Closed)
}

// Withdrawn notes that a person was taken out of a course, or brought back: they get no letters meanwhile.
func (s *Service) Withdrawn(ctx context.Context, tx *db.Tx, personID, courseID string, out bool) (err error) {
	defer errs.Wrap(&err, "measurement.Withdrawn")
	var at any
	if out {
		at = s.clock.Now()
	}
	return db.Exec(ctx, tx, `UPDATE participant SET withdrawn_at = ? WHERE person_id = ? AND measurement_id IN (SELECT id FROM measurement WHERE subject_kind = 'course' AND subject_id = ?)`, at, personID, courseID)
}

type participation struct {
	ID            string
	MeasurementID string
	BeforeState   State
}

func (s *Service) participations(ctx context.Context, q db.Querier, personID, courseID string) ([]participation, error) {
	return db.All[participation](ctx, q, `
		SELECT p.id, p.measurement_id, p.before_state FROM participant p JOIN measurement m ON m.id = p.measurement_id
		WHERE p.person_id = ? AND m.subject_kind = 'course' AND m.subject_id = ?`, personID, courseID)
}

// Task is a sitting that awaits a person in their course or training.
type Task struct {
	SittingID string
	Wave      Wave
	Begun     bool
	Minutes   int
	ClosesAt  time.Time
}

// Tasks returns the sittings of a course that a person could go to now.
func (s *Service) Tasks(ctx context.Context, q db.Querier, personID, courseID string) (_ []Task, err error) {
	defer errs.Wrap(&err, "measurement.Tasks")
	return s.tasks(ctx, q, personID, Ref{OfCourse, courseID})
}

// TasksIn returns the sittings of a training that a person could go to now: from their page of it, or by the code on the room's screen.
func (s *Service) TasksIn(ctx context.Context, q db.Querier, personID, trainingID string) (_ []Task, err error) {
	defer errs.Wrap(&err, "measurement.TasksIn")
	return s.tasks(ctx, q, personID, Ref{OfTraining, trainingID})
}

func (s *Service) tasks(ctx context.Context, q db.Querier, personID string, of Ref) (list []Task, err error) {
	now := s.clock.Now()
	type row struct {
		Sitting
		TestID string
	}
	rows, err := db.All[row](ctx, q, `SELECT `+sittingColumns+`, m.test_id`+fromSittings+` JOIN measurement m ON m.id = p.measurement_id
		WHERE p.person_id = ? AND m.subject_kind = ? AND m.subject_id = ? AND (p.withdrawn_at IS NULL OR m.subject_kind = 'course') AND s.state IN ('asked', 'begun') AND s.due_at <= ? ORDER BY s.due_at`, personID, string(of.Kind), of.ID, now)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if !r.Open(now) {
			continue
		}
		t, err := s.bank.TestIn(ctx, q, r.TestID)
		if err != nil {
			return nil, err
		}
		list = append(list, Task{r.ID, r.Wave, r.State == Begun, t.Minutes, r.ClosesAt})
	}
	return list, nil
}

// BeforeDue says whether a person should sit the test before they begin a course.
func (s *Service) BeforeDue(ctx context.Context, q db.Querier, personID, courseID string) (due bool, err error) {
	defer errs.Wrap(&err, "measurement.BeforeDue")
	n, err := db.One[int](ctx, q, `SELECT COUNT(*)`+fromSittings+` JOIN measurement m ON m.id = p.measurement_id
		WHERE p.person_id = ? AND m.subject_kind = 'course' AND m.subject_id = ? AND s.wave = 'before' AND s.state IN ('asked', 'begun')`, personID, courseID)
	return n > 0, err
}
