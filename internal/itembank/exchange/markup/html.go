package markup

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// quietTags mean nothing for the text, so that nothing is lost with them.
var quietTags = map[string]bool{"p": true, "span": true, "div": true, "font": true, "html": true, "body": true, "tbody": true}

// blockTags end a paragraph.
var blockTags = map[string]bool{
	"p": true, "div": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "table": true, "tr": true, "blockquote": true,
	"pre": true, "section": true, "article": true, "hr": true, "dl": true, "dt": true, "dd": true,
}

// mediaTags show something that is no text.
var mediaTags = map[string]bool{"img": true, "audio": true, "video": true, "object": true, "embed": true, "iframe": true, "svg": true, "canvas": true}

// silentTags hold what is not shown.
var silentTags = map[string]bool{"script": true, "style": true, "head": true, "title": true, "template": true}

// markers are the signs around words: emphasis, and what no longer holds.
var markers = map[string]string{"b": "**", "strong": "**", "i": "*", "em": "*", "del": "~~", "s": "~~", "strike": "~~"}

const (
	maxIndent  = 4 // deeper lists stay at this depth
	maxMarkers = 8 // more tags within each other are a mistake or an attack
	maxAddress = 80
)

// list is an open list.
type list struct {
	next int  // the next number; 0 for bullets
	item bool // an item of it has begun
}

// writer writes Markdown, or plain words, from a stream of HTML tokens, so that no depth of nesting costs it more than another
// text of the same length.
type writer struct {
	out       bytes.Buffer
	plain     bool            // write words without signs
	shown     strings.Builder // the characters so far, without spaces
	space     bool            // a space is due before the next word
	breaks    int             // line ends due before the next word: 1 a line, 2 a paragraph
	hard      bool            // the line end is one that stays
	marker    string          // of a list item whose text has not begun
	lists     []list
	wanted    []string // markers that are open in the HTML
	marked    []string // markers that are open in the Markdown
	closed    string   // the marker that closed last, if nothing was written since
	shifts    []shift  // open <sup> and <sub>
	begun     bool     // something was written
	lineStart bool
	tight     bool // the last thing written is a marker that closed behind a sign
	silent    int
	lost      []string // tags of which the words are kept
	kept      []string // tags that became signs
	media     bool
}

func (w *writer) read(source string) string {
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF { //nolint:errorlint // the tokenizer returns it as it is
				w.lost = append(w.lost, "…")
			}
			w.closeAll()
			return strings.TrimSpace(w.out.String())
		case html.TextToken:
			if w.silent == 0 {
				w.text(z.Token().Data)
			}
		case html.StartTagToken:
			w.open(z.Token())
		case html.SelfClosingTagToken:
			t := z.Token()
			w.open(t)
			if t.Data != "br" {
				w.close(t.Data)
			}
		case html.EndTagToken:
			w.close(z.Token().Data)
		}
	}
}

func (w *writer) open(t html.Token) {
	name := t.Data
	switch {
	case silentTags[name]:
		w.silent++
		w.lost = append(w.lost, name)
	case w.silent > 0:
	case name == "br":
		w.lineBreak()
	case markers[name] != "":
		if len(w.wanted) < maxMarkers {
			w.wanted = append(w.wanted, markers[name])
		}
		w.keep(name)
	case name == "sup", name == "sub":
		if len(w.shifts) < maxMarkers {
			w.shifts = append(w.shifts, shifts[name])
		}
	case name == "ul", name == "ol":
		w.block(2 - min(len(w.lists), 1))
		w.lists = append(w.lists, list{next: firstNumber(t)})
		w.keep(name)
	case name == "li":
		w.listItem()
		w.keep(name)
	case mediaTags[name]:
		w.media, w.space = true, true
		w.text(attribute(t, "alt"))
		w.space = true
	default:
		if !quietTags[name] {
			w.lost = append(w.lost, named(t))
		}
		if blockTags[name] {
			w.block(2)
		}
	}
}

