// Package act remembers what was done to many at once, so that it can be undone for ten minutes: rows and letters together.
//
// An area that does something to many begins an act ([Service.Begin]), does it under [Doing.Hold], so that the letters wait, and notes in
// the same transaction what it did it to and how that was before ([Service.Note]). It registered how things of the kind are taken back
// ([Service.On]), which happens in one transaction with the letters.
//
// Goals: one wrong click is taken back whole, or what it could not take back is said in words; what is undone leaves no row and no letter;
// letters leave by themselves once nothing can be undone, also if the program starts anew meanwhile. Limits: it decides nothing of the
// areas' rows, holds identifiers and no names, forgets acts after a week (the record of acts keeps that they were), and is not for what
// touches one thing and can be done the other way round.
package act

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// UndoFor is how long an act can be undone.
const UndoFor = 10 * time.Minute

// kept is for how long acts are remembered.
const kept = 7 * 24 * time.Hour

// Kind names a sort of act. The text act.did-KIND says what was done.
type Kind string

// Act is what was done to many.
type Act struct {
	ID       string
	Kind     Kind
	Object   string // in which thing: "course:…"
	ActorID  string
	N        int // to how many
	At       time.Time
	Until    time.Time // exclusive
	SentAt   time.Time // its letters were sent before that
	UndoneAt time.Time
	UndoneBy string
	Letters  int `db:"-"` // that are held
}

// Open says whether an act can still be undone.
func (a Act) Open(now time.Time) bool {
	return a.UndoneAt.IsZero() && a.SentAt.IsZero() && now.Before(a.Until)
}

// Thing is one of those to which something was done.
type Thing struct {
	Ref    string // what the area knows it by
	Before string // how it was, in the area's own form
}

// Stays is a thing that was not taken back, because something followed from it or it is there no more.
type Stays struct {
	Ref string
	Why string // the end of the key of a text: act.stays-WHY
}

// Undo takes things of an act back within tx, all but those that it returns. It MUST leave a thing as it is rather than take back half of it.
type Undo func(ctx context.Context, tx *db.Tx, a Act, things []Thing) ([]Stays, error)

// Way says how acts of a kind are taken back.
type Way struct {
	Permission access.Permission // that who undoes it has: in some unit if they did it, else everywhere
	Undo       Undo
}

// Outbox holds the letters of acts; see [mail.Outbox].
type Outbox interface {
	Drop(ctx context.Context, tx *db.Tx, act string) (n int, err error)
	Release(ctx context.Context, tx *db.Tx, act string) (n int, err error)
	Holds(ctx context.Context, q db.Querier, acts []string) (map[string]int, error)
}

// NoLetters is an Outbox that holds none.
type NoLetters struct{}

// Drop drops nothing.
func (NoLetters) Drop(context.Context, *db.Tx, string) (int, error) { return 0, nil }

// Release releases nothing.
func (NoLetters) Release(context.Context, *db.Tx, string) (int, error) { return 0, nil }

// Holds returns none.
func (NoLetters) Holds(context.Context, db.Querier, []string) (map[string]int, error) {
	return nil, nil
}

// Service remembers acts.
type Service struct {
	db     *db.DB
	clock  clock.Clock
	outbox Outbox
	ways   map[Kind]Way
}

// New returns a Service that knows no kind yet.
func New(d *db.DB, c clock.Clock, o Outbox) *Service { return &Service{d, c, o, map[Kind]Way{}} }

// On says how acts of a kind are taken back. It must be called before the service is used; a kind that is registered twice is a mistake of
// the program.
func (s *Service) On(k Kind, w Way) {
	if s.ways[k].Undo != nil {
		panic("act: two ways to undo " + string(k))
	}
	s.ways[k] = w
}

