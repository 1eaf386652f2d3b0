// Package papertest reads pages back as viewers would: by PDFium, the engine of Chromium, and by poppler, that of GNOME and KDE, which
// know nothing of what wrote them. For tests alone.
package papertest

import (
	"image"
	"image/draw"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"

	"ostoja/internal/paper"
)

// Page is what stands on a page. Measures are millimetres from the upper left corner, as in package paper.
type Page struct {
	Title, Lang string
	Texts       []Text
	Boxes       []Box // filled rectangles and other shapes, letters that are painted as outlines among them
	Links       []Box
	Tags        []Tag // the structure in the order in which it is read
	pdf         []byte
	index       int
	height      float64
}

// Text is a line, or a part of one, that can be copied.
type Text struct {
	X, Y   float64 // Y of the line on which the letters stand
	Size   float64 // points
	Colour paper.RGB
	Text   string
	Unseen bool // not painted: the letters are outlines
}

// Box is what a shape covers.
type Box struct {
	X, Y, Width, Height float64
	Colour              paper.RGB
}

// Tag is a part of the structure that a screen reader follows.
type Tag struct{ Role, Alt string }

const mm = 25.4 / 72

var engine = sync.OnceValues(func() (pdfium.Pool, error) {
	return webassembly.Init(webassembly.Config{MinIdle: 1, MaxIdle: 1, MaxTotal: 1, ReuseWorkers: true})
})

// open hands a document to use and closes it afterwards.
func open(t testing.TB, pdf []byte, index int, use func(p pdfium.Pdfium, d references.FPDF_DOCUMENT, page requests.Page)) {
	t.Helper()
	pool, err := engine()
	must(t, err)
	p, err := pool.GetInstance(time.Minute)
	must(t, err)
	defer func() { must(t, p.Close()) }()
	d, err := p.OpenDocument(&requests.OpenDocument{File: &pdf})
	must(t, err)
	loaded, err := p.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.Document, Index: index})
	must(t, err)
	use(p, d.Document, requests.Page{ByReference: &loaded.Page})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Read reads the first page.
func Read(t testing.TB, pdf []byte) (page Page) {
	t.Helper()
	return ReadPage(t, pdf, 0)
}

// ReadPage reads a page; the first has index 0.
func ReadPage(t testing.TB, pdf []byte, index int) (page Page) {
	t.Helper()
	page.pdf, page.index = pdf, index
	open(t, pdf, index, func(p pdfium.Pdfium, d references.FPDF_DOCUMENT, at requests.Page) {
		lang, err := p.FPDFCatalog_GetLanguage(&requests.FPDFCatalog_GetLanguage{Document: d})
		must(t, err)
		title, err := p.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: d, Tag: "Title"})
		must(t, err)
		page.Lang, page.Title = lang.Language, title.Value
		size, err := p.FPDF_GetPageHeightF(&requests.FPDF_GetPageHeightF{Page: at})
		must(t, err)
		page.height = float64(size.PageHeight) * mm
		page.objects(t, p, at)
		page.tags(t, p, at)
		page.links(t, p, at)
	})
	return page
}

func (page *Page) objects(t testing.TB, p pdfium.Pdfium, at requests.Page) {
	t.Helper()
	text, err := p.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: at})
	must(t, err)
	count, err := p.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: at})
	must(t, err)
	for i := range count.Count {
		o, err := p.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: at, Index: i})
		must(t, err)
		kind, err := p.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o.PageObject})
		must(t, err)
		fill, err := p.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: o.PageObject})
		must(t, err)
		c := fill.FillColor
		colour := paper.RGB{R: uint8(c.R), G: uint8(c.G), B: uint8(c.B)}
		if kind.Type == enums.FPDF_PAGEOBJ_TEXT {
			page.Texts = append(page.Texts, page.read(t, p, o.PageObject, text.TextPage, colour))
			continue
		}
		b, err := p.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o.PageObject})
		must(t, err)
		page.Boxes = append(page.Boxes, page.box(b.Left, b.Top, b.Right, b.Bottom, colour))
	}
}

