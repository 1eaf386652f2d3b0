package certificate

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/paper/papertest"
	"ostoja/translations"
)

func printer(t testing.TB, tag string) *lang.Printer {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	c, err := lang.Load(translations.FS, zone)
	if err != nil {
		t.Fatal(err)
	}
	return c.Paper(tag)
}

func sample() Certificate {
	return Certificate{
		ID: "0190f0a2-0000-7000-8000-000000000001", Number: "OST-2026-000123", Code: "7K3MQ9TX2B4DWZ8N", Lang: "pl", AttemptID: "a",
		Holder: "Świętopełk Źdźbło-Gżegżółka", Title: "Rozpoznawanie i ochrona ofiar handlu ludźmi: kurs dla funkcjonariuszy Straży Granicznej", Hours: 6.5,
		Objectives: []string{
			"Wyjaśnia, czym jest handel ludźmi, i odróżnia go od przemytu migrantów.",
			"Rozpoznaje oznaki handlu ludźmi na przejściu granicznym, na szlaku lądowym i podczas kontroli legalności zatrudnienia.",
			"Prowadzi pierwszą rozmowę w bezpiecznych warunkach, w języku zrozumiałym dla rozmówcy.",
			"Chroni dziecko podróżujące bez opieki albo z dorosłym, którego więź z dzieckiem budzi wątpliwości.",
			"Zna zasady wydawania zaświadczenia o domniemaniu i czas do namysłu.",
			"Kieruje osobę do właściwej instytucji za jej świadomą zgodą.",
			"Dba o własne bezpieczeństwo i dobrostan po trudnej interwencji.",
		},
		Fund:     "Szkolenie współfinansowane ze środków Funduszu Azylu, Migracji i Integracji. Treść wyraża wyłącznie poglądy wydawcy; instytucje finansujące nie odpowiadają za sposób jej wykorzystania.",
		Issuer:   "Biuro Programu Przeciwdziałania Handlowi Ludźmi",
		IssuedAt: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC), ValidUntil: time.Date(2028, 11, 23, 22, 59, 59, 0, time.UTC),
	}
}

