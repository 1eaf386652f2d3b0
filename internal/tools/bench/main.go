// Command bench measures the program as its users meet it, with 15,000 learners in the database: learner pages and whole
// journeys per second, latency, memory, start-up, and the weight of a lesson page in a real browser; pages of the public site
// beside nginx serving the same bytes. It starts bin/ostoja on
// a database of its own and sends traffic to the loopback address only.
//
//	go run ./internal/tools/bench [-learners 15000] [-seconds 10] [-database postgres://…]
//
// The load generator shares the machine's processors with the program, as the comparison in the README says of both.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type options struct {
	binary   string
	learners int
	seconds  int
	database string
	course   string
	against  string
	pairs    int
	many     int
	roomOnly bool
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/ostoja", "the program to measure")
	flag.IntVar(&o.learners, "learners", 15000, "synthetic learners in the database")
	flag.IntVar(&o.seconds, "seconds", 10, "length of each measurement")
	flag.StringVar(&o.database, "database", "", "database to measure on (default: SQLite in a temporary folder)")
	flag.StringVar(&o.course, "course", "courses/border-guard", "the course that is taken")
	flag.StringVar(&o.against, "against", "", "another build to compare with, instead of measuring one by itself (scripts/bench --against REVISION makes it)")
	flag.IntVar(&o.pairs, "pairs", 11, "how many pairs of measurements a comparison makes of each")
	flag.IntVar(&o.many, "many", 60000, "people in the database for lists and files of a comparison; 0 leaves them out")
	flag.BoolVar(&o.roomOnly, "room", false, "measure a room of the case laboratory and nothing else")
	flag.Parse()
	measure := run
	if o.against != "" {
		measure = against
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := measure(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "ostoja-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // temporary
	p := &program{options: o, dir: dir}
	begin := time.Now()
	if err := p.fill(ctx); err != nil {
		return err
	}
	report("database filled with %d learners", "%s", o.learners, time.Since(begin).Round(time.Second))
	if o.roomOnly {
		if err := p.start(ctx); err != nil {
			return err
		}
		defer p.stop()
		return room(ctx, p)
	}
	if err := p.coldStarts(ctx); err != nil {
		return err
	}
	if err := p.start(ctx); err != nil {
		return err
	}
	defer p.stop()
	time.Sleep(2 * time.Second)
	report("memory idle after start", "%d MiB", p.memory())
	slow := readers(ctx, p) // told of at the end: the other figures are wanted all the same
	if slow != nil && !errors.Is(slow, errSlow) {
		return slow
	}
	if err := lessons(ctx, p); err != nil {
		return err
	}
	if err := journeys(ctx, p); err != nil {
		return err
	}
	late := room(ctx, p) // told of at the end, as above
	if late != nil && !errors.Is(late, errSlowRoom) {
		return late
	}
	report("memory after load (peak %d MiB)", "%d MiB", p.peak(), p.memory())
	return errors.Join(weigh(ctx, p), slow, late)
}

// report prints a line; the label's arguments come before the value's.
func report(label, value string, args ...any) {
	n := strings.Count(label, "%") // labels have no escaped signs
	fmt.Printf("%-58s %s\n", fmt.Sprintf(label, args[:n]...), fmt.Sprintf(value, args[n:]...))
}

// program is the measured process.
type program struct {
	options
	dir  string
	addr string
	cmd  *exec.Cmd
}

func (p *program) arguments(command ...string) []string {
	args := append(command, "--data", p.dir)
	if p.database != "" {
		args = append(args, "--database", p.database)
	}
	return args
}

func (p *program) fill(ctx context.Context) error {
	args := p.arguments("demo", "--learners", strconv.Itoa(p.learners), "--course", p.course)
	cmd := exec.CommandContext(ctx, p.binary, args...)
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

func (p *program) base() string { return "http://" + p.addr }

// start starts the program and waits until it is ready.
func (p *program) start(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p.addr = listener.Addr().String()
	if err := listener.Close(); err != nil {
		return err
	}
	p.cmd = exec.CommandContext(ctx, p.binary, p.arguments("serve", "--addr", p.addr, "--log-level", "warn")...)
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return err
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if r, err := http.Get(p.base() + "/readyz"); err == nil { //nolint:noctx // a short loop
			ready := r.StatusCode == http.StatusOK
			if err := r.Body.Close(); err == nil && ready {
				return nil
			}
		}
	}
	return fmt.Errorf("the program is not ready after 30 seconds")
}

func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails only where it has ended already
	_ = p.cmd.Wait()                          // ended by the signal
}

// coldStarts measures from the start of the process to the first answer of /readyz; the median of five.
func (p *program) coldStarts(ctx context.Context) error {
	var took []time.Duration
	for range 5 {
		begin := time.Now()
		if err := p.start(ctx); err != nil {
			return err
		}
		took = append(took, time.Since(begin))
		p.stop()
	}
	report("start until ready (median of 5)", "%d ms", percentile(took, 50).Milliseconds())
	return nil
}

// memory returns the resident memory in MiB.
func (p *program) memory() int { return p.status("VmRSS") }

// peak returns the highest resident memory in MiB.
func (p *program) peak() int { return p.status("VmHWM") }

func (p *program) status(name string) int {
	f, err := os.Open(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "status"))
	if err != nil {
		return 0
	}
	defer f.Close() //nolint:errcheck // only read
	for s := bufio.NewScanner(f); s.Scan(); {
		if value, ok := strings.CutPrefix(s.Text(), name+":"); ok {
			kb, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			if err != nil {
				return 0
			}
			return kb >> 10
		}
	}
	return 0
}
