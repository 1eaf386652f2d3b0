package measurement

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
)

// Tally is what the participants in a measurement come to: enough for its line in a list and for the headline of a report, and
// read without a look at any of their rows.
type Tally struct {
	MeasurementID, TestID                 string
	N                                     int     // participants
	Before, After, Week, Months3, Months6 int     // who handed in each wave
	Matched                               int     // who handed in both before and after
	PreSum, PostSum                       float64 // of the matched, in per cent
}

// tallies returns that of one measurement, or for the id "" of all that anybody within the actor's reach takes part in, whether or
// not the actor may read the measurement: they count the same people as results.Participants. Reach is asked of units and not of people.
func tallies(ctx context.Context, q db.Querier, actor access.Actor, measurementID string) ([]Tally, error) {
	one, args := ``, []any(nil)
	if measurementID != "" {
		one, args = ` WHERE p.measurement_id = ?`, []any{measurementID}
	}
	condition, within := actor.Within(access.EvidenceRead, "u.path")
	return db.All[Tally](ctx, q, `SELECT m.id AS measurement_id, m.test_id, SUM(c.n) AS n, SUM(COALESCE(t.before, 0)) AS before, SUM(COALESCE(t.after, 0)) AS after,
			SUM(COALESCE(t.week, 0)) AS week, SUM(COALESCE(t.months3, 0)) AS months3, SUM(COALESCE(t.months6, 0)) AS months6,
			SUM(COALESCE(t.matched, 0)) AS matched, SUM(COALESCE(t.pre_sum, 0)) AS pre_sum, SUM(COALESCE(t.post_sum, 0)) AS post_sum
		FROM (SELECT p.measurement_id, p.unit_id, COUNT(*) AS n FROM participant p`+one+` GROUP BY p.unit_id, p.measurement_id) c
		LEFT JOIN result_tally t ON t.measurement_id = c.measurement_id AND t.unit_id = c.unit_id
		JOIN measurement m ON m.id = c.measurement_id JOIN unit u ON u.id = c.unit_id WHERE `+condition+` GROUP BY m.id, m.test_id`, append(args, within...)...)
}

// count adds a result to the tally of the participant's measurement and unit, in the transaction that stores it, or with sign -1 takes
// it out again (see [takeBack]); only those who handed in nothing can leave. One row is held until the end of the transaction, after
// those of the sitting and the participant: nobody waits for another in a circle.
func (r stored) count(ctx context.Context, tx *db.Tx, w Wave, sign int) error {
	var sat [5]int
	sat[slices.Index(Waves, w)] = sign
	matched, pre, post := 0, 0.0, 0.0
	if (w == Before || w == After) && r.BeforePercent != nil && r.AfterPercent != nil {
		matched, pre, post = sign, float64(sign)**r.BeforePercent, float64(sign)**r.AfterPercent
	}
	return db.Exec(ctx, tx, `
		INSERT INTO result_tally AS t (measurement_id, unit_id, before, after, week, months3, months6, matched, pre_sum, post_sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (measurement_id, unit_id) DO UPDATE SET before = t.before + excluded.before, after = t.after + excluded.after, week = t.week + excluded.week,
			months3 = t.months3 + excluded.months3, months6 = t.months6 + excluded.months6, matched = t.matched + excluded.matched,
			pre_sum = t.pre_sum + excluded.pre_sum, post_sum = t.post_sum + excluded.post_sum`,
		r.MeasurementID, r.UnitID, sat[0], sat[1], sat[2], sat[3], sat[4], matched, pre, post)
}

// stored is a participant as the tally needs it after a result was stored.
type stored struct {
	MeasurementID, UnitID       string
	BeforePercent, AfterPercent *float64
}