func (w *writer) keep(name string) {
	if !slices.Contains(w.kept, name) {
		w.kept = append(w.kept, name)
	}
}

// lineBreak ends a line; two of them a paragraph, since that is how they look.
func (w *writer) lineBreak() {
	switch {
	case !w.begun:
	case w.breaks == 0:
		w.breaks, w.hard = 1, true
	case w.hard && len(w.lists) == 0:
		w.breaks, w.hard = 2, false
	}
}

func firstNumber(t html.Token) int {
	if t.Data == "ul" {
		return 0
	}
	if n, err := strconv.Atoi(attribute(t, "start")); err == nil && n > 0 && n < 1e9 {
		return n
	}
	return 1
}

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// named is a tag as a loss; of a link also where it led to.
func named(t html.Token) string {
	address := []rune(attribute(t, "href"))
	if len(address) == 0 {
		return t.Data
	}
	return t.Data + " " + string(address[:min(len(address), maxAddress)])
}

func (w *writer) listItem() {
	w.block(1)
	w.marker = "- "
	if n := len(w.lists); n > 0 {
		l := &w.lists[n-1]
		if l.item = true; l.next > 0 {
			w.marker = strconv.Itoa(l.next) + ". "
			l.next++
		}
	}
}

func (w *writer) close(name string) {
	switch {
	case silentTags[name]:
		w.silent = max(0, w.silent-1)
	case w.silent > 0:
	case markers[name] != "":
		w.unmark(markers[name])
	case name == "sup", name == "sub":
		w.shifts = w.shifts[:max(0, len(w.shifts)-1)]
	case name == "ul", name == "ol":
		if len(w.lists) > 0 {
			w.lists = w.lists[:len(w.lists)-1]
		}
		w.marker = ""
		w.block(2 - min(len(w.lists), 1))
	case name == "li":
		w.block(2 - min(len(w.lists), 1))
	case name == "td", name == "th":
		w.space = true
	case blockTags[name]:
		w.block(2)
	}
}

// block ends the paragraph. A paragraph that only opens a list item's text does not part it from its marker.
func (w *writer) block(breaks int) {
	w.closeAll()
	w.space, w.hard = false, false
	if w.begun && w.marker == "" {
		w.breaks = max(w.breaks, breaks)
	}
}

// unmark ends a marker; those that were opened after it go on.
func (w *writer) unmark(mark string) {
	for i := len(w.wanted) - 1; i >= 0; i-- {
		if w.wanted[i] != mark {
			continue
		}
		w.wanted = append(w.wanted[:i:i], w.wanted[i+1:]...)
		want, n := w.distinct(), 0
		for n < len(want) && n < len(w.marked) && (want[n] == w.marked[n] || want[n] == asStars.Replace(w.marked[n])) {
			n++
		}
		w.closeTo(n)
		return
	}
}

