package mail_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/job"
	"ostoja/internal/mail"
)

// TestNoFailureIsSilent: a letter that cannot be written down is an error, and one whose sending cannot be noted comes again.
func TestNoFailureIsSilent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, c := t.Context(), clock.NewFake(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		q := job.New(d, c, slog.New(slog.DiscardHandler))
		printed := 0
		o := mail.NewOutbox(d, c, q, mail.LogSender{Print: func(string) { printed++ }})
		o.Tokens("kind", func(ctx context.Context, tx *db.Tx, _ string) (string, error) {
			return "token", db.Exec(ctx, tx, `DELETE FROM setting`)
		})
		dbtest.EachFails(t, d, []dbtest.Step{
			{Name: "send", Do: func() error {
				return d.Update(ctx, func(tx *db.Tx) error {
					return o.Send(ctx, tx, mail.Message{To: "zofia@example.org", Subject: "Zaproszenie", Body: mail.TokenMark, Lang: "pl", Token: mail.Token{Kind: "kind", Ref: "1"}})
				})
			}},
			{Name: "waiting", Do: func() error { _, err := o.Waiting(ctx); return err }},
			{Name: "deliver", Parts: true, Do: func() error { // the queue notes what a job says: it stays until it says nothing
				c.Advance(24 * time.Hour)
				if _, err := q.RunOne(ctx); err != nil {
					return err
				}
				d.Intercept(nil)
				if n, err := o.Waiting(ctx); err != nil || n > 0 {
					return errors.New("the letter waits")
				}
				return nil
			}},
			{Name: "sweep", Do: func() error { return o.Sweep(ctx, c.Now().Add(time.Hour)) }},
		})
		if printed == 0 {
			t.Error("no letter left")
		}
	})
}
