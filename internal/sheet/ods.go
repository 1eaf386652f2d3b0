package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
)

// odsReader reads a spreadsheet of LibreOffice (OpenDocument 1.3, part 3, 9). One part holds all its sheets.
type odsReader struct {
	tabs   []Tab
	sheets [][]Row
	long   []bool          // sheets with too many rows
	unseen map[string]bool // styles of sheets that are not shown
	style  string
	depth  int // of sheets: one may stand within a cell

	list   rowList // of the sheet under way
	number int     // of rows so far
	row    Row
	repeat int
	column int
	cell   odsCell
	text   textPiece
	note   int // depth of what stands in a cell without being its text
}

type odsCell struct {
	repeat                     int
	kind, value, shown         string
	formula, paragraph, inText bool
}

func openODS(a *archive) (*Book, error) {
	if encrypted, err := a.encrypted(); err != nil {
		return nil, err
	} else if encrypted {
		return nil, ErrOldExcel
	}
	r := &odsReader{unseen: map[string]bool{}}
	if err := a.part("content.xml", func(p *parser) error { return p.each(r.begin, r.add, r.end) }); err != nil {
		return nil, err
	}
	if len(r.sheets) == 0 || len(r.sheets) < len(r.tabs) { // a text or a presentation; a file that was cut
		return nil, ErrUnreadable
	}
	return &Book{Tabs: r.tabs, rows: func(tab int) ([]Row, error) {
		if r.long[tab] {
			return nil, ErrTooManyRows
		}
		return r.sheets[tab], nil
	}}, nil
}

// encrypted says whether the parts are behind a password.
func (a *archive) encrypted() (found bool, err error) {
	err = a.part("META-INF/manifest.xml", func(p *parser) error {
		return p.elements(func(e xml.StartElement) error {
			found = found || e.Name.Local == "encryption-data"
			return nil
		})
	})
	return found, err
}

func (r *odsReader) begin(e xml.StartElement) error {
	switch name := e.Name.Local; {
	case name == "style":
		r.style = attribute(e, "name")
	case name == "table-properties":
		r.unseen[r.style] = attribute(e, "display") == "false"
	case name == "table":
		if r.depth++; r.depth == 1 {
			r.tabs = append(r.tabs, Tab{Name: attribute(e, "name"), Hidden: r.unseen[attribute(e, "style-name")]})
			r.long = append(r.long, false)
			r.number, r.list.rows = 0, nil
		}
	case r.depth != 1:
	case r.note > 0 || name == "annotation" || name == "shape" || name == "frame":
		r.note++
	case name == "table-row":
		r.repeat, r.column = repeated(e, "number-rows-repeated"), 0
		visible := attribute(e, "visibility")
		r.row = Row{Number: r.number + 1, Hidden: visible == "collapse" || visible == "filter"}
	case name == "table-cell" || name == "covered-table-cell":
		r.beginCell(e)
	case name == "p" && r.cell.paragraph:
		r.text.add([]byte("\n"))
		r.cell.inText = true
	case name == "p":
		r.cell.paragraph, r.cell.inText = true, true
	case name == "s":
		r.text.add(spaces[:min(repeated(e, "c"), len(spaces))])
	case name == "tab" || name == "line-break":
		r.text.add([]byte("\n"))
	}
	return nil
}

var spaces = bytes.Repeat([]byte(" "), 100)

func repeated(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attribute(e, name))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

func (r *odsReader) beginCell(e xml.StartElement) {
	kind := attribute(e, "value-type")
	r.cell = odsCell{repeat: repeated(e, "number-columns-repeated"), kind: kind, formula: attribute(e, "formula") != ""}
	switch kind {
	case "date":
		r.cell.value, _, _ = strings.Cut(attribute(e, "date-value"), "T")
	case "time":
		r.cell.value = attribute(e, "time-value")
	case "boolean":
		r.cell.value = strings.ToUpper(attribute(e, "boolean-value"))
	case "string":
		r.cell.value = attribute(e, "string-value")
	default:
		r.cell.value = attribute(e, "value")
	}
	for _, a := range e.Attr { // LibreOffice says string beside it
		if a.Name.Local == "value-type" && a.Value == "error" {
			r.cell.kind = "error"
		}
	}
}

func (r *odsReader) add(b []byte) {
	if r.cell.inText && r.note == 0 {
		r.text.add(b)
	}
}

func (r *odsReader) end(name string) error {
	switch {
	case name == "table":
		if r.depth == 1 {
			r.sheets = append(r.sheets, r.list.rows)
		}
		r.depth = max(r.depth-1, 0)
	case r.depth != 1:
	case r.note > 0:
		r.note--
	case name == "p":
		r.cell.inText = false
	case name == "table-cell" || name == "covered-table-cell":
		r.cell.shown = strings.TrimSpace(r.text.take())
		r.put()
		r.cell = odsCell{}
	case name == "table-row":
		return r.endRow()
	}
	return nil
}

// endRow takes a row, as often as it is repeated: of empty ones, which fill a sheet to its millionth row, only the number counts.
func (r *odsReader) endRow() error {
	for i := range r.repeat {
		if i > 0 && len(r.row.Cells) == 0 {
			break
		}
		row := Row{Number: r.number + i + 1, Hidden: r.row.Hidden, NoValue: r.row.NoValue, Cells: append([]string(nil), r.row.Cells...)}
		if err := r.list.add(row); errors.Is(err, ErrTooManyRows) {
			r.list.rows, r.long[len(r.long)-1] = nil, true
			break
		} else if err != nil {
			return err
		}
	}
	r.number += r.repeat
	return nil
}

// put writes the cell into its row, as often as it is repeated, unless it is empty.
func (r *odsReader) put() {
	at := r.column
	r.column += min(r.cell.repeat, excelColumns)
	shown, missing := r.cell.show()
	if shown == "" && !missing {
		return
	}
	for i := at; i < min(r.column, maxColumns); i++ {
		for len(r.row.Cells) <= i {
			r.row.Cells = append(r.row.Cells, "")
		}
		r.row.Cells[i] = shown
		if missing {
			r.row.NoValue = append(r.row.NoValue, i)
		}
	}
}

// show returns what a cell means: a day and a number by its value, since what is shown may be rounded or in another order; a
// number with letters or noughts as it is shown.
func (c odsCell) show() (shown string, missing bool) {
	switch c.kind {
	case "error":
		return "", true
	case "float", "percentage", "currency":
		if c.shown != "" && (c.kind != "float" || shownAsText(c.shown)) {
			return c.shown, false
		}
		if n, err := strconv.ParseFloat(c.value, 64); err == nil {
			return plainNumber(n), false
		}
		return c.shown, false
	case "date", "boolean":
		if c.value != "" {
			return c.value, false
		}
	case "string":
		if c.shown == "" {
			return c.value, false
		}
	case "":
		if c.shown == "" {
			return "", c.formula
		}
	}
	return c.shown, false
}
