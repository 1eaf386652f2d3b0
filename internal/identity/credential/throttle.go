package credential

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/seal"
)

// How sign-in by password is slowed, and why nobody can use that to lock another person out:
//
//  1. Tries are counted for each account and network together. Who guesses is slowed; the owner, elsewhere, is not.
//  2. Tries from everywhere together are counted for each account too, far more generously, so that many networks do not
//     help a guesser much.
//  3. A browser in which the owner has signed in before carries a sealed mark of that. It has a count of its own and is
//     stopped by neither of the others: whatever a guesser does, in the same office or all over the world, the owner at
//     their own computer meets their own mistakes only.
//  4. The one-time link by mail is always there. At most one is sent in five minutes; while the next must wait, the last is
//     unused and valid for half an hour, so that an owner always has one that works.
//
// A try is counted before the password is looked at, and the count is taken by a conditional UPDATE: a thousand tries at
// once are a thousand counts and not one. What is counted stands under a keyed hash; no address is stored.

// throttleRule says how many tries are free and how the pause grows after them.
type throttleRule struct {
	free int
	most time.Duration
}

var (
	perPlace   = throttleRule{free: 5, most: 15 * time.Minute}
	perAccount = throttleRule{free: 20, most: 5 * time.Minute}
	// perNetworkLinks slows who asks for links of many people.
	perNetworkLinks = throttleRule{free: 200, most: 5 * time.Minute}
)

// throttleFor is how long tries are remembered.
const throttleFor = 24 * time.Hour

// pause returns how long to wait after the n-th counted try.
func (r throttleRule) pause(n int) time.Duration {
	if n < r.free {
		return 0
	}
	if n-r.free > 20 { // the shift below must not overflow
		return r.most
	}
	return min(r.most, time.Second<<(n-r.free))
}

type bucket struct {
	Bucket      string
	Failures    int
	FirstAt     time.Time
	LockedUntil time.Time
}

// Throttle counts tries, within the transaction of whoever looks at the password.
type Throttle struct {
	Clock clock.Clock
	Key   seal.Key
}

// Try is a try that was counted: what is to be undone if it succeeds.
type Try struct {
	place  string
	wide   string
	before bucket // the account's count before this try
}

// Count counts a try of an account (its person's id, or the name as typed if there is nobody) from a place, or refuses it
// with errs.ErrTooMany, without counting, if the last ones were too many.
func (t *Throttle) Count(ctx context.Context, tx *db.Tx, account, network string, d Device) (try Try, err error) {
	known := d.Knows(account)
	if known {
		try.place = t.Key.Index("throttle.device", account+"\x00"+d.ID)
	} else {
		try.place = t.Key.Index("throttle.network", account+"\x00"+network)
		try.wide = t.Key.Index("throttle.account", account)
	}
	if _, err := t.count(ctx, tx, try.place, perPlace); err != nil || known {
		return try, err
	}
	try.before, err = t.count(ctx, tx, try.wide, perAccount)
	return try, err
}

// CountLink counts a link that was asked for from a network, or refuses it as Count does.
func (t *Throttle) CountLink(ctx context.Context, tx *db.Tx, network string) error {
	_, err := t.count(ctx, tx, t.Key.Index("throttle.links", network), perNetworkLinks)
	return err
}

// count adds one to a bucket and returns it as it was before.
func (t *Throttle) count(ctx context.Context, tx *db.Tx, name string, rule throttleRule) (before bucket, err error) {
	now := t.Clock.Now()
	for range 5 { // on PostgreSQL others may count at the same moment
		before, err = db.One[bucket](ctx, tx, `SELECT bucket, failures, first_at, locked_until FROM sign_in_throttle WHERE bucket = ?`, name)
		if errors.Is(err, errs.ErrNotFound) {
			before = bucket{}
			n, err := db.Changed(ctx, tx, `INSERT INTO sign_in_throttle (bucket, failures, first_at, locked_until) VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING`, name, now, now)
			if err != nil || n == 1 {
				return before, err
			}
			continue
		}
		if err != nil {
			return before, err
		}
		if now.Before(before.LockedUntil) {
			return before, tooMany(before.LockedUntil.Sub(now))
		}
		failures, first := before.Failures+1, before.FirstAt
		if now.Sub(first) > throttleFor {
			failures, first = 1, now
		}
		n, err := db.Changed(ctx, tx, `UPDATE sign_in_throttle SET failures = ?, first_at = ?, locked_until = ? WHERE bucket = ? AND failures = ? AND locked_until = ?`,
			failures, first, now.Add(rule.pause(failures)), name, before.Failures, before.LockedUntil)
		if err != nil || n == 1 {
			return before, err
		}
	}
	return before, tooMany(time.Second)
}

func tooMany(wait time.Duration) error {
	seconds := int(wait.Round(time.Second).Seconds())
	if seconds > 90 {
		return errs.New(errs.ErrTooMany, "people.fault.too-many-minutes", "Minutes", (seconds+59)/60)
	}
	return errs.New(errs.ErrTooMany, "people.fault.too-many-seconds", "Seconds", max(1, seconds))
}

// Succeeded forgets the tries of a place that has now signed in, and takes back the one that was right from the account's.
func (t *Throttle) Succeeded(ctx context.Context, tx *db.Tx, try Try) error {
	if err := db.Exec(ctx, tx, `DELETE FROM sign_in_throttle WHERE bucket = ?`, try.place); err != nil || try.wide == "" {
		return err
	}
	if try.before.Bucket == "" {
		return db.Exec(ctx, tx, `DELETE FROM sign_in_throttle WHERE bucket = ? AND failures = 1`, try.wide)
	}
	return db.Exec(ctx, tx, `UPDATE sign_in_throttle SET failures = failures - 1, locked_until = ? WHERE bucket = ? AND failures > 0`, try.before.LockedUntil, try.wide)
}

// Forget forgets the counts that nothing depends on any longer.
func (t *Throttle) Forget(ctx context.Context, tx *db.Tx) error {
	now := t.Clock.Now()
	return db.Exec(ctx, tx, `DELETE FROM sign_in_throttle WHERE first_at < ? AND locked_until < ?`, now.Add(-throttleFor), now)
}
