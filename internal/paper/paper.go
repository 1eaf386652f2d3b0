// Package paper draws one page for the printer: text in any script that the program prints, rectangles, lines, links. What comes
// out is a tagged PDF (ISO 32000-2, 14.8) that a screen reader reads in the order in which it was drawn, in the language that it
// names, and in which each word can be found and copied.
//
// Goals: a person's name stands on paper as it stands in the record, letter for letter, in the Latin, Cyrillic, Greek, Georgian,
// Armenian, Hebrew and Arabic scripts; the same page gives the same bytes. Limits: one page, no pictures, no text that flows by
// itself: who lays a page out measures ([Page.Width], [Page.Wrap]) and places. Texts in other scripts are refused by [Printable],
// since a page that leaves letters out says something else than the record.
//
// All measures are millimetres from the upper left corner of the page; sizes of type are points.
package paper

import (
	"strings"
	"time"

	"github.com/carlos7ags/folio/content"
	"github.com/carlos7ags/folio/document"
	"github.com/carlos7ags/folio/layout"
	"golang.org/x/text/unicode/norm"

	"ostoja/internal/errs"
)

// perMM is how many points a millimetre has: an inch has 72 points and 25.4 millimetres.
const perMM = 72 / 25.4

// RGB is a colour, each part from 0 to 255.
type RGB struct{ R, G, B uint8 }

// About is what a viewer and a screen reader are told of the page.
type About struct {
	Title string // shown in the viewer's window
	Lang  string // of the texts, as in BCP 47
	At    time.Time
}

// Page is one page that is being drawn, landscape A4. It is not safe for use by several goroutines.
type Page struct {
	about  About
	faces  faces
	blocks []layout.PlacedBlock
	figure *layout.PlacedBlock // what rectangles belong to while one is drawn
}

// Width and height of the page in millimetres (ISO 216).
const (
	Width  = 297.0
	Height = 210.0
)

// New returns an empty page.
func New(about About) *Page { return &Page{about: about, faces: newFaces()} }

// Role is what a text is within the page; a screen reader offers headings as a way through it.
type Role string

// The roles, named as in ISO 32000-2, 14.8.4.
const (
	Heading   Role = "H1"
	Paragraph Role = "P"
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
		set = append(set, p.faces.set(norm.NFC.String(l), style.Weight))
	}
	block := layout.PlacedBlock{Tag: string(role), Draw: func(ctx layout.DrawContext, _, _ float64) {
		fill(ctx.Stream, style.Colour)
		for i, l := range set {
			at := x
			if align == Right {
				at += width - l.width(style.Size)
			}
			// Capital letters are 0.7 of the type's size high: that puts their middle into the middle of the box.
			middle := y + (float64(i)+0.5)*height + 0.36*style.Size/perMM
			l.draw(ctx, at*perMM, (Height-middle)*perMM, style.Size)
		}
	}}
	for _, l := range set {
		if l.shaped {
			// Shaped letters are outlines, and what can be copied is in the order in which it stands on the page: a screen reader
			// is told the text as it is spelt (ISO 32000-2, 14.9.3).
			block.AltText = strings.Join(lines, " ")
		}
	}
	p.blocks = append(p.blocks, block)
}

// Width returns how wide a line of text is.
func (p *Page) Width(style Style, text string) float64 {
	return p.faces.set(norm.NFC.String(text), style.Weight).width(style.Size)
}

// Wrap breaks a text at spaces into lines that are at most as wide as given. A word that is wider is broken where it is full.
func (p *Page) Wrap(style Style, width float64, text string) (lines []string) {
	current := ""
	for _, word := range strings.Fields(text) {
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
	p.shape(func(s *content.Stream) {
		fill(s, colour)
		s.Rectangle(x*perMM, (Height-y-height)*perMM, width*perMM, height*perMM)
		s.Fill()
	})
}

// Dot fills a circle.
func (p *Page) Dot(x, y, radius float64, colour RGB) {
	p.shape(func(s *content.Stream) {
		fill(s, colour)
		s.Circle(x*perMM, (Height-y)*perMM, radius*perMM)
		s.Fill()
	})
}

// Figure draws what a screen reader knows by its description alone.
func (p *Page) Figure(description string, draw func()) {
	p.figure = &layout.PlacedBlock{Tag: "Figure", AltText: description}
	draw()
	p.blocks = append(p.blocks, *p.figure)
	p.figure = nil
}

// Link makes an area lead to an address.
func (p *Page) Link(x, y, width, height float64, address string) {
	p.blocks = append(p.blocks, layout.PlacedBlock{
		X: x * perMM, Y: y * perMM, Width: width * perMM, Height: height * perMM,
		Links: []layout.LinkArea{{URI: address}},
	})
}

func (p *Page) shape(draw func(*content.Stream)) {
	if p.figure != nil {
		p.figure.Children = append(p.figure.Children, layout.PlacedBlock{Draw: func(ctx layout.DrawContext, _, _ float64) { draw(ctx.Stream) }})
		return
	}
	p.blocks = append(p.blocks, layout.PlacedBlock{Draw: func(ctx layout.DrawContext, _, _ float64) {
		ctx.Stream.BeginArtifact()
		draw(ctx.Stream)
		ctx.Stream.EndMarkedContent()
	}})
}

func fill(s *content.Stream, c RGB) {
	s.SetFillColorRGB(float64(c.R)/255, float64(c.G)/255, float64(c.B)/255)
}

// PlanLayout hands the finished page to the library that writes it: all of it fits, since whoever drew it placed it.
func (p *Page) PlanLayout(layout.LayoutArea) layout.LayoutPlan {
	return layout.LayoutPlan{Status: layout.LayoutFull, Consumed: Height * perMM, Blocks: p.blocks}
}

// PDF returns the page as a file.
func (p *Page) PDF() (_ []byte, err error) {
	defer errs.Wrap(&err, "paper.Page.PDF")
	d := document.NewDocument(document.PageSize{Width: Width * perMM, Height: Height * perMM})
	d.SetMargins(layout.Margins{})
	d.SetTagged(true)
	d.Info = document.Info{
		Title: p.about.Title, Creator: "Ostoja", Producer: "Ostoja", CreationDate: p.about.At.UTC(), ModDate: p.about.At.UTC(),
		Language: p.about.Lang, // PDF/UA (ISO 14289-1) 7.2: a screen reader speaks the page's language
	}
	d.SetViewerPreferences(document.ViewerPreferences{DisplayDocTitle: true, OpenPage: -1}) // ISO 14289-1, 7.1
	d.AddAbsolute(p, 0, Height*perMM, Width*perMM)
	return d.ToBytesWithOptions(document.WriteOptions{Deterministic: true})
}
