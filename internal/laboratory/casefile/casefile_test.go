package casefile_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ostoja/internal/course/folder"
	"ostoja/internal/laboratory/casefile"
	"ostoja/laboratory"
)

func all(string) bool { return true }

// What comes with the program has no fault and no warning, and teaches both ways.
func TestTheCasesThatCome(t *testing.T) {
	cases, faults := casefile.Load(laboratory.FS, all)
	for _, f := range faults {
		t.Error(f)
	}
	kinds := map[casefile.Kind]int{}
	for _, c := range cases {
		kinds[c.Kind]++
	}
	if len(cases) < 8 || kinds[casefile.FalseAlarm] < 3 || kinds[casefile.NoGoodOption] < 2 || kinds[casefile.Trafficking] < 2 {
		t.Errorf("%d cases: %v", len(cases), kinds)
	}
}

// good is a case without a fault, in the least that a case may hold.
const good = `id: bus
title: {pl: Autobus, en: The bus}
roles: [police]
kind: false-alarm
indicators: [isolation]
minutes: 30
intro: {pl: Wstęp., en: Intro.}
steps:
- id: one
  comes: call
  title: {pl: Telefon, en: Call}
  text: {pl: Dzwoni., en: It rings.}
  decisions:
  - {id: a, text: {pl: Tak., en: Yes.}, follows: {pl: Cisza., en: Silence.}, counts: sound, why: {pl: Bo., en: Since.}}
  - {id: b, text: {pl: Nie., en: No.}, follows: {pl: Cisza., en: Silence.}, counts: alarm, why: {pl: Bo., en: Since.}}
- id: two
  comes: document
  title: {pl: Telefon, en: Call}
  text: {pl: Dzwoni., en: It rings.}
  decisions:
  - {id: a, text: {pl: Tak., en: Yes.}, follows: {pl: Cisza., en: Silence.}, counts: open, why: {pl: Bo., en: Since.}}
  - {id: b, text: {pl: Nie., en: No.}, follows: {pl: Cisza., en: Silence.}, counts: missed, why: {pl: Bo., en: Since.}}
- id: three
  comes: statement
  title: {pl: Telefon, en: Call}
  text: {pl: Dzwoni., en: It rings.}
  decisions:
  - {id: a, text: {pl: Tak., en: Yes.}, follows: {pl: Cisza., en: Silence.}, counts: open, why: {pl: Bo., en: Since.}}
  - {id: b, text: {pl: Nie., en: No.}, follows: {pl: Cisza., en: Silence.}, counts: sound, why: {pl: Bo., en: Since.}}
debrief: {pl: Koniec., en: The end.}
sources: ["K"]
`

func load(text string) ([]casefile.Case, []folder.Fault) {
	return casefile.Load(fstest.MapFS{"bus.yaml": {Data: []byte(text)}}, func(id string) bool { return id == "isolation" || id == "travel" })
}

func TestACaseIsReadWhole(t *testing.T) {
	cases, faults := load(good)
	if len(faults) != 0 || len(cases) != 1 {
		t.Fatalf("%d cases, %v", len(cases), faults)
	}
	c := cases[0]
	d, ok := c.Steps[0].Decision("b")
	if c.ID != "bus" || c.Kind != casefile.FalseAlarm || c.Minutes != 30 || c.Title["en"] != "The bus" || !ok || d.Counts != casefile.Alarm || d.Why["pl"] != "Bo." || d.Follows["en"] != "Silence." || !slices.Equal(c.Indicators, []string{"isolation"}) {
		t.Errorf("%+v", c)
	}
	if _, ok := c.Steps[0].Decision("c"); ok || c.Steps[0].Could(casefile.Missed) || !c.Steps[0].Could(casefile.Alarm) {
		t.Error("a step has what it has not")
	}
}

