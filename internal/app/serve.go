package app

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"

	"ostoja/internal/db"
)

func (c *command) serve() *cobra.Command {
	demo, learners := false, 40
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the programme until interrupted", Args: cobra.NoArgs,
		Long: `Opens the database in --data (or --database), brings its schema up to date, and serves on --addr.

The first start on an empty database prints a single-use link for setting up the first administrator.
With --demo it fills an empty database with demonstration people and the shipped course, and prints whom to
sign in as. Never use --demo on the internet: everybody knows the password.`,
		Example: `  ostoja serve --demo
  ostoja serve --addr :8080 --base-url https://szkolenia.example.org --smtp smtp://mail.example.org`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(d *db.DB) error {
				if demo {
					if err := c.fillDemo(cmd.Context(), d, learners, ""); err != nil {
						return err
					}
				}
				return c.run(cmd.Context(), d, demo)
			})
		},
	}
	cmd.Flags().BoolVar(&demo, "demo", false, "fill an empty database with demonstration people")
	cmd.Flags().IntVar(&learners, "demo-learners", learners, "how many synthetic learners --demo makes")
	return cmd
}

func (c *command) logger() (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.config.LogLevel)); err != nil {
		return nil, fmt.Errorf("--log-level: %w", err)
	}
	options := &slog.HandlerOptions{Level: level}
	if c.config.LogJSON {
		return slog.New(slog.NewJSONHandler(os.Stderr, options)), nil
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options)), nil
}

// run serves until the context ends, then lets what is under way finish.
func (c *command) run(ctx context.Context, d *db.DB, demo bool) error {
	log, err := c.logger()
	if err != nil {
		return err
	}
	spareCollection()
	metrics := newMetrics()
	a, err := c.newApp(ctx, d, Options{Log: log, Observe: metrics.observe, Mail: c.printMail()})
	if err != nil {
		return err
	}
	handler, err := a.Handler()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.config.Addr)
	if err != nil {
		return err
	}
	if err := c.welcome(ctx, a, demo); err != nil {
		return errors.Join(err, listener.Close())
	}
	// Jobs end after the requests that may still add some, and before the database closes.
	working, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	var work sync.WaitGroup
	work.Go(func() { a.Work(working) })
	defer work.Wait()
	defer stopWork()
	servers := []*server{{http: newServer(handler, log), listener: listener}}
	if c.config.MetricsAddr != "" {
		metrics.watch(a)
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", promhttp.HandlerFor(metrics.registry, promhttp.HandlerOpts{}))
		listener, err := net.Listen("tcp", c.config.MetricsAddr)
		if err != nil {
			return err
		}
		servers = append(servers, &server{http: newServer(mux, log), listener: listener})
	}
	return serveAll(ctx, servers)
}

// spareCollection lets garbage grow to twice what is in use, since that is little: pages are served a tenth faster. Above half
// a gigabyte, which a small server may have to spare, memory counts more. GOGC and GOMEMLIMIT, where set, say otherwise.
func spareCollection() {
	const growth, most = 200, 512 << 20
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(growth)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(most)
	}
}

// addressless takes what net/http has to say, which names the visitor's address ("http: TLS handshake error from …"), and lets only
// the kind of it through, and why no connection can be accepted.
type addressless struct{ log *slog.Logger }

// Write notes that something was said.
func (a addressless) Write(text []byte) (int, error) {
	kind := "other"
	for _, known := range []string{"Accept error", "TLS handshake error", "panic serving", "superfluous response.WriteHeader call", "URL query contains semicolon"} {
		if strings.HasPrefix(string(text), "http: "+known) {
			kind = known
		}
	}
	why := ""
	if kind == "Accept error" { // tells of this machine alone: too many open files
		why = strings.TrimSpace(string(text))
	}
	a.log.Warn("connection", "kind", kind, "why", why)
	return len(text), nil
}

type server struct {
	http     *http.Server
	listener net.Listener
}

func newServer(h http.Handler, to *slog.Logger) *http.Server {
	return &http.Server{
		ErrorLog: log.New(addressless{to}, "", 0),
		Handler:  h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
}

// serveAll runs servers until the context ends or one fails, and then gives requests 20 seconds to finish.
func serveAll(ctx context.Context, servers []*server) error {
	failed := make(chan error, len(servers))
	for _, s := range servers {
		go func() { failed <- s.http.Serve(s.listener) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	for _, s := range servers {
		err = errors.Join(err, s.http.Shutdown(stopping))
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// printMail prints letters to the console of whoever started the program, while no mail server is configured. Their links
// are secrets, so they never go to the log.
func (c *command) printMail() func(string) {
	var mu sync.Mutex
	return func(text string) {
		mu.Lock()
		defer mu.Unlock()
		_, _ = fmt.Fprintln(c.out, text) // a console that is gone has no reader
	}
}

// welcome says where to go and as whom.
func (c *command) welcome(ctx context.Context, a *App, demo bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Ostoja %s serves %s\nSign in at %s/app/\n", Version, c.config.BaseURL, c.config.BaseURL)
	link, err := a.Identity.SetUpLink(ctx)
	switch {
	case err != nil:
		return err
	case link != "":
		fmt.Fprintf(&b, "\nNobody has an account yet. Set up the first administrator with this link, which works once:\n\n  %s\n", link)
	case demo:
		b.WriteString(demoPeople())
	}
	if c.config.SMTP == "" {
		b.WriteString("\nNo mail server is configured (--smtp): letters are printed here instead of sent.\n")
	}
	_, err = fmt.Fprintln(c.out, b.String())
	return err
}
