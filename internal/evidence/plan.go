package evidence

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/gain"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement/results"
)

// AssumedSpread is the standard deviation of individual differences, in percentage points, that a plan assumes of a test which too few
// have sat twice: a guess on the wide side, so that people are rather too many than too few.
const AssumedSpread = 15

// Plan says how many matched people a measurement with a test needs.
type Plan struct {
	From         int     // of so many people's differences the spread is known; 0 if it is assumed
	SD           float64 // in percentage points
	Small, Large int     // people needed to see 5 and 10 points
}

// Differences that a [Plan] is made for, in percentage points.
const (
	SmallDifference = 5
	LargeDifference = 10
)

// Plan returns what a measurement with a test needs, from the results of the test's family within the actor's reach. Of fewer than
// [LeastSpread] people, or where all of them gained the same, it assumes a spread.
func (s *Service) Plan(ctx context.Context, actor access.Actor, testID string) (p Plan, err error) {
	defer errs.Wrap(&err, "evidence.Plan")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		familyOf, err := itembank.FamiliesIn(ctx, tx)
		if err != nil {
			return err
		}
		editions, err := itembank.EditionsIn(ctx, tx, familyOf[testID])
		if err != nil {
			return err
		}
		if len(editions) == 0 {
			return errs.NotFound("error.not-found")
		}
		testIDs := make([]string, len(editions))
		for i, t := range editions {
			testIDs[i] = t.ID
		}
		d, err := results.DifferencesOf(ctx, tx, actor, testIDs)
		p = planOf(d.N, d.SD)
		return err
	})
	return p, err
}

func planOf(n int, sd float64) Plan {
	p := Plan{From: n, SD: sd}
	if n < LeastSpread || gain.Needed(sd, SmallDifference) == 0 {
		p.From, p.SD = 0, AssumedSpread
	}
	p.Small, p.Large = PeopleNeeded(p.SD, SmallDifference), PeopleNeeded(p.SD, LargeDifference)
	return p
}

// PeopleNeeded is [gain.Needed], but never fewer people than a report tells anything of; 0 if it cannot be said.
func PeopleNeeded(sd, difference float64) int {
	if n := gain.Needed(sd, difference); n > 0 {
		return max(n, disclosure.LeastGroup)
	}
	return 0
}
