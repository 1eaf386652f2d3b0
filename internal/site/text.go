package site

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/prose"
)

// markdown is CommonMark with tables, without raw HTML (goldmark's default).
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table))

// blocks lists the blocks of articles with their attributes; those with a star are required.
var blocks = map[string][]string{
	"key": {}, "warning": {}, "critical": {}, "example": {}, "definition": {"term*"}, "reveal": {"label*"}, "law": {"source*", "url", "checked*", "confirm"},
}

// Pages that texts can link to as page:name.
var linkedPages = []string{"services", "check", "search", "about", "news", "publications"}

var factToken = regexp.MustCompile(`\{([a-z][a-z0-9-]*)\}`)

// knows tells a check what can be referred to.
type knows struct {
	facts    map[string]*Fact
	articles map[string]bool
	telling  func(address string) string // [Bundle.Telling]
}

// CheckText finds what may not be in an article: faults of the notation, raw HTML, unknown facts and links, numbers that look
// like phones, and, in the tab's title and the addresses of a protected article, words that would tell on the reader.
func checkText(t *Text, protected bool, k knows, forbidden []string) (faults errs.Fields) {
	for name, v := range map[string]string{"title": t.Title, "summary": t.Summary, "tab": t.Tab} {
		if strings.TrimSpace(v) == "" {
			faults.Add(name, "site.fault.empty")
		}
		if looksLikePhone(v) {
			faults.Add(name, "site.fault.digits-short")
		}
	}
	if w := forbiddenIn(t.Tab, forbidden); protected && w != "" {
		faults.Add("tab", "site.fault.tell-tale", "Word", w)
	}
	if !protected {
		k.telling = func(string) string { return "" }
	}
	pieces, wrong := prose.Split(strings.ReplaceAll(t.Body, "\r\n", "\n"), 1)
	for _, f := range wrong {
		faults.Add("body", "site.fault.block", "Line", f.Line, "Text", f.Text)
	}
	if len(pieces) == 0 {
		faults.Add("body", "site.fault.empty")
	}
	for _, p := range pieces {
		checkPiece(p, k, &faults)
	}
	slices.SortStableFunc(faults, func(a, b errs.Field) int { return strings.Compare(a.Name, b.Name) })
	return faults
}

func checkPiece(p prose.Piece, k knows, faults *errs.Fields) {
	if p.Block != "" {
		known, ok := blocks[p.Block]
		if !ok {
			faults.Add("body", "site.fault.no-block", "Line", p.Line, "Block", p.Block)
			return
		}
		for _, a := range known {
			if name, required := strings.CutSuffix(a, "*"); required && p.Attributes[name] == "" {
				faults.Add("body", "site.fault.attribute", "Line", p.Line, "Block", p.Block, "Attribute", name)
			}
		}
		for name := range p.Attributes {
			if !slices.Contains(known, name) && !slices.Contains(known, name+"*") {
				faults.Add("body", "site.fault.no-attribute", "Line", p.Line, "Block", p.Block, "Attribute", name)
			}
		}
		if address := p.Attributes["url"]; address != "" {
			checkAddress(address, p.Line, k, faults)
		}
		if p.Block == "law" && day(p.Attributes["checked"], time.UTC).IsZero() {
			faults.Add("body", "site.fault.law-day", "Line", p.Line)
		}
		if strings.TrimSpace(p.Text) == "" {
			faults.Add("body", "site.fault.empty-block", "Line", p.Line, "Block", p.Block)
		}
	}
	for _, m := range factToken.FindAllStringSubmatch(p.Text, -1) {
		if k.facts[m[1]] == nil {
			faults.Add("body", "site.fault.no-fact", "Line", p.Line, "Fact", m[1])
		}
	}
	src := []byte(p.Text)
	_ = ast.Walk(markdown.Parser().Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			checkNode(n, src, p.Line, k, faults)
		}
		return ast.WalkContinue, nil
	})
}

// checkAddress checks an address outside the site.
func checkAddress(address string, line int, k knows, faults *errs.Fields) {
	if !strings.HasPrefix(address, "https://") {
		faults.Add("body", "site.fault.link", "Line", line, "Link", address)
	} else if w := k.telling(address); w != "" {
		faults.Add("body", "site.fault.tell-tale-link", "Line", line, "Link", address, "Word", w)
	}
}

