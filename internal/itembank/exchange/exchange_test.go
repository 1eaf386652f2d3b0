package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itembank/exchange/markup"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/translations"
)

var formats = []Format{GIFT, Aiken, MoodleXML}

func polish(s string) text.Translated {
	if s == "" {
		return nil
	}
	return text.Translated{"pl": s, "": s}
}

// nasty are pieces of text that some format takes for something else.
var nasty = []string{
	"~", "=", "#", "####", "{", "}", ":", "::", `\`, `\\`, `\n`, `\:`, "\n", "\n\n", "\t", "<b>", "</b>", "&", "&lt;", "&amp;", "<!--", "]]>", "<![CDATA[", "%50%", "%",
	"[html]", "[markdown]", "[plain]", "[", "]", "->", "//", "$CATEGORY: x", "*", `\*`, "**x**", "_", "`", "A. ", "B) ", "ANSWER: A", "TRUE", "F", "@@", "ż", "Ł", "ę", "مرحبا",
	"\u200f", "\u00a0", "\u2028", "😀", "e\u0301", "0", "1..2", "&&058;", "\"", "'", " ", "  ", "słowo", "a", "!", "(", ")",
}

func texts() *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.SampledFrom(nasty), rapid.StringN(0, 6, -1), rapid.StringMatching(`[a-zA-Z ąćż.]{1,10}`))
	return rapid.Custom(func(t *rapid.T) string {
		s, _ := tidy(strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(t, "pieces"), ""))
		s, _ = withoutMedia(s)
		return s
	})
}

func full() *rapid.Generator[string] {
	return texts().Filter(func(s string) bool { return s != "" })
}

func ids() *rapid.Generator[string] { return rapid.StringMatching(`[a-z][a-z0-9-]{0,20}`) }

var types = []item.Type{item.Single, item.Multiple, item.Step, item.Order, item.Match, item.Number, item.ShortText}

func items(simple bool) *rapid.Generator[Item] {
	return rapid.Custom(func(t *rapid.T) Item {
		it := Item{Item: item.Item{Type: rapid.SampledFrom(types).Draw(t, "type"), Question: polish(full().Draw(t, "question"))}}
		if simple {
			it.Type = item.Single
		} else {
			it.ID = ids().Draw(t, "id")
			it.Use = rapid.SampledFrom([]string{"", item.UseTest, item.UseCompetence}).Draw(t, "use")
			it.Objective = rapid.OneOf(rapid.Just(""), ids()).Draw(t, "objective")
			it.Topic = tagValue(texts().Draw(t, "topic"))
			it.Level = rapid.IntRange(0, 3).Draw(t, "level")
			it.Explanation = polish(texts().Draw(t, "explanation"))
			it.NoShuffle = chosen(it.Type) && rapid.Bool().Draw(t, "no shuffle")
		}
		parts(t, &it, simple)
		return it
	})
}

func parts(t *rapid.T, it *Item, simple bool) {
	n := rapid.IntRange(3, 8).Draw(t, "n")
	partIDs := rapid.SliceOfNDistinct(ids(), n, n, rapid.ID).Draw(t, "ids")
	if simple || rapid.Bool().Draw(t, "usual ids") {
		partIDs = strings.Split("abcdefgh", "")
	}
	right := rapid.IntRange(1, n-1).Draw(t, "right")
	for i := range n {
		o := item.Option{ID: partIDs[i], Text: polish(full().Draw(t, "option"))}
		p := item.Pair{ID: partIDs[i], Left: polish(full().Draw(t, "left")), Right: polish(fmt.Sprint(full().Draw(t, "right"), i))}
		switch it.Type {
		case item.Single, item.Multiple:
			o.Correct = i == right || it.Type == item.Multiple && i < right
		case item.Step:
			o.Rating = []item.Rating{item.Good, item.Fair, item.Poor}[max((i+right)%3, min(i, 1))]
			if i == 0 {
				o.Rating = item.Good
			}
		}
		switch it.Type {
		case item.Order:
			it.Steps = append(it.Steps, o)
		case item.Match:
			it.Pairs = append(it.Pairs, p)
		case item.Single, item.Multiple, item.Step:
			if !simple {
				o.Feedback = polish(texts().Draw(t, "feedback"))
			}
			it.Options = append(it.Options, o)
		}
	}
	switch it.Type {
	case item.Number:
		it.Answer, it.Tolerance = rapid.Float64().Draw(t, "answer"), max(0, rapid.Float64().Draw(t, "tolerance"))
		it.Unit = polish(texts().Draw(t, "unit"))
	case item.ShortText:
		it.Accept = map[string][]string{"pl": rapid.SliceOfN(full().Filter(func(s string) bool { return text.Answer(s) != "" }), 1, 4).Draw(t, "accept")}
	}
}

