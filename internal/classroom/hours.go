package classroom

import "math"

// Hours returns for how many of a training's hours somebody was there: the same share of the minutes that are taught as of those that its
// sessions last by the clock, breaks included, in hours of the training (45 or 60 minutes), down to the quarter. So who was there
// from beginning to end has all hours of the programme, and nobody is certified what they did not attend.
func Hours(present, lasted, taught, hourMinutes int) float64 {
	if lasted <= 0 || hourMinutes <= 0 {
		return 0
	}
	quarters := 4 * float64(taught) * float64(min(present, lasted)) / float64(lasted) / float64(hourMinutes)
	return math.Floor(quarters+1e-9) / 4
}

// Taught returns how many minutes of a training are taught whose sessions last so many minutes: what the plan says, or else all of them.
func (p Plan) Taught(lasted int) int {
	if taught := p.TheoryMinutes + p.ExerciseMinutes; taught > 0 {
		return taught
	}
	return lasted
}
