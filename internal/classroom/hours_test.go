package classroom_test

import (
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/classroom"
)

// Hours are the share of what was planned for which somebody was there, down to the quarter, and never more.
func TestHoursThatAreCertified(t *testing.T) {
	for _, c := range []struct {
		present, lasted, planned, hour int
		want                           float64
	}{
		{420, 420, 270, 45, 6}, {210, 420, 270, 45, 3}, {60, 420, 270, 45, 0.75}, {500, 420, 270, 45, 6}, {0, 420, 270, 45, 0},
		{419, 420, 270, 45, 5.75}, {90, 90, 90, 60, 1.5}, {89, 90, 90, 60, 1.25}, {10, 0, 0, 45, 0}, {10, 10, 10, 0, 0},
	} {
		if got := classroom.Hours(c.present, c.lasted, c.planned, c.hour); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		lasted, planned := rapid.IntRange(1, 3000).Draw(t, "lasted"), rapid.IntRange(0, 3000).Draw(t, "planned")
		present, hour := rapid.IntRange(0, 4000).Draw(t, "present"), rapid.SampledFrom([]int{45, 60}).Draw(t, "hour")
		h := classroom.Hours(present, lasted, planned, hour)
		most := float64(planned) * float64(min(present, lasted)) / float64(lasted) / float64(hour)
		if h > most+1e-6 || most-h >= 0.25+1e-6 || h*4 != float64(int(h*4)) {
			t.Fatalf("%v hours of at most %v", h, most)
		}
		if classroom.Hours(present+1, lasted, planned, hour) < h {
			t.Fatal("who stayed longer has fewer hours")
		}
	})
}

// A training that says nothing of theory and exercise has its sessions as taught.
func TestWhatIsTaught(t *testing.T) {
	if got := (classroom.Plan{}).Taught(420); got != 420 {
		t.Errorf("%d minutes", got)
	}
	if got := (classroom.Plan{TheoryMinutes: 180, ExerciseMinutes: 90}).Taught(420); got != 270 {
		t.Errorf("%d minutes", got)
	}
}
