package attendance

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// Closing is how a session was closed.
type Closing struct {
	ID           string
	ClosedAt     time.Time
	ClosedBy     string
	Present      int
	Heads        *int
	Signatures   *int
	Reason       string
	ReopenedAt   time.Time
	ReopenedBy   string
	ReopenReason string
}

const selectClosings = `SELECT id, closed_at, closed_by, present, heads, signatures, reason, reopened_at, reopened_by, reopen_reason FROM session_closing `

// Obstacle is what stands against closing a session without a reason, as a word that the texts know.
type Obstacle string

// The obstacles.
const (
	NoSheet    Obstacle = "no-sheet"    // nobody counted the signatures
	NoHeads    Obstacle = "no-heads"    // nobody counted heads
	Disagree   Obstacle = "disagree"    // the three numbers differ
	Silent     Obstacle = "silent"      // a device that opened the roll may keep something
	NotBegun   Obstacle = "not-begun"   // the session has not begun
	NotChecked Obstacle = "not-checked" // walk-ins whom nobody has found among the people
)

// silentAfter is how long a device may say nothing before it is taken for one that may keep something: an open page asks each half
// minute.
const silentAfter = 5 * time.Minute

// Silent says whether a device may keep something that has not come.
func (d Device) Silent(now time.Time) bool {
	heard := d.OpenedAt
	if d.HeardAt.After(heard) {
		heard = d.HeardAt
	}
	return d.ErasedAt.IsZero() && now.Sub(heard) > silentAfter
}

// Obstacles says what stands against closing without a reason.
func (r Roll) Obstacles(now time.Time) (list []Obstacle) {
	add := func(o Obstacle, is bool) {
		if is {
			list = append(list, o)
		}
	}
	add(NotBegun, now.Before(r.StartsAt))
	add(NoSheet, r.Counts.Signatures == nil)
	add(NoHeads, r.Counts.Heads == nil)
	add(Disagree, r.Counts.Signatures != nil && r.Counts.Heads != nil && !r.Counts.Agree())
	silent, guests := false, false
	for _, d := range r.Devices {
		silent = silent || d.Silent(now)
	}
	for _, x := range r.Rows {
		guests = guests || x.WalkIn && x.Standing.State == Present
	}
	add(Silent, silent)
	add(NotChecked, guests)
	return list
}

// NoShows returns who has a seat and was not present.
func (r Roll) NoShows() (list []Row) {
	for _, x := range r.Rows {
		if x.Booked && x.Standing.State != Present {
			list = append(list, x)
		}
	}
	return list
}

// mostReason bounds a reason, in characters.
const mostReason = 1000

func checkReason(reason string) (string, error) {
	reason = text.CleanLines(reason)
	if n := len([]rune(reason)); n < 3 || n > mostReason {
		return "", errs.Fields{{Name: "reason", Key: "hall.reason-fault", Args: errs.Args("Most", mostReason)}}.Err()
	}
	return reason, nil
}

// Close closes a session: with a reason where something stands against it. Of two who close it at once one is told that it was closed.
func (s *Service) Close(ctx context.Context, actor access.Actor, sessionID, reason string) (err error) {
	defer errs.Wrap(&err, "attendance.Close")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.locked(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		if !x.ClosedAt.IsZero() {
			return errs.Conflict("hall.closed-already")
		}
		r, err := s.roll(ctx, tx, x)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		if obstacles := r.Obstacles(now); len(obstacles) > 0 {
			if reason, err = checkReason(reason); err != nil {
				return err
			}
		}
		n, err := db.Changed(ctx, tx, `
			INSERT INTO session_closing (id, session_id, closed_at, closed_by, present, heads, signatures, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, id.New(), x.ID, now, actor.PersonID, r.Counts.Present, r.Counts.Heads, r.Counts.Signatures, reason)
		if err == nil && n == 0 {
			err = errs.Conflict("hall.closed-already")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "session.close", "session:"+x.ID, map[string]any{"present": r.Counts.Present, "reason": reason != ""})
	})
}

// MayReopen says whether the actor may open a closed session again: who plans trainings in its unit.
func MayReopen(actor access.Actor, x Session) bool {
	return actor.May(access.TrainingsWrite, x.UnitPath)
}

// Reopen opens a closed session again, with a reason. What it was closed with is kept.
func (s *Service) Reopen(ctx context.Context, actor access.Actor, sessionID, reason string) (err error) {
	defer errs.Wrap(&err, "attendance.Reopen")
	if reason, err = checkReason(reason); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.locked(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		if !MayReopen(actor, x) {
			return errs.Forbidden("error.forbidden")
		}
		now := s.clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE session_closing SET reopened_at = ?, reopened_by = ?, reopen_reason = ? WHERE session_id = ? AND reopened_at IS NULL`,
			now, actor.PersonID, reason, x.ID)
		if err == nil && n == 0 {
			err = errs.Conflict("hall.open-already")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "session.reopen", "session:"+x.ID, nil)
	})
}

