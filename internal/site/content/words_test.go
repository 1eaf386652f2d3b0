package content

import "testing"

// What a reader is protected from is found however the language joins words: in Arabic the article and short words such as
// "and", "for" and "with" are written together with the next one.
func TestTellTaleWordsAreFound(t *testing.T) {
	arabic := []string{"ضحاي", "عنف", "شرطة"}
	for _, c := range []struct {
		tab   string
		words []string
		want  string
	}{
		{"ضحايا", arabic, "ضحاي"},
		{"الضحايا", arabic, "ضحاي"},
		{"كلمات عن الضحايا", arabic, "ضحاي"},
		{"الأسرة والعنف", arabic, "عنف"},
		{"معلومات للضحايا", arabic, "ضحاي"},
		{"رقم بالشرطة", arabic, "شرطة"},
		{"الجيران والأصدقاء", arabic, ""},
		{"العمل وأشرطة الفيديو", arabic, ""}, // "tapes": the letters stand inside another word
		{"O wyzyskiwaniu", []string{"wyzysk"}, "wyzysk"},
		{"Niewyzyskany urlop", []string{"wyzysk"}, ""},
		{"Số của cảnh sát", []string{"cảnh sát"}, "cảnh sát"},
	} {
		if got := forbiddenIn(c.tab, c.words); got != c.want {
			t.Errorf("%q: found %q, want %q", c.tab, got, c.want)
		}
	}
}

// A protected page leads to no address that would stand in the browser's history and tell on the reader.
func TestTellingAddresses(t *testing.T) {
	b := &Bundle{Words: map[string][]string{"pl": {"handel ludź", "ofiar", "przestęp"}, "uk": {"жертв"}, "vi": {"bạo lực"}}}
	for address, telling := range map[string]bool{
		"https://www.example.org/pobyt-ofiar":                                  true,
		"https://www.handelludzmi.example/":                                    true,
		"https://example.org/handel_ludzmi.html":                               true,
		"https://example.org/?id=1&tytul=Przestepstwa":                         true,
		"https://example.org/%D0%B6%D0%B5%D1%80%D1%82%D0%B2%D0%B0":             true,
		"https://example.org/bao-luc":                                          true,
		"https://example.org/praca-i-umowa":                                    false,
		"https://example.org/handel-detaliczny":                                false,
		"https://www.gov.pl/web/nieodplatna-pomoc/zapisy?x=%ZZ":                false,
		"https://migrant.info.pl/pl/strona-glowna-2/edukacja/wazne-informacje": false,
	} {
		if got := b.RevealingWord(address); (got != "") != telling {
			t.Errorf("%s: found %q", address, got)
		}
	}
}
