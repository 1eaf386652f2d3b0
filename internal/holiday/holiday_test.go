package holiday_test

import (
	"strings"
	"testing"
	"time"

	"ostoja/internal/holiday"
)

func TestHolidays(t *testing.T) {
	published := map[int]string{ // as calendars have them; movable: Easter Sunday and Monday, Pentecost, Corpus Christi
		2024: "01-01 01-06 03-31 04-01 05-01 05-03 05-19 05-30 08-15 11-01 11-11 12-25 12-26",
		2025: "01-01 01-06 04-20 04-21 05-01 05-03 06-08 06-19 08-15 11-01 11-11 12-24 12-25 12-26",
		2026: "01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26",
		2027: "01-01 01-06 03-28 03-29 05-01 05-03 05-16 05-27 08-15 11-01 11-11 12-24 12-25 12-26",
		2028: "01-01 01-06 04-16 04-17 05-01 05-03 06-04 06-15 08-15 11-01 11-11 12-24 12-25 12-26",
		2029: "01-01 01-06 04-01 04-02 05-01 05-03 05-20 05-31 08-15 11-01 11-11 12-24 12-25 12-26",
		2030: "01-01 01-06 04-21 04-22 05-01 05-03 06-09 06-20 08-15 11-01 11-11 12-24 12-25 12-26",
	}
	for year, want := range published {
		var got []string
		for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if holiday.Is(d.Year(), d.Month(), d.Day()) {
				got = append(got, d.Format("01-02"))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d: %v", year, got)
		}
	}
	if holiday.Is(2010, time.January, 6) || holiday.Is(2024, time.December, 24) {
		t.Error("days that were working days then")
	}
}
