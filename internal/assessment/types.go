package assessment

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/mail"
)

// Verdict is where the review of an item's version stands.
type Verdict string

// The verdicts.
const (
	Awaiting Verdict = ""
	Approved Verdict = "approved"
	Returned Verdict = "returned" // with a note that says what to change
)

// Version is one version of an item of the bank. It never changes but for its review.
type Version struct {
	ID         string
	ItemID     string
	Origin     string // course, or "" if made here
	Code       string
	Number     int
	Type       course.ItemType
	Objective  string
	Topic      string
	Level      int
	Langs      string
	Content    course.Item `db:"content,json"`
	AuthorID   string
	CreatedAt  time.Time
	Verdict    Verdict
	ReviewerID string
	ReviewedAt time.Time
	Note       string
	RetiredAt  time.Time // of the item
	CurrentNo  int       // number of the item's newest version
}

// Languages returns the languages that the version is in.
func (v Version) Languages() []string { return strings.Fields(v.Langs) }

// Current says whether there is no newer version.
func (v Version) Current() bool { return v.Number == v.CurrentNo }

// Test is one edition of a competence test.
type Test struct {
	ID        string
	Family    string
	Edition   int
	Origin    string
	Code      string
	Title     course.Text `db:"title,json"`
	Intro     course.Text `db:"intro,json"`
	Minutes   int
	Langs     string
	CreatedAt time.Time
	CreatedBy string
	RetiredAt time.Time
	Forms     []Form `db:"-"`
}

// Form is a parallel form of a test: versions of items in order.
type Form struct {
	ID       string
	TestID   string
	Name     string
	Items    []string  `db:"items,json"`
	Versions []Version `db:"-"`
}

// Languages returns the languages that all items of the test are in.
func (t Test) Languages() []string { return strings.Fields(t.Langs) }

// FormNames returns the names of the forms in order.
func (t Test) FormNames() []string {
	names := make([]string, len(t.Forms))
	for i, f := range t.Forms {
		names[i] = f.Name
	}
	return names
}

// Unapproved returns how many items still await the review of a second person; with any, the test cannot be attached.
func (t Test) Unapproved() int {
	n := 0
	for _, f := range t.Forms {
		for _, v := range f.Versions {
			if v.Verdict != Approved {
				n++
			}
		}
	}
	return n
}

// Topics returns the topics of the test's items, sorted.
func (t Test) Topics() []string {
	var list []string
	for _, f := range t.Forms {
		for _, v := range f.Versions {
			if !slices.Contains(list, v.Topic) {
				list = append(list, v.Topic)
			}
		}
	}
	slices.Sort(list)
	return list
}

// Kind is what a measurement is attached to.
type Kind string

// The kinds.
const (
	OfCourse   Kind = "course"
	OfTraining Kind = "training" // in a room, on given days
)

// Measurement is a competence test attached to a course or a training.
type Measurement struct {
	ID        string
	TestID    string
	Kind      Kind
	CourseID  string
	Title     string // of a training
	Place     string
	HeldFrom  time.Time
	HeldUntil time.Time
	Project   string
	UnitID    string
	Waves     []Wave `db:"waves,json"` // the follow-ups
	Survey    bool
	Seed      int64
	Allocated int
	CreatedAt time.Time
	CreatedBy string
	ClosedAt  time.Time
	Announced bool // a training that the coordinator agreed to name on the public site
}

// Has says whether the wave belongs to the measurement.
func (m Measurement) Has(w Wave) bool { return !w.IsFollowUp() || slices.Contains(m.Waves, w) }

// AllWaves returns the waves of the measurement in order: before, after and its follow-ups.
func (m Measurement) AllWaves() []Wave {
	return slices.DeleteFunc(slices.Clone(Waves), func(w Wave) bool { return !m.Has(w) })
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

// grace is what a slow line may need to bring the last answers.
const grace = 30 * time.Second

func (s Sitting) over(now time.Time) bool {
	return !s.ClosesAt.IsZero() && now.After(s.ClosesAt.Add(grace))
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

// People knows the persons and their units.
type People interface {
	// Subjects returns those of the persons who exist, in the order given.
	Subjects(ctx context.Context, q db.Querier, personIDs []string) ([]Subject, error)
	// SubjectsWithin returns those of the persons for whom the actor has the permission and who are not blocked.
	SubjectsWithin(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, personIDs []string) ([]Subject, error)
	// UnitNames returns the names of all units, by id.
	UnitNames(ctx context.Context, q db.Querier) (map[string]string, error)
	// UnitPath returns the path of a unit; errs.ErrNotFound if there is none.
	UnitPath(ctx context.Context, q db.Querier, unitID string) (string, error)
}

// Courses knows the titles of courses and who takes them.
type Courses interface {
	// Title returns a course's title; errs.ErrNotFound if there is no such course.
	Title(ctx context.Context, q db.Querier, courseID string) (course.Text, error)
	// Unbegun returns the persons who are enrolled in a course and have opened nothing of it.
	Unbegun(ctx context.Context, q db.Querier, courseID string) (personIDs []string, err error)
	// Lessons returns the lessons of the person's version of a course that teach a topic, as paths and titles.
	Lessons(ctx context.Context, personID, courseID, topic string) ([]Lesson, error)
}

// Lesson leads to a lesson that refreshes a topic.
type Lesson struct {
	Path, Title, Lang string
}

// Outbox takes mail.
type Outbox interface {
	Send(ctx context.Context, tx *db.Tx, m mail.Message) error
}
