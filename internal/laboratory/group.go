package laboratory

import (
	"context"
	"errors"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/laboratory/casefile"
	"ostoja/internal/text"
)

// kindMember is under what keeping knows that somebody's phone is a group's. With it go the group's reasons: should nobody end the run,
// neither outlives the day.
const kindMember keeping.Kind = "laboratory-member"

const keepMember = 24 * time.Hour

type member struct{ GroupID, PersonID string }

func (m member) ref() string { return m.GroupID + "/" + m.PersonID }

func eraseMember(ctx context.Context, tx *db.Tx, ref string) error {
	groupID, personID, ok := strings.Cut(ref, "/")
	if !ok {
		return errors.New("laboratory: no such reference")
	}
	if err := db.Exec(ctx, tx, `UPDATE laboratory_decision SET reason = '' WHERE group_id = ?`, groupID); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `DELETE FROM laboratory_member WHERE group_id = ? AND person_id = ?`, groupID, personID)
}

// Door is what somebody sees who typed a room's code.
type Door struct {
	Run
	Case   casefile.Case
	Groups []Group // that have a phone: a second one may join
	Mine   string  // the group of the actor's phone; "" if it is in none
}

// Door returns the room of a code.
func (s *Service) Door(ctx context.Context, actor access.Actor, typed string) (d Door, err error) {
	defer errs.Wrap(&err, "laboratory.Door")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		d, err = s.door(ctx, tx, actor, typed)
		return err
	})
	return d, err
}

func (s *Service) door(ctx context.Context, tx *db.Tx, actor access.Actor, typed string) (d Door, err error) {
	if actor.PersonID == "" {
		return d, errs.NotFound("error.not-found")
	}
	d.Run, err = db.One[Run](ctx, tx, selectRuns+`WHERE r.code = ? AND r.opened_at > ? AND r.ended_at IS NULL`, id.Typed(typed, codeLetters), s.Clock.Now().Add(-joinFor))
	if errors.Is(err, errs.ErrNotFound) {
		return d, errs.Fields{{Name: "code", Key: "laboratory.no-room"}}.Err()
	}
	if err != nil {
		return d, err
	}
	if d.Case, err = s.Case(d.CaseID); err != nil {
		return d, err
	}
	if d.Groups, err = db.All[Group](ctx, tx, `SELECT id, run_id, number, paper, since FROM laboratory_group WHERE run_id = ? AND NOT paper ORDER BY number`, d.ID); err != nil {
		return d, err
	}
	mine, err := db.All[string](ctx, tx, `SELECT m.group_id FROM laboratory_member m JOIN laboratory_group g ON g.id = m.group_id WHERE g.run_id = ? AND m.person_id = ?`, d.ID, actor.PersonID)
	if len(mine) > 0 {
		d.Mine = mine[0]
	}
	return d, err
}

// mostGroups is how many groups a room may have: a hall of two hundred in fives.
const mostGroups = 60

// Join makes the actor's phone one of a room's: of a new group, or with a number of one that is there. Whose phone is in a group of the
// room already stays in it.
func (s *Service) Join(ctx context.Context, actor access.Actor, typed string, number int) (groupID string, err error) {
	defer errs.Wrap(&err, "laboratory.Join")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := s.door(ctx, tx, actor, typed)
		if err != nil {
			return err
		}
		if err := hold(ctx, tx, d.ID); err != nil {
			return err
		}
		if d, err = s.door(ctx, tx, actor, typed); err != nil { // it may have joined, or the room moved on, while we waited
			return err
		}
		if d.Mine != "" {
			groupID = d.Mine
			return nil
		}
		if groupID, err = place(ctx, tx, d.Run, number); err != nil {
			return err
		}
		return s.enter(ctx, tx, member{groupID, actor.PersonID})
	})
	return groupID, err
}

// hold keeps all others away from a run until the transaction ends, and says that something happened in it: what is decided, joined and
// moved at the same time comes one after the other, on both engines.
func hold(ctx context.Context, tx *db.Tx, runID string) error {
	return db.Exec(ctx, tx, `UPDATE laboratory_run SET revision = revision + 1 WHERE id = ?`, runID)
}

// place finds the group with a number, or makes the next with 0.
func place(ctx context.Context, tx *db.Tx, r Run, number int) (groupID string, err error) {
	if number != 0 {
		groupID, err = db.One[string](ctx, tx, `SELECT id FROM laboratory_group WHERE run_id = ? AND number = ? AND NOT paper`, r.ID, number)
		if errors.Is(err, errs.ErrNotFound) {
			err = errs.Fields{{Name: "group", Key: "laboratory.no-group"}}.Err()
		}
		return groupID, err
	}
	return newGroup(ctx, tx, Group{RunID: r.ID, Since: r.Position})
}

