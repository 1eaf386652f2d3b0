package course

import (
	"strings"
	"testing"
	"testing/fstest"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/text"
)

// rendered loads the good course with a body in the place of a lesson's, and returns its HTML.
func rendered(t *testing.T, body, lang string) string {
	t.Helper()
	folder := coursetest.Good(t)
	folder["modules/law/definition."+lang+".md"] = &fstest.MapFile{Data: []byte("---\ntitle: T\nminutes: 10\nobjectives: [definition]\n---\n" + body)}
	c, _ := loadAll(t, folder)
	var b strings.Builder
	for _, s := range c.Lesson("definition", lang).Segments {
		b.WriteString(s.HTML)
	}
	return b.String()
}

func TestRender(t *testing.T) {
	for _, c := range []struct{ name, lang, body, want string }{
		{"figure", "en", `![A \& B](media/elements.svg "He said \"no\"")`, `<figure><img src="media/elements.svg" alt="A &amp; B" width="320" height="120" loading="lazy" decoding="async"><figcaption>He said &#34;no&#34;</figcaption></figure>`},
		{"link", "en", "[a](https://example.org/?a=1&amp;b=2)", `<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer external">a</a>`},
		{"address", "en", "<https://example.org/>", `<a href="https://example.org/" rel="noopener noreferrer external">https://example.org/</a>`},
		{"lesson", "en", "[a](lesson:support)", `<a href="../lesson/support">a</a>`},
		{"term", "pl", "[[werbunek|werbunku]]", `werbunku<span`},
		{"term explained", "pl", "[[werbunek]]", "Pozyskanie osoby."},
		{"brackets that are no term", "en", "[[a][b]] [ [x] ]", "[[a][b]] [ [x] ]"},
		{"term in code", "en", "`[[werbunek]]`", "<code>[[werbunek]]</code>"},
		{"law", "pl", ":::law source=\"k.k.\" checked=2026-11-23 confirm=yes\nx\n:::", `<time datetime="2026-11-23">23` + "\u00a0" + `listopada 2026</time> <strong class="block-confirm">`},
		{"law in English", "en", ":::law source=\"k.k.\" checked=2026-11-23 confirm=no\nx\n:::", `<time datetime="2026-11-23">23` + "\u00a0" + `November 2026</time></p>`},
		{"example", "en", ":::example\nx\n:::", "Fictional example"},
		{"reveal", "en", ":::reveal label=\"a <b>\"\nx\n:::", "<summary>a &lt;b&gt;</summary>"},
		{"code is no block", "en", "~~~~\n:::key\n~~~\n:::\n~~~~\n\n:::key\nx\n:::", ":::key\n~~~\n:::\n</code></pre>"},
		{"windows line ends", "en", ":::key\r\nx\r\n:::\r\n", `<div class="block block-key">`},
		{"table", "en", "| a |\n|--:|\n| 1 |", `<td align="right">1</td>`},
		{"no raw HTML", "en", "a <b>b</b>", "a "},
	} {
		if got := rendered(t, c.body, c.lang); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q is not in %q", c.name, c.want, got)
		}
	}
	if got := rendered(t, "a <b>b</b> [x](javascript:y) <mailto:a@b.pl>", "en"); strings.Contains(got, "<b>") || strings.Contains(got, "<a") {
		t.Errorf("rendered: %s", got)
	}
}

func TestChecksSplitALesson(t *testing.T) {
	c, _ := loadAll(t, coursetest.Good(t))
	l := c.Lesson("definition", "en")
	if len(l.Segments) != 3 || len(l.Segments[1].Check) != 2 || l.Segments[1].HTML != "" || !l.HasCheck("check-order") || l.HasCheck("check-match") {
		t.Errorf("segments: %+v", l.Segments)
	}
	ids := map[string]bool{}
	for _, s := range l.Segments {
		for _, part := range strings.Split(s.HTML, ` id="`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			if ids[id] {
				t.Errorf("the id %s is on the page twice", id)
			}
			ids[id] = true
		}
	}
}

func TestInlineTexts(t *testing.T) {
	c, _ := loadAll(t, coursetest.Good(t))
	for source, want := range map[string]string{"a *b*": "a <em>b</em>", "a\n\nb": "<p>a</p>\n<p>b</p>", "- a": "<ul>\n<li>a</li>\n</ul>", "": ""} {
		if got := c.Inline(text.Translated{"en": source}, "en"); got != want {
			t.Errorf("%q is %q, want %q", source, got, want)
		}
	}
	if got := c.HTML(text.Translated{"": "a"}, "uk"); got != "<p>a</p>" {
		t.Errorf("in a language that is not there: %q", got)
	}
}
