package mail_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/job"
	"ostoja/internal/mail"
	"ostoja/internal/mail/mailtest"
)

func TestMailSurvivesAnOutage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, c := t.Context(), clock.NewFake(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		server := mailtest.Start(t)
		server.SetDown(true)
		sender, err := mail.NewSMTP(server.URL(), "Ostoja <ostoja@example.org>")
		if err != nil {
			t.Fatal(err)
		}
		q := job.New(d, c, slog.New(slog.DiscardHandler))
		o := mail.NewOutbox(d, c, q, sender)
		m := mail.Message{To: "zofia@example.org", Subject: "Zaproszenie na szkolenie – źródła", Body: "Dzień dobry,\n\nżółć.\n" + strings.Repeat("długi wiersz ", 20), Lang: "pl"}
		if err := d.Update(ctx, func(tx *db.Tx) error { return o.Send(ctx, tx, m) }); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if worked, err := q.RunOne(ctx); !worked || err != nil {
				t.Fatalf("worked %v, %v", worked, err)
			}
			c.Advance(3 * time.Hour)
		}
		if n, err := o.Waiting(ctx); n != 1 || err != nil {
			t.Fatalf("%d letters wait, %v", n, err)
		}
		server.SetDown(false)
		server.RefuseRecipients(true) // some servers repeat the address in their answer
		if _, err := q.RunOne(ctx); err != nil {
			t.Fatal(err)
		}
		c.Advance(3 * time.Hour)
		server.RefuseRecipients(false)
		failed, err := q.List(ctx, 1)
		if err != nil || len(failed) != 1 || failed[0].LastError == "" || strings.Contains(failed[0].LastError, "zofia") {
			t.Errorf("the failed job says %+v, %v", failed, err)
		}
		server.SetDown(false)
		if worked, err := q.RunOne(ctx); !worked || err != nil {
			t.Fatalf("worked %v, %v", worked, err)
		}
		letters := server.Letters()
		if len(letters) != 1 {
			t.Fatalf("%d letters came", len(letters))
		}
		if l := letters[0]; l.To != m.To || l.Subject != m.Subject || strings.TrimSpace(l.Body) != strings.TrimSpace(m.Body) || l.Header.Get("Content-Language") != "pl" {
			t.Errorf("got %+v", l)
		}
		if n, err := o.Waiting(ctx); n != 0 || err != nil {
			t.Errorf("%d letters wait, %v", n, err)
		}
		if body, err := db.One[string](ctx, d, `SELECT body FROM mail`); body != "" || err != nil {
			t.Errorf("the sent text stays in the database: %q, %v", body, err)
		}
		if err := o.Sweep(ctx, c.Now().Add(time.Second)); err != nil {
			t.Error(err)
		}
		if n, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM mail`); n != 0 || err != nil {
			t.Errorf("%d letters are left after the sweep, %v", n, err)
		}
	})
}

func TestAddressesOfMailServers(t *testing.T) {
	t.Parallel()
	for address, fine := range map[string]bool{
		"smtp://mail.example.org": true, "smtps://u:p%40ss@mail.example.org:465": true, "smtp://127.0.0.1:25?tls=none": true,
		"mail.example.org": false, "http://mail.example.org": false, "smtp://h:port": false,
	} {
		if _, err := mail.NewSMTP(address, "a@example.org"); (err == nil) != fine {
			t.Errorf("%s: %v", address, err)
		} else if err != nil && strings.Contains(err.Error(), "p%40ss") {
			t.Errorf("%s: the error repeats the password", address)
		}
	}
	if _, err := mail.NewSMTP("smtp://localhost", "nobody"); err == nil {
		t.Error("a sender without an address was taken")
	}
}

// sender notes what it is given, and fails as told.
type sender struct {
	ids  []string
	sent []mail.Message
	err  error
	then func()
}

func (s *sender) Send(_ context.Context, messageID string, m mail.Message) error {
	s.ids, s.sent = append(s.ids, messageID), append(s.sent, m)
	if s.then != nil {
		s.then()
	}
	return s.err
}

var start = time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)

// outbox is one with a letter in it.
func outbox(t *testing.T, d *db.DB, s mail.Sender) (*mail.Outbox, *job.Queue, *clock.Fake) {
	t.Helper()
	c := clock.NewFake(start)
	q := job.New(d, c, slog.New(slog.DiscardHandler))
	o := mail.NewOutbox(d, c, q, s)
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		return o.Send(t.Context(), tx, mail.Message{To: "a@example.org", Subject: "S", Body: "B", Lang: "en"})
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, q, c
}

func run(t *testing.T, q *job.Queue) {
	t.Helper()
	if worked, err := q.RunOne(t.Context()); !worked || err != nil {
		t.Fatalf("worked %v, %v", worked, err)
	}
}

func TestALetterLeavesOnceAndItsTextIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &sender{err: errors.New("the server is down")}
		o, q, c := outbox(t, d, s)
		run(t, q)
		row := func() (sent int, body, fault string) {
			t.Helper()
			type state struct {
				Sent            int
				Body, LastError string
			}
			r, err := db.One[state](t.Context(), d, `SELECT CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END AS sent, body, last_error FROM mail`)
			if err != nil {
				t.Fatal(err)
			}
			return r.Sent, r.Body, r.LastError
		}
		if sent, body, fault := row(); sent != 0 || body != "B" || fault != "the server is down" {
			t.Errorf("after a failure: %d %q %q", sent, body, fault)
		}
		s.err = nil
		c.Advance(3 * time.Hour)
		run(t, q)
		if sent, body, fault := row(); sent != 1 || body != "" || fault != "" {
			t.Errorf("after the sending: %d %q %q", sent, body, fault)
		}
		if len(s.sent) != 2 || s.ids[0] != s.ids[1] || !reflect.DeepEqual(s.sent[1], mail.Message{To: "a@example.org", Subject: "S", Body: "B", Lang: "en", Calendar: []mail.Entry{}}) {
			t.Errorf("handed over %v %+v", s.ids, s.sent)
		}
		if worked, err := q.RunOne(t.Context()); worked || err != nil {
			t.Errorf("a sent letter has a job still: %v, %v", worked, err)
		}
		// The outbox keeps who was written to until the sweep, exclusive of its moment, and what waits always.
		sent := start.Add(3 * time.Hour)
		for _, before := range []time.Time{start, sent} {
			if err := o.Sweep(t.Context(), before); err != nil {
				t.Fatal(err)
			}
			if n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM mail`); n != 1 || err != nil {
				t.Errorf("swept before %s: %d left, %v", before, n, err)
			}
		}
		err := d.Update(t.Context(), func(tx *db.Tx) error { return o.Send(t.Context(), tx, mail.Message{To: "b@example.org"}) })
		if err := errors.Join(err, o.Sweep(t.Context(), sent.Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		if to, err := db.One[string](t.Context(), d, `SELECT recipient FROM mail`); to != "b@example.org" || err != nil {
			t.Errorf("left after the sweep: %q, %v", to, err)
		}
		if n, err := o.Waiting(t.Context()); n != 1 || err != nil {
			t.Errorf("%d wait, %v", n, err)
		}
	})
}

