package job

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// TestACommitWakesTheWorkers: a letter leaves when it is committed, not when a worker happens to look; an undone change wakes nobody.
func TestACommitWakesTheWorkers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := New(d, clock.System{}, slog.New(slog.DiscardHandler))
		q.poll = time.Hour
		done := make(chan struct{}, 1)
		q.Handle("letter", func(context.Context, json.RawMessage) error { done <- struct{}{}; return nil })
		add := func(undone error) {
			err := d.Update(t.Context(), func(tx *db.Tx) error { return errors.Join(q.Add(t.Context(), tx, "letter", 1, time.Time{}), undone) })
			if (err == nil) != (undone == nil) {
				t.Error(err)
			}
		}
		add(errors.New("undone"))
		if len(q.wake) != 0 {
			t.Error("an undone change wakes the workers")
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { q.Run(ctx, 1); close(ended) }()
		for i := range 3 {
			time.Sleep(20 * time.Millisecond) // the worker sleeps by now
			add(nil)
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				t.Fatalf("job %d waits for the next poll", i)
			}
		}
		stop()
		<-ended
	})
}
