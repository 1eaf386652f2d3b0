// Package support is what an office does for the guardians of its register: meetings with somebody who supervises, experts whom one may call,
// topics that one may refresh, and a call for help that takes two taps.
//
// Goals: nobody who acts for a child stands alone with a question for longer than the office promised; who calls for help types nothing, so that
// nothing of a child can be in it, and no letter names who did. Limits: nothing here is a file on how somebody works: of a meeting it is kept who
// was there, of a refresher the day, of a call for help a topic, and all of it ends ([Service.sweepSignals], [Service.sweepMeetings]) or goes with
// the entry at once. To everybody but the office and its own guardians there is none of it.
package support

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// People finds whom to tell. Holders MUST return those who have the permission anywhere and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Deps are what the service needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	Keeping   *keeping.Service
	People    People
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	BaseURL   string
	Topics    Topics
}

// Service supports guardians.
type Service struct{ Deps }

// New returns a Service, and tells keeping how its values end.
func New(d Deps) *Service {
	s := &Service{d}
	d.Keeping.OnAge(keptSignals, s.sweepSignals)
	d.Keeping.OnAge(keptMeetings, s.sweepMeetings)
	return s
}

// Today is the day of the zone.
func (s *Service) Today() string { return s.day(s.Clock.Now()) }

func (s *Service) day(t time.Time) string { return t.In(s.Zone).Format(time.DateOnly) }

// The two pages of which letters tell.
const (
	officePage = "/app/guardians/support"
	ownPage    = "/app/guardian/support"
)

// What ends by its age. The periods are ours, for the office's data protection officer to confirm (docs/operate/kept.md).
const (
	keptSignals  keeping.Kind = "guardian-signal"
	keptMeetings keeping.Kind = "guardian-meeting"

	signalsFor    = 180 * 24 * time.Hour // after a call for help was done or withdrawn
	unansweredFor = 365 * 24 * time.Hour // after one that nobody ended
	answersFor    = 30 * 24 * time.Hour  // after a meeting, of who said what and was not there
	presenceFor   = 2 * 365 * 24 * time.Hour
)

// sweepSignals ends calls for help that are over.
func (s *Service) sweepSignals(ctx context.Context, tx *db.Tx, now time.Time) (int, error) {
	return db.Changed(ctx, tx, `DELETE FROM guardian_signal WHERE done_at <= ? OR withdrawn_at <= ? OR at <= ?`, now.Add(-signalsFor), now.Add(-signalsFor), now.Add(-unansweredFor))
}

