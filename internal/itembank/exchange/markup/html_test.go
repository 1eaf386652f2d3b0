package markup

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

func TestHTMLBecomesMarkdown(t *testing.T) {
	for source, want := range map[string]string{
		"<p>Jeden</p><p>Dwa</p>":                                "Jeden\n\nDwa",
		"<p>Jeden<br>Dwa<br/></p><p>Trzy</p>":                   "Jeden\\\nDwa\n\nTrzy",
		"a <b>b </b>c <em> d</em>":                              "a **b** c *d*",
		"<strong><i>x</i></strong>":                             "***x***",
		"<b>a<i>b</b>c</i>":                                     "**a*b***_c_",
		"<b></b>x<b> </b>y":                                     "x y",
		"<p><b>a</p><p>b</b></p>":                               "**a**\n\n**b**",
		"<p>Lista:</p><ul><li>a</li><li><p>b</p></li></ul><p>c": "Lista:\n\n- a\n- b\n\nc",
		"<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>":      "1. a\n   - b\n2. c",
		"5 &lt; 6 &amp; 7 &amp;lt; &nbsp;x":                     "5 \\< 6 & 7 &amp;lt; \u00a0x",
		"2 * 3, snake_case, _x_ [y]":                            `2 \* 3, snake_case, \_x\_ \[y\]`,
		"<p>1. raz</p><p># dwa</p><p>- trzy</p><p>-4</p><p>> 5": "1\\. raz\n\n\\# dwa\n\n\\- trzy\n\n-4\n\n\\> 5",
		"<div dir=\"ltr\"><span style=\"color:red\">a</span> b": "a b",
		"a\n  b\tc":                            "a b c",
		"x <span># y</span> <span>1. z</span>": "x # y 1. z", // no line begins there
		"<ul><li># x</li></ul>":                "- \\# x",
		"<b>a</b> <b>1. b</b>":                 "**a** **1. b**",
		strings.Repeat("<b>", 7) + "<i>" + strings.Repeat("</b>", 7) + "x": "*x*", // as deep as anybody writes
		strings.Repeat("<b>", 8) + "<i>" + strings.Repeat("</b>", 8) + "x": "x",
		"": "",
		"<del>90</del> <s>60</s> 30 dni <strike>x</strike>":        "~~90~~ ~~60~~ 30 dni ~~x~~",
		"art. 22<sup>1</sup> k.p., 18<sup>3a</sup>, 221":           "art. 22¹ k.p., 18³ᵃ, 221",
		"H<sub>2</sub>O, 10<sup>-3</sup>, x<sub>min</sub>":         "H₂O, 10⁻³, xₘᵢₙ",
		"a<sup>Ą 1</sup> b<sub>ż</sub>":                            `a^(Ą 1) b\_(ż)`,
		"<b>Uwaga:</b>tekst, <b>(a)</b>b":                          "**Uwaga:**&#116;ekst, **(a)**&#98;",
		"tekst<b>(x)</b>":                                          "teks&#116;**(x)**",
		"a<br><br>b<br>c":                                          "a\n\nb\\\nc",
		`<ol start="90"><li>a</li><li>b</li></ol>`:                 "90. a\n91. b",
		"<p>a</p><p>--</p><p>|-|</p><p>:-</p><p>-|-</p><p>~5":      "a\n\n\\--\n\n\\|-|\n\n\\:-\n\n\\-|-\n\n\\~5",
		"<p>&nbsp;</p><p>a</p>":                                    "a",
		strings.Repeat("<ul><li>", 3) + "a" + "</li></ul><p>b</p>": "- a\n\n    b",
	} {
		if got, lost, media := FromHTML(source); got != want || len(lost) > 0 || media {
			t.Errorf("%q became %q (%q, %t), want %q", source, got, lost, media, want)
		}
	}
}

