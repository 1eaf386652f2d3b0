package roster_test

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"ostoja/internal/errs"
	"ostoja/internal/identity/people"
	"ostoja/internal/identity/roster"
	"ostoja/internal/sheet"
	"ostoja/internal/testrig"
)

// TestForeignLists: lists of other programs, each of which went wrong once (shared inputs of the situations that were found).
func TestForeignLists(t *testing.T) {
	const here = " | Placówka w Terespolu"
	for name, want := range map[string]string{
		"p01_names.csv": `
2 new Дем'яненко Мар'яна | mariana1@example.org | Placówka w Terespolu
3 new Демʼяненко Марʼяна | mariana2@example.org | Placówka w Terespolu
4 new Solov'iov Viacheslav | viach@example.org | Placówka w Terespolu
5 new Məmmədov Əli | ali@example.org | Placówka w Terespolu
6 new Kowalska‑Nowak Anna | anna.kn@example.org | Placówka w Terespolu
7 new Ánh Nguyễn Thị | anh@example.org | Placówka w Terespolu
8 new Próbny Jan | jan.probny+kurs@example.org | Placówka w Terespolu
9 new Próbna Ewa | ewa@xn--d-uga0v4h.example.org | Placówka w Terespolu
10 new Próbna Ola | ola@example.org | Placówka w Terespolu
11 new Próbna Iza | iza@example.org | Placówka w Terespolu
12 new Próbna Ala | ala@example.org | Placówka w Terespolu
13 bad Próbna Ula | ula@example.org; ula2@example.org | Placówka w Terespolu | E-mail: Podaj adres e-mail w postaci nazwa@domena.pl.
14 new @sum(a1) =1+1 | formula@example.org | Placówka w Terespolu`,
		"p02_moodle.csv": "2 new One Student | s1@example.com" + here + "\n3 new Two Student | s2@example.com" + here + "\n4 new Three Student | s3@example.com" + here,
		"p04_comma.csv":  "2 new Test Anna, Maria | q5@example.org" + here,
		"p03_odd.csv": `
2 new Kowal "Ala" Nowa Anna | q1@example.org | Placówka w Terespolu
3 new Nowak\nKwiat Ewa | q2@example.org | Placówka w Terespolu
4 new Wąs Ola Maria | q3@example.org | Placówka w Terespolu
5 new Lis Iga | q4@example.org | Placówka w Terespolu
6 bad Kot Jan |  | Placówka w Terespolu | E-mail: Podaj e-mail albo numer służbowy.
8 bad 3 Osoby Razem |  | Placówka w Terespolu | E-mail: Podaj e-mail albo numer służbowy.`,
		"p05_cp1251.csv":           "2 new Тест Анна | q6@example.org" + here,
		"p06_mac.csv":              "2 new Żółć Łucja | q7@example.org" + here,
		"p07_cp852.csv":            "2 new Żółć Łucja | q8@example.org" + here,
		"p09_mac_plain_header.csv": "2 new Żółć Łucja | q7@example.org" + here,
		"p10_cp1251_en_header.csv": "2 new Тест Анна | q6@example.org" + here,
		"p11_cp852_plain.csv":      "2 new Żółć Łucja | q8@example.org" + here,
		"x01_1904.xlsx":            "2 new Testowa Anna | a.testowa@example.org" + here,
		"x02_letters_in_format.xlsx": `
2 new Próbny Jan | j.probny@example.org | Placówka w Terespolu
3 new Próbna Ewa | e.probna@example.org | Placówka w Terespolu
4 new Próbna Ola | o.probna@example.org | Placówka w Terespolu
5 new Druga Iza | i.druga@example.org | Placówka w Terespolu`,
		"x03_hidden_first.xlsx": "2 new Osoba Nowa | nowa@example.org" + here,
		"x04_cover_first.xlsx":  "2 new Osoba Nowa | nowa@example.org" + here,
		"x05_formula_nocache.xlsx": `
4 bad Jawna Anna | 8 | Placówka w Terespolu | E-mail: Podaj adres e-mail w postaci nazwa@domena.pl.
5 bad Wiersz Ukryty | ukryty@example.org | Placówka w Terespolu | : Wiersz jest w arkuszu ukryty lub odfiltrowany. Jeśli ma być wczytany, zmień sposób odczytania pliku.`,
		"x06_days.xlsx": "2 new Testowa Anna | a1@example.org" + here + "\n3 new Testowa Anna | a2@example.org" + here + "\n4 new Testowa Anna | a3@example.org" + here,
	} {
		w := testrig.New(t)
		p := testrig.Must(w.Roster.Preview(t.Context(), w.TerespolCoordinator, file(t, name), roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
		if got := strings.TrimSpace(told(p)); got != strings.TrimSpace(want) || p.Unsure {
			t.Errorf("%s (unsure: %v):\n%s\nwant\n%s", name, p.Unsure, got, want)
		}
		for _, l := range p.Lines {
			day := map[string]string{"x01_1904.xlsx": "2028-01-01", "x06_days.xlsx": "2027-03-05"}[name]
			if day != "" && l.Entry.Until.In(w.Clock.Now().Location()).Add(2*60*60*1e9).Format("2006-01-02") != day {
				t.Errorf("%s: until %v", name, l.Entry.Until)
			}
		}
		if name == "x02_letters_in_format.xlsx" {
			var numbers []string
			for _, l := range p.Lines {
				numbers = append(numbers, l.Entry.ServiceNumber)
			}
			if want := []string{"PSG-01234", "45PKT", "NOSG45123", "EWID.007"}; !slices.Equal(numbers, want) {
				t.Errorf("numbers %q", numbers)
			}
		}
	}
}

// TestNamesAreWrittenAsPeopleWriteThem: only what is all capitals or all small is touched, and an apostrophe begins a name only behind one
// Latin letter.
func TestNamesAreWrittenAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]string{
		"МАР'ЯНА": "Мар'яна", "МАР’ЯНА": "Мар’яна", "МАРʼЯНА": "Марʼяна", "мар'яна": "Мар'яна", "ДЕМ'ЯНЕНКО": "Дем'яненко", "O'CONNOR": "O'Connor", "o’connor": "O’Connor", "OʼCONNOR": "OʼConnor",
		"D'ANGELO": "D'Angelo", "SOLOV'IOV": "Solov'iov", "KOWALSKA-NOWAK": "Kowalska-Nowak", "KOWALSKA‑NOWAK": "Kowalska‑Nowak", "kowalska–nowak": "Kowalska–Nowak", "ANNA MARIA": "Anna Maria",
		"McDonald": "McDonald", "de la Cruz": "de la Cruz", "Мар'Яна": "Мар'Яна", "X": "X", "ŻÓŁĆ": "Żółć", "О'НІЛ": "О'ніл", "D'ARC-O'NEIL": "D'Arc-O'Neil", "علی\u200cرضا": "علی\u200cرضا", "王小明": "王小明",
	} {
		if got := roster.ProperCase(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOf(rapid.RuneFrom([]rune("aAłŁяЯ'’ʼ- OÓ‑"))).Draw(t, "name")
		got := roster.ProperCase(name)
		if !strings.EqualFold(got, name) {
			t.Fatalf("%q becomes %q", name, got)
		}
		if twice := roster.ProperCase(got); twice != got && strings.ContainsFunc(got, unicode.IsLower) && strings.ContainsFunc(got, unicode.IsUpper) {
			t.Fatalf("%q becomes %q and then %q", name, got, twice)
		}
	})
}

