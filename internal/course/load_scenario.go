package course

import (
	"ostoja/internal/course/folder"
	"ostoja/internal/course/scenario"
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
	s := scenario.Read(v, l)
	if s == nil {
		return
	}
	s.Objectives = l.objectivesOf(v.Need("objectives"))
	if s.ID != scenarioID {
		v.Get("id").Fault("", "the id %q differs from the file's name", s.ID)
	}
	l.course.Scenarios[scenarioID] = s
	if len(s.Nodes) == 0 || l.faults.Count() > before { // with a fault in the graph, the states would only repeat it in other words
		return
	}
	s.CheckStates(v)
	if _, ok := s.Way(item.Good); !ok && l.course.Completion.Scenarios == GoodEnd {
		v.Get("nodes").Fault("let good choices lead to a node with end: good", "no way leads to a good end, and the course asks for one")
	}
}
