package paper

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"codeberg.org/go-fonts/dejavu/dejavusanscondensedbold"
	arabicbold "eliasnaur.com/font/noto/sans/arabic/bold"
	arabicregular "eliasnaur.com/font/noto/sans/arabic/regular"
	"github.com/carlos7ags/folio/content"
	pdffont "github.com/carlos7ags/folio/font"
	"github.com/carlos7ags/folio/layout"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// Weight is how bold a type is.
type Weight int

// The weights.
const (
	Regular Weight = iota
	Bold
)

// typeface is a font in the two forms that are needed: one that shapes letters, one that puts them into a PDF. It is parsed once
// and shared.
type typeface struct {
	shape *font.Font
	embed pdffont.Face
}

// more holds fonts that come from packages of npm: the build puts them there, from the lock file, and without them the program prints
// what the others have (decision 0046).
//
//go:embed all:fonts
var more embed.FS

// main and arabic are the places of the two fonts that each build has, in each weight: one that has Latin (with Vietnamese), Cyrillic,
// Greek, Georgian, Armenian and Hebrew, and one for Arabic, which must have the letters of Persian, Urdu, Pashto, Kurdish and Uyghur as
// well. Fonts of other scripts follow, and stand for both weights.
const (
	main = iota
	arabic
)

// typefaces holds the fonts by weight, each parsed when the first letter is taken from it.
var typefaces = sync.OnceValue(func() (all [2][]func() typeface) {
	lazy := func(data []byte) func() typeface { return sync.OnceValue(func() typeface { return parse(data) }) }
	all[Regular] = []func() typeface{lazy(dejavusanscondensed.TTF), lazy(arabicregular.TTF)}
	all[Bold] = []func() typeface{lazy(dejavusanscondensedbold.TTF), lazy(arabicbold.TTF)}
	files, err := fs.Glob(more, "fonts/*.ttf.gz")
	if err != nil {
		panic(err) // the pattern is right
	}
	for _, name := range files {
		f := sync.OnceValue(func() typeface { return parse(unpacked(name)) })
		all[Regular], all[Bold] = append(all[Regular], f), append(all[Bold], f)
	}
	return all
})

// unpacked returns a font that was put there by the build.
func unpacked(name string) []byte {
	packed, err := fs.ReadFile(more, name)
	if err != nil {
		panic(err) // the font is part of the program
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return data
}

func parse(data []byte) typeface {
	shape, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		panic(err) // the font is part of the program
	}
	embed, err := pdffont.ParseTTF(data)
	if err != nil {
		panic(err)
	}
	return typeface{shape.Font, embed}
}

// scripts are those that each build prints as they are written. Common and Inherited are signs and marks that several share.
var scripts = []*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Georgian, unicode.Armenian, unicode.Hebrew, unicode.Arabic, unicode.Common, unicode.Inherited,
}

// Printable says whether each letter of a text can stand on a page, in every build of the program: what is said for good, as by a
// certificate, must not depend on which fonts a build had. For what is printed now, ask [Missing].
func Printable(text string) bool {
	for _, r := range norm.NFC.String(text) {
		if joins(r) {
			continue
		}
		if !unicode.In(r, scripts...) || !covers(Bold, r, main, arabic) || !covers(Regular, r, main, arabic) {
			return false
		}
	}
	return true
}

// Missing returns the letters of a text that no font of this build has, each once.
func Missing(text string) (letters []rune) {
	for _, r := range norm.NFC.String(text) {
		if !joins(r) && !slices.Contains(letters, r) && (has(Bold, r) < 0 || has(Regular, r) < 0) {
			letters = append(letters, r)
		}
	}
	return letters
}

// covers says whether the font from which a letter would be taken is one of those, and has it.
func covers(w Weight, r rune, of ...int) bool { return slices.Contains(of, has(w, r)) }

// has returns which of a weight's fonts has a letter, -1 for none: that of Arabic for what only Arabic has, else the first.
func has(w Weight, r rune) int {
	faces := typefaces()[w]
	if unicode.Is(unicode.Arabic, r) {
		if _, ok := faces[arabic]().shape.NominalGlyph(r); ok {
			return arabic
		}
		return -1
	}
	for i, f := range faces {
		if _, ok := f().shape.NominalGlyph(r); ok {
			return i
		}
	}
	return -1
}

// face is a font within one document, in which only the letters used are kept.
type face struct {
	shape *font.Face
	embed *pdffont.EmbeddedFont
}

// faces are the fonts of a document by weight, each made when it is first needed.
type faces [2][]*face

func newFaces() (f faces) {
	for w, all := range typefaces() {
		f[w] = make([]*face, len(all))
	}
	return f
}

func (f faces) at(w Weight, i int) *face {
	if f[w][i] == nil {
		t := typefaces()[w][i]()
		f[w][i] = &face{font.NewFace(t.shape), pdffont.NewEmbeddedFont(t.embed)}
	}
	return f[w][i]
}

