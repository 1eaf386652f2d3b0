// Package scorefile reads a researcher's spreadsheet of scores and says what the gain of its people is, under the rules of the
// gain report: the command ostoja gain. It needs no database.
//
// Goals: the same figures as the report's for the same scores; a file that could be read in two ways is refused with the line and the
// question, never guessed. Limits: who is in the file is the researcher's to answer for; small groups are suppressed as in the report,
// the whole is not, since whoever runs the command holds the file.
package scorefile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ostoja/internal/errs"
	"ostoja/internal/gain"
)

// File is a researcher's spreadsheet: one row a person.
type File struct {
	Scores  []gain.Scores
	Columns []string   // the group columns
	Groups  [][]string // of each person, in the order of Columns
	Persons []string
	Forms   [][2]string // of each person, the form sat before and the one after; "" where the file does not say
	// SameForm is how many took one form twice: what they remember of it passes for learning.
	SameForm int
}

// Scale is what a score of 1 means.
type Scale string

// The scales. Where a file may be of either and nobody says which, it is refused.
const (
	Unsaid    Scale = ""
	Percent   Scale = "percent"   // 1 is one per cent
	Fractions Scale = "fractions" // 1 is everything
)

// badRow is a row that cannot be read.
type badRow struct {
	Line   int // from 1, the header's
	Reason string
}

// String names the line and the reason.
func (b badRow) String() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// BadRowsError lists every bad row of a file.
type BadRowsError []badRow

// Error lists the rows, one a line.
func (e BadRowsError) Error() string {
	lines := make([]string, len(e))
	for i, b := range e {
		lines[i] = b.String()
	}
	return strings.Join(lines, "\n")
}

// Rows returns how many rows are bad; one may be so for several reasons.
func (e BadRowsError) Rows() int {
	lines := map[int]bool{}
	for _, b := range e {
		lines[b.Line] = true
	}
	return len(lines)
}

// columns that a file has; all others are groups.
const (
	columnPerson   = "person"
	columnFormPre  = "form_pre"
	columnPre      = "pre"
	columnFormPost = "form_post"
	columnPost     = "post"
	columnLater    = "later"
)

var (
	knownColumns    = []string{columnPerson, columnFormPre, columnPre, columnFormPost, columnPost, columnLater}
	requiredColumns = []string{columnPerson, columnPre, columnPost}
)

const maxFile = 64 << 20 // bytes

// ReadFile reads a CSV file with the columns person, form_pre, pre, form_post, post, later and any number of group columns.
// Fields are parted by commas, or by semicolons with decimal commas, or as the line "sep=;" says that some spreadsheets write first;
// an empty score or "-" is a missing one. A file of which nobody says whether 0.5 is half of all or half a per cent is refused, and so
// is one with bad rows as a whole with a [BadRowsError]: figures of the rest would be figures of something else.
func ReadFile(r io.Reader, scale Scale) (f File, err error) {
	defer errs.Wrap(&err, "reading the scores")
	content, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return f, err
	}
	if len(content) > maxFile {
		return f, fmt.Errorf("the file is larger than %d MB", maxFile>>20)
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return f, errors.New("the file is a workbook, such as XLSX: save it as \"CSV UTF-8\"")
	}
	if !utf8.Valid(content) {
		return f, errors.New("the file is not in UTF-8: save it as \"CSV UTF-8\"")
	}
	content, comma, before := separator(content)
	rows := csv.NewReader(bytes.NewReader(content))
	rows.Comma, rows.FieldsPerRecord, rows.TrimLeadingSpace = comma, -1, true
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return f, errors.New("the file is empty")
	}
	if err != nil {
		return f, err
	}
	p := fileParser{comma: rows.Comma, scale: scale, before: before, seen: map[string]int{}, small: map[string]bool{}, large: map[string]bool{}}
	if err := p.header(header); err != nil {
		return f, err
	}
	f.Columns = p.columns()
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			p.bad(before+parse.StartLine, "the quotation marks do not fit together")
			break // what follows cannot be told into rows
		}
		if err != nil {
			return f, err
		}
		line, _ := rows.FieldPos(0)
		p.row(&f, before+line, row)
	}
	switch {
	case len(p.faults) > 0:
		return File{}, p.faults
	case len(f.Scores) == 0:
		return File{}, errors.New("the file has a header and no person")
	}
	if name := p.ambiguous(); name != "" {
		return File{}, fmt.Errorf("no score in the column %s is above 1, so that 0.5 may be half of all points or half a per cent: "+
			"say --scale fractions if 1 is everything, or --scale percent if 100 is", name)
	}
	return f, nil
}

// ambiguous returns the first column of scores whose scale cannot be told: something was scored, and nothing above 1.
func (p *fileParser) ambiguous() string {
	if p.scale != Unsaid {
		return ""
	}
	for _, name := range []string{columnPre, columnPost, columnLater} {
		if p.small[name] && !p.large[name] {
			return name
		}
	}
	return ""
}

var separatorLine = regexp.MustCompile(`^"?sep=(.)"?\r?\n`)

