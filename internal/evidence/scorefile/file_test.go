package scorefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"ostoja/internal/gain"
)

func report(t *testing.T, name string) FileReport {
	t.Helper()
	content, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = content.Close() }()
	f, err := ReadFile(content, Unsaid)
	if err != nil {
		t.Fatal(err)
	}
	return ReportFile(f)
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}

func TestGoldenFileAsJSON(t *testing.T) {
	var b bytes.Buffer
	if err := report(t, "golden.csv").WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]float64{
		"n_matched": 12, "n_lost": 0, "mean_pre": 52.5, "mean_post": 79.1667, "difference": 26.6667, "dz": 4.6188, "g": 0.5614, "mean_individual_g": 0.5851,
	} {
		x, _ := got[key].(float64)
		near(t, key, x, want, 0.00005)
	}
	if got["g_band"] != "medium" || got["ceiling_flag"] != false {
		t.Errorf("%v %v", got["g_band"], got["ceiling_flag"])
	}
	interval, _ := got["ci95"].([]any)
	if len(interval) != 2 {
		t.Fatalf("ci95 is %v", got["ci95"])
	}
	later, _ := got["later"].(map[string]any)
	for key, want := range map[string]float64{"n": 9, "mean_pre": 52.7778, "mean_post": 78.8889, "mean_later": 72.2222, "retained_share": 0.7447} {
		x, _ := later[key].(float64)
		near(t, "later."+key, x, want, 0.00005)
	}
	if groups, ok := got["groups"].([]any); !ok || len(groups) != 0 {
		t.Errorf("groups are %v", got["groups"])
	}
}

