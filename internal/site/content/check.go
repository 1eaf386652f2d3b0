package content

import (
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"ostoja/internal/errs"
	"ostoja/internal/prose"
)

// critical is the block of what to do first.
const critical = "critical"

// blocks lists the blocks of articles with their attributes; those with a star are required.
var blocks = map[string][]string{
	"key": {}, "warning": {}, critical: {}, "example": {}, "definition": {"term*"}, "reveal": {"label*"}, "law": {"source*", "url", "checked*", "confirm"},
}

// LinkedPages are the pages that texts can link to as page:name. ToGuardian and ToComplaint are none of the site: there the application asks who
// wants to become the guardian of a child, and what is wrong with one, which no page for readers does.
var LinkedPages = []string{"services", "check", "search", "about", "news", "publications", ToGuardian, ToComplaint}

// ToGuardian names where one applies to become a guardian, ToComplaint where one complains about one.
const (
	ToGuardian  = "guardian"
	ToComplaint = "guardian-complaint"
)

// Faults of digits that look like a phone number: such a text is not even kept as a draft.
const (
	faultDigits      = "site.fault.digits"
	faultDigitsShort = "site.fault.digits-short"
)

// HasPhoneDigits says whether faults tell of digits that look like a phone number.
func HasPhoneDigits(faults errs.Fields) bool {
	return slices.ContainsFunc(faults, func(f errs.Field) bool { return f.Key == faultDigits || f.Key == faultDigitsShort })
}

// References tells a check what can be referred to.
type References struct {
	Facts     map[string]*Fact
	Articles  map[string]bool
	Revealing func(address string) string // [Bundle.RevealingWord]
}

// CheckText finds what may not be in an article: faults of the notation, raw HTML, unknown facts and links, numbers that look
// like phones, and, in the tab's title and the addresses of a protected article, words that would tell on the reader.
func CheckText(t *Text, protected bool, k References, forbidden []string) (faults errs.Fields) {
	for name, v := range map[string]string{"title": t.Title, "summary": t.Summary, "tab": t.Tab} {
		if strings.TrimSpace(v) == "" {
			faults.Add(name, "site.fault.empty")
		}
		if looksLikePhone(v) {
			faults.Add(name, faultDigitsShort)
		}
	}
	if w := forbiddenIn(t.Tab, forbidden); protected && w != "" {
		faults.Add("tab", "site.fault.tell-tale", "Word", w)
	}
	if !protected {
		k.Revealing = func(string) string { return "" }
	}
	faults = append(faults, checkBody(t.Body, k)...)
	slices.SortStableFunc(faults, func(a, b errs.Field) int { return strings.Compare(a.Name, b.Name) })
	return faults
}

// checkBody finds what may not be in a text with blocks.
func checkBody(body string, k References) (faults errs.Fields) {
	body = strings.ReplaceAll(body, "\r\n", "\n")
	if line, hint, why := prose.Heavy(body); line > 0 {
		faults.Add("body", "site.fault.block", "Line", line, "Text", why+"; "+hint)
		return faults
	}
	pieces, wrong := prose.Split(body, 1)
	for _, f := range wrong {
		faults.Add("body", "site.fault.block", "Line", f.Line, "Text", f.Text)
	}
	if len(pieces) == 0 {
		faults.Add("body", "site.fault.empty")
	}
	for _, p := range pieces {
		checkBlock(p, k, &faults)
		c := checker{k: k, src: []byte(p.Text), first: p.Line, faults: &faults}
		if p.Block != "" {
			c.first++ // below its opening
		}
		_ = ast.Walk(markdown.Parser().Parse(text.NewReader(c.src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it fails only where the function does
			if entering {
				c.node(n)
			}
			return ast.WalkContinue, nil
		})
	}
	return faults
}

// checkBlock checks a block's name and attributes.
func checkBlock(p prose.Piece, k References, faults *errs.Fields) {
	if p.Block == "" {
		return
	}
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
	for name, value := range p.Attributes {
		if !slices.Contains(known, name) && !slices.Contains(known, name+"*") {
			faults.Add("body", "site.fault.no-attribute", "Line", p.Line, "Block", p.Block, "Attribute", name)
		}
		if name != "url" && looksLikePhone(value) {
			faults.Add("body", faultDigits, "Line", p.Line)
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

// checkAddress checks an address outside the site.
func checkAddress(address string, line int, k References, faults *errs.Fields) {
	if !strings.HasPrefix(address, "https://") {
		faults.Add("body", "site.fault.link", "Line", line, "Link", address)
	} else if w := k.Revealing(address); w != "" {
		faults.Add("body", "site.fault.tell-tale-link", "Line", line, "Link", address, "Word", w)
	}
}

// checker checks a stretch of Markdown.
type checker struct {
	k      References
	src    []byte
	first  int // the line on which the stretch begins
	faults *errs.Fields
}

func (c *checker) line(n ast.Node) int { return c.first + lineOf(n, c.src, looksLikePhone) }

// maxFaults are told at once: nobody reads more, and each looks for its line.
const maxFaults = 200

func (c *checker) add(n ast.Node, key string, pairs ...any) {
	if len(*c.faults) >= maxFaults {
		return
	}
	c.faults.Add("body", key, append([]any{"Line", c.line(n)}, pairs...)...)
}

func (c *checker) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.HTMLBlock, *ast.RawHTML:
		c.add(n, "site.fault.html")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		c.add(n, "site.fault.code")
	case *ast.Image:
		c.add(n, "site.fault.image")
	case *ast.AutoLink:
		c.add(n, "site.fault.autolink", "Link", string(n.Label(c.src)))
	case *ast.Heading:
		if n.Level == 1 {
			c.add(n, "site.fault.heading")
		}
	case *factNode:
		if c.k.Facts[n.id] == nil {
			c.add(n, "site.fault.no-fact", "Fact", n.id)
		}
		if within[*ast.Link](n) {
			c.add(n, "site.fault.fact-in-link", "Fact", n.id)
		}
	case *ast.Link:
		c.link(n)
	}
	if c := n.FirstChild(); n.Type() != ast.TypeBlock || c == nil || c.Type() != ast.TypeInline {
		return
	}
	if looksLikePhone(wordsOf(n, c.src)) {
		c.add(n, faultDigits)
	}
}

func (c *checker) link(n *ast.Link) {
	target := string(n.Destination)
	article, isArticle := strings.CutPrefix(target, "article:")
	page, isPage := strings.CutPrefix(target, "page:")
	switch {
	case isArticle && !c.k.Articles[article], isPage && !slices.Contains(LinkedPages, page):
		c.add(n, "site.fault.link", "Link", target)
	case !isArticle && !isPage:
		checkAddress(target, c.line(n), c.k, c.faults)
	}
	if len(n.Title) > 0 {
		c.add(n, "site.fault.link-title")
	}
}
