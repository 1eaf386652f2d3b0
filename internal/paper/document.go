package paper

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/carlos7ags/folio/document"
	"github.com/carlos7ags/folio/layout"
	"golang.org/x/text/unicode/norm"

	"ostoja/internal/errs"
)

// About is what a viewer and a screen reader are told of a document.
type About struct {
	Title string // shown in the viewer's window
	Lang  string // of the texts, as in BCP 47
	At    time.Time
}

// Size is that of a page in millimetres.
type Size struct{ Width, Height float64 }

// A4 (ISO 216), both ways.
var (
	Portrait  = Size{Height, Width}
	Landscape = Size{Width, Height}
)

// Document is what is printed together: pages one after another, under one structure. It is not safe for use by several goroutines.
type Document struct {
	about About
	faces faces
	lines map[lineKey]line // those that were prepared: heads of tables and names come again on many pages
	pages []*Page
	marks []bookmark
}

type lineKey struct {
	text   string
	weight Weight
}

// bookmark leads a viewer to a page.
type bookmark struct {
	title string
	page  int
}

// NewDocument returns a document without pages.
func NewDocument(about About) *Document {
	return &Document{about: about, faces: newFaces(), lines: map[lineKey]line{}}
}

// add returns a new page at the end of the document.
func (d *Document) add(size Size) *Page {
	p := &Page{doc: d, size: size}
	d.pages = append(d.pages, p)
	return p
}

// bookmark gives a title to the last page: viewers list the titles beside the document.
func (d *Document) bookmark(title string) {
	d.marks = append(d.marks, bookmark{title, len(d.pages) - 1})
}

// set prepares a line of text.
func (d *Document) set(text string, w Weight) line {
	key := lineKey{text, w}
	l, known := d.lines[key]
	if !known {
		l = d.faces.set(norm.NFC.String(text), w)
		d.lines[key] = l
	}
	return l
}

// height returns that of the highest page: the library lays all pages out as if they had one.
func (d *Document) height() (highest float64) {
	for _, p := range d.pages {
		highest = max(highest, p.size.Height)
	}
	return highest
}

// PlanLayout hands the finished page to the library that writes it: all of it fits, since whoever drew it placed it.
func (p *Page) PlanLayout(layout.LayoutArea) layout.LayoutPlan {
	// A page that begins with a block further down would be moved up, and one without blocks left out.
	blocks := append([]layout.PlacedBlock{{}}, p.blocks...)
	return layout.LayoutPlan{Status: layout.LayoutFull, Consumed: p.size.Height * perMM, Blocks: blocks}
}

// PDF returns the document as a file.
func (d *Document) PDF() (_ []byte, err error) {
	defer errs.Wrap(&err, "paper.Document.PDF")
	if len(d.pages) == 0 {
		return nil, fmt.Errorf("no pages")
	}
	f := document.NewDocument(document.PageSize{Width: Width * perMM, Height: d.height() * perMM})
	f.SetMargins(layout.Margins{})
	f.SetTagged(true)
	f.Info = document.Info{
		Title: d.about.Title, Creator: "Ostoja", Producer: "Ostoja", CreationDate: d.about.At.UTC(), ModDate: d.about.At.UTC(),
		Language: d.about.Lang, // PDF/UA (ISO 14289-1) 7.2: a screen reader speaks the page's language
	}
	f.SetViewerPreferences(document.ViewerPreferences{DisplayDocTitle: true, OpenPage: -1}) // ISO 14289-1, 7.1
	for i, p := range d.pages {
		if i > 0 {
			f.Add(layout.NewAreaBreak())
		}
		f.Add(p)
	}
	for _, m := range d.marks {
		f.AddOutline(m.title, document.XYZDest(m.page, 0, d.pages[m.page].size.Height*perMM, 0))
	}
	// What the library calls a footer is the moment at which a page is drawn and not yet written.
	f.SetFooter(func(at document.PageContext, page *document.Page) {
		size := d.pages[at.PageIndex].size
		page.SetSize(document.PageSize{Width: size.Width * perMM, Height: size.Height * perMM})
		renumber(page)
	})
	return f.ToBytesWithOptions(document.WriteOptions{Deterministic: true})
}

var marked = regexp.MustCompile(`/MCID (\d+)>>`)

// renumber lets a page's marked content begin with 0. The library numbers it through the document where it draws, but within each page
// (as ISO 32000-2, 14.7.5.4 has it) where it writes the structure: from the second page on, the structure would be that of nothing.
func renumber(page *document.Page) {
	drawn := page.ContentStream()
	before := string(drawn.Bytes())
	first := marked.FindStringSubmatch(before)
	if first == nil || first[1] == "0" {
		return
	}
	base, err := strconv.Atoi(first[1])
	if err != nil {
		return // more digits than a number has: no page has that many parts
	}
	drawn.ReplaceInBytes(before, marked.ReplaceAllStringFunc(before, func(m string) string {
		n, err := strconv.Atoi(m[len("/MCID ") : len(m)-len(">>")])
		if err != nil {
			return m
		}
		return "/MCID " + strconv.Itoa(n-base) + ">>"
	}))
}
