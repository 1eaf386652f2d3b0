package identity

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
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

// A rule says how many tries are free and how the pause grows after them.
type throttleRule struct {
	free int
	most time.Duration
}

var (
	perPlace   = throttleRule{free: 5, most: 15 * time.Minute}
	perAccount = throttleRule{free: 20, most: 5 * time.Minute}
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

// counted is a try that was counted: what is to be undone if it succeeds.
type counted struct {
	place  string
	wide   string
	before bucket // the account's count before this try
}

// count counts a try of an account (its person's id, or the name as typed if there is nobody) from a place, or refuses it
// without counting if the last ones were too many.
func (s *Service) count(ctx context.Context, tx *db.Tx, account, network string, device device) (c counted, err error) {
	known := slices.Contains(device.People, account)
	if known {
		c.place = s.key.Index("throttle.device", account+"\x00"+device.ID)
	} else {
		c.place = s.key.Index("throttle.network", account+"\x00"+network)
		c.wide = s.key.Index("throttle.account", account)
	}
	if _, err := s.countBucket(ctx, tx, c.place, perPlace); err != nil || known {
		return c, err
	}
	c.before, err = s.countBucket(ctx, tx, c.wide, perAccount)
	return c, err
}

// countBucket adds one to a bucket and returns it as it was before.
func (s *Service) countBucket(ctx context.Context, tx *db.Tx, name string, rule throttleRule) (before bucket, err error) {
	now := s.clock.Now()
	for range 5 { // on PostgreSQL others may count at the same moment
		before, err = db.One[bucket](ctx, tx, `SELECT bucket, failures, first_at, locked_until FROM sign_in_throttle WHERE bucket = ?`, name)
		if isNotFound(err) {
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

// uncount forgets the tries of a place that has now signed in, and takes back the one that was right from the account's.
func uncount(ctx context.Context, tx *db.Tx, c counted) error {
	if err := db.Exec(ctx, tx, `DELETE FROM sign_in_throttle WHERE bucket = ?`, c.place); err != nil || c.wide == "" {
		return err
	}
	if c.before.Bucket == "" {
		return db.Exec(ctx, tx, `DELETE FROM sign_in_throttle WHERE bucket = ? AND failures = 1`, c.wide)
	}
	return db.Exec(ctx, tx, `UPDATE sign_in_throttle SET failures = failures - 1, locked_until = ? WHERE bucket = ? AND failures > 0`, c.before.LockedUntil, c.wide)
}

// Network returns the part of an address that is counted together: an IPv4 /24, an IPv6 /64. A guesser has a whole one
// easily; an office has few.
func Network(a netip.Addr) string {
	if !a.IsValid() {
		return "unknown"
	}
	a = a.Unmap().WithZone("")
	bits := 24
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// device is the sealed mark of a browser in which people have signed in before: on a shared computer several.
type device struct {
	ID     string   `json:"id"`
	People []string `json:"p"`
}

// devicePeople bounds how many people a shared computer remembers.
const devicePeople = 12

func (s *Service) openDevice(sealed string) device {
	var d device
	if sealed == "" || s.key.Open("device", sealed, &d) != nil {
		return device{}
	}
	return d
}

// markDevice returns the mark with one more person.
func (s *Service) markDevice(d device, personID string, newID func() string) (string, error) {
	if d.ID == "" {
		d.ID = newID()
	}
	d.People = append([]string{personID}, slices.DeleteFunc(slices.Clone(d.People), func(p string) bool { return p == personID })...)
	d.People = d.People[:min(len(d.People), devicePeople)]
	return s.key.Close("device", d)
}
