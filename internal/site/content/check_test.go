package content

import (
	"strings"
	"testing"

	"ostoja/internal/clock"
	"ostoja/internal/fact"
	"ostoja/internal/lang"
	shipped "ostoja/site"
)

// TestWhatLooksLikeAPhone: digits that somebody might dial are found however they are written, and others are left alone.
func TestWhatLooksLikeAPhone(t *testing.T) {
	for _, s := range []string{
		"22 628 01 20", "22/628/01/20", "22–628–01–20", "22\u00a0628\u202f01 20", "+48226280120", "(22) 628-01-20", "22\u200b628\u200b01\u200b20", "nr 226280120", "nr 112", "poz. 226280120",
		"٢٢ ٦٢٨ ٠١ ٢٠", "dzwoń 112!", "116 111", "116–111", "6262-80-12",
	} {
		if !looksLikePhone(s) {
			t.Errorf("%q passes", s)
		}
	}
	for _, s := range []string{
		"", "art. 115 § 22", "Dz.U. 2024 poz. 1802", "2026-11-23", "dyrektywa 2011/36/UE", "w latach 2024–2026", "nr 1234", "90 dni", "art. 112", "rozporządzenie 604/2013",
	} {
		if looksLikePhone(s) {
			t.Errorf("%q is refused", s)
		}
	}
}

func testKnows() References {
	return References{Facts: map[string]*Fact{"line": {ID: "line"}}, Articles: map[string]bool{"work": true}, Revealing: func(string) string { return "" }}
}

// TestNumbersInEveryGuise: what a reader would see as a number is refused, wherever it stands in a text, with its line.
func TestNumbersInEveryGuise(t *testing.T) {
	for name, c := range map[string]struct {
		body, key string
		line      int
	}{
		"emphasis":        {"Dzwoń\n\n22 **628** 01 20", faultDigits, 3},
		"a line break":    {"Dzwoń 22 628\n01 20", faultDigits, 1},
		"the second line": {"Dzwoń\n22 628 01 20", faultDigits, 2},
		"entities":        {"22&#32;628&nbsp;01&#x20;20", faultDigits, 1},
		"escapes":         {`22\-628\-01\-20`, faultDigits, 1},
		"code":            {"`22 628 01 20`", faultDigits, 1},
		"a link's words":  {"[22 628 01 20](article:work)", faultDigits, 1},
		"a heading":       {"## 22 628 01 20", faultDigits, 1},
		"a table":         {"| a | b |\n|---|---|\n| x | 22 628 01 20 |", faultDigits, 3},
		"a block":         {"Tekst.\n\n:::key\nDzwoń\n22 628 01 20\n:::", faultDigits, 5},
		"a label":         {":::reveal label=\"22 628 01 20\"\nx\n:::", faultDigits, 1},
		"a term":          {":::definition term=\"112\"\nx\n:::", faultDigits, 1},
		"a source":        {":::law source=\"tel. 22 628 01 20\" checked=2026-11-23\nx\n:::", faultDigits, 1},
		"indented code":   {"x\n\n    22 628 01 20", "site.fault.code", 3},
		"fenced code":     {"```\n22 628 01 20\n```", "site.fault.code", 2},
		"an address":      {"a\n<https://example.org/x>", "site.fault.autolink", 1},
		"a call":          {"<tel:+48226280120>", "site.fault.autolink", 1},
		"mail":            {"<a@b.example>", "site.fault.autolink", 1},
		"a link's title":  {`[x](https://example.org "22 628 01 20")`, "site.fault.link-title", 1},
		"a fact in links": {"a\n\n[dzwoń {line}](article:work)", "site.fault.fact-in-link", 3},
		"an unknown fact": {"a\n\n{lime}", "site.fault.no-fact", 3},
	} {
		found := false
		faults := checkBody(c.body, testKnows())
		for _, f := range faults {
			found = found || f.Key == c.key && f.Args["Line"] == c.line
		}
		if !found {
			t.Errorf("%s: no %s on line %d: %v", name, c.key, c.line, faults)
		}
	}
	if faults := checkBody("Zadzwoń: {line}.\n\n[Praca](article:work), *art. 115*, `a`.\n\n:::law source=\"Dz.U. 2024 poz. 1802\" checked=2026-11-23\nx\n:::", testKnows()); len(faults) > 0 {
		t.Errorf("a sound text is refused: %v", faults)
	}
}