func TestGroupsOfAFile(t *testing.T) {
	r := report(t, "groups.csv")
	if *r.Matched != 13 || *r.Lost != 1 || *r.Ceiling {
		t.Errorf("%+v", r.gainFigures)
	}
	if len(r.Groups) != 2 {
		t.Fatalf("%+v", r.Groups)
	}
	for _, g := range r.Groups { // of two groups, one of three: the other would give it away
		if !g.Suppressed || g.MeanPre != nil || g.Matched != nil {
			t.Errorf("%s is shown", g.Value)
		}
	}
	var b bytes.Buffer
	if err := r.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"region = Lubelskie  not shown", "gain on this test", "matched               13", "0.5614 medium"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

// What a follow-up's people had before and after is given of all in the file, and of a group only where it gives nobody away.
func TestAFileKeepsGroupsApartFromThoseWhomTheFollowUpMissed(t *testing.T) {
	var b strings.Builder
	b.WriteString("person,pre,post,later,place\n")
	for i := range 24 {
		later := "70"
		if i == 0 || i > 18 {
			later = ""
		}
		fmt.Fprintf(&b, "P%d,%d,80,%s,%c\n", i, 40+i%3, later, 'A'+rune(i/12))
	}
	f, err := ReadFile(strings.NewReader(b.String()), Unsaid)
	if err != nil {
		t.Fatal(err)
	}
	r := ReportFile(f)
	if r.Later.Retained == nil {
		t.Errorf("of all: %+v", r.Later)
	}
	a := r.Groups[0]
	if a.Value != "A" || a.Suppressed || a.Later.N == nil || *a.Later.N != 11 || a.Later.MeanLater == nil || a.Later.MeanPre != nil || a.Later.MeanPost != nil || a.Later.Retained != nil {
		t.Errorf("twelve of A less eleven are one: %+v", a.Later)
	}
	if b := r.Groups[1]; b.Value != "B" || b.Later.N == nil || *b.Later.N != 7 || b.Later.MeanLater == nil {
		t.Errorf("%+v", b)
	}
}

func TestBadRowsAreNamed(t *testing.T) {
	_, err := ReadFile(strings.NewReader("person,form_pre,pre,form_post,post,later\nP1,A,40,B,70,\nP2,A,forty,B,170,\n\nP1,A,1,B,2,3\n,A,1,B,2,3\nP5,A,1\n"), Unsaid)
	var rows BadRowsError
	if !errors.As(err, &rows) {
		t.Fatalf("%v", err)
	}
	want := []string{"line 3: pre is \"forty\"", "line 3: post is 170", "line 5: the person \"P1\" stands in line 2 already", "line 6: the person is missing", "line 7: it has 3 fields and the header 6"}
	if len(rows) != len(want) {
		t.Fatalf("%v", rows)
	}
	for i, w := range want {
		if !strings.HasPrefix(rows[i].String(), w) {
			t.Errorf("%q is not %q", rows[i], w)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "no header": "P1,A,40,B,70,65\n", "column twice": "person,pre,post,pre\n", "not UTF-8": "person,pre,post\n\xff,1,2\n",
		"open quotation mark": "person,pre,post\n\"P1,1,2\n", "a workbook": "PK\x03\x04\nperson,pre,post\nP1,40,70\n",
	} {
		if _, err := ReadFile(strings.NewReader(content), Unsaid); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func TestSemicolonsAndDecimalCommas(t *testing.T) {
	f, err := ReadFile(strings.NewReader("\ufeffPerson;Pre;Post;Later;Region\r\nP1;40,5;70 %;-;Łódzkie\r\n"), Unsaid)
	if err != nil {
		t.Fatal(err)
	}
	if s := f.Scores[0]; s.Pre != 40.5 || s.Post != 70 || !gain.IsMissing(s.Later) || f.Groups[0][0] != "Łódzkie" {
		t.Errorf("%+v", f)
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add("person,form_pre,pre,form_post,post,later\nP1,A,40,B,70,\n")
	f.Add("person;pre;post\n\"a;1;2\n")
	f.Fuzz(func(t *testing.T, content string) {
		file, err := ReadFile(strings.NewReader(content), Unsaid)
		if err == nil {
			if err := ReportFile(file).WriteJSON(&bytes.Buffer{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// The header's sign parts the file also where its first field is empty, and the first line alone decides.
func TestTheSignThatPartsAFile(t *testing.T) {
	for header, want := range map[string]rune{";before;after\n1,2": ';', "\tbefore\tafter\n": '\t', "id,before\n1;2": ',', "id;a\tb": ';'} {
		if got := headerSeparator([]byte(header)); got != want {
			t.Errorf("%q: parted by %q, not %q", header, got, want)
		}
	}
}

// TestWhatAScoreOfOneMeans is asked where nobody can tell, and never guessed.
func TestWhatAScoreOfOneMeans(t *testing.T) {
	content, err := os.ReadFile("testdata/fractions.csv")
	if err != nil {
		t.Fatal(err)
	}
	read := func(content string, scale Scale) (File, error) { return ReadFile(strings.NewReader(content), scale) }
	if _, err := read(string(content), Unsaid); err == nil || !strings.Contains(err.Error(), "--scale fractions") || !strings.Contains(err.Error(), "--scale percent") {
		t.Errorf("it is not asked: %v", err)
	}
	for scale, want := range map[Scale]float64{Percent: 0.5, Fractions: 50} {
		if f, err := read(string(content), scale); err != nil || math.Abs(f.Scores[0].Pre-want) > 1e-9 {
			t.Errorf("%s: %v, %v", scale, f.Scores, err)
		}
	}
	for what, c := range map[string]struct {
		rows  string
		scale Scale
		good  bool
	}{
		"one column of fractions":     {"1,0.5,60\n2,0.4,70\n", Unsaid, false},
		"nothing known before":        {"1,0,60\n2,0,70\n", Unsaid, true},
		"one of them below 1":         {"1,0.5,60\n2,40,70\n", Unsaid, true},
		"0 and 1":                     {"1,0,1\n2,0,1\n", Unsaid, false},
		"per cent signs":              {"1,0.5%,0.6%\n", Unsaid, true},
		"a fraction above 1":          {"1,0.5,1.1\n", Fractions, false},
		"per cent among fractions":    {"1,0.5,60%\n", Fractions, false},
		"fractions with nothing left": {"1,0.5,1\n", Fractions, true},
	} {
		if _, err := read("person,pre,post\n"+c.rows, c.scale); (err == nil) != c.good {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestALineThatSaysTheSeparator(t *testing.T) {
	content, err := os.ReadFile("testdata/sep.csv")
	if err != nil {
		t.Fatal(err)
	}
	f, err := ReadFile(bytes.NewReader(content), Unsaid)
	if err != nil || len(f.Scores) != 5 || f.Scores[0].Pre != 50 || f.Scores[4].Post != 66.7 {
		t.Errorf("%+v, %v", f, err)
	}
	for _, content := range []string{"sep=,\nperson,pre,post\n1,5,6\n", "\ufeff\"sep=;\"\r\nperson;pre;post\r\n1;5,5;6\r\n", "sep=\t\nperson\tpre\tpost\n1\t5\t6\n", "sep=|\nperson|pre|post\n1|5|6\n"} {
		if f, err := ReadFile(strings.NewReader(content), Unsaid); err != nil || f.Scores[0].Post != 6 {
			t.Errorf("%q: %+v, %v", content, f, err)
		}
	}
	if _, err := ReadFile(strings.NewReader("sep=;\nperson;pre;post\n1;5;x\n"), Unsaid); err == nil || !strings.Contains(err.Error(), "line 3: ") {
		t.Errorf("the line is that of the file: %v", err)
	}
}

// TestNoSpreadIsSaid where all gained the same: an interval of no width would claim to know of others.
func TestNoSpreadIsSaid(t *testing.T) {
	r := report(t, "identical.csv")
	var table, text bytes.Buffer
	if err := errors.Join(r.WriteTable(&table), r.WriteJSON(&text)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(table.String(), "none: all differences are the same") || strings.Contains(table.String(), "20.00 to 20.00") {
		t.Errorf("%s", table.String())
	}
	if !strings.Contains(text.String(), `"ci95": null`) || !strings.Contains(text.String(), `"no_spread": true`) {
		t.Errorf("%s", text.String())
	}
}
