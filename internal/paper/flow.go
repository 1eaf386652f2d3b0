package paper

import (
	"slices"
	"strings"
)

// Frame is what the pages of one paper have in common.
type Frame struct {
	Size  Size
	Title string                    // in the viewer's list of bookmarks
	Again func(f *Flow)             // draws the head of each page from the second on; nil for none
	Foot  string                    // at the left of each foot
	Count func(page, of int) string // at the right of it: page 2 of 5
}

// Margins of a page of a paper that flows, in millimetres: the left one has room for a file's holes.
const (
	marginLeft   = 20.0
	marginRight  = 14.0
	marginTop    = 12.0
	marginBottom = 17.0
)

// Flow lays out one paper of a document from top to bottom: what does not fit goes on to the next page, under the head that is repeated
// and above the foot. What is drawn while Again runs is an artifact, since a screen reader has heard it on the first page.
type Flow struct {
	doc   *Document
	frame Frame
	pages []*Page
	page  *Page
	y     float64
	top   float64 // where the page's own content begins
	again bool    // the repeated head is being drawn
}

// Flow begins a paper on a new page of the document.
func (d *Document) Flow(frame Frame) *Flow {
	f := &Flow{doc: d, frame: frame}
	f.turn()
	if frame.Title != "" {
		d.bookmark(frame.Title)
	}
	return f
}

// turn goes on to a new page.
func (f *Flow) turn() {
	f.page = f.doc.add(f.frame.Size)
	f.pages = append(f.pages, f.page)
	f.y = marginTop
	if f.frame.Again != nil && len(f.pages) > 1 {
		f.again = true
		f.frame.Again(f)
		f.again = false
	}
	f.top = f.y
}

// Close writes the feet, now that it is known how many pages there are.
func (f *Flow) Close() {
	style := Style{Size: 8, Colour: grey}
	for i, p := range f.pages {
		y := f.frame.Size.Height - marginBottom + 5
		count := f.frame.Count(i+1, len(f.pages))
		p.Rect(marginLeft, y-1, f.width(), hair, ruled)
		p.Line(artifact, marginLeft, y, f.width(), 5, style, Right, count)
		for j, l := range p.Wrap(style, f.width()-p.Width(style, count)-6, f.frame.Foot) {
			p.Line(artifact, marginLeft, y+3.4*float64(j), f.width(), 5, style, Left, l)
		}
	}
}

// Colours of what a paper draws by itself, and the width of a thin line.
var (
	black = RGB{20, 22, 23}
	grey  = RGB{84, 91, 94}
	ruled = RGB{150, 158, 160}
	shade = RGB{235, 238, 238}
)

const hair = 0.2

// width is that between the margins.
func (f *Flow) width() float64 { return f.frame.Size.Width - marginLeft - marginRight }

// rest is how much of the page is left.
func (f *Flow) rest() float64 { return f.frame.Size.Height - marginBottom - f.y }

// Need goes on to the next page if less than that is left of this one. What no page has room for begins at the top of one.
func (f *Flow) Need(height float64) {
	if f.rest() < height && f.y > f.top && !f.again {
		f.turn()
	}
}

// Space leaves room.
func (f *Flow) Space(height float64) { f.y += height }

// step is how high a line of a size in points is.
func step(size float64) float64 { return size * 0.46 }

// role is that of a text here: within a repeated head there is none.
func (f *Flow) role(r Role) Role {
	if f.again {
		return artifact
	}
	return r
}

// Text writes a paragraph; one that does not fit is parted between two lines. Line ends in it are kept.
func (f *Flow) Text(role Role, style Style, text string) {
	f.indented(role, style, 0, text)
}

func (f *Flow) indented(role Role, style Style, indent float64, text string) {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		lines = append(lines, f.page.Wrap(style, f.width()-indent, part)...)
	}
	height := step(style.Size)
	for len(lines) > 0 {
		if role == Heading || role == Subheading {
			f.Need(height*float64(len(lines)) + 20) // no heading stands alone at the foot of a page
		} else {
			f.Need(height)
		}
		n := min(len(lines), max(1, int(f.rest()/height+0.001)))
		f.page.Lines(f.role(role), marginLeft+indent, f.y, f.width()-indent, height, style, Left, lines[:n])
		f.y += height * float64(n)
		lines = lines[n:]
	}
}

// Facts writes names and what they stand for beside each other, the names in a column of the given width. What has no value is left out.
func (f *Flow) Facts(style Style, width float64, facts [][2]string) {
	name := Style{Size: style.Size, Colour: grey}
	var rows [][2][]string
	for _, fact := range facts {
		if fact[1] == "" {
			continue
		}
		lines := f.page.Wrap(name, width-2, fact[0])
		var values []string
		for part := range strings.SplitSeq(fact[1], "\n") {
			values = append(values, f.page.Wrap(style, f.width()-width, part)...)
		}
		rows = append(rows, [2][]string{lines, values})
	}
	high := step(style.Size)
	for len(rows) > 0 {
		f.Need(high * float64(max(len(rows[0][0]), len(rows[0][1]))))
		f.page.group(table, func() {
			for page := f.page; len(rows) > 0 && f.page == page; rows = rows[1:] {
				r := rows[0]
				lines := float64(max(len(r[0]), len(r[1])))
				if f.rest() < high*lines && f.y > f.frame.Size.Height/2 {
					return // the rest is on the next page
				}
				f.page.group(tableRow, func() {
					f.page.Lines(header, marginLeft, f.y, width-2, high, name, Left, r[0])
					f.page.Lines(cell, marginLeft+width, f.y, f.width()-width, high, style, Left, r[1])
				})
				f.y += high*lines + 0.8
			}
		})
	}
}

