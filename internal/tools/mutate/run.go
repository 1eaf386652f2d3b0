package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// An outcome says what became of a fault.
type outcome string

// The outcomes.
const (
	caught   outcome = "caught"
	survived outcome = "SURVIVED"
	argued   outcome = "argued"
	invalid  outcome = "invalid" // it does not compile, and is not counted
	late     outcome = "LATE"    // the tests were not over in time: it never ends, or the machine was busy. Only a person can tell
)

// runner plants faults in an overlay: nothing is written into the tree.
type runner struct {
	root    string
	dir     string // for the overlays
	timeout time.Duration
}

// plant runs the tests of the fault's area against the changed file: its own package first, since that is the quickest,
// then the rest of the area. by is the test that caught it, for who doubts that it was the fault and not the machine.
func (r runner) plant(n int, f fault) (what outcome, by string, err error) {
	content, err := os.ReadFile(filepath.Join(r.root, f.file))
	if err != nil {
		return "", "", err
	}
	changed := filepath.Join(r.dir, fmt.Sprintf("%d.go", n))
	text := string(content[:f.start]) + f.with + string(content[f.end:])
	if err := os.WriteFile(changed, []byte(text), 0o600); err != nil {
		return "", "", err
	}
	overlay := filepath.Join(r.dir, fmt.Sprintf("%d.json", n))
	table, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(r.root, f.file): changed}})
	if err != nil {
		return "", "", err
	}
	if err := os.WriteFile(overlay, table, 0o600); err != nil {
		return "", "", err
	}
	own := "./" + path.Dir(f.file)
	if out, err := r.command(r.timeout, "go", "build", "-o", os.DevNull, "-overlay", overlay, own); err != nil {
		if errors.Is(err, context.DeadlineExceeded) || strings.Contains(out, "no space left") {
			return "", "", fmt.Errorf("%s: %w: %s", f, err, out)
		}
		return invalid, "", nil
	}
	runs := [][]string{{own}, {}}
	for _, a := range f.areas {
		runs[1] = append(runs[1], "./"+a+"/...")
	}
	for _, packages := range runs {
		failed, out, err := r.test(overlay, packages)
		by := failing(out)
		switch {
		case err != nil:
			return "", "", err
		case failed && (by == "" || strings.Contains(by, "timed out")):
			return late, by, nil
		case failed:
			return caught, by, nil
		}
	}
	return survived, "", nil
}

// failing names the first test that failed, or what else ended the run.
func failing(out string) string {
	if m := regexp.MustCompile(`--- FAIL: (\S+)`).FindStringSubmatch(out); m != nil {
		return m[1]
	}
	first, _, _ := strings.Cut(regexp.MustCompile(`(?m)^(panic|fatal error|FAIL|runtime): .*|test timed out.*`).FindString(out), "\n")
	return first
}

// test runs the tests of packages and says whether any failed. A test may neither hang nor eat the machine's memory.
func (r runner) test(overlay string, packages []string) (failed bool, out string, err error) {
	args := []string{"test", "-vet=off", "-failfast", "-timeout", r.timeout.String()}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	if prlimit, err := exec.LookPath("prlimit"); err == nil {
		args = append(args, "-exec", prlimit+" --data=8000000000")
	}
	out, err = r.command(r.timeout*time.Duration(1+len(packages)), "go", append(args, packages...)...)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false, out, nil
	case strings.Contains(out, "[build failed]") || strings.Contains(out, "[setup failed]"): // no test has said anything
		return false, out, fmt.Errorf("the tests do not compile:\n%s", out)
	case errors.As(err, &exit), errors.Is(err, context.DeadlineExceeded):
		return true, out, nil
	}
	return false, out, err
}

func (r runner) command(timeout time.Duration, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = r.root
	c.WaitDelay = 5 * time.Second
	out, err := c.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return string(out), err
}
