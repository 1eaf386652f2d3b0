// Package prosetest holds texts that are written to keep a reader of Markdown busy, for the tests of all who read it: after the pathological
// cases of CommonMark's reference implementation, and whatever took longer than it is long when it was tried here.
package prosetest

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Busy returns how long the processor works for this process while fn runs. It is the same on a machine that is busy with something else, where
// the clock on the wall runs on.
func Busy(t testing.TB, fn func()) time.Duration {
	t.Helper()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	begin := used()
	fn()
	return used() - begin
}

// rep repeats a text.
func rep(s string) func(int) string { return func(n int) string { return strings.Repeat(s, n/len(s)) } }

// Texts are texts of about n characters that are written to keep a reader of Markdown busy, by what they are made of.
var Texts = map[string]func(n int) string{
	"[":          rep("["),
	"[[":         rep("[[a"),
	"]":          rep("]"),
	"[]":         rep("[]"),
	"[a](":       rep("[a]("),
	"![":         rep("!["),
	"[a](<":      rep("[a](<b"),
	"nest link":  func(n int) string { return strings.Repeat("[", n/2) + strings.Repeat("](x)", n/8) },
	"nest link2": func(n int) string { return strings.Repeat("[a", n/4) + strings.Repeat("](x)", n/8) },
	"*":          rep("*"),
	"*a":         rep("*a "),
	"a*":         rep("a* "),
	"**a *a":     rep("**a *a "),
	"a**b":       rep("a**b"),
	"_a":         rep("_a "),
	"*a_":        rep("*a_ "),
	"a*_":        rep("a*_b"),
	"nest em":    func(n int) string { return strings.Repeat("*a **b ", n/14) + strings.Repeat("b** a*", n/14) },
	"`": func(n int) string {
		var b strings.Builder
		for i := 1; b.Len() < n; i++ {
			b.WriteString("e" + strings.Repeat("`", i))
		}
		return b.String()
	},
	"` a":         rep("` a\\` "),
	"\\":          rep("\\"),
	"&":           rep("&"),
	"&a":          rep("&aaaaaaaa"),
	"<":           rep("<"),
	"<a":          rep("<a "),
	"<a href":     rep("<a href='"),
	"<!--":        rep("<!--"),
	"<?":          rep("<?"),
	"<!a":         rep("<!A "),
	"<![CDATA[":   rep("<![CDATA["),
	"<https":      rep("<https:"),
	">":           rep(">"),
	"> a\n":       rep("> a\n"),
	">\n":         rep(">\n"),
	"deep quotes": func(n int) string { return strings.Repeat("> ", n/2) + "a" },
	"lazy quotes": func(n int) string { return strings.Repeat(">", 100) + "a\n" + strings.Repeat("b\n", n/2) },
	"-":           rep("- "),
	"list deep": func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(strings.Repeat("  ", i) + "- a\n")
		}
		return b.String()
	},
	"1.":         rep("1. "),
	"list items": rep("- a\n"),
	"list blank": rep("- a\n\n\n"),
	"* *":        rep("* "),
	"quote list": rep("> - "),
	"table wide": func(n int) string {
		k := n / 8
		return strings.Repeat("|a", k) + "|\n" + strings.Repeat("|-", k) + "|\n" + strings.Repeat("|\n", k)
	},
	"table wide2": func(n int) string {
		k := n / 12
		return strings.Repeat("a|", k) + "\n" + strings.Repeat("-|", k) + "\n" + strings.Repeat("a\n", k)
	},
	"pipes":      rep("|"),
	"pipe lines": rep("|a|\n"),
	"-|":         rep("-|"),
	"setext":     rep("a\n=\n"),
	"hr":         rep("---\n"),
	"#":          rep("#"),
	"# a\n":      rep("# a\n"),
	"ref": func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			fmt.Fprintf(&b, "[a%d]: b\n", i)
		}
		return b.String()
	},
	"refuse":     func(n int) string { return "[a]: " + strings.Repeat("b", n/2) + "\n\n" + strings.Repeat("[a]", n/6) },
	"ref open":   rep("[a]: \n"),
	"ref title":  rep("[a]: b 'x\n"),
	"ref label":  rep("[\\a"),
	"spaces":     rep(" "),
	"spaces a":   func(n int) string { return "a" + strings.Repeat(" ", n) + "b" },
	"a  \n":      rep("a  \n"),
	"nl":         rep("\n"),
	"tabs":       rep("\t"),
	"tabs lines": rep("\ta\n"),
	"fences":     rep("```\n"),
	"~":          rep("~~~ a\n"),
	"nul":        rep("\x00"),
	"entities":   rep("&amp;"),
	"num":        rep("&#1"),
	"{":          rep("{a"),
	"!":          rep("!"),
	"html block": rep("<div>\n"),
	"html p":     rep("a <b>"),
	"quotes then": func(n int) string {
		return strings.Repeat("> ", 1000) + "a\n" + strings.Repeat(strings.Repeat("> ", 1000)+"a\n", n/2000)
	},
	"refs many use": func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n/2; i++ {
			fmt.Fprintf(&b, "[a%d]: b\n", i)
		}
		b.WriteString("\n")
		for i := 0; b.Len() < n; i++ {
			fmt.Fprintf(&b, "[a%d]", i)
		}
		return b.String()
	},
	"dup refs":      rep("[a]: b\n"),
	"link nest img": rep("![a](b"),
	"[a]\n":         rep("[a]\n"),
	"a]":            rep("a]("),
	"em nl":         rep("*a\n"),
	"[[|":           rep("[[|"),
	"x[[":           rep("x[[ "),
}