// separator returns the sign that parts the fields, and the content from its header on with the lines before it: a first line such as
// "sep=;" says the sign, else the header does.
func separator(content []byte) (rest []byte, sign rune, before int) {
	if found := separatorLine.FindSubmatch(content); found != nil {
		sign, _ = utf8.DecodeRune(found[1])
		if strings.ContainsRune(",;\t|", sign) { // others are refused as a header
			return content[len(found[0]):], sign, 1
		}
	}
	return content, headerSeparator(content), 0
}

// headerSeparator is the sign that parts the header's fields.
func headerSeparator(content []byte) rune {
	first, _, _ := bufio.NewReader(bytes.NewReader(content)).ReadLine()
	for _, sign := range []byte{';', '\t'} {
		if bytes.IndexByte(first, sign) >= 0 {
			return rune(sign)
		}
	}
	return ','
}

type fileParser struct {
	comma  rune
	scale  Scale
	before int             // lines before the header
	small  map[string]bool // columns with a score above 0 and up to 1
	large  map[string]bool // columns with one above, or with a per cent sign
	names  []string
	seen   map[string]int // person -> line
	faults BadRowsError
}

func (p *fileParser) bad(line int, format string, args ...any) {
	p.faults = append(p.faults, badRow{line, fmt.Sprintf(format, args...)})
}

func (p *fileParser) header(names []string) error {
	for _, name := range names {
		name = strings.TrimSpace(name)
		if slices.Contains(knownColumns, strings.ToLower(name)) {
			name = strings.ToLower(name)
		}
		if name == "" || slices.Contains(p.names, name) {
			return BadRowsError{{p.before + 1, fmt.Sprintf("the column %q is empty or there twice", name)}}
		}
		p.names = append(p.names, name)
	}
	for _, name := range requiredColumns {
		if !slices.Contains(p.names, name) {
			return BadRowsError{{p.before + 1, fmt.Sprintf("there is no column %q; a file has person, form_pre, pre, form_post, post, later and group columns of its own", name)}}
		}
	}
	return nil
}

func (p *fileParser) columns() []string {
	var list []string
	for _, name := range p.names {
		if !slices.Contains(knownColumns, name) {
			list = append(list, name)
		}
	}
	return list
}

func (p *fileParser) row(f *File, line int, row []string) {
	if len(row) == 1 && strings.TrimSpace(row[0]) == "" {
		return
	}
	if len(row) != len(p.names) {
		p.bad(line, "it has %d fields and the header %d", len(row), len(p.names))
		return
	}
	var (
		s      = gain.Scores{Pre: gain.Missing, Post: gain.Missing, Later: gain.Missing}
		person string
		groups []string
		forms  = map[string]string{}
		good   = true
	)
	for i, name := range p.names {
		text := strings.TrimSpace(row[i])
		switch name {
		case columnPerson:
			person = text
		case columnPre:
			good = p.score(line, name, text, &s.Pre) && good
		case columnPost:
			good = p.score(line, name, text, &s.Post) && good
		case columnLater:
			good = p.score(line, name, text, &s.Later) && good
		case columnFormPre, columnFormPost:
			forms[name] = text
		default:
			groups = append(groups, text)
		}
	}
	switch earlier, twice := p.seen[person]; {
	case person == "":
		p.bad(line, "the person is missing")
		return
	case twice:
		p.bad(line, "the person %q stands in line %d already", person, earlier)
		return
	}
	p.seen[person] = line
	if good {
		if forms[columnFormPre] != "" && forms[columnFormPre] == forms[columnFormPost] {
			f.SameForm++
		}
		f.Scores, f.Groups, f.Persons = append(f.Scores, s), append(f.Groups, groups), append(f.Persons, person)
		f.Forms = append(f.Forms, [2]string{forms[columnFormPre], forms[columnFormPost]})
	}
}

// score reads a percent score.
func (p *fileParser) score(line int, column, text string, into *float64) bool {
	if text == "" || text == "-" || text == "–" {
		return true
	}
	number := text
	if p.comma != ',' {
		number = strings.Replace(text, ",", ".", 1)
	}
	number, percent := strings.CutSuffix(number, "%")
	number = strings.TrimSpace(number)
	x, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil || gain.IsMissing(x) || strings.ContainsAny(number, "xXpP_"): // 0x1p4 is a number to Go alone
		p.bad(line, "%s is %q, which is not a number", column, text)
	case p.scale == Fractions && percent:
		p.bad(line, "%s is %s, in per cent; the file is said to hold fractions", column, text)
	case p.scale == Fractions && (x < 0 || x > 1):
		p.bad(line, "%s is %s; a fraction lies between 0 and 1", column, text)
	case x < 0 || x > 100:
		p.bad(line, "%s is %s; a percent score lies between 0 and 100", column, text)
	case p.scale == Fractions:
		*into = 100 * x
		return true
	default:
		p.small[column] = p.small[column] || x > 0
		p.large[column] = p.large[column] || x > 1 || percent
		*into = x
		return true
	}
	return false
}
