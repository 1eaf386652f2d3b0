package exchange

import (
	"strings"
	"testing"
)

func TestHTMLBecomesMarkdown(t *testing.T) {
	for source, want := range map[string]string{
		"<p>Jeden</p><p>Dwa</p>":                                "Jeden\n\nDwa",
		"<p>Jeden<br>Dwa<br/></p><p>Trzy</p>":                   "Jeden\\\nDwa\n\nTrzy",
		"a <b>b </b>c <em> d</em>":                              "a **b** c *d*",
		"<strong><i>x</i></strong>":                             "***x***",
		"<b>a<i>b</b>c</i>":                                     "**a*b***" + "*c*",
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
		"":                      "",
		"<p>&nbsp;</p><p>a</p>": "a",
		strings.Repeat("<ul><li>", 3) + "a" + "</li></ul><p>b</p>": "- a\n\n    b",
	} {
		if got, markup, media := fromHTML(source); got != want || markup || media {
			t.Errorf("%q became %q (%t, %t), want %q", source, got, markup, media, want)
		}
	}
}

func TestHTMLThatIsLost(t *testing.T) {
	for source, want := range map[string]struct {
		text          string
		markup, media bool
	}{
		"<h2>a</h2>b":                         {"a\n\nb", true, false},
		"<a href=\"https://x\">a</a>":         {"a", true, false},
		"<script>alert(1)</script>a":          {"a", true, false},
		"<img src=\"x\" alt=\"Trzy ikony\">a": {"Trzy ikonya", false, true},
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": {"a b\n\nc", true, false},
		"<video src=x></video>": {"", false, true},
		"H<sub>2</sub>O":        {"H2O", true, false},
	} {
		if got, markup, media := fromHTML(source); got != want.text || markup != want.markup || media != want.media {
			t.Errorf("%q became %q (%t, %t), want %+v", source, got, markup, media, want)
		}
	}
}

func TestPicturesAreTakenOut(t *testing.T) {
	for source, want := range map[string]string{
		"Widać: ![trzy osoby](media/a.svg \"Opis\").": "Widać: trzy osoby.",
		"![a![b](c)](d)": "[ab](d)", "<IMG src=x>a": "a", "!!! [x](https://y)": "!!! [x](https://y)", "a ![b] c": "a ![b] c",
	} {
		got, lost := withoutMedia(source)
		if got != want || lost != (source != want) {
			t.Errorf("%q became %q, %t", source, got, lost)
		}
	}
	for _, source := range []string{"[plik](media/a.mp3)", "[plik](@@PLUGINFILE@@/a.pdf)"} {
		if _, lost := withoutMedia(source); !lost {
			t.Errorf("%q has no media", source)
		}
	}
}

// TestLinesOfAnAikenQuestion that goes on over several: an empty line between them parts paragraphs, one before them is nothing.
func TestLinesOfAnAikenQuestion(t *testing.T) {
	items, losses, err := Read([]byte("\n\nJedna\ndruga\n\ntrzecia\nA. tak\nteż\nB. nie\nANSWER: A\n"), Aiken, "pl")
	if err != nil || len(items) != 1 || len(losses) > 0 {
		t.Fatalf("%+v, %v, %v", items, losses, err)
	}
	if got := items[0].Question["pl"]; got != "Jedna\ndruga\n\ntrzecia" {
		t.Errorf("the question is %q", got)
	}
	if got := items[0].Options[0].Text["pl"]; got != "tak\nteż" {
		t.Errorf("the option is %q", got)
	}
}
