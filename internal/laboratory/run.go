package laboratory

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/laboratory/casefile"
)

// joinFor is how long a room's code is good for: a day of a training.
const joinFor = 24 * time.Hour

// codeLetters is how long a code is: 30 bits, which nobody guesses in a day at the rate that pages allow.
const codeLetters = 6

// Opening is what a trainer chooses.
type Opening struct {
	CaseID    string
	SessionID string // "" outside a training
}

// Open opens a laboratory, and returns its id. It belongs to the unit of the session, or else to the actor's own.
func (s *Service) Open(ctx context.Context, actor access.Actor, o Opening) (runID string, err error) {
	defer errs.Wrap(&err, "laboratory.Open(%s)", o.CaseID)
	if !actor.Has(access.Laboratory) {
		return "", errs.Forbidden("error.forbidden")
	}
	var faults errs.Fields
	if _, err := s.Case(o.CaseID); err != nil {
		faults.Add("case", "laboratory.choose-case")
	}
	path, sessionID := actor.Path, any(nil)
	if o.SessionID != "" {
		sessions, err := s.Sessions(ctx, actor)
		if err != nil {
			return "", err
		}
		i := slices.IndexFunc(sessions, func(x Session) bool { return x.ID == o.SessionID })
		if i < 0 {
			faults.Add("session", "laboratory.choose-session")
		} else {
			path, sessionID = sessions[i].UnitPath, o.SessionID
		}
	}
	if err := faults.Err(); err != nil {
		return "", err
	}
	runID = id.New()
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		now := s.Clock.Now()
		unitID, err := one[string](ctx, tx, `SELECT id FROM identity_unit WHERE path = ?`, path)
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `
			INSERT INTO laboratory_run (id, case_id, unit_id, session_id, opened_by, opened_at, alone, code, position, revision) VALUES (?, ?, ?, ?, ?, ?, FALSE, ?, 0, 0)`,
			runID, o.CaseID, unitID, sessionID, actor.PersonID, now, id.Code(5)[:codeLetters]); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "laboratory.open", "laboratory:"+runID, nil)
	})
	return runID, err
}

const shownRuns = 100

// Runs returns the laboratories that the actor may lead: those that run, and then those that ended, the newest first.
func (s *Service) Runs(ctx context.Context, actor access.Actor) (_ []Run, err error) {
	defer errs.Wrap(&err, "laboratory.Runs")
	if !actor.Has(access.Laboratory) {
		return nil, errs.Forbidden("error.forbidden")
	}
	may, args := leads(actor)
	return db.All[Run](ctx, s.DB, selectRuns+`WHERE `+may+` ORDER BY CASE WHEN r.ended_at IS NULL THEN 0 ELSE 1 END, r.opened_at DESC, r.id DESC LIMIT ?`, append(args, shownRuns)...)
}

// Group is a group of a room.
type Group struct {
	ID     string
	RunID  string
	Number int
	Paper  bool
	Since  int // the position at which it joined; 0 on paper, which is typed in afterwards
}

// Decision is what a group decided in a step.
type Decision struct {
	ID         string
	GroupID    string
	Number     int // of the group
	StepID     string
	Letter     string
	Reason     string
	Counts     casefile.Counts
	CouldAlarm bool
	CouldMiss  bool
	Late       bool
}

// Room is a run as its trainers see it.
type Room struct {
	Run
	Case      casefile.Case
	Groups    []Group
	Decisions []Decision // of all steps, by groups
}

// Stands returns what the room does now, and in which step.
func (r Room) Stands() (Phase, int) { return Stands(r.Case, r.Position) }

// Tally is what the room has come to.
func (r Room) Tally() Tally {
	t := Count(r.Decisions)
	for _, g := range r.Groups {
		none, asked := Undecided(r.Case, r.Position, g, r.Decisions)
		t.None, t.Asked = t.None+len(none), t.Asked+asked
	}
	return t
}

