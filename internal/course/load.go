package course

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"ostoja/internal/item"
)

var languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// Load reads a course folder. It returns every fault that it finds, in the order of files and lines; a course with faults
// that block ([Blocking]) must not be published, and may be incomplete. err is for a folder that cannot be read at all.
//
// Addresses of figures, sounds and films in the rendered lessons begin with media/; [Service.Version] gives others.
func Load(fsys fs.FS) (*Course, []Fault, error) { return load(fsys, "media/") }

func load(fsys fs.FS, mediaBase string) (_ *Course, _ []Fault, err error) {
	l := &loader{fsys: fsys, used: map[string]bool{}, outlines: map[string][]string{}, course: &Course{
		mediaBase: mediaBase,
		Tests:     map[string]*Test{}, Scenarios: map[string]*Scenario{}, Glossary: map[string]*Term{},
		items: map[string]*item.Item{}, lessons: map[string]map[string]*Lesson{}, positions: map[string]int{},
		pictures: map[string]picture{},
	}}
	files, refused, err := listFiles(fsys, DefaultLimits)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range refused {
		l.fault(at{r.Name, 0}, "take the file out, or make it smaller", "%s", r.Reason)
	}
	all := make([]string, len(files))
	for i, f := range files {
		all[i] = f.name
	}
	l.courseFile()
	for _, name := range all {
		if strings.HasPrefix(name, "media/") {
			l.medium(name)
		}
	}
	if slices.Contains(all, "glossary.yaml") {
		l.glossary()
	}
	for _, name := range all {
		if path.Dir(name) == "items" && path.Ext(name) == ".yaml" {
			l.itemsFile(name)
		}
	}
	l.parts()
	for _, name := range all {
		if path.Dir(name) == "tests" && path.Ext(name) == ".yaml" {
			l.testFile(name)
		}
	}
	for _, name := range all {
		if path.Dir(name) == "forms" && path.Ext(name) == ".yaml" {
			l.competenceFile(name)
		}
	}
	l.crossCheck(all)
	l.crossCheckCompetence()
	return l.course, sortFaults(l.faults), nil
}

func (l *loader) courseFile() {
	c := l.course
	v := l.readYAML("course.yaml")
	if !v.keys("format", "id", "version", "languages", "title", "summary", "audience", "hours", "authors", "licence", "objectives", "modules", "test", "completion", "certificate") {
		return
	}
	if c.Format = v.need("format").integer(1, 1<<30); c.Format > 1 {
		v.get("format").fault("update Ostoja", "this program reads format 1")
	}
	c.ID = v.need("id").id()
	c.Version = v.need("version").str()
	for _, lang := range v.need("languages").list() {
		tag := lang.str()
		if !languagePattern.MatchString(tag) || slices.Contains(c.Languages, tag) {
			lang.fault("name each language once, by its tag: pl, en, uk …", "%q is not a language", tag)
			continue
		}
		c.Languages = append(c.Languages, tag)
	}
	if len(c.Languages) == 0 {
		v.fault("", "the course has no language")
	}
	c.Title, c.Summary, c.Audience = v.need("title").text(), v.need("summary").text(), v.need("audience").text()
	if c.Hours = v.need("hours").number(); c.Hours <= 0 || c.Hours > 1000 {
		v.get("hours").fault("", "hours must be more than 0")
	}
	for _, a := range v.get("authors").list() {
		c.Authors = append(c.Authors, a.str())
	}
	c.Licence = v.get("licence").str()
	l.objectives(v.need("objectives"))
	l.modules(v.need("modules"))
	c.TestID = v.get("test").id()
	l.completion(v.need("completion"))
	if cert := v.get("certificate"); cert.there() && cert.keys("title", "valid_months", "fund") {
		c.Certificate = &Certificate{Title: cert.need("title").text(), ValidMonths: cert.get("valid_months").integer(0, 600), Fund: cert.get("fund").text()}
	}
}

func (l *loader) objectives(v value) {
	for _, o := range v.list() {
		if !o.keys("id", "topic", "text") {
			continue
		}
		objective := Objective{ID: o.need("id").id(), Topic: o.need("topic").oneOf(Topics...), Text: o.need("text").text()}
		if slices.ContainsFunc(l.course.Objectives, func(p Objective) bool { return p.ID == objective.ID }) {
			o.fault("", "the objective %q is there twice", objective.ID)
		}
		l.course.Objectives = append(l.course.Objectives, objective)
	}
}

