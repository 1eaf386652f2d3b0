package course

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/programme"
	"ostoja/internal/course/scenario"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/fact"
	"ostoja/internal/indicator"
	"ostoja/internal/item"
)

var languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// maxLesson is the size of a lesson that docs/course-format.md states, in bytes.
const maxLesson = 200 << 10

// loader reads a folder and notes its faults.
type loader struct {
	fsys   fs.FS
	course *Course
	faults folder.Faults
	used   map[string]bool // files that something refers to

	outlines map[string][]string // file -> the blocks of a lesson
	rests    []yamlfile.Value    // the key points that items name
	hours    folder.Place        // where the course states its hours
	pack     packOf
	written  []string        // languages of course.yaml; those of the course are what its pack has too
	fromPack map[string]bool // keys of parts that lie in the pack
	owner    string          // whose text is read: a part key or item:id
	noSlots  string          // where no slot may stand, in words; "" where it may
	said     []said          // all texts
	story    bool            // what is read is a story
	inClass  bool            // a classroom programme lies beside the course
	known    indicator.List  // of which the course may name some; nil: any
}

// readYAML reads one file, which is used then.
func (l *loader) readYAML(file string) yamlfile.Value {
	v, found := yamlfile.Read(l.fsys, file, &l.faults)
	if found {
		l.use(file)
	}
	return v
}

// Load reads a course folder. It returns every fault that it finds, in the order of files and lines; a course with faults
// that block ([folder.Blocking]) must not be published, and may be incomplete. err is for a folder that cannot be read at all.
//
// Addresses of figures, sounds and films in the rendered lessons begin with media/; [LoadPublished] gives others.
func Load(fsys fs.FS, options ...Option) (*Course, []folder.Fault, error) {
	l, err := load(fsys, "media/", options...)
	if err != nil {
		return nil, nil, err
	}
	l.checkHours()
	l.checkLaw()
	return l.course, l.faults.List(), nil
}

// LoadPublished reads the folder of a version that was published. Its faults are not looked at again: should the rules become stricter, participants
// must still be able to finish. mediaBase is the address of its figures, sounds and films, with a slash at the end.
func LoadPublished(fsys fs.FS, mediaBase string) (*Course, error) {
	l, err := load(fsys, mediaBase)
	if err != nil {
		return nil, err
	}
	return l.course, nil
}

// load reads a folder, without what is only measured for authors.
func load(fsys fs.FS, mediaBase string, options ...Option) (_ *loader, err error) {
	l := &loader{fsys: fsys, used: map[string]bool{}, outlines: map[string][]string{}, pack: packOf{files: map[string]bool{}}, fromPack: map[string]bool{}, course: &Course{
		texts: &sync.Map{}, facts: map[string][]string{}, packFiles: map[string]bool{},
		mediaBase: mediaBase,
		Tests:     map[string]*Test{}, Scenarios: map[string]*scenario.Scenario{}, Glossary: map[string]*glossaryEntry{},
		items: map[string]*item.Item{}, places: map[string]folder.Place{}, keyPoints: map[string]map[string]string{}, lessons: map[string]map[string]*Lesson{}, positions: map[string]int{},
		pictures: map[string]folder.Size{}, indicators: map[string][]folder.Place{},
		documents: map[string]map[string]*programme.Document{},
	}}
	for _, option := range options {
		option(l)
	}
	all, refused, err := folder.Files(fsys)
	if err != nil {
		return nil, err
	}
	for _, r := range refused {
		l.faults.Add(folder.Place{File: r.Name}, "take the file out, or make it smaller", "%s", r.Reason)
	}
	l.readPack(all)
	l.inClass = slices.Contains(all, programmeFile)
	l.courseFile()
	for _, name := range all {
		if strings.HasPrefix(name, "media/") {
			l.medium(name)
		}
	}
	for _, name := range []string{"glossary.yaml", folder.PackDir + "/glossary.yaml"} {
		if slices.Contains(all, name) {
			l.glossary(name)
		}
	}
	for _, name := range all {
		if path.Dir(name) == "items" && path.Ext(name) == ".yaml" {
			l.itemsFile(name)
		}
	}
	l.packItems()
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
	if l.inClass {
		l.programme()
	}
	for _, name := range allowFiles {
		if slices.Contains(all, name) {
			l.used[name] = true
		}
	}
	l.crossCheck(all)
	l.crossCheckCompetence()
	if l.course.Hours == 0 {
		l.course.Hours = hoursOf(l.course.contentMinutes())
	}
	return l, nil
}

