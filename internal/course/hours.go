package course

import (
	"fmt"
	"math"
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/scenario"
	"ostoja/internal/text"
)

// Of people who read in order to decide: slower than for pleasure, some 200 to 250 words a minute (Brysbaert 2019, silent reading of
// adults: 238).
const wordsPerMinute = 150

// readingMinutes estimates how long somebody takes who comes by every text of a story once, which two walks or three do.
func readingMinutes(s *scenario.Scenario, lang string) int {
	words := 0
	count := func(texts ...text.Translated) {
		for _, t := range texts {
			words += len(strings.Fields(t.In(lang)))
		}
	}
	count(s.Intro, s.Debrief)
	for _, n := range s.Nodes {
		count(n.Text)
		for _, c := range n.Choices {
			count(c.Text, c.Consequence, c.Why)
		}
	}
	return (words + wordsPerMinute - 1) / wordsPerMinute
}

// contentMinutes adds up what lessons say, what stories take to read, and the time of the test; one without a limit counts a minute
// and a half for each item.
func (c *Course) contentMinutes() int {
	if len(c.Languages) == 0 {
		return 0
	}
	minutes := 0
	for _, p := range c.parts {
		minutes += p.Minutes(c.Languages[0])
	}
	if t := c.Test(); t != nil {
		if t.Minutes > 0 {
			minutes += t.Minutes
		} else {
			minutes += t.Count() * 3 / 2
		}
	}
	return minutes
}

// hoursOf rounds minutes down to half hours, so that no certificate states more than a course holds; the least is half an hour.
func hoursOf(minutes int) float64 { return max(0.5, math.Floor(float64(minutes)/30)/2) }

// mostOff is by which share of the contents the hours that a course states may differ from them.
const mostOff = 0.1

// checkHours refuses hours that the contents do not have.
func (l *loader) checkHours() {
	minutes := l.course.contentMinutes()
	if l.hours.File == "" || len(folder.Blocking(l.faults.List())) > 0 {
		return
	}
	if math.Abs(l.course.Hours*60-float64(minutes)) > mostOff*float64(minutes) {
		l.faults.Add(l.hours, fmt.Sprintf("leave hours out: the contents give %g", hoursOf(minutes)), "%g hours are stated, and the contents take %d minutes", l.course.Hours, minutes)
	}
}
