package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
)

// node starts the program on a database with connections and caches of its own, as another process does.
func node(t *testing.T, address string) *App {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(t.Context(), &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}, d, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { a.Work(ctx); close(ended) }()
	t.Cleanup(func() {
		stop()
		<-ended
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// within waits until something holds: two seconds are promised, and ten, less than any memory's age, bear with a busy machine.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	begin := time.Now()
	for !holds() {
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("%s: not within ten seconds", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Logf("%s: after %s", what, time.Since(begin).Round(time.Millisecond))
}

// What one node changes, the other knows at once and not when its memory is old: a session that ended, a person who was blocked, the
// public site's pages; also after the connection that listens was lost.
func TestTwoNodesHearOfEachOther(t *testing.T) {
	address := dbtest.PostgresURL(t)
	a, b := node(t, address), node(t, address)
	ctx := t.Context()
	unit, err := a.Identity.CreateUnit(ctx, access.System, identity.UnitDraft{Kind: identity.Office, Name: "Biuro"})
	if err != nil {
		t.Fatal(err)
	}
	person, err := a.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Ewa", FamilyName: "Druga", Mail: "ewa@example.org", UnitID: unit, Lang: "pl"}, false)
	if err != nil {
		t.Fatal(err)
	}
	signIn := func() (token string) {
		t.Helper()
		link, err := a.Identity.OneTimeLink(ctx, access.System, person)
		if err != nil {
			t.Fatal(err)
		}
		o, err := a.Identity.UseLink(ctx, link[strings.LastIndex(link, "/")+1:], "", identity.Client{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Identity.Session(ctx, o.Token); err != nil { // the other node keeps it now
			t.Fatal(err)
		}
		return o.Token
	}
	out := func(token string) func() bool {
		return func() bool {
			_, err := b.Identity.Session(ctx, token)
			return errors.Is(err, errs.ErrNotFound)
		}
	}
	listening := func() int {
		t.Helper()
		n, err := db.One[int](ctx, a.DB, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN ostoja'`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	within(t, "both listen", func() bool { return listening() == 2 })

	token := signIn()
	if err := a.Identity.SignOut(ctx, token); err != nil {
		t.Fatal(err)
	}
	within(t, "signed out", out(token))

	token = signIn()
	if err := a.Identity.Block(ctx, access.System, person); err != nil {
		t.Fatal(err)
	}
	within(t, "blocked", out(token))
	if err := a.Identity.Unblock(ctx, access.System, person); err != nil {
		t.Fatal(err)
	}

	handler, err := b.Handler()
	if err != nil {
		t.Fatal(err)
	}
	if err := publishSite(ctx, a); err != nil {
		t.Fatal(err)
	}
	shows := func(path string, status int) func() bool {
		return func() bool {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			return w.Code == status
		}
	}
	within(t, "the site is open", shows("/pl/", http.StatusOK))
	within(t, "an article is there", shows("/pl/q39z", http.StatusOK))
	o, err := a.Site.Article(ctx, access.System, "housing-documents")
	if err != nil || o.Code != "q39z" {
		t.Fatalf("%s, %v", o.Code, err)
	}
	if err := a.Site.Withdraw(ctx, access.System, o.ID, o.SourceLang); err != nil {
		t.Fatal(err)
	}
	within(t, "withdrawn", shows("/pl/q39z", http.StatusNotFound))

	// What was said while nobody listened is made up for: everything is dropped when the connection is made anew.
	token = signIn()
	if _, err := db.All[bool](ctx, a.DB, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN ostoja'`); err != nil {
		t.Fatal(err)
	}
	if err := a.Identity.SignOut(ctx, token); err != nil {
		t.Fatal(err)
	}
	within(t, "signed out while nobody listened", out(token))
	within(t, "both listen again", func() bool { return listening() == 2 })
}