func checkNode(n ast.Node, src []byte, line int, k knows, faults *errs.Fields) {
	switch n := n.(type) {
	case *ast.HTMLBlock, *ast.RawHTML:
		faults.Add("body", "site.fault.html", "Line", line)
	case *ast.Image:
		faults.Add("body", "site.fault.image", "Line", line)
	case *ast.Heading:
		if n.Level == 1 {
			faults.Add("body", "site.fault.heading", "Line", line)
		}
	case *ast.Text:
		if s := string(n.Segment.Value(src)); looksLikePhone(s) {
			faults.Add("body", "site.fault.digits", "Line", line)
		}
	case *ast.Link:
		target := string(n.Destination)
		article, isArticle := strings.CutPrefix(target, "article:")
		page, isPage := strings.CutPrefix(target, "page:")
		switch {
		case isArticle && !k.articles[article], isPage && !slices.Contains(linkedPages, page):
			faults.Add("body", "site.fault.link", "Line", line, "Link", target)
		case !isArticle && !isPage:
			checkAddress(target, line, k, faults)
		}
	}
}

var (
	isoDay     = regexp.MustCompile(`\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b`)
	lawNumbers = regexp.MustCompile(`(?i)(art\.|poz\.|§|nr)\s*[0-9]+`)
	longNumber = regexp.MustCompile(`[0-9](?:[\s\x{a0}.()-]{0,2}[0-9]){5,}`)
	shortCodes = regexp.MustCompile(`(?:^|[^0-9])(?:112|911|99[789]|116[\s\x{a0}-]?[0-9]{3})(?:[^0-9]|$)`)
)

// looksLikePhone says whether a text holds digits that somebody might dial: six and more in a row, or an emergency number. In
// whatever script; days and numbers of laws aside.
func looksLikePhone(s string) bool {
	if !strings.ContainsFunc(s, unicode.IsDigit) {
		return false // most of all text, quickly
	}
	s = strings.Map(func(r rune) rune {
		if r > '9' && unicode.Is(unicode.Nd, r) {
			for zero := r; ; zero-- { // the digits of a script stand in order, zero first
				if !unicode.Is(unicode.Nd, zero-1) || r-zero == 9 {
					return '0' + r - zero
				}
			}
		}
		return r
	}, s)
	s = lawNumbers.ReplaceAllString(isoDay.ReplaceAllString(s, "~"), "~")
	return longNumber.MatchString(s) || shortCodes.MatchString(s)
}

// wordBegins matches what stands before the beginning of a word. Arabic writes "and", "so", "with", "for", "like" and the
// article together with the word that follows.
var wordBegins = regexp.MustCompile(`\PL[وف]?(?:[بكل]?(?:ال)?|لل)$`)

