// Package agreement lets two people of an office say, each alone, how soon something is to be done in twenty written situations, and computes how far
// they agree with each other and with the kit's table of rules.
//
// Goals: whether people read the table's words alike is seen before somebody's evening depends on it; neither of the two can be led by the other or by
// our step, which are shown once both are done and not before; a figure that cannot be computed is not made up. Limits: it is about the table and
// never about people: there is no list of somebody's figures, results name nobody, and all of it ends after a year ([keeping]). That two agree
// says nothing of being right.
package agreement

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/firstline"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
)

// Kept is the kind of what is kept of the two of a round.
const Kept keeping.Kind = "agreement"

// keptFor is how long after its beginning a round is kept: so long an office may want to compare with the next one.
const keptFor = 365 * 24 * time.Hour

// Reader is one of the two of a round.
type Reader struct {
	RoundID  string
	Place    int // 1 who began, 2 who joined
	PersonID string
	Name     string
	DoneAt   time.Time // zero while they may change what they said
	SavedAt  time.Time
	Said     int // how many situations they said something of
}

// Done says whether nothing changes any more.
func (r Reader) Done() bool { return !r.DoneAt.IsZero() }

// Round is one comparison of two people of a unit.
type Round struct {
	ID       string
	UnitPath string
	Unit     string // name
	BegunAt  time.Time
	Readers  []Reader `db:"-"` // by place; one while nobody has joined
	Mine     int      `db:"-"` // which place the asking person has, 0 if none
}

// Ends is when the round is erased.
func (r Round) Ends() time.Time { return r.BegunAt.Add(keptFor) }

// Open says whether somebody may still join.
func (r Round) Open() bool { return len(r.Readers) < 2 }

// Complete says whether both are done, so that the result may be seen.
func (r Round) Complete() bool {
	return !r.Open() && !slices.ContainsFunc(r.Readers, func(x Reader) bool { return !x.Done() })
}

// Me returns the asking person's own part; there is none if Mine is 0.
func (r Round) Me() Reader {
	for _, x := range r.Readers {
		if x.Place == r.Mine {
			return x
		}
	}
	return Reader{}
}

// Said are the steps that somebody chose, by the id of the situation.
type Said map[string]firstline.Urgency

// Unit is where a round may be begun.
type Unit struct {
	ID, Name string
}

// Service keeps rounds.
type Service struct {
	db    *db.DB
	clock clock.Clock
	table *Table
}

// New returns a Service about the situations of a table, and tells keeping how rounds are erased.
func New(d *db.DB, c clock.Clock, k *keeping.Service, t *Table) *Service {
	k.On(Kept, func(ctx context.Context, tx *db.Tx, ref string) error {
		round, _, _ := strings.Cut(ref, "/")
		return erase(ctx, tx, round)
	})
	return &Service{d, c, t}
}

// Table is what rounds are about.
func (s *Service) Table() *Table { return s.table }

// ref is what keeping knows somebody's part of a round by. The parts of both have one end, at which the whole round goes.
func ref(roundID string, place int) string { return roundID + "/" + strconv.Itoa(place) }

func erase(ctx context.Context, tx *db.Tx, roundID string) error {
	for _, text := range []string{
		`DELETE FROM agreement_answer WHERE round_id = ?`, `DELETE FROM agreement_reader WHERE round_id = ?`, `DELETE FROM agreement_round WHERE id = ?`,
	} {
		if err := db.Exec(ctx, tx, text, roundID); err != nil {
			return err
		}
	}
	return nil
}

const selectRounds = `SELECT r.id, u.path AS unit_path, u.name AS unit, r.begun_at FROM agreement_round r JOIN identity_unit u ON u.id = r.unit_id `

const selectReaders = `
	SELECT x.round_id, x.place, x.person_id, p.given_name || ' ' || p.family_name AS name, x.done_at, x.saved_at,
		(SELECT COUNT(*) FROM agreement_answer a WHERE a.round_id = x.round_id AND a.place = x.place) AS said
	FROM agreement_reader x JOIN identity_person p ON p.id = x.person_id JOIN agreement_round r ON r.id = x.round_id JOIN identity_unit u ON u.id = r.unit_id `

