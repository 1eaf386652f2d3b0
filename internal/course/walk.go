package course

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxStates bounds the walk through all states of a scenario. One with more states is judged by its graph alone.
const maxStates = 20_000

// choiceOf names a choice by its node and its place there.
type choiceOf struct {
	node  string
	index int
}

// walkStates walks through every state that a story can be in, with its counters and its clock. It finds what the graph does
// not show: choices whose condition never holds, nodes out of reach because of it, a late node to which the clock never leads.
// The graph must be free of faults.
func (l *loader) walkStates(nodes value, s *Scenario) {
	taken, reached, ok := states(s)
	if !ok {
		return
	}
	for _, e := range nodes.entries() {
		if !reached[e.key] {
			hint := "look at the conditions on the way here"
			if e.key == s.Late {
				hint = "give the choices more minutes, or the clock fewer"
			}
			e.value.fault(hint, "the story can never come to the node %q", e.key)
			continue
		}
		for i, c := range e.value.get("choices").list() {
			if !taken[choiceOf{e.key, i}] {
				c.fault("look at its condition, and at what changes the counters", "this choice is never there: its condition cannot hold here")
			}
		}
	}
}

// states returns the choices and nodes that some walk comes by; ok is false if there are too many states to say.
func states(s *Scenario) (taken map[choiceOf]bool, reached map[string]bool, ok bool) {
	taken, reached = map[choiceOf]bool{}, map[string]bool{}
	seen := map[string]bool{}
	for queue := []Run{s.Begin()}; len(queue) > 0; queue = queue[1:] {
		r := queue[0]
		r.Path = nil // how the state was come by does not matter, and would make every state a new one
		key := stateKey(s, r)
		if seen[key] {
			continue
		}
		if len(seen) >= maxStates {
			return nil, nil, false
		}
		seen[key] = true
		reached[r.Node] = true
		for _, i := range s.Available(r) {
			taken[choiceOf{r.Node, i}] = true
			if next, err := s.Choose(r, i); err == nil {
				queue = append(queue, next)
			}
		}
	}
	return taken, reached, true
}

// stateKey names a state. All times beyond the clock are alike, which keeps walks in circles finite.
func stateKey(s *Scenario, r Run) string {
	var b strings.Builder
	minutes := 0
	if s.Minutes > 0 {
		minutes = min(r.Minutes, s.Minutes+1)
	}
	fmt.Fprint(&b, r.Node, " ", minutes)
	for _, name := range slices.Sorted(maps.Keys(r.Counters)) {
		fmt.Fprint(&b, " ", r.Counters[name])
	}
	return b.String()
}