func draw(t testing.TB, c Certificate) []byte {
	t.Helper()
	b, err := PDF(c, printer(t, c.Lang), c.VerifyURL("https://szkolenia.example.org"))
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("OSTOJA_PDF_DIR"); dir != "" { // to look at them
		if err := os.WriteFile(dir+"/"+strings.ReplaceAll(t.Name(), "/", "-")+".pdf", b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// The same certificate gives the same bytes, so that a copy that was kept can be compared.
func TestPDFIsDeterministic(t *testing.T) {
	first := draw(t, sample())
	for range 5 {
		if !bytes.Equal(first, draw(t, sample())) {
			t.Fatal("two drawings of one certificate differ")
		}
	}
	if n := len(first); n > 60<<10 {
		t.Errorf("the PDF has %d bytes: is the font not cut to the letters used?", n)
	}
}

// What a viewer shows of the file, and what the system's search finds, names nobody.
func TestPDFMetadata(t *testing.T) {
	c := sample()
	read := papertest.Read(t, draw(t, c))
	if read.Lang != "pl" || read.Title != "Zaświadczenie o ukończeniu szkolenia" {
		t.Errorf("language %q, title %q", read.Lang, read.Title)
	}
	if read.Tags[0].Role != "Document" || read.Tags[len(read.Tags)-1].Role != "Figure" || !strings.Contains(read.Tags[len(read.Tags)-1].Alt, c.VerifyURL("https://szkolenia.example.org")) {
		t.Errorf("structure %v", read.Tags)
	}
}

// What stands on the paper is read by other readers of PDF too: poppler's search, copying and voices.
func TestAnotherReaderFindsTheWords(t *testing.T) {
	c := sample()
	pdf := draw(t, c)
	papertest.Check(t, pdf)
	for name, text := range map[string]string{"text": papertest.Words(t, pdf), "structure": papertest.Structure(t, pdf)} {
		for _, want := range []string{c.Holder, c.Number, Grouped(c.Code)} {
			if !strings.Contains(text, want) {
				t.Errorf("the %s lacks %q: %s", name, want, text)
			}
		}
		if strings.Contains(text, "Syntax Error") {
			t.Errorf("the %s is read with faults: %s", name, text)
		}
	}
}

// TestACourseTakenInUkrainian gives a paper in Ukrainian alone: its words, its day, its names, and what a voice is told of its language.
func TestACourseTakenInUkrainian(t *testing.T) {
	c := sample()
	c.Lang, c.Heading, c.Holder = "uk", "", "Марʼяна Демʼяненко"
	c.Title, c.Objectives = "Опіка над дитиною з України: для тимчасових опікунок, опікунів і тих, хто їх підтримує", []string{"Знає, яке рішення суду має і що за ним може вирішувати, та стежить за документами й строками дитини."}
	c.Fund, c.Hours = "", 2
	pdf := draw(t, c)
	papertest.Check(t, pdf)
	read, words := papertest.Read(t, pdf), papertest.Words(t, pdf)
	if read.Lang != "uk" || read.Title != "Свідоцтво про закінчення навчання" {
		t.Errorf("language %q, title %q", read.Lang, read.Title)
	}
	for _, want := range []string{"Свідоцтво", "про закінчення навчання", "Отримує", c.Holder, "Обсяг у годинах", "Дата видачі", "Результати навчання", "Перевірка свідоцтва", "№ " + c.Number} {
		if !strings.Contains(words, want) {
			t.Errorf("the paper lacks %q: %s", want, words)
		}
	}
	if day := printer(t, "uk").Date(c.IssuedAt); !strings.HasSuffix(day, "\u00a0р.") || !strings.Contains(strings.ReplaceAll(words, "\u00a0", " "), strings.ReplaceAll(day, "\u00a0", " ")) {
		t.Errorf("the paper lacks its day %q: %s", day, words)
	}
	for _, polish := range []string{"Zaświadczenie", "ukończenie", "wydania", "Otrzymuje"} {
		if strings.Contains(words, polish) {
			t.Errorf("%q stands on it: %s", polish, words)
		}
	}
}

// A name stands on the paper as in the record, or in the passport's Latin letters, which the paper then says.
func TestNamesOnThePaper(t *testing.T) {
	for name, latin := range map[string]string{
		"Марʼяна Демʼяненко": "", "Əsmər Quliyeva": "", "გიორგი ბერიძე": "", "Արամ Հակոբյան": "", "Nguyễn Thị Bảo": "", "محمد": "", "علی\u200cرضا": "", "王小明": "Wang Xiaoming",
	} {
		c := sample()
		c.Holder, c.HolderLatin = name, latin
		want, said := strings.ReplaceAll(name, "\u200c", ""), false // it parts the letters beside it and is none itself
		if latin != "" {
			want = latin
		}
		read := papertest.Read(t, draw(t, c))
		if !slices.ContainsFunc(read.Texts, func(x papertest.Text) bool { return x.Text == want && x.Size == 27 }) {
			t.Errorf("%s is not on the paper: %v", name, read.Texts[:7])
		}
		for _, x := range read.Texts {
			said = said || strings.Contains(x.Text, "paszporcie")
		}
		if said != (latin != "") {
			t.Errorf("%s: the paper says of the passport's letters: %v", name, said)
		}
	}
	c := sample()
	c.Holder = "王小明"
	if _, err := PDF(c, printer(t, "pl"), "https://example.org/verify/x"); !errors.Is(err, errs.ErrConflict) || !c.NeedsSpelling() {
		t.Errorf("without the passport's letters: %v", err)
	}
}

// A paper that nobody could verify is no certificate: an address that no QR code holds is a failure.
func TestNoPaperWithoutItsCode(t *testing.T) {
	if _, err := PDF(sample(), printer(t, "pl"), "https://example.org/"+strings.Repeat("x", 3000)); err == nil {
		t.Error("a paper without its code")
	}
}

// The course says what its certificate is called; older ones keep the general words.
func TestHeadingOfTheCourse(t *testing.T) {
	c := sample()
	c.Heading = "Świadectwo przeszkolenia opiekunów"
	for heading, want := range map[string][]string{c.Heading: {c.Heading}, "": {"Zaświadczenie", "o ukończeniu szkolenia"}} {
		c.Heading = heading
		read := papertest.Read(t, draw(t, c))
		for _, w := range want {
			if !slices.ContainsFunc(read.Texts, func(x papertest.Text) bool { return x.Text == w }) {
				t.Errorf("%q is not on the paper", w)
			}
		}
		if heading != "" && slices.ContainsFunc(read.Texts, func(x papertest.Text) bool { return x.Text == "o ukończeniu szkolenia" }) {
			t.Error("the general words stand beside the course's own")
		}
		if !slices.Contains(read.Tags, papertest.Tag{Role: "H1"}) {
			t.Error("no heading")
		}
	}
}

func TestPDFShapes(t *testing.T) {
	long := sample()
	long.Objectives = append(append(append([]string{}, long.Objectives...), long.Objectives...), long.Objectives...)
	long.Title = strings.Repeat(long.Title+" ", 3)
	long.Holder = strings.Repeat("Bardzo Długie Nazwisko-", 6)
	bare := sample()
	bare.Objectives, bare.Fund, bare.ValidUntil, bare.AttemptID, bare.Hours = nil, "", time.Time{}, "", 2
	english := sample()
	english.Lang = "en"
	english.Title = "Recognising and protecting victims of human trafficking: for Border Guard officers"
	revoked := sample()
	revoked.RevokedAt = revoked.IssuedAt.AddDate(0, 1, 0)
	cyrillic := sample()
	cyrillic.Holder = "Ґалаґан Їжакевич Єва"
	for name, c := range map[string]Certificate{"long": long, "bare": bare, "english": english, "revoked": revoked, "cyrillic": cyrillic} {
		t.Run(name, func(t *testing.T) {
			if b := draw(t, c); !bytes.HasPrefix(b, []byte("%PDF-")) {
				t.Error("no PDF")
			}
		})
	}
}

func BenchmarkPDF(b *testing.B) {
	c, p := sample(), printer(b, "pl")
	for b.Loop() {
		if _, err := PDF(c, p, c.VerifyURL("https://szkolenia.example.org")); err != nil {
			b.Fatal(err)
		}
	}
}