// medium reads a file under media/.
func (l *loader) medium(name string) {
	if folder.MediaType(name) == "" {
		l.faults.Add(folder.Place{File: name}, "media are svg, png, jpg, webp, mp3, ogg, mp4, webm and vtt", "files of this kind have no place in a course")
		l.used[name] = true
		return
	}
	l.course.media = append(l.course.media, name)
	l.course.pictures[name] = folder.CheckMedium(l.fsys, name, &l.faults)
}

func (l *loader) courseFile() {
	c := l.course
	v := l.readYAML("course.yaml")
	if !v.Keys("format", "id", "version", "languages", "title", "summary", "audience", "hours", "authors", "licence", "objectives", "modules", "test", "completion", "certificate") {
		return
	}
	if c.Format = v.Need("format").Integer(1, 1<<30); c.Format > 1 {
		v.Get("format").Fault("update Ostoja", "this program reads format 1")
	}
	c.ID = v.Need("id").ID()
	c.Version = v.Need("version").Str()
	for _, lang := range v.Need("languages").List() {
		tag := lang.Str()
		if !languagePattern.MatchString(tag) || slices.Contains(c.Languages, tag) {
			lang.Fault("name each language once, by its tag: pl, en, uk …", "%q is not a language", tag)
			continue
		}
		c.Languages = append(c.Languages, tag)
	}
	if len(c.Languages) == 0 {
		v.Fault("", "the course has no language")
	}
	l.cutLanguages()
	c.Title, c.Summary, c.Audience = l.Text(v.Need("title")), l.Text(v.Need("summary")), l.Text(v.Need("audience"))
	if hours := v.Get("hours"); hours.Exists() {
		if c.Hours = hours.Number(); c.Hours <= 0 || c.Hours > 1000 {
			hours.Fault("", "hours must be more than 0")
		}
		l.hours = hours.Place()
	}
	for _, a := range v.Get("authors").List() {
		c.Authors = append(c.Authors, a.Str())
	}
	c.Licence = v.Get("licence").Str()
	l.objectives(v.Need("objectives"))
	if l.inClass && !v.Get("modules").Exists() {
		l.onlyInClass(v)
	} else {
		l.modules(v.Need("modules"))
		c.TestID = v.Get("test").ID()
		l.completion(v.Need("completion"))
	}
	if cert := v.Get("certificate"); cert.Exists() && cert.Keys("title", "valid_months", "fund") {
		c.Certificate = &Certificate{Title: l.Text(cert.Need("title")), ValidMonths: cert.Get("valid_months").Integer(0, 600), Fund: l.Text(cert.Get("fund"))}
	}
}

// onlyInClass refuses what a course without lessons cannot have: nobody goes through it alone, and its hours are those of the agenda.
func (l *loader) onlyInClass(v yamlfile.Value) {
	for _, key := range []string{"hours", "test", "completion", "certificate"} {
		if x := v.Get(key); x.Exists() {
			x.Fault("take it out, or add modules with lessons", "%q is for what people do alone, and this course is held in a classroom", key)
		}
	}
}

func (l *loader) objectives(v yamlfile.Value) {
	for _, o := range v.List() {
		if !o.Keys("id", "topic", "text") {
			continue
		}
		objective := Objective{ID: o.Need("id").ID(), Topic: o.Need("topic").OneOf(Topics...), Text: l.Text(o.Need("text"))}
		if slices.ContainsFunc(l.course.Objectives, func(p Objective) bool { return p.ID == objective.ID }) {
			o.Fault("", "the objective %q is there twice", objective.ID)
		}
		l.course.Objectives = append(l.course.Objectives, objective)
	}
}

func (l *loader) modules(v yamlfile.Value) {
	c := l.course
	for _, m := range v.List() {
		if !m.Keys("id", "title", "warning", "parts") {
			continue
		}
		module := Module{ID: m.Need("id").ID(), Title: l.Text(m.Need("title")), Warning: l.Text(m.Get("warning"))}
		lacking := false
		for _, p := range m.Need("parts").List() {
			part, ok := l.part(p)
			if !ok {
				continue
			}
			if l.fromPack[part.Key()] && !l.packHas(part.Kind(), module.ID, part.ID()) {
				l.lacks(p.Place(), "%s %q", part.Kind(), part.ID())
				lacking = true
				continue
			}
			module.Parts = append(module.Parts, part)
			c.parts, c.moduleOf = append(c.parts, part), append(c.moduleOf, len(c.Modules))
			c.positions[part.Key()] = len(c.parts)
		}
		if len(module.Parts) == 0 {
			if !lacking {
				m.Fault("", "the module %q has no parts", module.ID)
			}
			continue
		}
		c.Modules = append(c.Modules, module)
	}
	if len(c.Modules) == 0 {
		v.Fault("", "the course has no modules")
	}
}

