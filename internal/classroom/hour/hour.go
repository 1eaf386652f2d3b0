// Package hour reckons with the hours of a training, which have 45 or 60 minutes as the training says.
//
// Goals: what somebody writes as hours comes back as it was written, and nobody is certified hours that they did not attend. Limits: which of
// the two an office or its fund counts by is the training's own matter, and each paper prints it.
package hour

import (
	"math"
	"strconv"
	"strings"
)

// most is the longest that is taken for the hours of a training; more is a slip of the pen.
const most = 500

// wholeMinutes rounds up: of a quarter of 45 minutes nothing may be lost where hours are later counted down to the quarter.
func wholeMinutes(hours float64, hour int) int { return int(math.Ceil(hours*float64(hour) - 1e-9)) }

// Read reads hours as people write them, with a comma or a point, and returns their minutes; nothing at all are none.
func Read(s string, hour int) (minutes int, ok bool) {
	if s = strings.ReplaceAll(strings.TrimSpace(s), ",", "."); s == "" {
		return 0, true
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || x < 0 || x > most {
		return 0, false
	}
	return wholeMinutes(x, hour), true
}

// Written returns minutes as hours of 45 or 60 minutes. Quarters come back as they were written: minutes are whole, and four hours and a
// half of 45 minutes are not.
func Written(minutes, hour int) float64 {
	hours := float64(minutes) / float64(max(1, hour))
	if quarter := math.Round(hours*4) / 4; wholeMinutes(quarter, hour) == minutes {
		return quarter
	}
	return hours
}

// Attended returns for how many of a training's hours somebody was there: the same share of the minutes that are taught as of those that its
// sessions last by the clock, breaks included, in hours of the training (45 or 60 minutes), down to the quarter. So who was there
// from beginning to end has all hours of the programme, and nobody is certified what they did not attend.
func Attended(present, lasted, taught, hour int) float64 {
	if lasted <= 0 || hour <= 0 {
		return 0
	}
	quarters := 4 * float64(taught) * float64(min(present, lasted)) / float64(lasted) / float64(hour)
	return math.Floor(quarters+1e-9) / 4
}