// Each fault is told at its line.
func TestFaultsOfACase(t *testing.T) {
	replaced := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	long := strings.Repeat("x", 81)
	for name, x := range map[string]struct {
		text, want string
	}{
		"unknown key":          {good + "score: 3\n", `bus.yaml:32: unknown key "score"`},
		"no id":                {replaced("id: bus\n", ""), `"id" is missing`},
		"another name":         {replaced("id: bus\n", "id: tram\n"), `bus.yaml:1: the file of the case "tram" is called tram.yaml`},
		"one language":         {replaced("{pl: Wstęp., en: Intro.}", "{pl: Wstęp.}"), `bus.yaml:7: "en" is missing`},
		"another language":     {replaced("{pl: Wstęp., en: Intro.}", "{pl: W., en: I., de: E.}"), `bus.yaml:7: unknown key "de"`},
		"empty":                {replaced("{pl: Wstęp., en: Intro.}", `{pl: "", en: Intro.}`), `bus.yaml:7: the text is empty`},
		"too long":             {replaced("en: The bus", "en: "+long), `bus.yaml:2: the text has 81 characters; there may be 80`},
		"a phone number":       {replaced("pl: Dzwoni.", "pl: Dzwoni 601 234 567."), `bus.yaml:12: this looks like something private (phone)`},
		"no such role":         {replaced("[police]", "[polise]"), `"polise" is not one of`},
		"a role twice":         {replaced("[police]", "[police, police]"), `bus.yaml:3: the role "police" is named twice`},
		"for nobody":           {replaced("[police]", "[]"), `bus.yaml:3: a case is for somebody's work`},
		"no such kind":         {replaced("kind: false-alarm", "kind: alarm"), `bus.yaml:4: "alarm" is not one of`},
		"no alarm":             {replaced("counts: alarm", "counts: open"), `bus.yaml:4: in a false alarm nobody could raise one`},
		"nothing to miss":      {strings.Replace(replaced("kind: false-alarm", "kind: case"), "counts: missed", "counts: open", 1), `bus.yaml:4: in this case nobody could miss anything`},
		"good options":         {strings.Replace(replaced("kind: false-alarm", "kind: no-good-option"), "counts: open", "counts: sound", 2), `bus.yaml:4: there is a good option in every step`},
		"all wrong":            {replaced("counts: open", "counts: missed"), `bus.yaml:16: all decisions of the step "two" are wrong`},
		"no such indicator":    {replaced("[isolation]", "[loneliness]"), `bus.yaml:5: there is no indicator "loneliness"`},
		"an indicator twice":   {replaced("[isolation]", "[isolation, isolation]"), `bus.yaml:5: the indicator "isolation" is named twice`},
		"no source":            {replaced(`["K"]`, `[]`), `bus.yaml:31: a case needs a source`},
		"too short":            {replaced("minutes: 30", "minutes: 3"), `bus.yaml:6: 3 is not between 10 and 120`},
		"comes as nothing":     {replaced("comes: call", "comes: mail"), `bus.yaml:10: "mail" is not one of`},
		"a step twice":         {replaced("id: two", "id: one"), `bus.yaml:16: the step "one" is there twice`},
		"two steps":            {good[:strings.Index(good, "- id: three")] + good[strings.Index(good, "debrief:"):], `there are 2 steps; there should be 3 to 5`},
		"letters out of order": {replaced("{id: b, text", "{id: c, text"), `bus.yaml:15: here should be "b"`},
		"one decision":         {replaced("  - {id: b, text: {pl: Nie., en: No.}, follows: {pl: Cisza., en: Silence.}, counts: missed, why: {pl: Bo., en: Since.}}\n", ""), `there are 1 decisions; there should be 2 to 4`},
		"counts as nothing":    {replaced("counts: missed", "counts: wrong"), `bus.yaml:22: "wrong" is not one of`},
		"no why":               {replaced(", why: {pl: Bo., en: Since.}", ""), `bus.yaml:14: "why" is missing`},
		"the longest":          {replaced("en: Yes.", "en: Yes since everybody who thinks of it knows."), `warning: in en the longest decision has 43 characters and the shortest 3`},
		"no YAML":              {"id: [", "this is not YAML"},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := load(x.text)
			if len(faults) == 0 || !slices.ContainsFunc(faults, func(f folder.Fault) bool { return strings.Contains(f.String(), x.want) }) {
				t.Errorf("%v\nwant %s", faults, x.want)
			}
		})
	}
	if _, faults := casefile.Load(fstest.MapFS{}, all); len(faults) != 1 {
		t.Errorf("an empty folder: %v", faults)
	}
}

// Whatever somebody writes, the loader tells faults and does not fall.
func FuzzCase(f *testing.F) {
	f.Add(good)
	f.Add(strings.Replace(good, "steps:", "stepz:", 1))
	f.Fuzz(func(t *testing.T, text string) {
		cases, faults := load(text)
		if len(faults) > 0 {
			return
		}
		for _, c := range cases {
			if n := len(c.Steps); n < 3 || n > 5 || c.Title["pl"] == "" || c.Title["en"] == "" {
				t.Errorf("no fault in %+v", c)
			}
		}
	})
}
