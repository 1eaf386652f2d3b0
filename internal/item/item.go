// Package item holds the questions that courses and competence tests ask: their types, what an answer to each looks like, how
// it is read from a form, what it is worth, in which order a person sees its parts, and what makes an item faulty.
//
// It is part of the kernel: values and pure functions, without database, requests or rendering. The same item gives the same
// answer the same mark for ever, since marks are stored and attempts are shown again years later: whatever changes a score or
// an order here changes results that people hold. Which items an attempt asks, until when, and what an attempt scores is
// package quiz; pages that show an item are package itemweb; how an item is written in a course folder is package course.
package item

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"ostoja/internal/text"
)

// Type is how an item is answered.
type Type string

// The types of items.
const (
	Single    Type = "single"
	Multiple  Type = "multiple"
	Order     Type = "order"
	Match     Type = "match"
	Number    Type = "number"
	ShortText Type = "text"
	Step      Type = "step" // a step of a scenario: what do you do? Some choices serve the person well, some fairly, some badly
)

// Where an item is used.
const (
	UseCheck      = "check"      // practice in a lesson
	UseTest       = "test"       // drawn by tests
	UseCompetence = "competence" // on the forms of a competence test, before and after the course
)

// Levels of an item: what somebody does who answers it (docs/course-format.md, "Items").
const (
	levelApplied = 3 // from here on a situation is decided, or steps are planned
	MostLevel    = 4
)

// Item is a question with its key. An item in use never changes: a changed one is in another version of the course.
type Item struct {
	ID          string
	Use         string
	Objective   string
	Level       int // 1 to [MostLevel]
	Type        Type
	Question    text.Translated // Markdown
	Options     []Option
	Steps       []Option // in the right order
	Pairs       []Pair
	Answer      float64
	Tolerance   float64
	Unit        text.Translated
	Accept      map[string][]string // by language
	Explanation text.Translated     // Markdown
	NoShuffle   bool
	Pilot       bool     `json:",omitempty"` // asked and never counted, until it is known how hard it is
	RestsOn     []string `json:",omitempty"` // ids of the key points of lessons that its key follows from
	Indicators  []string `json:",omitempty"` // ids of the indicators of trafficking that it is about
}

// Canonical returns the item without what makes no difference to who reads it (see [text.Translated.Canonical]): two items
// that say the same are equal in this form, and one that was only saved again makes no new version in a bank.
func (it Item) Canonical() Item {
	parts := func(list []Option) []Option {
		canonical := make([]Option, len(list))
		for i, o := range list {
			o.Text, o.Feedback = o.Text.Canonical(), o.Feedback.Canonical()
			canonical[i] = o
		}
		return canonical
	}
	it.Question, it.Unit, it.Explanation = it.Question.Canonical(), it.Unit.Canonical(), it.Explanation.Canonical()
	it.Options, it.Steps, it.Pairs = parts(it.Options), parts(it.Steps), slices.Clone(it.Pairs)
	for i, p := range it.Pairs {
		it.Pairs[i].Left, it.Pairs[i].Right = p.Left.Canonical(), p.Right.Canonical()
	}
	if len(it.Pairs) == 0 {
		it.Pairs = nil
	}
	if len(it.Accept) == 0 {
		it.Accept = nil
	}
	if len(it.RestsOn) == 0 {
		it.RestsOn = nil
	}
	if len(it.Indicators) == 0 {
		it.Indicators = nil
	}
	return it
}

// Rating says how well a choice, or an end of a scenario, serves the person.
type Rating string

// The ratings; the empty one is neutral.
const (
	Good Rating = "good"
	Fair Rating = "fair"
	Poor Rating = "poor"
)

// Option is a choice of a single or multiple item, or a step of an ordering one.
type Option struct {
	ID       string
	Text     text.Translated
	Correct  bool
	Rating   Rating          // of a choice of a [Step]
	Feedback text.Translated // nil if none
}

// share returns what of the full mark a choice is worth.
func (o Option) share() float64 {
	switch {
	case o.Correct, o.Rating == Good:
		return 1
	case o.Rating == Fair:
		return 0.5
	}
	return 0
}

// Best says whether the option is a right answer.
func (o Option) Best() bool { return o.share() == 1 }

// Pair is a pair of a matching item.
type Pair struct {
	ID    string
	Left  text.Translated
	Right text.Translated
}

// Applied says whether the item asks for a decision at work, and not for what was read.
func (it *Item) Applied() bool { return it.Level >= levelApplied }

// Keys returns how many choices are the best of a single item or a step; 0 for what has no such choice.
func (it *Item) Keys() (n int) {
	if it.Type != Single && it.Type != Step {
		return 0
	}
	for _, o := range it.Options {
		if o.Best() {
			n++
		}
	}
	return n
}

// HasMedia says whether a text of the item needs its course: a picture, sound or film, or an entry of the glossary.
func (it *Item) HasMedia() bool {
	found := false
	it.EachText(func(s string) {
		found = found || strings.Contains(s, "](media/") || strings.Contains(s, "](term:")
	})
	return found
}

// EachText calls fn with every text of the item, in each of its languages.
func (it *Item) EachText(fn func(string)) {
	list := []text.Translated{it.Question, it.Explanation, it.Unit}
	for _, o := range append(slices.Clone(it.Options), it.Steps...) {
		list = append(list, o.Text, o.Feedback)
	}
	for _, p := range it.Pairs {
		list = append(list, p.Left, p.Right)
	}
	for _, t := range list {
		for _, lang := range slices.Sorted(maps.Keys(t)) {
			fn(t[lang])
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(it.Accept)) {
		for _, s := range it.Accept[lang] {
			fn(s)
		}
	}
}

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,59}$`)

// ValidID says whether s can be the id of an item, an option or any other part of a course: names of form fields and parts of
// addresses are made of it (docs/course-format.md, "Names").
func ValidID(s string) bool { return idPattern.MatchString(s) }
