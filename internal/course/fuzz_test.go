package course

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// FuzzLoadYAML puts any text in the place of any YAML file. Loading must neither panic nor take long, and a course without
// blocking faults must be usable.
func FuzzLoadYAML(f *testing.F) {
	base := coursetest.Good(f)
	files := slices.Sorted(maps.Keys(described))
	for i, name := range files {
		f.Add(i, base[name].Data)
	}
	f.Add(0, []byte("a: &a [*a, *a]\n"))
	f.Add(0, []byte("format: 1\nformat: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]\n? {a: b}\n: c\n"))
	f.Add(1, []byte("- id: x\n  term: {pl: 1, en: ~}\n  text: !!binary aGVsbG8=\n"))
	f.Fuzz(func(t *testing.T, which int, text []byte) {
		changed := maps.Clone(base)
		changed[files[uint(which)%uint(len(files))]] = &fstest.MapFile{Data: text}
		c, faults, err := Load(changed)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range faults {
			if fault.Message == "" || fault.File == "" {
				t.Errorf("an empty fault: %+v", fault)
			}
		}
		if len(folder.Blocking(faults)) > 0 {
			return
		}
		use(t, c)
	})
}

// use does with a course what the player does.
func use(t *testing.T, c *Course) {
	t.Helper()
	for _, p := range c.Parts() {
		for _, lang := range c.Languages {
			if p.Title(lang) == "" || c.ModuleOf(p.Key()) == nil {
				t.Errorf("part %s in %s has no title or module", p.Key(), lang)
			}
		}
	}
	for _, itemID := range c.ItemIDs() {
		it := c.Item(itemID)
		c.HTML(it.Question, c.Languages[0])
		it.Shuffled(1)
		it.Score(item.Answer{})
	}
	if test := c.Test(); test != nil && len(c.Draw(test, 1)) != test.Count() {
		t.Errorf("drawn %d of %d items", len(c.Draw(test, 1)), test.Count())
	}
	for _, s := range c.Scenarios {
		if len(s.Available(s.Begin())) == 0 && s.Ended(s.Begin()) == "" {
			t.Errorf("%s begins without a choice", s.ID)
		}
	}
}

// FuzzMarkdown renders any text as a lesson and as an item's text. Whatever comes out holds nothing active.
func FuzzMarkdown(f *testing.F) {
	base := coursetest.Good(f)
	for _, file := range []string{"modules/law/definition.pl.md", "modules/law/support.en.md"} {
		_, body, _ := strings.Cut(strings.TrimPrefix(string(base[file].Data), "---\n"), "\n---\n")
		f.Add(body)
	}
	for _, s := range []string{
		"<script>alert(1)</script>", "[a](javascript:alert(1))", "![a](javascript:alert(1))", "<javascript:alert(1)>", `[a](https://x"onclick="y)`,
		"![x](media/elements.svg \"\\\" onload=\\\"x\")", "[[werbunek|<b onclick=x>]]", ":::definition term=\"<script>\"\nx\n:::", "<img src=x onerror=y>",
		":::law source=\"<i>\" url=\"https://x\\\" onclick=\\\"\" checked=2026-11-23\nx\n:::", ":::reveal label=\"</summary><script>\"\nx\n:::", "[a]: javascript:x\n\n[a]",
		"[x](lesson:\"><script>)", ":::audio src=\"media/a.mp3\\\"onplay=\\\"x\"\nx\n:::", "```\"><script>\nx\n```", ":::compare\n### a\n### b\n:::", "| a |\n|:-:|\n| <b> |",
		"<mailto:a@b.pl> <a@b.pl> <data:text/html,x>", "[a](DATA:text/html;base64,x) [b](vbscript:x) [c](\tjavascript:x)", "&lt;script&gt; &#106;avascript:", "[a](&#106;avascript:alert(1))", "<A0:>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		changed := maps.Clone(base)
		changed["modules/law/definition.pl.md"] = &fstest.MapFile{Data: []byte("---\ntitle: T\nminutes: 10\nobjectives: [definition]\n---\n" + body)}
		c, _, err := Load(changed)
		if err != nil {
			t.Fatal(err)
		}
		if l := c.Lesson("definition", "pl"); l != nil {
			for _, s := range l.Segments {
				passive(t, s.HTML)
			}
		}
		passive(t, c.HTML(text.Translated{"pl": body}, "pl"))
		passive(t, c.Inline(text.Translated{"pl": body}, "pl"))
	})
}

// elements are those that rendering may make, and addresses the attributes that hold addresses.
var (
	elements = strings.Fields(`p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong b br hr a img figure figcaption table thead tbody
		tr th td div span dfn details summary time audio video track cite section dl dt dd aside`)
	attributes = strings.Fields(`href src alt title width height loading decoding class id tabindex role aria-describedby aria-label rel
		datetime controls preload kind srclang label default align start lang`)
	addresses = []string{"href", "src"}
)

// passive checks with a parser of its own that HTML holds only known elements and attributes, and only safe addresses.
func passive(t *testing.T, text string) {
	t.Helper()
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				t.Errorf("not HTML: %v in %q", z.Err(), text)
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			if why := active(z.Token()); why != "" {
				t.Errorf("%s in %q", why, text)
			}
		}
	}
}

func active(token html.Token) string {
	if !slices.Contains(elements, token.Data) {
		return "the element " + token.Data
	}
	for _, a := range token.Attr {
		if !slices.Contains(attributes, a.Key) {
			return fmt.Sprintf("the attribute %s of %s", a.Key, token.Data)
		}
		if slices.Contains(addresses, a.Key) && !safeAddress(a.Val) {
			return fmt.Sprintf("the address %q", a.Val)
		}
	}
	return ""
}

func safeAddress(s string) bool {
	for _, prefix := range []string{"https://", "../lesson/", "media/", "mailto:", "tel:", "#"} {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return s == ""
}
