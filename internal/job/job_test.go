package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/job"
)

var start = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)

func add(t *testing.T, d *db.DB, q *job.Queue, n int, at time.Time) {
	t.Helper()
	err := d.Update(t.Context(), func(tx *db.Tx) error { return q.Add(t.Context(), tx, "count", n, at) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestJobFollowsItsTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := job.New(d, clock.NewFake(start), slog.New(slog.DiscardHandler))
		q.Handle("count", func(context.Context, json.RawMessage) error { return nil })
		undone := errors.New("undone")
		_ = d.Update(t.Context(), func(tx *db.Tx) error {
			if err := q.Add(t.Context(), tx, "count", 1, time.Time{}); err != nil {
				t.Error(err)
			}
			return undone
		})
		if worked, err := q.RunOne(t.Context()); worked || err != nil {
			t.Errorf("a job of an undone change ran: %v %v", worked, err)
		}
		add(t, d, q, 1, time.Time{})
		if worked, err := q.RunOne(t.Context()); !worked || err != nil {
			t.Errorf("worked %v, %v", worked, err)
		}
		if waiting, failed, err := q.Waiting(t.Context()); waiting+failed != 0 || err != nil {
			t.Errorf("%d waiting, %d failed, %v", waiting, failed, err)
		}
	})
}

func TestTwoNodesDoEachJobOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const jobs = 60
		var mu sync.Mutex
		done := map[string]int{}
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		var total atomic.Int32
		var nodes sync.WaitGroup
		var first *job.Queue
		for range 2 {
			q := job.New(d, clock.System{}, slog.New(slog.DiscardHandler))
			q.Handle("count", func(_ context.Context, raw json.RawMessage) error {
				mu.Lock()
				done[string(raw)]++
				mu.Unlock()
				if total.Add(1) == jobs {
					stop()
				}
				return nil
			})
			first = q
			nodes.Go(func() { q.Run(ctx, 4) })
		}
		for i := range jobs {
			if err := d.Update(t.Context(), func(tx *db.Tx) error { return first.Add(t.Context(), tx, "count", i, time.Time{}) }); err != nil {
				t.Fatal(err)
			}
		}
		nodes.Wait()
		for i := range jobs {
			if n := done[fmt.Sprint(i)]; n != 1 {
				t.Errorf("job %d ran %d times", i, n)
			}
		}
	})
}

func TestFailedJobComesBackLaterAndIsGivenUpInTheEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(start)
		q := job.New(d, c, slog.New(slog.DiscardHandler))
		tries := 0
		q.Handle("count", func(context.Context, json.RawMessage) error {
			tries++
			if tries == 2 {
				panic("a mistake in the code")
			}
			return errors.New("the server is out")
		})
		add(t, d, q, 1, time.Time{})
		for i := range 60 {
			worked, err := q.RunOne(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if again, _ := q.RunOne(t.Context()); again {
				t.Fatalf("try %d: the job came back without a pause", i)
			}
			if !worked {
				break
			}
			c.Advance(3 * time.Hour)
		}
		waiting, failed, err := q.Waiting(t.Context())
		if tries != 40 || waiting != 0 || failed != 1 || err != nil {
			t.Errorf("%d tries, %d waiting, %d failed, %v", tries, waiting, failed, err)
		}
		list, err := q.List(t.Context(), 10)
		if err != nil || len(list) != 1 || list[0].LastError != "the server is out" {
			t.Fatalf("list %+v, %v", list, err)
		}
		if err := q.Retry(t.Context(), list[0].ID); err != nil {
			t.Fatal(err)
		}
		if worked, err := q.RunOne(t.Context()); !worked || err != nil || tries != 41 {
			t.Errorf("retry: %v %v, %d tries", worked, err, tries)
		}
	})
}

func TestDeadWorkersJobIsTakenOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(start)
		dying, kill := context.WithCancel(t.Context())
		q := job.New(d, c, slog.New(slog.DiscardHandler))
		q.Handle("count", func(ctx context.Context, _ json.RawMessage) error {
			kill() // the process ends in the middle of the job
			return ctx.Err()
		})
		add(t, d, q, 1, time.Time{})
		if worked, err := q.RunOne(dying); !worked || err != nil {
			t.Fatalf("%v %v", worked, err)
		}
		done := false
		next := job.New(d, c, slog.New(slog.DiscardHandler))
		next.Handle("count", func(context.Context, json.RawMessage) error { done = true; return nil })
		if worked, _ := next.RunOne(t.Context()); worked {
			t.Error("the job was taken while its worker might live")
		}
		c.Advance(3 * time.Minute)
		if worked, err := next.RunOne(t.Context()); !worked || err != nil || !done {
			t.Errorf("worked %v, done %v, %v", worked, done, err)
		}
	})
}

func TestPauseGrowsToThreeHours(t *testing.T) {
	for n, want := range map[int]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 13: 3 * time.Hour, 39: 3 * time.Hour} {
		if got := job.Pause(n); got != want {
			t.Errorf("Pause(%d) = %v, want %v", n, got, want)
		}
	}
}