// sweepMeetings ends answers to meetings after a month, and meetings with who was there after two years.
func (s *Service) sweepMeetings(ctx context.Context, tx *db.Tx, now time.Time) (int, error) {
	answers, err := db.Changed(ctx, tx, `DELETE FROM guardian_meeting_answer WHERE present <> 'yes' AND EXISTS (SELECT 1 FROM guardian_meeting m WHERE m.id = meeting_id AND m.ends_at <= ?)`,
		now.Add(-answersFor))
	if err != nil {
		return 0, err
	}
	present, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_meeting_answer a JOIN guardian_meeting m ON m.id = a.meeting_id WHERE m.ends_at <= ?`, now.Add(-presenceFor))
	if err != nil {
		return 0, err
	}
	return answers + present, db.Exec(ctx, tx, `DELETE FROM guardian_meeting WHERE ends_at <= ?`, now.Add(-presenceFor))
}

// Office is one whose guardians are supported.
type Office struct {
	ID   string
	Path string
	Name string
}

// Offices returns those for which the actor may write: their own unit, and those that keep entries.
func (s *Service) Offices(ctx context.Context, actor access.Actor) (_ []Office, err error) {
	defer errs.Wrap(&err, "support.Offices")
	return offices(ctx, s.DB, actor)
}

func offices(ctx context.Context, q db.Querier, actor access.Actor) ([]Office, error) {
	within, args := actor.Within(access.GuardiansWrite, "u.path")
	return db.All[Office](ctx, q, `SELECT u.id, u.path, u.name FROM identity_unit u
		WHERE `+within+` AND (u.path = ? OR EXISTS (SELECT 1 FROM guardian g WHERE g.unit_id = u.id)) ORDER BY u.name, u.id`, append(args, actor.Path)...)
}

// chosen returns the office for which something is entered: the only one where there is one.
func chosen(ctx context.Context, q db.Querier, actor access.Actor, unitID string) (o Office, faults errs.Fields, err error) {
	if !actor.Has(access.GuardiansWrite) {
		return o, nil, errs.NotFound("error.not-found")
	}
	list, err := offices(ctx, q, actor)
	if err != nil {
		return o, nil, err
	}
	for _, x := range list {
		if x.ID == unitID || len(list) == 1 {
			return x, nil, nil
		}
	}
	faults.Add("unit", "support.fault.choose")
	return o, faults, nil
}

// self is somebody of the register who asks.
type self struct {
	ID       string // of the entry
	UnitID   string
	UnitPath string
	Phone    bool `db:"has_phone"`
	Mail     bool `db:"has_mail"`
}

// me finds the actor's own entry; who has none, or was removed, has no such page.
func me(ctx context.Context, q db.Querier, actor access.Actor) (x self, err error) {
	if actor.PersonID == "" {
		return x, errs.NotFound("error.not-found")
	}
	x, err = db.One[self](ctx, q, `SELECT g.id, g.unit_id, u.path AS unit_path, g.phone <> '' AS has_phone, p.mail IS NOT NULL AS has_mail
		FROM guardian g JOIN identity_person p ON p.id = g.person_id JOIN identity_unit u ON u.id = g.unit_id WHERE g.person_id = ? AND g.state <> ?`, actor.PersonID, string(guardian.Removed))
	return found(x, err)
}

// found is what was read, in which what is not there is not found in words for people.
func found[T any](v T, err error) (T, error) {
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("error.not-found").Because(err)
	}
	return v, err
}

// one reads a row of an office within which the actor has a right; any other is not found. query ends before the condition on x.id.
func one[T any](ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, query, rowID string) (v T, err error) {
	if !id.Valid(rowID) {
		return v, errs.NotFound("error.not-found")
	}
	within, args := actor.Within(p, "u.path")
	return found(db.One[T](ctx, q, query+`WHERE x.id = ? AND `+within, append([]any{rowID}, args...)...))
}

// meanwhile makes a conflict of a conditional change that found another row than the one that was seen.
func meanwhile(n int, err error) error {
	if err == nil && n == 0 {
		return errs.Conflict("support.meanwhile")
	}
	return err
}

// Waiting is what waits for an office.
type Waiting struct {
	Open      int // calls for help that nobody has taken
	Unchecked int // experts
	Soon      int // meetings within the next days
}

// soonDays is how many days ahead a meeting stands at the top.
const soonDays = 14

// Waiting counts what waits for the actor's offices.
func (s *Service) Waiting(ctx context.Context, actor access.Actor) (w Waiting, err error) {
	defer errs.Wrap(&err, "support.Waiting")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		d, err := s.desk(ctx, tx, actor)
		if err != nil {
			return err
		}
		for _, x := range d.Signals {
			if x.TakenBy == "" {
				w.Open++
			}
		}
		for _, m := range d.Soon {
			if !m.Cancelled() {
				w.Soon++
			}
		}
		w.Unchecked = len(d.Unchecked)
		return nil
	})
	return w, err
}

// Desk is what an office finds of its support.
type Desk struct {
	Signals   []Signal  // those that are not done, by when they are due
	Ended     []Signal  // of the last thirty days, the latest first
	Unchecked []Expert  // experts to be checked
	Soon      []Meeting // of the next two weeks
	Later     []Meeting
	Past      []Meeting // the latest first
	Experts   int
}

// Desk returns it to who reads the register.
func (s *Service) Desk(ctx context.Context, actor access.Actor) (d Desk, err error) {
	defer errs.Wrap(&err, "support.Desk")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		d, err = s.desk(ctx, tx, actor)
		return err
	})
	return d, err
}

func (s *Service) desk(ctx context.Context, tx *db.Tx, actor access.Actor) (d Desk, err error) {
	if !actor.Has(access.GuardiansRead) {
		return d, errs.NotFound("error.not-found")
	}
	now := s.Clock.Now()
	within, args := actor.Within(access.GuardiansRead, "u.path")
	signals, err := db.All[Signal](ctx, tx, selectSignals+`WHERE `+within+` ORDER BY x.due_at, x.id`, args...)
	if err != nil {
		return d, err
	}
	for _, x := range signals {
		switch end := x.Ended(); {
		case end.IsZero():
			d.Signals = append(d.Signals, x)
		case now.Sub(end) < endedShown:
			d.Ended = append([]Signal{x}, d.Ended...)
		}
	}
	experts, err := db.All[Expert](ctx, tx, selectExperts+`WHERE `+within+` ORDER BY x.name, x.id`, args...)
	if err != nil {
		return d, err
	}
	d.Experts = len(experts)
	for _, x := range experts {
		if Unchecked(x.CheckedOn, s.Today()) {
			d.Unchecked = append(d.Unchecked, x)
		}
	}
	meetings, err := db.All[Meeting](ctx, tx, selectMeetings+`WHERE `+within+` ORDER BY x.starts_at, x.id`, args...)
	for _, m := range meetings {
		switch {
		case !m.EndsAt.After(now):
			d.Past = append([]Meeting{m}, d.Past...)
		case m.StartsAt.Before(now.AddDate(0, 0, soonDays)):
			d.Soon = append(d.Soon, m)
		default:
			d.Later = append(d.Later, m)
		}
	}
	return d, err
}
