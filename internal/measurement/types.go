// Package measurement attaches competence tests to courses and trainings, and has them sat: before, after and later. It keeps who
// takes part, the sittings with their letters and answers, and the anonymous evaluation. What the results say of a group is
// computed elsewhere; here is only what a person may see of their own.
//
// docs/evidence.md tells of the calendar, and docs/decisions/0013 to 0015 of the choices.
package measurement

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/mail"
	"ostoja/internal/quiz"
)

// Measurement is a competence test attached to a course or a training.
type Measurement struct {
	ID            string
	TestID        string
	Kind          Kind   `db:"subject_kind"`
	SubjectID     string // of the course or training
	CourseProject string // the name of a course's project, since other units may take the course for others; a training has its own
	UnitID        string
	Waves         []Wave `db:"waves,json"` // the follow-ups
	Survey        bool
	Seed          int64
	Allocated     int
	CreatedAt     time.Time
	CreatedBy     string
	ClosedAt      time.Time
}

func (m Measurement) ref() Ref { return Ref{m.Kind, m.SubjectID} }

// has says whether the wave belongs to the measurement.
func (m Measurement) has(w Wave) bool { return !w.IsFollowUp() || slices.Contains(m.Waves, w) }

// AllWaves returns the waves of the measurement in order: before, after and its follow-ups.
func (m Measurement) AllWaves() []Wave {
	return slices.DeleteFunc(slices.Clone(Waves), func(w Wave) bool { return !m.has(w) })
}

// State is where a sitting stands.
type State string

// The states. There is a sitting once somebody is asked.
const (
	NotAsked State = ""
	Asked    State = "asked"
	Begun    State = "begun"
	Declined State = "declined" // said that they would rather not
	Closed   State = "closed"   // the time was over before it was handed in; saved answers are kept and not counted
	Done     State = "done"
)

// Sitting is one person's sitting of one wave.
type Sitting struct {
	ID            string
	ParticipantID string
	Wave          Wave
	State         State
	FormID        string
	Seed          int64
	DueAt         time.Time
	MailAt        time.Time
	Letters       int
	MailedAt      time.Time
	ClosesAt      time.Time
	StartedAt     time.Time
	SubmittedAt   time.Time
	SkillsUsed    string // yes | no | ""
	SkillsNote    string
	TokenHash     string
	TokenUsedAt   time.Time
	PaperFormID   string    // of the form that was printed for it; "" if none was
	TypedAt       time.Time // when it was typed in from paper; zero if it was sat online

	MeasurementID string
	PersonID      string
	Lang          string
	FirstForm     string
	SurveyState   State
}

// Open says whether answers can be given.
func (s Sitting) Open(now time.Time) bool {
	return (s.State == Asked || s.State == Begun) && !s.over(now)
}

func (s Sitting) over(now time.Time) bool {
	return quiz.Over(s.ClosesAt, now)
}

// Subject is what a measurement needs to know of a person.
type Subject struct {
	ID             string
	Name           string
	Mail           string // "" if none
	Lang           string
	Sex            string
	Region         string // the person's, or of the nearest unit that has one
	UnitID         string
	UnitPath       string
	OrganisationID string
	Blocked        bool
}

// People knows the persons and their units. All of it MUST be read by q, since it is asked within transactions that enter people.
type People interface {
	// Subjects returns those of the persons who exist. It MUST keep the order given, by which results are joined to rows.
	Subjects(ctx context.Context, q db.Querier, personIDs []string) ([]Subject, error)
	// SubjectsWithin returns those of the persons for whom the actor has the permission and who are not blocked.
	SubjectsWithin(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, personIDs []string) ([]Subject, error)
	// UnitPath returns the path of a unit; errs.ErrNotFound if there is none.
	UnitPath(ctx context.Context, q db.Querier, unitID string) (string, error)
}

// Courses knows who takes a course, and what its lessons teach.
type Courses interface {
	// Unbegun returns the persons who are enrolled in a course and have opened nothing of it. It MUST leave out who has opened anything:
	// a test before that is sat after the first lesson would show a smaller gain than there is.
	Unbegun(ctx context.Context, q db.Querier, courseID string) (personIDs []string, err error)
	// Lessons returns the lessons of the person's version of a course that teach a topic, as paths and titles.
	Lessons(ctx context.Context, personID, courseID, topic string) ([]Lesson, error)
}

// Lesson leads to a lesson that refreshes a topic.
type Lesson struct {
	Path, Title, Lang string
}

// Outbox takes mail. Send MUST write by tx and wait for no mail server.
type Outbox interface {
	Send(ctx context.Context, tx *db.Tx, m mail.Message) error
}
