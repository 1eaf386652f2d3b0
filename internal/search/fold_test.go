package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"lodz", "Łódź", "ŁÓDŹ", "Łódź"},
		{"zażółć gęślą jaźń", "ZAZOLC GESLA JAZN"},
		{"nguoi", "người", "NGƯỜI", "người"},
		{"dong", "đồng", "Đông"},
		{"все", "всё", "ВСЁ"},
		{"їжа", "іжа", "ЇЖА"},
		{"ґанок", "ганок"},
		{"є", "е"},
		{"сім'я", "сімʼя", "сім’я", "сім`я", "сім´я", "сімя"},
		{"мiсто", "місто"}, // a Latin i within
		{"شُرْطَة", "شرطة", "شرطه", "شـرطة"},
		{"مُحَـمَّد", "محمد", "محـَمد"}, // a sign on the bar that only widens the word
		{"دَيْن", "دين"},
		{"أجر", "اجر", "إجر", "آجر"},
		{"على", "علي"},
		{"سئل", "سيل"},
		{"straße", "STRASSE"},
		{"١١٢", "112", "１１２", "۱۱۲"},
		{"ﬁrma", "firma"},
		{"ŉ", "n"},
	} {
		for _, other := range same[1:] {
			if fold(same[0]) != fold(other) {
				t.Errorf("%q is %q, %q is %q", same[0], fold(same[0]), other, fold(other))
			}
		}
	}
	for _, other := range [][2]string{{"мій", "міи"}, {"лист", "лыст"}, {"किताब", "कतब"}, {"dom", "dым"}, {"قلب", "كلب"}} {
		if fold(other[0]) == fold(other[1]) {
			t.Errorf("%q and %q are one", other[0], other[1])
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // written words
	}{
		{"", ""},
		{" \n-–!? ", ""},
		{"Szef zabrał paszport!", "szef zabrał paszport"},
		{"п'ять пʼять ’слово’", "пять пять слово"},
		{"boss's don't", "bosss dont"},
		{"e-mail, 22-628/01 a.b", "e mail 22 628 01 a b"},
		{"(umowa) „o pracę”", "umowa o pracę"},
		{"عقد، عمل؟", "عقد عمل"},
		{"رقم ١١٢", "رقم 112"},
		{"a\xffb", "a b"},
		{"\u0301x", "x"},
		{"so\u00ADft", "soft"},
	} {
		var got []string
		for _, w := range split(c.text, 100) {
			got = append(got, w.written)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	if got := split(strings.Repeat("word ", 10), 3); len(got) != 3 {
		t.Errorf("%d words, want 3", len(got))
	}
	if got := split(strings.Repeat("x", 1000), 3); len(got) != 1 || utf8.RuneCountInString(got[0].written) != mostLetters {
		t.Errorf("a word without an end: %q", got)
	}
}

func TestJoined(t *testing.T) {
	got := joined(split("tel. 22 628 01 20, pokój 5", 100))
	if want := []string{"", "226280120", "6280120", "0120", "", "", ""}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := joined(split(strings.Repeat("123 ", 40), 100)); slices.ContainsFunc(got, func(s string) bool { return len(s) > 20 }) {
		t.Errorf("a number without an end: %q", got)
	}
}

func TestOneOff(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"paszport", "paszport", false}, // the same
		{"paszport", "paszpord", true},
		{"paszport", "paszprt", true},
		{"paszport", "paszportt", true},
		{"paszport", "paszprot", true},
		{"paszport", "apszport", true},
		{"paszport", "paszptro", false},
		{"paszport", "posrport", false},
		{"paszport", "paszporcie", false},
		{"", "a", true},
		{"", "", false},
		{"ab", "ba", true},
		{"abc", "cba", false},
	} {
		if got := oneOff([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("%q, %q: %v", c.a, c.b, got)
		}
		if oneOff([]rune(c.a), []rune(c.b)) != oneOff([]rune(c.b), []rune(c.a)) {
			t.Errorf("%q, %q: not the same both ways", c.a, c.b)
		}
	}
}

// texts draws texts of the site's scripts, with what is hard about them, and of any others.
func texts() *rapid.Generator[string] {
	letters := []rune("aąbcćeęijłńoóśuwyzźżABŁßıİđươếạ абвгґеєёжиіїйклмнопрстуьюя ابتةىءأإؤيـَُّْ '’ʼ´- 0123٤٥ \u0301\u0306\u0308\u200d\u00ad")
	return rapid.OneOf(rapid.StringOfN(rapid.SampledFrom(letters), 0, 60, -1), rapid.String())
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text")
		if once := fold(text); fold(once) != once {
			t.Fatalf("%q: %q, then %q", text, once, fold(once))
		}
	})
}

func TestWordsAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text")
		for _, w := range split(text, mostWords) {
			again := split(w.written, 2)
			if len(again) != 1 || again[0] != w {
				t.Fatalf("%q of %q is split again into %q", w, text, again)
			}
		}
	})
}
