package assessment

import (
	"context"
	"fmt"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
)

// row is one participant as the report counts them.
type row struct {
	groups        [7]string // in the order of Dimensions
	scores        Scores
	followed      [3]bool // a score at each of FollowUps
	use           string  // of the chosen follow-up: '' | asked | yes | no
	loss          Loss    // "" if matched
	pre, post, l  string  // topics
	joined, after int64   // microseconds
}

// participantRow is a row as it is kept; Wave… are those of the chosen follow-up.
type participantRow struct {
	MeasurementID, OrganisationID, Region, Sex, Lang string
	JoinedAt                                         int64
	Withdrawn                                        bool
	BeforeState, AfterState                          State
	BeforePercent, AfterPercent, WavePercent         *float64
	WaveUse                                          string
	BeforeTopics, AfterTopics, WaveTopics            string
	AfterAt                                          *int64
	InWeek, InMonths3, InMonths6                     bool
}

// participantsOf returns the FROM and WHERE of participants in tests of a family, within the actor's reach.
func participantsOf(actor access.Actor, family string) (from string, args []any) {
	const ofFamily = `p.measurement_id IN (SELECT m.id FROM measurement m JOIN competence_test t ON t.id = m.test_id WHERE t.family = ?)`
	if actor.Everywhere(access.EvidenceRead) { // spare the look at each person's unit
		return ` FROM participant p WHERE ` + ofFamily, []any{family}
	}
	condition, args := actor.Within(access.EvidenceRead, "u.path")
	return ` FROM participant p JOIN unit u ON u.id = p.unit_id WHERE ` + ofFamily + ` AND ` + condition, append([]any{family}, args...)
}

// rows reads the participants within the actor's reach, one row a person.
func (s *Service) rows(ctx context.Context, tx *db.Tx, actor access.Actor, family string, wave Wave) ([]*row, error) {
	measurements, err := db.All[Measurement](ctx, tx, `SELECT `+measurementColumns+` FROM measurement m JOIN competence_test t ON t.id = m.test_id WHERE t.family = ?`, family)
	if err != nil {
		return nil, err
	}
	projectOf := map[string]string{}
	for _, m := range measurements {
		projectOf[m.ID] = m.Project
	}
	w := string(wave)
	from, args := participantsOf(actor, family)
	kept, err := db.All[participantRow](ctx, tx, `SELECT p.measurement_id, p.organisation_id, p.region, p.sex, p.lang, p.joined_at, p.withdrawn_at IS NOT NULL AS withdrawn,
		p.before_state, p.after_state, p.before_percent, p.after_percent, p.`+w+`_percent AS wave_percent, p.`+w+`_use AS wave_use,
		p.before_topics, p.after_topics, p.`+w+`_topics AS wave_topics, p.after_at,
		p.week_percent IS NOT NULL AS in_week, p.months3_percent IS NOT NULL AS in_months3, p.months6_percent IS NOT NULL AS in_months6`+from, args...)
	list := make([]*row, len(kept))
	quarters := quarterNames{zone: s.zone}
	for i := range kept {
		list[i] = kept[i].row(projectOf, &quarters)
	}
	return list, err
}

func (p *participantRow) row(projectOf map[string]string, quarters *quarterNames) *row {
	percent := func(x *float64) float64 {
		if x == nil {
			return Missing
		}
		return *x
	}
	r := &row{
		groups:   [7]string{p.MeasurementID, projectOf[p.MeasurementID], p.OrganisationID, p.Region, p.Sex, p.Lang, quarters.of(p.JoinedAt)},
		scores:   Scores{percent(p.BeforePercent), percent(p.AfterPercent), percent(p.WavePercent)},
		followed: [3]bool{p.InWeek, p.InMonths3, p.InMonths6},
		use:      p.WaveUse, pre: p.BeforeTopics, post: p.AfterTopics, l: p.WaveTopics, joined: p.JoinedAt,
	}
	if p.AfterAt != nil {
		r.after = *p.AfterAt
	}
	if !r.scores.Matched() {
		r.loss = lossOf(p.BeforeState, p.AfterState, p.Withdrawn)
	}
	return r
}

// lossOf says why somebody is not matched.
func lossOf(before, after State, withdrawn bool) Loss {
	switch {
	case before == Declined || after == Declined:
		return LostDeclined
	case withdrawn:
		return LostWithdrawn
	case before == Closed || after == Closed:
		return LostClosed
	case before == Begun:
		return LostMidBefore
	case before != Done:
		return LostBefore
	case after == NotAsked:
		return LostUnderWay
	case after == Begun:
		return LostMidAfter
	}
	return LostAfter
}

// quarterNames names the quarter of a time in the installation's zone, as 2026-Q4. It keeps the bounds that it met, to spare
// the arithmetic of zones for tens of thousands of people.
type quarterNames struct {
	zone *time.Location
	met  []struct {
		from, to int64
		name     string
	}
}

func (q *quarterNames) of(micro int64) string {
	for _, m := range q.met {
		if micro >= m.from && micro < m.to {
			return m.name
		}
	}
	t := time.UnixMicro(micro).In(q.zone)
	n := (int(t.Month()) - 1) / 3
	from := time.Date(t.Year(), time.Month(3*n+1), 1, 0, 0, 0, 0, q.zone)
	name := fmt.Sprintf("%d-Q%d", t.Year(), n+1)
	q.met = append(q.met, struct {
		from, to int64
		name     string
	}{from.UnixMicro(), from.AddDate(0, 3, 0).UnixMicro(), name})
	return name
}
