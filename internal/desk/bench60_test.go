package desk_test

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/desk"
	"ostoja/internal/desk/desktest"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
	"ostoja/internal/list"
	"ostoja/internal/schema"
)

// BenchmarkSixtyThousand measures the lists that everybody is in with 60,000 people, on SQLite. To compare two states of the
// program, put this file beside both, and run them in turn with a database that is kept: OSTOJA_BENCH_DB=/tmp/one.db.
func BenchmarkSixtyThousand(b *testing.B) {
	d := sixtyThousand(b)
	k := &testDesk{w: &desktest.World{Now: desktest.Now}, d: d, clock: clock.NewFake(desktest.Now)}
	k.Service = desk.New(desk.Deps{DB: d, Clock: k.clock, Zone: desktest.Now.Location(), Courses: desktest.Catalogue{}})
	persons := people.NewFinder(d, k.clock)
	organisation, err := db.One[string](ctx, d, `SELECT path FROM unit WHERE parent_id IS NULL ORDER BY id LIMIT 1`)
	if err != nil {
		b.Fatal(err)
	}
	for name, actor := range map[string]access.Actor{"all": k.everybody(), "organisation": k.actor(access.Coordinator, organisation)} {
		run := func(what string, fn func() error) {
			b.Run(name+"/"+what, func(b *testing.B) {
				before := processorTime(b)
				for b.Loop() {
					if err := fn(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((processorTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			})
		}
		for what, f := range map[string]desk.CandidateFilter{"": {}, "-region": {Region: "14"}, "-search": {Search: "nowak anna"}} {
			for _, course := range []string{"course-1", "course-2"} { // nearly everybody is in the first, a third in the second
				run("candidates/"+course+what, func() error {
					_, _, err := k.Candidates(ctx, actor, course, f, desk.Page{Number: 1, Size: 50})
					return err
				})
			}
		}
		run("people", func() error {
			_, err := persons.Search(ctx, actor, people.Filter{Window: list.Window{Page: 1, Size: 50}})
			return err
		})
		for _, by := range []string{"unit", "state", "added"} {
			run("people-by-"+by, func() error {
				_, err := persons.Search(ctx, actor, people.Filter{Window: list.Window{Sort: by, Page: 1, Size: 50}})
				return err
			})
		}
		for what, f := range map[string]people.Filter{"search": {Text: "nowak anna"}, "state": {State: identity.Invited}, "role": {Role: access.Learner}} {
			run("people-"+what, func() error {
				f.Page, f.Size = 1, 50
				_, err := persons.Search(ctx, actor, f)
				return err
			})
		}
	}
}

// processorTime is what the process has used: the time that a clock shows depends on what else the machine does.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// sixtyThousand returns a database with 60,000 people, in whose first course nearly everybody is.
func sixtyThousand(b *testing.B) *db.DB {
	b.Helper()
	path := cmp.Or(os.Getenv("OSTOJA_BENCH_DB"), filepath.Join(b.TempDir(), "ostoja.db"))
	_, err := os.Stat(path)
	d, openErr := db.Open(context.Background(), path)
	if openErr != nil {
		b.Fatal(openErr)
	}
	b.Cleanup(func() { _ = d.Close() }) // a benchmark's
	if _, err := d.Migrate(ctx, schema.FS); err != nil {
		b.Fatal(err)
	}
	if err == nil {
		return d // kept from an earlier run
	}
	o := desktest.Large
	o.People = 60000
	desktest.Fill(b, d, o)
	// As long as they are in life, and in no order of the rows; of the first course few are left.
	err = d.Update(ctx, func(tx *db.Tx) error {
		for _, text := range []string{
			`UPDATE person SET sort_key = hex(sort_key) || hex(sort_key) || hex(sort_key), password_hash = hex(id)`,
			`UPDATE enrolment SET withdrawn_at = NULL WHERE course_id = 'course-1' AND substr(person_id, 33) > '00ff'`,
		} {
			if err := db.Exec(ctx, tx, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return d
}
