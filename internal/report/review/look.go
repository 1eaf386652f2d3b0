package review

import (
	"context"
	"slices"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/blob"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/report/freeze"
	"ostoja/internal/report/journal"
)

// Figure is an indicator as a reviewer reads it.
type Figure struct {
	Indicator  fund.Indicator
	Target     *project.Target
	Period     report.Value
	Cumulative report.Value
	Waiting    bool // it is made of people's answers, and is not told before it is handed in
	State      report.State
	Changed    bool // it is counted otherwise now than when it was handed in
	Narrative  string
}

// Deviation is the cumulative figure as a share of the target, in percent; false where there is none.
func (f Figure) Deviation() (percent float64, ok bool) {
	return report.Row{Target: f.Target, Cumulative: f.Cumulative}.Deviation()
}

// figureOf is what a reviewer reads of a row: what was handed in as it was handed in; of a draft, what is counted now. Answers of people are told as they were handed in alone:
// of somebody who looks each day and sees one answer more, what it was is known (decision 70).
func figureOf(r report.Row) Figure {
	f := Figure{Indicator: r.Indicator, Target: r.Target, Period: r.Period, Cumulative: r.Cumulative, State: r.Figure.State, Changed: r.Changed(), Narrative: r.Figure.Narrative}
	if r.Figure.State != report.Draft {
		f.Period, f.Cumulative = handed(r.Figure.Value, r.Period), handed(r.Figure.Cumulative, r.Cumulative)
		return f
	}
	if answers(r.Indicator.Measure) {
		f.Period, f.Cumulative, f.Waiting = report.Value{}, report.Value{}, true
	}
	return f
}

// handed is a figure that was handed in; of one that was of too few people, that it was.
func handed(x *float64, now report.Value) report.Value {
	switch {
	case x != nil:
		return report.Value{Known: true, N: *x, Low: *x, High: *x}
	case now.Few:
		return report.Value{Known: true, Few: true}
	}
	return report.Value{}
}

func answers(m fund.Measure) bool { return m == fund.Useful || m == fund.UsedLater }

// Holes are how many proofs there are, and are not, of the people whom the fund counts.
type Holes struct {
	People   int
	Few      bool // of so few people nothing is told
	Complete int
	Proofs   []Proof
}

// Proof is one that the fund asks for.
type Proof struct {
	Proof   fund.Proof
	Have    int
	Missing int
}

func holesOf(c report.Coverage) Holes {
	if c.People < disclosure.LeastGroup {
		return Holes{People: c.People, Few: c.People > 0}
	}
	h := Holes{People: c.People, Complete: c.Complete}
	for _, proof := range c.Rules.Evidence.Required {
		h.Proofs = append(h.Proofs, Proof{proof, c.With[proof], c.People - c.With[proof]})
	}
	return h
}

// View is what a reviewer sees of a period.
type View struct {
	Project  project.Project
	Partners []string
	Until    time.Time        // when the link ends
	Periods  []project.Period // that can be chosen
	Period   project.Period   // without an id there is none yet
	Rules    fund.Rules
	Version  int64
	Share    int // of the cost, in hundredths of a percent
	Figures  []Figure
	People   int // counted first in the period
	Whole    int // up to its end
	Splits   []report.Split
	Wholes   []report.Split
	Holes    Holes // of the period
	AllHoles Holes // of the whole project, or with a link for one period none
	Packages []freeze.Frozen
	Duties   []journal.Duty // of visibility: of the fund and of the office, as they were after the period
	Risks    []journal.Item[journal.Risk]
	Changes  []journal.Item[journal.Change]
}