// joins says of the signs that join or part the letters beside them that they have no shape of their own (Unicode 23.2).
func joins(r rune) bool { return r == '\u200c' || r == '\u200d' }

// of returns the face for a letter.
func (f faces) of(w Weight, r rune) *face { return f.at(w, max(main, has(w, r))) }

// line is a line of text that is ready to be drawn, in units of 1/1000 of the type's size.
type line struct {
	runs   []run
	shaped bool // at least one run is drawn by outlines
}

// run is a part of a line in one direction and one face.
type run struct {
	face    *face
	letters []rune // in the order in which they stand on the page
	glyphs  []shaping.Glyph
	wide    float64 // 1/1000 of the size
}

// plain says of a text that each letter is one glyph that stands beside the one before: no marks, nothing from right to left, none of
// the scripts whose letters take the shape that their neighbours ask for.
func plain(text []rune, w Weight) bool {
	shape := typefaces()[w][main]().shape
	for _, r := range text {
		if joins(r) || unicode.Is(unicode.Mn, r) || unicode.In(r, unicode.Arabic, unicode.Hebrew) {
			return false
		}
		if _, ok := shape.NominalGlyph(r); !ok {
			return false
		}
	}
	return true
}

// set prepares a line: its runs from left to right.
func (f faces) set(text string, w Weight) (l line) {
	if text == "" {
		return line{}
	}
	runes := []rune(text)
	if plain(runes, w) {
		// The library measures letters as they are moved together, which [run.write] has to do by itself.
		c := f.at(w, main)
		return line{runs: []run{{face: c, letters: runes, wide: c.embed.MeasureString(text, unit)}}}
	}
	l.shaped = true
	for _, part := range visual(text) {
		l.runs = append(l.runs, f.shape(part, w)...)
	}
	return l
}

// directed is a part of a line that runs in one direction.
type directed struct {
	text      []rune
	leftwards bool
}

// visual cuts a line into parts of one direction and puts them in the order in which they stand on the page, from left to right
// (Unicode Standard Annex 9, rule L2; its levels are no deeper than a name in brackets or a number within a name).
func visual(text string) (parts []directed) {
	var paragraph bidi.Paragraph
	if _, err := paragraph.SetString(text); err != nil {
		return []directed{{text: []rune(text)}}
	}
	order, err := paragraph.Order()
	if err != nil {
		return []directed{{text: []rune(text)}}
	}
	for i := range order.NumRuns() {
		r := order.Run(i)
		parts = append(parts, directed{[]rune(r.String()), r.Direction() == bidi.RightToLeft})
	}
	if !paragraph.IsLeftToRight() {
		slices.Reverse(parts)
		return parts
	}
	for from := 0; from < len(parts); from++ {
		if !parts[from].leftwards {
			continue
		}
		to := from + 1
		for to < len(parts) && (parts[to].leftwards || !slices.ContainsFunc(parts[to].text, unicode.IsLetter) && to+1 < len(parts) && parts[to+1].leftwards) {
			to++
		}
		slices.Reverse(parts[from:to])
		from = to
	}
	return parts
}

// shape returns the runs of a part from left to right: one for each stretch of one face.
func (f faces) shape(part directed, w Weight) (runs []run) {
	for from := 0; from < len(part.text); {
		c, to := f.of(w, part.text[from]), from+1
		for to < len(part.text) && (c.goesOn(part.text[to]) || f.of(w, part.text[to]) == c) {
			to++
		}
		runs = append(runs, c.run(part, from, to))
		from = to
	}
	if part.leftwards {
		slices.Reverse(runs)
	}
	return runs
}

// goesOn says of a letter that belongs to no script (a space, a mark) whether it can stay in the face of the letter before.
func (c *face) goesOn(r rune) bool {
	if joins(r) {
		return true
	}
	_, ok := c.shape.NominalGlyph(r)
	return ok && unicode.In(r, unicode.Common, unicode.Inherited)
}

// unit is the size at which letters are shaped: results are thousandths of the type's size, as in a PDF.
const unit = 1000

func (c *face) run(part directed, from, to int) run {
	direction := di.DirectionLTR
	if part.leftwards {
		direction = di.DirectionRTL
	}
	script := language.LookupScript(part.text[from])
	for _, r := range part.text[from:to] {
		if s := language.LookupScript(r); s.Strong() {
			script = s
			break
		}
	}
	var shaper shaping.HarfbuzzShaper
	out := shaper.Shape(shaping.Input{
		Text: part.text, RunStart: from, RunEnd: to, Direction: direction, Face: c.shape, Size: fixed.I(unit), Script: script, Language: "und",
	})
	letters := slices.DeleteFunc(slices.Clone(part.text[from:to]), joins)
	if part.leftwards {
		slices.Reverse(letters)
	}
	return run{face: c, letters: letters, glyphs: out.Glyphs, wide: float64(out.Advance) / 64}
}

