package report

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
)

// Value is a figure. Without Known there is none: nobody entered it, or it cannot be counted.
type Value struct {
	Known bool
	N     float64
	// Of is the whole of which N is a part: who answered, who was asked. 0: N is no part of anything.
	Of int
	// Low and High are the bounds of N, where some of those who were asked did not answer: as if all of them had said no, and as if all had said yes. Equal to N elsewhere.
	Low, High float64
	Few       bool // there is a figure, of too few people to be shown
}

func known(n float64) Value { return Value{Known: true, N: n, Low: n, High: n} }

// State is how far a figure is.
type State string

// The states. A figure that nobody wrote or handed in is a draft.
const (
	Draft    State = "draft"
	HandedIn State = "handed-in"
	Approved State = "approved"
)

// Figure is what was written and handed in of an indicator in a period.
type Figure struct {
	PeriodID          string
	FundID            string
	Indicator         string
	State             State
	Value, Cumulative *float64
	Narrative         string
	Edition           int64
	HandedAt          time.Time
	HandedBy          string // id
	HandedName        string
	ApprovedAt        time.Time
	ApprovedBy        string // id
	ApprovedName      string
}

// Row is an indicator in the table that a fund asks for.
type Row struct {
	Indicator  fund.Indicator
	Target     *project.Target // that holds at the period's end, nil if none was promised
	Period     Value           // counted now, or typed
	Cumulative Value           // from the project's beginning to the period's end
	Figure     Figure
}

// Deviation is the cumulative figure as a share of the target, in percent; false where there is no target, or no figure.
func (r Row) Deviation() (percent float64, ok bool) {
	if r.Target == nil || r.Target.Target == 0 || !r.Cumulative.Known || r.Cumulative.Few {
		return 0, false
	}
	return 100 * r.Cumulative.N / r.Target.Target, true
}

// Changed says whether what was handed in is counted otherwise now. A figure typed by hand is not counted.
func (r Row) Changed() bool {
	return r.Figure.State != Draft && r.Indicator.Measure != fund.ByHand &&
		(differs(r.Figure.Value, r.Period) || differs(r.Figure.Cumulative, r.Cumulative))
}

func differs(stored *float64, now Value) bool {
	is := now.Known && !now.Few
	return (stored != nil) != is || stored != nil && *stored != now.N
}

// Sheet is the table of a fund.
type Sheet struct {
	Rules   fund.Rules
	Version int64
	Share   int // of the cost, in hundredths of a percent
	Rows    []Row
	People  Value   // counted first in the period
	Whole   int     // people counted up to the period's end
	Active  int     // who took part in the period, those counted before among them
	Splits  []Split // of the people of the period
	Wholes  []Split // of all people of the project
}

// Table is a period's report as the page shows it.
type Table struct {
	project.Page
	Period   project.Period
	Today    string
	Sheets   []Sheet
	Gains    Gains // of the whole project
	MayCount bool  // the reader may see the people behind
}

// Table returns the table of a period by its number; with 0, of the one that runs or ran last. A project without periods or funds has an empty one.
func (s *Service) Table(ctx context.Context, actor access.Actor, projectID string, period int) (t Table, err error) {
	defer errs.Wrap(&err, "report.Table(%d)", period)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		t, err = s.table(ctx, tx, actor, projectID, period)
		return err
	})
	return t, err
}

func (s *Service) table(ctx context.Context, q db.Querier, actor access.Actor, projectID string, period int) (t Table, err error) {
	if t.Page, err = s.Projects.In(ctx, q, actor, projectID); err != nil {
		return t, err
	}
	t.Today, t.MayCount = s.Projects.Today(), actor.Has(access.PeopleRead)
	if t.Period, err = chosen(t.Page, period, t.Today); err != nil || t.Period.ID == "" {
		return t, err
	}
	if t.Gains, err = gains(ctx, q, projectID); err != nil {
		return t, err
	}
	reactions, err := s.reactions(ctx, q, t.Page)
	if err != nil {
		return t, err
	}
	stored, err := figures(ctx, q, t.Period.ID)
	if err != nil {
		return t, err
	}
	r, err := s.load(ctx, q, t.Page)
	if err != nil {
		return t, err
	}
	for _, share := range t.Shares {
		sheet, err := s.sheet(ctx, q, t, r, share, reactions, stored)
		if err != nil {
			return t, err
		}
		t.Sheets = append(t.Sheets, sheet)
	}
	return t, nil
}

