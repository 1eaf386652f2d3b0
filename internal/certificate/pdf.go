package certificate

import (
	"strings"
	"time"

	"rsc.io/qr"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/paper"
)

// The page: A4 across, in millimetres. A band of colour on the left, text in one column, the QR in a narrow one at the right.
const (
	bandWidth = 9.0
	left      = 26.0
	right     = paper.Width - 22
	textWidth = right - left
	sideLeft  = 226.0 // the narrow column
	sideWidth = right - sideLeft
	mainWidth = sideLeft - 12 - left
	bottom    = paper.Height - 12
)

var (
	ink   = paper.RGB{R: 28, G: 32, B: 33}
	muted = paper.RGB{R: 91, G: 99, B: 102}
	teal  = paper.RGB{R: 11, G: 94, B: 99}
	rule  = paper.RGB{R: 205, G: 214, B: 213}
	red   = paper.RGB{R: 168, G: 28, B: 28}
)

const (
	regular = paper.Regular
	bold    = paper.Bold
)

// sheet draws one certificate.
type sheet struct {
	*paper.Page
	p *lang.Printer
	c Certificate
}

// PDF draws the certificate in its own language, which p must speak. verify is the address at which anyone can check it. The
// same certificate gives the same bytes. One that waits for the holder's name in Latin letters ([Certificate.NeedsSpelling]) has no paper
// yet: it is an [errs.ErrConflict].
func PDF(c Certificate, p *lang.Printer, verify string) (_ []byte, err error) {
	defer errs.Wrap(&err, "certificate.PDF(%s)", c.ID)
	if c.NeedsSpelling() {
		return nil, errs.Conflict("certificate.spelling.needed")
	}
	stamp := c.IssuedAt
	if !c.RevokedAt.IsZero() {
		stamp = c.RevokedAt
	}
	// Viewers show the title in their window: no name, no number.
	title := "certificate.paper.document"
	if c.TrainingID != "" {
		title = "certificate.paper.attendance-document"
	}
	s := &sheet{Page: paper.New(paper.About{Title: p.T(title), Lang: c.Lang, At: stamp}), p: p, c: c}
	s.head()
	s.foot(s.body(), verify)
	if err := s.code(verify); err != nil {
		return nil, err
	}
	return s.PDF()
}

// head draws the band, what the paper is, the issuer, the number and, on one that was revoked, that it was.
func (s *sheet) head() {
	s.Rect(0, 0, bandWidth, paper.Height, teal)
	s.line(left, 17, mainWidth, bold, 12, ink, s.c.Issuer)
	s.aligned(paper.Paragraph, sideLeft-30, 17, sideWidth+30, regular, 10, muted, paper.Right, s.p.T("certificate.paper.number", "Number", s.c.Number))
	if !s.c.RevokedAt.IsZero() {
		s.aligned(paper.Paragraph, sideLeft-60, 23, sideWidth+60, bold, 13, red, paper.Right, s.p.T("certificate.paper.revoked", "Date", s.p.Date(s.c.RevokedAt)))
	}
	if s.c.Heading != "" {
		s.aligned(paper.Heading, left, 34, textWidth, bold, 34, teal, paper.Left, s.c.Heading)
		return
	}
	s.aligned(paper.Heading, left, 31, textWidth, bold, 34, teal, paper.Left, s.p.T("certificate.paper.title"))
	subtitle := "certificate.paper.subtitle"
	if s.c.TrainingID != "" {
		subtitle = "certificate.paper.attendance"
	}
	s.line(left, 45, textWidth, regular, 14, ink, s.p.T(subtitle))
}

// body draws who, for what, and the facts, and returns where it ends.
func (s *sheet) body() float64 {
	s.line(left, 59, textWidth, regular, 10, muted, s.p.T("certificate.paper.receives"))
	s.line(left, 66, textWidth, bold, 27, ink, s.c.printedHolder())
	y := 80.0
	if s.c.HolderLatin != "" {
		s.line(left, 78.5, textWidth, regular, 9, muted, s.p.T("certificate.paper.spelling"))
		y = 85
	}
	s.Rect(left, y, textWidth, 0.3, rule)
	reason, facts := "certificate.paper.for", [][2]string{
		{s.p.T("certificate.paper.hours"), s.p.Number(s.c.Hours)},
		{s.p.T("certificate.paper.issued"), s.p.Date(s.c.IssuedAt)},
		{s.p.T("certificate.paper.valid-until"), s.until()},
	}
	if s.c.TrainingID != "" {
		reason, facts = "certificate.paper.attended", [][2]string{
			{s.p.T("certificate.paper.hours-present"), s.c.HoursPresent(s.p)},
			{s.p.T("certificate.paper.held"), s.c.Held(s.p)},
			{s.p.T("certificate.paper.issued"), s.p.Date(s.c.IssuedAt)},
		}
	}
	s.line(left, y+4, textWidth, regular, 10, muted, s.p.T(reason))
	y = s.paragraph(left, y+10.5, textWidth, 16, bold, 17, 11, ink, s.c.Title) + 5
	if s.c.Place != "" {
		s.line(left, y-3, textWidth, regular, 11, ink, s.c.Place)
		y += 5
	}
	column := mainWidth / float64(len(facts))
	for i, f := range facts {
		x := left + float64(i)*column
		s.line(x, y, column-4, regular, 9, muted, f[0])
		s.line(x, y+5, column-4, bold, 12, ink, f[1])
	}
	return y + 16
}

