// Package sheet writes tables as spreadsheets, row by row, for every list that can be taken away, and reads those that people
// bring. What it writes cannot become a formula in the reader's spreadsheet program.
//
// Goals: a file opens with a double click where people work, in an Excel with Polish settings, and shows numbers as numbers
// and days as days; a list that was taken away can be read in again; what people bring is understood whatever program and
// decade it comes from, and a hostile file costs no more than an honest one. Limits: what is written is one table in a file,
// without formulas, colours or charts; CSV holds what is shown, XLSX the whole number. What is read are cells alone: formulas are
// not computed, and old XLS files are refused.
package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ostoja/internal/errs"
)

// Format is a kind of file.
type Format string

// The formats. The values are the file names' endings, as they stand in the routes' {format}.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// Parse returns the format of an ending; ok is false for one that we do not write.
func Parse(ending string) (f Format, ok bool) {
	f = Format(ending)
	return f, f == XLSX || f == CSV
}

// MediaType returns the value for the Content-Type header.
func (f Format) MediaType() string {
	if f == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Rows gives the rows one by one; an error ends the writing. A cell is a string, an integer, a float64 (shown with two decimal
// places), a [Decimal], a bool (shown as 1 or nothing), a time.Time (shown to the minute, in its own location), a [Day] or nil.
type Rows = iter.Seq2[[]any, error]

// Day is a time of which the day alone is shown.
type Day time.Time

// Decimal is a number that is shown with so many decimal places, at most six. XLSX holds all of it; CSV what is shown.
type Decimal struct {
	Value  float64
	Places int
}

const (
	usualPlaces = 2 // of a float64: percentages and means
	mostPlaces  = 6
)

// text returns the number as it is written where a comma is the decimal sign; nothing for what is no number.
func (d Decimal) text() string {
	if !d.there() {
		return ""
	}
	s := strconv.FormatFloat(d.Value, 'f', d.places(), 64)
	if strings.Trim(s, "-0.") == "" { // no minus before a nought
		s = strings.TrimPrefix(s, "-")
	}
	return strings.Replace(s, ".", ",", 1)
}

func (d Decimal) there() bool { return !math.IsNaN(d.Value) && !math.IsInf(d.Value, 0) }

func (d Decimal) places() int { return min(max(d.Places, 0), mostPlaces) }

// Of returns the rows of a slice.
func Of(rows [][]any) Rows {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Write writes a table with a header row. name is the sheet's, shown on its tab.
func Write(w io.Writer, f Format, name string, header []string, rows Rows) (err error) {
	defer errs.Wrap(&err, "sheet.Write(%s)", f)
	if f == XLSX {
		return writeXLSX(w, name, header, rows)
	}
	return writeCSV(w, header, rows)
}

// writeCSV writes what Excel opens with a double click where a comma is the decimal sign, as in Poland: semicolons, decimal
// commas, and a byte order mark that says UTF-8. All else is as RFC 4180 says: CRLF, and quotation marks around what needs them.
func writeCSV(w io.Writer, header []string, rows Rows) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	line := make([]string, 0, len(header))
	for _, h := range header {
		line = append(line, escape(h))
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		line = line[:0]
		for _, cell := range row {
			line = append(line, plain(cell))
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// plain returns a cell as text. Only texts are disarmed: a number that we made is no formula.
func plain(cell any) string {
	switch c := cell.(type) {
	case nil:
		return ""
	case string:
		return escape(c)
	case time.Time:
		if c.IsZero() {
			return ""
		}
		return c.Format("2006-01-02 15:04")
	case Day:
		if time.Time(c).IsZero() {
			return ""
		}
		return time.Time(c).Format(time.DateOnly)
	case bool:
		if c {
			return "1"
		}
		return ""
	case float64:
		return Decimal{c, usualPlaces}.text()
	case Decimal:
		return c.text()
	case int, int64, int32:
		return fmt.Sprint(c)
	}
	return escape(fmt.Sprint(cell))
}

// cellLimit is the number of characters that a cell of a spreadsheet holds.
const cellLimit = 32767

// escape disarms a text: one that a spreadsheet program would take for a formula gets an apostrophe in front (OWASP, "CSV
// Injection"), and control characters, which XLSX cannot hold, become spaces. [unescape] undoes it.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || (unicode.IsControl(r) && r != '\n') {
			return ' '
		}
		return r
	}, s)
	if armed(s) {
		s = "'" + s
	}
	if utf8.RuneCountInString(s) > cellLimit {
		s = string([]rune(s)[:cellLimit-1]) + "…"
	}
	return s
}

// armed says whether a spreadsheet program could take the text for a formula. Space in front does not stop all of them, nor do
// signs that are not seen, which some drop; and some read the full-width signs of East Asian keyboards as the plain ones.
func armed(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, unseen))
	return strings.ContainsRune("=+-@|%＝＋－＠", r) && r != utf8.RuneError
}

// unseen says whether a sign leaves no trace: space, marks of order and of joining, the byte order mark, selectors of variants, and what
// Unicode calls ignorable besides (DerivedCoreProperties, Default_Ignorable_Code_Point).
func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// unescape takes away the apostrophe that [escape] put in front, so that a list that was taken away can be read in again.
func unescape(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && armed(rest) {
		return rest
	}
	return s
}

// sheetName keeps to what Excel allows for a tab: 31 characters without some signs, not empty.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 31 {
		s = string(r[:31])
	}
	if s = strings.TrimSpace(s); s == "" {
		return "1"
	}
	return s
}