// Look returns what a browser may see that has shown a code for the link linkID. number is that of a period, 0 for the one of now.
func (s *Service) Look(ctx context.Context, token, linkID string, number int) (v View, err error) {
	defer errs.Wrap(&err, "review.Look(%d)", number)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		l, p, err := s.enter(ctx, tx, token, linkID)
		if err != nil {
			return err
		}
		v, err = s.look(ctx, tx, l, p, number)
		return err
	})
	if err != nil {
		return v, err
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error { // reading is long, and writing is one at a time
		now := s.Clock.Now()
		n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM review_use WHERE link_id = ? AND act = ? AND at > ?`, linkID, Seen, now.Add(-time.Hour))
		if err != nil || n > 0 {
			return err
		}
		return s.note(ctx, tx, linkID, Seen, "", 0)
	})
	return v, err
}

// enter returns the link of a token, for a browser that has shown a code for it, and its project.
func (s *Service) enter(ctx context.Context, q db.Querier, token, linkID string) (l Link, p project.Page, err error) {
	if l, err = s.opening(ctx, q, token); err != nil {
		return l, p, err
	}
	if l.ID != linkID {
		return l, p, errs.Forbidden("error.forbidden")
	}
	p, err = s.Projects.In(ctx, q, access.System, l.ProjectID)
	return l, p, err
}

func (s *Service) look(ctx context.Context, q db.Querier, l Link, p project.Page, number int) (v View, err error) {
	v = View{Project: p.Project, Partners: p.Partners, Until: l.ExpiresAt}
	today := s.Projects.Today()
	for _, x := range p.Periods {
		if x.FirstDay <= today && (l.Period == 0 || x.Number == l.Period) {
			v.Periods = append(v.Periods, x)
		}
	}
	if v.Packages, err = s.packages(ctx, q, l, p); err != nil || len(v.Periods) == 0 {
		return v, err
	}
	if number == 0 {
		number = v.Periods[len(v.Periods)-1].Number
	}
	if !slices.ContainsFunc(v.Periods, func(x project.Period) bool { return x.Number == number }) {
		return v, errs.NotFound("error.not-found")
	}
	t, err := s.Reports.TableIn(ctx, q, access.System, p.ID, number)
	if err != nil {
		return v, err
	}
	v.Period = t.Period
	if err := s.noted(ctx, q, l, p, &v); err != nil {
		return v, err
	}
	i := slices.IndexFunc(t.Sheets, func(x report.Sheet) bool { return x.Rules.ID == l.FundID })
	if i < 0 { // it pays no more
		return v, nil
	}
	x := t.Sheets[i]
	v.Rules, v.Version, v.Share, v.People, v.Whole, v.Splits = x.Rules, x.Version, x.Share, int(x.People.N), x.Whole, x.Splits
	for _, row := range x.Rows {
		v.Figures = append(v.Figures, figureOf(row))
	}
	if v.Holes, err = s.holes(ctx, q, p, l.FundID, number); err != nil || l.Period > 0 {
		return v, err
	}
	v.Wholes = x.Wholes
	v.AllHoles, err = s.holes(ctx, q, p, l.FundID, 0)
	return v, err
}

// noted adds what the office notes beside figures, as it was after the period. Duties of other funds are not shown.
func (s *Service) noted(ctx context.Context, q db.Querier, l Link, p project.Page, v *View) (err error) {
	if v.Duties, err = s.duties(ctx, q, l, p, v.Period.Number); err != nil {
		return err
	}
	v.Risks, v.Changes, err = s.Journal.LogIn(ctx, q, p.ID, v.Period.Number)
	return err
}

func (s *Service) duties(ctx context.Context, q db.Querier, l Link, p project.Page, period int) ([]journal.Duty, error) {
	list, err := s.Journal.DutiesIn(ctx, q, p, period)
	return slices.DeleteFunc(list, func(d journal.Duty) bool { return !d.Asked || d.Says.FundID != "" && d.Says.FundID != l.FundID }), err
}

// TakeProof returns the proof of a duty that the reviewer is shown, and notes that it was taken.
func (s *Service) TakeProof(ctx context.Context, token, linkID, entryID string) (b blob.Blob, err error) {
	defer errs.Wrap(&err, "review.TakeProof")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		l, p, err := s.enter(ctx, tx, token, linkID)
		if err != nil {
			return err
		}
		shown := false
		for _, x := range p.Periods {
			if x.FirstDay > s.Projects.Today() || l.Period > 0 && x.Number != l.Period {
				continue
			}
			list, err := s.duties(ctx, tx, l, p, x.Number)
			if err != nil {
				return err
			}
			shown = shown || slices.ContainsFunc(list, func(d journal.Duty) bool { return d.Entry.ID == entryID })
		}
		if !shown {
			return errs.NotFound("error.not-found")
		}
		if b, err = s.Journal.ProofIn(ctx, tx, p.ID, entryID); err != nil {
			return err
		}
		return s.note(ctx, tx, l.ID, Proved, "", 0)
	})
	return b, err
}

func (s *Service) holes(ctx context.Context, q db.Querier, p project.Page, fundID string, period int) (Holes, error) {
	list, err := s.Reports.CoveragesIn(ctx, q, p, period)
	for _, c := range list {
		if c.Rules.ID == fundID {
			return holesOf(c), err
		}
	}
	return Holes{}, err
}

// packages are the frozen reports that a link opens.
func (s *Service) packages(ctx context.Context, q db.Querier, l Link, p project.Page) (list []freeze.Frozen, err error) {
	all, err := s.Freeze.DoneIn(ctx, q, p)
	for _, f := range all {
		if l.Period == 0 || f.Period == l.Period {
			list = append(list, f)
		}
	}
	return list, err
}

// Take returns a frozen package to a browser that has shown a code, and notes that it was taken.
func (s *Service) Take(ctx context.Context, token, linkID, frozenID string) (f freeze.Frozen, content []byte, err error) {
	defer errs.Wrap(&err, "review.Take")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		l, p, err := s.enter(ctx, tx, token, linkID)
		if err != nil {
			return err
		}
		list, err := s.packages(ctx, tx, l, p)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(f freeze.Frozen) bool { return f.ID == frozenID })
		if i < 0 {
			return errs.NotFound("error.not-found")
		}
		f = list[i]
		if content, err = s.Freeze.ContentIn(ctx, tx, f); err != nil {
			return err
		}
		return s.note(ctx, tx, l.ID, Package, strconv.Itoa(f.Number), 0)
	})
	return f, content, err
}
