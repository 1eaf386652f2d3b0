package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// An XLSX file is a ZIP archive of a few fixed parts and the sheet (ECMA-376, part 1, 18.2 and 18.3). It is written here and
// not by excelize, which reads ours (decision 0026): excelize holds 16 MiB of the sheet and the whole archive in memory, 66 MiB for
// 60,000 rows, where row by row takes next to nothing.

// The styles of cells, as indexes into cellXfs of [stylesXML]; a number with n decimal places is decimalStyle + n.
const (
	plainStyle = iota
	headStyle
	dayStyle
	minuteStyle
	decimalStyle
)

// lastRow is how many rows a sheet can have.
const lastRow = 1 << 20

// writeXLSX writes a workbook with one sheet, whose first row stays in sight.
func writeXLSX(w io.Writer, name string, header []string, rows Rows) error {
	archive := zip.NewWriter(w)
	for _, part := range []struct{ path, text string }{
		{"[Content_Types].xml", contentTypesXML},
		{"_rels/.rels", relsXML},
		{"xl/workbook.xml", fmt.Sprintf(workbookXML, escaped(sheetName(name)))},
		{"xl/_rels/workbook.xml.rels", workbookRelsXML},
		{"xl/styles.xml", stylesXML()},
	} {
		out, err := archive.Create(part.path)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(out, xml.Header+part.text); err != nil {
			return err
		}
	}
	out, err := archive.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	s := &sheetWriter{out: bufio.NewWriterSize(out, 32<<10)}
	if err := s.write(header, rows); err != nil {
		return err
	}
	return archive.Close()
}

// sheetWriter writes the rows of a sheet. The buffer keeps its first error, which flushing returns.
type sheetWriter struct {
	out  *bufio.Writer
	row  int
	said []byte // the text of the cell, used again for each
}

func (s *sheetWriter) write(header []string, rows Rows) error {
	fmt.Fprintf(s.out, sheetHeadXML, max(1, len(header))) //nolint:errcheck // kept by the buffer
	s.begin()
	for i, h := range header {
		s.text(i, headStyle, escape(h))
	}
	s.end()
	for row, err := range rows {
		if err != nil {
			return err
		}
		if s.row == lastRow {
			return fmt.Errorf("more than %d rows", lastRow)
		}
		s.begin()
		for i, cell := range row {
			s.cell(i, cell)
		}
		s.end()
	}
	s.string("</sheetData></worksheet>")
	return s.out.Flush()
}

// string writes what is already XML.
func (s *sheetWriter) string(text string) { s.out.WriteString(text) } //nolint:errcheck,gosec // kept by the buffer

func (s *sheetWriter) begin() {
	s.row++
	s.string(`<row r="`)
	s.int(s.row)
	s.string(`">`)
}

func (s *sheetWriter) end() { s.string("</row>") }

func (s *sheetWriter) cell(i int, cell any) {
	switch c := cell.(type) {
	case nil:
	case int, int64, int32:
		s.number(i, plainStyle, fmt.Sprint(c))
	case float64:
		s.cell(i, Decimal{c, usualPlaces})
	case Decimal:
		if c.there() {
			s.number(i, decimalStyle+c.places(), strconv.FormatFloat(c.Value, 'g', -1, 64))
		}
	case time.Time:
		if !c.IsZero() {
			s.number(i, minuteStyle, serial(c))
		}
	case Day:
		if t := time.Time(c); !t.IsZero() {
			y, m, d := t.Date()
			s.number(i, dayStyle, serial(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)))
		}
	default:
		if text := plain(cell); text != "" {
			s.text(i, plainStyle, text)
		}
	}
}

// int writes a number without making a text of it.
func (s *sheetWriter) int(n int) {
	s.out.Write(strconv.AppendInt(s.out.AvailableBuffer(), int64(n), 10)) //nolint:errcheck,gosec // kept by the buffer
}

// open begins the cell of a column.
func (s *sheetWriter) open(i, style int) {
	s.string(`<c r="`)
	s.string(column(i))
	s.int(s.row)
	s.string(`" s="`)
	s.int(style)
}

func (s *sheetWriter) number(i, style int, n string) {
	s.open(i, style)
	s.string(`"><v>`)
	s.string(n)
	s.string(`</v></c>`)
}

func (s *sheetWriter) text(i, style int, text string) {
	s.open(i, style)
	s.string(`" t="inlineStr"><is><t xml:space="preserve">`)
	s.said = append(s.said[:0], text...)
	xml.EscapeText(s.out, s.said) //nolint:errcheck,gosec // kept by the buffer
	s.string("</t></is></c>")
}

// column returns the letters of a column, from 0: A … Z, AA …
func column(i int) string {
	letters := ""
	for ; i >= 0; i = i/26 - 1 {
		letters = string(rune('A'+i%26)) + letters
	}
	return letters
}

// serial returns the clock's reading, to the minute, as days since 30 December 1899 (18.17.4.1): a spreadsheet knows no zones.
func serial(t time.Time) string {
	y, m, d := t.Date()
	minutes := time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / time.Minute
	return strconv.FormatFloat(float64(minutes)/(24*60), 'f', -1, 64)
}

func escaped(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) //nolint:errcheck,gosec // a strings.Builder takes everything
	return b.String()
}

const (
	contentTypesXML = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	relsXML = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	workbookXML = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="%s" sheetId="1" r:id="rId1"/></sheets></workbook>`
	workbookRelsXML = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	sheetHeadXML = xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<cols><col min="1" max="%d" width="20" customWidth="1"/></cols><sheetData>`
)

// stylesXML has the formats of days, minutes and decimal numbers; those of one's own begin at 164 (18.8.30).
func stylesXML() string {
	formats, cells := []string{"yyyy-mm-dd", "yyyy-mm-dd hh:mm"}, []string{}
	for places := range mostPlaces + 1 {
		formats = append(formats, strings.TrimSuffix("0."+strings.Repeat("0", places), "."))
	}
	for i, f := range formats {
		formats[i] = fmt.Sprintf(`<numFmt numFmtId="%d" formatCode="%s"/>`, 164+i, f)
		cells = append(cells, fmt.Sprintf(`<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`, 164+i))
	}
	font := `<sz val="11"/><name val="Calibri"/></font>`
	return `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		fmt.Sprintf(`<numFmts count="%d">`, len(formats)) + strings.Join(formats, "") + `</numFmts>` +
		`<fonts count="2"><font>` + font + `<font><b/>` + font + `</fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		fmt.Sprintf(`<cellXfs count="%d">`, decimalStyle+mostPlaces+1) + `<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` + strings.Join(cells, "") + `</cellXfs></styleSheet>`
}
