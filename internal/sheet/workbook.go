package sheet

import (
	"encoding/xml"
	"path"
	"strconv"
	"strings"
)

// workbook is an XLSX file (ECMA-376, part 1, 18). Why it is our own reader: decision 0031.
type workbook struct {
	a         *archive
	sheets    []string // names of the parts
	strings   string   // name of the part with the shared texts
	shared    []string
	formats   []numberFormat // by number of a cell's style
	since1904 bool
}

func openXLSX(a *archive) (*Book, error) {
	main := "xl/workbook.xml"
	if links, err := a.links("_rels/.rels", ""); err != nil {
		return nil, err
	} else {
		for _, l := range links {
			if l.kind == "officeDocument" {
				main = l.target
			}
		}
	}
	if a.files[partName(main)] == nil {
		return nil, ErrUnreadable
	}
	links, err := a.links(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), path.Dir(main))
	if err != nil {
		return nil, err
	}
	w := &workbook{a: a}
	b := &Book{}
	if b.Tabs, err = w.readTabs(main, links); err != nil {
		return nil, err
	}
	for _, l := range links {
		switch l.kind {
		case "sharedStrings":
			w.strings = l.target
		case "styles":
			if err := w.readStyles(l.target); err != nil {
				return nil, err
			}
		}
	}
	b.rows = w.rows
	return b, nil
}

// link leads from one part to another.
type link struct{ id, kind, target string }

func (a *archive) links(part, folder string) (links []link, err error) {
	err = a.part(part, func(p *parser) error {
		return p.elements(func(e xml.StartElement) error {
			if e.Name.Local == "Relationship" && len(links) < 1_000 {
				target := attribute(e, "Target")
				if !strings.HasPrefix(target, "/") {
					target = path.Join(folder, target)
				}
				links = append(links, link{attribute(e, "Id"), path.Base(attribute(e, "Type")), target})
			}
			return nil
		})
	})
	return links, err
}

func (w *workbook) readTabs(main string, links []link) (tabs []Tab, err error) {
	worksheets := map[string]string{}
	for _, l := range links {
		if l.kind == "worksheet" {
			worksheets[l.id] = l.target
		}
	}
	err = w.a.part(main, func(p *parser) error {
		return p.elements(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "workbookPr":
				w.since1904 = isTrue(attribute(e, "date1904"))
			case "sheet":
				if target := worksheets[attribute(e, "id")]; target != "" {
					state := attribute(e, "state")
					tabs = append(tabs, Tab{Name: attribute(e, "name"), Hidden: state == "hidden" || state == "veryHidden"})
					w.sheets = append(w.sheets, target)
				}
			}
			return nil
		})
	})
	return tabs, err
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

// readStyles reads in which format each style shows its cells.
func (w *workbook) readStyles(part string) error {
	custom, inside := map[int]numberFormat{}, false
	return w.a.part(part, func(p *parser) error {
		return p.each(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "numFmt":
				if n, err := strconv.Atoi(attribute(e, "numFmtId")); err == nil {
					custom[n] = parseFormat(attribute(e, "formatCode"))
				}
			case "cellXfs":
				inside = true
			case "xf":
				if inside && len(w.formats) < 1<<16 {
					n, err := strconv.Atoi(attribute(e, "numFmtId"))
					if err != nil {
						n = 0
					}
					f, ok := custom[n]
					if !ok {
						f = builtInFormat(n)
					}
					w.formats = append(w.formats, f)
				}
			}
			return nil
		}, func([]byte) {}, func(name string) error {
			inside = inside && name != "cellXfs"
			return nil
		})
	})
}

// readShared reads the texts that cells share. How they are to be pronounced is left out.
func (w *workbook) readShared() error {
	if w.strings == "" {
		return nil
	}
	part, size := w.strings, 0
	w.strings = ""
	var text textPiece
	inText, phonetic := false, false
	return w.a.part(part, func(p *parser) error {
		return p.each(func(e xml.StartElement) error {
			inText = e.Name.Local == "t"
			phonetic = phonetic || e.Name.Local == "rPh"
			return nil
		}, func(b []byte) {
			if inText && !phonetic {
				text.add(b)
			}
		}, func(name string) error {
			switch name {
			case "t":
				inText = false
			case "rPh":
				phonetic = false
			case "si":
				s := text.take()
				if size += len(s) + 16; size > 2*maxText {
					return ErrTooMuch
				}
				w.shared = append(w.shared, s)
			}
			return nil
		})
	})
}