// part reads one element of a module's parts: a kind and an id. What the id names is read later, once the items are known.
func (l *loader) part(v yamlfile.Value) (Part, bool) {
	var kinds, ways []string
	var found []Part
	for _, k := range partKinds {
		kinds, ways = append(kinds, string(k.kind)), append(ways, fmt.Sprintf("\"- %s: name\"", k.kind))
	}
	if !v.Keys(append(kinds, "from")...) {
		return nil, false
	}
	for _, k := range partKinds {
		if partID := v.Get(string(k.kind)).ID(); partID != "" {
			found = append(found, k.make(l.course.named(k.kind, partID)))
		}
	}
	if len(found) != 1 {
		v.Fault("write "+strings.Join(ways, " or "), "a part is a %s", strings.Join(kinds, " or a "))
		return nil, false
	}
	if l.course.Position(found[0].Key()) > 0 {
		v.Fault("", "%s is part of the course twice", found[0].Key())
		return nil, false
	}
	if v.Get("from").OneOf("pack") != "" {
		l.fromPack[found[0].Key()] = true
	}
	return found[0], true
}

func (l *loader) completion(v yamlfile.Value) {
	if !v.Keys("lessons", "scenarios", "checks", "test") {
		return
	}
	c := &l.course.Completion
	c.Lessons, c.Scenarios, c.Checks = v.Need("lessons").OneOf(All, none), v.Need("scenarios").OneOf(GoodEnd, All, none), v.Need("checks").OneOf(Right, All, none)
	c.Test = v.Need("test").OneOf(TestPass, TestTaken, none)
	if c.Scenarios == All {
		l.faults.Warn(v.Get("scenarios").Place(), "write \"scenarios: good\"", "any end counts, a bad one too, as in courses of before")
	}
	if c.Checks == All {
		l.faults.Warn(v.Get("checks").Place(), "write \"checks: right\"", "any answer counts, a wrong one too, as in courses of before")
	}
	if c.Test != none && l.course.TestID == "" {
		v.Get("test").Fault("add \"test: NAME\" to the course, or write \"test: none\" here", "the rule asks for a test and the course has none")
	}
	if *c == (Completion{none, none, none, none}) {
		v.Fault("", "the rule asks for nothing: everybody would be finished at once")
	}
}

func (l *loader) glossary(file string) {
	l.owner = "glossary"
	content, _ := yamlfile.Read(l.fsys, file, &l.faults)
	from := file
	if !strings.HasPrefix(file, folder.PackDir+"/") {
		from = ""
		l.use(file)
	}
	for _, t := range content.List() {
		if !t.Keys("id", "term", "text") {
			continue
		}
		if from != "" && !l.inAllLanguages(t.Get("term"), t.Get("text")) {
			continue // the pack explains its terms in languages of its own; a text that names this one is told that it is missing
		}
		entry := &glossaryEntry{ID: t.Need("id").ID(), file: from, Term: l.Text(t.Need("term")), Text: l.prose(t.Need("text"))}
		for _, lang := range entry.Text.Languages() {
			l.said = append(l.said, said{t.Get("text").Get(lang).TextPlace(), entry.Text[lang], false})
		}
		if l.course.Glossary[entry.ID] != nil {
			t.Fault("", "the term %q is there twice", entry.ID)
		}
		l.course.Glossary[entry.ID] = entry
	}
}

// parts reads what the modules name.
func (l *loader) parts() {
	for _, p := range l.course.parts {
		l.owner = p.Key()
		kindOf(p.Kind()).read(l, l.course.ModuleOf(p.Key()), p.ID())
	}
}