// width returns how wide the line is at a size in points, in millimetres.
func (l line) width(size float64) (wide float64) {
	for _, r := range l.runs {
		wide += r.wide
	}
	return wide / unit * size / perMM
}

// draw writes the line from a point, in points from the lower left corner.
func (l line) draw(ctx layout.DrawContext, x, y, size float64) {
	for _, r := range l.runs {
		if l.shaped {
			r.paint(ctx.Stream, x, y, size/unit)
			r.unseen(ctx, x, y, size)
		} else {
			r.write(ctx, x, y, size)
		}
		x += r.wide / unit * size
	}
}

// write shows the letters themselves, moved together as the font asks.
func (r run) write(ctx layout.DrawContext, x, y, size float64) {
	var array []content.TextArrayElement
	from := 0
	for i, letter := range r.letters {
		if i == 0 {
			continue
		}
		if k := r.face.embed.Kern(r.letters[i-1], letter); k != 0 {
			array = append(array, content.TextArrayElement{HexData: r.face.embed.EncodeString(string(r.letters[from:i]))},
				content.TextArrayElement{Adjustment: -k, IsAdjustment: true})
			from = i
		}
	}
	array = append(array, content.TextArrayElement{HexData: r.face.embed.EncodeString(string(r.letters[from:]))})
	s := ctx.Stream
	s.BeginText()
	s.SetFont(registered(ctx.Page, r.face.embed), size)
	s.MoveText(x, y)
	s.ShowTextArrayHex(array)
	s.EndText()
}

// paint fills the outlines of shaped letters.
func (r run) paint(s *content.Stream, x, y, scale float64) {
	perEm := unit / float64(r.face.shape.Upem())
	for _, g := range r.glyphs {
		outline, _ := r.face.shape.GlyphDataOutline(g.GlyphID)
		left, base := x+float64(g.XOffset)/64*scale, y+float64(g.YOffset)/64*scale
		trace(s, outline.Segments, left, base, perEm*scale)
		x += float64(g.Advance) / 64 * scale
	}
}

// trace draws one outline. PDF has no quadratic curves: each becomes the cubic one of the same shape.
func trace(s *content.Stream, segments []opentype.Segment, left, base, scale float64) {
	at := func(p opentype.SegmentPoint) (float64, float64) {
		return left + float64(p.X)*scale, base + float64(p.Y)*scale
	}
	var x0, y0 float64
	for i, g := range segments {
		switch g.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				s.ClosePath()
			}
			x0, y0 = at(g.Args[0])
			s.MoveTo(x0, y0)
		case opentype.SegmentOpLineTo:
			x0, y0 = at(g.Args[0])
			s.LineTo(x0, y0)
		case opentype.SegmentOpQuadTo:
			cx, cy := at(g.Args[0])
			x, y := at(g.Args[1])
			s.CurveTo(x0+2*(cx-x0)/3, y0+2*(cy-y0)/3, x+2*(cx-x)/3, y+2*(cy-y)/3, x, y)
			x0, y0 = x, y
		case opentype.SegmentOpCubeTo:
			ax, ay := at(g.Args[0])
			bx, by := at(g.Args[1])
			x0, y0 = at(g.Args[2])
			s.CurveTo(ax, ay, bx, by, x0, y0)
		}
	}
	if len(segments) > 0 {
		s.ClosePath()
		s.Fill()
	}
}

// unseen writes the letters once more without painting them (rendering mode 3, ISO 32000-2, 9.3.6), as wide as the outlines, so
// that they can be found and copied.
func (r run) unseen(ctx layout.DrawContext, x, y, size float64) {
	text := string(r.letters)
	natural := 0.0
	for _, letter := range r.letters {
		natural += r.face.embed.MeasureString(string(letter), unit)
	}
	s := ctx.Stream
	s.BeginText()
	s.SetFont(registered(ctx.Page, r.face.embed), size)
	s.SetTextRenderingMode(content.TextRenderInvisible)
	if natural > 0 && r.wide > 0 {
		s.SetHorizontalScaling(100 * r.wide / natural)
	}
	s.MoveText(x, y)
	s.ShowTextHex(r.face.embed.EncodeString(text))
	s.SetHorizontalScaling(100)
	s.SetTextRenderingMode(content.TextRenderFill)
	s.EndText()
}

// registered returns the name of a font among the page's resources.
func registered(page *layout.PageResult, f *pdffont.EmbeddedFont) string {
	for _, known := range page.Fonts {
		if known.Embedded == f {
			return known.Name
		}
	}
	name := "F" + strconv.Itoa(len(page.Fonts)+1)
	page.Fonts = append(page.Fonts, layout.FontEntry{Name: name, Embedded: f})
	return name
}
