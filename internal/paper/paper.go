// Package paper draws what goes to the printer: pages of text in any script that the program prints, rectangles, lines, pictures,
// tables, links. What comes out is a tagged PDF (ISO 32000-2, 14.8) that a screen reader reads in the order in which it was drawn, in
// the language that it names, and in which each word can be found and copied.
//
// Goals: a person's name stands on paper as it stands in the record, letter for letter; several papers are one [Document] with one
// structure, since files that are merged lose theirs; the same content gives the same bytes. A [Page] is drawn by who measures
// ([Page.Width], [Page.Wrap]) and places; a [Flow] goes from page to page by itself. Limits: a table that goes on to the next page is
// a table of its own there, with its head; letters that no font has are not drawn: who prints names asks [Missing] (or, where fonts that
// a build may lack do not count, [Printable]) beforehand and refuses by words, since a page that leaves letters out says something else
// than the record.
//
// All measures are millimetres from the upper left corner of the page; sizes of type are points.
package paper

import (
	"strings"

	stream "github.com/carlos7ags/folio/content"
	"github.com/carlos7ags/folio/layout"
)

// perMM is how many points a millimetre has: an inch has 72 points and 25.4 millimetres.
const perMM = 72 / 25.4

// RGB is a colour, each part from 0 to 255.
type RGB struct{ R, G, B uint8 }

// Page is one page that is being drawn. It is not safe for use by several goroutines.
type Page struct {
	doc    *Document
	size   Size
	blocks []layout.PlacedBlock
	groups []*layout.PlacedBlock // what is drawn belongs to the last of them
	figure *layout.PlacedBlock   // what rectangles belong to while one is drawn
}

// Width and height of a landscape page in millimetres (ISO 216).
const (
	Width  = 297.0
	Height = 210.0
)

// New returns an empty landscape page, the only one of its document.
func New(about About) *Page { return NewDocument(about).add(Landscape) }

// PDF returns the page as a file.
func (p *Page) PDF() ([]byte, error) { return p.doc.PDF() }

// Role is what a text is within the page; a screen reader offers headings as a way through it.
type Role string

// The roles, named as in ISO 32000-2, 14.8.4. What is repeated on each page, an artifact, a screen reader leaves out.
const (
	Heading    Role = "H1"
	Subheading Role = "H2"
	Paragraph  Role = "P"
	artifact   Role = ""

	table    Role = "Table"
	tableRow Role = "TR"
	header   Role = "TH"
	cell     Role = "TD"
	list     Role = "L"
	item     Role = "LI"
	label    Role = "Lbl"
	body     Role = "LBody"
	figure   Role = "Figure"
)

// Align says at which side of its box a line stands.
type Align int

// The sides.
const (
	Left Align = iota
	Right
)

// Style is how a text looks.
type Style struct {
	Weight Weight
	Size   float64 // points
	Colour RGB
}

// Line writes one line of text within a box of the given width and height, in the middle of its height. A line that is wider than
// the box stands out of it: who places it measures first.
func (p *Page) Line(role Role, x, y, width, height float64, style Style, align Align, text string) {
	p.Lines(role, x, y, width, height, style, align, []string{text})
}

// Lines writes the lines of one paragraph below each other, each in a box of the given width and height.
func (p *Page) Lines(role Role, x, y, width, height float64, style Style, align Align, lines []string) {
	var set []line
	for _, l := range lines {
		set = append(set, p.doc.set(l, style.Weight))
	}
	block := layout.PlacedBlock{Tag: string(role), Draw: func(ctx layout.DrawContext, _, _ float64) {
		if role == artifact {
			beginArtifact(ctx.Stream)
			defer ctx.Stream.EndMarkedContent()
		}
		fill(ctx.Stream, style.Colour)
		for i, l := range set {
			at := x
			if align == Right {
				at += width - l.width(style.Size)
			}
			// Capital letters are 0.7 of the type's size high: that puts their middle into the middle of the box.
			middle := y + (float64(i)+0.5)*height + 0.36*style.Size/perMM
			l.draw(ctx, at*perMM, (p.size.Height-middle)*perMM, style.Size)
		}
	}}
	for _, l := range set {
		if l.shaped {
			// Shaped letters are outlines, and what can be copied is in the order in which it stands on the page: a screen reader
			// is told the text as it is spelt (ISO 32000-2, 14.9.3).
			block.AltText = strings.Join(lines, " ")
		}
	}
	p.add(block)
}

