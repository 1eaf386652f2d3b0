package course

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"ostoja/internal/course/folder"
	"ostoja/internal/fact"
)

// A text is rendered once, and facts change: so rendering leaves marks where facts stand, and [Course.Showing] fills them once for all
// who read until a fact changes. A mark is what, the names, and the end; the characters are none that a text would have.
const (
	markBegin = "\x02"
	markEnd   = "\x03"
	markRich  = "v" // id|form: the value, with a link where it is a phone or an address
	markPlain = "p" // id|form: the value within a link, an attribute or a note
	markNote  = "n" // id,id: as of when
)

func slotMark(what string, s fact.Slot) string {
	return markBegin + what + s.ID + "|" + s.Form + markEnd
}

// slotNode is {id} or {id|form}.
type slotNode struct {
	ast.BaseInline
	slot fact.Slot
	mark string // what stands in its place
}

// asOfNode says at the end of a paragraph as of when its facts are.
type asOfNode struct {
	ast.BaseInline
	ids []string
}

var kindSlot, kindAsOf = ast.NewNodeKind("Slot"), ast.NewNodeKind("AsOf")

// Kind returns the node's kind.
func (*slotNode) Kind() ast.NodeKind { return kindSlot }

// Dump prints the node for debugging.
func (n *slotNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// Kind returns the node's kind.
func (*asOfNode) Kind() ast.NodeKind { return kindAsOf }

// Dump prints the node for debugging.
func (n *asOfNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// add names a fact, once.
func (n *asOfNode) add(id string) {
	if !slices.Contains(n.ids, id) {
		n.ids = append(n.ids, id)
	}
}

func (n *asOfNode) mark() string { return markBegin + markNote + strings.Join(n.ids, ",") + markEnd }

type slotParser struct{}

// Trigger returns the character at which a slot may begin.
func (slotParser) Trigger() []byte { return []byte{'{'} }

// Parse reads a slot, or nothing if there is none here.
func (slotParser) Parse(_ ast.Node, block gmtext.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	slot, n := fact.SlotAt(line)
	if n == 0 {
		return nil
	}
	block.Advance(n)
	return &slotNode{slot: slot, mark: slotMark(markRich, slot)}
}

func (htmlRenderer) slot(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	_, err := w.WriteString(n.(*slotNode).mark)
	return ast.WalkSkipChildren, err
}

func (htmlRenderer) asOf(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	_, err := w.WriteString(n.(*asOfNode).mark())
	return ast.WalkSkipChildren, err
}

// noteFacts puts behind each paragraph, line of a list and cell of a table as of when its facts are, and makes plain what stands in a
// link: there is no link within a link.
func noteFacts(doc ast.Node) {
	notes := map[ast.Node]*asOfNode{}
	var places []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it fails only where the function does
		s, ok := n.(*slotNode)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		place := s.Parent()
		for ; place != nil && place.Type() == ast.TypeInline; place = place.Parent() {
			if place.Kind() == ast.KindLink {
				s.mark = slotMark(markPlain, s.slot)
			}
		}
		if place == nil || !slices.Contains([]ast.NodeKind{ast.KindParagraph, ast.KindTextBlock, extast.KindTableCell}, place.Kind()) {
			return ast.WalkContinue, nil // a heading stays short
		}
		if notes[place] == nil {
			notes[place] = &asOfNode{}
			places = append(places, place)
		}
		notes[place].add(s.slot.ID)
		return ast.WalkContinue, nil
	})
	for _, place := range places {
		place.AppendChild(place, notes[place])
	}
}

// escaped returns a plain text as HTML, with marks where it names facts.
func escaped(text string) string {
	return fact.EachSlot(html.EscapeString(text), func(s fact.Slot) string { return slotMark(markPlain, s) })
}

// noted is escaped with a note as of when.
func noted(text string) string {
	note := &asOfNode{}
	for _, s := range fact.Slots(text) {
		note.add(s.ID)
	}
	if len(note.ids) == 0 {
		return escaped(text)
	}
	return escaped(text) + note.mark()
}

// stopBehind is a full stop, behind what ends where the fact ends.
var stopBehind = regexp.MustCompile(`^((?:</[a-z]+>)*)\.`)

// fill puts the facts of a day into a rendered text.
func fill(book *fact.Book, rendered, lang string) string {
	if !strings.Contains(rendered, markBegin) {
		return rendered
	}
	var b strings.Builder
	for rest := rendered; ; {
		before, mark, found := strings.Cut(rest, markBegin)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		var inside string
		inside, rest, _ = strings.Cut(mark, markEnd)
		what, names := "", inside
		if inside != "" {
			what, names = inside[:1], inside[1:]
		}
		if what == markNote {
			b.WriteString(asOf(book, strings.Split(names, ","), lang))
		} else {
			id, form, _ := strings.Cut(names, "|")
			value := shown(book, fact.Slot{ID: id, Form: form}, lang, what == markRich)
			if b.WriteString(value); strings.HasSuffix(value, ".") {
				rest = stopBehind.ReplaceAllString(rest, "$1") // "27 kwietnia 2026 r." ends a sentence by its own stop
			}
		}
	}
}

