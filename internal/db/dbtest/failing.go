package dbtest

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"ostoja/internal/db"
)

// errPlanted is what a statement fails with.
var errPlanted = errors.New("planted failure")

// Failing runs op again and again, each time with another of its statements failing, the first one first, until a run has met no
// failure. Each run with a failure must return an error, or somebody would be told of a success that was none; the last must succeed,
// or a failure before has left something behind. A statement that may fail without a word (it only hastens what happens anyway) is
// tolerated by a part of its text. It returns how many statements were tried.
func Failing(t testing.TB, d *db.DB, op func() error, tolerated ...string) (tried int) {
	t.Helper()
	defer d.Intercept(nil)
	for tried = 0; ; tried++ {
		failed := failAt(d, tried, tolerated)
		err := op()
		d.Intercept(nil)
		switch text := failed(); {
		case text == "" && err != nil:
			t.Errorf("after %d failures it no longer succeeds: %v", tried, err)
			return tried
		case text == "":
			return tried
		case err == nil:
			t.Errorf("a failure goes unnoticed: %s", strings.Join(strings.Fields(text), " "))
		}
	}
}

// FailingOnce is [Failing] for what can be done once alone, and is over as soon as it succeeds. It may succeed in spite of a failure
// only where the statement that failed has a part of after: what is read once all is committed only hastens something.
func FailingOnce(t testing.TB, d *db.DB, op func() error, after ...string) (tried int) {
	t.Helper()
	defer d.Intercept(nil)
	for tried = 0; ; tried++ {
		failed := failAt(d, tried, nil)
		err := op()
		d.Intercept(nil)
		switch text := failed(); {
		case text == "" && err != nil:
			t.Errorf("after %d failures it no longer succeeds: %v", tried, err)
			return tried
		case err == nil && text != "" && !slices.ContainsFunc(after, func(part string) bool { return strings.Contains(text, part) }):
			t.Errorf("a failure goes unnoticed: %s", strings.Join(strings.Fields(text), " "))
			return tried
		case err == nil:
			return tried
		}
	}
}

// Step is an operation by its name; the statements in which a part of Silent stands may fail without a word.
type Step struct {
	Name   string
	Do     func() error
	Silent []string
}

// EachFails tries steps as [Failing] does, one after another: each builds on those before it.
func EachFails(t *testing.T, d *db.DB, steps []Step) {
	t.Helper()
	for _, s := range steps {
		t.Run(s.Name, func(t *testing.T) {
			if Failing(t, d, s.Do, s.Silent...) == 0 {
				t.Error("no statement was tried")
			}
		})
	}
}

// failAt has the statement fail before which so many have run. failed returns its text, "" if there was none.
func failAt(d *db.DB, after int, tolerated []string) (failed func() string) {
	var mu sync.Mutex
	text, run := "", 0
	d.Intercept(func(statement string) error {
		mu.Lock()
		defer mu.Unlock()
		begins := func(word string) bool { return strings.HasPrefix(statement, word) }
		if slices.ContainsFunc([]string{"SAVEPOINT", "RELEASE", "ROLLBACK"}, begins) || slices.ContainsFunc(tolerated, func(part string) bool { return strings.Contains(statement, part) }) {
			return nil
		}
		if run++; run-1 != after || text != "" {
			return nil
		}
		text = statement
		return errPlanted
	})
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return text
	}
}