// TestNamesInMixedOrderAreSeen: each row is read in the order in which its own names stand, and says so where the rest stand otherwise;
// the person who looks can say how all are to be read.
func TestNamesInMixedOrderAreSeen(t *testing.T) {
	w := testrig.New(t)
	ctx, options := t.Context(), roster.Options{UnitID: w.Terespol, Lang: "pl"}
	content := []byte("Imię i nazwisko;E-mail\nAnna Kowalska;a@example.org\nNowak Ewa;b@example.org\nJan Lis;c@example.org\nPiotr Kot;d@example.org\nOlga Żuk;e@example.org\nTran Van;f@example.org\n")
	p := testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, content, options))(t)
	names := func(p roster.Preview) (list []string) {
		for _, l := range p.Lines {
			name := l.Entry.FamilyName + ", " + l.Entry.GivenName
			if len(l.Remarks) > 0 {
				name += " ?"
			}
			list = append(list, name)
		}
		return list
	}
	if got, want := names(p), []string{"Kowalska, Anna", "Nowak, Ewa ?", "Lis, Jan", "Kot, Piotr", "Żuk, Olga", "Van, Tran"}; !slices.Equal(got, want) || p.Turned != 1 || p.FamilyFirst {
		t.Errorf("%q, want %q", got, want)
	}
	w.OK(w.Roster.Choose(ctx, w.TerespolCoordinator, p.ID, roster.Choice{Order: roster.FamilyFirst}))
	p = testrig.Must(w.Roster.Previewed(ctx, w.TerespolCoordinator, p.ID))(t)
	if got, want := names(p), []string{"Anna, Kowalska ?", "Nowak, Ewa", "Jan, Lis ?", "Piotr, Kot ?", "Olga, Żuk ?", "Tran, Van"}; !slices.Equal(got, want) || !p.FamilyFirst {
		t.Errorf("by choice %q, want %q", got, want)
	}
	// Two columns whose names stand in each other's, in one row and in all.
	content = []byte("Imię;Nazwisko;E-mail\nAnna;Kowalska;a@example.org\nNowak;Ewa;b@example.org\nRoman;Adam;c@example.org\n")
	p = testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, content, options))(t)
	if got, want := names(p), []string{"Kowalska, Anna", "Ewa, Nowak ?", "Adam, Roman"}; !slices.Equal(got, want) || p.Turned != 1 {
		t.Errorf("two columns %q, want %q", got, want)
	}
	w.OK(w.Roster.Choose(ctx, w.TerespolCoordinator, p.ID, roster.Choice{Order: roster.Exchanged}))
	p = testrig.Must(w.Roster.Previewed(ctx, w.TerespolCoordinator, p.ID))(t)
	if got := names(p); !strings.HasPrefix(got[1], "Nowak, Ewa") || got[2] != "Roman, Adam" {
		t.Errorf("exchanged %q", got)
	}
}

