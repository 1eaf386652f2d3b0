package job_test

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
	"ostoja/internal/job"
)

// TestNoFailureIsSilent: what cannot be written of a job or read of the queue is an error, and no job is lost by one.
func TestNoFailureIsSilent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, c := t.Context(), clock.NewFake(start)
		q := job.New(d, c, slog.New(slog.DiscardHandler))
		failure := errors.New("the server is out")
		q.Handle("count", func(context.Context, json.RawMessage) error { return failure })
		works := 0
		q.Every(job.Periodic{Name: "sweep", Every: time.Hour, Do: func(context.Context) error { works++; return nil }})
		only := func(_ any, err error) error { return err }
		// A job whose lock could not be given back is done again when the lock has run out, so time passes before each try.
		runOne := func() error {
			c.Advance(24 * time.Hour)
			worked, err := q.RunOne(ctx)
			if err == nil && !worked {
				t.Error("the job is gone")
			}
			return err
		}
		jobID := ""
		dbtest.EachFails(t, d, []dbtest.Step{
			{Name: "add", Do: func() error {
				return d.Update(ctx, func(tx *db.Tx) error { return q.Add(ctx, tx, "count", 1, time.Time{}) })
			}},
			{Name: "a failing job", Parts: true, Do: runOne},
			{Name: "list", Do: func() error {
				list, err := q.List(ctx, 10)
				if err == nil {
					jobID = list[0].ID
				}
				return err
			}},
			{Name: "waiting", Do: func() error { _, _, err := q.Waiting(ctx); return err }},
			{Name: "retry", Do: func() error { return q.Retry(ctx, jobID) }},
			{Name: "a job that goes through", Parts: true, Do: func() error { failure = nil; return runOne() }},
			{Name: "periodic work", Parts: true, Do: func() error { c.Advance(2 * time.Hour); return only(q.RunDue(ctx)) }},
			{Name: "its list", Do: func() error { return only(q.Periodics(ctx)) }},
		})
		if waiting, failed, err := q.Waiting(ctx); waiting+failed != 0 || err != nil {
			t.Errorf("%d wait, %d were given up, %v", waiting, failed, err)
		}
		if works == 0 {
			t.Error("the periodic work was never done")
		}
	})
}

// TestAJobIsGivenUpOnlyWhenItIsWritten: that a job was given up, too, is written or an error.
func TestAJobIsGivenUpOnlyWhenItIsWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(start)
		q := job.New(d, c, slog.New(slog.DiscardHandler))
		q.Handle("count", func(context.Context, json.RawMessage) error { return errors.New("the server is out") })
		add(t, d, q, 1, time.Time{})
		for failed := 0; failed == 0; {
			c.Advance(24 * time.Hour)
			dbtest.Failing(t, d, func() error { c.Advance(24 * time.Hour); _, err := q.RunOne(t.Context()); return err })
			var err error
			if _, failed, err = q.Waiting(t.Context()); err != nil || t.Failed() {
				t.Fatal(err)
			}
		}
	})
}
