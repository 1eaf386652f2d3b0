package markup

import (
	"fmt"
	"html"
	"strings"
	"time"
)

// Block renders a ::: block of a lesson. What its attributes name that is not there, or not safe, is left out.
func (p *Page) Block(name string, attributes map[string]string, source string) string {
	body := p.HTML(source)
	head := func(text string) string { return `<p class="block-label">` + escaped(text) + `</p>` }
	box := func(inner string) string {
		return fmt.Sprintf("<div class=\"block block-%s\">%s</div>\n", name, inner)
	}
	switch name {
	case "definition":
		return box(head(label(p.Lang, "definition")) + `<p class="block-term"><dfn>` + escaped(attributes["term"]) + `</dfn></p>` + body)
	case "law":
		return box(head(label(p.Lang, "law")) + body + p.lawSource(attributes))
	case "reveal":
		return fmt.Sprintf("<details class=\"block block-reveal\"><summary>%s</summary><div class=\"block-body\">%s</div></details>\n", escaped(attributes["label"]), body)
	case "compare":
		return box(head(label(p.Lang, "compare")) + p.compare(source))
	case "audio", "video":
		return p.player(name, attributes, body)
	}
	return box(head(label(p.Lang, name)) + body)
}

func (p *Page) lawSource(attributes map[string]string) string {
	day, _ := time.Parse(time.DateOnly, attributes["checked"]) // a course with another day is not published
	source := escaped(attributes["source"])
	if u := attributes["url"]; strings.HasPrefix(u, "https://") {
		source = `<a href="` + html.EscapeString(u) + `" rel="noopener noreferrer external">` + source + `</a>`
	}
	s := fmt.Sprintf(`<p class="block-source">%s: %s; %s <time datetime="%s">%s</time>`, label(p.Lang, "source"), source, label(p.Lang, "checked"), day.Format(time.DateOnly), inWords(day, p.Lang))
	if attributes["confirm"] == "yes" {
		s += ` <strong class="block-confirm">` + label(p.Lang, "confirm") + `</strong>`
	}
	return s + `</p>`
}

// Compared returns the two to four parts of a comparison, each of which begins with a heading of the third level, without its marks; ok
// is false where the source has other parts.
func Compared(source string) (parts []string, ok bool) {
	parts = strings.Split("\n"+source, "\n### ")
	if n := len(parts) - 1; n < 2 || n > 4 || strings.TrimSpace(parts[0]) != "" {
		return parts[1:], false
	}
	return parts[1:], true
}

// compare puts the parts of a comparison side by side.
func (p *Page) compare(source string) string {
	parts, ok := Compared(source)
	if !ok {
		return ""
	}
	var s strings.Builder
	s.WriteString(`<div class="compare">`)
	for _, part := range parts {
		// No heading element: a comparison may stand where a heading of the third level would skip one.
		title, rest, _ := strings.Cut(part, "\n")
		s.WriteString(`<div class="compare-part"><div class="compare-title">` + p.HTML(title) + `</div>` + p.HTML(rest) + `</div>`)
	}
	s.WriteString(`</div>`)
	return s.String()
}

// player plays a sound or film, with what is said in it as text.
func (p *Page) player(element string, attributes map[string]string, transcript string) string {
	address := func(name string) string {
		return html.EscapeString(p.Context.Media() + strings.TrimPrefix(name, "media/"))
	}
	track := ""
	if c := attributes["captions"]; c != "" {
		track = fmt.Sprintf(`<track kind="captions" src="%s" srclang="%s" default>`, address(c), p.Lang)
	}
	return fmt.Sprintf(`<div class="block block-%s"><%s controls preload="none" src="%s">%s</%s><details><summary>%s</summary><div class="block-body">%s</div></details></div>`+"\n",
		element, element, address(attributes["src"]), track, element, label(p.Lang, "transcript"), transcript)
}