func (page *Page) read(t testing.TB, p pdfium.Pdfium, o references.FPDF_PAGEOBJECT, text references.FPDF_TEXTPAGE, colour paper.RGB) Text {
	t.Helper()
	said, err := p.FPDFTextObj_GetText(&requests.FPDFTextObj_GetText{PageObject: o, TextPage: text})
	must(t, err)
	size, err := p.FPDFTextObj_GetFontSize(&requests.FPDFTextObj_GetFontSize{PageObject: o})
	must(t, err)
	m, err := p.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	must(t, err)
	mode, err := p.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: o})
	must(t, err)
	// PDFium gives a hyphen at the end of a line as a sign of its own, since a search should find the word that it parts.
	said.Text = strings.ReplaceAll(said.Text, "\x02", "-")
	return Text{
		X: float64(m.Matrix.E) * mm, Y: page.height - float64(m.Matrix.F)*mm, Size: float64(size.FontSize), Colour: colour, Text: said.Text,
		Unseen: mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE,
	}
}

func (page *Page) box(left, top, right, bottom float32, colour paper.RGB) Box {
	return Box{float64(left) * mm, page.height - float64(top)*mm, float64(right-left) * mm, float64(top-bottom) * mm, colour}
}

func (page *Page) tags(t testing.TB, p pdfium.Pdfium, at requests.Page) {
	t.Helper()
	tree, err := p.FPDF_StructTree_GetForPage(&requests.FPDF_StructTree_GetForPage{Page: at})
	must(t, err)
	count, err := p.FPDF_StructTree_CountChildren(&requests.FPDF_StructTree_CountChildren{StructTree: tree.StructTree})
	must(t, err)
	for i := range count.Count {
		child, err := p.FPDF_StructTree_GetChildAtIndex(&requests.FPDF_StructTree_GetChildAtIndex{StructTree: tree.StructTree, Index: i})
		must(t, err)
		page.walk(t, p, child.StructElement)
	}
}

func (page *Page) walk(t testing.TB, p pdfium.Pdfium, e references.FPDF_STRUCTELEMENT) {
	t.Helper()
	role, err := p.FPDF_StructElement_GetType(&requests.FPDF_StructElement_GetType{StructElement: e})
	must(t, err)
	tag := Tag{Role: role.Type}
	if alt, err := p.FPDF_StructElement_GetAltText(&requests.FPDF_StructElement_GetAltText{StructElement: e}); err == nil {
		tag.Alt = alt.AltText // an error is that there is none
	}
	page.Tags = append(page.Tags, tag)
	count, err := p.FPDF_StructElement_CountChildren(&requests.FPDF_StructElement_CountChildren{StructElement: e})
	must(t, err)
	for i := range count.Count {
		child, err := p.FPDF_StructElement_GetChildAtIndex(&requests.FPDF_StructElement_GetChildAtIndex{StructElement: e, Index: i})
		if err != nil {
			continue // content, which has no role of its own
		}
		page.walk(t, p, child.StructElement)
	}
}

func (page *Page) links(t testing.TB, p pdfium.Pdfium, at requests.Page) {
	t.Helper()
	for from := 0; ; {
		found, err := p.FPDFLink_Enumerate(&requests.FPDFLink_Enumerate{Page: at, StartPos: from})
		if err != nil || found.Link == nil {
			return // no further link
		}
		r, err := p.FPDFLink_GetAnnotRect(&requests.FPDFLink_GetAnnotRect{Link: *found.Link})
		must(t, err)
		page.Links = append(page.Links, page.box(r.Rect.Left, max(r.Rect.Top, r.Rect.Bottom), r.Rect.Right, min(r.Rect.Top, r.Rect.Bottom), paper.RGB{}))
		from = *found.NextStartPos
	}
}

// Picture returns the page as it is seen, in dots to the inch.
func (page *Page) Picture(t testing.TB, dots int) *image.RGBA {
	t.Helper()
	var picture *image.RGBA
	open(t, page.pdf, page.index, func(p pdfium.Pdfium, _ references.FPDF_DOCUMENT, at requests.Page) {
		r, err := p.RenderPageInDPI(&requests.RenderPageInDPI{Page: at, DPI: dots})
		must(t, err)
		defer r.Cleanup()
		picture = image.NewRGBA(r.Result.RenderedImage.Bounds())
		draw.Draw(picture, picture.Bounds(), r.Result.RenderedImage, image.Point{}, draw.Src)
	})
	return picture
}