// shown returns a fact as it stands in a text of a course: its value, or, where it lapsed or the country's pack has none, whom to ask.
func shown(book *fact.Book, s fact.Slot, lang string, rich bool) string {
	f, validity := book.Get(s.ID)
	if f == nil || validity == fact.Expired {
		words := html.EscapeString(label(lang, "gone"))
		if rich {
			return `<span class="fact-gone">` + words + `</span>`
		}
		return words
	}
	value := html.EscapeString(f.As(s.Form, lang))
	switch {
	case rich && f.Kind == fact.Phone:
		return `<a class="tel" href="tel:` + html.EscapeString(digits(f.In(lang))) + `">` + strings.ReplaceAll(value, " ", "\u00a0") + `</a>`
	case rich && f.Kind == fact.Web && strings.HasPrefix(f.In(lang), "https://"):
		return `<a href="` + value + `" rel="noopener noreferrer external">` + strings.TrimSuffix(strings.TrimPrefix(value, "https://"), "/") + `</a>`
	}
	return value
}

// digits returns a number as a link dials it (RFC 3966).
func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
}

// asOf says as of when facts are: the day of the one that was checked the longest ago, and whether somebody has yet to confirm one.
func asOf(book *fact.Book, ids []string, lang string) string {
	var checked, overdue string
	confirm := false
	for _, id := range ids {
		f, validity := book.Get(id)
		if f == nil || validity == fact.Expired {
			continue
		}
		if checked == "" || f.Checked < checked {
			checked = f.Checked
		}
		if validity == fact.Overdue && (overdue == "" || f.ValidUntil < overdue) {
			overdue = f.ValidUntil
		}
		confirm = confirm || f.Confirm
	}
	if checked == "" {
		return ""
	}
	said := label(lang, "as-of") + " " + dayInWords(checked, lang)
	switch {
	case overdue != "":
		said += "; " + html.EscapeString(label(lang, "overdue")) + " " + dayInWords(overdue, lang)
	case confirm:
		said += "; " + html.EscapeString(label(lang, "unconfirmed"))
	}
	return ` <small class="as-of">(` + said + `)</small>`
}

func dayInWords(date, lang string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return html.EscapeString(date)
	}
	return `<time datetime="` + date + `">` + inWords(day, lang) + `</time>`
}

// Showing returns the course with the facts of a book in its texts. What names no fact is shared with the course itself; a course
// that names none is returned as it is.
func (c *Course) Showing(book *fact.Book) *Course {
	if len(c.facts) == 0 {
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

func (l *Lesson) showing(book *fact.Book) *Lesson {
	if !slices.ContainsFunc(l.Segments, func(s Segment) bool { return strings.Contains(s.HTML, markBegin) }) {
		return l
	}
	filled := *l
	filled.Segments = slices.Clone(l.Segments)
	for i := range filled.Segments {
		filled.Segments[i].HTML = fill(book, filled.Segments[i].HTML, l.Lang)
	}
	return &filled
}

// itemOwner names an item as the owner of the facts that its texts name; a part is named by its key.
func itemOwner(itemID string) string { return "item:" + itemID }

// checkSlot sees that a slot names a fact of the country's pack, in a case that there is, at a place where it may stand.
func (l *loader) checkSlot(where folder.Place, s fact.Slot) {
	if l.noSlots != "" {
		l.faults.Add(where, "write the item so that no answer depends on what changes", "the slot {%s} in %s", s.ID, l.noSlots)
	}
	if s.Form != "" && !slices.Contains(fact.Forms, s.Form) {
		l.faults.Add(where, folder.DidYouMean(s.Form, fact.Forms), "there is no case %q", s.Form)
	}
	if l.pack.Pack != nil && !l.pack.Has(s.ID) {
		names := l.pack.Names()
		slices.Sort(names)
		hint := folder.DidYouMean(s.ID, names)
		if strings.HasPrefix(hint, "known") {
			hint = "add it to the pack's facts.yaml or institutions.yaml"
		}
		l.add(where, hint, "the pack %s has no fact %q", l.pack.ID, s.ID)
	}
	if owned := l.course.facts[l.owner]; !slices.Contains(owned, s.ID) {
		l.course.facts[l.owner] = append(owned, s.ID)
	}
}

// checkSlots is checkSlot for each of a plain text.
func (l *loader) checkSlots(where folder.Place, text string) {
	for _, s := range fact.Slots(text) {
		l.checkSlot(where, s)
	}
}
