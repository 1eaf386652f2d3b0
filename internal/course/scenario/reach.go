package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ostoja/internal/item"
)

// maxStates bounds the walk through all states of a scenario. One with more states is judged by its graph alone.
const maxStates = 20_000

// reach is what some walk through a story comes by.
type reach struct {
	nodes   map[string]bool
	choices map[Decision]bool
}

// explore walks through every state that a story can be in, with its counters and its clock, and says whether they are
// few enough for that. The story's graph MUST be free of faults: every choice leads to a node that there is.
func explore(s *Scenario) (reach, bool) {
	seen := reach{map[string]bool{}, map[Decision]bool{}}
	visited := map[string]bool{}
	for queue := []Run{s.Begin()}; len(queue) > 0; queue = queue[1:] {
		r := queue[0]
		r.Path = nil // how the state was come by does not matter, and would make every state a new one
		key := stateKey(s, r)
		if visited[key] {
			continue
		}
		if len(visited) >= maxStates {
			return reach{}, false
		}
		visited[key] = true
		seen.nodes[r.Node] = true
		for _, i := range s.Available(r) {
			seen.choices[Decision{r.Node, i}] = true
			if next, err := s.Choose(r, i); err == nil {
				queue = append(queue, next)
			}
		}
	}
	return seen, true
}

// Way returns the choices of a shortest way to an end of a rating, and whether there is one among the states that a walk may visit.
func (s *Scenario) Way(end item.Rating) ([]int, bool) {
	visited := map[string]bool{}
	for queue := []Run{s.Begin()}; len(queue) > 0 && len(visited) < maxStates; queue = queue[1:] {
		r := queue[0]
		if s.Ended(r) == end {
			way := make([]int, len(r.Path))
			for i, d := range r.Path {
				way[i] = d.Choice
			}
			return way, true
		}
		key := stateKey(s, r)
		if visited[key] {
			continue
		}
		visited[key] = true
		for _, i := range s.Available(r) {
			if next, err := s.Choose(r, i); err == nil {
				queue = append(queue, next)
			}
		}
	}
	return nil, false
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

// leadToEnd returns the nodes from which an end can be reached by choices that are always there.
func (s *Scenario) leadToEnd() map[string]bool {
	ends := map[string]bool{}
	for grown := true; grown; {
		grown = false
		for name, n := range s.Nodes {
			if ends[name] {
				continue
			}
			good := n.End != ""
			for _, c := range n.Choices {
				good = good || (c.When == nil && ends[c.To])
			}
			if good {
				ends[name], grown = true, true
			}
		}
	}
	return ends
}