// Room returns a run that the actor may lead.
func (s *Service) Room(ctx context.Context, actor access.Actor, runID string) (r Room, err error) {
	defer errs.Wrap(&err, "laboratory.Room")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if r.Run, err = led(ctx, tx, actor, runID); err != nil {
			return err
		}
		return s.fill(ctx, tx, &r)
	})
	return r, err
}

func (s *Service) fill(ctx context.Context, tx *db.Tx, r *Room) (err error) {
	if r.Case, err = s.Case(r.CaseID); err != nil {
		return errs.Gone("laboratory.case-gone").Because(err) // a later version of the program has it no more
	}
	if r.Groups, err = db.All[Group](ctx, tx, `SELECT id, run_id, number, paper, since FROM laboratory_group WHERE run_id = ? ORDER BY number`, r.ID); err != nil {
		return err
	}
	r.Decisions, err = decisions(ctx, tx, r.ID)
	return err
}

func decisions(ctx context.Context, q db.Querier, runID string) ([]Decision, error) {
	return db.All[Decision](ctx, q, `
		SELECT d.id, d.group_id, g.number, d.step_id, d.letter, d.reason, d.counts, d.could_alarm, d.could_miss, d.late
		FROM laboratory_decision d JOIN laboratory_group g ON g.id = d.group_id WHERE d.run_id = ? ORDER BY g.number, d.id`, runID)
}

// Revision returns a number that grows with all that happens in a run. It is what a screen asks for twice a second.
func (s *Service) Revision(ctx context.Context, actor access.Actor, runID string) (_ int, err error) {
	defer errs.Wrap(&err, "laboratory.Revision")
	if !id.Valid(runID) || !actor.Has(access.Laboratory) {
		return 0, errs.NotFound("error.not-found")
	}
	may, args := leads(actor)
	return one[int](ctx, s.DB, `SELECT r.revision FROM laboratory_run r JOIN identity_unit u ON u.id = r.unit_id WHERE r.id = ? AND `+may, append([]any{runID}, args...)...)
}

// Move moves a room on by one from a position. Who moves it from where it no longer stands moves nothing: another trainer has.
func (s *Service) Move(ctx context.Context, actor access.Actor, runID string, from int) (moved bool, err error) {
	defer errs.Wrap(&err, "laboratory.Move")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := led(ctx, tx, actor, runID)
		if err != nil {
			return err
		}
		moved, err = s.move(ctx, tx, r, from)
		return err
	})
	return moved, err
}

func (s *Service) move(ctx context.Context, tx *db.Tx, r Run, from int) (moved bool, err error) {
	c, err := s.Case(r.CaseID)
	if err != nil {
		return false, err
	}
	if from < 0 || from >= last(c) {
		return false, nil
	}
	n, err := db.Changed(ctx, tx, `UPDATE laboratory_run SET position = position + 1, revision = revision + 1 WHERE id = ? AND position = ? AND ended_at IS NULL`, r.ID, from)
	return n > 0, err
}

// End ends a run: its code opens nothing any more, and the reasons and whose phones the groups decided on are erased.
func (s *Service) End(ctx context.Context, actor access.Actor, runID string) (err error) {
	defer errs.Wrap(&err, "laboratory.End")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := led(ctx, tx, actor, runID); err != nil {
			return err
		}
		now := s.Clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE laboratory_run SET ended_at = ?, code = NULL, revision = revision + 1 WHERE id = ? AND ended_at IS NULL`, now, runID)
		if err != nil || n == 0 {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE laboratory_decision SET reason = '' WHERE run_id = ?`, runID); err != nil {
			return err
		}
		members, err := db.All[member](ctx, tx, `SELECT m.group_id, m.person_id FROM laboratory_member m JOIN laboratory_group g ON g.id = m.group_id WHERE g.run_id = ?`, runID)
		if err != nil {
			return err
		}
		for _, m := range members {
			if err := keeping.Erased(ctx, tx, kindMember, m.ref(), now); err != nil {
				return err
			}
		}
		if err := db.Exec(ctx, tx, `DELETE FROM laboratory_member WHERE group_id IN (SELECT id FROM laboratory_group WHERE run_id = ?)`, runID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "laboratory.end", "laboratory:"+runID, nil)
	})
}
