package db_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// line passes connections on to a server, until it is cut or frozen.
type line struct {
	address string // of a database behind it
	mu      sync.Mutex
	ends    []net.Conn
	frozen  atomic.Bool // nothing passes and nothing is said: a cable that was pulled
	cut     atomic.Bool // connections are closed, and new ones too: a server that went away
}

func newLine(t *testing.T, address string) *line {
	t.Helper()
	u, err := url.Parse(address) // the server's socket is a parameter: postgres:///name?host=DIR
	if err != nil {
		t.Fatal(err)
	}
	const socket = ".s.PGSQL.5432"
	parameters, dir := u.Query(), t.TempDir()
	server := filepath.Join(parameters.Get("host"), socket)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(dir, socket))
	if err != nil {
		t.Fatal(err)
	}
	parameters.Set("host", dir)
	u.RawQuery = parameters.Encode()
	x := &line{address: u.String()}
	t.Cleanup(func() { _ = l.Close(); x.end() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := (&net.Dialer{}).Dial("unix", server)
			if err != nil || x.cut.Load() {
				_ = near.Close()
				continue
			}
			x.mu.Lock()
			x.ends = append(x.ends, near, far)
			x.mu.Unlock()
			go x.pass(near, far)
			go x.pass(far, near)
		}
	}()
	return x
}

func (x *line) pass(to io.Writer, from io.Reader) {
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		if !x.frozen.Load() {
			_, _ = to.Write(b[:n])
		}
	}
}

// end closes all connections.
func (x *line) end() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, c := range x.ends {
		_ = c.Close()
	}
	x.ends = nil
}

// TestWhoIsDeafKeepsNothing: however the connection that listens is lost, what is kept is dropped within two seconds, again and again
// until it is there anew, and notices are heard then. (Ten seconds bear with a busy machine; it was thirty.)
func TestWhoIsDeafKeepsNothing(t *testing.T) {
	address := dbtest.PostgresURL(t)
	if !strings.Contains(address, "host=") {
		t.Skip("a server without a socket of its own")
	}
	for name, loss := range map[string]struct{ lose, mend func(x *line, speaker *db.DB) }{
		"ended by the server": {
			func(_ *line, speaker *db.DB) {
				_, err := db.All[bool](t.Context(), speaker, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ostoja notices'`)
				if err != nil {
					t.Fatal(err)
				}
			}, func(*line, *db.DB) {},
		},
		"a server that is away": {func(x *line, _ *db.DB) { x.cut.Store(true); x.end() }, func(x *line, _ *db.DB) { x.cut.Store(false) }},
		"a line that is silent": {func(x *line, _ *db.DB) { x.frozen.Store(true) }, func(x *line, _ *db.DB) { x.frozen.Store(false); x.end() }},
	} {
		t.Run(name, func(t *testing.T) {
			speaker, err := db.Open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = speaker.Close() }()
			x := newLine(t, address)
			d, err := db.Open(t.Context(), x.address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close() }()
			heard := make(chan string, 1000)
			d.OnNotice("topic", func(about string) { heard <- about })
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() { defer close(ended); d.Listen(ctx, func(error) {}) }()
			defer func() { stop(); <-ended }()
			wait := func(what string) {
				t.Helper()
				begin, late := time.Now(), time.After(10*time.Second)
				for {
					select {
					case about := <-heard:
						if about == what {
							t.Logf("%q after %s", what, time.Since(begin).Round(time.Millisecond))
							return
						}
					case <-late:
						t.Fatalf("%q is not heard within ten seconds", what)
					}
				}
			}
			wait("")
			say := func(about string) {
				t.Helper()
				if err := speaker.Notify(t.Context(), "topic", about); err != nil {
					t.Fatal(err)
				}
			}
			say("before")
			wait("before")
			loss.lose(x, speaker)
			say("missed, maybe")
			wait("")
			loss.mend(x, speaker)
			for end := time.Now().Add(10 * time.Second); ; { // heard as soon as it listens anew
				say("after")
				select {
				case about := <-heard:
					if about == "after" {
						return
					}
				case <-time.After(50 * time.Millisecond):
				}
				if time.Now().After(end) {
					t.Fatal("nothing is heard any more")
				}
			}
		})
	}
}
