package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"ostoja/internal/app/demo"
)

// A comparison measures two builds side by side: the build before makes a database, this one takes a copy of it as an upgrade does, and
// both get the same requests in turn, so that what else the machine does meets both. What counts is the median of the ratios of
// processor time, new to old.
type comparison struct {
	sides [2]*program // the build before and this one
	pairs int
	over  []string // what missed its bound
}

// against compares o.binary with o.against.
func against(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp("", "ostoja-against-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c := &comparison{pairs: o.pairs}
	fmt.Printf("%-44s %12s %12s %8s %7s\n", "median of pairs", "before", "now", "ratio", "bound")
	for _, stage := range []struct {
		learners int
		run      func(context.Context) error
	}{{o.learners, c.few}, {o.many, c.crowd}} {
		if stage.learners == 0 {
			continue
		}
		if err := c.open(ctx, o, filepath.Join(dir, strconv.Itoa(stage.learners)), stage.learners); err != nil {
			return err
		}
		err := stage.run(ctx)
		for _, p := range c.sides {
			p.stop()
		}
		if err != nil {
			return err
		}
	}
	if len(c.over) > 0 {
		return fmt.Errorf("%w: %v", errSlow, c.over)
	}
	return nil
}

// open fills a database by the build before and starts both programs, this one on a copy. So both show the same course, which this build might
// refuse to publish, as rules become stricter.
func (c *comparison) open(ctx context.Context, o options, dir string, learners int) error {
	for i, binary := range []string{o.against, o.binary} {
		p := &program{options: o, dir: filepath.Join(dir, strconv.Itoa(i))}
		p.binary, p.learners, p.database = binary, learners, ""
		if i == 0 {
			if err := p.fill(ctx); err != nil {
				return err
			}
		} else if err := os.CopyFS(p.dir, os.DirFS(c.sides[0].dir)); err != nil {
			return err
		}
		c.sides[i] = p
	}
	for _, p := range c.sides {
		if err := p.start(ctx); err != nil {
			return err
		}
	}
	for _, p := range c.sides {
		p.rest()
	}
	return nil
}

// inTurn calls do for both sides in turn, the first of a pair changing, and reports the medians of what it returns.
func (c *comparison) inTurn(what string, bound float64, pairs int, do func(p *program, side, round int) (time.Duration, error)) error {
	var took [2][]time.Duration
	var ratios []float64
	for round := range pairs + 1 {
		var pair [2]time.Duration
		for k := range 2 {
			side := (round + k) % 2
			d, err := do(c.sides[side], side, round)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", what, []string{"before", "now"}[side], err)
			}
			pair[side] = d
		}
		if round == 0 {
			continue // warms up
		}
		ratios = append(ratios, float64(pair[1])/float64(pair[0]))
		for i := range pair {
			took[i] = append(took[i], pair[i])
		}
	}
	slices.Sort(ratios)
	ratio := ratios[len(ratios)/2]
	c.line(what, short(percentile(took[0], 50)), short(percentile(took[1], 50)), ratio, bound)
	return nil
}

func (c *comparison) line(what, before, now string, value, bound float64) {
	mark := ""
	if value > bound {
		mark = "  over"
		c.over = append(c.over, what)
	}
	fmt.Printf("%-44s %12s %12s %8.3f %7.2f%s\n", what, before, now, value, bound, mark)
}

func short(d time.Duration) string {
	if d > 10*time.Millisecond {
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(100 * time.Nanosecond).String()
}

// spent returns the program's processor time for n calls of do, each.
func spent(p *program, n int, do func() error) (time.Duration, error) {
	before, err := p.clock()
	if err != nil {
		return 0, err
	}
	for range n {
		if err := do(); err != nil {
			return 0, err
		}
	}
	after, err := p.clock()
	return (after - before) / time.Duration(n), err
}

// clock reads the processor time of the process to the nanosecond, of threads that have ended too: clock_getcpuclockid(3)
// makes the clock's number of the process's.
func (p *program) clock() (time.Duration, error) {
	var t syscall.Timespec
	id := ^p.cmd.Process.Pid<<3 | 2
	if _, _, e := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, uintptr(id), uintptr(unsafe.Pointer(&t)), 0); e != 0 {
		return 0, e
	}
	return time.Duration(t.Nano()), nil
}

var reportLink = regexp.MustCompile(`/app/evidence/tests/[a-z0-9-]+`)

