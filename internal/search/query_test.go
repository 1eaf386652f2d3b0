package search

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// hits returns the IDs that a query finds, best first.
func hits(x *Index, query string) []string {
	var out []string
	for _, h := range x.Search(query, 100) {
		out = append(out, h.ID)
	}
	return out
}

// page is an index of one text, with what the site knows.
func page(t testing.TB, lang, text string) *Index {
	x := New(lang, siteSynonyms(t))
	x.Add(Doc{ID: "page", Lang: lang, Body: text})
	x.Add(Doc{ID: "other", Lang: lang, Body: "0"})
	return x
}

// reached are queries and what they have to find on a page of a language.
var reached = []struct{ lang, query, text string }{
	// Without accents, as people type.
	{"pl", "lodz", "Adres: Łódź"},
	{"pl", "Łódź", "Adres: LODZ"},
	{"vi", "nguoi", "mua bán người"},
	{"vi", "ho chieu", "Hộ chiếu do bạn giữ"},
	{"ar", "الشرطه", "الشُّرْطَة"},
	{"ru", "звонок ещё", "звонок еще"},
	{"uk", "зв'язок", "звʼязок"},
	{"uk", "Украiна", "Україна"},
	// Other forms.
	{"pl", "pracodawcą", "Dobry pracodawca poczeka"},
	{"pl", "zabrali mi paszport", "Ktoś zabrał Ci paszporty"},
	{"pl", "z dziećmi", "Dziecko bez rodziców"},
	{"uk", "боржник борги", "Хтось лякає боргом"},
	{"uk", "дітям", "Якщо йдеться про дитину"},
	{"ru", "детям", "Если речь о ребёнке"},
	{"ru", "сдаваться", "не сдавайся сдавать"},
	{"ar", "الأجر", "لم يدفع لي أجوري، أجرًا"},
	{"en", "threatened", "We answer threats"},
	// In Latin letters.
	{"uk", "robota", "Робота і договір"},
	{"uk", "dokumenty", "Документи не потрібні"},
	{"uk", "policiya", "Це не заява до поліції. Поліція"},
	{"uk", "dopomoha", "Лінія допомоги, допомога"},
	{"uk", "dopomoga", "Лінія допомоги, допомога"},
	{"uk", "hroshi", "без грошей. Гроші"},
	{"uk", "groszi", "Гроші"},
	{"uk", "zarplata", "Надто низька зарплата"},
	{"uk", "yurist", "юрист"},
	{"uk", "juryst", "юрист"},
	{"ru", "rabota", "Работа и договор"},
	{"ru", "dokumenti", "Документы не нужны"},
	{"ru", "pomosh", "Линия помощи, помощь"},
	{"ru", "pomoshch", "помощь"},
	{"ru", "pomoszcz", "помощь"},
	{"ru", "zhenshina", "женщина"},
	{"ru", "viza", "виза"},
	{"ru", "wiza", "виза"},
	{"ru", "chelovek", "человек"},
	{"ru", "czelowek", "человек"},
	{"ru", "dolg", "долг"},
	{"ru", "zarplata", "низкую зарплату"},
	{"uk", "robota", "без роботи"},
	{"ru", "документи", "документы"}, // the neighbour's language
	{"pl", "паспорт", "Twój paszport jest Twój"},
	{"pl", "адрес", "Podaj adres"},
	// Beginnings.
	{"pl", "pracod", "pracodawca"},
	{"vi", "hop", "hợp đồng"},
	{"ru", "rabot", "работодатель"},
	// Words of one meaning.
	{"pl", "boss", "Twój szef nie ma prawa zatrzymać paszportu"},
	{"pl", "szef", "Zapytaj pracodawcę"},
	{"pl", "начальник", "Dobry pracodawca poczeka"},
	{"pl", "роботодавець", "Zapytaj szefa"},
	{"pl", "صاحب العمل", "Zapytaj szefa"},
	{"pl", "صاحب عمل", "Zapytaj szefa"},
	{"pl", "chủ lao động", "Zapytaj szefa"},
	{"pl", "ông chủ", "Zapytaj szefa"},
	{"pl", "ong chu", "Zapytaj szefa"},
	{"en", "szefowi", "Ask your employer"},
	{"uk", "pracodawca", "Запитайте роботодавця"},
	{"ru", "boss", "Спросите начальника"},
	{"ar", "boss", "اسألوا صاحب العمل"},
	{"vi", "employer", "Hãy hỏi chủ lao động"},
	{"en", "nie zapłacili", "What to do about unpaid wages"},
	{"ru", "нам не заплатили", "Если не платят"},
	{"uk", "gwałt", "сексуальне насильство"},
	{"ar", "uchodźca", "طلب لجوء"},
	{"vi", "taxi", "tài xế"},
	{"en", "труснуть клубнику", "strawberries"},
	{"pl", "pregnant", "jestem w ciąży"},
	{"ru", "trafficking", "о торговле людьми"},
	{"uk", "handel ludźmi", "Що таке торгівля людьми"},
	{"ar", "handlu ludzmi", "ما هو الاتجار بالبشر"},
	{"pl", "торговля людьми", "Handlu ludźmi dotyczy ustawa"},
	{"en", "112", "In danger? Emergency number"},
	// One wrong letter.
	{"pl", "paszprot", "paszport"},
	{"pl", "policka", "policja"},
	{"en", "emploier", "employer"},
	{"uk", "паспотр", "паспорт"},
	{"ru", "дакументы", "документы"},
	{"vi", "nguoiw", "người"},
	// Numbers.
	{"pl", "226280120", "tel. 22 628 01 20"},
	{"pl", "22 628 01 20", "tel. 226280120"},
	{"pl", "628 01 20", "tel. 22 628 01 20"},
	{"pl", "٢٢٦٢٨", "tel. 22 628 01 20"},
	// Stop words alone.
	{"pl", "co to jest", "Co to jest?"},
	{"vi", "tôi là ai", "tôi"},
}

