// Package quiz is the engine of an attempt: questions asked in an order of their own, answers taken until a deadline, and a
// score when it closes. A course's test and a sitting of a competence test work the same way, so that a mark means the same
// in both; they differ in what an attempt belongs to, what is stored of it and what follows from it, which is theirs.
//
// It is part of the kernel: values and pure functions of a given time. Marks are stored and never computed again; this package
// decides how they come about (docs/decisions/0010 and 0021).
package quiz

import (
	"math"
	"time"

	"ostoja/internal/item"
)

// Grace is what a slow line may need to bring the last answers after the deadline.
const Grace = 30 * time.Second

// Deadline returns when an attempt that begins now closes; zero, if it takes as long as it takes.
func Deadline(begun time.Time, minutes int) time.Time {
	if minutes <= 0 {
		return time.Time{}
	}
	return begun.Add(time.Duration(minutes) * time.Minute)
}

// Over says whether answers come too late: after the deadline, if there is one, and the grace. In the last moment of the grace
// they are taken.
func Over(deadline, now time.Time) bool {
	return !deadline.IsZero() && now.After(deadline.Add(Grace))
}

// Question is an item of a paper with the key under which its answer is kept: the item's id in a course's test, that of the
// item's version in a competence test.
type Question struct {
	Key  string
	Item *item.Item // nil, if what was asked is not there any more: it is worth nothing then, and takes no answer
	// Unscored is asked like any other and counts for nothing: an item on trial, or one that all forms share.
	Unscored bool
}

// Paper is what an attempt asks, in its order.
type Paper []Question

// Shuffled returns the paper as a page shows it, with the parts of each item in the order that belongs to the attempt's seed.
// It is not what [Paper.Score] takes: the right order of steps is lost in it.
func (p Paper) Shuffled(seed int64) Paper {
	out := make(Paper, 0, len(p))
	for _, q := range p {
		if q.Item != nil {
			q.Item = q.Item.Shuffled(seed)
			out = append(out, q)
		}
	}
	return out
}

// Open returns the keys of the questions that have no answer, or only a part of one, in the paper's order.
func (p Paper) Open(answers map[string]item.Answer) []string {
	var keys []string
	for _, q := range p {
		if q.Item != nil && !q.Item.Complete(answers[q.Key]) {
			keys = append(keys, q.Key)
		}
	}
	return keys
}

// Score marks the answers: the share of each that was given, and the mean in per cent of all questions that count. A question
// without an answer has no share and counts as nothing.
func (p Paper) Score(answers map[string]item.Answer) (percent float64, shares map[string]float64) {
	shares = make(map[string]float64, len(p))
	sum, scored := 0.0, 0
	for _, q := range p {
		if !q.Unscored {
			scored++
		}
		a, answered := answers[q.Key]
		if !answered || q.Item == nil {
			continue
		}
		shares[q.Key] = q.Item.Score(a)
		if !q.Unscored {
			sum += shares[q.Key]
		}
	}
	return Percent(sum, scored), shares
}

// Percent returns marks of so many full marks in per cent, rounded to a billionth of one, so that sums of thirds and the like
// that make 27 of 30 are 90 % and not a hair less. Of nothing it is 0.
func Percent(marks float64, of int) float64 {
	if of == 0 {
		return 0
	}
	return math.Round(1e11*marks/float64(of)) / 1e9
}

// noise is the difference below which two percents are the same. Shares are halves to eighths, so that a percent of n
// questions and a pass mark of two decimals are equal or at least 1/2100n apart: 400 times this much for a paper of 50.
const noise = 2e-8

// Passed says whether a percent reaches a pass mark. Neither is taken at its last binary digit: 79.99999999 reaches 80.
func Passed(percent, pass float64) bool { return percent >= pass-noise }
