// Package kitpage makes the bodies of the first-line kit's pages, each of which stands in a page of the public site.
//
// Goals: what a page without a script shows comes from the table that [firstline.Kit.Next] follows, so that the two cannot differ; nothing that
// somebody ticks or types is sent or kept; a text that is not translated stands in Polish and says so to a voice that reads aloud. Limits:
// it knows nothing of facts, addresses and opening hours; the page around it does ([View]).
package kitpage

import (
	"html"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/firstline"
)

// View is what a body needs of the page in which it stands.
type View interface {
	// Tag is the language of the page.
	Tag() string
	// Prose renders a Markdown of a language, with facts.
	Prose(source, tag string) string
	// Sheet is the address of a page that there is in Polish alone, by its code.
	Sheet(code string) templ.SafeURL
	// To is the address of a page in the page's language, by its code.
	To(code string) templ.SafeURL
	// Lang marks a text in another language than the page's.
	Lang(tag string) templ.Attributes
	// Lines are the numbers to call at once, with what they are.
	Lines() []templ.Component
	// Call is a number with its name, its hours and its languages; nil where the site does not have it.
	Call(fact string) templ.Component
	// Guides lists the articles for people at work.
	Guides() templ.Component
	// Kept says whether the page is a file that somebody keeps; there is no other page beside it.
	Kept() bool
	// Counted says whether openings of the pages with a next step are counted.
	Counted() bool
}

// Page is a page of the kit before it stands in one of the site.
type Page struct {
	Code   string
	Tab    string // title of the browser's tab
	Styles string // rules of this page alone
	Step   bool   // a next step on a page of its own: what may be counted
	File   bool   // offered as a file to keep
	Paper  bool   // to be filled in, or heard: with the styles and the script of papers
	Alone  bool   // there is no such page in other languages
	Plays  bool   // recordings, which stand beside it
	Body   func(v View) templ.Component
}

// Pages returns the kit's pages in a language.
func Pages(k *firstline.Kit, tag string) []Page {
	text := func(key string) string { s, _ := k.Text(tag, key); return s }
	list := []Page{{Code: k.Page, Tab: text("kit.tab"), Body: func(v View) templ.Component { return first(words{v, k}) }}}
	for _, p := range k.Places {
		a := newAid(k, p)
		tab := text("place." + p.ID + ".tab")
		list = append(list, Page{Code: p.Code, Tab: tab, Styles: a.styles(), File: true, Body: func(v View) templ.Component { return a.page(words{v, k}) }})
		for _, u := range firstline.Urgencies {
			list = append(list, Page{Code: firstline.StepCode(p, u), Tab: tab + ": " + text("aid."+string(u)), Step: true, Body: func(v View) templ.Component { return step(words{v, k}, a, u) }})
		}
	}
	for _, s := range k.Situations {
		list = append(list, Page{Code: s.Code, Tab: text("situation." + s.ID + ".tab"), Body: func(v View) templ.Component { return situation(words{v, k}, s) }})
	}
	return append(list, paperPages(k, tag)...)
}

// FileName is the name of the file that somebody keeps of a page.
func FileName(code string) string { return "keep-" + code + ".html" }

// Summary is the kit as a search finds it: its title, what it is for, and what is on its pages.
func Summary(k *firstline.Kit, tag string) (title, summary, body string) {
	text := func(key string) string { s, _ := k.Text(tag, key); return s }
	list := []string{text("kit.for-professionals")}
	for _, p := range k.Places {
		list = append(list, text("place."+p.ID+".title"))
	}
	for _, s := range k.Situations {
		list = append(list, text("situation."+s.ID+".title"))
	}
	return text("kit.title"), text("kit.intro"), strings.Join(list, "\n")
}

// words are the texts of the kit on a page.
type words struct {
	View
	kit *firstline.Kit
}

// T writes a text as it is, marked where it is in another language.
func (w words) T(key string) templ.Component { return w.Joined("", key) }

// Joined writes texts with something between them: what stands between, a key, and so on.
func (w words) Joined(parts ...string) templ.Component {
	var b strings.Builder
	for i, part := range parts {
		said, in := part, w.Tag()
		if i%2 == 1 {
			said, in = w.kit.Text(w.Tag(), part)
		}
		b.WriteString(w.marked(html.EscapeString(said), "span", in))
	}
	return templ.Raw(b.String())
}

// marked puts a tag around what is in another language than the page.
func (w words) marked(said, tag, in string) string {
	if in == w.Tag() {
		return said
	}
	return "<" + tag + ` lang="` + in + `" dir="ltr">` + said + "</" + tag + ">"
}

// Line writes a text of one paragraph, with facts and emphasis, without the paragraph's own tags.
func (w words) Line(key string) templ.Component {
	text, in := w.kit.Text(w.Tag(), key)
	return templ.Raw(w.marked(inner(w.Prose(text, in)), "span", in))
}

// inner takes the tags of a single paragraph away.
func inner(prose string) string {
	if said, ok := strings.CutPrefix(prose, "<p>"); ok && strings.Count(prose, "<p>") == 1 {
		return strings.TrimSuffix(said, "</p>")
	}
	return prose
}

// Block writes a text of several paragraphs or a list.
func (w words) Block(key string) templ.Component {
	text, in := w.kit.Text(w.Tag(), key)
	return templ.Raw(w.marked(w.Prose(text, in), "div", in))
}
