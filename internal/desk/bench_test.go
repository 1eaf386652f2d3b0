package desk_test

import (
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/desk/desktest"
)

// The desk with 15,000 learners, on SQLite. Each page should stay below 100 ms.
func BenchmarkDesk(b *testing.B) { benchmark(b, dbtest.SQLite(b)) }

// The same on PostgreSQL.
func BenchmarkDeskPostgres(b *testing.B) { benchmark(b, dbtest.Postgres(b)) }

func benchmark(b *testing.B, d *db.DB) {
	k := newDesk(b, d, desktest.Large)
	for name, actor := range map[string]access.Actor{"all": k.everybody(), "organisation": k.actor(access.Coordinator, k.w.Units[0].Path)} {
		run := func(query string, fn func() error) {
			b.Run(name+"/"+query, func(b *testing.B) {
				before := processorTime(b)
				for b.Loop() {
					if err := fn(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((processorTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			})
		}
		people := func(query string, f desk.Filter, s desk.Sort, page int) {
			run("people/"+query, func() error {
				_, _, err := k.People(ctx, actor, "course-1", f, s, desk.Page{Number: page, Size: 50})
				return err
			})
		}
		run("home", func() error { _, err := k.Home(ctx, actor); return err })
		run("overview", func() error { _, err := k.Overview(ctx, actor, "course-1", desk.Filter{}); return err })
		run("overview-region", func() error {
			_, err := k.Overview(ctx, actor, "course-1", desk.Filter{Region: "14", Figure: desk.Passed})
			return err
		})
		c, err := k.Course(ctx, "course-1")
		if err != nil {
			b.Fatal(err)
		}
		run("behind", func() error { _, err := k.Behind(ctx, actor, c); return err })
		run("months", func() error { _, err := k.Months(ctx, "course-1"); return err })
		people("first", desk.Filter{}, desk.Sort{}, 1)
		people("last", desk.Filter{}, desk.Sort{Desc: true}, 100)
		people("search", desk.Filter{Search: "nowak anna"}, desk.Sort{}, 1)
		people("passed-in-month", desk.Filter{Figure: desk.Passed, Month: "2026-09"}, desk.Sort{}, 1)
		people("stalled", desk.Filter{Stalled: 14}, desk.Sort{}, 1)
		for _, by := range desk.Sorts[1:] {
			people("by-"+by, desk.Filter{}, desk.Sort{By: by, Desc: true}, 1)
		}
		run("candidates", func() error {
			_, _, err := k.Candidates(ctx, actor, "course-2", desk.CandidateFilter{}, desk.Page{Number: 1, Size: 50})
			return err
		})
		run("history", func() error { _, err := k.History(ctx, actor, k.w.People[0]); return err })
		run("export", func() error {
			_, _, err := k.People(ctx, actor, "course-1", desk.Filter{}, desk.Sort{}, desk.Page{})
			return err
		})
	}
}
