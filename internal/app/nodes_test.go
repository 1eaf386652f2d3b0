package app

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/site"
)

// node starts the program on a database with connections and caches of its own, as another process does.
func node(t *testing.T, address string) *App {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(t.Context(), &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}, d, Options{Log: slog.New(slog.DiscardHandler), Purpose: site.Demonstration})
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

// otherProcess starts the program as a process of its own, and returns its address.
func otherProcess(t *testing.T, database string) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	node := exec.CommandContext(t.Context(), self, "-test.run=^TestBeANode$")
	node.Env = append(os.Environ(), "OSTOJA_TEST_NODE="+addr, "OSTOJA_DATABASE="+database)
	node.Stdout, node.Stderr = &said, &said
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = node.Process.Signal(syscall.SIGTERM)
		_ = node.Wait() // the context of the test ends it
		if t.Failed() {
			t.Logf("the other process: %s", &said)
		}
	})
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if r, err := http.Get("http://" + addr + "/readyz"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return "http://" + addr
			}
		}
	}
	t.Fatal("the other process is not ready")
	return ""
}

// TestBeANode is the other process of TestTwoNodesHearOfEachOther.
func TestBeANode(t *testing.T) {
	addr := os.Getenv("OSTOJA_TEST_NODE")
	if addr == "" {
		t.Skip("a test starts it")
	}
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGTERM)
	defer stop()
	c := Command(os.Getenv, os.Stdout)
	c.SetArgs([]string{"serve", "--addr", addr, "--base-url", "http://localhost"})
	if err := c.ExecuteContext(ctx); err != nil {
		t.Fatal(err)
	}
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

// What one node changes, another process knows at once and not when its memory is old: a session that ended, a person who was blocked,
// the public site's pages; also after the connection that listens was lost. What one finds, the other shows.
func TestTwoNodesHearOfEachOther(t *testing.T) {
	address := dbtest.PostgresURL(t)
	a, b := node(t, address), otherProcess(t, address)
	ctx := t.Context()
	handler, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	status := func(path, token string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, b+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			r.AddCookie(&http.Cookie{Name: "ostoja_session", Value: token})
		}
		w, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = w.Body.Close() }()
		body, err := io.ReadAll(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		return w.StatusCode, string(body)
	}
	shows := func(path string, want int) func() bool {
		return func() bool { got, _ := status(path, ""); return got == want }
	}
	person := addSecond(t, a)
	const own = "/app/account"
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
		if got, _ := status(own, o.Token); got != http.StatusOK { // the other node keeps it now
			t.Fatalf("signed in, and %s is %d", own, got)
		}
		return o.Token
	}
	out := func(token string) func() bool {
		return func() bool { got, _ := status(own, token); return got == http.StatusSeeOther }
	}
	listening := func() int {
		t.Helper()
		n, err := db.One[int](ctx, a.DB, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ostoja notices'`)
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

	if err := publishSite(ctx, a); err != nil {
		t.Fatal(err)
	}
	within(t, "the site is open", shows("/pl/", http.StatusOK))
	within(t, "an article is there", shows("/pl/q39z", http.StatusOK))

	asked := httptest.NewRequestWithContext(ctx, http.MethodPost, "/pl/z6", strings.NewReader("q=paszport"))
	asked.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	led := httptest.NewRecorder()
	handler.ServeHTTP(led, asked)
	if got, page := status(led.Header().Get("Location"), ""); got != http.StatusOK || !strings.Contains(page, "/pl/q39z") {
		t.Errorf("what one node found is %d on the other", got)
	}

	o, err := a.Site.Article(ctx, access.System, "housing-documents")
	if err != nil || o.Code != "q39z" {
		t.Fatalf("%s, %v", o.Code, err)
	}
	if err := a.Site.Withdraw(ctx, access.System, o.ID, o.SourceLang); err != nil {
		t.Fatal(err)
	}
	within(t, "withdrawn", shows("/pl/q39z", http.StatusNotFound))

	// What was said while nobody listened is made up for: everything is dropped when the connection is lost, and when it is made anew.
	token = signIn()
	if _, err := db.All[bool](ctx, a.DB, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ostoja notices'`); err != nil {
		t.Fatal(err)
	}
	if err := a.Identity.SignOut(ctx, token); err != nil {
		t.Fatal(err)
	}
	within(t, "signed out while nobody listened", out(token))
	within(t, "both listen again", func() bool { return listening() == 2 })
	token = signIn()
	if err := a.Identity.SignOut(ctx, token); err != nil {
		t.Fatal(err)
	}
	within(t, "signed out when both listen again", out(token))
}

// addSecond adds a person who can sign in.
func addSecond(t *testing.T, a *App) (personID string) {
	t.Helper()
	unit, err := a.Identity.CreateUnit(t.Context(), access.System, identity.UnitDraft{Kind: identity.Office, Name: "Biuro"})
	if err != nil {
		t.Fatal(err)
	}
	personID, err = a.Identity.Add(t.Context(), access.System, identity.Draft{GivenName: "Ewa", FamilyName: "Druga", Mail: "ewa@example.org", UnitID: unit, Lang: "pl"}, false)
	if err != nil {
		t.Fatal(err)
	}
	return personID
}
