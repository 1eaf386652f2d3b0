package job_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/job"
)

func due(t *testing.T, q *job.Queue) []string {
	t.Helper()
	done, err := q.RunDue(t.Context())
	if err != nil {
		t.Error(err)
	}
	return done
}

// Two nodes on one database: what they share is done once per interval by whichever comes first, what each holds by each.
func TestTwoNodesSharePeriodicWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(start)
		node := func() *job.Queue {
			q := job.New(d, c, slog.New(slog.DiscardHandler))
			nothing := func(context.Context) error { return nil }
			q.Every(job.Periodic{Name: "sweep", Every: time.Hour, Do: nothing}, job.Periodic{Name: "close", Every: time.Minute, Do: nothing},
				job.Periodic{Name: "pages", Every: time.Minute, OnEachNode: true, Do: nothing})
			return q
		}
		a, b := node(), node()
		for _, step := range []struct {
			wait time.Duration
			q    *job.Queue
			want []string
		}{
			{0, a, []string{"sweep", "close", "pages"}}, // what never ran is due at once
			{0, b, []string{"pages"}},
			{0, a, nil},
			{time.Minute - time.Microsecond, a, nil},
			{0, b, nil},
			{time.Microsecond, b, []string{"close", "pages"}},
			{0, a, []string{"pages"}},
			{59 * time.Minute, a, []string{"sweep", "close", "pages"}},
			{time.Minute, a, []string{"close", "pages"}},
			{0, b, []string{"pages"}},
			{0, node(), []string{"pages"}}, // a start does not make anything due
			{time.Hour, node(), []string{"sweep", "close", "pages"}},
		} {
			c.Advance(step.wait)
			if got := due(t, step.q); !slices.Equal(got, step.want) {
				t.Errorf("at %s: did %v, want %v", c.Now().Sub(start), got, step.want)
			}
		}
	})
}

// Many who find a work due at the same moment do it once.
func TestPeriodicWorkIsBegunOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(start)
		var runs atomic.Int32
		nodes := make([]*job.Queue, 8)
		for i := range nodes {
			nodes[i] = job.New(d, c, slog.New(slog.DiscardHandler))
			nodes[i].Every(job.Periodic{Name: "once", Every: time.Minute, Do: func(context.Context) error { runs.Add(1); return nil }})
		}
		for round := range int32(5) {
			var all sync.WaitGroup
			for _, q := range nodes {
				all.Go(func() {
					if _, err := q.RunDue(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if got := runs.Load(); got != round+1 {
				t.Fatalf("round %d: %d runs in all", round, got)
			}
			c.Advance(time.Minute)
		}
	})
}

// A failure is told by its name, stays on the page until it goes well, and holds up neither the others nor the next interval.
func TestPeriodicWorkThatFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(start)
		var said bytes.Buffer
		q := job.New(d, c, slog.New(slog.NewTextHandler(&said, nil)))
		failure, others := errors.New("the disk is full"), 0
		q.Every(
			job.Periodic{Name: "brittle", Every: time.Minute, Do: func(context.Context) error { return failure }},
			job.Periodic{Name: "panics", Every: time.Minute, OnEachNode: true, Do: func(context.Context) error { panic("a mistake") }},
			job.Periodic{Name: "well", Every: time.Minute, Do: func(context.Context) error { others++; return nil }},
		)
		list := func() []job.Due {
			t.Helper()
			l, err := q.Periodics(t.Context())
			if err != nil || len(l) != 3 || l[0].Name != "brittle" || l[1].Name != "panics" || l[2].Name != "well" || l[0].Every != time.Minute {
				t.Fatalf("%+v, %v", l, err)
			}
			return l
		}
		if l := list(); !l[0].NextAt.IsZero() || l[0].LastError != "" {
			t.Errorf("before the first run: %+v", l)
		}
		due(t, q)
		l := list()
		if l[0].LastError != "the disk is full" || !strings.Contains(l[1].LastError, "panic: a mistake") || l[2].LastError != "" || others != 1 {
			t.Errorf("%+v, the others ran %d times", l, others)
		}
		if !l[0].NextAt.Equal(start.Add(time.Minute)) || !l[1].NextAt.IsZero() {
			t.Errorf("next: %+v", l)
		}
		if !strings.Contains(said.String(), "name=brittle") || !strings.Contains(said.String(), "name=panics") || strings.Contains(said.String(), "name=well") {
			t.Errorf("the log: %s", &said)
		}
		failure = nil
		c.Advance(time.Minute)
		due(t, q)
		if l := list(); l[0].LastError != "" || l[1].LastError == "" || others != 2 {
			t.Errorf("when it goes well again: %+v, the others ran %d times", l, others)
		}
	})
}

// What lapses sooner than the interval is over is done then, and not again at once.
func TestPeriodicWorkThatIsDueSooner(t *testing.T) {
	c := clock.NewFake(start)
	q := job.New(dbtest.SQLite(t), c, slog.New(slog.DiscardHandler))
	lapses, runs := start.Add(20*time.Second), 0
	q.Every(job.Periodic{Name: "pages", Every: time.Minute, OnEachNode: true, Sooner: func() time.Time { return lapses }, Do: func(context.Context) error {
		if runs++; runs == 2 {
			lapses = time.Time{}
		}
		return nil
	}})
	for _, step := range []struct {
		wait time.Duration
		want int
	}{{0, 1}, {19 * time.Second, 1}, {time.Second, 2}, {0, 2}, {59 * time.Second, 2}, {time.Second, 3}} {
		c.Advance(step.wait)
		due(t, q)
		if runs != step.want {
			t.Errorf("at %s: %d runs, want %d", c.Now().Sub(start), runs, step.want)
		}
	}
}

// A clock that once was years ahead does not stop the work for years.
func TestAClockThatWentWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, runs := clock.NewFake(start.AddDate(10, 0, 0)), 0
		node := func() *job.Queue {
			q := job.New(d, c, slog.New(slog.DiscardHandler))
			q.Every(job.Periodic{Name: "sweep", Every: time.Hour, Do: func(context.Context) error { runs++; return nil }})
			return q
		}
		due(t, node())
		c.Advance(start.Sub(c.Now()))
		due(t, node())
		due(t, node())
		if runs != 2 {
			t.Errorf("%d runs, want one in each of the two times", runs)
		}
	})
}

// Who is told to end in the middle has not failed.
func TestPeriodicWorkEndsWithTheProgram(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		q := job.New(d, clock.NewFake(start), slog.New(slog.DiscardHandler))
		begun := make(chan struct{})
		q.Every(job.Periodic{Name: "long", Every: time.Minute, Do: func(ctx context.Context) error { close(begun); <-ctx.Done(); return ctx.Err() }})
		ended := make(chan struct{})
		go func() { q.Run(ctx, 1); close(ended) }()
		<-begun
		stop()
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			t.Fatal("it runs on")
		}
		if l, err := q.Periodics(t.Context()); err != nil || len(l) != 1 || l[0].LastError != "" {
			t.Errorf("%+v, %v", l, err)
		}
	})
}
