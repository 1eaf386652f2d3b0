// Package job runs work that must happen because of a change, after it, and work that time alone makes due.
//
// Goals: the row of a job is written in the change's own transaction, so that neither can be without the other (a transactional
// outbox); a job that fails is tried again with growing pauses, unless that is of no use (see [Permanent]), and one whose worker died is taken over when its lock runs out;
// several nodes on one database share the work, and periodic work is done once per interval by all of them together (see
// [Periodic]). Limits: a job may run more than once, and its handler must bear it; there are no priorities and no order between
// jobs; another node's job waits up to two seconds. Why it is our own: decision 0003.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Kind names a sort of job.
type Kind string

// Handler does a job. It unmarshals the payload itself. It MUST bear to run again after it did its work (its worker may die before
// that is noted), MUST end when its context does, and SHOULD return an error without personal data: administrators read it.
type Handler func(ctx context.Context, payload json.RawMessage) error

// permanentError is a failure that no later try can mend.
type permanentError struct{ error }

// Unwrap returns what failed.
func (e permanentError) Unwrap() error { return e.error }

// Permanent marks an error of a handler that no later try can mend: the job is given up at once, and waits for a person.
func Permanent(err error) error { return permanentError{err} }

const (
	// lockFor is how long a worker may take before another thinks it dead.
	lockFor = 2 * time.Minute
	// pollEvery is how long a job may wait whose making was not announced (another node's, or one that is due later).
	pollEvery = 2 * time.Second
	// maxAttempts gives up after about three and a half days of growing pauses, longer than any mail server's bad weekend.
	maxAttempts = 40
	maxPause    = 3 * time.Hour
)

// Queue adds jobs and runs them.
type Queue struct {
	db       *db.DB
	clock    clock.Clock
	log      *slog.Logger
	handlers map[Kind]Handler
	periodic []*periodic
	wake     chan struct{}
	poll     time.Duration

	taking  sync.Mutex   // held while a job is chosen
	running map[Kind]int // this node's jobs under way; guarded by taking
	again   map[Kind]int // those among them that failed before
	workers int          // 0 outside Run
}

// New returns a queue without handlers.
func New(d *db.DB, c clock.Clock, log *slog.Logger) *Queue {
	return &Queue{db: d, clock: c, log: log, handlers: map[Kind]Handler{}, wake: make(chan struct{}, 1), poll: pollEvery, running: map[Kind]int{}, again: map[Kind]int{}}
}

// Handle sets the handler of a kind. It must be called before Run.
func (q *Queue) Handle(k Kind, h Handler) { q.handlers[k] = h }

// Add writes a job into the transaction; it runs at the given time (zero: at once) after the commit, which wakes this node's workers.
func (q *Queue) Add(ctx context.Context, tx *db.Tx, k Kind, payload any, at time.Time) error {
	return q.AddAs(ctx, tx, id.New(), k, payload, at)
}

// AddAs is [Queue.Add] for a job that is known by an id of its maker's, who may want to take it back or to hasten it.
func (q *Queue) AddAs(ctx context.Context, tx *db.Tx, jobID string, k Kind, payload any, at time.Time) (err error) {
	defer errs.Wrap(&err, "job.Add(%s)", k)
	now := q.clock.Now()
	if at.IsZero() {
		at = now
	}
	tx.AfterCommit(q.wakeUp)
	return db.Exec(ctx, tx, `INSERT INTO job (id, kind, payload, run_at, created_at) VALUES (?, ?, ?, ?, ?)`,
		jobID, string(k), db.JSON(payload), at, now)
}

// Drop takes jobs back in the transaction. One that runs meanwhile runs to its end.
func (q *Queue) Drop(ctx context.Context, tx *db.Tx, jobIDs []string) (err error) {
	defer errs.Wrap(&err, "job.Drop(%d)", len(jobIDs))
	for some := range slices.Chunk(jobIDs, 500) {
		if err := db.Exec(ctx, tx, `DELETE FROM job WHERE id IN (`+db.In(len(some))+`)`, db.Args(some)...); err != nil {
			return err
		}
	}
	return nil
}

// Hasten lets jobs that have not been tried yet run at once.
func (q *Queue) Hasten(ctx context.Context, tx *db.Tx, jobIDs []string) (err error) {
	defer errs.Wrap(&err, "job.Hasten(%d)", len(jobIDs))
	now := q.clock.Now()
	for some := range slices.Chunk(jobIDs, 500) {
		if err := db.Exec(ctx, tx, `UPDATE job SET run_at = ? WHERE attempts = 0 AND run_at > ? AND id IN (`+db.In(len(some))+`)`, append([]any{now, now}, db.Args(some)...)...); err != nil {
			return err
		}
	}
	tx.AfterCommit(q.wakeUp)
	return nil
}