// Correction is what a mark should have said.
type Correction struct {
	State  State
	From   string // as the clock on the wall shows it; "" from the beginning
	Until  string
	Note   string
	Reason string
}

func (c Correction) check(span Span, zone *time.Location) (faults errs.Fields) {
	if c.State != Present && c.State != Absent {
		faults.Add("state", "hall.state-fault")
	}
	faults = append(faults, CheckTimes(span, zone, c.From, c.Until)...)
	if _, err := checkReason(c.Reason); err != nil {
		faults.Add("reason", "hall.reason-fault", "Most", mostReason)
	}
	return faults
}

// CheckTimes says what is wrong with the times from and until that somebody types of a person; either may be missing.
func CheckTimes(span Span, zone *time.Location, from, until string) (faults errs.Fields) {
	read := func(name, clock string) *time.Time {
		if clock == "" {
			return nil
		}
		at := TimeOfDay(span, clock, zone)
		if at == nil || at.Before(span.From) || at.After(span.Until) {
			faults.Add(name, "hall.time-fault", "From", span.From.In(zone).Format("15:04"), "Until", span.Until.In(zone).Format("15:04"))
		}
		return at
	}
	a, b := read("from", from), read("until", until)
	if len(faults) == 0 && a != nil && b != nil && !b.After(*a) {
		faults.Add("until", "hall.order-fault")
	}
	return faults
}

// Correct says what counts of somebody, whatever the marks say, with a reason. It is itself a mark, and the only one that counts in a
// closed session.
func (s *Service) Correct(ctx context.Context, actor access.Actor, sessionID, who string, c Correction) (err error) {
	defer errs.Wrap(&err, "attendance.Correct")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.locked(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		if err := c.check(x.Span(), s.zone).Err(); err != nil {
			return err
		}
		now := s.clock.Now()
		strange, err := s.take(ctx, tx, taking{actor.PersonID, ByCorrection, text.CleanLines(c.Reason), now}, x,
			Parcel{Items: []Item{{ID: id.New(), Kind: KindMark, Who: who, State: c.State, From: c.From, Until: c.Until, Note: c.Note}}})
		if err != nil {
			return err
		}
		if len(strange) > 0 {
			return errs.NotFound("error.not-found")
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "attendance.correct", "session:"+x.ID, map[string]any{"closed": !x.ClosedAt.IsZero()})
	})
}

// Link says who of the people a walk-in is, or with an empty personID that it was a mistake. The marks of both stay, and count as one's.
func (s *Service) Link(ctx context.Context, actor access.Actor, sessionID, walkInID, personID string) (err error) {
	defer errs.Wrap(&err, "attendance.Link")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.locked(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		if personID != "" {
			path, err := db.One[string](ctx, tx, `SELECT u.path FROM identity_person p JOIN identity_unit u ON u.id = p.unit_id WHERE p.id = ?`, personID)
			if err != nil {
				return err
			}
			booked, err := isBooked(ctx, tx, x.TrainingID, personID)
			if err == nil && !booked && !actor.May(access.PeopleRead, path) {
				err = errs.NotFound("error.not-found")
			}
			if err != nil {
				return err
			}
		}
		now := s.clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE walk_in SET person_id = NULLIF(?, ''), linked_at = ?, linked_by = ? WHERE id = ? AND session_id = ?`, personID, now, actor.PersonID, walkInID, x.ID)
		if err == nil && n == 0 {
			err = errs.NotFound("error.not-found")
		}
		if err != nil {
			return err
		}
		if err := s.settle(ctx, tx, x); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "attendance.link", "session:"+x.ID, map[string]any{"person": personID})
	})
}
