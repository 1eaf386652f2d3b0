package desk

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// Round is one way of a person through a course, as their history shows it.
type Round struct {
	EnrolmentID string
	CourseID    string
	VersionID   string
	Round       int
	Lang        string
	Source      string // invitation | self
	CreatedAt   time.Time
	StartedAt   time.Time
	ActiveAt    time.Time
	FinishedAt  time.Time
	PassedAt    time.Time
	WithdrawnAt time.Time
	RemindedAt  time.Time
	DueAt       time.Time
	PartsDone   int
	Title       text.Translated `db:"-"`
	Version     int             `db:"-"` // number of the version
	Parts       int             `db:"-"`
	Attempts    []Attempt       `db:"-"`
}

// State says where the round stands.
func (r Round) State() State { return state(r.WithdrawnAt, r.PassedAt, r.FinishedAt, r.StartedAt) }

// Attempt is a sitting of the test.
type Attempt struct {
	EnrolmentID string
	Number      int
	StartedAt   time.Time
	SubmittedAt time.Time
	ClosedLate  bool
	Percent     *float64
	Passed      *bool
}

// History returns all rounds of a person whom the actor may read, the newest first, with the attempts of each.
func (s *Service) History(ctx context.Context, actor access.Actor, personID string) (list []Round, err error) {
	defer errs.Wrap(&err, "desk.History(%s)", personID)
	if !id.Valid(personID) {
		return nil, errs.NotFound("error.not-found")
	}
	within, args := actor.Within(access.PeopleRead, "u.path")
	args = append([]any{personID}, args...)
	const from = ` FROM learning_round e JOIN identity_person p ON p.id = e.person_id JOIN identity_unit u ON u.id = p.unit_id `
	var attempts []Attempt
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if list, err = db.All[Round](ctx, tx, `
			SELECT e.id AS enrolment_id, e.course_id, e.version_id, e.round, e.lang, e.source, e.created_at, e.started_at, e.active_at,
				e.finished_at, e.passed_at, e.withdrawn_at, e.reminded_at, e.due_at, e.parts_done`+from+`
			WHERE e.person_id = ? AND `+within+` ORDER BY e.created_at DESC, e.id DESC`, args...); err != nil {
			return err
		}
		attempts, err = db.All[Attempt](ctx, tx, `
			SELECT a.enrolment_id, a.number, a.started_at, a.submitted_at, a.closed_late, a.percent, a.passed`+from+`JOIN learning_attempt a ON a.enrolment_id = e.id
			WHERE e.person_id = ? AND `+within+` ORDER BY a.number`, args...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, s.completeHistory(ctx, list, attempts)
}

func (s *Service) completeHistory(ctx context.Context, list []Round, attempts []Attempt) error {
	courses, err := s.courses.All(ctx)
	if err != nil {
		return err
	}
	titles := map[string]text.Translated{}
	for _, c := range courses {
		titles[c.ID] = c.Title
	}
	for i := range list {
		r := &list[i]
		r.Title = titles[r.CourseID]
		v, err := s.courses.Version(ctx, r.VersionID)
		if err != nil {
			return err
		}
		r.Version, r.Parts = v.Number, max(v.Parts, r.PartsDone)
		for _, a := range attempts {
			if a.EnrolmentID == r.EnrolmentID {
				r.Attempts = append(r.Attempts, a)
			}
		}
	}
	return nil
}
