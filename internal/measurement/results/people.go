// Package results reads what came of sittings, for those who make figures of it: of each participant, and of each form's items. All
// of it is reading: results are written by the sittings themselves. Of participants it gives rows within an actor's reach, never of
// more; sittings of forms it gives whoever asks, without the people, so that whoever shows figures of them must see to it that
// they tell of no few (see evidence.AnalyseForm).
package results

import (
	"context"
	"math"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/topic"
)

// matched says that a participant p has a pair of results: both tests, before and after, are handed in.
const matched = `p.before_percent IS NOT NULL AND p.after_percent IS NOT NULL`

// Participant is what came of one participant; Wave… are of the follow-up that was asked for.
type Participant struct {
	MeasurementID, OrganisationID, Region, Sex, Lang string
	FirstForm                                        string // A | B; '' before the first sitting
	JoinedAt                                         int64  // microseconds
	Withdrawn                                        bool
	BeforeState, AfterState                          measurement.State
	BeforePercent, AfterPercent, WavePercent         *float64
	WaveUse                                          string // '' | asked | yes | no
	BeforeTopics, AfterTopics, WaveTopics            topic.Percents
	AfterAt                                          *int64 // microseconds
	InWeek, InMonths3, InMonths6                     bool   // a score at each of [measurement.FollowUps]
	WeekState, Months3State, Months6State            measurement.State
}

// Participants returns the participants in measurements with some tests, within the actor's reach, one row a person.
func Participants(ctx context.Context, q db.Querier, actor access.Actor, testIDs []string, followUp measurement.Wave) ([]Participant, error) {
	if !followUp.IsFollowUp() {
		return nil, errs.Invalid("error.invalid")
	}
	wave := `p.` + string(followUp)
	from, args := participantsOf(actor, testIDs)
	return db.All[Participant](ctx, q, `SELECT p.measurement_id, p.organisation_id, p.region, p.sex, p.lang, p.first_form, p.joined_at, p.withdrawn_at IS NOT NULL AS withdrawn,
		p.before_state, p.after_state, p.before_percent, p.after_percent, `+wave+`_percent AS wave_percent, `+wave+`_use AS wave_use,
		p.before_topics, p.after_topics, `+wave+`_topics AS wave_topics, p.after_at,
		p.week_percent IS NOT NULL AS in_week, p.months3_percent IS NOT NULL AS in_months3, p.months6_percent IS NOT NULL AS in_months6,
		p.week_state, p.months3_state, p.months6_state`+from, args...)
}

// participantsOf returns the FROM and WHERE of participants in measurements with some tests, within the actor's reach.
func participantsOf(actor access.Actor, testIDs []string) (from string, args []any) {
	withTests := `p.measurement_id IN (SELECT m.id FROM measurement m WHERE m.test_id IN (` + db.In(len(testIDs)) + `))`
	args = db.Args(testIDs)
	if actor.Everywhere(access.EvidenceRead) { // spare the look at each person's unit
		return ` FROM participant p WHERE ` + withTests, args
	}
	condition, within := actor.Within(access.EvidenceRead, "u.path")
	return ` FROM participant p JOIN unit u ON u.id = p.unit_id WHERE ` + withTests + ` AND ` + condition, append(args, within...)
}

// FollowUpsSat returns the follow-ups with some tests that anybody within the actor's reach sat, in order. It reads what measurements
// come to, and none of their participants.
func FollowUpsSat(ctx context.Context, q db.Querier, actor access.Actor, testIDs []string) (waves []measurement.Wave, err error) {
	condition, within := actor.Within(access.EvidenceRead, "u.path")
	type count struct{ Week, Months3, Months6 int }
	c, err := db.One[count](ctx, q, `SELECT COALESCE(SUM(t.week), 0) AS week, COALESCE(SUM(t.months3), 0) AS months3, COALESCE(SUM(t.months6), 0) AS months6
		FROM result_tally t JOIN measurement m ON m.id = t.measurement_id JOIN unit u ON u.id = t.unit_id
		WHERE m.test_id IN (`+db.In(len(testIDs))+`) AND `+condition, append(db.Args(testIDs), within...)...)
	for _, w := range measurement.FollowUps {
		if map[measurement.Wave]int{measurement.Week: c.Week, measurement.Months3: c.Months3, measurement.Months6: c.Months6}[w] > 0 {
			waves = append(waves, w)
		}
	}
	return waves, err
}

// Differences is how the differences of the matched within an actor's reach spread.
type Differences struct {
	N  int
	SD float64 // with n-1, in percentage points; 0 of fewer than two
}

// DifferencesOf returns that of measurements with some tests.
func DifferencesOf(ctx context.Context, q db.Querier, actor access.Actor, testIDs []string) (d Differences, err error) {
	from, args := participantsOf(actor, testIDs)
	type sums struct {
		N            int
		Sum, Squares float64
	}
	s, err := db.One[sums](ctx, q, `SELECT COUNT(*) AS n, COALESCE(SUM(x.d), 0) AS sum, COALESCE(SUM(x.d * x.d), 0) AS squares
		FROM (SELECT p.after_percent - p.before_percent AS d`+from+` AND `+matched+`) x`, args...)
	if d.N = s.N; s.N > 1 {
		n := float64(s.N)
		d.SD = math.Sqrt(max(0, s.Squares-s.Sum*s.Sum/n) / (n - 1))
	}
	return d, err
}

// Notes returns what the matched within the actor's reach wrote at a follow-up of how they used the skills, without who wrote it.
func Notes(ctx context.Context, q db.Querier, actor access.Actor, testIDs []string, w measurement.Wave) ([]string, error) {
	from, args := participantsOf(actor, testIDs)
	return db.All[string](ctx, q, `SELECT s.skills_note FROM sitting s WHERE s.wave = ? AND s.state = 'done' AND s.skills_note <> ''
		AND s.participant_id IN (SELECT p.id`+from+` AND `+matched+`)`, append([]any{string(w)}, args...)...)
}
