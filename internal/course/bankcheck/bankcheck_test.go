package bankcheck

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// written is an item as a test makes it up: the first option is right, with as many as right says, unless key names another.
type written struct {
	use, typ, question string
	options            []string
	right              []int
	level              int
	more               string // further keys
}

// yaml writes the item; English says the same as Polish.
func (w written) yaml(id, objective string) string {
	var b strings.Builder
	both := func(s string) string { return fmt.Sprintf("{pl: %q, en: %q}", s, s) }
	fmt.Fprintf(&b, "- {id: %s, use: %s, objective: %s, level: %d, type: %s, question: %s, explanation: %s, ", id, w.use, objective, max(1, w.level), w.typ, both(w.question), both("x"))
	switch item.Type(w.typ) {
	case item.Order:
		b.WriteString("steps: [")
		for i, o := range w.options {
			fmt.Fprintf(&b, "{id: s%d, text: %s}, ", i, both(o))
		}
		b.WriteString("]")
	case item.Number:
		b.WriteString("answer: 3")
	default:
		b.WriteString("options: [")
		for i, o := range w.options {
			fmt.Fprintf(&b, "{id: o%d, text: %s, feedback: %s, correct: %v}, ", i, both(o), both("x"), slices.Contains(w.right, i))
		}
		b.WriteString("]")
	}
	return b.String() + w.more + "}\n"
}

// courseOf loads a course with a bank of items for the test, of one objective, and a lesson with a key point.
func courseOf(t testing.TB, keyPoint string, files map[string]string, items ...written) *course.Course {
	t.Helper()
	fsys := fstest.MapFS{}
	add := func(name, text string) { fsys[name] = &fstest.MapFile{Data: []byte(text)} }
	add("course.yaml", `format: 1
id: small
version: "1"
languages: [pl, en]
title: {pl: a, en: a}
summary: {pl: a, en: a}
audience: {pl: a, en: a}
hours: 1
objectives: [{id: o, topic: law, text: {pl: a, en: a}}]
modules: [{id: m, title: {pl: a, en: a}, parts: [{lesson: l}]}]
test: final
completion: {lessons: all, scenarios: none, checks: none, test: pass}
`)
	for _, lang := range []string{"pl", "en"} {
		add("modules/m/l."+lang+".md", "---\ntitle: a\nminutes: 1\nobjectives: [o]\n---\n:::key id=point\n"+keyPoint+"\n:::\n")
	}
	add("tests/final.yaml", "id: final\ntitle: {pl: a, en: a}\npass: 75\nattempts: 3\ndraw: [{objective: o, count: 1}]\n")
	var bank strings.Builder
	for i, w := range items {
		bank.WriteString(w.yaml(fmt.Sprintf("i%d", i), "o"))
	}
	add("items/all.yaml", bank.String())
	for name, text := range files {
		add(name, text)
	}
	c, faults, err := course.Load(fsys)
	if err != nil || len(c.ItemIDs()) != len(items) {
		t.Fatalf("%v %v", err, faults)
	}
	return c
}

// figure returns the figure of a bank and language whose name begins so.
func figure(t testing.TB, r Report, bank, lang, name string) statistic {
	t.Helper()
	for _, f := range r.figures {
		if f.Bank == bank && f.Lang == lang && strings.HasPrefix(f.Name, name) {
			return f
		}
	}
	t.Fatalf("no figure %q of %s in %q among %+v", name, bank, lang, r.figures)
	return statistic{}
}

