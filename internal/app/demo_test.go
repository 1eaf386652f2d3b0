package app

import (
	"testing"
	"time"

	"ostoja/courses"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/site"
)

// TestTheDemonstrationIsMadeInTheNightToo: after midnight in Warsaw the day of UTC is yesterday, and on New Year's morning so is the year.
func TestTheDemonstrationIsMadeInTheNightToo(t *testing.T) {
	now := clock.NewFake(time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC))
	a, err := New(t.Context(), &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}, dbtest.SQLite(t), Options{Clock: now, Purpose: site.Demonstration})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Demonstrate(t.Context(), now, courses.BorderGuard, 20, nil); err != nil {
		t.Fatal(err)
	}
}
