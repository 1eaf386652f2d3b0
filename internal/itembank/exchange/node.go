package exchange

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

// node is an element of a file, which remembers what of it was asked for. All its methods bear a nil node, so that what is missing
// reads as empty.
type node struct {
	name       string
	attributes []xml.Attr
	text       strings.Builder
	children   []*node
	line       int
	asked      map[string]bool // attributes, and "" for the characters
}

// attribute returns an attribute, "" if it is not there.
func (n *node) attribute(name string) string {
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
	n.asked[""] = true
	return n.text.String()
}

// textOf returns what is within the node's text element; of one that has none, as old files do, what stands in it directly.
func (n *node) textOf() string {
	if t := n.child("text"); t != nil {
		return t.content()
	}
	return n.content()
}

// everything returns the characters of the node and of all below it.
func (n *node) everything() string {
	var b strings.Builder
	for _, c := range n.children {
		b.WriteString(c.everything() + "\n")
	}
	return n.text.String() + b.String()
}

// same says that a setting was dealt with if it has one of the values, as which the program does it: nothing is lost with those.
func (n *node) same(name string, values ...string) (is bool) {
	for _, c := range n.all(name) {
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

// pass says that the node and all below it were dealt with.
func (n *node) pass() {
	if n == nil {
		return
	}
	n.asked[""] = true
	for _, a := range n.attributes {
		n.asked[a.Name.Local] = true
	}
	for _, c := range n.children {
		c.pass()
	}
}

// flags are elements that say something by being there.
var flags = map[string]bool{"shownumcorrect": true, "clearwrong": true}

const maxPart = 60 // characters of a lost value that are shown

// rest lists what of the node nobody has asked for: characters that are no spaces, and attributes, at any depth.
func (n *node) rest(path string) (list []Part) {
	value := []rune(strings.Join(strings.Fields(n.text.String()), " "))
	if !n.asked[""] && (len(value) > 0 || flags[n.name] && len(n.children) == 0) {
		list = append(list, Part{path, shorten(value)})
	}
	for _, a := range n.attributes {
		if !n.asked[a.Name.Local] && a.Value != "" {
			list = append(list, Part{path + "@" + a.Name.Local, shorten([]rune(a.Value))})
		}
	}
	for _, c := range n.children {
		list = append(list, c.rest(strings.TrimPrefix(path+"/"+c.name, "/"))...)
	}
	return list
}

func shorten(s []rune) string {
	if len(s) > maxPart {
		return string(s[:maxPart]) + "…"
	}
	return string(s)
}

// walkQuiz calls fn with each element of a Moodle file. Entities other than XML's own are not resolved, so none can grow.
func walkQuiz(content string, fn func(*node)) (err error) {
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
	n := &node{name: start.Name.Local, attributes: start.Copy().Attr, asked: map[string]bool{}}
	n.line, _ = d.InputPos()
	return n
}