// TestTheBankOfNovemberFails: the bank that was shipped until November 2026 is passed by who takes the longest choice, ticks all, and
// matches by common sense: the review counted 42 % at once and 80 % within three attempts.
func TestTheBankOfNovemberFails(t *testing.T) {
	c, _, err := course.Load(os.DirFS("testdata/november"))
	if err != nil || len(c.ItemIDs()) != 137 {
		t.Fatalf("%d items, %v", len(c.ItemIDs()), err)
	}
	r := Check(c)
	for _, want := range []struct{ bank, lang, name, got string }{
		{"test", "pl", "the longest choice is right", "24.5 of 29 (84 %)"},
		{"test", "en", "the longest choice is right", "25.5 of 29 (88 %)"},
		{"check", "pl", "the longest choice is right", "17 of 18 (94 %)"},
		{"scenario", "pl", "the longest choice is right", "9 of 9 (100 %)"},
		{"scenario", "pl", "a good end comes to whoever takes the longest choice each time", "4 of 4 (100 %)"},
		{"scenario", "en", "a good end comes to whoever takes the longest choice each time", "4 of 4 (100 %)"},
		{"scenario", "", "a good end comes to whoever takes the first choice each time", "1 of 4 (25 %)"},
		{"test", "", "the choice written at place 2 is right", "17 of 29 (59 %)"},
		{"test", "", "mean mark of ticking all", "4.667 of 8 (58 %)"},
		{"test", "", "multiple items with fewer", "7 of 8"},
		{"test", "pl", "absolute words in wrong choices only", "8 of 37 (22 %)"},
		{"test", "", "items of the objective children", "6, 1 of them applied"},
		{"test", "pl", "naive candidate (longest choice): passes in 3 attempts; at once 42.6 %", "1633 of 2000 (82 %)"},
		{"test", "en", "naive candidate (longest choice): passes in 3 attempts; at once 56.0 %", "1847 of 2000 (92 %)"},
		{"test", "pl", "guesser by the surface of 29 items", "+60.8 points"},
		{"competence", "pl", "pairs of questions of two forms", "10 of 768"},
		{"competence", "pl", "pairs of items of two forms with the same key", "3 of 768"},
	} {
		if f := figure(t, r, want.bank, want.lang, want.name); f.Got != want.got || !f.fails() {
			t.Errorf("%+v", f)
		}
	}
	var again, first strings.Builder
	if err := Check(c).Print(&again); err != nil {
		t.Fatal(err)
	}
	if err := r.Print(&first); err != nil || first.String() != again.String() {
		t.Errorf("%v; not the same figures again:\n%s\n%s", err, first.String(), again.String())
	}
	if !strings.Contains(first.String(), "test (pl)\n  the longest choice is right ") {
		t.Errorf("printed:\n%s", first.String())
	}
}

// many returns the same item n times, changed by change.
func many(n int, w written, change func(i int, w *written)) []written {
	list := make([]written, n)
	for i := range list {
		list[i] = w
		list[i].options = slices.Clone(w.options)
		if change != nil {
			change(i, &list[i])
		}
	}
	return list
}

var single = written{use: "test", typ: "single", question: "Co teraz?", options: []string{"abc abc", "abd abd", "abe abe", "abf abf"}, right: []int{0}}

// TestEachGate: each figure fails from its bound on, and not before.
func TestEachGate(t *testing.T) {
	key := func(to string) func(w *written) { return func(w *written) { w.options[w.right[0]] = to } }
	other := func(to string) func(w *written) { return func(w *written) { w.options[(w.right[0]+1)%4] = to } }
	multiple := written{use: "test", typ: "multiple", question: "Co?", options: []string{"a", "b", "c", "d"}, right: []int{0, 1}}
	right := func(places ...int) func(w *written) { return func(w *written) { w.right = places } }
	for _, c := range []struct {
		name, lang string
		n, low, at int // of n items so many hold, and so many fail
		w          written
		change     func(w *written)
	}{
		{"the longest choice is right", "pl", 10, 2, 3, single, key("abc abc abc")},
		{"the longest choice is right", "en", 20, 4, 5, single, key("a longer one")},
		{"the shortest choice is right", "pl", 10, 2, 3, single, key("ab")},
		{"the hedged choice is right", "pl", 10, 4, 10, single, key("może ab")},
		{"the hedged choice is right", "en", 10, 4, 10, single, key("may abc")},
		{"the choice with most words of the question is right", "pl", 10, 4, 10, written{use: "test", typ: "single", question: "Gdzie jest paszport?", options: single.options, right: single.right}, key("paszportu")},
		{"absolute words in wrong choices only", "pl", 10, 1, 2, single, other("na pewno")},
		{"absolute words in wrong choices only", "en", 10, 1, 2, single, other("only ab")},
		{"\"all of the above\" and its kin", "pl", 10, 0, 1, single, other("Wszystkie powyższe")},
		{"\"all of the above\" and its kin", "en", 10, 0, 1, single, other("None of the above.")},
		{"mean mark of ticking all", "", 4, 1, 2, multiple, right(0, 1, 2)},
		{"multiple items with fewer than a third", "", 4, 0, 1, multiple, right(0)},
		{"the choice written at place 1 is right", "", 10, 0, 4, single, right(0)},
		{"the choice written at place 4 is right", "", 10, 1, 4, single, right(3)},
	} {
		for _, hit := range []int{c.low, c.at} {
			items := many(c.n, c.w, func(i int, w *written) {
				if c.w.typ == "single" {
					w.right = []int{i % 4}
				}
				if i < hit {
					c.change(w)
				}
			})
			f := figure(t, check(courseOf(t, "x", nil, items...), 20), "test", c.lang, c.name)
			if want := hit == c.at; f.fails() != want {
				t.Errorf("%d of %d: %+v", hit, c.n, f)
			}
		}
	}
}

