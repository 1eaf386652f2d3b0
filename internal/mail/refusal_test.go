package mail_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/job"
	"ostoja/internal/mail"
	"ostoja/internal/mail/mailtest"
)

// posted is an outbox that sends to a real server, with what it tells of addresses.
type posted struct {
	t     *testing.T
	d     *db.DB
	queue *job.Queue
	clock *clock.Fake
	*mail.Outbox
	server *mailtest.Server
	told   []string
}

func newPosted(t *testing.T, d *db.DB) *posted {
	t.Helper()
	p := &posted{t: t, d: d, clock: clock.NewFake(start), server: mailtest.Start(t)}
	sender, err := mail.NewSMTP(p.server.URL(), "ostoja@example.org")
	if err != nil {
		t.Fatal(err)
	}
	p.queue = job.New(d, p.clock, slog.New(slog.DiscardHandler))
	p.Outbox = mail.NewOutbox(d, p.clock, p.queue, sender)
	p.Watch(func(_ context.Context, _ *db.Tx, address string, refused bool) error {
		p.told = append(p.told, fmt.Sprint(address, " ", refused))
		return nil
	})
	return p
}

func (p *posted) write(to string) {
	p.t.Helper()
	m := mail.Message{To: to, Subject: "S", Body: "B", Lang: "en"}
	if err := p.d.Update(p.t.Context(), func(tx *db.Tx) error { return p.Send(p.t.Context(), tx, m) }); err != nil {
		p.t.Fatal(err)
	}
}

// tries runs jobs for four days and returns how many there were.
func (p *posted) tries() (n int) {
	p.t.Helper()
	for range 200 {
		worked, err := p.queue.RunOne(p.t.Context())
		if err != nil {
			p.t.Fatal(err)
		}
		if worked {
			n++
		}
		p.clock.Advance(30 * time.Minute)
	}
	return n
}

