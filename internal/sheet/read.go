package sheet

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"ostoja/internal/errs"
)

// Why a file cannot be read. A page says each in its own words.
var (
	ErrTooLarge    = errors.New("sheet: the file is too large")
	ErrTooManyRows = errors.New("sheet: the file has too many rows")
	ErrTooMuch     = errors.New("sheet: the file unpacks to too much")
	ErrOldExcel    = errors.New("sheet: an XLS file, or one with a password")
	ErrUnreadable  = errors.New("sheet: not a table")
)

// Limits of what is read: a file of 10 MiB may unpack to a thousandfold (OWASP ASVS 12.1.2), and who imports people must get
// an answer in seconds.
const (
	MaxBytes   = 10 << 20
	MaxRows    = 20_000
	maxColumns = 200
	maxCells   = 1_500_000 // in all rows, with the empty ones between them
	maxText    = 16 << 20  // in all cells; a workbook states a text once that a thousand cells show
	maxCell    = 2_000     // characters; what is longer is cut
)

// Book is a file that people brought.
type Book struct {
	Tabs      []Tab
	Encoding  string   // of a text file: how it is read; "" where the file itself says so
	Encodings []string // of a text file: how else it could be meant, the likeliest first
	Unsure    bool     // the letters do not tell which of them it is

	rows func(tab int) ([]Row, error)
}

// Tab is a sheet of a workbook; a text file has one without a name.
type Tab struct {
	Name   string
	Hidden bool
}

// Row is a row that has cells.
type Row struct {
	Number  int // as a spreadsheet program shows it
	Hidden  bool
	Cells   []string // trimmed; a day as 2026-12-31, a number as it is shown
	NoValue []int    // cells with a formula that has no value, or an error
}

// Open reads a file: a workbook of Excel (XLSX) or LibreOffice (ODS), or text in cells, in whatever encoding and with whatever
// delimiter office programs write it. encoding names the one of a text file, "" if it is to be told from the text itself.
func Open(content []byte, encoding string) (b *Book, err error) {
	defer errs.Wrap(&err, "sheet.Open(%d bytes)", len(content))
	switch {
	case len(content) > MaxBytes:
		return nil, ErrTooLarge
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return openArchive(content)
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return nil, ErrOldExcel
	}
	return openText(content, encoding)
}

// Rows returns the rows of a sheet that have cells.
func (b *Book) Rows(tab int) (rows []Row, err error) {
	defer errs.Wrap(&err, "sheet.Rows(%d)", tab)
	if tab < 0 || tab >= len(b.Tabs) {
		return nil, ErrUnreadable
	}
	if rows, err = b.rows(tab); err != nil {
		return nil, err
	}
	return rows, nil
}

// rowList collects rows within the limits.
type rowList struct {
	rows        []Row
	cells, text int
	bytes       bool // the texts may be read again in another code page, in which other bytes are spaces
}

// add takes a row, unless it has no cells.
func (l *rowList) add(r Row) error {
	if len(r.Cells) == 0 {
		return nil
	}
	for i, c := range r.Cells {
		if c = strings.Trim(c, " \t\r\n"); !l.bytes {
			c = strings.TrimSpace(c)
		}
		r.Cells[i] = unescape(cut(c))
		l.text += len(r.Cells[i])
	}
	l.cells += len(r.Cells)
	l.rows = append(l.rows, r)
	switch {
	case len(l.rows) > MaxRows:
		return ErrTooManyRows
	case l.cells > maxCells, l.text > maxText:
		return ErrTooMuch
	}
	return nil
}

// cut ends what is too long for a cell. The copy lets go of the longer text.
func cut(c string) string {
	if len(c) <= maxCell || utf8.RuneCountInString(c) <= maxCell {
		return c
	}
	return strings.Clone(string([]rune(c)[:maxCell]))
}
