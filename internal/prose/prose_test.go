package prose

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
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

func TestFaultsNameTheirLine(t *testing.T) {
	t.Parallel()
	text := "one\n:::key\n:::law a=1 a=2 rest\n:::\n:::nothing here=1 x\n:::\n:::\n:::law"
	_, faults := Split(text, 10)
	want := []Fault{
		{12, "close the block before with a line of :::", "a block inside the block that begins on line 11"},
		{14, `write attributes as name="…", with straight quotation marks`, "this is no attribute: x"},
		{16, "a block opens with ::: and its name, and closes with :::", "this opens no block"},
		{17, "close it with a line of :::", `the block "law" is not closed`},
	}
	if !reflect.DeepEqual(faults, want) {
		t.Errorf("%+v", faults)
	}
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]map[string]string{
		":::law":                             {},
		":::  law  ":                         {},
		`:::law a="x y" b=z`:                 {"a": "x y", "b": "z"},
		`:::law a="" b=2026-11-29`:           {"a": "", "b": "2026-11-29"},
		`:::law a="ąć=ę" b=c=d`:              {"a": "ąć=ę", "b": "c=d"},
		":::law source=\"Art. 15 ust. 1\"\r": {"source": "Art. 15 ust. 1"}, // a file of Windows
	} {
		pieces, faults := Split(line+"\nx\n:::", 1)
		if len(faults) > 0 || len(pieces) != 1 || pieces[0].Block != "law" || !reflect.DeepEqual(pieces[0].Attributes, want) {
			t.Errorf("%q: %+v %+v", line, pieces, faults)
		}
	}
	for n, want := range map[int]string{60: strings.Repeat("ż", 60), 61: strings.Repeat("ż", 60) + "…"} {
		_, faults := Split(":::law "+strings.Repeat("ż", n)+"\n:::", 1)
		if len(faults) != 1 || faults[0].Text != "this is no attribute: "+want {
			t.Errorf("%d letters: %+v", n, faults)
		}
	}
	pieces, faults := Split(":::law a=1 a=2\n:::", 1)
	if len(faults) != 1 || len(pieces) != 1 || pieces[0].Attributes["a"] != "2" {
		t.Errorf("of two the later holds, beside the fault: %+v %+v", pieces, faults)
	}
}

// Code is where CommonMark 0.31.2, section 4.5, says: what looks like a block within it is code, what follows it is a block.
func TestCodeIsNoBlock(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code  string
		block bool // the ::: after it is one
	}{
		"backticks":                {"```\n:::no\n```", true},
		"tildes":                   {"~~~\n:::no\n~~~", true},
		"with a language":          {"```go\n:::no\n```", true},
		"with a word and spaces":   {"```  go x\n:::no\n```  ", true},
		"closed by more":           {"```\n:::no\n`````", true},
		"indented by three":        {"   ```\n:::no\n   ```", true},
		"not closed":               {"```\n:::no", false},
		"closed by fewer":          {"````\n:::no\n```", false},
		"closed by the other mark": {"```\n:::no\n~~~", false},
		"closed with a word":       {"```\n:::no\n```go", false},
		"code within the line":     {"```a``` is code in a line", true},
		"two marks are no fence":   {"``\n``", true},
		"indented by four":         {"    ```", true},
		"tildes around a backtick": {"~~~ a`b\n:::no\n~~~", true},
	} {
		pieces, faults := Split(c.code+"\n:::yes\nx\n:::", 1)
		blocks := 0
		for _, p := range pieces {
			if p.Block != "" {
				blocks++
				if p.Block != "yes" {
					t.Errorf("%s: a block within code: %+v", name, p)
				}
			}
		}
		if len(faults) > 0 || (blocks == 1) != c.block {
			t.Errorf("%s: %d blocks, %+v", name, blocks, faults)
		}
	}
	if pieces, faults := Split(":::key\n```\n:::\n```\ny\n:::", 1); len(faults) > 0 || len(pieces) != 1 || pieces[0].Text != "```\n:::\n```\ny" {
		t.Errorf("code within a block: %+v %+v", pieces, faults)
	}
}

// Any mixture of stretches and blocks is split into just these, each at its line.
func TestWhatIsPutTogetherIsSplitAgain(t *testing.T) {
	t.Parallel()
	words := rapid.StringMatching(`[a-zążó*_ ]{0,10}[a-z]`)
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.SampledFrom([]int{1, 5}).Draw(t, "first")
		var text []string
		var want []Piece
		for range rapid.SampledFrom([]int{0, 1, 2, 3, 6}).Draw(t, "pieces") {
			lines := rapid.SliceOfN(words, 1, 3).Draw(t, "lines")
			p := Piece{Text: strings.Join(lines, "\n"), Line: first + len(text)}
			if rapid.Bool().Draw(t, "block") {
				p.Block = rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "name")
				p.Attributes = rapid.MapOf(rapid.StringMatching(`[a-z]{1,3}`), rapid.StringMatching(`[a-zA-Ż0-9 .=]{0,6}`)).Draw(t, "attributes")
				opening := ":::" + p.Block
				for k, v := range p.Attributes {
					opening += " " + k + `="` + v + `"`
				}
				lines = append(append([]string{opening}, lines...), ":::")
			} else if len(want) > 0 && want[len(want)-1].Block == "" { // two stretches in a row are one
				want[len(want)-1].Text += "\n" + p.Text
				text = append(text, lines...)
				continue
			}
			text = append(text, lines...)
			want = append(want, p)
		}
		pieces, faults := Split(strings.Join(text, "\n"), first)
		if len(faults) > 0 || !reflect.DeepEqual(pieces, want) {
			t.Fatalf("%q: %+v, want %+v; %+v", text, pieces, want, faults)
		}
	})
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