func TestALetterThatNeedNotLeave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, change := range map[string]string{
			"erased with its person":                            `DELETE FROM mail`,
			"sent by a worker that died before it could say so": `UPDATE mail SET sent_at = 1`,
		} {
			s := &sender{}
			_, q, _ := outbox(t, d, s)
			if err := d.Update(t.Context(), func(tx *db.Tx) error { return db.Exec(t.Context(), tx, change) }); err != nil {
				t.Fatal(err)
			}
			run(t, q)
			if failed, err := q.List(t.Context(), 9); len(s.sent) != 0 || len(failed) != 0 || err != nil {
				t.Errorf("%s: sent %+v, jobs %+v, %v", name, s.sent, failed, err)
			}
		}
	})
}

func TestALetterOfWhatWasNotCommittedStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, fail := &sender{}, errors.New("no")
		o, q, _ := outbox(t, d, s)
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			return errors.Join(o.Send(t.Context(), tx, mail.Message{To: "nobody@example.org"}), fail)
		})
		if n, waitErr := o.Waiting(t.Context()); !errors.Is(err, fail) || n != 1 || waitErr != nil {
			t.Errorf("%d wait, %v, %v", n, err, waitErr)
		}
		run(t, q)
		if worked, err := q.RunOne(t.Context()); worked || err != nil || s.sent[0].To != "a@example.org" {
			t.Errorf("another job: %v, %v; sent %+v", worked, err, s.sent)
		}
	})
}

// The program is told to end while the server has the letter: that it was sent must be noted all the same.
func TestASendingIsNotedAtShutdown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		o, q, _ := outbox(t, d, &sender{then: cancel})
		if worked, err := q.RunOne(ctx); !worked || err != nil {
			t.Fatal(worked, err)
		}
		if n, err := o.Waiting(t.Context()); n != 0 || err != nil {
			t.Errorf("%d letters would leave again, %v", n, err)
		}
	})
}

