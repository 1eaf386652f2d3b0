package certificate

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/lang"
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
	return c.Printer(tag)
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

func TestPDFMetadata(t *testing.T) {
	c := sample()
	b := draw(t, c)
	if !bytes.Contains(b, []byte("/Lang (pl)")) {
		t.Error("the document's language is missing")
	}
	title := regexp.MustCompile(`(?s)/Title (.*?)\n`).FindSubmatch(b)
	if title == nil {
		t.Fatal("no title")
	}
	utf16 := func(s string) []byte {
		var out []byte
		for _, r := range s {
			out = append(out, byte(r>>8), byte(r))
		}
		return out
	}
	if bytes.Contains(b, utf16("Gżegżółka")) || bytes.Contains(title[1], []byte(c.Number)) {
		t.Error("the metadata holds personal data")
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

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"Zażółć gęślą jaźń ŻÓŁĆ": "Zażółć gęślą jaźń ŻÓŁĆ",
		"Ґалаґан Їжакевич":       "Ґалаґан Їжакевич",
		"Nguyễn Thị Bảo":         "Nguyen Thi Bao",
		"z\u0301":                "ź",
	} {
		if got := printable(in); got != want {
			t.Errorf("printable(%q) = %q, want %q", in, got, want)
		}
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
