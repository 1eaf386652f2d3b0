// Command mutate measures what the tests are worth: it plants faults, one at a time, and counts those that the tests of
// their area catch. A fault is a changed comparison or boolean operator, a condition turned round, a boundary moved by one,
// an error not returned, a predicate or order of an SQL text changed, or a line of the access tables weakened. They are
// drawn by a seed, which is printed, from all such places: none is left out because it is hard to test.
//
// Nothing is written into the tree: each fault is an overlay of the go command. A fault that does not compile is not
// counted. A survivor that changes nothing that anybody could see (an equivalent mutant) is argued for in argued.txt.
// Why this is our own program stands in docs/decisions/0023.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// arguedFile holds the survivors that are argued for: file, function, change and argument, parted by tabs.
const arguedFile = "internal/tools/mutate/argued.txt"

type options struct {
	root, pattern, at, kinds string
	seed                     uint64
	n, jobs, floor           int
	list, verbose, trust     bool
	timeout                  time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.root, "root", ".", "root of the module")
	flag.StringVar(&o.pattern, "package", "./...", "plant faults below this folder only, such as ./internal/learning/...")
	flag.StringVar(&o.at, "at", "", "plant all faults of one line, such as internal/learning/rules.go:159")
	flag.StringVar(&o.kinds, "kinds", "", "only these kinds, by commas: condition, boundary, error, sql, access")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().Unix()), "seed of the draw")
	flag.IntVar(&o.n, "n", 200, "how many faults")
	flag.IntVar(&o.jobs, "jobs", max(1, runtime.NumCPU()/2), "how many at the same time")
	flag.IntVar(&o.floor, "floor", 0, "fail if fewer than this percentage are caught")
	flag.BoolVar(&o.list, "list", false, "list the drawn faults and run nothing")
	flag.BoolVar(&o.verbose, "verbose", false, "print what is caught too, as it comes, and by which test; with -list, the lines for argued.txt")
	flag.BoolVar(&o.trust, "trust", false, "do not run the tests of an area before anything is changed there: they are known to pass")
	flag.DurationVar(&o.timeout, "timeout", 3*time.Minute, "for the tests of one package")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	root, err := os.Getwd()
	if o.root != "." {
		root = o.root
	}
	if err != nil {
		return err
	}
	all, err := collect(root)
	if err != nil {
		return err
	}
	if err := resolve(root, all); err != nil {
		return err
	}
	arguments, err := readArguments(root)
	if err != nil {
		return err
	}
	stale := arguments.stale(all)
	for _, s := range stale {
		fmt.Println("argued for, but no longer there:", s)
	}
	drawn := draw(filter(all, o), o)
	fmt.Printf("seed %d: drawing %d of %d faults (%d in the whole tree)\n", o.seed, min(o.n, len(drawn)), len(drawn), len(all))
	if o.list {
		for _, f := range drawn[:min(o.n, len(drawn))] {
			if fmt.Println(f); o.verbose {
				fmt.Printf("%s\tARGUMENT\n", f.key())
			}
		}
		return nil
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // temporary
	results, err := plantAll(runner{root, dir, o.timeout}, drawn, arguments, o)
	if err != nil {
		return err
	}
	return summarize(results, o.floor)
}

// filter keeps what was asked for.
func filter(all []fault, o options) []fault {
	prefix := strings.TrimSuffix(strings.TrimPrefix(o.pattern, "./"), "...")
	return slices.DeleteFunc(slices.Clone(all), func(f fault) bool {
		return !strings.HasPrefix(f.file, prefix) ||
			o.at != "" && o.at != fmt.Sprintf("%s:%d", f.file, f.line) ||
			o.kinds != "" && !slices.Contains(strings.Split(o.kinds, ","), f.kind)
	})
}