// asShown is an item with its Markdown as it shows: the same may be spelt in several ways.
func asShown(it Item) Item {
	show := func(t text.Translated) text.Translated {
		if t == nil {
			return nil
		}
		shown := text.Translated{}
		for lang, s := range t {
			if s = markup.ToHTML(s); s != "" {
				shown[lang] = strings.Join(strings.Fields(s), " ")
			}
		}
		if len(shown) == 0 {
			return nil
		}
		return shown
	}
	options := func(list []item.Option) []item.Option {
		list = slices.Clone(list)
		for i, o := range list {
			list[i].Text, list[i].Feedback = show(o.Text), show(o.Feedback)
		}
		return list
	}
	it.Question, it.Explanation, it.Options, it.Steps, it.Pairs = show(it.Question), show(it.Explanation), options(it.Options), options(it.Steps), slices.Clone(it.Pairs)
	for i, p := range it.Pairs {
		it.Pairs[i].Left = show(p.Left)
	}
	return it
}

// differing shows what of an item is not so in another.
func differing(it, other Item) string {
	a, b := strings.Split(fmt.Sprintf("%#v", asShown(it)), ", "), strings.Split(fmt.Sprintf("%#v", asShown(other)), ", ")
	var list []string
	for i, s := range a {
		if i >= len(b) || b[i] != s {
			list = append(list, s)
		}
	}
	return strings.Join(list, "\n")
}

// same checks that what was written without a loss is read back the same, and that each other item has a loss.
func same(t interface {
	Helper()
	Fatalf(string, ...any)
}, f Format, list []Item) int {
	t.Helper()
	var b bytes.Buffer
	losses, err := Write(&b, f, "pl", list)
	if err != nil {
		t.Fatalf("writing: %v", err)
	}
	lost := map[string]bool{}
	for _, l := range losses {
		lost[l.Item] = true
	}
	got, readLosses, err := Read(b.Bytes(), f, "pl")
	if err != nil {
		t.Fatalf("reading: %v\n%s", err, b.String())
	}
	byID := map[string]Item{}
	for _, it := range got {
		byID[it.ID] = it
	}
	whole := 0
	for _, it := range list {
		if lost[it.ID] {
			continue
		}
		whole++
		if !reflect.DeepEqual(asShown(byID[it.ID]), asShown(it)) {
			t.Fatalf("%s: read\n%s\nwant\n%s\nfrom\n%s\nlosses %v", f, differing(byID[it.ID], it), differing(it, byID[it.ID]), b.String(), readLosses)
		}
	}
	for _, l := range readLosses {
		if !lost[l.Item] {
			t.Fatalf("%s: loss %+v when reading what was written without one\n%s", f, l, b.String())
		}
	}
	return whole
}

