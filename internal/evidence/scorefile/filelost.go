package scorefile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ostoja/internal/gain"
)

// estimateFigures are a [gain.Estimate] as JSON has it.
type estimateFigures struct {
	Estimate float64     `json:"estimate"`
	CI95     *[2]float64 `json:"ci95"` // null where there is no spread
	DF       *float64    `json:"df"`
}

// lostFigures are a [gain.Attrition] as JSON has it. Its people are those with a score before and none after.
type lostFigures struct {
	N              int         `json:"n"`
	MeanPre        *float64    `json:"mean_pre"`
	NothingGained  *float64    `json:"difference_if_nothing_gained"`
	Bounds         *[2]float64 `json:"bounds"`
	Regression     *float64    `json:"regression"`
	RegressionCI95 *[2]float64 `json:"regression_ci95"`
}

// ofAll adds what is told of all in the file alone. It is told of however few, since whoever reads it holds the file; but for
// the number of the lost there is nothing where the figures of all are suppressed.
func (r *FileReport) ofAll(f File) {
	var matched []gain.Pair
	var lost []float64
	for _, s := range f.Scores {
		switch {
		case s.Matched():
			matched = append(matched, gain.Pair{Pre: s.Pre, Post: s.Post})
		case !gain.IsMissing(s.Pre):
			lost = append(lost, s.Pre)
		}
	}
	if r.Attrition.N = len(lost); r.Suppressed {
		return
	}
	a := gain.AttritionOf(matched, lost)
	r.Attrition.MeanPre, r.Attrition.NothingGained, r.Attrition.Regression = known(a.MeanPre), known(a.NothingGained), known(a.Regression.Value)
	r.Attrition.Bounds, r.Attrition.RegressionCI95 = &[2]float64{a.Worst, a.Best}, bounds(a.Regression)
	if c, ok := gain.CrossOver(f.halves()); ok {
		r.FormEffect, r.FreeOfForm = estimate(c.FormEffect), estimate(c.FreeOfForm)
	}
}

// halves returns the differences of the matched who began with each of two forms; the first in the alphabet is A. Who did not end
// with the other form, or of whom the file does not say with which they began, belongs to no half. Nobody does where people began with more
// than two: three forms are not crossed over in two halves.
func (f File) halves() (a, b []float64) {
	by := map[string][]float64{}
	for i, s := range f.Scores {
		if before := strings.ToUpper(f.Forms[i][0]); s.Matched() && before != "" {
			by[before] = nil
		}
	}
	if len(by) != 2 {
		return nil, nil
	}
	names := slices.Sorted(maps.Keys(by))
	for i, s := range f.Scores {
		before, after := strings.ToUpper(f.Forms[i][0]), strings.ToUpper(f.Forms[i][1])
		if s.Matched() && before != "" && before != after && (after == "" || slices.Contains(names, after)) {
			by[before] = append(by[before], s.Post-s.Pre)
		}
	}
	return by[names[0]], by[names[1]]
}

func estimate(e gain.Estimate) *estimateFigures {
	return &estimateFigures{Estimate: e.Value, CI95: bounds(e), DF: known(e.DF)}
}

func bounds(e gain.Estimate) *[2]float64 {
	if !e.Bounded() {
		return nil
	}
	return &[2]float64{e.Low, e.High}
}

// writeOfAll writes the lines that are told of all alone.
func (r FileReport) writeOfAll(t *strings.Builder) {
	if r.Suppressed {
		return
	}
	if l := r.Attrition; l.N > 0 {
		t.WriteString("\n")
		fmt.Fprintf(t, "lost after a first test\t%d\n  mean before\t%s\n  difference if they gained nothing\t%s\n", l.N, decimals(l.MeanPre, 2), decimals(l.NothingGained, 2))
		fmt.Fprintf(t, "  were they to score 0, or 100\t%.2f to %.2f\n  had they gained as their like\t%s\n", l.Bounds[0], l.Bounds[1], between(l.Regression, l.RegressionCI95))
	}
	if r.FormEffect != nil {
		fmt.Fprintf(t, "form effect\t%s\ndifference free of it\t%s\n", between(&r.FormEffect.Estimate, r.FormEffect.CI95), between(&r.FreeOfForm.Estimate, r.FreeOfForm.CI95))
	}
}

// between writes a figure with its interval.
func between(x *float64, interval *[2]float64) string {
	if interval == nil {
		return decimals(x, 2)
	}
	return fmt.Sprintf("%s (%.2f to %.2f)", decimals(x, 2), interval[0], interval[1])
}