// lessonPart reads a lesson in every language.
func (l *loader) lessonPart(_ *Module, lessonID string) {
	for _, lang := range l.written {
		if file := l.lessonPath(lessonID, lang); l.course.HasLanguage(lang) {
			l.lessonFile(file, lessonID, lang)
		} else {
			l.used[file] = true // of a language that the pack does not have
		}
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
			l.faults.Add(folder.Place{File: l.lessonPath(lessonID, lang)}, "ask the same items in the same order", "the lesson asks %v in %q and %v in %q", first, l.course.Languages[0], items, lang)
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
		l.faults.Add(folder.Place{File: file}, "give it the same blocks in every language", "the lesson's block number %d is %s in %q and %s in %q", i+1, name(a), source.Lang, name(b), other.Lang)
	}
	if source.Minutes != other.Minutes {
		l.faults.Add(folder.Place{File: file, Line: 3}, "", "the lesson takes %d minutes in %q and %d minutes in %q", source.Minutes, source.Lang, other.Minutes, other.Lang)
	}
	if !slices.Equal(source.Indicators, other.Indicators) {
		l.faults.Add(folder.Place{File: file}, "", "the lesson names the indicators %v in %q and %v in %q", source.Indicators, source.Lang, other.Indicators, other.Lang)
	}
	if !slices.Equal(source.Objectives, other.Objectives) {
		l.faults.Add(folder.Place{File: file, Line: 4}, "", "the lesson has the objectives %v in %q and %v in %q", source.Objectives, source.Lang, other.Objectives, other.Lang)
	}
}

func (l *loader) lessonPath(lessonID, lang string) string {
	if l.fromPack[LessonKey(lessonID)] {
		return packLesson(l.course.ModuleOf(LessonKey(lessonID)).ID, lessonID, lang)
	}
	return fmt.Sprintf("modules/%s/%s.%s.md", l.course.ModuleOf(LessonKey(lessonID)).ID, lessonID, lang)
}

// mostWait are the hours that a course may ask to wait between two attempts: 90 days.
const mostWait = 90 * 24

