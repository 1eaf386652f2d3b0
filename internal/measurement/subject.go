package measurement

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Kind is what a measurement is attached to.
type Kind string

// The kinds.
const (
	OfCourse   Kind = "course"
	OfTraining Kind = "training" // in a room, on given days
)

// Ref names what a measurement measures: all that it knows of it. The rest is asked of [Measured].
type Ref struct {
	Kind Kind
	ID   string
}

// About is what others know of what is measured. A course has no place and no days.
type About struct {
	Name      text.Translated
	Place     string
	HeldFrom  time.Time
	HeldUntil time.Time
	Project   string // the name; of a course, the project of its measurement
	NotHeld   bool   // a training that is cancelled, or waits for new days: nobody is asked
}

// Measured knows what is measured. What is not there any more MUST be missing from the answer and not be an error: its results stay.
type Measured interface {
	// About describes those of the given that there are, with one read of all trainings.
	About(ctx context.Context, q db.Querier, refs []Ref) (map[Ref]About, error)
}

// Make makes what is to be measured, within the transaction that attaches a test to it, and returns its id.
type Make func(ctx context.Context, tx *db.Tx, actor access.Actor) (subjectID string, err error)

// Described is a measurement with what it measures.
type Described struct {
	Measurement
	About
}

// describe adds to measurements what they measure, in their order.
func (s *Service) describe(ctx context.Context, q db.Querier, list []Measurement) ([]Described, error) {
	refs := make([]Ref, len(list))
	for i, m := range list {
		refs[i] = m.ref()
	}
	about, err := s.measured.About(ctx, q, refs)
	if err != nil {
		return nil, err
	}
	out := make([]Described, len(list))
	for i, m := range list {
		a, ok := about[m.ref()]
		if !ok {
			return nil, errs.NotFound("error.not-found")
		}
		if m.Kind == OfCourse {
			a.Project = m.CourseProject
		}
		out[i] = Described{m, a}
	}
	return out, nil
}

func (s *Service) describeOne(ctx context.Context, q db.Querier, m Measurement) (Described, error) {
	list, err := s.describe(ctx, q, []Measurement{m})
	if err != nil {
		return Described{}, err
	}
	return list[0], nil
}

// WithTests returns the measurements with some tests, whoever asks.
func (s *Service) WithTests(ctx context.Context, q db.Querier, testIDs []string) (_ []Described, err error) {
	defer errs.Wrap(&err, "measurement.WithTests")
	list, err := db.All[Measurement](ctx, q, `SELECT `+measurementColumns+` FROM measurement m WHERE m.test_id IN (`+db.In(len(testIDs))+`)`, db.Args(testIDs)...)
	if err != nil {
		return nil, err
	}
	return s.describe(ctx, q, list)
}

// TrainingOf returns the id of the training that a measurement measures, for who may change the measurement; any other is not found.
func (s *Service) TrainingOf(ctx context.Context, actor access.Actor, measurementID string) (_ string, err error) {
	defer errs.Wrap(&err, "measurement.TrainingOf")
	m, err := s.training(ctx, s.db, actor, measurementID)
	return m.SubjectID, err
}
