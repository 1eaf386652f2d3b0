package course

import (
	"maps"
	"slices"
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/scenario"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/item"
)

// scenarioFile reads a scenario and walks its graph.
func (l *loader) scenarioFile(scenarioID string) {
	file, before := "scenarios/"+scenarioID+".yaml", l.faults.Count()
	if l.fromPack[ScenarioKey(scenarioID)] {
		file = folder.PackDir + "/" + file
	}
	l.story = true
	defer func() { l.story = false }()
	v := l.readYAML(file)
	if !v.Keys("id", "title", "intro", "warning", "objectives", "minutes", "late", "state", "start", "nodes", "debrief") {
		return
	}
	s := &scenario.Scenario{
		ID: v.Need("id").ID(), Title: l.text(v.Need("title")), Intro: l.markdown(v.Need("intro")), Warning: l.text(v.Get("warning")),
		Objectives: l.objectivesOf(v.Need("objectives")), Minutes: v.Get("minutes").Integer(1, 24*60), Late: v.Get("late").Str(),
		Start: v.Need("start").Str(), Nodes: map[string]*scenario.Node{}, Debrief: l.markdown(v.Need("debrief")),
	}
	if s.ID != scenarioID {
		v.Get("id").Fault("", "the id %q differs from the file's name", s.ID)
	}
	if v.Get("minutes").Exists() != v.Get("late").Exists() {
		v.Fault("give both or neither", "minutes and late belong together")
	}
	for _, e := range v.Get("state").Entries() {
		if !item.ValidID(e.Key) {
			e.Value.Fault("", "%q is not an id", e.Key)
		}
		if e.Value.Keys("start", "label", "show") {
			s.Counters = append(s.Counters, scenario.Counter{ID: e.Key, Start: e.Value.Need("start").Integer(0, 100), Label: l.text(e.Value.Need("label")), Show: e.Value.Get("show").Boolean()})
		}
	}
	nodes := v.Need("nodes")
	for _, e := range nodes.Entries() {
		if !item.ValidID(e.Key) {
			e.Value.Fault("use lower-case Latin letters, digits and hyphens", "%q is not an id", e.Key)
		}
		if s.Nodes[e.Key] != nil {
			continue // Keys of the map says that it is there twice
		}
		s.Nodes[e.Key] = l.node(e, s)
	}
	l.course.Scenarios[scenarioID] = s
	if len(s.Nodes) > 0 {
		l.walk(v, s)
		if l.faults.Count() == before { // with a fault in the graph, the states would only repeat it in other words
			l.walkStates(nodes, s)
			if _, ok := s.Way(item.Good); !ok && l.course.Completion.Scenarios == GoodEnd {
				nodes.Fault("let good choices lead to a node with end: good", "no way leads to a good end, and the course asks for one")
			}
		}
	}
}

func (l *loader) node(e yamlfile.Entry, s *scenario.Scenario) *scenario.Node {
	n := &scenario.Node{ID: e.Key}
	if !e.Value.Keys("text", "choices", "end") {
		return n
	}
	n.Text, n.End = l.markdown(e.Value.Need("text")), item.Rating(e.Value.Get("end").OneOf(string(item.Good), string(item.Fair), string(item.Poor)))
	always := false
	for _, v := range e.Value.Get("choices").List() {
		if !v.Keys("text", "rating", "minutes", "change", "when", "consequence", "why", "to") {
			continue
		}
		c := scenario.Choice{
			Text: l.markdown(v.Need("text")), Rating: item.Rating(v.Get("rating").OneOf(string(item.Good), string(item.Fair), string(item.Poor))), Minutes: v.Get("minutes").Integer(0, 24*60),
			Consequence: l.markdown(v.Need("consequence")), Why: l.markdown(v.Get("why")), To: v.Need("to").Str(), Change: map[string]int{},
		}
		for _, change := range v.Get("change").Entries() {
			l.counter(change.Value, s, change.Key)
			c.Change[change.Key] = change.Value.Integer(-100, 100)
		}
		c.When = l.condition(v.Get("when"), s)
		always = always || c.When == nil
		n.Choices = append(n.Choices, c)
	}
	switch {
	case n.End != "" && len(n.Choices) > 0:
		e.Value.Fault("take out end, or the choices", "an end has choices")
	case n.End == "" && len(n.Choices) == 0:
		e.Value.Fault("add choices, or end: good, fair or poor", "dead end: the node %q has no choices and is not an end", e.Key)
	case n.End == "" && !always:
		e.Value.Fault("leave \"when\" out of at least one choice", "all choices of the node %q have a condition: a participant could be stuck", e.Key)
	}
	return n
}

