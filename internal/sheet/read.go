package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	uni "golang.org/x/text/encoding/unicode"

	"ostoja/internal/errs"
)

// Why a file cannot be read. A page says each in its own words.
var (
	ErrTooLarge    = errors.New("sheet: the file is too large")
	ErrTooManyRows = errors.New("sheet: the file has too many rows")
	ErrOldExcel    = errors.New("sheet: an XLS file, or one with a password")
	ErrUnreadable  = errors.New("sheet: not a table")
)

// Limits of what is read: a file of 10 MiB may unpack to a thousandfold (OWASP ASVS 12.1.2), and who imports people must get
// an answer in seconds.
const (
	MaxBytes   = 10 << 20
	MaxRows    = 20_000
	maxColumns = 200
	maxUnzip   = 128 << 20
	maxCell    = 2_000 // characters; what is longer is cut
)

// Read returns the rows of the first sheet of an XLSX file that has any, or of a CSV file in whatever encoding and with
// whatever delimiter office programs in Poland write them. Days are given as 2026-12-31. Empty rows are kept, so that a
// row's number is the one that the person sees.
func Read(content []byte) (rows [][]string, err error) {
	defer errs.Wrap(&err, "sheet.Read(%d bytes)", len(content))
	switch {
	case len(content) > MaxBytes:
		return nil, ErrTooLarge
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return readXLSX(content)
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return nil, ErrOldExcel
	}
	return readCSV(content)
}

func readCSV(content []byte) ([][]string, error) {
	text, err := decode(content)
	if err != nil {
		return nil, err
	}
	if binary(text) {
		return nil, ErrUnreadable
	}
	text, comma := delimiter(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, true, -1
	var rows [][]string
	for {
		rest := text[r.InputOffset():]
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
		// The reader skips empty lines, which are rows to who sees the file; the lines of one cell are none.
		for empty := true; empty && len(rows) <= MaxRows; {
			if rest, empty = cutLineEnd(rest); empty {
				rows = append(rows, nil)
			}
		}
		if len(rows) >= MaxRows {
			return nil, ErrTooManyRows
		}
		rows = append(rows, cells(record))
	}
}

// cutLineEnd takes a line end off the beginning of a text, if there is one.
func cutLineEnd(s string) (rest string, found bool) {
	if rest, found = strings.CutPrefix(s, "\r\n"); found {
		return rest, true
	}
	return strings.CutPrefix(s, "\n")
}

func cells(record []string) []string {
	record = record[:min(len(record), maxColumns)]
	out := make([]string, len(record))
	for i, c := range record {
		c = strings.TrimSpace(c)
		if utf8.RuneCountInString(c) > maxCell {
			c = string([]rune(c)[:maxCell])
		}
		out[i] = unescape(c)
	}
	return out
}

// binary says whether the text is none.
func binary(text string) bool {
	head := text[:min(len(text), 4096)]
	odd := 0
	for _, r := range head {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			odd++
		}
	}
	return odd > len(head)/50
}

// decode finds the encoding: byte order marks first, then UTF-16 by its zero bytes, UTF-8 by its being valid, and of the two
// old Polish encodings the one whose letters occur.
func decode(content []byte) (string, error) {
	var e encoding.Encoding
	switch {
	case bytes.HasPrefix(content, []byte("\xef\xbb\xbf")):
		return strings.ToValidUTF8(string(content[3:]), "\ufffd"), nil
	case bytes.HasPrefix(content, []byte("\xff\xfe")), bytes.HasPrefix(content, []byte("\xfe\xff")):
		e = uni.UTF16(uni.LittleEndian, uni.UseBOM)
	case zeros(content, 1) > len(content)/5:
		e = uni.UTF16(uni.LittleEndian, uni.IgnoreBOM)
	case zeros(content, 0) > len(content)/5:
		e = uni.UTF16(uni.BigEndian, uni.IgnoreBOM)
	case utf8.Valid(content):
		return string(content), nil
	default:
		e = oldPolish(content)
	}
	b, err := e.NewDecoder().Bytes(content)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return string(b), nil
}

func zeros(content []byte, from int) (n int) {
	head := content[:min(len(content), 1<<16)]
	for i := from; i < len(head); i += 2 {
		if head[i] == 0 {
			n++
		}
	}
	return n * len(content) / max(1, len(head))
}

