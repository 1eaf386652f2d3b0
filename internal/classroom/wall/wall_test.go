package wall

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/clock"
)

func warsaw(t interface{ Fatal(...any) }) *time.Location {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A clock on the wall leaves an hour out in March and shows one twice in October.
func TestClocksOnTheWall(t *testing.T) {
	zone := warsaw(t)
	for _, c := range []struct {
		day, clock string
		want       []string
		ok         bool
	}{
		{"2026-11-30", "09:00", []string{"2026-11-30T08:00:00Z"}, true},
		{"2026-10-25", "01:59", []string{"2026-10-24T23:59:00Z"}, true},
		{"2026-10-25", "02:30", []string{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"}, true},
		{"2026-10-25", "03:00", []string{"2026-10-25T02:00:00Z"}, true},
		{"2027-03-28", "01:59", []string{"2027-03-28T00:59:00Z"}, true},
		{"2027-03-28", "02:00", nil, true},
		{"2027-03-28", "02:59", nil, true},
		{"2027-03-28", "03:00", []string{"2027-03-28T01:00:00Z"}, true},
		{"2026-02-30", "09:00", nil, false},
		{"2026-11-30", "24:00", nil, false},
		{"1999-11-30", "09:00", nil, false},
		{"", "", nil, false},
	} {
		list, ok := Instants(c.day, c.clock, zone)
		var got []string
		for _, x := range list {
			got = append(got, x.UTC().Format(time.RFC3339))
		}
		if ok != c.ok || !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %v, %t", c.day, c.clock, got, ok)
		}
	}
}

// Whatever instants says, the wall shows it then; and each instant is among those of what the wall shows.
func TestWhatTheWallShowsIsFound(t *testing.T) {
	for _, name := range []string{"Europe/Warsaw", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "UTC"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			at := time.Unix(rapid.Int64Range(1_600_000_000, 2_000_000_000).Draw(t, "at")/60*60, 0)
			wall := at.In(zone)
			list, ok := Instants(wall.Format(time.DateOnly), wall.Format("15:04"), zone)
			if !ok || !slices.ContainsFunc(list, at.Equal) || !slices.IsSortedFunc(list, time.Time.Compare) {
				t.Fatalf("%s %s: %v", name, wall, list)
			}
			for _, x := range list {
				if got := x.In(zone); got.Format("2006-01-02 15:04") != wall.Format("2006-01-02 15:04") {
					t.Fatalf("%s %s: %v", name, wall, got)
				}
			}
		})
	}
}

// What moves by days keeps the hour on the wall, and comes back where it was, unless an hour is missing or doubled on the way.
func TestWhatMovesKeepsItsHour(t *testing.T) {
	zone := warsaw(t)
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1_790_000_000, 1_830_000_000).Draw(t, "at")/60*60, 0)
		days := rapid.IntRange(-200, 200).Draw(t, "days")
		to, ok := Moved(at, days, zone)
		if !ok {
			return
		}
		if to.In(zone).Format("15:04") != at.In(zone).Format("15:04") || clock.DaysBetween(at, to, zone) != days {
			t.Fatalf("%s by %d days is %s", at.In(zone), days, to.In(zone))
		}
	})
}
