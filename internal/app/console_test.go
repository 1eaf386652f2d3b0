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
