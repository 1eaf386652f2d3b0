// Package markup turns the Markdown of a course's texts into HTML: terms of the glossary, slots of facts, links between lessons, figures
// and the blocks of lessons.
//
// Its goals: what comes out is safe to put into a page whatever was put in, also of versions that were published under laxer rules;
// and a text is rendered once, while facts change: rendering leaves marks in their places, and [Fill] fills them. It finds no faults:
// what a text may hold is for the package course, which walks over it with [Each].
package markup

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"ostoja/internal/prose"
	"ostoja/internal/text"
)

// The renderer is CommonMark with tables and ~~struck out~~ words. Raw HTML is never passed on (goldmark's default), and addresses other than those
// that courses may have are left out by it.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough),
	goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(termParser{}, 150), util.Prioritized(slotParser{}, 151))),
	goldmark.WithRendererOptions(
		ghtml.WithXHTML(),
		renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100))),
)

// Context is what texts of a course refer to.
type Context interface {
	// Term returns a term of the glossary and what it means, in a language; ok is false where there is none.
	Term(id, lang string) (term, meaning string, ok bool)
	// HasLesson says whether a lesson can be linked to.
	HasLesson(id string) bool
	// Size returns the size of a figure in pixels, 0 where it is not known.
	Size(name string) (width, height int)
	// Media returns the address of the folder of media, with a slash at the end.
	Media() string
}

// Page renders texts that stand on one page.
type Page struct {
	Context Context
	Lang    string
	Prefix  string // of element ids, unique on the page
	terms   int
}

// contextPage carries the page to the inline parser, from which nodes take it to the renderer: a goldmark instance is
// shared by all.
var contextPage = parser.NewContextKey()

// HTML renders a text, with marks where facts stand ([Fill]).
func (p *Page) HTML(source string) string {
	if line, _, _ := prose.Heavy(source); line > 0 { // of a version that was published before there were bounds
		return "<p>" + html.EscapeString(source) + "</p>"
	}
	ctx := parser.NewContext()
	ctx.Set(contextPage, p)
	src := []byte(source)
	doc := markdown.Parser().Parse(gmtext.NewReader(src), parser.WithContext(ctx))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it fails only where the function does
		if k := n.Kind(); entering && (k == ast.KindImage || k == ast.KindLink) {
			n.SetAttributeString("page", p)
		}
		return ast.WalkContinue, nil
	})
	noteFacts(doc)
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, src, doc); err != nil {
		return html.EscapeString(source) // writing to memory does not fail
	}
	return text.Bind(p.Lang, out.String())
}

// Term is [[id]] or [[id|shown form]].
type Term struct {
	ast.BaseInline
	ID    string
	shown string
	page  *Page
}

var kindTerm = ast.NewNodeKind("Term")

// Kind returns the node's kind.
func (*Term) Kind() ast.NodeKind { return kindTerm }

// Dump prints the node for debugging.
func (t *Term) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

type termParser struct{}

// Trigger returns the characters at which a term may begin.
func (termParser) Trigger() []byte { return []byte{'['} }

// Parse reads a term, or nothing if there is none here.
func (termParser) Parse(_ ast.Node, block gmtext.Reader, ctx parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("[[")) {
		return nil
	}
	end := bytes.IndexAny(line[2:], "[]") // and no further: a line of brackets would be read once for each of them
	if end < 0 || !bytes.HasPrefix(line[2+end:], []byte("]]")) {
		return nil
	}
	inside := string(line[2 : 2+end])
	block.Advance(len(inside) + 4)
	id, shown, _ := strings.Cut(inside, "|")
	p, _ := ctx.Get(contextPage).(*Page)
	return &Term{ID: strings.TrimSpace(id), shown: strings.TrimSpace(shown), page: p}
}

type htmlRenderer struct{}

// RegisterFuncs tells goldmark what is rendered here.
func (r htmlRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindTerm, r.term)
	reg.Register(kindSlot, r.slot)
	reg.Register(kindAsOf, r.asOf)
	reg.Register(ast.KindParagraph, r.paragraph)
	reg.Register(ast.KindImage, r.image)
	reg.Register(ast.KindLink, r.link)
	reg.Register(ast.KindAutoLink, r.autoLink)
}

// term shows a glossary term. Its explanation is there without a script: on hover and on focus by style alone.
func (htmlRenderer) term(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	t := node.(*Term)
	shown, name, meaning, known := t.shown, "", "", false
	if t.page != nil {
		name, meaning, known = t.page.Context.Term(t.ID, t.page.Lang)
	}
	if !known {
		if shown == "" {
			shown = t.ID
		}
		_, err := w.WriteString(html.EscapeString(shown))
		return ast.WalkSkipChildren, err
	}
	if shown == "" {
		shown = name
	}
	t.page.terms++
	id := fmt.Sprintf("%sterm-%d", t.page.Prefix, t.page.terms)
	_, err := fmt.Fprintf(w, `<span class="term" tabindex="0" role="term" aria-describedby="%s">%s<span class="term-note" role="note" id="%s"><b>%s</b> – %s</span></span>`,
		id, html.EscapeString(shown), id, html.EscapeString(name), noted(meaning))
	return ast.WalkSkipChildren, err
}