// draw shuffles by the seed; a run takes from the front until it has enough that compile.
func draw(list []fault, o options) []fault {
	r := rand.New(rand.NewPCG(o.seed, o.seed))
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

type result struct {
	fault
	outcome
}

// plantAll takes faults in turn until n have an outcome that counts. The tests must pass before anything is changed, or be trusted to.
func plantAll(r runner, drawn []fault, arguments arguments, o options) (results []result, err error) {
	var (
		mu     sync.Mutex
		group  sync.WaitGroup
		next   int
		counts int
		sound  = map[string]*sync.Once{}
		failed error
	)
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if failed != nil || counts >= o.n || next >= len(drawn) {
			return 0, false
		}
		next++
		counts++
		return next - 1, true
	}
	check := func(area string) {
		mu.Lock()
		once := sound[area]
		if once == nil {
			once = &sync.Once{}
			sound[area] = once
		}
		mu.Unlock()
		once.Do(func() {
			bad, out, err := r.test("", []string{"./" + area + "/..."})
			if err == nil && bad { // a test that depends on how busy the machine is may be unlucky once
				bad, out, err = r.test("", []string{"./" + area + "/..."})
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil && bad {
				err = fmt.Errorf("the tests of %s fail without any fault:\n%s", area, out)
			}
			if err != nil && failed == nil {
				failed = err
			}
		})
	}
	for range o.jobs {
		group.Go(func() {
			for {
				i, ok := take()
				if !ok {
					return
				}
				f := drawn[i]
				what, begun := argued, time.Now()
				var err error
				why, by := arguments[f.key()], ""
				if why == "" {
					if !o.trust {
						for _, a := range f.areas {
							check(a)
						}
					}
					what, by, err = r.plant(i, f)
				}
				mu.Lock()
				if err != nil && failed == nil {
					failed = err
				}
				if what == invalid {
					counts--
				} else {
					results = append(results, result{f, what})
					if what != caught || o.verbose {
						fmt.Printf("%-8s %s (%.0f s) %s%s\n", what, f, time.Since(begun).Seconds(), why, by)
					}
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return results, failed
}

// summarize prints the counts by area and kind, and the survivors as lines for argued.txt.
func summarize(results []result, floor int) error {
	type count struct{ caught, survived, argued, late int }
	tables := []map[string]*count{{}, {}, {}}
	for _, r := range results {
		for i, key := range []string{areaOf(r.file), r.kind, "all"} {
			c := tables[i][key]
			if c == nil {
				c = &count{}
				tables[i][key] = c
			}
			switch r.outcome {
			case caught:
				c.caught++
			case survived:
				c.survived++
			case argued:
				c.argued++
			case late:
				c.late++
			}
		}
	}
	fmt.Printf("\n%-24s %7s %9s %7s %7s %6s\n", "", "caught", "survived", "argued", "late", "share")
	share := 100.0
	for _, table := range tables {
		keys := make([]string, 0, len(table))
		for k := range table {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			c := table[k]
			if c.caught+c.survived > 0 {
				share = 100 * float64(c.caught) / float64(c.caught+c.survived)
			}
			fmt.Printf("%-24s %7d %9d %7d %7d %5.0f%%\n", k, c.caught, c.survived, c.argued, c.late, share)
		}
		fmt.Println()
	}
	for _, r := range results {
		if r.outcome == survived {
			fmt.Printf("%s\tARGUMENT\n", r.key())
		}
	}
	if share < float64(floor) {
		return fmt.Errorf("%.1f %% were caught; at least %d %% must be", share, floor)
	}
	return nil
}

// arguments are the survivors that are argued for, by place and change.
type arguments map[string]string

func readArguments(root string) (arguments, error) {
	list := arguments{}
	file, err := os.Open(root + "/" + arguedFile)
	if os.IsNotExist(err) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, "\t")
		if len(parts) != 4 || parts[3] == "" || parts[3] == "ARGUMENT" {
			return nil, fmt.Errorf("%s: not file, function, change and argument, parted by tabs: %q", arguedFile, line)
		}
		list[strings.Join(parts[:3], "\t")] = parts[3]
	}
	return list, lines.Err()
}

// stale lists what is argued for and stands nowhere any more.
func (a arguments) stale(all []fault) (list []string) {
	there := map[string]bool{}
	for _, f := range all {
		there[f.key()] = true
	}
	for key := range a {
		if !there[key] {
			list = append(list, key)
		}
	}
	slices.Sort(list)
	return list
}
