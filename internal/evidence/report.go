package evidence

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/gain"
	"ostoja/internal/id"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/onpaper"
	"ostoja/internal/measurement/results"
	"ostoja/internal/text"
)

// Dimension is what a report's groups are formed by.
type Dimension string

// The dimensions. Unit, region, sex and language are those of the day on which the person joined; a period is the quarter of
// that day, so that the matched and the lost of a group are of the same people.
const (
	ByMeasurement Dimension = "measurement" // course or training
	ByProject     Dimension = "project"
	ByService     Dimension = "service" // organisation
	ByRegion      Dimension = "region"
	BySex         Dimension = "sex"
	ByLanguage    Dimension = "language"
	ByPeriod      Dimension = "period"
)

// Dimensions lists the dimensions in order.
var Dimensions = []Dimension{ByMeasurement, ByProject, ByService, ByRegion, BySex, ByLanguage, ByPeriod}

// Loss is why somebody who takes part is not matched.
type Loss string

// The losses, in order. Who can still sit the test that is missing is not lost: see [Loss.Waits].
const (
	lostWithdrawn Loss = "withdrawn"    // taken out of the course
	lostDeclined  Loss = "declined"     // would rather not sit a test
	lostBefore    Loss = "no-before"    // did not sit it before, and can no more
	lostClosed    Loss = "closed"       // the time was over
	waitsBefore   Loss = "not-yet"      // has the test before ahead: the training has not begun, nor the person the course
	midBefore     Loss = "begun-before" // began before and can still hand it in
	underWay      Loss = "under-way"    // sat it before; the course or training goes on
	waitsAfter    Loss = "no-after"     // can still sit it after
	midAfter      Loss = "begun-after"  // began after and can still hand it in
)

// Losses lists the losses in order.
var Losses = []Loss{lostWithdrawn, lostDeclined, lostBefore, lostClosed, waitsBefore, midBefore, underWay, waitsAfter, midAfter}

// Waits says whether nobody is lost by it: what is missing is not due yet, or can still be handed in.
func (l Loss) Waits() bool {
	return slices.Contains([]Loss{waitsBefore, midBefore, underWay, waitsAfter, midAfter}, l)
}

// Waiting counts, of those without a pair of results, who can still have one. The others are lost.
func (g Group) Waiting() int {
	n := 0
	for l, k := range g.Losses {
		if l.Waits() {
			n += k
		}
	}
	return n
}

// Report is what a family of competence tests says.
type Report struct {
	Family   string
	Title    text.Translated
	Wave     measurement.Wave   // which follow-up "later" is
	Waves    []measurement.Wave // follow-ups that were sat by anybody
	Only     disclosure.Cell    // the group that the report is narrowed to; Dimension -1 is all
	OnlyName string
	Group    Group // the totals, of all or of the chosen group
	// Small says that there are too few people, or that the figures would give away a small group.
	Small  bool
	Topics []TopicGain
	// Forms is what the crossing over tells of the two forms, FollowUp what those may do to the difference at the follow-up whom it
	// lost, Trainings what all of them come to: of the whole report alone, nil where they may not be shown or cannot be computed.
	Forms     *gain.Crossed
	FollowUp  *FollowUp
	Trainings *gain.Pooled
	// Spread counts the matched by their score: below 20, 20 to below 40, …, 80 to 100; before and after. It is not there
	// for fewer than [LeastSpread] people, nor if it would tell that of a group of fewer.
	Spread   *Spread
	Groups   map[Dimension][]Group // of all; nil where the report is narrowed
	From, To time.Time             // when the first of the matched joined and the last sat the test after
	Items    Calibration           // of the test's newest edition; of the whole report alone
	Twice    onpaper.Twice         // of the whole report alone; nothing where the sheets are of fewer than [disclosure.LeastGroup] people
	Notes    []string              // how skills were used, in no order; there are [disclosure.LeastGroup] or none
}

// Bins of a [Spread], and how many people it needs: the distribution of a few is their single scores.
const (
	Bins        = 5
	LeastSpread = 20
)

// Spread is how many people scored how much, before and after.
type Spread [2][Bins]int

// Group is a line of a breakdown.
type Group struct {
	Key    string
	Name   string // "" for those that pages name: region, sex, language, period
	Gain   gain.Gain
	Use    gain.Use
	Losses map[Loss]int
	// Attrition is what the lost who sat the test before may do to the difference. Where AttritionHidden, their scores may not be
	// shown; how many they are, and what the difference would be had they gained nothing, tell none of these.
	Attrition       gain.Attrition
	AttritionHidden bool
	Hidden          bool // too small, or it would give a few people away
	// The same of the scores at the follow-up; of what those whom it reached had before and after, and so retained; and of
	// the use of skills.
	LaterHidden, RetainedHidden, UseHidden bool
}

