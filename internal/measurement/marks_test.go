package measurement

import "testing"

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
				if got, want := percentOf(sum, float64(full)), percentOf(float64(marks), float64(full)); got != want {
					t.Fatalf("%d of %d marks in parts of 1/%d: %v, not %v", marks, full, parts, got, want)
				}
			}
		}
	}
	if got := percentOf(27, 30); got != 90 {
		t.Errorf("27 of 30 are %v", got)
	}
}