func (w *workbook) rows(tab int) ([]Row, error) {
	if err := w.readShared(); err != nil {
		return nil, err
	}
	r := sheetReader{w: w}
	err := w.a.part(w.sheets[tab], func(p *parser) error { return p.each(r.begin, r.add, r.end) })
	return r.list.rows, err
}

// sheetReader reads the rows of a worksheet.
type sheetReader struct {
	w    *workbook
	list rowList
	row  Row
	cell xlsxCell
	text textPiece
	into bool // what is read is the cell's value
	skip bool // how a text is to be pronounced
}

type xlsxCell struct {
	column, style   int
	kind            string
	formula, valued bool
	value           string
}

func (r *sheetReader) begin(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		number := r.row.Number + 1
		if n, err := strconv.Atoi(attribute(e, "r")); err == nil && n > 0 {
			number = n
		}
		r.row = Row{Number: number, Hidden: isTrue(attribute(e, "hidden"))}
		r.cell.column = 0
	case "c":
		column := r.cell.column + 1
		if n := columnOf(attribute(e, "r")); n > 0 {
			column = n
		}
		style, err := strconv.Atoi(attribute(e, "s"))
		if err != nil {
			style = -1
		}
		r.cell = xlsxCell{column: column, style: style, kind: attribute(e, "t")}
	case "f":
		r.cell.formula = true
	case "v":
		r.into, r.cell.valued = true, true
	case "t":
		r.into, r.cell.valued = !r.skip, true
	case "rPh":
		r.skip = true
	}
	return nil
}

func (r *sheetReader) add(b []byte) {
	if r.into {
		r.text.add(b)
	}
}

func (r *sheetReader) end(name string) error {
	switch name {
	case "v", "t":
		r.into = false
	case "rPh":
		r.skip = false
	case "c":
		r.cell.value = r.text.take()
		r.put()
	case "row":
		row := r.row
		r.row = Row{Number: row.Number}
		return r.list.add(row)
	}
	return nil
}

// put writes the cell into its row.
func (r *sheetReader) put() {
	at := r.cell.column - 1
	if at < 0 || at >= maxColumns {
		return
	}
	shown, missing := r.w.show(r.cell)
	if shown == "" && !missing {
		return
	}
	for len(r.row.Cells) <= at {
		r.row.Cells = append(r.row.Cells, "")
	}
	r.row.Cells[at] = shown
	if missing {
		r.row.NoValue = append(r.row.NoValue, at)
	}
}

// show returns what a cell shows; missing is true for a formula that has no value, and for an error.
func (w *workbook) show(c xlsxCell) (shown string, missing bool) {
	switch c.kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(c.value)); err == nil && i >= 0 && i < len(w.shared) {
			return w.shared[i], false
		}
		return "", false
	case "inlineStr":
		return c.value, false
	case "str":
		return c.value, c.formula && !c.valued
	case "b":
		return map[bool]string{true: "TRUE", false: "FALSE"}[isTrue(strings.TrimSpace(c.value))], false
	case "e":
		return "", true
	case "d":
		day, _, _ := strings.Cut(c.value, "T")
		return day, false
	}
	if strings.TrimSpace(c.value) == "" {
		return "", c.formula
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(c.value), 64)
	if err != nil {
		return c.value, false
	}
	var f numberFormat
	if c.style >= 0 && c.style < len(w.formats) {
		f = w.formats[c.style]
	}
	return f.show(n, w.since1904), false
}

// columnOf returns the column of a cell's address, as 28 of AB17; 0 if it names none.
func columnOf(address string) (n int) {
	for _, c := range address {
		if c|0x20 < 'a' || c|0x20 > 'z' || n > excelColumns {
			return n
		}
		n = n*26 + int(c|0x20-'a') + 1
	}
	return n
}
