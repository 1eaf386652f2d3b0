package app_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/app"
)

// console is where a program that goes on writes to.
type console struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (c *console) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.Write(b)
}

func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}

// gone is a console that nobody reads any more.
type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errors.New("the console is gone") }

// atTheServer is what whoever administers the server of [TestCommandLine] does besides, and what is refused there, with the reason.
func atTheServer(t *testing.T, dir string) {
	t.Helper()
	refused := func(why string, args ...string) string {
		t.Helper()
		out, err := ostoja(t, append(args, "--data", dir)...)
		if err == nil || !strings.Contains(err.Error()+out, why) {
			t.Errorf("ostoja %s: %v\n%s\nwant %q", strings.Join(args, " "), err, out, why)
		}
		return out
	}
	ok := func(args ...string) string {
		t.Helper()
		out, err := ostoja(t, append(args, "--data", dir)...)
		if err != nil {
			t.Errorf("ostoja %s: %v", strings.Join(args, " "), err)
		}
		return out
	}
	invite := []string{"user", "invite", "nowy@example.org", "--given", "Jan", "--family", "Nowy"}
	unit := strings.Fields(refused("say with --unit", invite...))[0]
	if out := ok(append(invite, "--unit", unit)...); !strings.Contains(out, "/app/link/") || !strings.Contains(out, "invited") {
		t.Errorf("the letter was not sent: %s", out)
	}
	refused("mail: people.fault.mail-taken", append(invite, "--unit", unit)...)
	role := []string{"user", "role", "nowy@example.org", "trainer", "--unit", unit}
	refused("does not have the role", append(role, "--take")...)
	ok(role...)
	ok(append(role, "--take")...)
	refused("does not have the role", append(role, "--take")...)
	refused("no such file", "course", "export", "border-guard", filepath.Join(dir, "none", "x.zip"))
	refused("no such file", "backup", filepath.Join(dir, "none", "x.ostoja"))
	refused("--backup-to", "backup", filepath.Join(dir, "x.ostoja"), "--backup-to", "x")
}

// TestWhatNeedsNoDatabase on the command line: what it says, what it refuses, and that it never succeeds where nobody can read what it says.
func TestWhatNeedsNoDatabase(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	const golden = "internal/evidence/scorefile/testdata/golden.csv"
	none := filepath.Join(t.TempDir(), "none")
	for _, c := range []struct {
		says string
		args []string
	}{
		{"ostoja development", []string{"version"}}, {"0 faults", []string{"course", "check", "courses/border-guard"}}, {"no faults", []string{"site", "check", "site"}},
		{"individual g", []string{"gain", "--individual", golden}}, {"{", []string{"gain", "--json", golden}}, {"", []string{"gain", golden}},
	} {
		if out, err := ostoja(t, c.args...); err != nil || !strings.Contains(out, c.says) {
			t.Errorf("%v: %v\n%s", c.args, err, out)
		}
		cmd := app.Command(func(string) string { return "" }, gone{})
		cmd.SetArgs(c.args)
		if err := cmd.ExecuteContext(t.Context()); err == nil {
			t.Errorf("%v hides that nobody can read what it says", c.args)
		}
	}
	for _, c := range []struct {
		why  string
		args []string
	}{
		{"percent or fractions", []string{"gain", "--scale", "x", golden}}, {"no such file", []string{"gain", none}}, {"no such file", []string{"course", "check", none}},
		{"", []string{"site", "check", "docs"}}, {"", []string{"site", "verify", none}},
	} {
		if out, err := ostoja(t, c.args...); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%v: %v\n%s", c.args, err, out)
		}
	}
}

// TestServing: a new installation says how to begin, serves until it is told to end, and says why where it cannot.
func TestServing(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	dir := t.TempDir()
	serve := func(ctx context.Context, out *console, args ...string) error {
		cmd := app.Command(func(string) string { return "" }, out)
		cmd.SetArgs(append([]string{"serve", "--data", dir, "--log-level", "error"}, args...))
		return cmd.ExecuteContext(ctx)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for why, args := range map[string][]string{
		"address already in use": {"--addr", "127.0.0.1:0", "--metrics-addr", taken.Addr().String()},
		"--log-level":            {"--addr", "127.0.0.1:0", "--log-level", "x"},
	} {
		if err := serve(t.Context(), &console{}, args...); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%v: %v", args, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out console
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, &out, "--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0") }()
	for begun := time.Now(); !strings.Contains(out.String(), "No mail server is configured") && time.Since(begun) < time.Minute; {
		select {
		case err := <-ended:
			t.Fatalf("it ended by itself: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for words, want := range map[string]bool{"Ostoja development serves": true, "/app/set-up/": true, "demo.example": false} {
		if strings.Contains(out.String(), words) != want {
			t.Errorf("%q: %v, in %s", words, !want, &out)
		}
	}
}