func (l *loader) testFile(file string) {
	v := l.readYAML(file)
	if !v.Keys("id", "title", "intro", "pass", "attempts", "wait_hours", "minutes", "draw", "pilots") {
		return
	}
	t := &Test{
		ID: v.Need("id").ID(), Title: l.Text(v.Need("title")), Intro: l.Markdown(v.Get("intro")), Pass: v.Need("pass").Number(),
		Attempts: v.Get("attempts").Integer(0, 100), WaitHours: v.Get("wait_hours").Integer(0, mostWait), Minutes: v.Get("minutes").Integer(0, 24*60),
		Pilots: v.Get("pilots").Integer(0, 50),
	}
	if t.WaitHours > 0 && t.Attempts == 1 {
		v.Get("wait_hours").Fault("allow more attempts, or leave it out", "there is one attempt, so nobody waits for another")
	}
	if t.ID != strings.TrimSuffix(path.Base(file), ".yaml") {
		v.Get("id").Fault("", "the id %q differs from the file's name", t.ID)
	}
	if t.Pass <= 0 || t.Pass > 100 {
		v.Get("pass").Fault("", "pass is a percentage above 0 and up to 100")
	}
	drawn := map[string]bool{}
	for _, d := range v.Need("draw").List() {
		if !d.Keys("objective", "count", "applied") {
			continue
		}
		one := draw{d.Need("objective").ID(), d.Need("count").Integer(1, 200), d.Get("applied").Integer(0, 200)}
		switch pool, applied := l.poolOf(one.Objective); {
		case !l.hasObjective(one.Objective):
			d.Fault(folder.DidYouMean(one.Objective, l.objectiveIDs()), "there is no objective %q", one.Objective)
		case drawn[one.Objective]:
			d.Fault("add the counts up into one line", "the objective %q is drawn twice", one.Objective)
		case one.Count > pool && l.partial():
			d.Warn("", "%d items are drawn and %q has %d with this pack: so many are asked", one.Count, one.Objective, pool)
			if one.Count = pool; pool == 0 {
				continue
			}
		case one.Count > pool:
			d.Fault("write more items with use: test, or draw fewer", "%d items are drawn and %q has %d", one.Count, one.Objective, pool)
		case one.Applied > one.Count:
			d.Fault("", "%d of %d items are to be applied", one.Applied, one.Count)
		case one.Applied > applied:
			d.Fault("write more items at level 3 or 4", "%d applied items are drawn and %q has %d", one.Applied, one.Objective, applied)
		}
		drawn[one.Objective] = true
		t.Draws = append(t.Draws, one)
	}
	if len(t.Draws) == 0 {
		v.Fault("", "the test draws no items")
	}
	if n := len(l.course.pilots()); t.Pilots > n {
		v.Get("pilots").Fault("write more items with use: test and pilot: true, or ask fewer", "%d items on trial are asked and there are %d", t.Pilots, n)
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
func (l *loader) objectivesOf(v yamlfile.Value) []string {
	var ids []string
	for _, o := range v.List() {
		id := o.Str()
		if !l.hasObjective(id) {
			o.Fault(folder.DidYouMean(id, l.objectiveIDs()), "there is no objective %q", id)
		}
		ids = append(ids, id)
	}
	return ids
}

// poolOf returns how many items a draw of an objective has to choose from, and how many of them are applied.
func (l *loader) poolOf(objective string) (all, applied int) {
	for _, itemID := range l.course.pool(objective) {
		all++
		if l.course.items[itemID].Applied() {
			applied++
		}
	}
	return all, applied
}

// restOnFacts makes items rest on the facts of the key points that they rest on, so that they lapse with them. No competence item may.
func (l *loader) restOnFacts() {
	for _, itemID := range l.course.itemIDs {
		it, owner := l.course.items[itemID], itemOwner(itemID)
		for _, name := range l.course.keyFacts(it.RestsOn) {
			if slices.Contains(l.course.facts[owner], name) {
				continue
			}
			l.course.facts[owner] = append(l.course.facts[owner], name)
			if it.Use == item.UseCompetence {
				l.faults.Add(l.course.places[itemID], "ask for what does not change", "the competence item %q rests on a key point that names the fact {%s}", itemID, name)
			}
		}
	}
}

// keyFacts returns the names of the facts that key points name.
func (c *Course) keyFacts(keys []string) (names []string) {
	for _, key := range keys {
		for _, lang := range c.Languages {
			for _, s := range fact.Slots(c.KeyPoint(key, lang)) {
				names = append(names, s.ID)
			}
		}
	}
	return names
}

// crossCheck finds what no single file shows: objectives without items, items that nothing asks, files that nothing uses.
func (l *loader) crossCheck(all []string) {
	c := l.course
	if c.TestID != "" && c.Tests[c.TestID] == nil && len(c.Languages) > 0 {
		l.faults.Add(folder.Place{File: "course.yaml"}, "make tests/"+c.TestID+".yaml", "there is no test %q", c.TestID)
	}
	for _, o := range c.Objectives {
		if len(c.pool(o.ID)) == 0 && c.TestID != "" {
			l.add(folder.Place{File: "course.yaml"}, "write at least one item with use: test and objective: "+o.ID, "no item measures the objective %q", o.ID)
		}
		if t := c.Test(); t != nil && !slices.ContainsFunc(t.Draws, func(d draw) bool { return d.Objective == o.ID }) {
			l.add(folder.Place{File: "tests/" + t.ID + ".yaml"}, "add a line to draw", "the test does not measure the objective %q", o.ID)
		}
	}
	for _, v := range l.rests {
		if id := v.Str(); id != "" && c.keyPoints[id] == nil {
			v.Fault("write it as :::key id=\""+id+"\" in a lesson", "no lesson has a key point %q", id)
		}
	}
	l.restOnFacts()
	if t := c.Test(); t != nil && t.Pilots == 0 && len(c.pilots()) > 0 {
		l.faults.Warn(folder.Place{File: "tests/" + t.ID + ".yaml"}, "write pilots: 2, say", "no attempt asks the items on trial: %v", c.pilots())
	}
	for _, itemID := range c.itemIDs {
		if c.items[itemID].Use == item.UseCheck && !slices.Contains(c.checkItems, itemID) {
			l.faults.Warn(folder.Place{File: "items"}, "name it in a lesson's check block, or take it out", "no lesson asks the check item %q", itemID)
		}
	}
	for _, name := range all {
		switch top, _, _ := strings.Cut(name, "/"); {
		case top == folder.PackDir: // it serves other courses too
		case top == "media" && slices.ContainsFunc(l.written, func(lang string) bool {
			return !c.HasLanguage(lang) && strings.Contains(name, "."+lang+".")
		}):
		case l.used[name], top == "README.md", strings.EqualFold(path.Ext(name), ".md") && top != "modules" && top != "programme", top == "LICENSE":
		case top == "media":
			l.faults.Warn(folder.Place{File: name}, "refer to it in a lesson, or take it out", "nothing uses this file")
		default:
			l.faults.Add(folder.Place{File: name}, "name it in course.yaml, or take it out", "nothing in the course uses this file")
		}
	}
}
