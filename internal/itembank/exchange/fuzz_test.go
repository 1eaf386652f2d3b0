package exchange

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// fuzz reads any content. What was read must be writable and, where nothing is lost, read back equal to itself.
func fuzz(f *testing.F, format Format, samples ...string) {
	for _, file := range []string{"law.gift.txt", "basics.aiken.txt", "bank.xml"} {
		content, err := os.ReadFile("testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	for _, s := range samples {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		list, losses, err := Read(content, format, "pl")
		if err != nil {
			return
		}
		for _, l := range losses {
			if !strings.HasPrefix(l.Key, "exchange.loss.") || l.Line == 0 {
				t.Errorf("an incomplete loss: %+v", l)
			}
		}
		var seen []string
		for _, it := range list {
			if !idPattern.MatchString(it.ID) || slices.Contains(seen, it.ID) {
				t.Errorf("the id %q", it.ID)
			}
			seen = append(seen, it.ID)
		}
		same(t, format, list)
		if format == MoodleXML || len(list) == 0 {
			return
		}
		same(t, MoodleXML, list) // what one format knows, the richest knows too
	})
}

func FuzzGIFT(f *testing.F) {
	fuzz(f, GIFT, "q{#1..5}", "q{#=%100%3:0.1#x =%50%4~#y}", "::a::[html]<ul><li>x</ul>{T}", "// [id:a] [tag:type=step] [tag:ids=x,y]\n[markdown]q{=a#x ~%50%b}",
		"q{=a -> b =c -> d =e->f ####\\{g\\}}", "q{=a\\*b =%50%*}", `q\\\:{=\=\~\n}`, "q{~%-50%a ~%50%b ~%50%c}")
}

func FuzzAiken(f *testing.F) {
	fuzz(f, Aiken, "q\nA) a\nB) b\nANSWER: A", "q\n\nmore\nA. a\nb\n\nB.\tc\nanswer: b)", "A. a\nANSWER: A")
}

func FuzzMoodleXML(f *testing.F) {
	fuzz(f, MoodleXML, `<quiz><question type="shortanswer"><questiontext format="html"><text>&lt;b&gt;a &lt;i&gt;b&lt;/b&gt;c</text></questiontext><answer fraction="100"><text>\*</text></answer></question></quiz>`,
		`<quiz><question type="numerical"><questiontext><text>a</text></questiontext><answer fraction="100"><text>1</text><tolerance>2</tolerance></answer></question></quiz>`)
}

// soup draws files of pieces that mean something, which a fuzzer rarely hits upon.
func soup(pieces ...string) *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.SampledFrom(pieces), rapid.SampledFrom(pieces), rapid.SampledFrom(nasty))
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "") })
}

func TestWhatIsReadCanBeWritten(t *testing.T) {
	markup := soup("<p>", "</p>", "<br>", "<b>", "</b>", "<i>", "</i>", "<ul>", "<ol>", "<li>", "</li>", "</ul>", "<img src=x alt=y>", "<img alt='![a](b)'>", "&nbsp;", "&lt;img&gt;", "słowo ", "1. ", "- ", "<h1>", "<td>")
	words := soup("Pytanie ", "[html]<b>a</b>", "=b", "~b", "#b", "->", " => ", "\n=", "\n~", "\ufeff", "![a](media/b)", "%50%", "x", "ż")
	gift := rapid.Custom(func(t *rapid.T) string {
		open := rapid.SampledFrom([]string{"{=a ~b", "{=", "{~", "{~%50%a ~%50%b ~c", "{T#", "{#1:2#", "{=a->b =c->d =e->f", "{", "{~%100%a ~b"}).Draw(t, "open")
		about := rapid.SampledFrom([]string{"", "// [id:x]\n", "// [tag:type=step] [tag:level=1]\n", "::x::", "// [tag:ids=x,y]\n"}).Draw(t, "about")
		return about + words.Draw(t, "text") + open + words.Draw(t, "answers") + rapid.SampledFrom([]string{"", "\n####"}).Draw(t, "general") + words.Draw(t, "rest") + "}"
	})
	lines := soup("Pytanie", "\n", "\n\n", "![a](media/b)", "\nC. c", "\nANSWER: A", "x", "ż")
	// Soup alone makes a question of 3 files in 100: most texts are such as can be read, and soup is what may break them.
	known := rapid.SampledFrom([]string{"Pytanie", "x", "**x**", "A.b", "ż ![a](media/b)", "więcej\nwierszy", "ANSWER", "A", "1. x"})
	some, rest := rapid.OneOf(known, known, known, known, known, lines), rapid.OneOf(rapid.Just(""), rapid.Just("\n"), lines)
	aiken := rapid.Custom(func(t *rapid.T) string {
		answer := rapid.SampledFrom([]string{"A", "B", "b)"}).Draw(t, "answer")
		return some.Draw(t, "text") + "\nA. " + some.Draw(t, "a") + "\nB) " + some.Draw(t, "b") + "\nANSWER: " + answer + rest.Draw(t, "rest")
	})
	for f, content := range map[Format]*rapid.Generator[string]{
		GIFT: gift, Aiken: aiken,
		MoodleXML: rapid.Custom(func(t *rapid.T) string {
			kind := rapid.SampledFrom([]string{"multichoice", "truefalse", "shortanswer", "matching", "ordering", "numerical"}).Draw(t, "kind")
			inside := "<single>" + rapid.SampledFrom([]string{"true", "false"}).Draw(t, "single") + "</single>"
			// An integer range leans to its ends, and a question of none is none: counts and shares are drawn evenly.
			n := rapid.SampledFrom([]int{0, 1, 2, 3, 3, 4, 4, 5}).Draw(t, "n")
			usual := rapid.Bool().Draw(t, "usual shares")
			for i := range n {
				value := xmlEscape.Replace(rapid.OneOf(markup, rapid.StringMatching(`[a-ząć]{1,8}`)).Draw(t, "text"))
				format := rapid.SampledFrom([]string{"html", "markdown", "plain_text", "moodle_auto_format"}).Draw(t, "format")
				fraction := []string{"100", "0"}[min(i, 1)]
				if !usual {
					fraction = rapid.SampledFrom([]string{"100", "50", "0", "-50"}).Draw(t, "fraction")
				}
				inside += `<answer fraction="` + fraction + `" format="` + format + `"><text>` + value + "</text></answer>"
				inside += `<subquestion format="` + format + `"><text>` + value + "</text><answer><text>" + value + "</text></answer></subquestion>"
			}
			return quiz(kind, inside+"<idnumber>"+xmlEscape.Replace(rapid.SampledFrom(nasty).Draw(t, "id"))+"</idnumber>")
		}),
	} {
		t.Run(string(f), func(t *testing.T) {
			whole, files := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				files++
				list, _, err := Read([]byte(content.Draw(t, "content")), f, "pl")
				if err == nil {
					whole += same(t, f, list)
					same(t, MoodleXML, list)
				}
			})
			// Without files that are read whole the property holds of nothing; with the 25 of 100 or more that are drawn, it
			// fails by chance less than once in a million runs.
			if whole*20 < files {
				t.Errorf("only %d questions of %d files were read and written without a loss", whole, files)
			}
		})
	}
}
