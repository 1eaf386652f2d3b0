package exchange

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"ostoja/internal/item"
)

func TestMoodleSample(t *testing.T) {
	list, losses := read(t, "bank.xml", MoodleXML)
	want := []string{
		"law-21 single: Handel ludźmi to:\n\n- czyn,\n- **metoda**,\n- cel. | Prawda + #Tak. | Fałsz || Art. 115 § 22 k.k. & protokół.",
		"consent single: Zgoda dziecka ma znaczenie. | Prawda #Nie. | Fałsz + #Dobrze.",
		"dni-1 number: Ile trwa okres na zastanowienie? | 90 ± 0dni",
		"number text: Jaki jest numer alarmowy? | 112",
		"talk order: Ułóż kroki rozmowy. | Bezpieczeństwo | Przedstawienie się | Pytanie otwarte",
		"forms match: Połącz. Trzy ikony | Praca > Budowa | Żebractwo > Ulica | Narządy > Klinika",
	}
	for i, it := range list {
		if got := it.ID + " " + shown(it); i >= len(want) || got != want[i] {
			t.Errorf("item %d is\n%s", i, got)
		}
	}
	if it := list[0]; len(list) != len(want) || it.Objective != "definition" || it.Topic != "law" || it.Level != 1 || !it.NoShuffle {
		t.Errorf("%d items, the first is %+v", len(list), it)
	}
	wantLosses(t, losses, "4  left", "11 law-21 left", "49 dni-1 identifier", "49 dni-1 left", "58 number wildcard", "68 talk left", "82 forms media", "82 forms distractor", "95 Esej type", "96 Luki type", "97 Przeciągnij type")
}

// quiz is a file with one question.
func quiz(kind, inside string) string {
	return `<quiz><question type="` + kind + `"><questiontext format="markdown"><text>Co?</text></questiontext>` + inside + "</question></quiz>"
}

func answers(fractions ...string) string {
	s := ""
	for i, f := range fractions {
		s += fmt.Sprintf(`<answer fraction="%s" format="plain_text"><text>%d</text></answer>`, f, i)
	}
	return s
}

func TestMoodleQuestions(t *testing.T) {
	for content, want := range map[string]string{
		quiz("multichoice", "<single>true</single>"+answers("0", "100")):                               "single: Co? | 0 | 1 + ;",
		quiz("multichoice", "<single>1</single>"+answers("50", "100")):                                 "single: Co? | 0 | 1 + ;1 q1 weights",
		quiz("multichoice", "<single>false</single>"+answers("50", "50", "-50")):                       "multiple: Co? | 0 + | 1 + | 2 ;",
		quiz("multichoice", "<single>false</single>"+answers("33.33333", "33.33333", "33.33333", "0")): "multiple: Co? | 0 + | 1 + | 2 + | 3 ;1 q1 weights",
		quiz("multichoice", "<single>true</single><hint><text>x</text></hint>"+answers("0", "100")):    "single: Co? | 0 | 1 + ;1 q1 feedback",
		quiz("multichoice", "<single>true</single><image>x.gif</image>"+answers("0", "100")):           "single: Co? | 0 | 1 + ;1 q1 media",
		quiz("multichoice", "<single>true</single>"+tag("type=step")+answers("50", "100", "-20")):      "step: Co? | 0 fair | 1 good | 2 poor ;1 q1 weights",
		quiz("multichoice", "<single>true</single>"+answers("100", "100")):                             ";1  key",
		quiz("multichoice", answers("x", "y", "z")):                                                    ";1  key",
		quiz("truefalse", `<answer fraction="100"><text>true</text></answer>`):                         "single: Co? | Prawda + | Fałsz ;",
		quiz("truefalse", `<answer fraction="100"><text>maybe</text></answer>`):                        "single: Co? | Prawda + | Fałsz ;",
		quiz("truefalse", `<answer fraction="0"><text>true</text></answer>`):                           ";1  key",
		quiz("numerical", answers("100", "100")):                                                       "number: Co? | 0 ± 0 ;1 q1 answers",
		quiz("numerical", answers("50", "100")):                                                        "number: Co? | 1 ± 0 ;1 q1 weights",
		quiz("numerical", `<answer fraction="100"><text>*</text></answer>`):                            ";1  key",
		quiz("numerical", `<answer fraction="100"><text>1</text><tolerance>x</tolerance></answer>`):    ";1  key",
		quiz("numerical", answers("100")+"<units>"+unit("1000", "g")+unit("1", "kg")+"</units>"):       "number: Co? | 0 ± 0kg ;1 q1 unit",
		quiz("shortanswer", answers("100", "50")):                                                      "text: Co? | 0 ;1 q1 weights",
		quiz("ordering", answers("1", "2", "3")):                                                       "order: Co? | 0 | 1 | 2 ;",
		quiz("matching", `<subquestion><text>a</text><answer><text>b</text></answer></subquestion>`):   ";1  options",
		quiz("calculated", ""): ";1  type",
		quiz("shortanswer", `<answer fraction="100"><text>a</text><feedback><text>b</text></feedback></answer>`): "text: Co? | a ;1 q1 feedback",
		"<quiz/>": ";",
		"<quiz><other><question type=\"essay\"/></other></quiz>":                               ";1  left",
		quiz("numerical", `<answer fraction="100"><text>&#xfeff;1</text></answer>`):            ";1  key",
		quiz("multichoice", "<single>true</single>"+tag("topic=ą &lt;b>")+answers("0", "100")): "single: Co? | 0 | 1 + ;",
	} {
		list, losses, err := Read([]byte(content), MoodleXML, "pl")
		got := ";" + strings.Join(brief(losses), "|")
		if len(list) == 1 {
			got = shown(list[0]) + " " + got
		}
		if err != nil || got != want {
			t.Errorf("%s is read as\n%s, want\n%s, %v", content, got, want, err)
		}
	}
}

func tag(s string) string { return "<tags><tag><text>" + s + "</text></tag></tags>" }

func unit(factor, name string) string {
	return "<unit><multiplier>" + factor + "</multiplier><unit_name>" + name + "</unit_name></unit>"
}

func TestMoodleIsWritten(t *testing.T) {
	it := Item{Item: item.Item{ID: "o-1", Level: 1, Type: item.Order, Question: polish("Ułóż <b> & ]]>\nkroki"), Steps: []item.Option{
		{ID: "a", Text: polish("x")}, {ID: "b", Text: polish("y")}, {ID: "c", Text: polish("z")},
	}}}
	var b bytes.Buffer
	losses, err := Write(&b, MoodleXML, "pl", []Item{it})
	if err != nil || len(losses) > 0 {
		t.Fatal(err, brief(losses))
	}
	for _, want := range []string{
		`<question type="ordering">`, "<text><![CDATA[Ułóż  &amp; ]]&gt;\nkroki]]></text>", `<questiontext format="html">`, "<idnumber>o-1</idnumber>", "<text>level=1</text>",
		"<layouttype>VERTICAL</layouttype>", "<selecttype>ALL</selecttype>", "<gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>", `<answer fraction="3.0000000" format="html">`, "<shownumcorrect>1</shownumcorrect>",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing in\n%s", want, b.String())
		}
	}
	if err := xml.Unmarshal(b.Bytes(), new(struct{})); err != nil {
		t.Error(err)
	}
}