func (l *loader) counter(v yamlfile.Value, s *scenario.Scenario, name string) {
	if !slices.ContainsFunc(s.Counters, func(c scenario.Counter) bool { return c.ID == name }) {
		known := make([]string, len(s.Counters))
		for i, c := range s.Counters {
			known[i] = c.ID
		}
		hint := "name it under state"
		if near := folder.DidYouMean(name, known); strings.HasPrefix(near, "did") {
			hint = near
		}
		v.Fault(hint, "there is no counter %q", name)
	}
}

func (l *loader) condition(v yamlfile.Value, s *scenario.Scenario) scenario.Condition {
	if !v.Exists() {
		return nil
	}
	c, err := scenario.ParseCondition(v.Str())
	if err != nil {
		v.Fault("write for instance: trust >= 2 and noise < 3", "%v", err)
		return scenario.Condition{}
	}
	for _, k := range c {
		l.counter(v, s, k.Counter)
	}
	return c
}

// walk follows the choices: every node must be reachable, lead somewhere that exists, and have a way to an end.
func (l *loader) walk(v yamlfile.Value, s *scenario.Scenario) {
	nodes := v.Get("nodes")
	exists := func(where yamlfile.Value, name, what string) bool {
		if name != "" && s.Nodes[name] == nil {
			where.Fault(folder.DidYouMean(name, slices.Sorted(maps.Keys(s.Nodes))), "%s leads to %q, which is not there", what, name)
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
	if exists(v.Get("start"), s.Start, "start") {
		visit(s.Start)
	}
	if s.Late != "" && exists(v.Get("late"), s.Late, "late") {
		visit(s.Late)
	}
	ends := s.LeadToEnd()
	for _, e := range nodes.Entries() {
		for i, c := range e.Value.Get("choices").List() {
			if i < len(s.Nodes[e.Key].Choices) {
				exists(c.Get("to"), s.Nodes[e.Key].Choices[i].To, "this choice")
			}
		}
		switch {
		case !reached[e.Key]:
			e.Value.Fault("let a choice lead here, or take the node out", "no way leads to the node %q", e.Key)
		case !ends[e.Key] && len(s.Nodes[e.Key].Choices) > 0:
			e.Value.Fault("let one of the ways on lead to an end", "from the node %q no end can be reached", e.Key)
		}
	}
}

// walkStates finds what the graph does not show: choices whose condition never holds, nodes out of reach because of it, a late node to which the clock never leads.
// The graph must be free of faults.
func (l *loader) walkStates(nodes yamlfile.Value, s *scenario.Scenario) {
	reach, ok := scenario.Explore(s)
	if !ok {
		return
	}
	for _, e := range nodes.Entries() {
		if !reach.Node(e.Key) {
			hint := "look at the conditions on the way here"
			if e.Key == s.Late {
				hint = "give the choices more minutes, or the clock fewer"
			}
			e.Value.Fault(hint, "the story can never come to the node %q", e.Key)
			continue
		}
		for i, c := range e.Value.Get("choices").List() {
			if !reach.Choice(scenario.Decision{Node: e.Key, Choice: i}) {
				c.Fault("look at its condition, and at what changes the counters", "this choice is never there: its condition cannot hold here")
			}
		}
	}
}