// TestWhatWasGuessedCanBeChosen: the encoding and the sheet; what the letters do not tell is asked before anything is written.
func TestWhatWasGuessedCanBeChosen(t *testing.T) {
	w := testrig.New(t)
	ctx, options := t.Context(), roster.Options{UnitID: w.Terespol, Lang: "pl"}
	text := "Nazwisko;Imię;E-mail\nШЕВЧЕНКО;ОЛЬГА;a@example.org\n"
	text = strings.Replace(text, "ę", "e", 1)
	content := testrig.Must(charmap.CodePage866.NewEncoder().Bytes([]byte(text)))(t)
	p := testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, content, options))(t)
	w.OK(w.Roster.Choose(ctx, w.TerespolCoordinator, p.ID, roster.Choice{Encoding: "windows-1250"}))
	p = testrig.Must(w.Roster.Previewed(ctx, w.TerespolCoordinator, p.ID))(t)
	if p.Encoding != "windows-1250" || strings.Contains(p.Lines[0].Name, "Шевченко") {
		t.Errorf("chosen: %s, %q", p.Encoding, p.Lines[0].Name)
	}
	for _, e := range p.Encodings {
		if e.Encoding == "ibm866" && e.Text != "ШЕВЧЕНКО, ОЛЬГА" {
			t.Errorf("sample %+v", e)
		}
	}
	// The bytes that one reading takes for spaces are letters in another.
	w.OK(w.Roster.Choose(ctx, w.TerespolCoordinator, p.ID, roster.Choice{Encoding: "ibm866"}))
	p = testrig.Must(w.Roster.Previewed(ctx, w.TerespolCoordinator, p.ID))(t)
	if p.Lines[0].Name != "Шевченко Ольга" || p.Unsure {
		t.Errorf("%q, %v", p.Lines[0].Name, p.Unsure)
	}
	// One letter of which the encodings think differently, and none of them better than the other.
	p = testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, []byte("Nazwisko;Imie;E-mail\nH\xe9l\xe8ne;Jan;a@example.org\n"), options))(t)
	if !p.Unsure || len(p.Encodings) < 2 {
		t.Errorf("sure of %s: %+v", p.Encoding, p.Encodings)
	}
	_, err := w.Roster.Confirm(ctx, w.TerespolCoordinator, p.ID)
	w.Refused("an encoding that nobody chose", err, errs.ErrConflict)
	w.OK(w.Roster.Choose(ctx, w.TerespolCoordinator, p.ID, roster.Choice{Encoding: p.Encodings[0].Encoding}))
	if r := testrig.Must(w.Roster.Confirm(ctx, w.TerespolCoordinator, p.ID))(t); r.Added+r.Bad != 1 {
		t.Errorf("%+v", r)
	}
	// Another sheet.
	p = testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, file(t, "x03_hidden_first.xlsx"), options))(t)
	if want := []sheet.Tab{{Name: "Sheet1", Hidden: true}, {Name: "Lista"}}; !slices.Equal(p.Sheets, want) || p.Sheet.Name != "Lista" {
		t.Errorf("sheets %v, %v", p.Sheets, p.Sheet)
	}
	w.OK(w.Roster.Choose(ctx, w.TerespolCoordinator, p.ID, roster.Choice{Sheet: "Sheet1"}))
	if p = testrig.Must(w.Roster.Previewed(ctx, w.TerespolCoordinator, p.ID))(t); p.Lines[0].Name != "Osoba Stara" || !p.Sheet.Hidden {
		t.Errorf("the other sheet: %+v", p.Lines)
	}
	// Hidden rows.
	p = testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, file(t, "x05_formula_nocache.xlsx"), options))(t)
	if p.HiddenLines != 1 || p.Count(roster.LineNew) != 0 {
		t.Errorf("%d hidden, %d new", p.HiddenLines, p.Count(roster.LineNew))
	}
	w.OK(w.Roster.Choose(ctx, w.TerespolCoordinator, p.ID, roster.Choice{Hidden: true}))
	if p = testrig.Must(w.Roster.Previewed(ctx, w.TerespolCoordinator, p.ID))(t); p.Count(roster.LineNew) != 1 {
		t.Errorf("hidden rows taken in: %d new", p.Count(roster.LineNew))
	}
	w.Refused("another person's preview", w.Roster.Choose(ctx, w.GuardCoordinator, p.ID, roster.Choice{}), errs.ErrGone)
}