func TestQueryReaches(t *testing.T) {
	for _, c := range reached {
		if got := hits(page(t, c.lang, c.text), c.query); !slices.Contains(got, "page") {
			t.Errorf("%s: %q does not find %q", c.lang, c.query, c.text)
		}
	}
}

func TestQueryDoesNotReach(t *testing.T) {
	for _, c := range []struct{ lang, query, text string }{
		{"pl", "praca", "prawo i prawnik"},
		{"pl", "sok", "rok, sad, nos"}, // too short for a wrong letter
		{"pl", "pr", "praca"},          // too short for a beginning
		{"pl", "raca", "praca"},
		{"pl", "123", "124, 1123"},
		{"pl", "12345", "12346"}, // numbers are not mistyped
		{"uk", "мова", "мовчанка"},
		{"pl", "chu", "Zapytaj szefa"}, // the Vietnamese chủ, by chance
		{"en", "job", "child, doctor, police"},
		{"ru", "rabota", "работодательница"}, // more than another ending
		{"pl", "", "praca"},
		{"pl", "?! –", "praca"},
	} {
		if slices.Contains(hits(page(t, c.lang, c.text), c.query), "page") {
			t.Errorf("%s: %q finds %q", c.lang, c.query, c.text)
		}
	}
}

func TestStopWords(t *testing.T) {
	x := New("pl", siteSynonyms(t))
	x.Add(Doc{ID: "stop", Title: "co jest", Body: "co to jest i jak"})
	x.Add(Doc{ID: "word", Body: "paszport"})
	if got := hits(x, "co to jest paszport"); !slices.Equal(got, []string{"word"}) {
		t.Errorf("stop words beside another: %q", got)
	}
	if got := hits(x, "co jest"); !slices.Equal(got, []string{"stop"}) {
		t.Errorf("stop words alone: %q", got)
	}
	x = New("vi", siteSynonyms(t))
	x.Add(Doc{ID: "crime", Body: "tội phạm"})
	x.Add(Doc{ID: "i", Body: "tôi"})
	if got := hits(x, "tội phạm"); len(got) == 0 || got[0] != "crime" {
		t.Errorf("tội phạm: %q", got)
	}
	if n := len(x.slots("tội phạm")); n != 2 {
		t.Errorf("of tội phạm count %d words: tội is no stop word", n)
	}
	if n := len(x.slots("toi pham")); n != 1 {
		t.Errorf("of toi pham count %d words: toi may be tôi", n)
	}
}

