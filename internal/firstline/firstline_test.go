package firstline_test

import (
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/firstline"
	"ostoja/internal/firstline/firstlinetest"
	"ostoja/internal/indicator"
	"ostoja/internal/lang"
	shipped "ostoja/kit"
)

// drawn is a place and some answers; what is not answered is not there.
func drawn(t *rapid.T, k *firstline.Kit) (place string, a firstline.Answers) {
	place = rapid.SampledFrom(k.Places).Draw(t, "place").ID
	a.Questions = map[string]firstline.Answer{}
	for _, s := range k.Subjects() {
		v := rapid.SampledFrom(append(slices.Clone(s.Values), "")).Draw(t, s.ID)
		if v != "" {
			a = with(a, s.ID, v)
		}
	}
	return place, a
}

// with returns the answers with one of them changed; "" takes it away.
func with(a firstline.Answers, subject, value string) firstline.Answers {
	a.Questions = maps.Clone(a.Questions)
	switch {
	case subject == "age":
		a.Age = value
	case subject == "beside":
		a.Beside = value
	case value == "":
		delete(a.Questions, subject)
	default:
		a.Questions[subject] = firstline.Answer(value)
	}
	return a
}

func get(a firstline.Answers, subject string) string {
	switch subject {
	case "age":
		return a.Age
	case "beside":
		return a.Beside
	}
	return string(a.Questions[subject])
}

// TestEachAnswerChangesTheStep: the place, the age, who stands beside, and each answer to each question, "not answered" among them.
func TestEachAnswerChangesTheStep(t *testing.T) {
	k := firstlinetest.Shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		place, a := drawn(t, k)
		before := k.Next(place, a)
		if other := rapid.SampledFrom(k.Places).Draw(t, "other place").ID; other != place && reflect.DeepEqual(before, k.Next(other, a)) {
			t.Fatalf("%s and %s lead to the same", place, other)
		}
		for _, s := range k.Subjects() {
			for _, v := range append(slices.Clone(s.Values), "") {
				if v != get(a, s.ID) && reflect.DeepEqual(before, k.Next(place, with(a, s.ID, v))) {
					t.Fatalf("%s: %q and %q lead to the same", s.ID, get(a, s.ID), v)
				}
			}
		}
	})
}

// TestWhatPressesIsNeverLost: a further answer that presses takes no action away but that of the answer which it replaces.
func TestWhatPressesIsNeverLost(t *testing.T) {
	k := firstlinetest.Shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		place, a := drawn(t, k)
		q := rapid.SampledFrom(k.Questions).Draw(t, "question")
		none, yes := k.Next(place, with(a, q.ID, "")), k.Next(place, with(a, q.ID, "yes"))
		for _, u := range firstline.Urgencies {
			for _, id := range none.Actions[u] {
				if !slices.Contains(yes.Actions[u], id) {
					t.Fatalf("%s=yes takes %s away", q.ID, id)
				}
			}
		}
		if len(yes.Actions[q.Urgency]) <= len(none.Actions[q.Urgency]) {
			t.Fatalf("%s=yes adds nothing to what is done %s", q.ID, q.Urgency)
		}
		if len(yes.Actions[firstline.Consult]) == 0 || !slices.Contains(yes.Calls, "national-line") {
			t.Fatal("nobody is left to call")
		}
	})
}

// TestWhatHoldsAtAPlace: splitting a condition at a place says the same as the rule.
func TestWhatHoldsAtAPlace(t *testing.T) {
	k := firstlinetest.Shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		place, a := drawn(t, k)
		x := rapid.SampledFrom(k.Actions).Draw(t, "action")
		always, rest := firstline.At(place, x.When)
		holds := always || slices.ContainsFunc(rest, func(atom firstline.Atom) bool {
			subject, value, _ := strings.Cut(string(atom), "=")
			return get(a, subject) == value
		})
		if got := slices.Contains(k.Next(place, a).Actions[x.Urgency], x.ID); got != holds {
			t.Fatalf("%s at %s: %v, not %v", x.ID, place, holds, got)
		}
	})
}

