package prose

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	text := strings.Join([]string{
		"Before.", "", ":::law source=\"Art. 15\" checked=2026-11-23", "Inside **it**.", ":::", "", "```", ":::key", "```", "After.",
	}, "\n")
	pieces, faults := Split(text, 10)
	want := []Piece{
		{Text: "Before.\n", Line: 10},
		{Block: "law", Attributes: map[string]string{"source": "Art. 15", "checked": "2026-11-23"}, Text: "Inside **it**.", Line: 12},
		{Text: "\n```\n:::key\n```\nAfter.", Line: 15},
	}
	if len(faults) > 0 || !reflect.DeepEqual(pieces, want) {
		t.Errorf("%+v\n%+v", pieces, faults)
	}
}

func TestFaultsOfTheNotation(t *testing.T) {
	for text, want := range map[string]string{
		":::key\n:::law\n:::":        "a block inside the block that begins on line 1",
		":::key\nnever closed":       `the block "key" is not closed`,
		"::: \ntext":                 "this opens no block",
		":::law a=1 a=2\nx\n:::":     `the attribute "a" is there twice`,
		":::law “crooked”\nx\n:::":   "this is no attribute: “crooked”",
		"text\n:::\n\nmore of text.": "this opens no block",
	} {
		_, faults := Split(text, 1)
		if len(faults) == 0 || faults[0].Text != want || faults[0].Line == 0 {
			t.Errorf("%q: %+v", text, faults)
		}
	}
}

// FuzzSplit: whatever is written, nothing of it is lost but the lines of the blocks themselves, and it ends.
func FuzzSplit(f *testing.F) {
	f.Add("a\n:::key\nb\n:::\nc")
	f.Fuzz(func(t *testing.T, text string) {
		pieces, faults := Split(text, 1)
		if len(faults) > 0 {
			return
		}
		var kept []string
		for _, p := range pieces {
			kept = append(kept, strings.Fields(p.Text)...)
		}
		inCode := strings.Contains(text, "```") || strings.Contains(text, "~~~")
		for _, line := range strings.Split(text, "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), ":::") && !inCode {
				continue
			}
			for _, w := range strings.Fields(line) {
				if !strings.HasPrefix(w, ":::") && !slices.Contains(kept, w) && !inCode {
					t.Fatalf("%q lost %q", text, w)
				}
			}
		}
	})
}
