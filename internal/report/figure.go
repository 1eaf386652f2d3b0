package report

import (
	"context"
	"fmt"
	"math"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/text"
)

// MostNarrative is how long the words on a deviation may be, in characters.
const MostNarrative = 2000

// figures returns what was written and handed in of a period, by fund and indicator.
func figures(ctx context.Context, q db.Querier, periodID string) (map[[2]string]Figure, error) {
	list, err := db.All[Figure](ctx, q, `
		SELECT f.period_id, f.fund_id, f.indicator, f.state, f.value, f.cumulative, f.narrative, f.edition, f.handed_at, f.handed_by, f.approved_at, f.approved_by,
			COALESCE(h.given_name || ' ' || h.family_name, '') AS handed_name, COALESCE(a.given_name || ' ' || a.family_name, '') AS approved_name
		FROM report_figure f LEFT JOIN identity_person h ON h.id = f.handed_by LEFT JOIN identity_person a ON a.id = f.approved_by WHERE f.period_id = ?`, periodID)
	byKey := make(map[[2]string]Figure, len(list))
	for _, f := range list {
		byKey[[2]string{f.FundID, f.Indicator}] = f
	}
	return byKey, err
}

// Entry is what somebody writes of an indicator in an open period.
type Entry struct {
	FundID, Indicator string
	Value, Cumulative *float64 // of an indicator that is entered by hand
	Narrative         string
	Edition           int64 // that the writer saw, 0 of none
}

// Write keeps what was written of an indicator. The period must be open, and the figure a draft.
func (s *Service) Write(ctx context.Context, actor access.Actor, projectID, periodID string, e Entry) (err error) {
	defer errs.Wrap(&err, "report.Write")
	e.Narrative = text.CleanLines(e.Narrative)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		p, period, err := s.Projects.Writable(ctx, tx, actor, projectID, periodID)
		if err != nil {
			return err
		}
		i, f, err := s.find(ctx, tx, p, period, e.FundID, e.Indicator)
		if err != nil {
			return err
		}
		if f.State != Draft {
			return errs.Conflict("report.fault.handed-in")
		}
		if err := e.check(i).Err(); err != nil {
			return err
		}
		if f.Edition != e.Edition {
			return errs.Conflict("project.changed-meanwhile")
		}
		f.Narrative = e.Narrative
		if i.Measure == fund.ByHand {
			f.Value, f.Cumulative = e.Value, e.Cumulative
		}
		return s.store(ctx, tx, actor, projectID, "figure", f)
	})
}

// check finds what is wrong with what was written. A figure by hand of the period is a part of the one since the beginning.
func (e Entry) check(i fund.Indicator) (f errs.Fields) {
	if len([]rune(e.Narrative)) > MostNarrative {
		f.Add("narrative", "project.fault.long", "Most", MostNarrative)
	}
	if i.Measure != fund.ByHand {
		return f
	}
	most := 1e9
	if i.Unit == fund.Percent {
		most = 100
	}
	for name, x := range map[string]*float64{"value": e.Value, "cumulative": e.Cumulative} {
		switch {
		case x == nil:
		case *x < 0 || *x > most:
			f.Add(name, "report.fault.value", "Most", most)
		case i.Unit == fund.Persons && *x != math.Trunc(*x):
			f.Add(name, "report.fault.whole")
		}
	}
	if len(f) == 0 && i.Unit != fund.Percent && e.Value != nil && e.Cumulative != nil && *e.Value > *e.Cumulative {
		f.Add("cumulative", "report.fault.cumulative")
	}
	return f
}

// find returns an indicator of a project's funds, and what is stored of it.
func (s *Service) find(ctx context.Context, q db.Querier, p project.Page, period project.Period, fundID, indicator string) (i fund.Indicator, f Figure, err error) {
	paid := false
	for _, share := range p.Shares {
		paid = paid || share.FundID == fundID
	}
	if !paid {
		return i, f, errs.NotFound("error.not-found")
	}
	set, _, err := s.Rules.Of(ctx, q, fundID, 0)
	if err != nil {
		return i, f, err
	}
	i, ok := set.Indicator(indicator)
	if !ok {
		return i, f, errs.NotFound("error.not-found")
	}
	stored, err := figures(ctx, q, period.ID)
	if f, ok = stored[[2]string{fundID, indicator}]; !ok {
		f = Figure{PeriodID: period.ID, FundID: fundID, Indicator: indicator, State: Draft}
	}
	return i, f, err
}

// store writes a figure, unless somebody was faster, and records who did it.
func (s *Service) store(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, act string, f Figure) error {
	n, err := db.Changed(ctx, tx, `
		INSERT INTO report_figure (period_id, fund_id, indicator, state, value, cumulative, narrative, edition, handed_at, handed_by, approved_at, approved_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)
		ON CONFLICT (period_id, fund_id, indicator) DO UPDATE SET state = excluded.state, value = excluded.value, cumulative = excluded.cumulative, narrative = excluded.narrative,
			edition = report_figure.edition + 1, handed_at = excluded.handed_at, handed_by = excluded.handed_by, approved_at = excluded.approved_at, approved_by = excluded.approved_by
		WHERE report_figure.edition = ?`,
		f.PeriodID, f.FundID, f.Indicator, string(f.State), f.Value, f.Cumulative, f.Narrative, orNull(f.HandedAt), f.HandedBy, orNull(f.ApprovedAt), f.ApprovedBy, f.Edition)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflict("project.changed-meanwhile")
	}
	return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "report."+act, "project:"+projectID, map[string]any{"period": f.PeriodID, "fund": f.FundID, "indicator": f.Indicator})
}