// newGroup makes the next group of a run, and gives it its id and number.
func newGroup(ctx context.Context, tx *db.Tx, g Group) (groupID string, err error) {
	most, err := db.One[int](ctx, tx, `SELECT COALESCE(MAX(number), 0) FROM laboratory_group WHERE run_id = ?`, g.RunID)
	if err != nil {
		return "", err
	}
	if most >= mostGroups {
		return "", errs.Conflict("laboratory.full", "High", mostGroups)
	}
	groupID = id.New()
	err = db.Exec(ctx, tx, `INSERT INTO laboratory_group (id, run_id, number, paper, since) VALUES (?, ?, ?, ?, ?)`, groupID, g.RunID, most+1, g.Paper, g.Since)
	return groupID, err
}

func (s *Service) enter(ctx context.Context, tx *db.Tx, m member) error {
	if err := db.Exec(ctx, tx, `INSERT INTO laboratory_member (group_id, person_id) VALUES (?, ?) ON CONFLICT (group_id, person_id) DO NOTHING`, m.GroupID, m.PersonID); err != nil {
		return err
	}
	return keeping.Keep(ctx, tx, keeping.Entry{Kind: kindMember, Ref: m.ref(), PersonID: m.PersonID, Since: s.Clock.Now(), Until: s.Clock.Now().Add(keepMember)})
}

// Table is a run as a group sees it.
type Table struct {
	Run
	Case      casefile.Case
	Group     Group
	Decisions map[string]Decision // of the group, by step
}

// Stands returns what the room does now, and in which step.
func (t Table) Stands() (Phase, int) { return Stands(t.Case, t.Position) }

// at finds a group of the actor's. After the end of a run nobody is in its groups any more.
func (s *Service) at(ctx context.Context, q db.Querier, actor access.Actor, groupID string) (t Table, err error) {
	if !id.Valid(groupID) || actor.PersonID == "" {
		return t, errs.NotFound("error.not-found")
	}
	t.Group, err = db.One[Group](ctx, q, `
		SELECT g.id, g.run_id, g.number, g.paper, g.since FROM laboratory_group g JOIN laboratory_member m ON m.group_id = g.id WHERE g.id = ? AND m.person_id = ?`, groupID, actor.PersonID)
	if errors.Is(err, errs.ErrNotFound) {
		return t, errs.Gone("laboratory.over").Because(err)
	}
	if err != nil {
		return t, err
	}
	if t.Run, err = one[Run](ctx, q, selectRuns+`WHERE r.id = ?`, t.Group.RunID); err != nil {
		return t, err
	}
	t.Case, err = s.Case(t.CaseID)
	return t, err
}

// Table returns a group of the actor's.
func (s *Service) Table(ctx context.Context, actor access.Actor, groupID string) (t Table, err error) {
	defer errs.Wrap(&err, "laboratory.Table")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if t, err = s.at(ctx, tx, actor, groupID); err != nil {
			return err
		}
		list, err := ofGroup(ctx, tx, groupID)
		t.Decisions = map[string]Decision{}
		for _, d := range list {
			t.Decisions[d.StepID] = d
		}
		return err
	})
	return t, err
}

func ofGroup(ctx context.Context, q db.Querier, groupID string) ([]Decision, error) {
	return db.All[Decision](ctx, q, `SELECT id, group_id, step_id, letter, reason, counts, could_alarm, could_miss, late FROM laboratory_decision WHERE group_id = ?`, groupID)
}

// State returns a number that grows with what concerns a group: that the room moved on, or that another phone of it decided. It is
// what the phones ask for.
func (s *Service) State(ctx context.Context, actor access.Actor, groupID string) (_ int, err error) {
	defer errs.Wrap(&err, "laboratory.State")
	if !id.Valid(groupID) || actor.PersonID == "" {
		return 0, errs.NotFound("error.not-found")
	}
	n, err := db.One[int](ctx, s.DB, `
		SELECT r.position + (SELECT COUNT(*) FROM laboratory_decision d WHERE d.group_id = m.group_id)
		FROM laboratory_member m JOIN laboratory_group g ON g.id = m.group_id JOIN laboratory_run r ON r.id = g.run_id WHERE m.group_id = ? AND m.person_id = ?`, groupID, actor.PersonID)
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.Gone("laboratory.over").Because(err)
	}
	return n, err
}

// Outcome is what came of a decision.
type Outcome struct {
	Letter string // that counts
	Other  bool   // another phone of the group decided before
	Late   bool
}