// oldPolish tells Windows-1250 from ISO 8859-2: they differ in ą, ś, ź and their capitals.
func oldPolish(content []byte) encoding.Encoding {
	windows, iso := 0, 0
	for _, b := range content {
		switch b {
		case 0xB9, 0xA5, 0x9C, 0x8C, 0x9F, 0x8F:
			windows++
		case 0xB1, 0xA1, 0xB6, 0xA6, 0xBC, 0xAC:
			iso++
		}
	}
	if iso > windows {
		return charmap.ISO8859_2
	}
	return charmap.Windows1250
}

// delimiter finds what separates the cells: the sign that makes most of them in the first lines.
func delimiter(text string) (rest string, comma rune) {
	if head, tail, found := strings.Cut(text, "\n"); found { // Excel's own hint
		hint := strings.ToLower(strings.TrimSpace(head))
		if len(hint) == 5 && strings.HasPrefix(hint, "sep=") && strings.Contains(";,|", hint[4:]) {
			return "\n" + tail, rune(hint[4])
		}
	}
	head := text[:min(len(text), 16<<10)]
	best, comma := 0, ';'
	for _, candidate := range []rune{';', '\t', ',', '|'} {
		n, quoted, lines := 0, false, 0
		for _, r := range head {
			switch {
			case r == '"':
				quoted = !quoted
			case r == '\n' && !quoted:
				lines++
			case r == candidate && !quoted:
				n++
			}
			if lines >= 30 {
				break
			}
		}
		if n > best {
			best, comma = n, candidate
		}
	}
	return text, comma
}

var (
	looksLikeDay = regexp.MustCompile(`^\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}|[A-Za-zŁłŚśŹźŻżĆćŃńÓóĄąĘę]{3,}`)
	scientific   = regexp.MustCompile(`^-?\d(\.\d+)?E\+\d+$`)
)

// readXLSX reads each cell twice: as it is shown, and as it is stored, since what is shown may be a rounded number or a day
// in American order.
func readXLSX(content []byte) (rows [][]string, err error) {
	options := excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: 16 << 20}
	f, err := excelize.OpenReader(bytes.NewReader(content), options)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	defer func() { // a hostile file may surprise the parser; that is the file's fault and no reason for "internal error"
		if p := recover(); p != nil {
			rows, err = nil, fmt.Errorf("%w: %v", ErrUnreadable, p)
		}
	}()
	for _, name := range f.GetSheetList() {
		if rows, err = readSheet(f, name); err != nil || len(rows) > 0 {
			return rows, err
		}
	}
	return nil, nil
}

func readSheet(f *excelize.File, name string) (rows [][]string, err error) {
	shown, err := f.Rows(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer func() { err = errors.Join(err, shown.Close()) }()
	stored, err := f.Rows(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer func() { err = errors.Join(err, stored.Close()) }()
	for shown.Next() && stored.Next() {
		a, err := shown.Columns()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
		b, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
		if len(rows) >= MaxRows {
			return nil, ErrTooManyRows
		}
		for i := range a {
			if i < len(b) {
				a[i] = value(a[i], b[i])
			}
		}
		rows = append(rows, cells(a))
	}
	return rows, errors.Join(shown.Error(), stored.Error())
}

// showsNumber says whether the figures of a number stand in what is shown, as in "1 234,00 PLN": a day shows others than its
// serial number.
func showsNumber(shown string, n float64) bool {
	figures := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, shown)
	return strings.Contains(figures, strconv.Itoa(int(n))) || strings.Contains(figures, strconv.Itoa(int(math.Round(n))))
}

// value returns what a cell means, from how it is shown and how it is stored.
func value(shown, stored string) string {
	if shown == stored {
		return shown
	}
	n, err := strconv.ParseFloat(stored, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return shown
	}
	if scientific.MatchString(shown) {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	if looksLikeDay.MatchString(shown) && !showsNumber(shown, n) && n > 1 && n < 200_000 {
		if t, err := excelize.ExcelDateToTime(n, false); err == nil {
			return t.Format("2006-01-02")
		}
	}
	return shown
}