// TopicGain is the gain in one topic, of the matched whose tests before and after both had it. A form that lacks a topic says
// nothing of it.
type TopicGain struct {
	Topic             string
	N                 int
	MeanPre, MeanPost float64
	G                 float64
	Moved             gain.Moved // over the cut of [gain.DefaultCut]
	NLater            int        // of these, who had it at the follow-up too; 0 where it is not shown
	MeanLater         float64    // Missing where it is not shown
}

// FollowUp is how much more those whom a follow-up reached knew than before, and what the others may do to it: the people who sat the
// test before, and to whom the follow-up can come no more.
type FollowUp struct {
	Difference gain.Estimate // at the follow-up, against before
	Attrition  gain.Attrition
}

// Query asks for a report.
type Query struct {
	Family string
	Wave   measurement.Wave // "" is the latest follow-up that anybody sat
	By     Dimension        // narrow to one group of this dimension; "" is all
	Group  string
}

// Report computes the gain of everybody within the actor's reach who took part in measurements with tests of a family. It
// reads one consistent state, whatever answers arrive meanwhile.
func (s *Service) Report(ctx context.Context, actor access.Actor, q Query) (r Report, err error) {
	defer errs.Wrap(&err, "evidence.Report")
	if !actor.Has(access.EvidenceRead) || !id.Valid(q.Family) {
		return r, errs.NotFound("error.not-found")
	}
	if q.Wave != "" && !q.Wave.IsFollowUp() || q.By != "" && !slices.Contains(Dimensions, q.By) {
		return r, errs.Invalid("error.invalid")
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		testIDs, err := s.head(ctx, tx, actor, q, &r)
		if err != nil {
			return err
		}
		participants, err := results.Participants(ctx, tx, actor, testIDs, r.Wave)
		if err != nil {
			return err
		}
		names, projectOf, testOf, err := s.names(ctx, tx, testIDs)
		if err != nil {
			return err
		}
		if err := r.fill(s.rowsOf(participants, projectOf, testOf), q, names); err != nil || q.By != "" || r.Small {
			return err
		}
		whole, err := s.tests.TestIn(ctx, tx, testIDs[0])
		if err != nil {
			return err
		}
		if r.Items, err = s.calibrations.of(ctx, tx, whole); err != nil {
			return err
		}
		twice, err := onpaper.TwiceOf(ctx, tx, actor, testIDs, func(testID string) (*itembank.Test, error) { return s.tests.TestIn(ctx, tx, testID) })
		if err != nil {
			return err
		}
		if twice.People >= disclosure.LeastGroup {
			r.Twice = twice
		}
		r.Notes, err = notes(ctx, tx, actor, testIDs, r.Wave)
		return err
	})
	return r, err
}

// notes returns what the matched wrote of how they used the skills, in another order each time: none if there are too few.
func notes(ctx context.Context, tx *db.Tx, actor access.Actor, testIDs []string, w measurement.Wave) ([]string, error) {
	const most = 500
	list, err := results.Notes(ctx, tx, actor, testIDs, w)
	if err != nil || len(list) < disclosure.LeastGroup {
		return nil, err
	}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] }) //nolint:gosec // an order, not a secret
	return list[:min(len(list), most)], nil
}

// head checks that the family is there, returns the ids of its editions, and chooses the follow-up.
func (s *Service) head(ctx context.Context, tx *db.Tx, actor access.Actor, q Query, r *Report) (testIDs []string, err error) {
	editions, err := itembank.EditionsIn(ctx, tx, q.Family)
	if err == nil && len(editions) == 0 {
		err = errs.NotFound("error.not-found")
	}
	if err != nil {
		return nil, err
	}
	for _, t := range editions {
		testIDs = append(testIDs, t.ID)
	}
	r.Family, r.Title, r.Only = q.Family, editions[0].Title, disclosure.Whole
	r.Waves, err = results.FollowUpsSat(ctx, tx, actor, testIDs)
	r.Wave = q.Wave
	if r.Wave == "" {
		r.Wave = measurement.Months3
		if n := len(r.Waves); n > 0 {
			r.Wave = r.Waves[n-1]
		}
	}
	return testIDs, err
}

// names returns the names of measurements and organisations by id, and the projects and tests of measurements.
func (s *Service) names(ctx context.Context, tx *db.Tx, testIDs []string) (names, projectOf, testOf map[string]string, err error) {
	if names, err = s.people.UnitNames(ctx, tx); err != nil {
		return nil, nil, nil, err
	}
	list, err := s.measurements.WithTests(ctx, tx, testIDs)
	projectOf, testOf = make(map[string]string, len(list)), make(map[string]string, len(list))
	for _, m := range list {
		names[m.ID], projectOf[m.ID], testOf[m.ID] = m.Name[""], m.Project, m.TestID
	}
	return names, projectOf, testOf, err
}
