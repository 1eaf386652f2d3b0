package evidenceweb

import (
	"context"
	"math"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/lang"
)

// points writes a difference with its unit.
func points(p *lang.Printer, x float64) string {
	if gain.IsMissing(x) {
		return "–"
	}
	return p.T("assessment.report.points", "Points", p.Float(x, 1))
}

// between writes the interval of an estimate.
func between(p *lang.Printer, e gain.Estimate) string { return interval(p, e.Low, e.High, 1) }

// whole writes a share, or a difference of shares, in whole per cent; next to nothing is 0 and not -0.
func whole(p *lang.Printer, x float64) string { return p.Float(math.Round(100*x)+0, 0) }

// share writes the interval of a share, in per cent.
func share(p *lang.Printer, x gain.Proportion) string {
	return p.T("assessment.report.interval", "Low", whole(p, x.Low), "High", whole(p, x.High))
}

// movedUp says who moved from below the cut to it or above.
func movedUp(p *lang.Printer, m gain.Moved) string {
	return p.T("sure.of", "N", p.Int(m.Up), "All", p.Int(m.N))
}

// movedNet says how sure that is, who moved the other way, and how much larger the share at the cut is.
func movedNet(p *lang.Printer, m gain.Moved) string {
	return p.T("sure.net", "Share", share(p, m.Share), "Down", p.Int(m.Down), "Points", whole(p, m.Net.Value), "Interval", share(p, m.Net))
}

// lostText says which way the loss of people probably moves the difference.
func lostText(p *lang.Printer, g evidence.Group) string {
	a := g.Attrition
	switch {
	case a.Lost == 0:
		return p.T("sure.lost-none")
	case g.AttritionHidden:
		return p.T("sure.lost-hidden", "N", p.Int(a.Lost), "Points", points(p, a.NothingGained))
	}
	return p.T("sure.lost-"+string(a.Lean(g.Gain.Difference)), "N", p.Int(a.Lost), "Lost", p.Percent(a.MeanPre, 1), "Others", p.Percent(a.MeanPreMatched, 1), "Points", points(p, a.Regression.Value))
}

// laterText says what was found at the follow-up, and which way the loss of people probably moves it.
func laterText(p *lang.Printer, f *evidence.FollowUp) string {
	found := p.T("sure.later-found", "N", p.Int(f.Attrition.Matched), "Points", points(p, f.Difference.Value), "Interval", between(p, f.Difference))
	a := f.Attrition
	if a.Lost == 0 {
		return found + " " + p.T("sure.later-none")
	}
	return found + " " + p.T("sure.lost-"+string(a.Lean(f.Difference.Value)), "N", p.Int(a.Lost), "Lost", p.Percent(a.MeanPre, 1), "Others", p.Percent(a.MeanPreMatched, 1), "Points", points(p, a.Regression.Value))
}

// formText says how much easier the second form is.
func formText(p *lang.Printer, c *gain.Crossed) string {
	key := "sure.form-alike"
	switch {
	case !c.FormEffect.Bounded():
		key = "sure.form-open"
	case c.FormEffect.Above():
		key = "sure.form-easier"
	case c.FormEffect.Below():
		key = "sure.form-harder"
	}
	return p.T(key, "Points", points(p, math.Abs(c.FormEffect.Value)), "Effect", points(p, c.FormEffect.Value), "Interval", between(p, c.FormEffect))
}

// neededText says how many people are needed to see a difference, and how many there are.
func neededText(p *lang.Printer, g gain.Gain) string {
	small := evidence.PeopleNeeded(g.SD, evidence.SmallDifference)
	if small == 0 {
		return p.T("sure.needed-open")
	}
	key := "sure.needed-enough"
	if g.Matched < small {
		key = "sure.needed-more"
	}
	return p.T(key, "Small", evidence.SmallDifference, "People", p.Int(small), "Large", evidence.LargeDifference, "Fewer", p.Int(evidence.PeopleNeeded(g.SD, evidence.LargeDifference)), "Have", p.Int(g.Matched))
}

// Needed says how many people a measurement with a test needs, and that it has so many. It stands on the measurement's page.
func (h *Pages) Needed(ctx context.Context, actor access.Actor, testID string, have int) (templ.Component, error) {
	plan, err := h.Service.Plan(ctx, actor, testID)
	if err != nil {
		return nil, err
	}
	return planPart(plan, have), nil
}

func planText(p *lang.Printer, x evidence.Plan, have int) string {
	key := "sure.plan-measured"
	if x.From == 0 {
		key = "sure.plan-assumed"
	}
	return p.T(key, "Small", evidence.SmallDifference, "People", p.Int(x.Small), "Large", evidence.LargeDifference, "Fewer", p.Int(x.Large),
		"Have", p.Int(have), "From", p.Int(x.From), "SD", p.Float(x.SD, 0))
}

func pooledText(p *lang.Printer, t *gain.Pooled) string {
	key := "sure.pooled-alike"
	if t.Unlike() {
		key = "sure.pooled-unlike"
	}
	return p.T(key, "K", p.Int(t.K), "Points", points(p, t.Value), "Interval", interval(p, t.Low, t.High, 1))
}
