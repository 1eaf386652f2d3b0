package assessment

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
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

// The losses, in order.
const (
	LostWithdrawn Loss = "withdrawn"    // taken out of the course
	LostDeclined  Loss = "declined"     // would rather not sit a test
	LostBefore    Loss = "no-before"    // did not sit it before
	LostMidBefore Loss = "begun-before" // began before and did not hand it in
	LostUnderWay  Loss = "under-way"    // sat it before; the course or training goes on
	LostAfter     Loss = "no-after"     // did not sit it after, or not yet
	LostMidAfter  Loss = "begun-after"  // began after and did not hand it in
	LostClosed    Loss = "closed"       // the time was over
)

// Losses lists the losses in order.
var Losses = []Loss{LostWithdrawn, LostDeclined, LostBefore, LostMidBefore, LostUnderWay, LostAfter, LostMidAfter, LostClosed}

// Report is what a family of competence tests says.
type Report struct {
	Family   string
	Title    course.Text
	Wave     Wave   // which follow-up "later" is
	Waves    []Wave // follow-ups that were sat by anybody
	Only     Cell   // the group that the report is narrowed to; Dimension -1 is all
	OnlyName string
	Group    Group // the totals, of all or of the chosen group
	// Small says that there are too few people, or that the figures would give away a small group.
	Small  bool
	Topics []TopicGain
	// Spread counts the matched by their score: below 20, 20 to below 40, …, 80 to 100; before and after. It is not there
	// for fewer than [LeastSpread] people, nor if it would tell that of a group of fewer.
	Spread   *Spread
	Groups   map[Dimension][]Group // of all; nil where the report is narrowed
	From, To time.Time             // when the first of the matched joined and the last sat the test after
	Notes    []string              // how skills were used, in no order; there are [LeastGroup] or none
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
	Gain   Gain
	Use    Use
	Losses map[Loss]int
	Hidden bool // too small, or it would give a few people away
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
	NLater            int     // of these, who had it at the follow-up too; 0 where it is not shown
	MeanLater         float64 // Missing where it is not shown
}

// Query asks for a report.
type Query struct {
	Family string
	Wave   Wave      // "" is the latest follow-up that anybody sat
	By     Dimension // narrow to one group of this dimension; "" is all
	Group  string
}

// Report computes the gain of everybody within the actor's reach who took part in measurements with tests of a family. It
// reads one consistent state, whatever answers arrive meanwhile.
func (s *Service) Report(ctx context.Context, actor access.Actor, q Query) (r Report, err error) {
	defer errs.Wrap(&err, "assessment.Report")
	if !actor.Has(access.EvidenceRead) || !id.Valid(q.Family) {
		return r, errs.NotFound("error.not-found")
	}
	if q.Wave != "" && !q.Wave.IsFollowUp() || q.By != "" && !slices.Contains(Dimensions, q.By) {
		return r, errs.Invalid("error.invalid")
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if r, err = s.head(ctx, tx, actor, q); err != nil {
			return err
		}
		rows, err := s.rows(ctx, tx, actor, q.Family, r.Wave)
		if err != nil {
			return err
		}
		names, err := s.groupNames(ctx, tx)
		if err != nil {
			return err
		}
		if err := r.fill(rows, q, names); err != nil || q.By != "" || r.Small {
			return err
		}
		r.Notes, err = notes(ctx, tx, actor, q.Family, r.Wave)
		return err
	})
	return r, err
}

// notes returns what the matched wrote of how they used the skills, without who wrote it and in another order each time: none
// if there are too few.
func notes(ctx context.Context, tx *db.Tx, actor access.Actor, family string, w Wave) ([]string, error) {
	const most = 500
	from, args := participantsOf(actor, family)
	list, err := db.All[string](ctx, tx, `SELECT s.skills_note FROM sitting s WHERE s.wave = ? AND s.state = 'done' AND s.skills_note <> ''
		AND s.participant_id IN (SELECT p.id`+from+` AND `+matchedParticipant+`)`, append([]any{string(w)}, args...)...)
	if err != nil || len(list) < LeastGroup {
		return nil, err
	}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] }) //nolint:gosec // an order, not a secret
	return list[:min(len(list), most)], nil
}

// head chooses the follow-up and checks that the family is there.
func (s *Service) head(ctx context.Context, tx *db.Tx, actor access.Actor, q Query) (r Report, err error) {
	r.Family, r.Only = q.Family, whole
	type titled struct {
		Title course.Text `db:"title,json"`
	}
	t, err := db.One[titled](ctx, tx, `SELECT title FROM competence_test WHERE family = ? ORDER BY edition DESC LIMIT 1`, q.Family)
	if err != nil {
		return r, err
	}
	r.Title = t.Title
	from, args := participantsOf(actor, q.Family)
	type count struct{ Week, Months3, Months6 int }
	c, err := db.One[count](ctx, tx, `SELECT COUNT(p.week_percent) AS week, COUNT(p.months3_percent) AS months3, COUNT(p.months6_percent) AS months6`+from, args...)
	for w, n := range map[Wave]int{Week: c.Week, Months3: c.Months3, Months6: c.Months6} {
		if n > 0 {
			r.Waves = append(r.Waves, w)
		}
	}
	slices.SortFunc(r.Waves, func(a, b Wave) int { return cmp.Compare(slices.Index(Waves, a), slices.Index(Waves, b)) })
	r.Wave = q.Wave
	if r.Wave == "" {
		r.Wave = Months3
		if n := len(r.Waves); n > 0 {
			r.Wave = r.Waves[n-1]
		}
	}
	return r, err
}

// groupNames returns the names of measurements and organisations by id.
func (s *Service) groupNames(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	names, err := s.people.UnitNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	list, err := db.All[Measurement](ctx, tx, `SELECT `+measurementColumns+` FROM measurement m`)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		names[m.ID] = m.Title
	}
	return names, nil
}
