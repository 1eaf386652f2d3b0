package certificate

import (
	"bytes"
	"strings"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
	"rsc.io/qr"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
)

// The page: A4 across, in millimetres. A band of colour on the left, text in one column, the QR in a narrow one at the right.
const (
	pageWidth  = 297.0
	pageHeight = 210.0
	bandWidth  = 9.0
	left       = 26.0
	right      = pageWidth - 22
	textWidth  = right - left
	sideLeft   = 226.0 // the narrow column
	sideWidth  = right - sideLeft
	mainWidth  = sideLeft - 12 - left
	bottom     = pageHeight - 12
)

type rgb struct{ r, g, b int }

var (
	ink   = rgb{28, 32, 33}
	muted = rgb{91, 99, 102}
	teal  = rgb{11, 94, 99}
	rule  = rgb{205, 214, 213}
	red   = rgb{168, 28, 28}
)

// face is a font of the page. Both are the Go fonts, which hold all of Latin-2, Cyrillic and Greek.
type face string

const (
	regular face = ""
	bold    face = "B"
)

const family = "go"

// sheet draws one certificate.
type sheet struct {
	*fpdf.Fpdf
	p *lang.Printer
	c Certificate
}

// PDF draws the certificate in its own language, which p must speak. verify is the address at which anyone can check it. The
// same certificate gives the same bytes.
func PDF(c Certificate, p *lang.Printer, verify string) (_ []byte, err error) {
	defer errs.Wrap(&err, "certificate.PDF(%s)", c.ID)
	s := &sheet{Fpdf: fpdf.New("L", "mm", "A4", ""), p: p, c: c}
	s.SetCatalogSort(true)
	stamp := c.IssuedAt.UTC()
	if !c.RevokedAt.IsZero() {
		stamp = c.RevokedAt.UTC()
	}
	s.SetCreationDate(stamp)
	s.SetModificationDate(stamp)
	s.SetTitle(p.T("certificate.paper.document"), true) // viewers show it in the window's title: no name, no number
	s.SetCreator("Ostoja", true)
	s.SetProducer("Ostoja", true)
	s.SetLang(c.Lang) // PDF/UA (ISO 14289-1) 7.2: a screen reader speaks the paper's language
	s.AddUTF8FontFromBytes(family, string(regular), goregular.TTF)
	s.AddUTF8FontFromBytes(family, string(bold), gobold.TTF)
	s.SetAutoPageBreak(false, 0)
	s.SetCellMargin(0)
	s.AddPage()
	s.head()
	y := s.body()
	s.foot(y, verify)
	if err := s.code(verify); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := s.Output(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// head draws the band, the issuer, the number and, on one that was revoked, that it was.
func (s *sheet) head() {
	s.SetFillColor(teal.r, teal.g, teal.b)
	s.Rect(0, 0, bandWidth, pageHeight, "F")
	s.line(left, 17, mainWidth, bold, 12, ink, s.c.Issuer)
	s.aligned(sideLeft-30, 17, sideWidth+30, regular, 10, muted, "R", s.p.T("certificate.paper.number", "Number", s.c.Number))
	if !s.c.RevokedAt.IsZero() {
		s.aligned(sideLeft-60, 23, sideWidth+60, bold, 13, red, "R", s.p.T("certificate.paper.revoked", "Date", s.p.Date(s.c.RevokedAt)))
	}
	s.line(left, 31, textWidth, bold, 34, teal, s.p.T("certificate.paper.title"))
	s.line(left, 45, textWidth, regular, 14, ink, s.p.T("certificate.paper.subtitle"))
}

// body draws who, for what, and the facts, and returns where it ends.
func (s *sheet) body() float64 {
	s.line(left, 59, textWidth, regular, 10, muted, s.p.T("certificate.paper.receives"))
	s.line(left, 66, textWidth, bold, 27, ink, s.c.Holder)
	s.SetDrawColor(rule.r, rule.g, rule.b)
	s.SetLineWidth(0.3)
	s.Line(left, 80, right, 80)
	s.line(left, 84, textWidth, regular, 10, muted, s.p.T("certificate.paper.for"))
	y := s.paragraph(left, 90.5, textWidth, 16, bold, 17, 11, ink, s.c.Title) + 5
	facts := [][2]string{
		{s.p.T("certificate.paper.hours"), s.c.HoursText(s.p)},
		{s.p.T("certificate.paper.issued"), s.p.Date(s.c.IssuedAt)},
		{s.p.T("certificate.paper.valid-until"), s.until()},
	}
	column := mainWidth / float64(len(facts))
	for i, f := range facts {
		x := left + float64(i)*column
		s.line(x, y, column-4, regular, 9, muted, f[0])
		s.line(x, y+5, column-4, bold, 12, ink, f[1])
	}
	return y + 16
}

// HoursText returns the hours as they stand on the paper and on every page that speaks of it: with up to two decimal places.
func (c Certificate) HoursText(p *lang.Printer) string {
	decimals := 0
	for x := c.Hours; decimals < 2 && x != float64(int(x)); x *= 10 {
		decimals++
	}
	return p.Float(c.Hours, decimals)
}

func (s *sheet) until() string {
	if s.c.ValidUntil.IsZero() {
		return s.p.T("certificate.paper.no-end")
	}
	return s.p.Date(s.c.ValidUntil)
}

// foot draws what was learned from y on, in type that fits, and the fund's statement below it.
func (s *sheet) foot(y float64, verify string) {
	end := bottom
	if s.c.Fund != "" {
		const room = 13.0
		lines, size, step := s.fit(s.c.Fund, mainWidth, room, regular, 9, 6)
		end = bottom - float64(len(lines))*step
		s.lines(left, end, mainWidth, regular, size, step, muted, lines)
		s.SetDrawColor(rule.r, rule.g, rule.b)
		s.Line(left, end-3, left+mainWidth, end-3)
		end -= 6
	}
	s.side(verify)
	if len(s.c.Objectives) == 0 {
		return
	}
	heading := "certificate.paper.tested"
	if s.c.AttemptID == "" {
		heading = "certificate.paper.objectives"
	}
	s.line(left, y, mainWidth, regular, 9, muted, s.p.T(heading))
	s.objectives(y+6, end)
}

// objectives draws the list in the largest type in which it fits: one column while that is large enough to read well, else two.
func (s *sheet) objectives(y, end float64) {
	const gap = 8.0
	for size := 10.5; ; size -= 0.25 {
		for columns := 1; columns <= 2; columns++ {
			if columns == 2 && size > 9 {
				continue
			}
			width := (mainWidth - gap*float64(columns-1)) / float64(columns)
			if s.list(y, end, width, gap, columns, size, false) || size <= 4.5 {
				s.list(y, end, width, gap, columns, size, true)
				return
			}
		}
	}
}

// list lays the objectives out in columns and says whether they end before end.
func (s *sheet) list(y, end, width, gap float64, columns int, size float64, draw bool) bool {
	const indent = 4.0
	step := size * 0.46
	perColumn := (len(s.c.Objectives) + columns - 1) / columns
	for column := range columns {
		x, at := left+float64(column)*(width+gap), y
		for _, o := range s.c.Objectives[min(column*perColumn, len(s.c.Objectives)):min((column+1)*perColumn, len(s.c.Objectives))] {
			lines := s.wrap(o, width-indent, regular, size)
			if draw {
				s.SetFillColor(teal.r, teal.g, teal.b)
				s.Circle(x+1.2, at+step*0.5, 0.55, "F")
				s.lines(x+indent, at, width-indent, regular, size, step, ink, lines)
			}
			at += float64(len(lines))*step + step*0.35
		}
		if at-step*0.35 > end {
			return false
		}
	}
	return true
}

const qrSize = 40.0

// side writes what belongs to the QR: how to check, the code to type, the address.
func (s *sheet) side(verify string) {
	top := bottom - 26 - qrSize
	s.aligned(sideLeft, top-7, sideWidth, regular, 9, muted, "R", s.p.T("certificate.paper.verify"))
	s.aligned(sideLeft-20, bottom-22, sideWidth+20, regular, 9, muted, "R", s.p.T("certificate.paper.code"))
	s.aligned(sideLeft-20, bottom-17, sideWidth+20, bold, 11.5, ink, "R", Grouped(s.c.Code))
	page := strings.TrimSuffix(verify, "/"+Grouped(s.c.Code))
	s.aligned(sideLeft-20, bottom-10, sideWidth+20, regular, 8.5, teal, "R", page)
	s.LinkString(sideLeft, top-8, sideWidth, qrSize+34, verify)
}

// code draws the QR as filled rectangles: sharp at every size. Neighbours in a row are one rectangle, and rows overlap by a
// hair, so that viewers show no white lines between them.
func (s *sheet) code(verify string) error {
	code, err := qr.Encode(verify, qr.M) // 15 % may be stained or folded and it is still read (ISO/IEC 18004)
	if err != nil {
		return err
	}
	module := qrSize / float64(code.Size)
	x0, y0 := right-qrSize, bottom-26-qrSize
	s.SetFillColor(ink.r, ink.g, ink.b)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := x
			for run < code.Size && code.Black(run, y) {
				run++
			}
			if run > x {
				s.Rect(x0+float64(x)*module, y0+float64(y)*module, float64(run-x)*module, module+0.01, "F")
				x = run
			}
		}
	}
	return nil
}

