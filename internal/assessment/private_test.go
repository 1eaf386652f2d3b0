package assessment

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestPrivateThingsAreFound(t *testing.T) {
	for text, want := range map[string]Private{
		"Użyłam karty sygnałów podczas odprawy.":        Nothing,
		"W 2026 r. o 14:30, art. 115 par. 22, 3 razy":   Nothing,
		"Szkolenie 2026-11-23 i 24.11.2026, 1500 zł":    Nothing,
		"W latach 2024–2026 było 15 000 osób":           Nothing,
		"Pani ma PESEL 44051401359":                     PESEL,
		"numer 440 514 013 59":                          PESEL,
		"paszport AB1234567":                            Document,
		"dowód ABC 123456":                              Document,
		"karta pobytu nr RP1234567":                     Document,
		"zadzwoń: 600 700 800":                          Phone,
		"tel. +48600700800":                             Phone,
		"22 628-99-99 wieczorem":                        Phone,
		"(22) 123 45 67":                                Phone,
		"telefon: 22 6289999":                           Phone,
		"٦٠٠٧٠٠٨٠٠":                                     Phone,
		"60\u200b0700\u200b800":                         Phone,
		"pisz na anna.nowak@poczta.example.org":         Address,
		"Liczby 12 i 3456 oraz kod 00-950, bus nr 1234": Nothing,
	} {
		if got := FindPrivate(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

// TestEveryPESELIsFound: however it is parted and wherever it stands.
func TestEveryPESELIsFound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		digits := fmt.Sprintf("%02d%02d%02d%04d", rapid.IntRange(0, 99).Draw(rt, "year"), rapid.IntRange(1, 12).Draw(rt, "month")+20*rapid.IntRange(0, 4).Draw(rt, "century"),
			rapid.IntRange(1, 28).Draw(rt, "day"), rapid.IntRange(0, 9999).Draw(rt, "serial"))
		sum := 0
		for i, w := range []int{1, 3, 7, 9, 1, 3, 7, 9, 1, 3} {
			sum += w * int(digits[i]-'0')
		}
		pesel := digits + fmt.Sprint((10-sum%10)%10)
		at := rapid.IntRange(1, 10).Draw(rt, "at")
		text := rapid.SampledFrom([]string{"", "nr ", "Osoba: "}).Draw(rt, "before") + pesel[:at] + rapid.SampledFrom([]string{"", " ", "-"}).Draw(rt, "gap") + pesel[at:]
		if got := FindPrivate(text); got != PESEL {
			rt.Fatalf("%q: %q", text, got)
		}
	})
}

func FuzzFindPrivate(f *testing.F) {
	f.Add("tel. 600 700 800")
	f.Fuzz(func(_ *testing.T, text string) { FindPrivate(text) })
}