func TestHTMLThatIsLost(t *testing.T) {
	for source, want := range map[string]struct {
		text, lost string
		media      bool
	}{
		"<h2>a</h2>b":                                                     {"a\n\nb", "h2", false},
		"<a href=\"https://x\">a</a> <u>b</u>":                            {"a b", "a https://x, u", false},
		"<script>alert(1)</script>a":                                      {"a", "script", false},
		"<img src=\"x\" alt=\"Trzy ikony\">a":                             {"Trzy ikony a", "", true},
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": {"a b\n\nc", "table, td, tr", false},
		"<video src=x></video>":                                           {"", "", true},
	} {
		if got, lost, media := FromHTML(source); got != want.text || strings.Join(lost, ", ") != want.lost || media != want.media {
			t.Errorf("%q became %q (%q, %t), want %+v", source, got, lost, media, want)
		}
	}
}

// Plain text shows as it was typed: rendered again, each line has its words and no tag but the paragraph's and the line's.
func TestPlainTextShowsAsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"5*6*7 2*3*4":              "5*6*7 2*3*4",
		"30. dnia":                 "30. dnia",
		"> cytat":                  "&gt; cytat",
		"- nigdy":                  "- nigdy",
		"plik _kopią_ `x` ~~y~~":   "plik _kopią_ `x` ~~y~~",
		"<b> & &lt; &amp;amp;":     "&lt;b&gt; &amp; &amp;lt; &amp;amp;amp;",
		"[link](https://e.org)":    "[link](https://e.org)",
		"# nagłówek":               "# nagłówek",
		"tak\nnie\n\n\n  i dalej ": "<p>tak<br />\nnie</p>\n<p>i dalej</p>",
		"a\n===":                   "a<br />\n===",
		"a\n--":                    "a<br />\n--",
		"a | b\n--- | ---\nc | d":  "a | b<br />\n--- | ---<br />\nc | d",
		"a\n|-|-|":                 "a<br />\n|-|-|",
		"    cztery spacje":        "cztery spacje",
		`C:\nowy`:                  `C:\nowy`,
		"+48 22 000 00 00":         "+48 22 000 00 00",
		"~~~\nx":                   "~~~<br />\nx",
	} {
		if got := ToHTML(FromPlain(typed)); got != want {
			t.Errorf("%q shows as %q, want %q", typed, got, want)
		}
	}
}

var odd = []string{
	"*", "**", "_", "`", "~~", "#", "1.", "2)", "-", "+", ">", "<b>", "</b>", "&", "&lt;", "[a](b)", "![", "]", "(", ")", ":", "|", "--", "===", "|-|", "\\", "\n", "\n\n", " ", "  ",
	"ż", "słowo", "a", "0", "„", "!", "\u00a0", "e\u0301", "😀", "http://a.b", "<!--", "<x@y.z>", "\t", "{", "=",
}

func TestNoSignOfPlainTextMeansAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := strings.TrimSpace(strings.Join(rapid.SliceOfN(rapid.SampledFrom(odd), 1, 12).Draw(t, "pieces"), ""))
		want := words(html.EscapeString(typed))
		if got := words(ToHTML(FromPlain(typed))); got != want {
			t.Fatalf("%q shows %q, want %q\n%s", typed, got, want, FromPlain(typed))
		}
		if back := ToPlain(FromPlain(typed)); FromPlain(back) != FromPlain(typed) {
			t.Fatalf("%q is %q when written as plain text", typed, back)
		}
	})
}

// words are the words that HTML shows, without the spaces between them.
func words(source string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(strings.Join(strings.Fields(z.Token().Data), ""))
		}
	}
}