// HoursPresent says for how many of a training's hours the holder was there, and how long such an hour is.
func (c Certificate) HoursPresent(p *lang.Printer) string {
	return p.T("certificate.paper.hours-counted", "Hours", p.Number(c.Hours), "Of", p.Number(c.HoursOf), "Minutes", p.Int(c.HourMinutes))
}

// Held says on which days a training was held: 23–25 November 2026 within a month.
func (c Certificate) Held(p *lang.Printer) string {
	from, until := c.HeldFrom.In(p.Zone()), c.HeldUntil.In(p.Zone())
	switch {
	case from.Format(time.DateOnly) == until.Format(time.DateOnly):
		return p.Date(until)
	case from.Year() == until.Year() && from.Month() == until.Month():
		return p.Int(from.Day()) + "–" + p.Date(until)
	}
	return p.Date(from) + " – " + p.Date(until)
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
		s.Rect(left, end-3, mainWidth, 0.3, rule)
		end -= 6
	}
	s.side(verify)
	if len(s.c.Objectives) == 0 {
		return
	}
	heading := "certificate.paper.tested"
	switch {
	case s.c.TrainingID != "": // being there is no proof of what was learned
		heading = "certificate.paper.aims"
	case s.c.AttemptID == "":
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
	step := size * lineHeight
	perColumn := (len(s.c.Objectives) + columns - 1) / columns
	for column := range columns {
		x, at := left+float64(column)*(width+gap), y
		for _, o := range s.c.Objectives[min(column*perColumn, len(s.c.Objectives)):min((column+1)*perColumn, len(s.c.Objectives))] {
			lines := s.Wrap(paper.Style{Weight: regular, Size: size}, width-indent, o)
			if draw {
				s.Dot(x+1.2, at+step*0.5, 0.55, teal)
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
	s.aligned(paper.Paragraph, sideLeft, top-7, sideWidth, regular, 9, muted, paper.Right, s.p.T("certificate.paper.verify"))
	s.aligned(paper.Paragraph, sideLeft-20, bottom-22, sideWidth+20, regular, 9, muted, paper.Right, s.p.T("certificate.paper.code"))
	s.aligned(paper.Paragraph, sideLeft-20, bottom-17, sideWidth+20, bold, 11.5, ink, paper.Right, Grouped(s.c.Code))
	page := strings.TrimSuffix(verify, "/"+Grouped(s.c.Code))
	s.aligned(paper.Paragraph, sideLeft-20, bottom-10, sideWidth+20, regular, 8.5, teal, paper.Right, page)
	s.Link(sideLeft, top-8, sideWidth, qrSize+34, verify)
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
	s.Figure(s.p.T("certificate.paper.qr", "Address", verify), func() {
		for y := range code.Size {
			for x := 0; x < code.Size; x++ {
				run := x
				for run < code.Size && code.Black(run, y) {
					run++
				}
				if run > x {
					s.Rect(x0+float64(x)*module, y0+float64(y)*module, float64(run-x)*module, module+0.01, ink)
					x = run
				}
			}
		}
	})
	return nil
}

// lineHeight is how high a line is in millimetres by its type's size in points.
const lineHeight = 0.46

// line writes one line whose top is at y, smaller if it would not fit.
func (s *sheet) line(x, y, width float64, w paper.Weight, size float64, colour paper.RGB, text string) {
	s.aligned(paper.Paragraph, x, y, width, w, size, colour, paper.Left, text)
}

func (s *sheet) aligned(role paper.Role, x, y, width float64, w paper.Weight, size float64, colour paper.RGB, align paper.Align, text string) {
	height := size * 0.42
	for wide := s.Width(paper.Style{Weight: w, Size: 1}, text); wide*size > width && size > 5; { // width grows with size
		size -= 0.25
	}
	s.Line(role, x, y, width, height, paper.Style{Weight: w, Size: size, Colour: colour}, align, text)
}

// paragraph writes a text in the largest type between largest and smallest in which it fits the height, and returns where it ends.
func (s *sheet) paragraph(x, y, width, height float64, w paper.Weight, largest, smallest float64, colour paper.RGB, text string) float64 {
	lines, size, step := s.fit(text, width, height, w, largest, smallest)
	s.lines(x, y, width, w, size, step, colour, lines)
	return y + float64(len(lines))*step
}

func (s *sheet) fit(text string, width, height float64, w paper.Weight, largest, smallest float64) (lines []string, size, step float64) {
	for size = largest; ; size -= 0.25 {
		lines, step = s.Wrap(paper.Style{Weight: w, Size: size}, width, text), size*lineHeight
		if float64(len(lines))*step <= height || size <= smallest {
			return lines, size, step
		}
	}
}

func (s *sheet) lines(x, y, width float64, w paper.Weight, size, step float64, colour paper.RGB, lines []string) {
	s.Lines(paper.Paragraph, x, y, width, step, paper.Style{Weight: w, Size: size, Colour: colour}, paper.Left, lines)
}

// Filename returns the name under which the PDF is saved.
func (c Certificate) Filename() string { return c.Number + ".pdf" }

// VerifyURL returns the address at which the certificate can be verified, on a site at base.
func (c Certificate) VerifyURL(base string) string { return base + "/verify/" + Grouped(c.Code) }
