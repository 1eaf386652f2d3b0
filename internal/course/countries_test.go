package course_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/fact"
	"ostoja/packs"
)

// build loads the shipped course with a shipped pack, and returns it with the pack's facts in its texts, and what was said.
func build(t *testing.T, country string) (c *course.Course, said string) {
	t.Helper()
	pack, err := packs.Open(country)
	if err != nil {
		t.Fatal(err)
	}
	c, faults, err := course.Load(folder.WithPack(os.DirFS("../../courses/border-guard"), pack))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folder.Blocking(faults) {
		t.Errorf("%s: %s", country, f)
	}
	for _, f := range faults {
		said += f.String() + "\n"
	}
	facts, err := fact.ReadPack(pack)
	if err != nil {
		t.Fatal(err)
	}
	return c.Showing(fact.NewBook(facts.Facts, facts.Slots, time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC), time.UTC)), said
}

// shownTexts is what a build shows of lessons, items and scenarios in a language.
func shownTexts(c *course.Course, lang string) map[string]string {
	texts := map[string]string{}
	for _, p := range c.Parts() {
		if l := c.Lesson(p.ID(), lang); l != nil {
			for _, s := range l.Segments {
				texts[p.Key()] += s.HTML
			}
		}
		if s := c.Scenarios[p.ID()]; s != nil {
			texts[p.Key()] += s.Intro[lang] + s.Debrief[lang]
			for _, n := range s.Nodes {
				texts[p.Key()] += n.Text[lang]
				for _, choice := range n.Choices {
					texts[p.Key()] += choice.Text[lang] + choice.Consequence[lang]
				}
			}
		}
	}
	for _, id := range c.ItemIDs() {
		it := c.Item(id)
		texts["item:"+id] = it.Question[lang] + it.Explanation[lang]
		for _, o := range it.Options {
			texts["item:"+id] += " " + o.Text[lang] + " " + o.Feedback[lang]
		}
	}
	return texts
}

// ofPoland is what a build for another country may not say.
var ofPoland = []string{
	"KCIK", "La Strada", "Straż Graniczn", "Polish", "Poland", "PESEL", "MOS ", "PCPR", "OPS", "OIK", "189a", "art. 115", "art. 170", "art. 176", "kurator", "zł", "PLN", "+48",
	"oivod", "116 111", "Dz.U.", "Journal of Laws", "Act on Foreigners", "Penal Code", "Criminal Code", "Białystok", "Warsaw", "Podlas",
}

// The course for border guards is built for two countries without a change to it.
func TestTheCourseIsBuiltForTwoCountries(t *testing.T) {
	if c, _ := build(t, "pl"); len(c.Languages) != 2 {
		t.Errorf("Poland: %v", c.Languages)
	}
	c, said := build(t, "lt")
	if len(c.Languages) != 1 || c.Languages[0] != "en" || len(c.Parts()) == 0 {
		t.Fatalf("Lithuania: %v, %d parts", c.Languages, len(c.Parts()))
	}
	for at, text := range shownTexts(c, "en") {
		for _, word := range ofPoland {
			if strings.Contains(text, word) {
				t.Errorf("%s says %q in the build for Lithuania", at, word)
			}
		}
	}
	for _, lacks := range []string{`no lesson "certificate-and-stay"`, `no block "law-child"`, `no fact "reflection-minor"`} {
		if !strings.Contains(said, lacks) {
			t.Errorf("not named: the pack lt has %s", lacks)
		}
	}
}
