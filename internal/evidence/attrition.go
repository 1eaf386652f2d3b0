package evidence

import (
	"math"

	"ostoja/internal/disclosure"
	"ostoja/internal/gain"
)

// attrition says what the lost of a cell, whose rows these are, may do to its difference, and whether their scores have to stay out.
func (j *population) attrition(c disclosure.Cell, rows []*row) (a gain.Attrition, hidden bool) {
	matched := make([]gain.Pair, 0, len(rows))
	var lost []float64
	for _, x := range rows {
		switch {
		case x.scores.Matched():
			matched = append(matched, gain.Pair{Pre: x.scores.Pre, Post: x.scores.Post})
		case x.lost:
			lost = append(lost, x.scores.Pre)
		}
	}
	a = attritionOf(matched, lost)
	if hidden = len(lost) > 0 && !j.shown.Lost(c); hidden {
		a.ForgetLost()
	}
	return a, hidden
}

// ofFollowUp is what the follow-up found against before, with what those may do to it whom it lost. It is not there where what those
// had before who were reached, or who were not, would give a few people away.
func (j *population) ofFollowUp() *FollowUp {
	if j.followUp < 0 || !j.shown.Retained(disclosure.Whole, j.followUp) {
		return nil
	}
	var reached []gain.Pair
	var difference, lost []float64
	for _, x := range j.rows {
		switch {
		case x.scores.Followed():
			reached, difference = append(reached, gain.Pair{Pre: x.scores.Pre, Post: x.scores.Later}), append(difference, x.scores.Later-x.scores.Pre)
		case x.lostAt[j.followUp]:
			lost = append(lost, x.scores.Pre)
		}
	}
	if len(lost) > 0 && !j.shown.Part(partLost+j.followUp) {
		return nil
	}
	return &FollowUp{Difference: gain.MeanOf(difference), Attrition: attritionOf(reached, lost)}
}

// attritionOf is [gain.AttritionOf] without what a report must not say as a finding.
func attritionOf(matched []gain.Pair, lost []float64) gain.Attrition {
	a := gain.AttritionOf(matched, lost)
	a.ForgetImpossible()
	return a
}

// forms estimates how much easier the second form is, of everybody in the report: it is a figure of the test and not of a group.
func (j *population) forms() *gain.Crossed {
	if !j.shown.Part(partA) || !j.shown.Part(partB) {
		return nil
	}
	var first [2][]float64
	for _, x := range j.matched {
		switch x.first {
		case "A":
			first[0] = append(first[0], x.scores.Post-x.scores.Pre)
		case "B":
			first[1] = append(first[1], x.scores.Post-x.scores.Pre)
		}
	}
	c, ok := gain.CrossOver(first[0], first[1])
	if !ok {
		return nil
	}
	return &c
}

// pooled weighs those trainings and courses that are shown; nil if there are fewer than two with an interval.
func pooled(groups []Group) *gain.Pooled {
	var parts []gain.Part
	for _, g := range groups {
		if !g.Hidden && g.Gain.Matched > 1 && !g.Gain.Constant() {
			parts = append(parts, gain.Part{Value: g.Gain.Difference, SE: g.Gain.SD / math.Sqrt(float64(g.Gain.Matched))})
		}
	}
	if len(parts) < 2 {
		return nil
	}
	p := gain.Pool(parts)
	return &p
}
