package clock

import "time"

// DaysBetween returns how many days of the calendar lie between two times in a zone: 0 within a day, negative where to is earlier. Days of 23
// and of 25 hours count as one.
func DaysBetween(from, to time.Time, zone *time.Location) int {
	return int(dayIn(to, zone).Sub(dayIn(from, zone)).Hours() / 24)
}

func dayIn(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