// Decide takes a group's decision, once in each step. One that is sent again counts once; who comes second learns what the first decided.
func (s *Service) Decide(ctx context.Context, actor access.Actor, groupID string, d Draft) (o Outcome, err error) {
	defer errs.Wrap(&err, "laboratory.Decide")
	if !id.Valid(d.ID) {
		return o, errs.NotFound("error.not-found")
	}
	err = s.DB.Batch(ctx, func(tx *db.Tx) error {
		t, err := s.at(ctx, tx, actor, groupID)
		if err != nil {
			return err
		}
		if err := hold(ctx, tx, t.ID); err != nil {
			return err
		}
		if t.Run, err = one[Run](ctx, tx, selectRuns+`WHERE r.id = ?`, t.ID); err != nil { // it may have moved on while we waited
			return err
		}
		o, err = s.decide(ctx, tx, t, d)
		return err
	})
	return o, err
}

func (s *Service) decide(ctx context.Context, tx *db.Tx, t Table, d Draft) (o Outcome, err error) {
	before, err := db.All[Decision](ctx, tx, `SELECT id, letter, late FROM laboratory_decision WHERE group_id = ? AND step_id = ?`, t.Group.ID, d.StepID)
	if err != nil {
		return o, err
	}
	if len(before) > 0 {
		return Outcome{before[0].Letter, before[0].ID != d.ID, before[0].Late}, nil
	}
	taken, late, err := judge(t.Case, t.Run, d)
	if err != nil {
		return o, err
	}
	if err := s.store(ctx, tx, t.Case, t.Group, d, taken, late && !t.Alone); err != nil {
		return o, err
	}
	if t.Alone { // nobody else moves it on
		if _, err := s.move(ctx, tx, t.Run, t.Position); err != nil {
			return o, err
		}
	}
	return Outcome{d.Letter, false, late}, nil
}

func (s *Service) store(ctx context.Context, tx *db.Tx, c casefile.Case, g Group, d Draft, taken casefile.Decision, late bool) error {
	step := c.Steps[stepOf(c, d.StepID)]
	return db.Exec(ctx, tx, `
		INSERT INTO laboratory_decision (id, run_id, group_id, step_id, letter, reason, counts, could_alarm, could_miss, late, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.ID, g.RunID, g.ID, d.StepID, d.Letter, text.Clean(d.Reason), string(taken.Counts), step.Could(casefile.Alarm), step.Could(casefile.Missed), late, s.Clock.Now())
}

// Paper takes what groups without network wrote: for each the letters by step, of which one that is "" was not written. They stand until
// they are typed in again. number 0 is a new group.
func (s *Service) Paper(ctx context.Context, actor access.Actor, runID string, number int, letters map[string]string) (_ int, err error) {
	defer errs.Wrap(&err, "laboratory.Paper")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := led(ctx, tx, actor, runID)
		if err != nil {
			return err
		}
		if r.Ended() {
			return errs.Conflict("laboratory.over")
		}
		if err := hold(ctx, tx, runID); err != nil {
			return err
		}
		c, err := s.Case(r.CaseID)
		if err != nil {
			return err
		}
		g, err := onPaper(ctx, tx, runID, number)
		if err != nil {
			return err
		}
		number = g.Number
		return s.typeIn(ctx, tx, c, g, letters)
	})
	return number, err
}

func onPaper(ctx context.Context, tx *db.Tx, runID string, number int) (g Group, err error) {
	groupID := ""
	if number == 0 {
		if groupID, err = newGroup(ctx, tx, Group{RunID: runID, Paper: true}); err != nil {
			return g, err
		}
	}
	return one[Group](ctx, tx, `SELECT id, run_id, number, paper, since FROM laboratory_group WHERE run_id = ? AND paper AND (id = ? OR number = ?)`, runID, groupID, number)
}

func (s *Service) typeIn(ctx context.Context, tx *db.Tx, c casefile.Case, g Group, letters map[string]string) error {
	var faults errs.Fields
	for _, step := range c.Steps {
		letter := strings.ToLower(strings.TrimSpace(letters[step.ID]))
		if err := db.Exec(ctx, tx, `DELETE FROM laboratory_decision WHERE group_id = ? AND step_id = ?`, g.ID, step.ID); err != nil {
			return err
		}
		if letter == "" {
			continue
		}
		taken, ok := step.Decision(letter)
		if !ok {
			faults.Add(step.ID, "laboratory.choose-one")
			continue
		}
		if err := s.store(ctx, tx, c, g, Draft{ID: id.New(), StepID: step.ID, Letter: letter}, taken, false); err != nil {
			return err
		}
	}
	return faults.Err()
}
