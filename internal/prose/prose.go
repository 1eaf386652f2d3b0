// Package prose splits the texts that authors write, Markdown with blocks, into their pieces. Lessons and the articles of the
// public site share the notation, which docs/course-format.md describes; what a block looks like is each one's own.
//
// Goals: every line of a text is in one piece or is told of as a fault, with its number, so that an author finds it; code is
// code here exactly where CommonMark says so, or a block would be seen by one and not by the other. Limits: blocks do not
// nest, and Markdown itself is not parsed: goldmark does that with each stretch.
package prose

import (
	"fmt"
	"regexp"
	"strings"
)

// Piece is a stretch of Markdown, or a block.
type Piece struct {
	Block      string // name of the block; "" for a stretch between blocks
	Attributes map[string]string
	Text       string // Markdown; what stands inside of a block
	Line       int    // of the stretch's first line, or of the block's opening
}

// Fault is what is wrong with the notation itself.
type Fault struct {
	Line       int
	Hint, Text string // in English, as all faults of a folder
}

var (
	opening   = regexp.MustCompile(`^:::\s*([a-z]+)(.*)$`)
	attribute = regexp.MustCompile(`([a-z]+)=(?:"([^"]*)"|(\S+))`)
	// A fence of backticks has none on the rest of its line: that would be code within a line (CommonMark 0.31.2, 4.5).
	codeFence = regexp.MustCompile("^ {0,3}(?:(`{3,})\\s*([^`]*)|(~{3,})\\s*(.*))$")
)

// Split splits a text whose first line has the number first. Blocks do not nest, and within fenced code nothing is a block.
// Empty stretches are left out.
func Split(text string, first int) ([]Piece, []Fault) {
	s := splitter{proseAt: first}
	for i, line := range strings.Split(text, "\n") {
		s.line(first+i, line)
	}
	if s.open != nil {
		s.fault(s.open.Line, "close it with a line of :::", "the block \""+s.open.Block+"\" is not closed")
		return s.pieces, s.faults
	}
	s.flush(0)
	return s.pieces, s.faults
}

type splitter struct {
	pieces  []Piece
	faults  []Fault
	prose   []string
	proseAt int
	fence   string // that the code we are in closes with; "" outside of code
	open    *Piece
}

func (s *splitter) fault(line int, hint, text string) {
	s.faults = append(s.faults, Fault{Line: line, Hint: hint, Text: text})
}

func (s *splitter) flush(next int) {
	if text := strings.Join(s.prose, "\n"); strings.TrimSpace(text) != "" {
		s.pieces = append(s.pieces, Piece{Text: text, Line: s.proseAt})
	}
	s.prose, s.proseAt = nil, next
}

func (s *splitter) line(at int, line string) {
	if f := codeFence.FindStringSubmatch(line); f != nil {
		switch fence, info := f[1]+f[3], f[2]+f[4]; {
		case s.fence == "":
			s.fence = fence
		case fence[0] == s.fence[0] && len(fence) >= len(s.fence) && info == "": // what closes has no words behind it
			s.fence = ""
		}
	}
	m := opening.FindStringSubmatch(line)
	switch {
	case s.fence != "":
	case m != nil && s.open != nil:
		s.fault(at, "close the block before with a line of :::", fmt.Sprintf("a block inside the block that begins on line %d", s.open.Line))
		return
	case m != nil:
		s.flush(at)
		s.open = &Piece{Block: m[1], Attributes: s.attributes(at, m[2]), Line: at}
		return
	case strings.TrimSpace(line) == ":::" && s.open != nil:
		s.open.Text = strings.Join(s.prose, "\n")
		s.pieces = append(s.pieces, *s.open)
		s.open, s.prose, s.proseAt = nil, nil, at+1
		return
	case strings.HasPrefix(line, ":::"):
		s.fault(at, "a block opens with ::: and its name, and closes with :::", "this opens no block")
		return
	}
	s.prose = append(s.prose, line)
}

func (s *splitter) attributes(at int, text string) map[string]string {
	m := map[string]string{}
	for _, a := range attribute.FindAllStringSubmatch(text, -1) {
		if _, twice := m[a[1]]; twice {
			s.fault(at, "", "the attribute \""+a[1]+"\" is there twice")
		}
		m[a[1]] = a[2] + a[3]
	}
	if rest := strings.TrimSpace(attribute.ReplaceAllString(text, "")); rest != "" {
		if r := []rune(rest); len(r) > 60 { // a fault is one line of a list
			rest = string(r[:60]) + "…"
		}
		s.fault(at, "write attributes as name=\"…\", with straight quotation marks", "this is no attribute: "+rest)
	}
	return m
}
