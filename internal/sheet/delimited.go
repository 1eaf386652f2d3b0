package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// excelColumns is how many cells a row of a spreadsheet program can have.
const excelColumns = 16_384

func openText(content []byte, encoding string) (*Book, error) {
	read, err := decode(content, encoding)
	if err != nil {
		return nil, err
	}
	if binary(read.text) {
		return nil, ErrUnreadable
	}
	b := &Book{Tabs: []Tab{{}}, Encoding: read.encoding, Encodings: read.others, Unsure: read.unsure}
	b.rows = func(int) ([]Row, error) { return readDelimited(read.text, read.encoding != "") }
	return b, nil
}

func readDelimited(text string, again bool) ([]Row, error) {
	text = lineEnds(text)
	text, comma := delimiter(text)
	for line := range strings.Lines(text) {
		if strings.Count(line, string(comma)) > excelColumns {
			return nil, ErrTooMuch
		}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = comma, true, -1, true
	list := rowList{bytes: again}
	for number := 1; ; number++ {
		rest := text[r.InputOffset():]
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list.rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
		// The reader skips empty lines, which are rows to who sees the file; the lines of one cell are none.
		for empty := true; empty; {
			if rest, empty = strings.CutPrefix(rest, "\n"); empty {
				number++
			}
		}
		if number > MaxRows {
			return nil, ErrTooManyRows
		}
		cells := make([]string, min(len(record), maxColumns))
		copy(cells, record)
		if err := list.add(Row{Number: number, Cells: cells}); err != nil {
			return nil, err
		}
	}
}

// lineEnds writes all line ends in one way. Lists of old Macs have a carriage return alone.
func lineEnds(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return text
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

// delimiter finds what separates the cells: the sign that stands in most of the first lines, and of two such the one that stands there
// more often. A text with many commas is one cell of one line; what separates is in the header too.
func delimiter(text string) (rest string, comma rune) {
	if head, tail, found := strings.Cut(text, "\n"); found { // Excel's own hint
		hint := strings.ToLower(strings.Trim(head, " \ufeff"))
		if len(hint) == 5 && strings.HasPrefix(hint, "sep=") && strings.Contains(";,|\t", hint[4:]) {
			return "\n" + tail, rune(hint[4])
		}
	}
	head := text[:min(len(text), 16<<10)]
	most, comma := [2]int{}, ';'
	for _, candidate := range []rune{';', '\t', ',', '|'} {
		if n := occurrences(head, candidate, 30); slices.Compare(n[:], most[:]) > 0 {
			most, comma = n, candidate
		}
	}
	return text, comma
}

// occurrences counts in how many of the first lines a sign stands outside quotes, and how often.
func occurrences(text string, sign rune, first int) (n [2]int) {
	lines, quoted, here := 0, false, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '\n' && !quoted:
			if lines, here = lines+1, false; lines == first {
				return n
			}
		case r == sign && !quoted:
			n[1]++
			if !here {
				n[0]++
			}
			here = true
		}
	}
	return n
}
