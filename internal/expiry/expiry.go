// Package expiry knows when somebody is written to before what they hold ends: ninety, thirty and seven days before, each once. Goals:
// entries of guardians and certificates follow one rule. Limits: who holds what, and what the letter says, is its area's.
package expiry

import "time"

// first is how many days before the end the first letter leaves.
const first = 90

// Notices are how many days before the end a letter leaves, the first first.
var Notices = []int{first, 30, 7}

// Within is how long before the end the first letter leaves.
const Within = first * 24 * time.Hour

// Due says which letter is due at a time, as [DueIn] does with the days that are left, one that has begun among them.
func Due(until, now time.Time, told int) int {
	const day = 24 * time.Hour
	left := until.Sub(now)
	if left <= 0 {
		return 0
	}
	return DueIn(int((left+day-1)/day), told)
}

// DueIn says which letter is due when so many days are left, 0 being the last on which it holds: the nearest threshold that was passed, 0 if
// none is. told is that of the last letter. One that was missed, as by a long outage, is not made up for by two at once.
func DueIn(left, told int) int {
	if left < 0 {
		return 0
	}
	due := 0
	for _, days := range Notices {
		if left <= days {
			due = days
		}
	}
	if told != 0 && due >= told {
		return 0
	}
	return due
}