// Width returns how wide a line of text is.
func (p *Page) Width(style Style, text string) float64 {
	return p.doc.set(text, style.Weight).width(style.Size)
}

// Wrap breaks a text at spaces into lines that are at most as wide as given. A word that is wider is broken where it is full.
func (p *Page) Wrap(style Style, width float64, text string) (lines []string) {
	words := strings.Fields(text)
	if whole := strings.Join(words, " "); p.Width(style, whole) <= width {
		return []string{whole}
	}
	current := ""
	for _, word := range words {
		longer := strings.TrimSpace(current + " " + word)
		if p.Width(style, longer) <= width {
			current = longer
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		for p.Width(style, word) > width {
			n := p.fitting(style, width, word)
			lines, word = append(lines, word[:n]), word[n:]
		}
		current = word
	}
	return append(lines, current)
}

// fitting returns how many bytes of a word fit, at least its first letter.
func (p *Page) fitting(style Style, width float64, word string) int {
	end := 0
	for i := range word {
		if i > 0 && p.Width(style, word[:i]) > width {
			break
		}
		if i > 0 {
			end = i
		}
	}
	if end == 0 {
		end = len(string([]rune(word)[:1]))
	}
	return end
}

// Rect fills a rectangle. Outside a figure it is decoration, which a screen reader leaves out.
func (p *Page) Rect(x, y, width, height float64, colour RGB) {
	p.shape(func(s *stream.Stream) {
		fill(s, colour)
		s.Rectangle(x*perMM, (p.size.Height-y-height)*perMM, width*perMM, height*perMM)
		s.Fill()
	})
}

// Dot fills a circle.
func (p *Page) Dot(x, y, radius float64, colour RGB) {
	p.shape(func(s *stream.Stream) {
		fill(s, colour)
		s.Circle(x*perMM, (p.size.Height-y)*perMM, radius*perMM)
		s.Fill()
	})
}

// Figure draws what a screen reader knows by its description alone.
func (p *Page) Figure(description string, draw func()) {
	p.figure = &layout.PlacedBlock{Tag: string(figure), AltText: description}
	draw()
	p.add(*p.figure)
	p.figure = nil
}

// Link makes an area lead to an address.
func (p *Page) Link(x, y, width, height float64, address string) {
	p.add(layout.PlacedBlock{
		X: x * perMM, Y: (p.doc.height() - p.size.Height + y) * perMM, Width: width * perMM, Height: height * perMM,
		Links: []layout.LinkArea{{URI: address}},
	})
}

// group makes what draw draws the children of one part of the structure.
func (p *Page) group(role Role, draw func()) {
	// A sequence of marked content that belongs to the structure holds no other one (ISO 32000-2, 14.7.5.1), but the library draws the
	// children within that of their parent. So the parent's is ended before them, and what the library ends after them is begun anew.
	p.groups = append(p.groups, &layout.PlacedBlock{
		Tag:      string(role),
		Draw:     func(ctx layout.DrawContext, _, _ float64) { ctx.Stream.EndMarkedContent() },
		PostDraw: func(ctx layout.DrawContext, _, _ float64) { beginArtifact(ctx.Stream) },
	})
	draw()
	last := p.groups[len(p.groups)-1]
	p.groups = p.groups[:len(p.groups)-1]
	p.add(*last)
}

// add puts a block where it belongs.
func (p *Page) add(b layout.PlacedBlock) {
	if n := len(p.groups); n > 0 {
		p.groups[n-1].Children = append(p.groups[n-1].Children, b)
		return
	}
	p.blocks = append(p.blocks, b)
}

func (p *Page) shape(draw func(*stream.Stream)) {
	if p.figure != nil {
		p.figure.Children = append(p.figure.Children, layout.PlacedBlock{Draw: func(ctx layout.DrawContext, _, _ float64) { draw(ctx.Stream) }})
		return
	}
	p.add(layout.PlacedBlock{Draw: func(ctx layout.DrawContext, _, _ float64) {
		beginArtifact(ctx.Stream)
		draw(ctx.Stream)
		ctx.Stream.EndMarkedContent()
	}})
}

func fill(s *stream.Stream, c RGB) {
	s.SetFillColorRGB(float64(c.R)/255, float64(c.G)/255, float64(c.B)/255)
}

// beginArtifact marks what a screen reader leaves out. The library's own BeginArtifact writes the operator that needs a second operand
// (BDC, ISO 32000-2, 14.6.1), which poppler skips together with the text that follows.
func beginArtifact(s *stream.Stream) { s.BeginMarkedContent("Artifact") }