// distinct returns the markers that are wanted, each once: twice they mean nothing more.
func (w *writer) distinct() []string {
	var list []string
	for _, m := range w.wanted {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

func (w *writer) closeAll() { w.closeTo(0) }

func (w *writer) closeTo(n int) {
	for len(w.marked) > n {
		last := w.marked[len(w.marked)-1]
		w.marked = w.marked[:len(w.marked)-1]
		if w.plain {
			continue
		}
		before, _ := utf8.DecodeLastRune(w.out.Bytes())
		w.tight = w.tight || !letter(before) || last[0] == '_'
		w.out.WriteString(last)
		w.closed = last
	}
}

// text writes the words of a text token. Markers are written as late as a word needs them, since beside a space they would be none.
func (w *writer) text(s string) {
	if !w.begun {
		s = strings.TrimLeftFunc(s, unicode.IsSpace) // what begins a text begins a line, whatever space stands before it
	}
	words := strings.FieldsFunc(s, isSpace)
	blank := strings.TrimSpace(s) == ""
	if s != "" && (blank || isSpace(rune(s[0]))) {
		w.space = true
	}
	if blank {
		return
	}
	if n := len(w.shifts); n > 0 {
		words = []string{w.shifts[n-1].apply(strings.Join(words, " "))}
	}
	for _, word := range strings.Fields(strings.Join(words, " ")) {
		w.shown.WriteString(word)
	}
	w.beforeWord(words[0])
	for i, word := range words {
		if i > 0 {
			w.out.WriteByte(' ')
		}
		w.word(word)
	}
	w.space = isSpace(rune(s[len(s)-1]))
}

// word writes a word. Where a marker closes behind a sign and a letter follows, CommonMark (0.31.2, section 6.2) sees no marker;
// a letter that is written as an entity begins with a sign.
func (w *writer) word(s string) {
	if w.plain {
		w.out.WriteString(s)
		return
	}
	if s = escapeWord(s, w.lineStart); len(w.marked) > 0 {
		s = strings.ReplaceAll(s, `\~`, "&#126;") // goldmark sees no end of what is struck out behind an escaped one
	}
	if r, size := utf8.DecodeRuneInString(s); w.tight && letter(r) {
		s = entityOf(r) + s[size:]
	}
	w.out.WriteString(s)
	w.lineStart, w.tight, w.closed = false, false, ""
}

func (w *writer) beforeWord(next string) {
	if w.breaks > 0 {
		w.closeAll()
		if w.hard && w.breaks == 1 && !w.plain {
			breakLine(&w.out)
		} else {
			w.out.WriteString(strings.Repeat("\n", w.breaks))
		}
		w.indent()
	} else if w.space && w.begun && w.marker == "" {
		w.out.WriteByte(' ')
	}
	if w.breaks > 0 || w.space {
		w.tight, w.closed = false, ""
	}
	w.lineStart = w.lineStart || w.breaks > 0 || !w.begun
	w.out.WriteString(w.marker)
	w.marker, w.breaks, w.hard, w.space, w.begun = "", 0, false, false, true
	if want := w.distinct(); len(want) > len(w.marked) {
		w.mark(want[len(w.marked):], next)
	}
}

var asStars = strings.NewReplacer("_", "*")

// mark opens markers. One that just closed goes on; behind another of stars a marker is of lines, or both would be one.
func (w *writer) mark(want []string, next string) {
	if w.plain {
		w.marked = append(w.marked, want...)
		return
	}
	if w.closed == "" {
		w.openAt(next)
	}
	for _, m := range want {
		switch {
		case w.closed != "" && m == asStars.Replace(w.closed):
			w.out.Truncate(w.out.Len() - len(w.closed))
			m = w.closed
		case w.closed != "" && w.closed[0] == '*':
			m = strings.ReplaceAll(m, "*", "_")
			w.out.WriteString(m)
		default:
			w.out.WriteString(m)
		}
		w.marked = append(w.marked, m)
		w.closed, w.lineStart, w.tight = "", false, false
	}
}

// openAt makes ready for a marker before a word that begins with a sign: behind a letter it would be none, see [writer.word].
func (w *writer) openAt(next string) {
	first, _ := utf8.DecodeRuneInString(next)
	last, size := utf8.DecodeLastRune(w.out.Bytes())
	if !letter(first) && letter(last) {
		w.out.Truncate(w.out.Len() - size)
		w.out.WriteString(entityOf(last))
	}
}

func entityOf(r rune) string { return "&#" + strconv.Itoa(int(r)) + ";" }

// indent puts a line under the list item to which it belongs.
func (w *writer) indent() {
	depth := 0
	for i, l := range w.lists {
		if !l.item || w.marker != "" && i == len(w.lists)-1 {
			continue
		}
		if depth++; depth > maxIndent {
			return
		}
		w.out.WriteString("  ")
		if l.next > 0 {
			w.out.WriteByte(' ')
		}
	}
}

// isSpace knows the spaces that HTML makes one; one that does not break is a character like others.
func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\f' || r == '\r' }

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
