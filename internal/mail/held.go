package mail

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Hold says that letters belong to an act that can be undone until a time: they leave after it, by themselves and also if the program
// starts anew meanwhile, or earlier by [Outbox.Release], or never by [Outbox.Drop].
type Hold struct {
	Act   string
	Until time.Time
}

// grace is how much later than its hold a letter leaves: whoever undoes in the last second has the whole transaction for it.
const grace = 10 * time.Second

type holdKey struct{}

// Held returns a context in which each letter that is sent is held, also one that another area sends because of what happens within it.
func Held(ctx context.Context, h Hold) context.Context { return context.WithValue(ctx, holdKey{}, h) }

func hold(ctx context.Context) Hold {
	h, _ := ctx.Value(holdKey{}).(Hold)
	return h
}

// Untoken says how to take back what a token of a kind would have opened, for a letter that is dropped. It must be called before letters
// leave.
func (o *Outbox) Untoken(k TokenKind, unmake func(ctx context.Context, tx *db.Tx, ref string) error) {
	o.unmake[k] = unmake
}

// claim notes that a letter leaves, which it may not after it was dropped; there is false if it was. The row decides between who drops and
// who sends.
func (o *Outbox) claim(ctx context.Context, mailID string, heldUntil time.Time) (there bool, err error) {
	if heldUntil.IsZero() {
		return true, nil
	}
	n := 0
	err = o.db.Batch(ctx, func(tx *db.Tx) (err error) {
		n, err = db.Changed(ctx, tx, `UPDATE mail SET held_until = NULL WHERE id = ? AND held_until IS NOT NULL`, mailID)
		return err
	})
	return n == 1, err
}

type heldRow struct {
	ID        string
	TokenKind TokenKind
	TokenRef  string
}

func heldOf(ctx context.Context, tx *db.Tx, act string) ([]heldRow, error) {
	return db.All[heldRow](ctx, tx, `SELECT id, token_kind, token_ref FROM mail WHERE act_id = ? AND held_until IS NOT NULL ORDER BY id`, act)
}

// Drop takes the letters of an act back in the transaction that undoes it, and returns how many. Once one of them has left it refuses with
// an error of category errs.ErrConflict, and nothing is to be undone.
func (o *Outbox) Drop(ctx context.Context, tx *db.Tx, act string) (n int, err error) {
	defer errs.Wrap(&err, "mail.Drop(%s)", act)
	list, err := heldOf(ctx, tx, act)
	if err != nil {
		return 0, err
	}
	for _, r := range list {
		gone, err := db.Changed(ctx, tx, `DELETE FROM mail WHERE id = ? AND held_until IS NOT NULL`, r.ID)
		if err != nil {
			return 0, err
		}
		if unmake := o.unmake[r.TokenKind]; gone == 1 && unmake != nil {
			if err := unmake(ctx, tx, r.TokenRef); err != nil {
				return 0, err
			}
		}
	}
	left, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM mail WHERE act_id = ?`, act)
	if err == nil && left > 0 {
		err = errs.Conflict("act.fault.leaving")
	}
	if err != nil {
		return 0, err
	}
	return len(list), o.queue.Drop(ctx, tx, idsOf(list))
}

// Release lets the letters of an act leave now, and returns how many.
func (o *Outbox) Release(ctx context.Context, tx *db.Tx, act string) (n int, err error) {
	defer errs.Wrap(&err, "mail.Release(%s)", act)
	list, err := heldOf(ctx, tx, act)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	if n, err = db.Changed(ctx, tx, `UPDATE mail SET held_until = NULL WHERE act_id = ? AND held_until IS NOT NULL`, act); err != nil {
		return 0, err
	}
	return n, o.queue.Hasten(ctx, tx, idsOf(list))
}

func idsOf(list []heldRow) (ids []string) {
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	return ids
}

// Holds returns how many letters each of some acts holds.
func (o *Outbox) Holds(ctx context.Context, q db.Querier, acts []string) (_ map[string]int, err error) {
	defer errs.Wrap(&err, "mail.Holds(%d)", len(acts))
	type count struct {
		ActID string
		N     int
	}
	held := map[string]int{}
	if len(acts) == 0 {
		return held, nil
	}
	err = db.Each(ctx, q, func(c count) { held[c.ActID] = c.N },
		`SELECT act_id, COUNT(*) AS n FROM mail WHERE held_until IS NOT NULL AND act_id IN (`+db.In(len(acts))+`) GROUP BY act_id`, db.Args(acts)...)
	return held, err
}
