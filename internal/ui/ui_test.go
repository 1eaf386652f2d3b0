package ui_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/translations"
)

// words returns a context that speaks a language. Only the design system's own texts are loaded, so that these tests do not
// depend on the areas.
func words(t *testing.T, tag string) context.Context {
	t.Helper()
	texts := fstest.MapFS{}
	for _, l := range []string{"pl", "en"} {
		for _, name := range []string{"ui", "web"} {
			file := l + "/" + name + ".yaml"
			b, err := translations.FS.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts[file] = &fstest.MapFile{Data: b}
		}
	}
	catalogue, err := lang.Load(texts, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return lang.With(t.Context(), catalogue.Printer(tag))
}

// render returns a component as a document, in English.
func render(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	return renderIn(t, words(t, "en"), c)
}

func renderIn(t *testing.T, ctx context.Context, c templ.Component) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "⟦") {
		t.Errorf("a text is missing: %s", b.String())
	}
	d, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// around renders a component with children.
func around(outer templ.Component, inner templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w writer) error {
		return outer.Render(templ.WithChildren(ctx, inner), w)
	})
}

type writer = io.Writer

func one(t *testing.T, d *goquery.Document, selector string) *goquery.Selection {
	t.Helper()
	s := d.Find(selector)
	if s.Length() != 1 {
		t.Fatalf("%d elements match %s", s.Length(), selector)
	}
	return s
}

func attr(t *testing.T, s *goquery.Selection, name, want string) {
	t.Helper()
	if got, ok := s.Attr(name); !ok || got != want {
		t.Errorf("%s = %q, want %q", name, got, want)
	}
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func page(p ui.PageProps) templ.Component {
	return around(ui.Page(p), templ.Raw("<h1>Body</h1>"))
}

func TestPage(t *testing.T) {
	d := renderIn(t, words(t, "pl"), page(ui.PageProps{
		Title: "Osoby", Lang: "pl", Dir: "ltr", Home: "/app/", CSS: "/assets/a.css", JS: "/assets/a.js", Account: "J. Kowalczyk", Return: "/app/people", Said: "Zapisano.",
		Nav:   []ui.NavItem{{Label: "Kursy", Href: "/app/courses"}, {Label: "Osoby", Href: "/app/people", Current: true}},
		Langs: []ui.NavItem{{Label: "Polski", Href: "pl", Current: true}, {Label: "English", Href: "en"}},
	}))
	attr(t, one(t, d, "html"), "lang", "pl")
	attr(t, one(t, d, "html"), "dir", "ltr")
	if got := d.Find("title").Text(); got != "Osoby – Ostoja" {
		t.Errorf("title %q", got)
	}
	attr(t, d.Find("body > *").First(), "href", "#main")
	one(t, d, "main#main[tabindex='-1']")
	attr(t, one(t, d, "nav.nav a.current"), "aria-current", "page")
	if got := text(one(t, d, "[role=status]")); got != "Zapisano." {
		t.Errorf("said %q", got)
	}
	one(t, d, ".account form[method=post][action='/app/sign-out'] button")
	one(t, d, "form.langs input[name=return][value='/app/people']")
	attr(t, one(t, d, "form.langs button[value=en]"), "lang", "en")
	if d.Find("link[rel=stylesheet]").Length() != 1 || d.Find("script").Length() != 1 {
		t.Error("a page loads one style and one script")
	}
}

func TestPublicPageAsksForNothing(t *testing.T) {
	d := render(t, page(ui.PageProps{Title: "Check", Lang: "en", Dir: "ltr", Public: true, Langs: []ui.NavItem{{Label: "Polski", Href: "pl"}, {Label: "English", Href: "en", Current: true}}}))
	if d.Find("form").Length() != 0 || d.Find(".account").Length() != 0 {
		t.Error("a public page has a form or an account")
	}
	attr(t, one(t, d, ".langs a[lang=pl]"), "href", "?lang=pl")
	attr(t, one(t, d, ".langs a[lang=en]"), "aria-current", "true")
}

// TestMarkupIsWhole looks at everything that the gallery shows: what is named exists, once, and nothing is inline.
func TestMarkupIsWhole(t *testing.T) {
	for _, tag := range []string{"pl", "en"} {
		d := renderIn(t, words(t, tag), around(ui.Page(ui.PageProps{Title: "Design", Lang: tag, Dir: "ltr", CSS: "/a.css", JS: "/a.js"}), ui.Gallery()))
		ids := map[string]int{}
		d.Find("[id]").Each(func(_ int, s *goquery.Selection) { ids[s.AttrOr("id", "")]++ })
		for id, n := range ids {
			if n > 1 || id == "" {
				t.Errorf("%d elements have the id %q", n, id)
			}
		}
		for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "data-password"} {
			d.Find("[" + name + "]").Each(func(_ int, s *goquery.Selection) {
				for _, id := range strings.Fields(s.AttrOr(name, "")) {
					if ids[id] == 0 {
						t.Errorf("%s names %q, which is not there", name, id)
					}
				}
			})
		}
		d.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if d.Find("label[for='"+id+"']").Length() != 1 && s.AttrOr("aria-labelledby", "") == "" {
				t.Errorf("the input %q has no label", id)
			}
		})
		d.Find("button").Each(func(_ int, s *goquery.Selection) {
			if _, filled := s.Attr("data-show-label"); text(s) == "" && s.AttrOr("aria-label", "") == "" && !filled {
				t.Error("a button has no name")
			}
		})
		d.Find("svg").Not("svg[aria-hidden=true], [aria-hidden=true] svg").Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("role", "") != "img" || s.AttrOr("aria-label", "") == "" {
				t.Error("a drawing is neither hidden from screen readers nor described to them")
			}
		})
		if n := d.Find("[style], style, script:not([src])").Length(); n > 0 {
			t.Errorf("%d inline styles or scripts", n)
		}
		d.Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Get(0).Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("inline handler %s", a.Key)
				}
			}
		})
	}
}
