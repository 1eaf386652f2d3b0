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
	"ostoja/kit"
	shipped "ostoja/site"
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

// sources hands over each hand-written file of the program that may name a text.
func sources(t *testing.T, use func(path, content string)) {
	t.Helper()
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(p, "_test.go") || strings.HasSuffix(p, "_templ.go") || (filepath.Ext(p) != ".go" && filepath.Ext(p) != ".templ") {
			return err
		}
		content, err := os.ReadFile(p)
		if err == nil {
			use(p, string(content))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryKeyThatTheSourcesNameHasAText(t *testing.T) {
	keys := catalogue(t).Keys("pl")
	readers, err := lang.Load(shipped.FS, time.UTC) // the public site has texts of its own, in more languages
	if err != nil {
		t.Fatal(err)
	}
	firstLine, err := lang.Load(kit.FS, time.UTC) // and so has the kit, whose pages stand on it
	if err != nil {
		t.Fatal(err)
	}
	theirs := append(readers.Keys("pl"), firstLine.Keys("pl")...)
	found := 0
	sources(t, func(p, content string) {
		for _, m := range used.FindAllStringSubmatch(content, -1) {
			found++
			if ofReaders := strings.HasPrefix(p, filepath.Join("..", "site")) && slices.Contains(theirs, m[1]); !ofReaders && !slices.Contains(keys, m[1]) {
				t.Errorf("%s uses %q, which has no text", p, m[1])
			}
		}
	})
	if found < 20 {
		t.Errorf("%d keys were found in the sources", found)
	}
}

// A text that nothing shows is translated for nobody, and may be one whose place shows another by mistake. A key is used if the sources name
// it, or something that it begins with up to a dot or hyphen, to which they add the rest; an error's page adds -text to its key.
func TestEveryTextIsUsed(t *testing.T) {
	literal := regexp.MustCompile(`"([a-z][a-z0-9-]*(?:\.[a-z0-9_-]*)+)"`)
	named, begun := map[string]bool{}, []string{}
	sources(t, func(_, content string) {
		for _, m := range literal.FindAllStringSubmatch(content, -1) {
			named[m[1]] = true
			if strings.HasSuffix(m[1], ".") || strings.HasSuffix(m[1], "-") {
				begun = append(begun, m[1])
			}
		}
	})
	for _, key := range catalogue(t).Keys("pl") {
		if !named[key] && !named[strings.TrimSuffix(key, "-text")] && !slices.ContainsFunc(begun, func(b string) bool { return strings.HasPrefix(key, b) }) {
			t.Errorf("nothing shows the text %s", key)
		}
	}
}

// A link of which several on a page read alike has a name that tells them apart, as key-of beside key. Whoever speaks to a browser says
// what they see, so the name has the visible words in it (WCAG 2.5.3).
func TestNamesHoldTheVisibleWords(t *testing.T) {
	others := map[string]string{
		"list.export-of":                "names XLSX and CSV, which are what is seen",
		"assessment.report.retained-of": "no name of a link: it explains a figure",
	}
	c, found := catalogue(t), 0
	for _, tag := range c.Langs() {
		p := c.Printer(tag)
		for _, key := range c.Keys(tag) {
			seen, is := strings.CutSuffix(key, "-of")
			if !is || others[key] != "" || !slices.Contains(c.Keys(tag), seen) {
				continue
			}
			found++
			if !strings.Contains(strings.ToLower(p.T(key)), strings.ToLower(p.T(seen))) {
				t.Errorf("%s: %q is read, %q is named", key, p.T(seen), p.T(key))
			}
		}
	}
	if found < 4 {
		t.Errorf("only %d names", found)
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
	p := catalogueOf(t, shipped.FS).Printer("ar")
	for n, want := range map[int]string{0: "لا نتائج", 1: "نتيجة واحدة", 2: "نتيجتان", 3: "3 نتائج", 10: "10 نتائج", 11: "11 نتيجة", 100: "100 نتيجة", 103: "103 نتائج"} {
		if got := p.N("search.found", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := p.Float(1.5, 1); got != "1.5" {
		t.Errorf("%q, want 1.5", got)
	}
}

// TestALanguageHasItsOwnNameOrItsTag, since a course may be in one that the program has no name for.
func TestALanguageHasItsOwnNameOrItsTag(t *testing.T) {
	p := catalogue(t).Printer("pl")
	if known, unknown := p.Language("en"), p.Language("tlh"); known != "English" || p.Language("uk") != "Українська" || unknown != "tlh" {
		t.Errorf("%q, %q, %q", known, p.Language("uk"), unknown)
	}
}

// TestPapersAreWhollyInTheirLanguage: each has all texts of the paper with the same placeholders, and none is borrowed from another language.
func TestPapersAreWhollyInTheirLanguage(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	placeholder := regexp.MustCompile(`\{\{\.\w+\}\}`)
	about := map[string]any{"Number": "1", "Date": "2", "Hours": "3", "Of": "4", "Minutes": "5", "Address": "6"}
	tried := 0
	for _, tag := range []string{"uk"} {
		p := c.Paper(tag)
		if p.Tag() != tag || slices.Contains(c.Langs(), tag) {
			t.Fatalf("papers in %s are in %s, the interface in %v", tag, p.Tag(), c.Langs())
		}
		for _, key := range c.Keys("pl") {
			if !strings.HasPrefix(key, "certificate.paper.") {
				continue
			}
			tried++
			got, polish := p.Args(key, about), c.Printer("pl").Args(key, about)
			if strings.HasPrefix(got, "⟦") || got == polish {
				t.Errorf("%s: %q as in Polish", key, got)
			}
			if digits := regexp.MustCompile(`\d`); !slices.Equal(digits.FindAllString(got, -1), digits.FindAllString(polish, -1)) || placeholder.MatchString(got) {
				t.Errorf("%s: %q fills in other things than %q", key, got, polish)
			}
		}
	}
	if tried < 20 {
		t.Errorf("%d texts", tried)
	}
	if got := c.Paper("uk").Date(time.Date(2027, 3, 4, 12, 0, 0, 0, time.UTC)); got != "4\u00a0березня 2027\u00a0р." {
		t.Errorf("a day: %q", got)
	}
	if c.Paper("tlh").Tag() != "pl" || c.Paper("en").Tag() != "en" {
		t.Error("other languages")
	}
	if got := c.Paper("uk").T("certificate.title"); got != "⟦certificate.title⟧" {
		t.Errorf("what is no part of a paper: %q", got)
	}
	if _, err := lang.Load(fstest.MapFS{"pl/a.yaml": {Data: []byte("a: b")}, "papers/uk/a.yaml": {Data: []byte("a: [")}}, time.UTC); err == nil {
		t.Error("a broken file was loaded")
	}
}

func TestMissingKeysAreSeen(t *testing.T) {
	if got := catalogue(t).Printer("pl").T("no.such.key"); got != "⟦no.such.key⟧" {
		t.Errorf("got %q", got)
	}
}

func TestBytesAreShownInTheUnitThatSuits(t *testing.T) {
	t.Parallel()
	p := catalogue(t).Printer("pl")
	for n, want := range map[int64]string{
		0: "0\u00a0B", 1023: "1\u00a0023\u00a0B", 1 << 10: "1\u00a0kB", 64 << 10: "64\u00a0kB", 1<<20 - 1: "1\u00a0024\u00a0kB", 1 << 20: "1\u00a0MB", 5 << 30: "5\u00a0120\u00a0MB",
	} {
		if got := p.Bytes(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestMonthsOfEachLanguage(t *testing.T) {
	t.Parallel()
	c, readers := catalogue(t), catalogueOf(t, shipped.FS)
	pl := "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
	en := "January February March April May June July August September October November December"
	for i := range 12 {
		day := time.Date(2026, time.Month(i+1), 5, 12, 0, 0, 0, time.UTC)
		for tag, names := range map[string]string{"pl": pl, "en": en} {
			if got, want := c.Printer(tag).Date(day), "5\u00a0"+strings.Fields(names)[i]+" 2026"; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
	late := time.Date(2026, 11, 28, 23, 30, 0, 0, time.UTC) // the 29th in Warsaw
	if got := readers.Printer("ar").Date(late); got != "2026-11-29" {
		t.Errorf("a language without names of months: %q", got)
	}
	p := c.Printer("pl")
	if got := p.ShortDate(late); got != "2026-11-29" {
		t.Errorf("ShortDate: %q", got)
	}
	if got := p.Clock(late); got != "00:30" {
		t.Errorf("Clock: %q", got)
	}
	if p.ShortDate(time.Time{}) != "" || p.DateTime(time.Time{}) != "" || p.Zone().String() != "Europe/Warsaw" {
		t.Error("the zero time is shown, or the zone is another")
	}
}

func TestDirectionOfWriting(t *testing.T) {
	t.Parallel()
	c := catalogueOf(t, shipped.FS)
	for _, tag := range c.Langs() {
		want := "ltr"
		if tag == "ar" {
			want = "rtl"
		}
		if got := c.Printer(tag).Dir(); got != want || c.Printer(tag).Tag() != tag || !c.Has(tag) {
			t.Errorf("%s is written %s", tag, got)
		}
	}
	for _, tag := range []string{"fa", "he", "ur", "ps", "uk", "yi"} {
		texts, err := lang.Load(fstest.MapFS{tag + "/a.yaml": {Data: []byte("x: \"y\"\n")}}, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		if got := texts.Printer(tag).Dir(); (got == "rtl") != slices.Contains([]string{"fa", "he", "ur", "ps"}, tag) || lang.Dir(tag) != got {
			t.Errorf("%s is written %s, and %s where there are no texts in it", tag, got, lang.Dir(tag))
		}
	}
}

func TestTextsOfAContext(t *testing.T) {
	t.Parallel()
	c, err := lang.Load(fstest.MapFS{
		"en/a.yaml": {Data: []byte("hello: \"Hello\"\nname: \"Hello, {{.Name}}\"\npeople:\n  one: \"{{.Count}} person of {{.Unit}}\"\n  other: \"{{.Count}} people of {{.Unit}}\"\n")},
		"pl/a.yaml": {Data: []byte("hello: \"Cześć\"\n")},
		"de/a.yaml": {Data: []byte("hello: \"Hallo\"\n")},
	}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.Langs(), " "); got != "pl de en" { // the default first, then by their tags
		t.Errorf("languages %s", got)
	}
	ctx := lang.With(t.Context(), c.Printer("en"))
	for got, want := range map[string]string{
		lang.T(ctx, "hello"): "Hello", lang.T(ctx, "name", "Name", "Żaneta"): "Hello, Żaneta", lang.T(ctx, "name"): "Hello, <no value>",
		lang.N(ctx, "people", 1, "Unit", "A"): "1 person of A", lang.N(ctx, "people", 2000, "Unit", "A"): "2,000 people of A",
		lang.N(ctx, "persons", 2): "⟦persons⟧", c.Printer("xx").T("hello"): "Cześć", lang.From(ctx).Args("name", map[string]any{"Name": "x"}): "Hello, x",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if p := c.Printer("en"); !p.Has("hello") || p.Has("bye") || c.Has("xx") {
		t.Error("what there is a text for is not what was loaded")
	}
	defer func() {
		if recover() == nil {
			t.Error("a page was shown in no language")
		}
	}()
	lang.From(t.Context())
}

func TestTextsThatCannotBeRight(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ files, says string }{
		"none":           {"", "no texts"},
		"no YAML":        {"pl/a.yaml=\tx: [", "pl/a.yaml"},
		"a key twice":    {"pl/a.yaml=x: \"1\"|pl/b.yaml=x: \"2\"", "x is there twice"},
		"beside folders": {"a.yaml=x: \"1\"", "no texts"},
	} {
		fsys := fstest.MapFS{}
		for f := range strings.SplitSeq(c.files, "|") {
			if name, content, ok := strings.Cut(f, "="); ok {
				fsys[name] = &fstest.MapFile{Data: []byte(content)}
			}
		}
		if _, err := lang.Load(fsys, time.UTC); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The same key in two languages is what there should be.
	if _, err := lang.Load(fstest.MapFS{"pl/a.yaml": {Data: []byte("x: \"1\"")}, "en/a.yaml": {Data: []byte("x: \"2\"")}}, time.UTC); err != nil {
		t.Error(err)
	}
}

func TestNumbersThatAreNotWhole(t *testing.T) {
	texts, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for tag, list := range map[string]map[float64]string{
		"pl": {1: "1 godzina", 1.5: "1,5 godziny", 2: "2 godziny", 2.25: "2,25 godziny", 5: "5 godzin", 12: "12 godzin", 1.1: "1,1 godziny", 22: "22 godziny", 0.5: "0,5 godziny", 1.999: "2 godziny"},
		"en": {1: "1 hour", 1.5: "1.5 hours", 2: "2 hours", 1.1: "1.1 hours", 0.5: "0.5 hours"},
	} {
		for x, want := range list {
			if got := texts.Printer(tag).Of("learning.courses.hours", x); got != want {
				t.Errorf("%s %v: %q, want %q", tag, x, got, want)
			}
		}
	}
	if got := texts.Printer("pl").Of("no.such-key", 1.5); got != "⟦no.such-key⟧" {
		t.Errorf("%q", got)
	}
}

// Days are stored without an hour: they are the same day in every zone, also west of Greenwich.
func TestStoredDays(t *testing.T) {
	for _, name := range []string{"Europe/Warsaw", "America/New_York", "Pacific/Kiritimati", "UTC"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := lang.Load(translations.FS, zone)
		if err != nil {
			t.Fatal(err)
		}
		p := texts.Printer("en")
		if got := p.DateOf("2026-11-30"); got != p.Date(time.Date(2026, 11, 30, 12, 0, 0, 0, zone)) || !strings.Contains(got, "30") {
			t.Errorf("%s: %s", name, got)
		}
		for _, none := range []string{"", "x", "2026-13-01", "30.11.2026"} {
			if got := p.DateOf(none); got != none || !p.StoredDay(none).IsZero() {
				t.Errorf("%q is %q", none, got)
			}
		}
	}
}

// Languages are named in the reader's, and by their tag where they have no name there.
func TestNamesOfLanguages(t *testing.T) {
	c := catalogue(t)
	for tag, want := range map[string]string{"pl": "polski, ukraiński, wietnamski, qqq", "en": "Polish, Ukrainian, Vietnamese, qqq"} {
		if got := c.Printer(tag).LanguageNames([]string{"pl", "uk", "vi", "qqq"}); got != want {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
	if got := c.Printer("pl").LanguageNames(nil); got != "" {
		t.Errorf("%q", got)
	}
}
