package lang_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/lang"
	content "ostoja/site"
	"ostoja/translations"
)

func catalogue(t *testing.T) *lang.Catalogue { return catalogueOf(t, translations.FS) }

func catalogueOf(t *testing.T, texts fs.FS) *lang.Catalogue {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	c, err := lang.Load(texts, zone)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNoTextIsMissingInALanguage(t *testing.T) {
	c := catalogue(t)
	if !slices.Equal(c.Langs(), []string{"pl", "en"}) {
		t.Errorf("languages %v", c.Langs())
	}
	for _, tag := range c.Langs() {
		for _, other := range c.Langs() {
			for _, key := range c.Keys(other) {
				if !slices.Contains(c.Keys(tag), key) {
					t.Errorf("%s is in %s and missing in %s", key, other, tag)
				}
			}
		}
	}
}

// used finds the keys that the sources name: T(ctx, "a.b"), p.T("a.b"), N(…), Add("field", "a.b"), errs.Invalid("a.b").
var used = regexp.MustCompile(`(?:\bT|\bN|\.Args|Say|SayN|Invalid|NotFound|Forbidden|Conflict|Gone|\.Add)\((?:ctx, |r\.Context\(\), |w, |"[a-z_.-]+", )?"([a-z][a-z0-9-]*(?:\.[a-z0-9_-]*[a-z0-9_])+)"`)

func TestEveryKeyThatTheSourcesNameHasAText(t *testing.T) {
	keys := catalogue(t).Keys("pl")
	readers, err := lang.Load(content.FS, time.UTC) // the public site has texts of its own, in more languages
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	err = filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(p, "_test.go") || strings.HasSuffix(p, "_templ.go") || (filepath.Ext(p) != ".go" && filepath.Ext(p) != ".templ") {
			return err
		}
		content, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		for _, m := range used.FindAllStringSubmatch(string(content), -1) {
			found++
			if ofReaders := strings.HasPrefix(p, filepath.Join("..", "site")) && slices.Contains(readers.Keys("pl"), m[1]); !ofReaders && !slices.Contains(keys, m[1]) {
				t.Errorf("%s uses %q, which has no text", p, m[1])
			}
		}
		return nil
	})
	if err != nil || found < 20 {
		t.Errorf("%d keys were found in the sources, %v", found, err)
	}
}

func TestPluralsOfBothLanguages(t *testing.T) {
	c, err := lang.Load(fstest.MapFS{
		"pl/a.yaml": {Data: []byte("people:\n  one: \"{{.Count}} osoba\"\n  few: \"{{.Count}} osoby\"\n  many: \"{{.Count}} osób\"\n  other: \"{{.Count}} osoby\"\n")},
		"en/a.yaml": {Data: []byte("people:\n  one: \"{{.Count}} person\"\n  other: \"{{.Count}} people\"\n")},
	}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int][2]string{
		0: {"0 osób", "0 people"}, 1: {"1 osoba", "1 person"}, 2: {"2 osoby", "2 people"}, 5: {"5 osób", "5 people"}, 12: {"12 osób", "12 people"},
		21: {"21 osób", "21 people"}, 22: {"22 osoby", "22 people"}, 112: {"112 osób", "112 people"}, 15000: {"15\u00a0000 osób", "15,000 people"},
	} {
		for i, tag := range []string{"pl", "en"} {
			if got := c.Printer(tag).N("people", n); got != want[i] {
				t.Errorf("%s %d: %q, want %q", tag, n, got, want[i])
			}
		}
	}
}

func TestDatesAreShownInTheZone(t *testing.T) {
	c := catalogue(t)
	for at, want := range map[string][2]string{
		"2026-10-23T07:00:00Z": {"23\u00a0października 2026, 09:00", "23\u00a0October 2026, 09:00"}, // docs/evidence.md: summer time
		"2026-10-26T08:00:00Z": {"26\u00a0października 2026, 09:00", "26\u00a0October 2026, 09:00"}, // and winter time
		"2026-12-31T23:30:00Z": {"1\u00a0stycznia 2027, 00:30", "1\u00a0January 2027, 00:30"},
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		for i, tag := range []string{"pl", "en"} {
			if got := c.Printer(tag).DateTime(moment); got != want[i] {
				t.Errorf("%s: %q, want %q", at, got, want[i])
			}
		}
	}
	if c.Printer("pl").Date(time.Time{}) != "" {
		t.Error("the zero time is shown")
	}
}

func TestTheBestLanguageIsChosen(t *testing.T) {
	c := catalogue(t)
	for header, want := range map[string]string{"": "pl", "en-GB,en;q=0.8": "en", "pl-PL": "pl", "de-DE": "pl", "uk,en;q=0.5": "en", "*": "pl", "x;;;": "pl"} {
		if got := c.Match(header); got != want {
			t.Errorf("%q gives %s, want %s", header, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	c := catalogue(t)
	for got, want := range map[string]string{
		c.Printer("pl").Percent(77.77, 1): "77,8\u00a0%", c.Printer("en").Percent(77.77, 1): "77.8%", c.Printer("pl").Int(1234567): "1\u00a0234\u00a0567",
		c.Printer("en").Bytes(10 << 20): "10\u00a0MB", c.Printer("pl").Float(1.5, 1): "1,5",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Arabic has six forms, and its digits are those of the phone numbers, dates and amounts beside them.
func TestPluralsAndDigitsOfArabic(t *testing.T) {
	p := catalogueOf(t, content.FS).Printer("ar")
	for n, want := range map[int]string{0: "لا نتائج", 1: "نتيجة واحدة", 2: "نتيجتان", 3: "3 نتائج", 10: "10 نتائج", 11: "11 نتيجة", 100: "100 نتيجة", 103: "103 نتائج"} {
		if got := p.N("search.found", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := p.Float(1.5, 1); got != "1.5" {
		t.Errorf("%q, want 1.5", got)
	}
}

func TestMissingKeysAreSeen(t *testing.T) {
	if got := catalogue(t).Printer("pl").T("no.such.key"); got != "⟦no.such.key⟧" {
		t.Errorf("got %q", got)
	}
}
