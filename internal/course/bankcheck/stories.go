package bankcheck

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"ostoja/internal/course/scenario"
	"ostoja/internal/item"
)

const (
	walks    = 500 // at random, through each story
	mostWon  = 0.1 // of the stories, or walks, may end well for whoever knows nothing
	fewStory = 3   // decisions of a story that are worth a walk
)

// stories judges how often a story ends well for whoever knows nothing: who takes the longest choice each time, the first, or any.
func (r *report) stories() {
	var all []*scenario.Scenario
	for _, scenarioID := range slices.Sorted(maps.Keys(r.course.Scenarios)) {
		s := r.course.Scenarios[scenarioID]
		if len(s.Nodes)-s.Ends() >= fewStory {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return
	}
	won := func(lang, who string, times int, pick scenario.Pick) {
		n := 0
		var names []string
		for _, s := range all {
			before := n
			for range times {
				if s.Lead(pick) == item.Good {
					n++
				}
			}
			if n > before {
				names = append(names, fmt.Sprintf("%s %d", s.ID, n-before))
			}
		}
		r.share(bank{name: "scenario", lang: lang}, "a good end comes to whoever takes "+who, float64(n), times*len(all), 1, mostWon, "let poor choices close what comes later", names)
	}
	won("", "the first choice each time", 1, scenario.PickFirst)
	won("", "any choice", walks, scenario.PickAny(rand.New(rand.NewPCG(seedOfAll, seedOfAll)))) //nolint:gosec // the same at each check
	for _, lang := range r.course.Languages {
		won(lang, "the longest choice each time", 1, scenario.PickLongest(lang))
	}
}
