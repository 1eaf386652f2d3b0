package privacy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPrivateThingsAreFound(t *testing.T) {
	for text, want := range map[string]Kind{
		"Użyłam karty sygnałów podczas odprawy.":        Nothing,
		"W 2026 r. o 14:30, art. 115 par. 22, 3 razy":   Nothing,
		"Szkolenie 2026-11-23 i 24.11.2026, 1500 zł":    Nothing,
		"W latach 2024–2026 było 15 000 osób":           Nothing,
		"Pani ma PESEL 44051401359":                     kindPESEL,
		"numer 440 514 013 59":                          kindPESEL,
		"paszport AB1234567":                            kindDocument,
		"karta pobytu X1234567":                         kindDocument, // a letter and seven digits
		"numer X12345678":                               kindDocument, // and eight
		"symbol X123456":                                Nothing,
		"600\n700\t800":                                 Phone, // ASCII has spaces too
		"dowód ABC 123456":                              kindDocument,
		"karta pobytu nr RP1234567":                     kindDocument,
		"zadzwoń: 600 700 800":                          Phone,
		"tel. +48600700800":                             Phone,
		"22 628-99-99 wieczorem":                        Phone,
		"(22) 123 45 67":                                Phone,
		"telefon: 22 6289999":                           Phone,
		"٦٠٠٧٠٠٨٠٠":                                     Phone,
		"60\u200b0700\u200b800":                         Phone,
		"600\u00a0700\u00a0800":                         Phone,
		"600\u2009700\u202f800":                         Phone,
		"600  700  800":                                 Phone,
		"600 - 700 - 800":                               Phone,
		"600, 700, 800":                                 Phone,
		"600_700_800":                                   Phone,
		"600–700—800":                                   Phone,
		"６００７００８００":                                     Phone,
		"628.01.20":                                     Phone,
		"440514 - 01359":                                kindPESEL,
		"4405\u00a01401\u00a0359":                       kindPESEL,
		"ABC 123 456":                                   kindDocument,
		"ABC - 123456":                                  kindDocument,
		"dowód abc123456":                               kindDocument,
		"ＡＢＣ１２３４５６":                                     kindDocument,
		"2024 2025 2026":                                Nothing,
		"2024, 2025 i 2026":                             Nothing,
		"1 200 000 zł":                                  Nothing,
		"Dotacja: 1\u00a0200\u00a0000,00 zł":            Nothing,
		"W 1 200 000 przypadków, za 150 000":            Nothing,
		"od 8.00-16.00 i 10.15-12.45":                   Nothing,
		"24.11.2026, 25.11.2026, 15 osób":               Nothing,
		"art. 115, 189 i 264, § 22":                     Nothing,
		"pisz na anna.nowak@poczta.example.org":         Mail,
		"Liczby 12 i 3456 oraz kod 00-950, bus nr 1234": Nothing,
	} {
		if got := Find(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

// separated draws how a person may write a number: with nothing, or one to three characters, between any two of its places.
func separated(rt *rapid.T, number string) string {
	var b strings.Builder
	for i, r := range number {
		if i > 0 && rapid.Bool().Draw(rt, "part") {
			b.WriteString(strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{" ", "\u00a0", "\u2009", "\u3000", "-", "–", "—", "\u2212", ".", ",", "/", "_", "(", ")"}), 1, 3).Draw(rt, "gap"), ""))
		}
		b.WriteRune(r)
	}
	return b.String()
}

// otherDigits draws digits as ASCII has them or as other scripts do.
func otherDigits(rt *rapid.T, number string) string {
	zero := rapid.SampledFrom([]rune{'0', '0', '٠', '۰', '०', '０', '𝟎', '𝟶'}).Draw(rt, "zero")
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return zero + r - '0'
		}
		return r
	}, number)
}

