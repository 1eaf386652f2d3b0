package course

import (
	"maps"
	"slices"
	"strings"

	"ostoja/internal/item"
)

// scenarioFile reads a scenario and walks its graph.
func (l *loader) scenarioFile(scenarioID string) {
	file, before := "scenarios/"+scenarioID+".yaml", len(l.faults)
	v := l.readYAML(file)
	if !v.keys("id", "title", "intro", "warning", "objectives", "minutes", "late", "state", "start", "nodes", "debrief") {
		return
	}
	s := &Scenario{
		ID: v.need("id").id(), Title: v.need("title").text(), Intro: v.need("intro").markdown(), Warning: v.get("warning").text(),
		Objectives: l.objectivesOf(v.need("objectives")), Minutes: v.get("minutes").integer(1, 24*60), Late: v.get("late").str(),
		Start: v.need("start").str(), Nodes: map[string]*Node{}, Debrief: v.need("debrief").markdown(),
	}
	if s.ID != scenarioID {
		v.get("id").fault("", "the id %q differs from the file's name", s.ID)
	}
	if v.get("minutes").there() != v.get("late").there() {
		v.fault("give both or neither", "minutes and late belong together")
	}
	for _, e := range v.get("state").entries() {
		if !item.ValidID(e.key) {
			e.value.fault("", "%q is not an id", e.key)
		}
		if e.value.keys("start", "label", "show") {
			s.Counters = append(s.Counters, Counter{ID: e.key, Start: e.value.need("start").integer(0, 100), Label: e.value.need("label").text(), Show: e.value.get("show").boolean()})
		}
	}
	nodes := v.need("nodes")
	for _, e := range nodes.entries() {
		if !item.ValidID(e.key) {
			e.value.fault("use lower-case Latin letters, digits and hyphens", "%q is not an id", e.key)
		}
		if s.Nodes[e.key] != nil {
			continue // keys() of the map says that it is there twice
		}
		s.Nodes[e.key] = l.node(e, s)
	}
	l.course.Scenarios[scenarioID] = s
	if len(s.Nodes) > 0 {
		l.walk(v, s)
		if len(l.faults) == before { // with a fault in the graph, the states would only repeat it in other words
			l.walkStates(nodes, s)
		}
	}
}

func (l *loader) node(e entry, s *Scenario) *Node {
	n := &Node{ID: e.key}
	if !e.value.keys("text", "choices", "end") {
		return n
	}
	n.Text, n.End = e.value.need("text").markdown(), Ending(e.value.get("end").oneOf(string(item.Good), string(item.Fair), string(item.Poor)))
	always := false
	for _, v := range e.value.get("choices").list() {
		if !v.keys("text", "rating", "minutes", "change", "when", "consequence", "to") {
			continue
		}
		c := Choice{
			Text: v.need("text").markdown(), Rating: item.Rating(v.get("rating").oneOf(string(item.Good), string(item.Fair), string(item.Poor))), Minutes: v.get("minutes").integer(0, 24*60),
			Consequence: v.need("consequence").markdown(), To: v.need("to").str(), Change: map[string]int{},
		}
		for _, change := range v.get("change").entries() {
			l.counter(change.value, s, change.key)
			c.Change[change.key] = change.value.integer(-100, 100)
		}
		c.When = l.condition(v.get("when"), s)
		always = always || c.When == nil
		n.Choices = append(n.Choices, c)
	}
	switch {
	case n.End != "" && len(n.Choices) > 0:
		e.value.fault("take out end, or the choices", "an end has choices")
	case n.End == "" && len(n.Choices) == 0:
		e.value.fault("add choices, or end: good, fair or poor", "dead end: the node %q has no choices and is not an end", e.key)
	case n.End == "" && !always:
		e.value.fault("leave \"when\" out of at least one choice", "all choices of the node %q have a condition: a participant could be stuck", e.key)
	}
	return n
}

func (l *loader) counter(v value, s *Scenario, name string) {
	if !slices.ContainsFunc(s.Counters, func(c Counter) bool { return c.ID == name }) {
		known := make([]string, len(s.Counters))
		for i, c := range s.Counters {
			known[i] = c.ID
		}
		hint := "name it under state"
		if near := didYouMean(name, known); strings.HasPrefix(near, "did") {
			hint = near
		}
		v.fault(hint, "there is no counter %q", name)
	}
}

func (l *loader) condition(v value, s *Scenario) Condition {
	if !v.there() {
		return nil
	}
	c, err := ParseCondition(v.str())
	if err != nil {
		v.fault("write for instance: trust >= 2 and noise < 3", "%v", err)
		return Condition{}
	}
	for _, k := range c {
		l.counter(v, s, k.Counter)
	}
	return c
}

// walk follows the choices: every node must be reachable, lead somewhere that exists, and have a way to an end.
func (l *loader) walk(v value, s *Scenario) {
	nodes := v.get("nodes")
	exists := func(where value, name, what string) bool {
		if name != "" && s.Nodes[name] == nil {
			where.fault(didYouMean(name, slices.Sorted(maps.Keys(s.Nodes))), "%s leads to %q, which is not there", what, name)
		}
		return s.Nodes[name] != nil
	}
	reached := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		if s.Nodes[name] == nil || reached[name] {
			return
		}
		reached[name] = true
		for _, c := range s.Nodes[name].Choices {
			visit(c.To)
		}
	}
	if exists(v.get("start"), s.Start, "start") {
		visit(s.Start)
	}
	if s.Late != "" && exists(v.get("late"), s.Late, "late") {
		visit(s.Late)
	}
	ends := l.leadToEnd(s)
	for _, e := range nodes.entries() {
		for i, c := range e.value.get("choices").list() {
			if i < len(s.Nodes[e.key].Choices) {
				exists(c.get("to"), s.Nodes[e.key].Choices[i].To, "this choice")
			}
		}
		switch {
		case !reached[e.key]:
			e.value.fault("let a choice lead here, or take the node out", "no way leads to the node %q", e.key)
		case !ends[e.key] && len(s.Nodes[e.key].Choices) > 0:
			e.value.fault("let one of the ways on lead to an end", "from the node %q no end can be reached", e.key)
		}
	}
}

// leadToEnd returns the nodes from which an end can be reached by choices that are always there.
func (l *loader) leadToEnd(s *Scenario) map[string]bool {
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