// Kinds returns the kinds that are known, in their order.
func (s *Service) Kinds() (kinds []Kind) {
	for k := range s.ways {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// Note writes down what was done to things, in the transaction that does it. An act that is done portion by portion is noted with each; once
// it was undone, or its letters were sent, the rest is refused.
func (s *Service) Note(ctx context.Context, tx *db.Tx, d *Doing, things []Thing) (err error) {
	defer errs.Wrap(&err, "act.Note(%s, %d)", d.Kind, len(things))
	if len(things) == 0 || d.ActorID == "" { // nobody would undo what the program did by itself
		return nil
	}
	if s.ways[d.Kind].Undo == nil {
		panic("act: nobody undoes " + string(d.Kind))
	}
	n, err := db.Changed(ctx, tx, `
		INSERT INTO act (id, kind, object, actor_id, n, at, until) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET n = act.n + excluded.n WHERE act.undone_at IS NULL AND act.sent_at IS NULL`,
		d.ID, string(d.Kind), d.Object, d.ActorID, len(things), d.At, d.Until)
	if err == nil && n == 0 {
		err = errs.Conflict("act.fault.meanwhile")
	}
	if err != nil {
		return err
	}
	for _, x := range things {
		if err := db.Exec(ctx, tx, `INSERT INTO act_of (act_id, ref, before) VALUES (?, ?, ?)`, d.ID, x.Ref, x.Before); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, d.At, d.ActorID, "act."+string(d.Kind), d.Object, map[string]any{"act": d.ID, "n": len(things)})
}

const columns = `SELECT id, kind, object, actor_id, n, at, until, sent_at, undone_at, undone_by FROM act `

// Open returns what an actor did in a thing and can still undo, the newest first.
func (s *Service) Open(ctx context.Context, actor access.Actor, object string) (list []Act, err error) {
	defer errs.Wrap(&err, "act.Open")
	list, err = db.All[Act](ctx, s.db, columns+`WHERE object = ? AND until > ? AND actor_id = ? AND undone_at IS NULL AND sent_at IS NULL ORDER BY at DESC, id DESC`, object, s.clock.Now(), actor.PersonID)
	if err != nil || actor.PersonID == "" {
		return nil, err
	}
	return s.counted(ctx, list)
}

func (s *Service) counted(ctx context.Context, list []Act) ([]Act, error) {
	var ids []string
	for _, a := range list {
		ids = append(ids, a.ID)
	}
	held, err := s.outbox.Holds(ctx, s.db, ids)
	for i := range list {
		list[i].Letters = held[list[i].ID]
	}
	return list, err
}

// Told is an act with what became of undoing it.
type Told struct {
	Act
	Stays map[string]int // how many were not taken back, by why
	Mine  bool
	May   bool // the reader may undo it, as long as that can be done
}

// One returns an act to who did it, and to who may undo it.
func (s *Service) One(ctx context.Context, actor access.Actor, actID string) (t Told, err error) {
	defer errs.Wrap(&err, "act.One")
	a, err := s.seen(ctx, s.db, actor, actID)
	if err != nil {
		return t, err
	}
	list, err := s.counted(ctx, []Act{a})
	if err != nil {
		return t, err
	}
	t = Told{Act: list[0], Stays: map[string]int{}, Mine: a.ActorID == actor.PersonID, May: s.may(actor, a) == nil}
	type count struct {
		Kept string
		N    int
	}
	err = db.Each(ctx, s.db, func(c count) { t.Stays[c.Kept] = c.N }, `SELECT kept, COUNT(*) AS n FROM act_of WHERE act_id = ? AND kept <> '' GROUP BY kept`, actID)
	return t, err
}

// seen returns an act to somebody who may know of it: who did it, and who has its permission.
func (s *Service) seen(ctx context.Context, q db.Querier, actor access.Actor, actID string) (Act, error) {
	a, err := db.One[Act](ctx, q, columns+`WHERE id = ?`, actID)
	if errors.Is(err, errs.ErrNotFound) || err == nil && (actor.PersonID == "" || a.ActorID != actor.PersonID && !actor.Has(s.ways[a.Kind].Permission)) {
		err = errs.NotFound("error.not-found")
	}
	return a, err
}

// may says whether somebody may undo an act at all: who did it and still has the right, or who has it everywhere.
func (s *Service) may(actor access.Actor, a Act) error {
	permission := s.ways[a.Kind].Permission
	switch {
	case actor.Everywhere(permission), a.ActorID == actor.PersonID && actor.Has(permission):
		return nil
	case a.ActorID == actor.PersonID:
		return errs.Forbidden("act.fault.right")
	}
	return errs.Forbidden("act.fault.another")
}

// close ends the time of an act in tx, by undoing it or by sending its letters: one of those who try at once does.
func (s *Service) close(ctx context.Context, tx *db.Tx, actor access.Actor, actID, set string, args ...any) (Act, error) {
	a, err := s.seen(ctx, tx, actor, actID)
	if err == nil {
		err = s.may(actor, a)
	}
	if err != nil {
		return a, err
	}
	now := s.clock.Now()
	n, err := db.Changed(ctx, tx, `UPDATE act SET `+set+` WHERE id = ? AND undone_at IS NULL AND sent_at IS NULL AND until > ?`, append(args, actID, now)...)
	if err != nil || n == 1 {
		return a, err
	}
	if a, err = db.One[Act](ctx, tx, columns+`WHERE id = ?`, actID); err != nil { // as it is by now
		return a, err
	}
	switch {
	case !a.UndoneAt.IsZero():
		return a, errs.Conflict("act.fault.undone")
	case !a.SentAt.IsZero():
		return a, errs.Conflict("act.fault.sent")
	}
	return a, errs.Conflict("act.fault.late")
}

// Undone says what undoing an act did.
type Undone struct {
	Back    int // taken back
	Stays   int // not: [Service.One] says why
	Letters int // that will not leave
}

// Undo takes an act back: its rows and its letters, in one transaction.
func (s *Service) Undo(ctx context.Context, actor access.Actor, actID string) (u Undone, err error) {
	defer errs.Wrap(&err, "act.Undo")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		now := s.clock.Now()
		a, err := s.close(ctx, tx, actor, actID, `undone_at = ?, undone_by = ?`, now, actor.PersonID)
		if err != nil {
			return err
		}
		if u.Letters, err = s.outbox.Drop(ctx, tx, actID); err != nil {
			return err
		}
		things, err := db.All[Thing](ctx, tx, `SELECT ref, before FROM act_of WHERE act_id = ? ORDER BY ref`, actID)
		if err != nil {
			return err
		}
		stay, err := s.ways[a.Kind].Undo(ctx, tx, a, things)
		if err != nil {
			return err
		}
		for _, x := range stay {
			if err := db.Exec(ctx, tx, `UPDATE act_of SET kept = ? WHERE act_id = ? AND ref = ?`, x.Why, actID, x.Ref); err != nil {
				return err
			}
		}
		u.Back, u.Stays = len(things)-len(stay), len(stay)
		return audit.Record(ctx, tx, now, actor.PersonID, "act.undo", a.Object, map[string]any{"act": actID, "kind": string(a.Kind), "back": u.Back, "stay": u.Stays, "letters": u.Letters})
	})
	return u, err
}

// Send lets the letters of an act leave now, and returns how many. It cannot be undone then.
func (s *Service) Send(ctx context.Context, actor access.Actor, actID string) (n int, err error) {
	defer errs.Wrap(&err, "act.Send")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		now := s.clock.Now()
		a, err := s.close(ctx, tx, actor, actID, `sent_at = ?`, now)
		if err != nil {
			return err
		}
		if n, err = s.outbox.Release(ctx, tx, actID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "act.send", a.Object, map[string]any{"act": actID, "kind": string(a.Kind), "letters": n})
	})
	return n, err
}

// Now returns the service's time.
func (s *Service) Now() time.Time { return s.clock.Now() }

// Sweep forgets acts that are long over.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "act.Sweep")
	before := s.clock.Now().Add(-kept)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `DELETE FROM act_of WHERE act_id IN (SELECT id FROM act WHERE until < ?)`, before); err != nil {
			return err
		}
		return db.Exec(ctx, tx, `DELETE FROM act WHERE until < ?`, before)
	})
}
