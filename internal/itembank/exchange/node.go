package exchange

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"ostoja/internal/errs"
)

// Bounds of an XML file. Moodle's own need a depth of 6; and no question of a file has that many elements.
const (
	maxDepth = 16
	maxNodes = 5000
)

var errTooDeep = errors.New("too many elements within each other")

// node is an element of a file. All its methods bear a nil node, so that what is missing reads as empty.
type node struct {
	name       string
	attributes map[string]string
	text       strings.Builder
	children   []*node
	line       int
}

// child returns the first element of a name below the node.
func (n *node) child(name string) *node {
	if list := n.all(name); len(list) > 0 {
		return list[0]
	}
	return nil
}

// all returns the elements of a name below the node.
func (n *node) all(name string) []*node {
	if n == nil {
		return nil
	}
	var list []*node
	for _, c := range n.children {
		if c.name == name {
			list = append(list, c)
		}
	}
	return list
}

// content returns the characters directly within the node.
func (n *node) content() string {
	if n == nil {
		return ""
	}
	return n.text.String()
}

// textOf returns what is within the node's text element.
func (n *node) textOf() string { return n.child("text").content() }

// walkQuiz calls fn with each question of a Moodle file. Entities other than XML's own are not resolved, so none can grow.
func walkQuiz(content string, fn func(*node)) (err error) {
	d := xml.NewDecoder(strings.NewReader(content))
	fault := func(cause error) error {
		line, _ := d.InputPos()
		return errs.Invalid("exchange.error.xml", "Line", line).Because(cause)
	}
	inside, seen := false, false
	for {
		t, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && seen:
			return nil
		case errors.Is(err, io.EOF):
			return errs.Invalid("exchange.error.quiz")
		case err != nil:
			return fault(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if !inside {
				if t.Name.Local != "quiz" || seen {
					return errs.Invalid("exchange.error.quiz")
				}
				inside, seen = true, true
				continue
			}
			n, err := readNode(d, t)
			if err != nil {
				return fault(err)
			}
			if n.name == "question" {
				fn(n)
			}
		case xml.EndElement:
			inside = false
		}
	}
}

// readNode reads the element that the decoder has begun.
func readNode(d *xml.Decoder, start xml.StartElement) (*node, error) {
	open := []*node{newNode(d, start)}
	for count := 1; ; {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		top := open[len(open)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if count++; len(open) == maxDepth || count > maxNodes {
				return nil, errTooDeep
			}
			n := newNode(d, t)
			top.children = append(top.children, n)
			open = append(open, n)
		case xml.EndElement:
			if open = open[:len(open)-1]; len(open) == 0 {
				return top, nil
			}
		case xml.CharData:
			top.text.Write(t)
		}
	}
}

func newNode(d *xml.Decoder, start xml.StartElement) *node {
	n := &node{name: start.Name.Local, attributes: map[string]string{}}
	n.line, _ = d.InputPos()
	for _, a := range start.Attr {
		n.attributes[a.Name.Local] = a.Value
	}
	return n
}
