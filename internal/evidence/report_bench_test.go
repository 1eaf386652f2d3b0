package evidence_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/evidence"
	"ostoja/internal/id"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/topic"
	"ostoja/internal/testrig/measured"
)

// benchLearners is a national service; each has sat the test at three points in time.
const benchLearners = 15_000

// The gain report over 15,000 learners with three points in time, on SQLite: all of it, and narrowed to one region. It should
// stay below 300 ms.
func BenchmarkGainReport(b *testing.B) { benchmarkReport(b, dbtest.SQLite(b)) }

// The same on PostgreSQL.
func BenchmarkGainReportPostgres(b *testing.B) { benchmarkReport(b, dbtest.Postgres(b)) }

func benchmarkReport(b *testing.B, d *db.DB) {
	w := newWorld(b, d)
	m := w.Attach()
	w.fillThreePoints(m, benchLearners)
	for name, q := range map[string]evidence.Query{
		"all":    {Family: w.Test.Family, Wave: measurement.Months3},
		"region": {Family: w.Test.Family, Wave: measurement.Months3, By: evidence.ByRegion, Group: "02"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := w.Evidence.Report(w.Ctx, w.Admin, q)
				if err != nil {
					b.Fatal(err)
				}
				if q.By == "" && (r.Group.Gain.Matched != benchLearners || r.Group.Gain.Later.N != benchLearners) {
					b.Fatalf("%d matched, %d later", r.Group.Gain.Matched, r.Group.Gain.Later.N)
				}
			}
		})
	}
}

// fillThreePoints adds learners with a result before, after and three months later, in 16 regions, two sexes and languages,
// joined over two years.
func (w *world) fillThreePoints(m measurement.Measurement, n int) {
	w.T.Helper()
	test, err := w.Bank.Test(w.Ctx, m.TestID)
	w.No(err)
	random := rand.New(rand.NewPCG(3, 11))
	topics := func(percent float64) topic.Percents {
		return topic.Of(map[string]float64{"identify": percent, "protect": percent, "support": percent, "refer": percent, "law": percent})
	}
	const perTransaction = 500
	for from := 0; from < n; from += perTransaction {
		w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
			for i := from; i < min(n, from+perTransaction); i++ {
				joined := measured.Start.Add(-time.Duration(random.IntN(730*24)) * time.Hour)
				participantID, err := w.join(w.Ctx, tx, m, i, joined)
				if err != nil {
					return err
				}
				base := 35 + 30*random.Float64()
				for _, p := range []struct {
					wave    measurement.Wave
					percent float64
					after   time.Duration
					use     string
				}{{measurement.Before, base, time.Hour, ""}, {measurement.After, base + 25, 240 * time.Hour, ""}, {measurement.Months3, base + 18, 2400 * time.Hour, "yes"}} {
					if err := w.Measurements.FillSitting(w.Ctx, tx, measurement.Filled{
						ParticipantID: participantID, Wave: p.wave, State: measurement.Done, Use: p.use, FormID: test.Forms[0].ID, At: joined.Add(p.after), Percent: p.percent, Topics: topics(p.percent),
					}); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
}

// join writes a person and makes them take part, without the letters that a real person would get.
func (w *world) join(ctx context.Context, tx *db.Tx, m measurement.Measurement, i int, at time.Time) (participantID string, err error) {
	personID, participantID := id.New(), id.New()
	region, sex, lang := fmt.Sprintf("%02d", 2+2*(i%16)), []string{"f", "m"}[i%2], []string{"pl", "pl", "pl", "en"}[i%4]
	if err := db.Exec(ctx, tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, sex, region, state, created_at)
		VALUES (?, ?, ?, 'Anna', 'Nowak', ?, '', ?, ?, ?, ?, 'active', ?)`,
		personID, w.Unit, w.Unit, fmt.Sprintf("nowak anna %05d", i), fmt.Sprintf("wiele%d@example.org", i), lang, sex, region, at); err != nil {
		return "", err
	}
	return participantID, db.Exec(ctx, tx, `INSERT INTO participant (id, measurement_id, person_id, organisation_id, unit_id, region, sex, lang, joined_at, first_form)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'A')`, participantID, m.ID, personID, w.Unit, w.Unit, region, sex, lang, at)
}
