package holiday_test

import (
	"testing"
	"time"

	"ostoja/internal/holiday"
)

func TestOfficeHours(t *testing.T) {
	for at, want := range map[string]bool{
		"2026-11-30 08:59": false, "2026-11-30 09:00": true, "2026-11-30 15:59": true, "2026-11-30 16:00": false, // a Monday
		"2026-11-28 12:00": false, "2026-11-29 12:00": false, "2026-11-11 12:00": false, "2026-12-24 12:00": false, "2026-12-28 12:00": true,
	} {
		when, err := time.Parse("2006-01-02 15:04", at)
		if err != nil {
			t.Fatal(err)
		}
		if got := holiday.Office(when); got != want {
			t.Errorf("%s: %v", at, got)
		}
	}
}
