package content

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"ostoja/internal/fact"
	"ostoja/internal/lang"
	"ostoja/internal/prose"
	"ostoja/internal/site/directory"
	words "ostoja/internal/text"
)

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

// HTML renders a text. The source is what [CheckText] accepts; of anything else nothing unsafe comes out.
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
	if r.Stale && p.Block == critical {
		fmt.Fprintf(b, `<div class="b critical"><p class="l">%s</p><p>%s:</p>`, t("article.critical"), t("article.replaced"))
		for _, id := range r.Snapshot.Lines(r.Now) {
			b.WriteString(r.labelled(id))
		}
		b.WriteString("</div>")
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

// labelled is a fact with what it is.
func (r *Rendering) labelled(id string) string {
	label := ""
	if f := r.Snapshot.Facts[id]; f != nil {
		label = html.EscapeString(f.Label[r.Printer.Tag()]) + ": "
	}
	return "<p>" + label + r.Fact(id) + "</p>"
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
	if line, _, _ := prose.Heavy(source); line > 0 { // a draft that [CheckText] does not accept
		return "<p>" + html.EscapeString(source) + "</p>"
	}
	src := []byte(source)
	doc := markdown.Parser().Parse(text.NewReader(src))
	var dead []*ast.Link
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it fails only where the function does
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *factNode:
			if n.html = r.Fact(n.id); within[*ast.Link](n) { // there is no link within a link
				n.html = markup.ReplaceAllString(n.html, "")
			}
			if strings.HasSuffix(n.html, ".") {
				dropStop(n, src) // "27 kwietnia 2026 r." ends a sentence by its own stop
			}
		case *ast.Link:
			if n.Destination = []byte(r.address(string(n.Destination))); len(n.Destination) == 0 {
				dead = append(dead, n)
			}
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
	short := strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(out.String(), ">\n<", "><"), "\n", " ")) // bytes on a poor line
	return words.Bind(r.Printer.Tag(), short)
}

// markup matches the tags of what [Rendering.Fact] makes.
var markup = regexp.MustCompile(`<[^>]*>`)

// address returns where a link leads, "" if nowhere.
func (r *Rendering) address(target string) string {
	if id, ok := strings.CutPrefix(target, "article:"); ok {
		return r.Links.Article(id)
	}
	if name, ok := strings.CutPrefix(target, "page:"); ok {
		return r.Links.Page(name)
	}
	if strings.HasPrefix(target, "https://") {
		return target
	}
	return ""
}

// Fact returns a fact as it stands in a text: its value, the value with "not confirmed since", or the national line.
func (r *Rendering) Fact(id string) string {
	f := r.Snapshot.Facts[id]
	if f == nil {
		return "{" + html.EscapeString(id) + "}"
	}
	if !slices.Contains(r.used, id) {
		r.used = append(r.used, id)
	}
	switch f.Validity(r.Now, r.Snapshot.Zone) {
	case fact.Expired:
		return html.EscapeString(r.Printer.T("fact.gone")) + " " + r.Fact(fact.NationalLine)
	case fact.Overdue:
		return r.value(f) + ` <span class="s">(` + html.EscapeString(r.Printer.T("fact.overdue")+" "+r.Day(f.ValidUntil)) + ")</span>"
	}
	return r.value(f)
}

func (r *Rendering) value(f *Fact) string {
	v := html.EscapeString(f.In(r.Printer.Tag()))
	switch f.Kind {
	case fact.Phone:
		return r.Phone(f.In(r.Printer.Tag()))
	case fact.Web:
		return fmt.Sprintf(`<a href="%s"><bdi dir="ltr">%s</bdi></a>`, v, strings.TrimSuffix(strings.TrimPrefix(v, "https://"), "/"))
	}
	return v
}

// Phone returns a number that can be called, kept in its order whatever the direction of the text. One that nobody can call, stored before such
// were refused, is shown without a link.
func (*Rendering) Phone(number string) string {
	if directory.Dial(number) == "" {
		return html.EscapeString(number)
	}
	return fmt.Sprintf(`<a class="tel" href="tel:%s"><bdi dir="ltr">%s</bdi></a>`, directory.Dial(number), strings.ReplaceAll(html.EscapeString(number), " ", "&nbsp;"))
}