// A single hedging word is judged where it stands in enough questions, and not told of where it does not.
func TestASingleHedgeIsJudged(t *testing.T) {
	const name = `the choice with "moze" is right` // as it is folded
	for _, n := range []int{7, 8} {
		items := many(10, single, func(i int, w *written) {
			if w.right = []int{i % 4}; i < n {
				w.options[i%4] = "może ab"
			}
		})
		r := check(courseOf(t, "x", nil, items...), 20)
		told := slices.ContainsFunc(r.figures, func(f statistic) bool { return f.Name == name && f.Lang == "pl" && f.fails() })
		if told != (n == 8) {
			t.Errorf("in %d questions: told %v", n, told)
		}
	}
}

// A share of seven items is told and not judged, and so is a rule that says something of seven alone.
func TestFewItemsAreNotJudged(t *testing.T) {
	long := func(_ int, w *written) { w.options[0] = "abc abc abc abc" }
	if f := figure(t, check(courseOf(t, "x", nil, many(7, single, long)...), 20), "test", "pl", "the longest choice"); f.Verdict != tooFew || f.Got != "7 of 7 (100 %)" {
		t.Errorf("%+v", f)
	}
	if f := figure(t, check(courseOf(t, "x", nil, many(8, single, long)...), 20), "test", "pl", "the longest choice"); !f.fails() {
		t.Errorf("%+v", f)
	}
	two := written{use: "test", typ: "single", question: "Co?", options: []string{"abc abc", "a"}, right: []int{0}} // chance is a half
	if f := figure(t, check(courseOf(t, "x", nil, many(20, two, nil)...), 20), "test", "pl", "the longest choice"); f.fails() || f.Got != "0 of 0" {
		t.Errorf("%+v", f)
	}
}

// TestObjectives: twelve items, half of them applied, and those on trial do not count.
func TestObjectives(t *testing.T) {
	for _, c := range []struct {
		n, applied, trial int
		fails             bool
	}{{12, 6, 0, false}, {12, 5, 0, true}, {11, 11, 0, true}, {13, 6, 0, true}, {13, 6, 1, false}, {12, 6, 1, true}} {
		items := many(c.n, single, func(i int, w *written) {
			if w.level = 1; i >= c.n-c.applied {
				w.level = 3 + i%2
			}
			if i < c.trial {
				w.more = ", pilot: true"
			}
		})
		if f := figure(t, check(courseOf(t, "x", nil, items...), 20), "test", "", "items of the objective o"); f.fails() != c.fails {
			t.Errorf("%+v: %+v", c, f)
		}
	}
}

// TestNotesOfSingleItems: who writes sees which item it is about, at its line.
func TestNotesOfSingleItems(t *testing.T) {
	items := many(2, single, func(i int, w *written) {
		if i == 1 {
			w.options[2] = "jedna odpowiedź znacznie dłuższa od innych"
		}
	})
	r := check(courseOf(t, "x", nil, items...), 20)
	var said []string
	for _, n := range r.Notes {
		said = append(said, n.String())
	}
	if all := strings.Join(said, "\n"); !strings.Contains(all, "items/all.yaml:2: warning: i1 (pl): the longest choice has 42 characters and the shortest 7") || strings.Contains(all, "i0 (pl)") {
		t.Errorf("%s", all)
	}
	alone := written{use: "test", typ: "single", question: "Kto trzyma dokumenty?", options: []string{"osoba bez dokumentów", "nikt z nich", "ktoś inny"}, right: []int{0}}
	if f := figure(t, check(courseOf(t, "x", nil, alone), 20), "test", "pl", "the key alone repeats"); len(f.Items) != 1 || f.Items[0] != "i0(dokumentow)" {
		t.Errorf("%+v", f)
	}
}