// TestOtherColumnsAreNotKept: what the page promises. The file has a column that no list of participants needs.
func TestOtherColumnsAreNotKept(t *testing.T) {
	w := testrig.New(t)
	content := []byte("Imię;Nazwisko;E-mail;PESEL\nAnna;Nowa;a@example.org;CANARY44051401458\n")
	p := testrig.Must(w.Roster.Preview(t.Context(), w.TerespolCoordinator, content, roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
	if !slices.Equal(p.Ignored, []string{"PESEL"}) {
		t.Errorf("left out %q", p.Ignored)
	}
	if kept := testrig.Must(roster.KeptText(t.Context(), w.Roster, p.ID))(t); strings.Contains(kept, "CANARY") || !strings.Contains(kept, "a@example.org") {
		t.Errorf("kept %s", kept)
	}
}

// TestRowsThatCannotBeMeant: signs of a misread file, and formulas without a result, are faults of their rows.
func TestRowsThatCannotBeMeant(t *testing.T) {
	w := testrig.New(t)
	p := testrig.Must(w.Roster.Preview(t.Context(), w.TerespolCoordinator, []byte("Imię;Nazwisko;E-mail\nAnna;Kowal³;a@example.org\nEwa;Łoś;ż@example.org\nEwa;Łoś;a\u3164b@example.org\nEwa;Łoś;\u200be\u202cwa@example.org\nعلی\u200cرضا;Ali\u200cReza;d@example.org\n"), roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
	compare(t, told(p), `
2 bad Kowal³ Anna | a@example.org | Placówka w Terespolu | Nazwisko: jest tu znak „³”, którego nie ma w imionach i nazwiskach; sprawdź, czy plik odczytano w dobrym kodowaniu
3 bad Łoś Ewa | ż@example.org | Placówka w Terespolu | E-mail: W adresie jest litera „ż”. Wiele serwerów pocztowych jej nie przyjmuje, dlatego przed znakiem @ mogą stać tylko litery bez znaków diakrytycznych.
4 bad Łoś Ewa | aㅤb@example.org | Placówka w Terespolu | E-mail: W adresie jest znak U+3164, którego nie widać albo którego adres nie może zawierać. Wpisz adres ręcznie.
5 new Łoś Ewa | ewa@example.org | Placówka w Terespolu
6 new AliReza علی`+"\u200c"+`رضا | d@example.org | Placówka w Terespolu
`)
	p = testrig.Must(w.Roster.Preview(t.Context(), w.TerespolCoordinator, []byte("Imię;Nazwisko;E-mail\nŁucja;Żółć;a@example.org\nJan;H\xe9l;b@example.org\n"), roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
	compare(t, told(p), `
2 new Żółć Łucja | a@example.org | Placówka w Terespolu
3 bad H□l Jan | b@example.org | Placówka w Terespolu | Nazwisko: jest tu znak „□”, którego nie ma w imionach i nazwiskach; sprawdź, czy plik odczytano w dobrym kodowaniu
`)
	content := book(t, `<row r="1"><c t="inlineStr"><is><t>Imię</t></is></c><c t="inlineStr"><is><t>Nazwisko</t></is></c><c t="inlineStr"><is><t>E-mail</t></is></c></row>
		<row r="2"><c t="inlineStr"><is><t>Anna</t></is></c><c t="inlineStr"><is><t>Nowa</t></is></c><c><f>A2</f></c></row>`)
	p = testrig.Must(w.Roster.Preview(t.Context(), w.TerespolCoordinator, content, roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
	compare(t, told(p), `2 bad Nowa Anna |  | Placówka w Terespolu | E-mail: w komórce jest formuła bez wyniku; otwórz plik w arkuszu, zapisz i wczytaj jeszcze raz`)
}

// TestAPersonIsFoundHoweverMarksAreTyped: apostrophes and hyphens of a list and of a search are one.
func TestAPersonIsFoundHoweverMarksAreTyped(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, file(t, "p01_names.csv"), roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
		testrig.Must(w.Roster.Confirm(ctx, w.TerespolCoordinator, p.ID))(t)
		for typed, want := range map[string]int{"дем'яненко": 2, "ДЕМ’ЯНЕНКО": 2, "демʼяненко": 2, "kowalska-nowak": 1, "Kowalska–Nowak": 1, "Kowalska‐Nowak": 1, "solov’iov": 1, "məmmədov": 1, "anh": 1} {
			if l := testrig.Must(w.People.Search(ctx, w.TerespolCoordinator, people.Filter{Text: typed}))(t); l.Total != want {
				t.Errorf("%q finds %d, want %d", typed, l.Total, want)
			}
		}
		for _, typed := range []string{"ewa@łódź.example.org", "EWA@ŁÓDŹ.example.org", "\u200bewa@xn--d-uga0v4h.example.org"} {
			if e, err := w.Identity.PersonBySignInName(ctx, w.Admin, typed); err != nil || e.GivenName != "Ewa" {
				t.Errorf("%q finds %+v, %v", typed, e, err)
			}
		}
	})
}

// book makes a workbook of one sheet.
func book(t testing.TB, data string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"xl/workbook.xml":            `<workbook><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="sheet1.xml"/><Relationship Id="rId2" Type="http://x/sharedStrings" Target="s.xml"/></Relationships>`,
		"xl/sheet1.xml":              `<worksheet><sheetData>` + data + `</sheetData></worksheet>`,
		"xl/s.xml":                   `<sst><si><t>` + strings.Repeat("x", 2_000) + `</t></si></sst>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAPreviewKeepsLittle: a small file that says much takes little of the database, or is refused in words.
func TestAPreviewKeepsLittle(t *testing.T) {
	w := testrig.New(t)
	header := "<row>"
	for _, h := range []string{"Imię", "Nazwisko", "E-mail", "Nr służbowy", "Jednostka", "Język", "Płeć", "Województwo", "Ważne do"} {
		header += `<c t="inlineStr"><is><t>` + h + `</t></is></c>`
	}
	header += "</row>"
	options := roster.Options{UnitID: w.Terespol, Lang: "pl"}
	for rows, refused := range map[int]bool{800: false, 19_000: true} {
		content := book(t, header+strings.Repeat(`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 9)+`</row>`, rows))
		p, err := w.Roster.Preview(t.Context(), w.TerespolCoordinator, content, options)
		if refused != (fault(err, "file") == "import-too-much") || (err != nil && !refused) {
			t.Fatalf("%d rows in %d bytes: %v", rows, len(content), err)
		}
		if err == nil {
			if kept := testrig.Must(roster.KeptText(t.Context(), w.Roster, p.ID))(t); len(kept) > 9<<20 {
				t.Errorf("%d bytes keep %d", len(content), len(kept))
			}
		}
	}
}
