package report

import (
	"context"
	"testing"
	"time"
	"fmt"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/report/reporttest"
)

func TestExperiment(t *testing.T) {
	d := dbtest.SQLite(t)
	begin := time.Now()
	reporttest.Fill(t, d, reporttest.Large)
	t.Log("fill", time.Since(begin))
	ctx := context.Background()
	first := func(c string) string {
		return "(CASE WHEN l.round = 1 THEN l." + c + " ELSE (SELECT MIN(o." + c + ") FROM enrolment o WHERE o.person_id = l.person_id AND o.course_id = l.course_id) END)"
	}
	latest := "NOT EXISTS (SELECT 1 FROM enrolment n WHERE n.person_id = l.person_id AND n.course_id = l.course_id AND n.round > l.round)"
	run := func(name, q string, args ...any) {
		for range 4 {
			begin := time.Now()
			n := 0
			err := db.Rows(ctx, d, func([]string, []any) error { n++; return nil }, q, args...)
			if err != nil { t.Fatal(name, err) }
			fmt.Println(name, n, time.Since(begin))
		}
	}
	figs := "COUNT(*), COUNT(" + first("started_at") + "), COUNT(" + first("finished_at") + "), COUNT(" + first("passed_at") + "), COUNT(*) FILTER (WHERE l.started_at IS NOT NULL AND l.passed_at IS NULL AND l.withdrawn_at IS NULL), COUNT(l.withdrawn_at)"
	for _, ix := range []string{"", "CREATE INDEX x1 ON enrolment (course_id, person_id, round, created_at, started_at, finished_at, passed_at, withdrawn_at)", "CREATE INDEX x2 ON person (id, unit_id, region)"} {
		if ix != "" { if err := d.Administer(ctx, ix); err != nil { t.Fatal(err) }; d.Administer(ctx, "ANALYZE"); fmt.Println(ix) }
		run("totals", "SELECT "+figs+" FROM enrolment l WHERE l.course_id = ? AND "+latest, "course-1")
		run("totals-all", "SELECT course_id, "+figs+" FROM enrolment l WHERE "+latest+" GROUP BY l.course_id")
		run("totals-noexists", "SELECT "+figs+" FROM enrolment l WHERE l.course_id = ? ", "course-1")
		run("cte", "WITH r AS (SELECT e.person_id, MAX(e.round) AS round, MIN(e.created_at) AS i, MIN(e.started_at) AS s, MIN(e.finished_at) AS f, MIN(e.passed_at) AS p FROM enrolment e WHERE e.course_id = ? GROUP BY e.person_id) SELECT COUNT(*), COUNT(s), COUNT(f), COUNT(p) FROM r", "course-1")
		run("units", "SELECT p.unit_id, p.region, "+figs+" FROM enrolment l JOIN person p ON p.id = l.person_id WHERE l.course_id = ? AND "+latest+" GROUP BY p.unit_id, p.region", "course-1")
		run("raw", "SELECT p.unit_id, p.region, "+first("created_at")+", "+first("started_at")+", "+first("finished_at")+", "+first("passed_at")+", l.withdrawn_at, l.round FROM enrolment l JOIN person p ON p.id = l.person_id WHERE l.course_id = ? AND "+latest, "course-1")
		run("raw-noperson", "SELECT "+first("created_at")+", "+first("started_at")+", "+first("finished_at")+", "+first("passed_at")+", l.withdrawn_at, l.round FROM enrolment l WHERE l.course_id = ? AND "+latest, "course-1")
		run("page", "SELECT p.id, p.family_name, l.id, (SELECT MAX(a.percent) FROM attempt a WHERE a.enrolment_id = l.id) FROM enrolment l JOIN person p ON p.id = l.person_id WHERE l.course_id = ? AND "+latest+" ORDER BY p.sort_key, p.id LIMIT 50", "course-1")
	}
}
