// Package keeping ends what is kept about people for a time. An area that stores such a value says with it, in the same transaction,
// until when ([Keep]); whatever is due is erased by one periodic work, through the function that the area registered ([Service.On]);
// and each person can read on a page of their own what is kept of them, why and until when, and what was there and was erased.
//
// Goals: storage limitation (art. 5(1)(e) GDPR) is a row beside the value and no promise in a document; a clock is never lengthened in
// silence, since each kind has one function that sets it; value and entry go together or not at all; what cannot be erased is tried
// again, holds up nothing else, and is an error in the log and in the periodic work's state. What is not of one person with an account ends
// by its age, in the same work ([Service.OnAge]). Limits: what is no value of a person's own doing (letters, sessions, previews of imports) is
// swept by its own area; docs/operate/kept.md lists all.
package keeping

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Kind names a kind of value. Texts know what it is and why it is kept: keeping.what-KIND, keeping.why-KIND.
type Kind string

// Entry is a value that is kept about a person.
type Entry struct {
	Kind     Kind
	Ref      string // what the area knows it by, unique within the kind
	PersonID string
	Since    time.Time `db:"kept_since"`
	Until    time.Time `db:"keep_until"` // exclusive: from then on it may not be there
	ErasedAt time.Time // zero while it is kept
}

// Erase removes the value that an area knows by ref. It MUST work by tx alone, and be no error if the value is not there.
type Erase func(ctx context.Context, tx *db.Tx, ref string) error

// Sweep erases what an area keeps of a kind whose end has come, and says how many that were. It MUST work by tx alone, and may leave some
// for the next time.
type Sweep func(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error)

// Service erases what is due.
type Service struct {
	db    *db.DB
	clock clock.Clock
	erase map[Kind]Erase
	sweep map[Kind]Sweep
}

// New returns a Service that knows of no kind yet.
func New(d *db.DB, c clock.Clock) *Service { return &Service{d, c, map[Kind]Erase{}, map[Kind]Sweep{}} }

// On says how values of a kind are erased. It must be called before the service is used; a kind that is registered twice is a mistake
// of the program.
func (s *Service) On(k Kind, e Erase) {
	if s.erase[k] != nil {
		panic("keeping: two ways to erase " + string(k))
	}
	s.erase[k] = e
}

// OnAge says how values of a kind are erased that end by their own age and are not of one person with an account: names typed in a hall,
// a photograph with many. They have no entry; the record of acts says how many went. Like [Service.On], it must be called before the
// service is used.
func (s *Service) OnAge(k Kind, sweep Sweep) {
	if s.sweep[k] != nil {
		panic("keeping: two ways to erase " + string(k))
	}
	s.sweep[k] = sweep
}

// Kinds returns the kinds that are known, in their order: those of single persons, and those that end by age.
func (s *Service) Kinds() (single, byAge []Kind) {
	return slices.Sorted(maps.Keys(s.erase)), slices.Sorted(maps.Keys(s.sweep))
}

// Keep notes that a value is kept from now until a time, in the transaction that stores it. A value that is stored again under its ref
// has the new end.
func Keep(ctx context.Context, tx *db.Tx, e Entry) (err error) {
	defer errs.Wrap(&err, "keeping.Keep(%s)", e.Kind)
	return db.Exec(ctx, tx, `
		INSERT INTO kept (kind, ref, person_id, kept_since, keep_until) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (kind, ref) DO UPDATE SET kept_since = CASE WHEN kept.erased_at IS NULL THEN kept.kept_since ELSE excluded.kept_since END,
			keep_until = excluded.keep_until, erased_at = NULL`,
		string(e.Kind), e.Ref, e.PersonID, e.Since, e.Until)
}

// Erased notes that a value was removed before its time, in the transaction that removed it.
func Erased(ctx context.Context, tx *db.Tx, k Kind, ref string, at time.Time) (err error) {
	defer errs.Wrap(&err, "keeping.Erased(%s)", k)
	return db.Exec(ctx, tx, `UPDATE kept SET erased_at = ? WHERE kind = ? AND ref = ? AND erased_at IS NULL`, at, string(k), ref)
}

// Drop takes an entry away without a trace: the value stays, and nobody knows until when.
func Drop(ctx context.Context, tx *db.Tx, k Kind, ref string) (err error) {
	defer errs.Wrap(&err, "keeping.Drop(%s)", k)
	return db.Exec(ctx, tx, `DELETE FROM kept WHERE kind = ? AND ref = ?`, string(k), ref)
}

// Under returns the ends of all that is kept under a kind, by ref.
func (s *Service) Under(ctx context.Context, q db.Querier, k Kind) (_ map[string]time.Time, err error) {
	defer errs.Wrap(&err, "keeping.Under(%s)", k)
	type end struct {
		Ref       string
		KeepUntil time.Time
	}
	ends := map[string]time.Time{}
	err = db.Each(ctx, q, func(e end) { ends[e.Ref] = e.KeepUntil }, `SELECT ref, keep_until FROM kept WHERE kind = ? AND erased_at IS NULL`, string(k))
	return ends, err
}

const (
	portion = 200                  // erased in one transaction: people wait for the same database
	traceOf = 365 * 24 * time.Hour // for so long an entry says that something was there
)