// TestParallelForms finds questions and keys that a later form repeats.
func TestParallelForms(t *testing.T) {
	forms := map[string]string{"forms/know.yaml": "id: know\ntitle: {pl: a, en: a}\nforms:\n  - {name: A, items: [i0, i1, i2, i3, i4]}\n  - {name: B, items: [i5, i6, i7, i8, i9]}\n"}
	words := strings.Fields("kozły leśny pociąg rzeka zupełnie morze góra wiatr śnieg ogień")
	items := many(10, written{use: "competence", typ: "single", right: []int{0}}, func(i int, w *written) {
		word := words[i]
		w.question, w.options = word+" "+word+" co?", []string{word + " tak", "może " + word, "ani " + word}
	})
	test := func(change func()) Report {
		change()
		return check(courseOf(t, "x", forms, items...), 20)
	}
	for _, c := range []struct {
		change      func()
		stems, keys int
	}{
		{func() {}, 0, 0},
		{func() { items[6].question = items[2].question + " I gdzie?" }, 1, 0},
		{func() { items[9].options[0] = items[1].options[0] }, 1, 1},
		{func() { items[3].question = items[2].question }, 2, 1}, // on one form, but both are like the one of the other
	} {
		r := test(c.change)
		if f := figure(t, r, "know", "pl", "pairs of questions"); len(f.Items) != c.stems || f.fails() != (c.stems > 0) {
			t.Errorf("%+v", f)
		}
		if f := figure(t, r, "know", "pl", "pairs of items"); len(f.Items) != c.keys || f.fails() != (c.keys > 0) {
			t.Errorf("%+v", f)
		}
	}
}

// TestItemsAgainstTheirKeyPoints finds what speaks against the sentence that it repeats.
func TestItemsAgainstTheirKeyPoints(t *testing.T) {
	const point = "Zgoda dziecka na wykorzystanie niczego nie zmienia. Granica wieku to 18 lat życia dziecka."
	for _, c := range []struct {
		typ, key, wrong string
		against         bool
	}{
		{"single", "zgoda dziecka na wykorzystanie zmienia ocenę", "coś innego", true},
		{"single", "zgoda dziecka na wykorzystanie nie zmienia oceny", "coś innego", false},
		{"single", "coś innego", "zgoda dziecka na wykorzystanie niczego nie zmienia", true},
		{"single", "granica wieku to 18 lat życia", "coś innego", false},
		{"single", "granica wieku to 16 lat życia", "coś innego", true},
		{"single", "coś zupełnie innego", "nic z tych rzeczy", false},
		{"number", "", "", true},
	} {
		w := written{use: "test", typ: c.typ, question: "Co?", options: []string{c.key, c.wrong, "zzz"}, right: []int{0}, more: ", rests_on: [point]"}
		if f := figure(t, check(courseOf(t, point, nil, w), 20), "rests_on", "pl", "items that contradict"); f.fails() != c.against {
			t.Errorf("%+v: %+v", c, f)
		}
	}
}

// wellMade makes up a bank of eight objectives as ITEMS asks for: choices of like length, keys anywhere, half of the options of
// multiple items right. Its chance comes from r.
func wellMade(t testing.TB, r *rand.Rand) *course.Course {
	t.Helper()
	word := func() string {
		return []string{"woda", "kubek", "telefon", "okno", "lampa", "pokój", "rower", "zegar", "chleb", "książka", "ulica", "drzwi"}[r.IntN(12)]
	}
	phrase := func() string {
		var w []string
		for range 6 {
			w = append(w, word())
		}
		return strings.Join(w, " ")
	}
	var items []written
	for i := range 96 {
		w := written{use: "test", typ: "single", question: phrase() + "?", level: 1 + i%4}
		n := 3 + r.IntN(2)
		switch i % 12 {
		case 0, 1:
			w.typ, n = "multiple", 4
			w.right = r.Perm(4)[:2]
		case 2:
			w.typ, n = "order", 4
		default:
			w.right = []int{r.IntN(n)}
		}
		for range n {
			w.options = append(w.options, phrase())
		}
		items = append(items, w)
	}
	return courseOf(t, "x", map[string]string{"tests/final.yaml": "id: final\ntitle: {pl: a, en: a}\npass: 75\nattempts: 3\ndraw: [{objective: o, count: 24, applied: 12}]\n"}, items...)
}

func TestWhoKnowsNothingFailsAWellMadeBank(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := wellMade(t, rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1)))
		for _, o := range simulate(c, c.Test(), "pl", 100) {
			if n := o.within(); n > 2 {
				rt.Errorf("%s: %d of 100 pass", o.way, n)
			}
		}
	})
}

