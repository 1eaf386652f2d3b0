package classroom

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// SignUp is how people come into a training.
type SignUp string

// The ways.
const (
	Invited  SignUp = "invited"
	Approved SignUp = "approved" // anybody may apply, and somebody decides
	Closed   SignUp = "closed"
)

// Plan is all that a training's row says.
type Plan struct {
	Training
	UnitPath         string
	UnitName         string
	ProgrammeID      string // of the classroom programme that is taught; "" if none
	ProgrammeVersion string
	CourseID         string // what participants take online before they come; "" if nothing
	Audience         string
	Objectives       string   // a line each
	Materials        string   // a line each: what is handed out and signed for
	Langs            []string `db:",json"`
	TheoryMinutes    int
	ExerciseMinutes  int
	HourMinutes      int // 45 or 60: each paper prints which
	ProjectShare     int // percent of the cost that the project pays
	Statement        string
	Notice           string // of privacy, in the fund's words
	NoticeVersion    string
	EvidenceUntil    time.Time // until when the fund wants the papers, exclusive; zero if nobody wrote it down
	SignUp           SignUp
	Delegation       bool // a superior's written consent is asked for
	SeriesID         string
	PutOffAt         time.Time // since when it waits for new days
	CancelledAt      time.Time
	CancelReason     string
	Revision         int // rises with each change of seats or sessions
	Edition          int // rises with each change of the plan
}

const selectPlans = `SELECT t.id, t.title, t.place, t.held_from, t.held_until, COALESCE(p.name, '') AS project, t.unit_id, t.announced,
	u.path AS unit_path, u.name AS unit_name, t.programme_id, t.programme_version, COALESCE(t.course_id, '') AS course_id, t.audience, t.objectives, t.materials, t.langs,
	t.theory_minutes, t.exercise_minutes, t.hour_minutes, t.project_share, t.statement, t.notice, t.notice_version, t.evidence_until, t.sign_up, t.delegation,
	t.series_id, t.put_off_at, t.cancelled_at, t.cancel_reason, t.revision, t.edition
	FROM training t JOIN identity_unit u ON u.id = t.unit_id LEFT JOIN project_name p ON p.id = t.project_id `

// PlanOf returns a training's plan. It asks nobody for a permission: see [Service.Open].
func PlanOf(ctx context.Context, q db.Querier, trainingID string) (_ Plan, err error) {
	defer errs.Wrap(&err, "classroom.PlanOf")
	if !id.Valid(trainingID) {
		return Plan{}, errs.NotFound("error.not-found")
	}
	return db.One[Plan](ctx, q, selectPlans+`WHERE t.id = ?`, trainingID)
}

// Off says whether the training waits for new days, or is not held at all.
func (p Plan) Off() bool { return !p.PutOffAt.IsZero() || !p.CancelledAt.IsZero() }

// State is where a training stands.
type State string

// The states.
const (
	Planned   State = "planned" // its first session is to come
	Running   State = "running"
	Over      State = "over"
	PutOff    State = "put-off"
	Cancelled State = "cancelled"
)

// State tells where the training stands at a time.
func (p Plan) State(now time.Time) State {
	switch {
	case !p.CancelledAt.IsZero():
		return Cancelled
	case !p.PutOffAt.IsZero():
		return PutOff
	case now.Before(p.HeldFrom):
		return Planned
	case now.Before(p.HeldUntil):
		return Running
	}
	return Over
}

// Part is what somebody does in a training.
type Part string

// The parts.
const (
	Lead     Part = "lead"
	Co       Part = "co"       // teaches with somebody
	Observer Part = "observer" // learns to train
)

// May says whether the actor has a permission in a training: by their role in its unit; or, to see it and to keep its roll, by
// teaching in it, of whichever unit they are. Who observes sees it and does not keep the roll.
func May(ctx context.Context, q db.Querier, actor access.Actor, permission access.Permission, p Plan) (_ bool, err error) {
	defer errs.Wrap(&err, "classroom.May")
	if actor.May(permission, p.UnitPath) {
		return true, nil
	}
	if permission != access.TrainingsRead && permission != access.Attendance || actor.PersonID == "" || !actor.Has(permission) {
		return false, nil
	}
	return Teaches(ctx, q, actor.PersonID, p.ID, permission == access.TrainingsRead)
}

