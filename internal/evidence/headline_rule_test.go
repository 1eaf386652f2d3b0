package evidence

import (
	"testing"

	"ostoja/internal/gain"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
)

// TestAHeadlineIsOfItsFamily: editions of one family count together, others do not; five matched are enough.
func TestAHeadlineIsOfItsFamily(t *testing.T) {
	familyOf := map[string]string{"one": "f", "two": "f", "three": "g", "four": "h"}
	tallies := []measurement.Tally{
		{TestID: "one", N: 4, Matched: 3, PreSum: 150, PostSum: 240},
		{TestID: "two", N: 3, Matched: 2, PreSum: 100, PostSum: 160},
		{TestID: "three", N: 9, Matched: 4, PreSum: 100, PostSum: 100},
		{TestID: "three", N: 5, Matched: 0},
	}
	for _, c := range []struct {
		family string
		small  bool
		want   gain.Summary
	}{
		{"f", false, gain.Summary{Matched: 5, Lost: 2, MeanPre: 50, MeanPost: 80, G: 0.6}},
		{"g", true, gain.Summary{}},
		{"h", true, gain.Summary{}},
	} {
		h := headlineOf(itembank.Test{Family: c.family}, familyOf, tallies)
		if h.Family != c.family || h.Small != c.small || h.Summary != c.want {
			t.Errorf("%s: %+v", c.family, h)
		}
	}
}