// Desk returns the rounds that the actor sees, the newest first, and the units in which the actor may begin one, the own one first, then by name.
func (s *Service) Desk(ctx context.Context, actor access.Actor) (rounds []Round, units []Unit, err error) {
	defer errs.Wrap(&err, "agreement.Desk")
	within, args := actor.Within(access.SiteWrite, "u.path")
	where := `WHERE (` + within + ` OR EXISTS (SELECT 1 FROM agreement_reader o WHERE o.round_id = r.id AND o.person_id = ?)) `
	sees := append(slices.Clone(args), actor.PersonID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if rounds, err = db.All[Round](ctx, tx, selectRounds+where+`ORDER BY r.begun_at DESC, r.id`, sees...); err != nil {
			return err
		}
		readers, err := db.All[Reader](ctx, tx, selectReaders+where+`ORDER BY x.place`, sees...)
		if err != nil {
			return err
		}
		for i := range rounds {
			rounds[i].seat(actor, readers)
		}
		units, err = db.All[Unit](ctx, tx, `SELECT u.id, u.name FROM identity_unit u WHERE `+within+` ORDER BY CASE WHEN u.path = ? THEN 0 ELSE 1 END, u.name, u.id`, append(slices.Clone(args), actor.Path)...)
		return err
	})
	return rounds, units, err
}

// seat puts those of the readers into a round that are its own.
func (r *Round) seat(actor access.Actor, readers []Reader) {
	for _, x := range readers {
		if x.RoundID != r.ID {
			continue
		}
		r.Readers = append(r.Readers, x)
		if x.PersonID == actor.PersonID {
			r.Mine = x.Place
		}
	}
}

// seen returns a round that the actor may know of: one's own, and those of units whose part of the site one keeps. Any other is not found.
func (s *Service) seen(ctx context.Context, q db.Querier, actor access.Actor, roundID string) (r Round, err error) {
	if !id.Valid(roundID) || actor.PersonID == "" {
		return r, errs.NotFound("error.not-found")
	}
	if r, err = db.One[Round](ctx, q, selectRounds+`WHERE r.id = ?`, roundID); err != nil {
		return Round{}, err
	}
	readers, err := db.All[Reader](ctx, q, selectReaders+`WHERE x.round_id = ? ORDER BY x.place`, roundID)
	if err != nil {
		return Round{}, err
	}
	r.seat(actor, readers)
	if r.Mine == 0 && !actor.May(access.SiteWrite, r.UnitPath) {
		return Round{}, errs.NotFound("error.not-found")
	}
	return r, nil
}

// own is [Service.seen] for one of the two alone.
func (s *Service) own(ctx context.Context, q db.Querier, actor access.Actor, roundID string) (Round, error) {
	r, err := s.seen(ctx, q, actor, roundID)
	if err == nil && r.Mine == 0 {
		err = errs.NotFound("error.not-found")
	}
	return r, err
}

// Round returns a round with what the actor has said so far, and nothing of what the other has.
func (s *Service) Round(ctx context.Context, actor access.Actor, roundID string) (r Round, said Said, err error) {
	defer errs.Wrap(&err, "agreement.Round")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if r, err = s.seen(ctx, tx, actor, roundID); err != nil {
			return err
		}
		said, err = saidBy(ctx, tx, roundID, r.Mine)
		return err
	})
	return r, said, err
}

func saidBy(ctx context.Context, q db.Querier, roundID string, place int) (Said, error) {
	rows, err := db.All[struct {
		Situation string
		Step      firstline.Urgency
	}](ctx, q, `SELECT situation, step FROM agreement_answer WHERE round_id = ? AND place = ?`, roundID, place)
	said := Said{}
	for _, r := range rows {
		said[r.Situation] = r.Step
	}
	return said, err
}

// Begin begins a round in a unit; who begins it is the first of the two.
func (s *Service) Begin(ctx context.Context, actor access.Actor, unitID string) (roundID string, err error) {
	defer errs.Wrap(&err, "agreement.Begin")
	if len(s.table.Situations) == 0 {
		return "", errs.NotFound("error.not-found")
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		var faults errs.Fields
		within, args := actor.Within(access.SiteWrite, "path")
		units, err := db.All[string](ctx, tx, `SELECT id FROM identity_unit WHERE id = ? AND `+within, append([]any{unitID}, args...)...)
		if err != nil {
			return err
		}
		if len(units) == 0 {
			faults.Add("unit", "agreement.no-unit")
			return faults.Err()
		}
		now := s.clock.Now()
		roundID = id.New()
		if err := db.Exec(ctx, tx, `INSERT INTO agreement_round (id, unit_id, begun_at) VALUES (?, ?, ?)`, roundID, unitID, now); err != nil {
			return err
		}
		if err := s.take(ctx, tx, actor, Round{ID: roundID, BegunAt: now}, 1); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "agreement.begin", "unit:"+unitID, nil)
	})
	return roundID, err
}