func (p *posted) state() (waiting, failed int, body string) {
	p.t.Helper()
	waiting, err := p.Waiting(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	if _, failed, err = p.queue.Waiting(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	if body, err = db.One[string](p.t.Context(), p.d, `SELECT body FROM mail ORDER BY id DESC LIMIT 1`); err != nil {
		p.t.Fatal(err)
	}
	return waiting, failed, body
}

func TestARefusalForGoodIsNotTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPosted(t, d)
		for _, c := range []struct {
			at, answer string
			tries      int
			failed     int // jobs that wait for an administrator
			body       string
			told       []string
		}{
			{"a@example.org", "550 5.1.1 no such user", 1, 0, "", []string{"a@example.org true"}},
			{"a@example.org", "553 5.1.3 <a@example.org> is no address", 1, 0, "", []string{"a@example.org true"}},
			{"a@example.org", "550 5.7.1 relaying denied", 1, 1, "B", nil},
			{"DATA", "554 5.6.0 not this text", 1, 1, "B", nil},
			{"a@example.org", "450 4.2.0 greylisted", 40, 1, "B", nil},
			{"MAIL", "550 5.7.1 who are you", 40, 1, "B", nil}, // an administrator mends it, and the letters leave then
		} {
			p.told = nil
			p.server.Answer(c.at, c.answer)
			_, before, _ := func() (int, int, string) { p.write("a@example.org"); return p.state() }()
			if n := p.tries(); n != c.tries {
				t.Errorf("%s: tried %d times", c.answer, n)
			}
			waiting, failed, body := p.state()
			if failed-before != c.failed || body != c.body || !slices.Equal(p.told, c.told) || (c.tries == 1 && waiting != 0) {
				t.Errorf("%s: %d wait, %d given up, the text %q, told %q", c.answer, waiting, failed-before, body, p.told)
			}
			p.server.Answer(c.at, "")
			// An administrator has it sent again, where there is something to be sent.
			list, err := p.queue.List(t.Context(), 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range list {
				if err := p.queue.Retry(t.Context(), j.ID); err != nil {
					t.Fatal(err)
				}
			}
			p.told = nil
			came := len(p.server.Letters())
			p.tries()
			if n := len(p.server.Letters()) - came; n != c.failed || len(p.told) != c.failed {
				t.Errorf("%s, mended: %d letters came, told %q", c.answer, n, p.told)
			}
			if waiting, failed, _ := p.state(); waiting+failed != 0 {
				t.Errorf("%s, mended: %d wait, %d given up", c.answer, waiting, failed)
			}
		}
		// One that was tried in vain for days is over too: it goes with its job, once it was kept for as long as the others.
		p.server.Answer("a@example.org", "450 4.2.0 greylisted")
		p.write("a@example.org")
		p.tries()
		for _, step := range []struct{ days, failed int }{{-30, 1}, {1, 0}} {
			if err := p.Sweep(t.Context(), p.clock.Now().AddDate(0, 0, step.days)); err != nil {
				t.Fatal(err)
			}
			if waiting, failed, err := p.queue.Waiting(t.Context()); err != nil || waiting != 0 || failed != step.failed {
				t.Errorf("%d days: %d wait, %d given up, %v", step.days, waiting, failed, err)
			}
		}
		if n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM mail`); n != 0 || err != nil {
			t.Errorf("%d letters are kept for ever, %v", n, err)
		}
	})
}

// A server that takes the letter and hangs up without a farewell has it: sending it again would bring it 40 times.
func TestALetterThatWasTakenIsNotSentAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPosted(t, d)
		p.server.Leave()
		p.write("a@example.org")
		if n, came := p.tries(), len(p.server.Letters()); n != 1 || came != 1 {
			t.Errorf("tried %d times, %d letters came", n, came)
		}
	})
}

// What hangs, again and again, holds up nobody else's letters.
func TestAHangingServerHoldsUpNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server := mailtest.Start(t)
		release := server.Hang(t, "hangs@example.org")
		sender, err := mail.NewSMTP(server.URL(), "ostoja@example.org")
		if err != nil {
			t.Fatal(err)
		}
		q := job.New(d, clock.System{}, slog.New(slog.DiscardHandler))
		o := mail.NewOutbox(d, clock.System{}, q, sender)
		write := func(to string) {
			t.Helper()
			if err := d.Update(t.Context(), func(tx *db.Tx) error { return o.Send(t.Context(), tx, mail.Message{To: to, Body: "B", Lang: "en"}) }); err != nil {
				t.Fatal(err)
			}
		}
		for range 10 {
			write("hangs@example.org")
		}
		err = d.Update(t.Context(), func(tx *db.Tx) error { return db.Exec(t.Context(), tx, `UPDATE job SET attempts = 1`) })
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { q.Run(ctx, 4); close(ended) }()
		time.Sleep(300 * time.Millisecond) // the workers that take what has failed before hang by now
		for i := range 5 {
			write(fmt.Sprintf("other%d@example.org", i))
		}
		for i := range 5 {
			server.Wait(t, fmt.Sprintf("other%d@example.org", i), 0)
		}
		if slices.ContainsFunc(server.Letters(), func(l mailtest.Letter) bool { return l.To == "hangs@example.org" }) {
			t.Error("the server did not hang: the test shows nothing")
		}
		stop()
		release()
		<-ended
	})
}

// Letters that nobody has tried yet hang too, and many at once: other work goes on beside them, and begins at once.
func TestManyLettersToAHangingServerHoldUpNoOtherWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server := mailtest.Start(t)
		release := server.Hang(t, "hangs@example.org")
		sender, err := mail.NewSMTP(server.URL(), "ostoja@example.org")
		if err != nil {
			t.Fatal(err)
		}
		q := job.New(d, clock.System{}, slog.New(slog.DiscardHandler))
		o := mail.NewOutbox(d, clock.System{}, q, sender)
		done := make(chan struct{}, 5)
		q.Handle("other", func(context.Context, json.RawMessage) error { done <- struct{}{}; return nil })
		update := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Update(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			update(func(tx *db.Tx) error {
				return o.Send(t.Context(), tx, mail.Message{To: "hangs@example.org", Body: "B", Lang: "en"})
			})
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { q.Run(ctx, 4); close(ended) }()
		time.Sleep(time.Second) // all workers that take letters hang by now
		for range 5 {
			update(func(tx *db.Tx) error { return q.Add(t.Context(), tx, "other", 1, time.Time{}) })
		}
		for range 5 {
			select {
			case <-done:
			case <-time.After(15 * time.Second): // a letter hangs for 30
				t.Fatal("other work waits for the mail server")
			}
		}
		under, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM job WHERE kind = 'mail.send' AND locked_until IS NOT NULL`)
		if err != nil || under != 2 {
			t.Errorf("%d letters at once, %v", under, err)
		}
		if len(server.Letters()) != 0 {
			t.Error("the server did not hang: the test shows nothing")
		}
		stop()
		release()
		<-ended
	})
}

// What tells apart whom a refusal is about survives the wrapping of errors.
func TestARefusalIsFoundInAnError(t *testing.T) {
	t.Parallel()
	var found *mail.RefusedError
	if err := fmt.Errorf("on the way: %w", &mail.RefusedError{Address: true, Said: "550"}); !errors.As(err, &found) || !found.Address {
		t.Error(err)
	}
}
