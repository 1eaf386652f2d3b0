package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"ostoja/internal/text"
)

func TestAnswer(t *testing.T) {
	for in, want := range map[string]string{
		"  Zażółć GĘŚLĄ  Jaźń. ": "zazolc gesla jazn", "ВІЙСЬКО": "віисько", "": "", "?!": "",
		"Straße": "strasse", "tak\u200b.": "tak", "(tak).": "(tak)", "e-mail.": "e-mail", "3,5": "3,5",
	} {
		if got := text.Answer(in); got != want {
			t.Errorf("text.Answer(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestOneAnswerInAllSpellings: what keyboards and pasted texts put for one sign is that sign, and what is not seen is nothing.
func TestOneAnswerInAllSpellings(t *testing.T) {
	for _, same := range [][]string{
		{"сім'я", "сімʼя", "сім’я", "сім‘я", "сім`я", "сім´я", "СІМ＇Я", "сім′я", "сімˈя", "сім‚я", "сім\u200b’я", "сі\u2060мʼя", "с\u0456м\u02bcя"},
		{"e-mail", "e‐mail", "e‑mail", "e–mail", "e—mail", "e−mail", "e－mail", "e⁃mail", "e﹣mail", "e-m\u00adail"},
		{`ośrodek "KCIK"`, "ośrodek „KCIK”", "ośrodek «KCIK»", "ośrodek “KCIK”", "ośrodek ″KCIK″", "ośrodek ＂KCIK＂", "ośrodek 〝KCIK〞"},
		{"tak", "tak\u200b", "\ufefftak", "t\u200dak", "tak\u2800", "\u3164tak", "ta\u034fk", "tak\ufe0f", "t\u061cak", "\u202atak\u202c"},
	} {
		for _, other := range same[1:] {
			if text.Answer(other) != text.Answer(same[0]) {
				t.Errorf("%+q is %+q, and %+q is %+q", other, text.Answer(other), same[0], text.Answer(same[0]))
			}
		}
	}
}

// TestWhatIsOneToAReader: spellings of one word meet in every question, words do not.
func TestWhatIsOneToAReader(t *testing.T) {
	for _, same := range [][]string{
		{"O'Brien", "O’Brien", "o‘brien", "OʼBRIEN", "O`Brien", "O´Brien", "O′Brien", "O՚Brien", "Oꞌbrien"},
		{"Мар'яна", "Мар’яна", "Марʼяна", "МАРʹЯНА", "Мар\u02b9яна", "мар`яна"},
		{"Nowak-Kowalska", "Nowak‑Kowalska", "Nowak–Kowalska", "Nowak—Kowalska", "NOWAK−KOWALSKA", "Nowak‐Kowalska", "Nowak‒Kowalska", "Nowak֊Kowalska", "Nowak־Kowalska", "Nowak﹘Kowalska", "Nowak⁃Kowalska", "Nowak˗Kowalska", "No\u00adwak-Kowalska"},
		{`„Orlik”`, `"orlik"`, `«Orlik»`, `“ORLIK”`},
		{"Łódź", "lodz", "LO\u0301DZ\u0301", "ŁÓDŹ\u200b", "Łó\ufeffdź"},
		{"Straße", "STRASSE", "strasse"},
		{"Ærø", "aero"},
		{"dwa  słowa", "dwa\u00a0słowa", " Dwa\tslowa "},
	} {
		for _, other := range same[1:] {
			if text.Search(same[0]) != text.Search(other) {
				t.Errorf("Search: %q is %q, %q is %q", same[0], text.Search(same[0]), other, text.Search(other))
			}
			if text.Answer(same[0]) != text.Answer(other) {
				t.Errorf("Answer: %q is %q, %q is %q", same[0], text.Answer(same[0]), other, text.Answer(other))
			}
		}
	}
	for _, other := range [][2]string{{"Nowak Kowalska", "Nowak-Kowalska"}, {"OBrien", "O'Brien"}, {"1,5", "15"}, {"tak", "tok"}} {
		if text.Search(other[0]) == text.Search(other[1]) || text.Answer(other[0]) == text.Answer(other[1]) {
			t.Errorf("%q and %q are one", other[0], other[1])
		}
	}
	if text.Search("Tak?") == text.Search("Tak") {
		t.Error("Search leaves out punctuation, which is part of an address or number")
	}
}

// oldAnswer is how answers were compared until decision 22.
func oldAnswer(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	s, _, err := transform.String(t, strings.ToLower(s))
	if err != nil {
		return ""
	}
	s = strings.NewReplacer("ł", "l", "–", "-", "—", "-").Replace(s)
	return strings.Trim(strings.Join(strings.Fields(s), " "), " .,;:!?")
}

// written draws texts in which the rules meet: letters with and without marks, their combinations, spaces, punctuation.
func written() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom([]string{"a", "A", "ą", "a\u0328", "Ł", "ł", "l", "ß", "ẞ", "ss", "ø", "Й", "й", "и", "İ", "ı", "ŉ", "ﬁ", "한", "क्", "'", "’", "ʼ", "`", "´", "\u1fef",
				"-", "–", "—", "‑", "„", "”", `"`, " ", "\u00a0", "\t", "\u200b", "\u00ad", "\ufeff", ".", ",", ";", ":", "!", "?", "1", "١", "\x00", "\xff"}),
			rapid.StringN(0, 3, -1)), 0, 12).Draw(t, "parts"), "")
	})
}

// TestAnswersThatWereEqualStayEqual: the new comparison can be reached from the old one, so it tells apart nothing that the old
// one did not.
func TestAnswersThatWereEqualStayEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := written().Draw(t, "answer")
		if got, from := text.Answer(s), text.Answer(oldAnswer(s)); got != from {
			t.Fatalf("%q is %q, and what it was compared by, %q, is %q", s, got, oldAnswer(s), from)
		}
	})
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := written().Draw(t, "text")
		for name, fold := range map[string]func(string) string{"Search": text.Search, "Answer": text.Answer, "Marks": text.Marks} {
			if once := fold(s); fold(once) != once {
				t.Fatalf("%s: %q becomes %q and then %q", name, s, once, fold(once))
			}
		}
	})
}

func TestSortKeyIsThePolishOrder(t *testing.T) {
	want := [][2]string{
		{"Ćwik", "Zofia"}, {"Lis", "Anna"}, {"Łoś", "Adam"}, {"Nowak", "Zofia"}, {"Nowakowska", "Anna"}, {"O’Brien", "Anna"}, {"O'Brien", "Ewa"}, {"Ósmy", "Jan"}, {"Zając", "Ewa"}, {"Źródło", "Ewa"}, {"Żak", "Ewa"},
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b [2]string) int { return strings.Compare(text.SortKey(a[:]...), text.SortKey(b[:]...)) })
	if !slices.Equal(got, want) {
		t.Errorf("sorted: %v", got)
	}
	if text.SortKey("nowak", "a") != text.SortKey("NOWAK", "A") {
		t.Error("case has weight")
	}
}
