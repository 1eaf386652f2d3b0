package text_test

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"ostoja/internal/text"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"link", "link", 0}, {"", "link", 4}, {"lnik", "link", 2}, {"kitten", "sitting", 3}, {"zażółć", "zazolc", 4}} {
		if got := text.Distance(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// It is a distance: none between the same, as long either way, no way round is shorter, and never longer than the longer word.
func TestDistanceIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zą]{0,8}`)
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		ab := text.Distance(a, b)
		if (ab == 0) != (a == b) || ab != text.Distance(b, a) || ab > max(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) {
			t.Fatalf("%q and %q: %d", a, b, ab)
		}
		if ab > text.Distance(a, c)+text.Distance(c, b) {
			t.Fatalf("%q and %q: %d, and less by way of %q", a, b, ab, c)
		}
	})
}