func (l *loader) modules(v value) {
	c := l.course
	for _, m := range v.list() {
		if !m.keys("id", "title", "warning", "parts") {
			continue
		}
		module := Module{ID: m.need("id").id(), Title: m.need("title").text(), Warning: m.get("warning").text()}
		for _, p := range m.need("parts").list() {
			part, ok := l.part(p)
			if !ok {
				continue
			}
			module.Parts = append(module.Parts, part)
			c.parts, c.moduleOf = append(c.parts, part), append(c.moduleOf, len(c.Modules))
			c.positions[part.Key()] = len(c.parts)
		}
		if len(module.Parts) == 0 {
			m.fault("", "the module %q has no parts", module.ID)
		}
		c.Modules = append(c.Modules, module)
	}
	if len(c.Modules) == 0 {
		v.fault("", "the course has no modules")
	}
}

// part reads one element of a module's parts: a kind and an id. What the id names is read later, once the items are known.
func (l *loader) part(v value) (Part, bool) {
	var kinds, ways []string
	var found []Part
	for _, k := range partKinds {
		kinds, ways = append(kinds, string(k.kind)), append(ways, fmt.Sprintf("\"- %s: name\"", k.kind))
	}
	if !v.keys(kinds...) {
		return nil, false
	}
	for _, k := range partKinds {
		if partID := v.get(string(k.kind)).id(); partID != "" {
			found = append(found, k.make(l.course.named(k.kind, partID)))
		}
	}
	if len(found) != 1 {
		v.fault("write "+strings.Join(ways, " or "), "a part is a %s", strings.Join(kinds, " or a "))
		return nil, false
	}
	if l.course.Position(found[0].Key()) > 0 {
		v.fault("", "%s is part of the course twice", found[0].Key())
		return nil, false
	}
	return found[0], true
}

func (l *loader) completion(v value) {
	if !v.keys("lessons", "scenarios", "checks", "test") {
		return
	}
	c := &l.course.Completion
	c.Lessons, c.Scenarios, c.Checks = v.need("lessons").oneOf(All, None), v.need("scenarios").oneOf(All, None), v.need("checks").oneOf(All, None)
	c.Test = v.need("test").oneOf(TestPass, TestTaken, None)
	if c.Test != None && l.course.TestID == "" {
		v.get("test").fault("add \"test: NAME\" to the course, or write \"test: none\" here", "the rule asks for a test and the course has none")
	}
	if *c == (Completion{None, None, None, None}) {
		v.fault("", "the rule asks for nothing: everybody would be finished at once")
	}
}

func (l *loader) glossary() {
	for _, t := range l.readYAML("glossary.yaml").list() {
		if !t.keys("id", "term", "text") {
			continue
		}
		term := &Term{ID: t.need("id").id(), Term: t.need("term").text(), Text: t.need("text").text()}
		if l.course.Glossary[term.ID] != nil {
			t.fault("", "the term %q is there twice", term.ID)
		}
		l.course.Glossary[term.ID] = term
	}
}

// parts reads what the modules name.
func (l *loader) parts() {
	for _, p := range l.course.parts {
		kindOf(p.Kind()).read(l, l.course.ModuleOf(p.Key()), p.ID())
	}
}

// lessonPart reads a lesson in every language.
func (l *loader) lessonPart(module *Module, lessonID string) {
	for _, lang := range l.course.Languages {
		l.lessonFile(fmt.Sprintf("modules/%s/%s.%s.md", module.ID, lessonID, lang), lessonID, lang)
	}
	l.sameChecks(lessonID)
}

// sameChecks sees that a lesson asks the same items in all languages, since answers are kept across them.
func (l *loader) sameChecks(lessonID string) {
	var first []string
	for i, lang := range l.course.Languages {
		lesson := l.course.lessons[lessonID][lang]
		if lesson == nil {
			return
		}
		var items []string
		for _, s := range lesson.Segments {
			items = append(items, s.Check...)
		}
		if i == 0 {
			first = items
			l.course.checkItems = append(l.course.checkItems, items...)
		} else if !slices.Equal(first, items) {
			l.fault(at{l.lessonPath(lessonID, lang), 0}, "ask the same items in the same order", "the lesson asks %v in %q and %v in %q", first, l.course.Languages[0], items, lang)
		}
		l.sameShape(l.course.lessons[lessonID][l.course.Languages[0]], lesson)
	}
}

// sameShape sees that a lesson has the same head and blocks in another language: where one is missing, a translation is.
func (l *loader) sameShape(source, other *Lesson) {
	file := l.lessonPath(other.ID, other.Lang)
	a, b := l.outlines[l.lessonPath(source.ID, source.Lang)], l.outlines[file]
	if !slices.Equal(a, b) {
		i := 0
		for i < len(a) && i < len(b) && a[i] == b[i] {
			i++
		}
		name := func(list []string) string {
			if i < len(list) {
				return list[i]
			}
			return "at its end"
		}
		l.fault(at{file, 0}, "give it the same blocks in every language", "the lesson's block number %d is %s in %q and %s in %q", i+1, name(a), source.Lang, name(b), other.Lang)
	}
	if source.Minutes != other.Minutes {
		l.fault(at{file, 3}, "", "the lesson takes %d minutes in %q and %d minutes in %q", source.Minutes, source.Lang, other.Minutes, other.Lang)
	}
	if !slices.Equal(source.Objectives, other.Objectives) {
		l.fault(at{file, 4}, "", "the lesson has the objectives %v in %q and %v in %q", source.Objectives, source.Lang, other.Objectives, other.Lang)
	}
}

