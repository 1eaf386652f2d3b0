package ui

import (
	"math"
	"slices"
	"strconv"
)

// SlopePoint is a time of a [Slope]: a mean in per cent with its interval.
type SlopePoint struct {
	Label     string  // "Before"
	Value     float64 // 0 to 100; NaN is not drawn
	Low, High float64 // of the 95 % interval; NaN: none is drawn
	Text      string  // the value as shown
}

// Series is a row of figures of a [Histogram] or of [Dots].
type Series struct {
	Label string
	Class string // before | after | later: how it is drawn
}

// DotRow is a line of [Dots]: a label and a value for each series, in per cent; NaN is not drawn.
type DotRow struct {
	Label  string
	Values []float64
	Texts  []string
}

// The measures of the drawings, in units of their view boxes. They are drawn about as wide as a phone, so that their text
// keeps its size there.
const (
	chartWidth  = 380.0
	slopeHeight = 270.0
	plotTop     = 26.0
	plotLeft    = 44.0
	plotBottom  = 30.0
	histHeight  = 220.0
)

// chartTicks are the lines of a scale of per cent.
var chartTicks = []int{0, 25, 50, 75, 100}

func coordinate(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// slopeY returns where a per cent lies; what is beyond the scale is drawn at its edge.
func slopeY(percent float64) float64 {
	inner := slopeHeight - plotTop - plotBottom
	return plotTop + inner*(1-max(0, min(100, percent))/100)
}

// slopeX returns where the i-th of n times lies.
func slopeX(i, n int) float64 {
	inner := chartWidth - plotLeft
	return plotLeft + inner*(float64(i)+0.5)/float64(max(1, n))
}

func drawn(p SlopePoint) bool { return !math.IsNaN(p.Value) }

// slopePath joins neighbouring times; over one without a value no line leads.
func slopePath(points []SlopePoint) string {
	path, command := "", "M"
	for i, p := range points {
		if !drawn(p) {
			command = "M"
			continue
		}
		path += command + coordinate(slopeX(i, len(points))) + " " + coordinate(slopeY(p.Value))
		command = "L"
	}
	return path
}

func whisker(p SlopePoint) bool { return !math.IsNaN(p.Low) && !math.IsNaN(p.High) }

// whiskerPath draws an interval with its two ends.
func whiskerPath(p SlopePoint, i, n int) string {
	x, low, high := slopeX(i, n), slopeY(p.Low), slopeY(p.High)
	end := func(y float64) string { return "M" + coordinate(x-6) + " " + coordinate(y) + "h12" }
	return "M" + coordinate(x) + " " + coordinate(high) + "V" + coordinate(low) + end(high) + end(low)
}

// labelY puts a value above its point and interval; or below, where there is no room above or the line rises from the first
// point and would run through it.
func labelY(points []SlopePoint, i int) float64 {
	p := points[i]
	top, bottom := slopeY(p.Value), slopeY(p.Value)
	if whisker(p) {
		top, bottom = slopeY(p.High), slopeY(p.Low)
	}
	rises := i == 0 && len(points) > 1 && points[1].Value > p.Value // false if the next is NaN
	if top-10 < 12 || rises && bottom+22 < slopeY(0) {
		return bottom + 20
	}
	return top - 10
}

// histBar is a bar of a histogram.
type histBar struct {
	x, y, width, height float64
	class               string
}

// histBars places the bars of counts, a group of bars for each bin, and returns the count at the top of the scale.
func histBars(series []Series, counts [][]int) (bars []histBar, most int) {
	most = 1
	bins := 1
	for _, c := range counts {
		most, bins = max(most, slices.Max(append([]int{0}, c...))), max(bins, len(c))
	}
	inner, bottom := histHeight-plotTop-plotBottom, histHeight-plotBottom
	slot := (chartWidth - plotLeft) / float64(bins)
	width := slot * 0.84 / float64(max(1, len(series)))
	for s, c := range counts {
		for i, n := range c {
			h := inner * float64(n) / float64(most)
			bars = append(bars, histBar{plotLeft + slot*(float64(i)+0.08) + width*float64(s), bottom - h, width, h, series[s].Class})
		}
	}
	return bars, most
}

// binX is where the lower bound of a bin stands.
func binX(i, bins int) float64 {
	return plotLeft + (chartWidth-plotLeft)*float64(i)/float64(max(1, bins))
}

// dotAt returns where a per cent lies on a line of dots, of 200 units with 6 at each side for the dots themselves.
func dotAt(percent float64) float64 { return 6 + 1.88*max(0, min(100, percent)) }

// diamond draws a square on its corner, about as large as the other signs.
func diamond(x, y float64) string {
	const half = 6.5
	return "M" + coordinate(x) + " " + coordinate(y-half) + "L" + coordinate(x+half) + " " + coordinate(y) + "L" + coordinate(x) + " " + coordinate(y+half) +
		"L" + coordinate(x-half) + " " + coordinate(y) + "Z"
}

// dotSpan is the line between the first and the last dot of a row that are drawn.
func dotSpan(values []float64) (from, to string, ok bool) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	return coordinate(dotAt(low)), coordinate(dotAt(high)), low < high
}
