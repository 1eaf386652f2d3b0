package prose

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// What Markdown can be long at: goldmark looks back from each mark of a paragraph at those before it, and at all quotes and lists around each
// line; a table's rows are filled up to the columns of its head, and a reference repeats its address. Measured, a line of 50,000 characters
// takes from 2 seconds to minutes, for each of some twenty kinds of marks. The bounds are some ten times what lessons and articles have.
const (
	mostBytes   = 256 << 10 // of a text
	mostMarks   = 2_000     // of a paragraph, which is lines up to an empty one
	mostColumns = 40        // of a table
	deepest     = 20        // quotes and lists within each other, on one line
	longestWord = 1_000     // letters without a space: addresses
	indented    = 100       // signs of space before a line: lists within lists
)

// marks begin or end something within a paragraph.
const marks = "*_[]()<>`!&\\~{"

// Heavy says what in a text would take long to be read as Markdown, and on which of its lines, the first being 1; "" if nothing would. What
// it names is neither to be parsed nor to be shown other than as plain text.
func Heavy(text string) (line int, hint, why string) {
	if len(text) > mostBytes {
		return 1, "divide it", fmt.Sprintf("the text has %d kB; at most %d kB are allowed", len(text)>>10, mostBytes>>10)
	}
	paragraph := 0
	for at, l := range strings.Split(text, "\n") {
		if strings.TrimSpace(l) == "" {
			paragraph = 0
		}
		for _, r := range l {
			if strings.ContainsRune(marks, r) {
				paragraph++
			}
		}
		switch {
		case paragraph > mostMarks:
			return at + 1, "divide it by an empty line", fmt.Sprintf("a paragraph with more than %d marks such as * or [", mostMarks)
		case strings.Count(l, "|") > mostColumns+1:
			return at + 1, "divide the table", fmt.Sprintf("a line with more than %d columns", mostColumns)
		case depth(l) > deepest || len(l)-len(strings.TrimLeft(l, " \t")) > indented:
			return at + 1, "put fewer into each other", fmt.Sprintf("more than %d quotes or lists within each other", deepest)
		case longest(l) > longestWord:
			return at + 1, "shorten it", fmt.Sprintf("more than %d letters without a space", longestWord)
		}
	}
	return 0, "", ""
}

// depth counts the signs of quotes and lists with which a line begins, as far as one too many.
func depth(line string) (n int) {
	for n <= deepest {
		line = strings.TrimLeft(line, " \t")
		rest := strings.TrimLeft(line, "0123456789")
		switch {
		case strings.HasPrefix(line, ">"):
			line = line[1:]
		case line != "" && strings.Contains("-*+", line[:1]) && (len(line) == 1 || line[1] == ' ' || line[1] == '\t'):
			line = line[1:]
		case rest != line && rest != "" && strings.Contains(".)", rest[:1]):
			line = rest[1:]
		default:
			return n
		}
		n++
	}
	return n
}

func longest(line string) (most int) {
	for word := range strings.FieldsSeq(line) {
		most = max(most, utf8.RuneCountInString(word))
	}
	return most
}
