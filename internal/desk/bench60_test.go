package desk_test

import (
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
)

// BenchmarkSixtyThousand measures the lists that everybody is in with 60,000 people, on SQLite. To compare two states of the
// program, put this file beside both, and run them in turn with a database that is kept: OSTOJA_BENCH_DB=/tmp/one.db.
func BenchmarkSixtyThousand(b *testing.B) {
	d := desktest.SixtyThousand(b)
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
