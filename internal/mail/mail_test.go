package mail_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
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