// Teaches says whether somebody teaches in a training, or in a session of it; who only observes does, too, if observers count.
func Teaches(ctx context.Context, q db.Querier, personID, trainingID string, observers bool) (_ bool, err error) {
	defer errs.Wrap(&err, "classroom.Teaches")
	n, err := db.One[int](ctx, q, `
		SELECT (SELECT COUNT(*) FROM training_trainer WHERE training_id = ? AND person_id = ? AND (part <> 'observer' OR ?))
			+ (SELECT COUNT(*) FROM classroom_teaches WHERE training_id = ? AND person_id = ? AND (part <> 'observer' OR ?))`,
		trainingID, personID, observers, trainingID, personID, observers)
	return n > 0, err
}

// Open returns a training's plan to an actor with a permission in it, as [May] says. A training that the actor may not even see is
// not found.
func (s *Service) Open(ctx context.Context, q db.Querier, actor access.Actor, permission access.Permission, trainingID string) (p Plan, err error) {
	defer errs.Wrap(&err, "classroom.Open")
	if p, err = PlanOf(ctx, q, trainingID); err != nil {
		return p, err
	}
	may, err := May(ctx, q, actor, permission, p)
	if err == nil && !may {
		if may, err = May(ctx, q, actor, access.TrainingsRead, p); err == nil && may {
			return Plan{}, errs.Forbidden("error.forbidden")
		}
		if err == nil {
			err = errs.NotFound("error.not-found")
		}
	}
	if err != nil {
		return Plan{}, err
	}
	return p, nil
}

// Plan returns a training that the actor may see; any other is not found.
func (s *Service) Plan(ctx context.Context, actor access.Actor, trainingID string) (_ Plan, err error) {
	defer errs.Wrap(&err, "classroom.Plan")
	return s.Open(ctx, s.db, actor, access.TrainingsRead, trainingID)
}