// TestEveryNumberIsFound: however it is parted and wherever it stands.
func TestEveryNumberIsFound(t *testing.T) {
	pesel := func(rt *rapid.T) string {
		digits := fmt.Sprintf("%02d%02d%02d%04d", rapid.IntRange(0, 99).Draw(rt, "year"), rapid.IntRange(1, 12).Draw(rt, "month")+20*rapid.IntRange(0, 4).Draw(rt, "century"),
			rapid.IntRange(1, 28).Draw(rt, "day"), rapid.IntRange(0, 9999).Draw(rt, "serial"))
		sum := 0
		for i, w := range []int{1, 3, 7, 9, 1, 3, 7, 9, 1, 3} {
			sum += w * int(digits[i]-'0')
		}
		return digits + fmt.Sprint((10-sum%10)%10)
	}
	phone := func(rt *rapid.T) string {
		prefix := rapid.SampledFrom([]string{"", "+48", "0048", "+380", "+84"}).Draw(rt, "prefix")
		return prefix + rapid.SampledFrom([]string{"22", "12", "58", "50", "60", "72", "88"}).Draw(rt, "network") + rapid.StringMatching(`[0-9]{7}`).Draw(rt, "number")
	}
	for want, draw := range map[Kind]func(*rapid.T) string{
		kindPESEL: func(rt *rapid.T) string { return separated(rt, pesel(rt)) },
		Phone:     func(rt *rapid.T) string { return separated(rt, phone(rt)) },
		kindDocument: func(rt *rapid.T) string {
			if rapid.Bool().Draw(rt, "card") {
				return rapid.StringMatching(`[A-D][A-Z]{2}`).Draw(rt, "series") + rapid.SampledFrom([]string{"", " ", " - ", "\u00a0"}).Draw(rt, "gap") + separated(rt, rapid.StringMatching(`[0-9]{6}`).Draw(rt, "number"))
			}
			return rapid.StringMatching(`[A-Z]{2}`).Draw(rt, "series") + rapid.SampledFrom([]string{"", " ", "–"}).Draw(rt, "gap") + separated(rt, rapid.StringMatching(`[0-9]{7}`).Draw(rt, "number"))
		},
	} {
		t.Run(string(want), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				number := draw(rt)
				if want != kindPESEL && dates.MatchString(plain(number)) {
					rt.Skip("so parted, it reads as a date")
				}
				text := rapid.SampledFrom([]string{"", "nr ", "Osoba: ", "Kontakt "}).Draw(rt, "before") + otherDigits(rt, number) + rapid.SampledFrom([]string{"", ".", " wieczorem", "; 3 razy"}).Draw(rt, "after")
				if got := Find(text); got == Nothing || want == kindPESEL && got != kindPESEL {
					rt.Fatalf("%q: %q, not %q", text, got, want)
				}
			})
		})
	}
}

// TestOrdinaryNumbersPass: sentences of years, dates, amounts, articles and hours, as people write them.
func TestOrdinaryNumbersPass(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		year := func() int { return rapid.IntRange(1990, 2039).Draw(rt, "year") }
		day, month := rapid.IntRange(1, 28), rapid.IntRange(1, 12)
		hour := func() string {
			return fmt.Sprintf("%d%s%02d", rapid.IntRange(0, 23).Draw(rt, "hour"), rapid.SampledFrom([]string{":", "."}).Draw(rt, "point"), rapid.IntRange(0, 59).Draw(rt, "minute"))
		}
		space := rapid.SampledFrom([]string{" ", "\u00a0", "\u202f"}).Draw(rt, "space")
		dash := rapid.SampledFrom([]string{"-", "–", " – ", "—"}).Draw(rt, "dash")
		parts := map[string]func() string{
			"years": func() string { return fmt.Sprintf("w latach %d, %d %d", year(), year(), year()) },
			"span":  func() string { return fmt.Sprintf("w %d%s%d r.", year(), dash, year()) },
			"date": func() string {
				return fmt.Sprintf("dnia %d.%02d.%d", day.Draw(rt, "day"), month.Draw(rt, "month"), year())
			},
			"iso": func() string {
				return fmt.Sprintf("od %d-%02d-%02d", year(), month.Draw(rt, "month"), day.Draw(rt, "day"))
			},
			"month": func() string {
				return fmt.Sprintf("do %02d.%d%s%02d.%d", month.Draw(rt, "m"), year(), dash, month.Draw(rt, "m"), year())
			},
			"hours": func() string { return "w godz. " + hour() + dash + hour() },
			"amount": func() string {
				return fmt.Sprintf("za %d%s%03d%s%03d zł", rapid.IntRange(1, 99).Draw(rt, "mln"), space, rapid.IntRange(0, 999).Draw(rt, "t"), space, rapid.IntRange(0, 999).Draw(rt, "u"))
			},
			"cents": func() string {
				return fmt.Sprintf("kwota %d%s%03d,%02d EUR", rapid.IntRange(1, 999).Draw(rt, "t"), space, rapid.IntRange(0, 999).Draw(rt, "u"), rapid.IntRange(0, 99).Draw(rt, "c"))
			},
			"people": func() string {
				return fmt.Sprintf("dla %d%s%03d osób", rapid.IntRange(1, 99).Draw(rt, "t"), space, rapid.IntRange(0, 999).Draw(rt, "u"))
			},
			"article": func() string {
				return fmt.Sprintf("art. %da § %d, art. %d, %d i %d", rapid.IntRange(1, 300).Draw(rt, "a"), rapid.IntRange(1, 30).Draw(rt, "b"), rapid.IntRange(100, 300).Draw(rt, "a"), rapid.IntRange(100, 300).Draw(rt, "a"), rapid.IntRange(100, 300).Draw(rt, "a"))
			},
		}
		names := slices.Sorted(maps.Keys(parts))
		var text []string
		for range rapid.IntRange(1, 4).Draw(rt, "n") {
			text = append(text, parts[rapid.SampledFrom(names).Draw(rt, "part")]())
		}
		whole := strings.Join(text, rapid.SampledFrom([]string{", ", " oraz ", ". ", "\n"}).Draw(rt, "joint"))
		if got := Find(whole); got != Nothing {
			rt.Fatalf("%q: %q", whole, got)
		}
	})
}

func FuzzFind(f *testing.F) {
	f.Add("tel. 600 700 800")
	f.Fuzz(func(_ *testing.T, text string) { Find(text) })
}