// chosen returns a period by its number, with 0 the one of today.
func chosen(p project.Page, number int, today string) (project.Period, error) {
	if number == 0 {
		if current := p.Current(today); current != nil {
			return *current, nil
		}
		if len(p.Periods) > 0 {
			return p.Periods[0], nil
		}
		return project.Period{}, nil
	}
	if number < 0 || number > len(p.Periods) {
		return project.Period{}, errs.NotFound("error.not-found")
	}
	return p.Periods[number-1], nil
}

func (s *Service) sheet(ctx context.Context, q db.Querier, t Table, r *record, share project.Share, reactions []reaction, stored map[[2]string]Figure) (x Sheet, err error) {
	x.Share = share.Share
	if x.Rules, x.Version, err = s.Rules.Of(ctx, q, share.FundID, 0); err != nil {
		return x, err
	}
	told, err := r.told(ctx, q, t.ID, x.Rules)
	if err != nil {
		return x, err
	}
	var issued map[standing]int64
	if slices.ContainsFunc(x.Rules.Indicators, func(i fund.Indicator) bool { return i.Measure == fund.Certificates }) {
		if issued, err = r.certificates(ctx, q, t.ID); err != nil {
			return x, err
		}
	}
	tallies := r.count(r.chosen(x.Rules, told), issued)
	sums := upTo(tallies, t.Period.Number)
	x.People, x.Whole, x.Active = known(float64(tallies[t.Period.Number].People)), sums.People, tallies[t.Period.Number].Active
	counted := counted{now: tallies[t.Period.Number], sums: sums, said: reactions[t.Period.Number], saidAll: reactionsUpTo(reactions, t.Period.Number, len(t.Periods))}
	if counted.admitted, counted.admittedAll, err = s.admitted(ctx, q, t.Page, t.Period); err != nil {
		return x, err
	}
	if slices.ContainsFunc(x.Rules.Indicators, func(i fund.Indicator) bool { return i.Measure.OfPublications() }) {
		came, err := s.publications(ctx, q, t.Page)
		if err != nil {
			return x, err
		}
		counted.came, counted.cameAll = came[t.Period.Number], outputsUpTo(came, t.Period.Number)
	}
	targets := t.TargetsOn(t.Period.LastDay)
	for _, indicator := range x.Rules.Indicators {
		key := [2]string{share.FundID, indicator.ID}
		row := Row{Indicator: indicator, Figure: stored[key]}
		if row.Figure.State == "" {
			row.Figure = Figure{PeriodID: t.Period.ID, FundID: share.FundID, Indicator: indicator.ID, State: Draft}
		}
		if target, ok := targets[key]; ok {
			row.Target = &target
		}
		row.Period, row.Cumulative = counted.value(indicator, row.Figure)
		x.Rows = append(x.Rows, row)
	}
	if x.Splits, err = s.splits(ctx, q, t.ID, share.FundID, t.Period.Number, tallies[t.Period.Number].People); err != nil {
		return x, err
	}
	x.Wholes, err = s.splits(ctx, q, t.ID, share.FundID, 0, tallies[0].People)
	return x, err
}

// upTo adds up the periods up to one. Active people are not added: they may be the same.
func upTo(list []tally, period int) (sum tally) {
	for _, t := range list[1 : period+1] {
		sum.People, sum.Participations, sum.Days = sum.People+t.People, sum.Participations+t.Participations, sum.Days+t.Days
		sum.Certificates, sum.Trainings = sum.Certificates+t.Certificates, sum.Trainings+t.Trainings
	}
	return sum
}

// reactionsUpTo adds up what was said of trainings in the periods up to one; of the last period, what was said of courses as well, which has no day.
func reactionsUpTo(list []reaction, period, periods int) (sum reaction) {
	if period == periods {
		return list[0]
	}
	for _, r := range list[1 : period+1] {
		sum.Answered, sum.Useful, sum.Asked, sum.Yes, sum.No = sum.Answered+r.Answered, sum.Useful+r.Useful, sum.Asked+r.Asked, sum.Yes+r.Yes, sum.No+r.No
	}
	return sum
}

