package measurement

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Wave is a point in time at which a competence test is sat.
type Wave string

// The waves.
const (
	Before  Wave = "before"
	After   Wave = "after"
	Week    Wave = "week"
	Months3 Wave = "months3"
	Months6 Wave = "months6"
)

// Waves lists the waves in order.
var Waves = []Wave{Before, After, Week, Months3, Months6}

// FollowUps lists the waves that ask what was retained, and whether the skills are used.
var FollowUps = []Wave{Week, Months3, Months6}

// IsFollowUp says whether the wave asks what was retained.
func (w Wave) IsFollowUp() bool { return slices.Contains(FollowUps, w) }

// column names the column of a participant in which one thing of the wave stands, such as before_state. A follow-up has its use too.
// They are columns and not rows of a table of their own, since the report reads all of them at once (docs/decisions/0027).
func (w Wave) column(of string) string { return string(w) + "_" + of }

// sendHour is the hour of the day, in the installation's zone, at which follow-ups fall due.
const sendHour = 9

// FollowUpAt returns when a follow-up of a training that ended at a time falls due: that many days or months later, at 9 in
// the morning of the zone, whatever clock change lies between. The 31st of a month that has none becomes its last day.
func FollowUpAt(w Wave, end time.Time, zone *time.Location) time.Time {
	local := end.In(zone)
	year, month, day := local.Date()
	switch w {
	case Week:
		day += 7
	case Months3, Months6:
		ahead := 3
		if w == Months6 {
			ahead = 6
		}
		first := time.Date(year, month+time.Month(ahead), 1, 0, 0, 0, 0, zone)
		last := first.AddDate(0, 1, -1).Day()
		year, month, day = first.Year(), first.Month(), min(day, last)
	}
	return time.Date(year, month, day, sendHour, 0, 0, 0, zone)
}

// How long a sitting stays open, and when its letters go out.
const (
	openAfter    = 30 * 24 * time.Hour // after the course or training
	openWeek     = 21 * 24 * time.Hour
	openMonths   = 45 * 24 * time.Hour
	openBefore   = 7 * 24 * time.Hour // a training's first sitting opens that long before it begins
	betweenMails = 5 * 24 * time.Hour // from one reminder to the next
	mostLetters  = 3                  // the invitation and two reminders
	inCourse     = time.Hour          // after the end of a course, for who closed the page before sitting the test there
)

// openFor returns how long a wave that has fallen due stays open.
func openFor(w Wave) time.Duration {
	switch w {
	case Week:
		return openWeek
	case Months3, Months6:
		return openMonths
	}
	return openAfter
}

// nextLetter returns when the letter after n letters goes out; zero if there is none.
func nextLetter(n int, now, closes time.Time) time.Time {
	at := now.Add(betweenMails)
	if n >= mostLetters || !closes.IsZero() && !at.Before(closes) {
		return time.Time{}
	}
	return at
}

// FirstForm returns the form with which the n-th participant of a measurement begins, from 0. Each next four are two A and
// two B in random order (permuted blocks), so that the halves are random and never differ by more than two, however few
// have begun. The seed is the measurement's.
func FirstForm(seed int64, n int) string {
	const block = 4
	order := []string{"A", "A", "B", "B"}
	r := rand.New(rand.NewPCG(uint64(seed), uint64(n/block))) //nolint:gosec // who begins with which form is no secret
	r.Shuffle(block, func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order[n%block]
}

// NextForm returns the form of a later sitting, given those already sat, in order. After the training it is the other one of
// A and B; later a third form that was not seen yet, else the one that was not seen last.
func NextForm(w Wave, seen, forms []string) string {
	if len(seen) == 0 {
		return forms[0]
	}
	last := seen[len(seen)-1]
	candidates := slices.Clone(forms)
	if !w.IsFollowUp() {
		candidates = forms[:min(2, len(forms))]
	} else {
		slices.Reverse(candidates) // the third first
	}
	for _, f := range candidates {
		if !slices.Contains(seen, f) {
			return f
		}
	}
	// All were seen: the one seen longest ago.
	for _, f := range seen {
		if f != last {
			return f
		}
	}
	return last
}
