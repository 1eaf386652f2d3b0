// Package testrig is the one world of the tests: the whole program, wired as in use, upon a small programme that was made
// through its services. It has two services and an office with seven units, a person in every role (of each unit-bound role
// one in either service), learners in either language of the application, and two published courses, one with a competence test in three forms.
//
// A test that holds only one of a thing cannot see that the wrong one was chosen; so nothing here is alone. What all tests
// need is made once in a process, on each engine, and copied for each test (see dbtest), so that a world costs little more
// than an empty database. The names of the fields say who somebody is; what somebody is called is nobody's business but that
// of the test about names.
//
// Tests alone import it, and only those in a package of their own (package x_test): it imports the whole program.
package testrig

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity/credential"
	"ostoja/internal/mail"
	"ostoja/internal/site"
)

// Start is the world's time: 09:00 in Warsaw on the day of docs/evidence.md, two days before the clocks go back.
var Start = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)

// baseURL is where the program believes itself to be.
const baseURL = "https://szkolenia.example.org"

// World is the program and its people, at the fake clock's time.
type World struct {
	*app.App
	cast
	T     testing.TB
	Clock *clock.Fake

	post    *post
	handler http.Handler
	purpose site.Purpose
	log     *slog.Logger // nil: silent
	// guardKey is the file of the key that seals documents of candidates: of this world alone.
	guardKey string
}

// template is the world that each test gets a copy of.
var template = dbtest.NewTemplate(makeCast)

// Each runs fn as a subtest in a fresh world on either engine.
func Each(t *testing.T, fn func(t *testing.T, w *World)) {
	t.Helper()
	template.Each(t, func(t *testing.T, d *db.DB, c cast) { fn(t, open(t, d, c)) })
}

// New returns a fresh world on SQLite, for tests of what does not ask the database anything new.
func New(t testing.TB) *World {
	t.Helper()
	d, c := template.SQLite(t)
	return open(t, d, c)
}

// EachEmpty runs fn as a subtest on either engine in an installation that was just made: without people, units and courses.
func EachEmpty(t *testing.T, fn func(t *testing.T, w *World)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, open(t, d, cast{})) })
}

func open(t testing.TB, d *db.DB, c cast) *World {
	t.Helper()
	w := &World{T: t, cast: c, Clock: clock.NewFake(Start), post: &post{}, purpose: site.Demonstration, guardKey: filepath.Join(t.TempDir(), "guardians.key")}
	w.App = w.start(d)
	return w
}

// Node returns another instance of the program on the same database, with caches of its own.
func (w *World) Node() *app.App {
	w.T.Helper()
	return w.start(w.DB)
}

// GuardKey is the file of the key that seals documents of candidates.
func (w *World) GuardKey() string { return w.guardKey }

// Production starts the world's program anew, for a public site on which no unconfirmed number may go live; without it the world's is
// a demonstration, for the shipped numbers are unconfirmed.
func (w *World) Production() {
	w.T.Helper()
	w.purpose, w.handler = site.Production, nil
	w.App = w.start(w.DB)
}

// Logging starts the world's program anew with a log that is written to a place, down to the least of it.
func (w *World) Logging(to io.Writer) {
	w.T.Helper()
	w.log, w.handler = slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: slog.LevelDebug})), nil
	w.App = w.start(w.DB)
}

func (w *World) start(d *db.DB) *app.App {
	w.T.Helper()
	a, err := newApp(w.T.Context(), d, app.Options{Clock: w.Clock, Sender: w.post, Purpose: w.purpose, Log: w.log}, w.guardKey)
	w.OK(err)
	return a
}

// files are read once in a process: they do not change, and reading them takes longer than most tests.
var files = sync.OnceValues(func() (*app.Content, error) { return app.ReadContent(settings) })

var settings = &config.Config{BaseURL: baseURL, Addr: "localhost:0", Zone: "Europe/Warsaw"}

func newApp(ctx context.Context, d *db.DB, o app.Options, guardKey string) (_ *app.App, err error) {
	if o.Content, err = files(); err != nil {
		return nil, err
	}
	own := *settings
	own.GuardKey = guardKey
	o.Hasher, o.LinkFloor = credential.NewHasherWith(64, 1, 1, 4), time.Microsecond
	return app.New(ctx, &own, d, o)
}

// OK fails the test at once on an error.
func (w *World) OK(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// Refused fails the test unless err is of a category ([errs.ErrForbidden] …).
func (w *World) Refused(what string, err, category error) {
	w.T.Helper()
	if !errors.Is(err, category) {
		w.T.Errorf("%s: %v, want %v", what, err, category)
	}
}

// Must returns v, or fails the test on an error: Must(w.Identity.Person(ctx, w.Admin, id))(t).
func Must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Until moves the clock to a time.
func (w *World) Until(at time.Time) { w.Clock.Advance(at.Sub(w.Clock.Now())) }

// work does the jobs that are due, as the program's workers do.
func (w *World) work() {
	w.T.Helper()
	for {
		worked, err := w.Queue.RunOne(w.T.Context())
		w.OK(err)
		if !worked {
			return
		}
	}
}

// Letters does the jobs that are due and returns all mail that has left so far, the oldest first.
func (w *World) Letters() []mail.Message {
	w.T.Helper()
	w.work()
	w.post.mu.Lock()
	defer w.post.mu.Unlock()
	return append([]mail.Message(nil), w.post.letters...)
}

// LastLetter returns the newest letter.
func (w *World) LastLetter() mail.Message {
	w.T.Helper()
	all := w.Letters()
	if len(all) == 0 {
		w.T.Fatal("no letter was sent")
	}
	return all[len(all)-1]
}

// post keeps letters in place of a mail server.
type post struct {
	mu      sync.Mutex
	letters []mail.Message
}

// Send keeps a letter.
func (p *post) Send(_ context.Context, _ string, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letters = append(p.letters, m)
	return nil
}

// everywhere is the program's own right, under which the world is made.
var everywhere = access.System
