package job

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Periodic is work that time alone makes due.
type Periodic struct {
	Name  string // in the log and on the administrators' page; it stays the same over releases
	Every time.Duration
	// OnEachNode is for what a process holds in memory. All other work is done once per interval by whichever node comes first.
	OnEachNode bool
	// Sooner, if set, says when the work of this node is due before the interval is over; the zero time says that it is not.
	Sooner func() time.Time
	// Do MUST bear to run on two nodes at once (one that takes longer than its interval is not waited for) and to miss a run: a node
	// that dies in the middle leaves the rest to the next interval. It is told to end by its context.
	Do func(ctx context.Context) error
}

// periodic is what this node knows of its periodic work.
type periodic struct {
	Periodic
	next time.Time // when to look again
}

// Every adds periodic work. It must be called before Run.
func (q *Queue) Every(list ...Periodic) {
	for _, p := range list {
		q.periodic = append(q.periodic, &periodic{Periodic: p})
	}
}

// RunDue does the periodic work that is due, one after the other, and returns the names of what it did. An error of the work itself
// is logged and noted, and comes back with the next interval; it is not returned.
func (q *Queue) RunDue(ctx context.Context) (done []string, err error) {
	for _, p := range q.periodic {
		worked, dueErr := q.runDue(ctx, p)
		if worked {
			done = append(done, p.Name)
		}
		err = errors.Join(err, dueErr)
	}
	return done, err
}

// lookAgain bounds how long a node sleeps: work may have become due sooner, and clocks are set.
const lookAgain = time.Minute

// runPeriodic does one periodic work whenever it is due, until the context ends. Each has a goroutine of its own, so that none waits
// for another: pages lapse on time, however long the letters take.
func (q *Queue) runPeriodic(ctx context.Context, p *periodic) {
	for ctx.Err() == nil {
		if _, err := q.runDue(ctx, p); err != nil && ctx.Err() == nil {
			q.log.Error("periodic work", "name", p.Name, "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(max(q.due(p).Sub(q.clock.Now()), time.Second), lookAgain)):
		}
	}
}

// due says when this node looks at a work again.
func (q *Queue) due(p *periodic) time.Time {
	if p.Sooner != nil {
		if t := p.Sooner(); !t.IsZero() && t.Before(p.next) {
			return t
		}
	}
	return p.next
}

// runDue does a work if it is due and nobody else has begun it.
func (q *Queue) runDue(ctx context.Context, p *periodic) (worked bool, err error) {
	defer errs.Wrap(&err, "job.Periodic(%s)", p.Name)
	now := q.clock.Now()
	if now.Before(q.due(p)) {
		return false, nil
	}
	next := now.Add(p.Every)
	if !p.OnEachNode {
		claimed, stored, err := q.claim(ctx, p.Name, now, next)
		if err != nil {
			return false, err
		}
		if !claimed {
			p.next = stored
			return false, nil
		}
	}
	p.next = next
	failure := safely(func() error { return p.Do(ctx) })
	if failure != nil && ctx.Err() != nil {
		return true, nil // told to end; the next interval does the rest
	}
	return true, q.note(context.WithoutCancel(ctx), p.Name, next, failure)
}

// claim moves the next run of a work on, for all nodes, and says whether it did; if not, when it comes. Of several nodes that find it
// due the conditional UPDATE lets one through (decision 0003). A time further away than the interval was written by a clock that went
// wrong, and does not count.
func (q *Queue) claim(ctx context.Context, name string, now, next time.Time) (claimed bool, stored time.Time, err error) {
	stored, err = db.One[time.Time](ctx, q.db, `SELECT next_at FROM periodic WHERE name = ?`, name)
	if err != nil && !errors.Is(err, errs.ErrNotFound) {
		return false, stored, err
	}
	if now.Before(stored) && !stored.After(next) {
		return false, stored, nil
	}
	n := 0
	err = q.db.Batch(ctx, func(tx *db.Tx) (err error) {
		n, err = db.Changed(ctx, tx, `INSERT INTO periodic (name, next_at) VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at WHERE periodic.next_at <= ? OR periodic.next_at > ?`, name, next, now, next)
		return err
	})
	return n == 1, next, err
}

// note keeps how a work went, for the administrators' page. A row that says so already is not written.
func (q *Queue) note(ctx context.Context, name string, next time.Time, failure error) error {
	said := ""
	if failure != nil {
		q.log.Error("periodic work failed", "name", name, "error", failure)
		said = failure.Error()
	}
	return q.db.Batch(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `INSERT INTO periodic (name, next_at, last_error) VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET last_error = excluded.last_error WHERE periodic.last_error <> excluded.last_error`, name, next, said)
	})
}

// Due is a periodic work as the administrators' page shows it.
type Due struct {
	Name      string
	Every     time.Duration
	NextAt    time.Time // zero for what each node does in its own time, or if it never ran
	LastError string
}

// LastAt is when the work was begun last, on whichever node; zero as NextAt is.
func (d Due) LastAt() time.Time {
	if d.NextAt.IsZero() {
		return time.Time{}
	}
	return d.NextAt.Add(-d.Every)
}

// Periodics returns the periodic work of this program in the order in which it was added.
func (q *Queue) Periodics(ctx context.Context) (list []Due, err error) {
	defer errs.Wrap(&err, "job.Periodics")
	type row struct {
		Name      string
		NextAt    time.Time
		LastError string
	}
	rows, err := db.All[row](ctx, q.db, `SELECT name, next_at, last_error FROM periodic`)
	if err != nil {
		return nil, err
	}
	for _, p := range q.periodic {
		d := Due{Name: p.Name, Every: p.Every}
		for _, r := range rows {
			if r.Name != p.Name {
				continue
			}
			if d.LastError = r.LastError; !p.OnEachNode {
				d.NextAt = r.NextAt
			}
		}
		list = append(list, d)
	}
	return list, nil
}
