// Package laboratory runs the case laboratory: fictional cases that unfold in steps, played in a room by groups on one phone each, on
// paper, or alone.
//
// Goals: a group decides once in each step, whatever its phones and the network do, and what it decided is durable before the trainer
// sees it; the room moves one step at a time, whoever of the trainers moves it, and stands where it stood when a tab is closed; false
// alarms and missed cases are two figures that are never told apart from each other. Limits: a decision is of a group and never of a
// person, it is no evidence of learning and no part of a gain (package evidence reads none of these tables), and the reason that a group
// wrote ends with the run. What a case says is in its file (package casefile).
package laboratory

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/laboratory/casefile"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/seal"
)

// Session is a half-day of a training in which a laboratory may be opened.
type Session struct {
	ID       string
	Title    string
	UnitPath string
	StartsAt time.Time
}

// Deps are what the service needs.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock
	Cases   []casefile.Case
	Keeping *keeping.Service
	// Sessions returns the sessions of today that an actor holds or arranges.
	Sessions  func(ctx context.Context, actor access.Actor) ([]Session, error)
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	Key       seal.Key
	BaseURL   string
}

// Service runs laboratories.
type Service struct{ Deps }

// New returns a Service, and tells keeping how its values are erased.
func New(d Deps) *Service {
	s := &Service{d}
	d.Keeping.On(kindMember, eraseMember)
	d.Keeping.On(kindAlone, eraseAlone)
	return s
}

// Cases returns all cases.
func (s *Service) Cases() []casefile.Case { return s.Deps.Cases }

// Case returns a case; one that is not there is not found.
func (s *Service) Case(caseID string) (casefile.Case, error) {
	i := slices.IndexFunc(s.Deps.Cases, func(c casefile.Case) bool { return c.ID == caseID })
	if i < 0 {
		return casefile.Case{}, errs.NotFound("error.not-found")
	}
	return s.Deps.Cases[i], nil
}

// Run is a case that is played.
type Run struct {
	ID        string
	CaseID    string
	SessionID *string
	Training  string // the title of the session's; "" outside a training
	OpenedBy  string
	OpenedAt  time.Time
	Alone     bool
	Code      *string
	Position  int
	Revision  int
	EndedAt   time.Time // zero while it runs
	Groups    int
}

// Ended says whether the run is over.
func (r Run) Ended() bool { return !r.EndedAt.IsZero() }

const selectRuns = `
	SELECT r.id, r.case_id, r.session_id, COALESCE(x.title, '') AS training, r.opened_by, r.opened_at, r.alone, r.code, r.position, r.revision, r.ended_at,
		(SELECT COUNT(*) FROM laboratory_group g WHERE g.run_id = r.id) AS groups
	FROM laboratory_run r JOIN identity_unit u ON u.id = r.unit_id LEFT JOIN classroom_session x ON x.id = r.session_id `

// leads is the condition for the runs that an actor may lead: of the units within which they have the right, their own, and those of a
// session that they hold.
func leads(actor access.Actor) (condition string, args []any) {
	within, args := actor.Within(access.Laboratory, "u.path")
	return `NOT r.alone AND (` + within + ` OR r.opened_by = ?
		OR EXISTS (SELECT 1 FROM classroom_teaches t WHERE t.session_id = r.session_id AND t.person_id = ? AND t.part <> 'observer'))`,
		append(args, actor.PersonID, actor.PersonID)
}

// led returns a run that the actor may lead; any other is not found.
func led(ctx context.Context, q db.Querier, actor access.Actor, runID string) (Run, error) {
	if !id.Valid(runID) || !actor.Has(access.Laboratory) {
		return Run{}, errs.NotFound("error.not-found")
	}
	may, args := leads(actor)
	return one[Run](ctx, q, selectRuns+`WHERE r.id = ? AND `+may, append([]any{runID}, args...)...)
}

// one is db.One, in which what is not there is not found in words for people.
func one[T any](ctx context.Context, q db.Querier, text string, args ...any) (T, error) {
	v, err := db.One[T](ctx, q, text, args...)
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("error.not-found").Because(err)
	}
	return v, err
}
