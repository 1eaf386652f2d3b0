// Package markup turns the texts of other systems into the Markdown of items, and back: HTML, plain text, and texts in which
// Moodle's filters keep several languages.
//
// Goals: what is shown stays what it was. A sign that meant nothing in the other notation means nothing in Markdown (CommonMark
// 0.31.2, section 2.4), what was raised or struck out is not read as if it were not, two languages are never one sentence, and
// what has no place in Markdown is named. Limits: it knows the Markdown of items alone, which has no raw HTML and no pictures;
// the same text comes back in one spelling of Markdown, not always in the author's.
package markup

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// markdown reads what items are written in, as package course does, and leaves raw HTML out as its pages do.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough),
	goldmark.WithRendererOptions(ghtml.WithXHTML(), renderer.WithNodeRenderers(util.Prioritized(noRaw{}, 100))),
)

// mixed reads Markdown with HTML in it.
var mixed = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough), goldmark.WithRendererOptions(ghtml.WithXHTML(), ghtml.WithUnsafe()))

type noRaw struct{}

// RegisterFuncs tells goldmark what is rendered here.
func (noRaw) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	nothing := func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) { return ast.WalkSkipChildren, nil }
	reg.Register(ast.KindRawHTML, nothing)
	reg.Register(ast.KindHTMLBlock, nothing)
}

// ToHTML returns Markdown as HTML; a text of one paragraph without the paragraph's tags.
func ToHTML(source string) string {
	var out bytes.Buffer
	if err := markdown.Convert([]byte(source), &out); err != nil {
		return FromPlain(source) // writing to memory does not fail
	}
	s := strings.TrimSpace(out.String())
	if strings.Count(s, "<p>") == 1 && strings.HasPrefix(s, "<p>") && strings.HasSuffix(s, "</p>") {
		s = strings.TrimSpace(s[len("<p>") : len(s)-len("</p>")])
	}
	return s
}

// FromHTML turns simple HTML into Markdown: paragraphs, line breaks, emphasis, lists, what is struck out, raised or lowered. lost
// names all other tags, of which only the words are kept; media tells that pictures and the like were dropped.
func FromHTML(source string) (text string, lost []string, media bool) {
	w := &writer{}
	text = w.read(source)
	lost = w.lost
	if shown(ToHTML(text)) != w.shown.String() { // tags that overlap can become signs that mean something else, or nothing
		plain := &writer{plain: true}
		text = FromPlain(plain.read(source))
		lost = append(lost, w.kept...)
	}
	slices.Sort(lost)
	return text, slices.Compact(lost), w.media
}

// shown returns the characters that HTML shows, without spaces.
func shown(source string) string {
	w := &writer{plain: true}
	w.read(source)
	return w.shown.String()
}

// ToPlain returns Markdown as the words that it shows: paragraphs, line breaks and the points of lists, without signs.
func ToPlain(source string) string {
	w := &writer{plain: true}
	return w.read(ToHTML(source))
}

// FromMarkdown returns Markdown of another system, which may hold HTML, as that of items, which does not.
func FromMarkdown(source string) (text string, lost []string, media bool) {
	if !tag.MatchString(source) {
		return source, nil, false
	}
	var out bytes.Buffer
	if err := mixed.Convert([]byte(source), &out); err != nil {
		return FromPlain(source), nil, false // writing to memory does not fail
	}
	return FromHTML(out.String())
}

// Same says whether two texts in Markdown show the same.
func Same(a, b string) bool { return a == b || folded(ToHTML(a)) == folded(ToHTML(b)) }

// folded makes spaces and line ends one space, as which HTML shows them outside of code.
func folded(source string) string {
	if strings.Contains(source, "<pre") {
		return source
	}
	return strings.Join(strings.FieldsFunc(source, isSpace), " ")
}

// FromPlain turns a text that is no Markdown into one that shows as it was typed: its lines, its paragraphs and its signs.
func FromPlain(source string) string {
	var b bytes.Buffer
	breaks := 0
	for _, line := range strings.Split(strings.TrimSpace(source), "\n") {
		words := strings.FieldsFunc(line, isSpace)
		if strings.TrimSpace(line) == "" {
			words = nil
		}
		switch {
		case len(words) == 0 && breaks > 0:
			breaks = 2
			continue
		case len(words) == 0:
			continue
		case breaks == 1:
			breakLine(&b)
		case breaks == 2:
			b.WriteString("\n\n")
		}
		breaks = 1
		for i, w := range words {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(escapeWord(w, i == 0))
		}
	}
	return b.String()
}

// Tagged says whether a text holds what is most likely a tag or an entity of HTML; a < in a comparison is none.
func Tagged(source string) bool { return tag.MatchString(source) || entity.MatchString(source) }

var tag = regexp.MustCompile(`(?i)</?(?:a|article|audio|b|big|blockquote|body|br|canvas|center|code|dd|del|div|dl|dt|em|embed|font|h[1-6]|hr|html|i|iframe|img|input|ins|kbd|lang|li|` +
	`mark|math|nolink|object|ol|p|pre|q|s|samp|script|section|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|tt|u|ul|var|video)(?:\s[^<>]*)?/?>`)