// few measures what every reader, participant and coordinator meets, with the usual number of learners.
func (c *comparison) few(ctx context.Context) error {
	const same = 1.03
	var lesson, desk [2]*learner
	var lessonPath, gainPath [2]string
	for i, p := range c.sides {
		var err error
		if lesson[i], lessonPath[i], err = p.atLesson(ctx, inStage(demo.UnderWay, p.learners)[0]); err != nil {
			return err
		}
		if desk[i], err = p.signedIn(ctx, "admin@demo.example"); err != nil {
			return err
		}
		list, err := desk[i].get(ctx, "/app/evidence")
		if err != nil {
			return err
		}
		if gainPath[i] = reportLink.FindString(list.body); gainPath[i] == "" {
			return errors.New("no report is linked at /app/evidence")
		}
	}
	visitor, err := newLearner("")
	if err != nil {
		return err
	}
	who := inStage(demo.BeforeTest, c.sides[0].learners)
	return errors.Join(
		c.inTurn("lesson page", same, c.pairs, func(p *program, side, _ int) (time.Duration, error) {
			return spent(p, 40, func() error { return lesson[side].fetch(ctx, lessonPath[side]) })
		}),
		c.inTurn("journey", same, c.pairs, func(p *program, _, round int) (time.Duration, error) {
			l, err := newLearner(p.base())
			if err != nil {
				return 0, err
			}
			return spent(p, 1, func() error { return l.journey(ctx, who[round]) })
		}),
		c.inTurn("gain report", same, c.pairs, func(p *program, side, _ int) (time.Duration, error) {
			return spent(p, 3, func() error { return desk[side].fetch(ctx, gainPath[side]) })
		}),
		c.inTurn("reader page", same, c.pairs, func(p *program, _, _ int) (time.Duration, error) {
			visitor.base = p.base()
			return spent(p, 1000, func() error { return visitor.fetch(ctx, readerPage) })
		}),
		c.waiting(ctx),
	)
}

// waiting measures how long 30 readers wait who ask for a lesson at once of a program that has just been started.
func (c *comparison) waiting(ctx context.Context) error {
	const crowd = 30
	var readers [2][]*learner
	var paths [2][]string
	for i, p := range c.sides {
		for _, n := range inStage(demo.UnderWay, p.learners)[:crowd] {
			l, path, err := p.atLesson(ctx, n)
			if err != nil {
				return err
			}
			readers[i], paths[i] = append(readers[i], l), append(paths[i], path)
		}
	}
	return c.inTurn("cold start, 30 readers wait (time)", 0.10, min(c.pairs, 5), func(p *program, side, _ int) (time.Duration, error) {
		p.stop()
		if err := p.start(ctx); err != nil {
			return 0, err
		}
		p.rest()
		begin := time.Now()
		var group sync.WaitGroup
		failed := make([]error, crowd)
		for i, l := range readers[side] {
			l.base = p.base()
			group.Go(func() { failed[i] = l.fetch(ctx, paths[side][i]) })
		}
		group.Wait()
		return time.Since(begin), errors.Join(failed...)
	})
}

// crowd measures lists of very many people, and their files.
func (c *comparison) crowd(ctx context.Context) error {
	var desk [2]*learner
	for i, p := range c.sides {
		var err error
		if desk[i], err = p.signedIn(ctx, "admin@demo.example"); err != nil {
			return err
		}
	}
	for _, page := range []struct{ what, path string }{
		{"enrol page, many people", "/app/desk/border-guard/enrol"}, {"evidence list, many people", "/app/evidence"}, {"people list, many people", "/app/people"},
	} {
		err := c.inTurn(page.what, 0.05, c.pairs, func(p *program, side, _ int) (time.Duration, error) {
			return spent(p, 1, func() error { return desk[side].fetch(ctx, page.path) })
		})
		if err != nil {
			return err
		}
	}
	for _, file := range []string{"xlsx", "csv"} {
		var above [2]int
		for i, p := range c.sides {
			var err error
			if above[i], err = p.above(func() error { return desk[i].fetch(ctx, "/app/people/export."+file) }); err != nil {
				return err
			}
		}
		c.line(file+" of many people, MiB above rest", strconv.Itoa(above[0]), strconv.Itoa(above[1]), float64(above[1]), 32)
	}
	return nil
}

// above returns by how many MiB the resident memory rises at most while do runs.
func (p *program) above(do func() error) (int, error) {
	p.rest()
	// 5 sets the peak back to what is resident now (proc(5), clear_refs).
	if err := os.WriteFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "clear_refs"), []byte("5"), 0o200); err != nil {
		return 0, err
	}
	rest := p.memory()
	err := do()
	return p.peak() - rest, err
}

// signedIn returns a client of one of the demonstration's people.
func (p *program) signedIn(ctx context.Context, mail string) (*learner, error) {
	l, err := newLearner(p.base())
	if err != nil {
		return nil, err
	}
	answer, err := l.post(ctx, "/app/sign-in", url.Values{"name": {mail}, "password": {demo.Password}})
	if err == nil && answer.url == "/app/sign-in" {
		err = fmt.Errorf("%s was not signed in", mail)
	}
	return l, err
}

// atLesson returns a learner and the first lesson of the learner's course.
func (p *program) atLesson(ctx context.Context, n int) (*learner, string, error) {
	l, err := p.signedIn(ctx, demo.LearnerMail(n))
	if err != nil {
		return nil, "", err
	}
	enrolment, err := l.enrolment(ctx)
	if err != nil {
		return nil, "", err
	}
	overview, err := l.get(ctx, "/app/learn/"+enrolment)
	if err != nil {
		return nil, "", err
	}
	path := lessonLink.FindString(overview.body)
	if path == "" {
		err = errors.New("no lesson on the course's page")
	}
	return l, path, err
}
