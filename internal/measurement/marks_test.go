package measurement

import (
	"testing"

	"ostoja/internal/quiz"
)

// Marks are sums of shares such as thirds. Their per cent must not be a hair off at an edge: 27 of 30 are 90, from which on
// somebody counts as having been at the ceiling.
func TestPercentOfSummedShares(t *testing.T) {
	for full := 1; full <= 60; full++ {
		for marks := 0; marks <= full; marks++ {
			for _, parts := range []int{1, 2, 3, 4, 5, 6, 7} {
				sum := 0.0
				for range marks * parts {
					sum += 1 / float64(parts)
				}
				if got, want := quiz.Percent(sum, full), quiz.Percent(float64(marks), full); got != want {
					t.Fatalf("%d of %d marks in parts of 1/%d: %v, not %v", marks, full, parts, got, want)
				}
			}
		}
	}
	if got := quiz.Percent(27, 30); got != 90 {
		t.Errorf("27 of 30 are %v", got)
	}
}
