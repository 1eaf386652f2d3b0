package lawtext_test

import (
	"fmt"
	"strings"
	"testing"

	"ostoja/internal/course/lawtext"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// Law, in prose.
		"Czas do namysłu trwa 3 miesiące, a dziecka cztery miesiące.":  "a period: 3 miesiące|a period: cztery miesiące",
		"The reflection period is three months, for a child 4 months.": "a period: three months|a period: 4 months",
		"Sąd ma 3 dni na wyznaczenie kuratora.":                        "a period: 3 dni",
		"within fifteen working days of the decision":                  "a period: fifteen working days",
		"Zezwolenie od 6 miesięcy do 3 lat.":                           "a period: 6 miesięcy|a period: 3 lat",
		"a three-month certificate":                                    "a period: three-month",
		"Grozi za to od 3 do 20 lat więzienia.":                        "a period: 20 lat",
		"the penalty is 15 years of imprisonment":                      "a period: 15 years",
		"Wykaz z art. 115 § 22 Kodeksu karnego":                        "a provision of law: art. 115|a provision of law: § 22",
		"Article 33a and section 12 say so (Dz.U. 2025 poz. 1079)":     "a provision of law: Article 33a|a provision of law: section 12|a provision of law: Dz.U.",
		"Najmniej 4806 zł albo PLN 31.40, czyli 7 euro":                "an amount of money: 4806 zł|an amount of money: PLN 31.40|an amount of money: 7 euro",
		"Zadzwoń: 22 628 01 20 albo +48 22 628 01 20.":                 "a phone: 22 628 01 20|a phone: +48 22 628 01 20",
		"Zadzwoń pod 112 albo 116 111.":                                "a phone: 112|a phone: 116 111",
		"Строк – 3 місяці, для дитини чотири місяці.":                  "a period: 3 місяці|a period: чотири місяці",
		"Протягом п’яти робочих днів або п'ятнадцяти днів":             "a period: п’яти робочих днів|a period: п'ятнадцяти днів",
		"Дозвіл від 6 місяців до 3 років.":                             "a period: 6 місяців|a period: 3 років",
		"Ст. 25 закону, стаття 189a; 340 злотих, 50 грн":               "a provision of law: Ст. 25|a provision of law: стаття 189a|an amount of money: 340 злотих|an amount of money: 50 грн",
		"За це загрожує від 3 до 20 років ув’язнення.":                 "a period: 20 років",
		// No law.
		"Їй виповнилося 16 років, братові немає 18 років; старший за 9 років.": "",
		"Він тут уже три місяці, приїхав два тижні тому, поїде за три дні.":    "",
		"Хлопець, п'ятнадцять років, і дівчина, сімнадцять років":              "",
		"W 2026 roku i 2026 року":                                                   "",
		"Ma 17 lat i paszport. Poniżej 18 lat jest się dzieckiem.":                  "",
		"A girl of 16 years, under 18 years; a 17-year-old; aged 9 years":           "",
		"Od trzech miesięcy pracuje bez pensji, przyszła dwa tygodnie temu.":        "",
		"She came two weeks ago and has not slept for the last three days.":         "",
		"Rozmowa trwa 30 minut, przerwa 2 godziny.":                                 "",
		"{reflection-adult} i {art-33a|gen}, [zob.](https://example.org/art.5/112)": "",
		"Stan na 2026-11-28. Latarka i 3 latarnie, 12 osób, 1. krok":                "",
	} {
		var got []string
		for _, f := range lawtext.Find(text, false) {
			got = append(got, fmt.Sprintf("%s: %s", f.Kind, f.Text))
			if !strings.HasPrefix(text[f.At:], f.Text) {
				t.Errorf("%q does not stand at %d of %q", f.Text, f.At, text)
			}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q:\n got %q\nwant %q", text, strings.Join(got, "|"), want)
		}
	}
	if got := lawtext.Find("Wisi 5000 zł i czeka 3 dni na art. 5.", true); len(got) != 1 || got[0].Kind != "a provision of law" {
		t.Errorf("in a story: %v", got)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("art. 115 § 22, 3 miesiące, 112")
	f.Fuzz(func(t *testing.T, text string) {
		for _, x := range lawtext.Find(text, false) {
			if x.At < 0 || x.At+len(x.Text) > len(text) {
				t.Fatalf("%v outside of %q", x, text)
			}
		}
	})
}
