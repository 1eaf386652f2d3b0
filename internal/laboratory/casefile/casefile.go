// Package casefile reads the fictional cases of the case laboratory: a file each, written by hand in Polish and English.
//
// Goals: who writes a case sees all of its faults at once, each with its line and what to do about it; what a case must hold so that it
// teaches both ways (a false alarm can be raised in it, something can be missed in it) is checked and not hoped for; no text can hold a
// number that points to a person. Limits: whether a case is true to the work, and whether its choices are equally tempting, people judge.
package casefile

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/item"
	"ostoja/internal/privacy"
	"ostoja/internal/text"
)

// Kind is what a case turns out to be. It is told in the debrief and nowhere before.
type Kind string

// The kinds.
const (
	Trafficking  Kind = "case"
	FalseAlarm   Kind = "false-alarm"
	NoGoodOption Kind = "no-good-option"
)

// Counts is how a decision counts.
type Counts string

// What a decision may count as. Alarm and Missed are the two figures that are always shown side by side.
const (
	Sound  Counts = "sound"
	Alarm  Counts = "alarm"  // acted as if it were trafficking where it was not
	Missed Counts = "missed" // left what should have been seen
	Open   Counts = "open"   // can be defended as well as attacked
)

// Roles lists whose work a case may be about.
var Roles = []string{"border-guard", "police", "welfare", "labour-inspector", "health", "school", "consulate"}

// Comings lists in what form a step comes.
var Comings = []string{"document", "statement", "call", "observation"}

// Langs lists the languages of a case.
var Langs = []string{"pl", "en"}

// Case is a case that unfolds in steps.
type Case struct {
	ID         string
	Title      text.Translated
	Roles      []string
	Kind       Kind
	Indicators []string // ids of the shared list
	Minutes    int      // that a class needs
	Intro      text.Translated
	Steps      []Step
	Debrief    text.Translated
	Sources    []string
}

// Step is what comes, and what can be done.
type Step struct {
	ID        string
	Comes     string // of [Comings]
	Title     text.Translated
	Text      text.Translated
	Decisions []Decision
}

// Decision is one of the things that can be done in a step.
type Decision struct {
	Letter  string // a to d
	Text    text.Translated
	Follows text.Translated
	Counts  Counts
	Why     text.Translated // why it counts so, for the debrief
}

// Decision returns the decision with a letter; false if the step has none.
func (s Step) Decision(letter string) (Decision, bool) {
	i := slices.IndexFunc(s.Decisions, func(d Decision) bool { return d.Letter == letter })
	if i < 0 {
		return Decision{}, false
	}
	return s.Decisions[i], true
}

// Could says whether one of the step's decisions counts as c: a figure is out of the decisions in which it could have happened.
func (s Step) Could(c Counts) bool {
	return slices.ContainsFunc(s.Decisions, func(d Decision) bool { return d.Counts == c })
}

// Sizes of a case.
const (
	fewestSteps, mostSteps         = 3, 5
	fewestDecisions, mostDecisions = 2, 4
	longestTitle                   = 80
	longestDecision                = 220
	longestText                    = 1500
	longestDebrief                 = 3000
	letters                        = "abcd"
)

// Load reads all cases of a folder, in the order of their files, and what is wrong with them. A case with faults is returned as far as it
// could be read. known says which indicators there are.
func Load(fsys fs.FS, known func(id string) bool) ([]Case, []folder.Fault) {
	var faults folder.Faults
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil || len(names) == 0 {
		faults.Add(folder.Place{File: "."}, "put a file CASE.yaml there for each case", "there are no cases")
	}
	var cases []Case
	for _, name := range names {
		v, there := yamlfile.Read(fsys, name, &faults)
		if !there || !v.Exists() {
			continue
		}
		if c, ok := (reader{known}).read(v); ok {
			if c.ID != strings.TrimSuffix(path.Base(name), ".yaml") {
				v.Get("id").Fault("", "the file of the case %q is called %s.yaml", c.ID, c.ID)
			}
			cases = append(cases, c)
		}
	}
	return cases, faults.List()
}

type reader struct{ known func(id string) bool }

func (r reader) read(v yamlfile.Value) (c Case, ok bool) {
	if !v.Keys("id", "title", "roles", "kind", "indicators", "minutes", "intro", "steps", "debrief", "sources") {
		return c, false
	}
	c = Case{
		ID: v.Need("id").ID(), Title: translated(v.Need("title"), longestTitle), Roles: roles(v.Need("roles")),
		Kind:       Kind(v.Need("kind").OneOf(string(Trafficking), string(FalseAlarm), string(NoGoodOption))),
		Indicators: v.Need("indicators").IDs(), Minutes: v.Need("minutes").Integer(10, 120),
		Intro: translated(v.Need("intro"), longestText), Debrief: translated(v.Need("debrief"), longestDebrief),
	}
	for i, e := range v.Get("indicators").List() {
		switch id := c.Indicators[i]; {
		case slices.Contains(c.Indicators[:i], id):
			e.Fault("", "the indicator %q is named twice", id)
		case item.ValidID(id) && !r.known(id):
			e.Fault("name one of indicators/indicators.yaml, or add it there", "there is no indicator %q", id)
		}
	}
	for _, e := range v.Need("sources").List() {
		c.Sources = append(c.Sources, e.Str())
	}
	if len(c.Sources) == 0 {
		v.Get("sources").Fault("say what the case and its debrief rest on", "a case needs a source")
	}
	steps := v.Need("steps").List()
	between(v.Get("steps"), len(steps), fewestSteps, mostSteps, "steps")
	for _, e := range steps {
		s := readStep(e)
		if slices.ContainsFunc(c.Steps, func(x Step) bool { return x.ID == s.ID }) {
			e.Get("id").Fault("", "the step %q is there twice", s.ID)
		}
		c.Steps = append(c.Steps, s)
	}
	c.teaches(v)
	return c, true
}