// admitted counts the guardians who were admitted in a period, and up to its end, in the offices whose programme belongs to the project.
func (s *Service) admitted(ctx context.Context, q db.Querier, p project.Page, period project.Period) (in, all int, err error) {
	units, err := db.All[string](ctx, q, `SELECT subject_id FROM project_subject WHERE project_id = ? AND kind = 'guardians'`, p.ID)
	if err != nil {
		return 0, 0, err
	}
	at := func(micro int64) time.Time { return time.UnixMicro(micro) }
	until := at(s.begin(project.NextDay(period.LastDay)))
	for _, unitID := range units {
		n, err := s.Guardians(ctx, q, unitID, at(s.begin(period.FirstDay)), until)
		if err != nil {
			return 0, 0, err
		}
		sum, err := s.Guardians(ctx, q, unitID, at(s.begin(p.FirstDay)), until)
		if err != nil {
			return 0, 0, err
		}
		in, all = in+n, all+sum
	}
	return in, all, nil
}

// counted is everything from which the figures of a period are taken.
type counted struct {
	now, sums             tally
	said, saidAll         reaction
	admitted, admittedAll int
	came, cameAll         outputs
}

// value returns an indicator's figure of the period and since the beginning.
func (c counted) value(i fund.Indicator, f Figure) (period, cumulative Value) {
	of := func(pick func(tally) float64) (Value, Value) { return known(pick(c.now)), known(pick(c.sums)) }
	percent := i.Unit == fund.Percent
	switch i.Measure {
	case fund.Participants:
		return of(func(t tally) float64 { return float64(t.People) })
	case fund.Participations:
		return of(func(t tally) float64 { return float64(t.Participations) })
	case fund.MeasureDays:
		return of(func(t tally) float64 { return t.Days })
	case fund.Certificates:
		return of(func(t tally) float64 { return float64(t.Certificates) })
	case fund.Trainings:
		return of(func(t tally) float64 { return float64(t.Trainings) })
	case fund.Useful:
		return c.said.useful(percent), c.saidAll.useful(percent)
	case fund.UsedLater:
		return c.said.used(percent), c.saidAll.used(percent)
	case fund.Guardians:
		return few(c.admitted), few(c.admittedAll)
	case fund.Publications:
		return known(float64(c.came.Issued)), known(float64(c.cameAll.Issued))
	case fund.CopiesPrinted:
		return known(float64(c.came.Printed)), known(float64(c.cameAll.Printed))
	case fund.CopiesGiven:
		return known(float64(c.came.Given)), known(float64(c.cameAll.Given))
	case fund.Downloads:
		return fetched(c.came.Downloads), known(float64(c.cameAll.Downloads))
	case fund.ByHand:
		return typed(f.Value), typed(f.Cumulative)
	}
	return Value{}, Value{} // the gain has a report of its own
}

func typed(x *float64) Value {
	if x == nil {
		return Value{}
	}
	return known(*x)
}

// few is a number of people that is not told as long as they are few: of guardians a register must not be guessed.
func few(n int) Value {
	v := known(float64(n))
	v.Few = n > 0 && n < disclosure.LeastGroup
	return v
}

// useful is how many of those who answered the evaluation find the training useful: who chose 4 or 5 of 5.
func (r reaction) useful(percent bool) Value {
	if r.Answered == 0 {
		return Value{}
	}
	v := known(float64(r.Useful))
	v.Of, v.Few = r.Answered, r.Answered < disclosure.LeastGroup
	return v.in(percent)
}

// used is how many of those who were asked three months later use what they learned. Who was silent may have said either.
func (r reaction) used(percent bool) Value {
	if r.Asked == 0 {
		return Value{}
	}
	answered := r.Yes + r.No
	v := Value{Known: true, N: float64(r.Yes), Of: answered, Low: float64(r.Yes), High: float64(r.Asked - r.No), Few: answered < disclosure.LeastGroup}
	if percent {
		v.Low, v.High = 100*v.Low/float64(r.Asked), 100*v.High/float64(r.Asked)
		if answered > 0 {
			v.N = 100 * v.N / float64(answered)
		}
	}
	return v
}

// in turns a part of a whole into percent of it.
func (v Value) in(percent bool) Value {
	if percent && v.Of > 0 {
		v.N = 100 * v.N / float64(v.Of)
		v.Low, v.High = v.N, v.N
	}
	return v
}
