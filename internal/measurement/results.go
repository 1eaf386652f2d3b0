package measurement

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
)

// What others read of results. They get rows of participants within an actor's reach, never of more.

// Result is what came of one participant; Wave… are of the follow-up that was asked for.
type Result struct {
	MeasurementID, OrganisationID, Region, Sex, Lang string
	JoinedAt                                         int64 // microseconds
	Withdrawn                                        bool
	BeforeState, AfterState                          State
	BeforePercent, AfterPercent, WavePercent         *float64
	WaveUse                                          string // '' | asked | yes | no
	BeforeTopics, AfterTopics, WaveTopics            string // as [EachTopic] reads them
	AfterAt                                          *int64 // microseconds
	InWeek, InMonths3, InMonths6                     bool   // a score at each of FollowUps
}

// Results returns the participants in measurements with some tests, within the actor's reach, one row a person.
func Results(ctx context.Context, q db.Querier, actor access.Actor, testIDs []string, wave Wave) ([]Result, error) {
	w := string(wave)
	from, args := participantsOf(actor, testIDs)
	return db.All[Result](ctx, q, `SELECT p.measurement_id, p.organisation_id, p.region, p.sex, p.lang, p.joined_at, p.withdrawn_at IS NOT NULL AS withdrawn,
		p.before_state, p.after_state, p.before_percent, p.after_percent, p.`+w+`_percent AS wave_percent, p.`+w+`_use AS wave_use,
		p.before_topics, p.after_topics, p.`+w+`_topics AS wave_topics, p.after_at,
		p.week_percent IS NOT NULL AS in_week, p.months3_percent IS NOT NULL AS in_months3, p.months6_percent IS NOT NULL AS in_months6`+from, args...)
}

// participantsOf returns the FROM and WHERE of participants in measurements with some tests, within the actor's reach.
func participantsOf(actor access.Actor, testIDs []string) (from string, args []any) {
	withTests := `p.measurement_id IN (SELECT m.id FROM measurement m WHERE m.test_id IN (` + db.In(len(testIDs)) + `))`
	for _, testID := range testIDs {
		args = append(args, testID)
	}
	if actor.Everywhere(access.EvidenceRead) { // spare the look at each person's unit
		return ` FROM participant p WHERE ` + withTests, args
	}
	condition, within := actor.Within(access.EvidenceRead, "u.path")
	return ` FROM participant p JOIN unit u ON u.id = p.unit_id WHERE ` + withTests + ` AND ` + condition, append(args, within...)
}

// WithTests returns the measurements with some tests.
func WithTests(ctx context.Context, q db.Querier, testIDs []string) ([]Measurement, error) {
	args := make([]any, len(testIDs))
	for i, testID := range testIDs {
		args[i] = testID
	}
	return db.All[Measurement](ctx, q, `SELECT `+measurementColumns+` FROM measurement m WHERE m.test_id IN (`+db.In(len(testIDs))+`)`, args...)
}

// FollowUpsSat returns the follow-ups with some tests that anybody within the actor's reach sat, in order.
func FollowUpsSat(ctx context.Context, q db.Querier, actor access.Actor, testIDs []string) (waves []Wave, err error) {
	from, args := participantsOf(actor, testIDs)
	type count struct{ Week, Months3, Months6 int }
	c, err := db.One[count](ctx, q, `SELECT COUNT(p.week_percent) AS week, COUNT(p.months3_percent) AS months3, COUNT(p.months6_percent) AS months6`+from, args...)
	for _, w := range FollowUps {
		if map[Wave]int{Week: c.Week, Months3: c.Months3, Months6: c.Months6}[w] > 0 {
			waves = append(waves, w)
		}
	}
	return waves, err
}

// Notes returns what the matched within the actor's reach wrote at a follow-up of how they used the skills, without who wrote it.
func Notes(ctx context.Context, q db.Querier, actor access.Actor, testIDs []string, w Wave) ([]string, error) {
	from, args := participantsOf(actor, testIDs)
	return db.All[string](ctx, q, `SELECT s.skills_note FROM sitting s WHERE s.wave = ? AND s.state = 'done' AND s.skills_note <> ''
		AND s.participant_id IN (SELECT p.id`+from+` AND `+matchedParticipant+`)`, append([]any{string(w)}, args...)...)
}