// Whatever HTML becomes Markdown shows the same words, with no sign added and none taken, and what was read once stays as it is.
func TestHTMLShowsTheSameWords(t *testing.T) {
	tags := []string{"<p>", "</p>", "<br>", "<b>", "</b>", "<i>", "</i>", "<em>", "</em>", "<del>", "</del>", "<ul>", "<ol>", "<li>", "</li>", "</ul>", "</ol>", "<span>", "<div>", "</div>"}
	files, plain := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		files++
		piece := rapid.OneOf(rapid.SampledFrom(tags), rapid.Map(rapid.SampledFrom(odd), html.EscapeString))
		source := strings.Join(rapid.SliceOfN(piece, 1, 14).Draw(t, "pieces"), "")
		text, lost, _ := FromHTML(source)
		shown := ToHTML(text)
		if len(lost) > 0 { // tags that overlap so that Markdown cannot say it: the words are there, with the points of lists
			plain++
			if want, _, _ := FromHTML(shown); !Same(want, text) {
				t.Fatalf("%q became %q, then %q", source, text, want)
			}
			return
		}
		if got, want := words(shown), words(source); got != want {
			t.Fatalf("%q became %q, which shows %q, want %q", source, text, got, want)
		}
		again, _, media := FromHTML(shown)
		if third, _, _ := FromHTML(ToHTML(again)); third != again || media {
			t.Fatalf("%q became %q, then %q, then %q", source, text, again, third)
		}
	})
	if plain*10 > files {
		t.Errorf("%d of %d texts became plain", plain, files)
	}
}

func TestLanguages(t *testing.T) {
	for source, want := range map[string]string{
		"zwykły tekst {x} <span>a</span>": "",
		`<p><span lang="pl" class="multilang">Tak</span> <span class="multilang" lang="en">Yes</span></p>`:    "pl <p>Tak</p>| en <p>Yes</p>|",
		"{mlang pl}Tak{mlang}{mlang en_us,EN}Yes{mlang} 112":                                                  "pl Tak 112| en Yes 112|",
		"{mlang other}Tak{mlang}{mlang en}Yes{mlang}":                                                         "pl Tak| en Yes|",
		`<span lang='pl' class='x multilang y'>A <span>b</span></span><span lang=en class=multilang>C</span>`: "pl A <span>b</span>| en C|",
		"{mlang pl}a{mlang}{mlang en}b{mlang} i {mlang pl}c{mlang}{mlang uk}d{mlang}":                         "pl a i c| en b i ?| uk  i d?|",
		"{mlang pl}a{mlang}<br>{mlang en}b{mlang}":                                                            "pl a<br>| en <br>b|",
		`<lang lang="pl">a</lang><lang lang="en">b</lang>`:                                                    "pl a| en b|",
		`<span lang="pl">obce</span>`:                                                                         "",
		"{mlang pl}bez końca":                                                                                 "",
		`<span lang="pl" class="multilang">bez końca`:                                                         "",
		"{mlang 12}x{mlang}": "",
	} {
		var got []string
		for _, l := range Languages(source, "pl") {
			s, told := In(source, l, "pl")
			mark := map[bool]string{true: "|", false: "?|"}[told]
			got = append(got, l+" "+s+mark)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q is\n%s, want\n%s", source, s, want)
		}
	}
	if got := Doubled("{mlang en}a{mlang}{mlang en_us}b{mlang}{mlang pl}c{mlang} i {mlang en_us}d{mlang}{mlang en_us,fr}e{mlang}{mlang en_us}f{mlang}", "pl"); strings.Join(got, "|") != "en_us" {
		t.Errorf("doubled are %q", got)
	}
	if s, told := In("{mlang pl}a{mlang}", "en", "pl"); s != "" || told {
		t.Errorf("English of a Polish text is %q, %t", s, told)
	}
	if s, told := In("zwykły", "en", "pl"); s != "zwykły" || !told {
		t.Errorf("a text for all is %q, %t", s, told)
	}
}

func TestNoTextTakesLong(t *testing.T) {
	const n = 1 << 20
	for name, piece := range map[string]string{"mlang": "{mlang pl}", "span": `<span lang="pl" class="multilang">`, "lang": "<lang lang=pl>", "many": "{mlang aa}x{mlang}", "sup": "<sup>1", "del": "<del>a</b>", "marks": "<b>:</b>x"} {
		source := strings.Repeat(piece, n/len(piece))
		start := time.Now()
		for _, l := range Languages(source, "pl") {
			In(source, l, "pl")
		}
		text, _, _ := FromHTML(source)
		FromPlain(source)
		if took := time.Since(start); took > 10*time.Second || text == "?" {
			t.Errorf("%s took %s", name, took)
		}
	}
}
