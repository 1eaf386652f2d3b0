package yamlfile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
)

// reading parses a text, reads it with fn, and returns the faults as LINE: MESSAGE (HINT).
func reading(text string, offset int, fn func(v yamlfile.Value)) (faults []string) {
	list := &folder.Faults{}
	fn(yamlfile.Parse("a.yaml", []byte(text), offset, list))
	for _, f := range list.List() {
		line := fmt.Sprintf("%d: %s", f.Line, f.Message)
		if f.Hint != "" {
			line += " (" + f.Hint + ")"
		}
		faults = append(faults, line)
	}
	return faults
}

func wantFaults(t *testing.T, got []string, list ...string) {
	t.Helper()
	if !slices.Equal(got, list) {
		t.Errorf("faults\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(list, "\n"))
	}
}

func TestAFileIsThereOrNot(t *testing.T) {
	files := fstest.MapFS{"a.yaml": {Data: []byte("id: x")}}
	faults := &folder.Faults{}
	if v, there := yamlfile.Read(files, "a.yaml", faults); !there || v.Get("id").Str() != "x" || v.Place().File != "a.yaml" || faults.Count() != 0 {
		t.Errorf("%v, %v", there, faults.List())
	}
	v, there := yamlfile.Read(files, "b.yaml", faults)
	if list := faults.List(); there || v.Exists() || len(list) != 1 || list[0].File != "b.yaml" || list[0].Message != "the file is not there" || list[0].Hint == "" {
		t.Errorf("%v, %v", there, list)
	}
}

// TestWhatIsNoYAML is refused as a whole, once, with its line; nothing is read of it.
func TestWhatIsNoYAML(t *testing.T) {
	deep := func(levels int) string { return strings.Repeat("[", levels) + "x" + strings.Repeat("]", levels) }
	for name, c := range map[string]struct {
		text string
		want string // "" is read
	}{
		"as large as may be": {"a: " + strings.Repeat("x", 1<<20-3), ""},
		"too large":          {"a: " + strings.Repeat("x", 1<<20-2), "0: the file is larger than 1 MB (split the file)"},
		"not UTF-8":          {"a: \xff", "0: the file is not UTF-8 text (save it as UTF-8)"},
		"empty":              {"", "11: the file is empty"},
		"a remark alone":     {"# nothing\n", "11: the file is empty"},
		"anchor":             {"a: 1\nb: &x text\n", "12: anchors and aliases (& and *) are not used in courses (write the text out again)"},
		"alias":              {"a: 1\nb: [&x 1]\nc: *x\n", "12: anchors and aliases (& and *) are not used in courses (write the text out again)"},
		"as deep as may be":  {deep(12), ""},
		"too deep":           {deep(13), "11: this is nested deeper than 12 levels"},
	} {
		var read bool
		got := reading(c.text, 10, func(v yamlfile.Value) { read = v.Exists() })
		if want := c.want; read != (want == "") || strings.Join(got, "; ") != want {
			t.Errorf("%s: read %v, %.200q", name, read, got)
		}
	}
	got := reading("x: 1\na: b: c\n", 10, func(v yamlfile.Value) {
		if v.Exists() {
			t.Error("what is no YAML was read")
		}
	})
	if len(got) != 1 || !strings.HasPrefix(got[0], "12: this is not YAML: ") {
		t.Errorf("no YAML: %q", got)
	}
	wantFaults(t, reading("a: 1\n---\nb: 2\n", 10, func(v yamlfile.Value) {
		if v.Get("a").Integer(0, 9) != 1 || v.Get("b").Exists() {
			t.Error("the first document is read, the second not")
		}
	}), "12: a second document begins here, which nobody would read (take out the line with ---)")
}

// TestWhereAValueStands: the line of a text in a block is that of its first characters, and what is missing has none.
func TestWhereAValueStands(t *testing.T) {
	const text = "plain: x\nquoted: \"y\"\nkept: |\n  one\nfolded: >\n  two\n"
	wantFaults(t, reading(text, 0, func(v yamlfile.Value) {
		for key, lines := range map[string][2]int{"plain": {1, 1}, "quoted": {2, 2}, "kept": {3, 4}, "folded": {5, 6}, "none": {0, 0}} {
			at := v.Get(key)
			if at.Place().Line != lines[0] || at.TextPlace().Line != lines[1] || at.Place().File != "a.yaml" || at.TextPlace().File != "a.yaml" {
				t.Errorf("%s: %v, %v", key, at.Place(), at.TextPlace())
			}
		}
		v.Get("kept").Fault("do so", "%d is wrong", 7)
	}), "3: 7 is wrong (do so)")
}

func TestKeys(t *testing.T) {
	const text = "title: x\ntitel: y\ntitle: z\nlist: [1]\nnothing:\nword: w\n"
	wantFaults(t, reading(text, 0, func(v yamlfile.Value) {
		if !v.Keys("title", "list", "nothing", "word") || !v.IsMap() {
			t.Error("a map")
		}
		for _, key := range []string{"list", "nothing", "word", "none"} {
			if v.Get(key).Keys("a") || v.Get(key).IsMap() || v.Get(key).Get("a").Exists() {
				t.Errorf("%s is no map", key)
			}
		}
		if v.Get("title").Str() != "x" {
			t.Error("the first of two keys counts")
		}
		for key, there := range map[string]bool{"title": true, "list": true, "nothing": false, "none": false} {
			if v.Get(key).Exists() != there {
				t.Errorf("%s: there %v", key, !there)
			}
		}
	}),
		`2: unknown key "titel" (did you mean title?)`, `3: the key "title" is there twice`, "4: here should be keys with values (a)", "6: here should be keys with values (a)")
}

// TestWhatIsNeeded is asked for once: not again of what is missing itself.
func TestWhatIsNeeded(t *testing.T) {
	wantFaults(t, reading("a: {b: 1, c: }\n", 0, func(v yamlfile.Value) {
		if !v.Need("a").Need("b").Exists() {
			t.Error("what is there")
		}
		v.Need("a").Need("c")
		v.Need("d").Need("e").Need("f")
	}), `1: "c" is missing`, `1: "d" is missing`)
}

func TestListsAndEntries(t *testing.T) {
	const text = "list:\n  - a\n  - b\nmap:\n  y: 1\n  x: 2\nword: w\n"
	wantFaults(t, reading(text, 0, func(v yamlfile.Value) {
		var words []string
		for _, e := range v.Get("list").List() {
			words = append(words, fmt.Sprintf("%s%d", e.Str(), e.Place().Line))
		}
		for _, e := range v.Get("map").Entries() {
			words = append(words, fmt.Sprintf("%s%d", e.Key, e.Value.Integer(0, 9)))
		}
		if !slices.Equal(words, []string{"a2", "b3", "y1", "x2"}) {
			t.Errorf("read %q", words)
		}
		for _, key := range []string{"word", "none"} {
			if len(v.Get(key).List()) != 0 || len(v.Get(key).Entries()) != 0 {
				t.Errorf("%s has elements", key)
			}
		}
		if len(v.Get("map").List()) != 0 || len(v.Get("list").Entries()) != 0 {
			t.Error("a map is no list")
		}
	}),
		"2: here should be keys with values", "5: here should be a list (begin each element with a dash)",
		"7: here should be a list (begin each element with a dash)", "7: here should be keys with values")
}

func TestTexts(t *testing.T) {
	const text = "a: ' x '\nb: 1.10\nc: no\nd: [x]\ne: true\nf: ~\n"
	wantFaults(t, reading(text, 0, func(v yamlfile.Value) {
		for key, want := range map[string]string{"a": "x", "b": "1.10", "d": "", "e": "true", "f": "", "none": ""} {
			if got := v.Get(key).Str(); got != want {
				t.Errorf("%s: %q", key, got)
			}
		}
	}),
		`2: here should be a text, but 1.10 is not one (put it in quotes: "1.10")`, "4: here should be a text", `5: here should be a text, but true is not one (put it in quotes: "true")`)
}

func TestNumbersAndTruth(t *testing.T) {
	const text = "low: 2\nhigh: 5\nunder: 1\nover: 6\nhalf: 2.5\nword: w\nyes: true\nnan: .nan\ninf: -.inf\n"
	wantFaults(t, reading(text, 0, func(v yamlfile.Value) {
		for key, want := range map[string]int{"low": 2, "high": 5, "under": 1, "over": 6, "none": 0} {
			if got := v.Get(key).Integer(2, 5); got != want {
				t.Errorf("%s: %d", key, got)
			}
		}
		v.Get("word").Integer(0, 5)
		for key, want := range map[string]float64{"half": 2.5, "low": 2, "nan": 0, "inf": 0, "none": 0} {
			if got := v.Get(key).Number(); got != want {
				t.Errorf("%s: %v", key, got)
			}
		}
		if !v.Get("yes").Boolean() || v.Get("none").Boolean() || v.Get("half").Boolean() {
			t.Error("truth values")
		}
	}),
		"3: 1 is not between 2 and 5", "4: 6 is not between 2 and 5", `5: "2.5" is not true or false`, `6: "w" is not a whole number`,
		`8: ".nan" is not a number`, `9: "-.inf" is not a number`)
}

func TestIDsAndWords(t *testing.T) {
	const text = "a: check-1\nb: Bad Id\nc: pass\nd: pas\n"
	wantFaults(t, reading(text, 0, func(v yamlfile.Value) {
		if v.Get("a").ID() != "check-1" || v.Get("none").ID() != "" || v.Get("c").OneOf("pass", "none") != "pass" || v.Get("none").OneOf("pass") != "" {
			t.Error("what is right")
		}
		v.Get("b").ID()
		v.Get("d").OneOf("pass", "none")
	}),
		`2: "Bad Id" is not an id (use lower-case Latin letters, digits and hyphens, at most 60, beginning with a letter)`,
		`4: "pas" is not one of pass, none (did you mean pass?)`)
}

// TestNothingMakesItFail: whatever is in a file, reading it in any way ends, and each fault has a line of the file.
func TestNothingMakesItFail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab:-[]{}&*|>'\"#1.~ \n\n"))).Draw(t, "text")
		list := &folder.Faults{}
		var read func(v yamlfile.Value, depth int)
		read = func(v yamlfile.Value, depth int) {
			v.Str()
			v.Integer(0, 1)
			v.Number()
			v.Boolean()
			v.ID()
			v.OneOf("a", "b")
			v.Keys("a", "b")
			v.Need("a")
			for _, e := range v.List() {
				read(e, depth+1)
			}
			for _, e := range v.Entries() {
				read(e.Value, depth+1)
			}
			if depth > 12 {
				t.Fatalf("read %d levels deep", depth)
			}
		}
		read(yamlfile.Parse("a.yaml", []byte(text), 0, list), 0)
		for _, f := range list.List() {
			if f.File != "a.yaml" || f.Line < 0 || f.Line > strings.Count(text, "\n")+1 {
				t.Fatalf("a fault at line %d of %q: %s", f.Line, text, f.Message)
			}
		}
	})
}