// ranks are what doc.go promises: the first text stands above the second. Each is a whole body.
var ranks = []struct{ lang, query, better, worse string }{
	{"pl", "Łódź", "Łódź", "Lodz"},
	{"pl", "łódź", "Łódź", "łodź"},
	{"pl", "pracodawca", "pracodawca", "pracodawcy"},            // the word before its form
	{"pl", "dlugi", "długi", "długu"},                           // folded before the stem
	{"uk", "robota", "робота", "роботаючий"},                    // sound before its beginning
	{"ru", "zarplata", "зарплата", "зарплату"},                  // a whole word before another ending
	{"pl", "pracownik", "pracownika", "pracownikxyz"},           // stem before beginning
	{"pl", "szef", "szef", "pracodawca"},                        // the word before one of its meaning
	{"pl", "szef", "szefa", "pracodawca"},                       // a form, too
	{"pl", "boss", "boss", "szef"},                              // and a foreign one
	{"pl", "szef boss", "szef", "начальник"},                    // own language
	{"pl", "urlop salary", "czas pracy", "pensja"},              // one meaning in the own language before a foreign word
	{"pl", "szefo", "szefowa", "szwfo"},                         // a beginning before a wrong letter
	{"pl", "pracodawca", "szef", "pracodawaa"},                  // one meaning before a wrong letter
	{"pl", "umowa paszport", "paszport, umowa", "paszport"},     // all words before some
	{"pl", "umowa paszport dług", "dług, umowa", "dług dług"},   // more before fewer
	{"vi", "người", "người", "ngươi"},                           // its own accents before others
	{"ru", "паспорт долг", "паспорт, долги", "паспорт паспорт"}, // several with a form
}

func TestRanks(t *testing.T) {
	for _, c := range ranks {
		for _, turned := range []bool{false, true} { // not by the ID
			x := New(c.lang, siteSynonyms(t))
			better, worse := "a", "b"
			if turned {
				better, worse = worse, better
			}
			x.Add(Doc{ID: better, Body: c.better})
			x.Add(Doc{ID: worse, Body: c.worse})
			got := hits(x, c.query)
			if len(got) == 0 || got[0] != better {
				t.Errorf("%s: %q finds %q: %q is not above %q", c.lang, c.query, got, c.better, c.worse)
			}
			if s := x.Search(c.query, 2); len(s) == 2 && s[0].Score == s[1].Score {
				t.Errorf("%s: %q: %q and %q are equal", c.lang, c.query, c.better, c.worse)
			}
		}
	}
}