func (l *loader) lessonPath(lessonID, lang string) string {
	return fmt.Sprintf("modules/%s/%s.%s.md", l.course.ModuleOf(LessonKey(lessonID)).ID, lessonID, lang)
}

func (l *loader) testFile(file string) {
	v := l.readYAML(file)
	if !v.keys("id", "title", "intro", "pass", "attempts", "minutes", "draw") {
		return
	}
	t := &Test{
		ID: v.need("id").id(), Title: v.need("title").text(), Intro: v.get("intro").markdown(), Pass: v.need("pass").number(),
		Attempts: v.get("attempts").integer(0, 100), Minutes: v.get("minutes").integer(0, 24*60),
	}
	if t.ID != strings.TrimSuffix(path.Base(file), ".yaml") {
		v.get("id").fault("", "the id %q differs from the file's name", t.ID)
	}
	if t.Pass <= 0 || t.Pass > 100 {
		v.get("pass").fault("", "pass is a percentage above 0 and up to 100")
	}
	drawn := map[string]bool{}
	for _, d := range v.need("draw").list() {
		if !d.keys("objective", "count") {
			continue
		}
		draw := Draw{d.need("objective").id(), d.need("count").integer(1, 200)}
		switch pool := len(l.course.pool(draw.Objective)); {
		case !l.hasObjective(draw.Objective):
			d.fault(didYouMean(draw.Objective, l.objectiveIDs()), "there is no objective %q", draw.Objective)
		case drawn[draw.Objective]:
			d.fault("add the counts up into one line", "the objective %q is drawn twice", draw.Objective)
		case draw.Count > pool:
			d.fault("write more items with use: test, or draw fewer", "%d items are drawn and %q has %d", draw.Count, draw.Objective, pool)
		}
		drawn[draw.Objective] = true
		t.Draws = append(t.Draws, draw)
	}
	if len(t.Draws) == 0 {
		v.fault("", "the test draws no items")
	}
	l.course.Tests[t.ID] = t
}

func (l *loader) objectiveIDs() []string {
	var ids []string
	for _, o := range l.course.Objectives {
		ids = append(ids, o.ID)
	}
	return ids
}

func (l *loader) hasObjective(objectiveID string) bool {
	return slices.Contains(l.objectiveIDs(), objectiveID)
}

// objectivesOf reads a list of objective ids.
func (l *loader) objectivesOf(v value) []string {
	var ids []string
	for _, o := range v.list() {
		id := o.str()
		if !l.hasObjective(id) {
			o.fault(didYouMean(id, l.objectiveIDs()), "there is no objective %q", id)
		}
		ids = append(ids, id)
	}
	return ids
}

// crossCheck finds what no single file shows: objectives without items, items that nothing asks, files that nothing uses.
func (l *loader) crossCheck(all []string) {
	c := l.course
	if c.TestID != "" && c.Tests[c.TestID] == nil && len(c.Languages) > 0 {
		l.fault(at{"course.yaml", 0}, "make tests/"+c.TestID+".yaml", "there is no test %q", c.TestID)
	}
	for _, o := range c.Objectives {
		if len(c.pool(o.ID)) == 0 && c.TestID != "" {
			l.fault(at{"course.yaml", 0}, "write at least one item with use: test and objective: "+o.ID, "no item measures the objective %q", o.ID)
		}
		if t := c.Test(); t != nil && !slices.ContainsFunc(t.Draws, func(d Draw) bool { return d.Objective == o.ID }) {
			l.fault(at{"tests/" + t.ID + ".yaml", 0}, "add a line to draw", "the test does not measure the objective %q", o.ID)
		}
	}
	for _, itemID := range c.itemIDs {
		if c.items[itemID].Use == item.UseCheck && !slices.Contains(c.checkItems, itemID) {
			l.warn(at{"items", 0}, "name it in a lesson's check block, or take it out", "no lesson asks the check item %q", itemID)
		}
	}
	for _, name := range all {
		switch top, _, _ := strings.Cut(name, "/"); {
		case l.used[name], top == "README.md", strings.EqualFold(path.Ext(name), ".md") && !strings.HasPrefix(name, "modules/"), top == "LICENSE":
		case top == "media":
			l.warn(at{name, 0}, "refer to it in a lesson, or take it out", "nothing uses this file")
		default:
			l.fault(at{name, 0}, "name it in course.yaml, or take it out", "nothing in the course uses this file")
		}
	}
}
