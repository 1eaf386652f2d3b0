package hour_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/classroom/hour"
)

// Hours are the share of what was planned for which somebody was there, down to the quarter, and never more.
func TestHoursThatAreCertified(t *testing.T) {
	for _, c := range []struct {
		present, lasted, planned, minutes int
		want                              float64
	}{
		{420, 420, 270, 45, 6}, {210, 420, 270, 45, 3}, {60, 420, 270, 45, 0.75}, {500, 420, 270, 45, 6}, {0, 420, 270, 45, 0},
		{419, 420, 270, 45, 5.75}, {90, 90, 90, 60, 1.5}, {89, 90, 90, 60, 1.25}, {10, 0, 0, 45, 0}, {10, 10, 10, 0, 0},
	} {
		if got := hour.Attended(c.present, c.lasted, c.planned, c.minutes); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		lasted, planned := rapid.IntRange(1, 3000).Draw(t, "lasted"), rapid.IntRange(0, 3000).Draw(t, "planned")
		present, minutes := rapid.IntRange(0, 4000).Draw(t, "present"), rapid.SampledFrom([]int{45, 60}).Draw(t, "hour")
		h := hour.Attended(present, lasted, planned, minutes)
		most := float64(planned) * float64(min(present, lasted)) / float64(lasted) / float64(minutes)
		if h > most+1e-6 || most-h >= 0.25+1e-6 || h*4 != float64(int(h*4)) {
			t.Fatalf("%v hours of at most %v", h, most)
		}
		if hour.Attended(present+1, lasted, planned, minutes) < h {
			t.Fatal("who stayed longer has fewer hours")
		}
	})
}

// What people write as hours is read with a comma and a point, and nonsense is none.
func TestTeachingHours(t *testing.T) {
	for _, c := range []struct {
		typed   string
		minutes int
		want    int
		ok      bool
	}{{"4,5", 60, 270, true}, {"4.5", 45, 203, true}, {"8", 45, 360, true}, {"", 45, 0, true}, {"-1", 45, 0, false}, {"NaN", 45, 0, false}, {"osiem", 45, 0, false}, {"501", 45, 0, false}} {
		if got, ok := hour.Read(c.typed, c.minutes); ok != c.ok || ok && got != c.want {
			t.Errorf("%+v: %d, %t", c, got, ok)
		}
	}
}

// Quarters of an hour come back as they were written, whichever hour is meant.
func TestHoursComeBack(t *testing.T) {
	for _, m := range []int{45, 60} {
		for quarters := range 60 {
			want := float64(quarters) / 4
			minutes, ok := hour.Read(fmt.Sprint(want), m)
			if got := hour.Written(minutes, m); !ok || got != want {
				t.Errorf("%v hours of %d minutes come back as %v", want, m, got)
			}
		}
	}
	if got := hour.Written(50, 60); got < 0.83 || got > 0.84 {
		t.Errorf("50 minutes are %v hours", got)
	}
}
