// Package itembank keeps the items of competence tests, with their versions and the review of a second person, and the tests
// with parallel forms that are made of them. A version never changes, so that what was sat stays what it was. Who sits a test
// and what comes of it is not known here.
package itembank

import (
	"slices"
	"strings"
	"time"

	"ostoja/internal/item"
	"ostoja/internal/itembank/exchange/markup"
	"ostoja/internal/text"
)

// Verdict is where the review of an item's version stands.
type Verdict string

// The verdicts.
const (
	Awaiting Verdict = ""
	Approved Verdict = "approved"
	Returned Verdict = "returned" // with a note that says what to change
)

// Version is one version of an item of the bank. It never changes but for its review.
type Version struct {
	ID         string
	ItemID     string
	Origin     string // course, or "" if made here
	Code       string
	Number     int
	Type       item.Type
	Objective  string
	Topic      string
	Level      int
	Languages  []string  `db:"langs,json"` // that it is in
	Content    item.Item `db:"content,json"`
	AuthorID   string
	CreatedAt  time.Time
	Verdict    Verdict
	ReviewerID string
	ReviewedAt time.Time
	Note       string
	RetiredAt  time.Time // of the item
	CurrentNo  int       // number of the item's newest version
}

// Current says whether there is no newer version.
func (v Version) Current() bool { return v.Number == v.CurrentNo }

// Test is one edition of a competence test.
type Test struct {
	ID        string
	Family    string
	Edition   int
	Origin    string
	Code      string
	Title     text.Translated `db:"title,json"`
	Intro     text.Translated `db:"intro,json"`
	Minutes   int
	Languages []string `db:"langs,json"` // that all its items are in
	CreatedAt time.Time
	CreatedBy string
	RetiredAt time.Time
	Anchors   []string `db:"anchors,json"` // versions that stand on every form and are not scored
	Forms     []Form   `db:"-"`
}

// Form is a parallel form of a test: versions of items in order.
type Form struct {
	ID       string
	TestID   string
	Name     string
	Items    []string  `db:"items,json"`
	Versions []Version `db:"-"`
}

// FormNames returns the names of the forms in order.
func (t Test) FormNames() []string {
	names := make([]string, len(t.Forms))
	for i, f := range t.Forms {
		names[i] = f.Name
	}
	return names
}

// FormName returns the name of one of the test's forms; "" if it is another's.
func (t Test) FormName(formID string) string {
	for _, f := range t.Forms {
		if f.ID == formID {
			return f.Name
		}
	}
	return ""
}

// Scored says whether an item of the test's forms counts: anchors and items on trial are asked and do not.
func (t Test) Scored(v Version) bool { return !v.Content.Pilot && !slices.Contains(t.Anchors, v.ID) }

// Unapproved returns how many items still await the review of a second person; with any, the test cannot be attached.
func (t Test) Unapproved() int {
	awaited := map[string]bool{} // an anchor stands on every form
	for _, f := range t.Forms {
		for _, v := range f.Versions {
			if v.Verdict != Approved {
				awaited[v.ID] = true
			}
		}
	}
	return len(awaited)
}

// Item returns the version's item under the version's own id, by which its fields in a form are named: two versions of one
// item never meet in a form, but a form is never to depend on that.
func (v Version) Item() *item.Item {
	it := v.Content
	it.ID = v.ID
	return &it
}

// LangFor returns the language in which the version is shown to who reads another: that one if it is in it, else its first.
func (v Version) LangFor(tag string) string {
	if slices.Contains(v.Languages, tag) || len(v.Languages) == 0 {
		return tag
	}
	return v.Languages[0]
}

// QuestionText returns the words of the question in a language, without the signs of Markdown.
func (v Version) QuestionText(lang string) string { return markup.ToPlain(v.Content.Question.In(lang)) }

// Summary returns the words of the question in a language, cut for a list at one of them.
func (v Version) Summary(lang string) string {
	const most = 110
	runes := []rune(strings.Join(strings.Fields(v.QuestionText(lang)), " "))
	if len(runes) <= most {
		return string(runes)
	}
	cut := string(runes[:most])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}

// OptionText returns the words of an option of a version, likewise.
func (v Version) OptionText(optionID, lang string) string {
	for _, o := range v.Content.Options {
		if o.ID == optionID {
			return markup.ToPlain(o.Text.In(lang))
		}
	}
	return ""
}
