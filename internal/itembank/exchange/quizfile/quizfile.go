// Package quizfile reads the elements of a Moodle XML file and remembers what of each was asked for, so that whatever nobody asked
// for can be named: what is lost is found in the file, not in what its reader knows of.
//
// Limits: elements are read one question at a time and within bounds of depth and number; entities other than XML's own are not
// resolved, so that none can grow.
package quizfile

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"ostoja/internal/errs"
)

// Bounds of an XML file. Moodle's own need a depth of 6; and no question of a file has that many elements.
const (
	maxDepth = 16
	maxNodes = 5000
)

var errTooDeep = errors.New("too many elements within each other")

// Part is something of a file that nobody asked for: what it is called there, and what it says.
type Part struct{ Name, Value string }

// Node is an element of a file, which remembers what of it was asked for. All its methods bear a nil node, so that what is missing
// reads as empty.
type Node struct {
	Name       string
	Line       int // of the file
	attributes []xml.Attr
	text       strings.Builder
	children   []*Node
	asked      map[string]bool // attributes, and "" for the characters
}

// Attribute returns an attribute, "" if it is not there.
func (n *Node) Attribute(name string) string {
	if n == nil {
		return ""
	}
	n.asked[name] = true
	for _, a := range n.attributes {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// Child returns the first element of a name below the node.
func (n *Node) Child(name string) *Node {
	if list := n.All(name); len(list) > 0 {
		return list[0]
	}
	return nil
}

// All returns the elements of a name below the node.
func (n *Node) All(name string) []*Node {
	if n == nil {
		return nil
	}
	var list []*Node
	for _, c := range n.children {
		if c.Name == name {
			list = append(list, c)
		}
	}
	return list
}

// Content returns the characters directly within the node.
func (n *Node) Content() string {
	if n == nil {
		return ""
	}
	n.asked[""] = true
	return n.text.String()
}

// Text returns what is within the node's text element; of one that has none, as old files do, what stands in it directly.
func (n *Node) Text() string {
	if t := n.Child("text"); t != nil {
		return t.Content()
	}
	return n.Content()
}

// Everything returns the characters of the node and of all below it, with a character between them that no file has.
func (n *Node) Everything() string {
	var b strings.Builder
	for _, c := range n.children {
		b.WriteString("\x1f" + c.Everything())
	}
	return n.text.String() + b.String()
}

// Same says that a setting was dealt with if it has one of the values, as which the program does it: nothing is lost with those.
func (n *Node) Same(name string, values ...string) (is bool) {
	for _, c := range n.All(name) {
		s := strings.TrimSpace(c.text.String())
		x, err := strconv.ParseFloat(s, 64)
		for _, v := range values {
			y, err2 := strconv.ParseFloat(v, 64)
			if s == v || err == nil && err2 == nil && x == y {
				c.asked[""], is = true, true
			}
		}
	}
	return is
}

// Pass says that the node and all below it were dealt with.
func (n *Node) Pass() {
	if n == nil {
		return
	}
	n.asked[""] = true
	for _, a := range n.attributes {
		n.asked[a.Name.Local] = true
	}
	for _, c := range n.children {
		c.Pass()
	}
}

// flags are elements that say something by being there.
var flags = map[string]bool{"shownumcorrect": true, "clearwrong": true}

const maxPart = 60 // characters of a lost value that are shown

// Rest lists what of the node nobody has asked for: characters that are no spaces, and attributes, at any depth.
func (n *Node) Rest(path string) (list []Part) {
	value := []rune(strings.Join(strings.Fields(n.text.String()), " "))
	if !n.asked[""] && (len(value) > 0 || flags[n.Name] && len(n.children) == 0) {
		list = append(list, Part{path, shorten(value)})
	}
	for _, a := range n.attributes {
		if !n.asked[a.Name.Local] && a.Value != "" {
			list = append(list, Part{path + "@" + a.Name.Local, shorten([]rune(a.Value))})
		}
	}
	for _, c := range n.children {
		list = append(list, c.Rest(strings.TrimPrefix(path+"/"+c.Name, "/"))...)
	}
	return list
}

func shorten(s []rune) string {
	if len(s) > maxPart {
		return string(s[:maxPart]) + "…"
	}
	return string(s)
}

// Walk calls fn with each element of a Moodle file.
func Walk(content string, fn func(*Node)) (err error) {
	d := xml.NewDecoder(strings.NewReader(content))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is decoded already
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
			fn(n)
		case xml.EndElement:
			inside = false
		}
	}
}

// readNode reads the element that the decoder has begun.
func readNode(d *xml.Decoder, start xml.StartElement) (*Node, error) {
	open := []*Node{newNode(d, start)}
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

func newNode(d *xml.Decoder, start xml.StartElement) *Node {
	n := &Node{Name: start.Name.Local, attributes: start.Copy().Attr, asked: map[string]bool{}}
	n.Line, _ = d.InputPos()
	return n
}