func TestWhatIsWrittenIsReadBackTheSame(t *testing.T) {
	for _, f := range formats {
		t.Run(string(f), func(t *testing.T) {
			whole, files := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				files++
				list := rapid.SliceOfNDistinct(items(f == Aiken), 1, 4, func(it Item) string { return it.ID + fmt.Sprint(it.Question, it.Options) }).Draw(t, "items")
				for i := range list {
					if f == Aiken {
						list[i].ID = fmt.Sprintf("q%d", i+1)
					} else {
						list[i].ID = fmt.Sprintf("%s-%d", list[i].ID, i)
					}
				}
				whole += same(t, f, list)
			})
			if whole*2 < files {
				t.Errorf("only %d items of %d files were written without a loss", whole, files)
			}
		})
	}
}

func read(t *testing.T, file string, f Format) ([]Item, []Loss) {
	t.Helper()
	content, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	list, losses, err := Read(content, f, "pl")
	if err != nil {
		t.Fatal(err)
	}
	return list, losses
}

// brief shows the losses as line, item, key.
func brief(losses []Loss) []string {
	var list []string
	for _, l := range losses {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%d %s %s", l.Line, l.Item, strings.TrimPrefix(l.Key, "exchange.loss."))))
	}
	return list
}

func wantLosses(t *testing.T, losses []Loss, want ...string) {
	t.Helper()
	if got := brief(losses); !slices.Equal(got, want) {
		t.Errorf("losses\n%q, want\n%q", got, want)
	}
}

func TestEveryLossHasATextInEachLanguage(t *testing.T) {
	catalogue, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"(exchange\.(?:loss|error)\.[a-z]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, file := range append(files, "quizfile/quizfile.go") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(content), -1) {
			found[m[1]] = true
		}
	}
	for _, tag := range []string{"pl", "en"} {
		for k := range found {
			if !slices.Contains(catalogue.Keys(tag), k) {
				t.Errorf("%s has no text in %s", k, tag)
			}
		}
		for _, k := range catalogue.Keys(tag) {
			if strings.HasPrefix(k, "exchange.loss.") && !found[k] {
				t.Errorf("%s: nothing uses %s", tag, k)
			}
		}
	}
	if len(found) < 20 {
		t.Errorf("only %d keys were found", len(found))
	}
	for k := range leftOut {
		if !found[k] {
			t.Errorf("nothing uses %s", k)
		}
	}
}

func TestFormats(t *testing.T) {
	for _, f := range formats {
		got, ok := ParseFormat(string(f))
		if !ok || got != f || f.Ending() == "" || !strings.Contains(f.MediaType(), "utf-8") {
			t.Errorf("%s: %s %t %s %s", f, got, ok, f.Ending(), f.MediaType())
		}
	}
	if _, ok := ParseFormat("qti"); ok {
		t.Error("qti is a format")
	}
	if _, err := Write(&bytes.Buffer{}, "qti", "pl", nil); err == nil {
		t.Error("qti was written")
	}
	if _, _, err := Read(nil, "qti", "pl"); err == nil {
		t.Error("qti was read")
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		key     string
		formats []Format
	}{
		"unknown encoding":   {[]byte(`<?xml version="1.0" encoding="x-martian"?><quiz/>`), "exchange.error.charset", []Format{MoodleXML}},
		"no encoding":        {[]byte(`<?xml version="1.0" encoding="hz-gb-2312"?><quiz/>`), "exchange.error.charset", []Format{MoodleXML}},
		"zero bytes":         {[]byte("abcdefgh\x00ijkl"), "exchange.error.encoding", formats},
		"old and undeclared": {[]byte("za\xbf\xf3\xb3\xe6"), "exchange.error.encoding", []Format{MoodleXML}},
		"old and unsure":     {[]byte("\xe0\xe1\xfd\xf0 \x81"), "exchange.error.encoding", formats},
		"large":              {bytes.Repeat([]byte("a"), maxFile+1), "exchange.error.size", formats},
		"not closed":         {[]byte("<quiz><question>"), "exchange.error.xml", []Format{MoodleXML}},
		"another root":       {[]byte("<course/>"), "exchange.error.quiz", []Format{MoodleXML}},
		"empty":              {nil, "exchange.error.quiz", []Format{MoodleXML}},
		"two roots":          {[]byte("<quiz/><quiz/>"), "exchange.error.quiz", []Format{MoodleXML}},
		"entity":             {[]byte(`<!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><quiz><question type="essay">&b;</question></quiz>`), "exchange.error.xml", []Format{MoodleXML}},
		"deep":               {bytes.Repeat([]byte("<quiz>"), 500000), "exchange.error.xml", []Format{MoodleXML}},
		"wide":               {[]byte("<quiz><question>" + strings.Repeat("<a/>", 100000) + "</question></quiz>"), "exchange.error.xml", []Format{MoodleXML}},
	} {
		for _, f := range c.formats {
			_, _, err := Read(c.content, f, "pl")
			var e *errs.Error
			if !errors.As(err, &e) || e.Key != c.key {
				t.Errorf("%s, %s: %v, want %s", name, f, err, c.key)
			}
		}
	}
}