// teaches checks that a case can go wrong in the way that its kind is about, and right where there is a right way.
func (c Case) teaches(v yamlfile.Value) {
	could := func(what Counts) bool {
		return slices.ContainsFunc(c.Steps, func(s Step) bool { return s.Could(what) })
	}
	kind := v.Get("kind")
	switch c.Kind {
	case FalseAlarm:
		if !could(Alarm) {
			kind.Fault("let a decision count as alarm", "in a false alarm nobody could raise one")
		}
	case Trafficking:
		if !could(Missed) {
			kind.Fault("let a decision count as missed", "in this case nobody could miss anything")
		}
	case NoGoodOption:
		if !slices.ContainsFunc(c.Steps, func(s Step) bool { return len(s.Decisions) > 0 && !s.Could(Sound) }) {
			kind.Fault("let a step have no decision that counts as sound", "there is a good option in every step")
		}
	}
	if c.Kind != NoGoodOption {
		for i, e := range v.Get("steps").List() {
			if len(c.Steps[i].Decisions) > 0 && !c.Steps[i].Could(Sound) && !c.Steps[i].Could(Open) {
				e.Fault("let one count as sound or open", "all decisions of the step %q are wrong", c.Steps[i].ID)
			}
		}
	}
}

func readStep(v yamlfile.Value) (s Step) {
	if !v.Keys("id", "comes", "title", "text", "decisions") {
		return s
	}
	s = Step{ID: v.Need("id").ID(), Comes: v.Need("comes").OneOf(Comings...), Title: translated(v.Need("title"), longestTitle), Text: translated(v.Need("text"), longestText)}
	list := v.Need("decisions").List()
	between(v.Get("decisions"), len(list), fewestDecisions, mostDecisions, "decisions")
	for i, e := range list {
		if !e.Keys("id", "text", "follows", "counts", "why") {
			continue
		}
		d := Decision{
			Letter: e.Need("id").Str(), Text: translated(e.Need("text"), longestDecision), Follows: translated(e.Need("follows"), longestText),
			Counts: Counts(e.Need("counts").OneOf(string(Sound), string(Alarm), string(Missed), string(Open))), Why: translated(e.Need("why"), longestText),
		}
		if i < len(letters) && d.Letter != letters[i:i+1] && e.Get("id").Exists() {
			e.Get("id").Fault("a, b, c and d, in this order: groups without network write the letter on paper", "here should be %q", letters[i:i+1])
		}
		s.Decisions = append(s.Decisions, d)
	}
	for _, lang := range Langs {
		shortest, longest := lengths(s.Decisions, lang)
		if longest > shortest+shortest/2 && longest > shortest+20 {
			v.Get("decisions").Warn("make them equally long: who knows nothing takes the longest", "in %s the longest decision has %d characters and the shortest %d", lang, longest, shortest)
		}
	}
	return s
}

func lengths(list []Decision, lang string) (shortest, longest int) {
	for i, d := range list {
		n := utf8.RuneCountInString(d.Text[lang])
		if i == 0 || n < shortest {
			shortest = n
		}
		longest = max(longest, n)
	}
	return shortest, longest
}

func between(v yamlfile.Value, n, low, high int, what string) {
	if v.Exists() && (n < low || n > high) {
		v.Fault("", "there are %d %s; there should be %d to %d", n, what, low, high)
	}
}

func roles(v yamlfile.Value) (list []string) {
	for _, e := range v.List() {
		role := e.OneOf(Roles...)
		if slices.Contains(list, role) {
			e.Fault("", "the role %q is named twice", role)
		}
		list = append(list, role)
	}
	if v.Exists() && len(list) == 0 {
		v.Fault("known here: "+strings.Join(Roles, ", "), "a case is for somebody's work")
	}
	return list
}

// translated reads a text in all languages of a case, plain: an empty line parts paragraphs, and a line's end stays.
func translated(v yamlfile.Value, most int) text.Translated {
	if !v.Keys(Langs...) {
		return nil
	}
	t := text.Translated{}
	for _, lang := range Langs {
		e := v.Need(lang)
		s := e.Str()
		if e.Exists() && s == "" {
			e.Fault("", "the text is empty")
		}
		if n := utf8.RuneCountInString(s); n > most {
			e.Fault("shorten it", "the text has %d characters; there may be %d", n, most)
		}
		if found := privacy.Find(s); found != privacy.Nothing {
			e.Fault("take the number or address out: a case holds none that could be somebody's", "this looks like something private (%s)", found)
		}
		t[lang] = s
	}
	return t
}
