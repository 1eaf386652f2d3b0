package scenario

import (
	"maps"
	"slices"
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// Texts reads texts in the languages of a course, and notes what is wrong with them.
type Texts interface {
	Text(v yamlfile.Value) text.Translated
	Markdown(v yamlfile.Value) text.Translated
}

// reader reads one story.
type reader struct {
	Texts
	s *Scenario
}

// Read reads the file of a scenario and follows its choices. It notes what is wrong; nil where there is nothing to read.
func Read(v yamlfile.Value, texts Texts) *Scenario {
	if !v.Keys("id", "title", "intro", "warning", "objectives", "minutes", "late", "state", "start", "nodes", "debrief") {
		return nil
	}
	r := reader{texts, &Scenario{
		ID: v.Need("id").ID(), Title: texts.Text(v.Need("title")), Intro: texts.Markdown(v.Need("intro")), Warning: texts.Text(v.Get("warning")),
		Minutes: v.Get("minutes").Integer(1, 24*60), Late: v.Get("late").Str(),
		Start: v.Need("start").Str(), Nodes: map[string]*Node{}, Debrief: texts.Markdown(v.Need("debrief")),
	}}
	if v.Get("minutes").Exists() != v.Get("late").Exists() {
		v.Fault("give both or neither", "minutes and late belong together")
	}
	r.counters(v.Get("state"))
	for _, e := range v.Need("nodes").Entries() {
		if !item.ValidID(e.Key) {
			e.Value.Fault("use lower-case Latin letters, digits and hyphens", "%q is not an id", e.Key)
		}
		if r.s.Nodes[e.Key] != nil {
			continue // Keys of the map says that it is there twice
		}
		r.s.Nodes[e.Key] = r.node(e)
	}
	if len(r.s.Nodes) > 0 {
		r.walk(v)
	}
	return r.s
}

func (r reader) counters(v yamlfile.Value) {
	for _, e := range v.Entries() {
		if !item.ValidID(e.Key) {
			e.Value.Fault("", "%q is not an id", e.Key)
		}
		if e.Value.Keys("start", "label", "show") {
			r.s.Counters = append(r.s.Counters, Counter{ID: e.Key, Start: e.Value.Need("start").Integer(0, 100), Label: r.Text(e.Value.Need("label")), Show: e.Value.Get("show").Boolean()})
		}
	}
}

func (r reader) node(e yamlfile.Entry) *Node {
	n := &Node{ID: e.Key}
	if !e.Value.Keys("text", "choices", "end") {
		return n
	}
	n.Text, n.End = r.Markdown(e.Value.Need("text")), item.Rating(e.Value.Get("end").OneOf(string(item.Good), string(item.Fair), string(item.Poor)))
	always := false
	for _, v := range e.Value.Get("choices").List() {
		if !v.Keys("text", "rating", "minutes", "change", "when", "consequence", "why", "to") {
			continue
		}
		c := Choice{
			Text: r.Markdown(v.Need("text")), Rating: item.Rating(v.Get("rating").OneOf(string(item.Good), string(item.Fair), string(item.Poor))), Minutes: v.Get("minutes").Integer(0, 24*60),
			Consequence: r.Markdown(v.Need("consequence")), Why: r.Markdown(v.Get("why")), To: v.Need("to").Str(), Change: map[string]int{},
		}
		for _, change := range v.Get("change").Entries() {
			r.counter(change.Value, change.Key)
			c.Change[change.Key] = change.Value.Integer(-100, 100)
		}
		c.When = r.when(v.Get("when"))
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

func (r reader) counter(v yamlfile.Value, name string) {
	if !slices.ContainsFunc(r.s.Counters, func(c Counter) bool { return c.ID == name }) {
		known := make([]string, len(r.s.Counters))
		for i, c := range r.s.Counters {
			known[i] = c.ID
		}
		hint := "name it under state"
		if near := folder.DidYouMean(name, known); strings.HasPrefix(near, "did") {
			hint = near
		}
		v.Fault(hint, "there is no counter %q", name)
	}
}

func (r reader) when(v yamlfile.Value) condition {
	if !v.Exists() {
		return nil
	}
	c, err := parseCondition(v.Str())
	if err != nil {
		v.Fault("write for instance: trust >= 2 and noise < 3", "%v", err)
		return condition{}
	}
	for _, k := range c {
		r.counter(v, k.Counter)
	}
	return c
}

// walk follows the choices: every node must be reachable, lead somewhere that exists, and have a way to an end.
func (r reader) walk(v yamlfile.Value) {
	s := r.s
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
	ends := s.leadToEnd()
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

// CheckStates finds what the graph does not show: choices whose condition never holds, nodes out of reach because of it, a late node to which the clock never leads.
// v is where the scenario was read, whose graph must be free of faults.
func (s *Scenario) CheckStates(v yamlfile.Value) {
	reach, ok := explore(s)
	if !ok {
		return
	}
	for _, e := range v.Get("nodes").Entries() {
		if !reach.nodes[e.Key] {
			hint := "look at the conditions on the way here"
			if e.Key == s.Late {
				hint = "give the choices more minutes, or the clock fewer"
			}
			e.Value.Fault(hint, "the story can never come to the node %q", e.Key)
			continue
		}
		for i, c := range e.Value.Get("choices").List() {
			if !reach.choices[Decision{Node: e.Key, Choice: i}] {
				c.Fault("look at its condition, and at what changes the counters", "this choice is never there: its condition cannot hold here")
			}
		}
	}
}
