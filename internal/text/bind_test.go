package text_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/text"
)

func TestWordsOfOneLetterAreBound(t *testing.T) {
	for source, want := range map[string]string{
		"<p>Zadzwoń o każdej porze i w nocy.</p>":       "<p>Zadzwoń o_każdej porze i_w_nocy.</p>",
		"<p>A potem</p><p>O co pyta</p>":                "<p>A_potem</p><p>O_co pyta</p>",
		"<p>nocy, <strong>w domu</strong> i z\nbliska":  "<p>nocy, <strong>w_domu</strong> i_z_bliska",
		"<em>w</em> domu":                               "<em>w</em> domu", // the space stands outside
		"roli<b>a</b> z":                                "roli<b>a</b> z",  // no word of one letter, and the last one is followed by nothing
		"tego„w środku” (a nie":                         "tego„w_środku” (a_nie",
		"<code>a b</code> a b <pre x='1'>i j</pre> i j": "<code>a b</code> a_b <pre x='1'>i j</pre> i_j",
		`<a title="w domu" href="/x">w domu</a>`:        `<a title="w domu" href="/x">w_domu</a>`,
		"no i, a co":                                    "no i, a_co",
		"ma w ":                                         "ma w_",
		"":                                              "",
		"<a":                                            "<a",
	} {
		if got := text.Bind("pl", source); got != strings.ReplaceAll(want, "_", "\u00a0") {
			t.Errorf("%q: %q", source, got)
		}
	}
	if got := text.Bind("en", "a house"); got != "a house" {
		t.Errorf("English: %q", got)
	}
}

// TestBindingChangesSpacesAlone, and a second time nothing.
func TestBindingChangesSpacesAlone(t *testing.T) {
	spaces := regexp.MustCompile(`[ \n]`)
	rapid.Check(t, func(t *rapid.T) {
		source := rapid.StringMatching(`([aiwz„(]|zażółć|<p>|</p>|<em>|</em>|<code>|</code>|<| |\n|[.,])*`).Draw(t, "source")
		bound := text.Bind("pl", source)
		if spaces.ReplaceAllString(strings.ReplaceAll(bound, "\u00a0", " "), " ") != spaces.ReplaceAllString(source, " ") {
			t.Fatalf("%q became %q", source, bound)
		}
		if again := text.Bind("pl", bound); again != bound {
			t.Fatalf("%q became %q the second time", bound, again)
		}
	})
}