func TestWhatAReceiverSees(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	s, err := mail.NewSMTP(server.URL(), "Ostoja – szkolenia <ostoja@kursy.example.org>")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), "0190", mail.Message{To: "a@example.org", Subject: "Zażółć\r\nBcc: b@example.org", Body: "x", Lang: "pl"}); err != nil {
		t.Fatal(err)
	}
	letters := server.Letters()
	if len(letters) != 1 {
		t.Fatalf("%+v", letters)
	}
	h := letters[0].Header
	for name, want := range map[string]string{
		"Message-Id": "<0190@kursy.example.org>", "Auto-Submitted": "auto-generated", "Content-Language": "pl", "Bcc": "", "X-Mailer": "", "User-Agent": "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if from, err := h.AddressList("From"); err != nil || len(from) != 1 || from[0].Address != "ostoja@kursy.example.org" || from[0].Name != "Ostoja – szkolenia" {
		t.Errorf("From %v, %v", from, err)
	}
	if _, err := h.Date(); err != nil {
		t.Errorf("Date: %v", err)
	}
	if kind := h.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || !strings.Contains(strings.ToLower(kind), "utf-8") {
		t.Errorf("Content-Type %q", kind)
	}
	for _, to := range []string{"", "nobody", "a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org"} {
		if err := s.Send(t.Context(), "0190", mail.Message{To: to, Subject: "S", Body: "B"}); err == nil || (to != "" && strings.Contains(err.Error(), to)) {
			t.Errorf("to %q: %v", to, err)
		}
	}
	if n := len(server.Letters()); n != 1 {
		t.Errorf("%d letters came", n)
	}
}

// A server that offers no encryption gets no letter, unless its address says that it needs none (RFC 3207, section 6: somebody
// in the middle can take the offer away).
func TestNoLetterGoesInClearUnasked(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	for _, address := range []string{strings.TrimSuffix(server.URL(), "?tls=none"), server.URL() + "x", strings.Replace(server.URL(), "smtp:", "smtps:", 1)} {
		s, err := mail.NewSMTP(address, "ostoja@example.org")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Send(t.Context(), "0190", mail.Message{To: "a@example.org", Subject: "S", Body: "B"}); err == nil {
			t.Errorf("%s: sent", address)
		}
	}
	if n := len(server.Letters()); n != 0 {
		t.Errorf("%d letters came in clear", n)
	}
}

func TestErrorsNameNoRecipient(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	server.RefuseRecipients(true) // its answer repeats the address
	s, err := mail.NewSMTP(server.URL(), "ostoja@example.org")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Send(t.Context(), "0190", mail.Message{To: "Zofia.Nowak@example.org", Subject: "S", Body: "B"})
	if err == nil || strings.Contains(strings.ToLower(err.Error()), "zofia") || !strings.Contains(err.Error(), "greylisted: <the recipient>") {
		t.Errorf("%v", err)
	}
}

func TestMailIsPrintedWithoutAServer(t *testing.T) {
	t.Parallel()
	var printed string
	l := mail.LogSender{Print: func(text string) { printed += text }}
	if err := l.Send(t.Context(), "1", mail.Message{To: "a@example.org", Subject: "Hello", Body: "one\ntwo"}); err != nil {
		t.Fatal(err)
	}
	if printed != "--- mail to a@example.org\nHello\n\none\ntwo\n---" {
		t.Errorf("%q", printed)
	}
}

// A token is made when its letter leaves, anew at each attempt, and stands nowhere in the database; the letter of a link that opens
// nothing any more stays.
func TestATokenIsMadeWhenTheLetterLeaves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &sender{err: errors.New("the server is down")}
		o, q, c := outbox(t, d, s)
		var made []string
		over := false
		o.Tokens("door", func(_ context.Context, _ *db.Tx, ref string) (string, error) {
			if over {
				return "", errs.Gone("error.gone")
			}
			made = append(made, fmt.Sprintf("token-%d-of-%s", len(made), ref))
			return made[len(made)-1], nil
		})
		send := func() {
			t.Helper()
			m := mail.Message{To: "b@example.org", Subject: "S", Body: "https://example.org/" + mail.TokenMark + "?lang=pl", Lang: "pl", Token: mail.Token{Kind: "door", Ref: "seven"}}
			if err := d.Update(t.Context(), func(tx *db.Tx) error { return o.Send(t.Context(), tx, m) }); err != nil {
				t.Fatal(err)
			}
		}
		send()
		run(t, q) // the letter of the outbox, which brings none
		run(t, q)
		body, err := db.One[string](t.Context(), d, `SELECT body FROM mail WHERE token_kind <> ''`)
		if err != nil || len(made) != 1 || strings.Contains(body, "token") {
			t.Errorf("after one attempt: %v, the row says %q, %v", made, body, err)
		}
		s.err = nil
		c.Advance(3 * time.Hour)
		run(t, q)
		run(t, q)
		var bodies, ids []string
		for i, m := range s.sent {
			if m.To == "b@example.org" {
				bodies, ids = append(bodies, m.Body), append(ids, s.ids[i])
			}
		}
		want := []string{"https://example.org/token-0-of-seven?lang=pl", "https://example.org/token-1-of-seven?lang=pl"}
		if !slices.Equal(bodies, want) || ids[0] == ids[1] { // another text is another letter (RFC 5322, section 3.6.4)
			t.Errorf("%q with the identifiers %q", bodies, ids)
		}
		over = true
		before := len(s.sent)
		send()
		run(t, q)
		if n, err := o.Waiting(t.Context()); n != 0 || err != nil || len(s.sent) != before {
			t.Errorf("of a link that is gone: %d wait, %d sent, %v", n, len(s.sent)-before, err)
		}
	})
}
