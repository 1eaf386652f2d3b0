// Package learning leads a participant through a course: enrolment, lessons, checks, scenarios, the final test, and the
// decision that the course is completed, which is made here, on the server, by the course's stated rule.
//
// Goals: every step may arrive twice, late or from two windows at once and counts once; a time limit is the server's clock; who began a
// version finishes it, whatever is published meanwhile. Limits: what a course says is course's, how answers are marked item's and quiz's,
// the paper certificate's; what others do when somebody enrols or finishes, it tells as events (events.go) and does not know.
package learning

import (
	"slices"
	"time"

	"ostoja/internal/item"
	"ostoja/internal/quiz"
)

// Enrolment is one person's way through one course. A repetition after a pass is another enrolment, the next round.
type Enrolment struct {
	ID          string
	PersonID    string
	CourseID    string
	VersionID   string
	Round       int
	Lang        string
	Source      string // invitation | self
	EnrolledBy  string
	CreatedAt   time.Time
	StartedAt   time.Time
	ActiveAt    time.Time
	FinishedAt  time.Time // every part done, the test aside
	PassedAt    time.Time // the course's rule is met
	WithdrawnAt time.Time
	RemindedAt  time.Time
	DueAt       time.Time // the last moment of the day by which the desk asks for it; zero: no day, and none closes anything
	MovedFrom   string    // version before a move that the person has not been told of yet
	PartsDone   int
	LastPart    string
}

// State is where an enrolment stands.
type State string

// The states, each excluding the others.
const (
	Invited    State = "invited" // or enrolled by oneself, and not begun
	InProgress State = "in-progress"
	Finished   State = "finished" // all parts done, the test not passed yet
	Passed     State = "passed"
	Withdrawn  State = "withdrawn"
)

// State says where the enrolment stands.
func (e Enrolment) State() State {
	switch {
	case !e.WithdrawnAt.IsZero():
		return Withdrawn
	case !e.PassedAt.IsZero():
		return Passed
	case !e.FinishedAt.IsZero():
		return Finished
	case !e.StartedAt.IsZero():
		return InProgress
	}
	return Invited
}

// Progress is what has been done in an enrolment.
type Progress struct {
	Opened   map[string]time.Time   // part key -> first opening
	Done     map[string]time.Time   // part key -> done
	Checks   map[string]CheckAnswer // item id -> latest answer
	Attempts []Attempt              // at the final test, in order
}

// CheckAnswer is the latest answer to a practice question.
type CheckAnswer struct {
	ItemID     string
	Answer     item.Answer `db:"answer,json"`
	Share      float64     // 0 to 1
	Tries      int
	AnsweredAt time.Time
	DoneAt     time.Time // when an answer first counted by the course's rule; zero until then
}

// Attempt is one sitting of the test.
type Attempt struct {
	ID          string
	EnrolmentID string
	VersionID   string
	TestID      string
	Number      int
	Seed        int64
	Items       []string `db:"items,json"`
	Lapsed      []string `db:"lapsed,json"` // of them: asked and not counted, since a fact that they rest on had lapsed when it began
	StartedAt   time.Time
	ClosesAt    time.Time // zero: no time limit
	SubmittedAt time.Time
	ClosedLate  bool
	Percent     *float64 // 0 to 100; nil until submitted
	Passed      *bool
}

// Open says whether answers can still be given: not submitted, and not past closing plus the grace that a slow line gets.
func (a Attempt) Open(now time.Time) bool {
	return a.SubmittedAt.IsZero() && !a.over(now)
}

// Counts says whether an item that was asked counts.
func (a Attempt) Counts(it *item.Item) bool { return !it.Pilot && !slices.Contains(a.Lapsed, it.ID) }

func (a Attempt) over(now time.Time) bool { return quiz.Over(a.ClosesAt, now) }

// response is the answer to one item of an attempt.
type response struct {
	AttemptID string
	ItemID    string
	Answer    item.Answer `db:"answer,json"`
	Share     *float64
	SavedAt   time.Time
}
