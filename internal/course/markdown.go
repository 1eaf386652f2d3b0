package course

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"html"
	"io"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"ostoja/internal/course/folder"
	"ostoja/internal/prose"
	"ostoja/internal/text"
)

// The renderer is CommonMark with tables and ~~struck out~~ words. Raw HTML is never passed on (goldmark's default), and addresses other than those
// checked in checkMarkdown are left out by it.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough),
	goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(termParser{}, 150), util.Prioritized(slotParser{}, 151))),
	goldmark.WithRendererOptions(
		ghtml.WithXHTML(),
		renderer.WithNodeRenderers(util.Prioritized(htmlRenderer{}, 100))),
)

// page is what rendering needs to know of where the text stands.
type page struct {
	course *Course
	lang   string
	media  string // address of the media folder, with a slash at the end
	size   func(name string) (width, height int)
	prefix string // of element ids, unique on the page
	terms  int
}

// contextPage carries the page to the inline parser, from which nodes take it to the renderer: a goldmark instance is
// shared by all.
var contextPage = parser.NewContextKey()

func (p *page) render(source string) string {
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
	return out.String()
}

// term is [[id]] or [[id|shown form]].
type term struct {
	ast.BaseInline
	id, shown string
	page      *page
}

var kindTerm = ast.NewNodeKind("Term")

// Kind returns the node's kind.
func (*term) Kind() ast.NodeKind { return kindTerm }

// Dump prints the node for debugging.
func (t *term) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

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
	p, _ := ctx.Get(contextPage).(*page)
	return &term{id: strings.TrimSpace(id), shown: strings.TrimSpace(shown), page: p}
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
	t := node.(*term)
	if t.page == nil || t.page.course.Glossary[t.id] == nil {
		shown := t.shown
		if shown == "" {
			shown = t.id
		}
		_, err := w.WriteString(html.EscapeString(shown))
		return ast.WalkSkipChildren, err
	}
	entry := t.page.course.Glossary[t.id]
	shown := t.shown
	if shown == "" {
		shown = entry.Term.In(t.page.lang)
	}
	t.page.terms++
	id := fmt.Sprintf("%sterm-%d", t.page.prefix, t.page.terms)
	_, err := fmt.Fprintf(w, `<span class="term" tabindex="0" role="term" aria-describedby="%s">%s<span class="term-note" role="note" id="%s"><b>%s</b> – %s</span></span>`,
		id, html.EscapeString(shown), id, html.EscapeString(entry.Term.In(t.page.lang)), noted(entry.Text.In(t.page.lang)))
	return ast.WalkSkipChildren, err
}

// figure says whether a paragraph holds an image and nothing else.
func figure(n ast.Node) bool {
	img, ok := n.FirstChild().(*ast.Image)
	return ok && img.NextSibling() == nil
}

func (htmlRenderer) paragraph(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "p"
	if figure(n) {
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
	p, _ := attribute.(*page)
	name := string(img.Destination)
	if p == nil || !strings.HasPrefix(name, "media/") {
		return ast.WalkSkipChildren, nil
	}
	dimensions := ""
	if width, height := p.size(name); width > 0 {
		dimensions = fmt.Sprintf(` width="%d" height="%d"`, width, height)
	}
	_, err := fmt.Fprintf(w, `<img src="%s" alt="%s"%s loading="lazy" decoding="async">`,
		html.EscapeString(p.media+strings.TrimPrefix(name, "media/")), html.EscapeString(plain(n, source)), dimensions)
	if err == nil && len(img.Title) > 0 {
		_, err = fmt.Fprintf(w, "<figcaption>%s</figcaption>", html.EscapeString(unescape(img.Title)))
	}
	return ast.WalkSkipChildren, err
}

func (htmlRenderer) link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	target := string(n.(*ast.Link).Destination)
	lesson, inside := strings.CutPrefix(target, "lesson:")
	attribute, _ := n.AttributeString("page")
	if p, _ := attribute.(*page); inside && p != nil && p.course.Part(LessonKey(lesson)) == nil { // a lesson that the country's pack lacks
		return ast.WalkContinue, nil
	}
	if !inside && !strings.HasPrefix(target, "https://") {
		return ast.WalkContinue, nil // the words stay; checkMarkdown has called the address a fault
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

// plain returns the text of a node without its marks.
func plain(n ast.Node, source []byte) string {
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
		case *term:
			b.WriteString(c.shown)
		case *slotNode:
			b.WriteString(slotMark(markPlain, c.slot))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// autoLink shows an address in angle brackets; as words only if it is not one that checkMarkdown accepts.
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

// checkMarkdown finds what a text may not hold: raw HTML, unknown terms, addresses that lead nowhere or are not safe, and
// images without an alternative text. where is the line on which the text begins.
func (l *loader) checkMarkdown(where folder.Place, source string) {
	if line, hint, why := prose.Heavy(source); line > 0 {
		l.faults.Add(folder.Place{File: where.File, Line: where.Line + line - 1}, hint, "%s", why)
		return
	}
	l.said = append(l.said, said{where, source, l.story})
	src := []byte(source)
	ctx := parser.NewContext()
	doc := markdown.Parser().Parse(gmtext.NewReader(src), parser.WithContext(ctx))
	line, counted := where.Line, 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it fails only where the function does
		if !entering {
			return ast.WalkContinue, nil
		}
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			if start := n.Lines().At(0).Start; start > counted { // the walk goes down the text, and so does the counting
				line += bytes.Count(src[counted:start], []byte("\n"))
				counted = start
			}
		}
		l.checkNode(folder.Place{File: where.File, Line: line}, n, src)
		return ast.WalkContinue, nil
	})
}

