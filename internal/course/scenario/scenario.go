// Package scenario holds the rules of a branching story: places, choices that lead on, counters that choices change, conditions
// on counters, and a clock that runs out once. A story and a participant's run through it are values; nothing here is stored or
// shown. Its goal is that nobody can be stuck: what authors could get wrong is found by walking the story ([Scenario.CheckStates] through its
// states, [Read] through its graph) before it is published. What
// its texts may say is for the package course.
package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/item"
	"ostoja/internal/text"
)

// Scenario is a story that the participant steers.
type Scenario struct {
	ID         string
	Title      text.Translated
	Intro      text.Translated // Markdown
	Warning    text.Translated // nil if none
	Objectives []string
	Minutes    int // the story's clock; 0: none
	Late       string
	Counters   []Counter
	Start      string
	Nodes      map[string]*Node
	Debrief    text.Translated // Markdown
}

// Counter is a number that choices change.
type Counter struct {
	ID    string
	Start int
	Label text.Translated
	Show  bool
}

// Node is one place of the story. One with an End has no choices.
type Node struct {
	ID      string
	Text    text.Translated // Markdown
	Choices []Choice
	End     item.Rating
}

// Choice leads from a node to another.
type Choice struct {
	Text        text.Translated
	Rating      item.Rating
	Minutes     int
	Change      map[string]int
	When        condition
	Consequence text.Translated // Markdown; what is seen to follow, shown at once
	Why         text.Translated // Markdown; what it led to in the end and why, shown when the story is over; nil if nothing is said
	To          string
}

// Run is how far a participant has come. It is kept as JSON.
type Run struct {
	Node     string         `json:"node"`
	Counters map[string]int `json:"counters,omitempty"`
	Minutes  int            `json:"minutes"` // passed on the story's clock
	Path     []Decision     `json:"path,omitempty"`
	Late     bool           `json:"late,omitempty"` // the clock ran out at the last choice
}

// Decision is a choice that was made.
type Decision struct {
	Node   string `json:"node"`
	Choice int    `json:"choice"` // its place in the node's list
}

// errChoice says that the choice is not there, or not now.
var errChoice = errors.New("no such choice")

// maxSteps bounds a run, so that a story with a circle cannot be walked for ever.
const maxSteps = 200

// Begin returns a run at the start.
func (s *Scenario) Begin() Run {
	r := Run{Node: s.Start}
	for _, c := range s.Counters {
		if r.Counters == nil {
			r.Counters = map[string]int{}
		}
		r.Counters[c.ID] = c.Start
	}
	return r
}

// Available returns the places, in the node's list, of the choices that are there now.
func (s *Scenario) Available(r Run) []int {
	var list []int
	if n := s.Nodes[r.Node]; n != nil {
		for i, c := range n.Choices {
			if c.When.holds(r.Counters) {
				list = append(list, i)
			}
		}
	}
	return list
}

// Ended returns how the run ended, "" while it goes on.
func (s *Scenario) Ended(r Run) item.Rating {
	if n := s.Nodes[r.Node]; n != nil {
		return n.End
	}
	return ""
}

// Order returns the names of the nodes as a story comes by them: from the start, breadth first, what is only reached late at the end.
func (s *Scenario) Order() []string {
	var list []string
	for queue := []string{s.Start, s.Late}; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if s.Nodes[name] == nil || slices.Contains(list, name) {
			continue
		}
		list = append(list, name)
		for _, c := range s.Nodes[name].Choices {
			queue = append(queue, c.To)
		}
	}
	return list
}

// Ends returns how many ends the story has.
func (s *Scenario) Ends() int {
	n := 0
	for _, node := range s.Nodes {
		if node.End != "" {
			n++
		}
	}
	return n
}

// Choose makes a choice and returns the run after it. r is not changed.
func (s *Scenario) Choose(r Run, choice int) (Run, error) {
	node := s.Nodes[r.Node]
	if node == nil || choice < 0 || choice >= len(node.Choices) || !node.Choices[choice].When.holds(r.Counters) || len(r.Path) >= maxSteps {
		return r, errChoice
	}
	c := node.Choices[choice]
	next := Run{Node: c.To, Minutes: r.Minutes + c.Minutes, Path: append(append([]Decision(nil), r.Path...), Decision{r.Node, choice})}
	if len(r.Counters) > 0 {
		next.Counters = make(map[string]int, len(r.Counters))
		for k, v := range r.Counters {
			next.Counters[k] = v + c.Change[k]
		}
	}
	// The clock runs out once. An end that is reached all the same is an end, and what follows the late node has no clock.
	if s.Minutes > 0 && r.Minutes <= s.Minutes && next.Minutes > s.Minutes && s.Ended(next) == "" {
		next.Node, next.Late = s.Late, true
	}
	return next, nil
}

// Closed returns the places of the choices that a run did not find at one of its steps, since earlier choices had closed them. A
// path that the story does not have closes nothing.
func (s *Scenario) Closed(path []Decision, step int) []int {
	r := s.Begin()
	for _, d := range path[:step] {
		next, err := s.Choose(r, d.Choice)
		if err != nil || d.Node != r.Node {
			return nil
		}
		r = next
	}
	n := s.Nodes[r.Node]
	if n == nil || r.Node != path[step].Node {
		return nil
	}
	var list []int
	for i, c := range n.Choices {
		if !c.When.holds(r.Counters) {
			list = append(list, i)
		}
	}
	return list
}

// Choice returns a choice that was made, nil if the scenario has none there.
func (s *Scenario) Choice(d Decision) *Choice {
	n := s.Nodes[d.Node]
	if n == nil || d.Choice < 0 || d.Choice >= len(n.Choices) {
		return nil
	}
	return &n.Choices[d.Choice]
}

// condition is a conjunction of comparisons of counters with numbers; an empty one always holds.
type condition []comparison

// comparison compares a counter with a number.
type comparison struct {
	Counter  string
	operator string // >= <= > < == !=
	number   int
}

// operators in an order in which the longer is tried first.
var operators = []string{">=", "<=", "==", "!=", ">", "<"}

// parseCondition reads "trust >= 2 and time < 5".
func parseCondition(text string) (condition, error) {
	var list condition
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
next:
	for _, part := range strings.Split(text, " and ") {
		for _, op := range operators {
			counter, number, ok := strings.Cut(part, op)
			if !ok {
				continue
			}
			n, err := strconv.Atoi(strings.TrimSpace(number))
			if err != nil {
				return nil, fmt.Errorf("%q is not a whole number", strings.TrimSpace(number))
			}
			if counter = strings.TrimSpace(counter); !item.ValidID(counter) {
				return nil, fmt.Errorf("%q is not a counter", counter)
			}
			list = append(list, comparison{counter, op, n})
			continue next
		}
		return nil, fmt.Errorf("%q is not a comparison such as trust >= 2", strings.TrimSpace(part))
	}
	return list, nil
}

// holds says whether the condition is true for the counters.
func (c condition) holds(counters map[string]int) bool {
	for _, k := range c {
		if !k.holds(counters[k.Counter]) {
			return false
		}
	}
	return true
}

func (k comparison) holds(value int) bool {
	switch k.operator {
	case ">=":
		return value >= k.number
	case "<=":
		return value <= k.number
	case "==":
		return value == k.number
	case "!=":
		return value != k.number
	case ">":
		return value > k.number
	case "<":
		return value < k.number
	}
	return false
}