// Rule draws a line from margin to margin.
func (f *Flow) Rule() { f.page.Rect(marginLeft, f.y, f.width(), hair, black) }

// List writes a list of points.
func (f *Flow) List(style Style, items []string) {
	const indent = 5.0
	from := f.page
	draw := func() {
		for _, text := range items {
			f.Need(step(style.Size))
			if f.page != from {
				return // the rest is a list of its own on the next page
			}
			items = items[1:]
			f.page.group(f.role(item), func() {
				f.page.Line(label, marginLeft, f.y, indent, step(style.Size), style, Left, "•")
				lines := f.page.Wrap(style, f.width()-indent, text)
				f.page.Lines(body, marginLeft+indent, f.y, f.width()-indent, step(style.Size), style, Left, lines)
				f.y += step(style.Size)*float64(len(lines)) + 0.8
			})
		}
	}
	for len(items) > 0 {
		f.Need(3 * step(style.Size))
		from = f.page
		from.group(list, draw)
	}
}

// Pictures draws pictures beside each other, at most that high and as wide as there is room.
func (f *Flow) Pictures(pictures []*Picture, height float64) {
	if len(pictures) == 0 {
		return
	}
	const gap = 8.0
	wide := -gap
	for _, m := range pictures {
		wide += gap + height*float64(m.Width)/float64(m.Height)
	}
	if wide > f.width() {
		height *= f.width() / wide
	}
	f.Need(height)
	x := marginLeft
	for _, m := range pictures {
		w := height * float64(m.Width) / float64(m.Height)
		f.page.picture(f.role(figure), m, x, f.y, w, height)
		x += w + gap*min(1, f.width()/max(wide, 1))
	}
	f.y += height
}

// Fields draws lines to write on, beside each other, each with its words below it.
func (f *Flow) Fields(labels ...string) {
	const gap, room = 10.0, 14.0
	style := Style{Size: 8.5, Colour: grey}
	width := (f.width() - gap*float64(len(labels)-1)) / float64(len(labels))
	var set [][]string
	most := 0
	for _, l := range labels {
		set = append(set, f.page.Wrap(style, width, l))
		most = max(most, len(set[len(set)-1]))
	}
	f.Need(room + float64(most)*step(style.Size))
	for i, lines := range set {
		x := marginLeft + float64(i)*(width+gap)
		f.page.Rect(x, f.y+room-1, width, hair, black)
		f.page.Lines(f.role(Paragraph), x, f.y+room, width, step(style.Size), style, Left, lines)
	}
	f.y += room + float64(most)*step(style.Size)
}

// Boxes draws empty boxes to write a figure or a name into, each with its words above it.
func (f *Flow) Boxes(height float64, boxes ...Box) {
	const gap = 6.0
	style := Style{Size: 8.5, Colour: grey}
	given, open := 0.0, 0
	for _, b := range boxes {
		given += b.Width
		if b.Width == 0 {
			open++
		}
	}
	share := (f.width() - gap*float64(len(boxes)-1) - given) / max(1, float64(open))
	most := 0
	widths, set := make([]float64, len(boxes)), make([][]string, len(boxes))
	for i, b := range boxes {
		if widths[i] = b.Width; b.Width == 0 {
			widths[i] = share
		}
		set[i] = f.page.Wrap(style, widths[i], b.Label)
		most = max(most, len(set[i]))
	}
	above := float64(most)*step(style.Size) + 0.8
	f.Need(above + height)
	x := marginLeft
	for i := range boxes {
		f.page.Lines(f.role(Paragraph), x, f.y+float64(most-len(set[i]))*step(style.Size), widths[i], step(style.Size), style, Left, set[i])
		f.page.frame(x, f.y+above, widths[i], height, black)
		x += widths[i] + gap
	}
	f.y += above + height
}

// Box is an empty box with its words; a width of 0 shares what is left.
type Box struct {
	Label string
	Width float64
}

// frame draws the four sides of a box.
func (p *Page) frame(x, y, width, height float64, colour RGB) {
	p.Rect(x, y, width, hair, colour)
	p.Rect(x, y+height-hair, width, hair, colour)
	p.Rect(x, y, hair, height, colour)
	p.Rect(x+width-hair, y, hair, height, colour)
}

// Column is one of a table.
type Column struct {
	Title string
	Width float64 // millimetres; 0 shares what is left
	Align Align
	Head  bool    // its cells name their row
	Size  float64 // of its type, where that is not the table's
}

