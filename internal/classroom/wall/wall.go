// Package wall reckons with the clocks on the walls of halls, which a plan is written by.
//
// Goals: a session moved by days begins at the same hour, also across a change of the clocks; an hour that no clock shows, or that it
// shows twice, is known as such. Limits: what to do about them is the caller's rule.
package wall

import "time"

// Instants returns when a clock on the wall shows a time of a day in a zone: once; never, in the hour that is left out when the
// clocks go forward; twice, in the hour that is there again when they go back, the earlier first (art. 1 of directive 2000/84/EC
// has both happen at 01:00 UTC, yet a zone's file is asked, not this rule). ok is false if the texts are no day and time.
func Instants(day, clock string, zone *time.Location) (list []time.Time, ok bool) {
	const layout = "2006-01-02 15:04"
	wall, err := time.Parse(layout, day+" "+clock)
	if err != nil || wall.Year() < 2000 || wall.Year() > 2200 {
		return nil, false
	}
	seen := map[int]bool{}
	for _, about := range []time.Duration{-24 * time.Hour, 24 * time.Hour} { // the offsets on both sides of a change
		_, offset := wall.Add(about).In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if !seen[offset] && at.In(zone).Format(layout) == wall.Format(layout) {
			list = append(list, at)
		}
		seen[offset] = true
	}
	if len(list) == 2 && list[1].Before(list[0]) {
		list[0], list[1] = list[1], list[0]
	}
	return list, true
}

// Moved returns the time that a clock on the wall shows so many days later; ok is false if none does.
func Moved(t time.Time, days int, zone *time.Location) (_ time.Time, ok bool) {
	wall := t.In(zone)
	list, ok := Instants(wall.AddDate(0, 0, days).Format(time.DateOnly), wall.Format("15:04"), zone)
	if !ok || len(list) == 0 {
		return time.Time{}, false
	}
	at := list[0].Add(time.Duration(wall.Second())*time.Second + time.Duration(wall.Nanosecond()))
	return at.UTC(), true
}