// take gives the actor a place in a round.
func (s *Service) take(ctx context.Context, tx *db.Tx, actor access.Actor, r Round, place int) error {
	now := s.clock.Now()
	n, err := db.Changed(ctx, tx, `INSERT INTO agreement_reader (round_id, place, person_id, saved_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, r.ID, place, actor.PersonID, now)
	if err == nil && n == 0 {
		err = errs.Conflict("agreement.taken")
	}
	if err != nil {
		return err
	}
	return keeping.Keep(ctx, tx, keeping.Entry{Kind: Kept, Ref: ref(r.ID, place), PersonID: actor.PersonID, Since: now, Until: r.Ends()})
}

// Join makes the actor the second of the two; of two who come at once the later is told.
func (s *Service) Join(ctx context.Context, actor access.Actor, roundID string) (err error) {
	defer errs.Wrap(&err, "agreement.Join")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		r, err := s.seen(ctx, tx, actor, roundID)
		if err != nil {
			return err
		}
		if err := s.take(ctx, tx, actor, r, 2); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "agreement.join", "agreement:"+roundID, nil)
	})
}

// Say notes which step the actor chose in a situation; it may be chosen anew until the actor is done.
func (s *Service) Say(ctx context.Context, actor access.Actor, roundID, situation string, step firstline.Urgency) (err error) {
	defer errs.Wrap(&err, "agreement.Say")
	if s.table.number(situation) < 0 {
		return errs.NotFound("error.not-found")
	}
	if place(step) < 0 {
		var faults errs.Fields
		faults.Add("step", "agreement.choose")
		return faults.Err()
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		r, err := s.own(ctx, tx, actor, roundID)
		if err != nil {
			return err
		}
		if err := s.touch(ctx, tx, r); err != nil {
			return err
		}
		return db.Exec(ctx, tx, `
			INSERT INTO agreement_answer (round_id, place, situation, step) VALUES (?, ?, ?, ?)
			ON CONFLICT (round_id, place, situation) DO UPDATE SET step = excluded.step`, roundID, r.Mine, situation, string(step))
	})
}

// touch locks the row of the asking person's part, so that nothing is said while it is being finished, nor after.
func (s *Service) touch(ctx context.Context, tx *db.Tx, r Round) error {
	n, err := db.Changed(ctx, tx, `UPDATE agreement_reader SET saved_at = ? WHERE round_id = ? AND place = ? AND done_at IS NULL`, s.clock.Now(), r.ID, r.Mine)
	if err == nil && n == 0 {
		err = errs.Conflict("agreement.done-already")
	}
	return err
}

// Finish says that the actor is done: all situations are answered, and nothing changes any more.
func (s *Service) Finish(ctx context.Context, actor access.Actor, roundID string) (err error) {
	defer errs.Wrap(&err, "agreement.Finish")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		r, err := s.own(ctx, tx, actor, roundID)
		if err != nil {
			return err
		}
		if err := s.touch(ctx, tx, r); err != nil {
			return err
		}
		said, err := saidBy(ctx, tx, roundID, r.Mine)
		if err != nil {
			return err
		}
		if left := s.table.Left(said); left > 0 {
			return errs.Conflict("agreement.not-yet", "Left", left)
		}
		now := s.clock.Now()
		if err := db.Exec(ctx, tx, `UPDATE agreement_reader SET done_at = ? WHERE round_id = ? AND place = ?`, now, roundID, r.Mine); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "agreement.finish", "agreement:"+roundID, nil)
	})
}

// Result returns what came out, once both are done: before, there is none for anybody.
func (s *Service) Result(ctx context.Context, actor access.Actor, roundID string) (r Round, result Result, err error) {
	defer errs.Wrap(&err, "agreement.Result")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if r, err = s.seen(ctx, tx, actor, roundID); err != nil {
			return err
		}
		if !r.Complete() {
			return errs.NotFound("error.not-found")
		}
		first, err := saidBy(ctx, tx, roundID, 1)
		if err != nil {
			return err
		}
		second, err := saidBy(ctx, tx, roundID, 2)
		if err != nil {
			return err
		}
		result = s.table.compare(first, second)
		return nil
	})
	return r, result, err
}

// Remove erases a round; either of the two may, for it holds what both said.
func (s *Service) Remove(ctx context.Context, actor access.Actor, roundID string) (err error) {
	defer errs.Wrap(&err, "agreement.Remove")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		r, err := s.own(ctx, tx, actor, roundID)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		for _, x := range r.Readers {
			if err := keeping.Erased(ctx, tx, Kept, ref(roundID, x.Place), now); err != nil {
				return err
			}
		}
		if err := erase(ctx, tx, roundID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "agreement.remove", "agreement:"+roundID, nil)
	})
}