// EraseDue erases all that is due. One value that cannot be erased holds up no other: it stays due, and its error is returned after
// everything else is done.
func (s *Service) EraseDue(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "keeping.EraseDue")
	now := s.clock.Now()
	var failed []error
	number := map[Kind]int{}
	for kind, ref, more := Kind(""), "", true; more; {
		due, err := db.All[Entry](ctx, s.db, `
			SELECT kind, ref, person_id, kept_since, keep_until, erased_at FROM kept
			WHERE erased_at IS NULL AND keep_until <= ? AND (kind, ref) > (?, ?) ORDER BY kind, ref LIMIT ?`, now, string(kind), ref, portion)
		if err != nil {
			return err
		}
		if failure := s.eraseAll(ctx, due, now, number); failure != nil {
			failed = append(failed, failure)
		}
		if more = len(due) == portion; more {
			kind, ref = due[portion-1].Kind, due[portion-1].Ref
		}
	}
	failed = append(failed, s.told(ctx, number, now))
	_, byAge := s.Kinds()
	for _, k := range byAge {
		failed = append(failed, s.db.Update(ctx, func(tx *db.Tx) error { return s.sweepOne(ctx, tx, k, now) }))
	}
	failed = append(failed, s.db.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `DELETE FROM kept WHERE erased_at < ?`, now.Add(-traceOf))
	}))
	return errors.Join(failed...)
}

// eraseAll erases a portion in one transaction; if that fails, each value in one of its own.
func (s *Service) eraseAll(ctx context.Context, due []Entry, now time.Time, number map[Kind]int) error {
	var gone []Kind
	err := s.db.Update(ctx, func(tx *db.Tx) error {
		gone = nil
		for _, e := range due {
			erased, err := s.eraseOne(ctx, tx, e, now)
			if err != nil {
				return err
			}
			if erased {
				gone = append(gone, e.Kind)
			}
		}
		return nil
	})
	if err == nil {
		for _, k := range gone {
			number[k]++
		}
	}
	if err == nil || len(due) < 2 {
		return err
	}
	var failed []error
	for _, e := range due {
		failed = append(failed, s.eraseAll(ctx, []Entry{e}, now, number))
	}
	return errors.Join(failed...)
}

// eraseOne erases a value, and says whether it is gone: an area may find that it has to stay, and give it another end ([Keep]) or none ([Drop]).
func (s *Service) eraseOne(ctx context.Context, tx *db.Tx, e Entry, now time.Time) (gone bool, err error) {
	erase := s.erase[e.Kind]
	if erase == nil {
		return false, fmt.Errorf("nobody knows how to erase %q", e.Kind)
	}
	// Who has meanwhile stored it anew with a later end keeps it: the condition is asked again under the row's lock.
	still, err := db.Changed(ctx, tx, `UPDATE kept SET erased_at = ? WHERE kind = ? AND ref = ? AND erased_at IS NULL AND keep_until <= ?`, now, string(e.Kind), e.Ref, now)
	if err != nil || still == 0 {
		return false, err
	}
	if err := erase(ctx, tx, e.Ref); err != nil {
		return false, err
	}
	n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM kept WHERE kind = ? AND ref = ? AND erased_at IS NOT NULL`, string(e.Kind), e.Ref)
	return n > 0, err
}

// EraseOf erases what is kept of a person before its time, but for some kinds: they have asked for it, and nothing holds it.
func (s *Service) EraseOf(ctx context.Context, tx *db.Tx, personID string, but ...Kind) (err error) {
	defer errs.Wrap(&err, "keeping.EraseOf")
	list, err := db.All[Entry](ctx, tx, `SELECT kind, ref, person_id, kept_since, keep_until, erased_at FROM kept WHERE person_id = ? AND erased_at IS NULL ORDER BY kind, ref`, personID)
	if err != nil {
		return err
	}
	for _, e := range list {
		erase := s.erase[e.Kind]
		if slices.Contains(but, e.Kind) || erase == nil {
			continue
		}
		if err := Erased(ctx, tx, e.Kind, e.Ref, s.clock.Now()); err != nil {
			return err
		}
		if err := erase(ctx, tx, e.Ref); err != nil {
			return err
		}
	}
	return nil
}

// told records how many values of each kind went, and not whose.
func (s *Service) told(ctx context.Context, number map[Kind]int, now time.Time) error {
	return s.db.Update(ctx, func(tx *db.Tx) error {
		for _, k := range slices.Sorted(maps.Keys(number)) {
			if err := audit.Record(ctx, tx, now, "", "keeping.erase", "kept:"+string(k), map[string]any{"number": number[k]}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) sweepOne(ctx context.Context, tx *db.Tx, k Kind, now time.Time) error {
	n, err := s.sweep[k](ctx, tx, now)
	if err != nil {
		return fmt.Errorf("%s: %w", k, err)
	}
	if n == 0 {
		return nil
	}
	return audit.Record(ctx, tx, now, "", "keeping.erase", "kept:"+string(k), map[string]any{"number": n})
}

// Mine returns what is kept about the actor, what ends next first, and then what was erased within the last year, the latest first.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (_ []Entry, err error) {
	defer errs.Wrap(&err, "keeping.Mine")
	return db.All[Entry](ctx, s.db, `
		SELECT kind, ref, person_id, kept_since, keep_until, erased_at FROM kept WHERE person_id = ?
		ORDER BY CASE WHEN erased_at IS NULL THEN 0 ELSE 1 END, CASE WHEN erased_at IS NULL THEN keep_until ELSE -erased_at END, kind, ref`, actor.PersonID)
}