// Revive lets jobs that were given up run again at once, and returns the ids of those: another may have revived some meanwhile.
func (q *Queue) Revive(ctx context.Context, tx *db.Tx, jobIDs []string) (revived []string, err error) {
	defer errs.Wrap(&err, "job.Revive(%d)", len(jobIDs))
	for some := range slices.Chunk(jobIDs, 500) {
		done, err := db.All[string](ctx, tx, `UPDATE job SET run_at = ?, failed_at = NULL, attempts = 1, locked_until = NULL WHERE failed_at IS NOT NULL AND id IN (`+db.In(len(some))+`) RETURNING id`,
			append([]any{q.clock.Now()}, db.Args(some)...)...)
		if err != nil {
			return nil, err
		}
		revived = append(revived, done...)
	}
	tx.AfterCommit(q.wakeUp)
	return revived, nil
}

// Of returns the jobs with these ids that are there still, by id, without their payload.
func (q *Queue) Of(ctx context.Context, r db.Querier, jobIDs []string) (_ map[string]Job, err error) {
	defer errs.Wrap(&err, "job.Of(%d)", len(jobIDs))
	jobs := map[string]Job{}
	for some := range slices.Chunk(jobIDs, 500) {
		err := db.Each(ctx, r, func(j Job) { jobs[j.ID] = j },
			`SELECT id, kind, '' AS payload, run_at, attempts, last_error, created_at, failed_at FROM job WHERE id IN (`+db.In(len(some))+`)`, db.Args(some)...)
		if err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// wakeUp lets a worker look at once instead of at the next poll. One that finds work looks again, so that one signal is enough for
// any number of jobs.
func (q *Queue) wakeUp() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Run works on jobs with n workers, and on the periodic work beside them, until the context ends, and returns when what is under way
// is done. Half of the workers at most do one kind of job at once, so that letters to a mail server that hangs hold up nothing else; a
// quarter at most those of a kind that failed before, so that what hangs again and again holds up nothing new of its kind.
func (q *Queue) Run(ctx context.Context, n int) {
	q.workers = n
	var workers sync.WaitGroup
	for _, p := range q.periodic {
		workers.Go(func() { q.runPeriodic(ctx, p) })
	}
	for range n {
		workers.Go(func() {
			for ctx.Err() == nil {
				worked, err := q.RunOne(ctx)
				if err != nil && ctx.Err() == nil {
					q.log.Error("job queue", "error", err)
				}
				if worked {
					continue
				}
				select {
				case <-ctx.Done():
				case <-q.wake:
				case <-time.After(q.poll):
				}
			}
		})
	}
	workers.Wait()
}

// Job is a waiting, running or failed job.
type Job struct {
	ID        string
	Kind      Kind
	Payload   string
	RunAt     time.Time
	Attempts  int
	LastError string
	CreatedAt time.Time
	FailedAt  time.Time
}

// RunOne takes the next due job and does it; worked is false if there was none.
func (q *Queue) RunOne(ctx context.Context) (worked bool, err error) {
	defer errs.Wrap(&err, "job.RunOne")
	j, ok, err := q.take(ctx)
	if err != nil || !ok {
		return false, err
	}
	defer func() {
		q.taking.Lock()
		defer q.taking.Unlock()
		q.count(j, -1)
	}()
	jobErr := q.do(ctx, j)
	if jobErr != nil && ctx.Err() != nil {
		return true, nil // shutting down: the lock runs out and the job is tried again
	}
	return true, q.finish(context.WithoutCancel(ctx), j, jobErr)
}

// take locks the next due job of which there are not too many under way. The candidate is read first without a lock; the conditional
// UPDATE decides who gets it, so that two workers or two nodes never both do.
func (q *Queue) take(ctx context.Context) (Job, bool, error) {
	q.taking.Lock()
	defer q.taking.Unlock()
	now := q.clock.Now()
	full, fullAgain := q.full(q.running, 2), q.full(q.again, 4)
	due, err := db.All[Job](ctx, q.db, `
		SELECT id, kind, payload, run_at, attempts, last_error, created_at, failed_at FROM job
		WHERE failed_at IS NULL AND run_at <= ? AND (locked_until IS NULL OR locked_until <= ?)
			AND kind NOT IN (`+db.In(len(full))+`) AND (attempts = 0 OR kind NOT IN (`+db.In(len(fullAgain))+`))
		ORDER BY run_at, id LIMIT 8`, slices.Concat([]any{now, now}, full, fullAgain)...)
	if err != nil {
		return Job{}, false, err
	}
	for _, j := range due {
		taken := 0
		err := q.db.Batch(ctx, func(tx *db.Tx) (err error) {
			taken, err = db.Changed(ctx, tx, `
				UPDATE job SET locked_until = ?, attempts = attempts + 1
				WHERE id = ? AND attempts = ? AND failed_at IS NULL AND (locked_until IS NULL OR locked_until <= ?)`,
				now.Add(lockFor), j.ID, j.Attempts, now)
			return err
		})
		if err != nil {
			return Job{}, false, err
		}
		if taken == 1 {
			j.Attempts++
			q.count(j, 1)
			return j, true, nil
		}
	}
	return Job{}, false, nil
}

// full returns the kinds of which a share of the workers is busy, and "", which is none.
func (q *Queue) full(busy map[Kind]int, share int) []any {
	kinds := []any{""}
	for k, n := range busy {
		if q.workers > 0 && n >= max(1, q.workers/share) {
			kinds = append(kinds, string(k))
		}
	}
	return kinds
}

// count notes that a job begins or has ended.
func (q *Queue) count(j Job, n int) {
	q.running[j.Kind] += n
	if j.Attempts > 1 {
		q.again[j.Kind] += n
	}
}

func (q *Queue) do(ctx context.Context, j Job) error {
	h := q.handlers[j.Kind]
	if h == nil {
		return fmt.Errorf("no handler for %s", j.Kind)
	}
	ctx, cancel := context.WithTimeout(ctx, lockFor-10*time.Second)
	defer cancel()
	return safely(func() error { return h(ctx, json.RawMessage(j.Payload)) })
}

// safely turns a panic into an error: one mistake in the code does not end the program for all who use it.
func safely(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}

// pause returns how long to wait after the n-th failed attempt: 5 s, doubled each time, at most 3 hours.
func pause(n int) time.Duration {
	p := 5 * time.Second
	for range n - 1 {
		if p *= 2; p >= maxPause {
			return maxPause
		}
	}
	return p
}

func (q *Queue) finish(ctx context.Context, j Job, failure error) error {
	now := q.clock.Now()
	return q.db.Batch(ctx, func(tx *db.Tx) error {
		switch {
		case failure == nil:
			return db.Exec(ctx, tx, `DELETE FROM job WHERE id = ?`, j.ID)
		case j.Attempts >= maxAttempts, errors.As(failure, &permanentError{}):
			q.log.Error("job given up", "kind", j.Kind, "id", j.ID, "error", failure)
			return db.Exec(ctx, tx, `UPDATE job SET locked_until = NULL, failed_at = ?, last_error = ? WHERE id = ?`, now, failure.Error(), j.ID)
		}
		q.log.Warn("job failed", "kind", j.Kind, "id", j.ID, "attempt", j.Attempts, "error", failure)
		return db.Exec(ctx, tx, `UPDATE job SET locked_until = NULL, run_at = ?, last_error = ? WHERE id = ?`,
			now.Add(pause(j.Attempts)), failure.Error(), j.ID)
	})
}

// List returns the jobs that have failed at least once, those given up first, for the administrator's page.
func (q *Queue) List(ctx context.Context, limit int) ([]Job, error) {
	return db.All[Job](ctx, q.db, `
		SELECT id, kind, '' AS payload, run_at, attempts, last_error, created_at, failed_at FROM job
		WHERE attempts > 0 ORDER BY failed_at IS NULL, run_at LIMIT ?`, limit)
}

// Waiting returns how many jobs wait or run, and how many were given up.
func (q *Queue) Waiting(ctx context.Context) (waiting, failed int, err error) {
	type counts struct{ Waiting, Failed int }
	c, err := db.One[counts](ctx, q.db, `
		SELECT COUNT(*) FILTER (WHERE failed_at IS NULL) AS waiting, COUNT(*) FILTER (WHERE failed_at IS NOT NULL) AS failed FROM job`)
	return c.Waiting, c.Failed, err
}

// Retry lets a job run again now, also one that was given up.
func (q *Queue) Retry(ctx context.Context, jobID string) (err error) {
	defer errs.Wrap(&err, "job.Retry(%s)", jobID)
	n := 0
	err = q.db.Update(ctx, func(tx *db.Tx) (err error) {
		n, err = db.Changed(ctx, tx, `UPDATE job SET run_at = ?, failed_at = NULL, attempts = 1, locked_until = NULL WHERE id = ?`, q.clock.Now(), jobID)
		return err
	})
	if err == nil && n == 0 {
		err = errs.NotFound("error.not-found")
	}
	q.wakeUp()
	return err
}