// TestKitsAreChecked: each fault is named.
func TestKitsAreChecked(t *testing.T) {
	for name, c := range map[string]struct{ file, old, new, want string }{
		"a condition of nothing":    {"kit.yaml", "when: [danger=yes]}", "when: [danger=perhaps]}", `nothing answers "danger=perhaps"`},
		"an answer without a step":  {"kit.yaml", "when: [beside=others]", "when: [always]", "the answer beside=others leads to no action"},
		"an action that never is":   {"kit.yaml", "when: [held=yes]}", "when: []}", "the action held never holds"},
		"two pages at one address":  {"kit.yaml", "code: u9c4", "code: u9b3", `the code "u9b3"`},
		"an urgency of nobody's":    {"kit.yaml", "{id: danger, urgency: now}", "{id: danger, urgency: soon}", `the urgency "soon"`},
		"a name twice":              {"kit.yaml", "{id: ambulance,", "{id: held,", `the action "held" needs a name of its own`},
		"a word that nobody reads":  {"kit.yaml", "\nbeside:", "\nbesides:", "besides"},
		"a text that is missing":    {"pl/aid.yaml", "  call-emergency:", "  call-emergancy:", "the text action.call-emergency is missing"},
		"a question without a text": {"pl/aid.yaml", "  threats: Czy", "  threat: Czy", "the text question.threats is missing"},
	} {
		folder := fstest.MapFS{}
		err := fs.WalkDir(shipped.FS, ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := fs.ReadFile(shipped.FS, p)
			if p == c.file {
				b = []byte(strings.Replace(string(b), c.old, c.new, 1))
			}
			folder[p] = &fstest.MapFile{Data: b}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := firstline.Read(folder, firstlinetest.Noticed(t), time.UTC); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatIsNotTranslatedIsShownInPolish, and said to be.
func TestWhatIsNotTranslatedIsShownInPolish(t *testing.T) {
	k := firstlinetest.Shipped(t)
	own, _ := k.Text(lang.Default, "kit.title")
	if text, in := k.Text("xx", "kit.title"); text != own || in != lang.Default {
		t.Errorf("%q in %s", text, in)
	}
	if text, in := k.Text("en", "kit.title"); text != "First contact" || in != "en" {
		t.Errorf("%q in %s", text, in)
	}
	for _, tag := range []string{"en", "uk", "ru", "ar", "vi"} {
		if missing := k.Missing(tag); len(missing) > 0 {
			t.Errorf("%s has not: %v", tag, missing)
		}
	}
}

// TestEachBoxHasWordsOfItsOwn, so that a tick changes what is said, and nothing else can: the rule does not know of ticks.
func TestEachBoxHasWordsOfItsOwn(t *testing.T) {
	k := firstlinetest.Shipped(t)
	for _, tag := range []string{"pl", "en"} {
		seen := map[string]string{}
		for _, x := range k.Indicators {
			words, in := k.Text(tag, "box."+x.ID)
			if other := seen[words]; other != "" || in != tag || len(words) > 400 {
				t.Errorf("%s: %s says %q as %q, in %s", tag, x.ID, words, other, in)
			}
			seen[words] = x.ID
		}
	}
	for _, p := range k.Places {
		if n := len(k.Indicators.For(p.ID, indicator.Anyone)); n < 10 {
			t.Errorf("%s: only %d things to notice", p.ID, n)
		}
	}
}

// TestNoTextIsLeftOver, and none ends in a language alone.
func TestNoTextIsLeftOver(t *testing.T) {
	k := firstlinetest.Shipped(t)
	known := k.Keys()
	k.Texts(func(tag, key, _ string) {
		if !slices.Contains(known, key) && key != "consent.unchecked" && key != "paper.phrases.pronounce" {
			t.Errorf("%s: nothing shows %s", tag, key)
		}
		if !k.Has(key) {
			t.Errorf("%s: %s has no Polish text to follow", tag, key)
		}
	})
}

// TestTwentySituations: the table in the documentation says what the rule says.
func TestTwentySituations(t *testing.T) {
	b, err := os.ReadFile("../../docs/first-line.md")
	if err != nil {
		t.Fatal(err)
	}
	k, rows, used := firstlinetest.Shipped(t), 0, map[string]bool{}
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != 5 || !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| no.") {
			continue
		}
		rows++
		answers := strings.Fields(cells[2])
		place, a := answers[0], firstline.Answers{Questions: map[string]firstline.Answer{}}
		for _, x := range answers[1:] {
			subject, value, _ := strings.Cut(x, "=")
			a = with(a, subject, value)
		}
		r, at := k.Next(place, a), -1
		all := slices.Concat(r.Actions[firstline.Now], r.Actions[firstline.Today], r.Actions[firstline.Consult])
		for _, id := range strings.Fields(cells[3]) {
			i := slices.Index(all, id)
			if i <= at {
				t.Errorf("%s: %s is not next: %v", cells[0], id, all)
			}
			at = i
		}
		used[place] = true
	}
	if rows != 20 || len(used) != len(k.Places) {
		t.Errorf("%d situations at %d places", rows, len(used))
	}
}
