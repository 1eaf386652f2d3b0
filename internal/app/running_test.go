package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/mail"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A program that is told to end lets the request that is under way finish, and takes no new one.
func TestServingEndsWhenTheRequestsAreDone(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	begun, finish := make(chan struct{}), make(chan struct{})
	log := slog.New(slog.DiscardHandler)
	l := listen(t)
	slow := newServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-finish
		_, _ = io.WriteString(w, "done") // the test reads it
	}), log)
	ended := make(chan error, 1)
	go func() {
		ended <- serveAll(ctx, []*server{{http: slow, listener: l}, {http: newServer(http.NotFoundHandler(), log), listener: listen(t)}})
	}()
	answer := make(chan string, 1)
	go func() {
		r, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body) // what was cut is not "done"
		answer <- string(b)
	}()
	<-begun
	stop()
	select {
	case err := <-ended:
		t.Errorf("it ended during a request: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(finish)
	if got := <-answer; got != "done" {
		t.Errorf("the request was answered %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("an end that was asked for is the error %v", err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("connections are taken still")
	}
}

// One server that cannot serve ends the program with its reason, instead of leaving half of it running.
func TestAServerThatFailsEndsTheProgram(t *testing.T) {
	t.Parallel()
	log, broken, whole := slog.New(slog.DiscardHandler), listen(t), listen(t)
	if err := broken.Close(); err != nil {
		t.Fatal(err)
	}
	err := serveAll(t.Context(), []*server{{http: newServer(http.NotFoundHandler(), log), listener: whole}, {http: newServer(http.NotFoundHandler(), log), listener: broken}})
	if !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
	if _, err := net.Dial("tcp", whole.Addr().String()); err == nil {
		t.Error("the other server runs on")
	}
}

func TestLogLevels(t *testing.T) {
	t.Parallel()
	for level, want := range map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError} {
		for _, asJSON := range []bool{false, true} {
			log, err := (&command{config: &config.Config{LogLevel: level, LogJSON: asJSON}}).logger()
			if err != nil || !log.Enabled(t.Context(), want) || log.Enabled(t.Context(), want-1) {
				t.Errorf("%s: %v", level, err)
			}
			if _, is := log.Handler().(*slog.JSONHandler); is != asJSON {
				t.Errorf("as JSON %v: %T", asJSON, log.Handler())
			}
		}
	}
	if _, err := (&command{config: &config.Config{LogLevel: "loud"}}).logger(); err == nil || !strings.Contains(err.Error(), "--log-level") {
		t.Errorf("loud: %v", err)
	}
}

// Measures count routes, never addresses or people: an address that there is not is one route, whatever was asked.
func TestMetrics(t *testing.T) {
	d := dbtest.SQLite(t)
	m := newMetrics()
	a, err := New(t.Context(), &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}, d, Options{Mail: func(string) {}})
	if err != nil {
		t.Fatal(err)
	}
	m.watch(a)
	m.observe("GET /app/people/{person}", 200, 3*time.Millisecond)
	m.observe("GET /app/people/{person}", 404, 30*time.Millisecond)
	m.observe("", 404, time.Millisecond)
	err = d.Update(t.Context(), func(tx *db.Tx) error {
		for range 2 {
			if err := a.Outbox.Send(t.Context(), tx, mail.Message{To: "a@example.org"}); err != nil {
				return err
			}
		}
		return db.Exec(t.Context(), tx, `INSERT INTO job (id, kind, payload, run_at, created_at, failed_at) VALUES ('x', 'k', '{}', 0, 0, 1)`)
	})
	if err != nil {
		t.Fatal(err)
	}
	read := func() string {
		w := httptest.NewRecorder()
		promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return w.Body.String()
	}
	text := read()
	for _, want := range []string{
		`ostoja_requests_total{route="GET /app/people/{person}",status="200"} 1`, `ostoja_requests_total{route="GET /app/people/{person}",status="404"} 1`,
		`ostoja_requests_total{route="none",status="404"} 1`, `ostoja_request_seconds_bucket{route="GET /app/people/{person}",le="0.005"} 1`,
		`ostoja_request_seconds_count{route="GET /app/people/{person}"} 2`, "ostoja_jobs_waiting 2", "ostoja_jobs_failed 1", "ostoja_mail_waiting 2",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no line %s", want)
		}
	}
	for _, table := range []string{"mail", "job"} {
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return db.Exec(t.Context(), tx, `DROP TABLE `+table) }); err != nil {
			t.Fatal(err)
		}
	}
	if text := read(); !strings.Contains(text, "ostoja_mail_waiting -1\n") || !strings.Contains(text, "ostoja_jobs_failed -1\n") {
		t.Error("what cannot be counted counts as none waiting")
	}
}

func TestFaultsOfAFormAreReadableInATerminal(t *testing.T) {
	t.Parallel()
	plain := errors.New("x")
	if readable(plain) != plain || readable(nil) != nil { //nolint:errorlint // the very same error
		t.Error("another error was changed")
	}
	if err := errs.Conflict("k"); readable(err) != error(err) { //nolint:errorlint // the very same error
		t.Error("an error without fields was changed")
	}
	var f errs.Fields
	f.Add("mail", "people.fault.mail")
	f.Add("unit", "people.fault.unit")
	if got := readable(f.Err()).Error(); got != "this cannot be taken:\n  mail: people.fault.mail\n  unit: people.fault.unit" {
		t.Errorf("%q", got)
	}
}
