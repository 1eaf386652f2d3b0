package dbtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/schema"
)

// errPlanted is what a statement fails with.
var errPlanted = errors.New("planted failure")

// Failing runs op again and again, each time with another of its statements failing, the first one first, until a run has met no
// failure. Each run with a failure must return an error, or somebody would be told of a success that was none; the last must succeed,
// or a failure before has left something behind. A statement that may fail without a word (it only hastens what happens anyway) is
// tolerated by a part of its text. It returns how many statements were tried.
func Failing(t testing.TB, d *db.DB, op func() error, tolerated ...string) (tried int) {
	t.Helper()
	return failing(t, d, op, tolerated, func(string) {})
}

// failing is [Failing], with what is asked after each run that a failure ended, by the statement's text.
func failing(t testing.TB, d *db.DB, op func() error, tolerated []string, ended func(text string)) (tried int) {
	t.Helper()
	defer d.Intercept(nil)
	for tried = 0; ; tried++ {
		failed := failAt(d, tried, tolerated)
		err := op()
		d.Intercept(nil)
		switch text := strings.Join(strings.Fields(failed()), " "); {
		case text == "" && err != nil:
			t.Errorf("after %d failures it no longer succeeds: %v", tried, err)
			return tried
		case text == "":
			return tried
		case err == nil:
			t.Errorf("a failure goes unnoticed: %s", text)
		default:
			ended(text)
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

// Step is an operation by its name; the statements in which a part of Silent stands may fail without a word. What is done in Parts may
// leave some of them done: it is more than one transaction, on purpose.
type Step struct {
	Name   string
	Do     func() error
	Silent []string
	Parts  bool
}

// EachFails tries steps as [Failing] does, one after another: each builds on those before it. A run that a failure ended must have left
// every row of the database as it was, letters and jobs among them.
func EachFails(t *testing.T, d *db.DB, steps []Step) {
	t.Helper()
	for _, s := range steps {
		t.Run(s.Name, func(t *testing.T) {
			if s.fails(t, d) == 0 {
				t.Error("no statement was tried")
			}
		})
	}
}

// fails tries a step, and returns how many of its statements were tried.
func (s Step) fails(t testing.TB, d *db.DB) int {
	t.Helper()
	before := content(t, d)
	return failing(t, d, s.Do, s.Silent, func(text string) {
		t.Helper()
		after := content(t, d)
		for table, rows := range after {
			if rows != before[table] && !s.Parts {
				t.Errorf("%s is half written once this has failed: %s", table, text)
			}
		}
		before = after
	})
}

// content returns the rows of each table, in an order of their own.
func content(t testing.TB, d *db.DB) map[string]string {
	t.Helper()
	tables := map[string]string{}
	for _, table := range schema.Tables {
		var rows []string
		if err := db.Rows(t.Context(), d, func(_ []string, values []any) error {
			rows = append(rows, fmt.Sprint(values...))
			return nil
		}, `SELECT * FROM `+table); err != nil {
			t.Fatal(err)
		}
		slices.Sort(rows)
		tables[table] = strings.Join(rows, "\n")
	}
	return tables
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
