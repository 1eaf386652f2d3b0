package exchange

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/item"
)

// TestForeignFiles reads files as other people's systems and people themselves write them, each a sample of a kind, after public
// bug reports. What stands in want.txt was compared by hand with what Moodle 4.5.6 makes of them: it is the same but where the rules of
// items are others, which is then named, where Moodle refuses what is clear (a small letter in Aiken, a category without an empty
// line behind it), and where it takes 3,5 for 35.
func TestForeignFiles(t *testing.T) {
	var got strings.Builder
	files, err := filepath.Glob("testdata/cases/*.*ml")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := filepath.Glob("testdata/cases/*.*.txt")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, texts...)
	slices.Sort(files)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f := MoodleXML
		for _, other := range []Format{GIFT, Aiken} {
			if strings.HasSuffix(file, other.Ending()) {
				f = other
			}
		}
		list, losses, err := Read(content, f, "pl")
		fmt.Fprintf(&got, "== %s\n", filepath.Base(file))
		if err != nil {
			fmt.Fprintf(&got, "%v\n", err)
		}
		for _, it := range list {
			fixed := ""
			if it.NoShuffle {
				fixed = " (not shuffled)"
			}
			fmt.Fprintf(&got, "%s %s%s\n", it.ID, shown(it), fixed)
			if _, ok := it.Question["en"]; ok {
				fmt.Fprintf(&got, "%s in English %s\n", it.ID, shown(english(it)))
			}
		}
		for _, l := range losses {
			fmt.Fprintf(&got, "lost: %d %s %s %v\n", l.Line, l.Item, strings.TrimPrefix(l.Key, "exchange.loss."), l.Args)
		}
	}
	want, err := os.ReadFile("testdata/cases/want.txt")
	if err != nil {
		t.Fatal(err)
	}
	a, b := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")
	for i, line := range a {
		if i >= len(b) || line != b[i] {
			t.Fatalf("line %d is\n%s\nwant\n%s", i+1, line, slices.Concat(b, make([]string, len(a)))[i])
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d lines, want %d", len(a), len(b))
	}
}

// english is the item with its English for Polish.
func english(it Item) Item {
	it.Question = polish(it.Question["en"])
	options := slices.Clone(it.Options)
	for i, o := range options {
		options[i].Text = polish(o.Text["en"])
	}
	it.Options = options
	return it
}

