// Package course holds what a course is: what the folder that authors write means (docs/course-format.md), the checks that find
// its faults, and its texts as they are shown.
//
// Its goals: an author sees all faults at once, each with its place and what to do; a course that is published can be finished.
// It knows participants neither by name nor by number: what somebody has done is for the
// package learning, and what a part of a course is told to others is the interface [Part]. Below it stand packages that
// know no course: folder (files, media, archives), yamlfile (reading what people write by hand), markup (Markdown with its slots made
// into HTML), itemfile (reading items), scenario (stories and their rules), forms (competence
// tests) and programme (agendas of trainings in a classroom).
// Above it stands published, which keeps versions.
package course

import (
	"slices"
	"sync"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/forms"
	"ostoja/internal/course/programme"
	"ostoja/internal/course/scenario"
	"ostoja/internal/fact"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// Course is a loaded folder. It is not changed after [Load].
type Course struct {
	Format      int
	ID          string
	Version     string // the author's label
	Languages   []string
	Title       text.Translated
	Summary     text.Translated
	Audience    text.Translated
	Hours       float64
	Authors     []string
	Licence     string
	Objectives  []Objective
	Modules     []Module
	TestID      string // "" if the course has no test
	Completion  Completion
	Certificate *Certificate // nil for a course without one

	Tests       map[string]*Test
	Competences []*forms.Test // in the order of the files
	Scenarios   map[string]*scenario.Scenario
	Glossary    map[string]*glossaryEntry
	Programme   *programme.Programme // nil for a course that is not held in a classroom

	items      map[string]*item.Item
	places     map[string]folder.Place       // of the items
	keyPoints  map[string]map[string]string  // id -> language -> Markdown
	itemIDs    []string                      // in the order of the files
	lessons    map[string]map[string]*Lesson // id -> language
	parts      []Part
	positions  map[string]int // part key -> place in parts, from 1
	moduleOf   []int          // by place in parts: index in Modules
	checkItems []string
	media      []string
	mediaBase  string    // address of media/ in rendered texts, with a slash at the end
	texts      *sync.Map // textKey -> HTML, with marks where facts stand; shared by all who show the course
	filled     *sync.Map // textKey -> HTML, with the facts of the book
	book       *fact.Book
	past       bool                   // the lessons are filled when one is asked for
	facts      map[string][]string    // part key or item:id -> names of facts
	packFiles  map[string]bool        // pieces of the country's pack that are shown, as pack/…
	pictures   map[string]folder.Size // sizes of the figures
	indicators map[string][]folder.Place
	documents  map[string]map[string]*programme.Document // of the classroom programme: name -> language
}

// Objective is what a participant can do afterwards.
type Objective struct {
	ID    string
	Topic string
	Text  text.Translated
}

// Topics are the topics that an objective can have.
var Topics = []string{"identify", "protect", "support", "refer", "law", "self-care"}

// Module is a chapter.
type Module struct {
	ID      string
	Title   text.Translated
	Warning text.Translated // content warning, nil if none
	Parts   []Part
}

// Values of the completion rule. [All] of scenarios and checks is that of courses written before decision 41: any end, any answer.
const (
	All       = "all"
	GoodEnd   = "good"
	Right     = "right"
	none      = "none"
	TestPass  = "pass"
	TestTaken = "taken"
)

// Completion is the course's rule of when it is completed.
type Completion struct {
	Lessons   string // All | none
	Scenarios string // GoodEnd | All | none
	Checks    string // Right | All | none
	Test      string // TestPass | TestTaken | none
}

// Certificate says what certificate the course gives.
type Certificate struct {
	Title       text.Translated
	ValidMonths int // 0: without limit
	Fund        text.Translated
}

// glossaryEntry is a term with what it means.
type glossaryEntry struct {
	ID   string
	file string // of the country's pack; "" is the course's own
	Term text.Translated
	Text text.Translated // Markdown
}

// Lesson is a lesson in one language.
type Lesson struct {
	ID         string
	Lang       string
	Title      string
	Minutes    int
	Objectives []string
	Indicators []string // of trafficking, which the whole lesson is about
	Segments   []Segment
}

// Segment is a piece of a lesson: HTML, or a place where items are answered.
type Segment struct {
	HTML  string
	Check []string // item ids; nil for HTML
}

// HasCheck says whether the lesson asks the item.
func (l *Lesson) HasCheck(itemID string) bool {
	for _, s := range l.Segments {
		if slices.Contains(s.Check, itemID) {
			return true
		}
	}
	return false
}

// Test says which items are drawn and when it is passed.
type Test struct {
	ID        string
	Title     text.Translated
	Intro     text.Translated // Markdown, nil if none
	Pass      float64         // per cent
	Attempts  int             // 0: without limit
	WaitHours int             // between a failed attempt and the next
	Minutes   int             // 0: without limit
	Draws     []draw
	Pilots    int // items on trial that are asked besides, of whichever objective; they count for nothing
}

// draw takes items of an objective at random.
type draw struct {
	Objective string
	Count     int
	Applied   int // at least so many of them decide a situation or plan steps (level 3 or 4)
}

// Count returns how many items the test asks.
func (t *Test) Count() int {
	n := t.Pilots
	for _, d := range t.Draws {
		n += d.Count
	}
	return n
}

// HasLanguage says whether the course is given in a language.
func (c *Course) HasLanguage(lang string) bool { return slices.Contains(c.Languages, lang) }

// Test returns the course's final test, nil if it has none.
func (c *Course) Test() *Test { return c.Tests[c.TestID] }

// Item returns an item, nil if there is none of that id.
func (c *Course) Item(itemID string) *item.Item { return c.items[itemID] }

// ItemPlace returns where an item is written.
func (c *Course) ItemPlace(itemID string) folder.Place { return c.places[itemID] }

// Indicators returns the ids of the indicators of trafficking that lessons, their blocks and items name, with where they do. What
// they are stands in the list that [Knowing] gave.
func (c *Course) Indicators() map[string][]folder.Place { return c.indicators }

// KeyPoint returns the Markdown of a key point that a lesson names, in a language; "" if there is none.
func (c *Course) KeyPoint(keyID, lang string) string { return c.keyPoints[keyID][lang] }

// ItemIDs returns the ids of all items in the order of the files.
func (c *Course) ItemIDs() []string { return c.itemIDs }

// Lesson returns a lesson in a language, nil if there is none.
func (c *Course) Lesson(lessonID, lang string) *Lesson {
	lesson := c.lessons[lessonID][lang]
	if c.past && lesson != nil {
		return lesson.showing(c.book)
	}
	return lesson
}

// Media returns the names of the course's figures, sounds and films, as media/….
func (c *Course) Media() []string { return c.media }

// PackPieces returns the pieces of the country's pack that the course shows, as pack/….
func (c *Course) PackPieces() map[string]bool { return c.packFiles }
