package exchange

import (
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// htmlTag finds what is most likely a tag; a < in a comparison is none.
var htmlTag = regexp.MustCompile(`</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>`)

// quietTags mean nothing for the text, so that nothing is lost with them.
var quietTags = map[string]bool{"span": true, "div": true, "font": true, "html": true, "body": true, "tbody": true}

// blockTags end a paragraph.
var blockTags = map[string]bool{
	"p": true, "div": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "table": true, "tr": true, "blockquote": true,
	"pre": true, "section": true, "article": true, "hr": true, "dl": true, "dt": true, "dd": true,
}

// mediaTags show something that is no text.
var mediaTags = map[string]bool{"img": true, "audio": true, "video": true, "object": true, "embed": true, "iframe": true, "svg": true, "canvas": true}

// silentTags hold what is not shown.
var silentTags = map[string]bool{"script": true, "style": true, "head": true, "title": true, "template": true}

// markers are the signs of emphasis.
var markers = map[string]string{"b": "**", "strong": "**", "i": "*", "em": "*"}

// fromHTML turns simple HTML into Markdown: paragraphs, line breaks, emphasis and lists. All other tags are stripped, of
// which markup tells, and pictures and the like dropped, of which media tells. It reads a stream of tokens, so that no depth
// of nesting costs it more than another text of the same length.
func fromHTML(source string) (text string, markup, media bool) {
	m := &markdown{}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF { //nolint:errorlint // the tokenizer returns it as it is
				m.markup = true
			}
			m.closeAll()
			return strings.TrimSpace(m.out.String()), m.markup, m.media
		case html.TextToken:
			if m.silent == 0 {
				m.text(z.Token().Data)
			}
		case html.StartTagToken:
			m.open(z.Token())
		case html.SelfClosingTagToken:
			t := z.Token()
			m.open(t)
			if t.Data != "br" {
				m.close(t.Data)
			}
		case html.EndTagToken:
			m.close(z.Token().Data)
		}
	}
}

// markdown is what fromHTML has written so far.
type markdown struct {
	out           strings.Builder
	space         bool     // a space is due before the next word
	breaks        int      // line ends due before the next word: 1 a line, 2 a paragraph
	hard          bool     // the line end is one that stays
	marker        string   // of a list item whose text has not begun
	lists         []int    // open lists: 0 for bullets, else the next number
	wanted        []string // emphasis that is open in the HTML
	marked        []string // emphasis that is open in the Markdown
	begun         bool     // something was written
	lineStart     bool
	silent        int
	markup, media bool
}

const (
	maxIndent   = 4 // deeper lists stay at this depth
	maxEmphasis = 8 // more tags within each other are a mistake or an attack
)

func (m *markdown) open(t html.Token) {
	name := t.Data
	switch {
	case silentTags[name]:
		m.silent++
		m.markup = true
	case m.silent > 0:
	case name == "br":
		if m.begun && m.breaks == 0 {
			m.breaks, m.hard = 1, true
		}
	case markers[name] != "":
		if len(m.wanted) < maxEmphasis {
			m.wanted = append(m.wanted, markers[name])
		}
	case name == "ul", name == "ol":
		m.block(2 - min(len(m.lists), 1))
		start := 0
		if name == "ol" {
			start = 1
		}
		m.lists = append(m.lists, start)
	case name == "li":
		m.listItem()
	case mediaTags[name]:
		m.media = true
		for _, a := range t.Attr {
			if a.Key == "alt" {
				m.text(a.Val)
			}
		}
	default:
		m.markup = m.markup || name != "p" && !quietTags[name]
		if blockTags[name] {
			m.block(2)
		}
	}
}

func (m *markdown) listItem() {
	m.block(1)
	m.marker = "- "
	if n := len(m.lists); n > 0 && m.lists[n-1] > 0 {
		m.marker = strconv.Itoa(m.lists[n-1]) + ". "
		m.lists[n-1]++
	}
}

func (m *markdown) close(name string) {
	switch {
	case silentTags[name]:
		m.silent = max(0, m.silent-1)
	case m.silent > 0:
	case markers[name] != "":
		m.unmark(markers[name])
	case name == "ul", name == "ol":
		if len(m.lists) > 0 {
			m.lists = m.lists[:len(m.lists)-1]
		}
		m.marker = ""
		m.block(2 - min(len(m.lists), 1))
	case name == "li":
		m.block(1)
	case name == "td", name == "th":
		m.space = true
	case blockTags[name]:
		m.block(2)
	}
}

