package report_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/id"
	"ostoja/internal/measurement"
	"ostoja/internal/project"
	"ostoja/internal/report/freeze"
	"ostoja/internal/testrig/measured"
)

// BenchmarkTable compares the table of a project of a national service with the gain report over the same people, each taken just after a change: 15,000 people, three years,
// 2,000 trainings. "x-gain-report" says how many times the table is faster; it should be 3 or more. The gain report comes first, so that what is read by both is read by it.
func BenchmarkTable(b *testing.B) { benchmarkTable(b, dbtest.SQLite(b)) }

// The same on PostgreSQL.
func BenchmarkTablePostgres(b *testing.B) { benchmarkTable(b, dbtest.Postgres(b)) }

// big is the project of a national service: 15,000 people, three years, 2,000 trainings.
type big struct {
	*measured.World
	projectID string
	people    []string
}

const (
	bigPeople    = 15_000
	bigTrainings = 2_000
)

func newBig(b *testing.B, d *db.DB) big {
	b.Helper()
	w := measured.New(b, d)
	m := w.Attach()
	for from := 0; from < bigPeople; from += 500 {
		var list []measured.Planted
		for i := from; i < from+500; i++ {
			list = append(list, measured.Planted{
				Measurement: m, Region: fmt.Sprintf("%02d", 2+2*(i%16)), Sex: []string{"f", "m"}[i%2], Lang: "pl", Joined: measured.Start.Add(-time.Duration(i) * time.Hour),
				Pre: float64(30 + i%40), Post: float64(50 + i%50), Later: map[measurement.Wave]float64{measurement.Months3: gain.Missing}, Use: "yes",
			})
		}
		w.Plant(list...)
	}
	ctx := b.Context()
	first := measured.Start.AddDate(-2, 0, 0)
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	projectID, err := w.App.Projects.Create(ctx, access.System, project.Draft{Name: "Duży projekt", UnitID: w.Unit, FirstDay: first.AddDate(0, -1, 0).Format(time.DateOnly), LastDay: measured.Start.AddDate(0, 11, 0).Format(time.DateOnly)})
	must(err)
	must(w.App.Projects.SplitPeriods(ctx, access.System, projectID, 6))
	must(w.App.Projects.SetShares(ctx, access.System, projectID, []project.Share{{FundID: amif, Share: 7500}, {FundID: "national-plan", Share: 2500}}))
	ids, err := db.All[string](ctx, d, `SELECT person_id FROM participant ORDER BY person_id`)
	must(err)
	for n := range bigTrainings {
		at := first.Add(time.Duration(n) * 8 * time.Hour)
		must(d.Update(ctx, func(tx *db.Tx) error {
			return attended(tx, b, w, projectID, n, at, ids[n*bigPeople/bigTrainings:(n+1)*bigPeople/bigTrainings])
		}))
	}
	must(w.App.Reports.Tell(ctx))
	return big{w, projectID, ids}
}

func benchmarkTable(b *testing.B, d *db.DB) {
	w := newBig(b, d)
	ctx, projectID, ids := b.Context(), w.projectID, w.people
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	var gained time.Duration
	measure := func(name string, read func() error) (each time.Duration) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				must(d.Update(ctx, func(tx *db.Tx) error { // somebody is at a training for a minute more, as attendance writes it, and another hands in a test
					if err := db.Exec(ctx, tx, `UPDATE attendance SET minutes = minutes + 1 WHERE person_id = ?`, ids[0]); err != nil {
						return err
					}
					if err := db.Exec(ctx, tx, `UPDATE training_session SET attended = ? WHERE id IN (SELECT session_id FROM attendance WHERE person_id = ?)`, id.New(), ids[0]); err != nil {
						return err
					}
					return db.Exec(ctx, tx, `UPDATE participant SET after_percent = after_percent + 0.001 WHERE person_id = ?`, ids[1])
				}))
				b.StartTimer()
				must(read())
			}
			each = b.Elapsed() / time.Duration(b.N)
			if gained > 0 {
				b.ReportMetric(float64(gained)/float64(each), "x-gain-report")
			}
		})
		return each
	}
	gained = measure("gain-report", func() error {
		_, err := w.Evidence.Report(ctx, w.Admin, evidence.Query{Family: w.Test.Family, Wave: measurement.Months3})
		return err
	})
	measure("table", func() error {
		t, err := w.App.Reports.Table(ctx, access.System, projectID, 0)
		if err == nil && t.Sheets[0].Whole != bigPeople {
			b.Fatalf("%d people", t.Sheets[0].Whole)
		}
		return err
	})
}