// line writes one line whose top is at y, smaller if it would not fit.
func (s *sheet) line(x, y, width float64, f face, size float64, colour rgb, text string) {
	s.aligned(x, y, width, f, size, colour, "L", text)
}

func (s *sheet) aligned(x, y, width float64, f face, size float64, colour rgb, align, text string) {
	text = printable(text)
	s.SetFont(family, string(f), size)
	height := size * 0.42
	for s.GetStringWidth(text) > width && size > 5 {
		size -= 0.25
		s.SetFont(family, string(f), size)
	}
	s.SetTextColor(colour.r, colour.g, colour.b)
	s.SetXY(x, y)
	s.CellFormat(width, height, text, "", 0, align+"M", false, 0, "")
}

// paragraph writes a text in the largest type between largest and smallest in which it fits the height, and returns where it ends.
func (s *sheet) paragraph(x, y, width, height float64, f face, largest, smallest float64, colour rgb, text string) float64 {
	lines, size, step := s.fit(text, width, height, f, largest, smallest)
	s.lines(x, y, width, f, size, step, colour, lines)
	return y + float64(len(lines))*step
}

func (s *sheet) fit(text string, width, height float64, f face, largest, smallest float64) (lines []string, size, step float64) {
	for size = largest; ; size -= 0.25 {
		lines, step = s.wrap(text, width, f, size), size*0.46
		if float64(len(lines))*step <= height || size <= smallest {
			return lines, size, step
		}
	}
}