func TestLineEndsAndMarksOfFiles(t *testing.T) {
	for file, f := range map[string]Format{"law.gift.txt": GIFT, "basics.aiken.txt": Aiken, "bank.xml": MoodleXML} {
		want, wantLost := read(t, file, f)
		content, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for name, other := range map[string]string{
			"CRLF": strings.ReplaceAll(string(content), "\n", "\r\n"), "CR": strings.ReplaceAll(string(content), "\n", "\r"),
			"BOM": "\ufeff" + string(content), "no final newline": strings.TrimRight(string(content), "\n"),
		} {
			got, lost, err := Read([]byte(other), f, "pl")
			if err != nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(lost, wantLost) {
				t.Errorf("%s with %s: %v, %d of %d items, %q", file, name, err, len(got), len(want), brief(lost))
			}
		}
	}
}

// Attacks must cost no more than another file of their size.
func TestNoFileTakesLong(t *testing.T) {
	n := 1 << 20
	for name, s := range map[string]string{
		"tags": strings.Repeat("<b>", n/6) + strings.Repeat("</i>", n/8), "lists": strings.Repeat("<ul><li>x", n/9), "pictures": strings.Repeat("![", n/2) + strings.Repeat("](a)", n/8),
		"braces": strings.Repeat("{", n), "weights": strings.Repeat("~%1%", n/4), "slashes": strings.Repeat(`\`, n), "colons": strings.Repeat(":", n), "brackets": strings.Repeat("[", n),
		"lines": strings.Repeat("a\n\n", n/3), "options": strings.Repeat("A. x\n", n/5), "same": strings.Repeat("// [id:x]\na{#1}\n\n", n/20), "tokens": "//" + strings.Repeat("[tag:x]", n/7) + "\na{#1}",
		"hashes": "a{=b" + strings.Repeat("#", n) + "}", "continued": "Q\nA. x\n" + strings.Repeat("b\n", n/2), "answers": strings.Repeat("ANSWER: A\n", n/10), "escapes": strings.Repeat("&lt;", n/4), "spans": strings.Repeat("<span ", n/6),
	} {
		for _, content := range []string{s, "[html]" + s + "{#1}", "<quiz><question type=\"essay\">" + xmlEscape.Replace(s[:n/4]) + "</question></quiz>",
			"<quiz><question type=\"numerical\"><questiontext format=\"html\"><text>" + xmlEscape.Replace(s[:n/4]) + "</text></questiontext></question></quiz>"} {
			for _, f := range formats {
				start := time.Now()
				_, _, _ = Read([]byte(content), f, "pl")
				if took := time.Since(start); took > 20*time.Second {
					t.Errorf("%s as %s took %s", name, f, took)
				} else if took > 2*time.Second {
					t.Logf("%s as %s took %s", name, f, took)
				}
			}
		}
	}
}
