package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/mail"
	"ostoja/internal/site"
)

// The system page says in words what each periodic work is for.
func TestEachPeriodicWorkIsSaidInWords(t *testing.T) {
	a, err := New(t.Context(), &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}, dbtest.SQLite(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	texts := a.Mux.Site().Catalogue
	for _, tag := range texts.Langs() {
		for _, work := range a.periodic() {
			if key := "system.work." + strings.ReplaceAll(work.Name, ".", "-"); !texts.Printer(tag).Has(key) {
				t.Errorf("%s: %s has no text %s", tag, work.Name, key)
			}
		}
	}
}

// Of two nodes one does what is shared; each stores the visits that it counted itself and keeps its own pages.
func TestWhatTwoNodesDoByTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC))
		node := func() (*App, http.Handler) {
			a, err := New(t.Context(), &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}, d, Options{Clock: c, Purpose: site.Demonstration})
			if err != nil {
				t.Fatal(err)
			}
			h, err := a.Handler()
			if err != nil {
				t.Fatal(err)
			}
			return a, h
		}
		a, atA := node()
		if err := publishSite(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		b, atB := node()
		read := func(h http.Handler) {
			t.Helper()
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/pl/", nil)
			r.Header.Set("Sec-Fetch-Dest", "document")
			if h.ServeHTTP(w, r); w.Code != http.StatusOK {
				t.Fatalf("the front page: %d", w.Code)
			}
		}
		count := func(query string) int {
			t.Helper()
			n, err := db.One[int](t.Context(), d, query)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		due := func(a *App) []string {
			t.Helper()
			done, err := a.Queue.RunDue(t.Context())
			if err != nil {
				t.Error(err)
			}
			return done
		}
		own := []string{"site.visits", "facts", "letters.words", "site.pages"}
		read(atA)
		read(atB)
		if got := due(a); len(got) != len(a.periodic()) {
			t.Errorf("the first node did %v", got)
		}
		if got := due(b); !slices.Equal(got, own) {
			t.Errorf("the other did %v besides what is its own", got)
		}
		if n := count(`SELECT COALESCE(SUM(n), 0) FROM site_visit`); n != 2 {
			t.Errorf("%d visits are stored of two", n)
		}
		// A letter is kept for thirty days after it was sent.
		err := d.Update(t.Context(), func(tx *db.Tx) error { return a.Outbox.Send(t.Context(), tx, mail.Message{To: "a@example.org"}) })
		if err != nil {
			t.Fatal(err)
		}
		if worked, err := a.Queue.RunOne(t.Context()); !worked || err != nil {
			t.Fatal(worked, err)
		}
		c.Advance(30 * 24 * time.Hour)
		due(b)
		if n := count(`SELECT COUNT(*) FROM mail`); n != 1 {
			t.Errorf("on the thirtieth day %d letters are kept", n)
		}
		c.Advance(time.Hour)
		due(a)
		if n := count(`SELECT COUNT(*) FROM mail`); n != 0 {
			t.Errorf("afterwards %d letters are kept", n)
		}
		// Small counts of days that are over are forgotten, and the last counts are stored when the program ends.
		if n := count(`SELECT COALESCE(SUM(n), 0) FROM site_visit`); n != 0 {
			t.Errorf("%d visits of a day that is over are told", n)
		}
		read(atB)
		ended, stop := context.WithCancel(t.Context())
		stop()
		b.Work(ended)
		if n := count(`SELECT COALESCE(SUM(n), 0) FROM site_visit`); n != 1 {
			t.Errorf("%d visits are stored at the end", n)
		}
	})
}
