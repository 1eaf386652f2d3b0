package agreement_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/indicators"
	"ostoja/internal/course/indicatorfile"
	"ostoja/internal/firstline"
	"ostoja/internal/firstline/agreement"
	shipped "ostoja/kit"
)

func kit(t *testing.T) *firstline.Kit {
	t.Helper()
	noticed, err := indicatorfile.Load(indicators.Folder)
	if err != nil {
		t.Fatal(err)
	}
	k, err := firstline.Read(shipped.FS, noticed, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func table(t *testing.T) *agreement.Table {
	t.Helper()
	list, err := agreement.Read(shipped.FS, kit(t))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestOurStepsAreWhatTheyWere: who changes the kit's table sees here which of the situations it changes.
func TestOurStepsAreWhatTheyWere(t *testing.T) {
	for _, s := range table(t).Situations {
		if s.Step != s.Expected {
			t.Errorf("%s: the kit's table leads to %q, and agreement.yaml says %q", s.ID, s.Step, s.Expected)
		}
	}
}

// The twenty are short, in both languages, of every place, with children, and not all of them pressing or alarming.
func TestTheTwentySituations(t *testing.T) {
	list, k := table(t), kit(t)
	if len(list.Situations) != 20 {
		t.Errorf("there are %d", len(list.Situations))
	}
	has := map[string]int{}
	for _, s := range list.Situations {
		for _, tag := range []string{"pl", "en"} {
			if n := len(strings.Fields(s.Text[tag])); n < 40 || n > 70 {
				t.Errorf("%s in %s has %d words", s.ID, tag, n)
			}
			if s.Title[tag] == "" || s.Source[tag] == "" {
				t.Errorf("%s: no title or source in %s", s.ID, tag)
			}
		}
		has["place "+s.Place]++
		has["step "+string(s.Step)]++
		if s.FalseAlarm {
			has["false alarm, "+string(s.Step)]++
		}
		if slices.Contains(s.Answers, "age=child") {
			has["child"]++
		}
	}
	for what, least := range map[string]int{"step consult": 6, "step today": 3, "step now": 3, "child": 3, "false alarm, consult": 2, "false alarm, now": 1} {
		if has[what] < least {
			t.Errorf("%d of %s, want %d at least", has[what], what, least)
		}
	}
	for _, p := range k.Places {
		if has["place "+p.ID] < 2 {
			t.Errorf("%d at the place %s", has["place "+p.ID], p.ID)
		}
	}
}

// TestTheDocumentHasTheTable: docs/first-line.md shows each situation with our step and what it rests on, line by line as the file has it.
func TestTheDocumentHasTheTable(t *testing.T) {
	b, err := os.ReadFile("../../../docs/first-line.md")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i, s := range table(t).Situations {
		answers := make([]string, len(s.Answers))
		for i, x := range s.Answers {
			answers[i] = string(x)
		}
		if len(answers) == 0 {
			answers = []string{"nobody is there"}
		}
		title := s.Title["en"]
		if s.FalseAlarm {
			title += " (false alarm)"
		}
		lines = append(lines, fmt.Sprintf("| %d | %s | %s | %s | %s | %s |", i+1, title, s.Place, strings.Join(answers, ", "), s.Step, s.Source["en"]))
	}
	if want := strings.Join(lines, "\n") + "\n"; !strings.Contains(string(b), want) {
		t.Errorf("docs/first-line.md must have these lines:\n%s", want)
	}
}

// Each fault of the file is named.
func TestFaultsOfTheFile(t *testing.T) {
	k := kit(t)
	b, err := shipped.FS.ReadFile(agreement.File)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct{ old, new, want string }{
		"a name twice":         {"id: father-and-son", "id: coach", "coach: each situation needs a name of its own"},
		"no such place":        {"place: border", "place: moon", `coach: there is no place "moon"`},
		"no such answer":       {"beside=speaker", "beside=dog", `coach: nothing answers "beside=dog"`},
		"two answers":          {"beside=speaker", "age=child", `coach: nothing answers "age=child", or something else does`},
		"a place as an answer": {"beside=speaker", "place=street", `nothing answers "place=street"`},
		"no text":              {"    title: {pl: Autobus odjeżdża za dziesięć minut,", "    title: {", "coach: the title is missing in pl"},
		"a word nobody reads":  {"false-alarm:", "falsealarm:", "falsealarm"},
	} {
		text := strings.Replace(string(b), c.old, c.new, 1)
		if text == string(b) {
			t.Fatalf("%s: nothing was changed", what)
		}
		if _, err := agreement.Read(fstest.MapFS{agreement.File: {Data: []byte(text)}}, k); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if list, err := agreement.Read(fstest.MapFS{}, k); err != nil || len(list.Situations) != 0 || list.Next(nil, 0) != 0 {
		t.Errorf("a kit without situations: %v, %v", list, err)
	}
}

// What is not translated is shown in Polish, and said to be.
func TestWhatIsNotTranslated(t *testing.T) {
	if text, in := agreement.In(map[string]string{"pl": "a"}, "en"); text != "a" || in != "pl" {
		t.Errorf("%q in %s", text, in)
	}
	if text, in := agreement.In(map[string]string{"pl": "a", "en": "b"}, "en"); text != "b" || in != "en" {
		t.Errorf("%q in %s", text, in)
	}
	if got := table(t).Place("en", "street") + ", " + table(t).Word("pl", firstline.Now); got != "Street, Od razu" {
		t.Errorf("%q", got)
	}
}
