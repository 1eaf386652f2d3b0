package report_test

import (
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/report"
	"ostoja/internal/report/reporttest"
)

// The desk with 15,000 learners, on SQLite. Each page should stay below 100 ms.
func BenchmarkDesk(b *testing.B) { benchmark(b, dbtest.SQLite(b)) }

// The same on PostgreSQL.
func BenchmarkDeskPostgres(b *testing.B) { benchmark(b, dbtest.Postgres(b)) }

func benchmark(b *testing.B, d *db.DB) {
	k := newDesk(b, d, reporttest.Large)
	for name, actor := range map[string]access.Actor{"all": k.everybody(), "organisation": k.actor(access.Coordinator, k.w.Units[0].Path)} {
		run := func(query string, fn func() error) {
			b.Run(name+"/"+query, func(b *testing.B) {
				for b.Loop() {
					if err := fn(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		people := func(query string, f report.Filter, s report.Sort, page int) {
			run("people/"+query, func() error {
				_, _, err := k.People(ctx, actor, "course-1", f, s, report.Page{Number: page, Size: 50})
				return err
			})
		}
		run("home", func() error { _, err := k.Home(ctx, actor); return err })
		run("overview", func() error { _, err := k.Overview(ctx, actor, "course-1", report.Filter{}); return err })
		run("overview-region", func() error {
			_, err := k.Overview(ctx, actor, "course-1", report.Filter{Region: "14", Figure: report.Passed})
			return err
		})
		c, err := k.Course(ctx, "course-1")
		if err != nil {
			b.Fatal(err)
		}
		run("behind", func() error { _, err := k.Behind(ctx, actor, c); return err })
		run("months", func() error { _, err := k.Months(ctx, "course-1"); return err })
		people("first", report.Filter{}, report.Sort{}, 1)
		people("last", report.Filter{}, report.Sort{Desc: true}, 100)
		people("search", report.Filter{Search: "nowak anna"}, report.Sort{}, 1)
		people("passed-in-month", report.Filter{Figure: report.Passed, Month: "2026-09"}, report.Sort{}, 1)
		people("stalled", report.Filter{Stalled: 14}, report.Sort{}, 1)
		for _, by := range report.Sorts[1:] {
			people("by-"+by, report.Filter{}, report.Sort{By: by, Desc: true}, 1)
		}
		run("candidates", func() error {
			_, _, err := k.Candidates(ctx, actor, "course-2", report.CandidateFilter{}, report.Page{Number: 1, Size: 50})
			return err
		})
		run("history", func() error { _, err := k.History(ctx, actor, k.w.People[0]); return err })
		run("export", func() error {
			_, _, err := k.People(ctx, actor, "course-1", report.Filter{}, report.Sort{}, report.Page{})
			return err
		})
	}
}
