package report_test

import (
	"fmt"
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
	"ostoja/internal/testrig/measured"
)

// BenchmarkTable compares the table of a project of a national service with the gain report over the same people, each taken just after a change: 15,000 people, three years,
// 2,000 trainings. "x-gain-report" says how many times the table is faster; it should be 3 or more. The gain report comes first, so that what is read by both is read by it.
func BenchmarkTable(b *testing.B) { benchmarkTable(b, dbtest.SQLite(b)) }

// The same on PostgreSQL.
func BenchmarkTablePostgres(b *testing.B) { benchmarkTable(b, dbtest.Postgres(b)) }

func benchmarkTable(b *testing.B, d *db.DB) {
	const people, trainings = 15_000, 2_000
	w := measured.New(b, d)
	m := w.Attach()
	for from := 0; from < people; from += 500 {
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
	for n := range trainings {
		at := first.Add(time.Duration(n) * 8 * time.Hour)
		must(d.Update(ctx, func(tx *db.Tx) error {
			return attended(tx, b, w, projectID, n, at, ids[n*people/trainings:(n+1)*people/trainings])
		}))
	}
	must(w.App.Reports.Tell(ctx))
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
		if err == nil && t.Sheets[0].Whole != people {
			b.Fatalf("%d people", t.Sheets[0].Whole)
		}
		return err
	})
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
