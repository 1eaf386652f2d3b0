package markup

import (
	"html"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"ostoja/internal/fact"
)

// A text is rendered once, and facts change: so rendering leaves marks where facts stand, and [Fill] fills them. A mark is what, the names, and the end; the characters are none that a text would have.
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

// Slot is {id} or {id|form}.
type Slot struct {
	ast.BaseInline
	fact.Slot
	mark string // what stands in its place
}

// asOfNode says at the end of a paragraph as of when its facts are.
type asOfNode struct {
	ast.BaseInline
	ids []string
}

var kindSlot, kindAsOf = ast.NewNodeKind("Slot"), ast.NewNodeKind("AsOf")

// Kind returns the node's kind.
func (*Slot) Kind() ast.NodeKind { return kindSlot }

// Dump prints the node for debugging.
func (n *Slot) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

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
	return &Slot{Slot: slot, mark: slotMark(markRich, slot)}
}

func (htmlRenderer) slot(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	_, err := w.WriteString(n.(*Slot).mark)
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
		s, ok := n.(*Slot)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		place := s.Parent()
		for ; place != nil && place.Type() == ast.TypeInline; place = place.Parent() {
			if place.Kind() == ast.KindLink {
				s.mark = slotMark(markPlain, s.Slot)
			}
		}
		if place == nil || !slices.Contains([]ast.NodeKind{ast.KindParagraph, ast.KindTextBlock, extast.KindTableCell}, place.Kind()) {
			return ast.WalkContinue, nil // a heading stays short
		}
		if notes[place] == nil {
			notes[place] = &asOfNode{}
			places = append(places, place)
		}
		notes[place].add(s.ID)
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