// block ends the paragraph. A paragraph that only opens a list item's text does not part it from its marker.
func (m *markdown) block(breaks int) {
	m.closeAll()
	m.space, m.hard = false, false
	if m.begun && m.marker == "" {
		m.breaks = max(m.breaks, breaks)
	}
}

// unmark ends an emphasis; those that were opened after it go on.
func (m *markdown) unmark(mark string) {
	for i := len(m.wanted) - 1; i >= 0; i-- {
		if m.wanted[i] != mark {
			continue
		}
		m.wanted = append(m.wanted[:i:i], m.wanted[i+1:]...)
		if i < len(m.marked) {
			m.closeTo(i)
		}
		return
	}
}

func (m *markdown) closeAll() { m.closeTo(0) }

func (m *markdown) closeTo(n int) {
	for len(m.marked) > n {
		m.out.WriteString(m.marked[len(m.marked)-1])
		m.marked = m.marked[:len(m.marked)-1]
	}
}

// text writes the words of a text token. Signs of emphasis are written as late as a word needs them, since beside a space
// they would be none.
func (m *markdown) text(s string) {
	words := strings.FieldsFunc(s, isSpace)
	blank := strings.TrimSpace(s) == ""
	if s != "" && (blank || isSpace(rune(s[0]))) {
		m.space = true
	}
	if blank {
		return
	}
	m.beforeWord()
	for i, w := range words {
		if i > 0 {
			m.out.WriteByte(' ')
		}
		m.out.WriteString(escapeWord(w, m.lineStart))
		m.lineStart = false
	}
	m.space = isSpace(rune(s[len(s)-1]))
}

func (m *markdown) beforeWord() {
	if m.breaks > 0 {
		m.closeAll()
		if m.hard && m.breaks == 1 {
			m.out.WriteByte('\\')
		}
		m.out.WriteString(strings.Repeat("\n", m.breaks))
		m.indent()
	} else if m.space && m.begun && m.marker == "" {
		m.out.WriteByte(' ')
	}
	m.lineStart = m.lineStart || m.breaks > 0 || !m.begun
	m.out.WriteString(m.marker)
	m.marker, m.breaks, m.hard, m.space, m.begun = "", 0, false, false, true
	for len(m.marked) < min(len(m.wanted), 2) { // bold and italic; more of them mean nothing more
		next := m.wanted[len(m.marked)]
		if len(m.marked) == 1 && m.marked[0] == next {
			break
		}
		m.marked = append(m.marked, next)
		m.out.WriteString(next)
		m.lineStart = false
	}
}

// indent puts a line under the list item to which it belongs.
func (m *markdown) indent() {
	depth := len(m.lists)
	if m.marker != "" {
		depth--
	}
	for i := range min(max(depth, 0), maxIndent) {
		m.out.WriteString("  ")
		if m.lists[i] > 0 {
			m.out.WriteByte(' ')
		}
	}
}

// isSpace knows the spaces that HTML makes one; one that does not break is a character like others.
func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\f' || r == '\r' }

var (
	entity    = regexp.MustCompile(`&(#?[a-zA-Z0-9]+;)`)
	lineSign  = regexp.MustCompile(`^(?:#{1,6}$|[-+]$|>|=|---|~~~)`)
	listPoint = regexp.MustCompile(`^(\d{1,9})([.)])$`)
)

// escapeWord keeps Markdown from seeing signs in a word that had none in HTML.
func escapeWord(w string, lineStart bool) string {
	w = entity.ReplaceAllString(w, "&amp;$1")
	if lineStart {
		if lineSign.MatchString(w) {
			w = `\` + w
			return w[:2] + escapeSigns(w[2:])
		}
		if p := listPoint.FindStringSubmatch(w); p != nil {
			return p[1] + `\` + p[2]
		}
	}
	return escapeSigns(w)
}

func escapeSigns(w string) string {
	if !strings.ContainsAny(w, "\\`*[]<_") {
		return w
	}
	var b strings.Builder
	runes := []rune(w)
	for i, r := range runes {
		within := r == '_' && i > 0 && i+1 < len(runes) && letter(runes[i-1]) && letter(runes[i+1])
		if strings.ContainsRune("\\`*[]<_", r) && !within {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// plainFromHTML returns the words alone, for texts that are no Markdown.
func plainFromHTML(source string) string {
	if !htmlTag.MatchString(source) {
		return html.UnescapeString(source)
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			b.WriteString(z.Token().Data)
		default:
			b.WriteByte(' ')
		}
	}
}