// Table is a table whose head is repeated on each page.
type Table struct {
	Columns   []Column
	Rows      [][]string // "" for what is written by hand
	RowHeight float64    // at least
	Size      float64    // of the type, in points
	Total     bool       // the last row is a sum
}

// Rows of a table stand this far from its lines.
const (
	padX = 1.6
	padY = 1.0
)

// Table draws a table. A row that does not fit goes on to the next page as a whole.
func (f *Flow) Table(t Table) {
	widths := f.widths(t.Columns)
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	headStyle := Style{Weight: Bold, Size: min(t.Size, 9), Colour: black}
	head := f.laid(titles, widths, make([]float64, len(widths)), headStyle, 0)
	sizes := make([]float64, len(widths))
	for i, c := range t.Columns {
		sizes[i] = c.Size
	}
	var rows []laidRow
	for i, r := range t.Rows {
		style := Style{Size: t.Size, Colour: black}
		if t.Total && i == len(t.Rows)-1 {
			style.Weight = Bold
		}
		rows = append(rows, f.laid(r, widths, sizes, style, t.RowHeight).parted(f.frame.Size.Height/2)...)
	}
	for first := true; len(rows) > 0 || first; first = false {
		need := head.height
		if len(rows) > 0 {
			need += rows[0].height
		}
		if t.Total && len(rows) == 2 {
			need += rows[1].height // no sum stands alone
		}
		f.Need(need)
		n, high := 0, head.height
		for n < len(rows) && (n == 0 || high+rows[n].height <= f.rest()) {
			high += rows[n].height
			n++
		}
		if t.Total && n > 1 && n == len(rows)-1 {
			n--
		}
		f.part(t, widths, head, rows[:n])
		rows = rows[n:]
		if len(rows) > 0 {
			f.turn()
		}
	}
}

// widths gives each column its own, and those without one a share.
func (f *Flow) widths(columns []Column) (widths []float64) {
	left, open := f.width(), 0
	for _, c := range columns {
		left -= c.Width
		if c.Width == 0 {
			open++
		}
	}
	for _, c := range columns {
		if c.Width == 0 {
			c.Width = left / float64(open)
		}
		widths = append(widths, c.Width)
	}
	return widths
}

// laidRow is a row whose cells are broken into lines.
type laidRow struct {
	cells  [][]string
	styles []Style
	height float64
}

// laid breaks a row's cells into lines; sizes are those of columns that have their own.
func (f *Flow) laid(texts []string, widths, sizes []float64, style Style, least float64) laidRow {
	r := laidRow{height: least}
	for i, text := range texts {
		var lines []string
		style := style
		if sizes[i] > 0 {
			style.Size = sizes[i]
		}
		r.styles = append(r.styles, style)
		for part := range strings.SplitSeq(text, "\n") {
			lines = append(lines, f.page.Wrap(style, widths[i]-2*padX, part)...)
		}
		r.cells = append(r.cells, lines)
		r.height = max(r.height, float64(len(lines))*step(style.Size)+2*padY)
	}
	return r
}

// parted returns the row as several that are each about as high as given at most: no row need be higher than what a page has room for.
func (r laidRow) parted(most float64) (rows []laidRow) {
	if r.height <= most {
		return []laidRow{r}
	}
	n := int(most / step(r.styles[0].Size))
	for again := true; again; {
		again = false
		part := laidRow{cells: make([][]string, len(r.cells)), styles: r.styles}
		for i, lines := range r.cells {
			fit := min(n, len(lines))
			part.cells[i], r.cells[i] = lines[:fit], lines[fit:]
			part.height = max(part.height, float64(fit)*step(r.styles[i].Size)+2*padY)
			again = again || len(r.cells[i]) > 0
		}
		rows = append(rows, part)
	}
	return rows
}

// part draws the rows that are on one page, under the head.
func (f *Flow) part(t Table, widths []float64, head laidRow, rows []laidRow) {
	p, top := f.page, f.y
	p.Rect(marginLeft, top, f.width(), head.height, shade)
	ys := []float64{top}
	p.group(f.role(table), func() {
		for i, r := range slices.Concat([]laidRow{head}, rows) {
			p.group(tableRow, func() {
				x := marginLeft
				for c, lines := range r.cells {
					role := cell
					if i == 0 || t.Columns[c].Head {
						role = header
					}
					high := step(r.styles[c].Size)
					align := t.Columns[c].Align
					p.Lines(role, x+padX, f.y+(r.height-high*float64(len(lines)))/2, widths[c]-2*padX, high, r.styles[c], align, lines)
					x += widths[c]
				}
			})
			f.y += r.height
			ys = append(ys, f.y)
		}
	})
	for _, y := range ys {
		p.Rect(marginLeft, y, f.width()+hair, hair, ruled)
	}
	x := marginLeft
	for _, w := range append(slices.Clone(widths), 0) {
		p.Rect(x, top, hair, f.y-top+hair, ruled)
		x += w
	}
}
