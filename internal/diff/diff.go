// Package diff says what changed between two texts, word by word.
//
// Goals: the pieces joined give back both texts, to the last space, so that nothing can be approved that was not shown; what one
// person changed stands in few pieces, since a reader follows words and not letters; time and memory are bounded whatever two texts are
// compared. Limits: a paragraph that moved is one that went and one that came; and where two paragraphs have next to nothing in common,
// the whole of one stands for the whole of the other.
package diff

import (
	"strings"
	"unicode"
)

// Op is what became of a piece of text.
type Op int

// What becomes of a piece.
const (
	Same    Op = iota // stands in both texts
	Removed           // in the first alone
	Added             // in the second alone
)

// Piece is a stretch of text to which one thing happened. No two neighbours have the same Op.
type Piece struct {
	Op   Op
	Text string
}

// Row is a stretch of lines in both texts, side by side: lines that are the same in both, or what stands in place of what.
type Row struct{ Before, After []Piece }

// Changed says whether anything differs.
func (r Row) Changed() bool {
	return len(r.Before) != len(r.After) || len(r.Before) > 1 || len(r.Before) == 1 && r.Before[0] != r.After[0]
}

// Text returns what pieces say together.
func Text(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Rows compares two texts line by line, and word by word where lines took each other's place.
func Rows(before, after string) (list []Row) {
	var went, came []string
	flush := func() {
		if len(went)+len(came) == 0 {
			return
		}
		pieces := words(strings.Join(went, ""), strings.Join(came, ""))
		list = append(list, Row{only(pieces, Removed), only(pieces, Added)})
		went, came = nil, nil
	}
	var same strings.Builder
	end := func() {
		if same.Len() > 0 {
			piece := []Piece{{Same, same.String()}}
			list = append(list, Row{piece, piece})
			same.Reset()
		}
	}
	for _, s := range steps(lines(before), lines(after)) {
		switch s.op {
		case Same:
			flush()
			same.WriteString(s.token)
		case Removed:
			end()
			went = append(went, s.token)
		case Added:
			end()
			came = append(came, s.token)
		}
	}
	end()
	flush()
	return list
}

// Words compares two texts as one stretch.
func Words(before, after string) (list []Piece) {
	for _, s := range words(before, after) {
		list = join(list, s)
	}
	return list
}

// only leaves out of pieces what the other text has.
func only(pieces []Piece, op Op) (list []Piece) {
	for _, p := range pieces {
		if p.Op == Same || p.Op == op {
			list = join(list, p)
		}
	}
	return list
}

func join(list []Piece, p Piece) []Piece {
	if n := len(list); n > 0 && list[n-1].Op == p.Op {
		list[n-1].Text += p.Text
		return list
	}
	return append(list, p)
}

// words compares two texts token by token. Between two changes a space alone, or a single sign, is no piece of its own: a phrase that
// was written anew reads as one.
func words(before, after string) (list []Piece) {
	var went, came, held string
	flush := func() {
		if went != "" {
			list = join(list, Piece{Removed, went})
		}
		if came != "" {
			list = join(list, Piece{Added, came})
		}
		if held != "" {
			list = join(list, Piece{Same, held})
		}
		went, came, held = "", "", ""
	}
	for _, s := range steps(tokens(before), tokens(after)) {
		if s.op == Same {
			held += s.token
			if went+came == "" || strings.ContainsFunc(held, wordy) || strings.Contains(held, "\n") {
				flush()
			}
			continue
		}
		if held != "" { // nothing but space lies between this change and the one before
			went, came, held = went+held, came+held, ""
		}
		if s.op == Removed {
			went += s.token
		} else {
			came += s.token
		}
	}
	flush()
	return list
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// lines cuts a text behind each line's end.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	list := strings.SplitAfter(s, "\n")
	if list[len(list)-1] == "" {
		list = list[:len(list)-1]
	}
	return list
}

// tokens cuts a text into words, stretches of space, and single signs. A byte that is no letter of UTF-8 is a sign of its own.
func tokens(s string) (list []string) {
	class := func(r rune) int {
		switch {
		case wordy(r):
			return 1
		case unicode.IsSpace(r) && r != '\n':
			return 2
		}
		return 0
	}
	start, last := 0, -1
	for i, r := range s {
		c := class(r)
		if i > 0 && (c != last || c == 0) {
			list = append(list, s[start:i])
			start = i
		}
		last = c
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}
