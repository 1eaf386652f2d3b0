package search

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestSiteFileKnowsTheSitesLanguages(t *testing.T) {
	b, err := os.ReadFile("../../site/site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var site struct{ Languages []string }
	if err := yaml.Unmarshal(b, &site); err != nil || len(site.Languages) < 6 {
		t.Fatalf("languages of the site: %v, %v", site.Languages, err)
	}
	s := siteSynonyms(t)
	if len(s.groups) < 40 {
		t.Errorf("%d groups, want 40", len(s.groups))
	}
	whole := 0
	for _, g := range s.groups {
		missing := slices.DeleteFunc(slices.Clone(site.Languages), func(tag string) bool { return len(g.words[tag]) > 0 })
		if len(missing) == 0 {
			whole++
		} else {
			t.Logf("%s: no words in %v", g.id, missing)
		}
	}
	if whole < 45 {
		t.Errorf("%d groups with words in all languages, want 45", whole)
	}
	for _, tag := range site.Languages {
		l := s.languages[tag]
		switch {
		case l == nil:
			t.Errorf("%s: nothing is known", tag)
		case len(l.stop) < 20:
			t.Errorf("%s: %d stop words, want 20", tag, len(l.stop))
		case tag != "vi" && !l.inflected():
			t.Errorf("%s: no endings", tag)
		case (tag == "uk" || tag == "ru") && len(l.roman) < 3:
			t.Errorf("%s: %d romanisations, want 3", tag, len(l.roman))
		}
	}
}

// TestSiteGroupsStandOnTheirOwn: a phrase whose words are all stop words would never be looked for.
func TestSiteGroupsStandOnTheirOwn(t *testing.T) {
	s := siteSynonyms(t)
	for _, g := range s.groups {
		for tag, texts := range g.words {
			for _, text := range texts {
				if !slices.ContainsFunc(split(text, mostPhrase), func(w word) bool { return !s.language(tag).stops(w) }) {
					t.Errorf("%s, %s: %q has stop words alone", g.id, tag, text)
				}
			}
		}
	}
}

func TestRomanisationsKnowEachLetter(t *testing.T) {
	for tag, letters := range map[string]string{"uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"} {
		for i, r := range siteSynonyms(t).language(tag).roman {
			if got := r.Replace(letters); !isLatin(got) {
				t.Errorf("%s, way %d: %q", tag, i+1, got)
			}
		}
	}
}

func TestLoad(t *testing.T) {
	s, err := Load(strings.NewReader(`
languages:
  pl:
    stop: [i, się]
    endings: [ami, ce>k/c, ów>/ow]
    forms:
      dziecko: [dzieci, dziecko]
  ru:
    enclitics: [ся]
    beginnings: [по]
    roman:
      - {ж: zh, ь: ""}
groups:
  boss:
    pl: [szef]
    ru: [начальник]
`))
	if err != nil {
		t.Fatal(err)
	}
	pl, ru := s.language("pl"), s.language("ru")
	if !pl.stop["sie"] || pl.longest != 3 || !slices.Equal(pl.endings["ce"], []string{"k", "c"}) || !slices.Equal(pl.endings["ow"], []string{"", "ow"}) {
		t.Errorf("pl: %+v", pl)
	}
	if !slices.Equal(pl.forms["dzieci"], []string{"dziecko"}) || pl.forms["dziecko"] != nil {
		t.Errorf("forms: %v", pl.forms)
	}
	if got := ru.latin("жь"); !slices.Equal(got, []string{"zh"}) || ru.latin("рожь") != nil {
		t.Errorf("romanised: %q", got)
	}
	if len(s.groups) != 1 || s.groups[0].id != "boss" || len(ru.phrases) != 1 {
		t.Errorf("groups: %+v", s.groups)
	}
	if s, err := Load(strings.NewReader("languages:\n  pl: {}\n")); err != nil || len(s.groups) != 0 {
		t.Errorf("without groups: %+v, %v", s, err)
	}
}

func TestLoadNamesFaultsWithTheirLines(t *testing.T) {
	const pl = "languages:\n  pl: {}\n"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", []string{"line 1: languages are missing"}},
		{"comments alone", "# nothing\n", []string{"languages are missing"}},
		{"no mapping", "- pl\n", []string{"line 1: names with values", "line 1: languages are missing"}},
		{"no languages", "groups: {}\n", []string{"line 1: languages are missing"}},
		{"no YAML", "languages:\n  pl: [\n", []string{"yaml: line "}},
		{"two documents", pl + "---\n" + pl, []string{"more than one document"}},
		{"another part", pl + "words: {}\n", []string{`line 3: "words" is neither`}},
		{"a part twice", pl + "languages: {}\n", []string{`line 3: "languages" is there twice`}},
		{"languages as a list", "languages: [pl]\n", []string{"line 1: names with values"}},
		{"no tag", "languages:\n  PL: {}\n", []string{`line 2: "PL" is no tag`}},
		{"a list as a name", "languages:\n  ? [a]\n  : {}\n", []string{"line 2: ", "is no name"}},
		{"another kind", "languages:\n  pl:\n    stems: [a]\n", []string{`line 3: "stems" is none of`}},
		{"stop words as a text", "languages:\n  pl:\n    stop: i\n", []string{"line 3: a list is expected"}},
		{"a stop word of two", "languages:\n  pl:\n    stop:\n      - i\n      - bez ciebie\n", []string{`line 5: "bez ciebie" is no single word`}},
		{"a stop word twice", "languages:\n  pl:\n    stop: [i, i]\n", []string{`line 3: "i" is there twice`}},
		{"an empty stop word", "languages:\n  pl:\n    stop: [\"\"]\n", []string{"line 3: a word is expected"}},
		{"null as a stop word", "languages:\n  pl:\n    stop: [null]\n", []string{"line 3: a word is expected"}},
		{"a mapping as a stop word", "languages:\n  pl:\n    stop: [{a: b}]\n", []string{"line 3: a word is expected"}},
		{"no ending", "languages:\n  pl:\n    endings: [\">k\"]\n", []string{`line 3: "" is no single word`}},
		{"a replacement of two words", "languages:\n  pl:\n    endings: [\"ce>k c\"]\n", []string{`line 3: "k c" is no single word`}},
		{"an enclitic of two words", "languages:\n  ru:\n    enclitics: [с я]\n", []string{"line 3: "}},
		{"a beginning of two words", "languages:\n  ar:\n    beginnings: [\"ال و\"]\n", []string{"line 3: "}},
		{"forms as a list", "languages:\n  pl:\n    forms: [dzieci]\n", []string{"line 3: names with values"}},
		{"forms as a text", "languages:\n  pl:\n    forms:\n      dziecko: dzieci\n", []string{"line 4: a list is expected"}},
		{"a form of two words", "languages:\n  pl:\n    forms:\n      dziecko: [te dzieci]\n", []string{`line 4: "te dzieci" is no single word`}},
		{"forms of two words", "languages:\n  pl:\n    forms:\n      to dziecko: [dzieci]\n", []string{`line 4: "to dziecko" is no single word`}},
		{"romanisations as a mapping", "languages:\n  ru:\n    roman: {ж: zh}\n", []string{"line 3: a list is expected"}},
		{"two letters romanised", "languages:\n  ru:\n    roman:\n      - {жж: zh}\n", []string{"line 4: a letter with Latin letters"}},
		{"romanised in Cyrillic", "languages:\n  ru:\n    roman:\n      - {ж: ш}\n", []string{"line 4: a letter with Latin letters"}},
		{"groups as a list", pl + "groups: [a]\n", []string{"line 3: names with values"}},
		{"a group's name", pl + "groups:\n  Boss:\n    pl: [szef, boss]\n", []string{`line 4: "Boss" is no name of a group`}},
		{"a group twice", pl + "groups:\n  a: {pl: [b, c]}\n  a: {pl: [d, e]}\n", []string{`line 5: "a" is there twice`}},
		{"a group of one word", pl + "groups:\n  a: {pl: [b]}\n", []string{`line 4: the group "a" has fewer than two words`}},
		{"a group's language", pl + "groups:\n  a: {pl: [b, c], de: [d]}\n", []string{`line 4: the language "de" is none`}},
		{"a word without letters", pl + "groups:\n  a: {pl: [b, c, \"--\"]}\n", []string{`line 4: "--" has no word`}},
		{"a phrase without an end", pl + "groups:\n  a: {pl: [b, c, a b c d e f g h i]}\n", []string{"line 4: ", "more than 8"}},
		{"several", "languages:\n  pl:\n    stop: [a, a]\n    x: []\ngroups:\n  a: {}\n", []string{"line 3: ", "line 4: ", "line 6: "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Load(strings.NewReader(c.text))
			if err == nil || s != nil {
				t.Fatalf("%+v, %v", s, err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q, want %q", err, want)
				}
			}
		})
	}
}

// broken is a file that cannot be read.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, fs.ErrClosed }

func TestLoadRefusesWhatItCannotRead(t *testing.T) {
	if _, err := Load(broken{}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("a broken file: %v", err)
	}
	if _, err := Load(strings.NewReader("languages: {}\n#" + strings.Repeat("x", mostFile))); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a file without an end: %v", err)
	}
}