// Texts in several languages: the file's goes first if all is told in it, a common text is in each, and what a text does not say
// in a language is not there.
func TestQuestionsInSeveralLanguages(t *testing.T) {
	option := func(s string) string {
		return `<answer fraction="0" format="html"><text>` + xmlEscape.Replace(s) + "</text></answer>"
	}
	read := func(lang, text, first string) ([]Item, []Loss) {
		t.Helper()
		content := `<quiz><question type="multichoice"><questiontext format="html"><text>` + xmlEscape.Replace(text) + `</text></questiontext>` +
			`<answer fraction="100" format="html"><text>` + xmlEscape.Replace(first) + "</text></answer>" + option("112") + option("999") + "</question></quiz>"
		list, losses, err := Read([]byte(content), MoodleXML, lang)
		if err != nil {
			t.Fatal(err)
		}
		return list, losses
	}
	for name, c := range map[string]struct{ lang, text, first, want string }{
		"two":                     {"pl", "{mlang pl}Co?{mlang}{mlang en}What?{mlang}", "{mlang pl}Tak{mlang}{mlang en}Yes{mlang}", "Co?|en:What? pl:Co?|en:Yes pl:Tak|en:112 pl:112"},
		"the other is the file's": {"en", "{mlang pl}Co?{mlang}{mlang en}What?{mlang}", "{mlang pl}Tak{mlang}{mlang en}Yes{mlang}", "What?|en:What? pl:Co?|en:Yes pl:Tak|en:112 pl:112"},
		"neither is the file's":   {"pl", "{mlang uk}Що?{mlang}{mlang en}What?{mlang}", "{mlang uk}Так{mlang}{mlang en}Yes{mlang}", "Що?|en:What? uk:Що?|en:Yes uk:Так|en:112 uk:112"},
		"the file's is not whole": {"pl", "{mlang pl}Co?{mlang}{mlang en}What?{mlang}", "{mlang uk}Так{mlang}{mlang en}Yes{mlang}", "What?|en:What? pl:Co? uk:|en:Yes uk:Так|en:112 pl:112 uk:112"},
	} {
		list, losses := read(c.lang, c.text, c.first)
		if len(list) != 1 || len(losses) > 0 {
			t.Fatalf("%s: %d items, %q", name, len(list), brief(losses))
		}
		it := list[0]
		got := []string{it.Question[""]}
		said := func(m map[string]string) {
			var parts []string
			for _, l := range []string{"en", "pl", "uk"} {
				if s, ok := m[l]; ok {
					parts = append(parts, l+":"+s)
				}
			}
			got = append(got, strings.Join(parts, " "))
		}
		said(it.Question)
		said(it.Options[0].Text)
		said(it.Options[1].Text)
		if s := strings.Join(got, "|"); s != strings.ReplaceAll(c.want, " uk:|", "|") {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
	if list, losses := read("pl", "{mlang pl}Co?{mlang}", "{mlang en}Yes{mlang}"); len(list) != 0 || len(losses) != 1 || losses[0].Key != "exchange.loss.language" {
		t.Errorf("with no whole language: %d items, %q", len(list), brief(losses))
	}
	for f, content := range map[Format]string{
		GIFT:  `\{mlang pl\}Co?\{mlang\}\{mlang en\}What?\{mlang\}{=\{mlang pl\}a\{mlang\}\{mlang en\}b\{mlang\} ~c}`,
		Aiken: "{mlang pl}Co?{mlang}{mlang en}What?{mlang}\nA. {mlang pl}a{mlang}{mlang en}b{mlang}\nB. c\nANSWER: A",
	} {
		list, losses, err := Read([]byte(content), f, "pl")
		if err != nil || len(list) != 1 || len(losses) > 0 || list[0].Question["en"] != "What?" || list[0].Options[0].Text["en"] != "b" || list[0].Options[1].Text["en"] != "c" {
			t.Errorf("%s: %+v, %q, %v", f, list, brief(losses), err)
		}
	}
	if list, losses := read("en", "{mlang en}Co?{mlang}{mlang en_us}What?{mlang}", "Yes"); len(list) != 1 || list[0].Question["en"] != "Co?" || len(losses) != 1 || fmt.Sprint(losses[0].Args["Parts"]) != "[{lang en_us}]" {
		t.Errorf("%+v, %+v", list, losses)
	}
	// Parts that are left out are left out in each language.
	list, losses, err := Read([]byte(`q{=\{mlang pl\}a\{mlang\}\{mlang en\}b\{mlang\} -> 1 =c -> 1 =\{mlang pl\}d\{mlang\}\{mlang en\}e\{mlang\} -> 2}`), GIFT, "pl")
	if err != nil || len(list) != 1 || list[0].Type != item.Single || list[0].Options[0].Text["en"] != "b → 1; e → 2" || list[0].Options[0].Text["pl"] != "a → 1; d → 2" {
		t.Errorf("%+v, %q, %v", list, brief(losses), err)
	}
}

// Whatever a source holds beside what is read is named, at any depth, also by names that nobody foresaw.
func TestWhatNobodyAskedForIsNamed(t *testing.T) {
	content := `<quiz><question type="category"><category><text>$course$/Prawo</text></category><info format="html"><text>O czym</text></info><idnumber>K1</idnumber></question>
<question type="ordering" id="7"><name><text>Kroki rozmowy</text></name><idnumber>talk</idnumber>
<questiontext format="html"><text>Ułóż.</text><alt deep="1"><more>w środku</more></alt></questiontext>
<defaultgrade>2</defaultgrade><penalty>0.0000000</penalty><hidden>0</hidden>
<layouttype>HORIZONTAL</layouttype><selecttype>RANDOM</selecttype><selectcount>2</selectcount><gradingtype>ABSOLUTE_POSITION</gradingtype><showgrading>HIDE</showgrading><numberingstyle>abc</numberingstyle>
<answer fraction="1" format="html"><text>a</text></answer><answer fraction="2" format="html"><text>b</text></answer><answer fraction="3" format="html"><text>c</text></answer>
<hint format="html"><text>Pomyśl</text><shownumcorrect/><clearwrong/><options>1</options></hint>
<questiontext><text>drugi</text></questiontext></question></quiz>`
	list, losses, err := Read([]byte(content), MoodleXML, "pl")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	var named []string
	for _, l := range losses {
		parts, _ := l.Args["Parts"].([]Part)
		for _, p := range parts {
			named = append(named, p.Name+"="+p.Value)
		}
	}
	want := []string{
		"category=$course$/Prawo", "info/text=O czym", "idnumber=K1",
		"name=Kroki rozmowy", "@id=7", "questiontext/alt@deep=1", "questiontext/alt/more=w środku", "defaultgrade=2",
		"layouttype=HORIZONTAL", "selecttype=RANDOM", "selectcount=2", "gradingtype=ABSOLUTE_POSITION", "showgrading=HIDE", "numberingstyle=abc",
		"hint/shownumcorrect=", "hint/clearwrong=", "hint/options=1", "questiontext/text=drugi",
	}
	if !slices.Equal(named, want) {
		t.Errorf("named are\n%q, want\n%q", named, want)
	}
	wantLosses(t, losses, "1  left", "2 talk left", "2 talk feedback")
}

func TestNumbersByLanguage(t *testing.T) {
	for _, c := range []struct {
		lang, typed string
		want        float64
		told        bool
	}{
		{"en", "1,200", 1200, true}, {"pl", "1,200", 1.2, true}, {"en", "3,5", 3.5, false}, {"pl", "1,200,300", 1200300, true}, {"pl", "1,200.5", 1200.5, true}, {"en", "1.200", 1.2, false}, {"pl", "1 200", 1200, false},
	} {
		list, losses, err := Read([]byte(quiz("numerical", `<answer fraction="100"><text>`+c.typed+`</text></answer>`)), MoodleXML, c.lang)
		if err != nil || len(list) != 1 || list[0].Answer != c.want || (len(losses) == 1 && losses[0].Key == "exchange.loss.number") != c.told {
			t.Errorf("%s in %s: %+v, %q, %v", c.typed, c.lang, list, brief(losses), err)
		}
	}
}

func TestDeclaredEncodings(t *testing.T) {
	for name, content := range map[string]string{
		"UTF8":         "<?xml version='1.0' encoding='UTF8'?><quiz><question type=\"essay\"><name><text>\u0141\u00f3d\u017a</text></name></question></quiz>",
		"windows-1250": "<?xml version=\"1.0\" encoding=\"windows-1250\"?><quiz><question type=\"essay\"><name><text>\xa3\xf3d\x9f</text></name></question></quiz>",
		"iso-8859-2":   "<?xml version=\"1.0\" encoding=\"iso-8859-2\" standalone=\"yes\"?><quiz><question type=\"essay\"><name><text>\xa3\xf3d\xbc</text></name></question></quiz>",
		"UTF-16":       "\xff\xfe" + strings.Join(strings.Split(`<?xml version="1.0" encoding="UTF-16"?><quiz><question type="essay"><name><text>L`, ""), "\x00") + "\x00\x01\x01" + strings.Join(strings.Split(`</text></name></question></quiz>`, ""), "\x00") + "\x00",
		"none of them": "<?xml version=\"1.0\" encoding=\"utf-16\"?><quiz><question type=\"essay\"><name><text>\u0141\u00f3d\u017a</text></name></question></quiz>", // a file that was converted later
	} {
		want := map[bool]string{true: "Lā", false: "Łódź"}[name == "UTF-16"]
		_, losses, err := Read([]byte(content), MoodleXML, "pl")
		if err != nil || len(losses) != 1 || losses[0].Item != want {
			t.Errorf("%s: %+v, %v", name, losses, err)
		}
	}
}