// allowed says which of the permissions of a classroom the actor has in a training.
func allowed(ctx context.Context, q db.Querier, actor access.Actor, p Plan) (_ map[access.Permission]bool, err error) {
	list := map[access.Permission]bool{}
	for _, permission := range []access.Permission{access.TrainingsRead, access.TrainingsWrite, access.SignUps, access.Participants, access.Attendance} {
		if list[permission], err = May(ctx, q, actor, permission, p); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Sessions returns the sessions of a training that the actor may see, the cancelled ones too, by time.
func (s *Service) Sessions(ctx context.Context, actor access.Actor, trainingID string) (_ []Session, err error) {
	defer errs.Wrap(&err, "classroom.Sessions")
	if _, err := s.Open(ctx, s.db, actor, access.TrainingsRead, trainingID); err != nil {
		return nil, err
	}
	return SessionsOf(ctx, s.db, trainingID)
}

// Held holds a training's row until the end of the transaction. Whoever changes its seats or sessions holds it first, so that what is
// decided about them is decided once, on several nodes too.
func Held(ctx context.Context, tx *db.Tx, trainingID string) (err error) {
	defer errs.Wrap(&err, "classroom.Held")
	n, err := db.Changed(ctx, tx, `UPDATE training SET revision = revision + 1 WHERE id = ?`, trainingID)
	if err == nil && n == 0 {
		err = errs.NotFound("error.not-found")
	}
	return err
}

// Trainer is somebody who teaches, or learns to.
type Trainer struct {
	PersonID   string
	Part       Part
	GivenName  string
	FamilyName string
	Mail       string
	Lang       string
	SortKey    string // of the name
}

// Name returns the trainer's name.
func (t Trainer) Name() string { return t.GivenName + " " + t.FamilyName }

// TrainersOf returns who teaches a training, who leads it first.
func TrainersOf(ctx context.Context, q db.Querier, trainingID string) (_ []Trainer, err error) {
	defer errs.Wrap(&err, "classroom.TrainersOf")
	return db.All[Trainer](ctx, q, `
		SELECT t.person_id, t.part, p.given_name, p.family_name, COALESCE(p.mail, '') AS mail, p.lang, p.sort_key FROM training_trainer t JOIN identity_person p ON p.id = t.person_id
		WHERE t.training_id = ? ORDER BY CASE t.part WHEN 'lead' THEN 0 WHEN 'co' THEN 1 ELSE 2 END, p.sort_key, p.id`, trainingID)
}

// TeachersOf returns the names of who teaches each session of a training, by the session's id, who leads first. Who observes is not named.
func TeachersOf(ctx context.Context, q db.Querier, trainingID string) (_ map[string][]string, err error) {
	defer errs.Wrap(&err, "classroom.TeachersOf")
	type row struct{ SessionID, Name string }
	list, err := db.All[row](ctx, q, `
		SELECT w.session_id, p.given_name || ' ' || p.family_name AS name FROM classroom_teaches w JOIN identity_person p ON p.id = w.person_id
		WHERE w.training_id = ? AND w.part <> 'observer' ORDER BY CASE w.part WHEN 'lead' THEN 0 ELSE 1 END, p.sort_key, p.id`, trainingID)
	names := map[string][]string{}
	for _, r := range list {
		names[r.SessionID] = append(names[r.SessionID], r.Name)
	}
	return names, err
}

// ownTrainers returns who teaches the sessions that not everybody teaches who teaches the training.
func ownTrainers(ctx context.Context, q db.Querier, trainingID string) (map[string][]string, error) {
	type row struct{ SessionID, PersonID string }
	list, err := db.All[row](ctx, q, `SELECT x.session_id, x.person_id FROM session_trainer x JOIN training_session s ON s.id = x.session_id WHERE s.training_id = ? ORDER BY x.person_id`, trainingID)
	own := map[string][]string{}
	for _, r := range list {
		own[r.SessionID] = append(own[r.SessionID], r.PersonID)
	}
	return own, err
}

// Seats are the counts of a training's bookings.
type Seats struct {
	Taken     int // confirmed or on offer
	Confirmed int
	Offered   int
	Waiting   int
	Applied   int // waits for a decision
}

// SeatsOf counts the bookings of a training.
func SeatsOf(ctx context.Context, q db.Querier, trainingID string) (_ Seats, err error) {
	defer errs.Wrap(&err, "classroom.SeatsOf")
	return db.One[Seats](ctx, q, `
		SELECT COALESCE(SUM(CASE WHEN state IN ('confirmed', 'offered') THEN 1 ELSE 0 END), 0) AS taken, COALESCE(SUM(CASE WHEN state = 'confirmed' THEN 1 ELSE 0 END), 0) AS confirmed,
			COALESCE(SUM(CASE WHEN state = 'offered' THEN 1 ELSE 0 END), 0) AS offered, COALESCE(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0) AS waiting,
			COALESCE(SUM(CASE WHEN state = 'applied' THEN 1 ELSE 0 END), 0) AS applied
		FROM booking WHERE training_id = ?`, trainingID)
}

// About is a training as its page shows it to somebody.
type About struct {
	Plan
	Allowed  map[access.Permission]bool // of the permissions of a classroom, in this training
	Sessions []Session                  // the cancelled ones too
	Trainers []Trainer
	Own      map[string][]string // of a session that not all of them teach: who does
	Seats    Seats
	Open     []string // ids of the sessions that are over and whose lists nobody closed
}

// About returns a training that the actor may see; any other is not found.
func (s *Service) About(ctx context.Context, actor access.Actor, trainingID string) (a About, err error) {
	defer errs.Wrap(&err, "classroom.About")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if a.Plan, err = s.Open(ctx, tx, actor, access.TrainingsRead, trainingID); err != nil {
			return err
		}
		if a.Allowed, err = allowed(ctx, tx, actor, a.Plan); err != nil {
			return err
		}
		if a.Sessions, err = SessionsOf(ctx, tx, trainingID); err != nil {
			return err
		}
		if a.Trainers, err = TrainersOf(ctx, tx, trainingID); err != nil {
			return err
		}
		if a.Own, err = ownTrainers(ctx, tx, trainingID); err != nil {
			return err
		}
		if a.Seats, err = SeatsOf(ctx, tx, trainingID); err != nil {
			return err
		}
		a.Open, err = db.All[string](ctx, tx, `SELECT s.id FROM training_session s WHERE s.training_id = ? AND s.ends_at <= ? AND s.cancelled_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM session_closing c WHERE c.session_id = s.id AND c.reopened_at IS NULL) ORDER BY s.starts_at, s.id`, trainingID, s.clock.Now())
		return err
	})
	return a, err
}

// Taught returns how many minutes of a training are taught whose sessions last so many minutes: what the plan says, or else all of them.
func (p Plan) Taught(lasted int) int {
	if taught := p.TheoryMinutes + p.ExerciseMinutes; taught > 0 {
		return taught
	}
	return lasted
}