func (l *loader) checkNode(where folder.Place, n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.HTMLBlock, *ast.RawHTML:
		l.faults.Add(where, "use Markdown and the blocks of docs/course-format.md; write &lt; for a literal <", "raw HTML")
	case *ast.Heading:
		if n.Level == 1 {
			l.faults.Add(where, "begin headings with ##: the title is the page's #", "a heading of the first level")
		}
	case *term:
		if l.course.Glossary[n.id] == nil {
			known := make([]string, 0, len(l.course.Glossary))
			for id := range l.course.Glossary {
				known = append(known, id)
			}
			hint := folder.DidYouMean(n.id, known)
			if strings.HasPrefix(hint, "known here") {
				hint = "add it to glossary.yaml"
			}
			l.add(where, hint, "there is no glossary term %q", n.id)
		} else if from := l.course.Glossary[n.id].file; from != "" {
			l.use(from)
		}
	case *slotNode:
		l.checkSlot(where, n.slot)
	case *ast.Image:
		l.checkImage(where, n, source)
	case *ast.Link:
		target := string(n.Destination)
		if lesson, ok := strings.CutPrefix(target, "lesson:"); ok {
			if l.course.Part(LessonKey(lesson)) == nil {
				l.add(where, "", "there is no lesson %q to link to", lesson)
			}
		} else if !strings.HasPrefix(target, "https://") {
			l.faults.Add(where, "link to https://… or lesson:name", "a link to %q", target)
		}
	case *ast.AutoLink:
		if !strings.HasPrefix(string(n.URL(source)), "https://") {
			l.faults.Add(where, "link to https://…", "a link to %q", n.URL(source))
		}
	}
}

func (l *loader) checkImage(where folder.Place, n *ast.Image, source []byte) {
	name := string(n.Destination)
	if strings.TrimSpace(plain(n, source)) == "" {
		l.faults.Add(where, "say in ![…] what the picture shows, for those who cannot see it", "the image %q has no alternative text", name)
	}
	l.checkMedium(where, name, "image/")
	if p := n.Parent(); p == nil || p.Kind() != ast.KindParagraph || !figure(p) {
		l.faults.Add(where, "put the image on a line of its own, with empty lines around it", "the image %q stands within a text", name)
	}
}

func (l *loader) checkMedium(where folder.Place, name, mediaType string) {
	for _, m := range l.course.media {
		if m == name {
			l.used[name] = true
			if !strings.HasPrefix(folder.MediaType(name), mediaType) {
				l.faults.Add(where, "", "%q is of another kind: %s is wanted here", name, strings.TrimSuffix(mediaType, "/"))
			}
			return
		}
	}
	l.faults.Add(where, "put the file into media/", "there is no %q", name)
}

// textKey names a rendered short text: an item is shown thousands of times, and rendering costs more than everything else on a page.
type textKey struct {
	lang, source string
	inline       bool
}

// size returns the size of a figure, 0 where it is not known.
func (c *Course) size(name string) (width, height int) {
	p := c.pictures[name]
	return p.Width, p.Height
}

// HTML returns a text in a language as HTML, safe to put into a page.
func (c *Course) HTML(t text.Translated, lang string) string {
	return c.rendered(t.In(lang), lang, false)
}

// Inline is HTML for a text of one paragraph, without the paragraph's tags, to be put into a label.
func (c *Course) Inline(t text.Translated, lang string) string {
	return c.rendered(t.In(lang), lang, true)
}

// prefixOf names the elements of a text: texts of several items stand on one page, and no id may be there twice.
func prefixOf(source string) string {
	h := fnv.New64a()
	_, _ = io.WriteString(h, source) // a hash never fails to take bytes
	return fmt.Sprintf("t%x-", h.Sum64())
}

func (c *Course) rendered(source, lang string, inline bool) string {
	key := textKey{lang, source, inline}
	template := c.template(key)
	if !strings.Contains(template, markBegin) {
		return template
	}
	if c.filled == nil {
		return fill(c.book, template, lang)
	}
	if s, ok := c.filled.Load(key); ok {
		return s.(string)
	}
	out := fill(c.book, template, lang)
	c.filled.Store(key, out)
	return out
}

// template renders a text, with marks where facts stand.
func (c *Course) template(key textKey) string {
	if s, ok := c.texts.Load(key); ok {
		return s.(string)
	}
	source, lang := key.source, key.lang
	p := &page{course: c, lang: lang, media: c.mediaBase, size: c.size, prefix: prefixOf(source)}
	out := strings.TrimSpace(p.render(source))
	if key.inline && strings.Count(out, "<p>") == 1 && strings.HasPrefix(out, "<p>") {
		out = strings.TrimSuffix(strings.TrimPrefix(out, "<p>"), "</p>")
	}
	c.texts.Store(key, out)
	return out
}