// forbiddenIn returns the first word of a text that begins like a forbidden one, "" if there is none.
func forbiddenIn(text string, forbidden []string) string {
	folded := " " + strings.ToLower(text)
	for _, w := range forbidden {
		at := strings.Index(folded, strings.ToLower(w))
		for at > 0 {
			if wordBegins.MatchString(folded[:at]) {
				return w
			}
			next := strings.Index(folded[at+1:], strings.ToLower(w))
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return ""
}

// Linker gives addresses to what texts link to; "" shows the words without a link.
type Linker interface {
	Article(id string) string
	Page(name string) string
}

// Rendering makes HTML from texts of one language at one moment.
type Rendering struct {
	Snapshot *Snapshot
	Printer  *lang.Printer
	Links    Linker
	Now      time.Time
	Stale    bool     // a translation older than its source: critical blocks give way to the help line
	used     []string // ids of the facts met, in order
}

// Used returns the facts that the rendered texts refer to, in the order in which they stand.
func (r *Rendering) Used() []*Fact {
	var out []*Fact
	for _, id := range r.used {
		if f := r.Snapshot.Facts[id]; f != nil {
			out = append(out, f)
		}
	}
	return out
}

// HTML renders a text. The source is what [checkText] accepts; of anything else nothing unsafe comes out.
func (r *Rendering) HTML(source string) string {
	var b strings.Builder
	pieces, _ := prose.Split(strings.ReplaceAll(source, "\r\n", "\n"), 1)
	for _, p := range pieces {
		r.piece(&b, p)
	}
	return b.String()
}

func (r *Rendering) piece(b *strings.Builder, p prose.Piece) {
	t := func(key string) string { return html.EscapeString(r.Printer.T(key)) }
	if r.Stale && p.Block == "critical" {
		fmt.Fprintf(b, `<div class="b critical"><p class="l">%s</p><p>%s: %s</p></div>`, t("article.critical"), t("article.replaced"), r.fact(NationalLine))
		return
	}
	body := r.prose(p.Text)
	switch p.Block {
	case "":
		b.WriteString(body)
	case "reveal":
		fmt.Fprintf(b, `<details class="b"><summary>%s</summary>%s</details>`, html.EscapeString(p.Attributes["label"]), body)
	case "law":
		fmt.Fprintf(b, `<div class="b law"><p class="l">%s</p>%s<p class="s">%s</p></div>`, t("article.law"), body, r.lawSource(p.Attributes))
	case "definition":
		fmt.Fprintf(b, `<div class="b"><p class="l"><dfn>%s</dfn></p>%s</div>`, html.EscapeString(p.Attributes["term"]), body)
	default:
		fmt.Fprintf(b, `<div class="b %s"><p class="l">%s</p>%s</div>`, p.Block, t("article."+p.Block), body)
	}
}

func (r *Rendering) lawSource(a map[string]string) string {
	source := `<bdi lang="pl" dir="ltr">` + html.EscapeString(a["source"]) + "</bdi>"
	if strings.HasPrefix(a["url"], "https://") {
		source = fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(a["url"]), source)
	}
	return source + " – " + html.EscapeString(r.Checked(a["checked"], a["confirm"] == "yes"))
}

// Checked says when something was checked, or, while an editor has yet to confirm it, that it was only read.
func (r *Rendering) Checked(day string, confirm bool) string {
	if confirm {
		return r.Printer.T("article.read", "Day", r.Day(day))
	}
	return r.Printer.T("article.checked") + " " + r.Day(day)
}

// Day writes a date of the calendar as the language does.
func (r *Rendering) Day(date string) string {
	t := day(date, time.UTC)
	months := strings.Fields(r.Printer.T("lang.months"))
	if t.IsZero() || len(months) != 12 {
		return date
	}
	return r.Printer.T("lang.date", "Day", t.Day(), "Month", strings.ReplaceAll(months[t.Month()-1], "_", "\u00a0"), "Year", t.Year())
}

// prose renders Markdown, gives links their addresses and puts facts in their places.
func (r *Rendering) prose(source string) string {
	src := []byte(source)
	doc := markdown.Parser().Parse(text.NewReader(src))
	var dead []*ast.Link
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := n.(*ast.Link)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		target := string(link.Destination)
		if id, ok := strings.CutPrefix(target, "article:"); ok {
			target = r.Links.Article(id)
		} else if name, ok := strings.CutPrefix(target, "page:"); ok {
			target = r.Links.Page(name)
		} else if !strings.HasPrefix(target, "https://") {
			target = ""
		}
		if link.Destination = []byte(target); target == "" {
			dead = append(dead, link)
		}
		return ast.WalkContinue, nil
	})
	for _, link := range dead { // the words stay
		parent := link.Parent()
		for c := link.FirstChild(); c != nil; {
			next := c.NextSibling()
			parent.InsertBefore(parent, link, c)
			c = next
		}
		parent.RemoveChild(parent, link)
	}
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, src, doc); err != nil {
		return html.EscapeString(source) // writing to memory does not fail
	}
	rendered := strings.ReplaceAll(strings.ReplaceAll(out.String(), ">\n<", "><"), "\n", " ") // bytes on a poor line
	return factToken.ReplaceAllStringFunc(strings.TrimSpace(rendered), func(token string) string { return r.fact(token[1 : len(token)-1]) })
}

// Inline renders a text of one paragraph without the paragraph's tags.
func (r *Rendering) Inline(source string) string {
	s := r.prose(source)
	if inner, ok := strings.CutPrefix(s, "<p>"); ok && strings.Count(s, "<p>") == 1 {
		return strings.TrimSuffix(inner, "</p>")
	}
	return s
}

// Fact returns a fact as it stands in a text: its value, the value with "not confirmed since", or the national line.
func (r *Rendering) Fact(id string) string { return r.fact(id) }

func (r *Rendering) fact(id string) string {
	f := r.Snapshot.Facts[id]
	if f == nil {
		return "{" + html.EscapeString(id) + "}"
	}
	if !slices.Contains(r.used, id) {
		r.used = append(r.used, id)
	}
	switch f.Standing(r.Now, r.Snapshot.Zone) {
	case Gone:
		return html.EscapeString(r.Printer.T("fact.gone")) + " " + r.fact(NationalLine)
	case Overdue:
		return r.value(f) + ` <span class="s">(` + html.EscapeString(r.Printer.T("fact.overdue")+" "+r.Day(f.ValidUntil)) + ")</span>"
	}
	return r.value(f)
}

func (r *Rendering) value(f *Fact) string {
	v := html.EscapeString(f.In(r.Printer.Tag()))
	switch f.Kind {
	case Phone:
		return r.Phone(f.In(r.Printer.Tag()))
	case Web:
		return fmt.Sprintf(`<a href="%s"><bdi dir="ltr">%s</bdi></a>`, v, strings.TrimSuffix(strings.TrimPrefix(v, "https://"), "/"))
	}
	return v
}

// Phone returns a number that can be called, kept in its order whatever the direction of the text.
func (*Rendering) Phone(number string) string {
	return fmt.Sprintf(`<a class="tel" href="tel:%s"><bdi dir="ltr">%s</bdi></a>`, Call(number), strings.ReplaceAll(html.EscapeString(number), " ", "&nbsp;"))
}
