// Package holiday knows Poland's public holidays. Goals: opening hours and the terms of courts follow from one list, in any year that somebody asks
// about. Limits: days that an office takes off by itself are not here.
package holiday

import "time"

// IsFree says whether a time is on a Sunday or a public holiday, by the days of its own zone.
func IsFree(t time.Time) bool { return t.Weekday() == time.Sunday || Is(t.Date()) }

// IsWorkday says whether a time is on a day from Monday to Friday that is no public holiday, by the days of its own zone.
func IsWorkday(t time.Time) bool { return t.Weekday() != time.Saturday && !IsFree(t) }

// Is says whether a day is a public holiday in Poland: art. 1 of the act of 18 January 1951 on days free from work, with
// 6 January since 2011 and 24 December since 2025. The movable ones follow from Easter.
func Is(year int, month time.Month, d int) bool {
	switch (monthDay{month, d}) {
	case monthDay{time.January, 1}, monthDay{time.May, 1}, monthDay{time.May, 3}, monthDay{time.August, 15}, monthDay{time.November, 1},
		monthDay{time.November, 11}, monthDay{time.December, 25}, monthDay{time.December, 26}:
		return true
	case monthDay{time.January, 6}:
		return year >= 2011
	case monthDay{time.December, 24}:
		return year >= 2025
	}
	easter := easterSunday(year)
	for _, after := range []int{0, 1, 49, 60} { // Easter, Easter Monday, Pentecost, Corpus Christi
		if t := easter.AddDate(0, 0, after); t.Month() == month && t.Day() == d {
			return true
		}
	}
	return false
}

type monthDay struct {
	month time.Month
	day   int
}

// easterSunday returns Easter Sunday of a year after 1582, at midnight UTC, by the algorithm of "A New York correspondent" (Nature,
// 20 April 1876), as J. Meeus gives it in Astronomical Algorithms.
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e, f := b/4, b%4, (b+8)/25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}

// The hours in which letters leave that somebody may want to ask about: there is somebody in an office who answers the telephone.
const (
	opens  = 9
	closes = 16
)

// Office says whether somebody is in an office at a time, by its own zone: Monday to Friday, public holidays aside, from nine to four.
func Office(t time.Time) bool { return t.Hour() >= opens && t.Hour() < closes && IsWorkday(t) }

// Closed says whether the office hours of a day are over at a time.
func Closed(t time.Time) bool { return t.Hour() >= closes }
