package prose

import (
	"strings"
	"testing"
)

func TestHeavy(t *testing.T) {
	for _, c := range []struct {
		name, text string
		line       int
		why        string
	}{
		{"nothing", "", 0, ""},
		{"a usual text", "# A\n\n- **b** [c](https://example.org) `d`\n- e\n\n> > f\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", 0, ""},
		{"marks", "a\n\n" + strings.Repeat("x* ", mostMarks), 0, ""},
		{"too many marks", "a\n\n" + strings.Repeat("x* ", mostMarks+1), 3, "more than 2000 marks"},
		{"on several lines", strings.Repeat("*a* [b]\n", mostMarks/4+1), mostMarks/4 + 1, "marks"},
		{"in several paragraphs", strings.Repeat("*a* [b]\n \n", mostMarks), 0, ""},
		{"columns", strings.Repeat("|a", mostColumns) + "|", 0, ""},
		{"too many columns", strings.Repeat("|a", mostColumns+1) + "|", 1, "columns"},
		{"quotes", strings.Repeat("> ", deepest) + "a", 0, ""},
		{"too many quotes", "\n" + strings.Repeat(">", deepest+1) + "a", 2, "within each other"},
		{"too many lists", strings.Repeat("- 1. ", deepest/2) + "* a", 1, "within each other"},
		{"deep in lists", strings.Repeat(" ", indented+1) + "- a", 1, "within each other"},
		{"a line of dashes", strings.Repeat("-", 200), 0, ""},
		{"a word", strings.Repeat("ż", longestWord), 0, ""},
		{"a long word", "a " + strings.Repeat("ż", longestWord+1), 1, "without a space"},
		{"a long text", strings.Repeat("abc\n", mostBytes/4), 0, ""},
		{"a text that is too long", strings.Repeat("abc\n", mostBytes/4) + "a", 1, "at most 256 kB"},
	} {
		line, hint, why := Heavy(c.text)
		if line != c.line || !strings.Contains(why, c.why) || (line > 0) != (hint != "") {
			t.Errorf("%s: %d %q %q", c.name, line, hint, why)
		}
	}
}