// BenchmarkFreeze freezes the report of such a project. It should take less than 20 seconds and 256 MiB ("MiB": the most that the program had in use, everything in it included).
func BenchmarkFreeze(b *testing.B) {
	w := newBig(b, dbtest.SQLite(b))
	ctx := b.Context()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	page, err := w.App.Projects.Page(ctx, w.Admin, w.projectID)
	must(err)
	first := page.Periods[0].ID
	must(w.App.Projects.OpenPeriod(ctx, w.Admin, w.projectID, first, "sprawozdanie"))
	_, err = w.App.Reports.HandIn(ctx, w.Admin, w.projectID, first)
	must(err)
	must(w.App.Projects.LockPeriod(ctx, w.Admin, w.projectID, first))
	_, err = w.App.Reports.Approve(ctx, w.Second, w.projectID, first)
	must(err)
	frozenID, err := w.App.Freeze.Ask(ctx, w.Admin, w.projectID, first, freeze.Publisher{Ref: "XX-TEST-0001", Type: "10"})
	must(err)
	for worked := true; worked; { // it is frozen once; made again as often as we like, by the same steps
		worked, err = w.App.Queue.RunOne(ctx)
		must(err)
	}
	for b.Loop() {
		runtime.GC()
		most := watchMemory()
		_, err := w.App.Freeze.Rebuild(ctx, w.Admin, w.projectID, frozenID)
		b.ReportMetric(most(), "MiB")
		must(err)
	}
}

// watchMemory samples the heap in use until the returned function is called, which returns the most of it in MiB.
func watchMemory() func() float64 {
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-stop:
				tick.Stop()
				done <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() float64 {
		close(stop)
		return float64(<-done) / (1 << 20)
	}
}

// attended writes a training of two half days that belongs to a project, and who was there.
func attended(tx *db.Tx, b *testing.B, w *measured.World, projectID string, n int, at time.Time, people []string) error {
	b.Helper()
	ctx := b.Context()
	trainingID := id.New()
	if err := db.Exec(ctx, tx, `INSERT INTO training (id, title, place, held_from, held_until, project_id, unit_id, announced, created_at, created_by) VALUES (?, ?, 'Warszawa', ?, ?, ?, ?, FALSE, ?, '')`,
		trainingID, fmt.Sprintf("Szkolenie %d", n), at, at.Add(7*time.Hour), projectID, w.Unit, at); err != nil {
		return err
	}
	for i := range 2 {
		sessionID, from := id.New(), at.Add(time.Duration(4*i)*time.Hour)
		if err := db.Exec(ctx, tx, `INSERT INTO training_session (id, training_id, starts_at, ends_at, place) VALUES (?, ?, ?, ?, 'Warszawa')`, sessionID, trainingID, from, from.Add(3*time.Hour)); err != nil {
			return err
		}
		for _, personID := range people {
			markID := id.New()
			if err := db.Exec(ctx, tx, `INSERT INTO attendance_mark (id, session_id, person_id, state, made_at, at, received_at, made_by, origin) VALUES (?, ?, ?, 'present', ?, ?, ?, '', 'roll')`,
				markID, sessionID, personID, from, from, from); err != nil {
				return err
			}
			if err := db.Exec(ctx, tx, `INSERT INTO attendance (session_id, person_id, state, minutes, mark_id, training_id, programme) VALUES (?, ?, 'present', 180, ?, ?, '')`, sessionID, personID, markID, trainingID); err != nil {
				return err
			}
		}
	}
	return nil
}
