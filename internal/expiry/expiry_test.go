package expiry_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/expiry"
)

// Letters leave at ninety, thirty and seven days, each once, the later ones never before the earlier, and none after the end.
func TestDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
		now, reminded := end.AddDate(0, 0, -rapid.IntRange(0, 200).Draw(t, "first day")), 0
		var sent []int
		for now.Before(end.AddDate(0, 0, 5)) {
			if days := expiry.Due(end, now, reminded); days != 0 {
				if left := end.Sub(now); left > time.Duration(days)*24*time.Hour || left <= 0 {
					t.Fatalf("%d days' notice with %s left", days, left)
				}
				if reminded != 0 && days >= reminded {
					t.Fatalf("%d days' notice after %d", days, reminded)
				}
				reminded, sent = days, append(sent, days)
			}
			now = now.Add(time.Duration(rapid.IntRange(1, 240).Draw(t, "hours")) * time.Hour)
		}
		if len(sent) > 3 {
			t.Fatalf("sent %v", sent)
		}
	})
	end := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	for left, want := range map[int]int{91: 0, 90: 90, 31: 90, 30: 30, 8: 30, 7: 7, 1: 7, 0: 0} {
		if got := expiry.Due(end, end.AddDate(0, 0, -left), 0); got != want {
			t.Errorf("%d days before: %d, want %d", left, got, want)
		}
	}
	for left, want := range map[int]int{91: 0, 90: 90, 31: 90, 30: 30, 8: 30, 7: 7, 0: 7, -1: 0} {
		if got := expiry.DueIn(left, 0); got != want {
			t.Errorf("%d days left: %d, want %d", left, got, want)
		}
	}
}
