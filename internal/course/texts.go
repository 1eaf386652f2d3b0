package course

import (
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"ostoja/internal/course/markup"
	"ostoja/internal/fact"
	"ostoja/internal/text"
)

// textContext is what the texts of a course refer to, as markup asks for it.
type textContext struct{ course *Course }

// Term returns a term of the glossary and what it means.
func (c textContext) Term(id, lang string) (term, meaning string, ok bool) {
	entry := c.course.Glossary[id]
	if entry == nil {
		return "", "", false
	}
	return entry.Term.In(lang), entry.Text.In(lang), true
}

// HasLesson says whether the course, with the pack of its country, has a lesson.
func (c textContext) HasLesson(id string) bool { return c.course.Part(LessonKey(id)) != nil }

// Size returns the size of a figure, 0 where it is not known.
func (c textContext) Size(name string) (width, height int) {
	p := c.course.pictures[name]
	return p.Width, p.Height
}

// Media returns the address of media/ in rendered texts.
func (c textContext) Media() string { return c.course.mediaBase }

// page is where texts in a language stand; prefix makes the ids of their elements unique on it.
func (c *Course) page(lang, prefix string) *markup.Page {
	return &markup.Page{Context: textContext{c}, Lang: lang, Prefix: prefix}
}

// textKey names a rendered short text: an item is shown thousands of times, and rendering costs more than everything else on a page.
type textKey struct {
	lang, source string
	inline       bool
}

// HTML returns a text in a language as HTML, safe to put into a page.
func (c *Course) HTML(t text.Translated, lang string) string {
	return c.rendered(t.In(lang), lang, false)
}

// Inline is HTML for a text of one paragraph, without the paragraph's tags, to be put into a label.
func (c *Course) Inline(t text.Translated, lang string) string {
	return c.rendered(t.In(lang), lang, true)
}

// prefixOf names the elements of a text: texts of several items stand on one page, and no id may be there twice.
func prefixOf(source string) string {
	h := fnv.New64a()
	_, _ = io.WriteString(h, source) // a hash never fails to take bytes
	return fmt.Sprintf("t%x-", h.Sum64())
}

func (c *Course) rendered(source, lang string, inline bool) string {
	key := textKey{lang, source, inline}
	template := c.template(key)
	if !markup.NamesFacts(template) {
		return template
	}
	if c.filled == nil {
		return markup.Fill(c.book, template, lang)
	}
	if s, ok := c.filled.Load(key); ok {
		return s.(string)
	}
	out := markup.Fill(c.book, template, lang)
	c.filled.Store(key, out)
	return out
}

// template renders a text, with marks where facts stand.
func (c *Course) template(key textKey) string {
	if s, ok := c.texts.Load(key); ok {
		return s.(string)
	}
	out := strings.TrimSpace(c.page(key.lang, prefixOf(key.source)).HTML(key.source))
	if key.inline && strings.Count(out, "<p>") == 1 && strings.HasPrefix(out, "<p>") {
		out = strings.TrimSuffix(strings.TrimPrefix(out, "<p>"), "</p>")
	}
	c.texts.Store(key, out)
	return out
}

// Showing returns the course with the facts of a book in its texts. What names no fact is shared with the course itself; a course
// that names none is returned as it is.
func (c *Course) Showing(book *fact.Book) *Course {
	if !c.NamesFacts() {
		return c
	}
	filled := *c
	filled.book, filled.filled = book, &sync.Map{}
	filled.lessons = make(map[string]map[string]*Lesson, len(c.lessons))
	for id, byLang := range c.lessons {
		filled.lessons[id] = maps.Clone(byLang)
		for lang, lesson := range byLang {
			filled.lessons[id][lang] = lesson.showing(book)
		}
	}
	return &filled
}

// ShowingPast returns the course with the facts of a book of the past. It is for attempts, which ask a few items of it: a lesson is filled
// whenever one is asked for, which is seldom.
func (c *Course) ShowingPast(book *fact.Book) *Course {
	if !c.NamesFacts() {
		return c
	}
	filled := *c
	filled.book, filled.filled, filled.past = book, &sync.Map{}, true
	return &filled
}

func (l *Lesson) showing(book *fact.Book) *Lesson {
	if !slices.ContainsFunc(l.Segments, func(s Segment) bool { return markup.NamesFacts(s.HTML) }) {
		return l
	}
	filled := *l
	filled.Segments = slices.Clone(l.Segments)
	for i := range filled.Segments {
		filled.Segments[i].HTML = markup.Fill(book, filled.Segments[i].HTML, l.Lang)
	}
	return &filled
}

// itemOwner names an item as the owner of the facts that its texts name; a part is named by its key.
func itemOwner(itemID string) string { return "item:" + itemID }
