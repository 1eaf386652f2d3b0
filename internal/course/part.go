package course

import "slices"

// Kind is a kind of part. It is the word under which course.yaml names a part, and the first half of its key.
type Kind string

// The kinds of parts. The final test is a part that stands after all modules.
const (
	KindLesson   Kind = "lesson"
	KindScenario Kind = "scenario"
	KindTest     Kind = "test"
)

// Part is a step of a course: something that a participant opens, goes through and has done. Contents, player, completion,
// progress and statements ask a part what they need to know and not what kind it is. What differs by kind stands in three
// tables: partKinds here (how a folder holds it), learning's kinds (what it takes to have done it) and learningweb's kinds
// (where its page is and how contents show it).
//
// A part MUST answer also where its course has faults: versions published under laxer rules stay open to those who began
// them, so a part whose file cannot be read any more has its id for a title and asks for nothing.
type Part interface {
	Kind() Kind
	ID() string
	// Key names the part in stored progress as kind:ID. It MUST stay the same for ever.
	Key() string
	// Title returns the title in a language.
	Title(lang string) string
	// Minutes returns how long it takes in a language, as the author says or its length tells; 0 if nothing is said.
	Minutes(lang string) int
	// Teaches says whether somebody who missed an objective is sent here to learn it.
	Teaches(objective, lang string) bool
	// Checks returns the ids of the practice items that it asks.
	Checks() []string
}

// partKind says how a folder holds a kind of part.
type partKind struct {
	kind Kind
	make func(p named) Part
	read func(l *loader, module *Module, partID string)
}

// partKinds are the kinds that a module can hold, each under its own key in course.yaml.
var partKinds = []partKind{
	{KindLesson, func(p named) Part { return lessonPart{p} }, (*loader).lessonPart},
	{KindScenario, func(p named) Part { return scenarioPart{p} }, func(l *loader, _ *Module, partID string) { l.scenarioFile(partID) }},
}

func kindOf(k Kind) partKind {
	return partKinds[slices.IndexFunc(partKinds, func(p partKind) bool { return p.kind == k })]
}

func key(k Kind, partID string) string { return string(k) + ":" + partID }

// LessonKey returns the key of a lesson's part.
func LessonKey(lessonID string) string { return key(KindLesson, lessonID) }

// ScenarioKey returns the key of a scenario's part.
func ScenarioKey(scenarioID string) string { return key(KindScenario, scenarioID) }

// named is what parts of all kinds have. A kind says for itself what takes minutes, teaches or asks; the others do not.
type named struct {
	course *Course
	kind   Kind
	id     string
	key    string // pages ask for it many times
}

func (c *Course) named(k Kind, partID string) named { return named{c, k, partID, key(k, partID)} }

// Kind returns the kind of the part.
func (p named) Kind() Kind { return p.kind }

// ID returns the id that course.yaml gives the part.
func (p named) ID() string { return p.id }

// Key returns the name of the part in stored progress.
func (p named) Key() string { return p.key }

// Minutes returns 0: nothing is said.
func (p named) Minutes(string) int { return 0 }

// Teaches returns false.
func (p named) Teaches(string, string) bool { return false }

// Checks returns nothing.
func (p named) Checks() []string { return nil }

// lessonPart is a lesson in all its languages.
type lessonPart struct{ named }

// Title is that of the lesson in the language, its id where there is none.
func (p lessonPart) Title(lang string) string {
	if l := p.course.Lesson(p.id, lang); l != nil {
		return l.Title
	}
	return p.id
}

// Minutes is what the lesson says that it takes.
func (p lessonPart) Minutes(lang string) int {
	if l := p.course.Lesson(p.id, lang); l != nil {
		return l.Minutes
	}
	return 0
}

// Teaches asks the lesson, whose text names its objectives.
func (p lessonPart) Teaches(objective, lang string) bool {
	l := p.course.Lesson(p.id, lang)
	return l != nil && slices.Contains(l.Objectives, objective)
}

// Checks are those of the source language: the loader sees that the others ask the same.
func (p lessonPart) Checks() []string {
	if len(p.course.Languages) == 0 {
		return nil
	}
	l := p.course.Lesson(p.id, p.course.Languages[0])
	if l == nil {
		return nil
	}
	var items []string
	for _, s := range l.Segments {
		items = append(items, s.Check...)
	}
	return items
}

// scenarioPart is a scenario. It lets people try out what lessons teach and teaches nothing itself; its clock is the story's
// and tells nothing of how long a participant takes: that is estimated from its words.
type scenarioPart struct{ named }

// Title is that of the scenario, its id where there is none.
func (p scenarioPart) Title(lang string) string {
	if s := p.course.Scenarios[p.id]; s != nil {
		return s.Title.In(lang)
	}
	return p.id
}

// Minutes is an estimate from the words in the course's first language, so that it is the same in all.
func (p scenarioPart) Minutes(string) int {
	if s := p.course.Scenarios[p.id]; s != nil && len(p.course.Languages) > 0 {
		return readingMinutes(s, p.course.Languages[0])
	}
	return 0
}

// testPart is the final test.
type testPart struct{ named }

// Title is that of the test, its id where there is none.
func (p testPart) Title(lang string) string {
	if t := p.course.Tests[p.id]; t != nil {
		return t.Title.In(lang)
	}
	return p.id
}

// Minutes is the time that the test allows.
func (p testPart) Minutes(string) int {
	if t := p.course.Tests[p.id]; t != nil {
		return t.Minutes
	}
	return 0
}

// Parts returns the parts of all modules in order. The final test is not among them: see [Course.FinalTest].
func (c *Course) Parts() []Part { return c.parts }

// FinalTest returns the test that stands after all modules; nil if the course has none.
func (c *Course) FinalTest() Part {
	if c.TestID == "" {
		return nil
	}
	return testPart{c.named(KindTest, c.TestID)}
}

// Part returns the part of a module with a key; nil if the course has none.
func (c *Course) Part(partKey string) Part {
	if i := c.Position(partKey); i > 0 {
		return c.parts[i-1]
	}
	return nil
}

// Position returns the place of a part in the course, from 1; 0 if the course has no such part.
func (c *Course) Position(partKey string) int { return c.positions[partKey] }

// ModuleOf returns the module of a part, nil if the course has no such part.
func (c *Course) ModuleOf(partKey string) *Module {
	if i := c.Position(partKey); i > 0 {
		return &c.Modules[c.moduleOf[i-1]]
	}
	return nil
}