// IsFigure says whether a paragraph holds an image and nothing else.
func IsFigure(n ast.Node) bool {
	img, ok := n.FirstChild().(*ast.Image)
	return ok && img.NextSibling() == nil
}

func (htmlRenderer) paragraph(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "p"
	if IsFigure(n) {
		tag = "figure"
	}
	if entering {
		_, err := w.WriteString("<" + tag + ">")
		return ast.WalkContinue, err
	}
	_, err := w.WriteString("</" + tag + ">\n")
	return ast.WalkContinue, err
}

func (htmlRenderer) image(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	img := n.(*ast.Image)
	attribute, _ := n.AttributeString("page")
	p, _ := attribute.(*Page)
	name := string(img.Destination)
	if p == nil || !strings.HasPrefix(name, "media/") {
		return ast.WalkSkipChildren, nil
	}
	dimensions := ""
	if width, height := p.Context.Size(name); width > 0 {
		dimensions = fmt.Sprintf(` width="%d" height="%d"`, width, height)
	}
	_, err := fmt.Fprintf(w, `<img src="%s" alt="%s"%s loading="lazy" decoding="async">`,
		html.EscapeString(p.Context.Media()+strings.TrimPrefix(name, "media/")), html.EscapeString(Plain(n, source)), dimensions)
	if err == nil && len(img.Title) > 0 {
		_, err = fmt.Fprintf(w, "<figcaption>%s</figcaption>", html.EscapeString(unescape(img.Title)))
	}
	return ast.WalkSkipChildren, err
}

func (htmlRenderer) link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	target := string(n.(*ast.Link).Destination)
	lesson, inside := strings.CutPrefix(target, "lesson:")
	attribute, _ := n.AttributeString("page")
	if p, _ := attribute.(*Page); inside && p != nil && !p.Context.HasLesson(lesson) { // a lesson that the country's pack lacks
		return ast.WalkContinue, nil
	}
	if !inside && !strings.HasPrefix(target, "https://") {
		return ast.WalkContinue, nil // the words stay; the check of the course has called the address a fault
	}
	if !entering {
		_, err := w.WriteString("</a>")
		return ast.WalkContinue, err
	}
	if inside {
		// Lessons stand side by side under /app/learn/{enrolment}/lesson/, so that a lesson's name is its relative address.
		_, err := fmt.Fprintf(w, `<a href="../lesson/%s">`, html.EscapeString(lesson))
		return ast.WalkContinue, err
	}
	_, err := fmt.Fprintf(w, `<a href="%s" rel="noopener noreferrer external">`, html.EscapeString(string(util.URLEscape([]byte(target), true))))
	return ast.WalkContinue, err
}

// Plain returns the text of a node without its emphasis and links.
func Plain(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) { // it fails only where the function does
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			b.WriteString(unescape(c.Segment.Value(source)))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *Term:
			b.WriteString(c.shown)
		case *Slot:
			b.WriteString(slotMark(markPlain, c.Slot))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// autoLink shows an address in angle brackets; as words only if it is not one that is safe.
func (htmlRenderer) autoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	target, shown := string(n.(*ast.AutoLink).URL(source)), html.EscapeString(string(n.(*ast.AutoLink).Label(source)))
	if !strings.HasPrefix(target, "https://") {
		_, err := w.WriteString(shown)
		return ast.WalkContinue, err
	}
	_, err := fmt.Fprintf(w, `<a href="%s" rel="noopener noreferrer external">%s</a>`, html.EscapeString(string(util.URLEscape([]byte(target), true))), shown)
	return ast.WalkContinue, err
}

// unescape resolves backslashes and entities, as CommonMark asks where a text becomes an attribute.
func unescape(s []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(s))))
}

// Each walks over a text's nodes, with the line of the text, from 0, on which each begins.
func Each(source []byte, visit func(n ast.Node, line int)) {
	doc := markdown.Parser().Parse(gmtext.NewReader(source), parser.WithContext(parser.NewContext()))
	line, counted := 0, 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it fails only where the function does
		if !entering {
			return ast.WalkContinue, nil
		}
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			if start := n.Lines().At(0).Start; start > counted { // the walk goes down the text, and so does the counting
				line += bytes.Count(source[counted:start], []byte("\n"))
				counted = start
			}
		}
		visit(n, line)
		return ast.WalkContinue, nil
	})
}