// HandIn hands in all figures of a period that are drafts, as they are counted now. From then on they stay as they are; what is counted otherwise later is said beside them.
func (s *Service) HandIn(ctx context.Context, actor access.Actor, projectID, periodID string) (n int, err error) {
	defer errs.Wrap(&err, "report.HandIn")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		n, err = s.handIn(ctx, tx, actor, projectID, periodID)
		return err
	})
	return n, err
}

// OpenAndHandIn hands in the figures of a locked period: it is opened with a reason, handed in and locked again, all or nothing. Whoever has more to write opens it for longer.
func (s *Service) OpenAndHandIn(ctx context.Context, actor access.Actor, projectID, periodID, reason string) (n int, err error) {
	defer errs.Wrap(&err, "report.OpenAndHandIn")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		if err := s.Projects.Turn(ctx, tx, actor, projectID, periodID, true, reason); err != nil {
			return err
		}
		if n, err = s.handIn(ctx, tx, actor, projectID, periodID); err != nil {
			return err
		}
		return s.Projects.Turn(ctx, tx, actor, projectID, periodID, false, "")
	})
	return n, err
}

func (s *Service) handIn(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, periodID string) (n int, err error) {
	p, period, err := s.Projects.Writable(ctx, tx, actor, projectID, periodID)
	if err != nil {
		return 0, err
	}
	if period.LastDay >= s.Projects.Today() {
		return 0, errs.Conflict("report.fault.not-over", "Day", period.LastDay)
	}
	t, err := s.table(ctx, tx, actor, projectID, period.Number)
	if err != nil {
		return 0, err
	}
	var others []string // who handed in other figures of the period: nobody approves all of them but somebody else
	for _, sheet := range t.Sheets {
		for _, row := range sheet.Rows {
			f := row.Figure
			if f.State == HandedIn && f.HandedBy != "" && f.HandedBy != actor.PersonID && !slices.Contains(others, f.HandedBy) {
				others = append(others, f.HandedBy)
			}
			if f.State != Draft {
				continue
			}
			f.State, f.HandedAt, f.HandedBy = HandedIn, s.Clock.Now(), actor.PersonID
			f.Value, f.Cumulative = shown(row.Period), shown(row.Cumulative)
			if err := s.store(ctx, tx, actor, projectID, "handed-in", f); err != nil {
				return 0, err
			}
			n++
		}
	}
	if n == 0 {
		return 0, errs.Conflict("report.fault.nothing-to-hand-in")
	}
	return n, approval.Ask{
		Kind: approval.Figures, Ref: periodID, Title: fmt.Sprintf("%s (%d)", p.Title(), period.Number), Path: fmt.Sprintf("/app/projects/%s?period=%d", projectID, period.Number),
		Permission: access.ProjectsSign, UnitID: p.UnitID, By: actor.PersonID, Excluded: others,
	}.Tell(ctx, tx, s.Events)
}

// shown is the figure that may be handed in, nil if there is none.
func shown(v Value) *float64 {
	if !v.Known || v.Few {
		return nil
	}
	return &v.N
}

// Approve approves a period's figures that were handed in, by somebody else than who did it.
func (s *Service) Approve(ctx context.Context, actor access.Actor, projectID, periodID string) (n int, err error) {
	defer errs.Wrap(&err, "report.Approve")
	return s.move(ctx, actor, projectID, periodID, "approved", func(f *Figure) error {
		if f.State != HandedIn {
			return nil
		}
		if f.HandedBy == actor.PersonID {
			return errs.Forbidden("report.fault.two-people")
		}
		f.State, f.ApprovedAt, f.ApprovedBy = Approved, s.Clock.Now(), actor.PersonID
		return nil
	})
}

// GiveBack makes a period's figures drafts again, those handed in and, while the report is not made, those approved.
func (s *Service) GiveBack(ctx context.Context, actor access.Actor, projectID, periodID string) (n int, err error) {
	defer errs.Wrap(&err, "report.GiveBack")
	return s.move(ctx, actor, projectID, periodID, "given-back", func(f *Figure) error {
		if f.State != Draft {
			*f = Figure{PeriodID: f.PeriodID, FundID: f.FundID, Indicator: f.Indicator, State: Draft, Value: f.Value, Cumulative: f.Cumulative, Narrative: f.Narrative, Edition: f.Edition}
		}
		return nil
	})
}

// outcomes are what was done with figures that were handed in, as who did that is told.
var outcomes = map[string]approval.Outcome{"approved": approval.Approved, "given-back": approval.Returned}

// move changes the figures of a period that somebody may sign.
func (s *Service) move(ctx context.Context, actor access.Actor, projectID, periodID, act string, change func(f *Figure) error) (n int, err error) {
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := s.Projects.In(ctx, tx, actor, projectID)
		if err != nil {
			return err
		}
		if !p.MaySign {
			return errs.Forbidden("error.forbidden")
		}
		frozen := false
		there := false
		for _, x := range p.Periods {
			if x.ID == periodID {
				there, frozen = true, !x.FrozenAt.IsZero()
			}
		}
		if !there {
			return errs.NotFound("error.not-found")
		}
		if frozen {
			return errs.Conflict("report.fault.frozen")
		}
		stored, err := figures(ctx, tx, periodID)
		if err != nil {
			return err
		}
		for _, f := range stored {
			before := f.State
			if err := change(&f); err != nil {
				return err
			}
			if f.State == before {
				continue
			}
			if err := s.store(ctx, tx, actor, projectID, act, f); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return errs.Conflict("report.fault.nothing-to-move")
		}
		return approval.Answer{Kind: approval.Figures, Ref: periodID, By: actor.PersonID, Outcome: outcomes[act]}.Tell(ctx, tx, s.Events)
	})
	return n, err
}
