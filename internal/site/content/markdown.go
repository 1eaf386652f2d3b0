package content

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown is CommonMark with tables and facts, without raw HTML (goldmark's default).
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, factExtension{}))

// factNode is {fact} in a text.
type factNode struct {
	ast.BaseInline
	id   string
	html string // what stands in its place, once that is known
}

var factKind = ast.NewNodeKind("Fact")

// Kind tells goldmark's renderer what the node is.
func (*factNode) Kind() ast.NodeKind { return factKind }

// Dump prints the node for goldmark.
func (n *factNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"ID": n.id}, nil)
}

// factExtension reads and renders facts.
type factExtension struct{}

// Extend adds facts to a Markdown.
func (x factExtension) Extend(m goldmark.Markdown) {
	const priority = 150 // after code, before links
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(x, priority)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(x, priority)))
}

// Trigger is what a fact begins with.
func (factExtension) Trigger() []byte { return []byte{'{'} }

var factToken = regexp.MustCompile(`^\{([a-z][a-z0-9-]*)\}`)

// Parse reads a fact.
func (factExtension) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := factToken.FindSubmatch(line)
	if m == nil {
		return nil
	}
	block.Advance(len(m[0]))
	return &factNode{id: string(m[1])}
}

// RegisterFuncs says how a fact is rendered.
func (factExtension) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(factKind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, err := w.WriteString(n.(*factNode).html)
			return ast.WalkSkipChildren, err
		}
		return ast.WalkContinue, nil
	})
}

// within says whether a node stands in one of a kind.
func within[T ast.Node](n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if _, ok := p.(T); ok {
			return true
		}
	}
	return false
}

// dropStop takes away a full stop that follows a node, also behind the end of emphasis around it.
func dropStop(n ast.Node, src []byte) {
	for n.NextSibling() == nil && n.Parent() != nil && n.Parent().Type() == ast.TypeInline {
		n = n.Parent()
	}
	if t, ok := n.NextSibling().(*ast.Text); ok && bytes.HasPrefix(t.Segment.Value(src), []byte(".")) {
		t.Segment = t.Segment.WithStart(t.Segment.Start + 1)
	}
}

// wordsOf returns what a reader sees of a block with words in it: without emphasis and links, with entities and escapes as the
// characters for which they stand, facts as a sign, lines joined.
func wordsOf(block ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it fails only where the function does
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(n.Segment.Value(src)))))
			}
			if entering && (n.SoftLineBreak() || n.HardLineBreak()) {
				b.WriteByte(' ')
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		case *ast.AutoLink:
			if entering {
				b.Write(n.Label(src))
			}
		case *factNode:
			if entering {
				b.WriteString(masked)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// lineOf returns the line of a text on which a node stands, its first being 0: of a block the first one that fits.
func lineOf(n ast.Node, src []byte, fits func(line string) bool) int {
	at := func(offset int) int { return bytes.Count(src[:offset], []byte("\n")) }
	for d := n; d != nil && d.Type() == ast.TypeInline; d = d.FirstChild() {
		if t, ok := d.(*ast.Text); ok {
			return at(t.Segment.Start)
		}
	}
	for ; n != nil; n = n.Parent() {
		if n.Type() != ast.TypeBlock || n.Lines() == nil || n.Lines().Len() == 0 {
			continue
		}
		for i := range n.Lines().Len() {
			if s := n.Lines().At(i); fits(string(s.Value(src))) {
				return at(s.Start)
			}
		}
		return at(n.Lines().At(0).Start)
	}
	return 0
}
