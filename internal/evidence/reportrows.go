package evidence

import (
	"fmt"
	"time"

	"ostoja/internal/gain"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/results"
	"ostoja/internal/measurement/topic"
)

// row is one participant as the report counts them.
type row struct {
	groups        [7]string // in the order of Dimensions
	scores        gain.Scores
	followed      [3]bool // a score at each of FollowUps
	states        [3]measurement.State
	withdrawn     bool
	first         string // form: A | B; '' before the first sitting
	test          string // the edition that was sat
	use           string // of the chosen follow-up: '' | asked | yes | no
	loss          Loss   // "" if matched
	pre, post, l  topic.Percents
	joined, after int64   // microseconds
	lost          bool    // sat the test before, and can sit the one after no more
	lostAt        [3]bool // of those who sat the test before: whom each of FollowUps did not reach, and can no more
}

// rowsOf turns the results of participants into rows.
func (s *Service) rowsOf(participants []results.Participant, projectOf, testOf map[string]string) []*row {
	list := make([]*row, len(participants))
	quarters := quarterNames{zone: s.zone}
	for i := range participants {
		list[i] = rowOf(&participants[i], projectOf, &quarters)
		list[i].test = testOf[participants[i].MeasurementID]
	}
	markLost(list)
	return list
}

// markLost says who sat the test before and was lost then, for the test after and for each follow-up. Nobody is lost by a test that is
// not due yet; whoever has left is lost to a follow-up once it was due for anybody of the measurement. Who may still sit the test after is
// lost to no follow-up, even where that has closed: of them neither this report tells nor what suppresses it ([disclosure]).
func markLost(rows []*row) {
	over := func(state measurement.State) bool {
		return state == measurement.Closed || state == measurement.Declined
	}
	var due [3]map[string]bool // by measurement
	for f := range due {
		due[f] = map[string]bool{}
	}
	for _, x := range rows {
		for f, state := range x.states {
			if over(state) || state == measurement.Done {
				due[f][x.groups[0]] = true
			}
		}
	}
	for _, x := range rows {
		if gain.IsMissing(x.scores.Pre) {
			continue
		}
		x.lost = x.loss != "" && !x.loss.Waits()
		for f, state := range x.states {
			x.lostAt[f] = !x.loss.Waits() && state != measurement.Done && !x.followed[f] && (over(state) || due[f][x.groups[0]] && (x.lost || x.withdrawn))
		}
	}
}

func rowOf(p *results.Participant, projectOf map[string]string, quarters *quarterNames) *row {
	percent := func(x *float64) float64 {
		if x == nil {
			return gain.Missing
		}
		return *x
	}
	r := &row{
		groups:   [7]string{p.MeasurementID, projectOf[p.MeasurementID], p.OrganisationID, p.Region, p.Sex, p.Lang, quarters.of(p.JoinedAt)},
		scores:   gain.Scores{Pre: percent(p.BeforePercent), Post: percent(p.AfterPercent), Later: percent(p.WavePercent)},
		followed: [3]bool{p.InWeek, p.InMonths3, p.InMonths6}, states: [3]measurement.State{p.WeekState, p.Months3State, p.Months6State}, withdrawn: p.Withdrawn, first: p.FirstForm,
		use: p.WaveUse, pre: p.BeforeTopics, post: p.AfterTopics, l: p.WaveTopics, joined: p.JoinedAt,
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
func lossOf(before, after measurement.State, withdrawn bool) Loss {
	switch {
	case before == measurement.Declined || after == measurement.Declined:
		return lostDeclined
	case withdrawn:
		return lostWithdrawn
	case before == measurement.Closed || after == measurement.Closed:
		return lostClosed
	case before != measurement.Done && after != measurement.NotAsked:
		return lostBefore
	case before == measurement.Begun:
		return midBefore
	case before != measurement.Done:
		return waitsBefore
	case after == measurement.NotAsked:
		return underWay
	case after == measurement.Begun:
		return midAfter
	}
	return waitsAfter
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