func (s *sheet) wrap(text string, width float64, f face, size float64) []string {
	s.SetFont(family, string(f), size)
	return s.SplitText(printable(strings.Join(strings.Fields(text), " ")), width)
}

func (s *sheet) lines(x, y, width float64, f face, size, step float64, colour rgb, lines []string) {
	s.SetFont(family, string(f), size)
	s.SetTextColor(colour.r, colour.g, colour.b)
	for i, l := range lines {
		s.SetXY(x, y+float64(i)*step)
		s.CellFormat(width, step, l, "", 0, "LM", false, 0, "")
	}
}

var glyphs = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic(err) // the font is part of the program
	}
	return f
})

// printable replaces letters that the font does not have by the same letter without its marks ("ạ" by "a"), which is how the
// name would be typed without them; an empty box would be worse.
func printable(text string) string {
	var (
		b      strings.Builder
		buffer sfnt.Buffer
	)
	for _, r := range norm.NFC.String(text) {
		if i, err := glyphs().GlyphIndex(&buffer, r); err == nil && i != 0 {
			b.WriteRune(r)
			continue
		}
		for _, base := range norm.NFD.String(string(r)) {
			if i, err := glyphs().GlyphIndex(&buffer, base); err == nil && i != 0 && base < 0x0300 {
				b.WriteRune(base)
			}
		}
	}
	return b.String()
}

// Filename returns the name under which the PDF is saved.
func (c Certificate) Filename() string { return c.Number + ".pdf" }

// VerifyURL returns the address at which the certificate can be verified, on a site at base.
func (c Certificate) VerifyURL(base string) string { return base + "/verify/" + Grouped(c.Code) }