func TestRanksByPlace(t *testing.T) {
	x := New("pl", siteSynonyms(t))
	x.Add(Doc{ID: "body", Body: "paszport"})
	x.Add(Doc{ID: "often", Body: strings.Repeat("paszport ", 50)})
	x.Add(Doc{ID: "summary", Summary: "paszport"})
	x.Add(Doc{ID: "title", Title: "paszport"})
	if got, want := hits(x, "paszport"), []string{"title", "summary", "often", "body"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := x.Search("paszport", 2); len(got) != 2 {
		t.Errorf("%d hits, want 2", len(got))
	}
	if got := x.Search("paszport", 0); got != nil {
		t.Errorf("hits without a limit: %v", got)
	}
}

// TestWrongLetterCountsForTheWord: who mistypes one of two words still finds first what has both. Where the word as typed exists, it is
// meant.
func TestWrongLetterCountsForTheWord(t *testing.T) {
	x := New("pl", siteSynonyms(t))
	x.Add(Doc{ID: "both", Body: "paszport, umowa"})
	x.Add(Doc{ID: "one", Title: "umowa"})
	if got, want := hits(x, "paszprot umowa"), []string{"both", "one"}; !slices.Equal(got, want) {
		t.Errorf("mistyped: %q, want %q", got, want)
	}
	x.Add(Doc{ID: "as typed", Body: "paszprot"})
	if got, want := hits(x, "paszprot umowa"), []string{"one", "as typed", "both"}; !slices.Equal(got, want) {
		t.Errorf("as typed: %q, want %q", got, want)
	}
	if heaviest, lightest := (counts{1e6, 1e6, 1e6}).weight()*asTypo, (counts{0, 0, 1}).weight()*otherAccent; heaviest >= lightest {
		t.Errorf("a wrong letter weighs up to %v, the word itself from %v", heaviest, lightest)
	}
}

func TestRareWordsSayMore(t *testing.T) {
	x := New("pl", nil)
	for i := range 10 {
		x.Add(Doc{ID: fmt.Sprint("often", i), Body: "praca"})
	}
	x.Add(Doc{ID: "rare", Body: "nerka"})
	if got := hits(x, "praca nerka"); got[0] != "rare" {
		t.Errorf("%q", got)
	}
}

func TestUnknownLanguages(t *testing.T) {
	for name, s := range map[string]*Synonyms{"nothing known": nil, "zero value": {}, "the site's": siteSynonyms(t)} {
		x := New("de", s)
		x.Add(Doc{ID: "a", Title: "Straße und Pässe", Lang: "de"})
		x.Add(Doc{ID: "b", Title: "किताब", Lang: "hi"})
		for _, query := range []string{"strasse", "passe", "STRASSE", "pass", "stra"} {
			if got := hits(x, query); !slices.Contains(got, "a") {
				t.Errorf("%s: %q finds %q", name, query, got)
			}
		}
		if got := hits(x, "किताब"); !slices.Equal(got, []string{"b"}) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestTextsOfOneID: an article whose parts are added one by one, one of them not translated.
func TestTextsOfOneID(t *testing.T) {
	x := New("uk", siteSynonyms(t))
	x.Add(Doc{ID: "a", Title: "Робота"})
	x.Add(Doc{ID: "a", Lang: "pl", Body: "Umowa o pracę, pracodawca"})
	x.Add(Doc{ID: "b", Lang: "pl", Title: "Umowy"})
	for query, want := range map[string][]string{"роботу": {"a"}, "pracodawcą": {"a"}, "umów": {"b", "a"}, "договір": {"b", "a"}} {
		if got := hits(x, query); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

func TestLongQueries(t *testing.T) {
	x := page(t, "pl", "paszport umowa")
	for name, query := range map[string]string{
		"many words":          strings.Repeat("szef boss начальник ", 2000) + "paszport",
		"one word":            strings.Repeat("ż", 5000),
		"cut within a rune":   strings.Repeat("a", mostQuery-1) + "żż",
		"digits":              strings.Repeat("1 ", 5000),
		"no text":             strings.Repeat("\xff\xfe", 5000),
		"marks":               "a" + strings.Repeat("\u0301", 5000),
		"phrases, over again": strings.Repeat("praca przymusowa ", 200),
	} {
		if n := len(x.slots(query)); n > mostQueryWords {
			t.Errorf("%s: %d words count", name, n)
		}
		x.Search(query, 10)
	}
	if n := len(x.slots("a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13 a14 a1 a2")); n != 12 {
		t.Errorf("%d different words count, want 12", n)
	}
	if got := hits(x, "paszport "+strings.Repeat("xyz ", 2000)); !slices.Contains(got, "page") {
		t.Errorf("the words in front do not count: %q", got)
	}
}

// TestSearchWhileAdding is for the race detector.
func TestSearchWhileAdding(t *testing.T) {
	x := New("pl", siteSynonyms(t))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 20 {
				x.Add(Doc{ID: fmt.Sprint(i, j), Title: "Praca i umowa", Body: fmt.Sprint("pracodawca ", j)})
				x.Search("szef boss pracodawcą rabota", 10)
			}
		})
	}
	wg.Wait()
	if got := len(x.Search("umowy", 100)); got != 80 {
		t.Errorf("%d texts, want 80", got)
	}
}