// TestTheGuesserLearnsAPatternAndNoNoise: of banks without any pattern it learns nothing, on the average; of one with a pattern, all.
func TestTheGuesserLearnsAPatternAndNoNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	bank := func(n int, key func(choices [][]float64) int) []example {
		list := make([]example, n)
		for i := range list {
			for range 4 {
				x := make([]float64, len(features))
				for j := range x {
					x[j] = r.Float64()
				}
				list[i].choices = append(list[i].choices, x)
			}
			list[i].key = key(list[i].choices)
		}
		return list
	}
	sum := 0.0
	const banks = 30
	for range banks {
		above, _ := guessed(bank(80, func([][]float64) int { return r.IntN(4) }))
		sum += above / banks
	}
	if sum > 0.03 || sum < -0.05 {
		t.Errorf("of noise it learns %.3f", sum)
	}
	longest := func(choices [][]float64) int {
		best := 0
		for i, c := range choices {
			if c[0] > choices[best][0] {
				best = i
			}
		}
		return best
	}
	above, weights := guessed(bank(80, longest))
	if above < 0.6 || !strings.HasPrefix(strongest(weights), "length (+") {
		t.Errorf("of a pattern it learns %.3f, by %s", above, strongest(weights))
	}
}

func TestTwoThirdsOfAnOrderAreKnown(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := 3; n <= item.MostParts; n++ {
		it := &item.Item{ID: "o", Type: item.Order}
		for i := range n {
			it.Steps = append(it.Steps, item.Option{ID: fmt.Sprint("s", i)})
		}
		sum := 0.0
		for range 2000 {
			a := ordered(it, r)
			if len(slices.Compact(slices.Sorted(slices.Values(a.Chosen)))) != n {
				t.Fatalf("%v", a.Chosen)
			}
			sum += it.Score(a) / 2000
		}
		if sum < 0.65 || sum > 0.68 {
			t.Errorf("of %d steps: %.3f", n, sum)
		}
	}
}

func TestWordsAreFoundInAllTheirForms(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"dokument", "dokumentow", true}, {"praca", "pracy", true}, {"child", "children", true}, {"kontrola", "kontakt", false}, {"dom", "domu", false}, {"dom", "dom", true}} {
		if sameWord(c.a, c.b) != c.want {
			t.Errorf("%s and %s", c.a, c.b)
		}
	}
	if got := plain("**To** jest [[werbunek|werbunku]] i [link](https://a.b) `x`"); got != "To jest werbunku i link x" {
		t.Errorf("%q", got)
	}
	if a := alike("Kto trzyma paszport?", "Paszport trzyma kto"); a < 0.7 {
		t.Errorf("in another order: %.2f", a)
	}
	if a := alike("Kto trzyma paszport?", "Gdzie śpi dziecko?"); a > 0.3 {
		t.Errorf("of other things: %.2f", a)
	}
	if alike("", "x") != 0 {
		t.Error("nothing is like something")
	}
}

// TestTheShippedBanksHold: who knows nothing gains nothing in the test, the checks, the competence forms and the scenarios of the
// shipped courses, that for border guards in either country.
func TestTheShippedBanksHold(t *testing.T) {
	for _, build := range []struct{ course, pack string }{{"border-guard", "pl"}, {"border-guard", "lt"}, {"guardian", "pl"}} {
		c, faults, err := course.Load(folder.WithPack(os.DirFS("../../../courses/"+build.course), os.DirFS("../../../packs/"+build.pack)))
		if err != nil || len(folder.Blocking(faults)) > 0 {
			t.Fatal(faults, err)
		}
		r := Check(c)
		seen := map[string]bool{}
		for _, f := range r.figures {
			seen[f.Bank] = true
		}
		for _, f := range folder.Blocking(r.Notes) {
			t.Errorf("%v: %s", build, f)
		}
		if !seen["test"] || !seen["competence form C"] || !seen["scenario"] {
			t.Errorf("%v: banks: %v", build, seen)
		}
	}
}

// Length is of what is read, in characters and without space around it.
func TestLengthIsOfWhatIsRead(t *testing.T) {
	it := &item.Item{Type: item.Single, Options: []item.Option{
		{Text: text.Translated{"pl": "abc", "en": "abc"}}, {Text: text.Translated{"pl": " zażó ", "en": "ab"}, Correct: true}, {Text: text.Translated{"pl": "ab", "en": "a"}},
	}}
	longest := func(lang string) bool {
		q := inWords(it, lang)
		return !slices.ContainsFunc(q.choices, func(c choice) bool { return c.long > q.choices[q.key].long })
	}
	if !longest("pl") || longest("en") {
		t.Error("the right answer is the longest in Polish, of 4 characters, and not in English")
	}
	if it.Options[0].Text["pl"] = "abcd"; !longest("pl") {
		t.Error("one as long as another is not exceeded")
	}
}