type noLinks struct{}

func (noLinks) Article(id string) string { return "/pl/" + id }
func (noLinks) Page(name string) string  { return "/pl/" + name }

// TestFactsAreNoMarkup: a fact is put in its place in the text's tree, so that it never breaks an attribute nor nests links.
func TestFactsAreNoMarkup(t *testing.T) {
	r := rendering(t)
	for source, want := range map[string]string{
		"Dzwoń: {national-line}.":            `<p>Dzwoń: <a class="tel" href="tel:+48226280120"><bdi dir="ltr">+48&nbsp;22&nbsp;628&nbsp;01&nbsp;20</bdi></a>.</p>`,
		"[teraz {national-line}](page:help)": `<p><a href="/pl/help">teraz +48&nbsp;22&nbsp;628&nbsp;01&nbsp;20</a></p>`,
		`[x](page:help "{national-line}")`:   `<p><a href="/pl/help" title="{national-line}">x</a></p>`,
		"`{national-line}`":                  `<p><code>{national-line}</code></p>`,
		"{nothing}":                          `<p>{nothing}</p>`,
	} {
		if got := r.HTML(source); got != want {
			t.Errorf("%q:\n%s\n%s", source, got, want)
		}
	}
}

// TestAStaleCriticalBlockKeepsBothNumbers: what stands instead of an old translation names the emergency number too.
func TestAStaleCriticalBlockKeepsBothNumbers(t *testing.T) {
	r := rendering(t)
	r.Stale = true
	got := r.HTML(":::critical\nStary tekst.\n:::")
	for _, want := range []string{"Alarm: ", "tel:112", "Linia: ", "tel:+48226280120"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing: %s", want, got)
		}
	}
	if strings.Contains(got, "Stary") {
		t.Errorf("the old text stands: %s", got)
	}
}

// A day ends with an abbreviation in Polish, Russian and Ukrainian, whose stop ends the sentence as well.
func TestASentenceEndsWithOneStop(t *testing.T) {
	r := rendering(t)
	r.Snapshot.Facts["until"] = &Fact{ID: "until", Kind: fact.Term, Value: map[string]string{"pl": "4 marca 2027 r."}}
	for source, want := range map[string]string{
		"Do: {until}. Potem nie.": "<p>Do: 4 marca 2027 r. Potem nie.</p>", "Do: {until}.": "<p>Do: 4 marca 2027 r.</p>",
		"Do {until}, potem nie.": "<p>Do 4 marca 2027 r., potem nie.</p>", "Do **{until}**.": "<p>Do <strong>4 marca 2027 r.</strong></p>",
	} {
		if got := r.prose(source); got != want {
			t.Errorf("%s: %s", source, got)
		}
	}
}

func rendering(t *testing.T) *Rendering {
	t.Helper()
	zone := clock.System{}.Now().Location()
	c, err := lang.Load(shipped.FS, zone)
	if err != nil {
		t.Fatal(err)
	}
	return &Rendering{Printer: c.Printer("pl"), Links: noLinks{}, Snapshot: &Snapshot{Zone: zone, Facts: map[string]*Fact{
		fact.NationalLine: {ID: fact.NationalLine, Kind: fact.Phone, Value: map[string]string{fact.AnyLang: "+48 22 628 01 20"}, Label: map[string]string{"pl": "Linia"}},
		fact.Emergency:    {ID: fact.Emergency, Kind: fact.Phone, Value: map[string]string{fact.AnyLang: "112"}, Label: map[string]string{"pl": "Alarm"}},
	}}}
}
