package diff_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/diff"
)

// written draws texts that share much with each other, among them bytes that are no UTF-8.
func written() *rapid.Generator[string] {
	word := rapid.OneOf(rapid.SampledFrom([]string{"numer", "Zadzwoń", "pod", "112", "i", "w", " ", "  ", "\n", "\n\n", ", ", ".", "żółć", "e\u0301", "\xff", "\r\n", "🙂"}), rapid.String())
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "words"), " ") })
}

func TestThePiecesGiveBackBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := written().Draw(t, "before"), written().Draw(t, "after")
		var was, is string
		for _, r := range diff.Rows(before, after) {
			was, is = was+diff.Text(r.Before), is+diff.Text(r.After)
			neighbours(t, r.Before, diff.Added)
			neighbours(t, r.After, diff.Removed)
			if !r.Changed() && diff.Text(r.Before) != diff.Text(r.After) {
				t.Fatalf("a row that differs says that it does not: %+v", r)
			}
		}
		if was != before || is != after {
			t.Fatalf("rows give %q and %q", was, is)
		}
		was, is = "", ""
		pieces := diff.Words(before, after)
		for _, p := range pieces {
			if p.Op != diff.Added {
				was += p.Text
			}
			if p.Op != diff.Removed {
				is += p.Text
			}
		}
		if was != before || is != after {
			t.Fatalf("words give %q and %q", was, is)
		}
		if (before == after) != (len(pieces) == 0 || len(pieces) == 1 && pieces[0].Op == diff.Same) {
			t.Fatalf("%q and %q: %+v", before, after, pieces)
		}
	})
}

// neighbours fails unless pieces alternate and none is empty or of the other side.
func neighbours(t *rapid.T, pieces []diff.Piece, never diff.Op) {
	for i, p := range pieces {
		if p.Text == "" || p.Op == never || i > 0 && pieces[i-1].Op == p.Op {
			t.Fatalf("piece %d of %+v", i, pieces)
		}
	}
}

// marked writes what went in brackets and what came in braces.
func marked(pieces []diff.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		fmt.Fprintf(&b, map[diff.Op]string{diff.Same: "%s", diff.Removed: "[%s]", diff.Added: "{%s}"}[p.Op], p.Text)
	}
	return b.String()
}

func TestChangesAreWordsAndPhrases(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""}, {"a", "a", "a"}, {"", "nowe", "{nowe}"}, {"stare", "", "[stare]"},
		{"Zadzwoń pod 112.", "Zadzwoń pod 116 006.", "Zadzwoń pod [112]{116 006}."},
		{"pomoc jest darmowa", "pomoc nie jest darmowa", "pomoc {nie }jest darmowa"},
		{"w środę rano", "we wtorek wieczorem", "[w środę rano]{we wtorek wieczorem}"},
		{"szkoła", "szkole", "[szkoła]{szkole}"}, // a word is one piece, not letters
		{"jeden\ndwa\n", "jeden\ntrzy\n", "jeden\n[dwa]{trzy}\n"},
	} {
		if got := marked(diff.Words(c.before, c.after)); got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.before, c.after, got, c.want)
		}
	}
}

func TestLinesStandSideBySide(t *testing.T) {
	rows := diff.Rows("# Tytuł\n\nPierwszy akapit.\n\nDrugi akapit.\n", "# Tytuł\n\nPierwszy, długi akapit.\n\nDrugi akapit.\nTrzeci.\n")
	var got []string
	for _, r := range rows {
		if r.Changed() {
			got = append(got, marked(r.Before)+" | "+marked(r.After))
		} else {
			got = append(got, marked(r.Before))
		}
	}
	want := []string{"# Tytuł\n\n", "Pierwszy akapit.\n | Pierwszy{, długi} akapit.\n", "\nDrugi akapit.\n", " | {Trzeci.\n}"}
	if strings.Join(got, "¦") != strings.Join(want, "¦") {
		t.Errorf("%q", got)
	}
}

// Two texts of the longest kind that have nothing in common take no longer than a person waits.
func TestTheWorstIsBounded(t *testing.T) {
	var a, b strings.Builder
	for i := range 15_000 {
		fmt.Fprintf(&a, "a%d ", i)
		fmt.Fprintf(&b, "b%d ", i)
	}
	begun := time.Now()
	if rows := diff.Rows(a.String(), b.String()); len(rows) != 1 || diff.Text(rows[0].Before) != a.String() || diff.Text(rows[0].After) != b.String() {
		t.Errorf("%d rows", len(rows))
	}
	if took := time.Since(begun); took > 30*time.Second { // some milliseconds where nobody else works
		t.Errorf("took %s", took)
	}
}
