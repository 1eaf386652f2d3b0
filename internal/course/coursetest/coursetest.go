// Package coursetest holds the small course and the small country of the tests of courses.
package coursetest

import (
	"embed"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/fact"
)

//go:embed all:testdata/good
var testdata embed.FS

// Good returns a small course without faults as files in memory, which a test may change.
func Good(t testing.TB) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	root, err := fs.Sub(testdata, "testdata/good")
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(root, name)
		m[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// With returns the folder with old replaced by new in a file, once. An empty old makes the file anew, an empty name of a
// file in new takes it away.
func With(t testing.TB, m fstest.MapFS, file, old, replacement string) fstest.MapFS {
	t.Helper()
	out := maps.Clone(m)
	if old == "" {
		out[file] = &fstest.MapFile{Data: []byte(replacement)}
		return out
	}
	before := string(m[file].Data)
	if !strings.Contains(before, old) {
		t.Fatalf("%s does not contain %q", file, old)
	}
	out[file] = &fstest.MapFile{Data: []byte(strings.Replace(before, old, replacement, 1))}
	return out
}

// Country is a small pack.
func Country(t testing.TB, change ...string) fstest.MapFS {
	t.Helper()
	text := map[string]string{
		"pack.yaml": "id: aa\ncountry: AA\nlanguages: [pl, en]\ntitle: {pl: \"Kraj\", en: \"Land\"}\nslots: {helpline-phone: line}\n",
		"facts.yaml": `
- {id: line, kind: phone, value: {any: "+48 22 628 01 20"}, source: "S", note: "zadzwonić", checked: 2026-11-20, by: A, valid_until: 2027-02-20, grace_days: 30}
- {id: period, kind: term, value: {pl: "3 miesiące", en: "3 months"}, forms: {gen: {pl: "3 miesięcy"}}, source: S, checked: 2026-11-01, by: A, valid_until: 2027-05-01, grace_days: 10, confirm: true}
- {id: web, kind: web, value: {any: "https://example.org/x"}, source: S, checked: 2026-11-20, by: A}
`,
		"institutions.yaml":           "- {id: court, role: court, name: {pl: \"sąd\", en: \"court\"}, forms: {loc: {pl: \"sądzie\"}}, source: S, checked: \"2026-11-20\", by: A}\n",
		"glossary.yaml":               "- {id: kurator, term: {pl: kurator, en: representative}, text: {pl: \"Ma {period}.\", en: \"Has {period}.\"}}\n",
		"blocks/stay.pl.md":           "Pobyt trwa {period}.\n\n:::key\nDzwoń: {helpline-phone}.\n:::\n",
		"blocks/stay.en.md":           "The stay is {period}.\n\n:::key\nCall {helpline-phone}.\n:::\n",
		"modules/law/permit.pl.md":    "---\ntitle: Zezwolenie\nminutes: 5\nobjectives: [support]\n---\n\nTekst.\n",
		"modules/law/permit.en.md":    "---\ntitle: Permit\nminutes: 5\nobjectives: [support]\n---\n\nText.\n",
		"items/law.yaml":              "- {id: aa-1, use: test, objective: support, level: 1, type: number, question: {pl: \"Ile?\", en: \"How many?\"}, answer: 3, explanation: {pl: \"Zobacz {court|loc}.\", en: \"See {court}.\"}}\n",
		"items/other.yaml":            "- {id: aa-2, use: test, objective: elsewhere, level: 1, type: number, question: {pl: a, en: b}, answer: 3, explanation: {pl: a, en: b}}\n",
		"blocks/of-another-course.md": "x",
	}
	for i := 0; i+2 < len(change); i += 3 {
		text[change[i]] = strings.ReplaceAll(text[change[i]], change[i+1], change[i+2])
	}
	m := fstest.MapFS{}
	for name, s := range text {
		if s != "" {
			m[name] = &fstest.MapFile{Data: []byte(s)}
		}
	}
	return m
}

// Naming is the good course, with slots and pieces of the pack.
func Naming(t testing.TB) fstest.MapFS {
	t.Helper()
	m := Good(t)
	for _, lang := range []string{"pl", "en"} {
		file := "modules/law/support." + lang + ".md"
		m[file] = &fstest.MapFile{Data: append(slices.Clone(m[file].Data), []byte(`
In {court|loc} within {period|gen}, [see {web}](https://example.org/). Also {web}. [[kurator]]

:::pack block="stay"
:::

:::pack block="none"
:::
`)...)}
	}
	return With(t, m, "course.yaml", "      - scenario: coach", "      - {lesson: permit, from: pack}\n      - {lesson: gone, from: pack}\n      - scenario: coach")
}

// Book returns the facts of a pack on a day, as 2026-11-28.
func Book(t testing.TB, pack fstest.MapFS, day string) *fact.Book {
	t.Helper()
	p, err := fact.ReadPack(pack)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return fact.NewBook(p.Facts, p.Slots, at, time.UTC)
}

// InClass returns a small classroom programme without faults, which has no lessons.
func InClass(t testing.TB) fstest.MapFS {
	t.Helper()
	good, m := Good(t), fstest.MapFS{}
	for _, file := range []string{"glossary.yaml", "items/competence.yaml", "forms/knowing.yaml"} {
		m[file] = good[file]
	}
	head, _, _ := strings.Cut(string(good["course.yaml"].Data), "modules:")
	head = strings.NewReplacer("id: small-course", "id: small-training", "hours: 1.5\n", "").Replace(head)
	for file, text := range map[string]string{
		"course.yaml": head,
		"programme.yaml": `format: 1
minutes_per_hour: 45
hours: {theory: 1, exercise: 1}
group: {least: 8, most: 20}
materials: [{pl: "Rzutnik", en: "A projector"}]
card: card
cases: {least: 1, false_alarms: 1}
days:
  - sessions:
      - id: morning
        title: {pl: "Przed południem", en: "Morning"}
        from: "9:00"
        until: "11:00"
        blocks:
          - {id: opening, start: "9:00", minutes: 45, kind: theory, title: {pl: "Otwarcie", en: "Opening"}, objectives: [definition], indicators: [documents-held]}
          - {id: pause, start: "9:45", minutes: 10, kind: break, title: {pl: "Przerwa", en: "Break"}}
          - {id: work, start: "9:55", minutes: 45, kind: exercise, title: {pl: "Praca", en: "Work"}, who: {pl: "Dwie osoby", en: "Two people"}, materials: {pl: "Karty", en: "Cards"}, objectives: [support], handouts: [card], cases: [alarm]}
          - {id: test, start: "10:40", minutes: 20, kind: test, title: {pl: "Test", en: "Test"}}
`,
		"programme/guide/opening.pl.md": "## 15 min: Powitanie\n\nPowiedz, o kogo chodzi w [[werbunek|werbunku]].\n\n## 30 min: Rozmowa\n\n:::key\nSłuchaj.\n:::\n",
		"programme/guide/opening.en.md": "## 15 min: Welcome\n\nSay whom [[werbunek|recruitment]] is about.\n\n## 30 min: Talk\n\n:::key\nListen.\n:::\n",
		"programme/guide/work.pl.md":    "## 45 min: Praca w parach\n\nRozdaj karty.\n",
		"programme/guide/work.en.md":    "## 45 min: Work in pairs\n\nHand out the cards.\n",
		"programme/guide/test.pl.md":    "## 20 min: W ciszy\n\nRozdaj koperty.\n",
		"programme/guide/test.en.md":    "## 20 min: In silence\n\nHand out the envelopes.\n",
		"programme/slides.pl.md":        "## opening: Witamy\n\nDzień dobry.\n\n## work: Zadanie\n\n- w parach\n",
		"programme/slides.en.md":        "## opening: Welcome\n\nGood morning.\n\n## work: Task\n\n- in pairs\n",
		"programme/handouts/card.pl.md": "---\ntitle: Karta\n---\n\n| Kto | Telefon |\n|---|---|\n| | |\n",
		"programme/handouts/card.en.md": "---\ntitle: Card\n---\n\n| Who | Phone |\n|---|---|\n| | |\n",
		"programme/cases/alarm.pl.md":   "---\ntitle: Alarm\nobjectives: [support]\nindicators: [crowded-accommodation]\nfalse_alarm: true\n---\n\nOsiem osób w mieszkaniu.\n",
		"programme/cases/alarm.en.md":   "---\ntitle: Alarm\nobjectives: [support]\nindicators: [crowded-accommodation]\nfalse_alarm: true\n---\n\nEight people in a flat.\n",
		"programme/answers/alarm.pl.md": "---\ntitle: \"Klucz: alarm\"\n---\n\nNic się nie dzieje.\n",
		"programme/answers/alarm.en.md": "---\ntitle: \"Key: alarm\"\n---\n\nNothing is going on.\n",
	} {
		m[file] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}
