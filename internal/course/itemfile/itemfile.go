// Package itemfile reads items as authors write them in the folder of a course (docs/course-format.md). Its goal is the one of yamlfile:
// all faults at once, each with its place and what to do. What an item needs to be right in itself is found here; whether the course
// has its objective and its texts may say what they say is for the package course.
package itemfile

import (
	"fmt"
	"slices"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/fact"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// Texts reads texts in the languages of a course, and notes what is wrong with them.
type Texts interface {
	Text(v yamlfile.Value) text.Translated
	Markdown(v yamlfile.Value) text.Translated
	// Answer reads what is chosen, put in order or matched.
	Answer(v yamlfile.Value) text.Translated
	// Says notes a text that is put together from several values.
	Says(where folder.Place, text string)
	// Languages are those of the course, Written those in which its folder is written.
	Languages() []string
	Written() []string
}

// reader reads one item.
type reader struct{ Texts }

// Read reads an item. It notes what is wrong; nil where there is nothing to read.
func Read(v yamlfile.Value, texts Texts) *item.Item {
	if !v.Keys("id", "use", "objective", "level", "type", "question", "options", "steps", "pairs", "answer", "tolerance", "unit", "accept", "explanation", "shuffle", "pilot", "rests_on", "indicators") {
		return nil
	}
	it := &item.Item{
		ID: v.Need("id").ID(), Use: v.Need("use").OneOf(item.UseCheck, item.UseTest, item.UseCompetence), Objective: v.Need("objective").ID(), Level: v.Need("level").Integer(1, item.MostLevel),
		Type:     item.Type(v.Need("type").OneOf(string(item.Single), string(item.Multiple), string(item.Order), string(item.Match), string(item.Number), string(item.ShortText), string(item.Step))),
		Question: texts.Markdown(v.Need("question")), Explanation: texts.Markdown(v.Need("explanation")), Pilot: v.Get("pilot").Boolean(),
	}
	it.RestsOn, it.Indicators = v.Get("rests_on").IDs(), v.Get("indicators").IDs()
	if s := v.Get("shuffle"); s.Exists() {
		it.NoShuffle = !s.Boolean()
	}
	reader{texts}.key(v, it)
	if it.Use == item.UseCheck && it.Pilot {
		v.Get("pilot").Fault("leave it out", "a check item is practice and counts for nothing anyway")
	}
	if it.Use == item.UseCompetence && it.HasMedia() {
		v.Fault("describe what is to be seen in words", "a competence item has no pictures: its form is shown outside the course")
	}
	return it
}

// keysOf lists which keys carry the answer key of each type.
var keysOf = map[item.Type][]string{
	item.Single: {"options", "shuffle"}, item.Multiple: {"options", "shuffle"}, item.Order: {"steps"}, item.Match: {"pairs"}, item.Number: {"answer", "tolerance", "unit"}, item.ShortText: {"accept"},
	item.Step: {"options", "shuffle"},
}

// key reads the part of an item that depends on its type, and refuses what belongs to another type.
func (r reader) key(v yamlfile.Value, it *item.Item) {
	for _, key := range []string{"options", "steps", "pairs", "answer", "tolerance", "unit", "accept", "shuffle"} {
		if v.Get(key).Exists() && keysOf[it.Type] != nil && !slices.Contains(keysOf[it.Type], key) {
			v.Get(key).Fault("", "an item of type %q has no %q", it.Type, key)
		}
	}
	switch it.Type {
	case item.Single, item.Multiple, item.Step:
		r.options(v, it)
	case item.Order:
		for _, s := range v.Need("steps").List() {
			if s.Keys("id", "text") {
				it.Steps = append(it.Steps, item.Option{ID: s.Need("id").ID(), Text: r.Answer(s.Need("text"))})
			}
		}
		countAndIDs(v.Get("steps"), len(it.Steps), item.LeastParts, func(i int) string { return it.Steps[i].ID })
	case item.Match:
		for _, p := range v.Need("pairs").List() {
			if p.Keys("id", "left", "right") {
				it.Pairs = append(it.Pairs, item.Pair{ID: p.Need("id").ID(), Left: r.Answer(p.Need("left")), Right: r.Text(p.Need("right"))})
			}
		}
		countAndIDs(v.Get("pairs"), len(it.Pairs), item.LeastParts, func(i int) string { return it.Pairs[i].ID })
		r.differentRights(v, it)
	case item.Number:
		it.Answer, it.Tolerance, it.Unit = v.Need("answer").Number(), v.Get("tolerance").Number(), r.Text(v.Get("unit"))
		for _, lang := range it.Unit.Languages() {
			r.Says(v.Get("answer").Place(), fmt.Sprintf("%g %s", it.Answer, it.Unit[lang]))
		}
		if it.Tolerance < 0 {
			v.Get("tolerance").Fault("", "the tolerance is below 0")
		}
	case item.ShortText:
		r.accept(v.Need("accept"), it)
	}
}

func (r reader) options(v yamlfile.Value, it *item.Item) {
	correct := 0
	for _, o := range v.Need("options").List() {
		option, ok := r.option(o, it)
		if !ok {
			continue
		}
		if option.Best() {
			correct++
		}
		if it.Use == item.UseCheck && option.Feedback == nil {
			o.Fault("say what is right or wrong about this option", "an option of a check item needs feedback")
		}
		it.Options = append(it.Options, option)
	}
	options := v.Get("options")
	countAndIDs(options, len(it.Options), item.LeastOptions(it.Type), func(i int) string { return it.Options[i].ID })
	switch {
	case it.Type == item.Single && correct != 1:
		options.Fault("mark exactly one option with correct: true", "%d options are correct in an item of type single", correct)
	case it.Type == item.Step && (correct == 0 || correct == len(it.Options)):
		options.Fault("rate at least one option as good and leave at least one that is fair or poor", "%d of %d options are good", correct, len(it.Options))
	case it.Type == item.Multiple && (correct == 0 || correct == len(it.Options)):
		options.Fault("mark at least one option as correct and leave at least one unmarked", "%d of %d options are correct", correct, len(it.Options))
	}
}

func (r reader) option(o yamlfile.Value, it *item.Item) (item.Option, bool) {
	if it.Type == item.Step {
		if !o.Keys("id", "text", "rating", "feedback") {
			return item.Option{}, false
		}
		rating := item.Rating(o.Need("rating").OneOf(string(item.Good), string(item.Fair), string(item.Poor)))
		return item.Option{ID: o.Need("id").ID(), Text: r.Answer(o.Need("text")), Rating: rating, Feedback: r.Markdown(o.Get("feedback"))}, true
	}
	if !o.Keys("id", "text", "correct", "feedback") {
		return item.Option{}, false
	}
	return item.Option{ID: o.Need("id").ID(), Text: r.Answer(o.Need("text")), Correct: o.Get("correct").Boolean(), Feedback: r.Markdown(o.Get("feedback"))}, true
}

func countAndIDs(v yamlfile.Value, n, low int, id func(int) string) {
	if !v.Exists() {
		return
	}
	if n < low || n > item.MostParts {
		v.Fault("", "there are %d elements here, and %d to %d are allowed", n, low, item.MostParts)
	}
	seen := map[string]bool{}
	for i := range n {
		if seen[id(i)] {
			v.Fault("", "the id %q is there twice", id(i))
		}
		seen[id(i)] = true
	}
}

// differentRights sees that every right-hand side belongs to one left only: two equal ones could not be told apart.
func (r reader) differentRights(v yamlfile.Value, it *item.Item) {
	for _, lang := range r.Languages() {
		seen := map[string]bool{}
		for _, p := range it.Pairs {
			if s := p.Right[lang]; s != "" && seen[s] {
				v.Get("pairs").Fault("make them differ", "two right-hand sides are %q in %q", s, lang)
			}
			seen[p.Right[lang]] = true
		}
	}
}

func (r reader) accept(v yamlfile.Value, it *item.Item) {
	it.Accept = map[string][]string{}
	for _, e := range v.Entries() {
		if !slices.Contains(r.Written(), e.Key) {
			e.Value.Fault(folder.DidYouMean(e.Key, r.Written()), "%q is not a language of the course", e.Key)
		} else if !slices.Contains(r.Languages(), e.Key) {
			continue
		}
		for _, s := range e.Value.List() {
			if text.Answer(s.Str()) == "" {
				s.Fault("", "an accepted answer is empty")
				continue
			}
			for _, slot := range fact.Slots(s.Str()) {
				s.Fault("accept words that do not change", "the slot {%s} in an answer", slot.ID)
			}
			it.Accept[e.Key] = append(it.Accept[e.Key], s.Str())
		}
	}
	for _, lang := range r.Languages() {
		if v.Exists() && len(it.Accept[lang]) == 0 {
			v.Fault("", "no answer is accepted in %q", lang)
		}
	}
}
